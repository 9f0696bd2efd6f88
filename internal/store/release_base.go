package store

import (
	"time"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// smallSnapshot is so small that nothing is gained by storing less of it, in bytes.
const smallSnapshot = 2 << 10

// keptBase is the snapshot on which the patches of an event's releases are made.
type keptBase struct {
	id       string
	erasures int
	number   int
	*patchBase
}

// keptBaseBytes is how many bytes the snapshots that are kept have at most.
const keptBaseBytes = 8 << 20

func (b keptBase) weight() (bytes, most int) { return len(b.body), keptBaseBytes }

// baseBefore gives what the release before that one is made on; none when there is none.
func (tx *Tx) baseBefore(event agenda.ID, number int) (b keptBase, err error) {
	head := func(number int) (releaseRow, error) {
		rows, err := all[releaseRow](tx.of(event).Select("id, number, base, erasures").Where("number = ?", number), "number")
		if err != nil || len(rows) == 0 {
			return releaseRow{}, err
		}
		return rows[0], nil
	}
	r, err := head(number - 1)
	if err == nil && r.Base > 0 {
		r, err = head(r.Base)
	}
	if err != nil || r.ID == "" {
		return b, err
	}
	if b, _ = tx.store.bases.get(event); b.id == r.ID && b.erasures == r.Erasures {
		return b, nil
	}
	whole, err := tx.Release(event, r.Number)
	if err != nil {
		return b, err
	}
	b = keptBase{r.ID, r.Erasures, r.Number, newPatchBase(whole.Snapshot)}
	tx.store.bases.put(event, b)
	return b, nil
}

// stored says how a snapshot is stored after others: whole, or as a patch on one of them.
func (b keptBase) stored(snapshot []byte) (body []byte, base int) {
	if b.patchBase == nil || len(snapshot) < smallSnapshot {
		return snapshot, 0
	}
	if p := b.patch(snapshot); p != nil {
		return p, b.number
	}
	return snapshot, 0
}

// whole makes snapshots of an event whole that are stored as patches.
func (tx *Tx) whole(event agenda.ID, rows []releaseRow) error {
	bodies := map[int][]byte{}
	for _, r := range rows {
		if r.Base == 0 {
			bodies[r.Number] = r.Snapshot
		}
	}
	for i := range rows {
		r := &rows[i]
		if r.Base == 0 {
			continue
		}
		if bodies[r.Base] == nil {
			var base []releaseRow
			if err := tx.of(event).Where("number = ? AND base = 0", r.Base).Find(&base).Error; err != nil {
				return fault("read release", err, wording{})
			}
			if len(base) == 0 {
				return agenda.Errorf(agenda.Internal, "Release %d can't be read: it is stored as what differs from release %d, which is not there.", r.Number, r.Base)
			}
			bodies[r.Base] = base[0].Snapshot
		}
		body, err := patched(bodies[r.Base], r.Snapshot)
		if err != nil {
			return agenda.Errorf(agenda.Internal, "Release %d can't be read: %w.", r.Number, err)
		}
		r.Snapshot = body
	}
	return nil
}

// Rewritten is a release from which somebody was erased.
type Rewritten struct {
	ID       agenda.ID
	Number   int
	Snapshot []byte
	Files    []string // to which it refers alone
}

// RewriteReleases gives all releases of an event, which are told oldest first, the snapshots from which somebody was erased. The
// database refuses every other change. Files to which no release refers any more go with [Tx.SweepFiles].
func (tx *Tx) RewriteReleases(event agenda.ID, releases []Rewritten, at time.Time) error {
	var n int64
	if err := tx.of(event).Model(&releaseRow{}).Count(&n).Error; err != nil {
		return fault("read releases", err, wording{})
	}
	if int(n) != len(releases) {
		return agenda.Errorf(agenda.Internal, "%d of %d releases would be rewritten.", len(releases), n)
	}
	if err := tx.TellPublic(); err != nil {
		return err
	}
	tx.AfterCommit(tx.store.bases.forget)
	var base keptBase
	for _, r := range releases {
		body, number := base.stored(r.Snapshot)
		if number == 0 {
			base = keptBase{number: r.Number, patchBase: newPatchBase(r.Snapshot)}
		}
		others := tx.db.Where("release_id = ?", r.ID)
		if len(r.Files) > 0 {
			others = others.Where("file NOT IN ?", r.Files)
		}
		if err := others.Delete(&releaseFileRow{}).Error; err != nil {
			return fault("forget files", err, wording{noun: "release"})
		}
		if err := touched(tx.db.Model(&releaseRow{}).Where("id = ?", r.ID).Updates(map[string]any{"snapshot": body, "base": number,
			"erasures": gorm.Expr("erasures + 1"), "erased_at": millis(at)}), "release"); err != nil {
			return err
		}
	}
	return nil
}
