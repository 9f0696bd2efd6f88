package store

import (
	"slices"

	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type roomRow struct {
	ID          string     `gorm:"column:id;primaryKey"`
	EventID     string     `gorm:"column:event_id"`
	Name        textColumn `gorm:"column:name"`
	Description textColumn `gorm:"column:description"`
	Kind        string     `gorm:"column:kind"`
	Capacity    int        `gorm:"column:capacity"`
	Position    int        `gorm:"column:position"`
	Parallel    bool       `gorm:"column:parallel"`
	Turnaround  *int       `gorm:"column:turnaround_minutes"`
	Revision    int        `gorm:"column:revision"`
	Created     int64      `gorm:"column:created_at"`
	Updated     int64      `gorm:"column:updated_at"`
}

func (roomRow) TableName() string { return "rooms" }

type walkRow struct {
	RoomID   string `gorm:"column:room_id;primaryKey"`
	Position int    `gorm:"column:position;primaryKey"`
	EventID  string `gorm:"column:event_id"`
	ToRoomID string `gorm:"column:to_room_id"`
	Minutes  int    `gorm:"column:minutes"`
}

func (walkRow) TableName() string { return "room_walks" }

// roomUpdates are the columns that an update writes.
var roomUpdates = []string{"name", "description", "kind", "capacity", "position", "parallel", "turnaround_minutes", "revision", "updated_at"}

var roomWording = wording{noun: "room", refers: "The room, or one that it gives the way to, is not one of this event's.",
	taken: map[string]string{"room_walks_room_id_to_room_id_key": "The room gives the way to another one twice."}}

func rowOfRoom(r agenda.Room) *roomRow {
	return &roomRow{ID: string(r.ID), EventID: string(r.EventID), Name: textColumn(r.Name),
		Description: textColumn(r.Description), Kind: string(r.Kind), Capacity: r.Capacity, Position: r.Position,
		Parallel: r.Parallel, Turnaround: r.Turnaround, Revision: r.Revision, Created: millis(r.Created), Updated: millis(r.Updated)}
}

func (r roomRow) room() agenda.Room {
	return agenda.Room{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), Name: agenda.Text(r.Name),
		Description: agenda.Text(r.Description), Kind: agenda.RoomKind(r.Kind), Capacity: r.Capacity,
		Position: r.Position, Parallel: r.Parallel, Turnaround: r.Turnaround, Revision: r.Revision,
		Created: instant(r.Created), Updated: instant(r.Updated)}
}

var roomsByPosition = order[roomRow]{name: "rooms", keys: []key[roomRow]{
	{expr: "position", num: func(r roomRow) int64 { return int64(r.Position) }},
	{expr: "id", text: func(r roomRow) string { return r.ID }},
}}

// Room gives a room of the event.
func (tx *Tx) Room(event, id agenda.ID) (agenda.Room, error) {
	rows, err := all[roomRow](tx.of(event).Where("id = ?", id), "id")
	if err != nil {
		return agenda.Room{}, err
	}
	if len(rows) == 0 {
		return agenda.Room{}, missing("room")
	}
	rooms, err := tx.withWalks(rows, tx.of(event).Where("room_id = ?", id))
	if err != nil {
		return agenda.Room{}, err
	}
	return rooms[0], nil
}

// Rooms lists the event's rooms by position, then ID.
func (tx *Tx) Rooms(event agenda.ID, page Page) (rooms []agenda.Room, next string, err error) {
	rows, next, err := paged(tx.of(event), roomsByPosition, string(event), page)
	if err != nil {
		return nil, "", err
	}
	rooms, err = tx.withWalks(rows, tx.of(event))
	return rooms, next, err
}

// AllRooms gives the event's rooms by position, then ID. They are read once in a transaction, unless it changes some.
func (tx *Tx) AllRooms(event agenda.ID) ([]agenda.Room, error) {
	if rooms, known := tx.rooms[event]; known {
		return slices.Clone(rooms), nil
	}
	rows, err := all[roomRow](tx.of(event), roomsByPosition.by())
	if err != nil {
		return nil, err
	}
	rooms, err := tx.withWalks(rows, tx.of(event))
	if err != nil {
		return nil, err
	}
	if tx.rooms == nil {
		tx.rooms = map[agenda.ID][]agenda.Room{}
	}
	tx.rooms[event] = rooms
	return slices.Clone(rooms), nil
}

// withWalks gives the rooms with their walks, which are among those of q.
func (tx *Tx) withWalks(rows []roomRow, q *gorm.DB) ([]agenda.Room, error) {
	walks, err := all[walkRow](q, "room_id, position")
	if err != nil {
		return nil, err
	}
	of := map[string][]agenda.Walk{}
	for _, w := range walks {
		of[w.RoomID] = append(of[w.RoomID], agenda.Walk{To: agenda.ID(w.ToRoomID), Minutes: w.Minutes})
	}
	rooms := convert(rows, roomRow.room)
	for i := range rooms {
		rooms[i].Walks = of[rows[i].ID]
	}
	return rooms, nil
}

// InsertRoom adds a room with its walks.
func (tx *Tx) InsertRoom(r agenda.Room) error {
	tx.touch(r.EventID, agenda.RoomSerial, r.ID)
	tx.rooms = nil
	if err := insert(tx, []*roomRow{rowOfRoom(r)}, roomWording); err != nil {
		return err
	}
	return tx.insertWalks(r)
}

// UpdateRoom writes a room with its walks; its revision is the stored one plus one.
func (tx *Tx) UpdateRoom(r agenda.Room) error {
	tx.touch(r.EventID, agenda.RoomSerial, r.ID)
	tx.rooms = nil
	if err := tx.roomVersion(r.EventID, r.ID, r.Revision-1).update(roomUpdates, rowOfRoom(r), roomWording); err != nil {
		return err
	}
	if err := tx.of(r.EventID).Where("room_id = ?", r.ID).Delete(&walkRow{}).Error; err != nil {
		return fault("delete walks", err, roomWording)
	}
	return tx.insertWalks(r)
}

// InsertWalks adds the walks of a room that has none yet: whole events come with walks to rooms that follow later.
func (tx *Tx) InsertWalks(r agenda.Room) error { return tx.insertWalks(r) }

func (tx *Tx) insertWalks(r agenda.Room) error {
	tx.touch(r.EventID, agenda.RoomSerial, r.ID)
	tx.rooms = nil
	rows := make([]*walkRow, len(r.Walks))
	for i, w := range r.Walks {
		rows[i] = &walkRow{RoomID: string(r.ID), Position: i, EventID: string(r.EventID), ToRoomID: string(w.To),
			Minutes: w.Minutes}
	}
	return insert(tx, rows, roomWording)
}

// DeleteRoom removes a room, the walks to it and its availabilities. The error is agenda.Taken, and names one, while a
// panel or a meeting is in it.
func (tx *Tx) DeleteRoom(event, id agenda.ID, revision int) error {
	tx.rooms = nil
	tx.touch(event, agenda.RoomSerial, id)
	version := tx.roomVersion(event, id, revision)
	if err := version.refuseUsed("room_id = ?", "room_id = ?", id); err != nil {
		return err
	}
	if err := version.delete(&roomRow{}, wording{noun: "room", used: "The room is still used."}); err != nil {
		return err
	}
	// A panel that spans all rooms held this one too.
	return tx.forgetResource(event, agenda.Resource{Kind: agenda.RoomResource, ID: id})
}

func (tx *Tx) roomVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "room", event: event, id: id, revision: revision,
		current: func() (any, error) { return tx.Room(event, id) }}
}
