package agenda

import (
	"cmp"
	"time"
)

// MaxBuffer is the most minutes that anybody or anything may need before, after or between two items.
const MaxBuffer = 12 * 60

// The hours of Meetings where the Event says nothing of them.
const (
	MeetingsFrom  = "08:00"
	MeetingsUntil = "20:00"
)

// MeetingFrame are what an Event says of the times of its Meetings. They are for organizers, and never public.
type MeetingFrame struct {
	// From and Until are the hours in which Meetings are offered each day, by the Event's clock: "08:00". Until may be "24:00",
	// or earlier than From, which is the next day then. "": [MeetingsFrom], [MeetingsUntil].
	From, Until string
	Turnaround  int // minutes that a table needs between two items, unless it says otherwise
	WorkMinutes int // that an interpreter works at a stretch; 0: there is no limit
	RestMinutes int // that make a break for an interpreter; 0: any time at all
}

func (r MeetingFrame) check(f *Faults) {
	if r.From != "" && !isClock(r.From) {
		f.Add("/meeting_frame/from", "%q is not a time of day such as 08:00", clip(r.From))
	}
	if r.Until != "" && r.Until != "24:00" && !isClock(r.Until) {
		f.Add("/meeting_frame/until", "%q is not a time of day such as 20:00", clip(r.Until))
	}
	checkRange(f, "/meeting_frame/turnaround_minutes", r.Turnaround, 0, MaxBuffer)
	checkRange(f, "/meeting_frame/work_minutes", r.WorkMinutes, 0, 24*60)
	checkRange(f, "/meeting_frame/rest_minutes", r.RestMinutes, 0, MaxBuffer)
}

func isClock(s string) bool {
	at, err := time.Parse("15:04", s)
	return err == nil && at.Format("15:04") == s
}

// MeetingHours gives the hours of Meetings on the Event's day: from the first instant, to the last one, not included. An hour
// that the clock skips that day begins when it goes on; of one that it shows twice the first counts.
func (e Event) MeetingHours(day Date) (from, until time.Time) {
	open, shut := cmp.Or(e.Frame.From, MeetingsFrom), cmp.Or(e.Frame.Until, MeetingsUntil)
	last := day
	if shut == "24:00" {
		shut, last = "00:00", day.AddDays(1)
	} else if shut <= open {
		last = day.AddDays(1)
	}
	zone := e.Location()
	return instantAt(zone, day, open), instantAt(zone, last, shut)
}

// ParseFrom reads a time as [ParseMoment] does, by the Event's clock, or a day, from when it begins: at midnight, at the first of
// two, or when the clock goes on after it has skipped midnight.
func (e Event) ParseFrom(s string) (Moment, error) {
	day, err := ParseDate(s)
	if err != nil {
		return ParseMoment(e.Location(), s)
	}
	at := instantAt(e.Location(), day, "00:00")
	if at.IsZero() {
		return Moment{}, Errorf(Invalid, "%s is out of range", day)
	}
	return MomentOf(e.Location(), at), nil
}

// instantAt gives when a clock in the zone shows that, or when it goes on after it has skipped it; zero for no clock.
func instantAt(zone *time.Location, day Date, clock string) time.Time {
	for wall := (Wall(day) + "T" + Wall(clock) + ":00"); ; {
		if found := readings(zone, wall); len(found) > 0 {
			return found[0]
		}
		at, ok := wall.read()
		if !ok {
			return time.Time{}
		}
		wall = Wall(at.Add(time.Minute).Format(WallLayout))
	}
}
