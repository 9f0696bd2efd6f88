package agenda

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// crowd makes n panels without a conflict, each with three speakers, in random order: rooms and
// people grow with n, days are eight hours of 30 minutes each with a break between panels.
func crowd(n int) (*Board, []Item) {
	perRoom := max(16, min(n/20, 2000))
	f := newForum()
	f.event.EndDate, f.event.BufferMinutes = "2026-10-27", 5
	f.rooms, f.people = nil, nil
	for i := range n/perRoom + 1 {
		f.rooms = append(f.rooms, Room{ID: ID(fmt.Sprintf("01999999-aaaa-7000-8000-%012d", i)), Kind: RoomHall,
			Name: Text{"en": fmt.Sprintf("Room %d", i)}, Capacity: 200})
	}
	person := func(i, j int) ID {
		return ID(fmt.Sprintf("01999999-bbbb-7000-8000-%012d", (i/perRoom)*300+j*100+i%100))
	}
	items := make([]Item, n)
	for i := range items {
		start := time.Date(2025, 10, 27, 1, (i%16)*30, 0, 0, time.UTC).AddDate(0, 0, (i%perRoom)/16)
		p := Panel{ID: ID(fmt.Sprintf("01999999-cccc-7000-8000-%012d", i)), Code: fmt.Sprintf("P%05d", i), Format: FormatTalk,
			Title: Text{"en": "A title of the usual length", "vi": "Một tiêu đề bình thường"}, Audience: 100,
			Slot: &Slot{RoomID: f.rooms[i/perRoom].ID, Start: MomentOf(hanoi, start), End: MomentOf(hanoi, start.Add(25*time.Minute))}}
		for j := range 3 {
			p.Speakers = append(p.Speakers, Speaker{person(i, j), Panelist, Confirmed})
			f.people = append(f.people, Person{ID: person(i, j), Name: "Nguyễn Văn A"})
		}
		items[i] = p.Item(nil)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(n, func(i, j int) { items[i], items[j] = items[j], items[i] })
	return f.board(), items
}

var sizes = []int{100, 1_000, 10_000, 100_000}

// shifted gives the item moved by minutes.
func shifted(item Item, minutes int) Item {
	by := time.Duration(minutes) * time.Minute
	item.Slot.Start, item.Slot.End = MomentOf(hanoi, item.Slot.Start.At.Add(by)), MomentOf(hanoi, item.Slot.End.At.Add(by))
	holds := make([]Hold, len(item.Holds))
	for i, h := range item.Holds {
		holds[i] = Hold{Resource: h.Resource, Start: h.Start.Add(by), End: h.End.Add(by)}
	}
	item.Holds = holds
	return item
}

func BenchmarkConflictsOf(b *testing.B) {
	for _, n := range sizes {
		board, items := crowd(n)
		for _, item := range items {
			board.Put(item)
		}
		board.Conflicts()
		clashing := make([]Item, 0, 1000)
		for _, item := range items[:min(n, 1000)] {
			item = shifted(item, 15)
			item.ID += "x"
			clashing = append(clashing, item)
		}
		b.Run(fmt.Sprintf("free/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if got := board.ConflictsOf(items[i%len(items)]); got != nil {
					b.Fatal(got)
				}
			}
		})
		b.Run(fmt.Sprintf("colliding/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for i := 0; b.Loop(); i++ {
				found += len(board.ConflictsOf(clashing[i%len(clashing)]))
			}
			b.ReportMetric(float64(found)/float64(b.N), "conflicts/op")
		})
	}
}

// BenchmarkBoardPut loads a board, and moves an item on a loaded one and asks about it.
func BenchmarkBoardPut(b *testing.B) {
	for _, n := range sizes {
		empty, items := crowd(n)
		b.Run(fmt.Sprintf("load/%d", n), func(b *testing.B) {
			for b.Loop() {
				board := *empty
				board.items, board.lanes = map[itemName]*Item{}, map[Resource]*lane{}
				for _, item := range items {
					board.Put(item)
				}
				board.ConflictsOf(items[0])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/item")
		})
		b.Run(fmt.Sprintf("move/%d", n), func(b *testing.B) {
			for _, item := range items {
				empty.Put(item)
			}
			empty.Conflicts()
			there := shifted(items[0], 24*60)
			for i := 0; b.Loop(); i++ {
				item := items[0]
				if i%2 == 0 {
					item = there
				}
				empty.Put(item)
				empty.ConflictsOf(item)
			}
		})
	}
}

// BenchmarkConflicts audits a board without a conflict, and one on which a tenth has several.
func BenchmarkConflicts(b *testing.B) {
	board, items := crowd(10_000)
	for _, item := range items {
		board.Put(item)
	}
	b.Run("clean/10000", func(b *testing.B) {
		for b.Loop() {
			if got := board.Conflicts(); got != nil {
				b.Fatal(got)
			}
		}
	})
	for _, item := range items[:1000] {
		board.Put(shifted(item, 15))
	}
	b.Run("tenth/10000", func(b *testing.B) {
		found := 0
		for b.Loop() {
			found = len(board.Conflicts())
		}
		b.ReportMetric(float64(found), "conflicts")
	})
}
