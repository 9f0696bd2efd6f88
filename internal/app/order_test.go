package app_test

import (
	"context"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Rooms that nobody has ordered get their places once one is moved, and only what moves is another revision.
func TestOrderOfRooms(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.forum(t)
		hall, _, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Hall 0"}, Kind: agenda.RoomHall}, app.Once{})
		wantCode(t, err, "")
		order := func() string {
			rooms, _, err := w.Rooms(ctx, operator, slug, app.Page{})
			wantCode(t, err, "")
			var names []string
			for _, r := range rooms {
				names = append(names, strings.TrimPrefix(r.Name["en"], "Hall "))
			}
			return strings.Join(names, " ")
		}
		before := order()
		for _, step := range []struct {
			places int
			want   string
		}{{-9, "0 1 2"}, {1, "1 0 2"}, {1, "1 2 0"}, {1, "1 2 0"}, {-1, "1 0 2"}} {
			wantCode(t, w.OrderRoom(ctx, operator, slug, hall.ID, step.places), "")
			if got := order(); got != step.want {
				t.Fatalf("%s, then %d: %s, want %s", before, step.places, got, step.want)
			}
		}
		last := must[agenda.Room](t)(w.Room(ctx, operator, slug, hall.ID)).Revision
		wantCode(t, w.OrderRoom(ctx, operator, slug, hall.ID, 0), "")
		if now := must[agenda.Room](t)(w.Room(ctx, operator, slug, hall.ID)).Revision; now != last {
			t.Errorf("what did not move went from revision %d to %d", last, now)
		}
		wantCode(t, w.OrderRoom(ctx, operator, slug, "none", 1), agenda.NotFound)
		wantCode(t, w.OrderTrack(ctx, operator, slug, "none", 1), agenda.NotFound)
	})
}
