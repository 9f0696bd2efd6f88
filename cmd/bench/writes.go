package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// writer moves panels of a site to and fro, and publishes.
type writer struct {
	site      *site
	revisions map[int]string // of the panels that were moved, as ETags
	away      map[int]bool   // which panels are not where they were
	next      int
	first, of int // it is one of so many, who take turns with the panels
}

// writes measures moving a panel, and publishing while somebody asks for the agenda without a pause.
func (b *bench) writes(s *site, r *sizeReport) error {
	w := &writer{site: s, revisions: map[int]string{}, away: map[int]bool{}, of: 1}
	if b.wish.wants(caseMove) {
		b.say("  moving")
		var took effort
		for i := range b.wish.edits {
			if err := b.pause(i); err != nil {
				return err
			}
			if err := took.add(w.move(b.ctx)); err != nil {
				return err
			}
		}
		r.Move = took.spread()
	}
	if b.wish.wants(caseCrowd) {
		b.say("  moving, %d at a time", crowd)
		if err := b.crowded(w, r); err != nil {
			return err
		}
	}
	if b.wish.wants(casePublish) {
		b.say("  publishing")
		return b.publishes(w, r)
	}
	return nil
}

// pause waits for quiet now and then.
func (b *bench) pause(i int) error {
	if i%10 == 0 {
		return b.waitForQuiet()
	}
	return b.ctx.Err()
}

// effort is what calls took, each until its answer, and what they cost the server together.
type effort struct {
	took []time.Duration
	used time.Duration
}

// add adds one call.
func (e *effort) add(took, used time.Duration, err error) error {
	e.took = append(e.took, took)
	e.used += used
	return err
}

// spread gives what a call took and cost. The kernel says what a process used in hundredths of a second, which evens out over many.
func (e *effort) spread() *spread {
	s := spreadOf(e.took)
	if s != nil {
		s.Cost = ms(e.used) / float64(s.Count)
	}
	return s
}

// timed calls the API, and says how long that took and what it cost the server.
func (w *writer) timed(ctx context.Context, method, path, revision string, body any) (a answer, took, used time.Duration, err error) {
	before, err := usedBy(w.site.server.pids...)
	if err != nil {
		return a, 0, 0, err
	}
	begun := time.Now()
	a, err = w.site.call(ctx, method, path, revision, body)
	took = time.Since(begun)
	if err != nil {
		return a, 0, 0, err
	}
	after, err := usedBy(w.site.server.pids...)
	return a, took, after - before, err
}

// move gives the next panel the other of its two slots, and says what that took and cost.
func (w *writer) move(ctx context.Context) (took, used time.Duration, err error) {
	i := (w.first + w.next*w.of) * 7 % w.site.panels
	w.next++
	path := "/panels/" + id("panel", i)
	if w.revisions[i] == "" {
		a, err := w.site.call(ctx, http.MethodGet, path, "", nil)
		if err != nil {
			return 0, 0, err
		}
		w.revisions[i] = a.header.Get("ETag")
	}
	room, start := w.site.slotOf(i)
	if !w.away[i] {
		start = start.Add(nudge)
	}
	slot := object{"room": room, "start": start.Format(wallClock), "end": start.Add(long).Format(wallClock)}
	a, took, used, err := w.timed(ctx, http.MethodPut, path+"/slot", w.revisions[i], slot)
	if err != nil {
		return 0, 0, err
	}
	w.revisions[i], w.away[i] = a.header.Get("ETag"), !w.away[i]
	return took, used, nil
}

// crowd is how many move panels at a time.
const crowd = 8

// crowded measures moving panels while others do, each one after the other without a pause.
func (b *bench) crowded(w *writer, r *sizeReport) error {
	if err := b.waitForQuiet(); err != nil {
		return err
	}
	took, failed := make([][]time.Duration, crowd), make([]error, crowd)
	var all sync.WaitGroup
	for k := range crowd {
		one := &writer{site: w.site, revisions: map[int]string{}, away: maps.Clone(w.away), first: k, of: crowd}
		all.Go(func() {
			for range b.wish.edits / crowd {
				d, _, err := one.move(b.ctx)
				if err != nil {
					failed[k] = err
					return
				}
				took[k] = append(took[k], d)
			}
		})
	}
	all.Wait()
	clear(w.revisions)
	for k, list := range took {
		for i := range list { // they are where the last move put them
			at := (k + i*crowd) * 7 % w.site.panels
			w.away[at] = !w.away[at]
		}
	}
	r.Crowd = spreadOf(slices.Concat(took...))
	return errors.Join(failed...)
}

// publishes moves a panel and publishes, again and again: first while nobody else asks for anything, then to find when the public sees
// it.
func (b *bench) publishes(w *writer, r *sizeReport) error {
	var alone effort
	var afterPublish, afterEdit []time.Duration
	for i := range b.wish.edits / 4 {
		if err := b.pause(i); err != nil {
			return err
		}
		if _, _, err := w.move(b.ctx); err != nil {
			return err
		}
		if err := alone.add(w.publish(b.ctx)); err != nil {
			return err
		}
	}
	for i := range b.wish.edits / 4 {
		if err := b.pause(i); err != nil {
			return err
		}
		seen, err := w.show(b.ctx)
		if err != nil {
			return err
		}
		afterPublish, afterEdit = append(afterPublish, seen.afterPublish), append(afterEdit, seen.afterEdit)
	}
	r.Publish, r.VisibleAfterPublish, r.VisibleAfterEdit = alone.spread(), spreadOf(afterPublish), spreadOf(afterEdit)
	return nil
}

// publish says what it took and cost.
func (w *writer) publish(ctx context.Context) (took, used time.Duration, err error) {
	_, took, used, err = w.timed(ctx, http.MethodPost, "/releases", "", object{})
	return took, used, err
}

// shown is how long it took until the public saw an edit, since publishing was asked for and since the edit was.
type shown struct {
	afterPublish, afterEdit time.Duration
}

// show moves a panel and publishes, while a reader asks for the agenda without a pause.
func (w *writer) show(ctx context.Context) (shown, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	look := newWatch(w.site)
	if err := look.begin(ctx); err != nil {
		return shown{}, err
	}
	edited := time.Now()
	if _, _, err := w.move(ctx); err != nil {
		return shown{}, err
	}
	asked := time.Now()
	if _, _, err := w.publish(ctx); err != nil {
		return shown{}, err
	}
	if err := <-look.done; err != nil {
		return shown{}, err
	}
	return shown{afterPublish: look.seen.Sub(asked), afterEdit: look.seen.Sub(edited)}, nil
}

// watch is a reader who asks for the agenda without a pause until it is another.
type watch struct {
	site   *site
	client *http.Client
	tag    string
	done   chan error
	seen   time.Time // valid after done
}

func newWatch(s *site) *watch {
	return &watch{site: s, client: &http.Client{Transport: &http.Transport{DisableCompression: true}}, done: make(chan error, 1)}
}

// begin reads the agenda as it is, and goes on asking.
func (w *watch) begin(ctx context.Context) error {
	a, err := w.ask(ctx)
	if err != nil {
		return err
	}
	w.tag = a.header.Get("ETag")
	if a.status != http.StatusOK || w.tag == "" {
		return fmt.Errorf("the agenda answers %d with the ETag %q", a.status, w.tag)
	}
	go func() { w.done <- w.follow(ctx) }()
	return nil
}

func (w *watch) follow(ctx context.Context) error {
	defer w.client.CloseIdleConnections()
	for {
		a, err := w.ask(ctx)
		if err != nil {
			return err
		}
		if a.status == http.StatusNotModified {
			continue
		}
		w.seen = time.Now()
		if a.status != http.StatusOK || a.header.Get("ETag") == w.tag {
			return fmt.Errorf("the agenda answers %d with the ETag %q", a.status, a.header.Get("ETag"))
		}
		return nil
	}
}

func (w *watch) ask(ctx context.Context) (answer, error) {
	header := http.Header{"Accept-Encoding": {"gzip"}}
	if w.tag != "" {
		header.Set("If-None-Match", w.tag)
	}
	return ask(ctx, w.client, http.MethodGet, w.site.base+agendaPath, header, nil)
}
