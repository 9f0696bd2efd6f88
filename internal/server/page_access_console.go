package server

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeAccessConsole adds the pages about who may do what, who did it, and what is known of people.
func (s *Server) routeAccessConsole() {
	s.routeMemberConsole()
	s.routeTokenConsole()
	s.routeWebhookConsole()
	s.routeLinkConsole()
	s.routeDeskConsole()
	s.routeFeedConsole()
	s.routeActivityConsole()
	s.routeDataConsole()
	s.routeAccountsConsole()
	s.routeJobsConsole()
	s.routeStatisticsConsole()
}

// orProof leads to where one proves who sits there, and from there back to the page, when that is what the error asks for. What
// asks for it has a page of the same address.
func (s *Server) orProof(c echo.Context, err error) error {
	if !errors.Is(err, app.ErrProve) {
		return err
	}
	return s.askProof(c, strings.TrimPrefix(c.Request().URL.Path, "/"))
}

// fresh asks for a proof before anything is typed: it would be lost.
func (v *eventConsole) fresh() error {
	if v.actor.Kind == agenda.AccountHolder && !v.actor.Confirmed {
		return app.ErrProve
	}
	return nil
}

// rowsPage is a page of the console that lists what somebody may do something about.
type rowsPage struct {
	*eventConsole
	Back     consoleLink
	Lead     string
	Filters  []*formField // narrow what is listed
	Links    []consoleLink
	Sends    []rowSend
	Sections []rowsSection
	More     string // leads to further ones, "" when there are none
}

type rowsSection struct {
	ID, Heading string
	Empty       string // is said when it has no rows
	Rows        []accessRow
}

// rowsOf gives the row of each thing.
func rowsOf[T any](things []T, rowOf func(T) (accessRow, error)) ([]accessRow, error) {
	var rows []accessRow
	for _, one := range things {
		row, err := rowOf(one)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// accessRow is one of what is listed.
type accessRow struct {
	Title said
	Badge string
	Off   bool
	Facts []string
	Links []consoleLink
	Sends []rowSend
}

// rowSend is a button that sends a form.
type rowSend struct {
	Label, Action string
	Do, ID        string
	Danger        bool
}

func (p *rowsPage) answer(c echo.Context, status int) error {
	return answerOnce(c, status, "console_rows", p, p.reader)
}

// rows begins such a page; keys are of words for its title and of what it says above all.
func (v *eventConsole) rows(c echo.Context, title, lead string, notices map[string]string) (*rowsPage, error) {
	p := &rowsPage{eventConsole: v}
	if err := v.name(title); err != nil {
		return nil, err
	}
	if err := v.notify(c, notices); err != nil {
		return nil, err
	}
	var err error
	if lead != "" {
		p.Lead, err = v.Say(lead)
	}
	return p, err
}

// link adds a link to a page below the Event's console.
func (p *rowsPage) link(key, path string) (err error) {
	l := consoleLink{URL: p.Here + path + p.reader.query}
	l.Label, err = p.Say(key)
	p.Links = append(p.Links, l)
	return err
}

// section adds a section with its rows.
func (p *rowsPage) section(id, heading, empty string, rows []accessRow) (err error) {
	s := rowsSection{ID: id, Rows: rows}
	if s.Heading, err = p.Say(heading); err != nil {
		return err
	}
	if empty != "" {
		s.Empty, err = p.Say(empty)
	}
	p.Sections = append(p.Sections, s)
	return err
}

// say adds facts, as keys of words with what is put into them. The first error is kept in err.
func (v *eventConsole) say(to *[]string, err *error, key string, pairs ...any) {
	if *err != nil {
		return
	}
	var fact string
	if fact, *err = v.Say(key, pairs...); *err == nil {
		*to = append(*to, fact)
	}
}

// at gives a moment by the Event's clock, or in UTC where there is no Event.
func (v *eventConsole) at(t time.Time) (string, error) {
	if v.Event.ID == "" {
		return v.instant(t)
	}
	m := agenda.MomentOf(v.Event.Location(), t)
	date, err := v.day("date_plain", m.Wall.Date())
	return date + ", " + m.Wall.Clock(), err
}

// sayAt adds a fact about a moment, whose words have "{when}".
func (v *eventConsole) sayAt(to *[]string, err *error, key string, t *time.Time) {
	if *err != nil || t == nil {
		return
	}
	var when string
	if when, *err = v.at(*t); *err == nil {
		v.say(to, err, key, "when", when)
	}
}

// button adds a button that sends what it does and to what to that path below the Event's console.
func (v *eventConsole) button(to *[]rowSend, err *error, key, path, do string, id agenda.ID) {
	if *err != nil {
		return
	}
	s := rowSend{Action: v.Here + path + v.reader.query, Do: do, ID: string(id), Danger: do == "revoke"}
	s.Label, *err = v.Say(key)
	*to = append(*to, s)
}

// leads adds a link to a row.
func (v *eventConsole) leads(to *[]consoleLink, err *error, key, path string) {
	if *err != nil {
		return
	}
	l := consoleLink{URL: v.Here + path + v.reader.query}
	l.Label, *err = v.Say(key)
	*to = append(*to, l)
}

// ask begins a form that stands by itself: kind begins the keys of its title, of what it says and of its button ("token_revoke",
// "token_revoke_lead", "token_revoke_do"). It is sent to that path below the Event's console and leads back to the other, whose
// name has the key.
func (v *eventConsole) ask(kind, path, back, backKey string) (*formPage, error) {
	p := &formPage{eventConsole: v, Action: v.Here + path + v.reader.query}
	var err error
	if p.Lead, err = v.Say(kind + "_lead"); err != nil {
		return nil, err
	}
	if p.Button, err = v.Say(kind + "_do"); err != nil {
		return nil, err
	}
	if p.Back.Label, err = v.Say(backKey); err != nil {
		return nil, err
	}
	p.Back.URL = v.Here + back + v.reader.query
	return p, v.name(kind)
}

// about shows what the form is about.
func (p *formPage) about(key, value string) { p.line("", key, noteField, value) }

// askSure shows the form again and asks whether it is meant; the key is of words for what would be lost.
func (p *formPage) askSure(c echo.Context, key string) (err error) {
	p.check("sure", "members_sure", false)
	if p.Problem, err = p.Say(key); err != nil {
		return err
	}
	return answerOnce(c, http.StatusUnprocessableEntity, "console_form", p, p.reader)
}

// refuse shows the page, and why something could not be done there: keys are of words for codes.
func (p *rowsPage) refuse(c echo.Context, cause error, keys map[string]string) error {
	status := http.StatusOK
	if cause != nil {
		var err error
		if status, err = p.blame(c, cause, keys); err != nil {
			return err
		}
	}
	return p.answer(c, status)
}

// oncePage shows what is told once and never again.
type oncePage struct {
	*eventConsole
	Back    consoleLink
	Lead    string
	Left    string // what is not among them
	Secrets []onceSecret
}

// onceSecret is one of them.
type onceSecret struct {
	*words
	ID    string // in the page
	Whose string
	Label string
	Value string // to be copied
	Typed string // what can be typed instead
	Until string
	Code  *codeView
}

// once begins such a page. Browsers tell no page that it leads to where they come from.
func (s *Server) once(v *eventConsole, title, lead, back, backKey string) (*oncePage, error) {
	p := &oncePage{eventConsole: v}
	v.NoReferrer = true
	v.Scripts = append(v.Scripts, s.assetURL(subscribeScriptName))
	var err error
	if p.Lead, err = v.Say(lead); err != nil {
		return nil, err
	}
	if p.Back.Label, err = v.Say(backKey); err != nil {
		return nil, err
	}
	p.Back.URL = v.Here + back + v.reader.query
	return p, v.name(title)
}

func (p *oncePage) answer(c echo.Context) error {
	return answerOnce(c, http.StatusOK, "console_once", p, p.reader)
}
