package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// timetableStream tells the script what changes, as long as its reader may know.
func (s *Server) timetableStream(c echo.Context, v *eventConsole) error {
	leave, err := s.streams.enter(v.actor)
	if err != nil {
		return err
	}
	defer func() {
		if leave() == 0 {
			s.timetables.forget()
		}
	}()
	bell, stop := s.app.Watch(v.Event.ID) // before it is looked at what there is: nothing is missed in between
	defer stop()
	t := &timetableTold{server: s, c: c, console: v}
	if err := t.look(); err != nil {
		return err
	}
	w, err := begin(c)
	if err != nil || w == nil {
		return err
	}
	// Who reads has hung up when this fails: there is nobody to tell.
	if err := t.greet(w); err == nil {
		_ = t.follow(w, bell)
	}
	return nil
}

// timetableTold is what one reader of the stream was told last.
type timetableTold struct {
	server  *Server
	c       echo.Context
	console *eventConsole
	actor   agenda.Actor
	shown   *shownTimetable
}

// greet says whether the reader has what there is, or has to get all of it again.
func (t *timetableTold) greet(w *stream) error {
	has := t.c.Request().Header.Get("Last-Event-ID")
	if has == "" {
		has = t.c.QueryParam("since")
	}
	kind := "ready"
	if has != "" && has != t.shown.revision {
		kind = "resync"
	}
	return w.send(kind, t.shown.revision, map[string]string{"revision": t.shown.revision})
}

// follow tells what changes until the reader is gone, may not know any more, or the program ends.
func (t *timetableTold) follow(w *stream, bell <-chan struct{}) error {
	beat := time.NewTicker(t.server.streams.beat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-t.c.Request().Context().Done():
			return nil
		case <-t.server.streams.ending:
			return w.send("end", "", map[string]string{"reason": "stopping"})
		case <-bell:
		case <-beat.C:
			err = w.beat()
		}
		if err != nil {
			return err
		}
		before := t.shown
		switch err := t.look(); agenda.CodeOf(err) {
		case "":
		case agenda.Unauthenticated, agenda.Forbidden, agenda.NotFound, agenda.Gone:
			return w.send("end", "", map[string]string{"reason": "refused"})
		default: // the next look may do better
			t.server.log.WarnContext(t.c.Request().Context(), "a timetable could not be looked at", "event", t.console.Event.ID, "error", err)
			continue
		}
		if t.shown.revision != before.revision {
			if err := t.tell(w, before); err != nil {
				return err
			}
		}
	}
}

// look finds out who reads and what they may see now.
func (t *timetableTold) look() error {
	actor, err := t.server.stillActor(t.c)
	if err != nil {
		return err
	}
	ctx := t.c.Request().Context()
	latest, err := t.server.app.Latest(ctx, actor, t.console.Event.Slug)
	if err != nil {
		return err
	}
	shown, err := t.server.timetables.get(ctx, t.server, actor, t.console, latest)
	if err == nil {
		t.actor, t.shown = actor, shown
	}
	return err
}

// tell sends the parts that are not what they were, and of the panels those alone.
func (t *timetableTold) tell(w *stream, before *shownTimetable) error {
	message := map[string]any{"revision": t.shown.revision}
	for name, part := range t.shown.parts {
		if !bytes.Equal(part, before.parts[name]) {
			message[name] = part
		}
	}
	changed := []json.RawMessage{}
	touched := map[agenda.ID]bool{}
	for _, id := range t.shown.order {
		if !bytes.Equal(t.shown.panels[id], before.panels[id]) {
			changed = append(changed, t.shown.panels[id])
			touched[id] = true
		}
	}
	removed := []agenda.ID{}
	for _, id := range before.order {
		if t.shown.panels[id] == nil {
			removed = append(removed, id)
			touched[id] = true
		}
	}
	message["panels"], message["removed"] = changed, removed
	by, err := t.by(before.latest, touched)
	if err != nil {
		return err
	}
	message["by"] = by
	return w.send("change", t.shown.revision, message)
}

// timetableActor is who did something, and to which panel; "" when it was something else.
type timetableActor struct {
	Name  string    `json:"name"`
	Panel agenda.ID `json:"panel,omitempty"`
}

// maxBy is of how many things it is told who did them.
const maxBy = 100

// by tells who did it, to a reader who may read the log.
func (t *timetableTold) by(since app.Newest, touched map[agenda.ID]bool) ([]timetableActor, error) {
	by := []timetableActor{}
	if !agenda.May(t.actor, agenda.ReadActivity, t.console.Event.ID) {
		return by, nil
	}
	list, _, err := t.server.app.Activities(t.c.Request().Context(), t.actor, t.console.Event.Slug, app.ActivityFilter{}, app.Page{Limit: maxBy})
	for _, a := range list {
		if slices.Contains(since, a.ID) {
			continue
		}
		who := timetableActor{Name: a.ActorName}
		switch noun, _, _ := strings.Cut(a.Verb, "."); {
		case touched[a.Subject]:
			who.Panel = a.Subject
		case !slices.Contains([]string{"event", "room", "track", "person", "availability"}, noun):
			continue // not for all readers of the log, or nothing of the timetable
		}
		if !slices.Contains(by, who) {
			by = append(by, who)
		}
	}
	return by, err
}

// shownTimetable is a timetable in JSON, in parts that can be compared.
type shownTimetable struct {
	latest   app.Newest
	revision string
	order    []agenda.ID
	panels   map[agenda.ID]json.RawMessage
	parts    map[string]json.RawMessage
}

func newShownTimetable(b timetableBody, latest app.Newest) (*shownTimetable, error) {
	shown := &shownTimetable{latest: latest, revision: b.Revision, panels: map[agenda.ID]json.RawMessage{}}
	for _, p := range b.Panels {
		body, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		shown.order = append(shown.order, p.ID)
		shown.panels[p.ID] = body
	}
	b.Panels, b.Revision = nil, ""
	body, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &shown.parts); err != nil {
		return nil, err
	}
	delete(shown.parts, "panels")
	return shown, nil
}

// maxTimetables is how many different timetables are kept for streams: readers who see the same share one.
const maxTimetables = 32

// timetables keeps what streams show, so that a change that a hundred readers are told of is worked out once. It is safe for
// concurrent use.
type timetables struct {
	mu   sync.Mutex
	kept map[string]*keptTimetable
}

type keptTimetable struct {
	used  time.Time // of the map
	mu    sync.Mutex
	made  time.Time
	shown *shownTimetable
}

// entry gives the place of a timetable. Those that nobody has asked for in so long are forgotten: who was erased meanwhile
// should not stay in memory.
func (t *timetables) entry(key string, now time.Time, life time.Duration) *keptTimetable {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(t.kept, func(_ string, k *keptTimetable) bool { return now.Sub(k.used) > life })
	if t.kept[key] == nil {
		if t.kept == nil || len(t.kept) >= maxTimetables {
			t.kept = map[string]*keptTimetable{}
		}
		t.kept[key] = &keptTimetable{}
	}
	t.kept[key].used = now
	return t.kept[key]
}

// forget drops all timetables.
func (t *timetables) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = nil
}

// get gives the timetable as the Actor may see it. One that was made a while ago is made anew even though nothing was done at
// the Event: what its people do elsewhere is part of it.
func (t *timetables) get(ctx context.Context, s *Server, actor agenda.Actor, v *eventConsole, latest app.Newest) (*shownTimetable, error) {
	var rights []agenda.Verb // those that it depends on
	for _, verb := range []agenda.Verb{agenda.ReadPeople, agenda.EditEvent, agenda.ReadMeetings} {
		if agenda.May(actor, verb, v.Event.ID) {
			rights = append(rights, verb)
		}
	}
	kept := t.entry(fmt.Sprint(v.Event.ID, " ", v.Event.Slug, " ", v.reader.key(), " ", rights), s.now(), 2*s.streams.beat)
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.shown != nil && slices.Equal(kept.shown.latest, latest) && s.now().Sub(kept.made) < s.streams.beat/2 {
		return kept.shown, nil
	}
	made := s.now()
	table, err := s.app.Timetable(ctx, actor, v.Event.Slug)
	if err != nil {
		return nil, err
	}
	told, err := newTimetableBody(v.reader, table, v.Here)
	if err != nil {
		return nil, err
	}
	shown, err := newShownTimetable(told, table.Latest)
	if err == nil {
		kept.made, kept.shown = made, shown
	}
	return shown, err
}
