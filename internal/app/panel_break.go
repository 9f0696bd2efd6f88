package app

import (
	"context"
	"regexp"
	"strconv"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// Breaks is a break of the whole Event, or another item that spans all rooms, at the same time of several days.
type Breaks struct {
	Format agenda.Format
	Title  agenda.Text
	Days   []agenda.Date
	Start  string // "12:00" by the Event's clock
	End    string // later on the same day
}

var clockPattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// AddBreaks adds one Panel that spans all rooms for each of the days: all or none.
func (a *App) AddBreaks(ctx context.Context, actor agenda.Actor, slug string, b Breaks) ([]PanelResult, error) {
	var made []PanelResult
	err := a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		made = nil
		if err := b.check(); err != nil {
			return err
		}
		var panels []agenda.Panel
		var f agenda.Faults
		for i, day := range b.Days {
			slot := &SlotRequest{Start: string(day) + "T" + b.Start, End: string(day) + "T" + b.End}
			if _, err := agenda.NewSlot(e.Location(), "", slot.Start, slot.End); err != nil {
				f.Merge("/days/"+strconv.Itoa(i), err) // the clock skips or repeats that time on that day
				continue
			}
			p, err := a.insertPanel(tx, actor, e, agenda.Panel{Format: b.Format, Title: b.Title.Clone(), AllRooms: true}, slot)
			if err != nil {
				return err
			}
			panels = append(panels, p)
		}
		if err := f.Err("request"); err != nil {
			return err
		}
		if err := holdPanels(tx, e, panels...); err != nil {
			return err
		}
		for _, p := range panels {
			var r PanelResult
			if err := r.load(tx, actor, e, p.ID); err != nil {
				return err
			}
			made = append(made, r)
		}
		return nil
	})
	return made, err
}

// check says all that is wrong with what is asked for, whatever the Event.
func (b Breaks) check() error {
	var f agenda.Faults
	for _, at := range []struct{ pointer, clock string }{{"/start", b.Start}, {"/end", b.End}} {
		if !clockPattern.MatchString(at.clock) {
			f.Add(at.pointer, "is not a time of the day, such as 12:30")
		}
	}
	if len(f) == 0 && b.End <= b.Start {
		f.Add("/end", "is not after the start")
	}
	if len(b.Days) == 0 {
		f.Add("/days", "needs at least one day")
	}
	if len(b.Days) > agenda.MaxEventDay {
		f.Add("/days", "has %d days, at most %d fit", len(b.Days), agenda.MaxEventDay)
	}
	seen := map[agenda.Date]bool{}
	for i, day := range b.Days {
		at := "/days/" + strconv.Itoa(i)
		if _, err := agenda.ParseDate(string(day)); err != nil {
			f.Merge(at, err)
		} else if seen[day] {
			f.Add(at, "is in the list a second time")
		}
		seen[day] = true
	}
	return f.Err("request")
}
