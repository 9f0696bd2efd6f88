package source

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"plenary/internal/agenda"
)

// programme makes the Programme of what was read.
func (p *pretalxDump) programme() (Programme, error) {
	p.Version = identity(p.version)
	p.describeRooms()
	p.describeTracks()
	for _, s := range p.slots {
		if of := p.byCode[s.of]; s.of != "" && of != nil {
			of.slots = append(of.slots, s)
		} else if s.of != "" {
			p.once("submission "+s.of, s.line, UnknownReference, "The submission %s is not described in the file: its slot was left out.", quoted(s.of))
		}
	}
	left := 0
	for _, s := range p.submissions {
		switch fold(string(s.state)) {
		case "", "accepted", "confirmed", "canceled", "cancelled", "withdrawn":
			if err := p.items(s); err != nil {
				return Programme{}, err
			}
		default:
			left++
		}
	}
	if left > 0 {
		p.warn(0, BadValue, "Submissions that are not accepted were left out: %d of them.", left)
	}
	for _, s := range p.slots {
		if s.of == "" && fold(string(s.use)) != "blocker" {
			if err := p.pause(s); err != nil {
				return Programme{}, err
			}
		}
	}
	return p.finish()
}

func byPosition(x, y pretalxThing) int {
	return cmp.Compare(serial(string(x.Position)), serial(string(y.Position)))
}

func (p *pretalxDump) describeTracks() {
	slices.SortStableFunc(p.strands, byPosition)
	for _, t := range p.strands {
		p.tracks[identity(t.ID)] = t
		p.trackOf(t.line, t)
	}
}

func (p *pretalxDump) describeRooms() {
	slices.SortStableFunc(p.rooms, byPosition)
	guids := map[string]bool{"": true}
	for _, t := range p.rooms {
		r := Room{Line: t.line, Name: p.text(t.line, "The name of a room", t.Name, agenda.MaxName)}
		if id := identity(t.ID); id != "" && r.Name != nil {
			r.Key, r.Serial = "id "+id, serial(id)
		}
		if _, known := p.builder.rooms[r.Key]; known {
			p.warn(t.line, DuplicateID, "The room %s has the identity of another one: they were taken for one.", quoted(r.Name.first()))
			continue
		}
		r.Description = p.text(t.line, "The description of a room", t.Description, agenda.MaxProse)
		if g := guid(string(cmp.Or(t.GUID, t.UUID))); !guids[g] {
			r.GUID, guids[g] = g, true
		}
		if n := serial(string(t.Capacity)); n <= 1_000_000 {
			r.Capacity = n
		}
		if r.Capacity == 0 && t.Capacity != "" && t.Capacity != "0" {
			p.warn(t.line, BadValue, "The room %s has the capacity %s: it was left out.", quoted(r.Name.first()), quoted(string(t.Capacity)))
		}
		p.addRoom(r)
	}
}

// items adds a submission: an Item for each of its slots, or one without a time.
func (p *pretalxDump) items(s *pretalxRecord) error {
	i := Item{Line: s.line, Title: p.text(s.line, "The title", s.title, agenda.MaxName), Language: languageTag(string(s.locale))}
	title := quoted(i.Title.first())
	code := identity(s.code)
	if code != "" {
		i.Key = "code " + code
	}
	if codePattern.MatchString(code) {
		i.Code = code
	}
	i.Abstract = p.join(s.line, p.text(s.line, "The abstract of "+title, s.abstract, agenda.MaxProse),
		p.text(s.line, "The description of "+title, s.description, agenda.MaxProse))
	state := fold(string(s.state))
	i.Standing, i.Cancelled = state != "", state == "canceled" || state == "cancelled" || state == "withdrawn"
	i.Track = p.trackOf(s.line, s.track)
	kind := s.kind
	if kind.Name == nil {
		kind = p.kinds[identity(s.kind.ID)]
	}
	i.Format = formatOf(Text(kind.Name))
	for _, t := range s.speakers {
		i.speaker(p.speakerOf(t), agenda.Presenter)
	}
	if state == "accepted" { // by the organizers: by the speakers it is to be confirmed
		for n := range i.Speakers {
			i.Speakers[n].Status = agenda.Invited
		}
	}
	slots := p.distinct(s.slots)
	if len(slots) == 0 {
		slots = []pretalxRecord{{}}
	}
	for n, slot := range slots {
		i := i
		i.Speakers = slices.Clone(i.Speakers)
		if n > 0 && code != "" {
			// Slots get new numbers with each schedule that is released. What stays is their order.
			i.Key, i.Code = fmt.Sprintf("code %s slot %d", code, n+1), ""
		}
		i.Start, i.End = p.times(s.line, title, slot.start, slot.end, cmp.Or(minutes(slot.minutes), minutes(s.minutes)))
		p.seat(&i, slot.room.ID, slot.room.Name)
		if err := p.add(i); err != nil {
			return err
		}
	}
	return nil
}

// distinct gives the slots by their start, those without one at the end, and each once: a slot may be in the file inside
// of its submission and in a list of slots.
func (p *pretalxDump) distinct(slots []pretalxRecord) []pretalxRecord {
	seen := map[string]bool{}
	slots = slices.DeleteFunc(slices.Clone(slots), func(s pretalxRecord) bool {
		same := "id " + identity(s.id)
		if s.id == "" {
			same = fmt.Sprintf("%s\x00%s\x00%v", s.start, s.room.ID, s.room.Name)
		}
		twice := seen[same]
		seen[same] = true
		return twice || fold(string(s.use)) == "blocker"
	})
	slices.SortStableFunc(slots, func(x, y pretalxRecord) int {
		a, timed := apiTime(string(x.start))
		b, also := apiTime(string(y.start))
		if timed != also {
			return map[bool]int{true: -1, false: 1}[timed]
		}
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(serial(string(x.id)), serial(string(y.id))))
	})
	return slots
}

// minutes gives a length in minutes, 0 for none that a day could have.
func minutes(s scalar) int {
	n, err := strconv.Atoi(string(s))
	if err != nil || n < 0 || n > agenda.MaxPanelMinutes {
		return 0
	}
	return n
}

// pause adds a slot that no submission has: a break.
func (p *pretalxDump) pause(s pretalxRecord) error {
	i := Item{Line: s.line, Title: p.text(s.line, "The title", s.description, agenda.MaxName), Format: agenda.FormatBreak}
	if i.Title != nil {
		i.Start, i.End = p.times(s.line, quoted(i.Title.first()), s.start, s.end, minutes(s.minutes))
		p.seat(&i, s.room.ID, s.room.Name)
	}
	return p.add(i)
}

func (p *pretalxDump) trackOf(line int, t pretalxThing) string {
	id := identity(t.ID)
	if known, ok := p.tracks[id]; ok && id != "" {
		t = known
	}
	track := Track{Line: cmp.Or(t.line, line), Name: p.text(line, "The name of a track", t.Name, agenda.MaxName), Color: color(string(t.Color))}
	if id != "" {
		track.Key, track.Serial = "id "+id, serial(id)
	}
	if id != "" && track.Name == nil {
		p.once("track "+id, line, UnknownReference, "The track %s is not described in the file: it was left out.", quoted(id))
		return ""
	}
	return p.track(track)
}

// speakerOf gives the Key of a speaker whom a submission names by code, or describes.
func (p *pretalxDump) speakerOf(t pretalxThing) string {
	code := identity(t.Code)
	if code == "" {
		code = identity(scalar(Text(t.Name).first()))
		if known, ok := p.speakers[code]; ok {
			return p.describe(known)
		} else if codePattern.MatchString(code) {
			p.once("speaker "+code, t.line, UnknownReference, "The speaker %s is not described in the file: they were left out.", quoted(code))
			return ""
		}
	}
	key := p.describe(t)
	if known, ok := p.speakers[identity(t.Code)]; ok && key != "" {
		p.describe(known)
	}
	return key
}

// describe adds what the file says of a person at one place, and gives their Key.
func (p *pretalxDump) describe(t pretalxThing) string {
	called := localized{"": Text(t.Name).first()}
	person := Person{Line: t.line, Name: p.text(t.line, "The name", called, agenda.MaxName)[""]}
	if code := identity(t.Code); code != "" {
		person.Key = "code " + code
	}
	if person.Name == "" {
		p.once("speaker "+person.Key, t.line, UnknownReference, "A speaker has no name in the file: they were left out.")
		return ""
	}
	whose := quoted(person.Name)
	person.Bio = p.text(t.line, "The biography of "+whose, t.Biography, agenda.MaxProse)
	person.PhotoURL = p.address(t.line, "The picture of "+whose, cmp.Or(t.AvatarURL, t.Avatar))
	if agenda.IsEmail(string(t.Email)) {
		person.Email = string(t.Email)
	} else if t.Email != "" {
		p.once("email "+string(t.Email), t.line, BadValue, "The e-mail address %s of %s can't be one: it was left out.", quoted(string(t.Email)), whose)
	}
	return p.person(person)
}
