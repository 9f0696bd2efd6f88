package server

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// panelAsked is what a list of Panels is narrowed to and sorted by, as its address has it.
type panelAsked struct{ q, day, track, room, format, status, order string }

// panelStatuses are what a list can be narrowed to besides.
var panelStatuses = []string{"scheduled", "unscheduled", "cancelled", "missing", "conflicts"}

// panelOrders are what a list can be sorted by; by the first one it is grouped by days.
var panelOrders = []string{"start", "code", "updated"}

func panelsAsked(c echo.Context) panelAsked {
	return panelAsked{c.QueryParam("q"), c.QueryParam("day"), c.QueryParam("track"), c.QueryParam("room"), c.QueryParam("format"), c.QueryParam("status"), c.QueryParam("sort")}
}

// values give the parameters of an address that asks for the same.
func (a panelAsked) values() url.Values {
	return url.Values{"q": {a.q}, "day": {a.day}, "track": {a.track}, "room": {a.room}, "format": {a.format}, "status": {a.status}, "sort": {a.order}}
}

// filter gives that part of it that the App looks after. What makes no sense is passed over: links get around.
func (a panelAsked) filter() app.PanelFilter {
	f := app.PanelFilter{Track: agenda.ID(a.track), Room: agenda.ID(a.room), Query: a.q}
	if day, err := agenda.ParseDate(a.day); err == nil {
		f.Day = day
	}
	if slices.Contains(agenda.Formats, agenda.Format(a.format)) {
		f.Format = agenda.Format(a.format)
	}
	if slices.Contains(panelOrders, a.order) {
		f.Sort = a.order
	}
	yes, no := true, false
	switch a.status {
	case "scheduled":
		f.Scheduled = &yes
	case "unscheduled":
		f.Scheduled = &no
	case "cancelled":
		f.Cancelled = &yes
	}
	return f
}

// panelsFound are the Panels of a list, with how many Conflicts each has.
type panelsFound struct {
	panels    []agenda.Panel
	conflicts map[agenda.ID]int
}

// findPanels gives all Panels that were asked for, in order, and counts their Conflicts where that is wanted.
func (s *Server) findPanels(ctx context.Context, v *eventConsole, asked panelAsked, counted bool) (found panelsFound, err error) {
	found.panels, err = everything(func(page app.Page) ([]agenda.Panel, string, error) {
		_, panels, next, err := s.app.Panels(ctx, v.actor, v.Event.Slug, asked.filter(), page)
		return panels, next, err
	})
	if err != nil {
		return found, err
	}
	if counted || asked.status == "conflicts" {
		if found.conflicts, err = s.conflictCounts(ctx, v); err != nil {
			return found, err
		}
	}
	switch asked.status {
	case "conflicts":
		found.panels = slices.DeleteFunc(found.panels, func(p agenda.Panel) bool { return found.conflicts[p.ID] == 0 })
	case "missing":
		found.panels = slices.DeleteFunc(found.panels, func(p agenda.Panel) bool { return len(v.missing(panelTexts(p)...)) == 0 })
	}
	return found, nil
}

// conflictCounts says how many Conflicts each Panel has.
func (s *Server) conflictCounts(ctx context.Context, v *eventConsole) (map[agenda.ID]int, error) {
	_, conflicts, err := s.app.Conflicts(ctx, v.actor, v.Event.Slug)
	if err != nil {
		return nil, err
	}
	counts := map[agenda.ID]int{}
	for _, c := range conflicts {
		for _, item := range c.Items {
			if item.Kind == agenda.PanelItem {
				counts[item.ID]++
			}
		}
	}
	return counts, nil
}

// panelTexts are what of a Panel is said in several languages.
func panelTexts(p agenda.Panel) []map[string]string {
	texts := []map[string]string{p.Title, p.Abstract, p.CancelNote}
	for _, v := range p.Interventions {
		texts = append(texts, v.Title, v.Abstract)
	}
	return texts
}

// panelPageSize is how many Panels a page lists.
const panelPageSize = 200

func (s *Server) panelsPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, panelNotices); err != nil {
		return err
	}
	asked := panelsAsked(c)
	found, err := s.findPanels(c.Request().Context(), v, asked, true)
	if err != nil {
		return err
	}
	things, err := s.panelThings(c.Request().Context(), v)
	if err != nil {
		return err
	}
	p, err := v.list("panels", "panels_none", "panels_new", "")
	if err == nil {
		err = errors.Join(p.seek(asked.q, "panels_seek"), p.panelFilters(asked, things))
	}
	if err != nil {
		return err
	}
	if p.Count, err = v.Count("panels_count", len(found.panels)); err != nil {
		return err
	}
	shown := p.part(c, len(found.panels), panelPageSize, asked.values())
	if err := p.addPanels(found, found.panels[shown.from:shown.to], asked, things); err != nil {
		return err
	}
	return p.answer(c)
}

// seek adds a search, which says what was looked for; key is of its label.
func (p *listPage) seek(query, key string) (err error) {
	p.Query = query
	for _, lang := range p.asked(p.reader.query) {
		p.Kept = append(p.Kept, choice{Value: "lang", Label: lang})
	}
	p.Seek, err = p.Say(key)
	return err
}

// asked gives the language that an address's query asks for, if it does.
func (p *listPage) asked(query string) []string {
	q, err := url.ParseQuery(trimQuestion(query))
	if err != nil {
		return nil
	}
	return q["lang"]
}

func trimQuestion(query string) string {
	if query != "" && query[0] == '?' {
		return query[1:]
	}
	return query
}

// span is a part of a list.
type span struct{ from, to int }

// part gives the part of a list of n things that the address asks for, and leads to those before and after it.
func (p *listPage) part(c echo.Context, n, size int, asked url.Values) span {
	page, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || page < 1 || (page-1)*size >= n {
		page = 1
	}
	lead := func(page int) string {
		asked.Set("page", strconv.Itoa(page))
		return p.asking(asked)
	}
	if page > 1 {
		p.Less = lead(page - 1)
	}
	if page*size < n {
		p.More = lead(page + 1)
	}
	return span{(page - 1) * size, min(page*size, n)}
}

// panelThings are what Panels are said to be in.
type panelThings struct {
	rooms  []agenda.Room
	tracks []agenda.Track
	room   map[agenda.ID]agenda.Room
	track  map[agenda.ID]agenda.Track
}

func (s *Server) panelThings(ctx context.Context, v *eventConsole) (t panelThings, err error) {
	if t.rooms, err = everything(func(page app.Page) ([]agenda.Room, string, error) {
		return s.app.Rooms(ctx, v.actor, v.Event.Slug, page)
	}); err != nil {
		return t, err
	}
	if t.tracks, err = everything(func(page app.Page) ([]agenda.Track, string, error) {
		return s.app.Tracks(ctx, v.actor, v.Event.Slug, page)
	}); err != nil {
		return t, err
	}
	t.room, t.track = map[agenda.ID]agenda.Room{}, map[agenda.ID]agenda.Track{}
	for _, r := range t.rooms {
		t.room[r.ID] = r
	}
	for _, track := range t.tracks {
		t.track[track.ID] = track
	}
	return t, nil
}

// panelFilters adds what the list can be narrowed to and sorted by.
func (p *listPage) panelFilters(asked panelAsked, things panelThings) error {
	form := &formPage{eventConsole: p.eventConsole}
	anyway, err := p.Say("form_any")
	if err != nil {
		return err
	}
	days, err := p.dayChoices(anyway)
	if err != nil {
		return err
	}
	formats := append([]choice{{Label: anyway}}, p.formatChoices()...)
	statuses, err := choicesOf(p.words, "panels_status_", panelStatuses)
	if err != nil {
		return err
	}
	orders, err := choicesOf(p.words, "panels_order_", panelOrders)
	if err != nil {
		return err
	}
	form.choose("day", "panels_day", asked.day, days)
	form.choose("track", "panels_track", asked.track, namedChoices(p.eventConsole, anyway, things.tracks, namedTrack))
	form.choose("room", "panels_room", asked.room, namedChoices(p.eventConsole, anyway, things.rooms, namedRoom))
	form.choose("format", "panels_format", asked.format, formats)
	form.choose("status", "panels_status", asked.status, append([]choice{{Label: anyway}}, statuses...))
	form.choose("sort", "panels_order", asked.order, orders)
	for _, f := range form.Fields {
		f.Hint = ""
	}
	p.Filters = form.Fields
	return nil
}

// dayChoices are the days of the Event, after a choice of none; further ones are added.
func (v *eventConsole) dayChoices(none string, further ...agenda.Date) ([]choice, error) {
	days := v.Event.Days()
	for _, day := range further {
		if day != "" && !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	list := []choice{{Label: none}}
	for _, day := range days {
		label, err := v.day("date_short", day)
		if err != nil {
			continue // typed by hand
		}
		list = append(list, choice{Value: string(day), Label: label})
	}
	return list, nil
}

// formatChoices are the formats in the reader's words.
func (v *eventConsole) formatChoices() []choice {
	var list []choice
	for _, f := range agenda.Formats {
		list = append(list, choice{Value: string(f), Label: v.formatName(f)})
	}
	return list
}

func (v *eventConsole) formatName(f agenda.Format) string {
	return v.reader.pick("en", agenda.FormatNames[f]).Text
}
