package server

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// watcher polls the feeds of a history as calendars do and holds them to what calendars believe:
//
//   - another body has another ETag and a later Last-Modified, the same one neither; a 304 says so to either validator
//   - an entry that is told otherwise has a later LAST-MODIFIED than it ever had in this feed
//   - SEQUENCE never falls, in whichever feed it is seen, and rises with the time and the status
type watcher struct {
	*history
	seen     map[string]*sighting
	sequence map[string]int // the highest of each UID
	dead     map[string]bool
}

// sighting is what a calendar knows of a feed.
type sighting struct {
	answer
	entries  map[string]string // as they were told last, also when they left meanwhile
	modified map[string]string // the latest LAST-MODIFIED of each
}

// watch makes a history with more feeds and polls them once.
func watch(t testing.TB) *watcher {
	sweep(t)
	y := newHistory(newHarness(t))
	y.publish(nil)
	y.openFeeds()
	w := newWatcher(y)
	w.restart(base)
	for name, path := range map[string]string{"event keep": "agenda.ics?cancelled=keep", "event vi": "agenda.ics?lang=vi", "event de": "agenda.ics?lang=de", "event whole": "agenda.ics?whole_event=true",
		"panel TALK1 fr": "panels/" + string(y.panels["TALK1"].ID) + ".ics?lang=fr", "room A hide": "rooms/" + string(y.rooms["A"].ID) + ".ics?cancelled=hide"} {
		w.feeds[name] = "/" + historySlug + "/" + path
	}
	w.open("personal fr", "Ann", agenda.FeedSettings{Meetings: true, Language: "fr"})
	w.open("personal de", "Ann", agenda.FeedSettings{Meetings: true, Language: "de"})
	w.open("personal hide", "Ann", agenda.FeedSettings{Meetings: true, Whole: true, Cancelled: agenda.HideCancelled})
	w.open("panels only", "Ann", agenda.FeedSettings{})
	w.open("personal Bob", "Bob", agenda.FeedSettings{Meetings: true})
	w.pass(time.Hour)
	w.see("first")
	return w
}

func newWatcher(y *history) *watcher {
	return &watcher{history: y, seen: map[string]*sighting{}, sequence: map[string]int{}, dead: map[string]bool{}}
}

func (w *watcher) open(name, person string, set agenda.FeedSettings) agenda.Feed {
	w.t.Helper()
	f, secret, err := w.app.OpenFeed(context.Background(), w.system(), historySlug, agenda.Feed{PersonID: w.people[person].ID, FeedSettings: set}, app.Once{})
	w.check(err)
	w.feeds[name] = "/feeds/" + secret + ".ics"
	return f
}

// see polls every feed and gives the names of those that changed.
func (w *watcher) see(step string) []string {
	w.t.Helper()
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(w.feeds)) {
		if w.dead[name] {
			continue
		}
		now := w.must(200, w.get(w.feeds[name]))
		if again := w.get(w.feeds[name]); again.Body != now.Body {
			w.t.Errorf("%s: two polls of %s differ", step, name)
		}
		last := w.seen[name]
		if last == nil {
			last = &sighting{entries: map[string]string{}, modified: map[string]string{}}
			w.seen[name] = last
		} else if w.compareAnswers(step, name, last.answer, now) {
			changed = append(changed, name)
		}
		w.compareEntries(step, name, last, now.Body)
		last.answer = now
	}
	return changed
}

// compareAnswers says whether the feed changed.
func (w *watcher) compareAnswers(step, name string, last, now answer) bool {
	w.t.Helper()
	tag := w.get(w.feeds[name], header{"If-None-Match", last.Header.Get("ETag")}).Status
	since := w.get(w.feeds[name], header{"If-Modified-Since", last.Header.Get("Last-Modified")}).Status
	before, after := httpTime(w.t, last), httpTime(w.t, now)
	if now.Body == last.Body {
		if tag != 304 || since != 304 || !after.Equal(before) || now.Header.Get("ETag") != last.Header.Get("ETag") {
			w.t.Errorf("%s: %s is the same, but is answered with %d by its tag, %d by its time; %s, then %s", step, name, tag, since, before, after)
		}
		return false
	}
	if tag != 200 || since != 200 || !after.After(before) {
		w.t.Errorf("%s: %s changed, but is answered with %d by its tag, %d by its time; %s, then %s:\n%s", step, name, tag, since, before, after, difference(last.Body, now.Body))
	}
	return true
}

func httpTime(t testing.TB, a answer) time.Time {
	at, err := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", a.Header.Get("Last-Modified"))
	if err != nil {
		t.Error(err)
	}
	return at
}

func (w *watcher) compareEntries(step, name string, last *sighting, body string) {
	w.t.Helper()
	for uid, entry := range entries(body) {
		modified := line(entry, "LAST-MODIFIED")
		sequence, err := strconv.Atoi(line(entry, "SEQUENCE"))
		if before, known := last.entries[uid]; known && before != entry {
			if modified <= last.modified[uid] {
				w.t.Errorf("%s: %s: an entry is told otherwise, but is of %s as before (%s):\n%s", step, name, modified, last.modified[uid], difference(before, entry))
			}
			if old, _ := strconv.Atoi(line(before, "SEQUENCE")); timeOf(before) != timeOf(entry) && sequence <= old {
				w.t.Errorf("%s: %s: an entry moved, but SEQUENCE is %d after %d:\n%s", step, name, sequence, old, difference(before, entry))
			}
		}
		if err != nil || sequence < w.sequence[uid] {
			w.t.Errorf("%s: %s: SEQUENCE fell from %d to %d, %v", step, name, w.sequence[uid], sequence, err)
		}
		w.sequence[uid] = max(w.sequence[uid], sequence)
		last.entries[uid], last.modified[uid] = entry, max(last.modified[uid], modified)
	}
}

// timeOf gives when an entry is, as instants, and its status.
func timeOf(entry string) string {
	var parts []string
	for l := range strings.SplitSeq(entry, "\r\n") {
		name, value, _ := strings.Cut(l, ":")
		name, zone, zoned := strings.Cut(name, ";TZID=")
		if name != "DTSTART" && name != "DTEND" && name != "STATUS" {
			continue
		}
		if zoned {
			if loc, err := time.LoadLocation(zone); err == nil {
				if at, err := time.ParseInLocation("20060102T150405", value, loc); err == nil {
					value = at.UTC().Format("20060102T150405Z")
				}
			}
		}
		parts = append(parts, name+value)
	}
	return strings.Join(parts, " ")
}

// difference lists the lines that only one of two texts has.
func difference(a, b string) string {
	var only []string
	lines := func(s string) []string { return strings.Split(strings.ReplaceAll(s, "\r\n ", ""), "\r\n") }
	for _, l := range lines(a) {
		if !slices.Contains(lines(b), l) {
			only = append(only, "-"+l)
		}
	}
	for _, l := range lines(b) {
		if !slices.Contains(lines(a), l) {
			only = append(only, "+"+l)
		}
	}
	return strings.Join(only, "\n")
}

// step makes a change an hour later and publishes it; another hour later nothing must have changed.
func (w *watcher) step(name string, change func()) []string {
	w.t.Helper()
	return w.draft(name, func() {
		change()
		w.publishAll()
	})
}

// draft makes a change an hour later and does not publish it.
func (w *watcher) draft(name string, change func()) []string {
	w.t.Helper()
	w.pass(time.Hour)
	change()
	changed := w.see(name)
	w.pass(time.Hour)
	if later := w.see(name + ", an hour later"); len(later) > 0 {
		w.t.Errorf("%s: an hour later %v changed", name, later)
	}
	return changed
}

// publishAll publishes whatever conflicts there are.
func (w *watcher) publishAll() {
	w.t.Helper()
	w.check(w.publishAnyway(historySlug))
}

// setClock sets the clock.
func (w *watcher) setClock(at string) {
	w.t.Helper()
	t, err := time.Parse(time.RFC3339Nano, at)
	w.check(err)
	w.clock.Store(t.UnixMilli())
}

func (w *watcher) editEvent(change func(*agenda.Event)) {
	w.t.Helper()
	e, err := w.app.Event(context.Background(), w.system(), historySlug)
	w.check(err)
	change(&e)
	_, err = w.app.EditEvent(context.Background(), w.system(), historySlug, app.Match{Any: true}, e)
	w.check(err)
}

func (w *watcher) editPerson(name string, change func(*agenda.Person)) {
	w.t.Helper()
	p, err := w.app.Person(context.Background(), w.system(), historySlug, w.people[name].ID)
	w.check(err)
	change(&p)
	_, err = w.app.EditPerson(context.Background(), w.system(), historySlug, app.Match{Any: true}, p)
	w.check(err)
}

func (w *watcher) editRoom(name string, change func(*agenda.Room)) {
	w.t.Helper()
	r, err := w.app.Room(context.Background(), w.system(), historySlug, w.rooms[name].ID)
	w.check(err)
	change(&r)
	_, err = w.app.EditRoom(context.Background(), w.system(), historySlug, app.Match{Any: true}, r)
	w.check(err)
}

func (w *watcher) editMeeting(change func(*agenda.Meeting)) {
	w.t.Helper()
	now, err := w.app.Meeting(context.Background(), w.system(), historySlug, w.meeting.ID)
	w.check(err)
	m := now.Meeting
	change(&m)
	_, err = w.app.EditMeeting(context.Background(), w.system(), historySlug, app.Match{Any: true}, m, requestOf(m.Slot))
	w.check(err)
}

// requestOf asks for the wall clock of a slot.
func requestOf(slot *agenda.Slot) *app.SlotRequest {
	if slot == nil {
		return nil
	}
	return &app.SlotRequest{RoomID: slot.RoomID, Start: string(slot.Start.Wall), End: string(slot.End.Wall)}
}

func (w *watcher) delete(code string) {
	w.t.Helper()
	w.check(w.app.DeletePanel(context.Background(), w.system(), historySlug, app.Match{Any: true}, w.panels[code].ID))
}

func (w *watcher) unschedule(code string) {
	w.t.Helper()
	_, err := w.app.MovePanel(context.Background(), w.system(), historySlug, app.Move{PanelID: w.panels[code].ID, Match: app.Match{Any: true}})
	w.check(err)
}

// set changes the settings of a feed.
func (w *watcher) set(f agenda.Feed, set agenda.FeedSettings) {
	w.t.Helper()
	f.FeedSettings = set
	_, err := w.app.EditFeed(context.Background(), w.system(), historySlug, app.Match{Any: true}, f)
	w.check(err)
}

// restart starts the program again at that address.
func (w *watcher) restart(base string) {
	w.t.Helper()
	w.app = app.New(w.store, app.Options{Now: w.now, NewID: w.newID, Secret: w.newSecret, Code: w.newCode})
	w.check(w.app.RenewCalendars(context.Background(), base))
	w.server = New(Options{App: w.app, BaseURL: base, Version: "1.2.3", Now: w.now})
}
