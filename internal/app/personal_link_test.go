package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// mailbox is an App that mails, on the database of a world, and what it mailed.
type mailbox struct {
	world
	mails   sync.Mutex
	letters []agenda.Letter
	broken  atomic.Bool
}

// mailing runs the test on both databases, with mail configured.
func mailing(t *testing.T, test func(t *testing.T, m *mailbox)) {
	onEach(t, func(t *testing.T, url string) {
		m := &mailbox{world: open(t, url)}
		var ids atomic.Int64
		m.App = app.New(m.store, app.Options{
			CodeRounds: 1,
			Now:        func() time.Time { return time.UnixMilli(m.clock.Load()) },
			NewID:      func() agenda.ID { return agenda.ID(fmt.Sprintf("0199eeee-0000-7000-8000-%012d", ids.Add(1))) },
			Post: func(_ context.Context, l agenda.Letter) error {
				if m.broken.Load() {
					return errors.New("no connection")
				}
				m.mails.Lock()
				defer m.mails.Unlock()
				m.letters = append(m.letters, l)
				return nil
			}})
		test(t, m)
	})
}

// last gives the letter that was mailed last.
func (m *mailbox) last(t *testing.T) agenda.Letter {
	t.Helper()
	m.mails.Lock()
	defer m.mails.Unlock()
	if len(m.letters) == 0 {
		t.Fatal("nothing was mailed")
	}
	return m.letters[len(m.letters)-1]
}

// editor may edit the forum's draft and sees no meetings; protocol arranges these.
func (w world) member(t *testing.T, role agenda.MemberRole) agenda.Actor {
	t.Helper()
	e := must[agenda.Event](t)(w.Event(t.Context(), operator, slug))
	return agenda.Actor{Kind: agenda.AccountHolder, ID: agenda.ID(role), Name: string(role), Grants: []agenda.Grant{{EventID: e.ID, Verbs: role.Verbs()}}}
}

func (w world) address(t *testing.T, actor agenda.Actor, person agenda.ID, address string) {
	t.Helper()
	p := must[agenda.Person](t)(w.Person(t.Context(), actor, slug, person))
	p.Email = address
	must[agenda.Person](t)(w.EditPerson(t.Context(), actor, slug, app.Revision(p.Revision), p))
}

// visit makes a link of the person and opens it.
func (w world) visit(t *testing.T, actor agenda.Actor, person agenda.ID, vouched string) (agenda.PersonalLink, string) {
	t.Helper()
	n := must[app.NewLink](t)(w.MakePersonalLink(t.Context(), actor, slug, app.LinkRequest{PersonID: person, Vouched: vouched}, app.Once{}))
	return n.Link, must[app.NewVisit](t)(w.OpenPersonalLink(t.Context(), n.Secret, "", "192.0.2.1")).Secret
}

func (w world) visitor(t *testing.T, visit string) agenda.Actor {
	t.Helper()
	return must[agenda.Actor](t)(w.Visitor(t.Context(), visit, "192.0.2.1"))
}

// meet arranges a meeting of the forum's two people.
func (w world) meet(t *testing.T, f forum, visibility agenda.Visibility, hour int) agenda.Meeting {
	t.Helper()
	side := func(p agenda.ID) agenda.Delegation {
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: p, Role: agenda.Principal, Answer: agenda.NeedsAction}}}
	}
	r := must[app.MeetingResult](t)(w.CreateMeeting(t.Context(), operator, slug, agenda.Meeting{Topic: agenda.Text{"en": "CANARY"},
		Status: agenda.MeetingRequested, Visibility: visibility, Sides: [2]agenda.Delegation{side(f.people[0].ID), side(f.people[1].ID)}},
		f.at(0, fmt.Sprintf("2026-03-29T%02d:00", hour), fmt.Sprintf("2026-03-29T%02d:30", hour)), app.Once{}))
	return r.Meeting
}

func TestAPersonalLinkOpensUntilItEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		n := must[app.NewLink](t)(w.MakePersonalLink(ctx, w.member(t, agenda.Editor), slug, app.LinkRequest{PersonID: f.people[0].ID}, app.Once{}))
		if want := time.Date(2026, 4, 29, 22, 0, 0, 0, time.UTC); !n.Link.Expires.Equal(want) {
			t.Errorf("it ends %v, want thirty days after the event, %v", n.Link.Expires, want)
		}
		first := must[app.NewVisit](t)(w.OpenPersonalLink(ctx, n.Secret, "", "192.0.2.1"))
		second := must[app.NewVisit](t)(w.OpenPersonalCode(ctx, strings.ToLower(n.Code[:5])+" - "+n.Code[5:], "", "192.0.2.1"))
		if again := must[app.NewVisit](t)(w.OpenPersonalLink(ctx, n.Secret, first.Secret, "192.0.2.1")); again != first {
			t.Error("a browser that comes again has another visit")
		}
		if first.Secret == second.Secret || first.Secret == n.Secret {
			t.Error("secrets are alike")
		}
		a := w.visitor(t, first.Secret)
		if a.Kind != agenda.LinkHolder || a.PersonID != f.people[0].ID || a.ID != n.Link.ID || a.Confirmed || len(a.Grants) != 0 || a.Address != "192.0.2.1" {
			t.Errorf("the actor is %+v", a)
		}
		_, err := w.OpenPersonalLink(ctx, n.Code, "", "192.0.2.1")
		unknown := wantCode(t, err, agenda.NotFound)
		wantCode(t, w.EndVisit(ctx, first.Secret, "192.0.2.1"), "")
		_, err = w.Visitor(ctx, first.Secret, "")
		wantCode(t, err, agenda.Unauthenticated)
		w.pass(agenda.VisitLife - time.Minute)
		w.visitor(t, second.Secret)
		w.pass(time.Minute)
		_, err = w.Visitor(ctx, second.Secret, "")
		wantCode(t, err, agenda.Unauthenticated)
		third := must[app.NewVisit](t)(w.OpenPersonalLink(ctx, n.Secret, second.Secret, "192.0.2.1"))
		late := w.visitor(t, third.Secret)
		wantCode(t, w.RevokePersonalLink(ctx, w.member(t, agenda.Editor), slug, f.people[1].ID, n.Link.ID), agenda.NotFound)
		wantCode(t, w.RevokePersonalLink(ctx, w.member(t, agenda.Editor), slug, f.people[0].ID, n.Link.ID), "")
		_, err = w.Visitor(ctx, third.Secret, "")
		wantCode(t, err, agenda.Unauthenticated)
		wantCode(t, w.AnswerInvitation(ctx, late, f.panels[0].ID, agenda.Declined), agenda.Unauthenticated)
		_, err = w.OpenPersonalLink(ctx, n.Secret, "", "192.0.2.1")
		revoked := wantCode(t, err, agenda.NotFound)
		soon := time.UnixMilli(w.clock.Load()).Add(time.Hour)
		short := must[app.NewLink](t)(w.MakePersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID, Expires: &soon}, app.Once{}))
		if v := must[app.NewVisit](t)(w.OpenPersonalLink(ctx, short.Secret, "", "192.0.2.1")); !v.Expires.Equal(soon.UTC()) {
			t.Errorf("a visit outlives its link: %v", v.Expires)
		}
		w.pass(time.Hour)
		_, err = w.OpenPersonalLink(ctx, short.Secret, "", "192.0.2.1")
		expired := wantCode(t, err, agenda.NotFound)
		if unknown.Error() != revoked.Error() || unknown.Error() != expired.Error() {
			t.Error("unknown, revoked and expired links are told apart")
		}
	})
}

func TestWhoMayMakePersonalLinks(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		w.address(t, operator, f.people[0].ID, "minister@example.org")
		for role, want := range map[agenda.MemberRole][2]agenda.Code{agenda.Owner: {"", agenda.Forbidden}, agenda.Editor: {"", agenda.Forbidden},
			agenda.Viewer: {agenda.Forbidden, agenda.Forbidden}, agenda.CheckIn: {agenda.Forbidden, agenda.Forbidden}, agenda.Protocol: {agenda.Forbidden, ""}} {
			actor := w.member(t, role)
			_, err := w.MakePersonalLink(ctx, actor, slug, app.LinkRequest{PersonID: f.people[0].ID}, app.Once{})
			wantCode(t, err, want[0])
			_, _, err = w.PersonalLinks(ctx, actor, slug, f.people[0].ID, app.Page{})
			wantCode(t, err, want[0])
			_, err = w.MakePersonalLink(ctx, actor, slug, app.LinkRequest{PersonID: f.people[0].ID, Vouched: "minister@example.org"}, app.Once{})
			wantCode(t, err, agenda.Forbidden) // no role alone may both edit and vouch
			_, _, err = w.MakeDeskCode(ctx, actor, slug, f.people[0].ID)
			wantCode(t, err, want[1])
			wantCode(t, w.VouchAddress(ctx, actor, slug, f.people[0].ID, "minister@example.org"), want[1])
		}
		_, err := w.MakePersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: "nobody"}, app.Once{})
		wantCode(t, err, agenda.NotFound)
		_, err = w.MakePersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID, Vouched: "other@example.org"}, app.Once{})
		wantCode(t, err, agenda.Invalid)
		past, far := time.UnixMilli(w.clock.Load()), time.UnixMilli(w.clock.Load()).AddDate(6, 0, 0)
		for _, expires := range []*time.Time{&past, &far} {
			_, err := w.MakePersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID, Expires: expires}, app.Once{})
			wantCode(t, err, agenda.Invalid)
		}
		_, err = w.SendPersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID}, "", "https://x/me")
		wantCode(t, err, agenda.Taken) // no mail here
	})
}

func TestAPersonalLinkIsMailed(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx := m.forum(t), t.Context()
		_, err := m.SendPersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID}, "", "https://x/me")
		wantCode(t, err, agenda.Taken) // no address
		m.address(t, operator, f.people[0].ID, "one@example.org")
		l := must[agenda.PersonalLink](t)(m.SendPersonalLink(ctx, m.member(t, agenda.Editor), slug, app.LinkRequest{PersonID: f.people[0].ID}, "fr", "https://x/me"))
		letter := m.last(t)
		secret, found := strings.CutPrefix(letter.URL, "https://x/me#")
		if !found || letter.Kind != agenda.LetterPersonal || letter.To != "one@example.org" || letter.Language != "fr" || letter.Zone != "Europe/Paris" ||
			!letter.Expires.Equal(l.Expires) || !l.Mailed || letter.Event["en"] != "Forum" || letter.Name != "Person 1" {
			t.Errorf("the letter is %+v", letter)
		}
		if a := m.visitor(t, must[app.NewVisit](t)(m.OpenPersonalLink(ctx, secret, "", "192.0.2.1")).Secret); a.ID != l.ID {
			t.Errorf("the letter opens %s", a.ID)
		}
		must[app.NewVisit](t)(m.OpenPersonalCode(ctx, letter.Code, "", "192.0.2.1"))
		m.broken.Store(true)
		_, err = m.SendPersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID}, "", "https://x/me")
		wantCode(t, err, agenda.Unavailable)
		m.broken.Store(false)
		links, _, err := m.PersonalLinks(ctx, operator, slug, f.people[0].ID, app.Page{})
		if err != nil || len(links) != 2 || links[0].Revoked != nil || links[1].Revoked == nil {
			t.Errorf("a letter that was not sent leaves %+v, %v", links, err)
		}
		for range 3 {
			must[agenda.PersonalLink](t)(m.SendPersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID}, "", "https://x/me"))
		}
		_, err = m.SendPersonalLink(ctx, operator, slug, app.LinkRequest{PersonID: f.people[0].ID}, "", "https://x/me")
		wantCode(t, err, agenda.TooMany)
	})
}
