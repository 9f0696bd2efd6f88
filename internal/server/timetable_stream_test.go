package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// listener reads a stream over a real connection.
type listener struct {
	t    testing.TB
	resp *http.Response
	read *bufio.Reader
	bye  context.CancelFunc
}

// message is one of a stream.
type message struct {
	Kind, ID string
	Data     map[string]json.RawMessage
}

// panels gives the codes of the panels that a message has.
func (m message) panels(t testing.TB) (codes []string) {
	t.Helper()
	var list []timetablePanel
	if err := json.Unmarshal(m.Data["panels"], &list); err != nil {
		t.Fatal(err, m)
	}
	for _, p := range list {
		codes = append(codes, fmt.Sprint(p.Code, " ", p.Day, " ", p.Start, "+", p.Dur, " r", p.Revision))
	}
	return codes
}

// live serves the harness on a port, and streams that look after themselves often.
func (s *stage) live(beat time.Duration) string {
	s.server = New(Options{App: s.app, BaseURL: base, Version: "1.2.3", Now: s.now, Heartbeat: beat})
	web := httptest.NewServer(s.server)
	s.t.Cleanup(func() {
		s.server.EndStreams()
		web.Close()
	})
	return web.URL
}

// listen opens the stream at that address and fails unless it begins with that message.
func (s *stage) listen(at, first string, headers ...header) *listener {
	s.t.Helper()
	ctx, bye := context.WithTimeout(context.Background(), 20*time.Second)
	s.t.Cleanup(bye)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	s.check(err)
	for _, h := range headers {
		r.Header.Set(h.name, h.value)
	}
	resp, err := http.DefaultClient.Do(r)
	s.check(err)
	s.t.Cleanup(func() { _ = resp.Body.Close() })
	l := &listener{s.t, resp, bufio.NewReader(resp.Body), bye}
	if first != "" {
		if got := l.next(); got.Kind != first {
			s.t.Fatalf("it begins with %+v (%d), want %s", got, resp.StatusCode, first)
		}
	}
	return l
}

// next gives the next message, and passes over heartbeats; of one whose stream has ended, the kind is "".
func (l *listener) next() (m message) {
	l.t.Helper()
	for {
		line, err := l.read.ReadString('\n')
		if err != nil {
			return m
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "event":
			m.Kind = value
		case "id":
			m.ID = value
		case "data":
			if err := json.Unmarshal([]byte(value), &m.Data); err != nil {
				l.t.Fatal(err, line)
			}
		case "":
			if m.Kind != "" {
				return m
			}
		}
	}
}

func bearer(token string) header { return header{"Authorization", "Bearer " + token} }

const streamPath = timetablePath + "/stream"

func TestTheStreamTellsWhatChanges(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		at := s.live(time.Minute) + streamPath
		l, viewer := s.listen(at, "ready", bearer(s.write)), s.listen(at, "ready", bearer(s.newToken(forum, agenda.Viewer.Verbs(), nil)))
		if l.resp.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || l.resp.Header.Get("X-Accel-Buffering") != "no" || l.resp.Header.Get("Cache-Control") != "private, no-store, no-transform" {
			t.Error(l.resp.Header)
		}
		slot := "/api/v1/events/vidw-2025/panels/" + string(s.talk.ID) + "/slot"
		s.must(200, s.ask(s.write, http.MethodPut, slot, map[string]any{"room": s.hall, "start": "2025-10-27T16:15", "end": "2025-10-27T17:15"}, header{"If-Match", `"1"`}))
		m, seen := l.next(), viewer.next()
		for who, m := range map[string]message{"an editor": m, "a viewer": seen} {
			if got := fmt.Sprint(m.Kind, m.panels(t), string(m.Data["removed"])); got != "change[PANEL1 2025-10-27 975+60 r2][]" {
				t.Errorf("%s is told %s", who, got)
			}
			if m.Data["rooms"] != nil || m.Data["people"] != nil || !strings.Contains(string(m.Data["conflicts"]), "person_busy") {
				t.Errorf("%s is told %v", who, m.Data)
			}
		}
		if got := string(m.Data["by"]); got != `[{"name":"vidw-2025 write","panel":"`+string(s.talk.ID)+`"}]` {
			t.Error("by", got)
		}
		if got := string(seen.Data["by"]); got != `[]` {
			t.Error("who may not read the log is told", got)
		}
		if now := s.timetable(s.write); m.ID != now.Revision || string(m.Data["revision"]) != `"`+now.Revision+`"` {
			t.Errorf("the stream is at %s, the timetable at %s", m.ID, now.Revision)
		}
		// Whoever comes again with what they know last is told whether they have to ask for all of it.
		s.listen(at, "ready", bearer(s.write), header{"Last-Event-ID", m.ID})
		s.listen(at+"?since="+m.ID, "ready", bearer(s.write))
		s.listen(at, "resync", bearer(s.write), header{"Last-Event-ID", "another"})

		s.must(204, s.ask(s.write, http.MethodDelete, "/api/v1/events/vidw-2025/panels/"+string(s.opening.ID), nil, header{"If-Match", "*"}))
		if m := l.next(); string(m.Data["removed"]) != `["`+string(s.opening.ID)+`"]` || len(m.panels(t)) != 0 {
			t.Errorf("%+v", m)
		}
		s.must(200, s.ask(s.write, http.MethodPut, "/api/v1/events/vidw-2025/rooms/"+string(s.hall), map[string]any{"name": textBody{"en": "Great hall"}, "kind": "hall"}, header{"If-Match", "*"}))
		if m := l.next(); !strings.Contains(string(m.Data["rooms"]), "Great hall") || string(m.Data["by"]) != `[{"name":"vidw-2025 write"}]` {
			t.Errorf("%+v", m)
		}
	})
}

// What the commands do, or another process that serves the same database, is told as well.
func TestTheStreamHearsOtherProcesses(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		s.app = app.New(s.store, app.Options{Now: s.now, NewID: s.newID, Secret: s.newSecret, Code: s.newCode, Passwords: fastPasswords, Pulse: 5 * time.Millisecond})
		l := s.listen(s.live(time.Minute)+streamPath, "ready", bearer(s.write))
		db, err := store.Open(t.Context(), s.at, nil)
		s.check(err)
		defer db.Close()
		other := app.New(db, app.Options{Now: s.now, NewID: s.newID, Secret: s.newSecret, Code: s.newCode})
		_, err = other.MovePanel(t.Context(), agenda.System("command line"), forum, app.Move{PanelID: s.talk.ID, Match: app.Match{Any: true}})
		s.check(err)
		if m := l.next(); fmt.Sprint(m.panels(t)) != "[PANEL1  0+0 r2]" || !strings.Contains(string(m.Data["by"]), "command line") {
			t.Errorf("%+v", m)
		}
	})
}

// A stream ends when its reader may not read any more: soon when nothing happens, and before they are told anything else.
func TestTheStreamEndsWithTheRight(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		quiet, busy := s.live(5*time.Millisecond)+streamPath, s.live(time.Minute)+streamPath
		who, cookie := s.newLogin("lan@example.org", false, forum, agenda.Editor)
		member, mine := s.newLogin("hung@example.org", false, forum, agenda.Viewer)
		in, out, bell := s.listen(quiet, "ready", header{"Cookie", cookie}), s.listen(quiet, "ready", header{"Cookie", mine}), s.listen(busy, "ready", header{"Cookie", mine})
		token := s.newToken(forum, agenda.ReadVerbs, nil)
		program := s.listen(quiet, "ready", bearer(token))
		s.check(s.app.SignOut(t.Context(), who))
		tokens, _, err := s.app.Tokens(t.Context(), s.system(), forum, app.Page{Limit: 200})
		s.check(err)
		s.check(s.app.RevokeToken(t.Context(), s.system(), forum, tokens[len(tokens)-1].ID))
		s.check(s.app.RemoveMember(t.Context(), s.system(), forum, app.Match{Any: true}, member.Account.ID))
		for name, l := range map[string]*listener{"a login that ended": in, "a member who was removed": out, "the same, where nothing beats": bell, "a token that was revoked": program} {
			if m := l.next(); m.Kind != "end" || string(m.Data["reason"]) != `"refused"` {
				t.Errorf("%s is told %+v", name, m)
			}
			if m := l.next(); m.Kind != "" {
				t.Errorf("%s goes on with %+v", name, m)
			}
		}
	})
}

// An open page does not keep a login alive that nobody uses.
func TestTheStreamIsNoUseOfALogin(t *testing.T) {
	s := newStage(t)
	_, cookie := s.newLogin("lan@example.org", false, forum, agenda.Editor)
	l := s.listen(s.live(5*time.Millisecond)+streamPath, "ready", header{"Cookie", cookie})
	for range 3 {
		s.pass(agenda.LoginIdle / 2)
		time.Sleep(20 * time.Millisecond)
	}
	if m := l.next(); m.Kind != "end" {
		t.Errorf("%+v", m)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	s := newStage(t)
	at := s.live(time.Minute) + streamPath
	var open []*listener
	for range maxStreamsEach {
		open = append(open, s.listen(at, "ready", bearer(s.write)))
	}
	if l := s.listen(at, "", bearer(s.write)); l.resp.StatusCode != 429 || l.resp.Header.Get("Retry-After") != "60" {
		t.Error(l.resp.Status, l.resp.Header)
	}
	s.listen(at, "ready", bearer(s.read)) // somebody else
	open[0].bye()
	for { // until the server has noticed
		if l := s.listen(at, "", bearer(s.write)); l.resp.StatusCode == 200 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	s.server.EndStreams()
	for _, l := range open[1:] {
		if m := l.next(); m.Kind != "end" || string(m.Data["reason"]) != `"stopping"` {
			t.Errorf("%+v", m)
		}
	}
	if l := s.listen(at, "", bearer(s.write)); l.resp.StatusCode != 503 {
		t.Error(l.resp.Status)
	}
	for range 5000 { // those that nobody listens to any more end by themselves
		s.server.streams.mu.Lock()
		left := s.server.streams.all + len(s.server.streams.open)
		s.server.streams.mu.Unlock()
		if left == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("streams are counted after all have ended")
}

// The server gives requests a time to be read and answered in, which is not for streams.
func TestStreamsOutlastTheTimesOfRequests(t *testing.T) {
	s := newStage(t)
	s.server = New(Options{App: s.app, BaseURL: base, Version: "1.2.3", Now: s.now, Heartbeat: 20 * time.Millisecond})
	web := httptest.NewUnstartedServer(s.server)
	web.Config.ReadTimeout, web.Config.WriteTimeout = 60*time.Millisecond, 60*time.Millisecond
	web.Start()
	t.Cleanup(web.Close)
	t.Cleanup(s.server.EndStreams)
	l := s.listen(web.URL+streamPath, "ready", bearer(s.write))
	time.Sleep(200 * time.Millisecond)
	s.move(s.talk.ID, s.small, "2025-10-28T09:00", "2025-10-28T10:00")
	if m := l.next(); m.Kind != "change" {
		t.Errorf("%+v", m)
	}
}

// Nothing is left of streams that ended: neither what looks at the event nor what waits for it.
func TestStreamsLeaveNothingBehind(t *testing.T) {
	s := newStage(t)
	at := s.live(time.Millisecond) + streamPath
	atOnce(8, func(int) { s.listen(at, "ready", bearer(s.write)).bye() })
	for range 5000 {
		var stacks strings.Builder
		s.check(pprof.Lookup("goroutine").WriteTo(&stacks, 1))
		s.server.streams.mu.Lock()
		left := s.server.streams.all
		s.server.streams.mu.Unlock()
		if left == 0 && !strings.Contains(stacks.String(), "(*App).look.func") {
			s.server.timetables.mu.Lock()
			defer s.server.timetables.mu.Unlock()
			if len(s.server.timetables.kept) != 0 {
				t.Error("timetables are kept that nobody reads")
			}
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("something still looks at the event")
}
