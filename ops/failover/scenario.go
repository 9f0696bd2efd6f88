//go:build linux

package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// scenario is what happens under load, and how long it may take until somebody succeeds again.
type scenario struct {
	name string
	bar  time.Duration
	act  func(*drill) error // gives back when all is as before
}

var scenarios = []scenario{
	{"replica killed", time.Second, (*drill).loseReplica},
	{"switchover", 5 * time.Second, func(d *drill) error { return d.cluster.switchover() }},
	{"standby killed", 30 * time.Second, func(d *drill) error { return d.loseNode("sync_standby", (*cluster).crash) }},
	{"primary killed", 30 * time.Second, func(d *drill) error { return d.loseNode("leader", (*cluster).crash) }},
	{"primary frozen", time.Minute, func(d *drill) error { return d.loseNode("leader", (*cluster).freeze) }},
}

// scene plays a scenario and writes a line of the table. Its answer is whether all was as it must be.
func (d *drill) scene(w io.Writer, s scenario) (fine bool, err error) {
	if err := d.cluster.whole(2 * time.Minute); err != nil {
		return false, err
	}
	l := d.burden()
	time.Sleep(d.after)
	failed := s.act(d)
	time.Sleep(d.after)
	l.end()
	if failed != nil {
		return false, failed
	}
	lost, twice, err := d.missing(l.acked)
	if err != nil {
		return false, err
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", s.name, len(l.acked), lost, twice, round(l.writing.longest), s.bar,
		l.writing.instead(), round(max(l.writing.slowest, l.public.slowest)), l.public.good, l.public.instead(), round(l.public.longest))
	return lost == 0 && twice == 0 && l.writing.longest <= s.bar && l.writing.bad["500"] == 0 && len(l.public.bad) == 0, nil
}

func round(t time.Duration) time.Duration { return t.Round(time.Millisecond) }

// loseReplica kills one replica, and starts it again after a while.
func (d *drill) loseReplica() error {
	r := d.replicas[0]
	r.process.kill()
	time.Sleep(3 * time.Second)
	return d.serve(r)
}

// loseNode loses the node in a role, waits until the other one is enough, and lets it come again.
func (d *drill) loseNode(role string, lose func(*cluster, *node) error) error {
	n, err := d.cluster.with(role)
	if err != nil {
		return err
	}
	if err := lose(d.cluster, n); err != nil {
		return err
	}
	if err := await("another primary", time.Minute, func() (bool, error) {
		now, err := d.cluster.leader()
		return err == nil && now != n, err
	}); err != nil {
		return err
	}
	if err := await("an acknowledged write", time.Minute, func() (bool, error) {
		return d.create(quick, fmt.Sprint("after round ", d.rounds, " with ", n.name, " gone")) == "", nil
	}); err != nil {
		return err
	}
	time.Sleep(d.after)
	if err := d.cluster.crash(n); err != nil { // what was frozen does not thaw
		return err
	}
	if err := d.cluster.startAgent(n); err != nil {
		return err
	}
	return d.cluster.whole(2 * time.Minute)
}

// spread publishes at one replica and looks when the other one shows it.
func (d *drill) spread() (fine bool, err error) {
	const bar = 500 * time.Millisecond
	a, b := d.replicas[0], d.replicas[1]
	c := &http.Client{Timeout: 10 * time.Second}
	var took []time.Duration
	tag, err := tagOf(c, b)
	if err != nil {
		return false, err
	}
	for range d.changes {
		r, err := http.NewRequest(http.MethodPost, a.base()+"/api/v1/events/"+readersEvent+"/releases", strings.NewReader(`{"letters": "nobody"}`))
		if err != nil {
			return false, err
		}
		r.Header.Set("Authorization", "Bearer "+d.token)
		r.Header.Set("Content-Type", "application/json")
		if _, instead := answer(c, r, http.StatusCreated); instead != "" {
			return false, fmt.Errorf("publishing was answered with %s", instead)
		}
		published := time.Now()
		for was := tag; tag == was; time.Sleep(time.Millisecond) {
			if tag, err = tagOf(c, b); err != nil {
				return false, err
			}
			if time.Since(published) > 10*time.Second {
				return false, fmt.Errorf("the other replica does not show what was published 10 s ago")
			}
		}
		took = append(took, time.Since(published))
	}
	p99 := quantile(took, 0.99)
	fmt.Printf("\npublished at one replica, seen at the other: %d changes, p50 %s, p99 %s (bar %s), longest %s\n", len(took),
		round(quantile(took, 0.5)), round(p99), bar, round(quantile(took, 1)))
	return p99 <= bar, nil
}

// tagOf gives the ETag of what a replica shows.
func tagOf(c *http.Client, at *replica) (string, error) {
	r, err := http.NewRequest(http.MethodGet, at.base()+"/"+readersEvent+"/agenda.json", nil)
	if err != nil {
		return "", err
	}
	h, instead := answer(c, r, http.StatusOK)
	if instead != "" {
		return "", fmt.Errorf("replica %s answers with %s", at.name, instead)
	}
	return h.Get("Etag"), nil
}
