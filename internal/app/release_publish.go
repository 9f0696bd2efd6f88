package app

import (
	"context"
	"fmt"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// Publication is what Publish did.
type Publication struct {
	Event     agenda.Event // also when it is refused because of conflicts
	Release   agenda.Release
	Changes   []agenda.Change // since the Release before
	Conflicts []agenda.Conflict
	Letters   LetterCount
	Replayed  bool
}

// Publishing says what to publish, and how.
type Publishing struct {
	Seen         string // names what somebody has seen: see [Proposal]; "": whatever there is
	Note         agenda.Text
	Acknowledged []string // keys of Conflicts
	Tell         agenda.Telling
}

// Publish makes the draft the next Release. Conflicts of severity error are refused (Taken, with the
// conflicts as Current) unless each is acknowledged by its key.
func (a *App) Publish(ctx context.Context, actor agenda.Actor, slug string, note agenda.Text, acknowledged []string, o Once) (Publication, error) {
	return a.PublishSeen(ctx, actor, slug, Publishing{Note: note, Acknowledged: acknowledged}, o)
}

// PublishSeen is [App.Publish] of what somebody has seen. The error is Stale when the draft has become something else. Those whom
// the Release touches are told by letter, as the Event's rule has it unless p.Tell says otherwise.
func (a *App) PublishSeen(ctx context.Context, actor agenda.Actor, slug string, p Publishing, o Once) (Publication, error) {
	var done Publication
	var told news
	err := a.changeAs(ctx, actor, agenda.PublishEvent, slug, func(tx *store.Tx, e agenda.Event) error {
		done, told = Publication{Event: e}, news{}
		p.Note = p.Note.Clean()
		var f agenda.Faults
		p.Note.Check(&f, "/note", agenda.MaxProse, false)
		if !slices.Contains(agenda.Tellings, p.Tell) {
			f.Add("/letters", "is not one of those that are known")
		}
		if err := f.Err("release"); err != nil {
			return err
		}
		id, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			return a.publish(tx, actor, e, p, &done, &told)
		})
		if err != nil || !replayed {
			return err
		}
		releases, err := tx.AllReleaseHeads(e.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(releases, func(r store.Release) bool { return r.ID == id })
		if i < 0 {
			return agenda.Errorf(agenda.NotFound, "There is no such release.")
		}
		done.Replayed = true
		r, err := a.release(tx, releases[i])
		if err == nil {
			done.Release = *r
		}
		return err
	})
	if err == nil && len(told.touches) > 0 {
		done.Letters = a.makeOwed(ctx, &done.Release, told, p.Tell)
	}
	return done, err
}

func (a *App) publish(tx *store.Tx, actor agenda.Actor, e agenda.Event, p Publishing, done *Publication, told *news) (agenda.ID, error) {
	var err error
	if done.Conflicts, err = a.allConflicts(tx, actor, e); err != nil {
		return "", err
	}
	before, err := a.lastRelease(tx, e.ID)
	if err != nil {
		return "", err
	}
	var last *agenda.Snapshot
	if before.ID != "" {
		last = &before.Snapshot
	}
	next, fresh, err := a.nextSnapshot(tx, e, before)
	if err != nil {
		return "", err
	}
	if p.Seen != "" {
		if err := a.refuseUnseen(p.Seen, before.Number, next); err != nil {
			return "", err
		}
	}
	if err := refuseConflicts(done.Conflicts, p.Acknowledged); err != nil {
		return "", err
	}
	if err := a.makeOwedBefore(tx, e, before); err != nil {
		return "", err
	}
	if err := keepSerials(tx, e.ID, fresh); err != nil {
		return "", err
	}
	r := agenda.Release{ID: a.newID(), EventID: e.ID, Number: before.Number + 1, Published: a.moment(), By: actor.Name, Note: p.Note, Snapshot: next}
	if r.Published.Before(before.Published) {
		// The clock was put back. Who asks whether something is newer than what they have (If-Modified-Since) must be told so.
		r.Published = afterSecond(before.Published, r.Published)
	}
	*told = newsOf(r.Number, last, &r.Snapshot)
	done.Changes, done.Release = told.changes, r
	if err := a.putRelease(tx, &r, p.Tell); err != nil {
		return "", err
	}
	if err := a.settleRelease(tx, e, last, &r.Snapshot); err != nil {
		return "", err
	}
	if err := a.tellWebhooks(tx, e.ID, agenda.ReleasePublished, r.Number); err != nil {
		return "", err
	}
	if len(told.touches) > 0 {
		if err := a.oweLetters(tx, &r); err != nil {
			return "", err
		}
	}
	return r.ID, a.note(tx, actor, e.ID, "release.publish", r.ID, fmt.Sprintf("published release %d", r.Number), changed(e, nil, r))
}

// refuseConflicts says which errors nobody has acknowledged.
func refuseConflicts(conflicts []agenda.Conflict, acknowledged []string) error {
	if len(conflicts) == agenda.MaxConflicts { // there may be more, which nobody could acknowledge
		return agenda.Errorf(agenda.Taken, "The agenda has %d conflicts or more: mend them first.", agenda.MaxConflicts)
	}
	var open []agenda.Conflict
	for _, c := range conflicts {
		if c.Severity == agenda.SeverityError && !slices.Contains(acknowledged, c.Key) {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return nil
	}
	e := agenda.Errorf(agenda.Taken, "The agenda has %d conflicts: mend them, or acknowledge each by its key.", len(open))
	if len(open) == 1 {
		e = agenda.Errorf(agenda.Taken, "The agenda has a conflict: mend it, or acknowledge it by its key.")
	}
	e.Current = open
	return e
}

// lastRelease gives the newest Release of an Event; one without an ID while there is none. It must not be changed.
func (a *App) lastRelease(tx *store.Tx, event agenda.ID) (*agenda.Release, error) {
	head, err := tx.LatestReleaseHead(event)
	if agenda.CodeOf(err) == agenda.NotFound {
		return &agenda.Release{}, nil
	}
	if err != nil {
		return nil, err
	}
	return a.release(tx, head)
}

// releasesOf gives all Releases of the Event, decoded, oldest first.
func releasesOf(tx *store.Tx, event agenda.ID) ([]agenda.Release, error) {
	rows, err := tx.AllReleases(event)
	if err != nil {
		return nil, err
	}
	var releases []agenda.Release
	for _, row := range rows {
		r, err := decodeRelease(row)
		if err != nil {
			return nil, err
		}
		releases = append(releases, r)
	}
	return releases, nil
}

func decodeRelease(row store.Release) (agenda.Release, error) {
	snapshot, err := exchange.DecodeSnapshot(row.Snapshot)
	if err != nil {
		return agenda.Release{}, fmt.Errorf("release %s: %w", row.ID, err)
	}
	return agenda.Release{ID: row.ID, EventID: row.EventID, Number: row.Number, Published: row.Published, By: row.By,
		Note: row.Note, Snapshot: snapshot, Erasures: row.Erasures, Erased: row.Erased}, nil
}
