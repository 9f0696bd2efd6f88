package ical

import (
	"errors"
	"strconv"
	"strings"

	ics "github.com/arran4/golang-ical"

	"plenary/internal/agenda"
)

// entry is a VEVENT in the making.
type entry struct{ event *ics.VEvent }

// add appends a property without parameters, unless it would say nothing.
func (e *entry) add(name, value string) { e.with(name, value, nil) }

// with appends a property with parameters, unless it would say nothing.
func (e *entry) with(name, value string, params map[string][]string) {
	if value != "" {
		e.event.Properties = append(e.event.Properties, ics.IANAProperty{
			BaseProperty: ics.BaseProperty{IANAToken: name, Value: value, ICalParameters: params}})
	}
}

// newEntry begins a VEVENT with its identity, its revision and its time (RFC 5545, 3.8.2, 3.8.4.7 and 3.8.7). Without
// a METHOD, DTSTAMP is when the entry was last revised, which is what LAST-MODIFIED says.
func (f *feed) newEntry(uid string, stamp agenda.Stamp, slot *agenda.Slot) (*entry, error) {
	if uid == "" {
		return nil, errors.New("has no UID")
	}
	if stamp.Modified.IsZero() {
		return nil, errors.New("has no stamp")
	}
	if !slot.End.At.After(slot.Start.At) {
		return nil, errors.New("does not end after its start")
	}
	e := f.revised(uid, stamp)
	f.addTimes(e, slot)
	return e, nil
}

// revised begins a VEVENT with its identity and its revision.
func (f *feed) revised(uid string, stamp agenda.Stamp) *entry {
	created := stamp.Created
	if created.IsZero() || created.After(stamp.Modified) {
		created = stamp.Modified
	}
	e := &entry{event: &ics.VEvent{}}
	e.event.Properties = make([]ics.IANAProperty, 0, 20)
	modified := later(stamp.Modified, f.o.Changed).UTC().Format(utcLayout)
	e.add("UID", uid)
	e.add("DTSTAMP", modified)
	e.add("CREATED", created.UTC().Format(utcLayout))
	e.add("LAST-MODIFIED", modified)
	e.add("SEQUENCE", strconv.Itoa(stamp.Sequence))
	return e
}

// addTimes appends DTSTART and DTEND, both in the Event's zone or both in UTC. In the zone it is the wall clock that is
// told: that is what was planned, also if the zone has got other rules since.
func (f *feed) addTimes(e *entry, slot *agenda.Slot) {
	start, end := slot.Start.At, slot.End.At
	if !f.zone.tells(f.loc, start) || !f.zone.tells(f.loc, end) {
		e.add("DTSTART", start.UTC().Format(utcLayout))
		e.add("DTEND", end.UTC().Format(utcLayout))
		return
	}
	e.with("DTSTART", wallText(slot.Start.Wall), f.zone.tzid)
	e.with("DTEND", wallText(slot.End.Wall), f.zone.tzid)
}

// wallText gives what a clock shows as a DATE-TIME without a zone (RFC 5545, 3.3.5).
func wallText(w agenda.Wall) string { return wallMarks.Replace(string(w)) }

var wallMarks = strings.NewReplacer("-", "", ":", "")

// addState appends what the entry does to the time of those who subscribe: the agenda of an Event occupies nobody,
// a person's own panels and meetings do, and nothing that is cancelled does.
func (f *feed) addState(e *entry, status string) {
	transparency, busy := "TRANSPARENT", "FREE"
	if f.o.Personal && status != "CANCELLED" {
		transparency, busy = "OPAQUE", "BUSY"
		if status == "TENTATIVE" {
			busy = "TENTATIVE"
		}
	}
	e.add("STATUS", status)
	e.add("TRANSP", transparency)
	e.add("X-MICROSOFT-CDO-BUSYSTATUS", busy)
}

func (f *feed) addPanel(p *agenda.Panel) error {
	e, err := f.panelEntry(p, f.o.Stamps.Of(p.UID))
	if err == nil {
		f.cal.AddVEvent(e.event)
	}
	return err
}

func (f *feed) panelEntry(p *agenda.Panel, stamp agenda.Stamp) (*entry, error) {
	e, err := f.newEntry(p.UID, stamp, p.Slot)
	if err != nil {
		return nil, err
	}
	title, status := f.panelTitle(p), "CONFIRMED"
	if p.Cancelled {
		title, status = f.cancelledTitle(title), "CANCELLED"
	}
	if f.o.BusyOnly {
		return f.busyEntry(e, status), nil
	}
	e.add("SUMMARY", title)
	f.addState(e, status)
	f.addPlace(e, f.panelRoom(p))
	e.add("CATEGORIES", oneLine(f.reader.String(f.tracks[p.TrackID].Name)))
	link := ""
	if f.links.Panel != nil && !f.removed[p] { // whose page is gone, or another panel's
		link = webLink(f.links.Panel(*p))
	}
	stream := webLink(p.StreamURL)
	e.add("DESCRIPTION", f.describe(p, stream, link))
	e.add("URL", link)
	e.add("CLASS", "PUBLIC")
	if stream != "" {
		e.with("CONFERENCE", stream, map[string][]string{
			"VALUE": {"URI"}, "FEATURE": {"VIDEO"}, "LABEL": {f.reader.String(labelStream)}})
	}
	f.addAlarm(e, status, title)
	return e, nil
}

// cancelledTitle gives the title of a cancelled entry.
func (f *feed) cancelledTitle(title string) string {
	if f.o.Cancelled == agenda.KeepCancelled {
		return title
	}
	return f.reader.String(labelCancelled) + f.colon + title
}

// busyEntry completes an entry that tells when somebody is busy, and no more.
func (f *feed) busyEntry(e *entry, status string) *entry {
	busy := f.reader.String(labelBusy)
	e.add("SUMMARY", busy)
	f.addState(e, status)
	e.add("CLASS", "PRIVATE")
	f.addAlarm(e, status, busy)
	return e
}

// addAlarm appends the reminder that the feed asks for (RFC 5545, 3.6.6). Nothing reminds of what is cancelled.
func (f *feed) addAlarm(e *entry, status, title string) {
	if f.o.Alarm == nil || status == "CANCELLED" {
		return
	}
	alarm := &ics.VAlarm{}
	for _, p := range [][2]string{{"ACTION", "DISPLAY"}, {"TRIGGER", "-PT" + strconv.Itoa(*f.o.Alarm) + "M"}, {"DESCRIPTION", title}} {
		alarm.Properties = append(alarm.Properties, ics.IANAProperty{BaseProperty: ics.BaseProperty{IANAToken: p[0], Value: p[1]}})
	}
	e.event.Components = append(e.event.Components, alarm)
}

// panelTitle gives the title of a Panel, with its number if it has one: "Panel 1: Data for all". The title is told as
// it was given, line breaks included: who compares a calendar with the agenda finds the same text.
func (f *feed) panelTitle(p *agenda.Panel) string {
	title := f.reader.String(p.Title)
	if label := f.reader.String(p.Label()); label != "" {
		return label + f.colon + title
	}
	return title
}

// panelRoom gives where in the venue a Panel takes place.
func (f *feed) panelRoom(p *agenda.Panel) string {
	if room, found := f.rooms[p.Slot.RoomID]; found {
		return f.reader.String(room.Name)
	}
	if p.AllRooms {
		return f.reader.String(labelAllRooms)
	}
	return ""
}

// addPlace appends LOCATION, "Room, Venue, Address", and where that is on a map, with six decimals.
func (f *feed) addPlace(e *entry, room string) {
	venue := &f.s.Event.Venue
	address := strings.ReplaceAll(clean(f.reader.String(venue.Address)), "\n", ", ")
	location := join(", ", room, f.reader.String(venue.Name), address)
	e.add("LOCATION", location)
	if venue.Place == nil {
		return
	}
	degrees := func(d float64) string { return strconv.FormatFloat(d, 'f', 6, 64) }
	north, east := degrees(venue.Place.Latitude), degrees(venue.Place.Longitude)
	e.add("GEO", north+";"+east)
	if location != "" {
		// Apple's programs show a map by this alone, and only if its title is what LOCATION says.
		e.with("X-APPLE-STRUCTURED-LOCATION", "geo:"+north+","+east, map[string][]string{
			"VALUE": {"URI"}, "X-APPLE-RADIUS": {"100"}, "X-TITLE": {location}})
	}
}
