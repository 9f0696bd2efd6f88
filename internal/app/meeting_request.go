package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// MeetingRequest is what one side asks the other for.
type MeetingRequest struct {
	// From and To are the two principals. With a personal link From is the Person of the link, whatever it says.
	From, To agenda.ID
	// Sides are whole delegations, in place of From and To, for organizers alone.
	Sides      [2]agenda.Delegation
	Topic      agenda.Text
	Minutes    int               // of the times that have no end
	Times      []TimeRequest     // one to [agenda.MaxMeetingTimes]
	Visibility agenda.Visibility // "": [agenda.VisibleToParticipants]
	Quorum     agenda.Quorum     // "": [agenda.QuorumPrincipals]
	Note       string            // to the other side
	Expires    *time.Time        // nil: as the Event's rules say
	// Beyond is why organizers ask although the asker waits for as many answers as the Event allows, for the history; "": they don't.
	Beyond string
}

// TimeRequest is a time that a side proposes, as [agenda.ParseMoment] reads it. Without an End it is as long as the request says.
type TimeRequest struct{ Start, End string }

// times resolves the times that are proposed: all faults at once.
func times(e agenda.Event, request []TimeRequest, minutes int, now time.Time) ([]agenda.MeetingTime, error) {
	var f agenda.Faults
	var list []agenda.MeetingTime
	if len(request) > agenda.MaxMeetingTimes {
		request = request[:agenda.MaxMeetingTimes+1] // one more is enough to be refused
	}
	zone := e.Location()
	for i, t := range request {
		at := "/times/" + strconv.Itoa(i)
		var slot agenda.Slot
		var err error
		switch {
		case t.End != "":
			slot, err = agenda.NewSlot(zone, "", t.Start, t.End)
		case minutes < agenda.MinMeetingMinutes || minutes > agenda.MaxMeetingMinutes:
			f.Add("/minutes", "is %d, but must be between %d and %d where a time has no end", minutes, agenda.MinMeetingMinutes, agenda.MaxMeetingMinutes)
			return nil, f.Err("request")
		default:
			var start agenda.Moment
			if start, err = agenda.ParseMoment(zone, t.Start); err != nil {
				f.Merge(at+"/start", err)
				continue
			}
			slot = agenda.Slot{Start: start, End: agenda.MomentOf(zone, start.At.Add(time.Duration(minutes)*time.Minute))}
		}
		f.Merge(at, err)
		list = append(list, agenda.MeetingTime{Start: slot.Start, End: slot.End})
	}
	if len(f) == 0 {
		f.Merge("", e.CheckProposal(list, now))
	}
	return list, f.Err("request")
}

// expiry gives when a request expires: when it asks to, or when the Event's rules say.
func expiry(rules agenda.MeetingRules, times []agenda.MeetingTime, asked *time.Time, now time.Time) (time.Time, error) {
	latest := rules.Expiry(times, now)
	if asked == nil {
		return latest, nil
	}
	var f agenda.Faults
	if !asked.After(now) {
		f.Add("/expires", "is in the past")
	} else if long := (agenda.MeetingRules{Hours: 90 * 24}).Expiry(times, now); asked.After(long) {
		f.Add("/expires", "is after the last of the times begins, or more than 90 days ahead")
	}
	return asked.UTC().Truncate(time.Millisecond), f.Err("request")
}

// RequestMeeting asks one side for a Meeting with another: a Person with their personal link for themselves, or an Actor who
// may edit Meetings on somebody's behalf. It holds nobody's time until a time is accepted. The error is Taken when the asker
// has as many requests without an answer as the Event allows, or one to the same Person. Who came with a personal link can ask
// those whom [App.Askable] gives; others are not there for them.
func (a *App) RequestMeeting(ctx context.Context, actor agenda.Actor, slug string, req MeetingRequest, o Once) (made MeetingResult, err error) {
	err = a.arrange(ctx, actor, slug, func(tx *store.Tx, e agenda.Event, own agenda.ID) error {
		id, replayed, err := a.once(tx, actor, o, func() (agenda.ID, error) { return a.requestMeeting(tx, actor, e, own, req) })
		if err != nil {
			return err
		}
		made.Replayed = replayed
		return made.loadFor(tx, actor, e, own, id)
	})
	if err != nil {
		return MeetingResult{}, err
	}
	return made, nil
}

func (a *App) requestMeeting(tx *store.Tx, actor agenda.Actor, e agenda.Event, own agenda.ID, req MeetingRequest) (agenda.ID, error) {
	rules, err := tx.MeetingRules(e.ID)
	if err != nil {
		return "", err
	}
	if own != "" && rules.Closed {
		return "", agenda.Errorf(agenda.Forbidden, "At this event the organizers arrange meetings: ask them.")
	}
	if own != "" {
		if err := a.mayAsk(tx, actor, e, req); err != nil {
			return "", err
		}
	}
	m, err := a.requested(tx, e, rules, own, req)
	if err != nil {
		return "", err
	}
	if beyond := agenda.CleanLine(req.Beyond); beyond != "" {
		rules.Open = 0
		if req.Note != "" {
			beyond = "\n" + beyond
		}
		req.Note += beyond
	}
	if err := mayRequest(tx, e, rules, m); err != nil {
		return "", err
	}
	step := agenda.MeetingStep{Party: partyOf(own, m), PersonID: own, Deed: agenda.DeedRequest, Note: agenda.CleanLine(req.Note)}
	if err := a.putMeeting(tx, actor, e, nil, m, step); err != nil {
		return "", err
	}
	return m.ID, a.note(tx, actor, e.ID, "meeting.request", m.ID, "asked for a meeting", changed(e, nil, m))
}

// requested makes the Meeting that is asked for: all faults at once.
func (a *App) requested(tx *store.Tx, e agenda.Event, rules agenda.MeetingRules, own agenda.ID, req MeetingRequest) (agenda.Meeting, error) {
	m := agenda.Meeting{ID: a.newID(), EventID: e.ID, UID: string(a.newID()) + "@plenary", Topic: req.Topic, Status: agenda.MeetingRequested,
		Visibility: req.Visibility, Quorum: req.Quorum, Turn: agenda.Asked, Revision: 1, Created: a.moment(), Updated: a.moment()}
	if m.Visibility == "" {
		m.Visibility = agenda.VisibleToParticipants
	}
	if m.Quorum == "" {
		m.Quorum = agenda.QuorumPrincipals
	}
	if own != "" {
		req.From, req.Sides = own, [2]agenda.Delegation{}
	}
	m.Sides = req.Sides
	whole := len(m.Sides[0].Delegates)+len(m.Sides[1].Delegates) > 0
	for i, person := range [2]agenda.ID{req.From, req.To} {
		if len(m.Sides[i].Delegates) == 0 {
			m.Sides[i].Delegates = []agenda.Delegate{{PersonID: person, Role: agenda.Principal, Answer: agenda.NeedsAction}}
		}
	}
	var f agenda.Faults
	agenda.CheckString(&f, "/note", req.Note, agenda.MaxProse)
	agenda.CheckString(&f, "/beyond", agenda.CleanLine(req.Beyond), agenda.MaxName)
	var err error
	m.Times, err = times(e, req.Times, req.Minutes, a.now())
	f.Merge("", err)
	if err == nil {
		m.Expires, err = expiry(rules, m.Times, req.Expires, a.moment())
		f.Merge("", err)
	}
	proposed := m.Times
	m.Times = nil // they are checked
	m, err = prepareMeeting(tx, e, m, nil)
	if m.Times = proposed; agenda.CodeOf(err) != agenda.Invalid && err != nil {
		return m, err
	}
	f.Merge("", err)
	if !whole { // the two are asked for by other names
		for i := range f {
			f[i].Pointer = principalPointers.Replace(f[i].Pointer)
		}
	}
	return m, f.Err("request")
}

// principalPointers are what the two principals are called in a MeetingRequest without whole delegations.
var principalPointers = strings.NewReplacer("/sides/0/delegates/0/person", "/from", "/sides/1/delegates/0/person", "/to")

// mayAsk says why a Person can't ask another one: to do so beyond a limit is for organizers, and whom they don't know of is not there
// for them.
func (a *App) mayAsk(tx *store.Tx, actor agenda.Actor, e agenda.Event, req MeetingRequest) error {
	if req.Beyond != "" {
		return agenda.Errorf(agenda.Forbidden, "Only the organizers ask for more than the event allows.")
	}
	if err := a.mayMeet(tx, actor, e, req.To); agenda.CodeOf(err) != agenda.NotFound {
		return err
	}
	var f agenda.Faults
	f.Add("/to", "is not a person of this event")
	return f.Err("request")
}

// ErrOpenLimit is in the error of a request beyond those that the Event allows to be without an answer at a time. With
// [MeetingRequest.Beyond] organizers ask all the same.
var ErrOpenLimit = errors.New("as many requests are open as the event allows")

// mayRequest says why the side that asks may not ask for one more Meeting.
func mayRequest(tx *store.Tx, e agenda.Event, rules agenda.MeetingRules, m agenda.Meeting) error {
	asker, asked := m.Sides[agenda.Asking].Principal(), m.Sides[agenda.Asked].Principal()
	meetings, err := tx.MeetingsOf(e.ID, asker)
	if err != nil {
		return err
	}
	open := 0
	for _, o := range meetings {
		if !o.Open() || len(o.Times) == 0 || o.Due(m.Created) {
			continue
		}
		if _, with := o.SideOf(asked); with && o.Sides[agenda.Asking].Principal() == asker {
			return agenda.Errorf(agenda.Taken, "The same two wait for an answer already: change that request, or withdraw it.")
		}
		if o.Sides[agenda.Asking].Principal() == asker {
			open++
		}
	}
	if rules.Open > 0 && open >= rules.Open {
		return agenda.Errorf(agenda.Taken, "This event allows %d requests without an answer at a time: wait, or withdraw one.: %w", rules.Open, ErrOpenLimit)
	}
	return nil
}

// RequestEdit is what the side that asked changes of its request. All of it is replaced.
type RequestEdit struct {
	Topic      agenda.Text
	Minutes    int
	Times      []TimeRequest
	Visibility agenda.Visibility
	Quorum     agenda.Quorum
	Note       string
	Expires    *time.Time
}

// over gives the request with what is said about it; its times are another matter.
func (r RequestEdit) over(m agenda.Meeting) agenda.Meeting {
	m.Topic = r.Topic
	if r.Visibility != "" {
		m.Visibility = r.Visibility
	}
	if r.Quorum != "" {
		m.Quorum = r.Quorum
	}
	m.Clean()
	return m
}

// EditRequest changes a request that nobody answered yet.
func (a *App) EditRequest(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, edit RequestEdit) (MeetingResult, error) {
	return a.onMeeting(ctx, actor, slug, match, id, edit.Note, func(c course) error {
		if c.own == "" {
			c.side = agenda.Asking
		}
		now := a.moment()
		list, err := times(c.event, edit.Times, edit.Minutes, now)
		var f agenda.Faults
		f.Merge("", err)
		var expires time.Time
		if err == nil {
			expires, err = expiry(c.rules, list, edit.Expires, now)
			f.Merge("", err)
		}
		edited := edit.over(c.old)
		f.Merge("", edited.Check())
		if err := f.Err("request"); err != nil {
			return err
		}
		m, err := edited.Edited(c.side, list, expires, now)
		if err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedEdit, "meeting.edit", "changed a request for a meeting")
	})
}

// WithdrawMeeting takes a request back that was not accepted: the Meeting is cancelled, by the side that asked.
func (a *App) WithdrawMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string) (MeetingResult, error) {
	return a.onMeeting(ctx, actor, slug, match, id, note, func(c course) error {
		if c.own == "" {
			c.side = agenda.Asking
		}
		m, err := c.old.Withdraw(c.side, a.now())
		if err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedWithdraw, "meeting.withdraw", "withdrew a request for a meeting")
	})
}

// MeetingProposal is how a side answers with other times.
type MeetingProposal struct {
	Minutes int // of the times that have no end
	Times   []TimeRequest
	Note    string // to the other side
}

// ProposeTimes answers with other times, which it is the other side's turn to answer then.
func (a *App) ProposeTimes(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, p MeetingProposal) (MeetingResult, error) {
	return a.onMeeting(ctx, actor, slug, match, id, p.Note, func(c course) error {
		list, err := times(c.event, p.Times, p.Minutes, a.now())
		if err != nil {
			return err
		}
		now := a.moment()
		m, err := c.old.Propose(c.side, list, c.rules.Expiry(list, now), now)
		if err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedPropose, "meeting.propose", "proposed other times for a meeting")
	})
}

// DeclineMeeting turns a request down.
func (a *App) DeclineMeeting(ctx context.Context, actor agenda.Actor, slug string, match Match, id agenda.ID, note string) (MeetingResult, error) {
	return a.onMeeting(ctx, actor, slug, match, id, note, func(c course) error {
		m, err := c.old.Decline(c.side, a.now())
		if err != nil {
			return err
		}
		return a.keepMeeting(c, m, agenda.DeedDecline, "meeting.decline", "declined a meeting")
	})
}

// fullDays gives the days on which the principals of a Meeting, which does not count itself, have as many as the Event allows.
func fullDays(tx *store.Tx, e agenda.Event, rules agenda.MeetingRules, principals []agenda.ID, without agenda.ID) (agenda.FullDays, error) {
	full := agenda.FullDays{Allowed: rules.PerDay, On: map[agenda.Date][]agenda.ID{}}
	if rules.PerDay == 0 {
		return full, nil
	}
	for _, person := range principals {
		meetings, err := tx.MeetingsOf(e.ID, person)
		if err != nil {
			return full, err
		}
		held := map[agenda.Date]int{}
		for _, m := range meetings {
			answer := m.AnswerOf(person)
			if m.ID == without || m.Slot == nil || m.Status != agenda.MeetingAccepted && m.Status != agenda.MeetingHeld ||
				answer == agenda.DeclinedIt || answer == agenda.Delegated {
				continue
			}
			if held[m.Slot.Day()]++; held[m.Slot.Day()] == rules.PerDay {
				full.On[m.Slot.Day()] = append(full.On[m.Slot.Day()], person)
			}
		}
	}
	return full, nil
}
