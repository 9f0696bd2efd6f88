package agenda

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// minutesOfDay is where a day ends on the clock, in minutes from its midnight.
const minutesOfDay = 24 * 60

// Minutes gives what the clock shows as whole minutes from midnight.
func (w Wall) Minutes() int {
	if len(w) < len("2006-01-02T15:04") {
		return 0
	}
	hours, _ := strconv.Atoi(string(w[11:13])) // a Wall that is not zero was read
	minutes, _ := strconv.Atoi(string(w[14:16]))
	return hours*60 + minutes
}

// Minutes gives where the Slot stands on its day by the Event's clock: whole minutes from that day's midnight to the start,
// and from there to the end, which may be on a later day. It is what the clock shows and not what a stopwatch would: they
// differ when summer time begins or ends in between. Only where the clock shows no time between does the stopwatch count.
func (s Slot) Minutes() (start, length int) {
	start = s.Start.Wall.Minutes()
	return start, clockLength(s.Start.Wall, s.End.Wall, s.End.At.Sub(s.Start.At))
}

// clockLength gives the whole minutes from one reading of the clock to another, and elapsed when it was turned back by more.
func clockLength(from, to Wall, elapsed time.Duration) int {
	a, err1 := time.Parse(DateLayout, string(from.Date()))
	b, err2 := time.Parse(DateLayout, string(to.Date()))
	length := 0
	if err1 == nil && err2 == nil {
		length = int(b.Sub(a)/time.Minute) + to.Minutes() - from.Minutes()
	}
	if length <= 0 {
		length = int(elapsed / time.Minute)
	}
	return max(1, length)
}

// DayPart is a part of an interval that lies on one day of a clock, in whole minutes from that day's midnight: from Start, for
// Length. It ends at 24:00 at the latest.
type DayPart struct {
	Day           Date
	Start, Length int
}

// DayParts cuts an interval at the midnights of the zone. What is shorter than a minute is left out.
func DayParts(zone *time.Location, start, end time.Time) []DayPart {
	var parts []DayPart
	for start.Before(end) && len(parts) < MaxEventDay+2 {
		midnight := nextMidnight(zone, start)
		from, to := Wall(start.In(zone).Format(WallLayout)), Wall(end.In(zone).Format(WallLayout))
		part := DayPart{Day: from.Date(), Start: from.Minutes()}
		if end.Before(midnight) {
			part.Length = min(clockLength(from, to, end.Sub(start)), minutesOfDay-part.Start)
		} else {
			part.Length = minutesOfDay - part.Start
		}
		if end.Sub(start) >= time.Minute {
			parts = append(parts, part)
		}
		start = midnight
	}
	return parts
}

// nextMidnight gives when the next day begins in the zone: where the clock is put forward at midnight, an hour later on it.
func nextMidnight(zone *time.Location, at time.Time) time.Time {
	local := at.In(zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, zone)
	if midnight.Day() == local.Day() { // time.Date took the offset from after the change
		_, midnight = midnight.ZoneBounds()
	}
	return midnight
}

// DayBounds gives when the first of those days begins in the zone, and when the last one ends.
func DayBounds(zone *time.Location, first, last Date) (from, to time.Time) {
	begin := func(d Date) time.Time {
		noon, err := time.ParseInLocation(DateLayout+" 15", string(d)+" 12", zone)
		if err != nil {
			return time.Time{}
		}
		return nextMidnight(zone, noon)
	}
	return begin(first.AddDays(-1)).UTC(), begin(last).UTC()
}

// Shut gives when those who have windows can't be used between two instants, by Resource and time. Who has none can
// always be used, and is not told of.
func Shut(windows []Availability, from, to time.Time) []Hold {
	open := map[Resource][]span{}
	for _, w := range windows {
		open[w.Resource] = append(open[w.Resource], span{w.Start.At.UnixMicro(), w.End.At.UnixMicro()})
	}
	var shut []Hold
	for resource, spans := range open {
		at := span{from.UnixMicro(), to.UnixMicro()}
		for _, w := range append(union(spans), span{at.end, at.end}) {
			if end := min(w.start, at.end); end > at.start {
				shut = append(shut, Hold{Resource: resource, Start: time.UnixMicro(at.start).UTC(), End: time.UnixMicro(end).UTC()})
			}
			at.start = max(at.start, w.end)
		}
	}
	sortHolds(shut)
	return shut
}

// Merge gives the time that is held at all, by Resource and time: what touches or overlaps becomes one, so that nobody can
// tell of how many appointments it is made.
func Merge(holds []Hold) []Hold {
	taken := map[Resource][]span{}
	for _, h := range holds {
		taken[h.Resource] = append(taken[h.Resource], span{h.Start.UnixMicro(), h.End.UnixMicro()})
	}
	var merged []Hold
	for resource, spans := range taken {
		for _, s := range union(spans) {
			merged = append(merged, Hold{Resource: resource, Start: time.UnixMicro(s.start).UTC(), End: time.UnixMicro(s.end).UTC()})
		}
	}
	sortHolds(merged)
	return merged
}

func sortHolds(holds []Hold) {
	slices.SortFunc(holds, func(a, b Hold) int {
		return cmp.Or(cmp.Compare(a.Resource.Kind, b.Resource.Kind), cmp.Compare(a.Resource.ID, b.Resource.ID), a.Start.Compare(b.Start))
	})
}
