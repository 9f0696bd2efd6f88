package app

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Brief is what is told of Meetings on paper, to organizers or to one of those who take part.
type Brief struct {
	Event    agenda.Event
	Meetings []BriefMeeting // by start, those without a time last
	People   map[agenda.ID]agenda.Person
	Rooms    map[agenda.ID]agenda.Room
	Person   agenda.ID // whose they are; "": of several
}

// BriefMeeting is a Meeting with what else is to be known of it.
type BriefMeeting struct {
	agenda.Meeting
	Zones     []string // IANA names of the clocks by which the reader, or the principals, read besides the Event's
	Conflicts []agenda.Conflict
	Changes   []MeetingChange // newest first, at most [MaxBriefChanges]
	// Said is what each delegate answered last for themselves, with what they wrote besides: for organizers alone.
	Said map[agenda.ID]agenda.MeetingStep
}

// MeetingChange is something that was done to a Meeting, without who did it: all who may see the Meeting may read it.
type MeetingChange struct {
	At           time.Time
	Verb         string               // as the log has it, "meeting.edit"
	Fields       []string             // that changed, by their names in the API
	Was, Is      *agenda.Slot         // where the time or the place changed
	Status       agenda.MeetingStatus // that it has since; "" when it stayed
	Joined, Left []agenda.ID          // who takes part since, and who does no longer
}

// BriefFilter says which Meetings a pack has: those that stand and have a time, on that day, of that Person.
type BriefFilter struct {
	Day    agenda.Date
	Person agenda.ID
}

// Limits of what is printed at once.
const (
	MaxBriefs       = 200
	MaxBriefChanges = 10
)

// MeetingBrief gives one Meeting for the organizers to print.
func (a *App) MeetingBrief(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (b Brief, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		m, err := tx.Meeting(e.ID, id)
		if err != nil {
			return err
		}
		b, err = briefOf(tx, actor, e, []agenda.Meeting{m})
		return err
	})
	return b, err
}

// MeetingBriefs gives the Meetings of a day, or of a Person, for the organizers to print. The error is Invalid for more than
// [MaxBriefs].
func (a *App) MeetingBriefs(ctx context.Context, actor agenda.Actor, slug string, f BriefFilter) (b Brief, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		list, err := meetingsFor(tx, e, f)
		if err != nil {
			return err
		}
		if f.Person != "" {
			if _, err := tx.Person(e.ID, f.Person); err != nil {
				return err
			}
		}
		if list = slices.DeleteFunc(list, f.leavesOut); len(list) > MaxBriefs {
			return agenda.Errorf(agenda.Invalid, "These are %d meetings, at most %d are printed at once: choose a day, or a person.", len(list), MaxBriefs)
		}
		b, err = briefOf(tx, actor, e, list)
		b.Person = f.Person
		return err
	})
	return b, err
}

func meetingsFor(tx *store.Tx, e agenda.Event, f BriefFilter) ([]agenda.Meeting, error) {
	if f.Person != "" {
		return tx.MeetingsOf(e.ID, f.Person)
	}
	return tx.AllMeetings(e.ID)
}

func (f BriefFilter) leavesOut(m agenda.Meeting) bool {
	return !m.Stands() || m.Slot == nil || f.Day != "" && m.Slot.Day() != f.Day
}

// OwnBrief gives one Meeting for the Person whose personal link the Actor came with, or with no ID all of theirs that stand and
// have a time. Those that they may not see are not there.
func (a *App) OwnBrief(ctx context.Context, actor agenda.Actor, id agenda.ID) (b Brief, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		e, p, err := ownConfirmed(tx, actor)
		if err != nil {
			return err
		}
		list, err := tx.MeetingsOf(e.ID, p.ID)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(m agenda.Meeting) bool {
			return !agenda.SeesMeeting(actor, m) || id != "" && m.ID != id || id == "" && BriefFilter{}.leavesOut(m)
		})
		if id != "" && len(list) == 0 {
			return agenda.Errorf(agenda.NotFound, "There is no such meeting.")
		}
		b, err = briefOf(tx, actor, e, list[:min(len(list), MaxBriefs)])
		b.Person = p.ID
		return err
	})
	return b, err
}

// briefOf adds what is to be known of the Meetings, as far as the Actor may.
func briefOf(tx *store.Tx, actor agenda.Actor, e agenda.Event, list []agenda.Meeting) (Brief, error) {
	b := Brief{Event: e, People: map[agenda.ID]agenda.Person{}, Rooms: map[agenda.ID]agenda.Room{}}
	rooms, err := tx.AllRooms(e.ID)
	if err != nil {
		return b, err
	}
	for _, r := range rooms {
		b.Rooms[r.ID] = r
	}
	for _, m := range list {
		of := BriefMeeting{Meeting: m}
		if err := of.add(tx, actor, e, rooms); err != nil {
			return b, err
		}
		b.Meetings = append(b.Meetings, of)
	}
	people, err := tx.PeopleByID(e.ID, b.named())
	for _, p := range people {
		p.Email, p.Notes = "", ""
		b.People[p.ID] = p
	}
	return b, err
}

// named gives everybody of whom the Brief tells.
func (b Brief) named() []agenda.ID {
	named := map[agenda.ID]bool{}
	for _, m := range b.Meetings {
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				named[d.PersonID] = true
			}
		}
		for _, c := range m.Changes {
			for _, id := range slices.Concat(c.Joined, c.Left) {
				named[id] = true
			}
		}
		for _, c := range m.Conflicts {
			for _, id := range c.Persons {
				named[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(named))
}

// add adds the clocks, the conflicts and the changes of the Meeting. What the protocol notes, and what collides, is for those who
// arrange Meetings alone.
func (m *BriefMeeting) add(tx *store.Tx, actor agenda.Actor, e agenda.Event, rooms []agenda.Room) (err error) {
	arranges := agenda.May(actor, agenda.ReadMeetings, e.ID)
	readers := []agenda.ID{actor.PersonID}
	if arranges {
		readers = []agenda.ID{m.Sides[0].Principal(), m.Sides[1].Principal()}
		if m.Conflicts, err = conflictsOf(tx, actor, e, rooms, m.Item()); err != nil {
			return err
		}
		steps, err := tx.MeetingSteps(e.ID, m.ID)
		if err != nil {
			return err
		}
		m.Said = agenda.LastAnswers(steps)
	} else {
		m.Notes = ""
	}
	for _, id := range readers {
		s, _, err := tx.PersonalSettings(e.ID, id)
		if err != nil {
			return err
		}
		if s.Zone != "" && s.Zone != e.Zone && !slices.Contains(m.Zones, s.Zone) {
			m.Zones = append(m.Zones, s.Zone)
		}
	}
	log, _, err := tx.Activities(ActivityFilter{EventID: e.ID, Verb: "meeting", Subject: m.ID, Outcome: agenda.Done}, Page{Limit: 4 * MaxBriefChanges})
	for _, entry := range log {
		if c := changeOfMeeting(e, entry); len(m.Changes) < MaxBriefChanges && c.tells(arranges) {
			m.Changes = append(m.Changes, c)
		}
	}
	return err
}

// quietFields are those of a Meeting of which only those who arrange it are told, or nobody.
var quietFields = []string{"notes", "uid", "revision", "created_at", "updated_at"}

// tells says whether there is anything in the change for the reader.
func (c *MeetingChange) tells(arranges bool) bool {
	c.Fields = slices.DeleteFunc(c.Fields, func(name string) bool {
		return slices.Contains(quietFields, name) && !(arranges && name == "notes")
	})
	return len(c.Fields) > 0 || c.Verb != "meeting.edit"
}

// changeOfMeeting reads an entry of the log.
func changeOfMeeting(e agenda.Event, entry agenda.Activity) MeetingChange {
	c := MeetingChange{At: entry.At, Verb: entry.Verb}
	names := slices.AppendSeq(slices.Collect(maps.Keys(entry.Before)), maps.Keys(entry.After))
	slices.Sort(names)
	c.Fields = slices.Compact(names)
	if entry.Before == nil || entry.After == nil { // it is new, and has all fields
		c.Fields = nil
		return c
	}
	if slices.Contains(c.Fields, "slot") {
		c.Was, c.Is = slotInLog(e, entry.Before["slot"]), slotInLog(e, entry.After["slot"])
	}
	if json.Unmarshal([]byte(entry.After["status"]), &c.Status) != nil {
		c.Status = ""
	}
	if slices.Contains(c.Fields, "sides") {
		was, is := peopleInLog(entry.Before["sides"]), peopleInLog(entry.After["sides"])
		in := func(list []agenda.ID) func(agenda.ID) bool {
			return func(id agenda.ID) bool { return slices.Contains(list, id) }
		}
		c.Joined, c.Left = slices.DeleteFunc(slices.Clone(is), in(was)), slices.DeleteFunc(slices.Clone(was), in(is))
	}
	return c
}

// slotInLog reads a slot as the log has it, nil for none.
func slotInLog(e agenda.Event, value string) *agenda.Slot {
	said := struct{ Room, Start, End string }{}
	if json.Unmarshal([]byte(value), &said) != nil || said.Start == "" {
		return nil
	}
	s, err := agenda.NewSlot(e.Location(), agenda.ID(said.Room), strings.TrimSpace(said.Start), said.End)
	if err != nil {
		return nil
	}
	return &s
}

// peopleInLog gives who is in the sides as the log has them.
func peopleInLog(value string) []agenda.ID {
	var sides []struct {
		Delegates []struct{ Person agenda.ID }
	}
	if json.Unmarshal([]byte(value), &sides) != nil {
		return nil
	}
	var people []agenda.ID
	for _, s := range sides {
		for _, d := range s.Delegates {
			people = append(people, d.Person)
		}
	}
	return people
}
