package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// SlotRequest is a Slot as it is asked for: times as [agenda.ParseMoment] reads them.
type SlotRequest struct {
	RoomID     agenda.ID
	Start, End string
}

// PanelResult is a Panel after a change, with what it now collides with.
type PanelResult struct {
	Event     agenda.Event
	Panel     agenda.Panel
	Conflicts []agenda.Conflict
	Replayed  bool
}

// CreatePanel adds a Panel; without a slot it is unscheduled. An empty code is filled in.
func (a *App) CreatePanel(ctx context.Context, actor agenda.Actor, slug string, p agenda.Panel, slot *SlotRequest, o Once) (PanelResult, error) {
	var made PanelResult
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		id, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			p := p
			p.UID = ""
			p, err := a.insertPanel(tx, actor, e, p, slot)
			if err != nil {
				return "", err
			}
			return p.ID, holdPanels(tx, e, p)
		})
		if err != nil {
			return err
		}
		made.Replayed = replayed
		return made.load(tx, actor, e, id)
	})
	return made, err
}

// insertPanel adds a Panel, under a UID of its own if it has none. Whose time it takes is for [holdPanels].
func (a *App) insertPanel(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Panel, slot *SlotRequest) (agenda.Panel, error) {
	p.ID, p.EventID, p.Revision, p.Created, p.Updated = a.newID(), e.ID, 1, a.moment(), a.moment()
	if p.UID == "" {
		p.UID = string(a.newID()) + "@plenary"
	}
	var err error
	if p.Code == "" {
		if p.Code, err = a.freeCode(tx, e); err != nil {
			return p, err
		}
	}
	a.nameInterventions(&p, agenda.Panel{})
	if p, err = preparePanel(tx, e, p, slot); err != nil {
		return p, err
	}
	if err := tx.InsertPanel(p); err != nil {
		return p, err
	}
	return p, a.note(tx, actor, e.ID, "panel.create", p.ID, fmt.Sprintf("created the panel %q", english(p.Title)), changed(e, nil, p))
}

func (r *PanelResult) load(tx *store.Tx, actor agenda.Actor, e agenda.Event, id agenda.ID) error {
	p, err := tx.Panel(e.ID, id)
	if err != nil {
		return err
	}
	return r.found(tx, actor, e, p)
}

// found fills in a Panel as it is stored.
func (r *PanelResult) found(tx *store.Tx, actor agenda.Actor, e agenda.Event, p agenda.Panel) (err error) {
	r.Event, r.Panel = e, p
	r.Conflicts, err = panelConflicts(tx, actor, e, p)
	return err
}

// Panel gives one Panel of the draft with its conflicts.
func (a *App) Panel(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (r PanelResult, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		return r.load(tx, actor, e, id)
	})
	return r, err
}

// Panels lists the draft's Panels, with the Event whose clock their times are read by.
func (a *App) Panels(ctx context.Context, actor agenda.Actor, slug string, f PanelFilter, page Page) (event agenda.Event, panels []agenda.Panel, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		event, f.Nameless = e, !agenda.May(actor, agenda.ReadPeople, e.ID)
		panels, next, err = tx.Panels(e.ID, f, page)
		return err
	})
	return event, panels, next, err
}

// EditPanel replaces what organizers can edit of a Panel, its slot included.
func (a *App) EditPanel(ctx context.Context, actor agenda.Actor, slug string, match Match, p agenda.Panel, slot *SlotRequest) (PanelResult, error) {
	var r PanelResult
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Panel(e.ID, p.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, PanelResult{Event: e, Panel: old}); err != nil {
			return err
		}
		p, err := a.replacePanel(tx, actor, e, old, p, slot)
		if err != nil {
			return err
		}
		if err := holdPanels(tx, e, p); err != nil {
			return err
		}
		return r.load(tx, actor, e, p.ID)
	})
	return r, err
}

// replacePanel writes what organizers can edit of a Panel over what it was. Whose time it takes is for [holdPanels].
func (a *App) replacePanel(tx *store.Tx, actor agenda.Actor, e agenda.Event, old, p agenda.Panel, slot *SlotRequest) (agenda.Panel, error) {
	p.EventID, p.UID, p.Materials, p.Revision, p.Created, p.Updated = e.ID, old.UID, old.Materials, old.Revision+1, old.Created, a.moment()
	if p.Code == "" {
		p.Code = old.Code
	}
	a.nameInterventions(&p, old)
	p, err := preparePanel(tx, e, p, slot)
	if err != nil {
		return p, err
	}
	if err := tx.UpdatePanel(p); err != nil {
		return p, err
	}
	return p, a.note(tx, actor, e.ID, "panel.edit", p.ID, fmt.Sprintf("edited the panel %q", english(p.Title)), changed(e, old, p))
}

// CancelPanel cancels a Panel, which stays on the agenda and says so; restore takes that back.
func (a *App) CancelPanel(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, cancelled bool, why agenda.Text) (PanelResult, error) {
	var r PanelResult
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Panel(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(p.Revision, PanelResult{Event: e, Panel: p}); err != nil {
			return err
		}
		old := p
		p.Cancelled, p.CancelNote, p.Revision, p.Updated = cancelled, why, p.Revision+1, a.moment()
		if !cancelled {
			p.ReplacedBy = ""
		}
		p.Clean()
		if err := p.Check(); err != nil {
			return err
		}
		if err := tx.UpdatePanel(p); err != nil {
			return err
		}
		if err := holdPanels(tx, e, p); err != nil {
			return err
		}
		verb, done := "panel.cancel", "cancelled"
		if !cancelled {
			verb, done = "panel.restore", "restored"
		}
		if err := a.note(tx, actor, e.ID, verb, p.ID, fmt.Sprintf("%s the panel %q", done, english(p.Title)), changed(e, old, p)); err != nil {
			return err
		}
		return r.load(tx, actor, e, id)
	})
	return r, err
}

// DeletePanel removes a Panel from the draft. Releases keep it; the next one leaves it out.
func (a *App) DeletePanel(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		p, err := tx.Panel(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(p.Revision, PanelResult{Event: e, Panel: p}); err != nil {
			return err
		}
		if err := a.forgetReplacement(tx, actor, e, id); err != nil {
			return err
		}
		if err := tx.SetHolds(e.ID, agenda.PanelItem, id, nil); err != nil {
			return err
		}
		if err := tx.DeletePanel(e.ID, id, p.Revision); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "panel.delete", id, fmt.Sprintf("deleted the panel %q", english(p.Title)), changed(e, p, nil))
	})
}

// forgetReplacement leaves the Panels without a replacement that this one takes the place of.
func (a *App) forgetReplacement(tx *store.Tx, actor agenda.Actor, e agenda.Event, id agenda.ID) error {
	replaced, err := tx.PanelsReplacedBy(e.ID, id)
	if err != nil {
		return err
	}
	for _, old := range replaced {
		p := old
		p.ReplacedBy, p.Revision, p.Updated = "", old.Revision+1, a.moment()
		if err := tx.UpdatePanel(p); err != nil {
			return err
		}
		if err := a.note(tx, actor, e.ID, "panel.edit", p.ID, fmt.Sprintf("edited the panel %q", english(p.Title)), changed(e, old, p)); err != nil {
			return err
		}
	}
	return nil
}

// preparePanel tidies and checks a Panel and resolves its slot: all faults at once.
func preparePanel(tx *store.Tx, e agenda.Event, p agenda.Panel, request *SlotRequest) (agenda.Panel, error) {
	var f agenda.Faults
	p.Slot = nil
	p.Clean()
	if request != nil {
		slot, err := agenda.NewSlot(e.Location(), request.RoomID, request.Start, request.End)
		if err != nil {
			f.Merge("/slot", err)
		} else {
			p.Slot = &slot
		}
	}
	f.Merge("", p.Check())
	if err := panelReferences(tx, e, p, request, &f); err != nil {
		return p, err
	}
	return p, f.Err("panel")
}

// panelReferences adds a fault for each Room, Track and Person that is not the Event's.
func panelReferences(tx *store.Tx, e agenda.Event, p agenda.Panel, request *SlotRequest, f *agenda.Faults) error {
	if request != nil && request.RoomID != "" {
		if err := knownRoom(tx, e, request.RoomID, "/slot/room", f); err != nil {
			return err
		}
	}
	if p.TrackID != "" {
		if _, err := tx.Track(e.ID, p.TrackID); agenda.CodeOf(err) == agenda.NotFound {
			f.Add("/track", "is not a track of this event")
		} else if err != nil {
			return err
		}
	}
	if err := knownReplacement(tx, e, p, f); err != nil {
		return err
	}
	at := map[string]agenda.ID{}
	for i, s := range p.Speakers {
		at["/speakers/"+strconv.Itoa(i)+"/person"] = s.PersonID
	}
	for i, v := range p.Interventions {
		for j, s := range v.Speakers {
			at[fmt.Sprintf("/interventions/%d/speakers/%d/person", i, j)] = s.PersonID
		}
	}
	return unknownPeople(tx, e, f, at)
}

// knownReplacement adds a fault when what a Panel is replaced by is not the Event's, or leads back to it.
func knownReplacement(tx *store.Tx, e agenda.Event, p agenda.Panel, f *agenda.Faults) error {
	if p.ReplacedBy == "" || p.ReplacedBy == p.ID {
		return nil
	}
	var failed error
	known := true
	back := agenda.ReplacementLeadsBack(p, func(id agenda.ID) agenda.ID {
		q, err := tx.Panel(e.ID, id)
		if agenda.CodeOf(err) == agenda.NotFound {
			known = false
		} else if err != nil {
			failed = err
		}
		return q.ReplacedBy
	})
	switch {
	case !known:
		f.Add("/replaced_by", "is not a panel of this event")
	case back:
		f.Add("/replaced_by", "leads back to the panel")
	}
	return failed
}

func knownRoom(tx *store.Tx, e agenda.Event, room agenda.ID, pointer string, f *agenda.Faults) error {
	rooms, err := tx.RoomsOf(e.ID) // which are needed anyway, to say what it collides with
	if err == nil && !slices.ContainsFunc(rooms, func(r agenda.Room) bool { return r.ID == room }) {
		f.Add(pointer, "is not a room of this event")
	}
	return err
}

// nameInterventions keeps the identity of Interventions that the Panel had and gives new ones theirs.
func (a *App) nameInterventions(p *agenda.Panel, old agenda.Panel) {
	had := map[agenda.ID]bool{}
	for _, v := range old.Interventions {
		had[v.ID] = true
	}
	p.Interventions = slices.Clone(p.Interventions)
	for i := range p.Interventions {
		v := &p.Interventions[i]
		if v.ID == "" || !had[v.ID] {
			v.ID = a.newID()
		}
		delete(had, v.ID)
	}
}

// freeCode gives a code that no Panel of the Event has.
func (a *App) freeCode(tx *store.Tx, e agenda.Event) (string, error) {
	for range 100 {
		code := a.code()
		_, err := tx.PanelByCode(e.ID, code)
		if agenda.CodeOf(err) == agenda.NotFound {
			return code, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", agenda.Errorf(agenda.Internal, "No free code was found for the panel.")
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
