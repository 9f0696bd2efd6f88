package agenda

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// faultsAt wants exactly these pointers in err, in any order, each with something to say.
func faultsAt(t *testing.T, err error, want ...string) {
	t.Helper()
	var e *Error
	if err != nil && (!errors.As(err, &e) || e.Code != Invalid) {
		t.Errorf("got %v, want an invalid error", err)
		return
	}
	var got []string
	if e != nil {
		for _, f := range e.Faults {
			got = append(got, f.Pointer)
			if f.Message == "" || strings.Contains(f.Message, "%!") || len(f.Message) > 400 {
				t.Errorf("%s says %q", f.Pointer, f.Message)
			}
		}
	}
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(want, got, sorted, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("pointers (-want +got):\n%s", diff)
	}
}

// check is one input of a noun's Check and the pointers at what is wrong with it.
type check[T any] struct {
	change func(*T)
	want   []string
}

// checkAll runs each on a good noun, and all together, where all must be said at once.
func checkAll[T any](t *testing.T, good func() T, check func(T) error, tests []check[T]) {
	t.Helper()
	faultsAt(t, check(good()))
	for _, tt := range tests {
		noun := good()
		tt.change(&noun)
		faultsAt(t, check(noun), tt.want...)
	}
}

var long = strings.Repeat("ế", MaxName+1)

func TestEventCheck(t *testing.T) {
	good := func() Event { return newForum().event }
	checkAll(t, good, Event.Check, []check[Event]{
		{func(e *Event) { *e = Event{} }, []string{"/slug", "/name", "/zone", "/start_date", "/end_date", "/languages"}},
		{func(e *Event) {
			e.Slug, e.Zone, e.Name["x!"], e.Description = "No Slug", "Mars/Base", "a", Text{"en": strings.Repeat("a", MaxProse+1)}
			e.Venue = Venue{Name: Text{"en": long}, Address: Text{"en": "\x00"}, Country: "vn", Place: &Place{math.NaN(), 181}}
			e.StartDate, e.EndDate, e.Languages = "2025-02-30", "tomorrow", []string{"en", "EN", "en"}
			e.Website, e.BufferMinutes = "javascript:alert(1)", -1
		}, []string{"/slug", "/zone", "/name/x!", "/description/en", "/venue/name/en", "/venue/address/en", "/venue/country",
			"/venue/latitude", "/venue/longitude", "/start_date", "/end_date", "/languages/1", "/languages/2", "/website", "/buffer_minutes"}},
		{func(e *Event) { e.EndDate = "2025-10-26" }, []string{"/end_date"}},
		{func(e *Event) { e.EndDate = e.StartDate }, nil},
		{func(e *Event) { e.EndDate = e.StartDate.AddDays(MaxEventDay + 1) }, []string{"/end_date"}},
		{func(e *Event) { e.StartDate, e.EndDate = "1969-01-01", "1969-01-02" }, []string{"/start_date"}},
		{func(e *Event) { e.EndDate = "9998-01-01" }, []string{"/start_date"}},
		{func(e *Event) { e.Venue.Place, e.Website = &Place{-90, 180}, "https://example.org/a?b=c#d" }, nil},
		{func(e *Event) { e.BufferMinutes = 24*60 + 1 }, []string{"/buffer_minutes"}},
	})
	for _, s := range []string{"", "A", "a b", "-a", "a-", "a--b", "hội", "a/b", "api", "feeds", "healthz", strings.Repeat("a", 61), "a\n"} {
		var f Faults
		CheckSlug(&f, "/slug", s)
		faultsAt(t, f.Err("event"), "/slug")
	}
	for _, s := range []string{"a", "vidw-2025", "0", strings.Repeat("a", 60)} {
		var f Faults
		CheckSlug(&f, "/slug", s)
		faultsAt(t, f.Err("event"))
	}
	for _, s := range []string{"ftp://a.b", "//a.b", "a.b", "https://", "https://u:p@a.b/", "http://a.b/\x00", "https://a.b/" + strings.Repeat("c", MaxURL)} {
		e := good()
		e.Website = s
		faultsAt(t, e.Check(), "/website")
	}
}

func TestEventParts(t *testing.T) {
	e := newForum().event
	if diff := cmp.Diff([]Date{"2025-10-27", "2025-10-28"}, e.Days()); diff != "" {
		t.Error(diff)
	}
	e.EndDate = "9999-12-31"
	if n := len(e.Days()); n != MaxEventDay {
		t.Errorf("%d days", n)
	}
	if e.Location() != hanoi || (Event{Zone: "?"}).Location() != time.UTC || e.Language() != "en" || (Event{}).Language() != "en" {
		t.Error("zone and language")
	}
	e.Name, e.Venue.Name, e.Description = Text{"en": " a "}, Text{"en": " "}, Text{"en": "a\r\nb"}
	e.Clean()
	if e.Name["en"] != "a" || len(e.Venue.Name) != 0 || e.Description["en"] != "a\nb" {
		t.Errorf("%+v", e)
	}
}

func TestRoomAndTrackCheck(t *testing.T) {
	checkAll(t, func() Room { return newForum().rooms[1] }, Room.Check, []check[Room]{
		{func(r *Room) { *r = Room{ID: "b"} }, []string{"/name", "/kind"}},
		{func(r *Room) {
			*r = Room{ID: "b", Name: Text{"en": long}, Description: Text{"": "x"}, Kind: "cellar", Capacity: -1, Position: -1,
				Walks: []Walk{{"b", 1}, {"", 1}, {"c", -1}, {"c", 1}, {"d", 24*60 + 1}}}
		}, []string{"/name/en", "/description/", "/kind", "/capacity", "/position", "/walks/0/to", "/walks/1/to", "/walks/2/minutes",
			"/walks/3/to", "/walks/4/minutes"}},
		{func(r *Room) { r.Capacity = 1_000_001 }, []string{"/capacity"}},
	})
	good := func() Track { return Track{Name: Text{"en": "Green"}, Color: "#00ff9a"} }
	checkAll(t, good, Track.Check, []check[Track]{
		{func(x *Track) { *x = Track{} }, []string{"/name"}},
		{func(x *Track) {
			x.Name["en"], x.Description, x.Color, x.Position = "\x07", Text{"en": "\xff"}, "green", -1
		},
			[]string{"/name/en", "/description/en", "/color", "/position"}},
		{func(x *Track) { x.Color = "#00FF9A" }, []string{"/color"}},
		{func(x *Track) { x.Color = "#00ff9a;}" }, []string{"/color"}},
	})
}

func TestPersonCheck(t *testing.T) {
	good := func() Person {
		return Person{Name: "Zoé", Email: "zoe@example.org", Country: "FR", Languages: []string{"fr", "vi"}}
	}
	checkAll(t, good, Person.Check, []check[Person]{
		{func(p *Person) { *p = Person{} }, []string{"/name"}},
		{func(p *Person) {
			*p = Person{Name: long, Honorific: Text{"en": long}, JobTitle: Text{"en": long}, Organization: Text{"en": long},
				Bio: Text{"en": "\x00"}, Notes: "\x00", Country: "FRA", PhotoURL: "data:x", Email: "x", Languages: []string{"?"}}
		}, []string{"/name", "/honorific/en", "/job_title/en", "/organization/en", "/bio/en", "/notes", "/country", "/photo_url", "/email", "/languages/0"}},
	})
	for _, s := range []string{"a@", "@b", "Zoé <a@b.c>", "a@b.c, d@e.f", "a@b.c\r\nBcc: d@e.f", "<a@b.c>", strings.Repeat("a", 251) + "@b.c"} {
		p := good()
		p.Email = s
		faultsAt(t, p.Check(), "/email")
	}
}

func TestPanelCheck(t *testing.T) {
	good := func() Panel { return newForum().panel(t, "1", "a", "10:00", "11:00", "hung") }
	good1 := func() Panel { p := good(); p.Code = "ABC123"; return p }
	offset := -1
	checkAll(t, good1, Panel.Check, []check[Panel]{
		{func(p *Panel) { *p = Panel{} }, []string{"/code", "/format", "/title"}},
		{func(p *Panel) {
			p.Code, p.Number, p.Format, p.Title, p.Abstract = "a", -1, "quiz", Text{"?": "x"}, Text{"en": "\x00"}
			p.CancelNote, p.Notes, p.Language, p.Interpretation = Text{"en": "\x00"}, "\x00", "?", []string{"en", "en"}
			p.StreamURL, p.Audience = "x", -1
			p.Speakers = []Speaker{{"", Chair, Confirmed}, {"hung", "king", "gone"}, {"anna", Chair, Invited}, {"anna", Chair, Confirmed}}
			p.Interventions = []Intervention{{Minutes: -1, Offset: &offset, Abstract: Text{"en": "\x00"}, Speakers: []Speaker{{}}}}
			p.Slot.RoomID, p.Slot.End = "", p.Slot.Start
		}, []string{"/code", "/number", "/format", "/title/?", "/abstract/en", "/cancel_note/en", "/notes", "/language", "/interpretation/1",
			"/stream_url", "/audience", "/speakers/0/person", "/speakers/1/role", "/speakers/1/status", "/speakers/3/person",
			"/interventions/0/title", "/interventions/0/abstract/en", "/interventions/0/minutes", "/interventions/0/offset",
			"/interventions/0/speakers/0/person", "/interventions/0/speakers/0/role", "/interventions/0/speakers/0/status",
			"/slot/end"}},
		{func(p *Panel) { p.Slot.RoomID, p.AllRooms = "", true }, nil},
		{func(p *Panel) { p.Slot.RoomID = "" }, nil},
		{func(p *Panel) { p.Slot = nil }, nil},
		{func(p *Panel) { p.Slot.End = MomentOf(hanoi, p.Slot.Start.At.Add(36*time.Hour)) }, nil},
		{func(p *Panel) { p.Slot.End = MomentOf(hanoi, p.Slot.Start.At.Add(36*time.Hour+time.Second)) }, []string{"/slot/end"}},
		{func(p *Panel) { p.Speakers = []Speaker{{"hung", Chair, Confirmed}, {"hung", Panelist, Confirmed}} }, nil},
		{func(p *Panel) { p.Speakers = make([]Speaker, 501) }, append(many("/speakers/", 501, "/person", "/role", "/status"), "/speakers")},
		{func(p *Panel) { p.Interventions = make([]Intervention, 501) }, []string{"/interventions"}},
	})
	p := good1()
	p.Number, p.Format = 3, FormatRoundtable
	if got := p.Label(); got["en"] != "Roundtable 3" || got["fr"] != "Table ronde 3" || (Panel{}).Label() != nil {
		t.Errorf("label %v", got)
	}
	p.Title, p.Notes, p.Interventions = Text{"en": " a ", "vi": " "}, " b\r\n", []Intervention{{Title: Text{"en": " c "}}}
	p.Clean()
	if len(p.Title) != 1 || p.Title["en"] != "a" || p.Notes != "b" || p.Interventions[0].Title["en"] != "c" {
		t.Errorf("%+v", p)
	}
}

func many(pointer string, n int, ends ...string) []string {
	var all []string
	for i := range n {
		for _, end := range ends {
			all = append(all, strings.TrimSuffix(index(strings.TrimSuffix(pointer, "/"), i), "/")+end)
		}
	}
	return all
}

func TestMeetingCheck(t *testing.T) {
	good := func() Meeting { return newForum().meeting(t, "1", "t1", "10:00", "10:30", "hung", "anna") }
	checkAll(t, good, Meeting.Check, []check[Meeting]{
		{func(m *Meeting) { *m = Meeting{} }, []string{"/status", "/visibility", "/sides/0/delegates", "/sides/1/delegates"}},
		{func(m *Meeting) {
			m.Topic, m.Status, m.Visibility, m.Notes, m.Slot.End = Text{"en": long}, "maybe", "everybody", "\x00", m.Slot.Start
			m.Sides[0] = Delegation{Text{"en": long}, []string{"-"}, []Delegate{{"hung", Principal, Accepted}, {"", "king", "perhaps"}}}
			m.Sides[1].Delegates = []Delegate{{"hung", DelegateMember, Accepted}}
		}, []string{"/topic/en", "/status", "/visibility", "/notes", "/slot/end", "/sides/0/name/en", "/sides/0/languages/0", "/sides/0/delegates/1/person",
			"/sides/0/delegates/1/role", "/sides/0/delegates/1/answer", "/sides/1/delegates/0/person", "/sides/1/delegates"}},
		{func(m *Meeting) { m.Slot.RoomID = "" }, nil},
		{func(m *Meeting) { m.Slot = nil }, nil},
		{func(m *Meeting) {
			m.Sides[0].Delegates = append(m.Sides[0].Delegates, Delegate{"zoé", Principal, Accepted})
		}, []string{"/sides/0/delegates"}},
	})
	m := good()
	if !m.Includes("anna") || m.Includes("zoé") || m.Sides[0].Principal() != "hung" || (Delegation{}).Principal() != "" {
		t.Error("who takes part")
	}
	for _, status := range MeetingStatuses {
		m.Status = status
		if want := status == MeetingRequested || status == MeetingProposed || status == MeetingAccepted || status == MeetingHeld; m.Stands() != want {
			t.Errorf("a meeting that is %s stands: %v", status, !want)
		}
	}
}

func TestAvailabilityCheck(t *testing.T) {
	good := func() Availability {
		s := slot(t, hanoi, "", "2025-10-27T10:00", "2025-10-27T11:00")
		return Availability{Resource: Resource{PersonResource, "hung"}, Start: s.Start, End: s.End}
	}
	checkAll(t, good, Availability.Check, []check[Availability]{
		{func(a *Availability) { *a = Availability{} }, []string{"/resource", "/end"}},
		{func(a *Availability) { a.Resource.Kind, a.End, a.Note = "panel", a.Start, "\x00" }, []string{"/resource", "/end", "/note"}},
	})
}

func TestTokenAndFeedCheck(t *testing.T) {
	now := time.Date(2025, 10, 27, 0, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	checkAll(t, func() Token { return Token{Name: "a", Scopes: ReadVerbs, Expires: &later, Created: now} }, Token.Check, []check[Token]{
		{func(x *Token) { *x = Token{} }, []string{"/name", "/scopes"}},
		{func(x *Token) { x.Name, x.Scopes, x.Expires = long, []Verb{"all"}, &now }, []string{"/name", "/scopes/0", "/expires"}},
		{func(x *Token) { x.Expires = nil }, nil},
	})
	for _, tt := range []struct {
		token Token
		at    time.Time
		works bool
	}{{Token{}, now, true}, {Token{Expires: &later}, now, true}, {Token{Expires: &later}, later, false}, {Token{Revoked: &now}, now, false}} {
		if tt.token.Works(tt.at) != tt.works {
			t.Errorf("%+v works at %s: %v", tt.token, tt.at, !tt.works)
		}
	}
	early := MaxAlarm + 1
	set := FeedSettings{Language: "vi", Detail: FullDetail, Cancelled: PrefixCancelled}
	checkAll(t, func() Feed { return Feed{Kind: PersonalFeed, PersonID: "hung", FeedSettings: set} }, Feed.Check, []check[Feed]{
		{func(x *Feed) { *x = Feed{Kind: PersonalFeed} }, []string{"/detail", "/cancelled", "/person"}},
		{func(x *Feed) { x.PersonID, x.Revoked = "", &now }, nil},
		{func(x *Feed) { x.Kind, x.PersonID, x.Panels = StarredFeed, "", []ID{"a"} }, nil},
		{func(x *Feed) { x.Kind, x.Panels = StarredFeed, make([]ID, MaxStars+1) }, []string{"/panels"}},
		{func(x *Feed) { x.Panels = []ID{"a"} }, []string{"/panels"}},
		{func(x *Feed) {
			x.PersonID, x.FeedSettings = "", FeedSettings{Name: long, Language: "?", Alarm: &early, Detail: "some", Cancelled: "burn"}
		}, []string{"/name", "/language", "/alarm", "/detail", "/cancelled", "/person"}},
	})
}
