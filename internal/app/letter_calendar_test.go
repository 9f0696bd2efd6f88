package app_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// soonLetters is the forum with one reader, whose letters and feed are compared.
type soonLetters struct {
	*mailroom
	t *testing.T
}

func (w world) soonLetters(t *testing.T) soonLetters {
	t.Helper()
	w = w.sendsMail("")
	m := &mailroom{world: w, forum: w.forum(t), feeds: map[string]string{}}
	w.reachable(t, &m.people[0], "one@example.org", "en")
	_, secret, err := w.OpenFeed(t.Context(), operator, slug, agenda.Feed{PersonID: m.people[0].ID}, app.Once{})
	check(t, err)
	m.feeds["one"] = secret
	return soonLetters{m, t}
}

// publish publishes, and gives the calendar part of the one letter that goes.
func (s soonLetters) publish(method string) string {
	s.t.Helper()
	s.publishTelling(s.t, agenda.TellSend)
	s.pass(10 * time.Minute)
	went := s.sendAll(s.t)
	if len(went) != 1 || went[0].Method != method || (method == "") != (went[0].Calendar == nil) || went[0].Meetings {
		s.t.Fatalf("%+v", went)
	}
	if method == "" {
		return ""
	}
	objects := strings.SplitAfter(string(went[0].Calendar), "END:VCALENDAR\r\n")
	for _, object := range objects[:len(objects)-1] {
		checkITIP(s.t, []byte(object))
		if object = strings.ReplaceAll(object, "\r\n ", ""); strings.Count(object, "BEGIN:VEVENT") != 1 || !strings.HasSuffix(property(object, "ORGANIZER"), ":mailto:agenda@forum.example") {
			s.t.Errorf("%s", object)
		}
	}
	text := strings.ReplaceAll(string(went[0].Calendar), "\r\n ", "")
	if property(text, "METHOD") != method {
		s.t.Errorf("%s", text)
	}
	return text
}

// emptyFirst takes everybody out of the first panel.
func (s soonLetters) emptyFirst() {
	s.t.Helper()
	first := must[app.PanelResult](s.t)(s.Panel(s.t.Context(), operator, slug, s.panels[0].ID)).Panel
	first.Speakers = nil
	_, err := s.EditPanel(s.t.Context(), operator, slug, app.Match{Any: true}, first, s.at(0, "2026-03-28T10:00", "2026-03-28T11:00"))
	check(s.t, err)
}

// asFed compares what a calendar part says first with the feed.
func (s soonLetters) asFed(text, uid string) {
	s.t.Helper()
	feed := s.entry(s.t, "one", uid)
	_, text, _ = strings.Cut(text, "BEGIN:VEVENT\r\n")
	for _, what := range []string{"UID", "SEQUENCE", "DTSTART", "DTEND", "LOCATION", "SUMMARY", "STATUS"} {
		if property(text, what) != property(feed, what) {
			s.t.Errorf("%s: the feed says %q, the letter %q", what, property(feed, what), property(text, what))
		}
	}
}

// TestLettersAboutSoonPanelsChangeCalendars publishes what changes long before, and within two days.
func TestLettersAboutSoonPanelsChangeCalendars(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		s := w.soonLetters(t)
		ctx, f, any := context.Background(), s.forum, app.Match{Any: true}
		talk := f.panels[0].UID
		s.publish("")
		s.clock.Store(time.Date(2026, 3, 26, 12, 0, 0, 0, time.UTC).UnixMilli())
		s.moveTo(t, f, 0, 0, "2026-03-28T11:00", "2026-03-28T12:00")
		text := s.publish(agenda.MethodRequest)
		if s.asFed(text, talk); property(text, "SEQUENCE") != "1" {
			t.Errorf("%s", text)
		}
		// Two panels in one letter: what the calendar has is told first, unless it was edited only; then what begins first.
		second := must[app.PanelResult](t)(s.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": "Early"}, Format: agenda.FormatTalk,
			Speakers: []agenda.Speaker{{PersonID: f.people[0].ID, Role: agenda.Presenter, Status: agenda.Confirmed}}}, f.at(1, "2026-03-28T08:00", "2026-03-28T09:00"), app.Once{})).Panel
		s.moveTo(t, f, 0, 0, "2026-03-28T12:00", "2026-03-28T13:00")
		text = s.publish(agenda.MethodRequest)
		s.asFed(text, talk)
		_, text, _ = strings.Cut(text, "END:VCALENDAR\r\n")
		s.asFed(text, second.UID)
		second.Title = agenda.Text{"en": "Still early"}
		_, err := s.EditPanel(ctx, operator, slug, any, second, f.at(1, "2026-03-28T08:00", "2026-03-28T09:00"))
		check(t, err)
		s.moveTo(t, f, 0, 0, "2026-03-28T12:30", "2026-03-28T13:30")
		s.asFed(s.publish(agenda.MethodRequest), talk)
		// Away from the two days, and once more: calendars are told, since they have it there.
		s.moveTo(t, f, 0, 0, "2026-03-30T10:00", "2026-03-30T11:00")
		s.asFed(s.publish(agenda.MethodRequest), talk)
		s.moveTo(t, f, 0, 0, "2026-03-30T12:00", "2026-03-30T13:00")
		s.asFed(s.publish(agenda.MethodRequest), talk)
		s.clock.Store(time.Date(2026, 3, 29, 9, 0, 0, 0, time.UTC).UnixMilli())
		_, err = s.CancelPanel(ctx, operator, slug, any, f.panels[0].ID, true, agenda.Text{"en": "Strike"})
		check(t, err)
		if text = s.publish(agenda.MethodCancel); property(text, "UID") != talk || property(text, "STATUS") != "CANCELLED" {
			t.Errorf("%s", text)
		}
	})
}

// TestWhoLeavesASoonPanelIsTold takes somebody out of a panel, and a panel off the agenda.
func TestWhoLeavesASoonPanelIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		s := w.soonLetters(t)
		ctx, any := context.Background(), app.Match{Any: true}
		s.reachable(t, &s.people[1], "two@example.org")
		s.publishTelling(t, agenda.TellSend)
		s.clock.Store(time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC).UnixMilli())
		s.sendAll(t)
		s.emptyFirst()
		check(t, s.DeletePanel(ctx, operator, slug, any, s.panels[1].ID))
		s.publishTelling(t, agenda.TellSend)
		s.pass(10 * time.Minute)
		went := s.sendAll(t)
		if len(went) != 2 {
			t.Fatalf("%+v", went)
		}
		for _, p := range went {
			uid := s.panels[0].UID
			if p.To == "two@example.org" {
				uid = s.panels[1].UID
			}
			text := strings.ReplaceAll(string(p.Calendar), "\r\n ", "")
			if p.Method != agenda.MethodCancel || property(text, "UID") != uid || property(text, "STATUS") != "CANCELLED" || strings.Count(text, "@example.org") != 1 {
				t.Errorf("%s: %s", p.To, text)
			}
		}
	})
}

// TestCalendarsThatLettersChangeAreTold makes letters later than the release that they are about. They raise a revision in the public
// feeds, which were read meanwhile and must be made anew: who keeps what the public sees is told before the letters are said to be made.
func TestCalendarsThatLettersChangeAreTold(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := open(t, url).soonLetters(t)
		ctx := context.Background()
		s.publishTelling(t, agenda.TellSend)
		s.clock.Store(time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC).UnixMilli())
		s.sendAll(t)
		s.emptyFirst()
		again := noMails(t, url)
		s.publishTelling(t, agenda.TellSend)
		again()
		before := must[app.CalendarHead](t)(s.CalendarHead(ctx, slug)).Revision
		told := 0
		defer s.store.OnPublic(func() { told++ })()
		s.pass(time.Minute)
		jobs := must[[]agenda.Job](t)(s.ClaimJobs(ctx, []agenda.JobKind{agenda.LettersJob}, 5))
		if len(jobs) != 1 {
			t.Fatalf("%d jobs are there", len(jobs))
		}
		check(t, s.MakeLetters(ctx, jobs[0]))
		if after := must[app.CalendarHead](t)(s.CalendarHead(ctx, slug)).Revision; after == before || told != 1 {
			t.Errorf("the public calendar went from %d to %d, and it was told %d times", before, after, told)
		}
	})
}

// TestWhatWasMailedIsMailedAgain changes two panels that the calendar has by mail: both are told, in one letter, before another that
// begins before them.
func TestWhatWasMailedIsMailedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		s := w.soonLetters(t)
		ctx, f := context.Background(), s.forum
		talk := func(title, start, end string) agenda.Panel {
			return must[app.PanelResult](t)(s.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": title}, Format: agenda.FormatTalk,
				Speakers: []agenda.Speaker{{PersonID: f.people[0].ID, Role: agenda.Presenter, Status: agenda.Confirmed}}}, f.at(1, start, end), app.Once{})).Panel
		}
		s.clock.Store(time.Date(2026, 3, 26, 12, 0, 0, 0, time.UTC).UnixMilli())
		s.asFed(s.publish(agenda.MethodRequest), f.panels[0].UID)
		early := talk("Early", "2026-03-28T08:00", "2026-03-28T09:00")
		s.asFed(s.publish(agenda.MethodRequest), early.UID)
		earlier := talk("Earlier", "2026-03-28T07:00", "2026-03-28T07:30")
		s.moveTo(t, f, 0, 0, "2026-03-28T12:00", "2026-03-28T13:00")
		check(t, s.DeletePanel(ctx, operator, slug, app.Match{Any: true}, early.ID))
		list := strings.SplitAfter(s.publish(agenda.MethodCancel), "END:VCALENDAR\r\n")
		if len(list) != 4 || property(list[0], "UID") != early.UID || property(list[1], "METHOD") != agenda.MethodRequest {
			t.Fatalf("%s", list)
		}
		s.asFed(list[1], f.panels[0].UID)
		s.asFed(list[2], earlier.UID)
	})
}

// TestWhoLeavesAndComesBack takes somebody out of a panel that stays as it is for the others, and back into it: what they are mailed
// comes after what they were mailed before, and the feed says the same.
func TestWhoLeavesAndComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		s := w.soonLetters(t)
		ctx, f := context.Background(), s.forum
		s.clock.Store(time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC).UnixMilli())
		edit := func(title string, speakers ...agenda.Speaker) {
			t.Helper()
			p := must[app.PanelResult](t)(s.Panel(ctx, operator, slug, f.panels[0].ID)).Panel
			p.Title, p.Speakers = agenda.Text{"en": title}, speakers
			_, err := s.EditPanel(ctx, operator, slug, app.Match{Any: true}, p, f.at(0, "2026-03-28T10:00", "2026-03-28T11:00"))
			check(t, err)
		}
		guest, _, err := s.CreatePerson(ctx, operator, slug, agenda.Person{Name: "Guest", Email: "guest@example.org"}, app.Once{})
		check(t, err)
		one := agenda.Speaker{PersonID: f.people[0].ID, Role: agenda.Presenter, Status: agenda.Confirmed}
		two := agenda.Speaker{PersonID: guest.ID, Role: agenda.Panelist, Status: agenda.Confirmed}
		publish := func(want map[string]string) {
			t.Helper()
			s.publishTelling(t, agenda.TellSend)
			s.pass(10 * time.Minute)
			got, feed := map[string]string{}, s.sequences(f.panels[0].UID)
			for _, p := range s.sendAll(t) {
				checkITIP(t, p.Calendar)
				text := strings.ReplaceAll(string(p.Calendar), "\r\n ", "")
				if got[p.To] = p.Method + " " + property(text, "SEQUENCE"); !maps.Equal(feed, map[int]bool{number(t, text, "SEQUENCE"): true}) {
					t.Errorf("the letter is %s, the feeds are at %v", got[p.To], feed)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		}
		edit("Talk", one, two)
		publish(map[string]string{"one@example.org": "REQUEST 0", "guest@example.org": "REQUEST 0"})
		// Who leaves is told with a later revision; so is who stays, for whom the title is another one.
		edit("Talk of one", one)
		publish(map[string]string{"one@example.org": "REQUEST 1", "guest@example.org": "CANCEL 1"})
		edit("Talk of both", one, two)
		publish(map[string]string{"one@example.org": "REQUEST 2", "guest@example.org": "REQUEST 2"})
	})
}

// sequences gives the revisions of an entry in the feeds.
func (s soonLetters) sequences(uid string) map[int]bool {
	s.t.Helper()
	found := map[int]bool{number(s.t, s.entry(s.t, "one", uid), "SEQUENCE"): true}
	check(s.t, s.store.Read(s.t.Context(), func(tx *store.Tx) error {
		e, err := tx.EventBySlug(slug)
		if err != nil {
			return err
		}
		stamps, err := tx.StampsOf(e.ID, uid)
		for _, stamp := range stamps {
			found[stamp.Sequence] = true
		}
		return err
	}))
	return found
}

// TestALetterThatIsReadLate lets a letter go two days after it was written: then the panel begins soon.
func TestALetterThatIsReadLate(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		s := w.soonLetters(t)
		s.publishTelling(t, agenda.TellHold)
		m := s.lettersOf(t)[0]
		if m.Calendar != nil {
			t.Error("it has a calendar part long before")
		}
		s.clock.Store(time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC).UnixMilli())
		must[agenda.Mail](t)(s.SendMail(t.Context(), operator, slug, app.Match{Any: true}, m.ID))
		went := s.sendAll(t)
		if len(went) != 1 || went[0].Method != agenda.MethodRequest {
			t.Fatalf("%d letters", len(went))
		}
		checkITIP(t, went[0].Calendar)
		s.asFed(strings.ReplaceAll(string(went[0].Calendar), "\r\n ", ""), s.panels[0].UID)
	})
}
