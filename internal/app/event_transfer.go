package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// ExportEvent gives the whole Event with its Meetings, Releases and feeds. Tokens and the log of
// activity stay: they belong to this installation. So do the files that were uploaded, and what is
// said of them: they can be larger than all the rest together. A backup has them.
func (a *App) ExportEvent(ctx context.Context, actor agenda.Actor, slug string) (b exchange.Bundle, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		b = exchange.Bundle{}
		if b.Draft, err = draftOf(tx, e); err != nil {
			return err
		}
		if b.Availabilities, err = tx.AllAvailabilities(e.ID); err != nil {
			return err
		}
		if b.Meetings, err = tx.AllMeetings(e.ID); err != nil {
			return err
		}
		if b.MeetingSteps, err = tx.AllMeetingSteps(e.ID); err != nil {
			return err
		}
		rules, err := tx.MeetingRules(e.ID)
		if err != nil {
			return err
		}
		if !rules.Updated.IsZero() {
			b.MeetingRules = rules
		}
		if b.LetterRule, err = decidedRule(tx, e.ID); err != nil {
			return err
		}
		if b.StandIns, err = tx.AllStandIns(e.ID); err != nil {
			return err
		}
		if b.Stamps, err = tx.Stamps(e.ID); err != nil {
			return err
		}
		if b.Releases, err = releasesOf(tx, e.ID); err != nil {
			return err
		}
		if b.Feeds, err = tx.AllFeeds(e.ID); err != nil {
			return err
		}
		b.Sources, err = allSources(tx, e)
		return err
	})
	withoutFiles(&b)
	return b, err
}

// decidedRule gives how an Event tells people, the zero value where that is as it is at first.
func decidedRule(tx *store.Tx, event agenda.ID) (rule agenda.LetterRule, err error) {
	rule, err = tx.LetterRule(event)
	if len(rule.Leads) == 0 {
		rule.Leads = nil
	}
	if reflect.DeepEqual(rule, agenda.FirstLetterRule()) {
		rule = agenda.LetterRule{}
	}
	return rule, err
}

// withoutFiles takes away what refers to uploaded files: a Bundle has none, and one that names some
// could lead to those of others.
func withoutFiles(b *exchange.Bundle) {
	b.Draft.WithoutFiles()
	for i := range b.Releases {
		b.Releases[i].Snapshot.WithoutFiles()
	}
}

// ImportEvent adds a whole Event as [App.ExportEvent] gave it, under its own slug or another. An
// Event that is here already is refused: what a second import would overwrite is not guessed at.
func (a *App) ImportEvent(ctx context.Context, actor agenda.Actor, b exchange.Bundle, slug string) (agenda.Event, error) {
	return a.importEvent(ctx, actor, b, slug, nil)
}

// TryImportEvent says what [App.ImportEvent] would, and keeps nothing.
func (a *App) TryImportEvent(ctx context.Context, actor agenda.Actor, b exchange.Bundle, slug string) (agenda.Event, error) {
	e, err := a.importEvent(ctx, actor, b, slug, errDryRun)
	if errors.Is(err, errDryRun) {
		return e, nil
	}
	return e, err
}

// importEvent ends with the error end when all went well.
func (a *App) importEvent(ctx context.Context, actor agenda.Actor, b exchange.Bundle, slug string, end error) (e agenda.Event, err error) {
	withoutFiles(&b)
	err = a.write(ctx, actor, func(tx *store.Tx) error {
		if err := agenda.Authorize(actor, agenda.CreateEvents, ""); err != nil {
			return err
		}
		e = b.Draft.Event
		if slug != "" {
			e.Slug = slug
		}
		if err := e.Check(); err != nil {
			return err
		}
		if there, err := tx.Event(e.ID); err == nil {
			return agenda.Errorf(agenda.Taken, "This event is here already, as %q.", there.Slug)
		} else if agenda.CodeOf(err) != agenda.NotFound {
			return err
		}
		if err := tx.InsertEvent(e); err != nil {
			return err
		}
		if err := a.own(tx, actor, e); err != nil {
			return err
		}
		if err := importDraft(tx, e, b.Draft); err != nil {
			return err
		}
		if err := importPrivate(tx, e, b); err != nil {
			return err
		}
		if err := a.importReleases(tx, e, b.Releases); err != nil {
			return err
		}
		if err := keepSerialsOf(tx, e.ID, b.Draft, b.Releases); err != nil {
			return err
		}
		// What the file does not say of its calendar entries, or says in another slug's words, begins here.
		if err := a.settleCalendar(tx, e); err != nil {
			return err
		}
		if err := a.note(tx, actor, e.ID, "event.import", e.ID, fmt.Sprintf("imported the event %q", english(e.Name)), changed(e, nil, e)); err != nil {
			return err
		}
		return end
	})
	return e, err
}

func importDraft(tx *store.Tx, e agenda.Event, d agenda.Draft) error {
	// Walks name rooms that may come later in the list, so the rooms go in without them first.
	for _, r := range d.Rooms {
		r.Walks = nil
		if err := tx.InsertRoom(r); err != nil {
			return err
		}
	}
	for _, r := range d.Rooms {
		if err := tx.InsertWalks(r); err != nil {
			return err
		}
	}
	for _, t := range d.Tracks {
		if err := tx.InsertTrack(t); err != nil {
			return err
		}
	}
	for _, p := range d.People {
		if err := tx.InsertPerson(e.ID, p); err != nil {
			return err
		}
	}
	halls := agenda.HallsOf(d.Rooms)
	for _, p := range d.Panels {
		if err := tx.InsertPanel(p); err != nil {
			return err
		}
		if err := tx.SetHolds(e.ID, agenda.PanelItem, p.ID, p.Holds(halls)); err != nil {
			return err
		}
	}
	return nil
}

// allSources gives the sources of an Event with what came from each.
func allSources(tx *store.Tx, e agenda.Event) ([]agenda.Source, error) {
	sources, err := tx.Sources(e.ID)
	for i, s := range sources {
		if sources[i], err = tx.Source(e.ID, s.Name); err != nil {
			return nil, err
		}
	}
	return sources, err
}

func importPrivate(tx *store.Tx, e agenda.Event, b exchange.Bundle) error {
	for _, w := range b.Availabilities {
		if err := tx.InsertAvailability(w); err != nil {
			return err
		}
	}
	if err := importMeetings(tx, e, b); err != nil {
		return err
	}
	if b.LetterRule.Revision > 0 {
		if err := tx.PutLetterRule(e.ID, b.LetterRule); err != nil {
			return err
		}
	}
	if err := tx.InsertStandIns(b.StandIns); err != nil {
		return err
	}
	if err := tx.PutStamps(e.ID, b.Stamps); err != nil {
		return err
	}
	for _, f := range b.Feeds {
		if err := tx.InsertFeed(f); err != nil {
			return err
		}
	}
	for _, s := range b.Sources {
		if err := tx.PutSource(e.ID, s); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) importReleases(tx *store.Tx, e agenda.Event, releases []agenda.Release) error {
	// Each is stored as what differs from those before.
	for _, r := range slices.SortedFunc(slices.Values(releases), func(a, b agenda.Release) int { return cmp.Compare(a.Number, b.Number) }) {
		// What was published stays as it was, but for the address under which it is served now: with
		// another one it is another Release.
		if r.Snapshot.Event.Slug != e.Slug {
			r.ID, r.Snapshot.Event.Slug = a.newID(), e.Slug
		}
		body, err := exchange.EncodeSnapshotAnew(r.Snapshot)
		if err != nil {
			return err
		}
		row := store.Release{ID: r.ID, EventID: e.ID, Number: r.Number, Published: r.Published, By: r.By, Note: r.Note, Snapshot: body,
			Erasures: r.Erasures, Erased: r.Erased}
		if err := tx.InsertRelease(row); err != nil {
			return err
		}
	}
	return nil
}
