package store

import (
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type feedRow struct {
	ID        string     `gorm:"column:id;primaryKey"`
	EventID   string     `gorm:"column:event_id"`
	PersonID  *string    `gorm:"column:person_id"`
	Name      string     `gorm:"column:name"`
	Hash      string     `gorm:"column:hash"`
	Language  string     `gorm:"column:language"`
	LastFetch *int64     `gorm:"column:last_fetch_at"`
	FetchedBy string     `gorm:"column:fetched_by"`
	Revoked   *int64     `gorm:"column:revoked_at"`
	Created   int64      `gorm:"column:created_at"`
	Kind      string     `gorm:"column:kind"`
	KeyHash   *string    `gorm:"column:key_hash"`
	Turn      int        `gorm:"column:turn"`
	Alarm     *int       `gorm:"column:alarm_minutes"`
	Detail    string     `gorm:"column:detail"`
	Meetings  bool       `gorm:"column:meetings"`
	Unmailed  bool       `gorm:"column:without_mailed"`
	Whole     bool       `gorm:"column:whole"`
	Cancelled string     `gorm:"column:cancelled"`
	Panels    listColumn `gorm:"column:panels"`
	Revision  int        `gorm:"column:revision"`
	Changed   *int64     `gorm:"column:changed_at"`
	Content   string     `gorm:"column:content"`
	Modified  *int64     `gorm:"column:modified_at"`
}

func (feedRow) TableName() string { return "feeds" }

func (r feedRow) feed() agenda.Feed {
	f := agenda.Feed{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), Kind: agenda.FeedKind(r.Kind), PersonID: idOf(r.PersonID),
		Hash: r.Hash, KeyHash: string(idOf(r.KeyHash)), Turn: r.Turn, Revision: r.Revision, Changed: instantOrZero(r.Changed), Content: r.Content, Modified: instantOrZero(r.Modified),
		LastFetch: instantOrNil(r.LastFetch), FetchedBy: r.FetchedBy, Revoked: instantOrNil(r.Revoked), Created: instant(r.Created),
		FeedSettings: agenda.FeedSettings{Name: r.Name, Language: r.Language, Alarm: r.Alarm, Detail: agenda.FeedDetail(r.Detail),
			Meetings: r.Meetings, WithoutMailed: r.Unmailed, Whole: r.Whole, Cancelled: agenda.CancelledItems(r.Cancelled)}}
	for _, id := range r.Panels {
		f.Panels = append(f.Panels, agenda.ID(id))
	}
	return f
}

func rowOfFeed(f agenda.Feed) *feedRow {
	r := &feedRow{ID: string(f.ID), EventID: string(f.EventID), Kind: string(f.Kind), PersonID: idOrNull(f.PersonID), Hash: f.Hash,
		KeyHash: idOrNull(agenda.ID(f.KeyHash)), Turn: f.Turn, Name: f.Name, Language: f.Language, Alarm: f.Alarm, Detail: string(f.Detail),
		Meetings: f.Meetings, Unmailed: f.WithoutMailed, Whole: f.Whole, Cancelled: string(f.Cancelled), Revision: f.Revision, Changed: zeroIsNull(f.Changed), Content: f.Content, Modified: zeroIsNull(f.Modified),
		LastFetch: millisOrNull(f.LastFetch), FetchedBy: f.FetchedBy, Revoked: millisOrNull(f.Revoked), Created: millis(f.Created)}
	for _, id := range f.Panels {
		r.Panels = append(r.Panels, string(id))
	}
	return r
}

// feedUpdates are the columns that an update writes.
var feedUpdates = []string{"name", "language", "alarm_minutes", "detail", "meetings", "without_mailed", "whole", "cancelled", "panels", "revision", "changed_at"}

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

// Feeds lists the event's feeds of a kind, "" for all, oldest first, then by ID.
func (tx *Tx) Feeds(event agenda.ID, kind agenda.FeedKind, page Page) (feeds []agenda.Feed, next string, err error) {
	q := tx.of(event)
	if kind != "" {
		q = q.Where("kind = ?", kind)
	}
	rows, next, err := paged(q, feedsByCreation, string(event)+" "+string(kind), page)
	return convert(rows, feedRow.feed), next, err
}

// AllFeeds gives the event's feeds, oldest first, then by ID.
func (tx *Tx) AllFeeds(event agenda.ID) ([]agenda.Feed, error) {
	rows, err := all[feedRow](tx.of(event), feedsByCreation.by())
	return convert(rows, feedRow.feed), err
}

// FeedByKey gives the feed that is changed with the key of that hash, the latest when it was rotated.
func (tx *Tx) FeedByKey(hash string) (agenda.Feed, error) {
	return one(tx.db.Where("key_hash = ?", hash).Order("turn DESC, id DESC"), "feed", feedRow.feed)
}

// InsertFeed adds a feed.
func (tx *Tx) InsertFeed(f agenda.Feed) error {
	return insert(tx, []*feedRow{rowOfFeed(f)}, feedWording)
}

var feedWording = wording{noun: "feed", refers: "The person is not one of this event's."}

// UpdateFeed writes the settings of a feed, whose revision is the stored one plus one.
func (tx *Tx) UpdateFeed(f agenda.Feed) error {
	v := version{tx: tx, noun: "feed", event: f.EventID, id: f.ID, revision: f.Revision - 1,
		current: func() (any, error) { return tx.Feed(f.EventID, f.ID) }}
	return v.update(feedUpdates, rowOfFeed(f), feedWording)
}

// LeaveFeeds ends the feeds of a person who leaves the event. They stay, so that calendars learn of it.
func (tx *Tx) LeaveFeeds(event, person agenda.ID, at time.Time) error {
	err := tx.of(event).Model(&feedRow{}).Where("person_id = ?", person).
		Updates(map[string]any{"person_id": nil, "revoked_at": ended(at), "revision": gorm.Expr("revision + 1")}).Error
	return fault("end feeds", err, feedWording)
}

// SetFeedContent notes that the feed shows something else since that time, unless somebody else noted it meanwhile.
func (tx *Tx) SetFeedContent(id agenda.ID, before, content string, modified time.Time) error {
	err := tx.db.Model(&feedRow{}).Where("id = ? AND content = ?", id, before).
		Updates(map[string]any{"content": content, "modified_at": millis(modified)}).Error
	return fault("change feed", err, feedWording)
}

// RevokeFeed ends a feed of the event. One that is revoked already stays so from the first time.
func (tx *Tx) RevokeFeed(event, id agenda.ID, at time.Time) error {
	done := tx.of(event).Model(&feedRow{}).Where("id = ?", id).Updates(map[string]any{"revoked_at": ended(at),
		"revision": gorm.Expr("revision + CASE WHEN revoked_at IS NULL THEN 1 ELSE 0 END")})
	return touched(done, "feed")
}

// ForgetStars deletes the event's starred feeds that were opened before that time and never fetched.
func (tx *Tx) ForgetStars(event agenda.ID, before time.Time) error {
	err := tx.of(event).Where("kind = ? AND last_fetch_at IS NULL AND created_at < ?", agenda.StarredFeed, millis(before)).Delete(&feedRow{}).Error
	return fault("forget feeds", err, feedWording)
}

// CountStars says how many starred feeds the event has.
func (tx *Tx) CountStars(event agenda.ID) (int, error) {
	var n int64
	err := tx.of(event).Model(&feedRow{}).Where("kind = ?", agenda.StarredFeed).Count(&n).Error
	return int(n), fault("count feeds", err, feedWording)
}

type closedFeedRow struct {
	Hash   string `gorm:"column:hash;primaryKey"`
	Closed int64  `gorm:"column:closed_at"`
}

func (closedFeedRow) TableName() string { return "closed_feeds" }

// CloseFeeds remembers the feeds of an event that is about to be deleted, so that calendars learn of it. They may have
// been closed before, when an event is deleted that was imported again.
func (tx *Tx) CloseFeeds(event agenda.ID, at time.Time) error {
	err := tx.db.Exec(`INSERT INTO closed_feeds (hash, closed_at) SELECT hash, COALESCE(revoked_at, ?) FROM feeds WHERE event_id = ?
		ON CONFLICT (hash) DO UPDATE SET closed_at = excluded.closed_at`, millis(at), event).Error
	return fault("close feeds", err, feedWording)
}

// ClosedFeed says when the feed of that secret's hash was closed, if its event is deleted.
func (tx *Tx) ClosedFeed(hash string) (time.Time, error) {
	return one(tx.db.Where("hash = ?", hash), "feed", func(r closedFeedRow) time.Time { return instant(r.Closed) })
}

// TouchFeed notes that a feed was fetched, and by which program.
func (tx *Tx) TouchFeed(id agenda.ID, at time.Time, agent string) error {
	done := tx.db.Model(&feedRow{}).Where("id = ?", id).
		Updates(map[string]any{"last_fetch_at": millis(at), "fetched_by": agent})
	return touched(done, "feed")
}

// ended is what to write when a credential ends. One that ended before stays so from the first time.
func ended(at time.Time) clause.Expr {
	return gorm.Expr("COALESCE(revoked_at, ?)", millis(at))
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
