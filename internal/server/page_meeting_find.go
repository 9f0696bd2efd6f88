package server

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// slotsView finds a time for people, or for a Meeting.
type slotsView struct {
	*eventConsole
	Back    consoleLink
	Filters []*formField
	Lists   []formList
	Kept    []choice
	Meeting agenda.ID // for which times are looked for; "": for people
	Called  said      // what the Meeting is called
	Propose string    // where the chosen times are sent
	Rev     int
	Minutes int
	Asked   bool
	Offers  []offerOf
	At      *offerOf // of the time that was asked about
	Reasons []string // why it is not possible
	Some    bool     // not all times of each day are shown
	Full    []string // of days on which there is no more to be
	Past    bool     // all that is looked at has gone by
}

// offerOf is an Offer in words.
type offerOf struct {
	*words
	Value, When, Room, Interpreters string
	Make                            string // address of the form of a Meeting then
}

// askedPeople is for how many people there are fields.
const askedPeople = 4

func (s *Server) findMeetingPage(c echo.Context, v *eventConsole) error {
	d, err := s.meetingDesk(c, v)
	if err != nil {
		return err
	}
	p := &slotsView{eventConsole: v, Meeting: agenda.ID(plain(c.QueryParam("meeting"))), Minutes: usualMinutes, Lists: []formList{{ID: "people", Options: d.people.labels}}}
	if err := p.ofMeeting(c.Request().Context(), s, d); err != nil {
		return err
	}
	wish, err := p.wish(c.QueryParams(), d)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if p.Asked && v.Problem == "" {
		found, err := s.app.FindSlots(c.Request().Context(), v.actor, v.Event.Slug, wish)
		switch agenda.CodeOf(err) {
		case "":
			err = p.tell(d, found, wish, s.now())
		case agenda.Invalid:
			status = http.StatusUnprocessableEntity
			v.Problem, err = v.Say("find_wrong")
		}
		if err != nil {
			return err
		}
	}
	return answerOnce(c, status, "console_find", p, p.reader)
}

// wish reads what is looked for, and adds the fields in which it is asked.
func (p *slotsView) wish(q url.Values, d *meetingDesk) (wish app.SlotWish, err error) {
	if err := p.name("find_title"); err != nil {
		return wish, err
	}
	p.Back.URL = p.Here + "meetings" + p.reader.query
	if p.Back.Label, err = p.Say("console_meetings"); err != nil {
		return wish, err
	}
	form := formPage{eventConsole: p.eventConsole}
	wish.Meeting, p.Asked = p.Meeting, p.Meeting != ""
	if p.Meeting != "" {
		p.Back.URL = p.Here + "meetings/" + string(p.Meeting) + p.reader.query
		p.Kept = append(p.Kept, choice{Value: "meeting", Label: string(p.Meeting)})
	} else if err := p.people(q, d, &form, &wish); err != nil {
		return wish, err
	}
	if n, err := strconv.Atoi(q.Get("minutes")); err == nil {
		p.Minutes = n
	}
	wish.Minutes = p.Minutes
	any, err := p.Say("find_any_day")
	if err != nil {
		return wish, err
	}
	day := agenda.Date(plain(q.Get("day")))
	days, err := p.dayChoices(any, day)
	if err != nil {
		return wish, err
	}
	if wish.Start, wish.End = string(day), string(day); day == "" {
		wish.PerDay, p.Some = offersADay, true
	}
	at := clockTyped(plain(q.Get("at")))
	form.line("minutes", "find_minutes", numberField, strconv.Itoa(p.Minutes)).Begins = true
	form.choose("day", "find_day", string(day), days)
	form.line("at", "find_at", clockField, at)
	if at != "" && day != "" {
		wish.At = string(day) + "T" + at
	}
	p.Filters = form.Fields
	return wish, nil
}

// people reads for whom a time is looked for.
func (p *slotsView) people(q url.Values, d *meetingDesk, form *formPage, wish *app.SlotWish) error {
	for n := 1; n <= askedPeople; n++ {
		name := "p" + strconv.Itoa(n)
		typed := plain(q.Get(name))
		f := form.line(name, "find_person", lineField, typed)
		f.List = "people"
		label, err := p.Say("find_person", "n", n)
		if err != nil {
			return err
		}
		if f.Label = label; strings.TrimSpace(typed) == "" {
			continue
		}
		p.Asked = true
		id, fault := d.people.find(typed)
		if fault != "" && p.Problem == "" {
			if p.Problem, err = p.Say("find_unknown", "name", typed); err != nil {
				return err
			}
		}
		wish.People = append(wish.People, id)
	}
	return nil
}

// ofMeeting adds what follows from the Meeting for which times are looked for.
func (p *slotsView) ofMeeting(ctx context.Context, s *Server, d *meetingDesk) error {
	if p.Meeting == "" {
		return nil
	}
	r, err := s.app.Meeting(ctx, p.actor, p.Event.Slug, p.Meeting)
	if err != nil {
		return err
	}
	p.Called = d.title(r.Meeting)
	if length := int(r.Meeting.Length() / time.Minute); length > 0 {
		p.Minutes = length
	}
	if p.Rev = r.Meeting.Revision; agenda.May(p.actor, agenda.EditMeetings, p.Event.ID) && r.Meeting.Open() && len(r.Meeting.Times) > 0 {
		p.Propose = p.Here + "meetings/" + string(p.Meeting) + "/answer" + p.reader.query
	}
	return nil
}

// tell says what was found.
func (p *slotsView) tell(d *meetingDesk, found app.Slots, wish app.SlotWish, now time.Time) error {
	_, until := p.Event.MeetingHours(cmp.Or(agenda.Date(wish.Start), p.Event.EndDate))
	p.Past = !until.After(now)
	teller := d.teller()
	for _, day := range p.Event.Days() {
		for _, id := range found.Wanted.Full.On[day] {
			said, err := teller.full(day, id, found.Wanted.Full.Allowed)
			if err != nil {
				return err
			}
			p.Full = append(p.Full, said)
		}
	}
	for _, o := range found.Offers {
		shown, err := p.offerOf(found, o, wish)
		if err != nil {
			return err
		}
		p.Offers = append(p.Offers, shown)
	}
	if found.At != nil {
		shown, err := p.offerOf(found, *found.At, wish)
		if err != nil {
			return err
		}
		p.At = &shown
	}
	for _, r := range found.Reasons {
		said, err := teller.reason(p.Event, r)
		if err != nil {
			return err
		}
		p.Reasons = append(p.Reasons, said)
	}
	return nil
}

func (p *slotsView) offerOf(found app.Slots, o agenda.Offer, wish app.SlotWish) (shown offerOf, err error) {
	shown = offerOf{words: p.words, Value: momentText(o.Slot.Start), Room: p.reader.pick(p.Event.Language(), found.Rooms[o.Slot.RoomID].Name).Text}
	if shown.When, err = p.when(&o.Slot); err != nil {
		return shown, err
	}
	var names []string
	for _, id := range o.Interpreters {
		names = append(names, found.Names[id])
	}
	if len(names) > 0 {
		if shown.Interpreters, err = p.Say("find_interpreters", "names", strings.Join(names, p.said["list"])); err != nil {
			return shown, err
		}
	}
	if p.Meeting == "" && agenda.May(p.actor, agenda.EditMeetings, p.Event.ID) {
		pairs := []string{"day", string(o.Slot.Day()), "start", o.Slot.Start.Wall.Clock(), "minutes", strconv.Itoa(found.Wanted.Minutes), "room", string(o.Slot.RoomID)}
		for i, id := range slices.Concat(wish.People, o.Interpreters) {
			pairs = append(pairs, "p"+strconv.Itoa(i), string(id))
		}
		shown.Make = p.Here + "meetings/new" + p.with(append(pairs, "interpreters", strconv.Itoa(len(o.Interpreters)))...)
	}
	return shown, nil
}

// foundSheet is the form of a Meeting as the finder makes it, or a free time of a room: the first person asks the second, others come
// along, and at the end those who interpret.
func (d *meetingDesk) foundSheet(c echo.Context) meetingSheet {
	s := meetingSheet{Meeting: agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants}}
	if c.QueryParam("start") == "" {
		s.Status = agenda.MeetingRequested
		return s
	}
	s.slot.day, s.slot.start, s.slot.minutes, s.slot.room = plain(c.QueryParam("day")), plain(c.QueryParam("start")), plain(c.QueryParam("minutes")), plain(c.QueryParam("room"))
	var people []string
	for i := 0; c.QueryParam("p"+strconv.Itoa(i)) != "" && i < 2*askedPeople; i++ {
		people = append(people, d.people.label(agenda.ID(plain(c.QueryParam("p"+strconv.Itoa(i))))))
	}
	interpreters, _ := strconv.Atoi(c.QueryParam("interpreters"))
	for i, label := range people {
		role := agenda.DelegateMember
		switch {
		case i < 2:
			role = agenda.Principal
		case i >= len(people)-interpreters:
			role = agenda.DelegateInterpreter
		}
		s.sides[i%2] = append(s.sides[i%2], partSheet{label, string(role), string(agenda.NeedsAction)})
	}
	return s
}
