package agenda

import "time"

// ItemKind says what an item of somebody's time is.
type ItemKind string

// The kinds of item.
const (
	PanelItem   ItemKind = "panel"
	MeetingItem ItemKind = "meeting"
	ElsewhereIs ItemKind = "elsewhere" // an item that is not for the reader: of another Event, or a Meeting. Nothing but the time is told
)

// Hold is one Resource's time taken by an item: the half-open interval [Start, End), UTC.
type Hold struct {
	Resource Resource
	Start    time.Time
	End      time.Time
	Firm     bool // no other firm one of the Resource may overlap it, of whichever Event
}

// Holds gives whose time the Panel takes; halls are the rooms that an item spanning all rooms takes.
// A cancelled or unscheduled Panel takes none, and neither do Speakers who declined. Who speaks in
// an Intervention only is held for its time, when that is known; who also has a part in the Panel
// is held once, for all of it.
func (p Panel) Holds(halls []ID) []Hold {
	if p.Slot == nil || p.Cancelled {
		return nil
	}
	start, end := p.Slot.Start.At, p.Slot.End.At
	var holds []Hold
	rooms := map[ID]bool{}
	take := func(room ID) {
		if room != "" && !rooms[room] {
			rooms[room] = true
			holds = append(holds, Hold{Resource: Resource{RoomResource, room}, Start: start, End: end})
		}
	}
	take(p.Slot.RoomID)
	if p.AllRooms {
		for _, hall := range halls {
			take(hall)
		}
	}
	whole := map[ID]bool{}
	for _, s := range p.Speakers {
		if s.Comes() && !whole[s.PersonID] {
			whole[s.PersonID] = true
			holds = append(holds, Hold{Resource: Resource{PersonResource, s.PersonID}, Start: start, End: end})
		}
	}
	type part struct {
		person   ID
		from, to time.Time
	}
	seen := map[part]bool{}
	for i, v := range p.Interventions {
		from, to := p.interventionTime(i)
		for _, s := range v.Speakers {
			if key := (part{s.PersonID, from, to}); s.Comes() && !whole[s.PersonID] && !seen[key] {
				seen[key] = true
				holds = append(holds, Hold{Resource: Resource{PersonResource, s.PersonID}, Start: from, End: to})
			}
		}
	}
	return holds
}

// interventionTime gives when the i-th Intervention takes place: from its offset, or from the
// planned minutes of those before it, for its own planned minutes. As soon as one of these is open,
// or they run over the Panel's end, nothing better is known than the Panel's own time.
func (p Panel) interventionTime(i int) (from, to time.Time) {
	start, end := p.Slot.Start.At, p.Slot.End.At
	if p.Interventions[i].Minutes == 0 {
		return start, end
	}
	before := 0
	for j := i; j >= 0; j-- {
		if offset := p.Interventions[j].Offset; offset != nil {
			before += *offset
			break
		}
		if j > 0 {
			if p.Interventions[j-1].Minutes == 0 {
				return start, end
			}
			before += p.Interventions[j-1].Minutes
		}
	}
	from = start.Add(time.Duration(before) * time.Minute)
	to = from.Add(time.Duration(p.Interventions[i].Minutes) * time.Minute)
	if to.After(end) {
		return start, end
	}
	return from, to
}

// Holds gives whose time the Meeting takes: its Room and every delegate who did not decline. Of a firm
// Meeting it is firmly held what the Meeting can't do without.
func (m Meeting) Holds() []Hold {
	if m.Slot == nil || !m.Stands() {
		return nil
	}
	start, end := m.Slot.Start.At, m.Slot.End.At
	firm := m.Firm && (m.Status == MeetingAccepted || m.Status == MeetingHeld)
	var holds []Hold
	if m.Slot.RoomID != "" {
		holds = append(holds, Hold{Resource{RoomResource, m.Slot.RoomID}, start, end, firm})
	}
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if d.Comes() {
				holds = append(holds, Hold{Resource{PersonResource, d.PersonID}, start, end, firm && m.needs(d)})
			}
		}
	}
	return holds
}
