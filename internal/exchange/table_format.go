package exchange

import "io"

// TableFormat is a table for organizers, or all of them, as a file.
type TableFormat struct {
	File  string // its name
	Media string
	Write func(io.Writer, Tables) error
}

const mediaCSV = "text/csv; charset=utf-8"

// TableFormats lists them.
var TableFormats = []TableFormat{
	{"panels.csv", mediaCSV, PanelsCSV},
	{"people.csv", mediaCSV, PeopleCSV},
	{"meetings.csv", mediaCSV, MeetingsCSV},
	{"agenda.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Workbook},
}
