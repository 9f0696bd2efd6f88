package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMeetingLife adds what organizers do about a Meeting in its life, on behalf of the side whose turn it is.
func (s *Server) routeMeetingLife() {
	s.console(agenda.ReadMeetings, "/meetings/find", s.findMeetingPage)
	s.console(agenda.EditMeetings, "/meetings/:meeting/answer", s.answerMeeting, http.MethodPost)
}

// meetingLife is how a Meeting stands, and what organizers can do about it.
type meetingLife struct {
	*words
	Action   string
	Revision int
	State    string
	Expires  string
	Turn     string // on behalf of whom they answer
	Loose    string // that it is not firm, and why
	Times    []lifeTime
	Rooms    []choice
	Deeds    []choice // what else can be done, beside accepting a time
	Find     string   // address of the page that finds times for it, "" where it does not help
	Said     []lifeSaid
	Steps    []meetStep
	Problem  string
}

// lifeSaid is what a delegate says besides their answer.
type lifeSaid struct{ Name, Answer, Note string }

// lifeTime is a time that was proposed.
type lifeTime struct {
	*words
	N          int
	When, Room string
	Free, Past bool
	Why        []string // it is not free
	Despite    []string // keys of what it collides with
}

// life adds how the Meeting stands.
func (s *Server) life(ctx context.Context, d *meetingDesk, v *meetingView, r app.MeetingResult) error {
	now, m := s.now(), r.Meeting
	l := &meetingLife{words: d.words, Revision: m.Revision, Action: d.Here + "meetings/" + string(m.ID) + "/answer" + d.reader.query}
	_, offered, err := s.app.OfferedTimes(ctx, d.actor, d.Event.Slug, m.ID)
	if err != nil {
		return err
	}
	steps, err := s.app.MeetingHistory(ctx, d.actor, d.Event.Slug, m.ID)
	if err != nil {
		return err
	}
	if err := l.state(d, m, now); err != nil {
		return err
	}
	if err := l.loose(r); err != nil {
		return err
	}
	if agenda.May(d.actor, agenda.EditMeetings, d.Event.ID) {
		if err := l.deeds(d, m, now); err != nil {
			return err
		}
	}
	for i, t := range offered {
		if err := l.time(d, i, t, now); err != nil {
			return err
		}
	}
	base := &meetView{meView: &meView{view: view{words: d.words}}}
	for _, step := range slices.Backward(steps) {
		if err := base.addStep(d.Event, step); err != nil {
			return err
		}
	}
	l.Steps = base.Steps
	v.Life = l
	return l.says(d, m, agenda.LastAnswers(steps))
}

// says adds what delegates say besides their answers.
func (l *meetingLife) says(d *meetingDesk, m agenda.Meeting, last map[agenda.ID]agenda.MeetingStep) error {
	for _, side := range m.Sides {
		for _, delegate := range side.Delegates {
			note, err := l.besides(last[delegate.PersonID])
			if err != nil {
				return err
			}
			answer, err := l.Say("meetings_answer_" + string(delegate.Answer))
			if err != nil {
				return err
			}
			if note != "" {
				l.Said = append(l.Said, lifeSaid{d.people.label(delegate.PersonID), answer, note})
			}
		}
	}
	return nil
}

// besides says what a delegate wrote besides their answer, "" for nothing.
func (w *words) besides(last agenda.MeetingStep) (string, error) {
	if last.Deed != agenda.DeedCounter {
		return last.Note, nil
	}
	return w.Say("meetings_counter", "what", last.Note)
}

// state says whose turn it is and how long there is time.
func (l *meetingLife) state(d *meetingDesk, m agenda.Meeting, now time.Time) (err error) {
	if l.State, err = l.Say("meetings_status_" + string(m.Status)); err != nil || !m.Open() || len(m.Times) == 0 {
		return err
	}
	if l.Turn, err = l.Say("meetings_turn", "side", d.side(m.Sides[m.Turn])); err != nil || m.Expires.IsZero() {
		return err
	}
	l.Expires, err = l.expires(d.Event, m.Expires, now)
	return err
}

// loose says that a Meeting is not firm, and whether something still stands against it.
func (l *meetingLife) loose(r app.MeetingResult) (err error) {
	switch {
	case !r.Meeting.Loose():
	case len(r.Against) > 0:
		l.Loose, err = l.Say("meetings_loose")
	default:
		l.Loose, err = l.Say("meetings_loose_still")
	}
	return err
}

// deeds are what can be done as the Meeting stands now.
func (l *meetingLife) deeds(d *meetingDesk, m agenda.Meeting, now time.Time) error {
	var can []string
	if m.Open() && len(m.Times) > 0 && !m.Due(now) {
		can = append(can, "decline", "withdraw")
		l.Find = d.Here + "meetings/find" + d.with("meeting", string(m.ID))
		nowhere, err := l.Say("meetings_best_room")
		if err != nil {
			return err
		}
		l.Rooms = namedChoices(d.eventConsole, nowhere, d.rooms, namedRoom)
	}
	if _, err := m.Hold(now); err == nil {
		can = append(can, "hold")
	}
	if _, err := m.Cancel(); err == nil {
		can = append(can, "cancel")
	}
	for _, deed := range can {
		label, err := l.Say("meetings_do_" + deed)
		if err != nil {
			return err
		}
		l.Deeds = append(l.Deeds, choice{Value: deed, Label: label})
	}
	return nil
}

func (l *meetingLife) time(d *meetingDesk, n int, t app.OfferedTime, now time.Time) (err error) {
	slot := t.Slot("")
	shown := lifeTime{words: l.words, N: n, Free: t.Free, Past: !t.Start.At.After(now)}
	if shown.When, err = l.when(&slot); err != nil {
		return err
	}
	if i := slices.IndexFunc(d.rooms, func(r agenda.Room) bool { return r.ID == t.Room }); i >= 0 && t.Free {
		shown.Room = d.reader.pick(d.Event.Language(), d.rooms[i].Name).Text
	}
	teller := d.teller()
	if t.Seats > 0 {
		said, err := teller.reason(d.Event, agenda.Reason{Kind: agenda.NoRoomFree, Start: t.Start.At, End: t.End.At, Minutes: t.Seats})
		if err != nil {
			return err
		}
		shown.Why = append(shown.Why, said)
	}
	for _, c := range t.Conflicts {
		said, err := teller.sentence(c)
		if err != nil {
			return err
		}
		shown.Why, shown.Despite = append(shown.Why, said), append(shown.Despite, c.Key)
	}
	l.Times = append(l.Times, shown)
	return nil
}

// answerMeeting does what a form says of a Meeting, and leads back to its page.
func (s *Server) answerMeeting(c echo.Context, v *eventConsole) error {
	ctx, slug, id, match, note := c.Request().Context(), v.Event.Slug, agenda.ID(c.Param("meeting")), matchSent(c), typed(c, "note")
	var err error
	switch sent(c, "do") {
	case "decline":
		_, err = s.app.DeclineMeeting(ctx, v.actor, slug, match, id, note)
	case "withdraw":
		_, err = s.app.WithdrawMeeting(ctx, v.actor, slug, match, id, note)
	case "hold":
		_, err = s.app.HoldMeeting(ctx, v.actor, slug, match, id, note)
	case "cancel":
		_, err = s.app.CancelMeeting(ctx, v.actor, slug, match, id, note)
	case "propose":
		var list []app.TimeRequest
		var minutes int
		if list, minutes, err = timesSent(c.Request().PostForm); err == nil {
			_, err = s.app.ProposeTimes(ctx, v.actor, slug, match, id, app.MeetingProposal{Minutes: minutes, Times: list, Note: note})
		}
	default:
		err = s.acceptFor(c, v, id)
	}
	if err != nil {
		return s.refuseAnswer(c, v, id, err)
	}
	return s.leadTo(c, v, "meetings/"+string(id), "answered")
}

// acceptFor accepts a time, despite what it collides with where that is ticked.
func (s *Server) acceptFor(c echo.Context, v *eventConsole, id agenda.ID) error {
	which, err := strconv.Atoi(sent(c, "time"))
	if err != nil {
		return agenda.Errorf(agenda.Invalid, "No time was chosen.")
	}
	a := app.MeetingAnswer{Time: which, Room: agenda.ID(typed(c, "room")), Note: typed(c, "note"), Reason: typed(c, "reason")}
	if sent(c, "despite") == yes {
		a.Despite = c.Request().PostForm["conflict"]
	}
	_, err = s.app.AcceptTime(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), id, a)
	return err
}

// refuseAnswer shows the Meeting as it stands, and says why something was not possible.
func (s *Server) refuseAnswer(c echo.Context, v *eventConsole, id agenda.ID, cause error) error {
	key := map[agenda.Code]string{agenda.Invalid: "meetings_answer_wrong", agenda.Taken: "meetings_answer_taken", agenda.Stale: "me_meet_stale"}[agenda.CodeOf(cause)]
	if key == "" {
		return cause
	}
	var err error
	if v.Problem, err = v.Say(key); err != nil {
		return err
	}
	p, err := s.meetingViewOf(c, v, id)
	if err != nil {
		return err
	}
	return answerOnce(c, statuses[agenda.CodeOf(cause)], "console_meeting", p, p.reader)
}
