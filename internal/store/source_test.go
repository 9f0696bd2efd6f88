package store

import (
	"errors"
	"testing"

	"plenary/internal/agenda"
)

func fullSource() agenda.Source {
	return agenda.Source{Name: "lịch", Format: "csv", Language: "vi", Mapping: `{"Tiêu đề":"title"}`, Imported: at(5), Origins: []agenda.Origin{
		{Kind: agenda.PanelOrigin, Key: "id 7", ID: "panel-full", Said: map[string]string{"title": "c0ffee"}},
		{Kind: agenda.PersonOrigin, Key: "name Lan", ID: "person-full", Gone: true},
	}}
}

// A source is kept whole, replaced whole, and goes with its event.
func TestSources(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		full, less := fullSource(), fullSource()
		less.Origins = less.Origins[:1]
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(1)), tx.InsertEvent(plainEvent(2)),
				tx.PutSource("event-0001", agenda.Source{Name: "a", Imported: at(6)}), tx.PutSource("event-0001", less), tx.PutSource("event-0001", full))
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Source("event-0001", full.Name)
			same(t, "source", got, full)
			list, listErr := tx.Sources("event-0001")
			full.Origins = nil
			same(t, "sources", list, []agenda.Source{{Name: "a", Imported: at(6)}, full})
			if _, missing := tx.Source("event-0002", full.Name); agenda.CodeOf(missing) != agenda.NotFound {
				t.Errorf("the source of another event: %v", missing)
			}
			return errors.Join(err, listErr)
		})
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutSource("event-0001", less), tx.PutSource("event-0001", fullSource()))
		})
		refused(t, s, agenda.Invalid, func(tx *Tx) error { return tx.PutSource("nothing", less) })
	})
}

// Serials stay when what has them is gone, and nothing else gets one.
func TestSerials(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(1)), tx.InsertSerials("event-0001", agenda.PanelSerial, map[agenda.ID]int{"p": 1, "q": agenda.MaxSerial}),
				tx.InsertSerials("event-0001", agenda.RoomSerial, map[agenda.ID]int{"r": 1}), tx.InsertSerials("event-0001", agenda.TrackSerial, nil))
		})
		for _, bad := range []map[agenda.ID]int{{"x": 1}, {"p": 9}} {
			refused(t, s, agenda.Taken, func(tx *Tx) error { return tx.InsertSerials("event-0001", agenda.PanelSerial, bad) })
		}
		read(t, s, func(tx *Tx) error {
			got, err := tx.Serials("event-0001")
			same(t, "serials", got, map[agenda.SerialKind]map[agenda.ID]int{agenda.PanelSerial: {"p": 1, "q": agenda.MaxSerial},
				agenda.RoomSerial: {"r": 1}, agenda.TrackSerial: {}, agenda.PersonSerial: {}})
			return err
		})
	})
}
