package server

import (
	"cmp"
	"slices"
	"time"

	"plenary/internal/agenda"
)

// gridView is a day as a table: rooms as columns, time down. A row begins whenever something begins or ends.
type gridView struct {
	Columns []gridColumn
	Rows    []gridRow
}

// gridColumn is a Room. It is wider where something overlaps in it.
type gridColumn struct {
	Name  said // empty for what has no room
	URL   string
	Lanes int
}

type gridRow struct {
	Start, Clock string // RFC 3339, and by the Event's clock
	Cells        []gridCell
}

// gridCell is what begins at the row, or nothing. Panels of the same time and room share one.
type gridCell struct {
	Rows, Lanes int
	Panels      []panelView
	Wide        bool // across all rooms
}

// block is what takes one cell.
type block struct {
	panels     []panelView
	start, end time.Time
	wide       bool
}

func (b *block) overlaps(o *block) bool { return b.start.Before(o.end) && o.start.Before(b.end) }

// everywhere is the key of the column for what spans all rooms while something else takes place in one of them.
const everywhere agenda.ID = "*"

// addGrid makes the table of a day. What spans all rooms goes across all columns, unless something takes place meanwhile:
// then it has a column of its own.
func (v *eventView) addGrid(d *dayView) error {
	blocks, err := blocksOf(d.Panels)
	if err != nil {
		return err
	}
	columns := map[agenda.ID][]*block{}
	var wide []*block
	for _, b := range blocks {
		room := b.panels[0].RoomID
		if b.panels[0].AllRooms {
			alone := !slices.ContainsFunc(blocks, func(o *block) bool { return o != b && b.overlaps(o) })
			if alone {
				b.wide = true
				wide = append(wide, b)
				continue
			}
			room = everywhere
		}
		columns[room] = append(columns[room], b)
	}
	g := &gridView{}
	var lanes [][]*block
	add := func(room agenda.ID, c gridColumn) {
		if len(columns[room]) > 0 {
			laid := layLanes(columns[room], func(b *block) (from, to time.Time) { return b.start, b.end })
			c.Lanes = len(laid)
			g.Columns, lanes = append(g.Columns, c), append(lanes, laid...)
		}
	}
	all, err := v.Say("all_rooms")
	if err != nil {
		return err
	}
	add(everywhere, gridColumn{Name: said{Text: all}})
	for i := range v.document.Rooms {
		room := &v.document.Rooms[i]
		add(room.ID, gridColumn{Name: v.in(room.Name, room.TextLanguages, "name"), URL: v.roomURL(room.ID)})
	}
	add("", gridColumn{})
	if len(lanes) == 0 && len(wide) > 0 { // nothing but what spans all rooms
		g.Columns, lanes = []gridColumn{{Name: said{Text: all}, Lanes: 1}}, [][]*block{nil}
	}
	g.fill(blocks, wide, lanes, v.event.Location())
	d.Grid = g
	return nil
}

// blocksOf gathers the Panels of a day that have the same time and room.
func blocksOf(panels []panelView) ([]*block, error) {
	type place struct {
		room       agenda.ID
		all        bool
		start, end string
	}
	var blocks []*block
	known := map[place]*block{}
	for _, p := range panels {
		at := place{p.RoomID, p.AllRooms, p.Start, p.End}
		if b := known[at]; b != nil {
			b.panels = append(b.panels, p)
			continue
		}
		start, err := time.Parse(time.RFC3339, p.Start)
		if err != nil {
			return nil, err
		}
		end, err := time.Parse(time.RFC3339, p.End)
		if err != nil {
			return nil, err
		}
		b := &block{panels: []panelView{p}, start: start, end: end}
		known[at], blocks = b, append(blocks, b)
	}
	slices.SortStableFunc(blocks, func(a, b *block) int { return cmp.Or(a.start.Compare(b.start), a.end.Compare(b.end)) })
	return blocks, nil
}

// layLanes puts what is in a Room, sorted by start, into as few lanes as hold it without overlap.
func layLanes[T any](blocks []T, span func(T) (from, to time.Time)) [][]T {
	var lanes [][]T
	for _, b := range blocks {
		from, _ := span(b)
		i := slices.IndexFunc(lanes, func(lane []T) bool {
			_, to := span(lane[len(lane)-1])
			return !to.After(from)
		})
		if i < 0 {
			i = len(lanes)
			lanes = append(lanes, nil)
		}
		lanes[i] = append(lanes[i], b)
	}
	return lanes
}

// fill makes the rows. A cell that is empty reaches down to what comes next in its lane.
func (g *gridView) fill(blocks, wide []*block, lanes [][]*block, zone *time.Location) {
	var bounds []time.Time
	for _, b := range blocks {
		bounds = append(bounds, b.start, b.end)
	}
	slices.SortFunc(bounds, time.Time.Compare)
	bounds = slices.CompactFunc(bounds, time.Time.Equal)
	row := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(bounds, t, time.Time.Compare)
		return i
	}
	last := max(len(bounds)-1, 0)
	for _, at := range bounds[:last] {
		g.Rows = append(g.Rows, gridRow{Start: at.In(zone).Format(time.RFC3339), Clock: at.In(zone).Format("15:04")})
	}
	across := make([]bool, last)
	for _, b := range wide {
		i := row(b.start)
		across[i] = true // one row: whatever began or ended meanwhile would overlap
		g.Rows[i].Cells = []gridCell{{Rows: 1, Lanes: len(lanes), Panels: b.panels, Wide: true}}
	}
	cells := make([][]gridCell, last) // by row, those of the lanes from left to right
	for _, lane := range lanes {
		for i, next := 0, 0; i < last; {
			switch {
			case across[i]:
				i++
			case next < len(lane) && row(lane[next].start) == i:
				end := row(lane[next].end)
				cells[i] = append(cells[i], gridCell{Rows: end - i, Lanes: 1, Panels: lane[next].panels})
				i, next = end, next+1
			default:
				end := i + 1
				for end < last && !across[end] && (next >= len(lane) || row(lane[next].start) > end) {
					end++
				}
				cells[i] = append(cells[i], gridCell{Rows: end - i, Lanes: 1})
				i = end
			}
		}
	}
	for i := range cells {
		if !across[i] {
			g.Rows[i].Cells = cells[i]
		}
	}
}
