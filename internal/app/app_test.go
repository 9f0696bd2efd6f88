package app_test

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

func encode(t *testing.T, b exchange.Bundle) string {
	t.Helper()
	var out bytes.Buffer
	if err := exchange.EncodeBundle(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A whole event goes from SQLite to either database without losing a byte.
func TestTransferLosesNothing(t *testing.T) {
	ctx := context.Background()
	first := open(t, filepath.Join(t.TempDir(), "a.db"))
	bundle := demo(t)
	must[agenda.Event](t)(first.ImportEvent(ctx, operator, bundle, ""))
	event := bundle.Draft.Event.Slug
	must[app.Publication](t)(first.Publish(ctx, operator, event, agenda.Text{"en": "First", "vi": "Lần đầu"}, nil, app.Once{}))
	if _, _, err := first.OpenFeed(ctx, operator, event, agenda.Feed{PersonID: bundle.Draft.People[0].ID, FeedSettings: agenda.FeedSettings{Name: "Phone"}}, app.Once{}); err != nil {
		t.Fatal(err)
	}
	if b := must[exchange.Bundle](t)(first.ExportEvent(ctx, operator, event)); b.LetterRule.Revision != 0 {
		t.Errorf("a rule that nobody set is told: %+v", b.LetterRule)
	}
	rule := must[agenda.LetterRule](t)(first.SetLetterRule(ctx, operator, event, app.Match{Any: true}, agenda.LetterRule{Mode: agenda.LettersSmall, Delay: 7, Leads: []int{60, 15}, HoldMeetings: true}))
	want := encode(t, must[exchange.Bundle](t)(first.ExportEvent(ctx, operator, event)))

	onBoth(t, func(t *testing.T, next world) {
		moved, err := exchange.DecodeBundle(strings.NewReader(want))
		if err != nil {
			t.Fatal(err)
		}
		must[agenda.Event](t)(next.ImportEvent(ctx, operator, moved, ""))
		got := encode(t, must[exchange.Bundle](t)(next.ExportEvent(ctx, operator, event)))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("after the move to %s (-want +got):\n%s", next.store.Dialect(), diff)
		}
		if diff := cmp.Diff(rule, must[agenda.LetterRule](t)(next.LetterRule(ctx, operator, event))); diff != "" {
			t.Error(diff)
		}
		_, err = next.ImportEvent(ctx, operator, moved, "elsewhere")
		wantCode(t, err, agenda.Taken)
	})
}

func TestPublishRefusesConflictsUnlessAcknowledged(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		moved := must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: f.panels[1].ID, Match: app.Revision(1),
			Slot: f.at(0, "2026-03-28T10:30", "2026-03-28T11:30")}))
		if len(moved.Conflicts) != 1 || moved.Conflicts[0].Kind != agenda.RoomTaken {
			t.Fatalf("conflicts are %v, want the room taken", moved.Conflicts)
		}
		_, err := w.Publish(ctx, operator, slug, nil, nil, app.Once{})
		open, _ := wantCode(t, err, agenda.Taken).Current.([]agenda.Conflict)
		if diff := cmp.Diff(moved.Conflicts[0].Key, open[0].Key); diff != "" {
			t.Fatal(diff)
		}
		if _, err := w.Published(ctx, slug); agenda.CodeOf(err) != agenda.NotFound {
			t.Fatalf("something was published: %v", err)
		}
		done := must[app.Publication](t)(w.Publish(ctx, operator, slug, nil, []string{open[0].Key}, app.Once{}))
		if done.Release.Number != 1 || len(done.Changes) != 2 {
			t.Fatalf("release %d with %d changes, want 1 with 2", done.Release.Number, len(done.Changes))
		}
	})
}

func TestBulkMoveSwapsOrDoesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		swap := []app.Move{
			{PanelID: f.panels[0].ID, Match: app.Revision(1), Slot: f.at(1, "2026-03-28T10:00", "2026-03-28T11:00")},
			{PanelID: f.panels[1].ID, Match: app.Revision(1), Slot: f.at(0, "2026-03-28T10:00", "2026-03-28T11:00")},
		}
		for _, r := range must[[]app.PanelResult](t)(w.MovePanels(ctx, operator, slug, swap)) {
			if len(r.Conflicts) != 0 || r.Panel.Revision != 2 {
				t.Errorf("after the swap %s is at revision %d with conflicts %v", r.Panel.Code, r.Panel.Revision, r.Conflicts)
			}
		}
		// One of two moves is impossible: neither happens.
		_, err := w.MovePanels(ctx, operator, slug, []app.Move{
			{PanelID: f.panels[0].ID, Match: app.Revision(2), Slot: f.at(0, "2026-03-28T12:00", "2026-03-28T13:00")},
			{PanelID: f.panels[1].ID, Match: app.Revision(2), Slot: f.at(0, "2026-03-29T02:30", "2026-03-29T04:00")},
		})
		e := wantCode(t, err, agenda.Invalid)
		if len(e.Faults) != 1 || e.Faults[0].Pointer != "/moves/1/slot/start" {
			t.Fatalf("faults are %v, want one at /moves/1/slot/start", e.Faults)
		}
		got := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, f.panels[0].ID))
		if got.Panel.Revision != 2 || got.Panel.Slot.Start.Wall.Clock() != "10:00" {
			t.Fatalf("the possible move happened alone: %+v", got.Panel.Slot)
		}
	})
}

// When the zone of an event changes, its clocks stay and the instants move, with what is held of them.
func TestZoneChangeKeepsTheWallClock(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		e.Zone = "Asia/Ho_Chi_Minh"
		must[agenda.Event](t)(w.EditEvent(ctx, operator, slug, app.Revision(1), e))
		got := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, f.panels[0].ID)).Panel.Slot.Start
		if got.Wall != "2026-03-28T10:00:00" || !got.At.Equal(time.Date(2026, 3, 28, 3, 0, 0, 0, time.UTC)) {
			t.Fatalf("the panel begins at %+v, want 10:00 at +07:00", got)
		}
		moved := must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: f.panels[1].ID, Match: app.Match{Any: true},
			Slot: f.at(0, "2026-03-28T10:59", "2026-03-28T12:00")}))
		if len(moved.Conflicts) != 1 || moved.Conflicts[0].Kind != agenda.RoomTaken {
			t.Fatalf("conflicts are %v: what is held did not move along", moved.Conflicts)
		}
		// 02:30 on 29 March is no time in Paris: the zone can't change back while a panel is then.
		must[app.PanelResult](t)(w.MovePanel(ctx, operator, slug, app.Move{PanelID: f.panels[1].ID, Match: app.Match{Any: true},
			Slot: f.at(0, "2026-03-29T02:30", "2026-03-29T04:00")}))
		e.Zone = "Europe/Paris"
		_, err := w.EditEvent(ctx, operator, slug, app.Match{Any: true}, e)
		wantCode(t, err, agenda.Invalid)
		if now := must[agenda.Event](t)(w.Event(ctx, operator, slug)); now.Zone != "Asia/Ho_Chi_Minh" || now.Revision != 2 {
			t.Fatalf("the refused change left the event at zone %s, revision %d", now.Zone, now.Revision)
		}
	})
}

func TestTwentyMovesFromOneRevision(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f := w.forum(t)
		codes := make([]agenda.Code, 20)
		var racers sync.WaitGroup
		for i := range codes {
			racers.Go(func() {
				_, err := w.MovePanel(context.Background(), operator, slug, app.Move{PanelID: f.panels[0].ID, Match: app.Revision(1),
					Slot: f.at(i%2, "2026-03-29T10:00", "2026-03-29T11:00")})
				codes[i] = agenda.CodeOf(err)
			})
		}
		racers.Wait()
		slices.Sort(codes)
		want := append([]agenda.Code{""}, slices.Repeat([]agenda.Code{agenda.Stale}, 19)...)
		if diff := cmp.Diff(want, codes); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A person of two events is in one place at a time, and the one event learns no more of the other.
func TestConflictElsewhereTellsOnlyTheTime(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		other, _, err := w.CreateEvent(ctx, operator, agenda.Event{Slug: "secret-summit", Name: agenda.Text{"en": "Secret summit"}, Zone: "Europe/Paris",
			StartDate: "2026-03-28", EndDate: "2026-03-28", Languages: []string{"en"}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		err = w.store.Write(ctx, func(tx *store.Tx) error { return tx.AddParticipant(other.ID, f.people[0].ID) })
		if err != nil {
			t.Fatal(err)
		}
		r, err := w.CreatePanel(ctx, operator, "secret-summit", agenda.Panel{Title: agenda.Text{"en": "Hidden talk"}, Format: agenda.FormatTalk, AllRooms: true,
			Speakers: []agenda.Speaker{{PersonID: f.people[0].ID, Role: agenda.Presenter, Status: agenda.Confirmed}}},
			&app.SlotRequest{Start: "2026-03-28T10:30", End: "2026-03-28T12:00"}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Conflicts) != 1 || strings.Contains(r.Conflicts[0].Message, "Talk 1") {
			t.Fatalf("conflicts are %v, want one that does not name the other event's panel", r.Conflicts)
		}
		_, all, err := w.Conflicts(ctx, operator, slug)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 1 || all[0].Kind != agenda.PersonBusy || strings.Contains(all[0].Message, "Hidden") || strings.Contains(all[0].Message, "summit") {
			t.Fatalf("conflicts are %v, want one that tells only the time", all)
		}
	})
}
