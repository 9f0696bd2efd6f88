package store

import (
	"cmp"
	"slices"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

// PanelFilter narrows and sorts a list of panels. The zero value is all of them by start.
type PanelFilter struct {
	Track     agenda.ID
	Room      agenda.ID     // the one in the slot; a panel that spans all rooms is in the one it names, if it names one
	Person    agenda.ID     // who has a part in the panel or in an intervention, whatever their answer
	Day       agenda.Date   // on which it begins by the event's clock
	Format    agenda.Format // "": any
	Scheduled *bool         // has a slot; nil: either
	Cancelled *bool         // nil: either
	Query     string        // words that are all in code, title, abstract, interventions' titles or speakers' names
	Nameless  bool          // speakers' names are not searched: for who may not see them, as others would learn them by guessing
	Sort      string        // "start" (or "": the unscheduled last), "code", or "updated" (newest first)
}

// narrow gives the panels of q that the filter lets through.
func (f PanelFilter) narrow(q *gorm.DB) *gorm.DB {
	for _, equal := range []struct{ column, value string }{
		{"track_id", string(f.Track)}, {"room_id", string(f.Room)}, {"format", string(f.Format)},
	} {
		if equal.value != "" {
			q = q.Where(equal.column+" = ?", equal.value)
		}
	}
	if f.Person != "" {
		q = q.Where(`(EXISTS (SELECT 1 FROM panel_speakers s WHERE s.panel_id = panels.id AND s.person_id = ?)
			OR EXISTS (SELECT 1 FROM intervention_speakers s WHERE s.panel_id = panels.id AND s.person_id = ?))`,
			f.Person, f.Person)
	}
	q = onDay(q, f.Day)
	if f.Scheduled != nil {
		q = q.Where("(start_at IS NOT NULL) = ?", *f.Scheduled)
	}
	if f.Cancelled != nil {
		q = q.Where("cancelled = ?", *f.Cancelled)
	}
	if f.Nameless {
		return searching(q, f.Query, "search LIKE ? ESCAPE '!'")
	}
	return searching(q, f.Query, `(search LIKE ? ESCAPE '!'
		OR EXISTS (SELECT 1 FROM panel_speakers s JOIN people p ON p.id = s.person_id
			WHERE s.panel_id = panels.id AND p.name_key LIKE ? ESCAPE '!')
		OR EXISTS (SELECT 1 FROM intervention_speakers s JOIN people p ON p.id = s.person_id
			WHERE s.panel_id = panels.id AND p.name_key LIKE ? ESCAPE '!'))`)
}

// onDay gives what of q begins on that day by the event's clock; all of it for "".
func onDay(q *gorm.DB, day agenda.Date) *gorm.DB {
	if day == "" {
		return q
	}
	return q.Where("start_wall >= ? AND start_wall < ?", string(day)+"T", string(day)+"U")
}

// Panel gives a panel of the event.
func (tx *Tx) Panel(event, id agenda.ID) (agenda.Panel, error) {
	return tx.onePanel(event, "id = ?", string(id))
}

// PanelByCode gives the panel of the event that has the code.
func (tx *Tx) PanelByCode(event agenda.ID, code string) (agenda.Panel, error) {
	return tx.onePanel(event, "code = ?", code)
}

func (tx *Tx) onePanel(event agenda.ID, condition, value string) (agenda.Panel, error) {
	rows, err := all[panelRow](tx.of(event).Where(condition, value), "id")
	if err != nil {
		return agenda.Panel{}, err
	}
	if len(rows) == 0 {
		return agenda.Panel{}, missing("panel")
	}
	panels, err := tx.withParts(rows, func() *gorm.DB { return tx.of(event).Where("panel_id = ?", rows[0].ID) })
	if err != nil {
		return agenda.Panel{}, err
	}
	return panels[0], nil
}

// Panels lists panels of the event. The error is agenda.Invalid for an order that there is not.
func (tx *Tx) Panels(event agenda.ID, f PanelFilter, page Page) (panels []agenda.Panel, next string, err error) {
	by, ok := panelOrders[cmp.Or(f.Sort, "start")]
	if !ok {
		return nil, "", agenda.Errorf(agenda.Invalid, "Panels can be sorted by start, code or updated, not by %q.", f.Sort)
	}
	rows, next, err := paged(f.narrow(tx.of(event).Model(&panelRow{})), by, string(event), page)
	if err != nil {
		return nil, "", err
	}
	panels, err = tx.panelsOf(event, rows)
	return panels, next, err
}

// PanelsReplacedBy gives the event's panels that this one takes the place of, by ID.
func (tx *Tx) PanelsReplacedBy(event, id agenda.ID) ([]agenda.Panel, error) {
	rows, err := all[panelRow](tx.of(event).Where("replaced_by = ?", string(id)), "id")
	if err != nil {
		return nil, err
	}
	return tx.panelsOf(event, rows)
}

// AllPanels gives the event's panels by start, the unscheduled last, then ID.
func (tx *Tx) AllPanels(event agenda.ID) ([]agenda.Panel, error) {
	rows, err := all[panelRow](tx.of(event), panelOrders["start"].by())
	if err != nil {
		return nil, err
	}
	return tx.withParts(rows, func() *gorm.DB { return tx.of(event) })
}

// PanelsByID gives those of the event's panels that have one of these IDs, by ID. Others are left out.
func (tx *Tx) PanelsByID(event agenda.ID, ids []agenda.ID) ([]agenda.Panel, error) {
	rows, err := among[panelRow](func() *gorm.DB { return tx.of(event) }, "id", ids)
	if err != nil {
		return nil, err
	}
	return tx.panelsOf(event, rows)
}

// panelsOf gives the panels of the rows, with their parts.
func (tx *Tx) panelsOf(event agenda.ID, rows []panelRow) ([]agenda.Panel, error) {
	var panels []agenda.Panel
	for part := range slices.Chunk(rows, chunk) {
		some, err := tx.withParts(part, func() *gorm.DB {
			return tx.of(event).Where("panel_id IN ?", convert(part, panelID))
		})
		if err != nil {
			return nil, err
		}
		panels = append(panels, some...)
	}
	return panels, nil
}

// UIDsElsewhere gives those of the UIDs that a meeting has, or a panel of another event.
func (tx *Tx) UIDsElsewhere(event agenda.ID, uids []string) ([]string, error) {
	var found []string
	for part := range slices.Chunk(uids, chunk) {
		for _, q := range []*gorm.DB{
			tx.db.Table("panels").Where("uid IN ? AND event_id <> ?", part, event), tx.db.Table("meetings").Where("uid IN ?", part),
		} {
			var some []string
			if err := q.Order("uid").Pluck("uid", &some).Error; err != nil {
				return nil, fault("read UIDs", err, wording{})
			}
			found = append(found, some...)
		}
	}
	return found, nil
}

// InsertPanel adds a panel with its speakers and interventions. Whose time it takes is for [Tx.SetHolds].
func (tx *Tx) InsertPanel(p agenda.Panel) error {
	tx.touch(p.EventID, agenda.PanelSerial, p.ID)
	if err := insert(tx, []*panelRow{rowOfPanel(p)}, panelWording(p)); err != nil {
		return err
	}
	return tx.insertParts(panelWording(p), p)
}

// InsertPanels adds many panels as [Tx.InsertPanel] does, in fewer statements. Its errors name none of them.
func (tx *Tx) InsertPanels(panels []agenda.Panel) error {
	for _, p := range panels {
		tx.touch(p.EventID, agenda.PanelSerial, p.ID)
	}
	w := wording{noun: "panel", refers: "A panel refers to a track, a room or a person that is not this event's.",
		taken: map[string]string{"panels_pkey": "A panel is there already.", "panels_event_id_code_key": "Two panels have the same code.",
			"panels_uid_key": "The calendar UID of a panel is in use."}}
	if err := insert(tx, convert(panels, rowOfPanel), w); err != nil {
		return err
	}
	return tx.insertParts(w, panels...)
}

// UpdatePanel writes a panel with its speakers and interventions; its revision is the stored one plus one. Its UID stays,
// and so do its materials.
func (tx *Tx) UpdatePanel(p agenda.Panel) error {
	tx.touch(p.EventID, agenda.PanelSerial, p.ID)
	if err := tx.panelVersion(p.EventID, p.ID, p.Revision-1).update(panelUpdates, rowOfPanel(p), panelWording(p)); err != nil {
		return err
	}
	if err := tx.deleteParts(p); err != nil {
		return err
	}
	return tx.insertParts(panelWording(p), p)
}

// MovePanel writes a panel's slot, or that it has none, its revision, which is the stored one plus one, and when it was
// updated; nothing else of it.
func (tx *Tx) MovePanel(p agenda.Panel) error {
	if err := tx.panelVersion(p.EventID, p.ID, p.Revision-1).update(panelMoves, rowOfPanel(p), panelWording(p)); err != nil {
		return err
	}
	known := tx.moved(p)
	tx.touch(p.EventID, agenda.PanelSerial, p.ID)
	if own := tx.drafts[p.EventID]; known && own != nil {
		own.outdated = nil
	}
	return nil
}

// TouchPanel writes a panel's revision, which is the stored one plus one, and when it was updated; nothing else of it.
func (tx *Tx) TouchPanel(p agenda.Panel) error {
	tx.touch(p.EventID, agenda.PanelSerial, p.ID)
	return tx.panelVersion(p.EventID, p.ID, p.Revision-1).update([]string{"revision", "updated_at"}, rowOfPanel(p), panelWording(p))
}

// DeletePanel removes a panel with its speakers, its interventions, its materials and the time that it takes.
func (tx *Tx) DeletePanel(event, id agenda.ID, revision int) error {
	tx.touch(event, agenda.PanelSerial, id)
	if err := tx.panelVersion(event, id, revision).delete(&panelRow{}, wording{noun: "panel"}); err != nil {
		return err
	}
	if err := tx.forgetItem(event, agenda.PanelItem, id); err != nil {
		return err
	}
	return tx.SweepFiles()
}

func (tx *Tx) panelVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "panel", event: event, id: id, revision: revision,
		current: func() (any, error) { return tx.Panel(event, id) }}
}
