package exchange

import "plenary/internal/agenda"

// PublicOptions say how what the public gets of a Release is made.
type PublicOptions struct {
	BaseURL  string // of the installation, without a slash at the end
	Language string // a BCP 47 tag; "": the Event's first language
}

// PublicFormat is a format of the field in which anybody gets a Release. Its bytes are the same for the same Release and
// options.
type PublicFormat struct {
	Name    string // on the command line
	Path    string // below the Event's address
	Media   string // type of its documents
	Summary string // what it is, in a few words
	Words   string // who reads it
	Current bool   // it is about the latest Release only
	Write   func(agenda.Release, PublicOptions) ([]byte, error)
}

// PublicFormats lists the formats.
var PublicFormats = []PublicFormat{
	{"schedule.xml", "schedule.xml", "application/xml; charset=utf-8", "Read the agenda as schedule.xml",
		"For the apps of conferences, such as Giggity and EventFahrplan, and for video teams: valid by the XSD of c3voc.", false, ScheduleXML},
	{"schedule.json", "schedule.json", "application/json; charset=utf-8", "Read the agenda as schedule.json", "The same as JSON: valid by the JSON schema of c3voc.", false, ScheduleJSON},
	{"xcal", "schedule.xcal", "application/xml; charset=utf-8", "Read the agenda as schedule.xcal", "For old apps, in the flavour that pentabarf wrote.", false, ScheduleXCal},
	{"sessionize-all", "sessionize/All", "application/json; charset=utf-8", "Read the agenda as Sessionize's view All",
		"For apps and sites that are made for Sessionize's API.", false, SessionizeAll},
	{"sessionize-gridsmart", "sessionize/GridSmart", "application/json; charset=utf-8", "Read the agenda as Sessionize's view GridSmart", "Days, rooms and times.", false, SessionizeGridSmart},
	{"sessionize-sessions", "sessionize/Sessions", "application/json; charset=utf-8", "Read the agenda as Sessionize's view Sessions", "In one list.", false, SessionizeSessions},
	{"sessionize-speakers", "sessionize/Speakers", "application/json; charset=utf-8", "Read the speakers as Sessionize's view Speakers", "In one list.", false, SessionizeSpeakers},
	{"giggity", "giggity.json", "application/json; charset=utf-8", "Read the entry for Giggity's menu",
		"What its maintainers need to list the event in the app, by the schema of their menu.", true, GiggityEntry},
}
