package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// Reminded is what [App.RemindSilent] did.
type Reminded struct {
	Letters int // that go now
	Skipped int // of those asked for: they have answered, have no address, wait for a letter, or there is nothing left to tell them
}

// RemindSilent writes again to those on the board of a Release, or with number 0 of what each was told last, who were written to
// and have not answered that or anything later; people narrows it to some of them, nil does not. What they are told is how it is now.
// The letters go at once.
func (a *App) RemindSilent(ctx context.Context, actor agenda.Actor, slug string, number int, people []agenda.ID, o Once) (done Reminded, err error) {
	err = a.changeAs(ctx, actor, agenda.PublishEvent, slug, func(tx *store.Tx, e agenda.Event) error {
		done = Reminded{}
		_, _, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			b, err := a.toldBoard(tx, e, number)
			if err != nil {
				return "", err
			}
			g, err := a.newAgain(tx, e)
			if err != nil {
				return "", err
			}
			for _, row := range b.Rows {
				if people != nil && !slices.Contains(people, row.Person.ID) {
					continue
				}
				wrote, err := g.write(row)
				if err != nil {
					return "", err
				}
				if wrote {
					done.Letters++
				} else {
					done.Skipped++
				}
			}
			return e.ID, a.note(tx, actor, e.ID, "mail.remind", e.ID, "wrote again to those who had not answered")
		})
		return err
	})
	return done, err
}

// again writes letters that tell once more what somebody was told, as it is now.
type again struct {
	*letterPlan
	release  *agenda.Release
	last     map[agenda.ID]ToldRow // what each was told last
	unwanted map[agenda.ID][]agenda.LetterTopic
}

func (a *App) newAgain(tx *store.Tx, e agenda.Event) (*again, error) {
	g := &again{last: map[agenda.ID]ToldRow{}}
	head, err := tx.LatestReleaseHead(e.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return g, nil // nobody was told of anything
	}
	if err != nil {
		return nil, err
	}
	if g.release, err = a.release(tx, head); err != nil {
		return nil, err
	}
	g.letterPlan = a.newPlan(tx, e, &g.release.Snapshot, g.release.Number)
	b, err := a.toldBoard(tx, e, 0)
	if err != nil {
		return nil, err
	}
	for _, row := range b.Rows {
		g.last[row.Person.ID] = row
	}
	g.unwanted, err = tx.Unsubscribed(e.ID)
	return g, err
}

// write writes to somebody, unless they need no letter: see [Reminded].
func (g *again) write(row ToldRow) (wrote bool, err error) {
	p := row.Person
	if !row.State.Silent() || !g.last[p.ID].State.Silent() || p.Email == "" {
		return false, nil
	}
	l := plannedLetter{person: p, since: row.Told.Since}
	if l.old, err = g.snapshot(l.since); err != nil {
		return false, err
	}
	l.touches, l.changes = g.touches(l.since, l.old)[p.ID], g.diffs[l.since]
	if len(l.touches) == 0 || l.unwanted(g.unwanted) {
		return false, nil
	}
	m, err := l.words(g.tx, g.event, g.release)
	if err != nil {
		return false, err
	}
	if m.Subject, m.Body, err = mail.Again(m.Language, m.Subject, m.Body); err != nil {
		return false, err
	}
	m.Status = agenda.MailQueued
	if m, err = g.app.addMail(g.tx, m); err != nil {
		return false, err
	}
	return true, g.tx.InsertTold(agenda.Told{MailID: m.ID, EventID: g.event.ID, PersonID: p.ID, Since: l.since, Release: g.number})
}
