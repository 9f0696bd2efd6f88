package store

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"plenary/internal/agenda"
)

type occupancyRow struct {
	EventID      string `gorm:"column:event_id"`
	ItemKind     string `gorm:"column:item_kind;primaryKey"`
	ItemID       string `gorm:"column:item_id;primaryKey"`
	ResourceKind string `gorm:"column:resource_kind;primaryKey"`
	ResourceID   string `gorm:"column:resource_id;primaryKey"`
	StartsAt     int64  `gorm:"column:starts_at;primaryKey"`
	EndsAt       int64  `gorm:"column:ends_at;primaryKey"`
	Firm         bool   `gorm:"column:firm"`
}

func (occupancyRow) TableName() string { return "occupancies" }

func (r occupancyRow) hold() agenda.Hold {
	return agenda.Hold{Resource: agenda.Resource{Kind: agenda.ResourceKind(r.ResourceKind), ID: agenda.ID(r.ResourceID)},
		Start: instant(r.StartsAt), End: instant(r.EndsAt), Firm: r.Firm}
}

// Occupant is an item that takes the time of resources that were asked for.
type Occupant struct {
	EventID agenda.ID
	Kind    agenda.ItemKind // agenda.PanelItem or agenda.MeetingItem
	ID      agenda.ID
	Start   time.Time     // earliest of Holds, UTC
	End     time.Time     // latest of Holds, UTC
	Holds   []agenda.Hold // those of the resources and the time asked for, by start
}

// SetHolds says whose time an item takes from now on, in place of what it took. An item that takes the same resource at
// the same time twice does so once.
func (tx *Tx) SetHolds(event agenda.ID, kind agenda.ItemKind, id agenda.ID, holds []agenda.Hold) error {
	return tx.SetAllHolds(event, kind, map[agenda.ID][]agenda.Hold{id: holds})
}

// SetAllHolds is [Tx.SetHolds] for many items of a kind, in fewer statements: all release what they took before any takes
// something, so that two may swap. The error is agenda.Taken when one that is firm overlaps with another that is, of
// whichever event.
func (tx *Tx) SetAllHolds(event agenda.ID, kind agenda.ItemKind, holds map[agenda.ID][]agenda.Hold) error {
	w := wording{noun: "time that an item takes", refers: "There is no such event."}
	if err := tx.LockResources(firmly(holds)); err != nil {
		return err
	}
	items := slices.Sorted(maps.Keys(holds))
	for part := range slices.Chunk(items, chunk) {
		if err := tx.of(event).Where("item_kind = ? AND item_id IN ?", kind, part).Delete(&occupancyRow{}).Error; err != nil {
			return fault("delete occupancies", err, w)
		}
	}
	seen := map[occupancyRow]bool{}
	var rows []*occupancyRow
	for _, id := range items {
		for _, h := range holds[id] {
			r := occupancyRow{EventID: string(event), ItemKind: string(kind), ItemID: string(id),
				ResourceKind: string(h.Resource.Kind), ResourceID: string(h.Resource.ID),
				StartsAt: millis(h.Start), EndsAt: millis(h.End), Firm: h.Firm}
			if !seen[r] {
				seen[r] = true
				rows = append(rows, &r)
			}
		}
	}
	return insert(tx, rows, w)
}

// firmly gives the resources of those holds that are firm.
func firmly(holds map[agenda.ID][]agenda.Hold) []agenda.Resource {
	var resources []agenda.Resource
	for _, list := range holds {
		for _, h := range list {
			if h.Firm {
				resources = append(resources, h.Resource)
			}
		}
	}
	return resources
}

// HeldFirmly says whether an item other than this one firmly holds a resource at a time when one of the holds does. Those
// that are not firm themselves are not asked about.
func (tx *Tx) HeldFirmly(kind agenda.ItemKind, id agenda.ID, holds []agenda.Hold) (bool, error) {
	for _, h := range holds {
		if !h.Firm {
			continue
		}
		var n int64
		err := tx.db.Model(&occupancyRow{}).Where("firm AND resource_kind = ? AND resource_id = ? AND starts_at < ? AND ends_at > ?",
			h.Resource.Kind, h.Resource.ID, millis(h.End), millis(h.Start)).Where("NOT (item_kind = ? AND item_id = ?)", kind, id).Count(&n).Error
		if err != nil || n > 0 {
			return n > 0, fault("read occupancies", err, wording{})
		}
	}
	return false, nil
}

// BusyElsewhere gives those of the persons who take part in another event too.
func (tx *Tx) BusyElsewhere(event agenda.ID, people []agenda.Resource) ([]agenda.Resource, error) {
	var ids []agenda.ID
	err := tx.db.Raw(`SELECT DISTINCT o.person_id FROM participants p JOIN participants o ON o.person_id = p.person_id AND o.event_id <> p.event_id
		WHERE p.event_id = ?`, event).Scan(&ids).Error
	if err != nil || len(ids) == 0 {
		return nil, fault("read participants", err, wording{})
	}
	elsewhere := make(map[agenda.ID]bool, len(ids))
	for _, id := range ids {
		elsewhere[id] = true
	}
	return slices.DeleteFunc(slices.Clone(people), func(r agenda.Resource) bool { return !elsewhere[r.ID] }), nil
}

// ItemsNear gives the items of all events that take the time of any of these resources between from and to: those
// that begin before to and end after from. They come by start, kind and ID.
func (tx *Tx) ItemsNear(resources []agenda.Resource, from, to time.Time) ([]Occupant, error) {
	ids := map[agenda.ResourceKind][]agenda.ID{}
	for _, r := range resources {
		ids[r.Kind] = append(ids[r.Kind], r.ID)
	}
	var rows []occupancyRow
	for _, kind := range agenda.ResourceKinds {
		for part := range slices.Chunk(ids[kind], chunk) {
			some, err := all[occupancyRow](tx.db.Where(
				"resource_kind = ? AND resource_id IN ? AND starts_at < ? AND ends_at > ?",
				kind, part, millis(to), millis(from)),
				"starts_at, ends_at, resource_kind, resource_id, item_kind, item_id")
			if err != nil {
				return nil, err
			}
			rows = append(rows, some...)
		}
	}
	return occupants(rows), nil
}

// occupants puts the rows of an item together.
func occupants(rows []occupancyRow) []Occupant {
	slices.SortStableFunc(rows, func(a, b occupancyRow) int {
		return cmp.Or(cmp.Compare(a.StartsAt, b.StartsAt), cmp.Compare(a.EndsAt, b.EndsAt))
	})
	type item struct{ kind, id string }
	at := map[item]int{}
	var found []Occupant
	for _, r := range rows {
		key := item{r.ItemKind, r.ItemID}
		i, known := at[key]
		if !known {
			i = len(found)
			at[key] = i
			found = append(found, Occupant{EventID: agenda.ID(r.EventID), Kind: agenda.ItemKind(r.ItemKind),
				ID: agenda.ID(r.ItemID), Start: instant(r.StartsAt), End: instant(r.EndsAt)})
		}
		o := &found[i]
		if hold := r.hold(); !slices.Contains(o.Holds, hold) {
			o.Holds = append(o.Holds, hold)
			if hold.End.After(o.End) {
				o.End = hold.End
			}
		}
	}
	slices.SortFunc(found, func(a, b Occupant) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// forgetItem removes what an item that is deleted took.
func (tx *Tx) forgetItem(event agenda.ID, kind agenda.ItemKind, id agenda.ID) error {
	return tx.SetHolds(event, kind, id, nil)
}

// forgetResource removes what items of the event took of a resource that it has no more.
func (tx *Tx) forgetResource(event agenda.ID, r agenda.Resource) error {
	err := tx.of(event).Where("resource_kind = ? AND resource_id = ?", r.Kind, r.ID).Delete(&occupancyRow{}).Error
	return fault("delete occupancies", err, wording{})
}
