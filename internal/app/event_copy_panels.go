package app

import (
	"path"
	"time"

	"plenary/internal/agenda"
)

// takePanels takes the Panels along that were not cancelled, at the same hours.
func (c *copying) takePanels() error {
	panels, err := c.tx.AllPanels(c.from.ID)
	if err != nil {
		return err
	}
	var made []agenda.Panel
	for _, p := range panels {
		if p.Cancelled {
			continue
		}
		made = append(made, c.panel(p))
	}
	if err := c.tx.InsertPanels(made); err != nil {
		return err
	}
	if err := holdPanels(c.tx, c.done.Event, made...); err != nil {
		return err
	}
	c.done.Counts[CopyPanels] = len(made)
	if !c.takes(CopyMaterials) {
		return nil
	}
	for _, p := range made {
		if err := c.takeMaterials(p); err != nil {
			return err
		}
	}
	return nil
}

// takeMaterials gives a Panel of the copy the Materials that it has from the other one, in files of their own.
func (c *copying) takeMaterials(p agenda.Panel) error {
	for _, m := range p.Materials {
		file := c.app.secret() + path.Ext(m.File)
		if err := c.tx.CopyFile(m.File, file, c.app.moment()); err != nil {
			return err
		}
		m.ID, m.File = c.app.newID(), file // as old as it is, so that their order stays
		if err := c.tx.InsertMaterial(p.EventID, p.ID, m); err != nil {
			return err
		}
		c.done.Counts[CopyMaterials]++
	}
	return nil
}

// panel gives what the copy has in the place of a Panel. Its stream was that of the other Event.
func (c *copying) panel(p agenda.Panel) agenda.Panel {
	now := c.app.moment()
	was := p.Slot
	p.ID, p.EventID, p.UID, p.Serial, p.StreamURL = c.app.newID(), c.done.Event.ID, string(c.app.newID())+"@plenary", 0, ""
	p.Revision, p.Created, p.Updated, p.ReplacedBy = 1, now, now, ""
	p.TrackID, p.Speakers = c.tracks[p.TrackID], c.speakers(p.Speakers)
	for i := range p.Interventions {
		v := &p.Interventions[i]
		v.ID, v.Speakers = c.app.newID(), c.speakers(v.Speakers)
	}
	if was == nil {
		return p
	}
	slot, err := was.Shift(c.zone, c.days)
	if slot.RoomID = c.rooms[was.RoomID]; err == nil && c.has(*was, slot) {
		p.Slot = &slot
		return p
	}
	p.Slot = nil
	c.done.Unscheduled = append(c.done.Unscheduled, Unscheduled{Panel: p, Was: *was, Fault: err})
	return p
}

// has says whether the copy has the day of a Slot. What was on no day of the other Event either, such as a dinner on the eve,
// stays beside the days of the copy.
func (c *copying) has(was, slot agenda.Slot) bool {
	e := c.done.Event
	inside := was.Day() >= c.from.StartDate && was.Day() <= c.from.EndDate
	return !inside || slot.Day() >= e.StartDate && slot.Day() <= e.EndDate
}

// speakers gives those of the Speakers who are taken along. Who came before has not said yes again.
func (c *copying) speakers(speakers []agenda.Speaker) []agenda.Speaker {
	var invited []agenda.Speaker
	for _, s := range speakers {
		if s.Comes() && c.people[s.PersonID] {
			s.Status = agenda.Invited
			invited = append(invited, s)
		}
	}
	return invited
}

// takeAvailabilities takes the windows along of whom and what is there.
func (c *copying) takeAvailabilities() error {
	windows, err := c.tx.AllAvailabilities(c.from.ID)
	if err != nil {
		return err
	}
	now := c.app.moment()
	for _, w := range windows {
		switch w.Resource.Kind {
		case agenda.RoomResource:
			w.Resource.ID = c.rooms[w.Resource.ID]
		case agenda.PersonResource:
			if !c.people[w.Resource.ID] {
				w.Resource.ID = ""
			}
		}
		if w.Start, w.End = c.shiftLoosely(w.Start), c.shiftLoosely(w.End); w.Resource.ID == "" || !w.End.At.After(w.Start.At) {
			continue
		}
		w.ID, w.EventID, w.Revision, w.Created, w.Updated = c.app.newID(), c.done.Event.ID, 1, now, now
		if err := c.tx.InsertAvailability(w); err != nil {
			return err
		}
		c.done.Counts[CopyAvailabilities]++
	}
	return nil
}

// shiftLoosely gives the Moment so many days later; of an hour that the clock skips, the one beside it. A window that ends in
// the middle of the night when summer time begins is no less of a window.
func (c *copying) shiftLoosely(m agenda.Moment) agenda.Moment {
	shifted, err := m.Shift(c.zone, c.days)
	if err == nil {
		return shifted
	}
	wall, err := time.ParseInLocation(agenda.WallLayout, string(m.Wall.AddDays(c.days)), c.zone)
	if err != nil {
		return agenda.Moment{}
	}
	return agenda.MomentOf(c.zone, wall)
}
