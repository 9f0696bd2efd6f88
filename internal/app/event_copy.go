package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CopyPart is something that a copy of an Event takes along.
type CopyPart string

// The parts. The rules for Meetings, and of how people are told, always come along. Meetings, Releases, feeds, letters, tokens and
// personal links stay where they are: they are about what took place there.
const (
	CopyRooms          CopyPart = "rooms" // with the walks between them
	CopyTracks         CopyPart = "tracks"
	CopyPeople         CopyPart = "people"         // the same Persons take part
	CopyPanels         CopyPart = "panels"         // those that were not cancelled
	CopyMaterials      CopyPart = "materials"      // of the Panels
	CopyAvailabilities CopyPart = "availabilities" // of the Rooms and the Persons that are taken along
	CopyMembers        CopyPart = "members"
)

// CopyParts lists the parts.
var CopyParts = []CopyPart{CopyRooms, CopyTracks, CopyPeople, CopyPanels, CopyMaterials, CopyAvailabilities, CopyMembers}

// EventCopy says what an Event is to be made of another one.
type EventCopy struct {
	Slug      string
	Name      agenda.Text // empty: what the other one is called
	Zone      string      // "": the other one's
	StartDate agenda.Date
	EndDate   agenda.Date // "": as many days as the other one has
	Take      []CopyPart
}

// CopiedEvent is what became of a copy.
type CopiedEvent struct {
	Event       agenda.Event
	Counts      map[CopyPart]int // what was taken along
	Unscheduled []Unscheduled
}

// Unscheduled is a Panel that was taken along without its time.
type Unscheduled struct {
	Panel agenda.Panel // as it is in the copy
	Was   agenda.Slot  // where it was in the other Event
	// Fault is why the time does not exist in the copy; nil: the copy has no such day.
	Fault error
}

// copying is a copy in the making.
type copying struct {
	app    *App
	tx     *store.Tx
	from   agenda.Event
	plan   EventCopy
	days   int // from the one's first day to the other's
	done   *CopiedEvent
	zone   *time.Location
	rooms  map[agenda.ID]agenda.ID // of the copy, by that of the other
	tracks map[agenda.ID]agenda.ID
	people map[agenda.ID]bool // who is taken along
}

// CopyEvent makes an Event of the one with that slug, last year's: times are as many days later as the first day is, and the
// wall clock keeps its hours. Who copies may make Events and read the draft; for people they may edit and see their addresses,
// as they will do both in the copy, and for members they may manage access.
//
// A Panel on a day that the copy does not have, or at an hour that its clock skips, comes without its time. Speakers who said yes
// are invited anew; those who did not come stay away. All happens, or nothing.
func (a *App) CopyEvent(ctx context.Context, actor agenda.Actor, slug string, plan EventCopy) (CopiedEvent, error) {
	return a.copyEvent(ctx, actor, slug, plan, nil)
}

// TryCopyEvent says what [App.CopyEvent] would do, and keeps nothing.
func (a *App) TryCopyEvent(ctx context.Context, actor agenda.Actor, slug string, plan EventCopy) (CopiedEvent, error) {
	done, err := a.copyEvent(ctx, actor, slug, plan, errDryRun)
	if errors.Is(err, errDryRun) {
		return done, nil
	}
	return done, err
}

// copyEvent ends with the error end when all went well.
func (a *App) copyEvent(ctx context.Context, actor agenda.Actor, slug string, plan EventCopy, end error) (done CopiedEvent, err error) {
	err = a.changeAs(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, from agenda.Event) error {
		if err := mayCopy(actor, from, plan); err != nil {
			return err
		}
		if err := plan.check(); err != nil {
			return err
		}
		done = CopiedEvent{Counts: map[CopyPart]int{}}
		e := plan.event(from)
		e.ID, e.Revision, e.Created, e.Updated = a.newID(), 1, a.moment(), a.moment()
		if err := e.Check(); err != nil {
			return err
		}
		if err := tx.InsertEvent(e); err != nil {
			return err
		}
		if err := a.own(tx, actor, e); err != nil {
			return err
		}
		if err := a.copyRules(tx, from, e); err != nil {
			return err
		}
		done.Event = e
		c := copying{app: a, tx: tx, from: from, plan: plan, days: from.StartDate.DaysUntil(e.StartDate), done: &done, zone: e.Location(),
			rooms: map[agenda.ID]agenda.ID{}, tracks: map[agenda.ID]agenda.ID{}, people: map[agenda.ID]bool{}}
		if err := c.take(actor); err != nil {
			return err
		}
		if err := a.note(tx, actor, e.ID, "event.copy", e.ID, fmt.Sprintf("made the event %q of %q (%s)", english(e.Name), english(from.Name), from.Slug), changed(e, nil, e)); err != nil {
			return err
		}
		// Whoever looks after the other one learns where it went.
		if err := a.note(tx, actor, from.ID, "event.copy", e.ID, fmt.Sprintf("copied the event to %q (%s)", english(e.Name), e.Slug)); err != nil {
			return err
		}
		return end
	})
	return done, err
}

// mayCopy refuses who would get more in the copy than they have in the Event that it is made of.
func mayCopy(actor agenda.Actor, from agenda.Event, plan EventCopy) error {
	needed := []agenda.Verb{agenda.CreateEvents}
	if slices.Contains(plan.Take, CopyPeople) {
		needed = append(needed, agenda.ReadPeople, agenda.ReadContacts, agenda.EditEvent)
	}
	if slices.Contains(plan.Take, CopyMembers) {
		needed = append(needed, agenda.ManageAccess)
	}
	for _, verb := range needed {
		if err := agenda.Authorize(actor, verb, from.ID); err != nil {
			return err
		}
	}
	return nil
}

// check says what is wrong with the plan by itself.
func (p EventCopy) check() error {
	var f agenda.Faults
	for i, part := range p.Take {
		if !slices.Contains(CopyParts, part) {
			f.Add(fmt.Sprintf("/take/%d", i), "%q is nothing that can be taken along", part)
		}
	}
	_, err := agenda.ParseDate(string(p.StartDate))
	f.Merge("/start_date", err)
	return f.Err("copy")
}

// event gives the Event that the plan makes of another one.
func (p EventCopy) event(from agenda.Event) agenda.Event {
	e := from
	e.Slug, e.StartDate, e.EndDate = p.Slug, p.StartDate, p.EndDate
	if name := p.Name.Clean(); len(name) > 0 {
		e.Name = name
	}
	if p.Zone != "" {
		e.Zone = p.Zone
	}
	if e.EndDate == "" {
		e.EndDate = e.StartDate.AddDays(from.StartDate.DaysUntil(from.EndDate))
	}
	e.Clean()
	return e
}

// takes says whether the copy takes that along.
func (c *copying) takes(part CopyPart) bool { return slices.Contains(c.plan.Take, part) }

// take takes along what the plan says, what others refer to first.
func (c *copying) take(actor agenda.Actor) error {
	for _, step := range []struct {
		part CopyPart
		do   func() error
	}{
		{CopyRooms, c.takeRooms}, {CopyTracks, c.takeTracks}, {CopyPeople, c.takePeople}, {CopyPanels, c.takePanels},
		{CopyAvailabilities, c.takeAvailabilities}, {CopyMembers, func() error { return c.takeMembers(actor) }},
	} {
		if !c.takes(step.part) {
			continue
		}
		if err := step.do(); err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) takeRooms() error {
	rooms, err := c.tx.AllRooms(c.from.ID)
	if err != nil {
		return err
	}
	now := c.app.moment()
	for _, r := range rooms {
		id := c.app.newID()
		c.rooms[r.ID] = id
		r.ID, r.EventID, r.Serial, r.Walks, r.Revision, r.Created, r.Updated = id, c.done.Event.ID, 0, nil, 1, now, now
		if err := c.tx.InsertRoom(r); err != nil {
			return err
		}
	}
	for _, r := range rooms {
		r.ID, r.EventID = c.rooms[r.ID], c.done.Event.ID
		for i := range r.Walks {
			r.Walks[i].To = c.rooms[r.Walks[i].To]
		}
		if err := c.tx.InsertWalks(r); err != nil {
			return err
		}
	}
	c.done.Counts[CopyRooms] = len(rooms)
	return nil
}

func (c *copying) takeTracks() error {
	tracks, err := c.tx.AllTracks(c.from.ID)
	if err != nil {
		return err
	}
	now := c.app.moment()
	for _, t := range tracks {
		id := c.app.newID()
		c.tracks[t.ID] = id
		t.ID, t.EventID, t.Serial, t.Revision, t.Created, t.Updated = id, c.done.Event.ID, 0, 1, now, now
		if err := c.tx.InsertTrack(t); err != nil {
			return err
		}
	}
	c.done.Counts[CopyTracks] = len(tracks)
	return nil
}

// takePeople lets the same Persons take part, but for who was erased: of them there is nothing to take along.
func (c *copying) takePeople() error {
	people, err := c.tx.AllPeople(c.from.ID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if !p.Erased.IsZero() {
			continue
		}
		if err := c.tx.AddParticipantAs(c.done.Event.ID, p); err != nil {
			return err
		}
		c.people[p.ID] = true
	}
	c.done.Counts[CopyPeople] = len(c.people)
	return nil
}

// copyRules lets a copy tell people, and have its Meetings, as the other Event does. Neither rule names anybody.
func (a *App) copyRules(tx *store.Tx, from, to agenda.Event) error {
	letters, err := tx.LetterRule(from.ID)
	if err != nil {
		return err
	}
	letters.Revision = 1
	if err := tx.PutLetterRule(to.ID, letters); err != nil {
		return err
	}
	meetings, err := tx.MeetingRules(from.ID)
	if err != nil || meetings.Updated.IsZero() {
		return err
	}
	meetings.Revision, meetings.Updated = 1, a.moment()
	return tx.PutMeetingRules(to.ID, meetings)
}

// takeMembers gives those their roles who have them in the other Event.
func (c *copying) takeMembers(actor agenda.Actor) error {
	members, err := c.tx.Members(c.from.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if actor.Kind == agenda.AccountHolder && m.AccountID == actor.ID {
			continue // has made the copy, and owns it
		}
		if err := mayGive(actor, c.done.Event, m.Roles); err != nil {
			return err
		}
		m.EventID, m.Revision, m.Created, m.Updated = c.done.Event.ID, 1, c.app.moment(), c.app.moment()
		if err := c.app.addMember(c.tx, actor, m); err != nil {
			return err
		}
		c.done.Counts[CopyMembers]++
	}
	return nil
}

// CopyCounts says how much there is of each part of an Event, for who makes up their mind what to take along.
func (a *App) CopyCounts(ctx context.Context, actor agenda.Actor, slug string) (counts map[CopyPart]int, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		d, err := draftOf(tx, e)
		if err != nil {
			return err
		}
		windows, err := tx.AllAvailabilities(e.ID)
		if err != nil {
			return err
		}
		members, err := tx.Members(e.ID)
		if err != nil {
			return err
		}
		counts = map[CopyPart]int{CopyRooms: len(d.Rooms), CopyTracks: len(d.Tracks), CopyAvailabilities: len(windows)}
		for _, p := range d.People {
			if p.Erased.IsZero() {
				counts[CopyPeople]++
			}
		}
		for _, p := range d.Panels {
			if !p.Cancelled {
				counts[CopyPanels]++
				counts[CopyMaterials] += len(p.Materials)
			}
		}
		for _, m := range members {
			if actor.Kind != agenda.AccountHolder || m.AccountID != actor.ID {
				counts[CopyMembers]++
			}
		}
		return nil
	})
	return counts, err
}
