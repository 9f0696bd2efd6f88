package store

import (
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type stampRow struct {
	EventID   string `gorm:"column:event_id;primaryKey"`
	Variant   string `gorm:"column:variant;primaryKey"`
	UID       string `gorm:"column:uid;primaryKey"`
	Sequence  int    `gorm:"column:sequence"`
	Created   int64  `gorm:"column:created_at"`
	Modified  int64  `gorm:"column:modified_at"`
	Cancelled *int64 `gorm:"column:cancelled_at"`
	Content   string `gorm:"column:content"`
	Place     string `gorm:"column:place"`
}

func (stampRow) TableName() string { return "calendar_entries" }

func (r stampRow) stamp() agenda.Stamp {
	return agenda.Stamp{UID: r.UID, Variant: agenda.Variant(r.Variant), Sequence: r.Sequence, Created: instant(r.Created),
		Modified: instant(r.Modified), Cancelled: instantOrNil(r.Cancelled), Content: r.Content, Place: r.Place}
}

// Stamps gives the revisions of the event's calendar entries, by variant and UID.
func (tx *Tx) Stamps(event agenda.ID) ([]agenda.Stamp, error) {
	rows, err := all[stampRow](tx.of(event), "variant, uid")
	return convert(rows, stampRow.stamp), err
}

// StampsIn gives the revisions of the event's calendar entries in one variant, by UID.
func (tx *Tx) StampsIn(event agenda.ID, v agenda.Variant) (agenda.Stamps, error) {
	rows, err := all[stampRow](tx.of(event).Where("variant = ?", v), "uid")
	if err != nil {
		return agenda.Stamps{}, err
	}
	stamps := make(map[string]agenda.Stamp, len(rows))
	for _, r := range rows {
		stamps[r.UID] = r.stamp()
	}
	return agenda.NewStamps(stamps), nil
}

// StampsOf gives the revisions of one calendar entry of the event, by variant.
func (tx *Tx) StampsOf(event agenda.ID, uid string) ([]agenda.Stamp, error) {
	rows, err := all[stampRow](tx.of(event).Where("uid = ?", uid), "variant")
	return convert(rows, stampRow.stamp), err
}

// StampsOfAll gives the revisions of the calendar entries of the event that have one of these UIDs, by UID: see [among] for why.
func (tx *Tx) StampsOfAll(event agenda.ID, uids []string) ([]agenda.Stamp, error) {
	var stamps []agenda.Stamp
	for part := range slices.Chunk(uids, chunk) {
		rows, err := all[stampRow](tx.of(event).Where("uid IN ?", part), "uid, variant")
		if err != nil {
			return nil, err
		}
		stamps = append(stamps, convert(rows, stampRow.stamp)...)
	}
	return stamps, nil
}

// PutStamps keeps the revisions of calendar entries of the event, in place of those before.
func (tx *Tx) PutStamps(event agenda.ID, stamps []agenda.Stamp) error {
	rows := make([]*stampRow, 0, len(stamps))
	for _, s := range stamps {
		rows = append(rows, &stampRow{EventID: string(event), Variant: string(s.Variant), UID: s.UID, Sequence: s.Sequence,
			Created: millis(s.Created), Modified: millis(s.Modified), Cancelled: millisOrNull(s.Cancelled),
			Content: s.Content, Place: s.Place})
	}
	return put(tx, rows, []string{"event_id", "variant", "uid"},
		[]string{"sequence", "created_at", "modified_at", "cancelled_at", "content", "place"})
}

// DeleteStamps forgets the revisions of a calendar entry that nobody will see again.
func (tx *Tx) DeleteStamps(event agenda.ID, uid string) error {
	err := tx.of(event).Where("uid = ?", uid).Delete(&stampRow{}).Error
	return fault("delete stamps", err, wording{})
}

// put adds rows of one table of an event, and in place of those that are there under the same key writes the columns.
func put[R row](tx *Tx, rows []R, key, columns []string) error {
	if len(rows) == 0 {
		return nil
	}
	conflict := clause.OnConflict{DoUpdates: clause.AssignmentColumns(columns)}
	for _, name := range key {
		conflict.Columns = append(conflict.Columns, clause.Column{Name: name})
	}
	err := tx.db.Clauses(conflict).CreateInBatches(rows, 500).Error
	return fault("put "+rows[0].TableName(), err, wording{noun: "calendar entry", refers: "There is no such event."})
}

type calendarRow struct {
	EventID   string     `gorm:"column:event_id;primaryKey"`
	Revision  int        `gorm:"column:revision"`
	Public    int        `gorm:"column:public_revision"`
	Base      string     `gorm:"column:base"`
	Languages listColumn `gorm:"column:languages"`
	Witness   string     `gorm:"column:witness"`
}

func (calendarRow) TableName() string { return "calendars" }

// Calendar is the state of all feeds of an event.
type Calendar struct {
	Revision  int      // counts how often what they show has changed; 0: never
	Public    int      // the same of what anybody may see: without Meetings
	Base      string   // the address that their links begin with; "": not served yet
	Languages []string // that they are told in
	Witness   string   // by what they were brought up to date last; "": not known
}

// Calendar gives the state of the feeds of an event.
func (tx *Tx) Calendar(event agenda.ID) (Calendar, error) {
	rows, err := all[calendarRow](tx.of(event), "event_id")
	if err != nil || len(rows) == 0 {
		return Calendar{}, err
	}
	return Calendar{rows[0].Revision, rows[0].Public, rows[0].Base, rows[0].Languages, rows[0].Witness}, nil
}

// PutCalendar keeps the state of the feeds of an event. It must be the only transaction that does.
func (tx *Tx) PutCalendar(event agenda.ID, c Calendar) error {
	return put(tx, []*calendarRow{{string(event), c.Revision, c.Public, c.Base, c.Languages, c.Witness}}, []string{"event_id"},
		[]string{"revision", "public_revision", "base", "languages", "witness"})
}

// LastTold gives when an entry of the event was last told otherwise: the newest of its revisions, and the newest time
// at which a feed was set to tell its entries otherwise. Both are zero for never.
func (tx *Tx) LastTold(event agenda.ID) (entry, feed time.Time, err error) {
	var last struct{ Entry, Feed *int64 }
	err = tx.db.Raw(`SELECT (SELECT MAX(modified_at) FROM calendar_entries WHERE event_id = ?) AS entry,
		(SELECT MAX(changed_at) FROM feeds WHERE event_id = ?) AS feed`, event, event).Scan(&last).Error
	return instantOrZero(last.Entry), instantOrZero(last.Feed), fault("read calendar", err, wording{})
}

type feedStateRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	Scope    string `gorm:"column:scope;primaryKey"`
	Variant  string `gorm:"column:variant;primaryKey"`
	Content  string `gorm:"column:content"`
	Modified int64  `gorm:"column:modified_at"`
}

func (feedStateRow) TableName() string { return "calendar_feeds" }

// FeedState is when a public feed last changed.
type FeedState struct {
	Scope    string // of an agenda.FeedScope
	Variant  string
	Content  string // hash of what it shows
	Modified time.Time
}

func (r feedStateRow) state() FeedState {
	return FeedState{r.Scope, r.Variant, r.Content, instant(r.Modified)}
}

// FeedStates gives the states of the event's public feeds.
func (tx *Tx) FeedStates(event agenda.ID) ([]FeedState, error) {
	rows, err := all[feedStateRow](tx.of(event), "scope, variant")
	return convert(rows, feedStateRow.state), err
}

// FeedStatesOf gives the states of those of the event's public feeds that have one of these scopes.
func (tx *Tx) FeedStatesOf(event agenda.ID, scopes []string) ([]FeedState, error) {
	var states []FeedState
	for part := range slices.Chunk(scopes, chunk) {
		rows, err := all[feedStateRow](tx.of(event).Where("scope IN ?", part), "scope, variant")
		if err != nil {
			return nil, err
		}
		states = append(states, convert(rows, feedStateRow.state)...)
	}
	return states, nil
}

// FeedState gives the state of one public feed. The error is agenda.NotFound when it never had one.
func (tx *Tx) FeedState(event agenda.ID, scope, variant string) (FeedState, error) {
	return one(tx.of(event).Where("scope = ? AND variant = ?", scope, variant), "calendar", feedStateRow.state)
}

// PutFeedStates keeps states of the event's public feeds, in place of those before.
func (tx *Tx) PutFeedStates(event agenda.ID, states []FeedState) error {
	rows := make([]*feedStateRow, 0, len(states))
	for _, s := range states {
		rows = append(rows, &feedStateRow{string(event), s.Scope, s.Variant, s.Content, millis(s.Modified)})
	}
	return put(tx, rows, []string{"event_id", "scope", "variant"}, []string{"content", "modified_at"})
}
