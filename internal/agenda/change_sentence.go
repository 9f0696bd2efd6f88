package agenda

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// teller puts Changes into one language.
type teller struct {
	*wording
	old, new *Reader
	from, to view
}

func tellers(from, to view) []teller {
	all := make([]teller, len(wordings))
	for i, w := range wordings {
		all[i] = teller{w, NewReader(from.event.Language(), w.tag), NewReader(to.event.Language(), w.tag), from, to}
	}
	return all
}

// wholeWords tells of a Panel that came or went whole.
func wholeWords(kind ChangeKind, p Panel, in []teller) Text {
	words := Text{}
	for _, t := range in {
		var details []string
		if p.Cancelled {
			details = []string{t.cancelled}
		}
		words[t.tag] = t.sentence(kind, t.new.String(p.Title), t.to.placeOf(t.wording, t.new, p, false).String(), details)
	}
	return words
}

// differenceWords tells what became of a Panel, p as it was and q as it is.
func differenceWords(c Change, p, q Panel, in []teller) Text {
	words := Text{}
	for _, t := range in {
		from, to := t.from, t.to
		before, after := from.placeOf(t.wording, t.old, p, false), to.placeOf(t.wording, t.new, q, false)
		place, details := after.String(), []string(nil)
		if slices.ContainsFunc(c.Fields, func(f FieldChange) bool {
			return f.Field == "start" || f.Field == "end" || f.Field == "room" || f.Field == "all_rooms"
		}) {
			if before == after || from.event.Zone != to.event.Zone {
				// The clock shows the same, the instant is another.
				before, after = from.placeOf(t.wording, t.old, p, true), to.placeOf(t.wording, t.new, q, true)
			}
			place = ""
			details = append(details, before.String()+" → "+after.since(before))
		}
		for _, f := range c.Fields {
			if detail := t.detail(f, p, q); detail != "" {
				details = append(details, detail)
			}
		}
		words[t.tag] = t.sentence(c.Kind, t.new.String(q.Title), place, details)
	}
	return words
}

func (t teller) sentence(kind ChangeKind, title, place string, details []string) string {
	var s strings.Builder
	s.WriteString(t.heads[kind] + t.colon + t.quote(title))
	if place != "" {
		s.WriteString(" (" + place + ")")
	}
	if len(details) > 0 {
		s.WriteString(" – " + strings.Join(details, t.semi))
	}
	s.WriteString(".")
	return s.String()
}

// spot is when and where, in words.
type spot struct{ day, clock, where string }

func (s spot) String() string { return joinFilled(s.day, s.clock, s.where) }

// since gives the spot without what is as it was before.
func (s spot) since(before spot) string {
	if s.day != before.day || s == before {
		return s.String()
	}
	if s.clock != before.clock {
		return joinFilled(s.clock, s.where)
	}
	return s.where
}

func joinFilled(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// placeOf gives when and where the Panel is; offset asks for the zone's distance from UTC.
func (v view) placeOf(w *wording, r *Reader, p Panel, offset bool) spot {
	start, end := p.Slot.Start.At.In(v.zone), p.Slot.End.At.In(v.zone)
	s := spot{day: w.day(w, start), clock: readClock(start) + "–" + readClock(end)}
	if end.Sub(start) >= 24*time.Hour {
		s.clock = readClock(start) + " – " + w.day(w, end) + ", " + readClock(end)
	}
	if offset {
		s.clock += " (UTC" + offsetOf(start) + ")"
	}
	s.where = clip(r.String(v.rooms[p.Slot.RoomID].Name))
	if p.AllRooms {
		s.where = joinFilled(s.where, w.allRooms)
	}
	return s
}

// detail tells of one field; it is empty for what the sentence tells otherwise.
func (t teller) detail(f FieldChange, p, q Panel) string {
	label := t.labels[f.Field] + t.colon
	switch f.Field {
	case "title":
		return label + t.texts(p.Title, q.Title, t.quote)
	case "room_name", "track":
		return label + t.texts(f.Old.(Text), f.New.(Text), clip)
	case "cancel_note":
		switch {
		case !q.Cancelled:
			return ""
		case len(p.shownNote()) == 0:
			return label + t.quote(t.new.String(q.CancelNote))
		}
		return label + t.texts(p.CancelNote, q.CancelNote, t.quote)
	case "abstract":
		return label + t.prose(p.Abstract, q.Abstract)
	case "format":
		return label + t.old.String(FormatNames[p.Format]) + " → " + t.new.String(FormatNames[q.Format])
	case "number":
		return label + t.number(p.Number) + " → " + t.number(q.Number)
	case "replaced_by":
		if f.Old == "" || f.New == "" {
			return label + t.orEmpty(f.New.(string))
		}
		return label + f.Old.(string) + " → " + f.New.(string)
	case "code", "language", "stream_url":
		return label + t.orEmpty(clip(f.Old.(string))) + " → " + t.orEmpty(clip(f.New.(string)))
	case "interpretation":
		return label + t.orEmpty(strings.Join(p.Interpretation, ", ")) + " → " +
			t.orEmpty(strings.Join(q.Interpretation, ", "))
	case "speakers":
		return t.exchanged(t.people(t.from, p.Speakers), t.people(t.to, q.Speakers), t.speaker, t.comes, t.leaves, t.order)
	case "materials":
		return label + t.updated
	case "interventions":
		return t.exchanged(t.talks(t.old, p), t.talks(t.new, q), t.intervention, t.newTalk, t.goneTalk, t.interludes)
	}
	return ""
}

func (t teller) orEmpty(s string) string {
	if s == "" {
		return t.empty
	}
	return s
}

func (t teller) number(n int) string {
	if n == 0 {
		return t.empty
	}
	return fmt.Sprint(n)
}

// texts gives old → new, or says which translations changed when this language's reader sees none.
func (t teller) texts(old, new Text, show func(string) string) string {
	before, after := t.old.String(old), t.new.String(new)
	if before == after {
		tags := changedLanguages(old, new)
		return t.of(t.translation, len(tags)) + " (" + strings.Join(tags, ", ") + ")"
	}
	for _, s := range []*string{&before, &after} {
		if *s == "" {
			*s = t.empty
		} else {
			*s = show(*s)
		}
	}
	return before + " → " + after
}

// prose tells of a text that is too long to be quoted.
func (t teller) prose(old, new Text) string {
	switch {
	case len(old) == 0:
		return t.added
	case len(new) == 0:
		return t.removed
	case t.old.String(old) == t.new.String(new):
		return t.texts(old, new, clip)
	}
	return t.updated
}

func changedLanguages(old, new Text) []string {
	tags := slices.Concat(old.Languages(), new.Languages())
	slices.Sort(tags)
	return slices.DeleteFunc(slices.Compact(tags), func(tag string) bool { return old[tag] == new[tag] })
}

func (t teller) people(v view, speakers []Speaker) []string {
	lines := make([]string, 0, len(speakers))
	for _, s := range speakers {
		lines = append(lines, v.person(s.PersonID).Name+" ("+t.roles[s.Role]+")")
	}
	return lines
}

func (t teller) talks(r *Reader, p Panel) []string {
	lines := make([]string, 0, len(p.Interventions))
	for _, v := range p.Interventions {
		lines = append(lines, t.quote(r.String(v.Title)))
	}
	return lines
}

// exchanged tells which lines came and which went; same is said when none did.
func (t teller) exchanged(old, new []string, both, came, went [2]string, same string) string {
	gone, added := without(old, new), without(new, old)
	switch {
	case len(gone) == 0 && len(added) == 0:
		return same
	case len(gone) == 0:
		return t.of(came, len(added)) + t.colon + strings.Join(added, ", ")
	case len(added) == 0:
		return t.of(went, len(gone)) + t.colon + strings.Join(gone, ", ")
	}
	return t.of(both, max(len(gone), len(added))) + t.colon + strings.Join(gone, ", ") + " → " + strings.Join(added, ", ")
}

// without gives the lines that are not in others, each as often as it is there more.
func without(lines, others []string) []string {
	left := map[string]int{}
	for _, s := range others {
		left[s]++
	}
	var rest []string
	for _, s := range lines {
		if left[s] > 0 {
			left[s]--
			continue
		}
		rest = append(rest, s)
	}
	return rest
}
