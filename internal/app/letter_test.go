package app_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// lettersOf gives all letters of the forum, oldest first.
func (w world) lettersOf(t *testing.T) (list []agenda.Mail) {
	t.Helper()
	if err := w.store.Read(context.Background(), func(tx *store.Tx) error {
		e, err := tx.EventBySlug(slug)
		if err != nil {
			return err
		}
		list, err = tx.AllMails(e.ID, store.MailFilter{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// sendAll lets everything go that would, and gives to how many.
func (w world) sendAll(t *testing.T) (went []agenda.Post) {
	t.Helper()
	ctx := context.Background()
	kinds := []agenda.JobKind{agenda.MailJob}
	for {
		jobs := must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 20))
		if len(jobs) == 0 {
			return went
		}
		for _, j := range jobs {
			p, err := w.OpenPost(ctx, j)
			if agenda.CodeOf(err) == agenda.NotFound {
				check(t, w.EndJob(ctx, j))
				continue
			}
			check(t, err)
			check(t, w.MailSent(ctx, j))
			went = append(went, p)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) setRule(t *testing.T, r agenda.LetterRule) {
	t.Helper()
	must[agenda.LetterRule](t)(w.SetLetterRule(context.Background(), operator, slug, app.Match{Any: true}, r))
}

func (w world) publishAll(t *testing.T) app.Publication {
	t.Helper()
	return w.publishTelling(t, agenda.TellByRule)
}

func (w world) publishTelling(t *testing.T, tell agenda.Telling) app.Publication {
	t.Helper()
	ctx := context.Background()
	var keys []string
	for _, c := range must[app.Proposal](t)(w.Propose(ctx, operator, slug)).Conflicts {
		keys = append(keys, c.Key)
	}
	return must[app.Publication](t)(w.PublishSeen(ctx, operator, slug, app.Publishing{Acknowledged: keys, Tell: tell}, app.Once{}))
}

func (w world) reachable(t *testing.T, p *agenda.Person, email string, languages ...string) {
	t.Helper()
	p.Email, p.Languages = email, languages
	*p = must[agenda.Person](t)(w.EditPerson(context.Background(), operator, slug, app.Match{Any: true}, *p))
}

func (w world) moveTo(t *testing.T, f forum, panel, room int, start, end string) {
	t.Helper()
	_, err := w.MovePanel(context.Background(), operator, slug, app.Move{PanelID: f.panels[panel].ID, Match: app.Match{Any: true}, Slot: f.at(room, start, end)})
	check(t, err)
}

func says(t *testing.T, m agenda.Mail, parts ...string) {
	t.Helper()
	all := m.Subject
	for _, p := range m.Body {
		all += "\n" + p.Heading + "\n" + strings.Join(p.Lines, "\n")
	}
	for _, part := range parts {
		if !strings.Contains(all, part) {
			t.Errorf("the letter does not say %q:\n%s", part, all)
		}
	}
}

func TestPublishingTellsWhomItTouches(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f := w.forum(t)
		w.reachable(t, &f.people[0], "one@example.org", "fr")
		// The first release: each is told that they are on it; who has no address waits.
		first := w.publishAll(t)
		if diff := cmp.Diff(app.LetterCount{Waiting: 2, Addresses: 1}, first.Letters); diff != "" {
			t.Error(diff)
		}
		for _, m := range w.lettersOf(t) {
			if m.Status != agenda.MailDraft || m.About != first.Release.ID || !m.Essential || (m.To == "") != (m.Fault != "") {
				t.Errorf("%+v", m)
			}
		}
		says(t, w.lettersOf(t)[0], "Vous figurez au programme", "Talk 1", "10:00–11:00", "Hall 1", "Europe/Paris")
		// Nothing has gone: the next publication replaces the letter of whom it touches, and tells it all as new.
		w.moveTo(t, f, 0, 0, "2026-03-28T12:00", "2026-03-28T13:00")
		second := w.publishTelling(t, agenda.TellSend)
		if diff := cmp.Diff(app.LetterCount{Going: 1, Replaced: 1}, second.Letters); diff != "" {
			t.Error(diff)
		}
		list := w.lettersOf(t)
		if len(list) != 3 || list[0].Status != agenda.MailDiscarded || list[1].Status != agenda.MailDraft || list[2].Status != agenda.MailQueued {
			t.Fatalf("%+v", list)
		}
		says(t, list[2], "Vous figurez au programme", "12:00–13:00")
		if went := w.sendAll(t); len(went) != 0 {
			t.Error("a letter went before its time")
		}
		w.pass(10 * time.Minute)
		if went := w.sendAll(t); len(went) != 1 || went[0].To != "one@example.org" {
			t.Fatalf("%+v", went)
		}
		// From now on, what they know is release 2.
		w.moveTo(t, f, 0, 1, "2026-03-28T14:00", "2026-03-28T15:30")
		w.publishTelling(t, agenda.TellSend)
		says(t, w.lettersOf(t)[3], "Nouvel horaire", "12:00–13:00 → samedi 28 mars 2026, 14:00–15:30", "60\u00a0min → 90\u00a0min", "Hall 1 → Hall 2")
		// Taken back before it went: it comes to nothing, and nobody is written to.
		w.moveTo(t, f, 0, 0, "2026-03-28T12:00", "2026-03-28T13:00")
		fourth := w.publishTelling(t, agenda.TellSend)
		if diff := cmp.Diff(app.LetterCount{Replaced: 1, Nothing: 1}, fourth.Letters); diff != "" {
			t.Error(diff)
		}
		w.pass(time.Hour)
		if went := w.sendAll(t); len(went) != 0 {
			t.Error("a letter went that says nothing")
		}
	})
}

func TestSmallChangesGoByThemselves(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f := w.forum(t)
		w.reachable(t, &f.people[0], "one@example.org")
		w.reachable(t, &f.people[1], "two@example.org")
		rule := agenda.FirstLetterRule()
		rule.Mode = agenda.LettersSmall
		w.setRule(t, rule)
		w.publishTelling(t, agenda.TellSend)
		w.pass(time.Hour)
		if went := w.sendAll(t); len(went) != 2 {
			t.Fatal(len(went))
		}
		w.moveTo(t, f, 0, 0, "2026-03-28T10:15", "2026-03-28T11:15")
		w.moveTo(t, f, 1, 1, "2026-03-28T10:16", "2026-03-28T11:00")
		if diff := cmp.Diff(app.LetterCount{Going: 1, Waiting: 1}, w.publishAll(t).Letters); diff != "" {
			t.Error(diff)
		}
		_, err := w.CancelPanel(context.Background(), operator, slug, app.Match{Any: true}, f.panels[0].ID, true, agenda.Text{"en": "Strike"})
		check(t, err)
		if diff := cmp.Diff(app.LetterCount{Waiting: 1, Replaced: 1}, w.publishAll(t).Letters); diff != "" {
			t.Error(diff)
		}
		rule.Mode = agenda.LettersNone
		w.setRule(t, rule)
		w.moveTo(t, f, 1, 1, "2026-03-28T10:30", "2026-03-28T11:00")
		// Who has a letter that waits is told, or it would say what is no longer so.
		if diff := cmp.Diff(app.LetterCount{Waiting: 1, Replaced: 1}, w.publishAll(t).Letters); diff != "" {
			t.Error(diff)
		}
		last := w.lettersOf(t)
		says(t, last[len(last)-1], "10:00–11:00 → Saturday 28 March 2026, 10:30–11:00")
	})
}

// TestOnlyThoseWhomItTouches edits at random, and compares who got a letter with who an independent look at what is published says
// is touched.
func TestOnlyThoseWhomItTouches(t *testing.T) {
	w := open(t, t.TempDir()+"/plenary.db")
	f := w.forum(t)
	ctx := context.Background()
	random := rand.New(rand.NewPCG(7, 7))
	var people []agenda.Person
	for i := range 6 {
		p, _, err := w.CreatePerson(ctx, operator, slug, agenda.Person{Name: fmt.Sprint("Extra ", i), Email: fmt.Sprintf("p%d@example.org", i)}, app.Once{})
		check(t, err)
		people = append(people, p)
	}
	var panels []agenda.ID
	for i := range 5 {
		r, err := w.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": fmt.Sprint("Panel ", i)}, Format: agenda.FormatPanel}, f.at(i%2, "2026-03-29T10:00", "2026-03-29T11:00"), app.Once{})
		check(t, err)
		panels = append(panels, r.Panel.ID)
	}
	rule := agenda.FirstLetterRule()
	rule.Mode, rule.Delay = agenda.LettersAll, 0
	w.setRule(t, rule)
	var before *agenda.Snapshot
	for round := range 40 {
		for range 1 + random.IntN(3) {
			w.scramble(t, random, f, panels, people)
		}
		p, err := w.Propose(ctx, operator, slug)
		check(t, err)
		if p.Empty() {
			continue
		}
		r := w.publishAll(t).Release
		want := touchedBySight(before, &r.Snapshot)
		w.pass(time.Second)
		got := map[agenda.ID]int{}
		for _, m := range w.sendAll(t) {
			got[m.PersonID]++
		}
		for id := range want {
			want[id] = 1
		}
		delete(want, f.people[0].ID) // have no address
		delete(want, f.people[1].ID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round %d: %s", round, diff)
		}
		before = &r.Snapshot
	}
}

// scramble makes one change to the draft.
func (w world) scramble(t *testing.T, random *rand.Rand, f forum, panels []agenda.ID, people []agenda.Person) {
	t.Helper()
	ctx := context.Background()
	p := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, panels[random.IntN(len(panels))])).Panel
	switch random.IntN(5) {
	case 0:
		hour := 8 + random.IntN(9)
		_, err := w.MovePanel(ctx, operator, slug, app.Move{PanelID: p.ID, Match: app.Match{Any: true},
			Slot: f.at(random.IntN(2), fmt.Sprintf("2026-03-29T%02d:00", hour), fmt.Sprintf("2026-03-29T%02d:30", hour+1))})
		check(t, err)
	case 1:
		_, err := w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, p.ID, !p.Cancelled, nil)
		check(t, err)
	default:
		p.Speakers = nil
		for _, person := range people {
			if random.IntN(3) == 0 {
				p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: person.ID, Role: agenda.Roles[random.IntN(2)], Status: agenda.SpeakerStatuses[random.IntN(2)]})
			}
		}
		if random.IntN(2) == 0 {
			p.Title = agenda.Text{"en": fmt.Sprint("Title ", random.IntN(100))}
		}
		_, err := w.EditPanel(ctx, operator, slug, app.Match{Any: true}, p, nil)
		check(t, err)
	}
}

// touchedBySight says whom a release touches by what each sees of their own panels, written down as a line.
func touchedBySight(old, next *agenda.Snapshot) map[agenda.ID]int {
	sight := func(s *agenda.Snapshot) map[agenda.ID]map[agenda.ID]string {
		by := map[agenda.ID]map[agenda.ID]string{}
		if s == nil {
			return by
		}
		for _, p := range s.Panels {
			for _, x := range p.Speakers {
				if by[x.PersonID] == nil {
					by[x.PersonID] = map[agenda.ID]string{}
				}
				by[x.PersonID][p.ID] += fmt.Sprint(p.Title, p.Slot.Start.At.Unix(), p.Slot.End.At.Unix(), p.Slot.RoomID, p.Cancelled, x.Role)
			}
		}
		return by
	}
	a, b := sight(old), sight(next)
	touched := map[agenda.ID]int{}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(a)), slices.Collect(maps.Keys(b))) {
		if !maps.Equal(a[id], b[id]) {
			touched[id] = 1
		}
	}
	return touched
}
