package server

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeStatisticsConsole adds the page of numbers.
func (s *Server) routeStatisticsConsole() {
	s.console(agenda.ReadDraft, "/statistics", s.statisticsPage)
}

// statisticsView is the page of numbers.
type statisticsView struct {
	*eventConsole
	Numbers []numberCard
	Charts  []chartView
}

// numberCard is one number, large.
type numberCard struct{ Number, Label, Hint string }

func (s *Server) statisticsPage(c echo.Context, v *eventConsole) error {
	if err := v.name("console_statistics"); err != nil {
		return err
	}
	numbers, err := s.app.Statistics(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	p := &statisticsView{eventConsole: v}
	if err := p.addNumbers(numbers); err != nil {
		return err
	}
	for _, add := range []func(agenda.Statistics) error{p.chartLoad, p.chartConflicts, p.chartCoverage, p.chartFormats, p.chartTracks, p.chartCountries, p.chartOrganizations} {
		if err := add(numbers); err != nil {
			return err
		}
	}
	return answerOnce(c, http.StatusOK, "console_statistics", p, p.reader)
}

func (p *statisticsView) addNumbers(n agenda.Statistics) error {
	for _, of := range []struct {
		key  string
		n    int
		hint int
	}{{"panels", n.Panels, n.Cancelled}, {"scheduled", n.Scheduled, n.Panels - n.Scheduled}, {"speakers", n.Speakers, n.Confirmed}, {"rooms", len(n.Loads), -1}} {
		card := numberCard{Number: strconv.Itoa(of.n)}
		var err error
		if card.Label, err = p.Say("stat_" + of.key); err != nil {
			return err
		}
		if of.hint >= 0 {
			if card.Hint, err = p.Say("stat_"+of.key+"_hint", "n", of.hint); err != nil {
				return err
			}
		}
		p.Numbers = append(p.Numbers, card)
	}
	return nil
}

// chartLoad shows how much of the time each hall is used, a cell for each day.
func (p *statisticsView) chartLoad(n agenda.Statistics) error {
	c, err := p.chart("load", "stat_room", "stat_day", "stat_used", "stat_open", "stat_share")
	if err != nil {
		return err
	}
	for _, load := range n.Loads {
		room := p.reader.pick(p.Event.Language(), load.Room.Name).Text
		used, open := 0, 0
		var cells []chartCell
		for i, day := range load.Days {
			used, open = used+day.Used, open+day.Open
			short, err := p.day("date_short", n.Days[i])
			if err != nil {
				return err
			}
			c.Table = append(c.Table, []string{room, short, p.hours(day.Used), p.hours(day.Open), percent(day.Used, day.Open)})
			cells = append(cells, heat(i, len(load.Days), day.Used, day.Open))
		}
		if len(cells) > maxCells { // there is no room for so many
			cells = bar(used, max(open, 1))
		}
		c.add(room, percent(used, open), cells...)
	}
	p.Charts = append(p.Charts, c.done())
	return nil
}

// chartConflicts shows how many conflicts each of the last releases had, and the draft has now.
func (p *statisticsView) chartConflicts(n agenda.Statistics) error {
	c, err := p.chart("conflicts", "stat_release", "stat_published", "stat_errors", "stat_warnings")
	if err != nil {
		return err
	}
	most := 1
	for _, h := range n.History {
		most = max(most, h.Errors+h.Warnings)
	}
	for _, h := range n.History {
		label, when := "", ""
		if h.Number == 0 {
			label, err = p.Say("stat_draft")
		} else if when, err = p.at(h.Published); err == nil {
			label, err = p.Say("stat_release_n", "n", h.Number)
		}
		if err != nil {
			return err
		}
		value, err := p.Say("stat_conflicts_value", "errors", h.Errors, "warnings", h.Warnings)
		if err != nil {
			return err
		}
		c.Table = append(c.Table, []string{label, when, strconv.Itoa(h.Errors), strconv.Itoa(h.Warnings)})
		c.add(label, value, stacked(most, h.Errors, h.Warnings)...)
	}
	p.Charts = append(p.Charts, c.done())
	return nil
}

// chartCoverage shows how many of the texts there are in each language.
func (p *statisticsView) chartCoverage(n agenda.Statistics) error {
	c, err := p.chart("coverage", "stat_language", "stat_texts", "stat_have", "stat_of")
	if err != nil {
		return err
	}
	for _, one := range n.Coverage {
		if one.Of == 0 {
			continue
		}
		kind, err := p.Say("stat_texts_" + string(one.Kind))
		if err != nil {
			return err
		}
		value, err := p.Say("stat_coverage_value", "n", one.Have, "of", one.Of)
		if err != nil {
			return err
		}
		language := p.reader.languageName(one.Language)
		c.Table = append(c.Table, []string{language, kind, strconv.Itoa(one.Have), strconv.Itoa(one.Of)})
		c.add(language+" · "+kind, value, bar(one.Have, one.Of)...)
	}
	p.Charts = append(p.Charts, c.done())
	return nil
}

func (p *statisticsView) chartFormats(n agenda.Statistics) error {
	return p.chartTally("formats", "stat_format", n.Formats, true, func(t agenda.Tally) (string, error) {
		return p.reader.pick("en", t.Name).Text, nil
	})
}

func (p *statisticsView) chartTracks(n agenda.Statistics) error {
	return p.chartTally("tracks", "stat_track", n.Tracks, true, func(t agenda.Tally) (string, error) {
		if t.Key == "" {
			return p.Say("stat_no_track")
		}
		return p.reader.pick(p.Event.Language(), t.Name).Text, nil
	})
}

func (p *statisticsView) chartCountries(n agenda.Statistics) error {
	return p.chartTally("countries", "stat_country", n.Countries, false, func(t agenda.Tally) (string, error) {
		if t.Key == "" {
			return p.Say("stat_not_said")
		}
		return p.reader.countryName(t.Key), nil
	})
}

func (p *statisticsView) chartOrganizations(n agenda.Statistics) error {
	return p.chartTally("organizations", "stat_organization", n.Employers, false, func(t agenda.Tally) (string, error) {
		if t.Key == "" {
			return p.Say("stat_not_said")
		}
		return p.reader.pick(p.Event.Language(), t.Name).Text, nil
	})
}

// maxBars is how many bars a chart has at most; its table has all.
const maxBars = 15

// chartTally shows how many there are of each kind.
func (p *statisticsView) chartTally(id, column string, list []agenda.Tally, timed bool, name func(agenda.Tally) (string, error)) error {
	columns := []string{column, "stat_count"}
	if timed {
		columns = append(columns, "stat_time")
	}
	c, err := p.chart(id, columns...)
	if err != nil {
		return err
	}
	most := 1
	for _, t := range list {
		most = max(most, t.Count)
	}
	for i, t := range list {
		label, err := name(t)
		if err != nil {
			return err
		}
		row, value := []string{label, strconv.Itoa(t.Count)}, strconv.Itoa(t.Count)
		if timed {
			row, value = append(row, p.hours(t.Minutes)), value+" · "+p.hours(t.Minutes)
		}
		c.Table = append(c.Table, row)
		if i < maxBars {
			c.add(label, value, bar(t.Count, most)...)
		}
	}
	p.Charts = append(p.Charts, c.done())
	return nil
}

// hours gives a time in hours and minutes: "7:30".
func (p *statisticsView) hours(minutes int) string {
	rest := strconv.Itoa(minutes % 60)
	if len(rest) < 2 {
		rest = "0" + rest
	}
	return strconv.Itoa(minutes/60) + ":" + rest
}
