package mail

import (
	"fmt"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// Meeting is what a letter about a Meeting tells one Person.
type Meeting struct {
	Letter  agenda.MeetingLetter
	Event   agenda.Event
	Meeting agenda.Meeting
	To      agenda.ID // the Person
	Sees    bool      // the Person may know what it is about; others who come are told when and where
	Rooms   map[agenda.ID]agenda.Room
	People  map[agenda.ID]agenda.Person
	Was     *agenda.Slot  // when and where it was, of one that moved
	Times   []agenda.Slot // that are proposed
	Zone    string        // in which times are told beside the Event's; "": in none
	Answers bool          // calendar programs can answer it
}

// AboutMeeting words a letter about a Meeting.
func AboutMeeting(lang string, m Meeting) (subject string, body []agenda.MailPart, err error) {
	w, err := wordsFor(lang)
	if err != nil {
		return "", nil, err
	}
	l := meetingLetter{words: w, Meeting: m, reader: agenda.NewReader(m.Event.Language(), w.lang)}
	said := "mail_meeting_" + string(m.Letter)
	names := []string{"event", l.reader.String(m.Event.Name), "party", l.party(l.other()), "title", l.title()}
	add := func(p agenda.MailPart) {
		if p.Heading != "" || len(p.Lines) > 0 || p.URL != "" {
			body = append(body, p)
		}
	}
	add(agenda.MailPart{Lines: []string{w.say(said+"_intro", names...)}})
	add(l.when())
	add(l.where())
	if m.Sees {
		for i := range m.Meeting.Sides {
			add(l.side(i))
		}
	} else {
		add(agenda.MailPart{Lines: []string{w.said["mail_meeting_confidential"]}})
	}
	if outro := w.said[said+"_outro"]; outro != "" {
		if m.Answers && m.Letter.Method() == agenda.MethodRequest {
			outro += " " + w.said["mail_meeting_in_calendar"]
		}
		add(agenda.MailPart{Lines: []string{outro}})
	}
	return w.say(said+"_subject", names...), body, nil
}

// meetingLetter is a letter in the making.
type meetingLetter struct {
	words
	Meeting
	reader *agenda.Reader
}

// other gives the side that the Person is not on.
func (l meetingLetter) other() int {
	for _, d := range l.Meeting.Meeting.Sides[0].Delegates {
		if d.PersonID == l.To {
			return 1
		}
	}
	return 0
}

// party gives the name of a side, that of its head when it has none.
func (l meetingLetter) party(side int) string {
	d := l.Meeting.Meeting.Sides[side]
	if name := l.reader.String(d.Name); name != "" {
		return name
	}
	return l.People[d.Principal()].Name
}

func (l meetingLetter) title() string {
	if !l.Sees {
		return l.said["mail_meeting_title_busy"]
	}
	title := l.say("mail_meeting_title", "party", l.party(l.other()))
	if topic := l.reader.String(l.Meeting.Meeting.Topic); topic != "" {
		title = l.say("mail_meeting_title_topic", "party", l.party(l.other()), "topic", topic)
	}
	return title
}

// when tells what it is and its time, by both clocks.
func (l meetingLetter) when() agenda.MailPart {
	p := agenda.MailPart{Heading: l.title()}
	if slot := l.Meeting.Meeting.Slot; slot != nil {
		p.Lines = append(p.Lines, l.clocks(*slot)...)
	}
	if l.Was != nil {
		p.Lines = append(p.Lines, l.say("mail_meeting_was", "time", l.between(*l.Was, l.Event.Location())))
		if was := l.roomName(l.Was.RoomID); was != "" {
			p.Lines = append(p.Lines, l.say("mail_meeting_was_at", "room", was))
		}
	}
	for _, t := range l.Times {
		p.Lines = append(p.Lines, l.clocks(t)...)
	}
	return p
}

func (l meetingLetter) roomName(id agenda.ID) string { return l.reader.String(l.Rooms[id].Name) }

// clocks tells a time in the Event's zone and in the Person's.
func (l meetingLetter) clocks(s agenda.Slot) []string {
	lines := []string{l.between(s, l.Event.Location())}
	own, err := time.LoadLocation(l.Zone)
	if err == nil && l.Zone != "" && l.Zone != l.Event.Zone {
		lines = append(lines, l.say("mail_meeting_own_clock", "time", l.between(s, own)))
	}
	return lines
}

// between tells a time from its start to its end.
func (l meetingLetter) between(s agenda.Slot, zone *time.Location) string {
	start, end := s.Start.At.In(zone), s.End.At.In(zone)
	if start.YearDay() != end.YearDay() || start.Year() != end.Year() {
		return l.say("mail_meeting_nights", "start", l.words.when(s.Start.At, zone.String()), "end", l.words.when(s.End.At, zone.String()))
	}
	clock := "UTC"
	if zone != time.UTC {
		clock = zone.String() + ", " + start.Format("UTC-07:00")
	}
	return l.say("mail_meeting_time", "date", l.date(start), "start", start.Format("15:04"), "end", end.Format("15:04"), "zone", clock)
}

// where tells the place, and a map of it.
func (l meetingLetter) where() agenda.MailPart {
	slot := l.Meeting.Meeting.Slot
	if slot == nil || l.Letter.Method() != agenda.MethodRequest {
		return agenda.MailPart{}
	}
	venue := l.Event.Venue
	var place []string
	for _, part := range []string{l.roomName(slot.RoomID), l.reader.String(venue.Name), strings.ReplaceAll(l.reader.String(venue.Address), "\n", ", ")} {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			place = append(place, part)
		}
	}
	if len(place) == 0 {
		return agenda.MailPart{}
	}
	p := agenda.MailPart{Heading: l.said["mail_meeting_where"], Lines: []string{strings.Join(place, ", ")}}
	if at := venue.Place; at != nil {
		p.URL = fmt.Sprintf("https://www.openstreetmap.org/?mlat=%.5f&mlon=%.5f", at.Latitude, at.Longitude)
	}
	return p
}

// side lists who comes from one side.
func (l meetingLetter) side(i int) agenda.MailPart {
	d := l.Meeting.Meeting.Sides[i]
	p := agenda.MailPart{Heading: l.reader.String(d.Name)}
	for _, who := range d.Delegates {
		name := l.People[who.PersonID].Name
		if name == "" || who.Answer == agenda.DeclinedIt || who.Answer == agenda.Delegated {
			continue
		}
		p.Lines = append(p.Lines, l.say("mail_meeting_role_"+string(who.Role), "name", name))
	}
	return p
}
