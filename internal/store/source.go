package store

import (
	"database/sql/driver"
	"slices"

	"plenary/internal/agenda"
)

type sourceRow struct {
	EventID  string `gorm:"column:event_id;primaryKey"`
	Name     string `gorm:"column:name;primaryKey"`
	Format   string `gorm:"column:format"`
	Language string `gorm:"column:language"`
	Mapping  string `gorm:"column:mapping"`
	Imported int64  `gorm:"column:imported_at"`
}

func (sourceRow) TableName() string { return "sources" }

func (r sourceRow) source() agenda.Source {
	return agenda.Source{Name: r.Name, Format: r.Format, Language: r.Language, Mapping: r.Mapping, Imported: instant(r.Imported)}
}

type originRow struct {
	EventID string     `gorm:"column:event_id;primaryKey"`
	Source  string     `gorm:"column:source;primaryKey"`
	Kind    string     `gorm:"column:kind;primaryKey"`
	Key     string     `gorm:"column:source_key;primaryKey"`
	ItemID  string     `gorm:"column:item_id"`
	Said    saidColumn `gorm:"column:said"`
	Gone    bool       `gorm:"column:gone"`
}

func (originRow) TableName() string { return "origins" }

func (r originRow) origin() agenda.Origin {
	return agenda.Origin{Kind: agenda.OriginKind(r.Kind), Key: r.Key, ID: agenda.ID(r.ItemID), Said: r.Said, Gone: r.Gone}
}

// saidColumn has strings by name as JSON; "{}" is nil.
type saidColumn map[string]string

// Value gives the JSON.
func (s saidColumn) Value() (driver.Value, error) { return textColumn(s).Value() }

// Scan reads the JSON.
func (s *saidColumn) Scan(value any) error {
	*s = nil
	return scanJSON(value, "{}", (*map[string]string)(s))
}

// Sources gives the event's sources by name, without their origins.
func (tx *Tx) Sources(event agenda.ID) ([]agenda.Source, error) {
	rows, err := all[sourceRow](tx.of(event), "name")
	return convert(rows, sourceRow.source), err
}

// Source gives one source of the event with its origins by kind and key. The error is agenda.NotFound when nothing came
// from there yet.
func (tx *Tx) Source(event agenda.ID, name string) (agenda.Source, error) {
	s, err := one(tx.of(event).Where("name = ?", name), "source", sourceRow.source)
	if err != nil {
		return s, err
	}
	rows, err := all[originRow](tx.of(event).Where("source = ?", name), "kind, source_key")
	s.Origins = convert(rows, originRow.origin)
	return s, err
}

// PutSource keeps a source of the event, in place of what was known of it. Origins that it does not have any more are
// forgotten.
func (tx *Tx) PutSource(event agenda.ID, s agenda.Source) error {
	w := wording{noun: "source", refers: "There is no such event."}
	if err := tx.of(event).Where("name = ?", s.Name).Delete(&sourceRow{}).Error; err != nil { // origins follow
		return fault("delete source", err, w)
	}
	row := &sourceRow{string(event), s.Name, s.Format, s.Language, s.Mapping, millis(s.Imported)}
	if err := insert(tx, []*sourceRow{row}, w); err != nil {
		return err
	}
	rows := make([]*originRow, 0, len(s.Origins))
	for _, o := range s.Origins {
		rows = append(rows, &originRow{string(event), s.Name, string(o.Kind), o.Key, string(o.ID), o.Said, o.Gone})
	}
	return insert(tx, rows, w)
}

// IDsInUse gives those of the IDs that a room, a person, a panel or an intervention of any event has.
func (tx *Tx) IDsInUse(ids []agenda.ID) ([]agenda.ID, error) {
	var found []agenda.ID
	for part := range slices.Chunk(ids, chunk) {
		for _, table := range []string{"rooms", "people", "panels", "interventions"} {
			var some []agenda.ID
			if err := tx.db.Table(table).Where("id IN ?", part).Order("id").Pluck("id", &some).Error; err != nil {
				return nil, fault("read "+table, err, wording{})
			}
			found = append(found, some...)
		}
	}
	return found, nil
}
