package app

import (
	"context"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// RoomDay is what takes the Rooms of an Event on one day.
type RoomDay struct {
	Event       agenda.Event
	People      []agenda.Person // to name them
	Days        []agenda.Date   // those of the Event, and others on which something takes a Room
	Day         agenda.Date     // the one that it is about
	From, Until time.Time       // the hours of Meetings, and as much more as something takes
	Rooms       []agenda.Room   // by position
	Taken       []Taking        // by time
	Shut        []agenda.Hold   // when Rooms can't be had
}

// Taking is that something takes a Room.
type Taking struct {
	Room       agenda.ID
	Start, End time.Time
	// Panel or Meeting is what takes it; neither: the reader may know the time alone.
	Panel   *agenda.Panel
	Meeting *agenda.Meeting
}

// RoomDay gives the day of that date, or for "" today, on an Event that is over or yet to come its first day. Who may not see Meetings
// is not told of tables, where nothing else takes place; and of halls only that they are busy, if they may move what is in them: as
// [App.Timetable] has it.
func (a *App) RoomDay(ctx context.Context, actor agenda.Actor, slug string, day agenda.Date) (d RoomDay, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		draft, err := draftOf(tx, e)
		if err != nil {
			return err
		}
		d = RoomDay{Event: e, People: draft.People, Rooms: draft.Rooms}
		reads := agenda.May(actor, agenda.ReadMeetings, e.ID)
		if !reads {
			d.Rooms = slices.DeleteFunc(d.Rooms, func(r agenda.Room) bool { return r.Kind != agenda.RoomHall })
		}
		d.addPanels(draft)
		if reads || agenda.May(actor, agenda.EditEvent, e.ID) {
			if err := d.addMeetings(tx, reads); err != nil {
				return err
			}
		}
		windows, err := tx.AllAvailabilities(e.ID)
		if err != nil {
			return err
		}
		windows = slices.DeleteFunc(windows, func(w agenda.Availability) bool { return w.Resource.Kind != agenda.RoomResource })
		return d.choose(day, agenda.MomentOf(e.Location(), a.now()).Wall.Date(), windows)
	})
	return d, err
}

// addPanels adds what the Panels take.
func (d *RoomDay) addPanels(draft agenda.Draft) {
	var halls []agenda.ID
	for _, r := range draft.Rooms {
		if r.Kind == agenda.RoomHall {
			halls = append(halls, r.ID)
		}
	}
	for i := range draft.Panels {
		p := &draft.Panels[i]
		for _, h := range p.Holds(halls) {
			if h.Resource.Kind == agenda.RoomResource {
				d.Taken = append(d.Taken, Taking{Room: h.Resource.ID, Start: h.Start, End: h.End, Panel: p})
			}
		}
	}
}

// addMeetings adds what the Meetings take, without a word of what they are unless that is for the reader.
func (d *RoomDay) addMeetings(tx *store.Tx, reads bool) error {
	meetings, err := tx.AllMeetings(d.Event.ID)
	if err != nil {
		return err
	}
	var busy []agenda.Hold
	for i := range meetings {
		for _, h := range meetings[i].Holds() {
			switch {
			case h.Resource.Kind != agenda.RoomResource:
			case reads:
				d.Taken = append(d.Taken, Taking{Room: h.Resource.ID, Start: h.Start, End: h.End, Meeting: &meetings[i]})
			default:
				busy = append(busy, h)
			}
		}
	}
	for _, h := range agenda.Merge(busy) {
		if slices.ContainsFunc(d.Rooms, func(r agenda.Room) bool { return r.ID == h.Resource.ID }) {
			d.Taken = append(d.Taken, Taking{Room: h.Resource.ID, Start: h.Start, End: h.End})
		}
	}
	return nil
}

// choose leaves what is on one day.
func (d *RoomDay) choose(day, today agenda.Date, windows []agenda.Availability) error {
	zone := d.Event.Location()
	d.Days = d.Event.Days()
	for _, t := range d.Taken {
		d.Days = append(d.Days, agenda.MomentOf(zone, t.Start).Wall.Date())
	}
	slices.Sort(d.Days)
	d.Days = slices.Compact(d.Days)
	switch {
	case day == "" && slices.Contains(d.Days, today):
		day = today
	case day == "":
		day = d.Event.StartDate
	case !slices.Contains(d.Days, day):
		return agenda.Errorf(agenda.NotFound, "The event has no such day.")
	}
	d.Day = day
	d.From, d.Until = d.Event.MeetingHours(day)
	_, midnight := agenda.DayBounds(zone, day, day)
	for _, t := range d.Taken {
		if agenda.MomentOf(zone, t.Start).Wall.Date() == day {
			d.From = earlier(d.From, t.Start)
			if d.Until.Before(t.End) {
				d.Until = earlier(t.End, midnight.Add(12*time.Hour)) // what goes on for days is not all of this one
			}
		}
	}
	d.Taken = slices.DeleteFunc(d.Taken, func(t Taking) bool { return !t.End.After(d.From) || !t.Start.Before(d.Until) })
	slices.SortStableFunc(d.Taken, func(x, y Taking) int { return x.Start.Compare(y.Start) })
	d.Shut = agenda.Shut(windows, d.From, d.Until)
	return nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
