package ical

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"plenary/internal/agenda"
)

// zoning is how the feeds of a Snapshot tell times. It is one for all of them, so that no entry is told otherwise
// because another one is in the same feed.
type zoning struct {
	vtimezone  *ics.VTimezone // exact from from to to
	exact      bool           // the Event's zone can be told to every client
	definition string         // of the VTIMEZONE, as it is written
	tzid       map[string][]string
	from, to   time.Time
}

// aroundEvent is how long before and after an Event its delegations may meet.
const aroundEvent = 60 * 24 * time.Hour

// zoneOfAll gives the zoning for the days of the Event and all Panels of the Snapshot.
func (p *Press) zoneOfAll() zoning {
	z := zoning{tzid: map[string][]string{"TZID": {p.loc.String()}}}
	z.from, z.to = p.span()
	for _, panel := range p.panels {
		z.from, z.to = earlier(z.from, panel.Slot.Start.At), later(z.to, panel.Slot.End.At)
	}
	if zone, ok := Timezone(p.loc, z.from.Add(-aroundEvent), z.to.Add(aroundEvent)); ok {
		z.vtimezone, z.exact = zone, true
		z.from, z.to = z.from.Add(-aroundEvent), z.to.Add(aroundEvent)
	} else {
		z.vtimezone, z.exact = Timezone(p.loc, z.from, z.to)
	}
	if z.vtimezone == nil {
		// An empty feed has a zone too: a calendar needs at least one component (RFC 5545, 3.6).
		z.vtimezone, _ = fixedZone(time.UTC, z.from)
	}
	z.exact = z.exact && p.loc != time.UTC
	var e encoder
	if err := e.component("VCALENDAR", z.vtimezone, false, 1); err == nil {
		z.definition = string(e.out)
	}
	return z
}

// span gives the time of the Event by its days.
func (p *Press) span() (from, to time.Time) {
	from, err1 := time.ParseInLocation(agenda.DateLayout, string(p.s.Event.StartDate), p.loc)
	to, err2 := time.ParseInLocation(agenda.DateLayout, string(p.s.Event.EndDate), p.loc)
	if err1 != nil || err2 != nil {
		return time.Time{}, time.Time{}
	}
	return from, to.AddDate(0, 0, 1)
}

// tells says whether the instant is told in the Event's zone. It is told in UTC where the definition may not be exact,
// and when a clock there shows it twice.
func (z *zoning) tells(loc *time.Location, t time.Time) bool {
	return z.exact && !t.Before(z.from) && !t.After(z.to) && !ambiguous(loc, t)
}

// openZone defines the zone of the feed's times; a feed that tells all of them in UTC needs none.
func (f *feed) openZone(empty bool) {
	if f.zone.exact || empty {
		f.cal.AddVTimezone(f.zone.vtimezone)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
