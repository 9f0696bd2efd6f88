package exchange

import (
	"fmt"
	"time"

	"plenary/internal/agenda"
)

const (
	// scheduleTime is the layout of instants: with the offset, and "+00:00" for none, as the other programs that write
	// the format have it.
	scheduleTime = "2006-01-02T15:04:05-07:00"

	// dayBreak is when days begin: apps take what starts earlier for a part of the night before. The format has no
	// element to say another time, and this is the one that Giggity takes then.
	dayBreak = 6 // o'clock

	// longestEvent is the longest duration that all apps can read: Giggity takes it for a time of day.
	longestEvent = 23*time.Hour + 59*time.Minute
)

// times gives the day that a Slot belongs to, its start, and its end as it is told and as it is, all by the clock of the
// Event and to the minute, which is as precise as the formats are. What goes on when the day is over is told to end
// with it: Giggity hides what crosses the end of a day.
func (p *scheduler) times(s agenda.Slot) (day agenda.Date, from, told, end time.Time) {
	from, end = minute(s.Start.At.In(p.zone)), minute(s.End.At.In(p.zone))
	day = agenda.Date(from.Format(agenda.DateLayout))
	if from.Hour() < dayBreak {
		day = day.AddDays(-1)
	}
	told = end
	for _, limit := range []time.Time{p.dayBegin(day.AddDays(1)), from.Add(longestEvent)} {
		if limit.Before(told) {
			told = limit
		}
	}
	if least := from.Add(time.Minute); told.Before(least) {
		told = least
	}
	return day, from, told, end
}

// dayBegin gives the instant at which a day begins.
func (p *scheduler) dayBegin(d agenda.Date) time.Time {
	wanted, first := agenda.Wall(fmt.Sprintf("%sT%02d:00:00", d, dayBreak)), false
	if m, err := agenda.Resolve(p.zone, wanted, &first); err == nil {
		return m.At.In(p.zone)
	}
	// The clock skips the time, and Go gives one before or after the gap: the day begins when the clock goes on.
	t, _ := time.ParseInLocation(agenda.WallLayout, string(wanted), p.zone)
	before, after := t.ZoneBounds()
	switch shown := t.Format(agenda.WallLayout); {
	case shown < string(wanted) && !after.IsZero():
		return after
	case shown > string(wanted) && !before.IsZero():
		return before
	}
	return t
}

// minute gives the time without its seconds.
func minute(t time.Time) time.Time {
	return t.Add(-time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
}

func hoursMinutes(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}

// scheduleVersion changes with each Release.
func scheduleVersion(r agenda.Release) string {
	return fmt.Sprintf("%d (%s)", r.Number, r.Published.In(r.Snapshot.Event.Location()).Format(agenda.DateLayout))
}
