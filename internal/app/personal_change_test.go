package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func TestASpeakerAnswersForAllTheirParts(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		me, they := f.people[0].ID, f.people[1].ID
		p := f.panels[0]
		p.Speakers = []agenda.Speaker{{PersonID: me, Role: agenda.Panelist, Status: agenda.Invited}, {PersonID: they, Role: agenda.Chair, Status: agenda.Invited},
			{PersonID: me, Role: agenda.Rapporteur, Status: agenda.CancelledByThem}}
		p.Interventions = []agenda.Intervention{{Title: agenda.Text{"en": "Words"}, Speakers: []agenda.Speaker{{PersonID: me, Role: agenda.Presenter, Status: agenda.Confirmed}}}}
		p = must[app.PanelResult](t)(w.EditPanel(ctx, operator, slug, app.Revision(p.Revision), p, f.at(0, "2026-03-28T10:00", "2026-03-28T11:00"))).Panel
		_, visit := w.visit(t, operator, me, "")
		actor := w.visitor(t, visit)
		held := func() (n int) {
			r := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, meetingOf(me, they), f.at(1, "2026-03-28T10:00", "2026-03-28T10:30"), app.Once{}))
			for _, c := range r.Conflicts {
				n += strings.Count(c.Message, "Person 1")
			}
			wantCode(t, w.DeleteMeeting(ctx, operator, slug, app.Match{Any: true}, r.Meeting.ID), "")
			return n
		}
		if held() == 0 {
			t.Fatal("the speaker's time is not held to begin with")
		}
		wantCode(t, w.AnswerInvitation(ctx, actor, p.ID, agenda.Declined), "")
		now := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, p.ID)).Panel
		want := []agenda.SpeakerStatus{agenda.Declined, agenda.Invited, agenda.CancelledByThem, agenda.Declined}
		var got []agenda.SpeakerStatus
		for _, s := range now.Everybody() {
			got = append(got, s.Status)
		}
		if diff := cmp.Diff(want, got); diff != "" || now.Revision != p.Revision+1 {
			t.Errorf("revision %d, statuses (-want +got):\n%s", now.Revision, diff)
		}
		if held() != 0 {
			t.Error("who declined is still held")
		}
		wantCode(t, w.AnswerInvitation(ctx, actor, p.ID, agenda.Declined), "")
		if again := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, p.ID)).Panel; again.Revision != now.Revision {
			t.Error("the same answer again is a change")
		}
		wantCode(t, w.AnswerInvitation(ctx, actor, p.ID, agenda.Confirmed), "")
		if held() == 0 {
			t.Error("who confirmed is not held")
		}
		log, _, err := w.Activities(ctx, operator, slug, app.ActivityFilter{}, app.Page{Limit: 200})
		wantCode(t, err, "")
		var said []string
		for _, a := range log {
			if a.ActorKind == agenda.LinkHolder {
				said = append(said, a.Verb+" "+a.ActorName+" "+a.Summary)
			}
		}
		if diff := cmp.Diff([]string{`speaker.confirm Person 1 confirmed their part in the panel "Talk 1"`, `speaker.decline Person 1 declined their part in the panel "Talk 1"`,
			"link.open Person 1 opened a personal link"}, said); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
		_, err = w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, p.ID, true, nil)
		wantCode(t, err, "")
		wantCode(t, w.AnswerInvitation(ctx, actor, p.ID, agenda.Declined), agenda.Taken)
	})
}

func meetingOf(a, b agenda.ID) agenda.Meeting {
	side := func(p agenda.ID) agenda.Delegation {
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: p, Role: agenda.Principal, Answer: agenda.NeedsAction}}}
	}
	return agenda.Meeting{Status: agenda.MeetingRequested, Visibility: agenda.VisibleToParticipants, Sides: [2]agenda.Delegation{side(a), side(b)}}
}

func TestAPersonEditsWhatIsKnownOfThem(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		p := must[agenda.Person](t)(w.Person(ctx, operator, slug, f.people[0].ID))
		p.JobTitle, p.Bio, p.Notes, p.Email = agenda.Text{"en": "Minister", "vi": "Bộ trưởng"}, agenda.Text{"en": "Old.", "fr": "Vieux."}, "notes", "one@example.org"
		p = must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, app.Revision(p.Revision), p))
		_, visit := w.visit(t, operator, p.ID, "")
		actor := w.visitor(t, visit)
		next := app.OwnProfile{JobTitle: agenda.Text{"en": "Prime Minister"}, Bio: agenda.Text{"en": "New.", "fr": " "}}
		wantCode(t, w.EditOwnProfile(ctx, actor, app.Revision(p.Revision), next), "")
		want := p
		want.JobTitle, want.Bio, want.Revision = agenda.Text{"en": "Prime Minister", "vi": "Bộ trưởng"}, agenda.Text{"en": "New."}, p.Revision+1
		got := must[agenda.Person](t)(w.Person(ctx, operator, slug, p.ID))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		wantCode(t, w.EditOwnProfile(ctx, actor, app.Revision(p.Revision), next), agenda.Stale)
		wantCode(t, w.EditOwnProfile(ctx, actor, app.Revision(got.Revision), app.OwnProfile{JobTitle: agenda.Text{"no language": "x"}}), agenda.Invalid)
		wantCode(t, w.EditOwnProfile(ctx, actor, app.Revision(got.Revision), app.OwnProfile{Bio: agenda.Text{"en": strings.Repeat("x", agenda.MaxProse+1)}}), agenda.Invalid)
	})
}

func TestAPersonChangesTheirAddress(t *testing.T) {
	mailing(t, func(t *testing.T, m *mailbox) {
		f, ctx := m.forum(t), t.Context()
		me := f.people[0].ID
		m.address(t, operator, me, "old@example.org")
		_, visit := m.visit(t, operator, me, "old@example.org")
		_, other := m.visit(t, operator, me, "")
		for _, v := range []string{visit, other} {
			wantCode(t, m.SendCode(ctx, v, "en", "192.0.2.1"), "")
			wantCode(t, m.ConfirmVisit(ctx, v, m.last(t).Code, "192.0.2.1"), "")
		}
		actor := m.visitor(t, visit)
		for _, bad := range []string{"", "no address", "a@b\r\nBcc: c@d"} {
			wantCode(t, m.ChangeOwnAddress(ctx, actor, visit, bad), agenda.Invalid)
		}
		wantCode(t, m.ChangeOwnAddress(ctx, actor, visit, "new@example.org"), "")
		if l := m.last(t); l.Kind != agenda.LetterNotice || l.To != "old@example.org" || strings.Contains(l.Detail, "new@") {
			t.Errorf("the notice is %+v", l)
		}
		if !m.visitor(t, visit).Confirmed || m.visitor(t, other).Confirmed {
			t.Error("it is not the other visit alone that has to be confirmed anew")
		}
		wantCode(t, m.ChangeOwnAddress(ctx, agenda.Actor{Kind: agenda.LinkHolder, ID: actor.ID, EventID: actor.EventID, PersonID: actor.PersonID, Confirmed: true},
			other, "thief@example.org"), agenda.Forbidden) // it was confirmed when the request came
		wantCode(t, m.SendCode(ctx, other, "en", "192.0.2.1"), "")
		if l := m.last(t); l.To != "new@example.org" {
			t.Errorf("the code went to %s", l.To)
		}
	})
}

// TestMeetingsOnAPersonalPage shows after the code what its person may see, and of the rest the time.
func TestMeetingsOnAPersonalPage(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		aide := must[agenda.Person](t)(firstOf(w.CreatePerson(ctx, operator, slug, agenda.Person{Name: "Aide"}, app.Once{})))
		w.meet(t, f, agenda.VisibleToParticipants, 9)
		secret := meetingOf(f.people[0].ID, f.people[1].ID)
		secret.Topic, secret.Visibility = agenda.Text{"en": "CANARY"}, agenda.VisibleToProtocol
		secret.Sides[0].Delegates = append(secret.Sides[0].Delegates, agenda.Delegate{PersonID: aide.ID, Role: agenda.NoteTaker, Answer: agenda.NeedsAction})
		made := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, secret, f.at(0, "2026-03-29T11:00", "2026-03-29T11:30"), app.Once{}))
		unplanned := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, secret, nil, app.Once{}))
		for person, want := range map[agenda.ID][2][2]int{f.people[0].ID: {{0, 2}, {3, 0}}, aide.ID: {{0, 1}, {0, 1}}} {
			_, visit := w.visit(t, operator, person, "")
			for i, confirm := range []bool{false, true} {
				if confirm {
					code, _, err := w.MakeDeskCode(ctx, operator, slug, person)
					wantCode(t, err, "")
					wantCode(t, w.ConfirmVisit(ctx, visit, code, "192.0.2.1"), "")
				}
				page := must[app.PersonalPage](t)(w.PersonalPage(ctx, w.visitor(t, visit)))
				if got := [2]int{len(page.Meetings), len(page.Busy)}; got != want[i] {
					t.Errorf("%s, confirmed %t: %v meetings and busy, want %v", page.Person.Name, confirm, got, want[i])
				}
			}
			if person == aide.ID {
				if page := must[app.PersonalPage](t)(w.PersonalPage(ctx, w.visitor(t, visit))); page.Busy[0].RoomID != f.rooms[0].ID {
					t.Errorf("who takes notes is not told where: %+v", page.Busy)
				}
				wantCode(t, w.AnswerMeeting(ctx, w.visitor(t, visit), made.Meeting.ID, agenda.Accepted), agenda.NotFound)
				wantCode(t, w.AnswerMeeting(ctx, w.visitor(t, visit), unplanned.Meeting.ID, agenda.Accepted), agenda.NotFound)
			}
		}
		w.pass(time.Minute)
	})
}

func firstOf[A, B any](a A, _ B, err error) (A, error) { return a, err }
