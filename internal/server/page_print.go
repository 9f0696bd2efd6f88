package server

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// printView is what is printed. Each sheet says of which Release it is, when it was made, and leads to the live page.
type printView struct {
	*eventView
	Made   string // a sentence
	Code   codeView
	Live   string // where the code leads
	Sheets []sheetView
	Rooms  []roomPlan
	Card   cardView
}

// sheetView is one page for the door of a Room.
type sheetView struct {
	*words
	Room   said
	Day    string
	Anchor string
	Panels []panelView
	Dense  string // a class: how much has to fit
}

// roomPlan is what takes place in a Room, by day.
type roomPlan struct {
	*words
	Room said
	Days []sheetView
}

// fillPaper adds to what is printed what one kind of paper shows.
type fillPaper func(*printView, *agenda.Release) error

// answerPaper answers with something to print, of one day where that is told apart. It is made anew every minute, since it says when it was.
func (s *Server) answerPaper(c echo.Context, template, day string, fill fillPaper) error {
	release, r, err := s.latest(c)
	if err != nil {
		return err
	}
	made := s.now().Truncate(time.Minute)
	key := keyOf(release.State()+" "+strconv.FormatInt(made.Unix(), 10), "paper", release.Snapshot.Event.Slug, c.Request().URL.Path, day, r.key())
	b, err := s.partOf(c, key, func() (*body, error) {
		v, err := s.newPrintView(r, release, made, fill)
		if err != nil {
			return nil, err
		}
		return renderPage(template, v, r, time.Time{})
	})
	if err != nil {
		return err
	}
	addVary(c.Response().Header(), "Accept-Language")
	c.Response().Header().Set(echo.HeaderCacheControl, cacheScreen)
	return b.answer(c)
}

func (s *Server) newPrintView(r reader, release *agenda.Release, made time.Time, fill fillPaper) (v *printView, err error) {
	v = &printView{}
	if v.eventView, err = s.newEventView(r, release); err != nil {
		return nil, err
	}
	v.NoIndex, v.Styles = true, append(v.Styles, s.assetURL(paperStyleName))
	v.Feed, v.JSON, v.Live = "", "", v.Canonical
	if err := v.say(made); err != nil {
		return nil, err
	}
	if err := fill(v, release); err != nil {
		return nil, err
	}
	v.Canonical = "" // what is on paper is to be found as pages
	v.Code, err = newCode(v.Live)
	return v, err
}

// say adds when the paper was made.
func (v *printView) say(made time.Time) error {
	here := agenda.MomentOf(v.event.Location(), made)
	date, err := v.reader.words.day("date_plain", here.Wall.Date())
	if err != nil {
		return err
	}
	v.Made, err = v.Say("print_printed", "date", date, "time", here.Wall.Clock())
	return err
}

// printPage is the whole agenda on paper: day by day, and room by room.
func (s *Server) printPage(c echo.Context) error {
	return s.answerPaper(c, "print", "", func(v *printView, r *agenda.Release) error {
		if err := v.addAgenda(); err != nil {
			return err
		}
		title, err := v.Say("print_title")
		if err != nil {
			return err
		}
		v.Title = title + " · " + v.Name.Text
		for _, room := range v.document.Rooms {
			plan := roomPlan{words: v.words, Room: v.in(room.Name, room.TextLanguages, "name"), Days: v.sheets(room.ID, "")}
			if len(plan.Days) > 0 {
				v.Rooms = append(v.Rooms, plan)
			}
		}
		return nil
	})
}

// sheets gives what takes place in a Room on each day that has something, or on one day whatever it has.
func (v *printView) sheets(room agenda.ID, only string) (list []sheetView) {
	in := map[agenda.ID]bool{}
	for _, p := range v.document.Panels {
		in[p.ID] = p.Room == room || p.AllRooms
	}
	name := v.rooms[room]
	for i, day := range v.Days {
		sheet := sheetView{words: v.words, Room: v.in(name.Name, name.TextLanguages, "name"), Day: day.Long, Anchor: day.Anchor}
		if only != "" && only != string(v.document.Days[i].Date) {
			continue
		}
		own := false
		for _, p := range day.Panels {
			if in[p.ID] {
				sheet.Panels = append(sheet.Panels, p)
				own = own || p.Room.Text == sheet.Room.Text
			}
		}
		if !own && only == "" { // what spans all rooms alone makes no sheet
			continue
		}
		sheet.Dense = density(sheet.Panels)
		list = append(list, sheet)
	}
	return list
}

// density says how small the letters of a sheet have to be so that it fits on one page.
func density(panels []panelView) string {
	lines := 0
	for _, p := range panels {
		names := 0
		for _, s := range p.Speakers {
			names += len([]rune(s.Name)) + 3
		}
		lines += 3 + len([]rune(p.Title.Text))/34 + names/55
	}
	switch {
	case lines <= 24:
		return "roomy"
	case lines <= 42:
		return "dense"
	case lines <= 75:
		return "denser"
	}
	return "densest"
}

// sheetPage is a sheet for the door of a Room for each day, or for the day of ?day=.
func (s *Server) sheetPage(c echo.Context) error {
	day := c.QueryParam("day")
	if len(day) > maxParameter {
		return badAddress("day", "It is a date, such as 2027-03-28.")
	}
	return s.answerPaper(c, "print_sheet", day, func(v *printView, r *agenda.Release) error {
		room, ok := roomAt(&r.Snapshot, c.Param("room"))
		if !ok {
			return errNoRoom
		}
		if err := v.addAgenda(); err != nil {
			return err
		}
		shown := v.rooms[room.ID]
		v.Name = v.in(shown.Name, shown.TextLanguages, "name")
		v.Sheets = v.sheets(room.ID, day)
		if len(v.Sheets) == 0 && day != "" {
			return agenda.Errorf(agenda.NotFound, "The agenda has no such day.")
		}
		var err error
		v.Title, err = v.Say("sheet_title", "room", v.Name.Text, "day", v.Dates)
		return err
	})
}
