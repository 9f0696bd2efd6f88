package server

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMeAsk adds the page on which a Person asks another one for a Meeting.
func (s *Server) routeMeAsk() {
	s.route(ByCode, "/me/meetings/new", s.meAskPage)
	s.route(ByCode, "/me/meetings/new", s.meAsk, http.MethodPost)
}

// askView is whom one can ask, or who was chosen.
type askView struct {
	Query  string
	People []askPerson
	More   bool
	Closed bool
	Chosen *askPerson
	Limits []string // in words
	Topic  []meetTopic
}

// Fresh marks the form, so that sending it twice asks once.
func (a *askView) Fresh() string { return rand.Text() }

type askPerson struct {
	speakerView
	ID agenda.ID
}

// meAskPage finds somebody, and asks them once they are chosen.
func (s *Server) meAskPage(c echo.Context) error {
	return s.confirmedVisit(func(v visiting) error { return s.showAsk(v, http.StatusOK, meWords{}) })(c)
}

// meAsk asks for a Meeting.
func (s *Server) meAsk(c echo.Context) error {
	return s.confirmedVisit(func(v visiting) error {
		to := agenda.ID(v.form.Get("to"))
		asking, err := s.app.Askable(v.Request().Context(), v.actor, app.AskFilter{Person: to})
		if err != nil {
			return err
		}
		if len(asking.People) == 0 {
			return s.showAsk(v, http.StatusUnprocessableEntity, meWords{problem: "me_ask_nobody"})
		}
		list, minutes, err := timesSent(v.form)
		if v.form.Get("do") == "look" { // for times of another length
			return s.askAgain(v, nil)
		}
		if err == nil {
			var made app.MeetingResult
			made, err = s.app.RequestMeeting(v.Request().Context(), v.actor, asking.Event.Slug, app.MeetingRequest{From: v.actor.PersonID, To: to,
				Topic: textSent(v.form, "topic"), Minutes: minutes, Times: list, Note: v.form.Get("note")}, onceSent(v))
			if err == nil {
				return s.toOwnMeeting(v, made.Meeting.ID, "asked")
			}
		}
		return s.askAgain(v, err)
	})(c)
}

// askAgain shows the form as it was sent, with what is wrong with it; nothing is where another length was chosen.
func (s *Server) askAgain(v visiting, err error) error {
	switch code := agenda.CodeOf(err); code {
	case "":
		return s.showAsk(v, http.StatusOK, meWords{form: v.form})
	case agenda.Invalid:
		return s.showAsk(v, http.StatusUnprocessableEntity, meWords{problem: "me_meet_wrong", form: v.form})
	case agenda.Taken:
		return s.showAsk(v, http.StatusConflict, meWords{problem: "me_ask_limit", form: v.form})
	case agenda.Forbidden:
		if v.actor.Confirmed {
			return s.showAsk(v, http.StatusForbidden, meWords{problem: "me_ask_closed", form: v.form})
		}
	}
	return err
}

func (s *Server) showAsk(v visiting, status int, w meWords) error {
	ctx := v.Request().Context()
	f := app.AskFilter{Query: plain(v.QueryParam("q")), Person: agenda.ID(plain(v.QueryParam("to")))}
	if w.form != nil {
		f.Person = agenda.ID(w.form.Get("to"))
	}
	asking, err := s.app.Askable(ctx, v.actor, f)
	if err != nil {
		return err
	}
	page, err := s.app.PersonalPage(ctx, v.actor)
	if err != nil {
		return err
	}
	m, err := s.newMeetView(v, page, w)
	if err != nil {
		return err
	}
	m.standHere("me/meetings/new")
	if err := m.addAsk(page, asking, f, w); err != nil {
		return err
	}
	if m.Form != nil {
		if err := s.offer(v, m, page, app.OwnWish{Other: m.Ask.Chosen.ID}, w); err != nil {
			return err
		}
	}
	return answerOnce(v, status, "me_ask", m, m.reader)
}

// addAsk adds the people who can be asked, or the form for the one who was chosen.
func (m *meetView) addAsk(page app.PersonalPage, asking app.Asking, f app.AskFilter, w meWords) (err error) {
	a := &askView{Query: f.Query, More: asking.More, Closed: asking.Rules.Closed}
	m.Ask = a
	if m.Title, err = m.Say("me_ask_title"); err != nil {
		return err
	}
	m.Title += " · " + m.Event.Text
	for _, p := range asking.People {
		a.People = append(a.People, m.askable(page.Event, p))
	}
	for _, limit := range []struct {
		key string
		n   int
	}{{"me_ask_open", asking.Rules.Open}, {"me_ask_per_day", asking.Rules.PerDay}} {
		if limit.n > 0 {
			said, err := m.Count(limit.key, limit.n)
			if err != nil {
				return err
			}
			a.Limits = append(a.Limits, said)
		}
	}
	if f.Person == "" || len(a.People) != 1 || a.Closed {
		return nil
	}
	a.Chosen, a.People = &a.People[0], nil
	for _, tag := range page.Event.Languages {
		field, err := m.topicIn(tag, w.form.Get("topic."+tag))
		if err != nil {
			return err
		}
		a.Topic = append(a.Topic, field)
	}
	m.Note = w.form.Get("note")
	minutes := usualMinutes
	if sent, err := strconv.Atoi(w.form.Get("minutes")); err == nil {
		minutes = sent
	}
	m.Form = &timesForm{words: m.words, Length: minutes, Most: agenda.MaxMeetingTimes, Zone: m.Zone}
	return nil
}

func (m *meetView) askable(e agenda.Event, p agenda.Person) askPerson {
	in := func(t agenda.Text) said { return m.reader.pick(e.Language(), t) }
	shown := askPerson{speakerView{Name: p.Name, Honorific: in(p.Honorific), JobTitle: in(p.JobTitle), Organization: in(p.Organization)}, p.ID}
	if p.Country != "" {
		shown.Country = m.reader.countryName(p.Country)
	}
	return shown
}
