package app

import (
	"cmp"
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// Erasure is what [App.ErasePerson] did.
type Erasure struct {
	Person     agenda.Person // what is left: another one when they stay at other Events
	Elsewhere  int           // other Events in which they take part, and where nothing was erased
	Releases   int           // that were rewritten
	Activities int           // that were rewritten
	Mentions   []agenda.Panel
}

// ErasePerson erases what is known of a Person at the Event, by the rule of ADR 0026: fields, photos, availabilities, personal
// links and feeds, what Releases and the log say of them, and what sources are known by. Their parts stay, as those of nobody
// in particular. Confirm is their name. The error is Gone when they were erased before.
//
// Texts of the draft that name them are for the organizers to write anew: Mentions has their Panels.
func (a *App) ErasePerson(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, confirm string) (done Erasure, err error) {
	err = a.changeAs(ctx, actor, agenda.ManageData, slug, func(tx *store.Tx, e agenda.Event) error {
		done = Erasure{}
		old, err := tx.Person(e.ID, id)
		if err != nil {
			return err
		}
		if !old.Erased.IsZero() {
			return errErased
		}
		if err := match.check(old.Revision, shownPerson(actor, e, old)); err != nil {
			return err
		}
		if agenda.CleanLine(confirm) != old.Name {
			var f agenda.Faults
			f.Add("/confirm", "is not the person's name")
			return f.Err("erasure")
		}
		if err := a.erase(tx, e, old, &done); err != nil {
			return err
		}
		if err := a.settleCalendar(tx, e); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.erase", id, "erased a person")
	})
	if err != nil {
		return done, err
	}
	a.releases.forget()
	a.presses.forget()
	a.steps.forget()
	a.audits.forget()
	a.store.Forget()
	exchange.Forget()
	if err := a.store.EmptyLog(context.WithoutCancel(ctx)); err != nil {
		a.log.WarnContext(ctx, "the database's log still has what was erased", "error", err)
	}
	return done, nil
}

func (a *App) erase(tx *store.Tx, e agenda.Event, old agenda.Person, done *Erasure) (err error) {
	releases, err := releasesOf(tx, e.ID)
	if err != nil {
		return err
	}
	t, err := trailOf(tx, e, old, releases)
	if err != nil {
		return err
	}
	if done.Elsewhere, err = tx.Elsewhere(e.ID, old.ID); err != nil {
		return err
	}
	if err := tx.ForgetPerson(e.ID, old.ID, a.moment()); err != nil {
		return err
	}
	done.Person = old.Erase(e.Languages, a.moment())
	if done.Elsewhere > 0 {
		done.Person.ID, done.Person.Revision, done.Person.Created = a.newID(), 1, a.moment()
		err = tx.ReplacePerson(e.ID, old.ID, done.Person)
	} else {
		err = tx.UpdatePerson(e.ID, done.Person)
	}
	if err != nil {
		return err
	}
	if err := a.eraseFromReleases(tx, e, releases, t, done); err != nil {
		return err
	}
	if err := a.tellErased(tx, e, releases, *done); err != nil {
		return err
	}
	if err := eraseFromLog(tx, e, t, done); err != nil {
		return err
	}
	if err := a.eraseFromMails(tx, e, t, done.Person.Name); err != nil {
		return err
	}
	if err := eraseFromNotes(tx, e, t, done.Person.Name); err != nil {
		return err
	}
	if err := eraseFromSources(tx, e, t); err != nil {
		return err
	}
	if err := eraseFromFiles(tx, e, releases, t, done.Person.Name); err != nil {
		return err
	}
	panels, err := tx.AllPanels(e.ID)
	for _, p := range panels {
		if p.Mentions(t.traces) {
			done.Mentions = append(done.Mentions, p)
		}
	}
	return err
}

// eraseFromMails puts other words in the place of the Person in letters to others. Those to them are gone.
func (a *App) eraseFromMails(tx *store.Tx, e agenda.Event, t trail, by string) error {
	mails, err := tx.AllMails(e.ID, store.MailFilter{})
	if err != nil {
		return err
	}
	for _, m := range mails {
		left, named := m.Erase(t.traces, by)
		if !named {
			continue
		}
		if left, err = a.changeMail(tx, left); err != nil {
			return err
		}
		if m.Method != "" && m.Kind == agenda.MailMeeting && (m.Status == agenda.MailQueued || m.Status == agenda.MailDraft) {
			if err := a.inviteAnew(tx, e, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// inviteAnew puts a letter about a Meeting as it is now in the place of one that waits, and has lost its calendar part. It is held back
// if that one was.
func (a *App) inviteAnew(tx *store.Tx, e agenda.Event, m agenda.Mail) error {
	row, err := tx.MeetingInvitation(e.ID, m.About, m.PersonID)
	if err != nil || row.MailID != m.ID {
		return ignoreMissing(err)
	}
	if err := a.tellOneAnew(tx, e, row, false); err != nil || m.Status != agenda.MailDraft {
		return err
	}
	if row, err = tx.MeetingInvitation(e.ID, m.About, m.PersonID); err != nil || row.MailID == "" {
		return err
	}
	next, err := tx.Mail(e.ID, row.MailID)
	if err == nil && next.Status == agenda.MailQueued {
		_, err = a.moveMail(tx, next, agenda.MailDraft)
	}
	return err
}

// eraseFromNotes puts other words in the place of the Person in what others said besides their answers and their deeds, and in why
// somebody stood in: nobody could word these anew. What the Person said themselves is gone.
func eraseFromNotes(tx *store.Tx, e agenda.Event, t trail, by string) error {
	answers, err := tx.AnswerNotes(e.ID)
	if err != nil {
		return err
	}
	steps, err := tx.AllMeetingSteps(e.ID)
	if err != nil {
		return err
	}
	standIns, err := tx.AllStandIns(e.ID)
	if err != nil {
		return err
	}
	reword := func(put func(event, id agenda.ID, note string) error, id agenda.ID, note string) {
		if err == nil && t.traces.In(note) {
			err = put(e.ID, id, t.traces.Cover(note, by))
		}
	}
	for mail, note := range answers {
		reword(tx.PutAnswerNote, mail, note)
	}
	for _, s := range steps {
		reword(tx.RewordMeetingStep, s.ID, s.Note)
	}
	for _, s := range standIns {
		reword(tx.RewordStandIn, s.ID, s.Note)
	}
	return err
}

// eraseFromSources makes the keys unreadable by which sources know what was called after the Person: many know an entry by
// its title.
func eraseFromSources(tx *store.Tx, e agenda.Event, t trail) error {
	sources, err := allSources(tx, e)
	if err != nil {
		return err
	}
	for _, s := range sources {
		named := false
		for i, o := range s.Origins {
			if t.traces.In(o.Key) {
				s.Origins[i].Key, named = agenda.ErasedKey(o.Key), true
			}
		}
		if !named {
			continue
		}
		if err := tx.PutSource(e.ID, s); err != nil {
			return err
		}
	}
	return nil
}

// eraseFromFiles removes photos that nothing refers to any more, those before the last one too, and puts other words in the
// place of the Person in what materials are called when they are saved: nobody could rename a file.
func eraseFromFiles(tx *store.Tx, e agenda.Event, releases []agenda.Release, t trail, by string) error {
	panels, err := tx.AllPanels(e.ID)
	if err != nil {
		return err
	}
	for _, r := range releases {
		for _, p := range r.Snapshot.Panels {
			panels = append(panels, *p)
		}
	}
	for _, p := range panels {
		for _, m := range p.Materials {
			if !t.traces.In(m.FileName) {
				continue
			}
			if err := tx.RenameFile(m.File, t.traces.Cover(m.FileName, by)); err != nil {
				return err
			}
		}
	}
	return tx.SweepFiles()
}

// eraseFromReleases rewrites the Releases. All of them count as rewritten when one is: what is made from one may be kept
// under the name of the latest.
func (a *App) eraseFromReleases(tx *store.Tx, e agenda.Event, releases []agenda.Release, t trail, done *Erasure) error {
	var rewritten []store.Rewritten
	for _, r := range releases {
		snapshot, different := r.Snapshot.Erase(t.person, done.Person, t.traces)
		if different {
			done.Releases++
		}
		body, err := exchange.EncodeSnapshotAnew(snapshot)
		if err != nil {
			return err
		}
		rewritten = append(rewritten, store.Rewritten{ID: r.ID, Number: r.Number, Snapshot: body, Files: snapshot.Files()})
	}
	if done.Releases == 0 {
		return nil
	}
	slices.SortFunc(rewritten, func(a, b store.Rewritten) int { return cmp.Compare(a.Number, b.Number) })
	return tx.RewriteReleases(e.ID, rewritten, a.moment())
}

func eraseFromLog(tx *store.Tx, e agenda.Event, t trail, done *Erasure) error {
	var left []agenda.Activity
	err := tx.EachActivity(e.ID, func(entry agenda.Activity) error {
		if t.on(entry) {
			left = append(left, entry.Erase(t.did(entry)))
		}
		return nil
	})
	for _, entry := range left {
		if err := tx.EraseActivity(entry); err != nil {
			return err
		}
		done.Activities++
	}
	return err
}
