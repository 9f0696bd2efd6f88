package store

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// chunk is how many values one IN may list; SQLite takes 32,766 in a statement.
const chunk = 5000

// few is how many rows most statements find at most.
const few = 4

// row is what all row structs have: the name of their table, for GORM.
type row interface{ TableName() string }

// one gives the only row of q as a domain value, or NotFound.
func one[R row, D any](q *gorm.DB, noun string, to func(R) D) (D, error) {
	found := make([]R, 0, 1) // GORM would make room for twenty
	var none D
	if err := q.Limit(1).Find(&found).Error; err != nil {
		return none, fault("read "+noun, err, wording{})
	}
	if len(found) == 0 {
		return none, missing(noun)
	}
	return to(found[0]), nil
}

// all gives the rows of q in that order, whose last term is unique.
func all[R row](q *gorm.DB, order string) ([]R, error) {
	found := make([]R, 0, few) // GORM would make room for twenty, and few statements find as many
	if err := q.Order(order).Find(&found).Error; err != nil {
		var r R
		return nil, fault("read "+r.TableName(), err, wording{})
	}
	return found, nil
}

// among gives the rows of q whose column is one of the IDs, by that column, and where that is the same in the order of what is named
// then. In any other order, SQLite would go through all rows of the event: there is an index by which it need not sort them.
func among[R row](q func() *gorm.DB, column string, ids []agenda.ID, then ...string) ([]R, error) {
	var found []R
	order := strings.Join(append([]string{column}, then...), ", ")
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for part := range slices.Chunk(ids, chunk) {
		some, err := all[R](q().Where(column+" IN ?", part), order)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// insert adds rows of one table.
func insert[R row](tx *Tx, rows []R, w wording) error {
	if len(rows) == 0 {
		return nil
	}
	return fault("insert into "+rows[0].TableName(), tx.db.CreateInBatches(rows, 500).Error, w)
}

// of gives the rows of an event. Every statement about one thing of an event names the event too, so that an ID that
// came from elsewhere finds nothing.
func (tx *Tx) of(event agenda.ID) *gorm.DB { return tx.db.Where("event_id = ?", event) }

// version is the row that an update or a delete is about, as the caller saw it.
type version struct {
	tx       *Tx
	noun     string
	event    agenda.ID // "" for an event itself
	id       agenda.ID
	revision int
	current  func() (any, error) // the present state, or NotFound
}

// match narrows to the row, as long as it has that revision.
func (v version) match() *gorm.DB {
	q := v.tx.db.Where("id = ? AND revision = ?", v.id, v.revision)
	if v.event != "" {
		q = q.Where("event_id = ?", v.event)
	}
	return q
}

// check says why nothing was changed: the row is gone, or it has another revision.
func (v version) check(done *gorm.DB, w wording) error {
	if done.Error != nil {
		return fault("change "+v.noun, done.Error, w)
	}
	if done.RowsAffected > 0 {
		return nil
	}
	current, err := v.current()
	if err != nil {
		return err
	}
	return stale(v.noun, current)
}

// update writes the columns named, also those that are empty now.
func (v version) update(columns []string, to row, w wording) error {
	return v.check(v.match().Select(columns).Updates(to), w)
}

// delete removes the row, and what it owns by its foreign keys.
func (v version) delete(from row, w wording) error { return v.check(v.match().Delete(from), w) }

// refuseUsed is the error for deleting what a panel or a meeting of the event refers to; conditions pick those, and an
// empty one none. It names the panel by its code. Of a meeting it says no more than that there is one.
func (v version) refuseUsed(panels, meetings string, args ...any) error {
	if err := v.refusePanels(panels, args...); err != nil || meetings == "" {
		return err
	}
	var n int64
	if err := v.tx.of(v.event).Table("meetings").Where(meetings, args...).Count(&n).Error; err != nil {
		return fault("read meetings", err, wording{})
	}
	if n > 0 {
		return agenda.Errorf(agenda.Taken, "The %s is still used by a meeting.", v.noun)
	}
	return nil
}

func (v version) refusePanels(panels string, args ...any) error {
	if panels == "" {
		return nil
	}
	var codes []string
	err := v.tx.of(v.event).Table("panels").Where(panels, args...).Order("code").Limit(1).Pluck("code", &codes).Error
	if err != nil {
		return fault("read panels", err, wording{})
	}
	if len(codes) > 0 {
		return agenda.Errorf(agenda.Taken, "The %s is still used by panel %s.", v.noun, codes[0])
	}
	return nil
}

// convert gives each row as a domain value; nil for none.
func convert[R, D any](rows []R, to func(R) D) []D {
	if len(rows) == 0 {
		return nil
	}
	list := make([]D, len(rows))
	for i, r := range rows {
		list[i] = to(r)
	}
	return list
}
