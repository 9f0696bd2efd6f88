package app_test

import (
	"context"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// stamp gives the revision of a Panel's calendar entry in English.
func (w world) stamp(t *testing.T, p agenda.Panel) agenda.Stamp {
	t.Helper()
	var stamp agenda.Stamp
	err := w.store.Read(context.Background(), func(tx *store.Tx) error {
		stamps, err := tx.StampsIn(p.EventID, "en")
		stamp = stamps.Of(p.UID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stamp
}

func (w world) publish(t *testing.T) {
	t.Helper()
	w.pass(time.Hour)
	must[app.Publication](t)(w.Publish(context.Background(), operator, slug, nil, nil, app.Once{}))
}

// The revision of a calendar entry rises with what subscribers see of it, and only then.
func TestStampsFollowPublications(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		w.publish(t)
		first, other := w.stamp(t, f.panels[0]), w.stamp(t, f.panels[1])
		step := func(what string, sequence int, modified bool, change func()) {
			t.Helper()
			before := w.stamp(t, f.panels[0])
			change()
			w.publish(t)
			now := w.stamp(t, f.panels[0])
			if now.Sequence != sequence || now.Modified.After(before.Modified) != modified || now.UID != first.UID || !now.Created.Equal(first.Created) {
				t.Errorf("%s: sequence %d (want %d), modified %v after %v (want later: %v)", what, now.Sequence, sequence, now.Modified, before.Modified, modified)
			}
			if now := w.stamp(t, f.panels[1]); now != other {
				t.Errorf("%s: the other panel's stamp changed", what)
			}
		}
		step("nothing", 0, false, func() {})
		step("renamed room", 0, true, func() {
			f.rooms[0].Name = agenda.Text{"en": "Great hall"}
			must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, app.Match{Any: true}, f.rooms[0]))
		})
		step("new title of the speaker", 0, true, func() {
			f.people[0].JobTitle = agenda.Text{"en": "Minister"}
			must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, app.Match{Any: true}, f.people[0]))
		})
		step("moved", 1, true, func() {
			must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: f.panels[0].ID, Match: app.Match{Any: true},
				Slot: f.at(0, "2026-03-28T14:00", "2026-03-28T15:00")}))
		})
		step("cancelled", 2, true, func() {
			must[app.PanelResult](t)(w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, f.panels[0].ID, true, nil))
		})
		step("restored", 3, true, func() {
			must[app.PanelResult](t)(w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, f.panels[0].ID, false, nil))
		})
		step("unscheduled", 4, true, func() {
			must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: f.panels[0].ID, Match: app.Match{Any: true}}))
		})
		step("back", 5, true, func() {
			must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: f.panels[0].ID, Match: app.Match{Any: true},
				Slot: f.at(0, "2026-03-28T14:00", "2026-03-28T15:00")}))
		})
	})
}

func TestCreatesHappenOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.forum(t)
		once := app.Once{Key: "k1", Fingerprint: "f1"}
		first, replayed, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Annex"}, Kind: agenda.RoomHall}, once)
		if err != nil || replayed {
			t.Fatal(replayed, err)
		}
		second, replayed, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Annex"}, Kind: agenda.RoomHall}, once)
		if err != nil || !replayed || second.ID != first.ID {
			t.Fatalf("the repeat made %s (replayed %v, %v), want %s", second.ID, replayed, err, first.ID)
		}
		_, _, err = w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Other"}, Kind: agenda.RoomHall}, app.Once{Key: "k1", Fingerprint: "f2"})
		wantCode(t, err, agenda.Taken)
		if _, secret, err := w.OpenFeed(ctx, operator, slug, agenda.Feed{PersonID: "nobody"}, app.Once{}); agenda.CodeOf(err) != agenda.Invalid || secret != "" {
			t.Fatalf("a feed of nobody: %q, %v", secret, err)
		}
	})
}

// A government may change its clock: a program that knows of it derives the instants of what is planned again.
func TestADraftFollowsItsWallClock(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		w.publish(t)
		p := f.panels[0]
		late := *p.Slot
		late.Start.At, late.End.At = late.Start.At.Add(time.Hour), late.End.At.Add(time.Hour)
		planned := p.Slot
		p.Slot, p.Revision = &late, p.Revision+1
		if err := w.store.Write(ctx, func(tx *store.Tx) error { return tx.MovePanel(p) }); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time nothing is to be done
			if err := w.RenewCalendars(ctx, "https://agenda.example"); err != nil {
				t.Fatal(err)
			}
			now := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, p.ID))
			if !now.Panel.Slot.Equal(*planned) || now.Panel.Revision != p.Revision+1 {
				t.Errorf("at %v in revision %d, want %v in %d", now.Panel.Slot, now.Panel.Revision, planned, p.Revision+1)
			}
		}
	})
}
