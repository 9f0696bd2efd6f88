package app

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// OpenFeed makes a personal calendar feed. Its secret is given once; only a hash of it is kept.
func (a *App) OpenFeed(ctx context.Context, actor agenda.Actor, slug string, f agenda.Feed, o Once) (made agenda.Feed, secret string, err error) {
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		var faults agenda.Faults
		f.Name = agenda.CleanLine(f.Name)
		faults.Merge("", f.Check())
		if err := unknownPeople(tx, e, &faults, map[string]agenda.ID{"/person": f.PersonID}); err != nil {
			return err
		}
		if err := faults.Err("feed"); err != nil {
			return err
		}
		_, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) {
			secret = a.secret()
			f.ID, f.EventID, f.Created, f.Hash = a.newID(), e.ID, a.moment(), hashSecret(secret)
			if err := tx.InsertFeed(f); err != nil {
				return "", err
			}
			return f.ID, a.note(tx, actor, e.ID, "feed.open", f.ID, "opened a personal feed")
		})
		if err != nil {
			return err
		}
		if replayed {
			return errShownOnce
		}
		made = f
		return nil
	})
	return made, secret, err
}

var errShownOnce = agenda.Errorf(agenda.Taken, "This was made before with the same Idempotency-Key, and its secret was shown then: revoke it and make another.")

// Feed gives one personal feed.
func (a *App) Feed(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (f agenda.Feed, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		f, err = tx.Feed(e.ID, id)
		return err
	})
	return f, err
}

// Feeds lists the personal feeds of the Event.
func (a *App) Feeds(ctx context.Context, actor agenda.Actor, slug string, page Page) (feeds []agenda.Feed, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		feeds, next, err = tx.Feeds(e.ID, page)
		return err
	})
	return feeds, next, err
}

// RevokeFeed ends a personal feed for good.
func (a *App) RevokeFeed(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) error {
	return a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		if err := tx.RevokeFeed(e.ID, id, a.moment()); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "feed.revoke", id, "revoked a personal feed")
	})
}

// PersonalCalendar is what a personal feed shows.
type PersonalCalendar struct {
	Feed     agenda.Feed
	Person   agenda.Person
	Event    agenda.Event    // as it is now
	Release  *agenda.Release // nil before the first
	Meetings []agenda.Meeting
	Stamps   map[string]agenda.Stamp // of the Meetings, by UID
	People   []agenda.Person         // of the Meetings
	Rooms    []agenda.Room
}

// FetchFeed gives what the feed of that secret shows. The secret is all the right that it takes. A
// secret that nobody has is NotFound, a revoked one Gone.
func (a *App) FetchFeed(ctx context.Context, secret, agent string) (c PersonalCalendar, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		c = PersonalCalendar{}
		if c.Feed, err = tx.FeedByHash(hashSecret(secret)); err != nil {
			return err
		}
		if c.Feed.Revoked != nil {
			return agenda.Errorf(agenda.Gone, "This calendar is closed. Ask the organizers for a new address.")
		}
		return a.loadCalendar(tx, &c)
	})
	if err == nil {
		a.touchFeed(ctx, c.Feed, agent)
	}
	return c, err
}

func (a *App) loadCalendar(tx *store.Tx, c *PersonalCalendar) (err error) {
	if c.Event, err = tx.Event(c.Feed.EventID); err != nil {
		return err
	}
	if c.Person, err = tx.Person(c.Event.ID, c.Feed.PersonID); err != nil {
		return err
	}
	head, err := tx.LatestReleaseHead(c.Event.ID)
	if err == nil {
		c.Release, err = a.release(tx, head)
	}
	if err != nil && agenda.CodeOf(err) != agenda.NotFound {
		return err
	}
	if c.Meetings, err = tx.MeetingsOf(c.Event.ID, c.Person.ID); err != nil {
		return err
	}
	c.Stamps = map[string]agenda.Stamp{}
	var ids []agenda.ID
	for _, m := range c.Meetings {
		stamp, found, err := tx.Stamp(m.UID)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("meeting %s has no stamp", m.ID)
		}
		c.Stamps[m.UID] = stamp
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				ids = append(ids, d.PersonID)
			}
		}
	}
	if c.People, err = tx.PeopleByID(c.Event.ID, ids); err != nil {
		return err
	}
	c.Rooms, err = tx.AllRooms(c.Event.ID)
	return err
}

// touchEvery is how exactly the last use of a feed or token is known: each would else be a write.
const touchEvery = 5 * time.Minute

// touchFeed remembers who fetched the feed. That it could not is no reason to refuse the calendar.
func (a *App) touchFeed(ctx context.Context, f agenda.Feed, agent string) {
	agent = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(agent, "\uFFFD"))
	if runes := []rune(agent); len(runes) > 200 {
		agent = string(runes[:200])
	}
	now := a.moment()
	if f.LastFetch != nil && now.Sub(*f.LastFetch) < touchEvery && f.FetchedBy == agent {
		return
	}
	err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.TouchFeed(f.ID, now, agent) })
	if err != nil {
		a.log.WarnContext(ctx, "the last fetch of a feed was not kept", "feed", f.ID, "error", err)
	}
}
