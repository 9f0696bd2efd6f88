package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// timetableBody is the draft as the timetable's script plans with it. Times are whole minutes by the Event's clock, so that the
// script computes with integers and knows no zone. The names of its parts are those that the stream sends them by.
type timetableBody struct {
	Event       timetableEvent      `json:"event"`
	MayEdit     bool                `json:"may_edit"`
	Days        []agenda.Date       `json:"days"`
	Rooms       []timetableRoom     `json:"rooms"`
	Tracks      []timetableTrack    `json:"tracks"`
	People      []timetablePerson   `json:"people"`
	Panels      []timetablePanel    `json:"panels"`
	Unavailable []timetableTime     `json:"unavailable"`
	Busy        []timetableTime     `json:"busy"`
	Buffer      int                 `json:"buffer"` // minutes that a person needs between two rooms
	Walks       []timetableWalk     `json:"walks"`
	Conflicts   []timetableConflict `json:"conflicts"`
	// ConflictCount is how many there are, of which the first maxTimetableConflicts are told.
	ConflictCount int `json:"conflict_count"`
	// Revision is made of all the rest: it names what the reader is shown, and tells nothing of what they may not see.
	Revision string `json:"revision,omitempty"`
}

type timetableEvent struct {
	Slug      string      `json:"slug"`
	Name      string      `json:"name"`
	Zone      string      `json:"zone"`
	Start     agenda.Date `json:"start"`
	End       agenda.Date `json:"end"`
	Languages []string    `json:"languages"`
}

type timetableRoom struct {
	ID       agenda.ID `json:"id"`
	Name     string    `json:"name"`
	Lang     string    `json:"lang"`
	Kind     string    `json:"kind"`
	Capacity int       `json:"capacity"`
	Parallel bool      `json:"parallel"`
}

type timetableTrack struct {
	ID    agenda.ID `json:"id"`
	Name  string    `json:"name"`
	Lang  string    `json:"lang"`
	Color string    `json:"color"`
}

type timetablePerson struct {
	ID   agenda.ID `json:"id"`
	Name string    `json:"name"` // "" where it may not be told
}

type timetablePanel struct {
	ID       agenda.ID       `json:"id"`
	Code     string          `json:"code"`
	Title    string          `json:"title"`
	Lang     string          `json:"lang"`
	Format   string          `json:"format"`
	Track    agenda.ID       `json:"track"`
	Room     agenda.ID       `json:"room"` // "" for one that spans all rooms, or has none yet
	AllRooms bool            `json:"all_rooms"`
	Day      agenda.Date     `json:"day"`   // "" while it is unscheduled
	Start    int             `json:"start"` // minutes from the midnight of the day
	Dur      int             `json:"dur"`   // minutes; on past midnight
	StartsAt string          `json:"starts_at"`
	EndsAt   string          `json:"ends_at"`
	People   []timetablePart `json:"people"`
	Break    bool            `json:"break"`
	// Cancelled ones hold nobody's time. Unconfirmed is one of which somebody has not answered yet.
	Cancelled   bool   `json:"cancelled"`
	Unconfirmed bool   `json:"unconfirmed"`
	Expected    int    `json:"expected"` // people; 0: unknown
	Revision    int    `json:"revision"`
	URL         string `json:"url"` // where it is edited
}

type timetablePart struct {
	ID     agenda.ID `json:"id"`
	Role   string    `json:"role"`
	Status string    `json:"status"`
}

// timetableTime is a part of a day in which somebody or some room can't be had: one of Person and Room is filled.
type timetableTime struct {
	Person agenda.ID   `json:"person,omitempty"`
	Room   agenda.ID   `json:"room,omitempty"`
	Day    agenda.Date `json:"day"`
	Start  int         `json:"start"`
	Dur    int         `json:"dur"`
}

type timetableWalk struct {
	From    agenda.ID `json:"from"`
	To      agenda.ID `json:"to"`
	Minutes int       `json:"minutes"`
}

type timetableConflict struct {
	Key      string      `json:"key"`
	Kind     string      `json:"kind"`
	Severity string      `json:"severity"`
	Message  string      `json:"message"` // in the reader's language
	Panels   []agenda.ID `json:"panels"`
	People   []agenda.ID `json:"people"`
	Rooms    []agenda.ID `json:"rooms"`
	Day      agenda.Date `json:"day,omitempty"` // of its beginning; none for what has no time
	Start    int         `json:"start"`
	Dur      int         `json:"dur"`
}

// maxTimetableConflicts is how many are told at once, the worst first: nobody mends more before looking again.
const maxTimetableConflicts = 1000

// newTimetableBody puts a Timetable into the reader's words. Here is the address of the Event's console.
func newTimetableBody(r reader, t app.Timetable, here string) (timetableBody, error) {
	e, fallback := t.Event, t.Event.Language()
	zone, named := e.Location(), agenda.May(t.Actor, agenda.ReadPeople, e.ID)
	picker := agenda.NewReader(fallback, r.content, r.words.lang)
	b := timetableBody{Event: timetableEvent{e.Slug, picker.String(e.Name), e.Zone, e.StartDate, e.EndDate, filled(e.Languages)},
		MayEdit: agenda.May(t.Actor, agenda.EditEvent, e.ID), Days: t.Days, Buffer: e.BufferMinutes,
		Rooms: []timetableRoom{}, Tracks: []timetableTrack{}, People: []timetablePerson{}, Panels: []timetablePanel{}, Walks: []timetableWalk{},
		Unavailable: timetableTimes(zone, t.Unavailable), Busy: timetableTimes(zone, t.Busy)}
	for _, room := range t.Rooms {
		name, lang := picker.Pick(room.Name)
		b.Rooms = append(b.Rooms, timetableRoom{room.ID, name, lang, string(room.Kind), room.Capacity, room.Parallel})
		for _, w := range room.Walks {
			b.Walks = append(b.Walks, timetableWalk{room.ID, w.To, w.Minutes})
		}
	}
	for _, track := range t.Tracks {
		name, lang := picker.Pick(track.Name)
		b.Tracks = append(b.Tracks, timetableTrack{track.ID, name, lang, track.Color})
	}
	planned := map[agenda.ID]bool{}
	for _, p := range t.Panels {
		shown := newTimetablePanel(picker, p)
		shown.URL = here + "panels/" + string(p.ID) + r.query
		for _, part := range shown.People {
			planned[part.ID] = true
		}
		b.Panels = append(b.Panels, shown)
	}
	for _, p := range t.People {
		if planned[p.ID] {
			person := timetablePerson{ID: p.ID}
			if named {
				person.Name = p.Name
			}
			b.People = append(b.People, person)
		}
	}
	var err error
	b.ConflictCount = len(t.Conflicts)
	if b.Conflicts, err = timetableConflicts(newConflictTeller(r, t.Draft, named), t.Conflicts[:min(len(t.Conflicts), maxTimetableConflicts)]); err != nil {
		return b, err
	}
	encoded, err := json.Marshal(b)
	sum := sha256.Sum256(encoded)
	b.Revision = hex.EncodeToString(sum[:12])
	return b, err
}

func newTimetablePanel(picker *agenda.Reader, p agenda.Panel) timetablePanel {
	title, lang := picker.Pick(p.Title)
	shown := timetablePanel{ID: p.ID, Code: p.Code, Title: title, Lang: lang, Format: string(p.Format), Track: p.TrackID, AllRooms: p.AllRooms,
		Break: p.Format == agenda.FormatBreak, Cancelled: p.Cancelled, Expected: p.Audience, Revision: p.Revision, People: []timetablePart{}}
	for _, s := range p.AllSpeakers() {
		part := timetablePart{s.PersonID, string(s.Role), string(s.Status)}
		if !slices.Contains(shown.People, part) {
			shown.People = append(shown.People, part)
		}
		shown.Unconfirmed = shown.Unconfirmed || s.Status == agenda.Invited
	}
	if p.Slot != nil {
		shown.Room, shown.Day = p.Slot.RoomID, p.Slot.Day()
		shown.Start, shown.Dur = p.Slot.Minutes()
		shown.StartsAt, shown.EndsAt = p.Slot.Start.At.UTC().Format(time.RFC3339), p.Slot.End.At.UTC().Format(time.RFC3339)
	}
	return shown
}

func timetableTimes(zone *time.Location, holds []agenda.Hold) []timetableTime {
	times := []timetableTime{}
	for _, h := range holds {
		for _, part := range agenda.DayParts(zone, h.Start, h.End) {
			t := timetableTime{Day: part.Day, Start: part.Start, Dur: part.Length}
			if h.Resource.Kind == agenda.PersonResource {
				t.Person = h.Resource.ID
			} else {
				t.Room = h.Resource.ID
			}
			times = append(times, t)
		}
	}
	return times
}

func timetableConflicts(teller *conflictTeller, list []agenda.Conflict) ([]timetableConflict, error) {
	told := make([]timetableConflict, 0, len(list))
	for _, c := range list {
		message, err := teller.sentence(c)
		if err != nil {
			return nil, err
		}
		shown := timetableConflict{Key: c.Key, Kind: string(c.Kind), Severity: string(c.Severity), Message: message, Panels: []agenda.ID{},
			People: filledIDs(c.Persons), Rooms: filledIDs(c.Rooms)}
		for _, item := range c.Items {
			if item.Kind == agenda.PanelItem {
				shown.Panels = append(shown.Panels, item.ID)
			}
		}
		if !c.Start.IsZero() {
			at := agenda.Slot{Start: agenda.MomentOf(teller.zone, c.Start), End: agenda.MomentOf(teller.zone, c.End)}
			shown.Day = at.Day()
			shown.Start, shown.Dur = at.Minutes()
		}
		told = append(told, shown)
	}
	return told, nil
}

func filledIDs(ids []agenda.ID) []agenda.ID { return append([]agenda.ID{}, ids...) }
