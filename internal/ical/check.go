package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	ics "github.com/arran4/golang-ical"
)

// mayStandIn reports whether RFC 5545, 3.6 lets a component of that name stand in the parent.
func mayStandIn(name, parent string) bool {
	switch name {
	case "VCALENDAR":
		return false
	case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE":
		return parent == "VCALENDAR"
	case "VALARM":
		return parent == "VEVENT" || parent == "VTODO"
	case "STANDARD", "DAYLIGHT":
		return parent == "VTIMEZONE"
	}
	return true
}

// checkPresence checks that a component has the properties that it cannot do without (RFC 5545, 3.6; RFC 5546 for
// the events of a scheduling message, which may lack DTSTART).
func checkPresence(name string, seen uint64, scheduling bool, components int) error {
	var needed uint64
	switch name {
	case "VEVENT":
		needed = hasUID | hasStamp | hasStart
		if scheduling {
			needed &^= hasStart
		}
		if seen&hasEnd != 0 && seen&hasDuration != 0 {
			return errors.New("VEVENT has both DTEND and DURATION")
		}
	case "VTODO", "VJOURNAL", "VFREEBUSY":
		needed = hasUID | hasStamp
	case "VTIMEZONE":
		needed = hasZone
		if components == 0 {
			return errors.New("VTIMEZONE has neither STANDARD nor DAYLIGHT: clients would take it for UTC")
		}
	case "STANDARD", "DAYLIGHT":
		needed = hasStart | hasOffsetFrom | hasOffsetTo
	case "VALARM":
		needed = hasAction | hasTrigger
	}
	if seen&needed == needed {
		return nil
	}
	for property, known := range properties {
		if known.once&needed&^seen != 0 && known.once&(needed&^seen-1) == 0 {
			return fmt.Errorf("%s lacks %s", name, property)
		}
	}
	return fmt.Errorf("%s is incomplete", name)
}

// checkIdentity checks that a component's UID is not empty and not used before: clients merge events of one UID.
func (e *encoder) checkIdentity(name string, seen uint64, properties []ics.IANAProperty) error {
	if seen&hasUID == 0 || name == "VALARM" {
		return nil
	}
	var uid, recurrence string
	for i := range properties {
		switch properties[i].IANAToken {
		case string(ics.ComponentPropertyUniqueId):
			uid = clean(properties[i].Value)
		case string(ics.ComponentPropertyRecurrenceId):
			recurrence = properties[i].Value
		}
	}
	if uid == "" {
		return errors.New("UID is empty")
	}
	key := uid
	if recurrence != "" {
		key += "\n" + recurrence
	}
	if _, used := e.uids[key]; used {
		return fmt.Errorf("UID %q occurs twice", uid)
	}
	e.uids[key] = struct{}{}
	return nil
}

// checkTime checks that a time is of the type that its parameters announce, and that it says where on earth it is:
// in UTC or in a zone that this calendar defines (RFC 5545, 3.2.19 and 3.3.5). Only the onsets of a VTIMEZONE are
// written without a zone.
func (e *encoder) checkTime(component, name string, p *ics.BaseProperty, value string) error {
	zone := param(p.ICalParameters, "TZID")
	if strings.Contains(p.Value, ",") && name != "EXDATE" && name != "RDATE" {
		return errors.New("has several times")
	}
	onset := component == "STANDARD" || component == "DAYLIGHT"
	for item := range strings.SplitSeq(p.Value, ",") {
		utc := strings.HasSuffix(item, "Z")
		switch {
		case value == "DATE" && !isDate(item), value != "DATE" && !isDateTime(item):
			return fmt.Errorf("has the malformed value %q", item[:min(len(item), 40)])
		case value == "DATE" && zone != "":
			return errors.New("has a zone on a date")
		case value == "DATE":
		case onset && (utc || zone != ""):
			return errors.New("must be a local time without a zone")
		case onset:
		case utc && zone != "":
			return errors.New("has a zone on a UTC time")
		case !utc && zone == "":
			return errors.New("is a floating time")
		}
	}
	if zone != "" && !slices.Contains(e.zones, zone) {
		return fmt.Errorf("refers to the zone %q, which has no VTIMEZONE", zone[:min(len(zone), 40)])
	}
	return nil
}
