package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// place names one thing by the parameters of its path: event, panel, material.
type place map[string]string

// asker is somebody who sends requests.
type asker struct {
	name   string
	header header // of the credential; without a name: none
	dead   bool   // the credential opens nothing
	share  int    // of all requests, in weights
}

// world is the whole program on a database of its own, and what is known of it from its answers.
type world struct {
	*harness
	c         *contract
	r         *rand.Rand
	served    *Server
	callers   []asker
	nouns     map[string][]place // by the name of the last parameter
	revisions map[string]int     // by path, as answers told them
	words     map[string]string  // what answers said, by the path of the noun and the field: names, addresses
	cursors   map[string]string  // by operation
	files     [][]byte           // bodies that once were answers and may come in again
	keys      []string           // that were sent as Idempotency-Key
	last      map[string]request // the last creation with a key, by key
}

// maxPlaces is how many of a kind are remembered.
const maxPlaces = 60

func newWorld(t testing.TB, c *contract, url string, seed uint64) *world {
	t.Helper()
	h := newHarnessOn(t, url)
	w := &world{harness: h, c: c, r: rand.New(rand.NewPCG(seed, 8)), nouns: map[string][]place{}, revisions: map[string]int{}, words: map[string]string{},
		cursors: map[string]string{}, last: map[string]request{}}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	w.served = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: log, LimitRates: true})
	if err := h.app.RenewCalendars(context.Background(), base); err != nil { // as a server does when it starts
		t.Fatal(err)
	}
	own, foreign := furnish(h)
	for _, f := range []furnished{own, foreign} {
		w.learnFurnished(f)
	}
	w.hire()
	return w
}

// learnFurnished makes known what an Event is furnished with.
func (w *world) learnFurnished(f furnished) {
	nested := map[string]string{"link": "person", "material": "panel", "delivery": "webhook"}
	for _, noun := range slices.Sorted(maps.Keys(f.ids)) {
		at := place{"event": f.ids["event"]}
		if outer := nested[noun]; outer != "" {
			at[outer] = f.ids[outer]
		}
		name := strings.TrimRight(noun, "0123456789")
		at[name] = f.ids[noun]
		w.learn(name, at)
	}
	for _, table := range []string{"panels.csv", "people.xlsx", "agenda.csv", "speakers.csv"} {
		w.learn("table", place{"event": f.ids["event"], "table": table})
	}
}

// hire gets credentials of every kind.
func (w *world) hire() {
	bearer := func(name, token string, share int, dead bool) asker {
		return asker{name, header{"Authorization", "Bearer " + token}, dead, share}
	}
	expires := w.now().Add(time.Second)
	w.callers = []asker{
		bearer("token of everything", w.all, 46, false), bearer("token of the event", w.write, 12, false), bearer("reading token", w.read, 5, false),
		{"anonymous", header{}, false, 7}, bearer("revoked token", w.revokedToken(), 1, true), bearer("expired token", w.newToken("", agenda.Verbs, &expires), 1, true),
		bearer("invented token", "plenary_"+strings.Repeat("x", 43), 1, true), bearer("other event's token", w.newToken("other", agenda.EventVerbs, nil), 4, false),
	}
	for _, role := range []agenda.MemberRole{agenda.Owner, agenda.Editor, agenda.Viewer} {
		_, cookie := w.newLogin(string(role)+"@example.org", false, forum, role)
		w.callers = append(w.callers, asker{string(role), header{"Cookie", cookie}, false, 6})
	}
	ended, cookie := w.newLogin("ended@example.org", true, forum, agenda.Owner)
	if err := w.app.SignOut(context.Background(), ended); err != nil {
		w.t.Fatal(err)
	}
	w.callers = append(w.callers, asker{"ended login", header{"Cookie", cookie}, true, 1})
	w.pass(time.Minute)
}

// rehire replaces a credential that a request before has ended.
func (w *world) rehire(i int) {
	switch c := &w.callers[i]; {
	case c.header.name == "Authorization":
		_, secret, err := w.app.CreateToken(context.Background(), w.system(), "", agenda.Token{Name: "again", Scopes: agenda.Verbs}, app.Once{})
		if err != nil {
			w.t.Fatal(err)
		}
		c.header.value = "Bearer " + secret
	case c.header.name == "Cookie":
		_, cookie := w.newLogin(string(w.newID())+"@example.org", false, w.anyPlace("event")["event"], agenda.Owner)
		c.header.value = cookie
	}
}

// learn remembers a place of a noun.
func (w *world) learn(noun string, at place) {
	known := w.nouns[noun]
	if slices.ContainsFunc(known, func(p place) bool { return maps.Equal(p, at) }) {
		return
	}
	if len(known) < maxPlaces {
		w.nouns[noun] = append(known, at)
		return
	}
	known[w.r.IntN(len(known))] = at
}

// forget takes out what is gone, with what was below it.
func (w *world) forget(noun string, gone place) {
	for name, list := range w.nouns {
		w.nouns[name] = slices.DeleteFunc(list, func(p place) bool {
			return p["event"] == gone["event"] && p[noun] == gone[noun]
		})
	}
}

// anyPlace gives a place of a noun, of the forum's more often than of others'.
func (w *world) anyPlace(noun string) place {
	known := w.nouns[noun]
	for range 3 {
		if len(known) == 0 {
			break
		}
		if at := known[w.r.IntN(len(known))]; at["event"] == forum || w.r.IntN(3) == 0 {
			return at
		}
	}
	if noun == "event" {
		return place{"event": forum}
	}
	return place{"event": forum, noun: "01990000-0000-7000-8000-ffffffffffff"}
}

// idAt gives the identity of a noun of an Event.
func (w *world) idAt(event, noun string) string {
	var ids []string
	for _, p := range w.nouns[noun] {
		if p["event"] == event {
			ids = append(ids, p[noun])
		}
	}
	if len(ids) == 0 {
		return "01990000-0000-7000-8000-ffffffffffff"
	}
	return ids[w.r.IntN(len(ids))]
}

// fieldOf are the fields by which the items of a list are in paths, where it is not id.
var fieldOf = map[string]string{"event": "slug", "number": "number", "account": "account", "key": "key"}

// listen learns from an answer.
func (w *world) listen(q request, a answer) {
	if a.Status == 204 && q.op.method == "DELETE" {
		if n := len(q.op.names); n > 0 && strings.HasSuffix(q.op.path, "}") {
			w.forget(q.op.names[n-1], q.at)
		}
		return
	}
	if tag := strings.Trim(a.Header.Get("Etag"), `"`); q.op.has("If-Match") || a.Status < 300 {
		if n := whole(tag); n > 0 {
			w.revisions[fillPath(q.op.noun, q.at)] = n
		}
	}
	if a.Status >= 300 {
		return
	}
	if q.op.method == "GET" && strings.HasPrefix(q.op.path, "/{event}/") && len(a.Body) < 100_000 && len(w.files) < 40 {
		w.files = append(w.files, []byte(a.Body))
	}
	if where, err := url.Parse(a.Header.Get("Location")); err == nil && where.Path != "" {
		w.learnPath(where.Path)
	}
	var body any
	if json.Unmarshal([]byte(a.Body), &body) == nil {
		w.read0(q, body)
	}
}

// read0 learns from a body.
func (w *world) read0(q request, body any) {
	object, _ := body.(map[string]any)
	if next, ok := object["next"].(string); ok {
		w.cursors[q.op.id] = next
	}
	items, isList := object["items"].([]any)
	for _, item := range items {
		w.readItem(q, item)
	}
	if !isList && object != nil {
		w.remember(fillPath(q.op.noun, q.at), object)
	}
	if q.op.id == "readAgenda" {
		people, _ := object["people"].([]any)
		for _, person := range people {
			fields, _ := person.(map[string]any)
			w.learn("speaker", place{"event": q.at["event"], "person": inWords(fields["id"])})
		}
	}
	w.hear(q.at["event"], body)
}

// readItem learns from one item of a list.
func (w *world) readItem(q request, item any) {
	fields, _ := item.(map[string]any)
	for _, p := range w.c.operations {
		rest, ok := strings.CutPrefix(p.path, q.op.path+"/{")
		noun, end := strings.CutSuffix(rest, "}")
		if !ok || !end || strings.Contains(noun, "/") {
			continue
		}
		field := fieldOf[noun]
		if field == "" {
			field = "id"
		}
		id := inWords(fields[field])
		if id == "" {
			continue
		}
		at := maps.Clone(q.at)
		if at == nil {
			at = place{}
		}
		at[noun] = id
		w.learn(noun, at)
		path := fillPath(q.op.path, q.at) + "/" + id
		if n := whole(inWords(fields["revision"])); n > 0 {
			w.revisions[path] = n
		}
		w.remember(path, fields)
	}
}

// remember keeps what requests must repeat.
func (w *world) remember(path string, fields map[string]any) {
	for _, name := range []string{"name", "email", "status", "slug"} {
		if said, ok := fields[name].(string); ok && len(w.words) < 20_000 {
			w.words[path+" "+name] = said
		}
	}
}

// hear learns what lies deeper: secrets of feeds, files, keys, and who is in which meeting.
func (w *world) hear(event string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			said, _ := v[name].(string)
			switch {
			case (name == "photo" || name == "file") && said != "":
				w.learn("file", place{"event": event, "file": said})
			case name == "key" && said != "":
				w.learn("key", place{"event": event, "key": said})
			case name == "url" && strings.HasPrefix(said, base+"/feeds/"):
				w.learn("secret", place{"secret": strings.TrimSuffix(strings.TrimPrefix(said, base+"/feeds/"), ".ics")})
			}
			w.hear(event, v[name])
		}
	case []any:
		for _, item := range v {
			w.hear(event, item)
		}
	}
}

// learnPath learns the place of what a creation made, from its Location.
func (w *world) learnPath(path string) {
	got := strings.Split(path, "/")
	for _, p := range w.c.operations {
		want := strings.Split(p.path, "/")
		if p.method != "GET" || len(want) != len(got) || !strings.HasSuffix(p.path, "}") {
			continue
		}
		at, fit := place{}, true
		for i, part := range want {
			if name, ok := strings.CutPrefix(part, "{"); ok {
				at[strings.TrimSuffix(name, "}")] = got[i]
			} else if part != got[i] {
				fit = false
			}
		}
		if fit {
			w.learn(p.names[len(p.names)-1], at)
		}
	}
}
