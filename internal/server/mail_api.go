package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// mailBody is a Mail in the API.
type mailBody struct {
	ID        string         `json:"id" readOnly:"true" doc:"Identifies the mail for ever. It is in its Message-ID."`
	Person    string         `json:"person" doc:"Id of the person whom it is to."`
	Kind      string         `json:"kind" enum:"changes,meeting,reminder" doc:"What it is about."`
	Status    string         `json:"status" enum:"draft,queued,sent,failed,discarded" doc:"How far it is. A draft waits for an organizer; a queued one goes when it is due, as soon as there is a mail server; a failed one was given up."`
	About     string         `json:"about,omitempty" doc:"Id of the panel, meeting or release that it is about."`
	Meetings  bool           `json:"meetings" doc:"Whether it tells of a meeting, so that it is for those who may see meetings."`
	To        string         `json:"to" doc:"The address; empty when none is known."`
	Name      string         `json:"name" doc:"Whom it addresses."`
	Language  string         `json:"language" doc:"The language that it is in." example:"vi"`
	Subject   string         `json:"subject" doc:"Its subject."`
	Body      []mailPartBody `json:"body" doc:"What it says, but for the greeting and the note."`
	Note      string         `json:"note,omitempty" doc:"What organizers add."`
	Method    string         `json:"method,omitempty" doc:"Of its calendar part, or the first object of it: REQUEST or CANCEL. Left out when it has none."`
	Calendar  string         `json:"calendar,omitempty" doc:"The calendar part: an iCalendar object, or several that follow each other. Lists leave it out."`
	Essential bool           `json:"essential" doc:"Whether it goes also to who wants no more letters."`
	Due       time.Time      `json:"due" doc:"When it goes at the earliest, UTC."`
	Sent      *time.Time     `json:"sent,omitempty" doc:"When a mail server took it, UTC."`
	Opened    *time.Time     `json:"opened,omitempty" doc:"When its link was first followed, UTC; programs that look for viruses follow links too."`
	Answered  *time.Time     `json:"answered,omitempty" doc:"When it was answered, UTC."`
	Answer    string         `json:"answer,omitempty" doc:"How it was answered."`
	Fault     string         `json:"fault,omitempty" doc:"Why it could not be sent the last time."`
	Revision  int            `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created   time.Time      `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated   time.Time      `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

// mailPartBody is a paragraph of a Mail.
type mailPartBody struct {
	Heading string   `json:"heading,omitempty" doc:"What stands above the lines."`
	Lines   []string `json:"lines,omitempty" doc:"Its lines."`
	URL     string   `json:"url,omitempty" doc:"A link below, such as one to a map."`
}

func newMailBody(m agenda.Mail) mailBody {
	return mailBody{ID: string(m.ID), Person: string(m.PersonID), Kind: string(m.Kind), Status: string(m.Status), About: string(m.About), Meetings: m.Meetings,
		To: m.To, Name: m.Name, Language: m.Language, Subject: m.Subject,
		Body: bodies(m.Body, func(p agenda.MailPart) mailPartBody { return mailPartBody(p) }), Note: m.Note, Method: m.Method, Essential: m.Essential,
		Due: m.Due.UTC(), Sent: instant(m.Sent), Opened: instant(m.Opened), Answered: instant(m.Answered), Answer: m.Answer, Fault: m.Fault, Revision: m.Revision,
		Created: m.Created.UTC(), Updated: m.Updated.UTC()}
}

// wholeMail is a Mail with its calendar part.
func wholeMail(m agenda.Mail) mailBody {
	b := newMailBody(m)
	b.Calendar = string(m.Calendar)
	return b
}

// MailPath is the input of whatever is about one Mail.
type MailPath struct {
	AtEvent
	ID string `path:"mail" doc:"The mail's id."`
}

func (s *Server) routeMailAPI() {
	const tag, all, one = "Mails", "/events/{event}/mails", "/events/{event}/mails/{mail}"
	register(s, operation{ID: "listMails", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadContacts),
		Summary: "List mails, newest first", Description: "The letters to people at the event. Those that tell of a meeting are for those who may see meetings."}, s.listMails)
	register(s, operation{ID: "getMail", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadContacts),
		Summary: "Get a mail", Description: "With its calendar part.", Revised: true}, s.getMail)
	register(s, operation{ID: "noteMail", Method: http.MethodPut, Path: one + "/note", Tag: tag, Access: ByMail, Taken: true,
		Summary: "Write the organizers' note in a mail", Description: "In a draft, or in one that was given up.", Matches: true, Revised: true}, s.noteMail)
	register(s, operation{ID: "sendMail", Method: http.MethodPost, Path: one + "/send", Tag: tag, Access: ByMail, Taken: true,
		Summary: "Let a mail go", Description: "A draft, or one that was given up. It goes when it is due.", Matches: true, Revised: true}, s.turnMail(s.app.SendMail))
	register(s, operation{ID: "holdMail", Method: http.MethodPost, Path: one + "/hold", Tag: tag, Access: ByMail, Taken: true,
		Summary: "Make a mail a draft again", Description: "One that waits, was given up or was discarded.", Matches: true, Revised: true}, s.turnMail(s.app.HoldMail))
	register(s, operation{ID: "discardMail", Method: http.MethodPost, Path: one + "/discard", Tag: tag, Access: ByMail, Taken: true,
		Summary: "Discard a mail", Description: "It does not go.", Matches: true, Revised: true}, s.turnMail(s.app.DiscardMail))
	s.routeLetterAPI()
}

func (s *Server) listMails(ctx context.Context, in *struct {
	AtEvent
	Listing
	Status string `query:"status" enum:"draft,queued,sent,failed,discarded" doc:"Only those of this status."`
	Kind   string `query:"kind" enum:"changes,meeting,reminder" doc:"Only those of this kind."`
	Person string `query:"person" maxLength:"100" doc:"Only those to the person of this id."`
	About  string `query:"about" maxLength:"100" doc:"Only those about the panel, meeting or release of this id."`
}) (*listed[mailBody], error) {
	l, err := s.app.Mails(ctx, in.Actor, in.Event, app.MailFilter{Status: agenda.MailStatus(in.Status), Kind: agenda.MailKind(in.Kind),
		Person: agenda.ID(in.Person), About: agenda.ID(in.About)}, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, l.Mails, l.Next, newMailBody), nil
}

func (s *Server) getMail(ctx context.Context, in *struct {
	MailPath
	Conditional
}) (*single[mailBody], error) {
	m, err := s.app.Mail(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, m.Revision, wholeMail(m)), nil
}

func (s *Server) noteMail(ctx context.Context, in *struct {
	MailPath
	Matching
	Body struct {
		Note string `json:"note" maxLength:"2000" doc:"What organizers add, in plain text." example:"Please come ten minutes earlier."`
	}
}) (*single[mailBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	m, err := s.app.EditMail(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), in.Body.Note)
	if err != nil {
		return nil, err
	}
	return changed(m.Revision, wholeMail(m)), nil
}

type turningMail struct {
	MailPath
	Matching
}

// turnMail gives the handler of what gives a Mail another status.
func (s *Server) turnMail(turn func(context.Context, agenda.Actor, string, app.Match, agenda.ID) (agenda.Mail, error)) func(context.Context, *turningMail) (*single[mailBody], error) {
	return func(ctx context.Context, in *turningMail) (*single[mailBody], error) {
		match, err := in.match()
		if err != nil {
			return nil, err
		}
		m, err := turn(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
		if err != nil {
			return nil, err
		}
		return changed(m.Revision, wholeMail(m)), nil
	}
}
