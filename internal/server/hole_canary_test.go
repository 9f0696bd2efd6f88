package server

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// The marks begin every text that is planted, each of which stands nowhere else. They are of letters alone, so that no
// format writes them in another way, and longer than chance; the first fits into a language tag.
const (
	topicMark = "Zqxjkvwp"  // what a Meeting is about
	guestMark = "Zwvkqxjpb" // who is known only because of one
	roomMark  = "Zkvqwxjbp" // the room that only one is in
)

// aviary is a forum with two confidential Meetings in which every field has a canary, and with all who must not hear it.
type aviary struct {
	*stage
	log      bytes.Buffer
	planted  map[string]string // the texts, by field
	uids     []string
	guests   []agenda.ID      // who are in the Meetings, and in nothing else
	shared   agenda.ID        // in both Meetings and in a Panel
	meetings []agenda.Meeting // one of each visibility, and one in a room of its own
	hearers  []hearer
	fills    map[string][]string // what stands for the parameters of paths
	feeds    map[string]string   // secrets
	asked    int
}

// hearer is somebody who asks.
type hearer struct {
	name    string
	headers []header
	people  bool // may know who takes part in the forum
	places  bool // may know of rooms that are not on the agenda
	log     bool // may know that there are meetings, by their identities
	hears   bool // is told of the Meetings
}

// newAviary fills a forum and publishes it. Everything is written to a log that is kept.
func newAviary(h *harness) *aviary {
	a := &aviary{stage: newStageOn(h), planted: map[string]string{}, fills: map[string][]string{}, feeds: map[string]string{}}
	log := slog.New(slog.NewJSONHandler(&a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := store.Open(context.Background(), h.at, log)
	a.check(err)
	h.t.Cleanup(func() { a.check(s.Close()) })
	a.app = app.New(s, app.Options{Now: h.now, NewID: h.newID, Secret: h.newSecret, Code: h.newCode, Post: h.mail, Log: log, Passwords: fastPasswords, CodeRounds: 1})
	a.server = New(Options{App: a.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: log})
	a.newEvent("other")
	a.shared = a.minister
	a.check(a.store.Write(context.Background(), func(tx *store.Tx) error {
		e, err := tx.EventBySlug("other")
		if err != nil {
			return err
		}
		return tx.AddParticipant(e.ID, a.shared)
	}))
	for _, slug := range []string{forum, "other"} { // what collides with the Meetings: in the forum the same room, in both the same person
		slot := &app.SlotRequest{Start: "2025-10-27T17:00", End: "2025-10-27T19:00"}
		if slug == forum {
			slot.RoomID = a.hall
		}
		_, err := a.app.CreatePanel(context.Background(), a.system(), slug, agenda.Panel{Code: "CLASH", Format: agenda.FormatTalk, Title: agenda.Text{"en": "Evening talk"},
			Speakers: []agenda.Speaker{{PersonID: a.shared, Role: agenda.Presenter, Status: agenda.Confirmed}}}, slot, app.Once{})
		a.check(err)
	}
	a.addHearers()
	return a
}

// meet plants the Meetings, opens the feeds of who knows of them and of who must not, and publishes.
func (a *aviary) meet() {
	small, _, err := a.app.CreateRoom(context.Background(), a.system(), forum, agenda.Room{Name: agenda.Text{"en": roomMark, "fr": roomMark, "vi": roomMark}, Kind: agenda.RoomTable}, app.Once{})
	a.check(err)
	for i, v := range append(agenda.Visibilities, agenda.VisibleToProtocol) {
		room, at := a.hall, string(v)
		if i == len(agenda.Visibilities) {
			room, at = small.ID, "room"
		}
		slot := &app.SlotRequest{RoomID: room, Start: fmt.Sprintf("2025-10-27T%d:30", 17+i), End: fmt.Sprintf("2025-10-27T%d:15", 18+i)}
		made, err := a.app.CreateMeeting(context.Background(), a.system(), forum, a.newMeeting(v, at+"meeting"), slot, app.Once{})
		a.check(err)
		a.meetings = append(a.meetings, made.Meeting)
		a.uids = append(a.uids, strings.ToLower(made.Meeting.UID))
		if i == len(agenda.Visibilities) {
			break
		}
		for role, person := range map[string]agenda.ID{"principal": made.Meeting.Sides[0].Principal(), "interpreter": made.Meeting.Sides[0].Delegates[2].PersonID, "outsider": a.chair} {
			_, secret, err := a.app.OpenFeed(context.Background(), a.system(), forum, agenda.Feed{PersonID: person, FeedSettings: agenda.FeedSettings{Meetings: true}}, app.Once{})
			a.check(err)
			a.feeds[role+" "+string(v)] = secret
		}
	}
	_, conflicts, err := a.app.Conflicts(context.Background(), a.system(), forum)
	a.check(err)
	var keys []string
	for _, c := range conflicts {
		keys = append(keys, c.Key)
	}
	_, err = a.app.Publish(context.Background(), a.system(), forum, nil, keys, app.Once{})
	a.check(err)
	a.fill()
}

// newMeeting is a Meeting with a canary in each field that takes a text, and with guests.
func (a *aviary) newMeeting(v agenda.Visibility, at string) agenda.Meeting {
	var m agenda.Meeting
	a.plant(reflect.ValueOf(&m).Elem(), at)
	m.Status, m.Visibility = agenda.MeetingAccepted, v
	for i := range m.Sides {
		for j := range m.Sides[i].Delegates {
			d := &m.Sides[i].Delegates[j]
			d.Role, d.Answer = agenda.DelegateRoles[j], agenda.Answers[j%2]
		}
	}
	m.Sides[0].Delegates[1].PersonID = a.shared
	return m
}

// plant fills a value. What it is not known how to fill has to be decided: a field that is forgotten could leak.
func (a *aviary) plant(v reflect.Value, at string) {
	a.t.Helper()
	text := func(at string) string {
		a.planted[at] = topicMark + strings.ToLower(at)
		return a.planted[at]
	}
	switch known := v.Addr().Interface().(type) {
	case *agenda.Text:
		*known = agenda.Text{"en": text(at + "en"), "fr": text(at + "fr"), "vi": text(at + "vi")}
		return
	case *string:
		switch {
		case strings.HasSuffix(at, "uid"): // which is given to it
		case strings.Contains(at, "languages"):
			a.planted[at] = fmt.Sprintf("x-%s-%03d", strings.ToLower(topicMark), len(a.planted))
			*known = a.planted[at]
		default:
			*known = text(at)
		}
		return
	case *agenda.ID:
		if strings.HasSuffix(at, "personid") {
			*known = a.newGuest()
		}
		return
	}
	switch kind := v.Kind(); {
	case slices.Contains(strings.Fields("MeetingStatus Visibility DelegateRole Answer Quorum Time int bool"), v.Type().Name()), v.Type() == reflect.TypeFor[*agenda.Slot](), v.Type() == reflect.TypeFor[[]agenda.MeetingTime]():
	case kind == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 4, 4))
		fallthrough
	case kind == reflect.Array:
		for i := range v.Len() {
			a.plant(v.Index(i), at+string(rune('a'+i)))
		}
	case kind == reflect.Struct:
		for i := range v.NumField() {
			a.plant(v.Field(i), at+strings.ToLower(v.Type().Field(i).Name))
		}
	default:
		a.t.Fatalf("%s is a %s: say what stands for it in a confidential meeting", at, v.Type())
	}
}

// newGuest is somebody of whom every text is marked.
func (a *aviary) newGuest() agenda.ID {
	mark := guestMark + string(rune('a'+len(a.guests)))
	text := agenda.Text{"en": mark, "fr": mark, "vi": mark}
	p, _, err := a.app.CreatePerson(context.Background(), a.system(), forum, agenda.Person{Name: mark, Honorific: text, JobTitle: text, Organization: text, Bio: text,
		Country: "VN", Email: mark + "@example.org", Notes: mark}, app.Once{})
	a.check(err)
	a.guests = append(a.guests, p.ID)
	return p.ID
}

// addHearers makes everybody: those who are not signed in, Members of each role and of none, a Token of each right, and
// somebody with a personal link who is in no Meeting.
func (a *aviary) addHearers() {
	add := func(name string, verbs []agenda.Verb, headers ...header) {
		has := func(any ...agenda.Verb) bool {
			return slices.ContainsFunc(any, func(v agenda.Verb) bool { return slices.Contains(verbs, v) })
		}
		// Who changes things is told what they are about to overwrite, and who arranges meetings opens calendars that have them.
		a.hearers = append(a.hearers, hearer{name: name, headers: headers, hears: has(agenda.ReadMeetings, agenda.EditMeetings), log: has(agenda.ReadActivity),
			people: has(agenda.ReadPeople, agenda.ReadContacts, agenda.ReadActivity, agenda.ManageData, agenda.EditEvent),
			places: has(agenda.ReadDraft, agenda.ReadActivity, agenda.EditEvent)})
	}
	account := func(name string, admin bool, slug string, roles ...agenda.MemberRole) {
		var verbs []agenda.Verb
		for _, role := range roles {
			if slug == forum {
				verbs = append(verbs, role.Verbs()...)
			}
		}
		_, cookie := a.newLogin(strings.ReplaceAll(name, " ", ".")+"@example.org", admin, slug, roles...)
		add(name, verbs, header{"Cookie", cookie})
	}
	add("anonymous", nil)
	for _, role := range agenda.MemberRoles {
		account(string(role), false, forum, role)
	}
	account("all but protocol", false, forum, agenda.Owner, agenda.Editor, agenda.Viewer, agenda.CheckIn)
	account("protocol of another event", false, "other", agenda.Protocol, agenda.Owner, agenda.Editor)
	account("nobody", false, "")
	account("administrator", true, "")
	token := func(name string, scopes ...agenda.Verb) {
		add("token "+name, scopes, header{"Authorization", "Bearer " + a.newToken(forum, scopes, nil)})
	}
	for _, verb := range agenda.EventVerbs {
		token(string(verb), verb)
	}
	token("all but meetings", slices.DeleteFunc(slices.Clone(agenda.EventVerbs), func(v agenda.Verb) bool { return v == agenda.ReadMeetings })...)
	add("visitor", nil, header{"Cookie", visitCookie + "=" + a.visitor(a.invited, true).cookie})
}

// visitor comes with the personal link of somebody, and types the code that is mailed to them.
func (a *aviary) visitor(person agenda.ID, confirmed bool) *caller {
	a.t.Helper()
	p, err := a.app.Person(context.Background(), a.system(), forum, person)
	a.check(err)
	_, secret, _ := a.link(person, `{"vouched_address":"`+p.Email+`"}`)
	b := a.come(secret)
	if confirmed {
		b.must(303, b.send("/me/code", nil))
		b.must(303, b.send("/me/confirm", url.Values{"code": {a.lastLetter().Code}}))
	}
	return b
}

// hearer gives one of them.
func (a *aviary) hearer(name string) hearer {
	a.t.Helper()
	n := slices.IndexFunc(a.hearers, func(r hearer) bool { return r.name == name })
	if n < 0 {
		a.t.Fatalf("nobody is called %s", name)
	}
	return a.hearers[n]
}

// tell asks as the hearer, and fails the test when they hear what is not for them.
func (a *aviary) tell(r hearer, method, path string, body any, more ...header) answer {
	a.t.Helper()
	got := a.ask("", method, path, body, append(slices.Clone(r.headers), more...)...)
	a.asked++
	if got.Status >= 500 {
		a.t.Errorf("%s %s by %s: %d %s", method, path, r.name, got.Status, got.Body)
	}
	if r.hears {
		return got
	}
	where := fmt.Sprintf("%s %s %v", method, path, body)
	for _, said := range readings(a.t, got) {
		a.silent(r, where, said)
	}
	return got
}

// silent fails the test when a text says what is not for the hearer. They may be told again what they asked for.
func (a *aviary) silent(r hearer, where, said string) {
	a.t.Helper()
	lower := strings.ToLower(said)
	texts := slices.Clone(a.uids)
	for _, m := range a.meetings {
		if !r.log {
			texts = append(texts, string(m.ID))
		}
	}
	if strings.Contains(lower, strings.ToLower(topicMark)) {
		for _, text := range a.planted {
			texts = append(texts, strings.ToLower(text))
		}
	}
	if !r.people && strings.Contains(lower, strings.ToLower(guestMark)) {
		for i := range a.guests {
			texts = append(texts, strings.ToLower(guestMark)+string(rune('a'+i)))
		}
	}
	if !r.places {
		texts = append(texts, strings.ToLower(roomMark))
	}
	for _, text := range texts {
		if at := strings.Index(lower, text); at >= 0 && !strings.Contains(where, text) {
			a.t.Errorf("%.200s tells %s: …%s…", where, r.name, lower[max(0, at-200):min(len(lower), at+100)])
			return
		}
	}
}
