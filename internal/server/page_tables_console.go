package server

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// tablesView shows what takes the rooms and tables of one day: a row for each, the time across.
type tablesView struct {
	*eventConsole
	Lead    string
	Days    []consoleLink
	Day     string
	Hours   []tableHour
	Rooms   []*tableRoom
	Nothing bool
	Offers  bool        // there are free times that lead to a new meeting
	Make    consoleLink // to the first room
}

// tableHour heads as many columns.
type tableHour struct {
	Clock   string
	Columns int
}

// tableRoom is a room. What overlaps in it is below each other.
type tableRoom struct {
	Name  said
	Holds string
	Lanes [][]tableCell
}

// tableCell is so many columns of a room: something takes it, or it is free.
type tableCell struct {
	*words
	Columns int
	Hours   string
	Kind    string // meeting, panel or busy; "": nothing takes it
	What    said
	URL     string
	State   string // of a meeting that is not agreed on
	Clock   string // when the free time begins
	Make    string // address of the form of a new meeting then, "" where there can be none
	Name    string // what that link is called
	Shut    bool
}

func (s *Server) tablesPage(c echo.Context, v *eventConsole) error {
	day, err := s.app.RoomDay(c.Request().Context(), v.actor, v.Event.Slug, agenda.Date(c.QueryParam("day")))
	if err != nil {
		return err
	}
	if err := v.name("console_tables"); err != nil {
		return err
	}
	if !agenda.May(v.actor, agenda.ReadPeople, v.Event.ID) {
		day.People = nil
	}
	d := &tableDesk{meetingDesk: &meetingDesk{&desk{v, day.Rooms, v.newRoll(day.People)}}, RoomDay: day}
	p := &tablesView{eventConsole: v, Nothing: len(day.Taken) == 0}
	if err := p.fill(d); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_tables", p, p.reader)
}

func (p *tablesView) fill(d *tableDesk) (err error) {
	if p.Lead, err = p.Say("tables_lead", "zone", p.Event.Zone); err != nil {
		return err
	}
	if p.Day, err = p.day("date_long", d.Day); err != nil {
		return err
	}
	for _, day := range d.Days {
		label, err := p.day("date_long", day)
		if err != nil {
			return err
		}
		p.Days = append(p.Days, consoleLink{Label: label, URL: p.Here + "tables" + p.asking(url.Values{"day": {string(day)}}), Current: day == d.Day})
	}
	if len(d.Rooms) == 0 && agenda.May(p.actor, agenda.EditEvent, p.Event.ID) {
		p.Make.URL = p.Here + "rooms/new" + p.reader.query
		if p.Make.Label, err = p.Say("room_new"); err != nil {
			return err
		}
	}
	d.part()
	p.Hours = d.hours()
	for _, r := range tablesFirst(d.Rooms) {
		row, err := d.room(r)
		if err != nil {
			return err
		}
		p.Rooms = append(p.Rooms, row)
		for _, lane := range row.Lanes {
			p.Offers = p.Offers || slices.ContainsFunc(lane, func(c tableCell) bool { return c.Make != "" })
		}
	}
	return nil
}
