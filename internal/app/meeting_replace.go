package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Deputizing is that one Person stands in for another: in one Meeting, or in all from a time on.
type Deputizing struct {
	Old, New agenda.ID
	Meeting  agenda.ID // ""; all that are not over
	Match    Match     // of that one Meeting
	From     string    // of all: those that end after it, a time or a day, and those without a time; "": after now
	Note     string    // why, for organizers
	// Returning takes back what was done the other way round: only the Meetings in which the old one stands in for the new one.
	Returning bool
}

// Deputized is what became of it.
type Deputized struct {
	Event    agenda.Event
	Old, New agenda.Person   // as far as the Actor may see them
	Meetings []MeetingResult // as they are now, by start
	// Kept are those in which the new one can't stand in, since they take part on the other side, or head the same one.
	Kept []agenda.Meeting
}

// ReplaceDelegate lets one Person stand in for another, the deputy for the minister: in the same role, with an answer that is
// open. What the one held the other holds, and the answer has the Conflicts that follow. It is kept (see [App.StandIns]). All
// happens, or nothing.
func (a *App) ReplaceDelegate(ctx context.Context, actor agenda.Actor, slug string, d Deputizing) (Deputized, error) {
	return a.replaceDelegate(ctx, actor, slug, d, nil)
}

// TryReplaceDelegate says what [App.ReplaceDelegate] would do, and keeps nothing.
func (a *App) TryReplaceDelegate(ctx context.Context, actor agenda.Actor, slug string, d Deputizing) (Deputized, error) {
	done, err := a.replaceDelegate(ctx, actor, slug, d, errDryRun)
	if errors.Is(err, errDryRun) {
		return done, nil
	}
	return done, err
}

// replaceDelegate ends with the error end when all went well.
func (a *App) replaceDelegate(ctx context.Context, actor agenda.Actor, slug string, d Deputizing, end error) (done Deputized, err error) {
	err = a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		done = Deputized{Event: e}
		if err := checkMatch(tx, e, d); err != nil {
			return err
		}
		from, err := a.deputizingFrom(tx, e, &d, &done)
		if err != nil {
			return err
		}
		meetings, err := meetingsToReplace(tx, e, d, from)
		if err != nil {
			return err
		}
		if err := lockNeeded(tx, meetings, ownResource(done.New)); err != nil {
			return err
		}
		for _, m := range meetings {
			next, s, err := replaced(tx, e, m, d)
			if d.Meeting == "" && agenda.CodeOf(err) == agenda.Invalid {
				done.Kept = append(done.Kept, m)
				continue
			}
			if err != nil {
				return err
			}
			s.Note, s.By = d.Note, actor.Name
			if err := a.standIn(tx, actor, e, m, next, s); err != nil {
				return err
			}
			done.Meetings = append(done.Meetings, MeetingResult{Event: e, Meeting: m})
		}
		for i := range done.Meetings { // when all of them are changed, since each may collide with another
			if err := done.Meetings[i].load(tx, actor, e, done.Meetings[i].Meeting.ID); err != nil {
				return err
			}
		}
		return end
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Deputized{}, err
	}
	return done, err
}

// checkMatch refuses what is asked of a revision of the one Meeting that is no longer the present one.
func checkMatch(tx *store.Tx, e agenda.Event, d Deputizing) error {
	if d.Meeting == "" {
		return nil
	}
	m, err := tx.Meeting(e.ID, d.Meeting)
	if err != nil {
		return err
	}
	return d.Match.check(m.Revision, MeetingResult{Event: e, Meeting: m})
}

// deputizingFrom checks what is asked for and gives from when on.
func (a *App) deputizingFrom(tx *store.Tx, e agenda.Event, d *Deputizing, done *Deputized) (time.Time, error) {
	var f agenda.Faults
	from := a.now()
	d.Note = agenda.CleanLine(d.Note)
	agenda.CheckString(&f, "/note", d.Note, agenda.MaxProse)
	if d.From != "" {
		at, err := e.ParseFrom(d.From)
		f.Merge("/from", err)
		from = at.At
	}
	if d.New == "" {
		f.Add("/person", "is needed")
	}
	people, err := tx.PeopleByID(e.ID, []agenda.ID{d.Old, d.New})
	if err != nil {
		return from, err
	}
	for _, p := range people {
		switch p.ID {
		case d.Old:
			done.Old = p
		case d.New:
			done.New = p
		}
	}
	if done.Old.ID == "" {
		return from, agenda.Errorf(agenda.NotFound, "There is no such person.")
	}
	switch {
	case d.New == "":
	case d.New == d.Old:
		f.Add("/person", "can't stand in for themselves")
	case done.New.ID == "" || !done.New.Erased.IsZero():
		f.Add("/person", "is not a person of this event")
	}
	return from, f.Err("request")
}

// meetingsToReplace gives the Meetings in which it is to happen.
func meetingsToReplace(tx *store.Tx, e agenda.Event, d Deputizing, from time.Time) ([]agenda.Meeting, error) {
	if d.Meeting != "" {
		m, err := tx.Meeting(e.ID, d.Meeting)
		if err != nil {
			return nil, err
		}
		if isOver(m) {
			return nil, agenda.Errorf(agenda.Taken, "The meeting is over, or does not take place: who was in it stays.")
		}
		return []agenda.Meeting{m}, nil
	}
	meetings, err := tx.MeetingsOf(e.ID, d.Old)
	if err != nil {
		return nil, err
	}
	var returning []agenda.StandIn
	if d.Returning {
		if returning, err = tx.StandInsOf(e.ID, d.Old); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(meetings, func(m agenda.Meeting) bool {
		return isOver(m) || m.Slot != nil && !m.Slot.End.At.After(from) || d.Returning && !standsInFor(returning, m.ID, d.Old, d.New)
	}), nil
}

// isOver says whether nothing more happens in a Meeting.
func isOver(m agenda.Meeting) bool {
	return m.Status == agenda.MeetingHeld || m.Status == agenda.MeetingDeclined || m.Status == agenda.MeetingExpired || m.Status == agenda.MeetingCancelled
}

// standsInFor says whether the deputy is in the Meeting in the place of that Person.
func standsInFor(list []agenda.StandIn, meeting, deputy, person agenda.ID) bool {
	last, found := lastStandIn(list, meeting, deputy)
	return found && last.OldID == person
}

// lastStandIn gives how somebody came into the Meeting in another's place.
func lastStandIn(list []agenda.StandIn, meeting, deputy agenda.ID) (agenda.StandIn, bool) {
	for _, s := range slices.Backward(list) {
		if s.MeetingID == meeting && (s.NewID == deputy || s.OldID == deputy) {
			return s, s.NewID == deputy
		}
	}
	return agenda.StandIn{}, false
}

// replaced gives one Meeting as it would be, and what is to be kept of it.
func replaced(tx *store.Tx, e agenda.Event, m agenda.Meeting, d Deputizing) (agenda.Meeting, agenda.StandIn, error) {
	before, err := tx.StandIns(e.ID, m.ID)
	if err != nil {
		return m, agenda.StandIn{}, err
	}
	var keep agenda.DelegateRole // who only stood in has their own place again
	if last, found := lastStandIn(before, m.ID, d.Old); found && last.OldID == d.New {
		keep = last.Was
	}
	s, err := m.Replace(d.Old, d.New, keep)
	if err != nil {
		return m, s, err
	}
	return m, s, m.Check()
}

// standIn changes one Meeting.
func (a *App) standIn(tx *store.Tx, actor agenda.Actor, e agenda.Event, old, m agenda.Meeting, s agenda.StandIn) error {
	m.Revision, m.Updated = old.Revision+1, a.moment()
	s.ID, s.Created = a.newID(), a.moment()
	m, err := firmly(tx, e, m)
	if err != nil {
		return err
	}
	if err := tx.InsertStandIns([]agenda.StandIn{s}); err != nil {
		return err
	}
	step := agenda.MeetingStep{Party: agenda.PartyOrganizers, Deed: agenda.DeedReplace} // why is for organizers
	if err := a.putMeeting(tx, actor, e, &old, m, step); err != nil {
		return err
	}
	// The log is read by more people than the meetings are: it names nobody.
	return a.note(tx, actor, e.ID, "meeting.replace", m.ID, "let somebody stand in for another in a meeting", changed(e, old, m))
}

// StandIns gives who stood in for whom in a Meeting, the first first.
func (a *App) StandIns(ctx context.Context, actor agenda.Actor, slug string, meeting agenda.ID) (list []agenda.StandIn, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		if _, err := tx.Meeting(e.ID, meeting); err != nil {
			return err
		}
		list, err = tx.StandIns(e.ID, meeting)
		return err
	})
	return list, err
}

// StandInsOf gives all Meetings' stand-ins in which the Person is the one or the other, the first first.
func (a *App) StandInsOf(ctx context.Context, actor agenda.Actor, slug string, person agenda.ID) (list []agenda.StandIn, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		if _, err := tx.Person(e.ID, person); err != nil {
			return err
		}
		list, err = tx.StandInsOf(e.ID, person)
		return err
	})
	return list, err
}
