package server

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMe adds the page of people without an account. Whoever comes with a personal link is a Visit from then on, which a
// cookie says; it opens nothing else.
func (s *Server) routeMe() {
	s.route(Own, "/me", s.mePage)
	s.route(Own, "/me/open", s.openMe, http.MethodPost)
	for path, handle := range map[string]visitHandler{
		"/me/answer": {do: s.meAnswer}, "/me/profile": {do: s.meProfile}, "/me/address": {do: s.meAddress, access: ByCode},
		"/me/meeting": {do: s.meMeeting, access: ByCode, problems: map[agenda.Code]string{agenda.Taken: "me_meeting_refused"}},
		"/me/feed":    {do: s.meFeed, access: ByCode}, "/me/leave": {do: s.meLeave},
		"/me/zone": {do: s.meZone, problems: map[agenda.Code]string{agenda.Invalid: "me_zone_wrong"}}, "/me/seen": {do: s.meSeen},
		"/me/letters":   {do: s.meLetters},
		"/me/available": {do: s.meAvailable, problems: map[agenda.Code]string{agenda.Invalid: "me_available_wrong", agenda.Taken: "me_available_taken", agenda.Stale: "me_available_stale"}},
		"/me/undo":      {do: s.meUndo, problems: map[agenda.Code]string{agenda.Taken: "me_cannot_undo"}},
		"/me/code":      {do: s.meCode, problems: map[agenda.Code]string{agenda.Taken: "me_ask_desk"}},
		"/me/confirm":   {do: s.meConfirm, problems: map[agenda.Code]string{agenda.Invalid: "me_wrong_code"}},
	} {
		s.route(cmp.Or(handle.access, ByPerson), path, s.asVisitor(handle), http.MethodPost)
	}
	s.routeMePhoto()
	s.routeMeBrief()
	s.routeMeMeet()
}

// visitCookie is the cookie of a Visit. By its name, browsers take it over TLS only and give it to this host alone.
const visitCookie = "__Host-plenary-me"

// meHeaders go with every answer below /me: nobody keeps it, and no address of it is told to others.
func meHeaders(c echo.Context) {
	noIndex(c)
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
}

// visitOf gives the secret of the Visit that the browser says it is, "" when it says of none.
func visitOf(c echo.Context) string { return cookie(c.Request(), visitCookie) }

func (s *Server) setVisit(c echo.Context, v app.NewVisit) {
	c.SetCookie(hostCookie(visitCookie, v.Secret, max(1, int(v.Expires.Sub(s.now()).Seconds()))))
}

// meNotices are what the page says after something was done, by ?done=.
var meNotices = []string{"answered", "saved", "address", "code", "confirmed", "left", "zone", "seen", "available", "photo", "undone", "letters"}

// mePage shows the page of the Person whose Visit it is, or how to open it. It changes nothing.
func (s *Server) mePage(c echo.Context) error {
	meHeaders(c)
	notice := ""
	if done := c.QueryParam("done"); slices.Contains(meNotices, done) {
		notice = "me_done_" + done
	}
	actor, err := s.app.Visitor(c.Request().Context(), visitOf(c), c.RealIP())
	switch agenda.CodeOf(err) {
	case "":
		return s.answerMe(c, http.StatusOK, actor, meWords{notice: notice})
	case agenda.Unauthenticated:
		if notice != "me_done_left" {
			notice = ""
		}
		return s.answerClosed(c, http.StatusOK, meWords{notice: notice})
	}
	return err
}

// openMe begins a Visit with the secret of a link, or with a code that was typed. That the same is sent again and again,
// as programs do that look through letters, spoils nothing.
func (s *Server) openMe(c echo.Context) error {
	meHeaders(c)
	form, err := formSent(c)
	if err != nil {
		return err
	}
	var v app.NewVisit
	ctx := c.Request().Context()
	switch secret, code := form.Get("secret"), form.Get("code"); {
	case secret != "" && len(secret) <= maxParameter:
		v, err = s.app.OpenPersonalLink(ctx, secret, visitOf(c), c.RealIP())
	case len(code) <= maxParameter:
		v, err = s.app.OpenPersonalCode(ctx, code, visitOf(c), c.RealIP())
	default:
		err = agenda.Errorf(agenda.NotFound, "Too long for a link.")
	}
	switch agenda.CodeOf(err) {
	case "":
		s.setVisit(c, v)
		return s.toMe(c, "")
	case agenda.NotFound:
		return s.answerClosed(c, http.StatusNotFound, meWords{problem: "me_no_link"})
	case agenda.TooMany:
		setRetryAfter(c, err)
		return s.answerClosed(c, http.StatusTooManyRequests, meWords{problem: "me_too_many"})
	}
	return err
}

// formSent reads a form.
func formSent(c echo.Context) (url.Values, error) {
	form, err := c.FormParams()
	if err != nil && isTooLarge(err) {
		return nil, err
	}
	if err != nil {
		return nil, badRequest("The form is not well formed.")
	}
	for _, values := range form {
		if slices.ContainsFunc(values, func(s string) bool { return !plainText(s) }) {
			return nil, badRequest("The form is not plain text in UTF-8.")
		}
	}
	return form, nil
}

// toMe leads back to the page after something was done.
func (s *Server) toMe(c echo.Context, done string) error {
	query := url.Values{}
	if done != "" {
		query.Set("done", done)
	}
	if lang := feedLanguage(c); lang != "" {
		query.Set("lang", lang)
	}
	to := s.root() + "me"
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// setRetryAfter says how long to wait, to who tried too often.
func setRetryAfter(c echo.Context, err error) {
	if p := problemOf(err); p.retryAfter > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
}

// visiting is a form that somebody sent in a Visit.
type visiting struct {
	echo.Context
	secret string
	actor  agenda.Actor
	form   url.Values
}

// visitHandler does what a form asks for and gives a word of what was done, for the page that follows; "" when it has
// answered itself. Problems are what the page says of errors, where it is not the usual.
type visitHandler struct {
	do       func(visiting) (done string, err error)
	problems map[agenda.Code]string
	access   Access // empty: ByPerson
}

// meProblems are what the page says of errors.
var meProblems = map[agenda.Code]string{agenda.Invalid: "me_wrong", agenda.Stale: "me_stale", agenda.TooMany: "me_too_many",
	agenda.Taken: "me_refused", agenda.NotFound: "me_refused", agenda.Forbidden: "me_need_code", agenda.Unavailable: "me_not_sent"}

// asVisitor lets those in who come with a Visit, and answers for what they did.
func (s *Server) asVisitor(h visitHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		meHeaders(c)
		form, err := formSent(c)
		if err != nil {
			return err
		}
		v := visiting{Context: c, secret: visitOf(c), form: form}
		done := ""
		if v.actor, err = s.app.Visitor(c.Request().Context(), v.secret, c.RealIP()); err == nil {
			done, err = h.do(v)
		}
		return s.answerVisit(c, v.actor, done, err, h, form)
	}
}

// answerVisit answers for what somebody did on their page; form is what they sent.
func (s *Server) answerVisit(c echo.Context, actor agenda.Actor, done string, err error, h visitHandler, form url.Values) error {
	code := agenda.CodeOf(err)
	problem := h.problems[code]
	if problem == "" {
		problem = meProblems[code]
	}
	switch {
	case err == nil && done == "":
		return nil
	case err == nil:
		return s.toMe(c, done)
	case code == agenda.Unauthenticated:
		return s.answerClosed(c, http.StatusUnauthorized, meWords{problem: "me_ended"})
	case problem != "":
		setRetryAfter(c, err)
		return s.answerMe(c, statuses[code], actor, meWords{problem: problem, form: form})
	}
	return err
}

func (s *Server) meAnswer(v visiting) (string, error) {
	return "answered", s.app.AnswerInvitation(v.Request().Context(), v.actor, agenda.ID(v.form.Get("panel")), agenda.SpeakerStatus(v.form.Get("answer")))
}

func (s *Server) meMeeting(v visiting) (string, error) {
	return "answered", s.app.AnswerMeeting(v.Request().Context(), v.actor, agenda.ID(v.form.Get("meeting")), agenda.Answer(v.form.Get("answer")))
}

func (s *Server) meProfile(v visiting) (string, error) {
	revision, err := strconv.Atoi(v.form.Get("revision"))
	if err != nil {
		return "", agenda.Errorf(agenda.Invalid, "The form says of no revision.")
	}
	p := app.OwnProfile{JobTitle: textSent(v.form, "job_title"), Organization: textSent(v.form, "organization"), Bio: textSent(v.form, "bio")}
	return "saved", s.app.EditOwnProfile(v.Request().Context(), v.actor, app.Revision(revision), p)
}

// textSent gives a Text of the fields of a form that are called so, each with a language after a dot.
func textSent(form url.Values, field string) agenda.Text {
	text := agenda.Text{}
	for name := range form {
		if lang, ok := strings.CutPrefix(name, field+"."); ok {
			text[lang] = strings.ReplaceAll(form.Get(name), "\r\n", "\n")
		}
	}
	return text
}

func (s *Server) meAddress(v visiting) (string, error) {
	return "address", s.app.ChangeOwnAddress(v.Request().Context(), v.actor, v.secret, v.form.Get("email"))
}

func (s *Server) meCode(v visiting) (string, error) {
	r, err := readerOf(v.Context, programLanguages)
	if err != nil {
		return "", err
	}
	return "code", s.app.SendCode(v.Request().Context(), v.secret, r.words.lang, v.RealIP())
}

func (s *Server) meConfirm(v visiting) (string, error) {
	return "confirmed", s.app.ConfirmVisit(v.Request().Context(), v.secret, v.form.Get("code"), v.RealIP())
}

func (s *Server) meFeed(v visiting) (string, error) {
	secret, err := s.app.OpenOwnFeed(v.Request().Context(), v.actor, feedLanguage(v.Context))
	if err != nil {
		return "", err
	}
	return "", v.Redirect(http.StatusSeeOther, s.root()+"feeds/"+secret)
}

func (s *Server) meLeave(v visiting) (string, error) {
	if err := s.app.EndVisit(v.Request().Context(), v.secret, v.RealIP()); err != nil {
		return "", err
	}
	dropCookie(v.Context, visitCookie)
	return "left", nil
}
