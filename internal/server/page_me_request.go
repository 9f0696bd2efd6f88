package server

import (
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meRequest is a request for a Meeting in the list of a Person.
type meRequest struct {
	*words
	Title   string
	With    string // who is on the other side
	State   string // whose turn it is, or what became of it
	Expires string
	URL     string
	Yours   bool // it is their turn
	Off     bool
}

// isRequest says whether the Meeting was asked for by one of the sides and not agreed on.
func isRequest(m agenda.Meeting) bool { return len(m.Times) > 0 && m.Slot == nil }

// request says of a Meeting with whom it is and whose turn it is.
func (v *meView) request(r reader, page app.PersonalPage, m agenda.Meeting, now time.Time) (shown meRequest, err error) {
	me := page.Person.ID
	side := sideOf(m, me)
	shown = meRequest{words: v.words, URL: v.Root + "me/meetings/" + string(m.ID) + v.Query, Off: !m.Open() || m.Due(now)}
	var others []string
	for _, d := range m.Sides[1-side].Delegates {
		if name := page.Names[d.PersonID]; d.Role == agenda.Principal {
			others = append([]string{name}, others...)
		} else {
			others = append(others, name)
		}
	}
	shown.With = strings.Join(others, v.said["list"])
	shown.Title = r.pick(page.Event.Language(), m.Topic).Text
	if shown.Title == "" {
		if shown.Title, err = v.Say("me_meet_with", "name", shown.With); err != nil {
			return shown, err
		}
	}
	key := "me_meet_state_" + string(m.Status)
	_, principal := m.SideOf(me)
	switch {
	case m.Due(now):
		key = "me_meet_state_" + string(agenda.MeetingExpired)
	case m.Open() && len(m.Times) > 0 && side == m.Turn && principal:
		key, shown.Yours = "me_meet_state_yours", true
	case m.Open() && len(m.Times) > 0 && side == m.Turn:
		key = "me_meet_state_your_side"
	case m.Open() && len(m.Times) > 0:
		key = "me_meet_state_theirs"
	}
	if shown.State, err = v.Say(key); err != nil || shown.Off || m.Expires.IsZero() {
		return shown, err
	}
	shown.Expires, err = v.expires(page.Event, m.Expires, now)
	return shown, err
}

// sideOf gives the side on which the Person is, the first for who is on none.
func sideOf(m agenda.Meeting, person agenda.ID) int {
	for _, d := range m.Sides[1].Delegates {
		if d.PersonID == person {
			return 1
		}
	}
	return 0
}

// expires says in words how long there is time, and until when.
func (w *words) expires(e agenda.Event, at, now time.Time) (string, error) {
	left := at.Sub(now)
	key, n := "meet_expires_days", int(left/(24*time.Hour))
	switch {
	case left < 2*time.Hour:
		key, n = "meet_expires_minutes", max(1, int(left/time.Minute))
	case left < 48*time.Hour:
		key, n = "meet_expires_hours", int(left/time.Hour)
	}
	said, err := w.Count(key, n)
	if err != nil {
		return "", err
	}
	until, err := w.dated("brief_at", agenda.MomentOf(e.Location(), at))
	return said + " (" + until + ")", err
}
