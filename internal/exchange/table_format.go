package exchange

import "io"

// TableFormat is a table for organizers, or all of them, as a file.
type TableFormat struct {
	File  string // its name
	Media string
	Write func(io.Writer, Tables) error
	// Meetings: it has nothing but Meetings, so that it is for those only who may see them.
	Meetings bool
}

const mediaCSV = "text/csv; charset=utf-8"

// TableFormats lists them.
var TableFormats = []TableFormat{
	{"panels.csv", mediaCSV, PanelsCSV, false},
	{"people.csv", mediaCSV, PeopleCSV, false},
	{"meetings.csv", mediaCSV, MeetingsCSV, true},
	{"agenda.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Workbook, false},
}
