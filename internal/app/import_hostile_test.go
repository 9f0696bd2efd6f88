package app_test

import (
	"context"
	"fmt"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// Where everything clashes with everything, the conflicts are told up to a limit, and not published.
func TestImportOfTooManyConflicts(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := source.Programme{Format: source.CSV, Zone: "Asia/Tokyo", Rooms: []source.Room{{Key: "a", Name: in("Hall")}}}
		for n := range 400 {
			p.Items = append(p.Items, item(fmt.Sprint(n), fmt.Sprint("Talk ", n), "a", "09:00", "10:00"))
		}
		if r := w.take(t, p, app.ImportOptions{}); len(r.Conflicts) != agenda.MaxConflicts {
			t.Errorf("%d conflicts", len(r.Conflicts))
		}
		_, err := w.Publish(context.Background(), operator, "forum", nil, nil, app.Once{})
		wantCode(t, err, agenda.Taken)
	})
}

// A file that is small and takes more than can be kept is refused.
func TestImportOfTooManySpans(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := source.Programme{Format: source.CSV, Zone: "Asia/Tokyo"}
		for n := range 400 {
			key := fmt.Sprint(n)
			everywhere := item("all "+key, "Lunch", "", "12:00", "13:00")
			everywhere.AllRooms = true
			p.Rooms = append(p.Rooms, source.Room{Key: key, Name: in(key)})
			p.Items = append(p.Items, item(key, "Talk", key, "09:00", "10:00"), everywhere)
		}
		ctx := context.Background()
		_, err := w.Import(ctx, operator, p, app.ImportOptions{Slug: "forum"})
		wantCode(t, err, agenda.Invalid)
		// Nor in two files.
		all, talks := p, p
		all.Items, talks.Items = nil, nil
		for _, i := range p.Items {
			if i.AllRooms {
				all.Items = append(all.Items, i)
			} else {
				talks.Items = append(talks.Items, i)
			}
		}
		w.take(t, all, app.ImportOptions{})
		_, err = w.Import(ctx, operator, talks, app.ImportOptions{Slug: "forum", Source: "talks"})
		wantCode(t, err, agenda.Invalid)
	})
}
