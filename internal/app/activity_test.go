package app_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// words gives fields in one line.
func fieldWords(f agenda.Fields) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		parts = append(parts, name+"="+f[name])
	}
	return strings.Join(parts, " ")
}

// newest gives the latest entry of the Event's log.
func (w world) newest(t *testing.T, slug string) agenda.Activity {
	t.Helper()
	list, _, err := w.Activities(t.Context(), operator, slug, app.ActivityFilter{}, app.Page{Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return list[0]
}

// TestActivitiesTellBeforeAndAfter does everything that can be done at an Event and looks at what the log says of it.
func TestActivitiesTellBeforeAndAfter(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.watchDraft(t, w.forum(t))
	})
}

// watchDraft does everything that can be done to the draft of the forum, to Meetings, feeds and tokens, and to the Event, which
// is gone then.
func (w world) watchDraft(t *testing.T, f forum) {
	ctx := t.Context()
	who := operator
	who.Address = "192.0.2.7"
	hall := `"` + string(f.rooms[0].ID) + `"`
	jane := string(f.people[0].ID)
	saw := func(verb, before, after string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(verb, err)
		}
		a := w.newest(t, slug)
		got := []string{a.Verb, fieldWords(a.Before), fieldWords(a.After), a.Address, string(a.Outcome)}
		if diff := cmp.Diff([]string{verb, before, after, "192.0.2.7", "done"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", verb, diff)
		}
		w.pass(time.Second)
	}
	slot := func(start, end string) string {
		return `{"end":"` + end + `:00+01:00","room":` + hall + `,"start":"` + start + `:00+01:00"}`
	}
	any := app.Match{Any: true}

	room, _, err := w.CreateRoom(ctx, who, slug, agenda.Room{Name: agenda.Text{"en": "Annex"}, Kind: agenda.RoomTable, Capacity: 8}, app.Once{})
	saw("room.create", "", `capacity=8 kind="table" name={"en":"Annex"}`, err)
	room.Capacity, room.Parallel = 9, true
	room, err = w.EditRoom(ctx, who, slug, any, room)
	saw("room.edit", `capacity=8 parallel=null`, `capacity=9 parallel=true`, err)
	saw("room.delete", `capacity=9 kind="table" name={"en":"Annex"} parallel=true`, "", w.DeleteRoom(ctx, who, slug, any, room.ID))

	track, _, err := w.CreateTrack(ctx, who, slug, agenda.Track{Name: agenda.Text{"en": "AI"}, Color: "#005bbb"}, app.Once{})
	saw("track.create", "", `color="#005bbb" name={"en":"AI"}`, err)
	track.Name = agenda.Text{"en": "AI <3"}
	track, err = w.EditTrack(ctx, who, slug, any, track)
	saw("track.edit", `name={"en":"AI"}`, `name={"en":"AI <3"}`, err)
	saw("track.delete", `color="#005bbb" name={"en":"AI <3"}`, "", w.DeleteTrack(ctx, who, slug, any, track.ID))

	person, _, err := w.CreatePerson(ctx, who, slug, agenda.Person{Name: "Lan Anh", Email: "lan@example.org"}, app.Once{})
	saw("person.create", "", `email="lan@example.org" name="Lan Anh"`, err)
	person.Email, person.Bio = "", agenda.Text{"en": strings.Repeat("ă", 501)}
	person, err = w.EditPerson(ctx, who, slug, any, person)
	saw("person.edit", `bio=null email="lan@example.org"`, `bio={"en":"`+strings.Repeat("ă", 500)+`… (501 characters)"} email=null`, err)
	person.Bio = agenda.Text{"en": strings.Repeat("ă", 500) + "b"} // what differs is clipped
	person, err = w.EditPerson(ctx, who, slug, any, person)
	clip := `bio={"en":"` + strings.Repeat("ă", 500) + `… (501 characters)"}`
	saw("person.edit", clip, clip, err)
	saw("person.delete", clip+` name="Lan Anh"`, "", w.DeletePerson(ctx, who, slug, any, person.ID))

	_, window, _, err := w.CreateAvailability(ctx, who, slug, agenda.Availability{Resource: agenda.Resource{Kind: agenda.PersonResource, ID: f.people[0].ID}},
		"2026-03-28T08:00", "2026-03-28T18:00", app.Once{})
	resource := `resource={"id":"` + jane + `","kind":"person"}`
	saw("availability.create", "", `end="2026-03-28T18:00:00+01:00" `+resource+` start="2026-03-28T08:00:00+01:00"`, err)
	_, window, err = w.EditAvailability(ctx, who, slug, any, window, "2026-03-28T09:00", "2026-03-28T18:00")
	saw("availability.edit", `start="2026-03-28T08:00:00+01:00"`, `start="2026-03-28T09:00:00+01:00"`, err)
	saw("availability.delete", `end="2026-03-28T18:00:00+01:00" `+resource+` start="2026-03-28T09:00:00+01:00"`, "", w.DeleteAvailability(ctx, who, slug, any, window.ID))

	panel, err := w.CreatePanel(ctx, who, slug, agenda.Panel{Code: "P11", Title: agenda.Text{"en": "One"}, Format: agenda.FormatTalk}, nil, app.Once{})
	saw("panel.create", "", `code="P11" format="talk" title={"en":"One"}`, err)
	id := panel.Panel.ID
	_, err = w.MovePanel(ctx, who, slug, app.Move{PanelID: id, Match: any, Slot: f.at(0, "2026-03-28T14:00", "2026-03-28T15:00")})
	saw("panel.move", "slot=null", "slot="+slot("2026-03-28T14:00", "2026-03-28T15:00"), err)
	_, err = w.MovePanels(ctx, who, slug, []app.Move{{PanelID: id, Match: any, Slot: f.at(0, "2026-03-28T15:00", "2026-03-28T16:00")}})
	saw("panel.move", "slot="+slot("2026-03-28T14:00", "2026-03-28T15:00"), "slot="+slot("2026-03-28T15:00", "2026-03-28T16:00"), err)
	_, err = w.CancelPanel(ctx, who, slug, any, id, true, agenda.Text{"en": "Ill"})
	saw("panel.cancel", "cancel_note=null cancelled=null", `cancel_note={"en":"Ill"} cancelled=true`, err)
	_, err = w.CancelPanel(ctx, who, slug, any, id, false, nil)
	saw("panel.restore", `cancel_note={"en":"Ill"} cancelled=true`, "cancel_note=null cancelled=null", err)
	_, err = w.EditPanel(ctx, who, slug, any, agenda.Panel{ID: id, Code: "P11", Title: agenda.Text{"en": "One"}, Format: agenda.FormatKeynote,
		Speakers: []agenda.Speaker{{PersonID: f.people[0].ID, Role: agenda.Presenter, Status: agenda.Invited}}}, nil)
	saw("panel.edit", `format="talk" slot=`+slot("2026-03-28T15:00", "2026-03-28T16:00")+" speakers=null",
		`format="keynote" slot=null speakers=[{"person":"`+jane+`","role":"speaker","status":"invited"}]`, err)
	err = w.DeletePanel(ctx, who, slug, any, id)
	saw("panel.delete", `code="P11" format="keynote" speakers=[{"person":"`+jane+`","role":"speaker","status":"invited"}] title={"en":"One"}`, "", err)
	w.watchPrivate(t, who, f, saw)
}

// watchPrivate goes on with what only those may see who may see Meetings, and with what the Event is.
func (w world) watchPrivate(t *testing.T, who agenda.Actor, f forum, saw func(verb, before, after string, err error)) {
	ctx, any, jane := t.Context(), app.Match{Any: true}, string(f.people[0].ID)
	sides := func(i int) [2]agenda.Delegation {
		delegate := func(i int) []agenda.Delegate {
			return []agenda.Delegate{{PersonID: f.people[i].ID, Role: agenda.Principal, Answer: agenda.NeedsAction}}
		}
		return [2]agenda.Delegation{{Delegates: delegate(i)}, {Delegates: delegate(1 - i)}}
	}
	side := func(i int) string {
		return `{"delegates":[{"answer":"needs-action","person":"` + string(f.people[i].ID) + `","role":"principal"}]}`
	}
	m, err := w.CreateMeeting(ctx, who, slug, agenda.Meeting{Status: agenda.MeetingRequested, Visibility: agenda.VisibleToParticipants, Sides: sides(0)}, nil, app.Once{})
	both := "sides=[" + side(0) + "," + side(1) + "]"
	saw("meeting.create", "", both+` status="requested" visibility="participants"`, err)
	m.Meeting.Topic = agenda.Text{"en": "Chips"}
	m, err = w.EditMeeting(ctx, who, slug, any, m.Meeting, nil)
	saw("meeting.edit", "topic=null", `topic={"en":"Chips"}`, err)
	deputy := string(w.person(t, agenda.Person{Name: "Deputy"}))
	_, err = w.ReplaceDelegate(ctx, who, slug, app.Deputizing{Old: f.people[0].ID, New: agenda.ID(deputy), Meeting: m.Meeting.ID, Match: any})
	instead := strings.ReplaceAll(both, string(f.people[0].ID), deputy)
	saw("meeting.replace", both, instead, err)
	saw("meeting.delete", instead+` status="requested" topic={"en":"Chips"} visibility="participants"`, "", w.DeleteMeeting(ctx, who, slug, any, m.Meeting.ID))

	feed, secret, err := w.OpenFeed(ctx, who, slug, agenda.Feed{PersonID: f.people[0].ID, FeedSettings: agenda.FeedSettings{Name: "phone", Language: "en"}}, app.Once{})
	opened := w.newest(t, slug)
	saw("feed.open", "", fieldWords(opened.After), err)
	if opened.After["person"] != `"`+jane+`"` || opened.After["name"] != `"phone"` || strings.Contains(fieldWords(opened.After), secret) || opened.After["hash"] != "" {
		t.Errorf("feed.open: %v", opened.After)
	}
	feed.Name = "tablet"
	feed, err = w.EditFeed(ctx, who, slug, any, feed)
	saw("feed.edit", `name="phone"`, `name="tablet"`, err)
	next, _, err := w.RotateFeed(ctx, who, slug, any, feed.ID)
	saw("feed.rotate", "", `replaces="`+string(feed.ID)+`"`, err)
	at := time.UnixMilli(w.clock.Load()).UTC().Format("2006-01-02T15:04:05.000Z")
	saw("feed.revoke", "revoked=null", `revoked="`+at+`"`, w.RevokeFeed(ctx, who, slug, next.ID))

	w.watchMails(t, who, f, saw)
	token, _, err := w.CreateToken(ctx, who, slug, agenda.Token{Name: "site", Scopes: []agenda.Verb{agenda.ReadDraft}}, app.Once{})
	saw("token.create", "", `name="site" scopes=["see_event","read_draft"]`, err)
	at = time.UnixMilli(w.clock.Load()).UTC().Format("2006-01-02T15:04:05.000Z")
	saw("token.revoke", "revoked=null", `revoked="`+at+`"`, w.RevokeToken(ctx, who, slug, token.ID))

	at = time.UnixMilli(w.clock.Load()).UTC().Format("2006-01-02T15:04:05.000Z")
	_, err = w.Publish(ctx, who, slug, agenda.Text{"en": "First"}, nil, app.Once{})
	saw("release.publish", "", `by="test" note={"en":"First"} number=1 published_at="`+at+`"`, err)
	e, err := w.Event(ctx, who, slug)
	if err != nil {
		t.Fatal(err)
	}
	e.Website = "https://example.org"
	_, err = w.EditEvent(ctx, who, slug, any, e)
	saw("event.edit", "website=null", `website="https://example.org"`, err)
	w.watchMeetings(t, who, f)
	_, err = w.PersonData(ctx, who, slug, f.people[1].ID)
	saw("person.export", "", "", err)
	_, err = w.ErasePerson(ctx, who, slug, any, f.people[1].ID, "Person 2")
	saw("person.erase", "", "", err)
	if err := w.DeleteEvent(ctx, who, slug, any); err != nil {
		t.Fatal(err)
	}
	list, _, err := w.AllActivities(ctx, operator, app.ActivityFilter{Verb: "event", Subject: e.ID}, app.Page{})
	if err != nil || len(list) != 3 || list[0].Verb != "event.delete" || list[0].EventID != "" || list[0].Before["website"] != `"https://example.org"` || list[0].After != nil {
		t.Errorf("the log of events is %+v, %v", list, err)
	}
}

// A refusal is told once in ten minutes, and its answer is the same whether it could be told or not.
func TestRefusalsAreToldSeldom(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.forum(t)
		e, err := w.Event(ctx, operator, slug)
		if err != nil {
			t.Fatal(err)
		}
		reader := agenda.Actor{Kind: agenda.TokenHolder, ID: "t1", Name: "reader", Address: "192.0.2.8", Grants: []agenda.Grant{{EventID: e.ID, Verbs: []agenda.Verb{agenda.SeeEvent}}}}
		stranger := agenda.Actor{Kind: agenda.TokenHolder, ID: "t2", Name: "stranger"}
		refusals := func() (list []string) {
			t.Helper()
			log, _, err := w.AllActivities(ctx, operator, app.ActivityFilter{Outcome: agenda.Refused}, app.Page{Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range log {
				list = append(list, fmt.Sprintf("%s %s %s %s %t", a.Verb, a.ActorName, a.Address, fieldWords(a.After), a.EventID == e.ID))
			}
			slices.Sort(list)
			return list
		}
		ask := func() {
			t.Helper()
			for range 3 {
				_, err := w.Panel(ctx, reader, slug, "p")
				wantCode(t, err, agenda.Forbidden)
				_, err = w.Panel(ctx, stranger, slug, "p")
				wantCode(t, err, agenda.NotFound)
				wantCode(t, w.DeletePanel(ctx, reader, slug, app.Match{Any: true}, "p"), agenda.Forbidden)
				_, _, err = w.CreateEvent(ctx, reader, agenda.Event{Slug: "x"}, app.Once{})
				wantCode(t, err, agenda.Forbidden)
				_, _, err = w.Tokens(ctx, reader, "", app.Page{})
				wantCode(t, err, agenda.Forbidden)
				_, err = w.Panel(ctx, agenda.Actor{Kind: agenda.Anonymous, Address: "192.0.2.9"}, slug, "p")
				wantCode(t, err, agenda.Unauthenticated)
				_, err = w.Panel(ctx, stranger, "nowhere", "p")
				wantCode(t, err, agenda.NotFound)
			}
		}
		want := []string{`access.refused reader 192.0.2.8 right="create_events" false`, `access.refused reader 192.0.2.8 right="edit_event" true`,
			`access.refused reader 192.0.2.8 right="read_draft" true`, `access.refused stranger  right="read_draft" true`}
		ask()
		if diff := cmp.Diff(want, refusals()); diff != "" {
			t.Errorf("refusals (-want +got):\n%s", diff)
		}
		w.pass(10 * time.Minute)
		ask()
		if got := refusals(); len(got) != 2*len(want) {
			t.Errorf("ten minutes later there are %d refusals, want %d: %v", len(got), 2*len(want), got)
		}
	})
}

func TestUnknownTokensAreToldSeldom(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		try := func(address string) {
			t.Helper()
			_, err := w.Authenticate(ctx, "plenary_nonsense", address)
			wantCode(t, err, agenda.Unauthenticated)
		}
		for range 3 {
			try("192.0.2.1")
			try("192.0.2.2")
			try("2001:db8::1")
		}
		for i := range 300 { // one client has a whole subnet of IPv6
			try(fmt.Sprintf("2001:db8::%x", i))
		}
		log, _, err := w.AllActivities(ctx, operator, app.ActivityFilter{Verb: "token.unknown"}, app.Page{})
		if err != nil || len(log) != 3 || log[0].EventID != "" || log[0].Outcome != agenda.Refused || log[0].Address == "" || strings.Contains(log[0].Summary, "nonsense") {
			t.Errorf("%d entries, %+v, %v", len(log), log, err)
		}
		for i := range 200 {
			try(fmt.Sprintf("2001:db8:0:%x::1", i+1))
		}
		var n int
		err = w.EachActivity(ctx, operator, "", app.ActivityFilter{Verb: "token.unknown"}, 0, func(agenda.Activity) error { n++; return nil })
		if err != nil || n != 100 {
			t.Errorf("a flood from everywhere leaves %d entries, want 100; %v", n, err)
		}
	})
}

// Who may read the log of one Event sees no other's, and who manages accounts sees those that are of no Event.
func TestTheLogIsReadByRight(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := t.Context()
		w.forum(t)
		e, err := w.Event(ctx, operator, slug)
		if err != nil {
			t.Fatal(err)
		}
		other, _, err := w.CreateEvent(ctx, operator, agenda.Event{Slug: "other", Name: agenda.Text{"en": "Other"}, Zone: "UTC", StartDate: "2026-03-28", EndDate: "2026-03-28",
			Languages: []string{"en"}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = w.CreateToken(ctx, operator, "", agenda.Token{Name: "all", Scopes: []agenda.Verb{agenda.ReadDraft}}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		seen := func(grants ...agenda.Grant) map[agenda.ID]bool {
			t.Helper()
			events := map[agenda.ID]bool{}
			err := w.EachActivity(ctx, agenda.Actor{Kind: agenda.AccountHolder, ID: "a", Grants: grants}, "", app.ActivityFilter{}, 0, func(a agenda.Activity) error {
				events[a.EventID] = true
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return events
		}
		admin := agenda.Grant{Verbs: []agenda.Verb{agenda.ManageAccount}}
		for _, c := range []struct {
			grants []agenda.Grant
			want   map[agenda.ID]bool
		}{
			{[]agenda.Grant{admin}, map[agenda.ID]bool{"": true}},
			{[]agenda.Grant{admin, {EventID: e.ID, Verbs: agenda.Owner.Verbs()}, {EventID: other.ID, Verbs: agenda.Viewer.Verbs()}}, map[agenda.ID]bool{"": true, e.ID: true}},
			{[]agenda.Grant{admin, {Verbs: []agenda.Verb{agenda.ReadActivity}}}, map[agenda.ID]bool{"": true, e.ID: true, other.ID: true}},
		} {
			if diff := cmp.Diff(c.want, seen(c.grants...)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", c.grants, diff)
			}
		}
		_, _, err = w.AllActivities(ctx, agenda.Actor{Kind: agenda.AccountHolder, ID: "b", Grants: []agenda.Grant{{EventID: e.ID, Verbs: agenda.EventVerbs}}}, app.ActivityFilter{}, app.Page{})
		wantCode(t, err, agenda.Forbidden)
	})
}
