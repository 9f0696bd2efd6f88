package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// invited is a meeting of a with b, who was invited by mail.
type invited struct {
	*mailroom
	meeting agenda.ID
	base    answer // of b's calendar
}

func (m *mailroom) invited(t *testing.T) *invited {
	t.Helper()
	x := must[app.MeetingResult](t)(m.CreateMeeting(t.Context(), operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
		Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
	m.deliver(t, x.UID)
	return &invited{m, x.ID, answer{to: m.last["b"].From, uid: x.UID, attendee: "b@people.example", partstat: "ACCEPTED", method: "REPLY"}}
}

func (i *invited) now() time.Time { return time.UnixMilli(i.clock.Load()) }

// take lets a calendar answer a second later.
func (i *invited) take(t *testing.T, why string, change func(*answer)) {
	t.Helper()
	i.pass(time.Second)
	a := i.base
	a.at = i.now()
	change(&a)
	got, err := i.TakeAnswer(t.Context(), strings.NewReader(a.letter()))
	if err != nil || got.Why != why {
		t.Errorf("%+v, %v, want %q", got, err, why)
	}
}

func (i *invited) stands(t *testing.T, want agenda.Answer) {
	t.Helper()
	m := must[app.MeetingResult](t)(i.Meeting(t.Context(), operator, slug, i.meeting)).Meeting
	if got := m.AnswerOf(i.ids["b"]); got != want {
		t.Errorf("the answer is %s, want %s", got, want)
	}
}

const (
	taken    = "The answer was taken."
	tooLate  = "It answers what was changed since."
	oldNews  = "A later answer came before, or this one."
	proposed = "It proposes another time, which the organizers are told."
)

func asItIs(*answer) {}

// A clock that is ahead stops nobody, and the last answer counts, whichever way it came.
func TestTheLastAnswerCounts(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		i := w.mailroom(t, "meet@forum.example").invited(t)
		ctx := t.Context()
		i.take(t, taken, func(a *answer) { a.at = a.at.Add(20 * time.Hour) })
		i.take(t, taken, func(a *answer) { a.partstat = "DECLINED" })
		i.stands(t, agenda.DeclinedIt)
		i.take(t, taken, asItIs)
		// On the page of the letter, though the same was answered by mail: what the calendar said before comes too late.
		before := i.now()
		i.pass(time.Minute)
		wantCode(t, i.AnswerByLetter(ctx, secretIn(i.last["b"]), "", agenda.Accepted, ""), "")
		i.take(t, oldNews, func(a *answer) { a.at, a.partstat = before.Add(time.Second), "DECLINED" })
		i.stands(t, agenda.Accepted)
		// On their own page.
		i.pass(time.Minute)
		before = i.now()
		i.pass(time.Minute)
		_, visit := i.visit(t, operator, i.ids["b"], "b@people.example")
		me := i.visitor(t, visit)
		me.Confirmed = true
		wantCode(t, i.AnswerMeeting(ctx, me, i.meeting, agenda.Tentative), "")
		i.take(t, oldNews, func(a *answer) { a.at = before })
		// The organizers, whom they called.
		before = i.now()
		i.pass(time.Minute)
		m := must[app.MeetingResult](t)(i.Meeting(ctx, operator, slug, i.meeting)).Meeting
		m.Sides[1].Delegates[0].Answer = agenda.Accepted
		must[app.MeetingResult](t)(i.EditMeeting(ctx, operator, slug, app.Match{Any: true}, m, i.mailroom.at(0, "2026-03-29T10:00", "2026-03-29T10:30")))
		i.take(t, oldNews, func(a *answer) { a.at, a.partstat = before, "TENTATIVE" })
		i.stands(t, agenda.Accepted)
		i.take(t, taken, func(a *answer) { a.partstat = "TENTATIVE" })
		i.stands(t, agenda.Tentative)
	})
}

// What was answered about one time is not about another, even before the letter about it has gone.
func TestAnAnswerIsAboutTheTimeThatWasTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		i := w.mailroom(t, "meet@forum.example").invited(t)
		m := must[app.MeetingResult](t)(i.Meeting(t.Context(), operator, slug, i.meeting)).Meeting
		must[app.MeetingResult](t)(i.EditMeeting(t.Context(), operator, slug, app.Match{Any: true}, m, i.mailroom.at(0, "2026-03-29T15:00", "2026-03-29T15:30")))
		i.take(t, tooLate, asItIs)
		i.take(t, tooLate, func(a *answer) { a.method = "COUNTER" })
		i.stands(t, agenda.NeedsAction)
		i.deliver(t, i.base.uid)
		i.take(t, tooLate, asItIs)
		i.take(t, taken, func(a *answer) { a.sequence = i.seqs["b"] })
		i.stands(t, agenda.Accepted)
	})
}

// Without an address for answers nothing tells whose an answer is.
func TestNobodyAnswersWhereThereIsNoAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		i := w.mailroom(t, "").invited(t)
		i.base.to = "agenda@forum.example"
		i.take(t, "No address for answers is set: see PLENARY_MAIL_ANSWERS.", asItIs)
		i.stands(t, agenda.NeedsAction)
	})
}

// What people say besides their answers is told to the organizers who may see the meeting, and to nobody else.
func TestWhatIsSaidWithAnAnswerIsForTheOrganizers(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		i := w.mailroom(t, "meet@forum.example").invited(t)
		ctx := t.Context()
		said := func(want string) {
			t.Helper()
			b := must[app.ToldBoard](t)(i.ToldBoard(ctx, operator, slug, 0))
			for _, m := range b.Meetings {
				if m.Person.ID == i.ids["b"] && m.Said.Note != want || m.Person.ID != i.ids["b"] && m.Said.Note != "" {
					t.Errorf("%s said %q", m.Person.Name, m.Said.Note)
				}
			}
			steps := must[[]agenda.MeetingStep](t)(i.MeetingHistory(ctx, operator, slug, i.meeting))
			if last := steps[len(steps)-1]; last.Note != want || last.PersonID != i.ids["b"] {
				t.Errorf("the history says %+v", last)
			}
			brief := must[app.Brief](t)(i.MeetingBrief(ctx, operator, slug, i.meeting))
			if got := brief.Meetings[0].Said[i.ids["b"]].Note; got != want {
				t.Errorf("the brief says %q", got)
			}
		}
		i.take(t, taken, func(a *answer) { a.comment = `I will be\, perhaps\, late` })
		said("I will be, perhaps, late")
		i.take(t, taken, func(a *answer) { a.comment = "no, in time" })
		said("no, in time")
		i.pass(time.Second)
		wantCode(t, i.AnswerByLetter(ctx, secretIn(i.last["b"]), "", agenda.Accepted, "by train"), "")
		said("by train")
		i.take(t, proposed, func(a *answer) { a.method, a.partstat, a.comment = "COUNTER", "TENTATIVE", "sorry" })
		said("2026-03-29 14:00–14:30 · sorry") // by the clock of Paris
		i.stands(t, agenda.Tentative)
		for _, name := range []string{"a", "b"} {
			me := agenda.Actor{Kind: agenda.LinkHolder, ID: "link", EventID: must[app.MeetingResult](t)(i.Meeting(ctx, operator, slug, i.meeting)).Event.ID, PersonID: i.ids[name], Confirmed: true}
			own := must[app.Brief](t)(i.OwnBrief(ctx, me, i.meeting))
			if len(own.Meetings[0].Said) != 0 {
				t.Errorf("%s is told %v", name, own.Meetings[0].Said)
			}
			for _, step := range must[[]agenda.MeetingStep](t)(i.MeetingHistory(ctx, me, slug, i.meeting)) {
				if step.Answers() && (step.Note != "") != (name == "b") {
					t.Errorf("%s reads %q", name, step.Note)
				}
			}
		}
	})
}

// A letter says what came later too: it opens for nobody but its reader.
func TestAnOldLetterOpensForItsReaderAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		i := w.mailroom(t, "").invited(t)
		ctx, secret := t.Context(), secretIn(i.last["b"])
		opens := func(want agenda.Code) {
			t.Helper()
			_, err := i.OpenLetter(ctx, secret)
			wantCode(t, err, want)
			wantCode(t, i.AnswerByLetter(ctx, secret, "", agenda.Accepted, ""), want)
			_, err = i.VisitByLetter(ctx, secret, "", "192.0.2.1")
			wantCode(t, err, want)
		}
		opens("")
		address := func(is string) {
			t.Helper()
			p := must[agenda.Person](t)(i.Person(ctx, operator, slug, i.ids["b"]))
			p.Email = is
			must[agenda.Person](t)(i.EditPerson(ctx, operator, slug, app.Match{Any: true}, p))
		}
		address("new@people.example")
		opens(agenda.NotFound)
		address("B@people.example")
		opens("")
		links := must[[]agenda.PersonalLink](t)(firstOf(i.PersonalLinks(ctx, operator, slug, i.ids["b"], app.Page{})))
		wantCode(t, i.RevokePersonalLink(ctx, operator, slug, i.ids["b"], links[0].ID), "")
		opens(agenda.NotFound)
	})
}

// Whoever can't write that a letter was opened shows it all the same.
func TestALetterOpensWhileNothingCanBeWritten(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		i := w.mailroom(t, "").invited(t)
		busy := errors.New("taken back")
		err := w.store.Write(t.Context(), func(tx *store.Tx) error {
			m, err := tx.MailByID(i.last["b"].ID)
			if err != nil {
				return err
			}
			m.Revision++
			if err := tx.UpdateMail(m); err != nil { // which others wait for
				return err
			}
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			page, err := i.OpenLetter(ctx, secretIn(i.last["b"]))
			if err != nil || page.Mail.ID != m.ID {
				t.Errorf("%v, %+v", err, page)
			}
			return busy
		})
		if !errors.Is(err, busy) {
			t.Error(err)
		}
		must[app.LetterPage](t)(i.OpenLetter(t.Context(), secretIn(i.last["b"])))
		if m := must[agenda.Mail](t)(i.Mail(t.Context(), operator, slug, i.last["b"].ID)); m.Opened == nil {
			t.Error("it was not kept either when it could be")
		}
	})
}

// A minister and their deputy may have one address, where a secretary answers for each.
func TestPeopleWithOneAddressAnswerForThemselves(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "meet@forum.example")
		ctx := t.Context()
		for _, name := range []string{"b", "c"} {
			m.address(t, operator, m.ids[name], "office@people.example")
			wantCode(t, m.VouchAddress(ctx, operator, slug, m.ids[name], "office@people.example"), "")
		}
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		m.pass(2 * time.Minute)
		to := map[agenda.ID]string{}
		for _, p := range m.sendAll(t) {
			to[p.PersonID] = p.From
		}
		i := &invited{m, x.ID, answer{uid: x.UID, attendee: "office@people.example", partstat: "ACCEPTED", method: "REPLY"}}
		i.take(t, taken, func(a *answer) { a.to = to[m.ids["b"]] })
		i.take(t, taken, func(a *answer) { a.to, a.partstat = to[m.ids["c"]], "DECLINED" })
		i.take(t, "It did not go to the address of this invitation.", func(a *answer) { a.to = to[m.ids["a"]] })
		i.stands(t, agenda.Accepted)
		if got := must[app.MeetingResult](t)(m.Meeting(ctx, operator, slug, x.ID)).Meeting.AnswerOf(m.ids["c"]); got != agenda.DeclinedIt {
			t.Errorf("the other one has answered %s", got)
		}
	})
}

// A calendar may answer before it is known that its invitation went.
func TestAnAnswerComesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "meet@forum.example")
		x := must[app.MeetingResult](t)(m.CreateMeeting(t.Context(), operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		m.pass(2 * time.Minute)
		i := &invited{m, x.ID, answer{uid: x.UID, attendee: "b@people.example", partstat: "ACCEPTED", method: "REPLY"}}
		jobs := m.claim(t)
		for _, j := range jobs {
			if p := must[agenda.Post](t)(m.OpenPost(t.Context(), j)); m.names[p.PersonID] == "b" {
				i.base.to = p.From
			}
		}
		i.take(t, taken, asItIs)
		i.stands(t, agenda.Accepted)
		for _, j := range jobs {
			check(t, m.MailSent(t.Context(), j))
		}
		i.take(t, taken, func(a *answer) { a.partstat = "DECLINED" })
		i.stands(t, agenda.DeclinedIt)
	})
}
