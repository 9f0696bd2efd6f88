package server

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMailConsole adds the pages of Mails: what is written to people, and what lets it go.
func (s *Server) routeMailConsole() {
	s.console(agenda.ReadContacts, "/mail", s.mailsPage)
	s.console(agenda.ReadContacts, "/mail", s.moveMails, http.MethodPost)
	s.console(agenda.ReadContacts, "/mail/:mail", s.mailPage)
	s.console(agenda.ReadContacts, "/mail/:mail", s.turnMailPage, http.MethodPost)
}

// mailMoves are the buttons below a list of Mails of one status, by what they send, which is the status to have.
var mailMoves = map[agenda.MailStatus][]agenda.MailStatus{
	agenda.MailDraft:     {agenda.MailQueued, agenda.MailDiscarded},
	agenda.MailQueued:    {agenda.MailDraft, agenda.MailDiscarded},
	agenda.MailFailed:    {agenda.MailQueued, agenda.MailDiscarded},
	agenda.MailDiscarded: {agenda.MailDraft},
}

// mailsView is the list of Mails of one status.
type mailsView struct {
	*eventConsole
	Action   string
	NoServer string // says that there is no mail server; "" where there is one
	Tabs     []mailTab
	Filters  []*formField
	Lists    []formList
	Status   agenda.MailStatus
	Kind     string      // what the list is narrowed to
	Person   string      // likewise, the label of somebody
	About    string      // likewise, the identity of a meeting
	Meeting  consoleLink // the page of that meeting
	Whole    string      // the list of letters about anything
	Lead     string
	Empty    string
	Rows     []mailRow
	Moves    []choice // buttons, where something can be chosen
	All      string   // the button that lets all drafts go, "" where it is not offered
	Seen     int64    // when the list was made
	More     string
}

// mailTab leads to the Mails of one status.
type mailTab struct {
	Label, URL string
	Current    bool
	Alert      bool
}

// mailRow is a Mail in the list.
type mailRow struct {
	Subject said
	URL     string
	Facts   []string
	Fault   said
	Value   string // what is sent when it is chosen, "" where it can't be
}

// mailsAsked is what the list is narrowed to, as its address has it.
type mailsAsked struct{ status, kind, person, about, after string }

func (q mailsAsked) values() url.Values {
	return url.Values{"status": {q.status}, "kind": {q.kind}, "person": {q.person}, "about": {q.about}}
}

// filter gives what is looked for. What makes no sense is passed over: links get around.
func (q mailsAsked) filter(people *roll) app.MailFilter {
	f := app.MailFilter{Status: agenda.MailDraft, About: agenda.ID(plain(q.about))}
	if slices.Contains(agenda.MailStatuses, agenda.MailStatus(q.status)) {
		f.Status = agenda.MailStatus(q.status)
	}
	if slices.Contains(agenda.MailKinds, agenda.MailKind(q.kind)) {
		f.Kind = agenda.MailKind(q.kind)
	}
	if strings.TrimSpace(q.person) != "" {
		var fault string
		if f.Person, fault = people.find(q.person); fault != "" {
			f.Person = "nobody"
		}
	}
	return f
}

func (s *Server) mailsPage(c echo.Context, v *eventConsole) error {
	asked := mailsAsked{c.QueryParam("status"), c.QueryParam("kind"), c.QueryParam("person"), c.QueryParam("about"), c.QueryParam("after")}
	if err := v.tellMoved(c); err != nil {
		return err
	}
	return s.showMails(c, v, asked)
}

// tellMoved says what became of the Mails that a form was about, by what the address says of it.
func (v *eventConsole) tellMoved(c echo.Context) error {
	var parts []string
	for _, name := range []string{"queued", "draft", "discarded", "left", "nowhere"} {
		n, err := strconv.Atoi(c.QueryParam(name))
		if err != nil || n < 1 || n > 1_000_000 {
			continue
		}
		said, err := v.Count("mails_moved_"+name, n)
		if err != nil {
			return err
		}
		parts = append(parts, said)
	}
	v.Notice = strings.Join(parts, " ")
	return nil
}

// showMails shows the list.
func (s *Server) showMails(c echo.Context, v *eventConsole, asked mailsAsked) error {
	ctx := c.Request().Context()
	people, err := s.everybody(ctx, v)
	if err != nil {
		return err
	}
	names := v.newRoll(people)
	f := asked.filter(names)
	asked.status = string(f.Status)
	page := listAsked(c)
	page.After = asked.after
	found, err := s.app.Mails(ctx, v.actor, v.Event.Slug, f, page)
	if err != nil {
		return err
	}
	p := &mailsView{eventConsole: v, Action: v.Here + "mail" + v.reader.query, Status: f.Status, Kind: asked.kind, Person: asked.person, About: asked.about, Seen: s.app.Moment().UnixMilli()}
	if err := s.nameMeeting(c, p); err != nil {
		return err
	}
	if err := p.fill(s, asked, found, names); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_mails", p, v.reader)
}

// nameMeeting says which meeting the list is narrowed to, if it is.
func (s *Server) nameMeeting(c echo.Context, p *mailsView) error {
	if p.About == "" {
		return nil
	}
	r, err := s.app.Meeting(c.Request().Context(), p.actor, p.Event.Slug, agenda.ID(plain(p.About)))
	if err != nil {
		return err
	}
	d, err := s.meetingDesk(c, p.eventConsole)
	if err != nil {
		return err
	}
	p.Meeting = consoleLink{URL: p.Here + "meetings/" + string(r.Meeting.ID) + p.reader.query}
	p.Meeting.Label, err = p.Say("mails_about", "what", d.title(r.Meeting).Text)
	p.Whole = p.Here + "mail" + p.reader.query
	return err
}

// fill says all that the page has to say.
func (p *mailsView) fill(s *Server, asked mailsAsked, found app.MailList, people *roll) error {
	if found.Next != "" {
		q := asked.values()
		q.Set("after", found.Next)
		p.More = p.asking(q)
	}
	if err := p.name("console_mail"); err != nil {
		return err
	}
	if err := p.addMails(found, people); err != nil {
		return err
	}
	if err := p.addTabs(s, asked, found.Counts); err != nil {
		return err
	}
	return p.addFilters(asked, people)
}

// addTabs leads to the other statuses, and says what this one means.
func (p *mailsView) addTabs(s *Server, asked mailsAsked, counts map[agenda.MailStatus]int) (err error) {
	for _, status := range agenda.MailStatuses {
		q := asked.values()
		q.Set("status", string(status))
		t := mailTab{URL: p.Here + "mail" + p.asking(q), Current: status == p.Status, Alert: status == agenda.MailFailed && counts[status] > 0}
		if t.Label, err = p.Say("mails_status_" + string(status)); err != nil {
			return err
		}
		if counts[status] > 0 {
			t.Label += " (" + strconv.Itoa(counts[status]) + ")"
		}
		p.Tabs = append(p.Tabs, t)
	}
	if p.Lead, err = p.Say("mails_lead_" + string(p.Status)); err != nil {
		return err
	}
	if p.Empty, err = p.Say("mails_none_" + string(p.Status)); err != nil {
		return err
	}
	if !s.app.HasMail() {
		p.NoServer, err = p.Say("mails_no_server")
	}
	return err
}

// addFilters lets the list be narrowed.
func (p *mailsView) addFilters(asked mailsAsked, people *roll) error {
	form := formPage{eventConsole: p.eventConsole}
	choices, err := choicesOf(p.words, "mails_kind_", agenda.MailKinds)
	if err != nil {
		return err
	}
	all, err := p.Say("mails_kind_all")
	if err != nil {
		return err
	}
	form.choose("kind", "mails_kind", asked.kind, append([]choice{{Label: all}}, choices...))
	form.line("person", "mails_person", lineField, asked.person).List = "people"
	p.Filters, p.Lists = form.Fields, []formList{{ID: "people", Options: people.labels}}
	return nil
}

// addMails adds the list, and the buttons for what is chosen of it.
func (p *mailsView) addMails(found app.MailList, people *roll) error {
	mine := false
	for _, m := range found.Mails {
		row, err := p.mailRow(m, people)
		if err != nil {
			return err
		}
		if agenda.May(p.actor, m.LetsGo(), m.EventID) && len(mailMoves[m.Status]) > 0 {
			row.Value, mine = string(m.ID)+":"+strconv.Itoa(m.Revision), true
		}
		p.Rows = append(p.Rows, row)
	}
	if !mine {
		return nil
	}
	for _, to := range mailMoves[p.Status] {
		label, err := p.Say("mails_chosen_" + string(p.Status) + "_" + string(to))
		if err != nil {
			return err
		}
		p.Moves = append(p.Moves, choice{Value: string(to), Label: label})
	}
	if p.Status != agenda.MailDraft {
		return nil
	}
	var err error
	p.All, err = p.Count("mails_all", found.Counts[agenda.MailDraft])
	return err
}

// mailRow tells of a Mail in the list.
func (p *mailsView) mailRow(m agenda.Mail, people *roll) (mailRow, error) {
	row := mailRow{Subject: said{m.Subject, m.Language}, URL: p.Here + "mail/" + string(m.ID) + p.reader.query}
	whom := people.label(m.PersonID)
	if m.To != "" {
		whom += " <" + m.To + ">"
	}
	row.Facts = append(row.Facts, whom)
	var err error
	if row.Fault, err = p.mishap(m.Fault); err != nil {
		return row, err
	}
	p.say(&row.Facts, &err, "mails_kind_"+string(m.Kind))
	if m.To == "" {
		p.say(&row.Facts, &err, "mails_no_address")
	}
	switch m.Status {
	case agenda.MailSent:
		p.sayAt(&row.Facts, &err, "mails_sent_at", m.Sent)
		p.sayAt(&row.Facts, &err, "mails_opened_at", m.Opened)
		p.sayAt(&row.Facts, &err, "mails_answered_at", m.Answered)
	case agenda.MailQueued:
		p.sayAt(&row.Facts, &err, "mails_due_at", &m.Due)
	default:
		p.sayAt(&row.Facts, &err, "mails_made_at", &m.Created)
	}
	return row, err
}

// moveMails does to the chosen Mails, or to all drafts, what the button says.
func (s *Server) moveMails(c echo.Context, v *eventConsole) error {
	ctx := c.Request().Context()
	asked := mailsAsked{status: typed(c, "status"), kind: typed(c, "kind"), person: typed(c, "person"), about: typed(c, "about")}
	to := agenda.MailStatus(typed(c, "do"))
	var done app.MailsMoved
	var err error
	if to == "all" {
		people, rest := s.everybody(ctx, v)
		if rest != nil {
			return rest
		}
		seen, _ := strconv.ParseInt(typed(c, "seen"), 10, 64) // what can't be read is long ago, so that nothing goes
		to = agenda.MailQueued
		done, err = s.app.SendDrafts(ctx, v.actor, v.Event.Slug, asked.filter(v.newRoll(people)), time.UnixMilli(seen))
	} else {
		done, err = s.app.MoveMails(ctx, v.actor, v.Event.Slug, mailsChosen(c), to)
	}
	if err != nil {
		return err
	}
	return s.lead(c, "console/events/"+v.Event.Slug+"/mail", "status", asked.status, "kind", asked.kind, "person", asked.person, "about", asked.about,
		string(to), count(done.Done), "left", count(done.Left), "nowhere", count(done.Nowhere))
}

// count gives a number for an address, "" for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// mailsChosen gives the Mails that were ticked, as they were seen.
func mailsChosen(c echo.Context) (refs []app.MailRef) {
	for _, value := range c.Request().PostForm["mail"] {
		id, revision, _ := strings.Cut(value, ":")
		n, err := strconv.Atoi(revision)
		if err == nil && plainText(id) {
			refs = append(refs, app.MailRef{ID: agenda.ID(id), Revision: n})
		}
	}
	return refs
}
