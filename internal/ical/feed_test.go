package ical

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"plenary/internal/agenda"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

func pages(p agenda.Panel) string { return "https://forum.example/vidw-2026/panels/" + p.Code }

// view is what a test asks for: of whom, and in which feed.
type view struct {
	Options
	Languages []string
	PanelURL  func(agenda.Panel) string
}

func public(languages ...string) view {
	return view{Options{URL: "https://forum.example/vidw-2026", Source: "https://forum.example/vidw-2026/agenda.ics", Modified: released}, languages, pages}
}

func personal(t testing.TB, languages ...string) view {
	o := public(languages...)
	o.Personal, o.Scope, o.Meetings = true, agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: "anna"}, bilaterals(t)
	o.MeetingURL = func(m agenda.Meeting) string { return "https://forum.example/vidw-2026/meetings/" + string(m.ID) }
	o.People = map[agenda.ID]agenda.Person{"tanaka": {ID: "tanaka", Name: "Tanaka Yūko", Email: "t@secret.example"}, "zoe": {ID: "zoe", Name: "Zoé Dupont"}}
	return o
}

func (v view) feed(s *agenda.Snapshot) ([]byte, error) {
	if v.Stamps.Len() == 0 {
		v.Stamps = stamped(s)
	}
	return NewPress(s, Links{Panel: v.PanelURL}, v.Languages...).Feed(v.Options)
}

func feedOf(t testing.TB, s *agenda.Snapshot, o view) []byte {
	t.Helper()
	data, err := o.feed(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFeedGolden(t *testing.T) {
	s := published(t, forum(t))
	utc := *s
	utc.Event.Zone = "UTC"
	empty := agenda.NewSnapshot(agenda.Draft{Event: s.Event}, nil)
	gaza := empty
	gaza.Event.Zone, gaza.Event.StartDate, gaza.Event.EndDate = "Asia/Gaza", "2026-01-01", "2026-12-31"
	scoped := func(kind agenda.FeedScopeKind, id agenda.ID) view {
		o := public()
		o.Scope = agenda.FeedScope{Kind: kind, ID: id}
		return o
	}
	for name, c := range map[string]struct {
		s *agenda.Snapshot
		o view
	}{
		"event.en": {s, public()}, "event.fr": {s, public("fr-CA")}, "event.vi": {s, public("vi", "en")},
		"personal.en": {s, personal(t)}, "personal.fr": {s, personal(t, "fr")}, "personal.vi": {s, personal(t, "vi")},
		"paris.fr": {parisian(t), view{}}, "paris.vi": {parisian(t), public("vi")}, "utc.en": {&utc, public()},
		"empty.en": {&empty, public()}, "empty-gaza.en": {&gaza, public()},
		"panel.en": {s, scoped(agenda.FeedOfPanel, "p1")}, "track.en": {s, scoped(agenda.FeedOfTrack, "data")}, "room.en": {s, scoped(agenda.FeedOfRoom, "b")},
		"table.en": {s, scoped(agenda.FeedOfRoom, "t1")}, "speaker.en": {s, scoped(agenda.FeedOfSpeaker, "anna")}, "unknown.en": {s, scoped(agenda.FeedOfTrack, "x")},
	} {
		t.Run(name, func(t *testing.T) {
			data := feedOf(t, c.s, c.o)
			readLines(t, data)
			golden := filepath.Join("testdata", name+".ics")
			if *update {
				if err := os.WriteFile(golden, data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(data)); diff != "" {
				t.Error(diff)
			}
			if os.Getenv("ICALCHECK") != "" {
				icalcheck(t, data, nil)
			}
		})
	}
}

func TestFeedSaysNothingPrivate(t *testing.T) {
	s := published(t, forum(t))
	// A Snapshot should not have these; the feed must not rely on it.
	s.People = forum(t).People
	s.Panels[0].Notes = "internal remark"
	for name, data := range map[string][]byte{"public": feedOf(t, s, public()), "personal": feedOf(t, s, personal(t))} {
		text := unfolded(data)
		for _, secret := range []string{"secret.example", "vegetarian", "internal remark", "5 %", "ORGANIZER", "ATTENDEE",
			"VALARM", "METHOD", "mailto", "Not scheduled yet"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s feed has %q", name, secret)
			}
		}
	}
	o := personal(t)
	o.Source = "https://forum.example/feeds/SECRET.ics"
	if strings.Contains(unfolded(feedOf(t, s, o)), "SECRET") {
		t.Error("a personal feed tells its own address")
	}
	o = public()
	o.People = map[agenda.ID]agenda.Person{"zoe": {Name: "Hidden Person"}}
	o.Scope = agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: "zoe"}
	if strings.Contains(unfolded(feedOf(t, s, o)), "Hidden") {
		t.Error("a public feed names someone who is not in the release")
	}
}

func TestFeedRefuses(t *testing.T) {
	s := published(t, forum(t))
	for name, change := range map[string]func(*agenda.Snapshot, *view){
		"meetings in a public feed": func(_ *agenda.Snapshot, o *view) { o.Meetings = bilaterals(t) },
		"meetings in the event's":   func(_ *agenda.Snapshot, o *view) { o.Meetings, o.Personal = bilaterals(t), true },
		"no such scope":             func(_ *agenda.Snapshot, o *view) { o.Scope.Kind = "city" },
		"panel without a stamp":     func(_ *agenda.Snapshot, o *view) { o.Stamps = agenda.NewStamps(map[string]agenda.Stamp{"another": {}}) },
		"panel that ends as it began": func(s *agenda.Snapshot, _ *view) {
			slot := *s.Panels[0].Slot
			slot.End = slot.Start
			s.Panels[0].Slot = &slot
		},
	} {
		t.Run(name, func(t *testing.T) {
			copied, o := *published(t, forum(t)), public()
			change(&copied, &o)
			if data, err := o.feed(&copied); err == nil {
				t.Errorf("accepted:\n%s", data)
			}
		})
	}
	if _, err := public().feed(s); err != nil {
		t.Error(err)
	}
}

func TestFeedLeavesOutWhatIsNoWebLink(t *testing.T) {
	for _, bad := range []string{"tonight", "javascript:alert(1)", "https://", "data:text/html,x"} {
		s, o := published(t, forum(t)), public()
		s.Panels[0].StreamURL, o.URL, o.Source = bad, bad, bad
		o.PanelURL = func(agenda.Panel) string { return bad }
		text := unfolded(feedOf(t, s, o))
		for _, line := range []string{"URL:", "SOURCE", "CONFERENCE", bad + "\r", "Live stream"} {
			if strings.Contains(text, line) {
				t.Errorf("%q: feed has %q", bad, line)
			}
		}
	}
}

// In Morocco the clock goes by the moon, which no VTIMEZONE can tell to every client.
func TestFeedFallsBackToUTC(t *testing.T) {
	d := forum(t)
	d.Event.Zone, d.Event.StartDate, d.Event.EndDate = "Africa/Casablanca", "2026-02-10", "2027-03-10"
	d.Panels = d.Panels[:1]
	d.Panels[0].Slot = slotAt(t, "Africa/Casablanca", "a", "2026-02-20T10:00", "2026-02-20T11:00")
	s := agenda.NewSnapshot(d, nil)
	lines := readLines(t, feedOf(t, &s, view{}))
	if start := find(t, lines, "DTSTART"); start.value != "20260220T100000Z" || len(start.params) != 0 {
		t.Errorf("DTSTART is %+v", start)
	}
	if strings.Contains(skeleton(lines), "VTIMEZONE") {
		t.Error("a VTIMEZONE that is not used")
	}
	if zone := find(t, lines, "X-WR-TIMEZONE").value; zone != "Africa/Casablanca" {
		t.Errorf("X-WR-TIMEZONE is %s", zone)
	}
}

func TestFeedIsAFunction(t *testing.T) {
	s := published(t, forum(t))
	first := feedOf(t, s, personal(t))
	for range 20 {
		if !bytes.Equal(first, feedOf(t, published(t, forum(t)), personal(t))) {
			t.Fatal("equal arguments gave different bytes")
		}
	}
	if diff := cmp.Diff(published(t, forum(t)), s, cmpopts.IgnoreUnexported(agenda.Snapshot{})); diff != "" {
		t.Errorf("the snapshot was changed: %s", diff)
	}
}

func TestFeedDropsOldCancellations(t *testing.T) {
	s, o := published(t, forum(t)), public()
	end := time.Date(2026, 5, 12, 2, 30, 0, 0, time.UTC)
	for since, want := range map[time.Time]bool{{}: true, end: true, end.Add(time.Second): false} {
		o.CancelledSince = since
		data := feedOf(t, s, o)
		if got := bytes.Contains(data, []byte("UID:p2@forum")); got != want {
			t.Errorf("since %v: cancelled panel is there: %v", since, got)
		}
		if !bytes.Contains(data, []byte("UID:p4@forum")) {
			t.Errorf("since %v: a panel that takes place is gone", since)
		}
	}
}

func TestFeedNamesStayShort(t *testing.T) {
	d := forum(t)
	d.Event.Name = agenda.Text{"en": strings.Repeat("Very long name ", 20)}
	d.Rooms[0].Name = agenda.Text{"en": "Hall A\nsecond floor, " + strings.Repeat("e\u0301", 40)}
	s := agenda.NewSnapshot(d, nil)
	for _, o := range []Options{{}, {Scope: agenda.FeedScope{Kind: agenda.FeedOfRoom, ID: "a"}}, {Scope: agenda.FeedScope{Kind: agenda.FeedOfPanel, ID: "p1"}}, {Name: strings.Repeat("é", 70)}} {
		lines := readLines(t, feedOf(t, &s, view{Options: o}))
		for _, property := range []string{"NAME", "X-WR-CALNAME"} {
			name := unescape(t, find(t, lines, property).value)
			if n := utf8.RuneCountInString(name); n > maxFeedName || n < 30 || strings.Contains(name, "\n") {
				t.Errorf("%s has %d characters: %q", property, n, name)
			}
		}
	}
}

func TestFeedIsNotCreatedAfterItsChange(t *testing.T) {
	s, o := published(t, forum(t)), public()
	o.Stamps = stamped(s)
	stamp := o.Stamps.Of("p1@forum")
	stamp.Created = stamp.Modified.Add(time.Hour)
	o.Stamps = o.Stamps.With(map[string]agenda.Stamp{"p1@forum": stamp})
	lines := readLines(t, feedOf(t, s, o))
	if got, want := find(t, lines, "CREATED").value, stamp.Modified.Format(utcLayout); got != want {
		t.Errorf("CREATED is %s, LAST-MODIFIED %s", got, want)
	}
}

// Panels whose every text is hostile come out of five parsers as they should be. Only the links have no backslash:
// python-icalendar reads the %5C of a link in a text as one.
func TestFeedUnderHostileTexts(t *testing.T) {
	d := forum(t)
	d.Panels = nil
	start := time.Date(2026, 5, 12, 1, 0, 0, 0, time.UTC)
	zone := mustZone(t, "Asia/Ho_Chi_Minh")
	var expect []truth
	for i := range 500 {
		text := "T" + hostile[i%len(hostile)] + hostile[(i/3)%len(hostile)] + fmt.Sprint(i)
		slot := agenda.Slot{RoomID: "a", Start: agenda.MomentOf(zone, start.Add(time.Duration(i)*time.Hour)),
			End: agenda.MomentOf(zone, start.Add(time.Duration(i)*time.Hour+50*time.Minute))}
		d.Panels = append(d.Panels, agenda.Panel{ID: agenda.ID(fmt.Sprint(i)), UID: fmt.Sprintf("%d@hostile", i), Code: fmt.Sprintf("H%d", i),
			Title: agenda.Text{"en": text}, Abstract: agenda.Text{"en": text + text}, Slot: &slot, StreamURL: "https://x.example/" + strings.ReplaceAll(text, `\`, ""),
			Cancelled: i%7 == 0, CancelNote: agenda.Text{"en": text}})
		want := truth{UID: fmt.Sprintf("%d@hostile", i), Summary: clean(text), Status: "CONFIRMED",
			Start: slot.Start.At.Format(time.RFC3339), End: slot.End.At.Format(time.RFC3339)}
		if i%7 == 0 {
			want.Summary, want.Status = "CANCELLED: "+want.Summary, "CANCELLED"
		}
		expect = append(expect, want)
	}
	d.Rooms[0].Name, d.Tracks[0].Name = agenda.Text{"en": hostile[6]}, agenda.Text{"en": hostile[7]}
	d.Event.Name = agenda.Text{"en": strings.Join(hostile, "")}
	s := agenda.NewSnapshot(d, nil)
	data := feedOf(t, &s, public())
	if got := strings.Count(skeleton(readLines(t, data)), "BEGIN:VEVENT"); got != 500 {
		t.Fatalf("%d events", got)
	}
	icalcheck(t, data, expect)
}

func TestLabelsAreComplete(t *testing.T) {
	tables := map[string]agenda.Text{"colon": labelColon, "cancelled": labelCancelled, "tentative": labelTentative,
		"language": labelLanguage, "interpretation": labelInterpretation, "programme": labelProgramme, "stream": labelStream,
		"page": labelPage, "all rooms": labelAllRooms, "meeting": labelMeeting, "meeting with": labelMeetingWith,
		"topic": labelTopic, "personal": labelPersonal,
		"busy": labelBusy, "closed": labelClosed, "starred": labelStarred}
	for _, r := range agenda.Roles {
		tables["role "+string(r)] = roleNames[r]
	}
	for _, r := range agenda.DelegateRoles {
		tables["delegate "+string(r)] = delegateNames[r]
	}
	for tag, text := range languageNames {
		tables["language "+tag] = text
	}
	for name, text := range tables {
		if missing := text.Missing([]string{"en", "fr", "vi"}); len(missing) > 0 || len(text) != 3 {
			t.Errorf("%s: has %v", name, text)
		}
		for tag, s := range text {
			if regexp.MustCompile(`e\x{301}|[\x{300}-\x{36f}]`).MatchString(s) {
				t.Errorf("%s/%s is not in composed form: %q", name, tag, s)
			}
		}
	}
}

func BenchmarkFeed2000(b *testing.B) {
	d := forum(b)
	one := d.Panels[0]
	d.Panels = nil
	for i := range 2000 {
		p := one
		p.ID, p.UID, p.Code = agenda.ID(fmt.Sprint(i)), fmt.Sprintf("%d@forum", i), fmt.Sprintf("P%d", i)
		d.Panels = append(d.Panels, p)
	}
	s := agenda.NewSnapshot(d, nil)
	o := public("vi")
	o.Stamps = stamped(&s)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := o.feed(&s); err != nil {
			b.Fatal(err)
		}
	}
}
