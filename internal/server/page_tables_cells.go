package server

import (
	"slices"
	"strconv"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// The minutes of a free cell, and the least for which a meeting is offered.
const (
	tableStep  = 30 * time.Minute
	tableLeast = 15 * time.Minute
)

// tableDesk makes the view of a day.
type tableDesk struct {
	*meetingDesk
	app.RoomDay
	marks  []time.Time // where free cells are parted: every half an hour by the Event's clock
	bounds []time.Time // where columns begin, and the end of the last: there, and wherever something begins or ends
}

// part parts the day into columns.
func (d *tableDesk) part() {
	from := d.From.In(d.RoomDay.Event.Location())
	d.From = from.Add(-time.Duration(from.Minute()%30)*time.Minute - time.Duration(from.Second())*time.Second)
	for at := d.From; at.Before(d.Until); at = at.Add(tableStep) {
		d.marks = append(d.marks, at)
	}
	d.Until = d.From.Add(time.Duration(len(d.marks)) * tableStep)
	d.bounds = append(slices.Clone(d.marks), d.Until)
	for i, t := range d.Taken {
		if t.Start.Before(d.From) {
			t.Start = d.From
		}
		if t.End.After(d.Until) {
			t.End = d.Until
		}
		d.Taken[i] = t
		d.bounds = append(d.bounds, t.Start, t.End)
	}
	slices.SortFunc(d.bounds, time.Time.Compare)
	d.bounds = slices.CompactFunc(d.bounds, time.Time.Equal)
}

// columns says how many columns there are between two bounds.
func (d *tableDesk) columns(from, to time.Time) int {
	i, _ := slices.BinarySearchFunc(d.bounds, from, time.Time.Compare)
	j, _ := slices.BinarySearchFunc(d.bounds, to, time.Time.Compare)
	return j - i
}

func (d *tableDesk) clock(at time.Time) string {
	return at.In(d.RoomDay.Event.Location()).Format("15:04")
}

// hours are the headings: one for each hour, and for the half of one with which the day begins.
func (d *tableDesk) hours() (list []tableHour) {
	for i, at := range d.marks {
		next := at.Add(tableStep)
		if n := len(list); i > 0 && at.In(d.RoomDay.Event.Location()).Minute() >= 30 {
			list[n-1].Columns += d.columns(at, next)
			continue
		}
		list = append(list, tableHour{d.clock(at), d.columns(at, next)})
	}
	return list
}

// room is the row of a Room.
func (d *tableDesk) room(r agenda.Room) (*tableRoom, error) {
	row := &tableRoom{Name: d.reader.pick(d.RoomDay.Event.Language(), r.Name)}
	if r.Capacity > 0 {
		var err error
		if row.Holds, err = d.Count("room_holds", r.Capacity); err != nil {
			return nil, err
		}
	}
	var taken []app.Taking
	for _, t := range d.Taken {
		if t.Room == r.ID {
			taken = append(taken, t)
		}
	}
	lanes := layLanes(taken, func(t app.Taking) (from, to time.Time) { return t.Start, t.End })
	if len(lanes) == 0 {
		lanes = [][]app.Taking{nil}
	}
	for i, lane := range lanes {
		cells, at := []tableCell{}, d.From
		for _, t := range append(lane, app.Taking{Start: d.Until}) {
			free, err := d.free(r, row.Name.Text, at, t.Start, taken, i == 0)
			if err != nil {
				return nil, err
			}
			if cells, at = append(cells, free...), t.End; t.Room == "" {
				break
			}
			cell, err := d.taken(t)
			if err != nil {
				return nil, err
			}
			cells = append(cells, cell)
		}
		row.Lanes = append(row.Lanes, cells)
	}
	return row, nil
}

// taken is what takes the Room.
func (d *tableDesk) taken(t app.Taking) (cell tableCell, err error) {
	cell = tableCell{words: d.words, Columns: d.columns(t.Start, t.End), Hours: d.clock(t.Start) + "–" + d.clock(t.End), Kind: "busy"}
	switch {
	case t.Meeting != nil:
		cell.Kind, cell.What, cell.URL = "meeting", d.title(*t.Meeting), d.Here+"meetings/"+string(t.Meeting.ID)+d.reader.query
		if t.Meeting.Status != agenda.MeetingAccepted {
			cell.State, err = d.Say("meetings_status_" + string(t.Meeting.Status))
		}
	case t.Panel != nil:
		cell.Kind, cell.What = "panel", d.reader.pick(d.RoomDay.Event.Language(), t.Panel.Title)
		if agenda.May(d.actor, agenda.EditEvent, d.RoomDay.Event.ID) {
			cell.URL = d.Here + "panels/" + string(t.Panel.ID) + d.reader.query
		}
	default:
		cell.What.Text, err = d.Say("tables_busy")
	}
	return cell, err
}

// free are the cells from one instant to another in which nothing takes a lane of the Room. In the first one a meeting can be made
// where nothing takes another lane, unless the Room is closed.
func (d *tableDesk) free(r agenda.Room, name string, from, to time.Time, taken []app.Taking, first bool) (cells []tableCell, err error) {
	for from.Before(to) {
		end := to
		if i := slices.IndexFunc(d.marks, func(at time.Time) bool { return at.After(from) }); i >= 0 && d.marks[i].Before(to) {
			end = d.marks[i]
		}
		cell := tableCell{words: d.words, Columns: d.columns(from, end), Clock: d.clock(from)}
		cell.Shut = slices.ContainsFunc(d.Shut, func(h agenda.Hold) bool {
			return h.Resource == agenda.Resource{Kind: agenda.RoomResource, ID: r.ID} && h.Start.Before(end) && from.Before(h.End)
		})
		beside := slices.ContainsFunc(taken, func(t app.Taking) bool { return t.Start.Before(end) && from.Before(t.End) })
		if first && !cell.Shut && !beside {
			if err := d.offer(&cell, r, name, from, min(to.Sub(from), tableStep)); err != nil {
				return nil, err
			}
		}
		if n := len(cells); n > 0 && cell.Make == "" && cells[n-1].Make == "" && cells[n-1].Shut == cell.Shut {
			cells[n-1].Columns += cell.Columns
		} else {
			cells = append(cells, cell)
		}
		from = end
	}
	return cells, nil
}

// offer leads to a new meeting that begins then and takes so long at most, to who may make one.
func (d *tableDesk) offer(cell *tableCell, r agenda.Room, name string, from time.Time, length time.Duration) (err error) {
	e := d.RoomDay.Event
	if length < tableLeast || !agenda.May(d.actor, agenda.EditMeetings, e.ID) {
		return nil
	}
	at := agenda.MomentOf(e.Location(), from).Wall
	cell.Make = d.Here + "meetings/new" + d.with("day", string(at.Date()), "start", at.Clock(), "minutes", strconv.Itoa(int(length.Minutes())), "room", string(r.ID))
	cell.Name, err = d.Say("tables_new", "room", name, "time", cell.Clock)
	return err
}
