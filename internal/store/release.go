package store

import (
	"bytes"
	"fmt"
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type releaseRow struct {
	ID        string     `gorm:"column:id;primaryKey"`
	EventID   string     `gorm:"column:event_id"`
	Number    int        `gorm:"column:number"`
	Published int64      `gorm:"column:published_at"`
	By        string     `gorm:"column:published_by"`
	Note      textColumn `gorm:"column:note"`
	Snapshot  []byte     `gorm:"column:snapshot"` // a patch, when there is a base
	Telling   string     `gorm:"column:telling"`
	Base      int        `gorm:"column:base"` // the number of the release that it is a patch on; 0: none
	Erasures  int        `gorm:"column:erasures"`
	Erased    *int64     `gorm:"column:erased_at"`
}

func (releaseRow) TableName() string { return "releases" }

func (r releaseRow) release() Release {
	if len(r.Snapshot) == 0 {
		r.Snapshot = nil // the drivers differ about an empty one
	}
	return Release{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), Number: r.Number, Published: instant(r.Published),
		By: r.By, Note: agenda.Text(r.Note), Telling: agenda.Telling(r.Telling), Snapshot: r.Snapshot, Erasures: r.Erasures, Erased: instantOrZero(r.Erased)}
}

// releaseHead are the columns of a release without the snapshot, which may have megabytes.
const releaseHead = "id, event_id, number, published_at, published_by, note, telling, erasures, erased_at"

// Release is an agenda.Release as it is stored. It never changes, but for the people who are erased from it.
type Release struct {
	ID        agenda.ID
	EventID   agenda.ID
	Number    int // 1 and up
	Published time.Time
	By        string // name of the Actor
	Note      agenda.Text
	Telling   agenda.Telling // what who published it said about letters
	Snapshot  []byte         // the agenda.Snapshot, as the caller encoded it; nil in a head
	Erasures  int
	Erased    time.Time // zero: never
}

var releasesByNumber = order[releaseRow]{name: "releases", keys: []key[releaseRow]{
	{expr: "number", desc: true, num: func(r releaseRow) int64 { return int64(r.Number) }},
}}

// LatestRelease gives the event's release with the highest number. The error is agenda.NotFound when it has none.
func (tx *Tx) LatestRelease(event agenda.ID) (Release, error) {
	return tx.wholeRelease(event, tx.of(event).Order(releasesByNumber.by()))
}

func (tx *Tx) wholeRelease(event agenda.ID, query *gorm.DB) (Release, error) {
	row, err := one(query, "release", func(r releaseRow) releaseRow { return r })
	if err != nil {
		return Release{}, err
	}
	rows := []releaseRow{row}
	err = tx.whole(event, rows)
	return rows[0].release(), err
}

// LatestReleaseHead gives the event's release with the highest number without its snapshot: one row of an index.
func (tx *Tx) LatestReleaseHead(event agenda.ID) (Release, error) {
	return one(tx.of(event).Select(releaseHead).Order(releasesByNumber.by()), "release", releaseRow.release)
}

// Release gives the event's release of that number.
func (tx *Tx) Release(event agenda.ID, number int) (Release, error) {
	return tx.wholeRelease(event, tx.of(event).Where("number = ?", number))
}

// ReleaseHead gives the event's release of that number without its snapshot.
func (tx *Tx) ReleaseHead(event agenda.ID, number int) (Release, error) {
	return one(tx.of(event).Select(releaseHead).Where("number = ?", number), "release", releaseRow.release)
}

// ReleaseHeadByID gives the event's release of that identity without its snapshot.
func (tx *Tx) ReleaseHeadByID(event, id agenda.ID) (Release, error) {
	return one(tx.of(event).Select(releaseHead).Where("id = ?", id), "release", releaseRow.release)
}

// Releases lists the event's releases without their snapshots, newest first.
func (tx *Tx) Releases(event agenda.ID, page Page) (releases []Release, next string, err error) {
	rows, next, err := paged(tx.of(event).Select(releaseHead), releasesByNumber, string(event), page)
	return convert(rows, releaseRow.release), next, err
}

// AllReleases gives the event's releases with their snapshots, newest first.
func (tx *Tx) AllReleases(event agenda.ID) ([]Release, error) {
	rows, err := all[releaseRow](tx.of(event), releasesByNumber.by())
	if err == nil {
		err = tx.whole(event, rows)
	}
	return convert(rows, releaseRow.release), err
}

// AllReleaseHeads gives the event's releases without their snapshots, newest first.
func (tx *Tx) AllReleaseHeads(event agenda.ID) ([]Release, error) {
	rows, err := all[releaseRow](tx.of(event).Select(releaseHead), releasesByNumber.by())
	return convert(rows, releaseRow.release), err
}

// InsertRelease publishes a release. The error is agenda.Taken when the event has one of that number.
func (tx *Tx) InsertRelease(r Release) error {
	snapshot := r.Snapshot
	if snapshot == nil {
		snapshot = []byte{}
	}
	if err := tx.TellPublic(); err != nil {
		return err
	}
	last, err := tx.baseBefore(r.EventID, r.Number)
	if err != nil {
		return err
	}
	body, base := last.stored(snapshot)
	if base == 0 && len(snapshot) >= smallSnapshot {
		next := keptBase{string(r.ID), r.Erasures, r.Number, newPatchBase(bytes.Clone(snapshot))} // whose bytes are the caller's
		tx.AfterCommit(func() { tx.store.bases.put(r.EventID, next) })
	}
	return insert(tx, []*releaseRow{{ID: string(r.ID), EventID: string(r.EventID), Number: r.Number,
		Published: millis(r.Published), By: r.By, Note: textColumn(r.Note), Telling: string(r.Telling), Snapshot: body, Base: base, Erasures: r.Erasures, Erased: zeroIsNull(r.Erased)}},
		wording{noun: "release", refers: "There is no such event.", taken: map[string]string{
			"releases_event_id_number_key": fmt.Sprintf("Release %d is published already.", r.Number),
		}})
}
