package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// near is something that begins soon for a Person.
type near struct {
	mail.Near
	person  agenda.ID
	item    agenda.ID
	lead    int
	meeting bool
}

// MakeReminders makes the letters that remind people now of what begins soon, at the Events that want it, and says how many. Each
// is made once, whoever makes them: for a Person, a Panel or Meeting, the time that it begins at and the lead time. Who comes to a
// Meeting and may not know what it is about is told when and where. Where it fails at one Event it goes on at the others: the error is of
// all that failed, beside how many letters were made.
func (a *App) MakeReminders(ctx context.Context) (made int, err error) {
	var events []agenda.ID
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		events, err = tx.RemindingEvents()
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed error
	for _, id := range events {
		n, err := a.remindAt(ctx, id)
		made += n
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("event %s: %w", id, err))
		}
	}
	return made, failed
}

// remindAt makes the letters of one Event. What is to be done is looked for before anything is locked: mostly there is nothing.
func (a *App) remindAt(ctx context.Context, id agenda.ID) (made int, err error) {
	var due []near
	if err := a.store.Read(ctx, func(tx *store.Tx) error { due, _, err = a.remindersDue(tx, id); return err }); err != nil || len(due) == 0 {
		return 0, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		made = 0
		if err := tx.LockEvent(id); err != nil {
			return err
		}
		due, e, err := a.remindersDue(tx, id)
		if err == nil {
			made, err = a.remind(tx, e, due)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return made, nil
}

// remindersDue gives of what whom is to be reminded now, by Person and time. Who was reminded already is not among them.
func (a *App) remindersDue(tx *store.Tx, event agenda.ID) (due []near, e agenda.Event, err error) {
	if e, err = tx.Event(event); err != nil {
		return nil, e, err
	}
	rule, err := tx.LetterRule(event)
	if err != nil {
		return nil, e, err
	}
	now := a.moment()
	add := func(n near) {
		for _, lead := range rule.Leads {
			if agenda.RemindAt(n.Slot.Start.At, lead, now) {
				n.lead = lead
				due = append(due, n)
			}
		}
	}
	if err := a.nearPanels(tx, e, add); err != nil {
		return nil, e, err
	}
	if err := a.nearMeetings(tx, e, add); err != nil || len(due) == 0 {
		return nil, e, err
	}
	known, err := tx.RemindersSince(event, now)
	if err != nil {
		return nil, e, err
	}
	due = slices.DeleteFunc(due, func(n near) bool {
		return slices.ContainsFunc(known, func(r agenda.Reminder) bool {
			return r.PersonID == n.person && r.ItemID == n.item && r.Lead == n.lead && r.Starts.Equal(n.Slot.Start.At.Truncate(time.Millisecond))
		})
	})
	slices.SortFunc(due, func(x, y near) int {
		return cmp.Or(cmp.Compare(x.person, y.person), agenda.FalseFirst(x.meeting, y.meeting), x.Slot.Start.At.Compare(y.Slot.Start.At), cmp.Compare(x.item, y.item), cmp.Compare(x.lead, y.lead))
	})
	return due, e, nil
}

// nearPanels gives the published Panels of each Speaker.
func (a *App) nearPanels(tx *store.Tx, e agenda.Event, add func(near)) error {
	head, err := tx.LatestReleaseHead(e.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := a.release(tx, head)
	if err != nil {
		return err
	}
	for _, p := range r.Snapshot.Panels {
		if p.Cancelled || p.Slot == nil {
			continue
		}
		seen := map[agenda.ID]bool{}
		for _, s := range p.AllSpeakers() {
			if !seen[s.PersonID] {
				seen[s.PersonID] = true
				add(near{Near: mail.Near{Title: p.Title, Slot: *p.Slot, Room: roomName(r.Snapshot.Rooms, p.Slot.RoomID)}, person: s.PersonID, item: p.ID})
			}
		}
	}
	return nil
}

// nearMeetings gives the accepted Meetings of each delegate who comes.
func (a *App) nearMeetings(tx *store.Tx, e agenda.Event, add func(near)) error {
	meetings, err := tx.AllMeetings(e.ID)
	if err != nil {
		return err
	}
	rooms, err := tx.AllRooms(e.ID)
	if err != nil {
		return err
	}
	for _, m := range meetings {
		if m.Status != agenda.MeetingAccepted || m.Slot == nil {
			continue
		}
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				if !d.Comes() {
					continue
				}
				n := mail.Near{Slot: *m.Slot, Room: roomName(rooms, m.Slot.RoomID), Hidden: true}
				if m.SeenBy(d.PersonID) {
					n.Title, n.Hidden = m.Topic, false
				}
				add(near{Near: n, person: d.PersonID, item: m.ID, meeting: true})
			}
		}
	}
	return nil
}

func roomName(rooms []agenda.Room, id agenda.ID) agenda.Text {
	i := slices.IndexFunc(rooms, func(r agenda.Room) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return rooms[i].Name
}

// remind makes the letters: one to each Person for all of their Panels, and one for each Meeting, which others may not know of who
// read the letters about Panels.
func (a *App) remind(tx *store.Tx, e agenda.Event, due []near) (made int, err error) {
	unwanted, err := tx.Unsubscribed(e.ID)
	if err != nil {
		return 0, err
	}
	for len(due) > 0 {
		n := 1
		for n < len(due) && due[n].person == due[0].person && !due[n].meeting {
			n++
		}
		one := due[:n]
		due = due[n:]
		done, err := a.remindPerson(tx, e, one, slices.Contains(unwanted[one[0].person], agenda.TopicReminders))
		if err != nil {
			return made, err
		}
		if done {
			made++
		}
	}
	return made, nil
}

// remindPerson makes the letter to one Person, if they want it and can be written to. In either case they are not reminded again.
func (a *App) remindPerson(tx *store.Tx, e agenda.Event, due []near, unwanted bool) (made bool, err error) {
	p, err := tx.Person(e.ID, due[0].person)
	if agenda.CodeOf(err) == agenda.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	m := letterTo(e, p)
	m.Kind, m.About, m.Status = agenda.MailReminder, due[0].item, agenda.MailQueued
	silent := unwanted || m.To == "" || !p.Erased.IsZero()
	if due[0].meeting {
		m.Kind, m.Meetings = agenda.MailMeeting, true
		why, err := misdirected(tx, m)
		if err != nil {
			return false, err
		}
		silent = silent || why != ""
	}
	if !silent {
		m.ID = a.newID()
	}
	var fresh []mail.Near
	for _, n := range due {
		mine, err := tx.ClaimReminder(agenda.Reminder{EventID: e.ID, PersonID: p.ID, ItemID: n.item, Starts: n.Slot.Start.At, Lead: n.lead, MailID: m.ID})
		if err != nil {
			return false, err
		}
		if mine {
			fresh = append(fresh, n.Near)
		}
	}
	if silent || len(fresh) == 0 {
		return false, nil
	}
	settings, _, err := tx.PersonalSettings(e.ID, p.ID)
	if err != nil {
		return false, err
	}
	if m.Subject, m.Body, err = mail.Reminder(m.Language, e, settings.Zone, fresh); err != nil {
		return false, err
	}
	_, err = a.addMail(tx, m)
	return true, err
}
