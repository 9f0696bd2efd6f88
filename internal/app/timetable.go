package app

import (
	"context"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Timetable is what organizers plan with: the draft, whose time is taken or can't be had, and what clashes.
type Timetable struct {
	agenda.Draft
	Days        []agenda.Date // those of the Event, and others on which a Panel begins
	Unavailable []agenda.Hold // outside of all windows of a Person or Room, on those days
	// Busy is the time that Meetings and other Events hold of the people and halls of the draft, without a word of what it is
	// held for: who moves Panels would be told by a Conflict as soon as one stood there. Who may neither move them nor read
	// Meetings is not told, and of meeting tables, where no Panel stands, only who reads Meetings is.
	Busy      []agenda.Hold
	Conflicts []agenda.Conflict
	Latest    Newest // it is for this program and not for the Actor, who may not know of all
	Actor     agenda.Actor
}

// Timetable gives all that the draft is planned with, at one moment.
func (a *App) Timetable(ctx context.Context, actor agenda.Actor, slug string) (t Timetable, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		t = Timetable{Actor: actor}
		if t.Draft, err = draftOf(tx, e); err != nil {
			return err
		}
		found, err := a.audit(tx, actor, e)
		if err != nil {
			return err
		}
		t.Conflicts = found.conflicts
		t.Days = draftDays(t.Draft)
		from, to := agenda.DayBounds(e.Location(), t.Days[0], t.Days[len(t.Days)-1])
		t.Unavailable = agenda.Shut(found.windows, from, to)
		if reads := agenda.May(actor, agenda.ReadMeetings, e.ID); reads || agenda.May(actor, agenda.EditEvent, e.ID) {
			if t.Busy, err = busyWith(tx, plannedWith(t.Draft, reads), e.ID, found.private, from, to); err != nil {
				return err
			}
		}
		t.Latest, err = newestOf(tx, e.ID)
		return err
	})
	return t, err
}

// busyWith gives what Meetings, and other Events, hold of those Persons and Rooms from one instant to another.
func busyWith(tx *store.Tx, planned map[agenda.Resource]bool, event agenda.ID, meetings []agenda.Hold, from, to time.Time) ([]agenda.Hold, error) {
	var people []agenda.Resource
	for r := range planned {
		if r.Kind == agenda.PersonResource {
			people = append(people, r)
		}
	}
	near, err := tx.ItemsNear(people, from, to)
	if err != nil {
		return nil, err
	}
	holds := slices.DeleteFunc(slices.Clone(meetings), func(h agenda.Hold) bool {
		return !planned[h.Resource] || !h.End.After(from) || !h.Start.Before(to)
	})
	for _, o := range near {
		if o.EventID != event {
			holds = append(holds, o.Holds...)
		}
	}
	return agenda.Merge(holds), nil
}

// draftDays gives the days of the Event and any other on which a Panel begins.
func draftDays(d agenda.Draft) []agenda.Date {
	days := d.Event.Days()
	for _, p := range d.Panels {
		if p.Slot != nil {
			days = append(days, p.Slot.Day())
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// plannedWith gives the halls of the draft, or all its rooms, and the people who have a part in it.
func plannedWith(d agenda.Draft, tables bool) map[agenda.Resource]bool {
	all := map[agenda.Resource]bool{}
	for _, r := range d.Rooms {
		if tables || r.Kind == agenda.RoomHall {
			all[agenda.Resource{Kind: agenda.RoomResource, ID: r.ID}] = true
		}
	}
	for _, p := range d.Panels {
		for _, s := range p.AllSpeakers() {
			all[agenda.Resource{Kind: agenda.PersonResource, ID: s.PersonID}] = true
		}
	}
	return all
}

// Newest names what was done last at an Event, newest first, and is another one whenever something was done. It is more than one:
// what a program does whose clock is behind another's comes to stand below what that one did, and is noticed as long as no more
// than [newestLength] was done in the time by which they differ.
type Newest []agenda.ID

const newestLength = 100

func newestOf(tx *store.Tx, event agenda.ID) (Newest, error) {
	return tx.NewestActivities(event, newestLength)
}
