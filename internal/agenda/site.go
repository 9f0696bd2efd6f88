package agenda

import "strconv"

// Site says at which addresses the public reads an Event: one place for what the pages, the
// documents and the calendars all link to.
type Site struct {
	Base string // of the installation, absolute, without a trailing slash
	Slug string
}

func (s Site) at(path string) string { return s.Base + "/" + s.Slug + "/" + path }

// Page is the agenda to read.
func (s Site) Page() string { return s.at("") }

// Agenda is the agenda as JSON.
func (s Site) Agenda() string { return s.at("agenda.json") }

// Calendar is the calendar of the whole Event.
func (s Site) Calendar() string { return s.at("agenda.ics") }

// Changes is what changed between the Releases, as JSON.
func (s Site) Changes() string { return s.at("changes.json") }

// ChangesFeed is what changed between the Releases, as an Atom feed.
func (s Site) ChangesFeed() string { return s.at("changes.atom") }

// Schedule is the agenda as schedule.xml, which the apps of conferences read.
func (s Site) Schedule() string { return s.at("schedule.xml") }

// ScheduleJSON is the same as schedule.json.
func (s Site) ScheduleJSON() string { return s.at("schedule.json") }

// GiggityEntry is the Event's entry for the menu of Giggity.
func (s Site) GiggityEntry() string { return s.at("giggity.json") }

// Panel is the page of a Panel.
func (s Site) Panel(code string) string { return s.at("panels/" + code) }

// PanelCalendar is the calendar of one Panel. It goes by its identity: a code may change, and become another Panel's.
func (s Site) PanelCalendar(id ID) string { return s.at("panels/" + string(id) + ".ics") }

// TrackCalendar is the calendar of a Track.
func (s Site) TrackCalendar(id ID) string { return s.at("tracks/" + string(id) + ".ics") }

// RoomCalendar is the calendar of a Room.
func (s Site) RoomCalendar(id ID) string { return s.at("rooms/" + string(id) + ".ics") }

// Speaker is the page of a Person who speaks.
func (s Site) Speaker(id ID) string { return s.at("speakers/" + string(id)) }

// SpeakerCalendar is the public calendar of a Person who speaks.
func (s Site) SpeakerCalendar(id ID) string { return s.at("speakers/" + string(id) + ".ics") }

// File is a photo or a material.
func (s Site) File(name string) string { return s.at("files/" + name) }

// Release is the agenda of one Release, as JSON.
func (s Site) Release(number int) string {
	return s.at("releases/" + strconv.Itoa(number) + "/agenda.json")
}
