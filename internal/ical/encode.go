package ical

import (
	"errors"
	"fmt"
	"io"
	"strings"

	ics "github.com/arran4/golang-ical"
)

// Encode writes cal as an iCalendar object (RFC 5545, 3.1 to 3.6; RFC 6868 and RFC 7986 for parameters and
// properties): CRLF, lines of at most 75 octets, VTIMEZONE before what refers to it, properties in the order of the
// object, parameters sorted by name. Equal objects give equal bytes.
//
// Texts are cleaned and escaped, links are percent-encoded, all other values must be what their type says. No text
// and no parameter can start a content line. Encode refuses what no client would read alike: a VTIMEZONE without
// rules, a TZID that no VTIMEZONE defines, a TZID on a UTC time, floating times, a UID used twice, a property given
// twice that may occur once. The error says which component and property; then nothing has been written to w.
func Encode(w io.Writer, cal *ics.Calendar) error {
	out, err := encode(cal)
	if err != nil {
		return err
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("ical: %w", err)
	}
	return nil
}

func encode(cal *ics.Calendar) ([]byte, error) {
	e := encoder{uids: map[string]struct{}{}}
	if err := e.calendar(cal); err != nil {
		return nil, fmt.Errorf("ical: %w", err)
	}
	return e.out, nil
}

// maxDepth is how deep components may be nested; RFC 5545 needs three.
const maxDepth = 8

// componentBytes is about what an entry of an agenda takes, written in letters of two and three octets.
const componentBytes = 2048

type encoder struct {
	out   []byte   // finished physical lines
	line  []byte   // the content line at work, before folding
	keys  []string // scratch space of appendParams
	zones []string // the TZIDs that the calendar defines
	uids  map[string]struct{}
}

func (e *encoder) calendar(cal *ics.Calendar) error {
	if len(cal.Components) == 0 {
		return errors.New("VCALENDAR has no component")
	}
	e.out = make([]byte, 0, 4096+componentBytes*len(cal.Components))
	e.begin("VCALENDAR")
	var seen uint64
	for i := range cal.CalendarProperties {
		if err := e.property("VCALENDAR", &cal.CalendarProperties[i].BaseProperty, &seen); err != nil {
			return fmt.Errorf("VCALENDAR: %w", err)
		}
	}
	if seen&hasVersion == 0 || seen&hasProduct == 0 {
		return errors.New("VCALENDAR lacks VERSION or PRODID")
	}
	e.collectZones(cal)
	for _, zonesFirst := range []bool{true, false} {
		for i, c := range cal.Components {
			if _, zone := c.(*ics.VTimezone); zone != zonesFirst {
				continue
			}
			if err := e.component("VCALENDAR", c, seen&hasMethod != 0, 1); err != nil {
				return fmt.Errorf("component %d: %w", i+1, err)
			}
		}
	}
	e.end("VCALENDAR")
	return nil
}

func (e *encoder) collectZones(cal *ics.Calendar) {
	for _, c := range cal.Components {
		if zone, ok := c.(*ics.VTimezone); ok {
			if id := zone.GetProperty(ics.ComponentPropertyTzid); id != nil {
				e.zones = append(e.zones, id.Value)
			}
		}
	}
}

// component writes c, which stands in parent. scheduling says whether the calendar has a METHOD.
func (e *encoder) component(parent string, c ics.Component, scheduling bool, depth int) error {
	name := nameOf(c)
	if !isName(name) {
		return fmt.Errorf("a %T has no usable name", c)
	}
	if !mayStandIn(name, parent) || depth > maxDepth {
		return fmt.Errorf("%s must not stand in %s", name, parent)
	}
	e.begin(name)
	var seen uint64
	properties := c.UnknownPropertiesIANAProperties()
	for i := range properties {
		if err := e.property(name, &properties[i].BaseProperty, &seen); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := checkPresence(name, seen, scheduling, len(c.SubComponents())); err != nil {
		return err
	}
	if err := e.checkIdentity(name, seen, properties); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, sub := range c.SubComponents() {
		if err := e.component(name, sub, scheduling, depth+1); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	e.end(name)
	return nil
}

// property writes one content line and notes in seen which property it was.
func (e *encoder) property(component string, p *ics.BaseProperty, seen *uint64) error {
	name := p.IANAToken
	if name == string(ics.PropertyRefreshInterval) {
		// The library's constant has a parameter in its name; what it means is known.
		name = "REFRESH-INTERVAL"
	}
	if !isName(name) || strings.HasPrefix(name, "X-X-") {
		return fmt.Errorf("bad property name %q", name[:min(len(name), 40)])
	}
	name = strings.ToUpper(name)
	if name == "BEGIN" || name == "END" {
		return fmt.Errorf("%s is no property", name)
	}
	known := propertyOf(name, component)
	if *seen&known.once != 0 {
		return fmt.Errorf("%s occurs twice", name)
	}
	*seen |= known.once
	e.line = append(e.line[:0], name...)
	value := param(p.ICalParameters, "VALUE")
	if value == "" && known.value != "" {
		e.line = append(append(e.line, ";VALUE="...), known.value...)
	}
	var err error
	if e.line, e.keys, err = appendParams(e.line, p.ICalParameters, e.keys); err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	if value != "" {
		known.kind = valueTypes[value]
	}
	if known.kind == kindTime || value == "DATE-TIME" {
		if err := e.checkTime(component, name, p, value); err != nil {
			return fmt.Errorf("%s %w", name, err)
		}
	}
	if e.line, err = appendValue(append(e.line, ':'), known.kind, p.Value); err != nil {
		return fmt.Errorf("%s %w", name, err)
	}
	e.out = appendFolded(e.out, e.line)
	return nil
}

func (e *encoder) begin(name string) {
	e.out = append(append(append(e.out, "BEGIN:"...), name...), "\r\n"...)
}

func (e *encoder) end(name string) {
	e.out = append(append(append(e.out, "END:"...), name...), "\r\n"...)
}

// nameOf gives the name that a component of the library stands under, upper-case, or "" for an unknown one.
func nameOf(c ics.Component) string {
	switch c := c.(type) {
	case *ics.VEvent:
		return "VEVENT"
	case *ics.VTodo:
		return "VTODO"
	case *ics.VJournal:
		return "VJOURNAL"
	case *ics.VBusy:
		return "VFREEBUSY"
	case *ics.VTimezone:
		return "VTIMEZONE"
	case *ics.VAlarm:
		return "VALARM"
	case *ics.Standard:
		return "STANDARD"
	case *ics.Daylight:
		return "DAYLIGHT"
	case *ics.GeneralComponent:
		return strings.ToUpper(c.Token)
	}
	return ""
}
