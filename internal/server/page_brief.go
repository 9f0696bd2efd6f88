package server

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeBriefConsole adds what organizers print of Meetings: one, or all of a day or of a Person.
func (s *Server) routeBriefConsole() {
	s.console(agenda.ReadMeetings, "/meetings/:meeting/brief", s.briefPage)
	s.console(agenda.ReadMeetings, "/meetings/briefs", s.briefsPage)
}

// routeMeBrief adds what those who take part print: one Meeting, or all of theirs.
func (s *Server) routeMeBrief() {
	s.route(ByCode, "/me/meetings/:meeting/brief", s.meBrief)
	s.route(ByCode, "/me/meetings/briefs", s.meBriefs)
}

func (s *Server) briefPage(c echo.Context, v *eventConsole) error {
	brief, err := s.app.MeetingBrief(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("meeting")))
	if err != nil {
		return err
	}
	p, err := s.newBriefView(v.view, v.reader, brief, "")
	if err != nil {
		return err
	}
	p.protocol, p.at = true, v.Here+"meetings/"
	p.Back.URL = p.at + c.Param("meeting") + v.reader.query
	return p.answer(c, brief, "meetings_brief_back")
}

// briefsPage is a pack: the Meetings of ?day=, of ?person=, or both.
func (s *Server) briefsPage(c echo.Context, v *eventConsole) error {
	f := app.BriefFilter{Day: agenda.Date(plain(c.QueryParam("day"))), Person: agenda.ID(plain(c.QueryParam("person")))}
	if _, err := agenda.ParseDate(string(f.Day)); f.Day != "" && err != nil {
		return badAddress("day", "It is a date, such as 2027-03-28.")
	}
	brief, err := s.app.MeetingBriefs(c.Request().Context(), v.actor, v.Event.Slug, f)
	if err != nil {
		return err
	}
	p, err := s.newBriefView(v.view, v.reader, brief, f.Day)
	if err != nil {
		return err
	}
	p.protocol, p.at, p.Pack = true, v.Here+"meetings/", true
	p.Back.URL = v.Here + "meetings" + v.asking(url.Values{"day": {string(f.Day)}})
	return p.answer(c, brief, "console_meetings")
}

func (s *Server) meBrief(c echo.Context) error {
	return s.answerOwnBrief(c, agenda.ID(c.Param("meeting")))
}

func (s *Server) meBriefs(c echo.Context) error { return s.answerOwnBrief(c, "") }

// answerOwnBrief answers who came with a personal link. Who has not typed the code is led to where they do.
func (s *Server) answerOwnBrief(c echo.Context, id agenda.ID) error {
	meHeaders(c)
	ctx := c.Request().Context()
	actor, err := s.app.Visitor(ctx, visitOf(c), c.RealIP())
	if agenda.CodeOf(err) == agenda.Unauthenticated {
		return s.answerClosed(c, http.StatusUnauthorized, meWords{problem: "me_ended"})
	}
	if err != nil {
		return err
	}
	brief, err := s.app.OwnBrief(ctx, actor, id)
	if agenda.CodeOf(err) == agenda.Forbidden {
		return s.answerMe(c, http.StatusForbidden, actor, meWords{problem: "me_need_code"})
	}
	if err != nil {
		return err
	}
	p, err := s.newOwnBrief(c, brief)
	if err != nil {
		return err
	}
	p.Pack = id == ""
	return p.answer(c, brief, "me_title")
}

func (s *Server) newOwnBrief(c echo.Context, brief app.Brief) (*briefView, error) {
	r, err := readerOf(c, brief.Event.Languages)
	if err != nil {
		return nil, err
	}
	v := s.newView(r, brief.Event.Languages)
	v.NoReferrer = true
	v.standAt(s.root() + c.Request().URL.EscapedPath()[1:])
	p, err := s.newBriefView(v, r, brief, "")
	if err != nil {
		return nil, err
	}
	p.at, p.Back.URL = s.root()+"me/meetings/", s.root()+"me"+r.query+"#meetings"
	switch release, err := s.app.Published(c.Request().Context(), brief.Event.Slug); agenda.CodeOf(err) {
	case "":
		for _, person := range release.Snapshot.People {
			p.photos[person.Photo] = true
		}
	case agenda.NotFound:
	default:
		return nil, err
	}
	return p, nil
}

// answer fills the page and shows it; back is the key of the name of the page that it leads back to.
func (v *briefView) answer(c echo.Context, brief app.Brief, back string) (err error) {
	if v.Back.Label, err = v.Say(back); err != nil {
		return err
	}
	since, err := time.Parse(time.RFC3339, c.QueryParam("since"))
	if err != nil {
		since = time.Time{} // addresses get around
	}
	if err := v.fill(brief, since); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "meeting_brief", v, v.reader)
}
