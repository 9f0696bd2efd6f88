package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Imports at the same time follow each other, also where both make the event or want the same identities: one of them may
// be told that something is taken, and does all of it when it is repeated.
func TestImportsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				o := app.ImportOptions{Slug: fmt.Sprint("event-", n%2), Source: fmt.Sprint("source-", n%4)}
				for try := 0; ; try++ {
					_, err := w.Import(ctx, operator, conference(), o)
					if err == nil {
						return
					}
					if code := agenda.CodeOf(err); try == 20 || code != agenda.Taken && code != agenda.Stale && code != agenda.Unavailable {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		for n := range 2 {
			// The other source may know the panels by their identities, or have its own.
			d := w.draft(t, fmt.Sprint("event-", n))
			if len(d.Rooms) != 2 || len(d.People) != 4 || len(d.Panels) < 3 {
				t.Errorf("there are %d rooms, %d people, %d panels", len(d.Rooms), len(d.People), len(d.Panels))
			}
		}
	})
}
