package store

import (
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type feedRow struct {
	ID        string `gorm:"column:id;primaryKey"`
	EventID   string `gorm:"column:event_id"`
	PersonID  string `gorm:"column:person_id"`
	Name      string `gorm:"column:name"`
	Hash      string `gorm:"column:hash"`
	Language  string `gorm:"column:language"`
	LastFetch *int64 `gorm:"column:last_fetch_at"`
	FetchedBy string `gorm:"column:fetched_by"`
	Revoked   *int64 `gorm:"column:revoked_at"`
	Created   int64  `gorm:"column:created_at"`
}

func (feedRow) TableName() string { return "feeds" }

func (r feedRow) feed() agenda.Feed {
	return agenda.Feed{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), PersonID: agenda.ID(r.PersonID), Name: r.Name,
		Hash: r.Hash, Language: r.Language, LastFetch: instantOrNil(r.LastFetch), FetchedBy: r.FetchedBy,
		Revoked: instantOrNil(r.Revoked), Created: instant(r.Created)}
}

var feedsByCreation = order[feedRow]{name: "feeds", keys: []key[feedRow]{
	{expr: "created_at", num: func(r feedRow) int64 { return r.Created }},
	{expr: "id", text: func(r feedRow) string { return r.ID }},
}}

// Feed gives a feed of the event, revoked or not.
func (tx *Tx) Feed(event, id agenda.ID) (agenda.Feed, error) {
	return one(tx.of(event).Where("id = ?", id), "feed", feedRow.feed)
}

// FeedByHash gives the feed whose secret has that hash, revoked or not.
func (tx *Tx) FeedByHash(hash string) (agenda.Feed, error) {
	return one(tx.db.Where("hash = ?", hash), "feed", feedRow.feed)
}

// Feeds lists the event's feeds, oldest first, then by ID.
func (tx *Tx) Feeds(event agenda.ID, page Page) (feeds []agenda.Feed, next string, err error) {
	rows, next, err := paged(tx.of(event), feedsByCreation, string(event), page)
	return convert(rows, feedRow.feed), next, err
}

// AllFeeds gives the event's feeds, oldest first, then by ID.
func (tx *Tx) AllFeeds(event agenda.ID) ([]agenda.Feed, error) {
	rows, err := all[feedRow](tx.of(event), feedsByCreation.by())
	return convert(rows, feedRow.feed), err
}

// InsertFeed adds a feed.
func (tx *Tx) InsertFeed(f agenda.Feed) error {
	return insert(tx, []*feedRow{{ID: string(f.ID), EventID: string(f.EventID), PersonID: string(f.PersonID), Name: f.Name,
		Hash: f.Hash, Language: f.Language, LastFetch: millisOrNull(f.LastFetch), FetchedBy: f.FetchedBy,
		Revoked: millisOrNull(f.Revoked), Created: millis(f.Created)}},
		wording{noun: "feed", refers: "The person is not one of this event's."})
}

// RevokeFeed ends a feed of the event. One that is revoked already stays so from the first time.
func (tx *Tx) RevokeFeed(event, id agenda.ID, at time.Time) error {
	return revoke(tx.of(event).Model(&feedRow{}), "feed", id, at)
}

// TouchFeed notes that a feed was fetched, and by which program.
func (tx *Tx) TouchFeed(id agenda.ID, at time.Time, agent string) error {
	done := tx.db.Model(&feedRow{}).Where("id = ?", id).
		Updates(map[string]any{"last_fetch_at": millis(at), "fetched_by": agent})
	return touched(done, "feed")
}

// revoke writes when a credential of the table of q ended, unless it has.
func revoke(q *gorm.DB, noun string, id agenda.ID, at time.Time) error {
	done := q.Where("id = ?", id).Updates(map[string]any{"revoked_at": gorm.Expr("COALESCE(revoked_at, ?)", millis(at))})
	return touched(done, noun)
}

// touched is NotFound when the update found no row.
func touched(done *gorm.DB, noun string) error {
	if done.Error != nil {
		return fault("change "+noun, done.Error, wording{noun: noun})
	}
	if done.RowsAffected == 0 {
		return missing(noun)
	}
	return nil
}
