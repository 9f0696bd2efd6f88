package jobs

import (
	"context"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// Two programs on one database do each job once between them, and both do some.
func TestWorkersShareTheJobs(t *testing.T) {
	t.Parallel()
	const letters = 200
	url := pgtest.URL(t)
	o := newOffice(t, url)
	o.send(letters)
	other := &office{t: t}
	other.ids.Store(5000)
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	other.store, other.App = s, app.New(s, app.Options{NewID: other.newID, Now: o.now})

	var mu sync.Mutex
	sent, by := map[agenda.ID]int{}, map[string]int{}
	send := func(who string) func(context.Context, agenda.Post) error {
		return func(_ context.Context, p agenda.Post) error {
			mu.Lock()
			defer mu.Unlock()
			sent[p.ID]++
			by[who]++
			return nil
		}
	}
	stopOne, stopTwo := o.run(send("one"), 5*time.Millisecond), other.run(send("two"), 5*time.Millisecond)
	o.until(letters, agenda.MailSent)
	stopOne()
	stopTwo()
	if len(sent) != letters || by["one"]+by["two"] != letters || by["one"] == 0 || by["two"] == 0 {
		t.Errorf("%d letters were sent, by %v", len(sent), by)
	}
}
