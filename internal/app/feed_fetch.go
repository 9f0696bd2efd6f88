package app

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// FeedHead says which feed a secret opens and of which state it is: as long as that is the same, and
// the clock enters no other phase, so are its bytes.
type FeedHead struct {
	Feed     agenda.Feed
	Event    agenda.Event // as it is now
	Revision int          // of the Event's calendar
	Clock
}

// closedFor is how long a revoked feed answers with an empty calendar: most calendars then delete
// what they had, which an error would make them keep.
const closedFor = 30 * 24 * time.Hour

// FetchFeed says what the feed of that secret is, and notes that it was fetched by that program. The
// secret is all the right that it takes. One that nobody has is NotFound, one that was revoked longer
// ago than calendars need to notice is Gone.
func (a *App) FetchFeed(ctx context.Context, secret, agent string) (h FeedHead, err error) {
	h, err = a.feedHead(ctx, secret)
	if err == nil && h.Feed.Revoked == nil {
		a.touchFeed(ctx, h.Feed, agent)
	}
	return h, err
}

// FeedOf says the same to a page about the feed: nobody's calendar fetched it.
func (a *App) FeedOf(ctx context.Context, secret string) (FeedHead, error) {
	return a.feedHead(ctx, secret)
}

func (a *App) feedHead(ctx context.Context, secret string) (h FeedHead, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		h = FeedHead{}
		if h.Feed, err = feedBySecret(tx, secret); err != nil {
			return err
		}
		if h.Feed.Revoked != nil && a.now().Sub(*h.Feed.Revoked) >= closedFor {
			return agenda.Errorf(agenda.Gone, "This calendar is closed. Ask the organizers for a new address.")
		}
		if h.Feed.EventID == "" {
			return nil
		}
		var latest store.Release
		if h.Event, h.Revision, latest, err = tx.EventState(h.Feed.EventID); err != nil {
			return err
		}
		published := &h.Event
		if latest.ID != "" {
			r, err := a.release(tx, latest)
			if err != nil {
				return err
			}
			published = &r.Snapshot.Event
		}
		h.Clock = a.clock(published)
		return nil
	})
	return h, err
}

// feedBySecret gives the feed of a secret. That of an Event that was deleted is of none and revoked.
func feedBySecret(tx *store.Tx, secret string) (agenda.Feed, error) {
	hash := hashSecret(secret)
	f, err := tx.FeedByHash(hash)
	if agenda.CodeOf(err) != agenda.NotFound {
		return f, err
	}
	closed, none := tx.ClosedFeed(hash)
	if none != nil {
		return f, none
	}
	return agenda.Feed{Hash: hash, Revoked: &closed}, nil
}

// FeedCalendar gives the calendar of a feed that has a secret, with links below base.
func (a *App) FeedCalendar(ctx context.Context, h FeedHead, base string) (c Calendar, err error) {
	f := h.Feed
	if f.Revoked != nil {
		// Later than all that it told before, also when that was in the same second or the clock was set back.
		c = Calendar{Modified: latestOf(f.Modified, *f.Revoked).UTC().Truncate(time.Second).Add(time.Second), Name: "closed"}
		c.Body, err = ical.Closed(f.Language)
		return c, err
	}
	var p *ical.Press
	var o ical.Options
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, o, err = a.feedOptions(tx, h, base)
		return err
	})
	if err != nil {
		return c, err
	}
	content, err := p.Outline(o)
	if err != nil {
		return c, err
	}
	if o.Modified, err = a.feedChanged(ctx, h, content); err != nil {
		return c, err
	}
	c, err = fill(p, o, h.Clock)
	c.Name = h.Event.Slug + "-" + string(f.Kind)
	return c, err
}

// feedOptions says what a feed with a secret shows, and gives what makes it.
func (a *App) feedOptions(tx *store.Tx, h FeedHead, base string) (*ical.Press, ical.Options, error) {
	f := h.Feed
	site := agenda.Site{Base: base, Slug: h.Event.Slug}
	o := ical.Options{Scope: f.Scope(), Panels: f.Panels, Personal: true, URL: site.Page(), Changed: f.Changed,
		BusyOnly: f.Detail == agenda.BusyOnly, Alarm: f.Alarm, Cancelled: f.Cancelled, Whole: f.Whole}
	s, err := a.feedSnapshot(tx, h.Event)
	if err != nil {
		return nil, o, err
	}
	language := FeedLanguage(&s.Event, f.Language)
	variant := agenda.Variant(language)
	if o.BusyOnly {
		variant = agenda.BusyVariant
	}
	told, err := a.calendar(tx, h.Event.ID, s, variant, language, base, false)
	if err != nil {
		return nil, o, err
	}
	p := told.press
	o.Stamps = told.stamps
	if f.Kind != agenda.PersonalFeed {
		return p, o, nil
	}
	// Who is told when somebody is busy is not told who that is.
	if _, ok := s.Person(f.PersonID); ok && !o.BusyOnly {
		o.URL = site.Speaker(f.PersonID)
	}
	person, err := tx.Person(h.Event.ID, f.PersonID)
	if err != nil {
		return nil, o, err
	}
	o.People = map[agenda.ID]agenda.Person{person.ID: person}
	if !f.Meetings {
		return p, o, nil
	}
	if err := addAppointments(tx, h.Event.ID, f.PersonID, &o); err != nil || !f.WithoutMailed {
		return p, o, err
	}
	mailed, err := mailedMeetings(tx, h.Event.ID, f.PersonID)
	o.Meetings = slices.DeleteFunc(o.Meetings, func(a ical.Appointment) bool { return mailed[a.Meeting.ID] })
	return p, o, err
}

// addAppointments adds the Meetings of a Person to their feed.
func addAppointments(tx *store.Tx, event, person agenda.ID, o *ical.Options) error {
	meetings, err := tx.MeetingsOf(event, person)
	if err != nil {
		return err
	}
	shown, err := meetingFacts(tx, event, meetings)
	if err != nil {
		return err
	}
	for id, p := range shown.people {
		o.People[id] = p
	}
	var busy agenda.Stamps
	asked := false
	for _, m := range meetings {
		appointment := shown.appointment(m)
		appointment.Stamp = o.Stamps.Of(m.UID)
		if !o.BusyOnly && !m.SeenBy(person) {
			if !asked {
				if busy, err = tx.StampsIn(event, agenda.BusyVariant); err != nil {
					return err
				}
				asked = true
			}
			appointment.Busy, appointment.Stamp = true, busy.Of(m.UID)
		}
		o.Meetings = append(o.Meetings, appointment)
	}
	return nil
}

// feedChanged gives since when a feed has had this content, and keeps it when it is new.
func (a *App) feedChanged(ctx context.Context, h FeedHead, content string) (time.Time, error) {
	f := h.Feed
	if f.Content == content && !f.Modified.IsZero() {
		return f.Modified, nil
	}
	var modified time.Time
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockEvent(f.EventID); err != nil {
			return err
		}
		// Who came at the same time may have noted it first.
		now, err := tx.Feed(f.EventID, f.ID)
		if err != nil {
			return err
		}
		if now.Content == content && !now.Modified.IsZero() {
			modified = now.Modified
			return nil
		}
		modified = afterSecond(latestOf(now.Modified, h.floor()), a.now())
		return tx.SetFeedContent(f.ID, now.Content, content, modified)
	})
	return modified, err
}

// touchEvery is how exactly the last use of a feed or token is known: each would else be a write.
// Another program is noted sooner, so that somebody who subscribes can see that it was fetched.
const (
	touchEvery = 5 * time.Minute
	touchOther = 20 * time.Second
)

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
	if f.LastFetch != nil && now.Sub(*f.LastFetch) < touchEvery && (f.FetchedBy == agent || now.Sub(*f.LastFetch) < touchOther) {
		return
	}
	err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.TouchFeed(f.ID, now, agent) })
	if err != nil {
		a.log.WarnContext(ctx, "the last fetch of a feed was not kept", "feed", f.ID, "error", err)
	}
}
