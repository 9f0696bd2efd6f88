package store

import (
	"cmp"

	"plenary/internal/agenda"
)

// Panel gives a panel of the event.
func (d *Draft) Panel(id agenda.ID) (agenda.Panel, bool) {
	p := d.byID.Find(id)
	if p == nil {
		return agenda.Panel{}, false
	}
	return *p, true
}

// moved writes in the draft that this transaction has read that one of its panels was moved: it need not be read again. It says
// whether that was possible.
func (tx *Tx) moved(p agenda.Panel) bool {
	own := tx.drafts[p.EventID]
	if own == nil || len(own.outdated) > 0 {
		return false
	}
	was, known := own.Panel(p.ID)
	if !known {
		return false
	}
	is := was
	is.Slot, is.Revision, is.Updated = p.Slot, p.Revision, instant(millis(p.Updated))
	d := *own.Draft
	d.replace([]*agenda.Panel{&was}, []*agenda.Panel{&is})
	d.trail = d.trail.after([]draftItem{{agenda.PanelSerial, p.ID}})
	own.Draft = &d
	return true
}

// replacePanels puts panels that changed into a draft as they are now, and gives those.
func (tx *Tx) replacePanels(d *Draft, event agenda.ID, ids []agenda.ID) ([]*agenda.Panel, error) {
	found, err := tx.PanelsByID(event, ids)
	if err != nil {
		return nil, err
	}
	var gone []*agenda.Panel
	for _, id := range ids {
		if p, there := d.Panel(id); there {
			gone = append(gone, &p)
		}
	}
	fresh := agenda.Pointers(found)
	d.replace(gone, fresh)
	return fresh, nil
}

// replace takes panels out of the draft and puts others into it. Lists that others may have stay as they are.
func (d *Draft) replace(gone, fresh []*agenda.Panel) {
	d.Panels = agenda.Replaced(d.Panels, gone, fresh, panelOrder)
	d.byID = d.byID.Replaced(gone, fresh)
}

// panelOrder is the order of [Tx.AllPanels].
func panelOrder(p, q *agenda.Panel) int {
	return cmp.Or(cmp.Compare(slotRow(p.Slot).sortStart(), slotRow(q.Slot).sortStart()), cmp.Compare(p.ID, q.ID))
}
