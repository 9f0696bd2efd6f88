package store

import (
	"cmp"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type jobRow struct {
	ID         string  `gorm:"column:id;primaryKey"`
	EventID    *string `gorm:"column:event_id"`
	Kind       string  `gorm:"column:kind"`
	About      string  `gorm:"column:about"`
	Key        *string `gorm:"column:key"`
	Due        int64   `gorm:"column:due_at"`
	Tries      int     `gorm:"column:tries"`
	Lease      string  `gorm:"column:lease"`
	LeaseUntil int64   `gorm:"column:lease_until"`
	Dead       *int64  `gorm:"column:dead_at"`
	Fault      string  `gorm:"column:fault"`
	Created    int64   `gorm:"column:created_at"`
}

func (jobRow) TableName() string { return "jobs" }

func (r jobRow) job() agenda.Job {
	return agenda.Job{ID: agenda.ID(r.ID), EventID: idOf(r.EventID), Kind: agenda.JobKind(r.Kind), About: agenda.ID(r.About), Key: string(idOf(r.Key)),
		Due: instant(r.Due), Tries: r.Tries, Lease: r.Lease, Dead: instantOrNil(r.Dead), Fault: r.Fault, Created: instant(r.Created)}
}

func rowOfJob(j agenda.Job) *jobRow {
	return &jobRow{ID: string(j.ID), EventID: idOrNull(j.EventID), Kind: string(j.Kind), About: string(j.About), Key: idOrNull(agenda.ID(j.Key)),
		Due: millis(j.Due), Tries: j.Tries, Lease: j.Lease, Dead: millisOrNull(j.Dead), Fault: j.Fault, Created: millis(j.Created)}
}

// AddJob puts a job into the outbox. When one with its key waits already, that one is enough; one that was given up makes
// way.
func (tx *Tx) AddJob(j agenda.Job) error {
	row := rowOfJob(j)
	if j.Key != "" {
		if err := tx.db.Where("key = ? AND dead_at IS NOT NULL", j.Key).Delete(&jobRow{}).Error; err != nil {
			return fault("delete dead job", err, wording{})
		}
	}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "key"}}, DoNothing: true}).Create(row).Error
	return fault("add job", err, wording{noun: "job"})
}

// due picks the jobs that anybody may begin at that time. It stands twice in the statement that claims: PostgreSQL looks
// at the inner one before it waits for others, and at the outer one after.
const due = "dead_at IS NULL AND due_at <= ? AND lease_until <= ? AND kind IN ?"

// ClaimJobs gives up to most jobs of these kinds that are due, to whoever the lease names, for themselves until that time.
// It counts as a try.
func (tx *Tx) ClaimJobs(kinds []agenda.JobKind, lease string, now, until time.Time, most int) ([]agenda.Job, error) {
	var rows []jobRow
	at := millis(now)
	err := tx.db.Raw("UPDATE jobs SET lease = ?, lease_until = ?, tries = tries + 1 WHERE id IN (SELECT id FROM jobs WHERE "+due+
		" ORDER BY due_at, id LIMIT ?) AND "+due+" RETURNING *",
		lease, millis(until), at, at, kinds, most, at, at, kinds).Scan(&rows).Error
	if err != nil {
		return nil, fault("claim jobs", err, wording{})
	}
	slices.SortFunc(rows, func(a, b jobRow) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID)) })
	return convert(rows, jobRow.job), nil
}

// NextJob gives when the next job of these kinds can be begun; the zero time: there is none.
func (tx *Tx) NextJob(kinds []agenda.JobKind) (time.Time, error) {
	var at *int64
	err := tx.db.Raw("SELECT MIN(CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END) FROM jobs WHERE dead_at IS NULL AND kind IN ?", kinds).Scan(&at).Error
	return instantOrZero(at), fault("next job", err, wording{})
}

// RightJobs gives back to everybody what a clock that was ahead put off: jobs that are made or claimed later than that time, or that
// are to be tried again after the other. It says how many.
func (tx *Tx) RightJobs(now, ahead, latest time.Time) (n int64, err error) {
	for _, change := range []*gorm.DB{
		tx.db.Exec("UPDATE jobs SET lease = '', lease_until = 0 WHERE lease_until > ?", millis(ahead)),
		tx.db.Exec("UPDATE jobs SET due_at = due_at - created_at + ?, created_at = ? WHERE created_at > ?", millis(now), millis(now), millis(ahead)),
		tx.db.Exec("UPDATE jobs SET due_at = ? WHERE dead_at IS NULL AND tries > 0 AND due_at > ?", millis(now), millis(latest)),
	} {
		if change.Error != nil {
			return 0, fault("right jobs", change.Error, wording{})
		}
		n += change.RowsAffected
	}
	return n, nil
}

// EndJob takes a job that is done out of the outbox, if it is still who claimed it that says so.
func (tx *Tx) EndJob(j agenda.Job) error {
	return fault("end job", tx.db.Where("id = ? AND lease = ?", j.ID, j.Lease).Delete(&jobRow{}).Error, wording{})
}

// HoldJob says whether the job is still whose lease it has, and sees that it stays theirs until the transaction ends.
func (tx *Tx) HoldJob(j agenda.Job) (held bool, err error) {
	done := tx.db.Model(&jobRow{}).Where("id = ? AND lease = ?", j.ID, j.Lease).Updates(map[string]any{"lease": j.Lease})
	return done.RowsAffected > 0, fault("hold job", done.Error, wording{})
}

// PutOffJob lets a job be begun again at j.Due, or not at all when it is j.Dead. It keeps j.Fault. It does nothing, and says so, when
// it is not who claimed the job any more that says it.
func (tx *Tx) PutOffJob(j agenda.Job) (held bool, err error) {
	done := tx.db.Model(&jobRow{}).Where("id = ? AND lease = ?", j.ID, j.Lease).
		Updates(map[string]any{"due_at": millis(j.Due), "lease": "", "lease_until": 0, "dead_at": millisOrNull(j.Dead), "fault": j.Fault})
	return done.RowsAffected > 0, fault("put off job", done.Error, wording{})
}

// JobByKey gives the job with that key, whether it waits, is worked on or was given up.
func (tx *Tx) JobByKey(key string) (agenda.Job, error) {
	return one(tx.db.Where("key = ?", key), "job", jobRow.job)
}

// DropIdleJob takes the job with that key out of the outbox, unless somebody works on it at that time: then it stays, and the answer
// is false.
func (tx *Tx) DropIdleJob(key string, now time.Time) (dropped bool, err error) {
	if err := tx.db.Where("key = ? AND lease_until <= ?", key, millis(now)).Delete(&jobRow{}).Error; err != nil {
		return false, fault("drop job", err, wording{})
	}
	var left int64
	err = tx.db.Model(&jobRow{}).Where("key = ?", key).Count(&left).Error
	return left == 0, fault("drop job", err, wording{})
}

// TakeJob takes the job with that key out of the outbox, whoever works on it, and says whether it was there and was not given up.
func (tx *Tx) TakeJob(key string) (taken bool, err error) {
	done := tx.db.Where("key = ? AND dead_at IS NULL", key).Delete(&jobRow{})
	return done.RowsAffected > 0, fault("take job", done.Error, wording{})
}

// DropJobs takes jobs with these keys out of the outbox, whoever works on them.
func (tx *Tx) DropJobs(keys ...string) error {
	for part := range slices.Chunk(keys, chunk) {
		if err := tx.db.Where("key IN ?", part).Delete(&jobRow{}).Error; err != nil {
			return fault("drop jobs", err, wording{})
		}
	}
	return nil
}

// DeadJobs gives the jobs that were given up, newest first, up to most.
func (tx *Tx) DeadJobs(most int) ([]agenda.Job, error) {
	rows, err := all[jobRow](tx.db.Where("dead_at IS NOT NULL").Limit(most), "dead_at DESC, id")
	return convert(rows, jobRow.job), err
}

// DeadJob gives a job that was given up.
func (tx *Tx) DeadJob(id agenda.ID) (agenda.Job, error) {
	return one(tx.db.Where("id = ? AND dead_at IS NOT NULL", id), "job that was given up", jobRow.job)
}

// DropDeadJob takes a job that was given up out of the outbox.
func (tx *Tx) DropDeadJob(id agenda.ID) error {
	return fault("drop job", tx.db.Where("id = ? AND dead_at IS NOT NULL", id).Delete(&jobRow{}).Error, wording{})
}

// ReviveJob lets a job that was given up be begun again at once, as if it had never been tried.
func (tx *Tx) ReviveJob(id agenda.ID, now time.Time) error {
	done := tx.db.Model(&jobRow{}).Where("id = ? AND dead_at IS NOT NULL", id).
		Updates(map[string]any{"due_at": millis(now), "lease": "", "lease_until": 0, "dead_at": nil, "tries": 0})
	if done.Error == nil && done.RowsAffected == 0 {
		return missing("job that was given up")
	}
	return fault("revive job", done.Error, wording{})
}
