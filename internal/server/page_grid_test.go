package server

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// gridOf lays a day out; halls are "a" and "b".
func gridOf(t *testing.T, panels []panelView) *gridView {
	t.Helper()
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	v := &eventView{view: view{words: all["en"]}, event: agenda.Event{Zone: "Asia/Ho_Chi_Minh"}, rooms: map[agenda.ID]*exchange.AgendaRoom{}}
	for _, id := range []agenda.ID{"a", "b"} {
		v.document.Rooms = append(v.document.Rooms, exchange.AgendaRoom{ID: id, Name: exchange.InOneLanguage("Hall " + id)})
	}
	d := dayView{Panels: panels}
	if err := v.addGrid(&d); err != nil {
		t.Fatal(err)
	}
	return d.Grid
}

// item is a panel from and to a time of a day.
func item(id string, room agenda.ID, from, to string) panelView {
	p := panelView{ID: agenda.ID(id), RoomID: room, Start: "2025-10-27T" + from + ":00+07:00", End: "2025-10-27T" + to + ":00+07:00"}
	if room == everywhere {
		p.RoomID, p.AllRooms = "", true
	}
	return p
}

// shape writes a grid as lines: what begins in each row, with its rows and lanes.
func (g *gridView) shape() []string {
	var lines []string
	for _, r := range g.Rows {
		line := r.Clock
		for _, c := range r.Cells {
			names := "·"
			for i, p := range c.Panels {
				names = fmt.Sprint(map[bool]string{true: "", false: names + "+"}[i == 0], p.ID)
			}
			line += fmt.Sprintf(" %s/%d/%d", names, c.Rows, c.Lanes)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTheGrid(t *testing.T) {
	for name, tt := range map[string]struct {
		panels  []panelView
		columns int
		want    []string
	}{
		"two rooms and a break": {[]panelView{item("A", "a", "09:00", "10:00"), item("B", "b", "09:30", "10:00"), item("lunch", everywhere, "12:00", "13:00"), item("C", "b", "13:00", "14:00")}, 2,
			[]string{"09:00 A/2/1 ·/1/1", "09:30 B/1/1", "10:00 ·/1/1 ·/1/1", "12:00 lunch/1/2", "13:00 ·/1/1 C/1/1"}},
		"a break while a workshop goes on": {[]panelView{item("lunch", everywhere, "12:00", "13:00"), item("W", "a", "12:30", "14:00")}, 2,
			[]string{"12:00 lunch/2/1 ·/1/1", "12:30 W/2/1", "13:00 ·/1/1"}},
		"overlap in a room":     {[]panelView{item("A", "a", "09:00", "10:00"), item("B", "a", "09:30", "10:30")}, 1, []string{"09:00 A/2/1 ·/1/1", "09:30 B/2/1", "10:00 ·/1/1"}},
		"in place of another":   {[]panelView{item("A", "a", "09:00", "10:00"), item("B", "a", "09:00", "10:00")}, 1, []string{"09:00 A+B/1/1"}},
		"nothing but a plenary": {[]panelView{item("P", everywhere, "09:00", "10:00")}, 1, []string{"09:00 P/1/1"}},
		"without a room":        {[]panelView{item("A", "a", "09:00", "10:00"), item("X", "", "09:00", "10:00")}, 2, []string{"09:00 A/1/1 X/1/1"}},
	} {
		g := gridOf(t, tt.panels)
		if got := g.shape(); !slices.Equal(got, tt.want) || len(g.Columns) != tt.columns {
			t.Errorf("%s: %d columns %q, want %d %q", name, len(g.Columns), got, tt.columns, tt.want)
		}
	}
}

// Whatever the day, every cell of the table is covered once, and every panel is in it once, from its start to its end.
func TestEveryPanelHasItsPlaceInTheGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var panels []panelView
		for i := range 1 + r.IntN(12) {
			from := 8*60 + 15*r.IntN(24)
			to := from + 15*(1+r.IntN(8))
			panels = append(panels, item(fmt.Sprint("P", i), []agenda.ID{"a", "b", "", everywhere}[r.IntN(4)],
				fmt.Sprintf("%02d:%02d", from/60, from%60), fmt.Sprintf("%02d:%02d", to/60, to%60)))
		}
		g := gridOf(t, panels)
		width := 0
		for _, c := range g.Columns {
			width += c.Lanes
		}
		covered, found := map[[2]int]int{}, 0
		for i, row := range g.Rows {
			lane := 0
			for _, c := range row.Cells {
				for covered[[2]int{i, lane}] > 0 {
					lane++
				}
				for _, p := range c.Panels {
					found++
					if p.Start != row.Start || i+c.Rows < len(g.Rows) && p.End != g.Rows[i+c.Rows].Start {
						t.Fatalf("%s is from %s for %d rows: %q", p.ID, row.Start, c.Rows, g.shape())
					}
				}
				for y := range c.Rows {
					for x := range c.Lanes {
						covered[[2]int{i + y, lane + x}]++
					}
				}
				lane += c.Lanes
			}
		}
		for at, n := range covered {
			if n != 1 || at[0] >= len(g.Rows) || at[1] >= width {
				t.Fatalf("%v is covered %d times: %q", at, n, g.shape())
			}
		}
		if len(covered) != len(g.Rows)*width || found != len(panels) {
			t.Fatalf("%d of %d cells, %d of %d panels: %q", len(covered), len(g.Rows)*width, found, len(panels), g.shape())
		}
	}
}

func TestWhatIsGoingOn(t *testing.T) {
	off := item("off", "a", "11:00", "12:00")
	off.Cancelled = true
	panels := []panelView{item("late", "a", "12:00", "13:00"), item("A", "a", "09:00", "10:00"), item("B", "a", "09:30", "10:30"), off}
	at := func(clock string) string {
		now, err := time.Parse(time.RFC3339, "2025-10-27T"+clock+":00+07:00")
		if err != nil {
			t.Fatal(err)
		}
		names := func(list []panelView) (s string) {
			for _, p := range list {
				s += " " + string(p.ID)
			}
			return s
		}
		l := liveOf(panels, now)
		return "now" + names(l.Now) + " next" + names(l.Next)
	}
	for clock, want := range map[string]string{"08:00": "now next A", "09:00": "now A next B", "09:45": "now A B next off late",
		"10:00": "now B next off late", "10:30": "now next off late", "11:00": "now off next late", "13:00": "now next"} {
		if got := at(clock); got != want {
			t.Errorf("at %s: %s, want %s", clock, got, want)
		}
	}
}
