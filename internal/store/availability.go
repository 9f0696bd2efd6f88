package store

import (
	"cmp"
	"slices"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type availabilityRow struct {
	ID        string  `gorm:"column:id;primaryKey"`
	EventID   string  `gorm:"column:event_id"`
	PersonID  *string `gorm:"column:person_id"`
	RoomID    *string `gorm:"column:room_id"`
	StartAt   int64   `gorm:"column:start_at"`
	StartWall string  `gorm:"column:start_wall"`
	StartFold bool    `gorm:"column:start_fold"`
	EndAt     int64   `gorm:"column:end_at"`
	EndWall   string  `gorm:"column:end_wall"`
	EndFold   bool    `gorm:"column:end_fold"`
	Note      string  `gorm:"column:note"`
	Revision  int     `gorm:"column:revision"`
	Created   int64   `gorm:"column:created_at"`
	Updated   int64   `gorm:"column:updated_at"`
}

func (availabilityRow) TableName() string { return "availabilities" }

// availabilityUpdates are the columns that an update writes.
var availabilityUpdates = []string{"person_id", "room_id", "start_at", "start_wall", "start_fold", "end_at", "end_wall",
	"end_fold", "note", "revision", "updated_at"}

var availabilityWording = wording{noun: "availability", refers: "The person or room is not one of this event's."}

func rowOfAvailability(a agenda.Availability) *availabilityRow {
	start, end := momentRow(a.Start), momentRow(a.End)
	r := &availabilityRow{ID: string(a.ID), EventID: string(a.EventID),
		StartAt: start.At, StartWall: start.Wall, StartFold: start.Fold,
		EndAt: end.At, EndWall: end.Wall, EndFold: end.Fold,
		Note: a.Note, Revision: a.Revision, Created: millis(a.Created), Updated: millis(a.Updated)}
	switch a.Resource.Kind {
	case agenda.PersonResource:
		r.PersonID = idOrNull(a.Resource.ID)
	case agenda.RoomResource:
		r.RoomID = idOrNull(a.Resource.ID)
	}
	return r
}

func (r availabilityRow) availability() agenda.Availability {
	resource := agenda.Resource{Kind: agenda.PersonResource, ID: idOf(r.PersonID)}
	if r.RoomID != nil {
		resource = agenda.Resource{Kind: agenda.RoomResource, ID: idOf(r.RoomID)}
	}
	return agenda.Availability{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), Resource: resource,
		Start: momentColumns{r.StartAt, r.StartWall, r.StartFold}.moment(),
		End:   momentColumns{r.EndAt, r.EndWall, r.EndFold}.moment(),
		Note:  r.Note, Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated)}
}

// AvailabilityFilter narrows a list of availabilities. The zero value is all of them.
type AvailabilityFilter struct {
	Resource *agenda.Resource // of this person or room only
}

var availabilitiesByStart = order[availabilityRow]{name: "availabilities", keys: []key[availabilityRow]{
	{expr: "start_at", num: func(r availabilityRow) int64 { return r.StartAt }},
	{expr: "id", text: func(r availabilityRow) string { return r.ID }},
}}

// resourceColumn gives the column that refers to resources of the kind.
func resourceColumn(kind agenda.ResourceKind) string {
	if kind == agenda.RoomResource {
		return "room_id"
	}
	return "person_id"
}

// Availability gives an availability of the event.
func (tx *Tx) Availability(event, id agenda.ID) (agenda.Availability, error) {
	return one(tx.of(event).Where("id = ?", id), "availability", availabilityRow.availability)
}

// Availabilities lists the event's availabilities by start, then ID.
func (tx *Tx) Availabilities(event agenda.ID, f AvailabilityFilter, page Page) (list []agenda.Availability, next string, err error) {
	q := tx.of(event)
	if f.Resource != nil {
		q = q.Where(resourceColumn(f.Resource.Kind)+" = ?", f.Resource.ID)
	}
	rows, next, err := paged(q, availabilitiesByStart, string(event), page)
	return convert(rows, availabilityRow.availability), next, err
}

// AllAvailabilities gives the event's availabilities by start, then ID.
func (tx *Tx) AllAvailabilities(event agenda.ID) ([]agenda.Availability, error) {
	rows, err := all[availabilityRow](tx.of(event), availabilitiesByStart.by())
	return convert(rows, availabilityRow.availability), err
}

// AvailabilitiesOf gives the availabilities of these people and rooms in the event by start, then ID.
func (tx *Tx) AvailabilitiesOf(event agenda.ID, resources []agenda.Resource) ([]agenda.Availability, error) {
	ids := map[agenda.ResourceKind][]agenda.ID{}
	for _, r := range resources {
		ids[r.Kind] = append(ids[r.Kind], r.ID)
	}
	var rows []availabilityRow
	for _, kind := range agenda.ResourceKinds {
		some, err := among[availabilityRow](func() *gorm.DB { return tx.of(event) }, resourceColumn(kind), ids[kind])
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b availabilityRow) int {
		return cmp.Or(cmp.Compare(a.StartAt, b.StartAt), cmp.Compare(a.ID, b.ID))
	})
	return convert(rows, availabilityRow.availability), nil
}

// InsertAvailability adds an availability.
func (tx *Tx) InsertAvailability(a agenda.Availability) error {
	return insert(tx, []*availabilityRow{rowOfAvailability(a)}, availabilityWording)
}

// UpdateAvailability writes an availability, whose revision is the stored one plus one.
func (tx *Tx) UpdateAvailability(a agenda.Availability) error {
	return tx.availabilityVersion(a.EventID, a.ID, a.Revision-1).
		update(availabilityUpdates, rowOfAvailability(a), availabilityWording)
}

// DeleteAvailability removes an availability.
func (tx *Tx) DeleteAvailability(event, id agenda.ID, revision int) error {
	return tx.availabilityVersion(event, id, revision).delete(&availabilityRow{}, availabilityWording)
}

func (tx *Tx) availabilityVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "availability", event: event, id: id, revision: revision,
		current: func() (any, error) { return tx.Availability(event, id) }}
}
