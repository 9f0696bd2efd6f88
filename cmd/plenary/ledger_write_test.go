package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"github.com/google/uuid"
)

// ledgerWriter writes over HTTP, one thing after the other.
type ledgerWriter struct {
	*ledger
	event  *ledgerEvent
	at     int // the replica that it asks
	client *http.Client
}

func newLedgerWriter(l *ledger, n int) *ledgerWriter {
	return &ledgerWriter{ledger: l, event: l.events[n/2], at: n % len(l.replicas), client: &http.Client{Transport: &http.Transport{}, Timeout: 30 * time.Second}}
}

// write goes on until all is over.
func (w *ledgerWriter) write() {
	defer w.client.CloseIdleConnections()
	for !w.over.Load() {
		w.rest.RLock()
		switch n := rand.IntN(100); {
		case n < 62:
			w.move()
		case n < 66:
			w.panel()
		case n < 76:
			w.thing("/tracks", map[string]any{"name": map[string]string{"en": w.name()}})
		case n < 82:
			w.thing("/people", map[string]any{"name": w.name()})
		case n < 97:
			w.meet()
		default:
			w.thing("/releases", map[string]any{"note": map[string]string{"en": w.name()}})
		}
		w.rest.RUnlock()
	}
}

func (w *ledgerWriter) name() string { return fmt.Sprint("thing ", w.slots.Add(1)) }

// asked is a request, and what is to be remembered when nobody knows whether it was done.
type asked struct {
	method, path string
	match        int // revision; 0: none
	key          string
	body         any
	unheard      func()
}

// ask asks until there is an answer, which it reads, or all is over, which is 0. It asks one replica after the other while they are
// killed.
func (w *ledgerWriter) ask(a asked, answer any) (status int) {
	text, err := json.Marshal(a.body)
	if err != nil {
		w.Error(err)
	}
	for {
		req, err := http.NewRequest(a.method, w.replicas[w.at].base+"/api/v1/events/"+w.event.slug+a.path, bytes.NewReader(text))
		if err != nil {
			w.Error(err)
			return 0
		}
		req.GetBody = nil // whether it is asked again is decided here
		req.Header.Set("Authorization", "Bearer "+w.token)
		req.Header.Set("Content-Type", "application/json")
		if a.match > 0 {
			req.Header.Set("If-Match", strconv.Quote(strconv.Itoa(a.match)))
		}
		if a.key != "" {
			req.Header.Set("Idempotency-Key", a.key)
		}
		status, said, err := w.once(req)
		if err == nil {
			if status >= 500 || status == http.StatusBadRequest || status == http.StatusUnprocessableEntity {
				w.Errorf("%s %s: %d\n%s\n%s", a.method, a.path, status, text, said)
				w.over.Store(true)
				return status
			}
			if status < 300 {
				w.acks.Add(1)
			}
			if err := json.Unmarshal(said, answer); err != nil {
				w.Errorf("%s %s: %v\n%s", a.method, a.path, err, said)
			}
			return status
		}
		if !errors.Is(err, syscall.ECONNREFUSED) { // then it was not asked at all
			w.unheard.Add(1)
			if a.unheard != nil {
				a.unheard()
			}
		}
		w.at = (w.at + 1) % len(w.replicas)
		time.Sleep(2 * time.Millisecond)
		if w.Failed() || w.over.Load() {
			return 0
		}
	}
}

func (w *ledgerWriter) once(req *http.Request) (status int, body []byte, err error) {
	resp, err := w.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// count counts an acknowledged write of that kind.
func (w *ledgerWriter) count(kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kinds[kind]++
}

// revised is what the API says of something with a revision, or of that it is another one meanwhile.
type revised struct {
	ID       string          `json:"id"`
	Revision int             `json:"revision"`
	Status   any             `json:"status"` // of a meeting a word
	Current  json.RawMessage `json:"current"`
}

// now gives the revision that it is at, when that is the answer.
func (r revised) now() int {
	var current struct {
		Revision int `json:"revision"`
	}
	_ = json.Unmarshal(r.Current, &current) // 0 then, and the next try fails the same way
	return current.Revision
}

// slot gives a slot that nobody else asks for, as the API takes it and as the database keeps it.
func (w *ledgerWriter) slot() (body map[string]string, kept string) {
	n := int(w.slots.Add(1))
	room := w.event.rooms[n%2]
	start := ledgerDay(n % 5).Add(8*time.Hour + time.Duration(n/5%540)*time.Minute)
	end := start.Add(time.Duration(30+n/2700%60) * time.Minute)
	return map[string]string{"room": string(room), "start": start.Format("2006-01-02T15:04"), "end": end.Format("2006-01-02T15:04")}, ledgerSlot(string(room), start.UnixMilli(), end.UnixMilli())
}

func ledgerSlot(room string, start, end int64) string {
	if room == "" {
		return ""
	}
	return fmt.Sprintf("%s %d-%d", room, start, end)
}

// move moves a Panel that the other writer of the Event may move too.
func (w *ledgerWriter) move() {
	w.event.mu.Lock()
	p := w.event.panels[rand.IntN(len(w.event.panels))]
	w.event.mu.Unlock()
	body, slot := w.slot()
	p.mu.Lock()
	base := p.known
	p.mu.Unlock()
	var got revised
	status := w.ask(asked{method: http.MethodPut, path: "/panels/" + p.id + "/slot", match: base, body: body, unheard: func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.tried[slot] = base
	}}, &got)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch status {
	case http.StatusOK:
		w.count("move")
		if before, twice := p.acked[got.Revision]; twice || got.Revision != base+1 {
			w.Errorf("panel %s: revision %d, of %d, was acknowledged for %q and for %q", p.id, got.Revision, base, before, slot)
		}
		p.acked[got.Revision], p.known = slot, max(p.known, got.Revision)
	case http.StatusPreconditionFailed:
		p.known = max(p.known, got.now())
	case 0:
	default:
		w.Errorf("moving %s: %d", p.id, status)
	}
}

// panel makes a Panel, which is moved from then on.
func (w *ledgerWriter) panel() {
	body, slot := w.slot()
	id := w.thing("/panels", map[string]any{"format": "talk", "title": map[string]string{"en": w.name()}, "slot": body})
	if id == "" {
		return
	}
	w.event.mu.Lock()
	defer w.event.mu.Unlock()
	w.event.panels = append(w.event.panels, &ledgerPanel{id: id, known: 1, acked: map[int]string{1: slot}, tried: map[string]int{}})
}

// thing makes something, with a key so that it is there once however often it is asked for.
func (w *ledgerWriter) thing(path string, body map[string]any) (id string) {
	key, t := uuid.NewString(), &ledgerThing{path: path}
	w.event.mu.Lock()
	w.event.made[key] = t
	w.event.mu.Unlock()
	var got, again revised
	status := w.ask(asked{method: http.MethodPost, path: path, key: key, body: body}, &got)
	if status == 0 || status == http.StatusConflict && path == "/meetings/requests" {
		return "" // the same two wait for an answer already
	}
	if status != http.StatusCreated {
		w.Errorf("POST %s: %d", path, status)
		return ""
	}
	w.count(path)
	w.event.mu.Lock()
	t.id, t.at = got.ID, time.Now()
	w.event.mu.Unlock()
	if rand.IntN(20) == 0 {
		if status := w.ask(asked{method: http.MethodPost, path: path, key: key, body: body}, &again); status != 0 && (status != http.StatusCreated || again.ID != got.ID) {
			w.Errorf("POST %s, again: %d, %s and not %s", path, status, again.ID, got.ID)
		}
		if again.ID != "" {
			w.acks.Add(-1) // it wrote nothing
		}
	}
	return got.ID
}

// meet asks for a meeting, has it accepted unless somebody or every table is busy, and mostly cancels it, so that there is room.
func (w *ledgerWriter) meet() {
	pair := rand.Perm(ledgerPeople)[:2]
	side := func(n int) map[string]any {
		return map[string]any{"delegates": []map[string]any{{"person": w.event.people[pair[n]], "role": "principal"}}}
	}
	start := ledgerDay(rand.IntN(2)).Add(8*time.Hour + time.Duration(rand.IntN(8)*15)*time.Minute)
	id := w.thing("/meetings/requests", map[string]any{"minutes": 30, "topic": map[string]string{"en": w.name()}, "quorum": "everybody", "visibility": "participants",
		"sides": []any{side(0), side(1)}, "times": []any{map[string]string{"start": start.Format("2006-01-02T15:04")}}})
	if id == "" {
		return
	}
	m := &ledgerMeeting{acked: "requested"}
	w.event.mu.Lock()
	w.event.meetings[id] = m
	w.event.mu.Unlock()
	if !w.answer(id, m, 1, "/accept", map[string]any{"time": 0}, "accepted") {
		w.answer(id, m, 1, "/withdraw", map[string]any{"note": "no"}, "cancelled")
	} else if rand.IntN(3) > 0 {
		w.answer(id, m, 2, "/cancel", map[string]any{"note": "no"}, "cancelled")
	}
}

// answer does something with a Meeting, and says whether that was acknowledged.
func (w *ledgerWriter) answer(id string, m *ledgerMeeting, revision int, path string, body any, becomes string) bool {
	var got revised
	status := w.ask(asked{method: http.MethodPost, path: "/meetings/" + id + path, match: revision, body: body, unheard: func() {
		w.event.mu.Lock()
		defer w.event.mu.Unlock()
		m.tried = append(m.tried, becomes)
	}}, &got)
	w.event.mu.Lock()
	defer w.event.mu.Unlock()
	switch {
	case status == http.StatusOK && got.Revision == revision+1 && got.Status == becomes:
		w.count(path)
		m.acked, m.tried = becomes, nil
		return true
	case status == http.StatusConflict && path == "/accept" && len(m.tried) == 0: // somebody is busy
		return false
	case status == 0 || (status == http.StatusConflict || status == http.StatusPreconditionFailed) && len(m.tried) > 0: // it was done, unheard
		return false
	}
	w.Errorf("%s of %s: %d, %v", path, id, status, got)
	return false
}
