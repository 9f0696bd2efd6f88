package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMeMeet adds what a Person does about a Meeting: to look at it, and to answer. Each asks for the code, as Meetings do.
func (s *Server) routeMeMeet() {
	s.routeMeAsk()
	s.route(ByCode, "/me/meetings/:meeting", s.meMeetingPage)
	for path, do := range map[string]meetingDeed{"accept": s.meAccept, "propose": s.mePropose, "decline": s.meDecline, "withdraw": s.meWithdraw, "edit": s.meEditRequest} {
		s.route(ByCode, "/me/meetings/:meeting/"+path, s.onOwnMeeting(do), http.MethodPost)
	}
}

// meetingDeed does what a form about a Meeting asks for.
type meetingDeed func(v visiting, slug string, id agenda.ID) error

// meMeetingNotices are what the page of a Meeting says after something was done, by ?done=.
var meMeetingNotices = []string{"asked", "accepted", "proposed", "declined", "withdrawn", "edited"}

// confirmedVisit lets those in who came with a personal link and have typed the code. Others are answered.
func (s *Server) confirmedVisit(h func(visiting) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		meHeaders(c)
		form, err := formSent(c)
		if err != nil {
			return err
		}
		v := visiting{Context: c, secret: visitOf(c), form: form}
		v.actor, err = s.app.Visitor(c.Request().Context(), v.secret, c.RealIP())
		if agenda.CodeOf(err) == agenda.Unauthenticated {
			return s.answerClosed(c, http.StatusUnauthorized, meWords{problem: "me_ended"})
		}
		if err != nil {
			return err
		}
		err = h(v)
		if agenda.CodeOf(err) == agenda.Forbidden && !v.actor.Confirmed {
			return s.answerMe(c, http.StatusForbidden, v.actor, meWords{problem: "me_need_code"})
		}
		return err
	}
}

// meMeetingPage shows a Meeting of the Person, and what they can answer.
func (s *Server) meMeetingPage(c echo.Context) error {
	return s.confirmedVisit(func(v visiting) error {
		notice := ""
		if done := c.QueryParam("done"); slices.Contains(meMeetingNotices, done) {
			notice = "me_meet_done_" + done
		}
		return s.showOwnMeeting(v, http.StatusOK, meWords{notice: notice})
	})(c)
}

// onOwnMeeting does something to a Meeting and leads back to its page. What is refused is said there, with how things stand now.
func (s *Server) onOwnMeeting(do meetingDeed) echo.HandlerFunc {
	return s.confirmedVisit(func(v visiting) error {
		id := agenda.ID(v.Param("meeting"))
		e, err := s.eventOfVisit(v)
		if err != nil {
			return err
		}
		err = do(v, e.Slug, id)
		switch code := agenda.CodeOf(err); code {
		case "":
			path := strings.Split(v.Path(), "/")
			return s.toOwnMeeting(v, id, meetDone[path[len(path)-1]])
		case agenda.Invalid, agenda.Taken, agenda.Stale, agenda.TooMany, agenda.Forbidden:
			if code == agenda.Forbidden && !v.actor.Confirmed {
				return err
			}
			setRetryAfter(v, err)
			return s.showOwnMeeting(v, statuses[code], meWords{problem: meetProblems[code], form: v.form})
		}
		return err
	})
}

// meetDone are words for what was done, by the last part of the path.
var meetDone = map[string]string{"accept": "accepted", "propose": "proposed", "decline": "declined", "withdraw": "withdrawn", "edit": "edited"}

// meetProblems are what the page says of errors. That something is Taken is said in the words of how the Meeting stands.
var meetProblems = map[agenda.Code]string{agenda.Invalid: "me_meet_wrong", agenda.Stale: "me_meet_stale", agenda.TooMany: "me_too_many",
	agenda.Taken: "me_meet_taken", agenda.Forbidden: "me_meet_not_yours"}

func (s *Server) toOwnMeeting(v visiting, id agenda.ID, done string) error {
	return v.Redirect(http.StatusSeeOther, s.below(v, "me/meetings/"+string(id), "done", done))
}

// eventOfVisit gives the Event of who came with a personal link and has typed the code.
func (s *Server) eventOfVisit(v visiting) (agenda.Event, error) {
	asking, err := s.app.Askable(v.Request().Context(), v.actor, app.AskFilter{Person: v.actor.PersonID})
	return asking.Event, err
}

func (s *Server) meAccept(v visiting, slug string, id agenda.ID) error {
	which, err := strconv.Atoi(v.form.Get("time"))
	if err != nil {
		return agenda.Errorf(agenda.Invalid, "The form says of no time.")
	}
	_, err = s.app.AcceptTime(v.Request().Context(), v.actor, slug, formMatch(v.form), id, app.MeetingAnswer{Time: which, Note: v.form.Get("note")})
	return err
}

func (s *Server) mePropose(v visiting, slug string, id agenda.ID) error {
	list, minutes, err := timesSent(v.form)
	if err != nil {
		return err
	}
	_, err = s.app.ProposeTimes(v.Request().Context(), v.actor, slug, formMatch(v.form), id, app.MeetingProposal{Minutes: minutes, Times: list, Note: v.form.Get("note")})
	return err
}

func (s *Server) meDecline(v visiting, slug string, id agenda.ID) error {
	if v.form.Get("sure") != yes {
		return agenda.Errorf(agenda.Invalid, "The box was not ticked.")
	}
	_, err := s.app.DeclineMeeting(v.Request().Context(), v.actor, slug, formMatch(v.form), id, v.form.Get("note"))
	return err
}

func (s *Server) meWithdraw(v visiting, slug string, id agenda.ID) error {
	if v.form.Get("sure") != yes {
		return agenda.Errorf(agenda.Invalid, "The box was not ticked.")
	}
	_, err := s.app.WithdrawMeeting(v.Request().Context(), v.actor, slug, formMatch(v.form), id, v.form.Get("note"))
	return err
}

func (s *Server) meEditRequest(v visiting, slug string, id agenda.ID) error {
	list, minutes, err := timesSent(v.form)
	if err != nil {
		return err
	}
	_, err = s.app.EditRequest(v.Request().Context(), v.actor, slug, formMatch(v.form), id, app.RequestEdit{
		Topic: textSent(v.form, "topic"), Minutes: minutes, Times: list, Note: v.form.Get("note")})
	return err
}
