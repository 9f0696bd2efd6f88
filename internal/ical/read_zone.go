package ical

import (
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// clock gives what a TZID means: the IANA zone of that name or of the Windows name, the one that follows a vendor's
// prefix, or what the file's VTIMEZONE says. It reports false for a TZID that means nothing, and for none.
//
// The name is believed before the file's rules, which are often those of one year only. Names of a fixed offset are not,
// if the file has rules: some programs call London's clock GMT.
func (d *reading) clock(id string, line int) (clock, bool) {
	if id == "" {
		return clock{}, false
	}
	if c, known := d.clocks[id]; known {
		return c, c.offset != nil
	}
	var c clock
	own := d.defined[id]
	var zone *time.Location
	if len(d.clocks) < maxZones {
		zone = zoneOfID(id)
	}
	if zone == nil && own != nil {
		zone = zoneOfName(own.location)
	}
	switch {
	case zone != nil && (own == nil || !own.usable() || !isFixed(zone.String())):
		c = clockOf(zone)
	case own != nil && own.usable():
		c = clock{offset: own.offset}
	case d.zone != nil:
		d.once("zone "+id, line, "The zone %s is known neither to the world nor to the file: its times were read in %s.", quote(id), d.zone)
	}
	d.clocks[id] = c
	return c, c.offset != nil
}

// compare warns when the file's own rules contradict the zone of that name.
func (d *reading) compare(t rawTime, local, at time.Time) {
	own := d.defined[t.zone]
	if own == nil || !own.usable() || d.clocks[t.zone].zone == "" {
		return
	}
	if by, _ := (clock{offset: own.offset}).at(local); !by.Equal(at) {
		d.once("rules "+t.zone, t.line, "The file has rules of its own for the zone %s, which differ from those of that name by %s here: "+
			"the name was believed.", quote(t.zone), by.Sub(at).Abs())
	}
}

// zoneOfID gives the zone that a TZID names by itself; nil if it does not.
func zoneOfID(id string) *time.Location {
	if zone := zoneOfName(id); zone != nil {
		return zone
	}
	if name, known := windowsZone(id); known {
		return zoneOfName(name)
	}
	// "/freeassociation.sourceforge.net/Europe/Berlin": no name has more than three parts.
	parts := strings.Split(id[max(0, len(id)-maxZoneName):], "/")
	for i := max(1, len(parts)-3); i < len(parts); i++ {
		if zone := zoneOfName(strings.Join(parts[i:], "/")); zone != nil {
			return zone
		}
	}
	return nil
}

// maxZones is how many TZIDs of one file are looked up: the files of the machine's zones are opened for each.
const maxZones = 1_000

// maxZoneName is longer than every IANA name, in octets.
const maxZoneName = 64

// notZones are files and folders beside the zones of many machines that are no zones, or whose clocks count leap seconds.
var notZones = []string{"right", "posix", "SystemV", "posixrules", "localtime", "Factory", "Local"}

// zoneOfName gives the IANA zone of that name; nil if there is none.
func zoneOfName(name string) *time.Location {
	area, _, _ := strings.Cut(name, "/")
	if len(name) > maxZoneName || slices.Contains(notZones, area) {
		return nil
	}
	zone, err := agenda.LoadZone(name)
	if err != nil {
		return nil
	}
	return zone
}

// isFixed reports whether an IANA zone is an offset and no place.
func isFixed(name string) bool {
	return strings.HasPrefix(name, "Etc/") || slices.Contains([]string{"GMT", "UTC", "EST", "MST", "HST"}, name)
}

// windowsZone gives the IANA name that CLDR's windowsZones has for a name of Windows, whatever its case.
func windowsZone(name string) (string, bool) {
	if zone, known := windowsZones[name]; known {
		return zone, true
	}
	if len(name) > maxZoneName {
		return "", false
	}
	for windows, zone := range windowsZones {
		if strings.EqualFold(windows, name) {
			return zone, true
		}
	}
	return "", false
}
