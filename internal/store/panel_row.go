package store

import (
	"fmt"
	"math"
	"slices"

	"plenary/internal/agenda"
)

type panelRow struct {
	ID             string      `gorm:"column:id;primaryKey"`
	EventID        string      `gorm:"column:event_id"`
	UID            string      `gorm:"column:uid"`
	Code           string      `gorm:"column:code"`
	Number         int         `gorm:"column:number"`
	Format         string      `gorm:"column:format"`
	Title          textColumn  `gorm:"column:title"`
	Abstract       textColumn  `gorm:"column:abstract"`
	TrackID        *string     `gorm:"column:track_id"`
	Slot           slotColumns `gorm:"embedded"`
	AllRooms       bool        `gorm:"column:all_rooms"`
	Language       string      `gorm:"column:language"`
	Interpretation listColumn  `gorm:"column:interpretation"`
	StreamURL      string      `gorm:"column:stream_url"`
	Audience       int         `gorm:"column:audience"`
	Cancelled      bool        `gorm:"column:cancelled"`
	CancelNote     textColumn  `gorm:"column:cancel_note"`
	ReplacedBy     *string     `gorm:"column:replaced_by"`
	Notes          string      `gorm:"column:notes"`
	Search         string      `gorm:"column:search"`
	Revision       int         `gorm:"column:revision"`
	Created        int64       `gorm:"column:created_at"`
	Updated        int64       `gorm:"column:updated_at"`
}

func (panelRow) TableName() string { return "panels" }

// Columns that an update and a move write. The UID stays what it was at the beginning.
var (
	panelMoves   = append(slices.Clone(slotNames), "revision", "updated_at")
	panelUpdates = append([]string{"code", "number", "format", "title", "abstract", "track_id", "all_rooms", "language",
		"interpretation", "stream_url", "audience", "cancelled", "cancel_note", "replaced_by", "notes", "search"}, panelMoves...)
)

func rowOfPanel(p agenda.Panel) *panelRow {
	words := []agenda.Text{p.Title, p.Abstract}
	for _, v := range p.Interventions {
		words = append(words, v.Title)
	}
	return &panelRow{ID: string(p.ID), EventID: string(p.EventID), UID: p.UID, Code: p.Code, Number: p.Number,
		Format: string(p.Format), Title: textColumn(p.Title), Abstract: textColumn(p.Abstract),
		TrackID: idOrNull(p.TrackID), Slot: slotRow(p.Slot), AllRooms: p.AllRooms, Language: p.Language,
		Interpretation: p.Interpretation, StreamURL: p.StreamURL, Audience: p.Audience, Cancelled: p.Cancelled,
		CancelNote: textColumn(p.CancelNote), ReplacedBy: idOrNull(p.ReplacedBy), Notes: p.Notes, Search: searchable(words, p.Code),
		Revision: p.Revision, Created: millis(p.Created), Updated: millis(p.Updated)}
}

func (r panelRow) panel() agenda.Panel {
	return agenda.Panel{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), UID: r.UID, Code: r.Code, Number: r.Number,
		Format: agenda.Format(r.Format), Title: agenda.Text(r.Title), Abstract: agenda.Text(r.Abstract),
		TrackID: idOf(r.TrackID), Slot: r.Slot.slot(), AllRooms: r.AllRooms, Language: r.Language,
		Interpretation: r.Interpretation, StreamURL: r.StreamURL, Audience: r.Audience, Cancelled: r.Cancelled,
		CancelNote: agenda.Text(r.CancelNote), ReplacedBy: idOf(r.ReplacedBy), Notes: r.Notes, Revision: r.Revision,
		Created: instant(r.Created), Updated: instant(r.Updated)}
}

func panelWording(p agenda.Panel) wording {
	return wording{noun: "panel", refers: "The panel refers to a track, a room or a person that is not this event's.",
		taken: map[string]string{
			"panels_event_id_code_key":                                 "The code " + fmt.Sprintf("%q", p.Code) + " is in use.",
			"panels_uid_key":                                           "The calendar UID of the panel is in use.",
			"panel_speakers_panel_id_person_id_role_key":               "A person is in the panel twice with the same role.",
			"interventions_pkey":                                       "An intervention of this panel is another panel's.",
			"intervention_speakers_intervention_id_person_id_role_key": "A person is in an intervention twice with the same role.",
		}}
}

// unscheduled is where what has no start sorts: last.
const unscheduled = math.MaxInt64

// startExpr is the start to sort by.
var startExpr = fmt.Sprintf("COALESCE(start_at, %d)", int64(unscheduled))

func (c slotColumns) sortStart() int64 {
	if c.StartAt == nil {
		return unscheduled
	}
	return *c.StartAt
}

func panelID(r panelRow) string { return r.ID }

// panelOrders are what a list of panels can be sorted by.
var panelOrders = map[string]order[panelRow]{
	"start": {name: "panels by start", keys: []key[panelRow]{
		{expr: startExpr, num: func(r panelRow) int64 { return r.Slot.sortStart() }},
		{expr: "id", text: panelID},
	}},
	"code": {name: "panels by code", keys: []key[panelRow]{
		{expr: "code", text: func(r panelRow) string { return r.Code }},
		{expr: "id", text: panelID},
	}},
	"updated": {name: "panels by change", keys: []key[panelRow]{
		{expr: "updated_at", desc: true, num: func(r panelRow) int64 { return r.Updated }},
		{expr: "id", text: panelID},
	}},
}
