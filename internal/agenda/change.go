package agenda

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"
)

// ChangeKind says what became of a Panel from one Release to the next.
type ChangeKind string

// The kinds of Change. Of several that apply to a Panel, the first in this order is told.
const (
	ChangeAdded     ChangeKind = "added"
	ChangeRemoved   ChangeKind = "removed"
	ChangeCancelled ChangeKind = "cancelled"
	ChangeRestored  ChangeKind = "restored" // no longer cancelled
	ChangeMoved     ChangeKind = "moved"    // another time or Room
	ChangeEdited    ChangeKind = "edited"   // anything else
)

// ChangeKinds lists the kinds.
var ChangeKinds = []ChangeKind{ChangeAdded, ChangeRemoved, ChangeCancelled, ChangeRestored, ChangeMoved, ChangeEdited}

// FieldChange is one field of a Panel before and after. Field is its name in the API: title, start,
// end, room, all_rooms, room_name (the Panel stays, its Room is called differently), track, format,
// number, code, abstract, language, interpretation, stream_url, speakers, interventions, materials,
// cancelled, cancel_note or replaced_by.
//
// Old and New are of the same type and ready for JSON: Text for texts and for the names of Rooms and
// Tracks (empty, not nil, for none); the code for a Panel; string in RFC 3339 with the offset of the Event's zone for
// times; []string such as "moderator: Lan Anh" for people, and of titles for Materials; []map[string]any for Interventions.
type FieldChange struct {
	Field    string
	Old, New any
}

// Change is the difference that two Releases make to one Panel.
type Change struct {
	Kind    ChangeKind
	PanelID ID
	Code    string
	Title   Text          // the new one, unless removed
	Fields  []FieldChange // in the order of the list above; none when added or removed
	Words   Text          // what changed, old → new, by the Event's clock: in English, French, Vietnamese
}

// Diff gives what the public sees change from the old Snapshot to the next one, by start (the new one
// where there is one), then by code. Every Panel is added when old is nil, and removed when next is.
func Diff(old, next *Snapshot) []Change { return Compare(old, next).Changes(nil) }

// Comparison is two Snapshots beside each other.
type Comparison struct{ from, to view }

// Compare puts two Snapshots beside each other, as [Diff] does.
func Compare(old, next *Snapshot) Comparison { return Comparison{newView(old), newView(next)} }

// Changes gives what [Diff] does: of the Panels in which one of these people takes part in either Snapshot, or with nil of all.
func (c Comparison) Changes(people map[ID]bool) []Change {
	from, to := c.from, c.to
	concerns := func(p *Panel) bool { return people == nil || p.Names(people) }
	before, after, across := tellers(from, from), tellers(to, to), tellers(from, to)
	type dated struct {
		Change
		at time.Time
	}
	var all []dated
	these, some := to.s.Since(from.s)
	for p := range from.among(these, some) {
		if to.panelOf(p.ID) == nil && concerns(p) {
			all = append(all, dated{wholeChange(ChangeRemoved, *p, before), p.Slot.Start.At})
		}
	}
	calm := some || from.calls(to)
	for q := range to.among(these, some) {
		p := from.panelOf(q.ID)
		was := p != nil
		if !concerns(q) && (!was || !concerns(p)) {
			continue
		}
		if !was {
			all = append(all, dated{wholeChange(ChangeAdded, *q, after), q.Slot.Start.At})
			continue
		}
		if calm && p.ReplacedBy == "" && p.Same(q) {
			continue
		}
		if fields := fieldChanges(from, *p, to, *q); len(fields) > 0 {
			c := Change{Kind: kindOf(fields), PanelID: q.ID, Code: q.Code, Title: q.Title, Fields: fields}
			c.Words = differenceWords(c, *p, *q, across)
			all = append(all, dated{c, q.Slot.Start.At})
		}
	}
	slices.SortFunc(all, func(a, b dated) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.Code, b.Code), cmp.Compare(a.PanelID, b.PanelID))
	})
	changes := make([]Change, len(all))
	for i, c := range all {
		changes[i] = c.Change
	}
	return slices.Clip(changes)
}

// view is a Snapshot with its nouns by identity.
type view struct {
	s      *Snapshot // nil: nothing
	event  Event
	zone   *time.Location
	rooms  map[ID]Room
	tracks map[ID]Track
}

func newView(s *Snapshot) view {
	if s == nil {
		return view{zone: time.UTC}
	}
	if !s.at.areOf(s) {
		other := *s
		other.Index()
		s = &other
	}
	return view{s: s, event: s.Event, zone: s.Event.Location(), rooms: byID(s.Rooms, roomID), tracks: byID(s.Tracks, trackID)}
}

// among gives the Panels that have a Slot, or some of them.
func (v view) among(these map[ID]bool, some bool) iter.Seq[*Panel] {
	return func(yield func(*Panel) bool) {
		if v.s == nil {
			return
		}
		if some {
			for id := range these {
				if p := v.panelOf(id); p != nil && !yield(p) {
					return
				}
			}
			return
		}
		for _, p := range v.s.Panels {
			if p.Slot != nil && !yield(p) {
				return
			}
		}
	}
}

// panelOf gives the Panel of that identity, nil if there is none.
func (v view) panelOf(id ID) *Panel {
	if p := v.s.panelOf(id); p != nil && p.Slot != nil {
		return p
	}
	return nil
}

// panel gives the Panel of that identity, an empty one if there is none.
func (v view) panel(id ID) Panel {
	if p := v.panelOf(id); p != nil {
		return *p
	}
	return Panel{}
}

// person gives the Person of that identity, an empty one if there is none.
func (v view) person(id ID) Person {
	if p := v.s.personOf(id); p != nil {
		return *p
	}
	return Person{}
}

// calls says whether everything that Panels refer to is called alike in both, and told by the same clock.
func (v view) calls(w view) bool {
	return v.event.Zone == w.event.Zone &&
		maps.EqualFunc(v.rooms, w.rooms, func(a, b Room) bool { return a.Name.Equal(b.Name) }) &&
		maps.EqualFunc(v.tracks, w.tracks, func(a, b Track) bool { return a.Name.Equal(b.Name) }) &&
		v.names(w)
}

// names says whether both have the same people, by the same names.
func (v view) names(w view) bool {
	if v.s == nil || w.s == nil {
		return v.s == w.s
	}
	if len(v.s.People) != len(w.s.People) {
		return false
	}
	for i := range v.s.People {
		p := &v.s.People[i]
		if i < len(w.s.People) && w.s.People[i].ID == p.ID && w.s.People[i].Name == p.Name {
			continue
		}
		if q := w.s.personOf(p.ID); q == nil || q.Name != p.Name {
			return false
		}
	}
	return true
}

// wholeChange gives the Change of a Panel that is in one of the Snapshots only.
func wholeChange(kind ChangeKind, p Panel, in []teller) Change {
	return Change{Kind: kind, PanelID: p.ID, Code: p.Code, Title: p.Title, Words: wholeWords(kind, p, in)}
}

func kindOf(fields []FieldChange) ChangeKind {
	kind := ChangeEdited
	for _, f := range fields {
		switch f.Field {
		case "cancelled":
			if f.New == true {
				return ChangeCancelled
			}
			return ChangeRestored
		case "start", "end", "room", "all_rooms":
			kind = ChangeMoved
		}
	}
	return kind
}

// fieldChanges compares what the public sees of a Panel: p as it was, q as it is.
func fieldChanges(from view, p Panel, to view, q Panel) []FieldChange {
	var f fieldList
	f.text("title", p.Title, q.Title)
	add(&f, "start", p.Slot.Start.Format(from.zone), q.Slot.Start.Format(to.zone))
	add(&f, "end", p.Slot.End.Format(from.zone), q.Slot.End.Format(to.zone))
	if p.Slot.RoomID == q.Slot.RoomID {
		add(&f, "all_rooms", p.AllRooms, q.AllRooms)
		f.text("room_name", from.rooms[p.Slot.RoomID].Name, to.rooms[q.Slot.RoomID].Name)
	} else {
		f.text("room", from.rooms[p.Slot.RoomID].Name, to.rooms[q.Slot.RoomID].Name)
		add(&f, "all_rooms", p.AllRooms, q.AllRooms)
	}
	f.text("track", from.tracks[p.TrackID].Name, to.tracks[q.TrackID].Name)
	add(&f, "format", string(p.Format), string(q.Format))
	add(&f, "number", p.Number, q.Number)
	add(&f, "code", p.Code, q.Code)
	f.text("abstract", p.Abstract, q.Abstract)
	add(&f, "language", p.Language, q.Language)
	f.list("interpretation", p.Interpretation, q.Interpretation)
	add(&f, "stream_url", p.StreamURL, q.StreamURL)
	f.list("speakers", from.cast(p.Speakers), to.cast(q.Speakers))
	if !from.sameInterventions(p, to, q) {
		f = append(f, FieldChange{"interventions", from.interventions(p), to.interventions(q)})
	}
	if !SameMaterials(p.Materials, q.Materials) {
		f = append(f, FieldChange{"materials", materialTitles(p), materialTitles(q)})
	}
	add(&f, "cancelled", p.Cancelled, q.Cancelled)
	f.text("cancel_note", p.shownNote(), q.shownNote())
	add(&f, "replaced_by", from.replacement(p), to.replacement(q))
	return f
}

func materialTitles(p Panel) []string {
	titles := make([]string, 0, len(p.Materials))
	for _, m := range p.Materials {
		titles = append(titles, m.Title)
	}
	return titles
}

// replacement gives the code of what takes place instead of a Panel that is cancelled, "" for none.
func (v view) replacement(p Panel) string {
	if !p.Cancelled {
		return ""
	}
	return v.panel(p.ReplacedBy).Code
}

// shownNote gives why the Panel is cancelled; the note of one that is not is not shown.
func (p Panel) shownNote() Text {
	if !p.Cancelled {
		return nil
	}
	return p.CancelNote
}

type fieldList []FieldChange

func add[T comparable](f *fieldList, field string, old, new T) {
	if old != new {
		*f = append(*f, FieldChange{field, old, new})
	}
}

func (f *fieldList) text(field string, old, new Text) {
	if !old.Equal(new) {
		*f = append(*f, FieldChange{field, filled(old), filled(new)})
	}
}

func (f *fieldList) list(field string, old, new []string) {
	if !slices.Equal(old, new) {
		*f = append(*f, FieldChange{field, append([]string{}, old...), append([]string{}, new...)})
	}
}

// filled gives an empty Text for none, which JSON shows as an object like any other.
func filled(t Text) Text {
	if t == nil {
		return Text{}
	}
	return t
}

// cast gives the Speakers as "role: name".
func (v view) cast(speakers []Speaker) []string {
	lines := make([]string, 0, len(speakers))
	for _, s := range speakers {
		lines = append(lines, string(s.Role)+": "+v.person(s.PersonID).Name)
	}
	return lines
}

func (v view) interventions(p Panel) []map[string]any {
	list := make([]map[string]any, 0, len(p.Interventions))
	for _, i := range p.Interventions {
		var offset any
		if i.Offset != nil {
			offset = *i.Offset
		}
		list = append(list, map[string]any{"title": filled(i.Title), "abstract": filled(i.Abstract), "offset": offset,
			"minutes": i.Minutes, "speakers": v.cast(i.Speakers)})
	}
	return list
}

func (v view) sameInterventions(p Panel, to view, q Panel) bool {
	return slices.EqualFunc(p.Interventions, q.Interventions, func(a, b Intervention) bool {
		sameOffset := (a.Offset == nil) == (b.Offset == nil) && (a.Offset == nil || *a.Offset == *b.Offset)
		return sameOffset && a.Minutes == b.Minutes && a.Title.Equal(b.Title) && a.Abstract.Equal(b.Abstract) &&
			slices.Equal(v.cast(a.Speakers), to.cast(b.Speakers))
	})
}
