package app

import (
	"context"
	"fmt"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// CreateEvent makes an Event. Its identity, revision and times are set here.
func (a *App) CreateEvent(ctx context.Context, actor agenda.Actor, e agenda.Event, o Once) (made agenda.Event, replayed bool, err error) {
	write := func() error {
		return a.write(ctx, actor, func(tx *store.Tx) error {
			made, replayed, err = a.createEvent(tx, actor, e, o)
			return err
		})
	}
	err = write()
	if o.Key != "" && agenda.CodeOf(err) == agenda.Taken {
		// There is no Event yet whose lock would hold a simultaneous repetition back: what took the slug
		// or the key may be this same request, which can be seen now.
		err = write()
	}
	if err != nil {
		return agenda.Event{}, false, err
	}
	return made, replayed, nil
}

func (a *App) createEvent(tx *store.Tx, actor agenda.Actor, e agenda.Event, o Once) (made agenda.Event, replayed bool, err error) {
	if err := agenda.Authorize(actor, agenda.CreateEvents, ""); err != nil {
		return made, false, err
	}
	e.Clean()
	if err := e.Check(); err != nil {
		return made, false, err
	}
	id, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
		e.ID, e.Revision, e.Created, e.Updated = a.newID(), 1, a.moment(), a.moment()
		if err := tx.InsertEvent(e); err != nil {
			return "", err
		}
		if err := a.own(tx, actor, e); err != nil {
			return "", err
		}
		return e.ID, a.note(tx, actor, e.ID, "event.create", e.ID, fmt.Sprintf("created the event %q", english(e.Name)), changed(e, nil, e))
	})
	if err != nil {
		return made, false, err
	}
	made, err = tx.Event(id)
	return made, replayed, err
}

// own makes an Account the owner of the Event that it has made.
func (a *App) own(tx *store.Tx, actor agenda.Actor, e agenda.Event) error {
	if actor.Kind != agenda.AccountHolder {
		return nil
	}
	return a.addMember(tx, actor, agenda.Member{EventID: e.ID, AccountID: actor.ID, Roles: []agenda.MemberRole{agenda.Owner}, Revision: 1,
		Created: a.moment(), Updated: a.moment()})
}

// Event gives the Event of that slug as its organizers see it.
func (a *App) Event(ctx context.Context, actor agenda.Actor, slug string) (event agenda.Event, err error) {
	err = a.view(ctx, actor, agenda.SeeEvent, slug, func(_ *store.Tx, e agenda.Event) error {
		event = e
		return nil
	})
	return event, err
}

// Events lists the Events that the Actor may read.
func (a *App) Events(ctx context.Context, actor agenda.Actor, query string, page Page) (events []agenda.Event, next string, err error) {
	if actor.Kind == agenda.Anonymous || actor.Kind == "" {
		return nil, "", agenda.Authorize(actor, agenda.SeeEvent, "")
	}
	filter := store.EventFilter{Query: query, IDs: []agenda.ID{}}
	for _, g := range actor.Grants {
		if !slices.Contains(g.Verbs, agenda.SeeEvent) {
			continue
		}
		if g.EventID == "" {
			filter.IDs = nil
			break
		}
		filter.IDs = append(filter.IDs, g.EventID)
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		events, next, err = tx.Events(filter, page)
		return err
	})
	return events, next, err
}

// EditEvent replaces what organizers can edit of an Event. When its zone changes, everything keeps
// its wall clock and moves in absolute time. The slug of a published Event stays.
func (a *App) EditEvent(ctx context.Context, actor agenda.Actor, slug string, match Match, e agenda.Event) (agenda.Event, error) {
	err := a.change(ctx, actor, slug, func(tx *store.Tx, old agenda.Event) error {
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		e.ID, e.Revision, e.Created, e.Updated = old.ID, old.Revision+1, old.Created, a.moment()
		e.Clean()
		if err := e.Check(); err != nil {
			return err
		}
		if e.Slug != old.Slug {
			if err := unpublished(tx, old); err != nil {
				return err
			}
		}
		if err := tx.UpdateEvent(e); err != nil {
			return err
		}
		if e.Zone != old.Zone {
			if err := a.rezone(tx, actor, e); err != nil {
				return err
			}
		}
		if err := a.settleAllMeetings(tx, e); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "event.edit", e.ID, fmt.Sprintf("edited the event %q", english(e.Name)), changed(e, old, e))
	})
	return e, err
}

func unpublished(tx *store.Tx, e agenda.Event) error {
	_, err := tx.LatestReleaseHead(e.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return agenda.Errorf(agenda.Taken, "The agenda is published at /%s/, and calendars are subscribed there: its slug can't change any more.", e.Slug)
}

// DeleteEvent removes an Event and everything it owns, its Releases included.
func (a *App) DeleteEvent(ctx context.Context, actor agenda.Actor, slug string, match Match) error {
	return a.changeAs(ctx, actor, agenda.CreateEvents, slug, func(tx *store.Tx, e agenda.Event) error {
		if err := match.check(e.Revision, e); err != nil {
			return err
		}
		if err := tx.CloseFeeds(e.ID, a.moment()); err != nil {
			return err
		}
		if err := tx.DeleteEvent(e.ID, e.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, "", "event.delete", e.ID, fmt.Sprintf("deleted the event %q (%s)", english(e.Name), e.Slug), changed(e, e, nil))
	})
}

// rezone reads every wall clock of the Event in its present zone.
func (a *App) rezone(tx *store.Tx, actor agenda.Actor, e agenda.Event) error {
	panels, err := tx.AllPanels(e.ID)
	if err != nil {
		return err
	}
	halls, err := hallsOf(tx, e)
	if err != nil {
		return err
	}
	zone := e.Location()
	for _, p := range panels {
		if p.Slot == nil {
			continue
		}
		slot, err := p.Slot.Rezone(zone)
		if err != nil {
			return rezoneFault(p.Code, err)
		}
		p.Slot, p.Revision, p.Updated = &slot, p.Revision+1, a.moment()
		if err := tx.MovePanel(p); err != nil {
			return err
		}
		if err := tx.SetHolds(e.ID, agenda.PanelItem, p.ID, p.Holds(halls)); err != nil {
			return err
		}
	}
	return a.rezoneRest(tx, actor, e)
}

func (a *App) rezoneRest(tx *store.Tx, actor agenda.Actor, e agenda.Event) error {
	zone := e.Location()
	if err := a.rezoneMeetings(tx, actor, e); err != nil {
		return err
	}
	windows, err := tx.AllAvailabilities(e.ID)
	if err != nil {
		return err
	}
	for _, w := range windows {
		start, err := w.Start.Rezone(zone)
		if err != nil {
			return rezoneFault("an availability", err)
		}
		end, err := w.End.Rezone(zone)
		if err != nil {
			return rezoneFault("an availability", err)
		}
		w.Start, w.End, w.Revision, w.Updated = start, end, w.Revision+1, a.moment()
		if err := tx.UpdateAvailability(w); err != nil {
			return err
		}
	}
	return nil
}

func rezoneFault(what string, err error) error {
	var f agenda.Faults
	f.Add("/zone", "%s would be at a time that the new zone does not have: %v", what, err)
	return f.Err("event")
}
