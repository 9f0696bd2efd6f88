package exchange

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// Tables are what organizers have of an Event in spreadsheets: its draft, and those of its Meetings that the one who
// asks may see.
//
// Headers are words for programs, in English. Days and times are texts that sort and that no spreadsheet turns around:
// 2025-10-27 and 14:00 by the Event's clock, with the day before the time where it is another one. Texts are in the
// Event's first language, or in the best that there is; their other languages have columns of their own.
type Tables struct {
	Draft    agenda.Draft
	Meetings []agenda.Meeting
	// WithoutMeetings: whose tables they are may not see Meetings, which is not the same as that there are none.
	WithoutMeetings bool
	BaseURL         string // of the installation, without a slash at the end
}

// sheet is one table. Cells are strings, or ints where they are numbers, or nil.
type sheet struct {
	name    string
	columns []column
	rows    [][]any
}

type column struct {
	header string
	width  float64 // in a workbook, in characters
}

// clerk fills the tables of one Event.
type clerk struct {
	Tables
	*agenda.Reader
	zone   *time.Location
	site   agenda.Site
	names  map[agenda.ID]string
	rooms  map[agenda.ID]string
	tracks map[agenda.ID]string
	others []string // languages of panels besides the Event's first one
}

func newClerk(t Tables) *clerk {
	e := t.Draft.Event
	c := &clerk{Tables: t, Reader: agenda.NewReader(e.Language()), zone: e.Location(), site: agenda.Site{Base: t.BaseURL, Slug: e.Slug},
		names: map[agenda.ID]string{}, rooms: map[agenda.ID]string{}, tracks: map[agenda.ID]string{}}
	for _, p := range t.Draft.People {
		c.names[p.ID] = inCell(p.Name)
	}
	for _, r := range t.Draft.Rooms {
		c.rooms[r.ID] = c.String(r.Name)
	}
	for _, track := range t.Draft.Tracks {
		c.tracks[track.ID] = c.String(track.Name)
	}
	// What is in a language that the Event does not have would be lost without a column.
	var found []string
	for _, p := range t.Draft.Panels {
		found = append(found, slices.Concat(p.Title.Languages(), p.Abstract.Languages())...)
		for _, v := range p.Interventions {
			found = append(found, slices.Concat(v.Title.Languages(), v.Abstract.Languages())...)
		}
	}
	slices.Sort(found)
	for _, tag := range slices.Concat(e.Languages, found) {
		if tag != e.Language() && !slices.Contains(c.others, tag) {
			c.others = append(c.others, tag)
		}
	}
	return c
}

// inCell gives a name that can stand among others in a cell.
func inCell(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(name, ";", ",")), " ")
}

// roleColumns are the columns of those who take part, one for each role.
var roleColumns = []struct {
	role   agenda.Role
	header string
}{{agenda.Presenter, "speakers"}, {agenda.Moderator, "moderators"}, {agenda.Panelist, "panelists"}, {agenda.Chair, "chairs"},
	{agenda.Host, "hosts"}, {agenda.Rapporteur, "rapporteurs"}, {agenda.Interpreter, "interpreters"}}

// panels gives a row for each Panel, and below it one for each of its Interventions, which are of the kind "talk" and
// have the Panel's code in the column "group". Cells name the people who are counted on, separated by semicolons.
func (c *clerk) panels() sheet {
	s := sheet{name: "Panels", columns: []column{{"id", 12}, {"code", 10}, {"title", 40}}}
	for _, tag := range c.others {
		s.columns = append(s.columns, column{"title (" + tag + ")", 40})
	}
	s.columns = append(s.columns, column{"kind", 8}, column{"group", 10}, column{"abstract", 40})
	for _, tag := range c.others {
		s.columns = append(s.columns, column{"abstract (" + tag + ")", 40})
	}
	s.columns = append(s.columns, column{"format", 12}, column{"track", 20}, column{"room", 20}, column{"day", 11}, column{"start", 8},
		column{"end", 8}, column{"minutes", 8}, column{"zone", 18}, column{"language", 10}, column{"interpretation", 14}, column{"status", 12})
	for _, r := range roleColumns {
		s.columns = append(s.columns, column{r.header, 30})
	}
	s.columns = append(s.columns, column{"stream_url", 30}, column{"url", 30})
	for _, p := range c.inOrder() {
		s.rows = append(s.rows, c.panel(*p))
		begin := starts(*p)
		for i, v := range p.Interventions {
			s.rows = append(s.rows, c.talk(*p, v, begin[i]))
		}
	}
	return s
}

// inOrder gives the Panels in the order of the agenda, and then those without a Slot by their codes.
func (c *clerk) inOrder() []*agenda.Panel {
	rooms := slices.SortedFunc(slices.Values(c.Draft.Rooms), func(a, b agenda.Room) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	scheduled := agenda.Snapshot{Rooms: rooms}
	var others []*agenda.Panel
	for _, p := range agenda.Pointers(c.Draft.Panels) {
		if p.Slot != nil {
			scheduled.Panels = append(scheduled.Panels, p)
		} else {
			others = append(others, p)
		}
	}
	scheduled.SortPanels()
	slices.SortFunc(others, func(a, b *agenda.Panel) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID)) })
	return append(scheduled.Panels, others...)
}

func (c *clerk) panel(p agenda.Panel) []any {
	group := "" // of nothing else: a reader would look for what is in it
	if len(p.Interventions) > 0 {
		group = p.Code
	}
	row := append([]any{string(p.ID), p.Code}, c.texts(p.Title)...)
	row = append(append(row, "panel", group), c.texts(p.Abstract)...)
	row = append(row, string(p.Format), c.tracks[p.TrackID], c.place(p))
	if p.Slot == nil {
		row = append(row, "", "", "", nil)
	} else {
		row = append(row, c.when(p.Slot)...)
	}
	row = append(row, c.Draft.Event.Zone, p.Language, strings.Join(p.Interpretation, "; "), status(p))
	return append(append(row, c.cast(p.Speakers)...), p.StreamURL, c.site.Panel(p.Code))
}

func (c *clerk) talk(p agenda.Panel, v agenda.Intervention, begin time.Time) []any {
	row := append([]any{string(v.ID), ""}, c.texts(v.Title)...)
	row = append(append(row, "talk", p.Code), c.texts(v.Abstract)...)
	row = append(row, string(agenda.FormatTalk), c.tracks[p.TrackID], c.place(p))
	var day, start, end string
	var minutes any
	if p.Slot != nil {
		day = string(p.Slot.Day())
	}
	if !begin.IsZero() {
		start = clock(p.Slot.Day(), agenda.MomentOf(c.zone, begin))
	}
	if v.Minutes > 0 {
		minutes = v.Minutes
		if !begin.IsZero() {
			end = clock(p.Slot.Day(), agenda.MomentOf(c.zone, begin.Add(time.Duration(v.Minutes)*time.Minute)))
		}
	}
	row = append(row, day, start, end, minutes, c.Draft.Event.Zone, p.Language, "", status(p))
	return append(append(row, c.cast(v.Speakers)...), "", "")
}

// starts gives when each of the Interventions begins, the zero time where that does not follow from what is planned: from
// its offset, or from the minutes of those before it.
func starts(p agenda.Panel) []time.Time {
	begin := make([]time.Time, len(p.Interventions))
	if p.Slot == nil {
		return begin
	}
	next := p.Slot.Start.At
	for i, v := range p.Interventions {
		if v.Offset != nil {
			next = p.Slot.Start.At.Add(time.Duration(*v.Offset) * time.Minute)
		}
		// What follows from others may not be meant beyond the Panel's end; what is said is.
		if !next.IsZero() && (v.Offset != nil || next.Before(p.Slot.End.At)) {
			begin[i] = next
		}
		if v.Minutes == 0 {
			next = time.Time{}
		} else if !next.IsZero() {
			next = next.Add(time.Duration(v.Minutes) * time.Minute)
		}
	}
	return begin
}

// texts gives a text, and then what it is in each of the other languages.
func (c *clerk) texts(t agenda.Text) []any {
	cells := []any{c.String(t)}
	for _, tag := range c.others {
		cells = append(cells, t[tag])
	}
	return cells
}

func (c *clerk) place(p agenda.Panel) string {
	switch {
	case p.AllRooms:
		return "all rooms"
	case p.Slot != nil:
		return c.rooms[p.Slot.RoomID]
	}
	return ""
}

// when gives the cells of a day, a start, an end and minutes.
func (c *clerk) when(s *agenda.Slot) []any {
	return []any{string(s.Day()), clock(s.Day(), s.Start), clock(s.Day(), s.End), int(s.End.At.Sub(s.Start.At) / time.Minute)}
}

// clock gives what the clock shows, "14:00", with the day before it where that is another one.
func clock(day agenda.Date, m agenda.Moment) string {
	shown := m.Wall.Clock()
	if at := string(m.Wall); !strings.HasSuffix(at, ":00") {
		shown = at[len("2006-01-02T"):]
	}
	if m.Wall.Date() != day {
		shown = string(m.Wall.Date()) + " " + shown
	}
	return shown
}

func status(p agenda.Panel) string {
	switch {
	case p.Cancelled:
		return "cancelled"
	case p.Slot == nil:
		return "unscheduled"
	}
	return "scheduled"
}

// cast gives the cells of those who are counted on, one for each role.
func (c *clerk) cast(speakers []agenda.Speaker) []any {
	var cells []any
	for _, column := range roleColumns {
		var names []string
		for _, s := range speakers {
			if name := c.names[s.PersonID]; name != "" && s.Role == column.role && s.Comes() {
				names = append(names, name)
			}
		}
		cells = append(cells, strings.Join(names, "; "))
	}
	return cells
}
