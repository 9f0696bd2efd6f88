package app_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func TestAReleaseIsDecodedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.forum(t)
		w.publish(t)
		w.publish(t)
		for _, number := range []int{1, 2} {
			first := must[*agenda.Release](t)(w.PublishedNumber(t.Context(), slug, number))
			if again := must[*agenda.Release](t)(w.PublishedNumber(t.Context(), slug, number)); again != first {
				t.Errorf("release %d is decoded a second time", number)
			}
		}
	})
}

// What each Release changed is the difference to the one before, whether it was kept, is worked out now, or was changed by an erasure.
func TestTheHistoryIsTheDifferencesOfReleases(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		d := &drafter{w, rand.New(rand.NewPCG(8, 2)), t, w.forum(t), agenda.Meeting{}}
		d.begin()
		check := func(until, want int) {
			t.Helper()
			h, err := w.PublishedHistory(ctx, slug, until)
			if err != nil {
				t.Fatal(err)
			}
			if len(h.Steps) != want {
				t.Fatalf("%d steps until %d, want %d", len(h.Steps), until, want)
			}
			var before *agenda.Snapshot
			for i, step := range h.Steps {
				r := must[*agenda.Release](t)(w.PublishedNumber(ctx, slug, i+1))
				if diff := cmp.Diff(agenda.Diff(before, &r.Snapshot), step.Changes); diff != "" || step.State() != r.State() || step.Number != i+1 || !step.Published.Equal(r.Published) {
					t.Fatalf("release %d (-its own +history):\n%s", i+1, diff)
				}
				before = &r.Snapshot
			}
			if diff := cmp.Diff(before.Event, h.Event); diff != "" {
				t.Error(diff)
			}
		}
		for range 11 { // more than are kept
			d.change()
			w.pass(time.Duration(1+d.IntN(4000)) * time.Second)
			d.publish()
		}
		check(math.MaxInt, 12)
		d.change()
		d.publish()
		check(5, 5)
		check(math.MaxInt, 13)
		whole := must[agenda.History](t)(w.PublishedHistory(ctx, slug, 13))
		for range 2 { // worked out, and kept
			h, err := app.HistoryWithin(w.App, ctx, slug, 13, 2, 3)
			if err != nil {
				t.Fatal(err)
			}
			told := 0
			for i := 12; i >= 0; i-- {
				want := whole.Steps[i]
				if i < 11 && told >= 3 {
					want.Changes, want.LeftOut = nil, len(want.Changes)
				}
				told += len(want.Changes) + want.LeftOut
				if diff := cmp.Diff(want, h.Steps[i], cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(agenda.Snapshot{})); diff != "" {
					t.Errorf("within bounds, release %d (-want +got):\n%s", i+1, diff)
				}
			}
			if h.Steps[0].LeftOut == 0 {
				t.Error("nothing was left out")
			}
		}
		gone := must[agenda.Person](t)(w.Person(ctx, operator, slug, d.f.people[0].ID))
		if _, err := w.ErasePerson(ctx, operator, slug, anyMatch, gone.ID, gone.Name); err != nil {
			t.Fatal(err)
		}
		check(13, 13)
		if _, err := w.PublishedHistory(ctx, slug, 0); agenda.CodeOf(err) != agenda.NotFound {
			t.Error("of no release:", err)
		}
	})
}
