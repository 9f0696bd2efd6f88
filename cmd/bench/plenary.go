package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// server is one of those that are compared.
type server struct {
	name  string
	child *child
	pids  []int         // the processes that answer
	base  string        // its address
	conns int           // how many connections ask it at a time
	ready time.Duration // how long it took from its start to the first answer, where that is known
}

// The connections that ask at a time: fewer where each answer is made anew, since they would only wait for each other.
const (
	manyConns = 32
	fewConns  = 8
)

const plenaryName = "Plenary"

// site is an installation with one published event.
type site struct {
	*maker
	database string
	base     string
	env      []string
	token    string
	feed     string // path of the private feed
	server   *server
	client   *http.Client
}

// install fills a database as operators do: with the program's own commands.
func (b *bench) install(n int) (*site, error) {
	b.say("%d panels: filling", n)
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &site{maker: newMaker(n), database: filepath.Join(b.dir, fmt.Sprintf("plenary-%d.db", n)), base: "http://" + address,
		client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
	// The log of nginx is off too.
	s.env = []string{"PLENARY_DATABASE=" + s.database, "PLENARY_ADDR=" + address, "PLENARY_RATE_LIMIT=off", "PLENARY_LOG_LEVEL=error"}
	event, err := s.bundle()
	if err != nil {
		return nil, err
	}
	file, err := b.keep(fmt.Sprintf("event-%d.json", n), event)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"import", file}, {"publish", slug}, {"token", "create", "--name", "bench"}} {
		out, err := b.output(s.env, append([]string{b.program}, args...)...)
		if err != nil {
			return nil, err
		}
		s.token = strings.TrimSpace(out) // of the last
	}
	return s, nil
}

// servePlenary starts the program and waits until it answers.
func (b *bench) servePlenary(s *site) (*server, error) {
	begun := time.Now()
	c, err := b.start("plenary", s.env, b.program, "serve")
	if err != nil {
		return nil, err
	}
	if _, err := b.ready(c, begun, s.base+agendaPath); err != nil {
		return nil, err
	}
	return &server{name: plenaryName, child: c, pids: []int{c.pid()}, base: s.base, conns: manyConns}, nil
}

const agendaPath = "/" + slug + "/agenda.json"

// openFeed opens the private feed of the first person and gives its path.
func (s *site) openFeed(ctx context.Context) (string, error) {
	a, err := s.call(ctx, http.MethodPost, "/feeds", "", object{"person": id("person", 0), "name": "Phone", "meetings": true})
	if err != nil {
		return "", err
	}
	var made struct{ URL string }
	if err := json.Unmarshal(a.body, &made); err != nil {
		return "", err
	}
	return strings.TrimPrefix(made.URL, s.base), nil
}

// call asks the API about the event, with the revision that is to be changed or with "".
func (s *site) call(ctx context.Context, method, path, revision string, body any) (answer, error) {
	header := http.Header{"Authorization": {"Bearer " + s.token}}
	if revision != "" {
		header.Set("If-Match", revision)
	}
	var text io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		header.Set("Content-Type", "application/json")
		text = bytes.NewReader(data)
	}
	a, err := ask(ctx, s.client, method, s.base+"/api/v1/events/"+slug+path, header, text)
	if err == nil && a.status/100 != 2 {
		err = fmt.Errorf("%s %s: %d: %.1000s", method, path, a.status, a.body)
	}
	return a, err
}

// answer is what a server answered.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func ask(ctx context.Context, client *http.Client, method, url string, header http.Header, body io.Reader) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, body) // #nosec G704 -- servers of the bench's own
	if err != nil {
		return answer{}, err
	}
	if header != nil {
		r.Header = header
	}
	resp, err := client.Do(r) // #nosec G704 -- servers of the bench's own
	if err != nil {
		return answer{}, err
	}
	read, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, read}, errors.Join(err, resp.Body.Close())
}
