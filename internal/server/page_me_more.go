package server

import (
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meNews is what was published for the Person since they looked.
type meNews struct {
	Release int
	Changes []meChange
}

type meChange struct {
	Kind  string // in words
	Title said
	Words string
}

// meDay is a day of the Event and when the Person is available on it.
type meDay struct {
	*words
	Date, Long string
	Windows    []meWindow
	From, To   string // that were sent and not taken
}

type meWindow struct {
	ID       agenda.ID
	Revision int
	From, To string
	Odd      string // in words: what is on no one day of the Event, and can only be removed
}

// commonZones are offered where a zone is typed; every other works too.
var commonZones = strings.Fields(`Africa/Cairo Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Argentina/Buenos_Aires America/Bogota
	America/Chicago America/Denver America/Los_Angeles America/Mexico_City America/New_York America/Sao_Paulo America/Toronto Asia/Bangkok
	Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Kolkata Asia/Manila Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Tokyo
	Australia/Sydney Europe/Berlin Europe/Brussels Europe/Istanbul Europe/London Europe/Madrid Europe/Moscow Europe/Paris Europe/Rome
	Europe/Zurich Pacific/Auckland Pacific/Honolulu UTC`)

// addMore adds what the Person has set, what is news, and when they are available.
func (v *meView) addMore(r reader, page app.PersonalPage, w meWords, now time.Time) (err error) {
	v.OwnZone, v.Zones, v.HasPhoto = page.Settings.Zone, commonZones, page.Person.Photo != ""
	if v.Mine, err = loadOwnZone(page.Settings.Zone); err != nil {
		return err
	}
	if page.Settings.Undo.Works(now) && w.problem == "" {
		if v.Undo, err = v.Say("me_undo_" + string(page.Settings.Undo.Kind)); err != nil {
			return err
		}
	}
	if len(page.News) > 0 {
		v.News.Release = page.Latest
		for _, c := range page.News {
			told, err := v.change(r, page.Event, c)
			if err != nil {
				return err
			}
			v.News.Changes = append(v.News.Changes, told)
		}
	}
	v.Limit, v.Full = agenda.MaxOwnWindows, len(page.Windows) >= agenda.MaxOwnWindows
	if err := v.addTopics(page); err != nil {
		return err
	}
	return v.addDays(page, w)
}

// loadOwnZone gives the zone of that name, nil for none.
func loadOwnZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	return agenda.LoadZone(name)
}

func (v *meView) change(r reader, e agenda.Event, c agenda.PersonalChange) (told meChange, err error) {
	kind := string(c.Kind)
	switch {
	case c.Joined:
		kind = "joined"
	case c.Left:
		kind = "left"
	}
	told = meChange{Title: r.pick(e.Language(), c.Title)}
	if told.Kind, err = v.Say("me_news_" + kind); err != nil || c.Joined || c.Left {
		return told, err
	}
	told.Words = agenda.NewReader("en", v.Lang).String(c.Words)
	return told, nil
}

// addDays adds the windows by day. One that goes from one day to another, or is outside of the Event, stands at the end.
func (v *meView) addDays(page app.PersonalPage, w meWords) error {
	for _, date := range page.Event.Days() {
		long, err := v.day("date_long", date)
		if err != nil {
			return err
		}
		day := meDay{words: v.words, Date: string(date), Long: long}
		if w.form.Get("day") == day.Date && w.problem != "" && w.form.Get("window") == "" {
			day.From, day.To = w.form.Get("from"), w.form.Get("to")
		}
		v.Days = append(v.Days, day)
	}
	for _, x := range page.Windows {
		shown := meWindow{ID: x.ID, Revision: x.Revision, From: x.Start.Wall.Clock(), To: x.End.Wall.Clock()}
		date := x.Start.Wall.Date()
		if shown.To == "00:00" && x.End.Wall.Date() == date.AddDays(1) {
			shown.To = "24:00"
		} else if x.End.Wall.Date() != date {
			date = ""
		}
		if string(x.ID) == w.form.Get("window") && w.problem != "" {
			shown.From, shown.To = w.form.Get("from"), w.form.Get("to")
		}
		i := slices.IndexFunc(v.Days, func(d meDay) bool { return d.Date == string(date) })
		if i >= 0 {
			v.Days[i].Windows = append(v.Days[i].Windows, shown)
			continue
		}
		first, err := v.day("date_long", x.Start.Wall.Date())
		if err != nil {
			return err
		}
		last, err := v.day("date_long", x.End.Wall.Date())
		if err != nil {
			return err
		}
		shown.Odd = first + " " + x.Start.Wall.Clock() + " – " + last + " " + x.End.Wall.Clock()
		v.OddWindows = append(v.OddWindows, shown)
	}
	return nil
}

// mine says a time by the clock of the Person's own zone; "" where it shows the same, or none was chosen.
func (v *meView) mine(s *agenda.Slot) (string, error) {
	if s == nil || v.Mine == nil {
		return "", nil
	}
	from, to := agenda.MomentOf(v.Mine, s.Start.At), agenda.MomentOf(v.Mine, s.End.At)
	if from.Wall == s.Start.Wall {
		return "", nil
	}
	shift := ""
	var err error
	switch day := s.Start.Wall.Date(); {
	case from.Wall.Date() < day:
		shift, err = v.Say("me_day_before")
	case from.Wall.Date() > day:
		shift, err = v.Say("me_day_after")
	}
	if err != nil {
		return "", err
	}
	if shift != "" {
		shift = " (" + shift + ")"
	}
	said, err := v.Say("me_mine", "place", zonePlace(v.Mine.String()), "from", from.Wall.Clock(), "to", to.Wall.Clock())
	return said + shift, err
}
