package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// OpenFeed makes a personal calendar feed. Its secret is given once; only a hash of it is kept.
func (a *App) OpenFeed(ctx context.Context, actor agenda.Actor, slug string, f agenda.Feed, o Once) (made agenda.Feed, secret string, err error) {
	f.Kind = agenda.PersonalFeed
	f.FeedSettings.Clean()
	err = a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		var faults agenda.Faults
		faults.Merge("", f.Check())
		if err := unknownPeople(tx, e, &faults, map[string]agenda.ID{"/person": f.PersonID}); err != nil {
			return err
		}
		if err := faults.Err("feed"); err != nil {
			return err
		}
		_, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			secret = a.secret()
			f.EventID = e.ID
			made = a.newFeed(f, secret)
			if err := tx.InsertFeed(made); err != nil {
				return "", err
			}
			return made.ID, a.note(tx, actor, e.ID, "feed.open", made.ID, "opened a personal feed", changed(e, nil, made))
		})
		if err == nil && replayed {
			return errShownOnce
		}
		return err
	})
	if err != nil {
		return agenda.Feed{}, "", err
	}
	return made, secret, nil
}

var errShownOnce = agenda.Errorf(agenda.Taken, "This was made before with the same Idempotency-Key, and its secret was shown then: revoke it and make another.")

// newFeed gives the Feed its identity and what the secret needs.
func (a *App) newFeed(f agenda.Feed, secret string) agenda.Feed {
	f.ID, f.Created, f.Hash, f.Revision = a.newID(), a.moment(), hashSecret(secret), 1
	f.LastFetch, f.FetchedBy, f.Revoked, f.Content = nil, "", nil, ""
	return f
}

// Feed gives one feed that has a secret.
func (a *App) Feed(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (f agenda.Feed, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		f, err = tx.Feed(e.ID, id)
		return err
	})
	return f, err
}

// Feeds lists the Event's feeds that have a secret, of a kind or all of them.
func (a *App) Feeds(ctx context.Context, actor agenda.Actor, slug string, kind agenda.FeedKind, page Page) (feeds []agenda.Feed, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		feeds, next, err = tx.Feeds(e.ID, kind, page)
		return err
	})
	return feeds, next, err
}

// EditFeed changes the settings of a personal feed. What attendees starred is theirs to change.
func (a *App) EditFeed(ctx context.Context, actor agenda.Actor, slug string, match Match, next agenda.Feed) (f agenda.Feed, err error) {
	err = a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Feed(e.ID, next.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		if err := openPersonal(old); err != nil {
			return err
		}
		if next.PersonID != old.PersonID {
			var faults agenda.Faults
			faults.Add("/person", "can't change: open a feed for the other person")
			return faults.Err("feed")
		}
		if f, err = a.setFeed(tx, old, next.FeedSettings); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "feed.edit", f.ID, "changed a personal feed", changed(e, old, f))
	})
	return f, err
}

func openPersonal(f agenda.Feed) error {
	switch {
	case f.Kind != agenda.PersonalFeed:
		return agenda.Errorf(agenda.Forbidden, "This feed is of an attendee, who alone can change it.")
	case f.Revoked != nil:
		return agenda.Errorf(agenda.Gone, "This feed is revoked.")
	}
	return nil
}

// setFeed gives a feed other settings.
func (a *App) setFeed(tx *store.Tx, f agenda.Feed, set agenda.FeedSettings) (agenda.Feed, error) {
	set.Clean()
	if !set.Tells(f.FeedSettings) {
		entry, feed, err := tx.LastTold(f.EventID)
		if err != nil {
			return f, err
		}
		f.Changed = afterSecond(latestOf(entry, feed), a.now())
	}
	f.FeedSettings = set
	f.Revision++
	if err := f.Check(); err != nil {
		return f, err
	}
	return f, tx.UpdateFeed(f)
}

// RotateFeed gives a personal feed another address. The feed of the one before is revoked: calendars
// that have it are emptied.
func (a *App) RotateFeed(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID) (f agenda.Feed, secret string, err error) {
	err = a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Feed(e.ID, id)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		if err := openPersonal(old); err != nil {
			return err
		}
		secret = a.secret()
		if f, err = a.rotate(tx, old, secret); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "feed.rotate", f.ID, "gave a personal feed another address",
			changed(e, nil, agenda.Fields{"replaces": quoted(string(old.ID))}))
	})
	if err != nil {
		return agenda.Feed{}, "", err
	}
	return f, secret, nil
}

func (a *App) rotate(tx *store.Tx, old agenda.Feed, secret string) (agenda.Feed, error) {
	next := a.newFeed(old, secret)
	next.Turn++
	next.Revision = old.Revision + 1 // who holds the key of a starred feed sees one feed that changes
	if err := tx.RevokeFeed(old.EventID, old.ID, a.moment()); err != nil {
		return next, err
	}
	return next, tx.InsertFeed(next)
}

// RevokeFeed ends a feed for good.
func (a *App) RevokeFeed(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) error {
	return a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.Feed(e.ID, id)
		if err != nil {
			return err
		}
		if err := tx.RevokeFeed(e.ID, id, a.moment()); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "feed.revoke", id, "revoked a feed", revoked(old.Revoked, a.moment()))
	})
}
