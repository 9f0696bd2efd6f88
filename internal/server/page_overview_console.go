package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// overviewView is the page with which the console of an Event begins.
type overviewView struct {
	*eventConsole
	Dates  string
	State  string // whether it is published, and what is not yet
	Steps  []overviewStep
	Ready  bool // all steps are done
	Tiles  []overviewTile
	Doings []overviewDoing
	Log    string // address of the whole log, "" where there is no page of it
}

// overviewStep is what a new Event needs.
type overviewStep struct {
	Label, URL string // "" for whoever may not
	Done       bool
}

// overviewTile says how much there is of something.
type overviewTile struct {
	Label, URL string
	Alert      bool // asks to be looked at
}

// overviewDoing is an Activity.
type overviewDoing struct {
	activityEntry
	At string
}

// overviewFacts are what an Event has.
type overviewFacts struct {
	halls, tables, tracks, people, windows, meetings int
	waiting                                          int // meetings that somebody has to answer
	silent                                           int // people who were written to and have not answered
	panels                                           []agenda.Panel
	unscheduled, cancelled, untranslated             int
	errors, warnings                                 int
	drafts, failed, stuck                            int // letters; stuck: that wait for a mail server
	changes                                          int // of the draft since what is published
	release                                          int // number of the latest, 0 for none
}

var overviewNotices = map[string]string{"made": "event_made", "copied": "event_copied"}

// overviewPage is where the console of an Event begins.
func (s *Server) overviewPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, overviewNotices); err != nil {
		return err
	}
	ctx := c.Request().Context()
	facts, err := s.overviewFacts(ctx, v)
	if err != nil {
		return err
	}
	p := &overviewView{eventConsole: v}
	if p.Dates, err = v.words.days(v.Event.StartDate, v.Event.EndDate); err != nil {
		return err
	}
	if err := p.addState(facts); err != nil {
		return err
	}
	if err := p.addSteps(facts); err != nil {
		return err
	}
	if err := p.addTiles(facts); err != nil {
		return err
	}
	if err := s.addDoings(ctx, p); err != nil {
		return err
	}
	if err := v.name("console_overview"); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_overview", p, v.reader)
}

// overviewFacts looks at everything that the Event has.
func (s *Server) overviewFacts(ctx context.Context, v *eventConsole) (f overviewFacts, err error) {
	slug := v.Event.Slug
	f.panels, err = everything(func(page app.Page) ([]agenda.Panel, string, error) {
		_, list, next, err := s.app.Panels(ctx, v.actor, slug, app.PanelFilter{}, page)
		return list, next, err
	})
	if err != nil {
		return f, err
	}
	for _, p := range f.panels {
		switch {
		case p.Cancelled:
			f.cancelled++
		case p.Slot == nil:
			f.unscheduled++
		}
		if len(v.missing(panelTexts(p)...)) > 0 {
			f.untranslated++
		}
	}
	_, conflicts, err := s.app.Conflicts(ctx, v.actor, slug)
	if err != nil {
		return f, err
	}
	for _, c := range conflicts {
		if c.Severity == agenda.SeverityError {
			f.errors++
		} else {
			f.warnings++
		}
	}
	if err := s.countThings(ctx, v, &f); err != nil {
		return f, err
	}
	latest, _, err := s.app.Releases(ctx, v.actor, slug, app.Page{Limit: 1})
	if err != nil || len(latest) == 0 {
		return f, err
	}
	f.release = latest[0].Number
	changes, err := s.app.Diff(ctx, v.actor, slug, f.release, 0)
	f.changes = len(changes)
	return f, err
}

// countThings counts what is not on the agenda itself.
func (s *Server) countThings(ctx context.Context, v *eventConsole, f *overviewFacts) error {
	rooms, err := everything(func(page app.Page) ([]agenda.Room, string, error) {
		return s.app.Rooms(ctx, v.actor, v.Event.Slug, page)
	})
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if r.Kind == agenda.RoomTable {
			f.tables++
		} else {
			f.halls++
		}
	}
	tracks, err := everything(func(page app.Page) ([]agenda.Track, string, error) {
		return s.app.Tracks(ctx, v.actor, v.Event.Slug, page)
	})
	if err != nil {
		return err
	}
	people, err := s.everybody(ctx, v)
	if err != nil {
		return err
	}
	windows, err := everything(func(page app.Page) ([]agenda.Availability, string, error) {
		_, list, next, err := s.app.Availabilities(ctx, v.actor, v.Event.Slug, app.AvailabilityFilter{}, page)
		return list, next, err
	})
	f.tracks, f.people, f.windows = len(tracks), len(people), len(windows)
	if err == nil {
		err = s.countMails(ctx, v, f)
	}
	if err != nil || !agenda.May(v.actor, agenda.ReadMeetings, v.Event.ID) {
		return err
	}
	meetings, err := everything(func(page app.Page) ([]agenda.Meeting, string, error) {
		_, list, next, err := s.app.Meetings(ctx, v.actor, v.Event.Slug, app.MeetingFilter{}, page)
		return list, next, err
	})
	f.meetings = len(meetings)
	for _, m := range meetings {
		if m.Open() {
			f.waiting++
		}
	}
	return err
}

// countMails counts the letters that ask to be looked at.
func (s *Server) countMails(ctx context.Context, v *eventConsole, f *overviewFacts) error {
	if !agenda.May(v.actor, agenda.ReadContacts, v.Event.ID) {
		return nil
	}
	mails, err := s.app.Mails(ctx, v.actor, v.Event.Slug, app.MailFilter{}, app.Page{Limit: 1})
	f.drafts, f.failed = mails.Counts[agenda.MailDraft], mails.Counts[agenda.MailFailed]
	if !s.app.HasMail() {
		f.stuck = mails.Counts[agenda.MailQueued]
	}
	if err != nil || mails.Counts[agenda.MailSent] == 0 {
		return err
	}
	board, err := s.app.ToldBoard(ctx, v.actor, v.Event.Slug, 0)
	for _, row := range board.Rows {
		if row.State.Silent() {
			f.silent++
		}
	}
	return err
}

// addState says whether the agenda is published, and whether the draft has gone on since.
func (p *overviewView) addState(f overviewFacts) (err error) {
	switch {
	case f.release == 0:
		p.State, err = p.Say("overview_unpublished")
	case f.changes == 0:
		p.State, err = p.Say("overview_published", "number", f.release)
	default:
		p.State, err = p.Count("overview_changes", f.changes)
	}
	return err
}

// addSteps says what a new Event needs, in the order in which one does it.
func (p *overviewView) addSteps(f overviewFacts) error {
	p.Ready = true
	for _, step := range []struct {
		key, url string
		done     bool
	}{
		{"overview_step_rooms", p.part("rooms", nil), f.halls > 0},
		{"overview_step_people", p.part("people", nil), f.people > 0 || len(f.panels) > 0 && !agenda.May(p.actor, agenda.ReadPeople, p.Event.ID)},
		{"overview_step_panels", p.part("panels", nil), len(f.panels) > 0},
		{"overview_step_schedule", p.part("panels", url.Values{"status": {"unscheduled"}}), len(f.panels) > 0 && f.unscheduled == 0},
		{"overview_step_publish", p.part("publish", nil), f.release > 0},
	} {
		label, err := p.Say(step.key)
		if err != nil {
			return err
		}
		p.Steps = append(p.Steps, overviewStep{label, step.url, step.done})
		p.Ready = p.Ready && step.done
	}
	return nil
}

// addTiles says how much there is of everything. What asks to be looked at is left out where there is none of it.
func (p *overviewView) addTiles(f overviewFacts) error {
	panels := func(status string) string { return p.part("panels", url.Values{"status": {status}}) }
	mails := func(status agenda.MailStatus) string { return p.part("mail", url.Values{"status": {string(status)}}) }
	people, meetings := agenda.May(p.actor, agenda.ReadPeople, p.Event.ID), agenda.May(p.actor, agenda.ReadMeetings, p.Event.ID)
	for _, tile := range []struct {
		key   string
		n     int
		url   string
		alert bool
		shown bool
	}{
		{"overview_panels", len(f.panels), p.part("panels", nil), false, true},
		{"overview_unscheduled", f.unscheduled, panels("unscheduled"), true, f.unscheduled > 0},
		{"overview_errors", f.errors, panels("conflicts"), true, f.errors > 0},
		{"overview_warnings", f.warnings, panels("conflicts"), true, f.warnings > 0},
		{"overview_untranslated", f.untranslated, panels("missing"), true, f.untranslated > 0},
		{"overview_failed", f.failed, mails(agenda.MailFailed), true, f.failed > 0},
		{"overview_stuck", f.stuck, mails(agenda.MailQueued), true, f.stuck > 0},
		{"overview_silent", f.silent, p.part("told", url.Values{"state": {"unanswered"}}), false, f.silent > 0},
		{"overview_waiting", f.waiting, p.part("meetings", url.Values{"tab": {string(tabWaiting)}}), false, f.waiting > 0},
		{"overview_drafts", f.drafts, mails(agenda.MailDraft), false, f.drafts > 0},
		{"overview_cancelled", f.cancelled, panels("cancelled"), false, f.cancelled > 0},
		{"overview_people", f.people, p.part("people", nil), false, people},
		{"overview_halls", f.halls, p.part("rooms", nil), false, true},
		{"overview_tables", f.tables, p.part("rooms", nil), false, f.tables > 0},
		{"overview_tracks", f.tracks, p.part("tracks", nil), false, true},
		{"overview_windows", f.windows, p.part("availability", nil), false, f.windows > 0},
		{"overview_meetings", f.meetings, p.part("meetings", nil), false, meetings},
	} {
		if !tile.shown {
			continue
		}
		label, err := p.Count(tile.key, tile.n)
		if err != nil {
			return err
		}
		p.Tiles = append(p.Tiles, overviewTile{label, tile.url, tile.alert})
	}
	return nil
}

// overviewDoings is how many Activities the overview shows, of so many that it looks at.
const overviewDoings, overviewLooks = 5, 50

// addDoings adds what was done last, for whoever may know. Of Meetings it says nothing to who may not see them, though the log
// has that something was done: here it would count them.
func (s *Server) addDoings(ctx context.Context, p *overviewView) error {
	if !agenda.May(p.actor, agenda.ReadActivity, p.Event.ID) {
		return nil
	}
	p.Log = p.part("activity", nil)
	list, _, err := s.app.Activities(ctx, p.actor, p.Event.Slug, app.ActivityFilter{}, app.Page{Limit: overviewLooks})
	if err != nil {
		return err
	}
	zone := p.Event.Location()
	meetings := agenda.May(p.actor, agenda.ReadMeetings, p.Event.ID)
	for _, a := range list {
		if len(p.Doings) == overviewDoings {
			break
		}
		if a.Outcome != agenda.Done || !meetings && strings.HasPrefix(a.Verb, "meeting.") {
			continue
		}
		at := a.At.In(zone)
		day, err := p.day("date_short", agenda.Date(at.Format(agenda.DateLayout)))
		if err != nil {
			return err
		}
		entry, err := p.activityEntry(a, activityAsked{})
		if err != nil {
			return err
		}
		entry.Who, entry.Name = clipped(entry.Who), clipped(entry.Name)
		p.Doings = append(p.Doings, overviewDoing{entry, day + ", " + at.Format(time.TimeOnly)[:5]})
	}
	return nil
}
