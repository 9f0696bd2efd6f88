package server

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// meetMinutes are how long a Meeting can be that people ask for.
var meetMinutes = []int{15, 30, 45, 60}

const usualMinutes = 30

// timesForm asks for up to five times: those that are offered, to be ticked, and others, to be typed.
type timesForm struct {
	*words
	Minutes []choice
	Length  int
	Offers  []offerDay
	Full    []string // of days on which there is no more to be
	Typed   []timeRow
	Most    int
	Zone    string // a sentence
	Look    bool   // times of another length can be asked for
}

// offerDay are the offered times of a day.
type offerDay struct {
	*words
	Long  string
	Times []offerTime
}

// offerTime is a time that can be ticked.
type offerTime struct {
	Value, Clock, Local string
	Ticked              bool
}

// timeRow is a time that is typed.
type timeRow struct {
	*words
	N     int
	Days  []choice
	Clock string
}

// typedTimes is how many times can be typed beside those that are offered.
const typedTimes = 2

// timesSent gives the times of a form: those that were ticked, and those that were typed.
func timesSent(form url.Values) (list []app.TimeRequest, minutes int, err error) {
	minutes, err = strconv.Atoi(form.Get("minutes"))
	if err != nil {
		return nil, 0, agenda.Errorf(agenda.Invalid, "The form does not say how long.")
	}
	for _, start := range form["time"] {
		list = append(list, app.TimeRequest{Start: start})
	}
	typed, _ := typedSent(form)
	return append(list, typed...), minutes, nil
}

// typedSent gives the times that were typed, and the rows in which they stand.
func typedSent(form url.Values) (list []app.TimeRequest, rows []int) {
	for n := 1; n <= agenda.MaxMeetingTimes; n++ {
		day, clock := form.Get("day"+strconv.Itoa(n)), clockTyped(form.Get("clock"+strconv.Itoa(n)))
		if strings.TrimSpace(clock) != "" {
			list, rows = append(list, app.TimeRequest{Start: day + "T" + clock}), append(rows, n)
		}
	}
	return list, rows
}

// offersADay is how many times are offered of a day.
const offersADay = 12

// offer fills the form of times with those at which all who are needed are free, and with those that were sent, or are proposed
// already.
func (s *Server) offer(v visiting, m *meetView, page app.PersonalPage, wish app.OwnWish, w meWords) error {
	if !slices.Contains(meetMinutes, m.Form.Length) && (m.Form.Length < agenda.MinMeetingMinutes || m.Form.Length > agenda.MaxMeetingMinutes) {
		m.Form.Length = usualMinutes
	}
	wish.Minutes, wish.PerDay = m.Form.Length, offersADay
	found, err := s.app.FindOwnSlots(v.Request().Context(), v.actor, wish)
	if err != nil && agenda.CodeOf(err) != agenda.NotFound { // who is gone has no times
		return err
	}
	for _, day := range found.Full {
		long, err := m.day("date_long", day)
		if err != nil {
			return err
		}
		said, err := m.Say("me_meet_day_full", "day", long)
		if err != nil {
			return err
		}
		m.Form.Full = append(m.Form.Full, said)
	}
	return m.fillTimes(page.Event, found.Times, w.form, m.had)
}

// fillTimes fills the form for a Meeting of its length.
func (v *meetView) fillTimes(e agenda.Event, offers []agenda.Slot, sent url.Values, had []agenda.MeetingTime) error {
	f, minutes := v.Form, v.Form.Length
	f.Look = v.Ask != nil
	lengths := meetMinutes
	if !slices.Contains(lengths, minutes) {
		lengths = append(slices.Clone(lengths), minutes)
	}
	for _, n := range lengths {
		label, err := v.Say("me_meet_minutes", "n", n)
		if err != nil {
			return err
		}
		f.Minutes = append(f.Minutes, choice{Value: strconv.Itoa(n), Label: label, Chosen: n == minutes})
	}
	ticked := slices.Clone(sent["time"])
	for _, t := range had {
		slot := t.Slot("")
		if sent == nil {
			ticked = append(ticked, momentText(t.Start))
		}
		if !slices.ContainsFunc(offers, func(o agenda.Slot) bool { return o.Start.At.Equal(slot.Start.At) }) {
			offers = append(offers, slot)
		}
	}
	slices.SortStableFunc(offers, func(a, b agenda.Slot) int { return a.Start.At.Compare(b.Start.At) })
	for _, o := range offers {
		if err := f.offer(v, o, ticked); err != nil {
			return err
		}
	}
	return f.rows(e, sent, typedTimes)
}

func (f *timesForm) offer(v *meetView, o agenda.Slot, ticked []string) (err error) {
	if n := len(f.Offers); n == 0 || f.Offers[n-1].Times[0].Value[:len(agenda.DateLayout)] != string(o.Day()) {
		long, err := v.day("date_long", o.Day())
		if err != nil {
			return err
		}
		f.Offers = append(f.Offers, offerDay{words: v.words, Long: long})
	}
	day := &f.Offers[len(f.Offers)-1]
	shown := offerTime{Value: momentText(o.Start), Clock: o.Start.Wall.Clock() + "–" + clockAfter(o)}
	shown.Ticked = slices.Contains(ticked, shown.Value)
	shown.Local, err = v.mine(&o)
	day.Times = append(day.Times, shown)
	return err
}

// rows adds as many rows in which times are typed.
func (f *timesForm) rows(e agenda.Event, sent url.Values, most int) error {
	for n := 1; n <= most; n++ {
		row := timeRow{words: f.words, N: n, Clock: sent.Get("clock" + strconv.Itoa(n))}
		for _, date := range e.Days() {
			label, err := f.day("date_short", date)
			if err != nil {
				return err
			}
			row.Days = append(row.Days, choice{Value: string(date), Label: label, Chosen: sent.Get("day"+strconv.Itoa(n)) == string(date)})
		}
		f.Typed = append(f.Typed, row)
	}
	return nil
}
