package server

import (
	"context"
	"errors"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// mailView is the page of one Mail: the letter as it goes, what became of it, and what can be done about it.
type mailView struct {
	*formPage
	Mail     agenda.Mail
	Said     app.MailWords // what the letter says
	Note     string        // its note, line by line
	To       string
	Person   consoleLink
	Status   string
	NoServer string
	Facts    []string // what became of it
	Calendar string   // its calendar part in words, "" for none
	Object   string   // and as it is
	Open     string   // says what the button of the letter leads to
	May      bool     // the Actor lets it go, or keeps it
	Fault    said     // in words, where it is none of a mail server
	Vouch    string   // where somebody vouches for the address; "": nobody has to, or the Actor can't
	Answer   string   // in words
	Besides  string   // what was said with it
}

var mailNotices = map[string]string{"saved": "form_saved", "queued": "mail_is_queued", "draft": "mail_is_draft", "discarded": "mail_is_discarded"}

func (s *Server) mailPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, mailNotices); err != nil {
		return err
	}
	return s.showMail(c, v, nil)
}

// showMail shows a Mail, and why something could not be done about it.
func (s *Server) showMail(c echo.Context, v *eventConsole, cause error) error {
	m, words, err := s.app.ReadMail(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("mail")))
	if err != nil {
		return err
	}
	here := "mail/" + string(m.ID)
	f := &formPage{eventConsole: v, Revision: m.Revision, Action: v.Here + here + v.reader.query,
		refusals: map[agenda.Code]string{agenda.Taken: refusedMail(cause)}}
	p := &mailView{formPage: f, Mail: m, Said: words, Note: strings.Join(words.Note, "\n"), To: m.To, Object: string(m.Calendar), May: agenda.May(v.actor, m.LetsGo(), v.Event.ID)}
	v.head(said{words.Subject, words.Language})
	if f.Back.Label, err = v.Say("console_mail"); err != nil {
		return err
	}
	f.Back.URL = v.Here + "mail" + v.with("status", string(m.Status))
	if p.Besides, err = s.app.SaidToMail(c.Request().Context(), v.actor, v.Event.Slug, m.ID); err != nil {
		return err
	}
	if err := p.tell(s); err != nil {
		return err
	}
	if p.May {
		if err := p.addButtons(); err != nil {
			return err
		}
	}
	if agenda.CodeOf(cause) == agenda.Stale {
		f.theirs = &formPage{eventConsole: v, Fields: []*formField{{Name: "note", Kind: proseField, Value: m.Note}}}
	}
	return f.answerIn(c, s, "console_mail", p, cause)
}

// refusedMail gives the key of the words for why nothing can be done with a Mail.
func refusedMail(cause error) string {
	if errors.Is(cause, app.ErrOvertaken) {
		return "mail_overtaken"
	}
	return "mail_taken"
}

// tell says what became of the Mail, and what goes with it.
func (p *mailView) tell(s *Server) (err error) {
	m := p.Mail
	p.Person.Label = m.Name
	if agenda.May(p.actor, agenda.EditEvent, p.Event.ID) {
		p.Person.URL = p.Here + "people/" + string(m.PersonID) + p.reader.query
	}
	if p.Status, err = p.Say("mails_status_" + string(m.Status)); err != nil {
		return err
	}
	if p.Fault, err = p.mishap(m.Fault); err != nil {
		return err
	}
	if m.Fault == agenda.FaultUnvouched && agenda.May(p.actor, agenda.EditMeetings, p.Event.ID) {
		p.Vouch = p.Here + "desk" + p.with("q", m.Name)
	}
	p.Answer = m.Answer
	if key := answerWords[m.Answer]; key != "" {
		if p.Answer, err = p.Say(key); err != nil {
			return err
		}
	}
	p.sayAt(&p.Facts, &err, "mails_made_at", &m.Created)
	if m.Status == agenda.MailQueued || m.Status == agenda.MailDraft && m.Due.After(s.now()) {
		p.sayAt(&p.Facts, &err, "mails_due_at", &m.Due)
	}
	p.sayAt(&p.Facts, &err, "mails_sent_at", m.Sent)
	p.sayAt(&p.Facts, &err, "mails_opened_at", m.Opened)
	p.sayAt(&p.Facts, &err, "mails_answered_at", m.Answered)
	if err == nil && !s.app.HasMail() && m.Goes() {
		p.NoServer, err = p.Say("mails_no_server")
	}
	if err == nil && m.Method != "" {
		p.Calendar, err = p.Say("mail_calendar_" + strings.ToLower(m.Method))
	}
	if err == nil {
		p.Open, err = p.Say("mail_link")
	}
	return err
}

// answerWords are the words for what was answered to a Mail.
var answerWords = map[string]string{agenda.AnswerSeen: "told_seen", agenda.AnswerCannot: "told_cannot", string(agenda.Accepted): "meetings_answer_accepted",
	string(agenda.Tentative): "meetings_answer_tentative", string(agenda.DeclinedIt): "meetings_answer_declined"}

// mailDoes are the buttons of the page of a Mail, by its status; the first is what its form is sent by.
var mailDoes = map[agenda.MailStatus][]string{
	agenda.MailDraft:     {"queued", "save", "discarded"},
	agenda.MailQueued:    {"draft", "discarded"},
	agenda.MailFailed:    {"queued", "save", "draft", "discarded"},
	agenda.MailDiscarded: {"draft"},
}

// addButtons lets the Mail go, or keeps it, and takes the organizers' note where it may still change.
func (p *mailView) addButtons() error {
	if p.Mail.TakesNote() {
		note := p.line("note", "mail_own_note", proseField, p.Mail.Note)
		note.Max = agenda.MaxNote
	}
	for _, do := range mailDoes[p.Mail.Status] {
		label, err := p.Say("mail_do_" + string(p.Mail.Status) + "_" + do)
		if err != nil {
			return err
		}
		p.Also = append(p.Also, choice{Value: do, Label: label})
	}
	return nil
}

// turnMailPage keeps the note and does with a Mail what the button says.
func (s *Server) turnMailPage(c echo.Context, v *eventConsole) error {
	ctx, id, match := c.Request().Context(), agenda.ID(c.Param("mail")), matchSent(c)
	do := typed(c, "do")
	done := do
	var err error
	if c.Request().PostForm.Has("note") && (do == "queued" || do == "save") {
		match, err = s.noteMailSent(ctx, v, match, id, typed(c, "note"))
		done = "saved"
	}
	if err == nil && do != "save" {
		turn := map[string]func(context.Context, agenda.Actor, string, app.Match, agenda.ID) (agenda.Mail, error){
			"queued": s.app.SendMail, "discarded": s.app.DiscardMail}[do]
		if turn == nil {
			turn = s.app.HoldMail
		}
		_, err = turn(ctx, v.actor, v.Event.Slug, match, id)
		done = do
	}
	if err != nil {
		return s.showMail(c, v, err)
	}
	return s.leadTo(c, v, "mail/"+string(id), done)
}

// noteMailSent keeps the note, if it is another one, and gives the revision that the Mail has then.
func (s *Server) noteMailSent(ctx context.Context, v *eventConsole, match app.Match, id agenda.ID, note string) (app.Match, error) {
	m, err := s.app.Mail(ctx, v.actor, v.Event.Slug, id)
	if err != nil || m.Note == agenda.CleanLine(note) {
		return match, err
	}
	m, err = s.app.EditMail(ctx, v.actor, v.Event.Slug, match, id, note)
	return app.Revision(m.Revision), err
}
