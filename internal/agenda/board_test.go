package agenda

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// singleConflicts are items and what they have, with its time by the forum's clock.
var singleConflicts = map[string]struct {
	item func(t *testing.T, f *forum) Item
	want []string
}{
	"person's window covers": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "hung", "10:00", "11:00")
		return f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(nil)
	}, nil},
	"touching windows merge": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "hung", "10:30", "11:00")
		f.window(t, PersonResource, "hung", "09:00", "10:30")
		return f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(nil)
	}, nil},
	"a gap between windows": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "hung", "10:31", "12:00")
		f.window(t, PersonResource, "hung", "09:00", "10:30")
		return f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(nil)
	}, []string{"person_unavailable/person:hung/panel:1 10:30-10:31"}},
	"before all windows": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "hung", "10:20", "12:00")
		return f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(nil)
	}, []string{"person_unavailable/person:hung/panel:1 10:00-10:20"}},
	"after all windows": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "hung", "08:00", "10:00")
		return f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(nil)
	}, []string{"person_unavailable/person:hung/panel:1 10:00-11:00"}},
	"room's window": {func(t *testing.T, f *forum) Item {
		f.window(t, RoomResource, "a", "08:00", "10:45")
		return f.panel(t, "1", "a", "10:00", "11:00").Item(nil)
	}, []string{"room_unavailable/room:a/panel:1 10:45-11:00"}},
	"a closed room does not stop what spans all": {func(t *testing.T, f *forum) Item {
		f.window(t, RoomResource, "a", "2025-10-28T08:00", "2025-10-28T10:45")
		p := f.panel(t, "1", "", "10:00", "11:00")
		p.AllRooms = true
		return p.Item(f.halls())
	}, nil},
	"a meeting by a window": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "anna", "10:00", "10:15")
		return f.meeting(t, "1", "", "10:00", "10:30", "hung", "anna").Item()
	}, []string{"person_unavailable/person:anna/meeting:1 10:15-10:30"}},
	"too many people": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "a", "10:00", "11:00")
		p.Audience = 101
		return p.Item(nil)
	}, []string{"room_too_small/room:a/panel:1 10:00-11:00"}},
	"just enough seats": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "a", "10:00", "11:00")
		p.Audience = 100
		return p.Item(nil)
	}, nil},
	"unknown capacity": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "b", "10:00", "11:00")
		p.Audience = 100_000
		return p.Item(nil)
	}, nil},
	"all rooms seat anybody": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "", "10:00", "11:00")
		p.AllRooms, p.Audience = true, 100_000
		return p.Item(f.halls())
	}, nil},
	"a night that began on the last day": {func(t *testing.T, f *forum) Item {
		return f.panel(t, "1", "a", "2025-10-28T22:00", "2025-10-29T04:00").Item(nil)
	}, nil},
	"the day before": {func(t *testing.T, f *forum) Item {
		return f.panel(t, "1", "a", "2025-10-26T23:59", "10:00").Item(nil)
	}, []string{"outside_event/panel:1 23:59-10:00"}},
	"the day after": {func(t *testing.T, f *forum) Item {
		return f.panel(t, "1", "a", "2025-10-29T00:00", "2025-10-29T01:00").Item(nil)
	}, []string{"outside_event/panel:1 00:00-01:00"}},
	"no room yet": {func(t *testing.T, f *forum) Item {
		return f.panel(t, "1", "", "10:00", "11:00").Item(nil)
	}, []string{"no_room/panel:1 10:00-11:00"}},
	"no moderator": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "a", "10:00", "11:00")
		p.Format = FormatRoundtable
		return p.Item(nil)
	}, []string{"no_moderator/panel:1"}},
	"a moderator who has not answered": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "a", "10:00", "11:00")
		p.Format, p.Speakers = FormatPanel, []Speaker{{"hung", Chair, Invited}, {"anna", Panelist, Confirmed}}
		return p.Item(nil)
	}, []string{"no_moderator/panel:1"}},
	"a host moderates": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "a", "10:00", "11:00")
		p.Format, p.Speakers = FormatPanel, []Speaker{{"hung", Host, Confirmed}}
		return p.Item(nil)
	}, nil},
	"cancelled": {func(t *testing.T, f *forum) Item {
		f.window(t, RoomResource, "a", "2025-10-28T08:00", "2025-10-28T10:45")
		p := f.panel(t, "1", "a", "2025-10-29T00:00", "2025-10-29T01:00")
		p.Cancelled, p.Format, p.Audience = true, FormatPanel, 1000
		return p.Item(nil)
	}, nil},
	"unscheduled": {func(t *testing.T, f *forum) Item {
		p := f.panel(t, "1", "a", "10:00", "11:00", "hung")
		p.Slot, p.Format, p.Audience = nil, FormatPanel, 1000
		return p.Item(nil)
	}, nil},
	"elsewhere": {func(t *testing.T, f *forum) Item {
		f.window(t, PersonResource, "hung", "08:00", "09:00")
		return Item{ItemRef: ItemRef{Kind: ElsewhereIs, ID: "x"}, WantsModerator: true,
			Slot:  *slot(t, hanoi, "", "2026-01-01T10:00", "2026-01-01T11:00"),
			Holds: []Hold{{Resource{PersonResource, "hung"}, minute(0), minute(10), false}}}
	}, nil},
}

func TestSingleConflicts(t *testing.T) {
	for name, tt := range singleConflicts {
		t.Run(name, func(t *testing.T) {
			f := newForum()
			item := tt.item(t, f)
			for _, list := range [][]Conflict{f.board().ConflictsOf(item), f.board(item).ConflictsOf(item), f.board(item).Conflicts()} {
				var got []string
				for _, c := range list {
					when := ""
					if !c.Start.IsZero() {
						when = " " + c.Start.In(hanoi).Format("15:04") + "-" + c.End.In(hanoi).Format("15:04")
					}
					got = append(got, c.Key+when)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestInterventionsHoldTheirOwnTime(t *testing.T) {
	f := newForum()
	p := f.panel(t, "1", "a", "10:00", "12:00", "anna")
	p.Speakers[0].Role = Chair
	part := func(offset, minutes int, person ID) Intervention {
		return Intervention{Title: Text{"en": "x"}, Offset: &offset, Minutes: minutes,
			Speakers: []Speaker{{person, Presenter, Confirmed}}}
	}
	p.Interventions = []Intervention{part(0, 20, "hung"), part(20, 20, "anna"), part(60, 20, "hung")}
	for _, tt := range []struct {
		start, end string
		person     ID
		want       []string
	}{
		{"10:20", "10:50", "hung", []string{"walk_too_short/person:hung/panel:1/panel:2"}},
		{"10:35", "10:45", "hung", nil},
		{"10:10", "10:20", "hung", []string{"person_busy/person:hung/panel:1/panel:2"}},
		{"10:10", "11:10", "hung", []string{"person_busy/person:hung/panel:1/panel:2"}},
		{"11:30", "12:00", "hung", nil},
		{"11:30", "12:00", "anna", []string{"person_busy/person:anna/panel:1/panel:2"}},
	} {
		t.Run(tt.start+" "+string(tt.person), func(t *testing.T) {
			checkBothWays(t, f, p.Item(f.halls()), f.panel(t, "2", "b", tt.start, tt.end, tt.person).Item(f.halls()), tt.want)
		})
	}
	list := f.board(p.Item(nil)).ConflictsOf(f.panel(t, "2", "b", "10:10", "11:10", "hung").Item(nil))
	if got := list[0].End.Sub(list[0].Start); got != 10*time.Minute {
		t.Errorf("of several clashes %v is told, want the first, 10 minutes", got)
	}
}

func TestWalkIsBetweenNeighbours(t *testing.T) {
	f := newForum()
	h := f.halls()
	first, last := f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(h), f.panel(t, "3", "t1", "11:08", "12:00", "hung").Item(h)
	between := f.panel(t, "2", "b", "11:02", "11:06", "hung").Item(h)
	checkBothWays(t, f, first, last, []string{"walk_too_short/person:hung/panel:1/panel:3"})
	want := []string{"walk_too_short/person:hung/panel:1/panel:2", "walk_too_short/person:hung/panel:2/panel:3"}
	if diff := cmp.Diff(want, keysOf(f.board(first, between, last).Conflicts())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	list := f.board(first).ConflictsOf(between)
	if diff := cmp.Diff([]ID{"a", "b"}, list[0].Rooms); diff != "" || list[0].Minutes != 8 {
		t.Errorf("%d minutes missing, want 8; from, to (-want +got):\n%s", list[0].Minutes, diff)
	}
	if diff := cmp.Diff([]ID{"a", "b"}, f.board(between).ConflictsOf(first)[0].Rooms); diff != "" {
		t.Errorf("asked about the earlier one: from, to (-want +got):\n%s", diff)
	}
}

func TestSummerTime(t *testing.T) {
	f := newForum()
	f.event.Zone, f.event.StartDate, f.event.EndDate = "Europe/Berlin", "2026-03-29", "2026-10-25"
	h := f.halls()
	tests := map[string]struct {
		x, y Panel
		want []string
	}{
		"spring: 01:30 to 03:30 is one hour": {f.panel(t, "1", "a", "2026-03-29T01:30", "2026-03-29T03:30"),
			f.panel(t, "2", "a", "2026-03-29T03:00", "2026-03-29T04:00"), []string{"room_taken/room:a/panel:1/panel:2"}},
		"spring: touching over the gap": {f.panel(t, "1", "a", "2026-03-29T01:00", "2026-03-29T01:00:00Z"),
			f.panel(t, "2", "a", "2026-03-29T03:00", "2026-03-29T04:00"), nil},
		"autumn: both at 02:30, an hour apart": {f.panel(t, "1", "a", "2026-10-25T02:15:00+02:00", "2026-10-25T02:45:00+02:00"),
			f.panel(t, "2", "a", "2026-10-25T02:15:00+01:00", "2026-10-25T02:45:00+01:00"), nil},
		"autumn: the same 02:30": {f.panel(t, "1", "a", "2026-10-25T02:15:00+01:00", "2026-10-25T02:45:00+01:00"),
			f.panel(t, "2", "a", "2026-10-25T01:00", "2026-10-25T03:00"), []string{"room_taken/room:a/panel:1/panel:2"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { checkBothWays(t, f, tt.x.Item(h), tt.y.Item(h), tt.want) })
	}
	// The way from 02:50 (the first) to 02:55 (the second) takes an hour and five minutes, not five.
	x := f.panel(t, "1", "a", "2026-10-25T01:00", "2026-10-25T02:50:00+02:00", "hung").Item(h)
	checkBothWays(t, f, x, f.panel(t, "2", "b", "2026-10-25T02:55:00+01:00", "2026-10-25T04:00", "hung").Item(h), nil)
	y := f.panel(t, "2", "b", "2026-10-25T02:45:00+02:00", "2026-10-25T02:15:00+01:00", "hung").Item(h)
	want := `Nguyễn Mạnh Hùng is in "Talk 2" (25 October 02:45 +02:00–02:15 +01:00, Hall B) and in "Talk 1"` +
		` (25 October 01:00–02:50 +02:00, Hall A) at the same time: move one of them or replace them.`
	if diff := cmp.Diff(want, f.board(x).ConflictsOf(y)[0].Message); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBoardKeepsItsOwn(t *testing.T) {
	f := newForum()
	b := f.board()
	item := f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(f.halls())
	b.Put(item)
	other := f.panel(t, "2", "a", "10:30", "11:30").Item(f.halls())
	item.Holds[0].Start = item.Holds[0].End
	if len(b.ConflictsOf(other)) != 1 {
		t.Error("changing the holds of an item after Put changed the board")
	}
	b.Put(f.panel(t, "1", "a", "12:00", "13:00", "hung").Item(f.halls()))
	if got := b.ConflictsOf(other); got != nil {
		t.Errorf("the old place still counts: %v", got)
	}
	b.Put(other)
	b.Put(f.panel(t, "1", "a", "10:00", "11:00").Item(f.halls()))
	if len(b.Conflicts()) != 1 {
		t.Error("a replaced item is not found")
	}
	b.Remove(MeetingItem, "1")
	b.Remove(PanelItem, "1")
	b.Remove(PanelItem, "1")
	if got := b.Conflicts(); got != nil {
		t.Errorf("a removed item still counts: %v", got)
	}
	halls := b.Halls()
	if diff := cmp.Diff([]ID{"a", "b", "p"}, halls); diff != "" {
		t.Errorf("halls (-want +got):\n%s", diff)
	}
	halls[0] = "x"
	if b.Halls()[0] != "a" {
		t.Error("the board gave its own list away")
	}
}

// randomItem makes an item on a crowded day: short, often touching, sometimes long or of parts.
func randomItem(t *testing.T, f *forum, r *rand.Rand, id ID) Item {
	start := r.IntN(240)
	length := 1 + r.IntN(40)
	if r.IntN(20) == 0 {
		length = 300
	}
	people := []ID{"hung", "anna", "zoé", "?"}
	rooms := []ID{"a", "b", "p", "t1", "t2", "unknown"}
	s := &Slot{RoomID: rooms[r.IntN(len(rooms))], Start: MomentOf(hanoi, minute(start)), End: MomentOf(hanoi, minute(start+length))}
	switch r.IntN(6) {
	case 0:
		return Item{ItemRef: ItemRef{Kind: ElsewhereIs, ID: id},
			Holds: []Hold{{Resource{PersonResource, people[r.IntN(4)]}, s.Start.At, s.End.At, false}}}
	case 1, 2:
		m := f.meeting(t, id, "", "10:00", "11:00", people[r.IntN(2)], people[2+r.IntN(2)])
		m.Slot = s
		if r.IntN(3) == 0 {
			m.Slot.RoomID = ""
		}
		m.Status = MeetingStatuses[r.IntN(len(MeetingStatuses))]
		return m.Item()
	}
	p := f.panel(t, id, "a", "10:00", "11:00")
	p.Slot, p.AllRooms, p.Cancelled, p.Audience = s, r.IntN(6) == 0, r.IntN(8) == 0, r.IntN(200)
	p.Format = Formats[r.IntN(len(Formats))]
	if p.AllRooms && r.IntN(2) == 0 {
		p.Slot.RoomID = ""
	}
	for range r.IntN(3) {
		p.Speakers = append(p.Speakers, Speaker{people[r.IntN(4)], Roles[r.IntN(len(Roles))], SpeakerStatuses[r.IntN(4)]})
	}
	for range r.IntN(4) {
		p.Interventions = append(p.Interventions, Intervention{Minutes: 1 + r.IntN(8),
			Speakers: []Speaker{{people[r.IntN(4)], Presenter, Confirmed}}})
	}
	return p.Item(f.halls())
}

func TestBoardAgainstOracle(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		f := newForum()
		f.people[1].Buffer, f.event.Frame.Turnaround = Buffer{Before: 9, After: 3}, 4
		f.rooms[0].Turnaround = new(int)
		*f.rooms[0].Turnaround = 7
		f.window(t, PersonResource, "hung", "00:30", "02:00")
		f.window(t, PersonResource, "hung", "02:00", "03:00")
		f.window(t, RoomResource, "b", "00:00", "02:00")
		b := f.board()
		stored := map[itemName]Item{}
		for range 60 {
			item := randomItem(t, f, r, ID(fmt.Sprint(r.IntN(30))))
			b.Put(item)
			stored[itemName{item.Kind, item.ID}] = item
			if r.IntN(5) == 0 {
				for name := range stored {
					b.Remove(name.kind, name.id)
					delete(stored, name)
					break
				}
			}
			if r.IntN(3) == 0 {
				b.ConflictsOf(item)
			}
		}
		var items []Item
		for _, item := range stored {
			items = append(items, item)
		}
		compareWithOracle(t, f, b, items, seed)
		// Asking what would be gives what then is.
		for _, old := range items {
			moved := randomItem(t, f, r, old.ID)
			then := f.board(items...)
			if moved.Kind == old.Kind {
				then.Put(moved)
				if diff := cmp.Diff(then.ConflictsOf(moved), b.ConflictsOf(moved)); diff != "" {
					t.Errorf("seed %d: %s moved (-is +would be):\n%s", seed, old.ID, diff)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

func compareWithOracle(t *testing.T, f *forum, b *Board, items []Item, seed uint64) {
	t.Helper()
	want := oracle(f, items)
	union := map[string]Conflict{}
	for _, item := range items {
		of := map[string]Conflict{}
		for _, c := range b.ConflictsOf(item) {
			if _, twice := of[c.Key]; twice {
				t.Errorf("seed %d: %s is told twice", seed, c.Key)
			}
			of[c.Key], union[c.Key] = c, c
			if w, ok := want[c.Key]; !ok || w.start != c.Start.UnixMicro() || w.end != c.End.UnixMicro() || w.minutes != c.Minutes {
				if c.Kind != NoModerator {
					t.Errorf("seed %d: %s from %v to %v, %d minutes; the oracle says %+v", seed, c.Key, c.Start, c.End, c.Minutes, w)
				}
			}
		}
		for key, w := range want {
			if _, ok := of[key]; !ok && (w.x == itemName{item.Kind, item.ID} || w.y == itemName{item.Kind, item.ID}) {
				t.Errorf("seed %d: asked about %s %s, %s is missing", seed, item.Kind, item.ID, key)
			}
		}
	}
	seen := map[string]bool{}
	for _, c := range b.Conflicts() {
		if seen[c.Key] {
			t.Errorf("seed %d: the board tells %s twice", seed, c.Key)
		}
		seen[c.Key] = true
		if _, ok := union[c.Key]; !ok {
			t.Errorf("seed %d: only the board tells %s", seed, c.Key)
		}
	}
	if len(seen) != len(want) {
		t.Errorf("seed %d: the board has %d conflicts, the oracle %d", seed, len(seen), len(want))
	}
}
