package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// canary is planted in all that a meeting says.
const canary = "Kanarienvogel"

func canaried(s string) agenda.Text { return agenda.Text{"en": canary + " " + s} }

// meeting is one of the forum's two people, and a third as interpreter, while the first has a talk.
func (h house) meeting(t *testing.T, f forum) (agenda.Meeting, agenda.Person) {
	t.Helper()
	ctx := context.Background()
	third, _, err := h.CreatePerson(ctx, operator, slug, agenda.Person{Name: "Interpreter"}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	made := must[app.MeetingResult](t)(h.CreateMeeting(ctx, operator, slug, agenda.Meeting{Topic: canaried("topic"), Notes: canary, Status: agenda.MeetingAccepted,
		Visibility: agenda.VisibleToProtocol, Sides: [2]agenda.Delegation{
			{Name: canaried("side"), Delegates: []agenda.Delegate{{PersonID: f.people[0].ID, Role: agenda.Principal, Answer: agenda.Accepted},
				{PersonID: third.ID, Role: agenda.DelegateInterpreter, Answer: agenda.Accepted}}},
			{Name: canaried("other side"), Delegates: []agenda.Delegate{{PersonID: f.people[1].ID, Role: agenda.Principal, Answer: agenda.Accepted}}},
		}}, f.at(1, "2026-03-28T10:30", "2026-03-28T11:30"), app.Once{}))
	return made.Meeting, third
}

// Who may not see meetings learns from the conflicts that people and rooms are busy, and can publish all the same.
func TestConflictsNameNoMeeting(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		editor, officer := h.member(t, "editor", agenda.Editor), h.member(t, "officer", agenda.Protocol)
		m, _ := h.meeting(t, f)
		_, seen, err := h.Conflicts(ctx, editor, slug)
		if err != nil {
			t.Fatal(err)
		}
		_, all, err := h.Conflicts(ctx, officer, slug)
		if err != nil || len(seen) < 3 || len(seen) != len(all) { // both people, and the room
			t.Fatalf("%d conflicts for the editor, %d for the officer, %v", len(seen), len(all), err)
		}
		moved := must[app.PanelResult](t)(h.MovePanel(ctx, editor, slug, app.Move{PanelID: f.panels[0].ID, Match: app.Match{Any: true},
			Slot: f.at(1, "2026-03-28T10:45", "2026-03-28T11:45")}))
		panel := must[app.PanelResult](t)(h.Panel(ctx, editor, slug, f.panels[0].ID))
		_, seen, err = h.Conflicts(ctx, editor, slug)
		if err != nil {
			t.Fatal(err)
		}
		_, refusal := h.Publish(ctx, editor, slug, nil, nil, app.Once{})
		e := wantCode(t, refusal, agenda.Taken)
		for what, v := range map[string]any{"list": seen, "move": moved.Conflicts, "panel": panel.Conflicts, "refusal": []any{e.Message, e.Current}} {
			told := string(must[[]byte](t)(json.Marshal(v)))
			for _, secret := range []string{canary, string(m.ID), m.UID, "Interpreter", `"meeting"`} {
				if strings.Contains(told, secret) {
					t.Errorf("the %s tells %q: %s", what, secret, told)
				}
			}
			if !strings.Contains(told, f.people[0].Name) {
				t.Errorf("the %s does not say who is busy: %s", what, told)
			}
		}
		if _, all, err = h.Conflicts(ctx, officer, slug); err != nil || !strings.Contains(fmt.Sprint(all), string(m.ID)) {
			t.Errorf("the officer is told %v, %v", all, err)
		}
		var keys []string
		for _, c := range seen {
			keys = append(keys, c.Key)
		}
		_, again, _ := h.Conflicts(ctx, editor, slug)
		for i, c := range again {
			if c.Key != keys[i] {
				t.Errorf("the key of %v changes", c)
			}
		}
		done := must[app.Publication](t)(h.Publish(ctx, editor, slug, nil, keys, app.Once{}))
		body := must[exchange.Document](t)(exchange.EncodeSnapshot(done.Release.Snapshot)).Bytes()
		if strings.Contains(string(body), canary) || strings.Contains(string(body), string(m.ID)) {
			t.Errorf("the release has the meeting: %s", body)
		}
		log, _, err := h.Activities(ctx, editor, slug, app.ActivityFilter{}, app.Page{})
		if err != nil || strings.Contains(fmt.Sprint(log), canary) {
			t.Errorf("the log has the meeting: %v, %v", log, err)
		}
	})
}

func TestTablesWithoutMeetings(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		h.meeting(t, f)
		for name, c := range map[string]struct {
			roles []agenda.MemberRole
			sees  bool
		}{"editor": {[]agenda.MemberRole{agenda.Editor}, false}, "officer": {[]agenda.MemberRole{agenda.Protocol}, true}} {
			tables := must[exchange.Tables](t)(h.Tables(ctx, h.member(t, name, c.roles...), slug, base))
			var out bytes.Buffer
			for _, write := range []func() error{func() error { return exchange.PanelsCSV(&out, tables) }, func() error { return exchange.MeetingsCSV(&out, tables) }} {
				if err := write(); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(out.String(), canary) != c.sees {
				t.Errorf("the tables of the %s: %s", name, &out)
			}
			out.Reset()
			if err := exchange.PeopleCSV(&out, tables); err != nil {
				t.Fatal(err)
			}
			end := map[bool]string{true: ",1\r\n", false: ",\r\n"}[c.sees]
			if n := strings.Count(out.String(), end); n != 3 {
				t.Errorf("the people of the %s, %d of whom end with %q: %s", name, n, end, &out)
			}
		}
		_, err := h.Tables(ctx, h.member(t, "viewer", agenda.Viewer), slug, base)
		wantCode(t, err, agenda.Forbidden)
	})
}

func TestAddressesAreForThoseWhoMaySeeThem(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		p := f.people[0]
		p.Email, p.Notes = "secret@example.org", "allergic"
		must[agenda.Person](t)(h.EditPerson(ctx, operator, slug, app.Revision(1), p))
		for name, sees := range map[agenda.MemberRole]bool{agenda.Owner: true, agenda.Editor: true, agenda.Viewer: false, agenda.Protocol: true, agenda.CheckIn: false} {
			actor := h.member(t, string(name), name)
			one := must[agenda.Person](t)(h.Person(ctx, actor, slug, p.ID))
			list, _, err := h.People(ctx, actor, slug, app.PersonFilter{}, app.Page{})
			told := fmt.Sprint(one, list, err)
			if strings.Contains(told, "secret@") != sees || strings.Contains(told, "allergic") != sees {
				t.Errorf("the %s is told %s", name, told)
			}
		}
		// Who edits and can't see them does not empty them, nor learn them from a refusal.
		_, secret, err := h.CreateToken(ctx, operator, slug, agenda.Token{Name: "Bot", Scopes: []agenda.Verb{agenda.ReadPeople, agenda.EditEvent}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		bot := must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		_, err = h.EditPerson(ctx, bot, slug, app.Revision(1), f.people[0])
		if e := wantCode(t, err, agenda.Stale); strings.Contains(fmt.Sprint(e.Current), "secret@") {
			t.Errorf("the refusal tells %v", e.Current)
		}
		next := must[agenda.Person](t)(h.EditPerson(ctx, bot, slug, app.Revision(2), f.people[0]))
		if kept := must[agenda.Person](t)(h.Person(ctx, operator, slug, p.ID)); next.Email != "" || kept.Email != p.Email || kept.Notes != p.Notes {
			t.Errorf("told %+v, kept %+v", next, kept)
		}
	})
}

var (
	sequence = regexp.MustCompile(`SEQUENCE:(\d+)`)
	modified = regexp.MustCompile(`LAST-MODIFIED:(\S+)`)
)

// Of a meeting for the protocol officers, the feeds of the two principals tell all, and that of an interpreter when and where
// they are busy. Whoever changes from one to the other sees it change, and never go back.
func TestFeedsOfProtocolMeetings(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		m, third := h.meeting(t, f)
		secrets := map[string]string{}
		for name, id := range map[string]agenda.ID{"principal": f.people[0].ID, "other": f.people[1].ID, "interpreter": third.ID} {
			_, secret, err := h.OpenFeed(ctx, operator, slug, agenda.Feed{PersonID: id, FeedSettings: agenda.FeedSettings{Name: "Phone", Meetings: true}}, app.Once{})
			if err != nil {
				t.Fatal(err)
			}
			secrets[name] = secret
		}
		type entry struct {
			full               bool
			sequence, modified string
			feed               time.Time
		}
		read := func(name string) entry {
			t.Helper()
			c := must[app.Calendar](t)(h.FeedCalendar(ctx, must[app.FeedHead](t)(h.FetchFeed(ctx, secrets[name], "")), base))
			_, body, found := strings.Cut(string(c.Body), "UID:"+m.UID)
			if !found {
				t.Fatalf("the %s has no meeting: %s", name, c.Body)
			}
			body, _, _ = strings.Cut(body, "END:VEVENT")
			if strings.Contains(body, "Person") != strings.Contains(body, canary) {
				t.Errorf("the %s is told some of it: %s", name, body)
			}
			if !strings.Contains(body, "LOCATION:Hall ") {
				t.Errorf("the %s is not told where: %s", name, body)
			}
			return entry{strings.Contains(body, canary), sequence.FindStringSubmatch(body)[1], modified.FindStringSubmatch(body)[1], c.Modified}
		}
		before := map[string]entry{}
		check := func(what string, full map[string]bool) {
			t.Helper()
			for name, want := range full {
				now, last := read(name), before[name]
				before[name] = now
				if now.full != want {
					t.Errorf("%s: the %s is told all: %t", what, name, now.full)
				}
				if now.sequence < last.sequence || now.full != last.full && last.modified != "" && (now.modified <= last.modified || !now.feed.After(last.feed)) {
					t.Errorf("%s: the %s goes from %+v to %+v", what, name, last, now)
				}
			}
		}
		edit := func(change func(*agenda.Meeting), slot *app.SlotRequest) {
			t.Helper()
			h.pass(time.Hour)
			next := must[app.MeetingResult](t)(h.Meeting(ctx, operator, slug, m.ID)).Meeting
			change(&next)
			must[app.MeetingResult](t)(h.EditMeeting(ctx, operator, slug, app.Match{Any: true}, next, slot))
		}
		at, there := f.at(1, "2026-03-28T10:30", "2026-03-28T11:30"), f.at(0, "2026-03-28T12:30", "2026-03-28T13:30")
		check("at first", map[string]bool{"principal": true, "other": true, "interpreter": false})
		edit(func(m *agenda.Meeting) { m.Visibility = agenda.VisibleToParticipants }, at)
		check("opened", map[string]bool{"principal": true, "other": true, "interpreter": true})
		edit(func(m *agenda.Meeting) { m.Topic = canaried("another topic") }, there)
		edit(func(m *agenda.Meeting) {}, f.at(1, "2026-03-28T12:30", "2026-03-28T13:30"))
		check("moved", map[string]bool{"principal": true, "other": true, "interpreter": true})
		edit(func(m *agenda.Meeting) { m.Visibility = agenda.VisibleToProtocol }, f.at(1, "2026-03-28T12:30", "2026-03-28T13:30"))
		check("closed", map[string]bool{"principal": true, "other": true, "interpreter": false})
		edit(func(m *agenda.Meeting) { // the interpreter leads the delegation from now on
			d := m.Sides[0].Delegates
			d[0].Role, d[1].Role = agenda.DelegateMember, agenda.Principal
		}, f.at(1, "2026-03-28T12:30", "2026-03-28T13:30"))
		check("another principal", map[string]bool{"principal": false, "other": true, "interpreter": true})
	})
}
