package store

import (
	"time"

	"plenary/internal/agenda"
)

// Outbox tells how much there is to do, of one kind of job.
type Outbox struct {
	Kind   agenda.JobKind
	Due    int       // could be begun now
	Later  int       // wait for their time
	Begun  int       // are somebody's at the moment
	Dead   int       // were given up
	Oldest time.Time // since when the first of those that are due is; the zero time: none is
}

// Outbox tells of each kind of which there are jobs, at that time.
func (tx *Tx) Outbox(now time.Time) ([]Outbox, error) {
	type row struct {
		Kind                    string
		Due, Later, Begun, Dead int
		Oldest                  *int64
	}
	var rows []row
	at := millis(now)
	err := tx.db.Raw(`SELECT kind,
 SUM(CASE WHEN dead_at IS NULL AND due_at <= ? AND lease_until <= ? THEN 1 ELSE 0 END) AS due,
 SUM(CASE WHEN dead_at IS NULL AND due_at > ? AND lease_until <= ? THEN 1 ELSE 0 END) AS later,
 SUM(CASE WHEN dead_at IS NULL AND lease_until > ? THEN 1 ELSE 0 END) AS begun,
 SUM(CASE WHEN dead_at IS NOT NULL THEN 1 ELSE 0 END) AS dead,
 MIN(CASE WHEN dead_at IS NULL AND due_at <= ? AND lease_until <= ? THEN CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END END) AS oldest
 FROM jobs GROUP BY kind ORDER BY kind`, at, at, at, at, at, at, at).Scan(&rows).Error
	if err != nil {
		return nil, fault("count jobs", err, wording{})
	}
	return convert(rows, func(r row) Outbox {
		return Outbox{Kind: agenda.JobKind(r.Kind), Due: r.Due, Later: r.Later, Begun: r.Begun, Dead: r.Dead, Oldest: instantOrZero(r.Oldest)}
	}), nil
}
