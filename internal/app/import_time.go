package app

import (
	"fmt"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// offsets collects times whose offset is not the zone's: where there is one, there are hundreds.
type offsets struct {
	count, line int
	first       string
}

// slot gives when and where the item is; nil when it can't be scheduled, which is said.
func (i *importing) slot(item source.Item, room agenda.ID) *agenda.Slot {
	title := named(textOf(item.Title))
	if item.Start.IsZero() || item.End.IsZero() {
		if !i.toldAlready(source.NoTime, item.Line, title) {
			i.warn(item.Line, source.NoTime, "%s has no time: it was taken without one.", title)
		}
		return nil
	}
	i.compareOffset(item)
	start, ok := i.moment(item.Line, title, item.Start)
	if !ok {
		return nil
	}
	end, ok := i.moment(item.Line, title, item.End)
	if !ok {
		return nil
	}
	switch length := end.At.Sub(start.At); {
	case length <= 0:
		i.warn(item.Line, source.EndBeforeStart, "%s does not end after it begins: it was taken without a time.", title)
		return nil
	case length > agenda.MaxPanelMinutes*time.Minute:
		i.warn(item.Line, source.BadTime, "%s is longer than %d hours: it was taken without a time.", title, agenda.MaxPanelMinutes/60)
		return nil
	}
	if day := start.Wall.Date(); day < i.event.StartDate || day > i.event.EndDate {
		i.warn(item.Line, source.DayContradicted, "%s is on %s, which is no day of the event.", title, day)
	}
	return &agenda.Slot{RoomID: room, Start: start, End: end}
}

// told gives what a source says of a time, with the zone in which it is read: in another one it says something else.
func (i *importing) told(w source.When) any {
	if !w.Local {
		return w
	}
	return struct {
		source.When
		Zone string
	}{w, i.fileZone.String()}
}

// moment gives a time of the file by the Event's clock.
func (i *importing) moment(line int, title string, w source.When) (agenda.Moment, bool) {
	if w.At.Year() < 1971 || w.At.Year() > 8998 {
		i.warn(line, source.BadTime, "%s is in the year %d, which can't be planned: it was taken without a time.", title, w.At.Year())
		return agenda.Moment{}, false
	}
	if !w.Local {
		return agenda.MomentOf(i.zone, w.At), true
	}
	wall := agenda.Wall(w.At.Format(agenda.WallLayout))
	first := false
	m, err := agenda.Resolve(i.fileZone, wall, &first)
	if err != nil {
		// The clock skips it: what was meant is as long after the jump as it says.
		m = agenda.MomentOf(i.fileZone, time.Date(w.At.Year(), w.At.Month(), w.At.Day(), w.At.Hour(), w.At.Minute(), w.At.Second(), 0, i.fileZone))
		i.warn(line, source.BadTime, "%s is at %s on %s, which the clock of %s skips: it was taken for %s.", title, wall.Clock(), wall.Date(), i.fileZone, m.Wall.Clock())
	} else if _, err := agenda.Resolve(i.fileZone, wall, nil); err != nil {
		i.warn(line, source.BadTime, "%s is at %s on %s, which happens twice in %s: the first was taken.", title, wall.Clock(), wall.Date(), i.fileZone)
	}
	if i.fileZone.String() == i.zone.String() {
		return m, true
	}
	return agenda.MomentOf(i.zone, m.At), true
}

// compareOffset notes an entry whose offset is not the zone's.
func (i *importing) compareOffset(item source.Item) {
	w := item.Start
	if _, offset := w.At.In(i.zone).Zone(); !w.Told || offset == w.Offset {
		return
	}
	if i.offsets.count++; i.offsets.count == 1 {
		i.offsets.line, i.offsets.first = item.Line, w.At.In(time.FixedZone("", w.Offset)).Format(time.RFC3339)
	}
}

// warnOffsets says once that offsets contradict the zone.
func (i *importing) warnOffsets() {
	if i.offsets.count == 0 {
		return
	}
	what := "An entry has an offset that is not the zone's"
	if i.offsets.count > 1 {
		what = fmt.Sprintf("%d entries have offsets that are not the zone's, the first", i.offsets.count)
	}
	i.warn(i.offsets.line, source.OffsetContradicted, "%s: %s, while the event is in %s. The offset was believed.", what, i.offsets.first, i.zone)
}
