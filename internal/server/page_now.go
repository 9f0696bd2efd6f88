package server

import (
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// cacheNow is for pages that say what is going on.
const cacheNow = "public, max-age=20, stale-while-revalidate=20"

// liveView is what is going on somewhere, and what comes next.
type liveView struct {
	Now, Next []panelView
}

// nowView is the page of what is going on.
type nowView struct {
	Clock    string // a sentence
	Sentence string // when nothing is going on: why
	Over     bool
	Places   []placeView
}

// nowPage shows what is going on in each room and what comes next.
func (s *Server) nowPage(c echo.Context) error {
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	now := s.now().Truncate(time.Minute)
	return s.answerLivePage(c, release, strconv.FormatInt(now.Unix(), 10), "now", "now", func(v *eventView, _ *agenda.Release) error {
		v.NoIndex = true // tomorrow it is another
		return v.addNow(now)
	})
}

// answerLivePage is [Server.answerEventPage] for what changes with the clock: turn is another one then.
func (s *Server) answerLivePage(c echo.Context, release *agenda.Release, turn, kind, template string, fill fillView) error {
	c.Response().Header().Set(echo.HeaderCacheControl, cacheNow)
	return s.answerEventPageSince(c, release, release.State()+" "+turn, time.Time{}, kind, template, fill)
}

// passed counts the beginnings and ends of Panels that are over: as long as it is the same, so is what is going on.
func passed(s *agenda.Snapshot, now time.Time) (n int) {
	for _, p := range s.Panels {
		for _, at := range []time.Time{p.Slot.Start.At, p.Slot.End.At} {
			if !at.After(now) {
				n++
			}
		}
	}
	return n
}

// liveOf gives what is going on of these Panels and what comes next. What is cancelled is told where people would wait for it,
// and does not hide what comes after it.
func liveOf(panels []panelView, now time.Time) (l liveView) {
	next := ""
	for _, p := range slices.SortedStableFunc(slices.Values(panels), func(a, b panelView) int { return startOf(a).Compare(startOf(b)) }) {
		start, end := startOf(p), endOf(p)
		switch {
		case !end.After(now):
		case !start.After(now):
			l.Now = append(l.Now, p)
		case next == "" || p.Start == next:
			l.Next = append(l.Next, p)
			if next = p.Start; p.Cancelled && !slices.ContainsFunc(l.Next, func(p panelView) bool { return !p.Cancelled }) {
				next = ""
			}
		}
	}
	return l
}

// startOf and endOf read what [exchange.Agenda] wrote.
func startOf(p panelView) time.Time { t, _ := time.Parse(time.RFC3339, p.Start); return t }
func endOf(p panelView) time.Time   { t, _ := time.Parse(time.RFC3339, p.End); return t }

// addNow fills the page of what is going on.
func (v *eventView) addNow(now time.Time) error {
	local := agenda.MomentOf(v.event.Location(), now).Wall
	today, err := v.reader.words.day("date_long", local.Date())
	if err != nil {
		return err
	}
	x := &v.Now
	if x.Clock, err = v.Say("show_clock", "time", local.Clock(), "day", today); err != nil {
		return err
	}
	if err := v.addAgenda(); err != nil {
		return err
	}
	var all []panelView
	for i := range v.Days {
		for j := range v.Days[i].Panels {
			p := &v.Days[i].Panels[j]
			p.Dated = v.Days[i].Date != local.Date()
			all = append(all, *p)
		}
	}
	if err := v.addPhase(all, now); err != nil {
		return err
	}
	if err := v.addRooms(); err != nil {
		return err
	}
	for _, place := range v.Places {
		var here []panelView
		for _, d := range place.Days {
			here = append(here, d.Panels...)
		}
		if place.Live = liveOf(here, now); len(place.Live.Now)+len(place.Live.Next) > 0 {
			x.Places = append(x.Places, place)
		}
	}
	title, err := v.Say("show_now_title")
	if err != nil {
		return err
	}
	v.Title, v.Canonical, v.Feed, v.JSON = title+" · "+v.Name.Text, v.document.Event.URL+"now", "", ""
	return nil
}

// addPhase says why nothing is going on, when nothing is.
func (v *eventView) addPhase(all []panelView, now time.Time) (err error) {
	x := &v.Now
	live := liveOf(slices.DeleteFunc(slices.Clone(all), func(p panelView) bool { return p.Cancelled }), now)
	began := slices.ContainsFunc(all, func(p panelView) bool { return !startOf(p).After(now) })
	key := ""
	switch {
	case len(live.Now) > 0:
		return nil
	case len(live.Next) == 0 && len(all) == 0:
		key = "agenda_empty"
	case len(live.Next) == 0:
		key, x.Over = "show_over", true
	case began:
		key = "show_between"
	default:
		key = "show_before"
	}
	if len(live.Next) == 0 {
		x.Sentence, err = v.Say(key)
		return err
	}
	next := live.Next[0]
	x.Sentence, err = v.Say(key, "day", next.Day, "time", next.From)
	return err
}
