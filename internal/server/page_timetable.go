package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeTimetable adds the timetable that organizers plan on.
func (s *Server) routeTimetable() {
	s.console(agenda.ReadDraft, "/timetable", s.timetablePage)
	s.console(agenda.ReadDraft, "/timetable.json", s.timetableJSON)
	s.console(agenda.ReadDraft, "/timetable/stream", s.timetableStream)
}

// timetableView is the page that the timetable's script fills, and what it shows without one.
type timetableView struct {
	*eventConsole
	State       string // where the script gets what there is
	Stream      string // and what changes
	API         string // where it changes something
	Words       string // a JSON object: those that it puts in
	Edits       bool
	Days        []plainDay
	Unscheduled []plainPanel
}

// plainDay is a day of the timetable as a table.
type plainDay struct {
	*words
	Name   string
	Panels []plainPanel
}

type plainPanel struct {
	*words
	Hours     string
	Room      said
	Title     said
	Code      string
	Cancelled bool
}

// timetableJSON gives the draft to the script.
func (s *Server) timetableJSON(c echo.Context, v *eventConsole) error {
	t, err := s.app.Timetable(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	told, err := newTimetableBody(v.reader, t, v.Here)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(told)
	if err != nil {
		return err
	}
	b := newPackedBody("application/json", time.Time{}, encoded)
	b.language = v.reader.words.lang
	addVary(c.Response().Header(), "Accept-Language")
	return b.answer(c)
}

// timetablePage shows what the script needs to begin, and the draft as tables where there is none.
func (s *Server) timetablePage(c echo.Context, v *eventConsole) error {
	if err := v.name("console_timetable"); err != nil {
		return err
	}
	t, err := s.app.Timetable(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	shown := &timetableView{eventConsole: v, State: v.Here + "timetable.json" + v.reader.query, Stream: v.Here + "timetable/stream" + v.reader.query,
		API: s.root() + strings.TrimPrefix(apiRoot, "/") + "/events/" + v.Event.Slug + "/", Edits: agenda.May(v.actor, agenda.EditEvent, v.Event.ID)}
	shown.Styles = append(shown.Styles, s.assetURL("console_timetable.css"))
	shown.Scripts = append(shown.Scripts, s.assetURL("console_timetable.js"))
	if shown.Words, err = v.scriptWordsOf("timetable", "problem"); err != nil {
		return err
	}
	if err := shown.addPlain(t.Draft, t.Days); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_timetable", shown, v.reader)
}

// addPlain adds the draft by day, in the order of time and then of rooms.
func (v *timetableView) addPlain(d agenda.Draft, days []agenda.Date) error {
	order := agenda.Snapshot{Rooms: d.Rooms}
	for i := range d.Panels {
		if p := &d.Panels[i]; p.Slot != nil {
			order.Panels = append(order.Panels, p)
		}
	}
	order.SortPanels()
	for _, day := range days {
		name, err := v.day("date_long", day)
		if err != nil {
			return err
		}
		v.Days = append(v.Days, plainDay{words: v.words, Name: name})
	}
	for _, p := range order.Panels {
		room, err := v.place(d, *p)
		if err != nil {
			return err
		}
		shown := v.plain(d, *p)
		shown.Room, shown.Hours = room, p.Slot.Start.Wall.Clock()+"–"+p.Slot.End.Wall.Clock()
		at := &v.Days[slices.Index(days, p.Slot.Day())]
		at.Panels = append(at.Panels, shown)
	}
	for _, p := range d.Panels {
		if p.Slot == nil {
			v.Unscheduled = append(v.Unscheduled, v.plain(d, p))
		}
	}
	return nil
}

func (v *timetableView) plain(d agenda.Draft, p agenda.Panel) plainPanel {
	return plainPanel{words: v.words, Title: v.reader.pick(d.Event.Language(), p.Title), Code: p.Code, Cancelled: p.Cancelled}
}

// place says where a scheduled Panel is.
func (v *timetableView) place(d agenda.Draft, p agenda.Panel) (said, error) {
	for _, r := range d.Rooms {
		if r.ID == p.Slot.RoomID {
			return v.reader.pick(d.Event.Language(), r.Name), nil
		}
	}
	key := "console_timetable_no_room"
	if p.AllRooms {
		key = "all_rooms"
	}
	text, err := v.Say(key)
	return said{Text: text}, err
}
