package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// pulse is how often a watched Event is looked at for what others did on the same database: the commands, or another process
// that serves it.
const pulse = 3 * time.Second

// watches are the bells of those who want to hear at once of what is done at an Event. They are safe for concurrent use.
type watches struct {
	pulse time.Duration
	mu    sync.Mutex
	bells map[agenda.ID]map[chan struct{}]bool // by Event
	ends  map[agenda.ID]func()                 // the looking, by Event
}

// ring rings a bell that has room for one ring. Nobody is waited for.
func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// ring tells everybody who watches the Event. Nobody is waited for: who has not yet looked at what was told before hears of
// both at once.
func (w *watches) ring(event agenda.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for bell := range w.bells[event] {
		ring(bell)
	}
}

// ringAll tells everybody who watches anything.
func (w *watches) ringAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, bells := range w.bells {
		for bell := range bells {
			ring(bell)
		}
	}
}

// Watch gives a bell that rings after something was done at the Event, by this process at once, by another one soon. The
// watcher must call stop; once it gives back, nothing looks at the Event any more on their behalf.
func (a *App) Watch(event agenda.ID) (bell <-chan struct{}, stop func()) {
	w, mine := &a.watches, make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bells == nil {
		w.bells, w.ends = map[agenda.ID]map[chan struct{}]bool{}, map[agenda.ID]func(){}
	}
	if w.bells[event] == nil {
		w.bells[event] = map[chan struct{}]bool{}
		w.ends[event] = a.look(event)
	}
	w.bells[event][mine] = true
	return mine, sync.OnceFunc(func() { w.leave(event, mine) })
}

// leave takes a bell away, and with the last one the looking.
func (w *watches) leave(event agenda.ID, bell chan struct{}) {
	w.mu.Lock()
	delete(w.bells[event], bell)
	end := func() {}
	if len(w.bells[event]) == 0 {
		end = w.ends[event]
		delete(w.bells, event)
		delete(w.ends, event)
	}
	w.mu.Unlock()
	end() // it may be ringing, for which it needs the lock
}

// look looks at the Event again and again, and rings when what was done last is something else, until end is called.
func (a *App) look(event agenda.ID) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer func() {
			if r := recover(); r != nil {
				a.log.ErrorContext(ctx, "panic while a watched event was looked at", "event", event, "panic", r)
			}
		}()
		defer close(done)
		ticker := time.NewTicker(a.watches.pulse)
		defer ticker.Stop()
		// It rings for what it sees first as well: that may have been done since the watcher looked.
		for seen := Newest(nil); ctx.Err() == nil; {
			now, err := a.newest(ctx, event)
			switch {
			case err != nil && ctx.Err() == nil:
				a.log.WarnContext(ctx, "a watched event could not be looked at", "event", event, "error", err)
			case err == nil && !slices.Equal(now, seen):
				seen = now
				a.watches.ring(event)
			}
			select {
			case <-ctx.Done():
			case <-ticker.C:
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func (a *App) newest(ctx context.Context, event agenda.ID) (newest Newest, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		newest, err = newestOf(tx, event)
		return err
	})
	return newest, err
}

// Latest names what was done last at the Event, for an Actor who may read its draft. It is for comparing only: the Actor may
// not know of all that is done.
func (a *App) Latest(ctx context.Context, actor agenda.Actor, slug string) (newest Newest, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		newest, err = newestOf(tx, e.ID)
		return err
	})
	return newest, err
}
