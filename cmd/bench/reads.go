package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// The cases that are not readings.
const (
	caseMove    = "move"
	caseCrowd   = "crowd"
	casePublish = "publish"
	caseStart   = "start"
	caseMemory  = "memory"
	caseImport  = "import"
)

// reading is an answer that is asked for again and again.
type reading struct {
	name    string // as a case
	words   string
	kind    string // of what is answered
	gzip    bool   // compressed
	known   bool   // to who asks, so that a 304 answers
	private bool
}

var readings = []reading{
	{name: "304", words: "agenda.json, 304", kind: "json", known: true},
	{name: "json", words: "agenda.json", kind: "json"},
	{name: "json-gz", words: "agenda.json, gzip", kind: "json", gzip: true},
	{name: "page-gz", words: "page, gzip", kind: "page", gzip: true},
	{name: "feed", words: "feed", kind: "feed"},
	{name: "feed-gz", words: "feed, gzip", kind: "feed", gzip: true},
	{name: "private", words: "private feed", kind: "private", private: true},
	{name: "private-304", words: "private feed, 304", kind: "private", known: true, private: true},
}

func allCases() []string {
	var names []string
	for _, r := range readings {
		names = append(names, r.name)
	}
	return append(names, caseMove, caseCrowd, casePublish, caseStart, caseMemory, caseImport)
}

// pathOf gives where Plenary has it.
func (r reading) pathOf(s *site) string {
	switch r.kind {
	case "page":
		return "/" + slug + "/?lang=en"
	case "feed":
		return "/" + slug + "/agenda.ics"
	case "private":
		return s.feed
	}
	return agendaPath
}

// fileOf gives the name of it among nginx's files.
func (r reading) fileOf() string {
	if r.gzip {
		return "/" + r.kind + ".gz"
	}
	return "/" + r.kind
}

// target is one answer of one server.
type target struct {
	reading reading
	server  *server
	path    string
	headers [][2]string
	status  int
	body    []byte
	slow    int // turns are twice as long, so many times over
	samples []sample
}

// errPlain is that a server does not compress what it is asked to.
var errPlain = errors.New("is not compressed")

// newTarget asks once, to know what will be answered.
func newTarget(ctx context.Context, r reading, s *server, path string) (*target, http.Header, error) {
	t := &target{reading: r, server: s, path: path, status: http.StatusOK}
	if r.gzip {
		t.headers = append(t.headers, [2]string{"Accept-Encoding", "gzip"})
	}
	a, err := t.ask(ctx)
	if err == nil && r.known {
		t.status = http.StatusNotModified
		t.headers = append(t.headers, [2]string{"If-None-Match", a.header.Get("ETag")})
		a, err = t.ask(ctx)
	}
	if err != nil {
		return nil, nil, err
	}
	t.body = a.body
	if r.gzip && a.status == t.status && a.header.Get("Content-Encoding") == "" {
		return nil, nil, errPlain
	}
	if compressed := a.header.Get("Content-Encoding") == "gzip"; a.status != t.status || compressed != r.gzip || (len(a.body) == 0) != r.known {
		return nil, nil, fmt.Errorf("%s: %s: %s answers %d with %d bytes, compressed: %t", s.name, r.words, path, a.status, len(a.body), compressed)
	}
	return t, a.header, nil
}

func (t *target) ask(ctx context.Context) (answer, error) {
	header := http.Header{}
	for _, h := range t.headers {
		header.Set(h[0], h[1])
	}
	return ask(ctx, &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}, http.MethodGet, t.server.base+t.path, header, nil)
}

// reads measures the readings that are wanted, of every server that has them.
func (b *bench) reads(s *site, r *sizeReport) error {
	wanted := slices.DeleteFunc(slices.Clone(readings), func(r reading) bool { return !b.wish.wants(r.name) })
	if len(wanted) == 0 {
		return nil
	}
	if b.tools.wrk == "" {
		b.report.missing("wrk is not on this machine: no reads were measured")
		return nil
	}
	targets, err := b.targets(s, wanted)
	if err != nil {
		return err
	}
	if err := b.rotate(targets); err != nil {
		return err
	}
	r.Reads = readRows(targets)
	return nil
}

// targets starts who is compared with Plenary, and finds what they are asked for.
func (b *bench) targets(s *site, wanted []reading) ([]*target, error) {
	var targets []*target
	var files []file
	for _, r := range wanted {
		t, header, err := newTarget(b.ctx, r, s.server, r.pathOf(s))
		if errors.Is(err, errPlain) {
			b.report.missing(r.words + ": Plenary does not compress it")
			continue
		}
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
		body := t.body
		if r.known { // nginx needs what is not sent
			whole, err := ask(b.ctx, s.client, http.MethodGet, s.base+t.path, nil, nil)
			if err != nil {
				return nil, err
			}
			body, header = whole.body, whole.header
		}
		f := file{r.fileOf(), header.Get("Content-Type"), header.Get("Content-Encoding"), body}
		if !slices.ContainsFunc(files, func(other file) bool { return other.path == f.path }) {
			files = append(files, f)
		}
	}
	wanted = nil
	for _, t := range targets {
		wanted = append(wanted, t.reading)
	}
	beside, err := b.besideNginx(s, wanted, files)
	if err != nil {
		return nil, err
	}
	bare, err := b.besideBare(s, wanted, files)
	if err != nil {
		return nil, err
	}
	naive, err := b.besideNaive(s, wanted)
	if err != nil {
		return nil, err
	}
	rivals, err := b.besideRivals(s, wanted)
	if err != nil {
		return nil, err
	}
	return slices.Concat(targets, beside, bare, naive, rivals), nil
}

func (b *bench) besideNginx(s *site, wanted []reading, files []file) ([]*target, error) {
	if b.tools.nginx == "" {
		b.report.missing("nginx is not on this machine: there is nothing to compare reads with")
		return nil, nil
	}
	nginx, err := b.serveNginx(s.panels, files)
	if err != nil {
		return nil, err
	}
	return b.filesOf(nginx, wanted, files)
}

// filesOf gives what a server of files is asked for, which must be the same bytes.
func (b *bench) filesOf(s *server, wanted []reading, files []file) ([]*target, error) {
	var targets []*target
	for _, r := range wanted {
		t, _, err := newTarget(b.ctx, r, s, r.fileOf())
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if f.path == t.path && !r.known && !bytes.Equal(f.body, t.body) {
				return nil, fmt.Errorf("%s answers %s with other bytes", s.name, t.path)
			}
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// besideBare measures what everybody gets from net/http with nothing around it.
func (b *bench) besideBare(s *site, wanted []reading, files []file) ([]*target, error) {
	wanted = slices.DeleteFunc(slices.Clone(wanted), func(r reading) bool { return r.private })
	if len(wanted) == 0 {
		return nil, nil
	}
	bare, err := b.startBare(s.panels, files)
	if err != nil {
		return nil, err
	}
	return b.filesOf(bare, wanted, files)
}

// besideNaive measures the naive program where it has an answer: it knows no 304.
func (b *bench) besideNaive(s *site, wanted []reading) ([]*target, error) {
	mine := slices.DeleteFunc(slices.Clone(wanted), func(r reading) bool { return r.kind != "json" || r.known })
	if len(mine) == 0 {
		return nil, nil
	}
	agenda, err := ask(b.ctx, s.client, http.MethodGet, s.base+agendaPath, nil, nil)
	if err != nil {
		return nil, err
	}
	naive, err := b.startNaive(s.panels, agenda.body)
	if err != nil {
		return nil, err
	}
	var targets []*target
	for _, r := range mine {
		t, header, err := newTarget(b.ctx, r, naive, agendaPath)
		if err != nil {
			return nil, err
		}
		if err := sameDocument(agenda.body, t.body, header.Get("Content-Encoding") == "gzip"); err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// sameDocument says whether two bodies are the same JSON.
func sameDocument(ours, theirs []byte, compressed bool) error {
	if compressed {
		z, err := gzip.NewReader(bytes.NewReader(theirs))
		if err != nil {
			return err
		}
		if theirs, err = io.ReadAll(z); err != nil {
			return err
		}
	}
	var a, b any
	if err := errors.Join(json.Unmarshal(ours, &a), json.Unmarshal(theirs, &b)); err != nil {
		return err
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("the naive program says something else than Plenary:\n%.300s\n%.300s", strings.TrimSpace(string(theirs)), ours)
	}
	return nil
}
