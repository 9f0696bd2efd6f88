package app

import (
	"cmp"
	"context"
	"sync"
	"time"

	"plenary/internal/store"
)

// publicPulse is how often it is looked at what the public sees, for what others did on the same database and nobody told.
const publicPulse = 500 * time.Millisecond

// FollowPublic calls changed whenever what the public sees has changed: before the method gives back that did it in this program; for
// what other programs do on the same database within a second, on PostgreSQL mostly within milliseconds. It may call it when nothing
// has changed. It goes on until ctx is done or stop is called, which waits for its end.
func (a *App) FollowPublic(ctx context.Context, changed func()) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	told := make(chan struct{}, 1)
	quiet := a.store.OnPublic(func() {
		changed()
		ring(told) // so that what is seen is known, before it would be looked for
	})
	seen := a.publicState(ctx, "")
	var wait sync.WaitGroup
	for _, work := range []func(){
		func() { a.lookAtPublic(ctx, seen, told, changed) },
		func() {
			defer a.tellOthers()() // as they tell this program
			a.store.Listen(ctx, func(word string) {
				a.hear(word)
				switch word {
				case store.WordPublic:
					changed() // at once
				case "":
				default:
					return
				}
				ring(told) // to look for what was missed
			})
		},
	} {
		wait.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					a.log.ErrorContext(ctx, "panic while it was looked for what the public sees", "panic", r)
				}
			}()
			work()
		})
	}
	return func() {
		cancel()
		quiet()
		wait.Wait()
	}
}

// lookAtPublic looks again and again, and when it is told to, whether what the public sees is still what was seen.
func (a *App) lookAtPublic(ctx context.Context, seen string, told <-chan struct{}, changed func()) {
	ticker := time.NewTicker(cmp.Or(a.publicPulse, publicPulse))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-told:
		case <-ticker.C:
		}
		if now := a.publicState(ctx, seen); now != seen {
			seen = now
			changed()
		}
	}
}

// publicState gives what the public sees now, for comparing; what was seen, when the database does not say.
func (a *App) publicState(ctx context.Context, seen string) (now string) {
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		now, err = tx.PublicState()
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			a.log.DebugContext(ctx, "it could not be looked at what the public sees", "error", err)
		}
		return seen
	}
	return now
}
