package agenda

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What an Audit finds again only near what changed is what a new Board finds among all: over random histories of items that come,
// move, are cancelled and go, one or several at a time.
func TestAuditFindsWhatANewBoardFinds(t *testing.T) {
	told := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		f := newForum()
		f.people[0].Interprets, f.people[1].Buffer = []Pair{{"fr", "vi"}}, Buffer{Before: 9, After: 3}
		f.event.Frame = MeetingFrame{Turnaround: 4, WorkMinutes: 60, RestMinutes: 10}
		f.window(t, PersonResource, "hung", "00:30", "02:00")
		f.window(t, RoomResource, "b", "00:00", "02:00")
		a, _ := NewAudit(f.board())
		stored := map[itemName]Item{}
		for step := range 40 {
			var put []Item
			var gone []ItemRef
			for range 1 + r.IntN(3) {
				item := randomItem(t, f, r, ID(fmt.Sprint(r.IntN(25))))
				put = append(put, item)
				stored[itemName{item.Kind, item.ID}] = item
			}
			for name, item := range stored {
				if r.IntN(20) == 0 && !slices.ContainsFunc(put, func(i Item) bool { return i.ID == item.ID }) {
					gone = append(gone, item.ItemRef)
					delete(stored, name)
				}
			}
			if !a.Change(put, gone) {
				t.Fatal("the audit gave up")
			}
			b := f.board()
			for _, item := range stored {
				b.Put(item)
			}
			want := b.Conflicts()
			if got := a.Conflicts(); !reflect.DeepEqual(want, got) {
				t.Fatalf("seed %d, step %d (-new board +audit):\n%s", seed, step, cmp.Diff(want, got))
			}
			told += len(want)
			compareHeld(t, a.board, stored)
		}
	}
	if told < 10_000 {
		t.Errorf("only %d conflicts were looked at", told)
	}
}

func compareHeld(t *testing.T, b *Board, stored map[itemName]Item) {
	t.Helper()
	want := map[Resource]bool{}
	var first, last time.Time
	for _, item := range stored {
		if item.Kind == ElsewhereIs || !item.counts() {
			continue
		}
		for _, h := range item.Holds {
			if !h.End.After(h.Start) {
				continue
			}
			if h.Resource.Kind == PersonResource {
				want[h.Resource] = true
			}
			if first.IsZero() || h.Start.Before(first) {
				first = h.Start
			}
			if h.End.After(last) {
				last = h.End
			}
		}
	}
	people, from, to := b.Held()
	got := map[Resource]bool{}
	for _, r := range people {
		got[r] = true
	}
	if diff := cmp.Diff(want, got); diff != "" || !from.Equal(first) || !to.Equal(last) {
		t.Fatalf("held from %v to %v, want %v to %v: %s", from, to, first, last, diff)
	}
}

// Where everything clashes with everything there is nothing to remember.
func TestAuditGivesUp(t *testing.T) {
	f := newForum()
	var items []Item
	for i := range 320 {
		items = append(items, f.panel(t, ID(fmt.Sprint(i)), "a", "10:00", "11:00").Item(f.halls()))
	}
	a, list := NewAudit(f.board(items...))
	if a != nil || len(list) != MaxConflicts {
		t.Errorf("%v, %d conflicts", a, len(list))
	}
	a, _ = NewAudit(f.board(items[:300]...))
	if a == nil {
		t.Fatal("it gave up too early")
	}
	if a.Change(items[300:], nil) {
		t.Error("it goes on")
	}
}
