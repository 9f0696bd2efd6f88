package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeLetter adds the page of a letter, to which the link in it leads. Programs that look through mail follow links: to look at the
// page changes nothing but that it was opened.
func (s *Server) routeLetter() {
	const at = "/letters/:secret"
	s.letter(at, s.letterPage, http.MethodGet, http.MethodHead)
	s.letter(at+"/answer", s.answerLetter, http.MethodPost)
	s.letter(at+"/open", s.openFromLetter, http.MethodPost)
	s.letter(at+"/unsubscribe", s.endLetters, http.MethodPost)
	s.letter(at+"/subscribe", s.wantLetters, http.MethodPost)
}

// letter adds a route of the page of a letter. Nobody keeps the answer, and its address is told to nobody.
func (s *Server) letter(path string, h echo.HandlerFunc, methods ...string) {
	s.private(BySecret, path, func(c echo.Context) error {
		meHeaders(c)
		return h(c)
	}, methods...)
}

// letterView is the page of a letter.
type letterView struct {
	view
	Notice, Problem string
	Letter          string // its address
	Event           said
	Kind            string // of the letter, which decides what can be answered
	Mail            agenda.Mail
	Newer           *agenda.Mail
	When            string
	Answer          string // in words
	Note            string
	Panels          []letterPanel
	Meeting         *letterMeeting
	Topic           string // in words; "": the letter is essential
	Unsubscribed    bool
	Home            string
}

// letterPanel is a panel in which the reader takes part.
type letterPanel struct {
	*words
	ID    agenda.ID
	Title said
}

// letterMeeting is what can be done about the meeting that a letter is about.
type letterMeeting struct {
	Asks    string // see [app.MeetingAsks]
	Says    string // how it is
	Answer  string // in words; "": none
	Choices []letterChoice
}

// letterChoice is a button that answers.
type letterChoice struct {
	Value, Label string
	Chosen       bool // so it was answered
}

// letterNotices are what the page says after something was done, by ?done=.
var letterNotices = []string{"seen", "cannot", "unsubscribed", "subscribed", "accepted", "tentative", "declined"}

func (s *Server) letterPage(c echo.Context) error {
	notice := ""
	if done := c.QueryParam("done"); slices.Contains(letterNotices, done) {
		notice = "letter_done_" + done
	}
	return s.showLetter(c, http.StatusOK, notice, "")
}

// showLetter answers with the page of a letter: with its words, in its language unless another is asked for.
func (s *Server) showLetter(c echo.Context, status int, notice, problem string) error {
	page, err := s.app.OpenLetter(c.Request().Context(), c.Param("secret"))
	if err != nil {
		return err
	}
	r, err := readerOf(c, page.Event.Languages)
	if err != nil {
		return err
	}
	if all, err := allWords(); err == nil && c.QueryParam("lang") == "" {
		r.words = all[page.Mail.Language]
	}
	v, err := s.newLetterView(c, r, page)
	if err != nil {
		return err
	}
	for key, into := range map[string]*string{notice: &v.Notice, problem: &v.Problem} {
		if key != "" {
			if *into, err = v.Say(key); err != nil {
				return err
			}
		}
	}
	return answerOnce(c, status, "letter", v, r)
}

func (s *Server) newLetterView(c echo.Context, r reader, page app.LetterPage) (v *letterView, err error) {
	m := page.Mail
	v = &letterView{view: s.newView(r, nil), Kind: string(m.Kind), Mail: m, Newer: page.Newer, Note: page.Note, Unsubscribed: page.Unsubscribed,
		Letter: s.root() + "letters/" + url.PathEscape(c.Param("secret")), Event: r.pick(page.Event.Language(), page.Event.Name), Home: s.root() + page.Event.Slug + "/"}
	v.NoIndex, v.NoReferrer, v.Title = true, true, m.Subject
	v.Styles = append(v.Styles, s.assetURL(subscribeStyleName), s.assetURL(meStyleName))
	v.standAt(v.Letter)
	if v.When, err = v.sentAt(page); err != nil {
		return nil, err
	}
	if slices.Contains(agenda.LetterAnswers, m.Answer) {
		if v.Answer, err = v.Say("letter_answer_" + m.Answer); err != nil {
			return nil, err
		}
	}
	if page.Topic != "" {
		if v.Topic, err = v.Say("letter_topic_" + string(page.Topic)); err != nil {
			return nil, err
		}
	}
	if page.Meeting != nil {
		if v.Meeting, err = newLetterMeeting(v.words, *page.Meeting); err != nil {
			return nil, err
		}
	}
	for _, p := range page.Panels {
		v.Panels = append(v.Panels, letterPanel{v.words, p.ID, r.pick(page.Event.Language(), p.Title)})
	}
	return v, nil
}

// sentAt says when the letter went, by the reader's own clock where they have one; "" when it has not.
func (v *letterView) sentAt(page app.LetterPage) (string, error) {
	if page.Mail.Sent == nil {
		return "", nil
	}
	zone := page.Event.Location()
	if own, err := loadOwnZone(page.Zone); err == nil && own != nil {
		zone = own
	}
	return v.moment(*page.Mail.Sent, zone)
}

// toLetter leads back to the page after something was done.
func (s *Server) toLetter(c echo.Context, done string) error {
	return s.lead(c, "letters/"+url.PathEscape(c.Param("secret")), "done", done)
}

// newLetterMeeting says what can be done about a meeting, and no more of it: that is in the letter.
func newLetterMeeting(w *words, is app.LetterMeeting) (*letterMeeting, error) {
	v := &letterMeeting{Asks: string(is.Asks)}
	says := "letter_meeting_" + v.Asks
	if is.Asks == app.MeetingAnswers && is.Answer == agenda.NeedsAction {
		says = "letter_meeting_first"
	}
	var err error
	if v.Says, err = w.Say(says); err != nil {
		return nil, err
	}
	if is.Answer != "" {
		if v.Answer, err = w.Say("me_answer_" + strings.ReplaceAll(string(is.Answer), "-", "_")); err != nil {
			return nil, err
		}
	}
	if is.Asks != app.MeetingAnswers {
		return v, nil
	}
	for _, answer := range agenda.MeetingAnswers {
		c := letterChoice{Value: string(answer), Chosen: is.Answer == answer}
		if c.Label, err = w.Say("letter_meeting_" + c.Value); err != nil {
			return nil, err
		}
		v.Choices = append(v.Choices, c)
	}
	return v, nil
}

// answerLetter takes an answer to what a letter says, or to the invitation in it.
func (s *Server) answerLetter(c echo.Context) error {
	ctx, secret, l := c.Request().Context(), c.Param("secret"), app.LetterAnswer{Answer: sent(c, "answer"), Note: typed(c, "note")}
	var err error
	if answer := agenda.Answer(l.Answer); slices.Contains(agenda.MeetingAnswers, answer) {
		err = s.app.AnswerByLetter(ctx, secret, c.RealIP(), answer, l.Note)
	} else {
		for _, id := range c.Request().PostForm["decline"] {
			l.Decline = append(l.Decline, agenda.ID(id))
		}
		err = s.app.AnswerLetter(ctx, secret, c.RealIP(), l)
	}
	switch agenda.CodeOf(err) {
	case "":
		return s.toLetter(c, l.Answer)
	case agenda.Invalid:
		return s.showLetter(c, http.StatusUnprocessableEntity, "", "letter_wrong")
	case agenda.Taken:
		return s.showLetter(c, http.StatusConflict, "", "letter_meeting_refused")
	}
	return err
}

// openFromLetter begins a Visit, and leads to the page of one's own: to the meeting on it where it is the reader's turn.
func (s *Server) openFromLetter(c echo.Context) error {
	v, err := s.app.VisitByLetter(c.Request().Context(), c.Param("secret"), visitOf(c), c.RealIP())
	if err != nil {
		return err
	}
	s.setVisit(c, v)
	page, err := s.app.OpenLetter(c.Request().Context(), c.Param("secret"))
	if err == nil && page.Meeting != nil && page.Meeting.Asks == app.MeetingTurn {
		return s.lead(c, "me/meetings/"+string(page.Meeting.ID))
	}
	return s.toMe(c, "")
}

// endLetters ends letters of a kind: from the page, or by a mail program that sends what RFC 8058 says, which is led nowhere.
func (s *Server) endLetters(c echo.Context) error {
	if err := s.app.WantLetters(c.Request().Context(), c.Param("secret"), c.RealIP(), false); err != nil {
		return s.letterRefused(c, err)
	}
	if sent(c, "List-Unsubscribe") == "One-Click" {
		return c.NoContent(http.StatusOK)
	}
	return s.toLetter(c, "unsubscribed")
}

func (s *Server) wantLetters(c echo.Context) error {
	if err := s.app.WantLetters(c.Request().Context(), c.Param("secret"), c.RealIP(), true); err != nil {
		return s.letterRefused(c, err)
	}
	return s.toLetter(c, "subscribed")
}

// letterRefused says that letters of this kind go to everybody whom they concern.
func (s *Server) letterRefused(c echo.Context, err error) error {
	if agenda.CodeOf(err) == agenda.Taken {
		return s.showLetter(c, http.StatusConflict, "", "letter_essential")
	}
	return err
}
