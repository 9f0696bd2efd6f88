package store

import "plenary/internal/agenda"

type trackRow struct {
	ID          string     `gorm:"column:id;primaryKey"`
	EventID     string     `gorm:"column:event_id"`
	Name        textColumn `gorm:"column:name"`
	Description textColumn `gorm:"column:description"`
	Color       string     `gorm:"column:color"`
	Position    int        `gorm:"column:position"`
	Revision    int        `gorm:"column:revision"`
	Created     int64      `gorm:"column:created_at"`
	Updated     int64      `gorm:"column:updated_at"`
}

func (trackRow) TableName() string { return "tracks" }

// trackUpdates are the columns that an update writes.
var trackUpdates = []string{"name", "description", "color", "position", "revision", "updated_at"}

var trackWording = wording{noun: "track", refers: "There is no such event."}

func rowOfTrack(t agenda.Track) *trackRow {
	return &trackRow{ID: string(t.ID), EventID: string(t.EventID), Name: textColumn(t.Name),
		Description: textColumn(t.Description), Color: t.Color, Position: t.Position, Revision: t.Revision,
		Created: millis(t.Created), Updated: millis(t.Updated)}
}

func (r trackRow) track() agenda.Track {
	return agenda.Track{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), Name: agenda.Text(r.Name),
		Description: agenda.Text(r.Description), Color: r.Color, Position: r.Position, Revision: r.Revision,
		Created: instant(r.Created), Updated: instant(r.Updated)}
}

var tracksByPosition = order[trackRow]{name: "tracks", keys: []key[trackRow]{
	{expr: "position", num: func(r trackRow) int64 { return int64(r.Position) }},
	{expr: "id", text: func(r trackRow) string { return r.ID }},
}}

// Track gives a track of the event.
func (tx *Tx) Track(event, id agenda.ID) (agenda.Track, error) {
	return one(tx.of(event).Where("id = ?", id), "track", trackRow.track)
}

// Tracks lists the event's tracks by position, then ID.
func (tx *Tx) Tracks(event agenda.ID, page Page) (tracks []agenda.Track, next string, err error) {
	rows, next, err := paged(tx.of(event), tracksByPosition, string(event), page)
	return convert(rows, trackRow.track), next, err
}

// AllTracks gives the event's tracks by position, then ID.
func (tx *Tx) AllTracks(event agenda.ID) ([]agenda.Track, error) {
	rows, err := all[trackRow](tx.of(event), tracksByPosition.by())
	return convert(rows, trackRow.track), err
}

// InsertTrack adds a track.
func (tx *Tx) InsertTrack(t agenda.Track) error {
	tx.touch(t.EventID, agenda.TrackSerial, t.ID)
	return insert(tx, []*trackRow{rowOfTrack(t)}, trackWording)
}

// UpdateTrack writes a track, whose revision is the stored one plus one.
func (tx *Tx) UpdateTrack(t agenda.Track) error {
	tx.touch(t.EventID, agenda.TrackSerial, t.ID)
	return tx.trackVersion(t.EventID, t.ID, t.Revision-1).update(trackUpdates, rowOfTrack(t), trackWording)
}

// DeleteTrack removes a track. The error is agenda.Taken, and names one, while a panel belongs to it.
func (tx *Tx) DeleteTrack(event, id agenda.ID, revision int) error {
	tx.touch(event, agenda.TrackSerial, id)
	version := tx.trackVersion(event, id, revision)
	if err := version.refuseUsed("track_id = ?", "", id); err != nil {
		return err
	}
	return version.delete(&trackRow{}, wording{noun: "track", used: "The track is still used."})
}

func (tx *Tx) trackVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "track", event: event, id: id, revision: revision,
		current: func() (any, error) { return tx.Track(event, id) }}
}
