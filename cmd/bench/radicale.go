package main

import (
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"time"
)

const radicaleConfig = `[server]
hosts = %s
[auth]
type = none
[storage]
filesystem_folder = %s
[web]
type = none
[logging]
level = error
`

// besideRadicale starts Radicale with the entries of the feed, and asks for all of them.
func (b *bench) besideRadicale(s *site, r reading) (*target, error) {
	b.say("  filling Radicale")
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("radicale-%d", s.panels)
	config, err := b.keep(name+"/config", fmt.Appendf(nil, radicaleConfig, address, filepath.Join(b.dir, name)))
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	c, err := b.start("radicale", nil, b.tools.radicale, "--config", config)
	if err != nil {
		return nil, err
	}
	// An unknown address answers 404 and "/" leads elsewhere, so the first good answer is that of a collection.
	if _, err := b.ready(c, begun, "http://"+address+"/.web/"); err != nil {
		return nil, err
	}
	feed, err := ask(b.ctx, s.client, http.MethodGet, s.base+r.pathOf(s), nil, nil)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {"text/calendar; charset=utf-8"}, "Authorization": {"Basic YmVuY2g6eA=="}} // whoever it is
	put, err := ask(b.ctx, s.client, http.MethodPut, "http://"+address+"/bench/agenda/", header, bytes.NewReader(feed.body))
	if err != nil {
		return nil, err
	}
	if put.status != http.StatusCreated {
		return nil, fmt.Errorf("radicale: %d: %s: %s", put.status, put.body, c.said)
	}
	rival := &server{name: radicaleName, child: c, pids: []int{c.pid()}, base: "http://" + address, conns: fewConns}
	t, _, err := newTarget(b.ctx, r, rival, "/bench/agenda/")
	if err != nil {
		return nil, err
	}
	if entry := []byte("BEGIN:VEVENT"); bytes.Count(t.body, entry) != bytes.Count(feed.body, entry) {
		return nil, fmt.Errorf("radicale answers with %d entries of %d", bytes.Count(t.body, entry), bytes.Count(feed.body, entry))
	}
	return t, nil
}
