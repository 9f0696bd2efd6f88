package app

import (
	"context"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// MeetingResult is a Meeting after a change, with what it now collides with.
type MeetingResult struct {
	Event     agenda.Event
	Meeting   agenda.Meeting
	Conflicts []agenda.Conflict
	// Against are the Conflicts for which a Meeting that is agreed on is not firm. Where there are none any more, it is firm again as
	// soon as it is changed.
	Against  []agenda.Conflict
	Replayed bool
}

// CreateMeeting arranges a Meeting on behalf of its two sides.
func (a *App) CreateMeeting(ctx context.Context, actor agenda.Actor, slug string, m agenda.Meeting, slot *SlotRequest, o Once) (MeetingResult, error) {
	var made MeetingResult
	err := a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		id, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			m := m
			m.ID, m.EventID, m.Revision, m.Created, m.Updated = a.newID(), e.ID, 1, a.moment(), a.moment()
			m.UID = string(a.newID()) + "@plenary"
			m.Times, m.Turn, m.Expires, m.Firm = nil, agenda.Asked, time.Time{}, false
			m, err := prepareMeeting(tx, e, m, slot)
			if err != nil {
				return "", err
			}
			if err := a.addMeeting(tx, actor, e, m); err != nil {
				return "", err
			}
			// The log is read by more people than the meetings are: it names nobody.
			return m.ID, a.note(tx, actor, e.ID, "meeting.create", m.ID, "arranged a meeting", changed(e, nil, m))
		})
		if err != nil {
			return err
		}
		made.Replayed = replayed
		return made.load(tx, actor, e, id)
	})
	return made, err
}

// addMeeting stores a Meeting that organizers make.
func (a *App) addMeeting(tx *store.Tx, actor agenda.Actor, e agenda.Event, m agenda.Meeting) error {
	m, err := firmly(tx, e, m)
	if err != nil {
		return err
	}
	return a.putMeeting(tx, actor, e, nil, m, agenda.MeetingStep{Party: agenda.PartyOrganizers, Deed: agenda.DeedArrange})
}

// putMeeting stores a Meeting that is new, or has changed since old, with what follows from it: whose time it holds, its calendar
// entry, its history, and who has to be told.
func (a *App) putMeeting(tx *store.Tx, actor agenda.Actor, e agenda.Event, old *agenda.Meeting, m agenda.Meeting, step agenda.MeetingStep) error {
	put := tx.UpdateMeeting
	if old == nil {
		put = tx.InsertMeeting
	}
	if err := put(m); err != nil {
		return err
	}
	if err := a.settleMeeting(tx, e, m); err != nil {
		return err
	}
	step.MeetingID = m.ID
	if err := a.stepMeeting(tx, e, step); err != nil {
		return err
	}
	return a.tellMeeting(tx, actor, e, old, m)
}

func (r *MeetingResult) load(tx *store.Tx, actor agenda.Actor, e agenda.Event, id agenda.ID) (err error) {
	r.Event = e
	if r.Meeting, err = tx.Meeting(e.ID, id); err != nil {
		return err
	}
	rooms, err := tx.AllRooms(e.ID)
	if err != nil {
		return err
	}
	if r.Conflicts, err = conflictsOf(tx, actor, e, rooms, r.Meeting.Item()); err != nil || !r.Meeting.Loose() {
		return err
	}
	r.Against, err = standsAgainst(tx, actor, e, r.Meeting)
	return err
}

// Meeting gives one Meeting with its conflicts.
func (a *App) Meeting(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (r MeetingResult, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		return r.load(tx, actor, e, id)
	})
	return r, err
}

// Meetings lists the Event's Meetings.
func (a *App) Meetings(ctx context.Context, actor agenda.Actor, slug string, f MeetingFilter, page Page) (event agenda.Event, meetings []agenda.Meeting, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		event = e
		meetings, next, err = tx.Meetings(e.ID, f, page)
		return err
	})
	return event, meetings, next, err
}

// EditMeeting replaces what organizers can edit of a Meeting, its status too: what they know to collide is taken as it is, and
// is not firm then.
func (a *App) EditMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, m agenda.Meeting, slot *SlotRequest) (MeetingResult, error) {
	var r MeetingResult
	err := a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Meeting(e.ID, m.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, MeetingResult{Event: e, Meeting: old}); err != nil {
			return err
		}
		m := m
		m.EventID, m.UID, m.Revision, m.Created, m.Updated = e.ID, old.UID, old.Revision+1, old.Created, a.moment()
		m.Times = nil // they can't be edited here
		if m, err = prepareMeeting(tx, e, m, slot); err != nil {
			return err
		}
		m, deed, err := old.Replaced(m)
		if err != nil {
			return err
		}
		if m, err = firmly(tx, e, m); err != nil {
			return err
		}
		if err := a.putMeeting(tx, actor, e, &old, m, agenda.MeetingStep{Party: agenda.PartyOrganizers, Deed: deed}); err != nil {
			return err
		}
		if err := a.answeredNow(tx, e.ID, m.ID, m.AnsweredSince(old)...); err != nil {
			return err
		}
		if err := a.note(tx, actor, e.ID, "meeting.edit", m.ID, "edited a meeting", changed(e, old, m)); err != nil {
			return err
		}
		return r.load(tx, actor, e, m.ID)
	})
	return r, err
}

// DeleteMeeting removes a Meeting as if it had never been. To call one off, edit its status.
func (a *App) DeleteMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		m, err := tx.Meeting(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(m.Revision, MeetingResult{Event: e, Meeting: m}); err != nil {
			return err
		}
		gone := m
		gone.Status, gone.Revision, gone.Updated = agenda.MeetingCancelled, m.Revision+1, a.moment()
		if err := a.tellMeeting(tx, actor, e, &m, gone); err != nil {
			return err
		}
		if err := tx.SetHolds(e.ID, agenda.MeetingItem, id, nil); err != nil {
			return err
		}
		if err := tx.DeleteMeeting(e.ID, id, m.Revision); err != nil {
			return err
		}
		if err := tx.DeleteStamps(e.ID, m.UID); err != nil {
			return err
		}
		if err := a.settleMeetings(tx, e, nil); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "meeting.delete", id, "deleted a meeting", changed(e, m, nil))
	})
}

// prepareMeeting tidies and checks a Meeting and resolves its slot: all faults at once.
func prepareMeeting(tx *store.Tx, e agenda.Event, m agenda.Meeting, request *SlotRequest) (agenda.Meeting, error) {
	var f agenda.Faults
	m.Slot = nil
	m.Clean()
	if request != nil {
		slot, err := agenda.NewSlot(e.Location(), request.RoomID, request.Start, request.End)
		if err != nil {
			f.Merge("/slot", err)
		} else {
			m.Slot = &slot
		}
		if request.RoomID != "" {
			if err := knownRoom(tx, e, request.RoomID, "/slot/room", &f); err != nil {
				return m, err
			}
		}
	}
	f.Merge("", m.Check())
	at := map[string]agenda.ID{}
	for i, side := range m.Sides {
		for j, d := range side.Delegates {
			at[fmt.Sprintf("/sides/%d/delegates/%d/person", i, j)] = d.PersonID
		}
	}
	if err := unknownPeople(tx, e, &f, at); err != nil {
		return m, err
	}
	return m, f.Err("meeting")
}

// settleMeeting renews what follows from a Meeting: whose time it holds, and its calendar entry.
func (a *App) settleMeeting(tx *store.Tx, e agenda.Event, m agenda.Meeting) error {
	holds, err := holdsOf(tx, m)
	if err != nil {
		return err
	}
	if err := tx.SetHolds(e.ID, agenda.MeetingItem, m.ID, holds); err != nil {
		return err
	}
	return a.settleMeetings(tx, e, []agenda.Meeting{m})
}

// settleAllMeetings renews the calendar entries of all Meetings after something changed that they
// show: the Event, a Room or a Person.
func (a *App) settleAllMeetings(tx *store.Tx, e agenda.Event) error {
	meetings, err := tx.AllMeetings(e.ID)
	if err != nil {
		return err
	}
	return a.settleMeetings(tx, e, meetings)
}
