package store

import (
	"fmt"
	"slices"

	"plenary/internal/agenda"
)

type eventRow struct {
	ID             string     `gorm:"column:id;primaryKey"`
	Slug           string     `gorm:"column:slug"`
	Name           textColumn `gorm:"column:name"`
	Description    textColumn `gorm:"column:description"`
	Zone           string     `gorm:"column:zone"`
	StartDate      string     `gorm:"column:start_date"`
	EndDate        string     `gorm:"column:end_date"`
	Languages      listColumn `gorm:"column:languages"`
	VenueName      textColumn `gorm:"column:venue_name"`
	VenueAddress   textColumn `gorm:"column:venue_address"`
	VenueCountry   string     `gorm:"column:venue_country"`
	VenueLatitude  *float64   `gorm:"column:venue_latitude"`
	VenueLongitude *float64   `gorm:"column:venue_longitude"`
	Website        string     `gorm:"column:website"`
	Accent         string     `gorm:"column:accent"`
	BufferMinutes  int        `gorm:"column:buffer_minutes"`
	Frame          frameRow   `gorm:"embedded"`
	Search         string     `gorm:"column:search"`
	Revision       int        `gorm:"column:revision"`
	Created        int64      `gorm:"column:created_at"`
	Updated        int64      `gorm:"column:updated_at"`
}

// frameRow are the columns of agenda.MeetingFrame.
type frameRow struct {
	From        string `gorm:"column:meetings_from"`
	Until       string `gorm:"column:meetings_until"`
	Turnaround  int    `gorm:"column:turnaround_minutes"`
	WorkMinutes int    `gorm:"column:work_minutes"`
	RestMinutes int    `gorm:"column:rest_minutes"`
}

func (eventRow) TableName() string { return "events" }

// eventUpdates are the columns that an update writes.
var eventUpdates = []string{"slug", "name", "description", "zone", "start_date", "end_date", "languages", "venue_name",
	"venue_address", "venue_country", "venue_latitude", "venue_longitude", "website", "accent", "buffer_minutes", "search",
	"meetings_from", "meetings_until", "turnaround_minutes", "work_minutes", "rest_minutes", "revision", "updated_at"}

func rowOfEvent(e agenda.Event) *eventRow {
	r := &eventRow{ID: string(e.ID), Slug: e.Slug, Name: textColumn(e.Name), Description: textColumn(e.Description),
		Zone: e.Zone, StartDate: string(e.StartDate), EndDate: string(e.EndDate), Languages: e.Languages,
		VenueName: textColumn(e.Venue.Name), VenueAddress: textColumn(e.Venue.Address), VenueCountry: e.Venue.Country,
		Website: e.Website, Accent: e.Accent, BufferMinutes: e.BufferMinutes, Frame: frameRow(e.Frame), Revision: e.Revision,
		Search:  searchable([]agenda.Text{e.Name, e.Venue.Name}, e.Slug),
		Created: millis(e.Created), Updated: millis(e.Updated)}
	if e.Venue.Place != nil {
		place := *e.Venue.Place
		r.VenueLatitude, r.VenueLongitude = &place.Latitude, &place.Longitude
	}
	return r
}

func (r eventRow) event() agenda.Event {
	e := agenda.Event{ID: agenda.ID(r.ID), Slug: r.Slug, Name: agenda.Text(r.Name),
		Description: agenda.Text(r.Description), Zone: r.Zone, StartDate: agenda.Date(r.StartDate),
		EndDate: agenda.Date(r.EndDate), Languages: r.Languages,
		Venue: agenda.Venue{Name: agenda.Text(r.VenueName), Address: agenda.Text(r.VenueAddress),
			Country: r.VenueCountry},
		Website: r.Website, Accent: r.Accent, BufferMinutes: r.BufferMinutes, Frame: agenda.MeetingFrame(r.Frame), Revision: r.Revision,
		Created: instant(r.Created), Updated: instant(r.Updated)}
	if r.VenueLatitude != nil && r.VenueLongitude != nil {
		e.Venue.Place = &agenda.Place{Latitude: *r.VenueLatitude, Longitude: *r.VenueLongitude}
	}
	return e
}

func eventWording(e agenda.Event) wording {
	return wording{noun: "event", taken: map[string]string{
		"events_slug_key": fmt.Sprintf("The slug %q is in use.", e.Slug),
	}}
}

// EventFilter narrows a list of events. The zero value is all of them.
type EventFilter struct {
	IDs   []agenda.ID // these only; nil means all, an empty list none
	Query string      // words that are all in slug, name or venue, whatever their case and marks
}

var eventsByDate = order[eventRow]{name: "events", keys: []key[eventRow]{
	{expr: "start_date", desc: true, text: func(r eventRow) string { return r.StartDate }},
	{expr: "id", text: func(r eventRow) string { return r.ID }},
}}

// Event gives the event of that ID.
func (tx *Tx) Event(id agenda.ID) (agenda.Event, error) {
	return one(tx.db.Where("id = ?", id), "event", eventRow.event)
}

// eventState is an event with what its feeds depend on.
type eventState struct {
	Event    eventRow `gorm:"embedded"`
	Calendar int      `gorm:"column:calendar"`
	Release  string   `gorm:"column:release_id"`
	Number   int      `gorm:"column:release_number"`
	Erasures int      `gorm:"column:release_erasures"`
}

func (eventState) TableName() string { return "events" }

// EventState gives the event of that ID, the revision of its calendar (0: it has none yet), and its latest release without the
// snapshot; a release without an ID while there is none.
func (tx *Tx) EventState(id agenda.ID) (e agenda.Event, calendar int, latest Release, err error) {
	q := tx.db.Select(`events.*, COALESCE(calendars.revision, 0) AS calendar, COALESCE(releases.id, '') AS release_id,
		COALESCE(releases.number, 0) AS release_number, COALESCE(releases.erasures, 0) AS release_erasures`).
		Joins("LEFT JOIN calendars ON calendars.event_id = events.id").
		Joins("LEFT JOIN releases ON releases.event_id = events.id AND releases.number = (SELECT MAX(number) FROM releases WHERE event_id = events.id)").
		Where("events.id = ?", id)
	s, err := one(q, "event", func(s eventState) eventState { return s })
	if err != nil {
		return e, 0, latest, err
	}
	return s.Event.event(), s.Calendar, Release{ID: agenda.ID(s.Release), EventID: id, Number: s.Number, Erasures: s.Erasures}, nil
}

// EventBySlug gives the event of that slug.
func (tx *Tx) EventBySlug(slug string) (agenda.Event, error) {
	return one(tx.db.Where("slug = ?", slug), "event", eventRow.event)
}

// Events lists events, those that begin last first, then by ID.
func (tx *Tx) Events(f EventFilter, page Page) (events []agenda.Event, next string, err error) {
	q := tx.db.Model(&eventRow{})
	if f.IDs != nil {
		q = q.Where("id IN ?", append([]agenda.ID{""}, f.IDs...))
	}
	rows, next, err := paged(searching(q, f.Query, "search LIKE ? ESCAPE '!'"), eventsByDate, "", page)
	return convert(rows, eventRow.event), next, err
}

// AllEvents gives all events, those that begin last first, then by ID.
func (tx *Tx) AllEvents() ([]agenda.Event, error) {
	rows, err := all[eventRow](tx.db, eventsByDate.by())
	return convert(rows, eventRow.event), err
}

// PublishedEvents gives all events that have a release, those that begin last first, then by ID.
func (tx *Tx) PublishedEvents() ([]agenda.Event, error) {
	rows, err := all[eventRow](tx.db.Where("EXISTS (SELECT 1 FROM releases WHERE releases.event_id = events.id)"),
		eventsByDate.by())
	return convert(rows, eventRow.event), err
}

// InsertEvent adds an event. The error is agenda.Taken when the slug is in use.
func (tx *Tx) InsertEvent(e agenda.Event) error {
	return insert(tx, []*eventRow{rowOfEvent(e)}, eventWording(e))
}

// UpdateEvent writes an event, whose revision is the stored one plus one.
func (tx *Tx) UpdateEvent(e agenda.Event) error {
	return tx.eventVersion(e.ID, e.Revision-1).update(eventUpdates, rowOfEvent(e), eventWording(e))
}

// usersOfResources are the tables that refer to participants, rooms and tracks and keep those from being deleted. They
// are emptied before an event goes: in which order it takes what it owns is PostgreSQL's choice, and differs from one
// database to the next.
var usersOfResources = []string{"meetings", "panels", "feeds"}

// DeleteEvent removes an event with all that it owns, and the people who take part in no other one. The log of what
// was done stays.
func (tx *Tx) DeleteEvent(id agenda.ID, revision int) error {
	now, err := tx.Event(id)
	if err != nil {
		return err
	}
	if now.Revision != revision {
		return stale("event", now)
	}
	var only []string
	err = tx.db.Raw(`SELECT person_id FROM participants p WHERE event_id = ? AND NOT EXISTS
		(SELECT 1 FROM participants o WHERE o.person_id = p.person_id AND o.event_id <> p.event_id)
		ORDER BY person_id`, id).Scan(&only).Error
	if err != nil {
		return fault("read participants", err, wording{})
	}
	tx.touchAll(id)
	for _, table := range usersOfResources {
		if err := tx.db.Exec("DELETE FROM "+table+" WHERE event_id = ?", id).Error; err != nil {
			return fault("delete "+table, err, wording{noun: "event"})
		}
	}
	if err := tx.eventVersion(id, revision).delete(&eventRow{}, wording{noun: "event"}); err != nil {
		return err
	}
	if err := tx.TellPublic(); err != nil {
		return err
	}
	delete(tx.touched, id)
	for part := range slices.Chunk(only, chunk) {
		if err := tx.db.Where("id IN ?", part).Delete(&personRow{}).Error; err != nil {
			return fault("delete people", err, wording{used: "Somebody of this event was added to another one meanwhile. Try again."})
		}
	}
	return tx.SweepFiles()
}

func (tx *Tx) eventVersion(id agenda.ID, revision int) version {
	return version{tx: tx, noun: "event", id: id, revision: revision,
		current: func() (any, error) { return tx.Event(id) }}
}
