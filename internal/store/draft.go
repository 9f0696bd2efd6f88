package store

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"plenary/internal/agenda"
)

// Draft is what organizers have of an event, but for the event itself and its meetings. It is shared by all who read it and
// must not be changed, nor what is in it.
type Draft struct {
	Rooms  []agenda.Room   // in the order of [Tx.AllRooms]
	Tracks []agenda.Track  // in that of [Tx.AllTracks]
	People []agenda.Person // in that of [Tx.AllPeople]
	Panels []*agenda.Panel // in that of [Tx.AllPanels]
	// Unnumbered says that something has no serial yet.
	Unnumbered bool

	person map[agenda.ID]int
	byID   agenda.PanelsByID
	trail  *trail
}

// Person gives a participant of the event.
func (d *Draft) Person(id agenda.ID) (agenda.Person, bool) {
	i, ok := d.person[id]
	if !ok {
		return agenda.Person{}, false
	}
	return d.People[i], true
}

// draftItem is something of a draft that was changed.
type draftItem struct {
	Kind agenda.SerialKind `json:"kind"`
	ID   agenda.ID         `json:"id"`
}

// turn is a state of the draft of an event: each transaction that changes it makes another one.
type turn struct {
	number int64
	mark   string // random: a database that was restored has other ones
}

type turnRow struct {
	EventID string `gorm:"column:event_id;primaryKey"`
	Turn    int64  `gorm:"column:turn;primaryKey"`
	Mark    string `gorm:"column:mark"`
	Items   string `gorm:"column:items"`
}

func (turnRow) TableName() string { return "draft_turns" }

// How many turns are kept, how often the others are swept, and how many items one tells of: who knows the draft as it was before
// reads all of it.
const (
	keptTurns   = 256
	sweepEvery  = 64
	mostTouched = 200
)

// touches are the items of drafts that a transaction changed, by event; nil for all of an event.
type touches map[agenda.ID]map[draftItem]bool

// touch notes that the transaction changes items of an event's draft.
func (tx *Tx) touch(event agenda.ID, kind agenda.SerialKind, ids ...agenda.ID) {
	if tx.touched == nil {
		tx.touched = touches{}
	}
	items, known := tx.touched[event]
	if known && items == nil {
		delete(tx.drafts, event)
		return
	}
	if items == nil {
		items = map[draftItem]bool{}
	}
	for _, id := range ids {
		items[draftItem{kind, id}] = true
	}
	if len(items) > mostTouched {
		tx.touchAll(event)
		return
	}
	tx.touched[event] = items
	for _, id := range ids {
		tx.outdate(event, draftItem{kind, id})
	}
}

// outdate notes that an item is not any more as it is in the draft that this transaction has read.
func (tx *Tx) outdate(event agenda.ID, item draftItem) {
	if d := tx.drafts[event]; d != nil {
		d.outdated = append(d.outdated, item)
	}
}

// touchAll notes that the transaction changes anything in an event's draft.
func (tx *Tx) touchAll(event agenda.ID) {
	if tx.touched == nil {
		tx.touched = touches{}
	}
	tx.touched[event] = nil
	delete(tx.drafts, event)
}

// keepTurns notes in the database what the transaction changed in drafts. It comes last: from here on, until the end of the
// transaction, nobody else does so for the same event.
func (tx *Tx) keepTurns() error {
	for _, event := range slices.Sorted(maps.Keys(tx.touched)) {
		if tx.dialect == postgresDialect {
			if err := tx.lock("draft " + string(event)); err != nil {
				return err
			}
		}
		last, err := tx.turnBefore(event)
		if err != nil {
			return err
		}
		var mark [8]byte
		rand.Read(mark[:]) // never fails
		r := &turnRow{EventID: string(event), Turn: last.number + 1, Mark: hex.EncodeToString(mark[:])}
		if items := tx.touched[event]; items != nil {
			body, err := json.Marshal(slices.SortedFunc(maps.Keys(items), func(a, b draftItem) int {
				return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
			}))
			if err != nil {
				return err
			}
			r.Items = string(body)
		}
		if err := insert(tx, []*turnRow{r}, wording{noun: "change of the draft"}); err != nil {
			return err
		}
		tx.keepOwn(event, last, r)
		if r.Turn%sweepEvery == 0 {
			if err := tx.of(event).Where("turn <= ?", r.Turn-keptTurns).Delete(&turnRow{}).Error; err != nil {
				return fault("sweep turns", err, wording{})
			}
		}
	}
	return nil
}

// turnBefore gives the turn that this transaction changes: the one of the draft that it has read, where nobody else can have made another
// since.
func (tx *Tx) turnBefore(event agenda.ID) (turn, error) {
	if own := tx.drafts[event]; own != nil && tx.Alone() {
		return own.at, nil
	}
	return tx.lastTurn(event)
}

// lastTurn gives the turn of the present, as far as this transaction sees it.
func (tx *Tx) lastTurn(event agenda.ID) (turn, error) {
	rows := make([]turnRow, 0, 1) // GORM would make room for twenty
	if err := tx.of(event).Select("turn, mark").Order("turn DESC").Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return turn{}, fault("read turns", err, wording{})
	}
	return turn{rows[0].Turn, rows[0].Mark}, nil
}

// since gives the present turn, and what was changed since another one; known is false when that can't be told.
func (tx *Tx) since(event agenda.ID, before turn) (now turn, items []draftItem, known bool, err error) {
	rows, err := all[turnRow](tx.of(event).Where("turn >= ?", before.number), "turn")
	if err != nil {
		return now, nil, false, err
	}
	for i, r := range rows {
		var some []draftItem
		switch {
		case i == 0 && r.Turn == before.number && r.Mark == before.mark:
			now = before
			continue
		case i == 0 || r.Items == "" || r.Turn != now.number+1 || json.Unmarshal([]byte(r.Items), &some) != nil:
			last := rows[len(rows)-1]
			return turn{last.Turn, last.Mark}, nil, false, nil
		}
		now, items = turn{r.Turn, r.Mark}, append(items, some...)
	}
	if len(rows) == 0 && before.number > 0 { // the database is an older one, or the event another one
		now, err = tx.lastTurn(event)
		return now, nil, false, err
	}
	return now, items, true, nil
}

// ownDraft is a draft as a transaction has read it.
type ownDraft struct {
	keptDraft             // with what the transaction changed until then
	outdated  []draftItem // changed since
}

// Draft gives the draft of an event as this transaction sees it. What is in memory serves as far as nobody changed it: of the
// rest, that alone is read.
func (tx *Tx) Draft(event agenda.ID) (*Draft, error) {
	if own := tx.drafts[event]; own != nil {
		d, err := tx.updateDraft(event, own.Draft, own.outdated)
		if err == nil {
			own.Draft, own.outdated = d, nil
		}
		return d, err
	}
	base, kept := tx.store.drafts.get(event)
	var now turn
	var items []draftItem
	var known bool
	var err error
	if kept {
		now, items, known, err = tx.since(event, base.at)
	} else {
		now, err = tx.lastTurn(event)
	}
	if err != nil {
		return nil, err
	}
	mine, dirty := tx.touched[event]
	var d *Draft
	switch {
	case !kept || !known || dirty && mine == nil:
		d, err = tx.loadDraft(event)
	default:
		d, err = tx.updateDraft(event, base.Draft, slices.AppendSeq(items, maps.Keys(mine)))
	}
	if err != nil {
		return nil, err
	}
	if !dirty && (now != base.at || !kept) && (now.number >= base.at.number || tx.writes) {
		tx.store.drafts.put(event, keptDraft{now, d})
	}
	if tx.drafts == nil {
		tx.drafts = map[agenda.ID]*ownDraft{}
	}
	tx.drafts[event] = &ownDraft{keptDraft: keptDraft{now, d}}
	return d, nil
}

// RoomsOf gives the rooms of an event's draft, of which the transaction may have changed other things.
func (tx *Tx) RoomsOf(event agenda.ID) ([]agenda.Room, error) {
	own := tx.drafts[event]
	if own != nil && !slices.ContainsFunc(own.outdated, func(item draftItem) bool { return item.Kind == agenda.RoomSerial }) {
		return own.Rooms, nil
	}
	d, err := tx.Draft(event)
	if err != nil {
		return nil, err
	}
	return d.Rooms, nil
}

// keepOwn keeps for others the draft that this transaction has read or changed, which is of a turn of its own.
func (tx *Tx) keepOwn(event agenda.ID, before turn, r *turnRow) {
	own := tx.drafts[event]
	if own == nil || own.at != before || len(own.outdated) > 0 {
		return
	}
	tx.AfterCommit(func() { tx.store.drafts.put(event, keptDraft{turn{r.Turn, r.Mark}, own.Draft}) })
}

func (tx *Tx) loadDraft(event agenda.ID) (*Draft, error) {
	d := &Draft{trail: &trail{}}
	var err error
	if d.Rooms, err = tx.AllRooms(event); err != nil {
		return nil, err
	}
	if d.Tracks, err = tx.AllTracks(event); err != nil {
		return nil, err
	}
	if d.People, err = tx.AllPeople(event); err != nil {
		return nil, err
	}
	panels, err := tx.AllPanels(event)
	if err != nil {
		return nil, err
	}
	serials, err := tx.Serials(event)
	if err != nil {
		return nil, err
	}
	d.Panels = agenda.Pointers(panels)
	d.byID = agenda.NewPanelsByID(d.Panels)
	return d.complete(serials, d.Panels), nil
}

// updateDraft gives a draft in which the items are as they are now.
func (tx *Tx) updateDraft(event agenda.ID, before *Draft, items []draftItem) (*Draft, error) {
	changed := map[agenda.SerialKind][]agenda.ID{}
	for _, item := range items {
		changed[item.Kind] = append(changed[item.Kind], item.ID)
	}
	if len(changed) == 0 {
		return before, nil
	}
	d := &Draft{Rooms: before.Rooms, Tracks: before.Tracks, People: before.People, Panels: before.Panels, byID: before.byID, trail: before.trail.after(items)}
	var fresh []*agenda.Panel
	var err error
	if len(changed[agenda.RoomSerial]) > 0 {
		d.Rooms, err = tx.AllRooms(event)
	}
	if err == nil && len(changed[agenda.TrackSerial]) > 0 {
		d.Tracks, err = tx.AllTracks(event)
	}
	if err == nil && len(changed[agenda.PersonSerial]) > 0 {
		d.People, err = tx.AllPeople(event)
	}
	if ids := changed[agenda.PanelSerial]; err == nil && len(ids) > 0 {
		fresh, err = tx.replacePanels(d, event, ids)
	}
	if err != nil {
		return nil, err
	}
	serials, err := tx.serialsAmong(event, changed)
	if err != nil {
		return nil, err
	}
	for kind, list := range before.serials(changed) {
		for id, n := range list {
			if serials[kind] == nil {
				serials[kind] = map[agenda.ID]int{}
			}
			if _, fresh := serials[kind][id]; !fresh {
				serials[kind][id] = n
			}
		}
	}
	return d.complete(serials, fresh), nil
}
