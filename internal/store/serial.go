package store

import "plenary/internal/agenda"

type serialRow struct {
	EventID string `gorm:"column:event_id;primaryKey"`
	Kind    string `gorm:"column:kind;primaryKey"`
	ItemID  string `gorm:"column:item_id;primaryKey"`
	Serial  int    `gorm:"column:serial"`
}

func (serialRow) TableName() string { return "serials" }

// Serials gives the serials of an event's things of each kind, by their identity: also of those that are gone.
func (tx *Tx) Serials(event agenda.ID) (map[agenda.SerialKind]map[agenda.ID]int, error) {
	rows, err := all[serialRow](tx.of(event), "kind, item_id")
	if err != nil {
		return nil, err
	}
	serials := map[agenda.SerialKind]map[agenda.ID]int{}
	for _, kind := range agenda.SerialKinds {
		serials[kind] = map[agenda.ID]int{}
	}
	for _, r := range rows {
		serials[agenda.SerialKind(r.Kind)][agenda.ID(r.ItemID)] = r.Serial
	}
	return serials, nil
}

// InsertSerials keeps the serials of things that have none yet. The error is agenda.Taken when another one has it.
func (tx *Tx) InsertSerials(event agenda.ID, kind agenda.SerialKind, serials map[agenda.ID]int) error {
	rows := make([]*serialRow, 0, len(serials))
	for id, n := range serials {
		tx.touch(event, kind, id)
		rows = append(rows, &serialRow{string(event), string(kind), string(id), n})
	}
	return insert(tx, rows, wording{noun: "serial", refers: "There is no such event.",
		taken: map[string]string{"serials_event_id_kind_serial_key": "A serial is in use already.", "serials_pkey": "Something has two serials."}})
}
