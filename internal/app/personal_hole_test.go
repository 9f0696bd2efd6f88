package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// TestHoleV17ALinkGrantsOneNarrowThing: what a link opened elsewhere was everybody's data, to be read and written.
func TestHoleV17ALinkGrantsOneNarrowThing(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx := m.forum(t), t.Context()
		for i, p := range f.people {
			m.address(t, operator, p.ID, fmt.Sprintf("canary%d@example.org", i))
		}
		m.meet(t, f, agenda.VisibleToParticipants, 9)
		_, visit := m.visit(t, operator, f.people[0].ID, "canary0@example.org")
		me := m.visitor(t, visit)
		page := must[app.PersonalPage](t)(m.PersonalPage(ctx, me))
		if len(page.Panels) != 1 || page.Panels[0].ID != f.panels[0].ID || len(page.Meetings) != 0 || len(page.Busy) != 1 || page.Busy[0].RoomID != "" {
			t.Errorf("the page has %d panels, %d meetings, busy %v", len(page.Panels), len(page.Meetings), page.Busy)
		}
		if all := fmt.Sprintf("%+v", page); strings.Contains(all, "canary1") || strings.Contains(all, "CANARY") {
			t.Errorf("the page tells of others: %s", all)
		}
		wantCode(t, m.AnswerInvitation(ctx, me, f.panels[1].ID, agenda.Declined), agenda.NotFound)
		wantCode(t, m.AnswerInvitation(ctx, me, f.panels[0].ID, agenda.Invited), agenda.Invalid)
		wantCode(t, m.ChangeOwnAddress(ctx, me, visit, "thief@example.org"), agenda.Forbidden)
		_, err := m.OpenOwnFeed(ctx, me, "")
		wantCode(t, err, agenda.Forbidden)
		// Nothing of the organizers' opens, at this event or another.
		_, _, err = m.CreateEvent(ctx, operator, agenda.Event{Slug: "other", Name: agenda.Text{"en": "Other"}, Zone: "UTC", StartDate: "2026-03-28",
			EndDate: "2026-03-28", Languages: []string{"en"}}, app.Once{})
		wantCode(t, err, "")
		for _, at := range []string{slug, "other"} {
			for what, err := range m.organizing(ctx, me, at, f) {
				if agenda.CodeOf(err) != agenda.NotFound && agenda.CodeOf(err) != agenda.Forbidden {
					t.Errorf("%s at %s: %v", what, at, err)
				}
			}
		}
		// A link whose person or event is forged leads nowhere.
		forged := me
		forged.PersonID = f.people[1].ID
		wantCode(t, m.AnswerInvitation(ctx, forged, f.panels[1].ID, agenda.Declined), agenda.Unauthenticated)
	})
}

// organizing does some of what organizers do.
func (w world) organizing(ctx context.Context, actor agenda.Actor, at string, f forum) map[string]error {
	does := map[string]error{}
	_, does["read a person"] = w.Person(ctx, actor, at, f.people[1].ID)
	_, _, does["read people"] = w.People(ctx, actor, at, app.PersonFilter{}, app.Page{})
	_, does["edit a person"] = w.EditPerson(ctx, actor, at, app.Match{Any: true}, f.people[0])
	does["delete a person"] = w.DeletePerson(ctx, actor, at, app.Match{Any: true}, f.people[0].ID)
	_, does["read a panel"] = w.Panel(ctx, actor, at, f.panels[0].ID)
	_, does["edit a panel"] = w.EditPanel(ctx, actor, at, app.Match{Any: true}, f.panels[0], nil)
	_, _, _, does["read meetings"] = w.Meetings(ctx, actor, at, app.MeetingFilter{}, app.Page{})
	_, _, does["read conflicts"] = w.Conflicts(ctx, actor, at)
	_, does["publish"] = w.Publish(ctx, actor, at, nil, nil, app.Once{})
	_, _, does["read activity"] = w.Activities(ctx, actor, at, app.ActivityFilter{}, app.Page{})
	_, does["make a link"] = w.MakePersonalLink(ctx, actor, at, app.LinkRequest{PersonID: f.people[0].ID}, app.Once{})
	_, _, does["make a code"] = w.MakeDeskCode(ctx, actor, at, f.people[0].ID)
	does["vouch"] = w.VouchAddress(ctx, actor, at, f.people[0].ID, "canary0@example.org")
	_, _, does["open a feed"] = w.OpenFeed(ctx, actor, at, agenda.Feed{PersonID: f.people[0].ID}, app.Once{})
	_, _, does["make a token"] = w.CreateToken(ctx, actor, at, agenda.Token{Name: "x", Scopes: agenda.ReadVerbs}, app.Once{})
	return does
}

// TestAnEditorDoesNotGetAMinistersCode: who may edit people makes a link of a minister, puts an address of their own in the
// minister's place, and asks for the code.
func TestAnEditorDoesNotGetAMinistersCode(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx, editor, protocol := m.forum(t), t.Context(), m.member(t, agenda.Editor), m.member(t, agenda.Protocol)
		minister := f.people[0].ID
		m.meet(t, f, agenda.VisibleToParticipants, 9)
		m.address(t, operator, minister, "minister@example.org")
		silent := func(when string) {
			t.Helper()
			if n := len(m.letters); n > 0 && m.letters[n-1].To != "minister@example.org" {
				t.Errorf("%s: a code went to %s", when, m.letters[n-1].To)
			}
		}
		// Nobody has vouched for the address: not even the first one gets codes.
		_, early := m.visit(t, editor, minister, "")
		wantCode(t, m.SendCode(ctx, early, "en", "192.0.2.1"), agenda.Taken)
		wantCode(t, m.VouchAddress(ctx, protocol, slug, minister, "minister@example.org"), "")
		wantCode(t, m.SendCode(ctx, early, "en", "192.0.2.1"), "") // to the minister, who wonders
		// The address changes before or after the link is made, and is changed back.
		m.address(t, editor, minister, "editor@example.org")
		_, late := m.visit(t, editor, minister, "")
		for _, visit := range []string{early, late} {
			wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), agenda.Taken)
		}
		silent("after the address was changed")
		wantCode(t, m.VouchAddress(ctx, editor, slug, minister, "editor@example.org"), agenda.Forbidden)
		wantCode(t, m.VouchAddress(ctx, protocol, slug, minister, "minister@example.org"), agenda.Invalid) // it is another now
		m.address(t, editor, minister, "minister@example.org")
		wantCode(t, m.SendCode(ctx, late, "en", "192.0.2.1"), "")
		silent("after the address was changed back")
		// The code of the minister's browser does not open the editor's, and the other way round.
		_, theirs := m.visit(t, operator, minister, "")
		wantCode(t, m.SendCode(ctx, theirs, "en", "192.0.2.1"), "")
		code := m.last(t).Code
		wantCode(t, m.ConfirmVisit(ctx, late, code, "192.0.2.9"), agenda.Invalid)
		wantCode(t, m.ConfirmVisit(ctx, theirs, code, "192.0.2.1"), "")
		for visit, want := range map[string]int{early: 0, late: 0, theirs: 1} {
			if page := must[app.PersonalPage](t)(m.PersonalPage(ctx, m.visitor(t, visit))); len(page.Meetings) != want {
				t.Errorf("a visit shows %d meetings, want %d", len(page.Meetings), want)
			}
		}
	})
}

func TestCodesAreTriedFiveTimes(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx := m.forum(t), t.Context()
		m.address(t, operator, f.people[0].ID, "one@example.org")
		_, visit := m.visit(t, operator, f.people[0].ID, "one@example.org")
		wrong := func(code string) string { return fmt.Sprintf("%06d", (int(code[5]-'0')+1)%10) }
		from := 0
		confirm := func(code string) error { // each from another address
			from++
			return m.ConfirmVisit(ctx, visit, code, fmt.Sprintf("192.0.2.%d", from))
		}
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		code := m.last(t).Code
		for range agenda.MaxCodeTries {
			wantCode(t, confirm(wrong(code)), agenda.Invalid)
		}
		wantCode(t, confirm(code), agenda.Invalid) // used up
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		code = m.last(t).Code
		m.pass(agenda.CodeLife)
		wantCode(t, confirm(code), agenda.Invalid) // too old
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		first := m.last(t).Code
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		wantCode(t, confirm(first), agenda.Invalid) // another took its place
		wantCode(t, confirm(m.last(t).Code), "")
		wantCode(t, confirm(m.last(t).Code), agenda.Invalid) // once
		if !m.visitor(t, visit).Confirmed {
			t.Error("the visit is not confirmed")
		}
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), agenda.TooMany) // the sixth in an hour
		if l := m.last(t); l.Kind != agenda.LetterCode || len(l.Code) != 6 || l.URL != "" {
			t.Errorf("the letter is %+v", l)
		}
		// From one network, a hundred failures are the most, whatever it is that is tried.
		m.pass(time.Hour)
		for i := range 101 {
			want := agenda.Invalid
			if i == 100 {
				want = agenda.TooMany
			}
			wantCode(t, m.ConfirmVisit(ctx, visit, "000000", "2001:db8::"+fmt.Sprint(i)), want)
		}
		m.pass(15 * time.Minute)
		wantCode(t, m.ConfirmVisit(ctx, visit, "000000", "2001:db8::1"), agenda.Invalid)
	})
}

func TestTheProtocolDeskTellsACode(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx, protocol := w.forum(t), t.Context(), w.member(t, agenda.Protocol)
		m := w.meet(t, f, agenda.VisibleToParticipants, 9)
		_, visit := w.visit(t, operator, f.people[0].ID, "")
		_, other := w.visit(t, operator, f.people[1].ID, "")
		wantCode(t, w.SendCode(ctx, visit, "en", "192.0.2.1"), agenda.Taken)
		code, _, err := w.MakeDeskCode(ctx, protocol, slug, f.people[0].ID)
		wantCode(t, err, "")
		wantCode(t, w.ConfirmVisit(ctx, other, code, "192.0.2.2"), agenda.Invalid)
		wantCode(t, w.AnswerMeeting(ctx, w.visitor(t, visit), m.ID, agenda.Accepted), agenda.Forbidden)
		wantCode(t, w.ConfirmVisit(ctx, visit, agenda.SpelledCode(code), "192.0.2.1"), "")
		_, second := w.visit(t, operator, f.people[0].ID, "")
		wantCode(t, w.ConfirmVisit(ctx, second, code, "192.0.2.1"), agenda.Invalid) // once
		wantCode(t, w.AnswerMeeting(ctx, w.visitor(t, visit), m.ID, agenda.Accepted), "")
		wantCode(t, w.AnswerMeeting(ctx, w.visitor(t, visit), m.ID, agenda.Delegated), agenda.Invalid)
		r := must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, m.ID))
		if r.Meeting.AnswerOf(f.people[0].ID) != agenda.Accepted || r.Meeting.AnswerOf(f.people[1].ID) != agenda.NeedsAction || r.Meeting.Revision != 2 {
			t.Errorf("the meeting is %+v", r.Meeting)
		}
		w.tellsWhoAnswered(t, w.visitor(t, visit))
		if secret := must[string](t)(w.OpenOwnFeed(ctx, w.visitor(t, visit), "en")); secret == "" {
			t.Error("the feed has no secret")
		}
	})
}

// tellsWhoAnswered looks at the log of an answer to a meeting, as who sees meetings and as who does not.
func (w world) tellsWhoAnswered(t *testing.T, who agenda.Actor) {
	t.Helper()
	owner := w.member(t, agenda.Owner)
	for name, c := range map[string]struct {
		actor agenda.Actor
		sees  bool
	}{"operator": {operator, true}, "owner": {owner, false}} {
		log, _, err := w.Activities(t.Context(), c.actor, slug, app.ActivityFilter{Verb: "meeting.answer"}, app.Page{})
		if err != nil || len(log) != 1 || (log[0].ActorID == who.ID) != c.sees || (log[0].ActorName == who.Name) != c.sees || (log[0].Address == who.Address) != c.sees || (log[0].After == nil) == c.sees {
			t.Errorf("the log tells the %s %+v, %v", name, log, err)
		}
		log, _, err = w.Activities(t.Context(), c.actor, slug, app.ActivityFilter{ActorID: who.ID, Verb: "meeting"}, app.Page{})
		if err != nil || (len(log) == 1) != c.sees {
			t.Errorf("asked for what they did, it tells the %s %+v, %v", name, log, err)
		}
	}
}

func TestManyCodesAreTriedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		n := must[app.NewLink](t)(w.MakePersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID}, app.Once{}))
		var looked, refused atomic.Int64
		done := make(chan bool)
		for i := range 124 {
			go func() {
				defer func() { done <- true }()
				_, err := w.OpenPersonalCode(ctx, fmt.Sprintf("%05d000AA", i), "", "192.0.2.7")
				switch agenda.CodeOf(err) {
				case agenda.NotFound:
					looked.Add(1)
				case agenda.TooMany:
					refused.Add(1)
				default:
					t.Errorf("%v", err)
				}
			}()
		}
		for range 124 {
			<-done
		}
		if looked.Load() != 100 || refused.Load() != 24 {
			t.Errorf("%d were looked at and %d refused, want 100 and 24", looked.Load(), refused.Load())
		}
		_, err := w.OpenPersonalCode(ctx, n.Code, "", "192.0.2.7")
		wantCode(t, err, agenda.TooMany)
		must[app.NewVisit](t)(w.OpenPersonalCode(ctx, n.Code, "", "192.0.2.8"))   // others are not shut out
		must[app.NewVisit](t)(w.OpenPersonalLink(ctx, n.Secret, "", "192.0.2.1")) // nor is who has the link
		// Who knows how a code begins can't try the rest from everywhere.
		for i := range 10 {
			_, err := w.OpenPersonalCode(ctx, n.Code[:5]+fmt.Sprintf("%05d", i), "", fmt.Sprintf("198.51.100.%d", i))
			wantCode(t, err, agenda.NotFound)
		}
		_, err = w.OpenPersonalCode(ctx, n.Code, "", "203.0.113.1")
		wantCode(t, err, agenda.TooMany)
		w.pass(15 * time.Minute)
		for range 30 { // the right code is no failure
			must[app.NewVisit](t)(w.OpenPersonalCode(ctx, n.Code, "", "192.0.2.7"))
		}
	})
}

// TestACopyOfTheDatabaseOpensNoPersonalPage tries what is stored, and all codes there are with all that is stored.
func TestACopyOfTheDatabaseOpensNoPersonalPage(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx := m.forum(t), t.Context()
		m.address(t, operator, f.people[0].ID, "one@example.org")
		l, visit := m.visit(t, operator, f.people[0].ID, "one@example.org")
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		sum := func(s string) string {
			h := sha256.Sum256([]byte(s))
			return hex.EncodeToString(h[:])
		}
		var v agenda.Visit
		wantCode(t, m.store.Read(ctx, func(tx *store.Tx) (err error) {
			v, _, err = tx.VisitByHash(sum(visit))
			return err
		}), "")
		if sum(visit+" "+m.last(t).Code) != v.Code.Hash {
			t.Fatal("the code is not kept as the test believes")
		}
		for _, stored := range []string{l.Hash, l.CodeHash, v.Hash, v.Code.Hash, string(l.ID)} {
			_, err := m.OpenPersonalLink(ctx, stored, "", "192.0.2.1")
			wantCode(t, err, agenda.NotFound)
			_, err = m.Visitor(ctx, stored, "")
			wantCode(t, err, agenda.Unauthenticated)
		}
		for _, salt := range []string{"", v.Hash + " ", l.Hash + " ", string(l.ID) + " ", string(l.PersonID) + " ", " "} {
			if sum(salt+m.last(t).Code) == v.Code.Hash { // or whoever has the copy would find it among a million
				t.Fatalf("the code is found with the salt %q", salt)
			}
		}
	})
}

// That an address is vouched for which is another one takes back what was confirmed by the one before.
func TestAnotherAddressIsConfirmedAnew(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx := m.forum(t), t.Context()
		m.address(t, operator, f.people[0].ID, "wrong@example.org")
		_, visit := m.visit(t, operator, f.people[0].ID, "wrong@example.org")
		wantCode(t, m.SendCode(ctx, visit, "en", "192.0.2.1"), "")
		wantCode(t, m.ConfirmVisit(ctx, visit, m.last(t).Code, "192.0.2.1"), "")
		wantCode(t, m.VouchAddress(ctx, operator, slug, f.people[0].ID, "wrong@example.org"), "")
		if !m.visitor(t, visit).Confirmed {
			t.Error("the same address takes it back")
		}
		m.address(t, operator, f.people[0].ID, "right@example.org")
		wantCode(t, m.VouchAddress(ctx, operator, slug, f.people[0].ID, "right@example.org"), "")
		if m.visitor(t, visit).Confirmed {
			t.Error("who has the other address still sees meetings")
		}
	})
}
