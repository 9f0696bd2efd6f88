package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// OwnWindow is a window of availability as a Person types it on their page.
type OwnWindow struct {
	Day      agenda.Date
	From, To string // "09:00"; the latest To is "24:00"
}

// moments reads the window by the clock of the Event. It is on one of its days.
func (w OwnWindow) moments(e agenda.Event) (start, end string, err error) {
	var f agenda.Faults
	if !slices.Contains(e.Days(), w.Day) {
		f.Add("/day", "is no day of the event")
	}
	if !clockTime(w.From) || w.From == "24:00" {
		f.Add("/start", "is no time such as 09:00")
	}
	if !clockTime(w.To) {
		f.Add("/end", "is no time such as 17:30")
	}
	if len(f) == 0 && w.To <= w.From {
		f.Add("/end", "is not after the start")
	}
	if err := f.Err("availability"); err != nil {
		return "", "", err
	}
	start, end = string(w.Day)+"T"+w.From, string(w.Day)+"T"+w.To
	if w.From == "00:00" {
		start = midnight(e, w.Day)
	}
	if w.To == "24:00" {
		end = midnight(e, w.Day.AddDays(1))
	}
	return start, end, nil
}

// midnight gives when a day begins, as [agenda.ParseMoment] reads it.
func midnight(e agenda.Event, day agenda.Date) string {
	at, err := e.ParseFrom(string(day))
	if err != nil {
		return string(day) // which says what is wrong when it is read
	}
	return at.Format(e.Location())
}

func clockTime(s string) bool {
	if len(s) != 5 || s[2] != ':' {
		return false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s[:2] < "24" && s[3:] < "60" || s == "24:00"
}

func ownResource(p agenda.Person) agenda.Resource {
	return agenda.Resource{Kind: agenda.PersonResource, ID: p.ID}
}

// AddOwnWindow adds a window in which the Person is available. Who has one is not available outside of all of theirs.
func (a *App) AddOwnWindow(ctx context.Context, actor agenda.Actor, w OwnWindow) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		start, end, err := w.moments(e)
		if err != nil {
			return err
		}
		made, err := a.insertWindow(tx, actor, e, p, start, end, "")
		if err != nil {
			return err
		}
		return a.keepUndo(tx, e, p, agenda.Undo{Kind: agenda.UndoAdded, ID: made.ID, Revision: made.Revision})
	})
}

func (a *App) insertWindow(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, start, end, note string) (made agenda.Availability, err error) {
	has, err := tx.AvailabilitiesOf(e.ID, []agenda.Resource{ownResource(p)})
	if err != nil {
		return made, err
	}
	if len(has) >= agenda.MaxOwnWindows {
		return made, agenda.Errorf(agenda.Taken, "There are %d windows, and no more fit.", agenda.MaxOwnWindows)
	}
	made = agenda.Availability{ID: a.newID(), Resource: ownResource(p), Note: note, Revision: 1, Created: a.moment(), Updated: a.moment()}
	if made, err = prepareAvailability(tx, e, made, start, end); err != nil {
		return made, err
	}
	if slices.ContainsFunc(has, func(w agenda.Availability) bool {
		return w.Start.At.Equal(made.Start.At) && w.End.At.Equal(made.End.At)
	}) {
		return made, agenda.Errorf(agenda.Taken, "This window is there already.")
	}
	if err := tx.InsertAvailability(made); err != nil {
		return made, err
	}
	return made, a.note(tx, actor, e.ID, "availability.create", made.ID, "said when they are available", changed(e, nil, made))
}

// EditOwnWindow gives one of the Person's windows other times.
func (a *App) EditOwnWindow(ctx context.Context, actor agenda.Actor, match Match, id agenda.ID, w OwnWindow) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		old, err := ownWindow(tx, e, p, match, id)
		if err != nil {
			return err
		}
		start, end, err := w.moments(e)
		if err != nil {
			return err
		}
		now, err := a.replaceWindow(tx, actor, e, old, start, end)
		if err != nil || now.Revision == old.Revision {
			return err
		}
		return a.keepUndo(tx, e, p, agenda.Undo{Kind: agenda.UndoEdited, ID: id, Revision: now.Revision, Start: old.Start.Wall, End: old.End.Wall})
	})
}

func (a *App) replaceWindow(tx *store.Tx, actor agenda.Actor, e agenda.Event, old agenda.Availability, start, end string) (agenda.Availability, error) {
	now := old
	now.Revision, now.Updated = old.Revision+1, a.moment()
	now, err := prepareAvailability(tx, e, now, start, end)
	if err != nil {
		return old, err
	}
	if now.Start.At.Equal(old.Start.At) && now.End.At.Equal(old.End.At) {
		return old, nil
	}
	if err := tx.UpdateAvailability(now); err != nil {
		return old, err
	}
	return now, a.note(tx, actor, e.ID, "availability.edit", now.ID, "changed when they are available", changed(e, old, now))
}

// RemoveOwnWindow takes one of the Person's windows away. Who has none left is available all the time.
func (a *App) RemoveOwnWindow(ctx context.Context, actor agenda.Actor, match Match, id agenda.ID) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		old, err := ownWindow(tx, e, p, match, id)
		if err != nil {
			return err
		}
		if err := a.deleteWindow(tx, actor, e, old); err != nil {
			return err
		}
		return a.keepUndo(tx, e, p, agenda.Undo{Kind: agenda.UndoRemoved, Start: old.Start.Wall, End: old.End.Wall, Note: old.Note})
	})
}

func (a *App) deleteWindow(tx *store.Tx, actor agenda.Actor, e agenda.Event, old agenda.Availability) error {
	if err := tx.DeleteAvailability(e.ID, old.ID, old.Revision); err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, "availability.delete", old.ID, "took back when they are available", changed(e, old, nil))
}

// ownWindow gives one of the Person's windows. That of somebody else is not found.
func ownWindow(tx *store.Tx, e agenda.Event, p agenda.Person, match Match, id agenda.ID) (agenda.Availability, error) {
	w, err := tx.Availability(e.ID, id)
	if err == nil && w.Resource != ownResource(p) {
		err = agenda.Errorf(agenda.NotFound, "There is no such availability.")
	}
	if err == nil {
		err = match.check(w.Revision, nil)
	}
	return w, err
}

// undoWindow takes back what the Person did to a window.
func (a *App) undoWindow(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Person, u agenda.Undo) error {
	if u.Kind == agenda.UndoRemoved {
		_, err := a.insertWindow(tx, actor, e, p, string(u.Start), string(u.End), u.Note)
		return err
	}
	old, err := ownWindow(tx, e, p, Revision(u.Revision), u.ID)
	if err != nil {
		return err
	}
	if u.Kind == agenda.UndoAdded {
		return a.deleteWindow(tx, actor, e, old)
	}
	_, err = a.replaceWindow(tx, actor, e, old, string(u.Start), string(u.End))
	return err
}
