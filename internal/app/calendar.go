package app

import (
	"context"
	"time"

	"golang.org/x/text/language"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// CalendarHead says of which state an Event's public feeds are: as long as it is the same, and the
// clock enters no other phase, so are their bytes.
type CalendarHead struct {
	EventID  agenda.ID
	Event    agenda.Event // as it was published
	Revision int
	Clock
}

// Clock is what feeds depend on besides what is stored. It changes once a day at most, and when the
// Event begins and ends.
type Clock struct {
	Phase          agenda.Phase
	PhaseSince     time.Time // zero before the Event
	CancelledSince time.Time // what is cancelled and ended before it is not told any more
	Until          time.Time // when it is another one
}

// refreshes say how soon calendars should ask again.
var refreshes = map[agenda.Phase]time.Duration{agenda.BeforeEvent: time.Hour, agenda.DuringEvent: 15 * time.Minute, agenda.AfterEvent: 12 * time.Hour}

// cancelledFor is how long what is cancelled stays in a feed after its end, so that calendars show
// that it was.
const cancelledFor = 7 * 24 * time.Hour

func (a *App) clock(e *agenda.Event) Clock {
	now := a.now()
	today := now.UTC().Truncate(24 * time.Hour)
	c := Clock{CancelledSince: today.Add(-cancelledFor), Until: today.Add(24 * time.Hour)}
	c.Phase, c.PhaseSince = e.Phase(now)
	if end := e.PhaseUntil(now); !end.IsZero() && end.Before(c.Until) {
		c.Until = end
	}
	return c
}

// floor is when the clock may have changed feeds last: what changes them now counts as later.
func (c Clock) floor() time.Time { return latestOf(c.PhaseSince, c.CancelledSince.Add(cancelledFor)) }

// changed gives when the clock last changed a feed that leaves out what was cancelled and ended then.
func (c Clock) changed(lapsed []time.Time) time.Time {
	last := c.PhaseSince
	for _, end := range lapsed {
		last = latestOf(last, end.Add(cancelledFor).Truncate(24*time.Hour).Add(24*time.Hour))
	}
	return last
}

// Calendar is a feed as it goes out.
type Calendar struct {
	Body     []byte
	Modified time.Time // when it last changed, whole seconds
	Name     string    // for a file, without a suffix
}

// CalendarRequest says which public feed is asked for.
type CalendarRequest struct {
	Slug      string
	Scope     agenda.FeedScope
	Language  string                // one of [FeedLanguage]
	Cancelled agenda.CancelledItems // "": prefixed
	Whole     bool                  // with the Event itself
	Base      string                // address of the installation, without a trailing slash
	Source    string                // the feed's own address
	Page      string                // of what it shows
}

// keptPress makes the feeds of a Snapshot, in whatever language.
type keptPress struct {
	of *agenda.Snapshot
	*ical.Press
}

// stampsKey names the revisions of an Event's entries in a Variant.
type stampsKey struct {
	event   agenda.ID
	public  bool
	variant agenda.Variant
}

// keptRevisions are those of one state of the calendar. Nobody asks for those of a state before: each is as long as all that the Event
// ever had in its calendars, and a Meeting makes another.
type keptRevisions struct {
	state int
	revisions
}

// revisionsAt gives what is kept of that state.
func (a *App) revisionsAt(key stampsKey, state int) (revisions, bool) {
	kept, known := a.stamps.get(key)
	if !known || kept.state != state {
		return revisions{}, false
	}
	return kept.revisions, true
}

// calendar is what all feeds of an Event that are told alike are made from. It is not changed any more.
type calendar struct {
	press *ical.Press
	revisions
}

// revisions are those of an Event's entries in one Variant.
type revisions struct {
	stamps agenda.Stamps
	sums   map[feedKey]ical.Sum // of public feeds, as far as they are known
}

// feedKey tells the public feeds of an Event in a language apart.
type feedKey struct {
	scope     agenda.FeedScope
	cancelled agenda.CancelledItems
}

// keptSums is how many sums are carried on to the next Release at most; when there are more, those of speakers, which are the most and
// are soon made, are not.
const keptSums = 250

// calendar prepares the feeds of an Event that are told in a Variant, once for each state of its
// calendar: after a publication, each of them is asked for anew. Public ones have no Meetings, and need
// not be prepared anew when only these changed.
func (a *App) calendar(tx *store.Tx, event agenda.ID, s *agenda.Snapshot, v agenda.Variant, language, base string, public bool) (calendar, error) {
	c := calendar{press: a.press(s, language, base)}
	state, err := tx.Calendar(event)
	if err != nil {
		return c, err
	}
	key, revision := stampsKey{event, public, v}, state.Revision
	if public {
		revision = state.Public
	}
	var known bool
	if c.revisions, known = a.revisionsAt(key, revision); known {
		return c, nil
	}
	if c.stamps, err = tx.StampsIn(event, v); err == nil {
		a.stamps.put(key, keptRevisions{revision, c.revisions})
	}
	return c, err
}

// press gives what makes the feeds of a Snapshot in a language, with links below base. What all languages have in common is made
// once. That of an Event without Panels is soon made, and its Snapshot need not be one that is kept.
func (a *App) press(s *agenda.Snapshot, language, base string) *ical.Press {
	if len(s.Panels)+len(s.Removed) == 0 {
		return press(s, base, language)
	}
	p, ok := a.presses.get(s)
	if !ok {
		p = keptPress{s, press(s, base, language)}
		a.presses.put(s, p)
	}
	return p.In(linksTo(s, base), language)
}

// prepareCalendars makes ready what the public feeds of an Event are made from, when it was published at
// this address: all calendars will come for them. That it could not be done is no reason to fail.
func (a *App) prepareCalendars(ctx context.Context, slug string) {
	if a.base == "" {
		return
	}
	err := a.public(ctx, slug, func(tx *store.Tx, row store.Release) error {
		r, err := a.release(tx, row)
		if err != nil {
			return err
		}
		for _, language := range feedLanguages(&r.Snapshot.Event) {
			if _, err := a.calendar(tx, row.EventID, &r.Snapshot, agenda.Variant(language), language, a.base, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && agenda.CodeOf(err) != agenda.NotFound { // nothing is published yet
		a.log.WarnContext(ctx, "the calendars were not prepared", "event", slug, "error", err)
	}
}

// CalendarHead gives the state of the Event's public feeds. Anybody may ask.
func (a *App) CalendarHead(ctx context.Context, slug string) (h CalendarHead, err error) {
	err = a.public(ctx, slug, func(tx *store.Tx, row store.Release) error {
		r, err := a.release(tx, row)
		if err != nil {
			return err
		}
		state, err := tx.Calendar(row.EventID)
		h = CalendarHead{EventID: row.EventID, Event: r.Snapshot.Event, Revision: state.Public, Clock: a.clock(&r.Snapshot.Event)}
		return err
	})
	return h, err
}

// FeedLanguage gives the language in which the Event's feeds are told to who asks for one, "" for the
// Event's first.
func FeedLanguage(e *agenda.Event, asked string) string {
	languages := feedLanguages(e)
	tag, err := language.Parse(asked)
	if asked == "" || err != nil {
		return languages[0]
	}
	_, i, confidence := agenda.MatcherOf(languages).Match(tag)
	if confidence < language.Low {
		return languages[0]
	}
	return languages[i]
}

// PublicCalendar gives a public feed of the latest Release. Anybody may ask. What the Event never had
// is NotFound; the feed of what it has no longer is empty.
func (a *App) PublicCalendar(ctx context.Context, q CalendarRequest) (c Calendar, err error) {
	err = a.public(ctx, q.Slug, func(tx *store.Tx, row store.Release) error {
		r, err := a.release(tx, row)
		if err != nil {
			return err
		}
		s, clock := &r.Snapshot, a.clock(&r.Snapshot.Event)
		told, err := a.calendar(tx, row.EventID, s, agenda.Variant(q.Language), q.Language, q.Base, true)
		if err != nil {
			return err
		}
		modified, err := feedModified(tx, s, q, told.stamps)
		if err != nil {
			return err
		}
		c, err = fill(told.press, ical.Options{Scope: q.Scope, URL: q.Page, Source: q.Source, Stamps: told.stamps,
			Modified: modified, Cancelled: q.Cancelled, Whole: q.Whole}, clock)
		return err
	})
	return c, err
}

// fill makes a feed at that time, o.Modified being when it last changed as far as that is stored.
func fill(p *ical.Press, o ical.Options, clock Clock) (Calendar, error) {
	o.Refresh, o.CancelledSince = refreshes[clock.Phase], clock.CancelledSince
	lapsed, err := p.Lapsed(o)
	if err != nil {
		return Calendar{}, err
	}
	o.Modified = latestOf(o.Modified, clock.changed(lapsed)).UTC().Truncate(time.Second)
	body, err := p.Feed(o)
	return Calendar{Modified: o.Modified, Body: body}, err
}

// feedModified gives when a public feed last changed, as far as that is stored. That of a single Panel
// changes with its entry and with what all of them say of the Event.
func feedModified(tx *store.Tx, s *agenda.Snapshot, q CalendarRequest, stamps agenda.Stamps) (time.Time, error) {
	scope := q.Scope
	if scope.Kind == agenda.FeedOfPanel {
		scope = anyPanel
	}
	state, err := tx.FeedState(s.Event.ID, scope.String(), feedVariant(q.Language, q.Cancelled))
	if err != nil {
		return time.Time{}, err
	}
	if q.Whole {
		state.Modified = latestOf(state.Modified, stamps.Of(agenda.EventUID(&s.Event)).Modified)
	}
	if scope == q.Scope {
		return state.Modified, nil
	}
	p, found := s.Panel(string(q.Scope.ID))
	if !found {
		p, found = s.RemovedPanel(string(q.Scope.ID))
	}
	if !found {
		return time.Time{}, agenda.Errorf(agenda.NotFound, "The agenda has no such calendar.")
	}
	return latestOf(state.Modified, stamps.Of(p.UID).Modified), nil
}

// ReleaseCalendar gives the whole calendar of a Release or of the draft, for organizers: that of the
// latest Release is what its feed says, the others have the revisions that they would have now.
func (a *App) ReleaseCalendar(ctx context.Context, actor agenda.Actor, r *agenda.Release, base string) (body []byte, err error) {
	s := &r.Snapshot
	site, language := agenda.Site{Base: base, Slug: s.Event.Slug}, feedLanguages(&s.Event)[0]
	err = a.view(ctx, actor, agenda.ReadDraft, s.Event.Slug, func(tx *store.Tx, e agenda.Event) error {
		clock := a.clock(&s.Event)
		o := ical.Options{URL: site.Page(), Source: site.Calendar()}
		if o.Stamps, err = tx.StampsIn(e.ID, agenda.Variant(language)); err != nil {
			return err
		}
		entries, err := press(s, settledAt, language).Entries(agenda.Variant(language))
		if err != nil {
			return err
		}
		o.Stamps = o.Stamps.With(agenda.StampsOf(agenda.Restamp(o.Stamps.List(), entries, false, r.Published), agenda.Variant(language)))
		head, err := tx.LatestReleaseHead(e.ID)
		if err != nil && agenda.CodeOf(err) != agenda.NotFound {
			return err
		}
		if err == nil && head.ID == r.ID {
			o.Modified, err = feedModified(tx, s, CalendarRequest{Scope: agenda.FeedScope{Kind: agenda.FeedOfEvent}, Language: language}, o.Stamps)
			if err != nil {
				return err
			}
		}
		c, err := fill(press(s, base, language), o, clock)
		body = c.Body
		return err
	})
	return body, err
}

func latestOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
