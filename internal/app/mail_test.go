package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

var mailJobs = []agenda.JobKind{agenda.MailJob}

// mail composes a letter to somebody at the forum.
func (w world) mail(t *testing.T, f forum, person int, status agenda.MailStatus, change ...func(*agenda.Mail)) agenda.Mail {
	t.Helper()
	e := must[agenda.Event](t)(w.Event(t.Context(), operator, slug))
	m := agenda.Mail{EventID: e.ID, PersonID: f.people[person].ID, Kind: agenda.MailChanges, Status: status, About: f.panels[0].ID, To: "jane@example.org",
		Name: f.people[person].Name, Language: "en", Subject: "Talk 1 has moved", Body: []agenda.MailPart{{Heading: "Talk 1", Lines: []string{"10:00 → 11:00"}}}}
	for _, c := range change {
		c(&m)
	}
	if m.To != "" {
		w.has(t, e.ID, m.PersonID, m.To)
	}
	return must[agenda.Mail](t)(w.Compose(t.Context(), m))
}

// has gives somebody an address.
func (w world) has(t *testing.T, event, person agenda.ID, address string) {
	t.Helper()
	check(t, w.store.Write(t.Context(), func(tx *store.Tx) error {
		p, err := tx.Person(event, person)
		if err != nil || p.Email == address {
			return err
		}
		p.Email, p.Revision = address, p.Revision+1
		return tx.UpdatePerson(event, p)
	}))
}

// vouches lets somebody have an address that is vouched for.
func (w world) vouches(t *testing.T, event, person agenda.ID, address string) {
	t.Helper()
	w.has(t, event, person, address)
	check(t, w.store.Write(t.Context(), func(tx *store.Tx) error { return tx.VouchAddress(event, person, address, time.UnixMilli(0)) }))
}

// claim claims what is due now.
func (w world) claim(t *testing.T) []agenda.Job {
	t.Helper()
	return must[[]agenda.Job](t)(w.ClaimJobs(t.Context(), mailJobs, 10))
}

// is fails the test unless the mail is that far.
func (w world) is(t *testing.T, id agenda.ID, want agenda.MailStatus) agenda.Mail {
	t.Helper()
	m := must[agenda.Mail](t)(w.Mail(t.Context(), operator, slug, id))
	if m.Status != want {
		t.Fatalf("the mail is %s (%s), want %s", m.Status, m.Fault, want)
	}
	return m
}

// watchMails does what can be done about a letter; of its words the log says nothing.
func (w world) watchMails(t *testing.T, who agenda.Actor, f forum, saw func(verb, before, after string, err error)) {
	ctx, any := t.Context(), app.Match{Any: true}
	m := w.mail(t, f, 0, agenda.MailDraft)
	_, err := w.EditMail(ctx, who, slug, any, m.ID, "Come early.")
	saw("mail.edit", "", "", err)
	_, err = w.SendMail(ctx, who, slug, any, m.ID)
	saw("mail.send", "", "", err)
	_, err = w.HoldMail(ctx, who, slug, any, m.ID)
	saw("mail.hold", "", "", err)
	_, err = w.DiscardMail(ctx, who, slug, any, m.ID)
	saw("mail.discard", "", "", err)
}

func TestALetterGoesWhenItIsLetGo(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		due := time.UnixMilli(w.clock.Load()).Add(time.Hour).UTC()
		m := w.mail(t, f, 0, agenda.MailDraft, func(m *agenda.Mail) { m.Due = due })
		if got := w.claim(t); len(got) != 0 {
			t.Fatalf("a draft goes: %+v", got)
		}
		m = must[agenda.Mail](t)(w.EditMail(ctx, operator, slug, app.Revision(1), m.ID, " Come early.\r\nBring a pen. "))
		if m.Note != "Come early.\nBring a pen." || m.Revision != 2 {
			t.Errorf("the note is %q at revision %d", m.Note, m.Revision)
		}
		_, err := w.SendMail(ctx, operator, slug, app.Revision(1), m.ID)
		wantCode(t, err, agenda.Stale)
		m = must[agenda.Mail](t)(w.SendMail(ctx, operator, slug, app.Revision(2), m.ID))
		if wait := must[time.Duration](t)(w.NextJob(ctx, mailJobs, 2*time.Hour)); wait != time.Hour {
			t.Errorf("the worker waits %s", wait)
		}
		if wait := must[time.Duration](t)(w.NextJob(ctx, mailJobs, time.Second)); wait != time.Second || len(w.claim(t)) != 0 {
			t.Errorf("it goes before it is due, or the worker waits %s", wait)
		}
		_, err = w.EditMail(ctx, operator, slug, app.Match{Any: true}, m.ID, "Too late")
		wantCode(t, err, agenda.Taken)
		w.pass(time.Hour)
		jobs := w.claim(t)
		if len(jobs) != 1 {
			t.Fatalf("due: %+v", jobs)
		}
		p := must[agenda.Post](t)(w.OpenPost(ctx, jobs[0]))
		again := must[agenda.Post](t)(w.OpenPost(ctx, jobs[0]))
		if p.Subject != m.Subject || p.Note != m.Note || !strings.Contains(p.URL, "/letters/"+string(m.ID)+".") || p.URL != again.URL || p.Unsubscribe != p.URL+"/unsubscribe" {
			t.Errorf("it goes as %+v", p)
		}
		for name, turn := range map[string]func() error{
			"held back": func() error { _, err := w.HoldMail(ctx, operator, slug, app.Match{Any: true}, m.ID); return err },
			"discarded": func() error { _, err := w.DiscardMail(ctx, operator, slug, app.Match{Any: true}, m.ID); return err },
		} {
			if err := turn(); agenda.CodeOf(err) != agenda.Taken {
				t.Errorf("what is just going is %s: %v", name, err)
			}
		}
		if err := w.MailSent(ctx, jobs[0]); err != nil {
			t.Fatal(err)
		}
		if m = w.is(t, m.ID, agenda.MailSent); m.Sent == nil || len(w.claim(t)) != 0 {
			t.Errorf("sent: %+v", m)
		}
		_, err = w.SendMail(ctx, operator, slug, app.Match{Any: true}, m.ID)
		wantCode(t, err, agenda.Taken)
		if err := w.MailFailed(ctx, jobs[0], errors.New("late")); err != nil {
			t.Fatal(err)
		}
		w.is(t, m.ID, agenda.MailSent)
	})
}

func TestALetterThatFails(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		busy := agenda.Errorf(agenda.Unavailable, "The mail server can't be used: %w", errors.New(strings.Repeat("ễ", 400)))
		m := w.mail(t, f, 0, agenda.MailQueued)
		for try := 1; ; try++ {
			jobs := w.claim(t)
			if len(jobs) != 1 || jobs[0].Tries != try {
				t.Fatalf("try %d: %+v", try, jobs)
			}
			if err := w.MailFailed(ctx, jobs[0], busy); err != nil {
				t.Fatal(err)
			}
			if try == agenda.MaxTries {
				break
			}
			if m = w.is(t, m.ID, agenda.MailQueued); !strings.HasPrefix(m.Fault, "The mail server can't be used (ễ") || len(m.Fault) > 500 || strings.ContainsRune(m.Fault, '\uFFFD') {
				t.Fatalf("the fault is %q", m.Fault)
			}
			w.pass(agenda.RetryDelay(try) - time.Millisecond)
			if early := w.claim(t); len(early) != 0 {
				t.Fatalf("try %d is early", try+1)
			}
			w.pass(time.Millisecond)
		}
		w.is(t, m.ID, agenda.MailFailed)
		w.pass(1000 * time.Hour)
		if got := w.claim(t); len(got) != 0 {
			t.Fatalf("what was given up is tried: %+v", got)
		}
		if dead := must[[]app.GivenUp](t)(w.DeadJobs(ctx, operator)); len(dead) != 1 || dead[0].About != m.ID {
			t.Errorf("given up: %+v", dead)
		}
		m = must[agenda.Mail](t)(w.SendMail(ctx, operator, slug, app.Match{Any: true}, m.ID))
		jobs := w.claim(t)
		if len(jobs) != 1 || jobs[0].Tries != 1 || m.Fault != "" {
			t.Fatalf("tried again: %+v", jobs)
		}
		if err := w.MailFailed(ctx, jobs[0], agenda.Errorf(agenda.Invalid, "The mail server refuses the address of the letter.")); err != nil {
			t.Fatal(err)
		}
		w.is(t, m.ID, agenda.MailFailed) // at once: it will not get better
		must[agenda.Mail](t)(w.DiscardMail(ctx, operator, slug, app.Match{Any: true}, m.ID))
		if dead := must[[]app.GivenUp](t)(w.DeadJobs(ctx, operator)); len(dead) != 0 {
			t.Errorf("a letter that is discarded is still among what was given up: %+v", dead)
		}
		must[agenda.Mail](t)(w.HoldMail(ctx, operator, slug, app.Match{Any: true}, m.ID))
		w.is(t, m.ID, agenda.MailDraft)
	})
}

// Who works when the lease is over is not alone: what they say counts as far as it is true.
func TestALateWorkerSpoilsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		m := w.mail(t, f, 0, agenda.MailQueued)
		first := w.claim(t)[0]
		w.pass(3 * time.Minute)
		second := w.claim(t)[0]
		if err := w.MailFailed(ctx, first, errors.New("late")); err != nil {
			t.Fatal(err)
		}
		if m = w.is(t, m.ID, agenda.MailQueued); m.Fault != "" {
			t.Errorf("who lost the lease says why it failed: %s", m.Fault)
		}
		if err := w.MailSent(ctx, first); err != nil {
			t.Fatal(err)
		}
		w.is(t, m.ID, agenda.MailSent) // it has gone, whoever sent it
		_, err := w.OpenPost(ctx, second)
		wantCode(t, err, agenda.NotFound)
		if err := errors.Join(w.EndJob(ctx, second), w.MailSent(ctx, second)); err != nil {
			t.Fatal(err)
		}
		if got := w.is(t, m.ID, agenda.MailSent); got.Revision != 2 {
			t.Errorf("it was sent at revision %d", got.Revision)
		}
		reworded := w.mail(t, f, 1, agenda.MailQueued)
		old := w.claim(t)[0]
		reworded.Subject = "Talk 1 has moved again"
		if idle := must[bool](t)(w.Reword(ctx, reworded)); idle {
			t.Error("what is just going is said to wait")
		}
		if err := w.MailSent(ctx, old); err != nil {
			t.Fatal(err)
		}
		w.is(t, reworded.ID, agenda.MailQueued) // the new words have not gone
		if next := w.claim(t); len(next) != 1 || must[agenda.Post](t)(w.OpenPost(ctx, next[0])).Subject != "Talk 1 has moved again" {
			t.Errorf("next: %+v", next)
		}
	})
}

func TestALetterWithoutAnAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		nowhere := func(m *agenda.Mail) { m.To = "" }
		m := w.mail(t, f, 0, agenda.MailQueued, nowhere)
		m = w.is(t, m.ID, agenda.MailDraft)
		invited := w.mail(t, f, 0, agenda.MailDraft, nowhere, func(m *agenda.Mail) {
			m.Kind, m.Calendar, m.Method = agenda.MailMeeting, []byte("METHOD:REQUEST\r\n"), "REQUEST"
		})
		_, err := w.SendMail(ctx, operator, slug, app.Match{Any: true}, m.ID)
		wantCode(t, err, agenda.Taken)
		w.address(t, operator, f.people[0].ID, "lan@example.org")
		if m = must[agenda.Mail](t)(w.SendMail(ctx, operator, slug, app.Match{Any: true}, m.ID)); m.To != "lan@example.org" {
			t.Errorf("it goes to %q", m.To)
		}
		wantCode(t, w.VouchAddress(ctx, operator, slug, f.people[0].ID, "lan@example.org"), "")
		_, err = w.SendMail(ctx, operator, slug, app.Match{Any: true}, invited.ID) // its calendar part is to nobody
		wantCode(t, err, agenda.Taken)
	})
}

// mailPeople are actors, and which letters of [TestHoleV13LettersOfMeetingsAreForWhoSeesMeetings] they see and let go: o those of the agenda, m those of meetings.
var mailPeople = map[agenda.MemberRole][2]string{
	agenda.Owner: {"o", "o"}, agenda.Editor: {"o", "o"}, agenda.Protocol: {"om", "m"}, agenda.Viewer: {"", ""}, agenda.CheckIn: {"", ""},
}

func TestHoleV13LettersOfMeetingsAreForWhoSeesMeetings(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		w.address(t, operator, f.people[0].ID, "jane@example.org")
		wantCode(t, w.VouchAddress(ctx, operator, slug, f.people[0].ID, "jane@example.org"), "")
		letters := map[string][]agenda.Mail{"o": {w.mail(t, f, 0, agenda.MailDraft)}, "m": {
			w.mail(t, f, 0, agenda.MailDraft, func(m *agenda.Mail) { m.Kind = agenda.MailMeeting }),
			w.mail(t, f, 0, agenda.MailDraft, func(m *agenda.Mail) { m.Kind, m.Meetings = agenda.MailReminder, true })}}
		for role, may := range mailPeople {
			who := w.member(t, role)
			l, err := w.Mails(ctx, who, slug, app.MailFilter{}, app.Page{})
			if may[0] == "" {
				wantCode(t, err, agenda.Forbidden)
				continue
			}
			want := 0
			for kind, list := range letters {
				for _, m := range list {
					if strings.Contains(may[0], kind) {
						want++
					}
					_, err := w.Mail(ctx, who, slug, m.ID)
					if seen := err == nil; seen != strings.Contains(may[0], kind) || !seen && agenda.CodeOf(err) != agenda.NotFound {
						t.Errorf("%s and a letter of %s: %v", role, kind, err)
					}
					_, edited := w.EditMail(ctx, who, slug, app.Match{Any: true}, m.ID, string(role))
					_, sent := w.SendMail(ctx, who, slug, app.Match{Any: true}, m.ID)
					_, held := w.HoldMail(ctx, who, slug, app.Match{Any: true}, m.ID)
					code := agenda.Forbidden
					if !strings.Contains(may[0], kind) {
						code = agenda.NotFound
					}
					if strings.Contains(may[1], kind) {
						code = ""
					}
					for what, err := range map[string]error{"edit": edited, "send": sent, "hold": held} {
						if agenda.CodeOf(err) != code {
							t.Errorf("%s by %s of a letter of %s: %v, want %q", what, role, kind, err, code)
						}
					}
				}
			}
			if len(l.Mails) != want || l.Counts[agenda.MailDraft] != want {
				t.Errorf("%s is shown %d of %d letters, %v", role, len(l.Mails), want, l.Counts)
			}
			n := must[app.MailsMoved](t)(w.SendDrafts(ctx, who, slug, app.MailFilter{}, time.UnixMilli(w.clock.Load())))
			if n.Done != len(letters[may[1]]) {
				t.Errorf("%s lets %+v go", role, n)
			}
			for _, m := range letters[may[1]] {
				must[agenda.Mail](t)(w.HoldMail(ctx, operator, slug, app.Match{Any: true}, m.ID))
			}
		}
		stranger := agenda.Actor{Kind: agenda.LinkHolder, PersonID: f.people[0].ID, EventID: letters["o"][0].EventID, Confirmed: true}
		_, err := w.Mails(ctx, stranger, slug, app.MailFilter{}, app.Page{})
		wantCode(t, err, agenda.NotFound)
	})
}

// What was not read does not go with what was.
func TestOnlyWhatWasReadGoes(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		var refs []app.MailRef
		for i := range 4 {
			m := w.mail(t, f, i/3, agenda.MailDraft, func(m *agenda.Mail) {
				if i == 3 {
					m.To = ""
				}
			})
			refs = append(refs, app.MailRef{ID: m.ID, Revision: 1})
		}
		must[agenda.Mail](t)(w.EditMail(ctx, operator, slug, app.Revision(1), refs[1].ID, "News"))
		n := must[app.MailsMoved](t)(w.MoveMails(ctx, operator, slug, append(refs[1:], app.MailRef{ID: "none", Revision: 1}), agenda.MailQueued))
		if fmt.Sprintf("%+v", n) != "{Done:1 Left:2 Nowhere:1}" {
			t.Errorf("moved: %+v", n)
		}
		seen := time.UnixMilli(w.clock.Load())
		w.pass(time.Second)
		late := w.mail(t, f, 0, agenda.MailDraft)
		n = must[app.MailsMoved](t)(w.SendDrafts(ctx, operator, slug, app.MailFilter{Kind: agenda.MailChanges}, seen))
		if fmt.Sprintf("%+v", n) != "{Done:2 Left:1 Nowhere:1}" {
			t.Errorf("sent: %+v", n)
		}
		w.is(t, late.ID, agenda.MailDraft)
		if got := w.claim(t); len(got) != 3 {
			t.Errorf("%d letters go", len(got))
		}
	})
}

// Erasing somebody takes the letters to them, and their name out of those to others.
func TestLettersAreErased(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		p := must[agenda.Person](t)(w.Person(ctx, operator, slug, f.people[0].ID))
		p.Name = "Nguyễn Văn Thành"
		must[agenda.Person](t)(w.EditPerson(ctx, operator, slug, app.Match{Any: true}, p))
		f.people[0].Name = p.Name
		own := w.mail(t, f, 0, agenda.MailQueued, func(m *agenda.Mail) { m.Subject = "To you alone" })
		meeting := w.mail(t, f, 0, agenda.MailSent, func(m *agenda.Mail) { m.Kind, m.Subject = agenda.MailMeeting, "A secret meeting" })
		other := w.mail(t, f, 1, agenda.MailDraft, func(m *agenda.Mail) {
			m.Body[0].Lines = []string{"You speak with Nguyễn Văn Thành."}
			m.Method, m.Calendar = "REQUEST", []byte("METHOD:REQUEST\r\nSUMMARY:With Nguyễn V\r\n ăn Thành\r\n")
		})
		for who, want := range map[agenda.MemberRole]bool{agenda.Owner: false, agenda.Protocol: true} {
			actor := w.member(t, who)
			actor.Grants[0].Verbs = append(actor.Grants[0].Verbs, agenda.ManageData)
			d := must[exchange.PersonData](t)(w.PersonData(ctx, actor, slug, f.people[0].ID))
			var doc bytes.Buffer
			if err := exchange.EncodePersonData(&doc, d, time.UnixMilli(0)); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(doc.String(), "To you alone") || strings.Contains(doc.String(), "A secret meeting") != want || strings.Contains(doc.String(), "You speak with") {
				t.Errorf("what %s is given: %s", who, doc.String())
			}
		}
		must[app.Erasure](t)(w.ErasePerson(ctx, operator, slug, app.Match{Any: true}, f.people[0].ID, p.Name))
		for _, m := range []agenda.Mail{own, meeting} {
			_, err := w.Mail(ctx, operator, slug, m.ID)
			wantCode(t, err, agenda.NotFound)
		}
		left := w.is(t, other.ID, agenda.MailDraft)
		if left.Body[0].Lines[0] != "You speak with Erased person." || left.Calendar != nil || left.Method != "" {
			t.Errorf("what is left: %+v", left)
		}
		if got := w.claim(t); len(got) != 0 {
			t.Errorf("a letter to who was erased goes: %+v", got)
		}
		err := w.store.Read(ctx, func(tx *store.Tx) error {
			_, err := tx.JobByKey("mail " + string(own.ID))
			return err
		})
		wantCode(t, err, agenda.NotFound)
	})
}
