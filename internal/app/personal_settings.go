package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// ChooseOwnZone sets the time zone in which the Person's page shows times beside the Event's; "" for none.
func (a *App) ChooseOwnZone(ctx context.Context, actor agenda.Actor, zone string) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if zone != "" {
			if _, err := agenda.LoadZone(zone); err != nil {
				var f agenda.Faults
				f.Add("/zone", "is no IANA time zone")
				return f.Err("zone")
			}
		}
		s, _, err := tx.PersonalSettings(e.ID, p.ID)
		if err != nil || s.Zone == zone {
			return err
		}
		was := s.Zone
		s.Zone = zone
		if err := tx.PutPersonalSettings(e.ID, p.ID, s); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.zone", p.ID, "chose a time zone for their page",
			changed(e, agenda.Fields{"page_zone": quoted(was)}, agenda.Fields{"page_zone": quoted(zone)}))
	})
}

// SeeChanges notes that the Person knows what changed up to the Release of that number, which they were shown.
func (a *App) SeeChanges(ctx context.Context, actor agenda.Actor, number int) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		s, _, err := tx.PersonalSettings(e.ID, p.ID)
		if err != nil {
			return err
		}
		head, err := latestNumber(tx, e.ID)
		if err != nil {
			return err
		}
		if number < 1 || number > head {
			return agenda.Errorf(agenda.Invalid, "There is no release of that number.")
		}
		if number <= s.Seen {
			return nil
		}
		was := s.Seen
		s.Seen = number
		if err := tx.PutPersonalSettings(e.ID, p.ID, s); err != nil {
			return err
		}
		if err := a.seenOnPage(tx, e, p.ID, number); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.seen", p.ID, "saw what changed for them",
			changed(e, agenda.Fields{"seen_release": fmt.Sprint(was)}, agenda.Fields{"seen_release": fmt.Sprint(number)}))
	})
}

// latestNumber gives the number of the latest Release of the Event, 0 for none.
func latestNumber(tx *store.Tx, event agenda.ID) (int, error) {
	head, err := tx.LatestReleaseHead(event)
	if agenda.CodeOf(err) == agenda.NotFound {
		return 0, nil
	}
	return head.Number, err
}

// beginPage remembers which Release a Person finds who opens their page for the first time: what changed before is no news.
func beginPage(tx *store.Tx, event, person agenda.ID) error {
	_, found, err := tx.PersonalSettings(event, person)
	if err != nil || found {
		return err
	}
	seen, err := latestNumber(tx, event)
	if err != nil {
		return err
	}
	return tx.PutPersonalSettings(event, person, agenda.PersonalSettings{Seen: seen})
}

// addNews adds to the page what was published since the Person said that they had seen it.
func (a *App) addNews(tx *store.Tx, page *PersonalPage) error {
	settings, found, err := tx.PersonalSettings(page.Event.ID, page.Person.ID)
	if err != nil {
		return err
	}
	page.Settings = settings
	if page.Unwanted, err = tx.UnsubscribedBy(page.Event.ID, page.Person.ID); err != nil {
		return err
	}
	if page.Latest, err = latestNumber(tx, page.Event.ID); err != nil || !found || settings.Seen >= page.Latest {
		return err
	}
	next, err := a.release(tx, store.Release{EventID: page.Event.ID, Number: page.Latest})
	if err != nil {
		return err
	}
	var old *agenda.Snapshot
	if settings.Seen > 0 {
		seen, err := a.release(tx, store.Release{EventID: page.Event.ID, Number: settings.Seen})
		if err != nil {
			return err
		}
		old = &seen.Snapshot
	}
	page.News = agenda.ChangesFor(old, &next.Snapshot, page.Person.ID)
	return nil
}

// keepUndo remembers how to take back what the Person has just done, instead of what they did before.
func (a *App) keepUndo(tx *store.Tx, e agenda.Event, p agenda.Person, u agenda.Undo) error {
	s, _, err := tx.PersonalSettings(e.ID, p.ID)
	if err != nil {
		return err
	}
	if u.Kind != "" {
		u.Until = a.moment().Add(agenda.UndoLife)
	}
	s.Undo = u
	return tx.PutPersonalSettings(e.ID, p.ID, s)
}

// errCannotUndo is for what somebody changed meanwhile, and for what is too long ago.
var errCannotUndo = agenda.Errorf(agenda.Taken, "This can not be taken back any more.")

// Undo takes back what the Person did last on their page, if it is as they left it.
func (a *App) Undo(ctx context.Context, actor agenda.Actor) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		s, _, err := tx.PersonalSettings(e.ID, p.ID)
		if err != nil {
			return err
		}
		u := s.Undo
		if !u.Works(a.moment()) {
			return errCannotUndo
		}
		switch u.Kind {
		case agenda.UndoAnswer:
			err = a.undoAnswer(tx, actor, e, u)
		case agenda.UndoMeetingAnswer:
			err = a.undoMeetingAnswer(tx, actor, e, p, u)
		default:
			err = a.undoWindow(tx, actor, e, p, u)
		}
		if code := agenda.CodeOf(err); code == agenda.NotFound || code == agenda.Stale {
			return errCannotUndo
		}
		if err != nil {
			return err
		}
		return a.keepUndo(tx, e, p, agenda.Undo{})
	})
}

func (a *App) undoAnswer(tx *store.Tx, actor agenda.Actor, e agenda.Event, u agenda.Undo) error {
	old, err := tx.Panel(e.ID, u.ID)
	if err != nil {
		return err
	}
	if old.Revision != u.Revision || old.Cancelled {
		return errCannotUndo
	}
	now := old.WithStatuses(u.Statuses)
	now.Revision, now.Updated = old.Revision+1, a.moment()
	if err := tx.UpdatePanel(now); err != nil {
		return err
	}
	if err := holdPanels(tx, e, now); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "speaker.undo", u.ID, fmt.Sprintf("took back their answer to the panel %q", english(now.Title)), changed(e, old, now))
}

func (a *App) undoMeetingAnswer(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, u agenda.Undo) error {
	old, err := tx.Meeting(e.ID, u.ID)
	if err != nil {
		return err
	}
	if !actor.Confirmed {
		return errNotConfirmed
	}
	if old.Revision != u.Revision || !old.Stands() || !old.Includes(p.ID) || !agenda.SeesMeeting(actor, old) {
		return errCannotUndo
	}
	now, _ := old.Answered(p.ID, u.Answer)
	if now, err = a.answeredMeeting(tx, actor, e, p, old, now, agenda.MeetingStep{Deed: agenda.DeedAnswer}); err != nil {
		return err
	}
	if err := a.answeredNow(tx, e.ID, now.ID, p.ID); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "meeting.answer", now.ID, "took back their answer to a meeting", changed(e, old, now))
}
