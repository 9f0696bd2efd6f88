package server

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// history is an event whose feeds are polled after each of its publications.
type history struct {
	*harness
	rooms    map[string]agenda.Room
	track    agenda.Track
	people   map[string]agenda.Person
	panels   map[string]agenda.Panel
	meeting  agenda.Meeting
	feeds    map[string]string // path, by what the test calls the feed
	polled   map[string]answer // the last answers
	fresh    []string          // feeds whose last answer was another one than before
	revision map[string]revision
}

// revision is what the entries of one UID should say: in English, in French, and to whom they tell only when somebody is busy.
type revision struct {
	sequence       int
	modified       time.Time
	modifiedFrench time.Time
	modifiedBusy   time.Time
	cancelled      bool
}

const historySlug = "history"

func newHistory(h *harness) *history {
	y := &history{harness: h, rooms: map[string]agenda.Room{}, people: map[string]agenda.Person{}, panels: map[string]agenda.Panel{},
		feeds: map[string]string{}, polled: map[string]answer{}, revision: map[string]revision{}}
	ctx := context.Background()
	_, _, err := h.app.CreateEvent(ctx, h.system(), agenda.Event{Slug: historySlug, Name: agenda.Text{"en": "Spring forum", "fr": "Forum de printemps"},
		Zone: "Europe/Paris", StartDate: "2026-03-27", EndDate: "2026-03-30", Languages: []string{"en", "fr"}}, app.Once{})
	y.check(err)
	for _, name := range []string{"A", "B"} {
		y.rooms[name], _, err = h.app.CreateRoom(ctx, h.system(), historySlug,
			agenda.Room{Name: agenda.Text{"en": "Hall " + name, "fr": "Salle " + name}, Kind: agenda.RoomHall}, app.Once{})
		y.check(err)
	}
	y.track, _, err = h.app.CreateTrack(ctx, h.system(), historySlug, agenda.Track{Name: agenda.Text{"en": "Data"}}, app.Once{})
	y.check(err)
	for _, name := range []string{"Ann", "Bob", "Cy"} {
		y.people[name], _, err = h.app.CreatePerson(ctx, h.system(), historySlug, agenda.Person{Name: name}, app.Once{})
		y.check(err)
	}
	y.panel("TALK1", "A", "2026-03-28T09:00", "2026-03-28T10:00", "Ann", y.track.ID)
	y.panel("TALK2", "B", "2026-03-28T11:00", "2026-03-28T12:00", "Bob", "")
	y.panel("TALK3", "A", "2026-03-28T14:00", "2026-03-28T15:00", "", "")
	y.panel("TALK4", "B", "2026-03-30T09:00", "2026-03-30T10:00", "Cy", "")
	side := func(name string) agenda.Delegation {
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: y.people[name].ID, Role: agenda.Principal, Answer: agenda.Accepted}}}
	}
	m, err := h.app.CreateMeeting(ctx, h.system(), historySlug, agenda.Meeting{Topic: agenda.Text{"en": "Trade"}, Status: agenda.MeetingAccepted,
		Visibility: agenda.VisibleToParticipants, Sides: [2]agenda.Delegation{side("Ann"), side("Bob")}},
		&app.SlotRequest{RoomID: y.rooms["B"].ID, Start: "2026-03-27T16:00", End: "2026-03-27T16:30"}, app.Once{})
	y.check(err)
	y.meeting = m.Meeting
	return y
}

func (y *history) check(err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatal(err)
	}
}

func (y *history) panel(code, room, start, end, speaker string, track agenda.ID) {
	p := agenda.Panel{Code: code, Format: agenda.FormatTalk, TrackID: track, Title: agenda.Text{"en": "Talk " + code, "fr": "Exposé " + code}}
	if speaker != "" {
		p.Speakers = []agenda.Speaker{{PersonID: y.people[speaker].ID, Role: agenda.Presenter, Status: agenda.Confirmed}}
	}
	made, err := y.app.CreatePanel(context.Background(), y.system(), historySlug, p, y.at(room, start, end), app.Once{})
	y.check(err)
	y.panels[code] = made.Panel
}

func (y *history) at(room, start, end string) *app.SlotRequest {
	return &app.SlotRequest{RoomID: y.rooms[room].ID, Start: start, End: end}
}

func (y *history) openFeeds() {
	base := "/" + historySlug + "/"
	y.feeds = map[string]string{"event": base + "agenda.ics", "event fr": base + "agenda.ics?lang=fr", "event hide": base + "agenda.ics?cancelled=hide", "event whole": base + "agenda.ics?whole_event=true",
		"track": base + "tracks/" + string(y.track.ID) + ".ics"}
	for name, r := range y.rooms {
		y.feeds["room "+name] = base + "rooms/" + string(r.ID) + ".ics"
	}
	for name, p := range y.people {
		y.feeds["speaker "+name] = base + "speakers/" + string(p.ID) + ".ics"
	}
	for code := range y.panels {
		y.feeds["panel "+code] = base + "panels/" + code + ".ics"
	}
	for name, set := range map[string]agenda.FeedSettings{"personal": {Meetings: true}, "busy": {Meetings: true, Detail: agenda.BusyOnly}} {
		_, secret, err := y.app.OpenFeed(context.Background(), y.system(), historySlug, agenda.Feed{PersonID: y.people["Ann"].ID, FeedSettings: set}, app.Once{})
		y.check(err)
		y.feeds[name] = "/feeds/" + secret + ".ics"
	}
	starred, err := y.app.OpenStarredFeed(context.Background(), historySlug, agenda.FeedSettings{Panels: []agenda.ID{y.panels["TALK1"].ID, y.panels["TALK3"].ID}})
	y.check(err)
	y.feeds["starred"] = "/feeds/" + starred.Secret + ".ics"
}

// told is how a publication changes the entry of a Panel, or of the meeting.
type told struct {
	code      string
	rise      int    // of its SEQUENCE
	language  string // "": LAST-MODIFIED rises in both
	cancelled bool
}

// publish makes a Release and notes what should come of it.
func (y *history) publish(entries []told) {
	y.t.Helper()
	_, err := y.app.Publish(context.Background(), y.system(), historySlug, nil, nil, app.Once{})
	y.check(err)
	now := y.now().Truncate(time.Second)
	for _, e := range entries {
		r := y.revision[e.code]
		r.sequence += e.rise
		r.cancelled = e.cancelled
		if e.language != "fr" {
			r.modified = now
		}
		if e.language != "en" {
			r.modifiedFrench = now
		}
		if e.rise > 0 || r.modifiedBusy.IsZero() {
			r.modifiedBusy = now
		}
		y.revision[e.code] = r
	}
}

// entries gives the entries of a calendar as they stand in it, by UID.
func entries(body string) map[string]string {
	found := map[string]string{}
	for _, part := range strings.Split(body, "BEGIN:VEVENT\r\n")[1:] {
		entry, _, _ := strings.Cut(part, "END:VEVENT")
		uid, _, _ := strings.Cut(strings.TrimPrefix(entry, "UID:"), "\r\n")
		found[uid] = entry
	}
	return found
}

// line gives the value of a line of an entry.
func line(entry, name string) string {
	_, rest, _ := strings.Cut("\r\n"+entry, "\r\n"+name+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// poll asks for every feed as a calendar would that has the last answer. Those that changed must be the ones that
// are listed; the others must say that they did not, to either validator, and be the same bytes.
func (y *history) poll(step string, changed []string) {
	y.t.Helper()
	names := slices.Sorted(maps.Keys(y.feeds))
	y.fresh = nil
	for _, name := range names {
		last, known := y.polled[name]
		a := y.must(200, y.get(y.feeds[name]))
		if again := y.get(y.feeds[name]); again.Body != a.Body {
			y.t.Errorf("%s: two polls of %s differ", step, name)
		}
		if known {
			tag := y.get(y.feeds[name], header{"If-None-Match", last.Header.Get("ETag")})
			since := y.get(y.feeds[name], header{"If-Modified-Since", last.Header.Get("Last-Modified")})
			if tag.Status != since.Status || (tag.Status == 304) != (a.Body == last.Body) {
				y.t.Errorf("%s: %s: %d by its tag, %d by its time, the same bytes: %t", step, name, tag.Status, since.Status, a.Body == last.Body)
			}
			if tag.Status == 200 {
				y.fresh = append(y.fresh, name)
			}
			before := entries(last.Body)
			for uid, entry := range entries(a.Body) {
				if old, ok := before[uid]; ok && old != entry && line(old, "LAST-MODIFIED") >= line(entry, "LAST-MODIFIED") {
					y.t.Errorf("%s: %s: an entry changed and its time did not:\n%s%s", step, name, old, entry)
				}
			}
		}
		y.polled[name] = a
		y.compare(step, name, a.Body)
	}
	slices.Sort(changed)
	if diff := cmp.Diff(changed, y.fresh); diff != "" {
		y.t.Errorf("%s: feeds that changed (-want +got):\n%s", step, diff)
	}
}

// compare looks at SEQUENCE, LAST-MODIFIED, DTSTAMP and STATUS of each entry.
func (y *history) compare(step, name, body string) {
	y.t.Helper()
	told := entries(body)
	for code, want := range y.revision {
		uid := y.panels[code].UID
		if code == "meeting" {
			uid = y.meeting.UID
		}
		entry, ok := told[uid]
		if !ok {
			continue
		}
		modified := want.modified
		switch name {
		case "event fr":
			modified = want.modifiedFrench
		case "busy":
			modified = want.modifiedBusy
		}
		at := modified.UTC().Format("20060102T150405Z")
		got := []string{line(entry, "SEQUENCE"), line(entry, "LAST-MODIFIED"), line(entry, "DTSTAMP"), strconv.FormatBool(line(entry, "STATUS") == "CANCELLED")}
		if diff := cmp.Diff([]string{strconv.Itoa(want.sequence), at, at, strconv.FormatBool(want.cancelled)}, got); diff != "" {
			y.t.Errorf("%s: %s in %s (-want +got):\n%s", step, code, name, diff)
		}
	}
}

func TestFeedsOverAHistoryOfPublications(t *testing.T) {
	both(t, func(t *testing.T, h *harness) { newHistory(h).run() })
}

// publication is one step of the history: what organizers change, how entries should follow, and which feeds.
type publication struct {
	name    string
	change  func()
	entries []told
	feeds   []string
}

func (y *history) run() {
	y.publish([]told{{code: "TALK1"}, {code: "TALK2"}, {code: "TALK3"}, {code: "TALK4"}, {code: "meeting"}})
	y.openFeeds()
	y.pass(time.Hour + 7*time.Minute)
	y.poll("first", nil)
	y.fresh = slices.Sorted(maps.Keys(y.feeds))
	y.icalcheck("first")
	for _, step := range slices.Concat(y.movesAndNames(), y.endsAndReturns(), y.theRest()) {
		y.pass(time.Hour)
		step.change()
		y.publish(step.entries)
		y.poll(step.name, step.feeds)
		y.icalcheck(step.name)
		y.pass(time.Hour)
		y.poll(step.name+", an hour later", nil)
	}
}

func (y *history) move(code, room, start, end string) func() {
	return func() {
		_, err := y.app.MovePanel(context.Background(), y.system(), historySlug,
			app.Move{PanelID: y.panels[code].ID, Match: app.Match{Any: true}, Slot: y.at(room, start, end)})
		y.check(err)
	}
}

func (y *history) edit(code string, change func(*agenda.Panel)) func() {
	return func() {
		now, err := y.app.Panel(context.Background(), y.system(), historySlug, y.panels[code].ID)
		y.check(err)
		p := now.Panel
		change(&p)
		_, err = y.app.EditPanel(context.Background(), y.system(), historySlug, app.Match{Any: true}, p,
			&app.SlotRequest{RoomID: p.Slot.RoomID, Start: string(p.Slot.Start.Wall), End: string(p.Slot.End.Wall)})
		y.check(err)
	}
}

func (y *history) cancel(code string, cancelled bool) func() {
	return func() {
		_, err := y.app.CancelPanel(context.Background(), y.system(), historySlug, app.Match{Any: true}, y.panels[code].ID, cancelled, nil)
		y.check(err)
	}
}

// The feeds that have what a panel changes, besides its own.
var all = []string{"event", "event fr", "event hide", "event whole"}

func (y *history) movesAndNames() []publication {
	return []publication{
		{"moved", y.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00"), []told{{code: "TALK1", rise: 1}},
			append([]string{"room A", "track", "panel TALK1", "speaker Ann", "personal", "busy", "starred"}, all...)},
		{"room renamed in English", func() {
			room := y.rooms["B"]
			room.Name = agenda.Text{"en": "Great hall", "fr": room.Name["fr"]}
			_, err := y.app.EditRoom(context.Background(), y.system(), historySlug, app.Match{Any: true}, room)
			y.check(err)
		}, []told{{code: "TALK2", language: "en"}, {code: "TALK4", language: "en"}, {code: "meeting", language: "en"}},
			[]string{"event", "event hide", "event whole", "room B", "panel TALK2", "panel TALK4", "speaker Bob", "speaker Cy", "personal"}},
		{"speaker replaced", y.edit("TALK2", func(p *agenda.Panel) { p.Speakers[0].PersonID = y.people["Cy"].ID }), []told{{code: "TALK2"}},
			append([]string{"room B", "panel TALK2", "speaker Bob", "speaker Cy"}, all...)},
	}
}

func (y *history) endsAndReturns() []publication {
	return []publication{
		{"cancelled", y.cancel("TALK3", true), []told{{code: "TALK3", rise: 1, cancelled: true}}, append([]string{"room A", "panel TALK3", "starred"}, all...)},
		{"restored", y.cancel("TALK3", false), []told{{code: "TALK3", rise: 1}}, append([]string{"room A", "panel TALK3", "starred"}, all...)},
		{"deleted", func() {
			y.check(y.app.DeletePanel(context.Background(), y.system(), historySlug, app.Match{Any: true}, y.panels["TALK4"].ID))
		}, []told{{code: "TALK4", rise: 1, cancelled: true}}, append([]string{"room B", "panel TALK4", "speaker Cy"}, all...)},
		{"nothing", func() {}, nil, nil},
	}
}

func (y *history) theRest() []publication {
	return []publication{
		{"to where the clock changed", y.move("TALK1", "A", "2026-03-29T10:00", "2026-03-29T11:00"), []told{{code: "TALK1", rise: 1}},
			append([]string{"room A", "track", "panel TALK1", "speaker Ann", "personal", "busy", "starred"}, all...)},
		{"another zone", func() {
			e, err := y.app.Event(context.Background(), y.system(), historySlug)
			y.check(err)
			e.Zone = "Europe/Helsinki"
			_, err = y.app.EditEvent(context.Background(), y.system(), historySlug, app.Match{Any: true}, e)
			y.check(err)
			y.pass(time.Minute) // the meeting is moved at once, and told in the zone that is published now
		}, []told{{code: "TALK1", rise: 1}, {code: "TALK2", rise: 1}, {code: "TALK3", rise: 1}, {code: "TALK4", rise: 1, cancelled: true}, {code: "meeting", rise: 1}},
			slices.Sorted(maps.Keys(y.feeds))},
		{"longer", y.move("TALK2", "B", "2026-03-28T11:00", "2026-03-28T12:30"), []told{{code: "TALK2", rise: 1}},
			append([]string{"room B", "panel TALK2", "speaker Cy"}, all...)},
		{"title in French", y.edit("TALK1", func(p *agenda.Panel) { p.Title = agenda.Text{"en": p.Title["en"], "fr": "Autre titre"} }),
			[]told{{code: "TALK1", language: "fr"}}, []string{"event fr"}},
		{"into a track", y.edit("TALK3", func(p *agenda.Panel) { p.TrackID = y.track.ID }), []told{{code: "TALK3"}},
			append([]string{"room A", "track", "panel TALK3", "starred"}, all...)},
		{"two at once", func() {
			y.move("TALK1", "B", "2026-03-29T10:00", "2026-03-29T11:00")()
			y.edit("TALK2", func(p *agenda.Panel) { p.Title = agenda.Text{"en": "Another title", "fr": p.Title["fr"]} })()
		}, []told{{code: "TALK1", rise: 1}, {code: "TALK2", language: "en"}},
			append([]string{"room A", "room B", "track", "panel TALK1", "panel TALK2", "speaker Ann", "speaker Cy", "personal", "busy", "starred"}, all...)},
	}
}

// icalcheck reads every feed that changed with foreign parsers, where they are installed, and compares what they saw with what was
// published.
func (y *history) icalcheck(step string) {
	y.t.Helper()
	program := os.Getenv("ICALCHECK")
	if program == "" || y.store.Dialect() != "sqlite" {
		return
	}
	for _, name := range y.fresh {
		a, dir := y.polled[name], y.t.TempDir()
		truth, err := json.Marshal(y.truth(name, a.Body))
		y.check(err)
		y.check(os.WriteFile(filepath.Join(dir, "feed.ics"), []byte(a.Body), 0o600))
		y.check(os.WriteFile(filepath.Join(dir, "truth.json"), truth, 0o600))
		out, err := exec.Command(program, "--profile", "feed", "--deep", "--expect", filepath.Join(dir, "truth.json"), filepath.Join(dir, "feed.ics")).CombinedOutput()
		if err != nil {
			y.t.Errorf("%s: %s: %v\n%s", step, name, err, out)
		}
	}
}

// truth says what a feed has to say, by the draft, which is what was published last.
func (y *history) truth(name, body string) []map[string]any {
	expected := []map[string]any{}
	for uid := range entries(body) {
		item := map[string]any{"uid": uid}
		for code, r := range y.revision {
			p := y.panels[code]
			if code != "meeting" && p.UID != uid || code == "meeting" && y.meeting.UID != uid {
				continue
			}
			item["sequence"] = r.sequence
			item["status"] = map[bool]string{true: "CANCELLED", false: "CONFIRMED"}[r.cancelled]
			if now, err := y.app.Panel(context.Background(), y.system(), historySlug, p.ID); err == nil {
				item["start"], item["end"] = now.Panel.Slot.Start.At.UTC().Format(time.RFC3339), now.Panel.Slot.End.At.UTC().Format(time.RFC3339)
				switch {
				case name == "busy":
					item["summary"] = "Busy"
				case name != "event fr" && !r.cancelled:
					item["summary"] = now.Panel.Title["en"]
				}
			}
		}
		expected = append(expected, item)
	}
	return expected
}
