package exchange

import (
	"plenary/internal/agenda"
)

// release notes what is wrong with a Release. Its Snapshot is a world of its own: rooms and people
// that are gone since then are still in it.
func (c *checker) release(pointer string, r agenda.Release, event agenda.ID, o eventObject) {
	c.identity(pointer, "release", r.ID)
	r.Note.Check(c.faults, pointer+"/note", agenda.MaxProse, false)
	agenda.CheckString(c.faults, pointer+"/by", r.By, agenda.MaxName)
	if r.Published.IsZero() {
		c.faults.Add(pointer+"/published_at", "is needed")
	}
	s := r.Snapshot
	pointer += "/snapshot"
	inner := newChecker(c.faults, s.Event, s.Rooms, s.Tracks, s.People)
	inner.event(pointer+"/event", s.Event, o)
	if s.Event.ID != event {
		c.faults.Add(pointer+"/event/id", "is not that of the event")
	}
	inner.plan(pointer, s.Rooms, s.Tracks, s.People, s.Panels)
	inner.public(pointer, s)
}

// public notes what a Snapshot lacks to be shown, and what it must not have since all of it is shown.
func (c *checker) public(pointer string, s agenda.Snapshot) {
	if s.Event.Frame != (agenda.MeetingFrame{}) {
		c.faults.Add(pointer+"/event/meeting_frame", "are about meetings, which are not for the public")
	}
	for i, r := range s.Rooms {
		if r.Turnaround != nil {
			c.faults.Add(at(pointer+"/rooms", i)+"/turnaround_minutes", "is not for the public")
		}
	}
	for i, p := range s.People {
		where := at(pointer+"/people", i)
		if p.Email != "" || p.Notes != "" || len(p.Languages) > 0 || len(p.Interprets) > 0 || p.Buffer != (agenda.Buffer{}) {
			c.faults.Add(where, "has an e-mail address, notes, languages or a buffer, which are not for the public")
		}
	}
	for i, p := range s.Panels {
		where := at(pointer+"/panels", i)
		if p.Notes != "" || p.Audience != 0 {
			c.faults.Add(where, "has notes or an audience, which are not for the public")
		}
		if p.Slot == nil && c.zoned {
			c.faults.Add(where+"/slot", "is needed: unscheduled panels are not published")
		}
		for _, speaker := range p.AllSpeakers() {
			if speaker.Status != agenda.Confirmed {
				c.faults.Add(where, "has speakers who are not confirmed")
				break
			}
		}
	}
	for i, p := range s.Removed {
		where := at(pointer+"/removed", i)
		c.identity(where, "panel", p.ID)
		c.uid(where, p.UID)
		if p.Slot == nil && c.zoned {
			c.faults.Add(where+"/slot", "is needed: only what had a time was published")
		}
		if p.Notes != "" || len(p.Abstract) > 0 {
			c.faults.Add(where, "has notes or an abstract: nothing but that it is cancelled is told of it")
		}
	}
}

func (c *checker) stamp(pointer string, s agenda.Stamp) {
	if s.UID == "" {
		c.faults.Add(pointer+"/uid", "is needed")
	}
	if s.Variant == "" {
		c.faults.Add(pointer+"/variant", "is needed")
	}
	if s.Sequence < 0 {
		c.faults.Add(pointer+"/sequence", "is negative")
	}
	if s.Created.IsZero() || s.Modified.IsZero() {
		c.faults.Add(pointer, "needs to be created and modified at some time")
	}
	c.unique(pointer, "entry", string(s.Variant)+" "+s.UID)
	agenda.CheckString(c.faults, pointer+"/uid", s.UID, 255)
	agenda.CheckString(c.faults, pointer+"/variant", string(s.Variant), 35)
	agenda.CheckString(c.faults, pointer+"/content", s.Content, 255)
	agenda.CheckString(c.faults, pointer+"/place", s.Place, 255)
}
