package app

import (
	"context"
	"fmt"
	"strconv"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Move is one Panel's new Slot; without one the Panel is unscheduled.
type Move struct {
	PanelID agenda.ID
	Match   Match
	Slot    *SlotRequest
}

// MovePanel gives a Panel another Slot and says what it now collides with. It is the draft: conflicts
// inform and do not block.
func (a *App) MovePanel(ctx context.Context, actor agenda.Actor, slug string, m Move) (PanelResult, error) {
	var r PanelResult
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		old, p, f, err := a.move(tx, e, m, "")
		if err != nil {
			return err
		}
		if err := f.Err("slot"); err != nil {
			return err
		}
		if err := holdPanels(tx, e, p); err != nil {
			return err
		}
		if err := a.note(tx, actor, e.ID, "panel.move", p.ID, movedTo(p), changed(e, old, p)); err != nil {
			return err
		}
		return r.found(tx, actor, e, p)
	})
	return r, err
}

// MaxMoves is how many Panels can be scheduled at once.
const MaxMoves = 1000

// MovePanels gives many Panels new Slots in one transaction: all or none. Two of them may swap.
func (a *App) MovePanels(ctx context.Context, actor agenda.Actor, slug string, moves []Move) ([]PanelResult, error) {
	var results []PanelResult
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		results = nil
		var f agenda.Faults
		if len(moves) > MaxMoves {
			f.Add("/moves", "has %d moves, at most %d fit", len(moves), MaxMoves)
			return f.Err("request")
		}
		seen := map[agenda.ID]bool{}
		var panels, before []agenda.Panel
		for i, m := range moves {
			at := "/moves/" + strconv.Itoa(i)
			if seen[m.PanelID] {
				f.Add(at+"/panel", "is in the list a second time")
				continue
			}
			seen[m.PanelID] = true
			old, p, faults, err := a.move(tx, e, m, at+"/slot")
			if agenda.CodeOf(err) == agenda.NotFound {
				f.Add(at+"/panel", "is not a panel of this event")
				continue
			}
			if err != nil {
				return err
			}
			f = append(f, faults...)
			panels, before = append(panels, p), append(before, old)
		}
		if err := f.Err("request"); err != nil {
			return err
		}
		if err := holdPanels(tx, e, panels...); err != nil {
			return err
		}
		for i, p := range panels {
			if err := a.note(tx, actor, e.ID, "panel.move", p.ID, movedTo(p), changed(e, before[i], p)); err != nil {
				return err
			}
			var r PanelResult
			if err := r.found(tx, actor, e, p); err != nil {
				return err
			}
			results = append(results, r)
		}
		return nil
	})
	return results, err
}

// move changes the Panel's row, and gives what it was and is; its holds are renewed by the caller, when all Panels have
// moved. Faults of the Slot are below the pointer at.
func (a *App) move(tx *store.Tx, e agenda.Event, m Move, at string) (old, p agenda.Panel, f agenda.Faults, err error) {
	draft, err := tx.Draft(e.ID)
	if err != nil {
		return old, old, nil, err
	}
	old, known := draft.Panel(m.PanelID)
	if !known {
		_, err := tx.Panel(e.ID, m.PanelID) // which says that there is none
		return old, old, nil, err
	}
	p = old
	if err := m.Match.check(p.Revision, PanelResult{Event: e, Panel: p}); err != nil {
		return old, p, nil, err
	}
	p.Slot = nil
	if m.Slot != nil {
		slot, err := agenda.NewSlot(e.Location(), m.Slot.RoomID, m.Slot.Start, m.Slot.End)
		f.Merge(at, err)
		if m.Slot.RoomID != "" && (old.Slot == nil || old.Slot.RoomID != m.Slot.RoomID) {
			if err := knownRoom(tx, e, m.Slot.RoomID, at+"/room", &f); err != nil {
				return old, p, nil, err
			}
		}
		p.Slot = &slot
	}
	if len(f) > 0 {
		return old, p, f, nil
	}
	p.Revision, p.Updated = p.Revision+1, a.moment()
	return old, p, nil, tx.MovePanel(p)
}

func movedTo(p agenda.Panel) string {
	if p.Slot == nil {
		return fmt.Sprintf("unscheduled the panel %q", english(p.Title))
	}
	return fmt.Sprintf("moved the panel %q to %s %s–%s", english(p.Title), p.Slot.Day(), p.Slot.Start.Wall.Clock(), p.Slot.End.Wall.Clock())
}
