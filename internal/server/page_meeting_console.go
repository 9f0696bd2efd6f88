package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMeetingConsole adds the pages of Meetings, which are for the protocol officers alone.
func (s *Server) routeMeetingConsole() {
	s.routeBriefConsole()
	s.routeMeetingLife()
	s.routeMeetingAsk()
	s.console(agenda.ReadMeetings, "/meetings", s.meetingsPage)
	s.console(agenda.EditMeetings, "/meetings/new", s.newMeetingPage)
	s.console(agenda.EditMeetings, "/meetings/new", s.addMeeting, http.MethodPost)
	s.console(agenda.ReadMeetings, "/meetings/:meeting", s.meetingFormPage)
	s.console(agenda.EditMeetings, "/meetings/:meeting", s.saveMeeting, http.MethodPost)
	s.console(agenda.EditMeetings, "/meetings/:meeting/delete", s.meetingDeletePage)
	s.console(agenda.EditMeetings, "/meetings/:meeting/delete", s.dropMeeting, http.MethodPost)
	s.routeDeputyConsole()
}

var meetingNotices = map[string]string{"made": "meetings_made", "saved": "form_saved", "deleted": "meetings_deleted", "answered": "meetings_answered", "asked": "meetings_asked"}

// meetingDesk is the desk of Meetings.
type meetingDesk struct{ *desk }

func (s *Server) meetingDesk(c echo.Context, v *eventConsole) (*meetingDesk, error) {
	d, err := s.desk(c, v)
	return &meetingDesk{d}, err
}

func (s *Server) meetingsPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, meetingNotices); err != nil {
		return err
	}
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	meetings, err := everything(func(page app.Page) ([]agenda.Meeting, string, error) {
		_, list, next, err := s.app.Meetings(c.Request().Context(), v.actor, v.Event.Slug, app.MeetingFilter{}, page)
		return list, next, err
	})
	if err != nil {
		return err
	}
	tab := meetingTabOf(c)
	meetings = slices.DeleteFunc(meetings, func(m agenda.Meeting) bool { return !tab.has(m, s.now()) })
	p, err := d.list(meetings, s.now())
	if err != nil {
		return err
	}
	if err := p.addTabs(d, tab); err != nil {
		return err
	}
	return p.answer(c)
}

// list is the page of Meetings, by day.
func (d *meetingDesk) list(meetings []agenda.Meeting, now time.Time) (*listPage, error) {
	v := d.eventConsole
	p, err := v.list("meetings", "meetings_none", "", "")
	if err != nil {
		return nil, err
	}
	if p.Count, err = v.Count("meetings_count", len(meetings)); err != nil {
		return nil, err
	}
	if agenda.May(v.actor, agenda.EditMeetings, v.Event.ID) {
		p.New.URL = v.Here + "meetings/new" + v.reader.query
		if p.New.Label, err = v.Say("meetings_new"); err != nil {
			return nil, err
		}
	}
	for _, m := range meetings {
		if err := p.addMeeting(d, m, now); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// addMeeting adds a Meeting to the group of its day.
func (p *listPage) addMeeting(d *meetingDesk, m agenda.Meeting, now time.Time) error {
	title, err := d.Say("meetings_no_time")
	if m.Slot != nil {
		title, err = d.day("date_long", m.Slot.Day())
	}
	if err != nil {
		return err
	}
	if n := len(p.Groups); n == 0 || p.Groups[n-1].Title != title {
		group := listGroup{Title: title}
		if m.Slot != nil {
			group.Way.URL = d.Here + "meetings/briefs" + d.with("day", string(m.Slot.Day()))
			if group.Way.Label, err = d.Say("meetings_briefs_day"); err != nil {
				return err
			}
		}
		p.Groups = append(p.Groups, group)
	}
	item := listItem{words: d.words, Title: d.title(m), URL: d.Here + "meetings/" + string(m.ID) + d.reader.query, Off: !m.Stands(), Deep: true}
	if m.Slot != nil {
		item.Facts = append(item.Facts, m.Slot.Start.Wall.Clock()+"–"+clockAfter(*m.Slot))
		if i := slices.IndexFunc(d.rooms, func(r agenda.Room) bool { return r.ID == m.Slot.RoomID }); i >= 0 {
			item.Facts = append(item.Facts, d.reader.pick(d.Event.Language(), d.rooms[i].Name).Text)
		}
	}
	for _, side := range m.Sides {
		item.Facts = append(item.Facts, d.side(side))
	}
	status, err := d.Say("meetings_status_" + string(m.Status))
	if err != nil {
		return err
	}
	item.Facts = append(item.Facts, status)
	life := meetingLife{words: d.words}
	if err := life.state(d, m, now); err != nil {
		return err
	}
	for _, fact := range []string{life.Turn, life.Expires} {
		if fact != "" {
			item.Facts = append(item.Facts, fact)
		}
	}
	group := &p.Groups[len(p.Groups)-1]
	group.Items = append(group.Items, item)
	return nil
}

// title is what a Meeting is about, or between whom it is.
func (d *meetingDesk) title(m agenda.Meeting) said {
	if len(m.Topic) > 0 {
		return d.reader.pick(d.Event.Language(), m.Topic)
	}
	return said{Text: d.side(m.Sides[0]) + " – " + d.side(m.Sides[1])}
}

// side names a Delegation: by its name, or by its principal.
func (d *meetingDesk) side(side agenda.Delegation) string {
	principal := d.people.label(side.Principal())
	if name := d.reader.pick(d.Event.Language(), side.Name).Text; name != "" {
		return name + " (" + principal + ")"
	}
	return principal
}

// meetingSheet is a Meeting as its form has it: what was typed stays as it is, also where it can't be read.
type meetingSheet struct {
	agenda.Meeting
	slot  panelSheet // when and where
	sides [2][]partSheet
}

func (d *meetingDesk) sheet(m agenda.Meeting) meetingSheet {
	s := meetingSheet{Meeting: m}
	s.slot = sheetOf(agenda.Panel{Slot: m.Slot}, d.people)
	for i, side := range m.Sides {
		for _, part := range side.Delegates {
			s.sides[i] = append(s.sides[i], partSheet{d.people.label(part.PersonID), string(part.Role), string(part.Answer)})
		}
	}
	return s
}

// sideNames are what the fields of the two sides begin with.
var sideNames = [2]string{"sides.0", "sides.1"}

func meetingSent(c echo.Context, old agenda.Meeting) meetingSheet {
	s := meetingSheet{Meeting: old, slot: panelSheet{Panel: agenda.Panel{Slot: old.Slot}}}
	form := c.Request().PostForm
	s.Topic, s.Notes = textSent(form, "topic"), typed(c, "notes")
	s.Status, s.Visibility = agenda.MeetingStatus(typed(c, "status")), agenda.Visibility(typed(c, "visibility"))
	s.slot.room, s.slot.day, s.slot.start = typed(c, "slot.room"), typed(c, "slot.day"), clockTyped(typed(c, "slot.start"))
	s.slot.end, s.slot.minutes = clockTyped(typed(c, "slot.end")), strings.TrimSpace(typed(c, "slot.minutes"))
	for i, side := range sideNames {
		s.Sides[i].Name, s.Sides[i].Languages = textSent(form, side+".name"), slices.Clone(form[side+".languages"])
		for _, at := range rowsSent(c, side+".delegates") {
			if part := (partSheet{typed(c, at+"person"), typed(c, at+"role"), typed(c, at+"answer")}); strings.TrimSpace(part.person) != "" {
				s.sides[i] = append(s.sides[i], part)
			}
		}
	}
	return s
}

// meeting gives the Meeting of the sheet and the Slot that is asked for, or all that can't be read.
func (s *meetingSheet) meeting(people *roll) (agenda.Meeting, *app.SlotRequest, error) {
	m := s.Meeting
	request := s.slot.request()
	f := s.slot.faults
	for i, side := range sideNames {
		m.Sides[i].Delegates = nil
		for j, part := range s.sides[i] {
			id, fault := people.find(part.person)
			if fault != "" {
				f.Add(rowPointer(side+".delegates", j, "person"), "%s", fault)
			}
			m.Sides[i].Delegates = append(m.Sides[i].Delegates, agenda.Delegate{PersonID: id, Role: agenda.DelegateRole(part.role), Answer: agenda.Answer(part.status)})
		}
	}
	return m, request, f.Err("meeting")
}
