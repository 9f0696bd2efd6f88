package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeActivityConsole adds the pages of who did what: at an Event, and at no Event in particular.
func (s *Server) routeActivityConsole() {
	s.console(agenda.ReadActivity, "/activity", s.activityPage)
	s.admin("/activity", s.allActivityPage)
}

// activityPageView lists who did what, newest first.
type activityPageView struct {
	*eventConsole
	Lead    string
	Filters []*formField
	Days    []activityDay
	Table   consoleLink // the same as a file
	More    string
	Empty   string
}

type activityDay struct {
	ID, Day string
	Entries []activityEntry
}

// activityEntry is one of the log.
type activityEntry struct {
	*words
	Clock   string
	Who     string
	WhoURL  string // what else they did
	What    string // words for the verb
	Name    string // of what it was done to
	NameURL string // what else was done to it
	Badge   string
	Facts   []string
	Changes []activityChange
}

// activityChange is a field before and after.
type activityChange struct{ Field, Before, After string }

// activityNouns are what can be chosen to narrow the log to.
var activityNouns = []string{"event", "room", "track", "panel", "speaker", "person", "availability", "release", "link", "code", "meeting", "mail", "feed", "member",
	"token", "webhook", "job", "account", "access"}

// activityAsked is what the log is narrowed to.
type activityAsked struct{ noun, outcome, from, to, actor, subject string }

func activityAskedOf(c echo.Context) activityAsked {
	return activityAsked{c.QueryParam("verb"), c.QueryParam("outcome"), c.QueryParam("from"), c.QueryParam("to"), c.QueryParam("actor"), c.QueryParam("subject")}
}

// query gives the same as a part of an address, with some of it changed: names and values.
func (q activityAsked) query(v *eventConsole, pairs ...string) string {
	return v.with(append([]string{"verb", q.noun, "outcome", q.outcome, "from", q.from, "to", q.to, "actor", q.actor, "subject", q.subject}, pairs...)...)
}

// filter gives what to ask for. What makes no sense is passed over, since addresses get around.
func (q activityAsked) filter(zone *time.Location) app.ActivityFilter {
	f := app.ActivityFilter{Subject: agenda.ID(plain(q.subject)), ActorID: agenda.ID(plain(q.actor)), Verb: plain(q.noun)}
	if slices.Contains(agenda.Outcomes, agenda.Outcome(q.outcome)) {
		f.Outcome = agenda.Outcome(q.outcome)
	}
	if from, err := time.ParseInLocation(agenda.DateLayout, q.from, zone); err == nil {
		f.From = from
	}
	if to, err := time.ParseInLocation(agenda.DateLayout, q.to, zone); err == nil {
		f.To = to.AddDate(0, 0, 1)
	}
	return f
}

// plain gives a parameter that a database takes, "" for any other.
func plain(s string) string {
	if len(s) > maxParameter || !plainText(s) {
		return ""
	}
	return s
}

func (v *eventConsole) zone() *time.Location {
	if v.Event.ID == "" {
		return time.UTC
	}
	return v.Event.Location()
}

func (s *Server) activityPage(c echo.Context, v *eventConsole) error {
	asked := activityAskedOf(c)
	f := asked.filter(v.zone())
	list, next, err := s.app.Activities(c.Request().Context(), v.actor, v.Event.Slug, f, activityPart(c))
	if err != nil {
		return err
	}
	known, err := s.called(c, v)
	if err != nil {
		return err
	}
	p, err := v.activities("console_activity", "activity_lead", asked, list, next, known)
	if err != nil {
		return err
	}
	p.Table.URL = s.root() + "api/v1/events/" + v.Event.Slug + "/activity.csv" + apiFilter(f)
	if p.Table.Label, err = v.Say("activity_table"); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_activity", p, p.reader)
}

// called gives what the Event's rooms and tracks are called, by their ID: fields of panels name them.
func (s *Server) called(c echo.Context, v *eventConsole) (map[agenda.ID]string, error) {
	ctx, part := c.Request().Context(), app.Page{Limit: consoleListSize}
	names := map[agenda.ID]string{}
	rooms, _, err := s.app.Rooms(ctx, v.actor, v.Event.Slug, part)
	if err != nil {
		return nil, err
	}
	for _, r := range rooms {
		names[r.ID] = v.reader.pick(v.Event.Language(), r.Name).Text
	}
	tracks, _, err := s.app.Tracks(ctx, v.actor, v.Event.Slug, part)
	for _, t := range tracks {
		names[t.ID] = v.reader.pick(v.Event.Language(), t.Name).Text
	}
	return names, err
}

// activityPart is how much of the log is shown at once.
func activityPart(c echo.Context) app.Page {
	return app.Page{Limit: 100, After: c.QueryParam("after")}
}

// apiFilter gives a filter as the API takes it.
func apiFilter(f app.ActivityFilter) string {
	q := url.Values{}
	for name, value := range map[string]string{"verb": f.Verb, "subject": string(f.Subject), "actor": string(f.ActorID), "outcome": string(f.Outcome)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": f.From, "to": f.To} {
		if !at.IsZero() {
			q.Set(name, at.Format(time.RFC3339))
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// allActivityPage has what was done at no Event, and at those whose log the administrator may read.
func (s *Server) allActivityPage(c echo.Context, v *eventConsole) error {
	asked := activityAskedOf(c)
	ctx := c.Request().Context()
	list, next, err := s.app.AllActivities(ctx, v.actor, asked.filter(time.UTC), activityPart(c))
	if err != nil {
		return err
	}
	events := map[agenda.ID]string{}
	for page := (app.Page{Limit: 200}); ; {
		some, more, err := s.app.Events(ctx, v.actor, "", page)
		if err != nil {
			return err
		}
		for _, e := range some {
			events[e.ID] = v.reader.pick(e.Language(), e.Name).Text
		}
		if page.After = more; more == "" {
			break
		}
	}
	p, err := v.activities("console_activity", "activity_lead_all", asked, list, next, events)
	if err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_activity", p, p.reader)
}

// activities shows a part of the log; known are names of Events, rooms and tracks.
func (v *eventConsole) activities(title, lead string, asked activityAsked, list []agenda.Activity, next string, known map[agenda.ID]string) (*activityPageView, error) {
	p := &activityPageView{eventConsole: v}
	err := v.name(title)
	if err == nil {
		p.Lead, err = v.Say(lead)
	}
	if err == nil {
		p.Empty, err = v.Say("activity_none")
	}
	if err == nil {
		err = p.addFilters(asked, list)
	}
	if err != nil {
		return nil, err
	}
	if next != "" {
		p.More = asked.query(v, "after", next)
	}
	for _, a := range list {
		entry, err := v.activityEntry(a, asked)
		if err != nil {
			return nil, err
		}
		entry.Changes = changesOf(a, known)
		if name := known[a.EventID]; name != "" {
			entry.Facts = append(entry.Facts, name)
		}
		m := agenda.MomentOf(v.zone(), a.At)
		day, err := v.day("date_long", m.Wall.Date())
		if err != nil {
			return nil, err
		}
		entry.Clock = m.Wall.Clock()
		if last := len(p.Days) - 1; last < 0 || p.Days[last].Day != day {
			p.Days = append(p.Days, activityDay{ID: "d" + string(m.Wall.Date()), Day: day})
		}
		last := &p.Days[len(p.Days)-1]
		last.Entries = append(last.Entries, entry)
	}
	return p, nil
}

func (p *activityPageView) addFilters(asked activityAsked, list []agenda.Activity) error {
	form := formPage{eventConsole: p.eventConsole}
	nouns, err := choicesOf(p.words, "noun_", activityNouns)
	if err != nil {
		return err
	}
	all, err := p.Say("activity_all")
	if err != nil {
		return err
	}
	any := choice{Label: all}
	if strings.Contains(asked.noun, ".") {
		said, err := p.Say(verbKey(asked.noun))
		if err != nil { // no verb of ours
			said = asked.noun
		}
		nouns = append(nouns, choice{Value: asked.noun, Label: said})
	}
	form.choose("verb", "activity_noun", asked.noun, slices.Insert(nouns, 0, any))
	outcomes, err := choicesOf(p.words, "activity_", agenda.Outcomes)
	if err != nil {
		return err
	}
	form.choose("outcome", "activity_outcome", asked.outcome, slices.Insert(outcomes, 0, any))
	form.line("from", "activity_from", dateField, asked.from)
	form.line("to", "activity_to", dateField, asked.to)
	if asked.actor != "" {
		form.choose("actor", "activity_by", asked.actor, []choice{any, {Value: asked.actor, Label: nameOf(list, asked.actor)}})
	}
	if asked.subject != "" {
		form.choose("subject", "activity_about", asked.subject, []choice{any, {Value: asked.subject, Label: asked.subject}})
	}
	p.Filters = form.Fields
	return nil
}

// nameOf gives what somebody is called in the log.
func nameOf(list []agenda.Activity, actor string) string {
	for _, a := range list {
		if string(a.ActorID) == actor && a.ActorName != "" {
			return a.ActorName
		}
	}
	return actor
}

// verbKey is the key of the words for a verb of the log.
func verbKey(verb string) string { return "did_" + strings.ReplaceAll(verb, ".", "_") }

// activityEntry says an entry in the reader's words.
func (v *eventConsole) activityEntry(a agenda.Activity, asked activityAsked) (e activityEntry, err error) {
	e = activityEntry{words: v.words, Who: a.ActorName}
	if e.What, err = v.Say(verbKey(a.Verb)); err != nil { // of a newer program
		e.What = a.Verb
	}
	err = nil
	if a.ActorKind != agenda.AccountHolder || e.Who == "" {
		kind := "actor_" + string(a.ActorKind)
		if e.Who == "" {
			kind = "actor_nameless_" + string(a.ActorKind)
		}
		if e.Who, err = v.Say(kind, "name", e.Who); err != nil {
			return e, err
		}
	}
	narrowed := asked
	if narrowed.actor = string(a.ActorID); a.ActorID != "" {
		e.WhoURL = narrowed.query(v)
	}
	narrowed = asked
	if e.Name = namedIn(a); a.Erased() {
		e.Name, err = v.Say("activity_erased")
	}
	if narrowed.subject = string(a.Subject); a.Subject != "" && a.Subject != a.ActorID {
		e.NameURL = narrowed.query(v)
	}
	if a.Outcome == agenda.Refused && err == nil {
		e.Badge, err = v.Say("activity_refused")
	}
	if a.Address != "" {
		v.say(&e.Facts, &err, "activity_address", "address", a.Address)
	}
	return e, err
}
