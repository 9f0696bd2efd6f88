package exchange

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
)

// scheduleKeys are the members that the JSON Schema of c3voc requires, and after a slash those that it allows and that
// are written. The schema refuses any other.
var scheduleKeys = map[string]string{
	"":           "$schema generator schedule",
	"schedule":   "version conference / base_url",
	"conference": "title acronym days daysCount start end timeslot_duration / time_zone_name url tracks rooms",
	"track":      "name / color", "room": "name guid description capacity",
	"day": "index date day_start day_end rooms",
	"event": "abstract date duration guid id language links persons room slug start subtitle title track type url description" +
		" / code",
	"person": "guid name", "link": "url type title",
}

func (c ruleCheck) keys(kind string, v any) map[string]any {
	c.Helper()
	object, _ := v.(map[string]any)
	required, allowed, _ := strings.Cut(scheduleKeys[kind], " / ")
	for _, key := range strings.Fields(required) {
		if _, ok := object[key]; !ok {
			c.Errorf("%s lacks %q: %v", kind, key, v)
		}
	}
	for key, member := range object {
		if !slices.Contains(strings.Fields(required+" "+allowed), key) || member == nil && key != "description" && key != "capacity" {
			c.Errorf("%s has %q: %v", kind, key, member)
		}
	}
	return object
}

func (c ruleCheck) json(told toldSchedule, data []byte) {
	c.Helper()
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		c.Fatal(err)
	}
	root := c.keys("", doc)
	conference := c.keys("conference", c.keys("schedule", root["schedule"])["conference"])
	if zone := fmt.Sprint(conference["time_zone_name"]); zone != told.Conference.Zone && (zone != "<nil>" || jsonZone.MatchString(told.Conference.Zone)) {
		c.Errorf("zone %s", zone)
	}
	c.match("acronym", fmt.Sprint(conference["acronym"]), `[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?`)
	for _, track := range conference["tracks"].([]any) {
		c.keys("track", track)
	}
	rooms := map[string]string{}
	for _, v := range conference["rooms"].([]any) {
		room := c.keys("room", v)
		rooms[fmt.Sprint(room["name"])] = fmt.Sprint(room["guid"])
	}
	if diff := cmp.Diff(c.rooms, rooms); diff != "" {
		c.Errorf("rooms (-XML +JSON):\n%s", diff)
	}
	days := conference["days"].([]any)
	if len(days) != len(told.Days) || conference["daysCount"] != float64(len(days)) {
		c.Fatalf("%d days, but in XML %d", len(days), len(told.Days))
	}
	for i, v := range days {
		day := c.keys("day", v)
		want := told.Days[i]
		if fmt.Sprint(day["index"], day["date"], day["day_start"], day["day_end"]) != fmt.Sprint(want.Index, want.Date, want.Start, want.End) {
			c.Errorf("day %v, in XML %+v", day, want)
		}
		for _, r := range want.Rooms {
			c.sameEvents(day["rooms"].(map[string]any)[r.Name], r.Events)
		}
	}
}

// sameEvents checks that the events of a room are in JSON what they are in XML, but for the persons' integers.
func (c ruleCheck) sameEvents(list any, events []toldEvent) {
	c.Helper()
	for _, v := range list.([]any) {
		event := c.keys("event", v)
		for _, person := range event["persons"].([]any) {
			c.keys("person", person)
		}
		for _, link := range event["links"].([]any) {
			c.keys("link", link)
		}
	}
	data, _ := json.Marshal(list)
	got, want := []toldEvent{}, []toldEvent{}
	if err := json.Unmarshal(data, &got); err != nil {
		c.Fatal(err)
	}
	for _, e := range events {
		persons := []toldPerson{}
		for _, p := range e.Persons {
			persons = append(persons, toldPerson{GUID: p.GUID, Name: p.Name})
		}
		e.Persons, e.Links = persons, append([]toldLink{}, e.Links...)
		want = append(want, e)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.Errorf("events (-XML +JSON):\n%s", diff)
	}
}

var xcalParents = map[string]string{
	"": "iCalendar", "iCalendar": "vcalendar", "vcalendar": "version prodid x-wr-caldesc x-wr-calname vevent",
	"vevent": "method uid event-id event-slug title subtitle language language-code track dtstart dtend duration summary description" +
		" class status category url location attendee",
}

func (c ruleCheck) xcal(told toldSchedule, data []byte) {
	c.Helper()
	checkXML(c.TB, data, xcalParents)
	var cal struct {
		Name    string `xml:"vcalendar>x-wr-calname"`
		Entries []struct {
			UID       string   `xml:"uid"`
			ID        int      `xml:"http://pentabarf.org event-id"`
			Start     string   `xml:"dtstart"`
			End       string   `xml:"dtend"`
			Duration  string   `xml:"duration"`
			Summary   string   `xml:"summary"`
			Location  string   `xml:"location"`
			Attendees []string `xml:"attendee"`
		} `xml:"vcalendar>vevent"`
	}
	if err := xml.Unmarshal(data, &cal); err != nil {
		c.Fatal(err)
	}
	if cal.Name != told.Conference.Title {
		c.Errorf("calendar %q", cal.Name)
	}
	for _, entry := range cal.Entries {
		e, ok := told.event(entry.ID)
		start, err1 := time.Parse("20060102T150405Z", entry.Start)
		end, err2 := time.Parse("20060102T150405Z", entry.End)
		length, err3 := time.ParseDuration(strings.ToLower(strings.TrimPrefix(entry.Duration, "PT")))
		if !ok || err1 != nil || err2 != nil || err3 != nil || !start.Equal(c.instant(e.Date)) || end.Sub(start) != lengthOf(e.Duration) ||
			length != lengthOf(e.Duration) || entry.Summary != e.Title || entry.Location != e.Room || len(entry.Attendees) != len(e.Persons) {
			c.Errorf("entry %+v is %+v: %v %v %v", entry, e, err1, err2, err3)
		}
		c.once("uid", entry.UID)
	}
	events := 0
	for _, d := range told.Days {
		for _, r := range d.Rooms {
			events += len(r.Events)
		}
	}
	if len(cal.Entries) != events {
		c.Errorf("%d entries for %d events", len(cal.Entries), events)
	}
}
