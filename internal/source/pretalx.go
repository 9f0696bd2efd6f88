package source

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// pretalxDump is what pretalx's REST API gives of an event, whole or in parts: pages or bare lists of submissions or of
// slots, a schedule, or an object that somebody made of several of them. The API has two generations: until 2025 a
// submission had one slot, and named its room, its track and its kind; since then it has several, and things refer to
// each other by number unless they are asked to be expanded. Both say most texts either as such or by language.
type pretalxDump struct {
	*dump
	submissions []*pretalxRecord // in the order of the file
	byCode      map[string]*pretalxRecord
	slots       []pretalxRecord // that are listed outside of submissions, and breaks
	rooms       []pretalxThing
	strands     []pretalxThing
	tracks      map[string]pretalxThing // the same by identity
	kinds       map[string]pretalxThing // of submissions, by identity
	speakers    map[string]pretalxThing // by code
	version     scalar
}

// pretalxRecord is a submission, a slot, or a slot with its submission inside: lists have any of them.
type pretalxRecord struct {
	line int

	code, state, locale             scalar
	title, abstract, description    localized
	kind, track                     pretalxThing
	kindID, trackID                 scalar
	speakers                        []pretalxThing
	slots                           []pretalxRecord
	id, start, end, minutes, roomID scalar
	room                            pretalxThing
	use                             scalar // of a slot: talk, break, or blocker
	of                              string // code of the slot's submission
}

// pretalxThing is a room, a track, a kind or a speaker: an identity, a name, or an object with both.
type pretalxThing struct {
	line int
	pretalxFields
}

type pretalxFields struct {
	ID, Code, GUID, UUID      scalar
	Name                      localized
	Description, Biography    localized
	Color, Capacity, Position scalar
	Avatar, Email             scalar
	AvatarURL                 scalar `json:"avatar_url"`
}

// UnmarshalJSON reads an identity, a name, a name by language, or an object.
func (t *pretalxFields) UnmarshalJSON(b []byte) error {
	*t = pretalxFields{}
	switch {
	case len(b) == 0:
		return nil
	case b[0] == '"':
		return t.Name.UnmarshalJSON(b)
	case b[0] != '{':
		return t.ID.UnmarshalJSON(b)
	}
	type fields pretalxFields // without this method
	if err := json.Unmarshal(b, (*fields)(t)); err != nil {
		return err
	}
	if t.Name != nil || t.Code != "" {
		return nil
	}
	var name localized
	err := name.UnmarshalJSON(b)
	if serial(string(t.ID)) == 0 && name != nil {
		*t = pretalxFields{Name: name} // "id" is a language, too
	}
	return err
}

// readPretalx reads what pretalx's API gives.
func readPretalx(data []byte, _ Options) (Programme, error) {
	d, err := newDump(data, Pretalx)
	if err != nil {
		return Programme{}, err
	}
	p := &pretalxDump{dump: d, byCode: map[string]*pretalxRecord{}, tracks: map[string]pretalxThing{},
		kinds: map[string]pretalxThing{}, speakers: map[string]pretalxThing{}}
	if d.next() == '[' {
		err = p.records()
	} else {
		err = p.document()
	}
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return Programme{}, err
	}
	return p.programme()
}

// document reads an object: a page, a schedule, or parts under their names.
func (p *pretalxDump) document() error {
	parts := p.page(p.records)
	for name, read := range map[string]any{
		"event":            p.event,
		"submissions":      p.paged(p.records),
		"talks":            p.paged(p.records),
		"slots":            p.paged(p.records),
		"breaks":           p.paged(p.records),
		"schedule":         p.schedule,
		"rooms":            p.paged(func() error { return p.things(func(t pretalxThing) { p.rooms = append(p.rooms, t) }) }),
		"tracks":           p.paged(func() error { return p.things(func(t pretalxThing) { p.strands = append(p.strands, t) }) }),
		"submission_types": p.paged(func() error { return p.things(func(t pretalxThing) { p.kinds[identity(t.ID)] = t }) }),
		"speakers":         p.paged(func() error { return p.things(p.listed) }),
		"version":          &p.version,
	} {
		parts[name] = read
	}
	return p.members(parts)
}

// paged gives a function that reads a list, bare or as a page.
func (p *pretalxDump) paged(list func() error) func() error {
	return func() error {
		if p.next() == '{' {
			return p.members(p.page(list))
		}
		return list()
	}
}

// page gives the members of a page with a list in it, as Django REST framework makes them.
func (p *pretalxDump) page(list func() error) map[string]any {
	return map[string]any{
		"results": list,
		"next": func() error {
			var next scalar
			_, err := p.value(&next)
			if next != "" {
				p.once("next", 0, BadValue, "The file is one page of several: what is on the others is missing.")
			}
			return err
		},
	}
}

// schedule reads a schedule, of either generation.
func (p *pretalxDump) schedule() error {
	return p.members(map[string]any{"version": &p.version, "slots": p.paged(p.records), "breaks": p.paged(p.records)})
}

func (p *pretalxDump) event() error {
	var called, base localized
	var slug, zone, from, to, domain scalar
	line := p.line()
	err := p.members(map[string]any{
		"name": &called, "slug": &slug, "timezone": &zone, "date_from": &from, "date_to": &to, "custom_domain": &domain,
		"urls": func() error { return p.members(map[string]any{"base": &base}) },
		"locales": func() error {
			return p.each(func() error {
				var locale scalar
				_, err := p.value(&locale)
				if tag := languageTag(string(locale)); tag != "" && !slices.Contains(p.Languages, tag) {
					p.Languages = append(p.Languages, tag)
				}
				return err
			})
		},
	})
	p.Name, p.Acronym = p.text(line, "The name of the event", called, agenda.MaxName), identity(slug)
	if p.Zone = strings.TrimSpace(string(zone)); p.Zone != "" {
		if _, err := agenda.LoadZone(p.Zone); err != nil {
			p.warn(line, BadZone, "The time zone %s does not exist: it was left out.", quoted(p.Zone))
			p.Zone = ""
		}
	}
	p.Start, p.End = p.date(line, from), p.date(line, to)
	if site := Text(base).first(); isAddress(site) {
		p.Website = site
	} else if domain != "" {
		if !strings.Contains(string(domain), "://") {
			domain = "https://" + domain
		}
		p.Website = p.address(line, "The address of the event", domain)
	}
	return err
}

func (p *pretalxDump) date(line int, s scalar) agenda.Date {
	day, _, _ := strings.Cut(strings.TrimSpace(string(s)), "T")
	date, err := agenda.ParseDate(day)
	if err != nil && s != "" {
		p.warn(line, BadTime, "The event has the date %s, which can't be read: it was left out.", quoted(string(s)))
	}
	return date
}

func (p *pretalxDump) listed(speaker pretalxThing) {
	if code := identity(speaker.Code); code != "" {
		p.speakers[code] = speaker
	}
}

func (p *pretalxDump) things(add func(pretalxThing)) error {
	return p.each(func() error {
		t, err := p.thing()
		add(t)
		return err
	})
}

func (p *pretalxDump) thing() (pretalxThing, error) {
	t := pretalxThing{line: p.line()}
	_, err := p.value(&t.pretalxFields)
	return t, err
}

// records reads a list of submissions or slots, and keeps them.
func (p *pretalxDump) records() error {
	return p.each(func() error {
		r, err := p.record()
		if r.code == "" && (r.start != "" || r.of != "" || r.description != nil) && r.title == nil {
			p.slots = append(p.slots, r)
		} else {
			p.keep(r)
		}
		return err
	})
}

// keep adds a submission, unless it is known already.
func (p *pretalxDump) keep(r pretalxRecord) {
	code := identity(r.code)
	known := p.byCode[code]
	switch {
	case code == "" && r.title == nil:
	case known == nil || code == "":
		p.submissions = append(p.submissions, &r)
		p.byCode[code] = &r
	default:
		known.slots = append(known.slots, r.slots...)
	}
}

// record reads a submission or a slot.
func (p *pretalxDump) record() (pretalxRecord, error) {
	r := pretalxRecord{line: p.line()}
	if p.next() != '{' {
		return r, p.skip() // a number of a slot, which says nothing
	}
	into := func(t *pretalxThing) func() error {
		return func() (err error) {
			*t, err = p.thing()
			return err
		}
	}
	slot := func() error {
		s, err := p.record()
		if s.id != "" || s.start != "" {
			r.slots = append(r.slots, s)
		}
		return err
	}
	err := p.members(map[string]any{
		"code": &r.code, "title": &r.title, "abstract": &r.abstract, "description": &r.description, "state": &r.state,
		"content_locale": &r.locale, "duration": &r.minutes, "submission_type_id": &r.kindID, "track_id": &r.trackID,
		"submission_type": into(&r.kind), "track": into(&r.track), "room": into(&r.room),
		"id": &r.id, "start": &r.start, "end": &r.end, "room_id": &r.roomID, "slot_type": &r.use,
		"speakers": func() error { return p.things(func(t pretalxThing) { r.speakers = append(r.speakers, t) }) },
		"slot":     slot,
		"slots":    func() error { return p.each(slot) },
		"submission": func() error {
			if p.next() != '{' {
				var code scalar
				_, err := p.value(&code)
				r.of = identity(code)
				return err
			}
			s, err := p.record()
			r.of = identity(s.code)
			p.keep(s)
			return err
		},
	})
	// The generations call it differently where a thing is there by name and by number.
	r.room.ID, r.track.ID, r.kind.ID = cmp.Or(r.roomID, r.room.ID), cmp.Or(r.trackID, r.track.ID), cmp.Or(r.kindID, r.kind.ID)
	return r, err
}
