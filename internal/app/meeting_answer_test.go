package app_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// answer is a calendar's, as a letter.
type answer struct {
	to, uid, attendee, partstat, method, head, comment string
	from                                               string // "": the attendee
	sequence                                           int
	at                                                 time.Time
}

func (a answer) letter() string {
	return strings.ReplaceAll(fmt.Sprintf("%sFrom: Somebody <%s>\nTo: %s\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:%s\nBEGIN:VEVENT\nUID:%s\n"+
		"ATTENDEE;PARTSTAT=%s:mailto:%s\nSEQUENCE:%d\nDTSTAMP:%s\nDTSTART:20260329T120000Z\nDTEND:20260329T123000Z\nCOMMENT:%s\nEND:VEVENT\nEND:VCALENDAR\n",
		a.head, cmp.Or(a.from, a.attendee), a.to, a.method, a.uid, a.partstat, a.attendee, a.sequence, a.at.UTC().Format("20060102T150405Z"), cmp.Or(a.comment, "sorry")), "\n", "\r\n")
}

func TestAnswersByMail(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "meet@forum.example")
		ctx := t.Context()
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		now := func() time.Time { return time.UnixMilli(m.clock.Load()) }
		base := answer{to: "meet@forum.example", uid: x.UID, attendee: "b@people.example", partstat: "ACCEPTED", method: "REPLY"}
		take := func(what string, taken bool, change func(*answer)) {
			t.Helper()
			a := base
			m.pass(time.Second)
			a.at = now()
			change(&a)
			got, err := m.TakeAnswer(ctx, strings.NewReader(a.letter()))
			if err != nil || got.Taken != taken {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
		stands := func(what string, want string) {
			t.Helper()
			got := ""
			for _, name := range []string{"a", "b", "c"} {
				got += " " + string(must[app.MeetingResult](t)(m.Meeting(ctx, operator, slug, x.ID)).Meeting.AnswerOf(m.ids[name]))
			}
			if strings.TrimSpace(got) != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		same := func(*answer) {}
		take("before the letter has gone", false, same)
		m.deliver(t, x.UID)
		base.to = m.last["b"].From
		for what, change := range map[string]func(*answer){
			"from a stranger": func(a *answer) { a.attendee = "eve@people.example" }, "to nothing": func(a *answer) { a.uid = "other@plenary" },
			"to another's address": func(a *answer) { a.to = m.last["a"].From }, "to a made-up one": func(a *answer) { a.to = "meet+" + strings.Repeat("0", 32) + "@forum.example" },
			"to the address of all": func(a *answer) { a.to = "meet@forum.example" }, "from another": func(a *answer) { a.from = "eve@people.example" },
			"a vacation": func(a *answer) { a.head = "Auto-Submitted: auto-replied\n" }, "from the future": func(a *answer) { a.at = a.at.Add(48 * time.Hour) },
			"no answer": func(a *answer) { a.partstat = "X-WHO-KNOWS" }, "a request": func(a *answer) { a.method = "REQUEST" },
		} {
			take(what, false, change)
		}
		stands("nothing was taken", "needs-action needs-action needs-action")
		take("accepted", true, same)
		stands("accepted", "needs-action accepted needs-action")
		accepted := now()
		take("declined, capitals changed", true, func(a *answer) { a.to, a.attendee, a.partstat = strings.ToUpper(a.to), "B@People.Example", "DECLINED" })
		take("the first one again", false, func(a *answer) { a.at = accepted })
		stands("declined", "needs-action declined needs-action")
		if got := m.deliver(t, x.UID); len(got) != 1 || got[0] != "b: You declined: CANCEL 1" {
			t.Error(got)
		}
		take("to what was taken back", false, same)
		base.attendee, base.to = "c@people.example", m.last["c"].From
		take("another time", true, func(a *answer) { a.method, a.partstat = "COUNTER", "ACCEPTED" })
		stands("who would like another time may not come", "needs-action declined tentative")
		x = must[app.MeetingResult](t)(m.Meeting(ctx, operator, slug, x.ID)).Meeting
		x = must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Revision(x.Revision), x, m.at(1, "2026-03-29T10:00", "2026-03-29T10:30"))).Meeting
		m.deliver(t, x.UID)
		take("to the place before", false, same)
		take("accepted after all", true, func(a *answer) { a.sequence = m.seqs["c"] })
		stands("accepted after all", "needs-action declined accepted")
		log, _, err := m.Activities(ctx, operator, slug, app.ActivityFilter{ActorID: ""}, app.Page{Limit: 200})
		wantCode(t, err, "")
		var said []string
		for _, a := range log {
			if a.Address == "mail" {
				said = append(said, a.Verb+" "+a.ActorName+" "+a.After["start"])
			}
		}
		if got, want := strings.Join(said, "; "), `meeting.answer Person c ; meeting.counter Person c "2026-03-29T12:00:00.000Z"; meeting.answer Person c ; meeting.answer Person b ; meeting.answer Person b `; got != want {
			t.Errorf("the log says %s", got)
		}
	})
}

func TestAnswersByLetter(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToProtocol,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		m.deliver(t, x.UID)
		secret := func(name string) string {
			_, secret, _ := strings.Cut(m.last[name].URL, "/letters/")
			return secret
		}
		answerOf := func(name string) agenda.Answer {
			return must[app.MeetingResult](t)(m.Meeting(ctx, operator, slug, x.ID)).Meeting.AnswerOf(m.ids[name])
		}
		if text := string(m.last["c"].Calendar); !strings.Contains(text, "SUMMARY:Busy\r\n") || !strings.Contains(text, "\r\nLOCATION") || strings.Contains(text, "Person a") {
			t.Errorf("who may not know of it is told\n%s", text)
		}
		wantCode(t, m.AnswerByLetter(ctx, secret("c"), "192.0.2.1", agenda.Accepted, ""), "")
		wantCode(t, m.AnswerByLetter(ctx, secret("b"), "192.0.2.1", agenda.Tentative, ""), "")
		if answerOf("a") != agenda.NeedsAction || answerOf("b") != agenda.Tentative || answerOf("c") != agenda.Accepted {
			t.Error(answerOf("a"), answerOf("b"), answerOf("c"))
		}
		for _, wrong := range []string{"", "x", secret("c") + "x", strings.Split(secret("a"), ".")[0] + "." + strings.Split(secret("c"), ".")[1]} {
			wantCode(t, m.AnswerByLetter(ctx, wrong, "", agenda.Accepted, ""), agenda.NotFound)
		}
		wantCode(t, m.AnswerByLetter(ctx, secret("c"), "", agenda.Delegated, ""), agenda.Invalid)
		wantCode(t, m.AnswerByLetter(ctx, secret("c"), "", agenda.DeclinedIt, ""), "")
		m.deliver(t, x.UID)
		wantCode(t, m.DeleteMeeting(ctx, operator, slug, app.Match{Any: true}, x.ID), "")
		wantCode(t, m.AnswerByLetter(ctx, secret("a"), "", agenda.Accepted, ""), agenda.Taken)
	})
}

// The page of a letter about a meeting says what can be answered now, and that a firm time is not promised twice.
func TestThePageOfALetterAboutAMeeting(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx, any := t.Context(), app.Match{Any: true}
		ten, eleven := m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), m.at(0, "2026-03-29T11:00", "2026-03-29T11:30")
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, ten, app.Once{})).Meeting
		m.deliver(t, x.UID)
		secret := func(name string) string { return secretIn(m.last[name]) }
		page := func(secret string, asks app.MeetingAsks, answer agenda.Answer) app.LetterPage {
			t.Helper()
			p := must[app.LetterPage](t)(m.OpenLetter(ctx, secret))
			if p.Meeting == nil || p.Meeting.Asks != asks || p.Meeting.Answer != answer || p.Topic != "" {
				t.Errorf("%+v, want %s %s", p.Meeting, asks, answer)
			}
			return p
		}
		edit := func(slot *app.SlotRequest, change func(*agenda.Meeting)) {
			t.Helper()
			x = must[app.MeetingResult](t)(m.Meeting(ctx, operator, slug, x.ID)).Meeting
			change(&x)
			x = must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, any, x, slot)).Meeting
		}
		same := func(*agenda.Meeting) {}
		first := secret("b")
		page(first, app.MeetingAnswers, agenda.NeedsAction)
		wantCode(t, m.AnswerByLetter(ctx, first, "192.0.2.1", agenda.Tentative, "I may be late."), "")
		if p := page(first, app.MeetingAnswers, agenda.Tentative); p.Note != "I may be late." || p.Mail.Answer != "tentative" {
			t.Errorf("%+v", p)
		}
		wantCode(t, m.AnswerByLetter(ctx, first, "", agenda.Accepted, strings.Repeat("x", 1001)), agenda.Invalid)
		steps := must[[]agenda.MeetingStep](t)(m.MeetingHistory(ctx, operator, slug, x.ID))
		if last := steps[len(steps)-1]; last.Deed != agenda.DeedAnswer || last.PersonID != m.ids["b"] || last.Note != "I may be late." {
			t.Errorf("the history says %+v", last)
		}
		// It moves: until they are told, there is nothing to answer, then the old letter shows the new one, and asks anew.
		edit(eleven, same)
		page(first, app.MeetingChanging, "")
		wantCode(t, m.AnswerByLetter(ctx, first, "", agenda.Accepted, ""), agenda.Taken)
		m.deliver(t, x.UID)
		if p := page(first, app.MeetingAnswers, agenda.NeedsAction); p.Newer == nil || p.Newer.ID != m.last["b"].ID {
			t.Errorf("%+v", p.Newer)
		}
		// Who is taken out, or whose meeting is called off or over, has nothing to answer.
		edit(eleven, func(x *agenda.Meeting) { x.Sides[1] = m.delegates("b") })
		page(secret("c"), app.MeetingIsOff, "")
		edit(eleven, func(x *agenda.Meeting) { x.Status = agenda.MeetingCancelled })
		page(first, app.MeetingIsOff, "")
		wantCode(t, m.AnswerByLetter(ctx, first, "", agenda.Accepted, ""), agenda.Taken)
		wantCode(t, m.AnswerLetter(ctx, first, "", app.LetterAnswer{Answer: agenda.AnswerSeen}), "")
		edit(eleven, func(x *agenda.Meeting) { x.Status = agenda.MeetingAccepted })
		m.deliver(t, x.UID)
		m.clock.Store(x.Slot.End.At.UnixMilli())
		page(first, app.MeetingIsOver, agenda.NeedsAction)
	})
}

// A letter that asks for a time leads to the page on which it is chosen.
func TestALetterThatAsksForAMeeting(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		r := must[app.MeetingResult](t)(m.RequestMeeting(ctx, operator, slug, app.MeetingRequest{From: m.ids["a"], To: m.ids["b"], Minutes: 30,
			Times: []app.TimeRequest{{Start: "2026-03-29T10:00"}}}, app.Once{}))
		m.pass(2 * time.Minute)
		went := m.sendAll(t)
		if len(went) != 1 || went[0].Method != "" || went[0].Unsubscribe != "" || !went[0].Meetings {
			t.Fatalf("%+v", went)
		}
		secret := secretIn(went[0])
		asks := func(want app.MeetingAsks) {
			t.Helper()
			if p := must[app.LetterPage](t)(m.OpenLetter(ctx, secret)); p.Meeting.Asks != want || p.Meeting.ID != r.Meeting.ID {
				t.Errorf("%+v, want %s", p.Meeting, want)
			}
		}
		asks(app.MeetingTurn)
		wantCode(t, m.AnswerByLetter(ctx, secret, "", agenda.Accepted, ""), agenda.Taken)
		must[app.MeetingResult](t)(m.ProposeTimes(ctx, operator, slug, app.Match{Any: true}, r.Meeting.ID, app.MeetingProposal{Minutes: 30, Times: []app.TimeRequest{{Start: "2026-03-29T12:00"}}}))
		asks(app.MeetingWaits)
		must[app.MeetingResult](t)(m.WithdrawMeeting(ctx, operator, slug, app.Match{Any: true}, r.Meeting.ID, ""))
		asks(app.MeetingIsOff)
	})
}

// An address that nobody vouched for gets nothing: who edits the agenda could have typed it.
func TestInvitationsGoToWhomSomebodyVouchesFor(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		p := must[agenda.Person](t)(m.Person(ctx, operator, slug, m.ids["b"]))
		p.Email = "eve@people.example"
		must[agenda.Person](t)(m.EditPerson(ctx, operator, slug, app.Match{Any: true}, p))
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		if got := m.deliver(t, x.UID); len(got) != 1 || !strings.HasPrefix(got[0], "a: Invitation") {
			t.Error(got)
		}
		// Nobody lets it go by mistake, and nobody is reminded there.
		var draft agenda.Mail
		for _, mail := range m.lettersOf(t) {
			if mail.PersonID == m.ids["b"] {
				draft = mail
			}
		}
		if draft.Status != agenda.MailDraft || draft.Fault != agenda.FaultUnvouched {
			t.Fatalf("%+v", draft)
		}
		_, err := m.SendMail(ctx, operator, slug, app.Match{Any: true}, draft.ID)
		wantCode(t, err, agenda.Taken)
		if n := must[app.MailsMoved](t)(m.SendDrafts(ctx, operator, slug, app.MailFilter{}, time.UnixMilli(m.clock.Load()))); n.Done != 0 || n.Left != 1 {
			t.Errorf("%+v", n)
		}
		m.setRule(t, agenda.LetterRule{Mode: agenda.LettersRead, Leads: []int{60}})
		m.clock.Store(x.Slot.Start.At.Add(-time.Hour).UnixMilli())
		if n := must[int](t)(m.MakeReminders(ctx)); n != 1 {
			t.Errorf("%d reminders", n)
		}
		for _, went := range m.sendAll(t) {
			if went.To != "a@people.example" || !went.Meetings || went.Kind != agenda.MailMeeting || went.Unsubscribe == "" {
				t.Errorf("%+v", went)
			}
		}
		wantCode(t, m.VouchAddress(ctx, operator, slug, p.ID, p.Email), "")
		m.pass(2 * time.Minute)
		if went := m.sendAll(t); len(went) != 1 || went[0].To != p.Email || went[0].Method != agenda.MethodRequest {
			t.Errorf("what waited for the address goes %d times", len(went))
		}
	})
}

// Where letters about meetings are held, they wait until somebody lets them go, and a later one takes the place of one that waits.
func TestLettersAboutMeetingsAreHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		m.setRule(t, agenda.LetterRule{Mode: agenda.LettersAll, HoldMeetings: true})
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		if got := m.deliver(t, x.UID); len(got) != 0 {
			t.Error(got)
		}
		x = must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Match{Any: true}, x, m.at(0, "2026-03-29T11:00", "2026-03-29T11:30"))).Meeting
		drafts := 0
		for _, mail := range m.lettersOf(t) {
			if mail.Status == agenda.MailDraft && mail.Fault == "" {
				drafts++
			}
		}
		if drafts != 2 {
			t.Errorf("%d letters wait", drafts)
		}
		if n := must[app.MailsMoved](t)(m.SendDrafts(ctx, operator, slug, app.MailFilter{}, time.UnixMilli(m.clock.Load()))); n.Done != 2 {
			t.Errorf("%+v", n)
		}
		if got := m.deliver(t, x.UID); len(got) != 2 || !strings.HasPrefix(got[0], "a: Invitation: REQUEST") {
			t.Error(got)
		}
	})
}

// Who was invited by mail and subscribes may leave out what was mailed.
func TestFeedsLeaveOutWhatWasMailed(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		_, secret, err := m.OpenFeed(ctx, operator, slug, agenda.Feed{PersonID: m.ids["a"], FeedSettings: agenda.FeedSettings{Meetings: true, WithoutMailed: true}}, app.Once{})
		wantCode(t, err, "")
		all := m.feeds["a"]
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		has := func(secret string) bool {
			m.feeds["a"] = secret
			return m.entry(t, "a", x.UID) != ""
		}
		if !has(secret) || !has(all) {
			t.Error("a feed leaves out what waits to be mailed")
		}
		before := must[app.FeedHead](t)(m.FetchFeed(ctx, secret, "x")).Revision
		m.deliver(t, x.UID)
		if has(secret) || !has(all) {
			t.Error("a feed has what was mailed, or the other does not")
		}
		if must[app.FeedHead](t)(m.FetchFeed(ctx, secret, "x")).Revision == before {
			t.Error("what servers keep of the feed goes on")
		}
	})
}

// watchCounter lets somebody who was invited propose another time by mail.
func (h house) watchCounter(t *testing.T) {
	ctx := t.Context()
	side := func(name string) agenda.Delegation {
		p, _, err := h.CreatePerson(ctx, operator, slug, agenda.Person{Name: name, Email: email(name)}, app.Once{})
		wantCode(t, err, "")
		wantCode(t, h.VouchAddress(ctx, operator, slug, p.ID, p.Email), "")
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: p.ID, Role: agenda.Principal, Answer: agenda.NeedsAction}}}
	}
	x := must[app.MeetingResult](t)(h.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
		Sides: [2]agenda.Delegation{side("host"), side("guest")}}, &app.SlotRequest{Start: "2026-03-30T10:00", End: "2026-03-30T10:30"}, app.Once{})).Meeting
	h.pass(2 * time.Minute)
	to := ""
	for _, j := range must[[]agenda.Job](t)(h.ClaimJobs(ctx, []agenda.JobKind{agenda.MailJob}, 100)) {
		if p := must[agenda.Post](t)(h.OpenPost(ctx, j)); p.To == email("guest") {
			to = p.From
		}
		wantCode(t, h.MailSent(ctx, j), "")
	}
	a := answer{to: to, uid: x.UID, attendee: email("guest"), partstat: "TENTATIVE", method: "COUNTER", at: time.UnixMilli(h.clock.Load())}
	if got := must[app.Taken](t)(h.TakeAnswer(ctx, strings.NewReader(a.letter()))); !got.Taken {
		t.Errorf("%+v", got)
	}
}
