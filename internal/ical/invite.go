package ical

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"plenary/internal/agenda"
)

// Party is somebody whom an invitation is from or to.
type Party struct {
	Name    string
	Address string // of mail
}

// Invitation says how one entry of a calendar is told to one Person by mail.
type Invitation struct {
	Method    string // [agenda.MethodRequest] or [agenda.MethodCancel]
	Organizer Party  // who takes the answers
	Attendee  Party  // whom it is to: nobody else's address is in it
	PersonID  agenda.ID
	Answer    agenda.Answer // what the attendee answered to what it says; "": nothing yet
	Sent      time.Time     // whole seconds
	// Stamp is the entry's revision in the feeds, in the Variant that the Person is told.
	Stamp agenda.Stamp
}

// InviteToMeeting gives a Meeting that has a Slot as a calendar object for a letter (RFC 5546, 3.2.2 and 3.2.5; RFC 6047). It
// says what the Person's own feed says, and how they are asked to answer. A cancellation says of any Meeting that it does
// not take place: for who is no longer part of it, it does not.
func (p *Press) InviteToMeeting(i Invitation, a Appointment, people map[agenda.ID]agenda.Person) ([]byte, error) {
	if a.Stamp = i.Stamp; i.Method == agenda.MethodCancel {
		a.Meeting.Status = agenda.MeetingCancelled
	}
	f, err := p.open(Options{Scope: agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: i.PersonID}, Personal: true, People: people})
	if err != nil {
		return nil, err
	}
	e, err := f.meetingEntry(&a)
	if err != nil {
		return nil, fmt.Errorf("ical: meeting %s: %w", a.Meeting.ID, err)
	}
	return f.invite(e, i)
}

// InviteToPanel does the same of a Panel that has a Slot. It says what the public feed says.
func (p *Press) InviteToPanel(i Invitation, panel agenda.Panel) ([]byte, error) {
	if i.Method == agenda.MethodCancel {
		panel.Cancelled = true
	}
	f, err := p.open(Options{Scope: agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: i.PersonID}, Personal: true})
	if err != nil {
		return nil, err
	}
	e, err := f.panelEntry(&panel, i.Stamp)
	if err != nil {
		return nil, fmt.Errorf("ical: panel %s: %w", panel.Code, err)
	}
	return f.invite(e, i)
}

// invite makes the calendar object of an entry.
func (f *feed) invite(e *entry, i Invitation) ([]byte, error) {
	switch {
	case i.Method != agenda.MethodRequest && i.Method != agenda.MethodCancel:
		return nil, fmt.Errorf("ical: no invitation has the method %q", i.Method)
	case i.Organizer.Address == "" || i.Attendee.Address == "":
		return nil, agenda.Errorf(agenda.Invalid, "An invitation needs an organizer and somebody whom it is to.")
	case strings.EqualFold(i.Organizer.Address, i.Attendee.Address):
		return nil, agenda.Errorf(agenda.Invalid, "Nobody can be invited by themselves: %s is the address of the organizer.", i.Attendee.Address)
	}
	zoned := false
	for n := range e.event.Properties {
		switch p := &e.event.Properties[n]; p.IANAToken {
		case "DTSTAMP":
			// With a METHOD, it is when the object was made (RFC 5545, 3.8.7.2).
			p.Value = i.Sent.UTC().Format(utcLayout)
		case "DTSTART", "DTEND":
			zoned = zoned || p.ICalParameters["TZID"] != nil
		}
	}
	f.address(e, "ORGANIZER", i.Organizer, nil)
	f.address(e, "ATTENDEE", i.Attendee, attending(i))
	for _, p := range [][2]string{{"VERSION", "2.0"}, {"PRODID", productID}, {"CALSCALE", "GREGORIAN"}, {"METHOD", i.Method}} {
		f.cal.CalendarProperties = append(f.cal.CalendarProperties, ics.CalendarProperty{
			BaseProperty: ics.BaseProperty{IANAToken: p[0], Value: p[1]}})
	}
	if zoned {
		f.cal.AddVTimezone(f.zone.vtimezone)
	}
	f.cal.AddVEvent(e.event)
	return encode(&f.cal)
}

// address appends somebody as a calendar address, with their name.
func (f *feed) address(e *entry, property string, p Party, params map[string][]string) {
	if params == nil {
		params = map[string][]string{}
	}
	if name := shorten(oneLine(p.Name), maxPartyName); name != "" {
		params["CN"] = []string{name}
	}
	e.with(property, "mailto:"+p.Address, params)
}

// maxPartyName is how long a name in an invitation may be, in characters.
const maxPartyName = 200

// attending gives the parameters of who is invited. Who has answered to what it says is not asked again.
func attending(i Invitation) map[string][]string {
	params := map[string][]string{"CUTYPE": {"INDIVIDUAL"}, "ROLE": {"REQ-PARTICIPANT"}}
	if i.Method == agenda.MethodRequest {
		answer := cmp.Or(i.Answer, agenda.NeedsAction)
		params["PARTSTAT"] = []string{strings.ToUpper(string(answer))}
		params["RSVP"] = []string{strings.ToUpper(strconv.FormatBool(answer == agenda.NeedsAction))}
	}
	return params
}
