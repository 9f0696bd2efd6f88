package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// arrange writes at the Event of that slug for who may take part in the life of a Meeting: an Actor who may edit Meetings, on
// whose behalf is up to them, or a Person with their personal link who has typed the code, who is given then.
func (a *App) arrange(ctx context.Context, actor agenda.Actor, slug string, fn func(tx *store.Tx, e agenda.Event, own agenda.ID) error) error {
	if actor.Kind != agenda.LinkHolder {
		return a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error { return fn(tx, e, "") })
	}
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if !actor.Confirmed {
			return errNotConfirmed
		}
		if e.Slug != slug {
			return agenda.Errorf(agenda.NotFound, "There is no such event.")
		}
		return fn(tx, e, p.ID)
	})
}

// course is a Meeting in its life, with who does something to it.
type course struct {
	tx    *store.Tx
	actor agenda.Actor
	event agenda.Event
	rules agenda.MeetingRules
	own   agenda.ID // Person who does it for their side; "": organizers do
	side  int       // for which it is done
	old   agenda.Meeting
	note  string // for those who see the Meeting
	// program: nobody does it, its time has come
	program bool
}

// onMeeting does something to a Meeting in its life. Organizers act for the side whose turn it is; a Person for the side whose
// principal they are, and Meetings in which they are none are not theirs to answer.
func (a *App) onMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string, fn func(course) error) (r MeetingResult, err error) {
	err = a.arrange(ctx, actor, slug, func(tx *store.Tx, e agenda.Event, own agenda.ID) error {
		r.Event = e
		m, err := tx.Meeting(e.ID, id)
		if err != nil {
			return err
		}
		if own != "" && !agenda.SeesMeeting(actor, m) {
			return agenda.Errorf(agenda.NotFound, "There is no such meeting.")
		}
		c := course{tx: tx, actor: actor, event: e, own: own, side: m.Turn, old: m, note: agenda.CleanLine(note)}
		if own != "" {
			side, principal := m.SideOf(own)
			if !principal {
				return agenda.Errorf(agenda.Forbidden, "Only the principal of a delegation, or the organizers, can do that.")
			}
			c.side = side
		}
		if err := match.check(m.Revision, MeetingResult{Event: e, Meeting: forOwn(own, m)}); err != nil {
			return err
		}
		var f agenda.Faults
		agenda.CheckString(&f, "/note", c.note, agenda.MaxProse)
		if err := f.Err("note"); err != nil {
			return err
		}
		if c.rules, err = tx.MeetingRules(e.ID); err != nil {
			return err
		}
		if err := fn(c); err != nil {
			return err
		}
		return r.loadFor(tx, actor, e, own, id)
	})
	if err != nil { // whose Conflicts are read by its clock
		return MeetingResult{Event: r.Event}, err
	}
	return r, nil
}

// party says who does it, in the Meeting's history.
func (c course) party() agenda.MeetingParty {
	switch {
	case c.program:
		return agenda.PartyProgram
	case c.own == "":
		return agenda.PartyOrganizers
	}
	return agenda.PartyOf(c.side)
}

// keepMeeting stores what became of the Meeting, with its history, the log and whoever has to be told.
func (a *App) keepMeeting(c course, m agenda.Meeting, deed agenda.MeetingDeed, verb, summary string) error {
	m.Revision, m.Updated = c.old.Revision+1, a.moment()
	step := agenda.MeetingStep{Party: c.party(), PersonID: c.own, Deed: deed, Note: c.note}
	if err := a.putMeeting(c.tx, c.actor, c.event, &c.old, m, step); err != nil {
		return err
	}
	// The log is read by more people than the meetings are: it names nobody.
	return a.note(c.tx, c.actor, c.event.ID, verb, m.ID, summary, changed(c.event, c.old, m))
}

// stepMeeting adds an entry to a Meeting's history, now.
func (a *App) stepMeeting(tx *store.Tx, e agenda.Event, step agenda.MeetingStep) error {
	step.ID, step.EventID, step.At = a.newID(), e.ID, a.moment()
	return tx.InsertMeetingSteps(step)
}

// partyOf is who an Actor is in a Meeting's history.
func partyOf(own agenda.ID, m agenda.Meeting) agenda.MeetingParty {
	if own == "" {
		return agenda.PartyOrganizers
	}
	for side := range m.Sides {
		for _, d := range m.Sides[side].Delegates {
			if d.PersonID == own {
				return agenda.PartyOf(side)
			}
		}
	}
	return agenda.PartyOrganizers
}

// forOwn is the Meeting as a delegate may see it: without what organizers noted. Own is "" for organizers.
func forOwn(own agenda.ID, m agenda.Meeting) agenda.Meeting {
	if own != "" {
		m.Notes = ""
	}
	return m
}

// loadFor gives the Meeting after a change: to a Person without the notes, and without what it collides with.
func (r *MeetingResult) loadFor(tx *store.Tx, actor agenda.Actor, e agenda.Event, own, id agenda.ID) (err error) {
	if own == "" {
		return r.load(tx, actor, e, id)
	}
	r.Event = e
	r.Meeting, err = tx.Meeting(e.ID, id)
	r.Meeting = forOwn(own, r.Meeting)
	return err
}

// MeetingHistory gives what was done to a Meeting, oldest first, to whoever may see it. What delegates wrote besides their own
// answers is for the organizers: nobody else is given it, but who wrote it.
func (a *App) MeetingHistory(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (steps []agenda.MeetingStep, err error) {
	err = a.seeMeeting(ctx, actor, slug, id, func(tx *store.Tx, _ agenda.Event, m agenda.Meeting) error {
		steps, err = tx.MeetingSteps(m.EventID, m.ID)
		for i := range steps {
			if s := &steps[i]; actor.Kind == agenda.LinkHolder && s.Answers() && s.PersonID != actor.PersonID {
				s.Note = ""
			}
		}
		return err
	})
	return steps, err
}

// seeMeeting reads a Meeting for an Actor who may see it: one with the right to, or a delegate with their personal link.
func (a *App) seeMeeting(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID, fn func(*store.Tx, agenda.Event, agenda.Meeting) error) error {
	see := func(tx *store.Tx, e agenda.Event) error {
		m, err := tx.Meeting(e.ID, id)
		if err != nil {
			return err
		}
		if !agenda.SeesMeeting(actor, m) {
			return agenda.Errorf(agenda.NotFound, "There is no such meeting.")
		}
		return fn(tx, e, m)
	}
	if actor.Kind != agenda.LinkHolder {
		return a.view(ctx, actor, agenda.ReadMeetings, slug, see)
	}
	return a.read(ctx, actor, func(tx *store.Tx) error {
		e, _, err := ownConfirmed(tx, actor)
		if err != nil {
			return err
		}
		if e.Slug != slug {
			return agenda.Errorf(agenda.NotFound, "There is no such event.")
		}
		return see(tx, e)
	})
}
