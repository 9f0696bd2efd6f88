package server

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// toldView is the board that says who was told of what concerns them.
type toldView struct {
	*eventConsole
	Releases []consoleLink
	Counts   []consoleLink // how many are how far; each narrows the board
	Rows     []toldRow
	Meetings []toldRow
	Silent   int // who can be written to again
	Action   string
	Release  int
	Table    string
	Once     string
}

// toldRow is how far it is with one person.
type toldRow struct {
	*words
	Name, Mail, State, When, Opened, About, Note string
	Silent, Trouble                              bool
	ID                                           agenda.ID
}

// boardAsked reads which release the board is asked for, 0 for how it is now.
func boardAsked(value string) (int, error) {
	if value == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, agenda.Errorf(agenda.NotFound, "There is no release of that number.")
	}
	return n, nil
}

// toldBoard gives the board of the release that the address asks for.
func (s *Server) toldBoard(c echo.Context, v *eventConsole) (app.ToldBoard, error) {
	number, err := boardAsked(c.QueryParam("release"))
	if err != nil {
		return app.ToldBoard{}, err
	}
	return s.app.ToldBoard(c.Request().Context(), v.actor, v.Event.Slug, number)
}

func (s *Server) toldPage(c echo.Context, v *eventConsole) error {
	b, err := s.toldBoard(c, v)
	if err != nil {
		return err
	}
	if err := v.name("console_told"); err != nil {
		return err
	}
	if n, err := strconv.Atoi(c.QueryParam("done")); err == nil && n >= 0 {
		if v.Notice, err = v.Count("told_done", n); err != nil {
			return err
		}
	}
	p := &toldView{eventConsole: v, Release: b.Release, Action: v.Here + "told" + v.reader.query,
		Table: v.Here + "told/table" + v.asking(url.Values{"release": {c.QueryParam("release")}})}
	p.Once = (&formPage{}).Fresh()
	if err := p.fill(b, c.QueryParam("state")); err != nil {
		return err
	}
	return answerOnce(c, http.StatusOK, "console_told", p, p.reader)
}

func (p *toldView) fill(b app.ToldBoard, state string) error {
	now, err := p.Say("told_now")
	if err != nil {
		return err
	}
	p.Releases = []consoleLink{{Label: now, URL: p.Here + "told" + p.reader.query, Current: b.Release == 0}}
	for _, n := range b.Releases {
		label, err := p.Say("publish_release", "n", n)
		if err != nil {
			return err
		}
		p.Releases = append(p.Releases, consoleLink{Label: label, URL: p.Here + "told" + p.asking(url.Values{"release": {strconv.Itoa(n)}}), Current: b.Release == n})
	}
	counts := map[agenda.ToldState]int{}
	for _, row := range b.Rows {
		counts[row.State]++
		if row.State.Silent() && row.Person.Email != "" && agenda.May(p.actor, agenda.PublishEvent, p.Event.ID) {
			p.Silent++
		}
		if !row.State.Fits(agenda.ToldState(state)) {
			continue
		}
		shown, err := p.row(row)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, shown)
	}
	if err := p.addCounts(b, counts, state); err != nil {
		return err
	}
	return p.addMeetings(b)
}

// addCounts adds how many are how far, by all that there are.
func (p *toldView) addCounts(b app.ToldBoard, counts map[agenda.ToldState]int, state string) error {
	add := func(value string, n int) error {
		label, err := p.Say("told_" + value)
		if err != nil || n == 0 {
			return err
		}
		q := url.Values{"state": {value}}
		if b.Release > 0 {
			q.Set("release", strconv.Itoa(b.Release))
		}
		if value == "all" {
			q.Del("state")
		}
		p.Counts = append(p.Counts, consoleLink{Label: label + " " + strconv.Itoa(n), URL: p.Here + "told" + p.asking(q), Current: state == value || state == "" && value == "all"})
		return nil
	}
	if err := add("all", len(b.Rows)); err != nil {
		return err
	}
	if err := add(string(agenda.ToldUnanswered), counts[agenda.ToldSilent]+counts[agenda.ToldOpened]); err != nil {
		return err
	}
	for _, s := range agenda.ToldStates {
		if err := add(string(s), counts[s]); err != nil {
			return err
		}
	}
	return nil
}

func (p *toldView) row(r app.ToldRow) (shown toldRow, err error) {
	shown = toldRow{words: p.words, ID: r.Person.ID, Name: r.Person.Name, Note: r.Note, Silent: r.State.Silent(),
		Trouble: slices.Contains([]agenda.ToldState{agenda.ToldNoAddress, agenda.ToldFailed, agenda.ToldCannot}, r.State)}
	if shown.State, err = p.Say("told_" + string(r.State)); err != nil {
		return shown, err
	}
	if r.Mail.ID == "" {
		return shown, nil
	}
	if shown.Mail = p.part("mail", nil); shown.Mail != "" {
		shown.Mail = p.Here + "mail/" + string(r.Mail.ID) + p.reader.query
	}
	if r.Told.Since == 0 {
		shown.About, err = p.Say("publish_release", "n", r.Told.Release)
	} else {
		shown.About, err = p.Say("told_about", "since", r.Told.Since, "n", r.Told.Release)
	}
	if err != nil {
		return shown, err
	}
	for at, into := range map[*time.Time]*string{r.Mail.Sent: &shown.When, r.Mail.Opened: &shown.Opened} {
		if at != nil {
			if *into, err = p.moment(*at, p.Event.Location()); err != nil {
				return shown, err
			}
		}
	}
	return shown, nil
}

// addMeetings adds what was answered to meetings.
func (p *toldView) addMeetings(b app.ToldBoard) error {
	for _, m := range b.Meetings {
		shown := toldRow{words: p.words, Name: m.Person.Name, About: p.reader.pick(p.Event.Language(), m.Meeting.Topic).Text, Silent: m.Answer == agenda.NeedsAction,
			Trouble: m.Answer == agenda.DeclinedIt}
		var err error
		if shown.When, err = p.when(m.Meeting.Slot); err != nil {
			return err
		}
		if shown.State, err = p.Say("meetings_answer_" + string(m.Answer)); err != nil {
			return err
		}
		if shown.Note, err = p.besides(m.Said); err != nil {
			return err
		}
		p.Meetings = append(p.Meetings, shown)
	}
	return nil
}

// toldTable gives the board as a table.
func (s *Server) toldTable(c echo.Context, v *eventConsole) error {
	b, err := s.toldBoard(c, v)
	if err != nil {
		return err
	}
	var rows []exchange.ToldRow
	for _, r := range b.Rows {
		rows = append(rows, exchange.ToldRow{Person: r.Person, State: r.State, Mail: r.Mail, Note: r.Note, Release: r.Told.Release})
	}
	var file bytes.Buffer
	if err := exchange.ToldCSV(&file, rows); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+v.Event.Slug+`-told.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", file.Bytes())
}

// remindSilent writes again to who has not answered.
func (s *Server) remindSilent(c echo.Context, v *eventConsole) error {
	number, err := boardAsked(sent(c, "release"))
	if err != nil {
		return err
	}
	done, err := s.app.RemindSilent(c.Request().Context(), v.actor, v.Event.Slug, number, nil, onceSent(c))
	if err != nil {
		return err
	}
	release := ""
	if number > 0 {
		release = strconv.Itoa(number)
	}
	return s.lead(c, "console/events/"+v.Event.Slug+"/told", "release", release, "done", strconv.Itoa(done.Letters))
}
