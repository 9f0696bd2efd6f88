package ical

import "plenary/internal/agenda"

// addMeeting appends a Meeting as the person of the feed sees it: with whom, about what, where. Notes, answers and
// addresses stay out.
func (f *feed) addMeeting(a *Appointment) error {
	e, err := f.meetingEntry(a)
	if err == nil {
		f.cal.AddVEvent(e.event)
	}
	return err
}

func (f *feed) meetingEntry(a *Appointment) (*entry, error) {
	m := &a.Meeting
	// It follows the Event at once, which may have got another zone than the one that is published.
	slot := agenda.Slot{Start: agenda.MomentOf(f.loc, m.Slot.Start.At), End: agenda.MomentOf(f.loc, m.Slot.End.At)}
	e, err := f.newEntry(m.UID, a.Stamp, &slot)
	if err != nil {
		return nil, err
	}
	title, status := f.meetingTitle(m), "CONFIRMED"
	switch m.Status {
	case agenda.MeetingRequested, agenda.MeetingProposed:
		title, status = f.reader.String(labelTentative)+f.colon+title, "TENTATIVE"
	case agenda.MeetingCancelled:
		title, status = f.cancelledTitle(title), "CANCELLED"
	}
	if f.o.BusyOnly {
		return f.busyEntry(e, status), nil
	}
	if a.Busy {
		f.addPlace(e, f.reader.String(a.Room.Name))
		return f.busyEntry(e, status), nil
	}
	e.add("SUMMARY", title)
	f.addState(e, status)
	f.addPlace(e, f.reader.String(a.Room.Name))
	link := ""
	if f.o.MeetingURL != nil {
		link = webLink(f.o.MeetingURL(*m))
	}
	e.add("DESCRIPTION", paragraphs(
		f.labelled(labelTopic, f.reader.String(m.Topic)),
		f.delegation(&m.Sides[0]),
		f.delegation(&m.Sides[1]),
		f.labelled(labelPage, link),
	))
	e.add("URL", link)
	e.add("CLASS", "PRIVATE")
	f.addAlarm(e, status, title)
	return e, nil
}

// meetingTitle gives "Meeting with European Union: Data", as far as that is known.
func (f *feed) meetingTitle(m *agenda.Meeting) string {
	with := f.reader.String(labelMeeting)
	if other := f.sideName(f.counterpart(m)); other != "" {
		with = f.reader.String(labelMeetingWith) + other
	}
	return join(f.colon, with, f.reader.String(m.Topic))
}

// counterpart gives the side that the person of the feed is not on.
func (f *feed) counterpart(m *agenda.Meeting) *agenda.Delegation {
	for _, d := range m.Sides[0].Delegates {
		if d.PersonID == f.o.Scope.ID {
			return &m.Sides[1]
		}
	}
	return &m.Sides[0]
}

// sideName gives the name of a Delegation, that of its head when it has none.
func (f *feed) sideName(d *agenda.Delegation) string {
	if name := oneLine(f.reader.String(d.Name)); name != "" {
		return name
	}
	return oneLine(f.person(d.Principal()).Name)
}

// delegation lists who comes from one side.
func (f *feed) delegation(d *agenda.Delegation) string {
	list := []string{f.reader.String(d.Name)}
	for _, who := range d.Delegates {
		if name := f.person(who.PersonID).Name; name != "" && who.Answer != agenda.DeclinedIt {
			list = append(list, f.labelled(delegateNames[who.Role], name))
		}
	}
	return lines(list...)
}
