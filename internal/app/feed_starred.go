package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Starred is a feed of what an attendee chose, as they see it.
type Starred struct {
	Event  agenda.Event
	Feed   agenda.Feed
	Secret string // of the calendar's address: who has it can read
	Key    string // who has it can change the choice
}

// starredSecret gives the secret of a starred feed's address. It follows from the key, of which only a
// hash is kept, so that whoever has the key can be told the address again. The key does not follow
// from it: an address can be given to a calendar service.
func starredSecret(key string, turn int) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "plenary starred feed %d", turn)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// OpenStarredFeed makes a feed of Panels that somebody chose from the published agenda. Anybody may.
// What attendees choose for themselves is nobody else's business: it leaves no Activity.
func (a *App) OpenStarredFeed(ctx context.Context, slug string, set agenda.FeedSettings) (made Starred, err error) {
	given := set.Panels
	set.Clean()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		e, err := tx.EventBySlug(slug)
		if agenda.CodeOf(err) == agenda.NotFound {
			return errUnpublished
		}
		if err != nil {
			return err
		}
		key := a.secret()
		secret := starredSecret(key, 0)
		f := a.newFeed(agenda.Feed{EventID: e.ID, Kind: agenda.StarredFeed, KeyHash: hashSecret(key), FeedSettings: set}, secret)
		if len(given) == 0 {
			var faults agenda.Faults
			faults.Add("/panels", "is empty: choose at least one panel")
			return faults.Err("feed")
		}
		if err := a.checkStars(tx, e, f, given, nil); err != nil {
			return err
		}
		if err := a.roomForStars(tx, e); err != nil {
			return err
		}
		made = Starred{Event: e, Feed: f, Secret: secret, Key: key}
		return tx.InsertFeed(f)
	})
	return made, err
}

// What anybody may make without an account has an end: so many starred feeds an Event may have, and so
// long one is kept that no calendar ever fetched.
const (
	maxStarredFeeds = 100_000
	unfetchedFor    = 30 * 24 * time.Hour
)

// roomForStars forgets starred feeds that nobody uses, and refuses another one when there are too many.
func (a *App) roomForStars(tx *store.Tx, e agenda.Event) error {
	if err := tx.ForgetStars(e.ID, a.now().Add(-unfetchedFor)); err != nil {
		return err
	}
	n, err := tx.CountStars(e.ID)
	if err == nil && n >= maxStarredFeeds {
		return agenda.Errorf(agenda.TooMany, "There are too many calendars of this event. Try again later.")
	}
	return err
}

// checkStars says what is wrong with a starred feed and with the Panels in the order in which they were
// given. Those that it had before may be gone by now.
func (a *App) checkStars(tx *store.Tx, e agenda.Event, f agenda.Feed, given, had []agenda.ID) error {
	head, err := tx.LatestReleaseHead(e.ID)
	if agenda.CodeOf(err) == agenda.NotFound {
		return errUnpublished
	}
	if err != nil {
		return err
	}
	r, err := a.release(tx, head)
	if err != nil {
		return err
	}
	known := make(map[agenda.ID]bool, len(r.Snapshot.Panels)+len(had))
	for _, p := range r.Snapshot.Panels {
		known[p.ID] = true
	}
	for _, id := range had {
		known[id] = true
	}
	var faults agenda.Faults
	faults.Merge("", f.Check())
	for i, id := range given {
		if !known[id] {
			faults.Add(fmt.Sprintf("/panels/%d", i), "is not a panel of the published agenda")
		}
	}
	return faults.Err("feed")
}

// StarredFeed gives the feed that the key changes. A key that nobody has is NotFound.
func (a *App) StarredFeed(ctx context.Context, slug, key string) (s Starred, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		s, err = starredBy(tx, slug, key)
		return err
	})
	return s, err
}

func starredBy(tx *store.Tx, slug, key string) (Starred, error) {
	f, err := tx.FeedByKey(hashSecret(key))
	if err != nil {
		return Starred{}, err
	}
	e, err := tx.Event(f.EventID)
	if err != nil {
		return Starred{}, err
	}
	if e.Slug != slug {
		return Starred{}, agenda.Errorf(agenda.NotFound, "There is no such feed.")
	}
	if f.Revoked != nil {
		return Starred{}, agenda.Errorf(agenda.Gone, "This calendar was given up. Choose panels anew for another one.")
	}
	return Starred{Event: e, Feed: f, Secret: starredSecret(key, f.Turn), Key: key}, nil
}

// EditStarredFeed changes the choice and the settings of a starred feed.
func (a *App) EditStarredFeed(ctx context.Context, slug, key string, match Match, set agenda.FeedSettings) (Starred, error) {
	given := set.Panels
	set.Clean()
	return a.changeStarred(ctx, slug, key, match, func(tx *store.Tx, s *Starred) error {
		next := s.Feed
		next.FeedSettings = set
		err := a.checkStars(tx, s.Event, next, given, s.Feed.Panels)
		if err == nil {
			s.Feed, err = a.setFeed(tx, s.Feed, set)
		}
		return err
	})
}

// RotateStarredFeed gives a starred feed another address; calendars that have the one before are
// emptied. The key stays.
func (a *App) RotateStarredFeed(ctx context.Context, slug, key string, match Match) (Starred, error) {
	return a.changeStarred(ctx, slug, key, match, func(tx *store.Tx, s *Starred) (err error) {
		s.Secret = starredSecret(key, s.Feed.Turn+1)
		s.Feed, err = a.rotate(tx, s.Feed, s.Secret)
		return err
	})
}

// CloseStarredFeed gives a starred feed up.
func (a *App) CloseStarredFeed(ctx context.Context, slug, key string) error {
	_, err := a.changeStarred(ctx, slug, key, Match{Any: true}, func(tx *store.Tx, s *Starred) error {
		return tx.RevokeFeed(s.Event.ID, s.Feed.ID, a.moment())
	})
	return err
}

func (a *App) changeStarred(ctx context.Context, slug, key string, match Match, fn func(*store.Tx, *Starred) error) (s Starred, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if s, err = starredBy(tx, slug, key); err != nil {
			return err
		}
		if err := tx.LockEvent(s.Event.ID); err != nil {
			return err
		}
		// Two who hold the key may have come at the same time.
		if s, err = starredBy(tx, slug, key); err != nil {
			return err
		}
		if err := match.check(s.Feed.Revision, s); err != nil {
			return err
		}
		return fn(tx, &s)
	})
	return s, err
}
