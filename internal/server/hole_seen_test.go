package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// told gives everything that the hearers are told by every GET route, by hearer and address.
func (a *aviary) told(names ...string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		r := a.hearer(name)
		for _, route := range a.server.echo.Routes() {
			if route.Method != http.MethodGet || strings.Contains(route.Path, "/activity") || strings.HasSuffix(route.Path, "/data") || strings.HasPrefix(route.Path, "/static/") || strings.HasPrefix(route.Path, "/api/openapi") {
				continue // that something was done, if only that they asked, is told to who reads the log
			}
			if a.server.access["GET "+route.Path].open() && name != "anonymous" && route.Path != "/me" {
				continue // the same for everybody
			}
			for _, path := range a.paths(route.Path) {
				for _, query := range a.queries(route.Path) {
					got := a.ask("", http.MethodGet, path+query, nil, r.headers...)
					if got.Status == http.StatusUnauthorized || got.Status == http.StatusForbidden {
						break
					}
					if got.Status == http.StatusBadRequest {
						got.Body = "" // of two things that are wrong it names any
					}
					if strings.HasSuffix(path, ".xlsx") { // packed in any order
						got.Body = strings.Join(slices.Sorted(slices.Values(readings(a.t, got)[2:])), "\n")
					}
					got.Body = onceMark.ReplaceAllString(got.Body, "") // of each form that is shown another one
					all[name+" "+path+query] = fmt.Sprint(got.Status, only(got, "ETag", "Last-Modified", "Link"), withoutRequest(got.Body))
				}
			}
		}
	}
	return all
}

// TestHoleV13NothingCountsMeetings compares all lists, counts, searches and pages from before a Meeting with those from after
// it: whoever may not see Meetings is told the same, to the byte (Indico CVE-2025-59034, 2.1.3 and 2.0.3).
func TestHoleV13NothingCountsMeetings(t *testing.T) {
	sweep(t)
	alongside(t)
	a := newAviary(newHarness(t))
	a.meet()
	names := []string{"anonymous", "check_in", "viewer", "all but protocol", "visitor", "protocol"}
	for _, file := range a.fills["file"] {
		a.get("/feeds/" + strings.TrimSuffix(file, ".ics") + ".ics") // of which the pages tell that it was fetched
	}
	before := a.told(names...)
	side := func(p agenda.ID) agenda.Delegation {
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: p, Role: agenda.Principal, Answer: agenda.Accepted}}}
	}
	_, err := a.app.CreateMeeting(t.Context(), a.system(), forum, agenda.Meeting{Topic: agenda.Text{"en": "Another"}, Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToProtocol,
		Sides: [2]agenda.Delegation{side(a.guests[1]), side(a.guests[5])}}, &app.SlotRequest{RoomID: a.table, Start: "2025-10-28T11:00", End: "2025-10-28T11:30"}, app.Once{})
	a.check(err)
	after, officer := a.told(names...), 0
	for at, was := range before {
		switch {
		case after[at] == was:
		case strings.HasPrefix(at, "protocol "):
			officer++
		default:
			t.Errorf("%s tells of a meeting: %s", at, cmp.Diff(strings.Split(was, "\n"), strings.Split(after[at], "\n")))
		}
	}
	if len(before) < 400 || len(after) != len(before) || officer == 0 {
		t.Errorf("%d answers before, %d after, of which %d differ for the protocol officer", len(before), len(after), officer)
	}
}

// TestHoleV15EveryWayShowsTheSame asks for the same things in all ways that there are to see them: an export that forgets a
// check that the page has is a hole (Indico 4935 and 5555, Eventra 13381).
func TestHoleV15EveryWayShowsTheSame(t *testing.T) {
	sweep(t)
	alongside(t)
	both(t, func(t *testing.T, h *harness) {
		a := newAviary(h)
		a.meet()
		at := "/api/v1/events/" + forum
		_, err := a.app.CreatePanel(t.Context(), a.system(), forum, agenda.Panel{Code: "DRAFT2", Format: agenda.FormatTalk, Title: agenda.Text{"en": canary + " not known"}},
			&app.SlotRequest{RoomID: a.hall, Start: "2025-10-28T17:00", End: "2025-10-28T18:00"}, app.Once{})
		a.check(err)
		draft := a.panelOf("DRAFT2")
		m := a.meetings[1]
		type item struct {
			name, mark string
			ways       map[string]string // addresses by what they are for; of those that end in =, the mark is asked for
			seen       []string          // by whom
		}
		public := func(one ...string) map[string]string {
			ways := map[string]string{}
			for _, path := range append(one, "", "embed", "agenda.json", "agenda.ics", "schedule.xml", "schedule.json", "schedule.xcal", "sessionize/All", "releases/2", "releases/2/agenda.json") {
				ways[path] = "/" + forum + "/" + path + "?lang=en"
			}
			return ways
		}
		everybody := []string{"anonymous", "check_in", "viewer", "editor", "owner", "protocol", "nobody", "visitor"}
		organizers := []string{"viewer", "editor", "owner", "protocol"}
		tables := []string{"editor", "owner", "protocol"} // with addresses
		for _, item := range []item{
			{"what is published", "Laws ", public("panels/PANEL1", "panels/PANEL1.ics", "tracks/"+string(a.track)+".ics"), everybody},
			{"what is a draft", canary + " not known", public("panels/DRAFT2", "panels/DRAFT2.ics", "rooms/"+string(a.hall)+".ics"), nil},
			{"who speaks", "Nguyễn Mạnh", public("speakers/"+string(a.minister), "panels/PANEL1", "panels/PANEL1.ics", "sessionize/Speakers"), everybody},
			{"who was asked", canary + " Invited", public("speakers/"+string(a.invited), "speakers/"+string(a.invited)+".ics", "panels/PANEL1", "sessionize/Speakers"), nil},
			{"a draft", canary + " not known", map[string]string{"list": at + "/panels?limit=200", "one": at + "/panels/" + string(draft), "search": at + "/panels?q="}, organizers},
			{"a draft in tables", canary + " not known", map[string]string{"table": at + "/tables/panels.csv", "workbook": at + "/tables/agenda.xlsx"}, tables},
			{"a participant", canary + " Invited", map[string]string{"list": at + "/people?limit=200", "one": at + "/people/" + string(a.invited), "search": at + "/people?q="}, append(organizers, "check_in")},
			{"a participant in tables", canary + " Invited", map[string]string{"table": at + "/tables/people.csv", "workbook": at + "/tables/agenda.xlsx"}, tables},
			{"a meeting", m.Topic["en"], map[string]string{"list": at + "/meetings?limit=200", "one": at + "/meetings/" + string(m.ID), "table": at + "/tables/meetings.csv",
				"workbook": at + "/tables/agenda.xlsx", "of a person": at + "/meetings?person=" + string(m.Sides[0].Principal())}, []string{"protocol"}},
		} {
			for _, name := range everybody {
				for way, path := range item.ways {
					if strings.HasSuffix(path, "=") {
						path += url.QueryEscape(item.mark)
					}
					got := a.ask("", http.MethodGet, path, nil, append(slices.Clone(a.hearer(name).headers), header{"Accept", "text/html"})...)
					shows := got.Status == http.StatusOK && strings.Contains(strings.Join(readings(t, got), "\n"), item.mark)
					if want := slices.Contains(item.seen, name); shows != want {
						t.Errorf("%s by %s, %s (%s): shown %t (%d), want %t", item.name, name, way, path, shows, got.Status, want)
					}
				}
			}
		}
		a.checkOwnWays()
	})
}

// checkOwnWays compares the own page of who takes part with their calendar.
func (a *aviary) checkOwnWays() {
	for _, m := range a.meetings[:2] {
		for _, d := range append(slices.Clone(m.Sides[0].Delegates), agenda.Delegate{PersonID: a.invited, Role: "none"}) {
			_, secret, err := a.app.OpenFeed(context.Background(), a.system(), forum, agenda.Feed{PersonID: d.PersonID, FeedSettings: agenda.FeedSettings{Meetings: true}}, app.Once{})
			a.check(err)
			topic := m.Topic["en"]
			page := strings.Contains(strings.Join(readings(a.t, a.visitor(d.PersonID, true).look()), "\n"), topic)
			feed := strings.Contains(strings.Join(readings(a.t, a.must(200, a.get("/feeds/"+secret+".ics"))), "\n"), topic)
			if want := m.SeenBy(d.PersonID); page != want || feed != want {
				a.t.Errorf("the meeting for %s is shown to the %s on their page: %t, in their calendar: %t, want %t", m.Visibility, d.Role, page, feed, want)
			}
		}
	}
}

// panelOf gives the identity of the Panel with that code.
func (s *stage) panelOf(code string) agenda.ID {
	s.t.Helper()
	_, list, _, err := s.app.Panels(context.Background(), s.system(), forum, app.PanelFilter{}, app.Page{Limit: 200})
	s.check(err)
	at := slices.IndexFunc(list, func(p agenda.Panel) bool { return p.Code == code })
	if at < 0 {
		s.t.Fatalf("there is no %s", code)
	}
	return list[at].ID
}

// TestHoleV27SearchFindsOnlyWhatIsSeen: who may not see addresses learned them by searching, letter by letter.
func TestHoleV27SearchFindsOnlyWhatIsSeen(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		person := s.must(201, s.ask(s.write, http.MethodPost, "/api/v1/events/"+forum+"/people", map[string]any{"name": "Lan Anh", "email": "Hidden.One@example.org", "notes": "allergic to nuts", "bio": textBody{"en": "born in Hue"}}))
		id := decode[struct{ ID string }](t, person).ID
		draft := string(s.panelOf("DRAFT1"))
		for _, c := range []struct {
			role  agenda.MemberRole
			list  string
			q     string
			finds string
		}{
			{agenda.Editor, "people", "hidden.one@", id}, {agenda.Protocol, "people", "HIDDEN.one@example", id}, {agenda.Viewer, "people", "lan anh", id},
			{agenda.Viewer, "people", "hidden.one@", ""}, {agenda.Viewer, "people", "hidden", ""}, {agenda.Viewer, "people", "lan h", id}, {agenda.Viewer, "people", "lan hidden", ""},
			{agenda.CheckIn, "people", "example.org", ""}, {agenda.CheckIn, "people", "hidden", ""},
			{agenda.Editor, "people", "allergic", ""}, {agenda.Viewer, "people", "nuts", ""}, {agenda.Viewer, "people", "Hue", ""},
			{agenda.Viewer, "panels", "not yet", draft}, {agenda.Viewer, "panels", "secret talks", ""}, {agenda.Editor, "panels", "notes", ""}, {agenda.Viewer, "panels", "example.org", ""},
		} {
			token := s.newToken(forum, c.role.Verbs(), nil)
			items := decode[struct{ Items []struct{ ID string } }](t, s.must(200, s.ask(token, http.MethodGet, "/api/v1/events/"+forum+"/"+c.list+"?q="+url.QueryEscape(c.q), nil))).Items
			found := ""
			if len(items) == 1 {
				found = items[0].ID
			}
			if len(items) > 1 || found != c.finds {
				t.Errorf("the %s looks among %s for %q and finds %v, want %q", c.role, c.list, c.q, items, c.finds)
			}
		}
		// Names of those who are not known are not found by the panels that they are in.
		blind := s.newToken(forum, []agenda.Verb{agenda.ReadDraft}, nil)
		if items := decode[struct{ Items []any }](t, s.must(200, s.ask(blind, http.MethodGet, "/api/v1/events/"+forum+"/panels?q=Invited", nil))).Items; len(items) > 0 {
			t.Errorf("who may not see people finds %v by a name", items)
		}
	})
}
