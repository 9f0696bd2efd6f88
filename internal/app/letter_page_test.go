package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// secretIn gives what opens the page of a letter that went.
func secretIn(p agenda.Post) string { return p.URL[strings.LastIndexByte(p.URL, '/')+1:] }

// watchLetters does what can be done with letters that tell people.
func (h house) watchLetters(t *testing.T, who, me agenda.Actor, p agenda.Person) {
	ctx := context.Background()
	rule := agenda.FirstLetterRule()
	rule.Mode = agenda.LettersAll
	must[agenda.LetterRule](t)(h.SetLetterRule(ctx, who, slug, app.Match{Any: true}, rule))
	h.told(t, "event.letters", who, `letters="read"`, `letters="all"`)
	check(t, h.WantOwnLetters(ctx, me, agenda.TopicEdits, false))
	h.told(t, "person.unsubscribe", me, `edits="wanted"`, `edits="unwanted"`)
	check(t, h.WantOwnLetters(ctx, me, agenda.TopicEdits, true))
	h.told(t, "person.subscribe", me, `edits="unwanted"`, `edits="wanted"`)
	h.pass(time.Second) // since links were revoked
	w := world{App: h.App, store: h.store, clock: h.clock}
	w.vouches(t, me.EventID, p.ID, "a@example.org")
	p = must[agenda.Person](t)(h.Person(ctx, operator, slug, p.ID)) // with this address, and as they have changed themselves
	for kind, verb := range map[agenda.MailKind]string{agenda.MailReminder: "person.letter", agenda.MailMeeting: "meeting.letter"} {
		m := must[agenda.Mail](t)(w.Compose(ctx, agenda.Mail{EventID: me.EventID, PersonID: p.ID, Kind: kind, Status: agenda.MailQueued, To: p.Email, Language: "en", Essential: true}))
		secret := ""
		for _, went := range w.sendAll(t) {
			if went.ID == m.ID {
				secret = secretIn(went)
			}
		}
		check(t, h.AnswerLetter(ctx, secret, "192.0.2.7", app.LetterAnswer{Answer: agenda.AnswerSeen}))
		reader := agenda.Actor{Kind: agenda.LinkHolder, ID: m.ID, Name: me.Name, Address: "192.0.2.7"}
		h.told(t, verb, reader, `answer=""`, `answer="seen"`)
	}
	_, err := h.RemindSilent(ctx, who, slug, 0, nil, app.Once{})
	check(t, err)
}

// TestALetterIsAnsweredAndTheBoardTells goes the way of a letter: it goes, is opened, answered, and opens the page of its reader.
func TestALetterIsAnsweredAndTheBoardTells(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		w.reachable(t, &f.people[0], "one@example.org")
		w.publishTelling(t, agenda.TellSend)
		state := func(number int, want ...agenda.ToldState) app.ToldBoard {
			t.Helper()
			b := must[app.ToldBoard](t)(w.ToldBoard(ctx, operator, slug, number))
			for i, row := range b.Rows {
				if row.State != want[i] {
					t.Errorf("%s is %s, want %s", row.Person.Name, row.State, want[i])
				}
			}
			return b
		}
		state(0, agenda.ToldWaiting, agenda.ToldNoAddress)
		w.pass(10 * time.Minute)
		secret := secretIn(w.sendAll(t)[0])
		state(1, agenda.ToldSilent, agenda.ToldNoAddress)
		page := must[app.LetterPage](t)(w.OpenLetter(ctx, secret))
		if page.Newer != nil || page.Topic != "" || len(page.Panels) != 1 || page.Mail.Opened != nil {
			t.Errorf("%+v", page)
		}
		state(0, agenda.ToldOpened, agenda.ToldNoAddress)
		_, err := w.OpenLetter(ctx, secret[:len(secret)-1]+"x")
		wantCode(t, err, agenda.NotFound)
		wantCode(t, w.AnswerLetter(ctx, secret, "", app.LetterAnswer{Answer: "maybe"}), agenda.Invalid)
		wantCode(t, w.WantLetters(ctx, secret, "", false), agenda.Taken)
		// The silent are written to again; the first letter's page says that there is a newer one.
		again := must[app.Reminded](t)(w.RemindSilent(ctx, operator, slug, 1, nil, app.Once{}))
		if again.Letters != 1 || again.Skipped != 1 {
			t.Errorf("%+v", again)
		}
		says(t, w.sendAll(t)[0].Mail, "Please answer – You are on the agenda")
		if page = must[app.LetterPage](t)(w.OpenLetter(ctx, secret)); page.Newer == nil {
			t.Error("the page does not tell of the newer letter")
		}
		w.pass(time.Second)
		check(t, w.AnswerLetter(ctx, secret, "", app.LetterAnswer{Answer: agenda.AnswerCannot, Note: "I am ill.", Decline: []agenda.ID{f.panels[0].ID, f.panels[1].ID}}))
		for i, want := range []agenda.SpeakerStatus{agenda.Declined, agenda.Confirmed} {
			if got := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, f.panels[i].ID)).Panel.Speakers[0].Status; got != want {
				t.Errorf("panel %d: %s", i, got)
			}
		}
		// It opens their page as a personal link that was mailed does, until one is revoked.
		v := must[app.NewVisit](t)(w.VisitByLetter(ctx, secret, "", "192.0.2.1"))
		me := must[agenda.Actor](t)(w.Visitor(ctx, v.Secret, "192.0.2.1"))
		if me.PersonID != f.people[0].ID || me.Confirmed {
			t.Errorf("%+v", me)
		}
		links := must[[]agenda.PersonalLink](t)(firstOf(w.PersonalLinks(ctx, operator, slug, f.people[0].ID, app.Page{})))
		check(t, w.RevokePersonalLink(ctx, operator, slug, f.people[0].ID, links[0].ID))
		_, err = w.VisitByLetter(ctx, secret, "", "192.0.2.1")
		wantCode(t, err, agenda.NotFound)
		_, err = w.Visitor(ctx, v.Secret, "192.0.2.1")
		wantCode(t, err, agenda.Unauthenticated)
		w.pass(300 * 24 * time.Hour)
		_, err = w.OpenLetter(ctx, secret)
		wantCode(t, err, agenda.Gone)
	})
}

// TestRemindersGoOnce reminds speakers and delegates, each once for a time, whoever else tries, and nobody of what they may not know.
func TestRemindersGoOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		w.reachable(t, &f.people[0], "one@example.org")
		w.reachable(t, &f.people[1], "two@example.org")
		w.setRule(t, agenda.LetterRule{Mode: agenda.LettersNone, Leads: []int{60}})
		w.publishAll(t)
		at := func(clock string) {
			w.clock.Store(must[time.Time](t)(time.Parse("2006-01-02 15:04", "2026-03-28 "+clock)).UnixMilli())
		}
		made := func(want int) {
			t.Helper()
			if n := must[int](t)(w.MakeReminders(ctx)); n != want {
				t.Errorf("%d reminders, want %d", n, want)
			}
		}
		at("07:59") // 10:00 in Paris is 09:00 UTC
		made(0)
		at("08:00")
		made(2)
		made(0)
		went := w.sendAll(t)
		if len(went) != 2 || went[0].Unsubscribe == "" {
			t.Fatalf("%+v", went)
		}
		says(t, went[0].Mail, "Reminder", "Talk 1", "10:00–11:00", "Hall 1")
		// One moves: it is told of the new time alone. The other wants no more of them.
		check(t, w.WantLetters(ctx, secretIn(went[1]), "", false))
		w.moveTo(t, f, 0, 0, "2026-03-28T12:00", "2026-03-28T13:00")
		w.moveTo(t, f, 1, 1, "2026-03-28T12:00", "2026-03-28T13:00")
		w.publishAll(t)
		at("10:00")
		made(1)
		// It moves once more before the letter goes, which is no longer so.
		w.moveTo(t, f, 0, 0, "2026-03-28T16:00", "2026-03-28T17:00")
		w.publishAll(t)
		if late := w.sendAll(t); len(late) != 0 {
			t.Error("a reminder went of what is no longer so")
		}
		at("14:40") // too late: it would have been due at 14:00
		made(0)
	})
}
