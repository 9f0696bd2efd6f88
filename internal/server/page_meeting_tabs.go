package server

import (
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// meetingTab is a part of the list of Meetings.
type meetingTab string

// The parts.
const (
	tabAll     meetingTab = "all"
	tabWaiting meetingTab = "waiting" // for an answer
	tabSoon    meetingTab = "soon"    // of these, those that expire within a day
	tabAgreed  meetingTab = "agreed"
	tabOver    meetingTab = "over"
)

var meetingTabs = []meetingTab{tabAll, tabWaiting, tabSoon, tabAgreed, tabOver}

// meetingTabOf is the part that is asked for.
func meetingTabOf(c echo.Context) meetingTab {
	if tab := meetingTab(c.QueryParam("tab")); slices.Contains(meetingTabs, tab) {
		return tab
	}
	return tabAll
}

// has says whether the Meeting is in that part of the list.
func (t meetingTab) has(m agenda.Meeting, now time.Time) bool {
	switch t {
	case tabWaiting:
		return m.Open()
	case tabSoon:
		return m.Open() && !m.Expires.IsZero() && m.Expires.Sub(now) <= 24*time.Hour
	case tabAgreed:
		return m.Status == agenda.MeetingAccepted
	case tabOver:
		return !m.Open() && m.Status != agenda.MeetingAccepted
	}
	return true
}

// addTabs leads to the parts of the list, to the form of a request, to the finder, and to what is printed.
func (p *listPage) addTabs(d *meetingDesk, at meetingTab) error {
	for _, tab := range meetingTabs {
		label, err := d.Say("meetings_tab_" + string(tab))
		if err != nil {
			return err
		}
		q := url.Values{"tab": {string(tab)}}
		if tab == tabAll {
			q = nil
		}
		p.Tabs = append(p.Tabs, consoleLink{Label: label, URL: d.Here + "meetings" + d.asking(q), Current: tab == at})
	}
	ways := [][2]string{{"find_title", "meetings/find"}, {"console_tables", "tables"}, {"meetings_briefs_all", "meetings/briefs"}}
	if agenda.May(d.actor, agenda.EditMeetings, d.Event.ID) {
		ways = slices.Insert(ways, 0, [2]string{"meetings_ask", "meetings/ask"})
	}
	for _, way := range ways {
		label, err := d.Say(way[0])
		if err != nil {
			return err
		}
		p.Ways = append(p.Ways, consoleLink{Label: label, URL: d.Here + way[1] + d.reader.query})
	}
	return nil
}
