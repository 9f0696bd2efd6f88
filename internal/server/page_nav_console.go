package server

import (
	"net/url"
	"strings"

	"plenary/internal/agenda"
)

// consoleLink leads to a part of the console.
type consoleLink struct {
	Label, URL string
	Current    bool
	Inside     bool // where one is now is further inside
}

// consolePart is a part of the console of an Event: the path below it, the key of its name, and what one has to be allowed to do
// there. Who may not is not led there.
type consolePart struct {
	path, key string
	verb      agenda.Verb
}

// consoleGroups are the parts in the order in which they are shown: in groups, each with the key of its name. The first part of a
// group that somebody may see stands for it.
var consoleGroups = []struct {
	key   string
	parts []consolePart
}{
	{"console_overview", []consolePart{
		{"", "console_overview", agenda.ReadDraft},
		{"statistics", "console_statistics", agenda.ReadDraft},
		{"activity", "console_activity", agenda.ReadActivity},
	}},
	{"console_group_agenda", []consolePart{
		{"timetable", "console_timetable", agenda.ReadDraft},
		{"panels", "console_panels", agenda.ReadDraft},
		{"rooms", "console_rooms", agenda.ReadDraft},
		{"tables", "console_tables", agenda.ReadDraft},
		{"tracks", "console_tracks", agenda.ReadDraft},
		{"availability", "console_availability", agenda.ReadDraft},
		{"translations", "console_translations", agenda.EditEvent},
		{"import", "console_import", agenda.EditEvent},
	}},
	{"console_people", []consolePart{
		{"people", "console_people", agenda.ReadPeople},
		{"links", "console_links", agenda.EditEvent},
	}},
	{"console_meetings", []consolePart{
		{"meetings", "console_meetings", agenda.ReadMeetings},
		{"desk", "console_desk", agenda.EditMeetings},
		{"feeds", "console_feeds", agenda.ReadMeetings},
	}},
	{"console_mail", []consolePart{
		{"mail", "console_mail", agenda.ReadContacts},
		{"told", "console_told", agenda.ReadContacts},
		{"letters", "console_letters", agenda.PublishEvent},
	}},
	{"console_publish", []consolePart{{"publish", "console_publish", agenda.PublishEvent}}},
	{"console_group_event", []consolePart{
		{"settings", "console_settings", agenda.EditEvent},
		{"members", "console_members", agenda.ManageAccess},
		{"tokens", "console_tokens", agenda.ManageAccess},
		{"webhooks", "console_webhooks", agenda.ManageAccess},
	}},
}

// addNav leads to the parts that the Actor may see, of which at is the one that is shown: to each group, and to the parts of the one
// that is shown.
func (v *eventConsole) addNav(at string) error {
	for _, group := range consoleGroups {
		var links []consoleLink
		inside := false
		for _, p := range group.parts {
			to := v.part(p.path, nil)
			if to == "" {
				continue
			}
			label, err := v.Say(p.key)
			if err != nil {
				return err
			}
			links = append(links, consoleLink{Label: label, URL: to, Current: p.path == at})
			inside = inside || p.path == at
		}
		if len(links) == 0 {
			continue
		}
		label, err := v.Say(group.key)
		if err != nil {
			return err
		}
		v.Nav = append(v.Nav, consoleLink{Label: label, URL: links[0].URL, Current: inside && len(links) == 1, Inside: inside && len(links) > 1})
		if inside && len(links) > 1 {
			v.NavGroup, v.NavParts = label, links
		}
	}
	return nil
}

// part gives the address of a part of the console, "" where there is none for whoever asks; q narrows it.
func (v *eventConsole) part(path string, q url.Values) string {
	for _, group := range consoleGroups {
		for _, p := range group.parts {
			switch {
			case p.path != path || !agenda.May(v.actor, p.verb, v.Event.ID):
			case path == "import": // the page is the same for all Events
				return v.Root + "console/import" + v.asking(url.Values{"event": {v.Event.Slug}})
			default:
				return v.Here + path + v.asking(q)
			}
		}
	}
	return ""
}

// partOf gives which part of the console a route of it belongs to.
func partOf(route string) string {
	part, _, _ := strings.Cut(strings.TrimPrefix(route, "/console/events/:event/"), "/")
	if part == "copy" || part == "delete" { // of the Event as a whole
		return "settings"
	}
	return part
}
