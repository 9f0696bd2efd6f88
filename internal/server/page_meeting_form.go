package server

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meetingView is the page of one Meeting.
type meetingView struct {
	*formPage
	Conflicts []string // in sentences
	Life      *meetingLife
	Brief     string      // address of what is printed of it, "" before it is made
	Letters   consoleLink // to what is written about it; none: there is nothing, or not for this reader
	Times     string      // whose clock the times are read by
}

// rowPointer is the pointer of a field of a row.
func rowPointer(group string, i int, field string) string {
	return "/" + strings.ReplaceAll(group, ".", "/") + "/" + strconv.Itoa(i) + "/" + field
}

// form is the page of a Meeting, with its form.
func (d *meetingDesk) form(c echo.Context, s meetingSheet) (*meetingView, error) {
	title := agenda.Text{}
	if s.ID != "" {
		title[d.Lang] = d.title(s.Meeting).Text
	}
	p, err := d.eventConsole.form("meetings", "meetings", string(s.ID), title, s.Revision)
	if err != nil {
		return nil, err
	}
	m := &meetingView{formPage: p}
	if m.Times, err = d.Say("meetings_times", "zone", d.Event.Zone); err != nil {
		return nil, err
	}
	if s.ID != "" {
		m.Brief = d.Here + "meetings/" + string(s.ID) + "/brief" + d.reader.query
	}
	if err := d.addFields(c, p, s); err != nil {
		return nil, err
	}
	p.Lists = append(p.Lists, formList{ID: "people", Options: d.people.labels})
	if !agenda.May(d.actor, agenda.EditMeetings, d.Event.ID) {
		p.Action, p.Delete = "", ""
	}
	return m, nil
}

// addFields adds everything that is asked of a Meeting.
func (d *meetingDesk) addFields(c echo.Context, p *formPage, s meetingSheet) error {
	p.text("topic", "meetings_topic", textField, s.Topic, agenda.MaxName)
	for i := range sideNames {
		if err := d.addSide(c, p, s, i); err != nil {
			return err
		}
	}
	if err := d.addSlot(p, s); err != nil {
		return err
	}
	return d.addState(p, s)
}

// addSide adds a Delegation: what it is called, and a row for each who takes part.
func (d *meetingDesk) addSide(c echo.Context, p *formPage, s meetingSheet, i int) error {
	roles, err := choicesOf(d.words, "meetings_role_", agenda.DelegateRoles)
	if err != nil {
		return err
	}
	answers, err := choicesOf(d.words, "meetings_answer_", agenda.Answers)
	if err != nil {
		return err
	}
	side := sideNames[i]
	p.text(side+".name", "meetings_side_"+strconv.Itoa(i), textField, s.Sides[i].Name, agenda.MaxName)
	p.spoken(side+".languages", "meetings_languages", s.Sides[i].Languages)
	parts := s.sides[i]
	p.rows(side+".delegates", "meetings_delegates_"+strconv.Itoa(i), len(parts), blanks(c, side+".delegates", len(parts), 3), func(row *formPage, at string, j int) {
		part := partSheet{role: string(agenda.DelegateMember), status: string(agenda.NeedsAction)}
		if j == 0 {
			part.role = string(agenda.Principal)
		}
		if j < len(parts) {
			part = parts[j]
		}
		row.line(at+"person", "meetings_person", lineField, part.person).List = "people"
		row.choose(at+"role", "meetings_role", part.role, slices.Clone(roles))
		row.choose(at+"answer", "meetings_answer", part.status, slices.Clone(answers))
	})
	return nil
}

// addSlot adds when and where.
func (d *meetingDesk) addSlot(p *formPage, s meetingSheet) error {
	none, err := d.Say("meetings_no_time")
	if err != nil {
		return err
	}
	nowhere, err := d.Say("meetings_no_room")
	if err != nil {
		return err
	}
	days, err := d.dayChoices(none, agenda.Date(s.slot.day))
	if err != nil {
		return err
	}
	p.choose("slot.day", "meetings_day", s.slot.day, days).Begins = true
	p.line("slot.start", "meetings_start", clockField, s.slot.start)
	p.line("slot.end", "meetings_end", clockField, s.slot.end)
	p.line("slot.minutes", "meetings_minutes", numberField, s.slot.minutes)
	p.choose("slot.room", "meetings_room", s.slot.room, namedChoices(d.eventConsole, nowhere, tablesFirst(d.rooms), namedRoom))
	return nil
}

// tablesFirst gives Rooms with the tables before the halls.
func tablesFirst(rooms []agenda.Room) []agenda.Room {
	return slices.SortedStableFunc(slices.Values(rooms), func(a, b agenda.Room) int { return strings.Compare(string(b.Kind), string(a.Kind)) })
}

// addState adds where the Meeting is in its life, who may know of it, and what is noted.
func (d *meetingDesk) addState(p *formPage, s meetingSheet) error {
	statuses, err := choicesOf(d.words, "meetings_status_", agenda.MeetingStatuses)
	if err != nil {
		return err
	}
	seen, err := choicesOf(d.words, "meetings_visibility_", agenda.Visibilities)
	if err != nil {
		return err
	}
	p.choose("status", "meetings_status", string(s.Status), statuses).Begins = true
	p.choose("visibility", "meetings_visibility", string(s.Visibility), seen)
	p.line("notes", "meetings_notes", proseField, s.Notes)
	return nil
}

// teller says in words what collides.
func (d *meetingDesk) teller() *conflictTeller {
	people := make([]agenda.Person, 0, len(d.people.person))
	for _, p := range d.people.person {
		people = append(people, p)
	}
	return newConflictTeller(d.reader, agenda.Draft{Event: d.Event, Rooms: d.rooms, People: people}, true)
}

// tell says what the Meeting collides with.
func (m *meetingView) tell(d *meetingDesk, conflicts []agenda.Conflict) error {
	teller := d.teller()
	for _, c := range conflicts {
		sentence, err := teller.sentence(c)
		if err != nil {
			return err
		}
		m.Conflicts = append(m.Conflicts, sentence)
	}
	return nil
}

func (s *Server) newMeetingPage(c echo.Context, v *eventConsole) error {
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	p, err := d.form(c, d.foundSheet(c))
	if err != nil {
		return err
	}
	return p.answerIn(c, s, "console_meeting", p, nil)
}

func (s *Server) addMeeting(c echo.Context, v *eventConsole) error {
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	sheet := meetingSent(c, agenda.Meeting{})
	m, slot, err := sheet.meeting(d.people)
	if err == nil && !reworks(c) {
		var made app.MeetingResult
		if made, err = s.app.CreateMeeting(c.Request().Context(), v.actor, v.Event.Slug, m, slot, onceSent(c)); err == nil {
			return s.leadTo(c, v, "meetings/"+string(made.Meeting.ID), "made")
		}
	}
	return s.showMeeting(c, d, sheet, nil, err)
}

func (s *Server) meetingFormPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, meetingNotices); err != nil {
		return err
	}
	p, err := s.meetingViewOf(c, v, agenda.ID(c.Param("meeting")))
	if err != nil {
		return err
	}
	return p.answerIn(c, s, "console_meeting", p, nil)
}

// meetingViewOf is the page of a Meeting as it stands.
func (s *Server) meetingViewOf(c echo.Context, v *eventConsole, id agenda.ID) (*meetingView, error) {
	r, err := s.app.Meeting(c.Request().Context(), v.actor, v.Event.Slug, id)
	if err != nil {
		return nil, err
	}
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return nil, err
	}
	p, err := d.form(c, d.sheet(r.Meeting))
	if err != nil {
		return nil, err
	}
	if err := p.tell(d, r.Conflicts); err != nil {
		return nil, err
	}
	if err := s.letters(c, p, id); err != nil {
		return nil, err
	}
	return p, s.life(c.Request().Context(), d, p, r)
}

// letters leads to what is written to people about the Meeting, to read it before it goes: first to what waits for that.
func (s *Server) letters(c echo.Context, p *meetingView, id agenda.ID) error {
	if !agenda.May(p.actor, agenda.ReadContacts, p.Event.ID) {
		return nil
	}
	found, err := s.app.Mails(c.Request().Context(), p.actor, p.Event.Slug, app.MailFilter{About: id}, app.Page{Limit: 1})
	if err != nil {
		return err
	}
	n, first := 0, agenda.MailStatus("")
	for _, status := range agenda.MailStatuses {
		if n += found.Counts[status]; first == "" && n > 0 {
			first = status
		}
	}
	if n == 0 {
		return nil
	}
	p.Letters.URL = p.Here + "mail" + p.asking(url.Values{"status": {string(first)}, "about": {string(id)}})
	p.Letters.Label, err = p.Count("meetings_letters", n)
	return err
}

func (s *Server) saveMeeting(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("meeting"))
	now, err := s.app.Meeting(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	sheet := meetingSent(c, now.Meeting)
	m, slot, err := sheet.meeting(d.people)
	if err == nil && !reworks(c) {
		if _, err = s.app.EditMeeting(ctx, v.actor, v.Event.Slug, matchSent(c), m, slot); err == nil {
			return s.leadTo(c, v, "meetings/"+string(id), "saved")
		}
	}
	sheet.Revision = revisionSent(c)
	return s.showMeeting(c, d, sheet, &now.Meeting, err)
}

// showMeeting shows the form again; now is how the Meeting stands, nil for one that is yet to be made. A button that adds a row
// tells no faults yet.
func (s *Server) showMeeting(c echo.Context, d *meetingDesk, sheet meetingSheet, now *agenda.Meeting, err error) error {
	if reworks(c) {
		err = nil
	}
	p, rest := d.form(c, sheet)
	if rest != nil {
		return rest
	}
	if now != nil && agenda.CodeOf(err) == agenda.Stale {
		theirs, rest := d.form(c, d.sheet(*now))
		if rest != nil {
			return rest
		}
		p.against(theirs.formPage)
	}
	p.focusRow(c)
	return p.answerIn(c, s, "console_meeting", p, err)
}

func (s *Server) meetingDeletePage(c echo.Context, v *eventConsole) error {
	return s.askDeleteMeeting(c, v, nil)
}

func (s *Server) askDeleteMeeting(c echo.Context, v *eventConsole, cause error) error {
	r, err := s.app.Meeting(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("meeting")))
	if err != nil {
		return err
	}
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	return s.askDelete(c, v, "meetings/"+string(r.Meeting.ID), "meetings_delete", agenda.Text{v.Lang: d.title(r.Meeting).Text}, r.Meeting.Revision, cause)
}

func (s *Server) dropMeeting(c echo.Context, v *eventConsole) error {
	err := s.app.DeleteMeeting(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("meeting")))
	if err != nil {
		return s.askDeleteMeeting(c, v, err)
	}
	return s.leadTo(c, v, "meetings", "deleted")
}
