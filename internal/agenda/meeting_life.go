package agenda

import (
	"fmt"
	"slices"
	"time"
)

// Quorum says who of a Meeting must be free for it, besides the interpreters.
type Quorum string

// The quorums.
const (
	QuorumPrincipals Quorum = "principals" // the two principals; the others come if they can
	QuorumEverybody  Quorum = "everybody"
)

// Quorums lists them.
var Quorums = []Quorum{QuorumPrincipals, QuorumEverybody}

// The sides of a Meeting.
const (
	Asking = 0
	Asked  = 1
)

// MeetingTime is a time that a side proposes, the half-open interval [Start, End).
type MeetingTime struct {
	Side  int // that proposes it
	Start Moment
	End   Moment
}

// Slot gives the time as a Slot in that Room.
func (t MeetingTime) Slot(room ID) Slot { return Slot{RoomID: room, Start: t.Start, End: t.End} }

// Limits on the times that a side proposes.
const (
	MaxMeetingTimes   = 5 // at once
	MinMeetingMinutes = 5
	MaxMeetingMinutes = 8 * 60
)

func checkTimes(f *Faults, pointer string, times []MeetingTime) {
	if len(times) > MaxMeetingTimes {
		f.Add(pointer, "has %d times, at most %d can be proposed", len(times), MaxMeetingTimes)
	}
	for i, t := range times {
		at := index(pointer, i)
		switch length := t.End.At.Sub(t.Start.At); {
		case length < MinMeetingMinutes*time.Minute:
			f.Add(at+"/end", "is less than %d minutes after the start", MinMeetingMinutes)
		case length > MaxMeetingMinutes*time.Minute:
			f.Add(at+"/end", "is more than %d hours after the start", MaxMeetingMinutes/60)
		}
		if t.Side != Asking && t.Side != Asked {
			f.Add(at+"/side", "is neither of the two sides")
		}
		if slices.ContainsFunc(times[:i], func(o MeetingTime) bool { return o.Start.At.Equal(t.Start.At) && o.End.At.Equal(t.End.At) }) {
			f.Add(at, "is in the list a second time")
		}
	}
}

// CheckProposal says everything that is wrong with times that are proposed for a Meeting of the Event now, at once.
func (e Event) CheckProposal(times []MeetingTime, now time.Time) error {
	var f Faults
	if len(times) == 0 {
		f.Add("/times", "needs a time, and can have up to %d", MaxMeetingTimes)
	}
	checkTimes(&f, "/times", times)
	for i, t := range times {
		at := index("/times", i)
		if day := t.Start.Wall.Date(); day < e.StartDate || day > e.EndDate {
			f.Add(at+"/start", "is on none of the event's days")
		} else if !t.Start.At.After(now) {
			f.Add(at+"/start", "is in the past")
		}
	}
	return f.Err("proposal")
}

// MeetingRules are what the organizers of an Event decided of the Meetings that people ask for.
type MeetingRules struct {
	Closed   bool // people can't ask themselves; organizers can on their behalf
	Hours    int  // after which what nobody answers expires
	Open     int  // requests that one Person can have without an answer at a time; 0: any number
	PerDay   int  // Meetings that one Person can have agreed on for a day; 0: any number
	Halls    bool // halls are taken too when no table is free; where there are no tables they are anyway
	Revision int
	Updated  time.Time // zero: never
}

// Hours after which a request expires.
const (
	defaultMeetingHours = 72
	maxMeetingHours     = 90 * 24
)

// DefaultMeetingRules are those of an Event whose organizers decided nothing.
func DefaultMeetingRules() MeetingRules { return MeetingRules{Hours: defaultMeetingHours, Revision: 1} }

// Check says everything that is wrong with the MeetingRules at once.
func (r MeetingRules) Check() error {
	var f Faults
	checkRange(&f, "/answer_hours", r.Hours, 1, maxMeetingHours)
	checkRange(&f, "/open_requests", r.Open, 0, 1000)
	checkRange(&f, "/accepted_per_day", r.PerDay, 0, 1000)
	return f.Err("rules for meetings")
}

// RoomKind gives the kind of Rooms in which Meetings take place that people ask for: tables, or "" for all Rooms where halls are
// taken too, or the Event has no table.
func (r MeetingRules) RoomKind(rooms []Room) RoomKind {
	if !r.Halls && slices.ContainsFunc(rooms, func(room Room) bool { return room.Kind == RoomTable }) {
		return RoomTable
	}
	return ""
}

// DayFull is the Conflict of a Meeting at that time with how many of them a Person can have on a day.
func (r MeetingRules) DayFull(p Person, m Meeting) Conflict {
	day := m.Slot.Day()
	return Conflict{Key: string(DayFull) + "/person:" + string(p.ID) + "/" + string(day), Kind: DayFull, Severity: DayFull.Severity(), Persons: []ID{p.ID},
		Items: []ItemRef{m.Item().ItemRef}, Start: m.Slot.Start.At, End: m.Slot.End.At, Minutes: r.PerDay,
		Message: fmt.Sprintf("%s has as many meetings on %s as the event allows, %d: choose another day, or accept it all the same.", p.Name, day, r.PerDay)}
}

// Expiry gives when what is proposed now expires: as the MeetingRules say, at most when the last of the times begins.
func (r MeetingRules) Expiry(times []MeetingTime, now time.Time) time.Time {
	expires := now.Add(time.Duration(r.Hours) * time.Hour)
	var last time.Time
	for _, t := range times {
		if t.Start.At.After(last) {
			last = t.Start.At
		}
	}
	if !last.IsZero() && last.Before(expires) {
		return last
	}
	return expires
}

// Comes says whether the delegate is expected.
func (d Delegate) Comes() bool { return d.Answer != DeclinedIt && d.Answer != Delegated }

// needs says whether the Meeting can't take place without the delegate being free.
func (m Meeting) needs(d Delegate) bool {
	return d.Comes() && (d.Role == Principal || d.Role == DelegateInterpreter || m.Quorum == QuorumEverybody)
}

// Needed gives who must be free for the Meeting.
func (m Meeting) Needed() (people []ID) {
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if m.needs(d) {
				people = append(people, d.PersonID)
			}
		}
	}
	return people
}

// Length gives how long the Meeting is: as agreed on, or as the first of the times that are proposed; 0 where neither is known.
func (m Meeting) Length() time.Duration {
	switch {
	case m.Slot != nil:
		return m.Slot.End.At.Sub(m.Slot.Start.At)
	case len(m.Times) > 0:
		return m.Times[0].End.At.Sub(m.Times[0].Start.At)
	}
	return 0
}

// Seats gives how many delegates are expected.
func (m Meeting) Seats() int {
	seats := 0
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if d.Comes() {
				seats++
			}
		}
	}
	return seats
}

// At gives the Meeting as it would be accepted for the time and the Room: firm, with the two principals coming.
func (m Meeting) At(slot Slot) Meeting {
	m.Slot, m.Status, m.Firm, m.Expires = &slot, MeetingAccepted, true, time.Time{}
	for i := range m.Sides {
		m.Sides[i].Delegates = answeredBy(m.Sides[i].Delegates, m.Sides[i].Principal(), Accepted)
	}
	return m
}

// Loose says whether the Meeting is agreed on, and is not firm.
func (m Meeting) Loose() bool { return m.Status == MeetingAccepted && m.Slot != nil && !m.Firm }

// With gives the Meeting with one more delegate on the side that asks.
func (m Meeting) With(d Delegate) Meeting {
	m.Sides[Asking].Delegates = append(slices.Clone(m.Sides[Asking].Delegates), d)
	return m
}

// NeededItem gives what the rules know of the Meeting as far as it must not clash: without those who come only if they can.
func (m Meeting) NeededItem() Item {
	m.Firm = true
	item := m.Item()
	item.Holds = slices.DeleteFunc(item.Holds, func(h Hold) bool { return !h.Firm })
	return item
}

// Open says whether the Meeting waits for an answer.
func (m Meeting) Open() bool { return m.Status == MeetingRequested || m.Status == MeetingProposed }

// Due says whether the Meeting waits for an answer that did not come in time.
func (m Meeting) Due(now time.Time) bool {
	return m.Open() && !m.Expires.IsZero() && !m.Expires.After(now)
}

// SideOf gives the side whose principal the Person is, and whether they are one: that is who answers for it.
func (m Meeting) SideOf(person ID) (side int, ok bool) {
	for side := range m.Sides {
		if person != "" && m.Sides[side].Principal() == person {
			return side, true
		}
	}
	return 0, false
}

// waits is nil while the Meeting waits for an answer.
func (m Meeting) waits(now time.Time) error {
	switch {
	case m.Due(now) || m.Status == MeetingExpired:
		return Errorf(Taken, "This request has expired: nobody answered it in time.")
	case m.Status == MeetingAccepted || m.Status == MeetingHeld:
		return Errorf(Taken, "This meeting is agreed on already.")
	case m.Status == MeetingDeclined:
		return Errorf(Taken, "This request was declined.")
	case m.Status == MeetingCancelled:
		return Errorf(Taken, "This meeting was called off.")
	}
	return nil
}

// Edited gives the request with what its asker changed of it, as long as nobody answered.
func (m Meeting) Edited(side int, times []MeetingTime, expires, now time.Time) (Meeting, error) {
	if err := m.waits(now); err != nil {
		return m, err
	}
	if side != Asking {
		return m, Errorf(Forbidden, "Only the side that asked can change the request.")
	}
	if m.Status != MeetingRequested {
		return m, Errorf(Taken, "The other side has answered with other times: accept one of them, or answer with others.")
	}
	m.Times, m.Turn, m.Expires = by(Asking, times), Asked, expires
	return m, nil
}

// Propose gives the Meeting with other times, from the side that has to answer.
func (m Meeting) Propose(side int, times []MeetingTime, expires, now time.Time) (Meeting, error) {
	if err := m.turnOf(side, now); err != nil {
		return m, err
	}
	m.Status, m.Times, m.Turn, m.Expires = MeetingProposed, by(side, times), 1-side, expires
	return m, nil
}

// Accept gives the Meeting at one of the times that the other side proposed, from the side that has to answer.
func (m Meeting) Accept(side, which int, room ID, now time.Time) (Meeting, error) {
	if err := m.turnOf(side, now); err != nil {
		return m, err
	}
	var f Faults
	if which < 0 || which >= len(m.Times) {
		f.Add("/time", "is %d, but %d times were proposed, counted from 0", which, len(m.Times))
	} else if !m.Times[which].Start.At.After(now) {
		f.Add("/time", "is one that has gone by")
	}
	if len(f) > 0 {
		return m, f.Err("answer")
	}
	return m.At(m.Times[which].Slot(room)), nil
}

// Decline gives the Meeting as a side turns it down: the one that has to answer, or the one that was asked and thinks better
// of what it proposed.
func (m Meeting) Decline(side int, now time.Time) (Meeting, error) {
	if err := m.waits(now); err != nil {
		return m, err
	}
	if side != m.Turn && side != Asked {
		return m, Errorf(Taken, "It is the other side's turn to answer. A request can be withdrawn.")
	}
	m.Status, m.Expires = MeetingDeclined, time.Time{}
	m.Sides[side].Delegates = answeredBy(m.Sides[side].Delegates, m.Sides[side].Principal(), DeclinedIt)
	return m, nil
}

// Withdraw gives the Meeting as the side that asked takes its request back.
func (m Meeting) Withdraw(side int, now time.Time) (Meeting, error) {
	if err := m.waits(now); err != nil {
		return m, err
	}
	if side != Asking {
		return m, Errorf(Forbidden, "Only the side that asked can withdraw the request. The other one can decline.")
	}
	m.Status, m.Expires = MeetingCancelled, time.Time{}
	return m, nil
}

// Expire gives the Meeting as it ends when nobody answered in time, and whether it does.
func (m Meeting) Expire(now time.Time) (Meeting, bool) {
	if !m.Due(now) {
		return m, false
	}
	m.Status, m.Expires = MeetingExpired, time.Time{}
	return m, true
}

// Hold gives the Meeting as one that took place, from when it begins.
func (m Meeting) Hold(now time.Time) (Meeting, error) {
	switch {
	case m.Status == MeetingHeld:
		return m, Errorf(Taken, "This meeting was held already.")
	case m.Status != MeetingAccepted || m.Slot == nil:
		return m, Errorf(Taken, "Only a meeting that was agreed on, and has a time, can have been held.")
	case m.Slot.Start.At.After(now):
		return m, Errorf(Taken, "This meeting has not begun yet.")
	}
	m.Status = MeetingHeld
	return m, nil
}

// Cancel gives the Meeting as organizers call it off.
func (m Meeting) Cancel() (Meeting, error) {
	switch {
	case m.Status == MeetingHeld:
		return m, Errorf(Taken, "This meeting has taken place.")
	case !m.Stands():
		return m, Errorf(Taken, "This meeting does not take place anyway.")
	}
	m.Status, m.Expires = MeetingCancelled, time.Time{}
	return m, nil
}

func (m Meeting) turnOf(side int, now time.Time) error {
	if err := m.waits(now); err != nil {
		return err
	}
	if side != m.Turn {
		return Errorf(Taken, "It is the other side's turn to answer.")
	}
	return nil
}

// by gives the times as a side's.
func by(side int, times []MeetingTime) []MeetingTime {
	times = slices.Clone(times)
	for i := range times {
		times[i].Side = side
	}
	return times
}

// answeredBy gives the delegates with the Person's answer.
func answeredBy(delegates []Delegate, person ID, answer Answer) []Delegate {
	list := slices.Clone(delegates)
	for i := range list {
		if list[i].PersonID == person {
			list[i].Answer = answer
		}
	}
	return list
}
