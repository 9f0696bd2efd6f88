package app

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"plenary/internal/agenda"
)

// wordEvent begins what is told when something was done at an Event; its identity follows, and who tells it.
const wordEvent = "event"

// tellPause is how long changes are gathered that are told to others at once. Who makes many writes no more than that.
const tellPause = 20 * time.Millisecond

// teller tells other programs on the same database at which Events something was done. It is safe for concurrent use.
type teller struct {
	mu      sync.Mutex
	self    string // "": nobody is told anything
	waiting map[agenda.ID]bool
	under   bool // it is being told
}

// stir lets who watches the Event know that something was done there: in this program at once, in others within moments.
func (a *App) stir(event agenda.ID) {
	a.watches.ring(event)
	t := &a.teller
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.self == "" {
		return
	}
	if t.waiting == nil {
		t.waiting = map[agenda.ID]bool{}
	}
	t.waiting[event] = true
	if !t.under {
		t.under = true
		go func() {
			defer func() {
				if r := recover(); r != nil {
					a.log.Error("panic while other programs were told of a change", "panic", r)
				}
			}()
			a.tell()
		}()
	}
}

// tell tells what waits, until nothing does.
func (a *App) tell() {
	for {
		words := a.teller.take()
		if len(words) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err := a.store.Tell(ctx, words...)
		cancel()
		// While the database is away there is nobody to tell, and who comes back looks.
		if err != nil && agenda.CodeOf(err) != agenda.Unavailable {
			a.log.Warn("other programs were not told of a change", "error", err)
		}
		time.Sleep(tellPause)
	}
}

// take gives what is to be told now; when that is nothing, who asked is done.
func (t *teller) take() (words []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for event := range t.waiting {
		words = append(words, wordEvent+" "+string(event)+" "+t.self)
	}
	clear(t.waiting)
	t.under = len(words) > 0
	return words
}

// tellOthers has [App.stir] tell other programs from now on, until stop is called.
func (a *App) tellOthers() (stop func()) {
	a.teller.call(rand.Text())
	return func() { a.teller.call("") }
}

func (t *teller) call(self string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.self = self
}

// hear takes a word that a program told. "" is that some may have been missed.
func (a *App) hear(word string) {
	if word == "" {
		a.watches.ringAll()
		return
	}
	kind, rest, _ := strings.Cut(word, " ")
	event, teller, _ := strings.Cut(rest, " ")
	if kind == wordEvent && teller != a.teller.name() { // what this one did was rung for when it was done
		a.watches.ring(agenda.ID(event))
	}
}

func (t *teller) name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.self
}
