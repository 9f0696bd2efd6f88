package app

import (
	"maps"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// open finds the Event, or creates it from what the file says.
func (i *importing) open() error {
	if err := i.readZone(); err != nil {
		return err
	}
	_, err := i.tx.EventBySlug(i.options.Slug)
	switch agenda.CodeOf(err) {
	case "":
		i.event, err = locked(i.tx, i.actor, agenda.EditEvent, i.options.Slug)
	case agenda.NotFound:
		if !agenda.May(i.actor, agenda.CreateEvents, "") { // the same as for an event that is not theirs to see
			if i.actor.Kind == agenda.Anonymous || i.actor.Kind == "" {
				return agenda.Authorize(i.actor, agenda.CreateEvents, "")
			}
			return err
		}
		i.done.Created = true
		var e agenda.Event
		if e, err = i.newEvent(); err == nil {
			i.event, _, err = i.a.createEvent(i.tx, i.actor, e, Once{})
		}
	}
	if err != nil {
		return err
	}
	if i.zone = i.event.Location(); i.fileZone == nil {
		i.fileZone = i.zone
	}
	i.source, err = i.tx.Source(i.event.ID, i.options.Source)
	if err != nil && agenda.CodeOf(err) != agenda.NotFound {
		return err
	}
	i.done.Again = err == nil
	switch {
	case i.options.Language != "":
		i.language = i.options.Language
	case slices.Contains(i.event.Languages, i.source.Language):
		i.language = i.source.Language
	default:
		i.language = i.event.Language()
	}
	if !slices.Contains(i.event.Languages, i.language) {
		var f agenda.Faults
		f.Add("/language", "is %q, but the event is in %s: add the language to the event first", i.language, strings.Join(i.event.Languages, ", "))
		return f.Err("import")
	}
	return nil
}

// readZone finds the zone of times that name none: the one that was asked for, or the file's own.
func (i *importing) readZone() (err error) {
	name := i.options.Zone
	if name == "" {
		name = i.programme.Zone
	}
	if name == "" {
		return nil
	}
	if i.fileZone, err = agenda.LoadZone(name); err != nil {
		var f agenda.Faults
		f.Merge("/zone", err)
		return f.Err("import")
	}
	return nil
}

// newEvent gives the Event that the file describes.
func (i *importing) newEvent() (agenda.Event, error) {
	p := i.programme
	e := agenda.Event{Slug: i.options.Slug, Languages: i.languages()}
	if i.fileZone == nil {
		return e, i.noZone()
	}
	e.Zone, i.zone, i.language = i.fileZone.String(), i.fileZone, e.Languages[0]
	if i.options.Language != "" {
		i.language = i.options.Language
	}
	e.Name = i.tagged(i.fit(0, "name of the event", oneLine(p.Name), agenda.MaxName))
	if len(e.Name) == 0 {
		e.Name = agenda.Text{i.language: inWords(i.options.Slug)}
	}
	if about := i.tagged(i.fit(0, "description of the event", p.Description, agenda.MaxProse)); !about.Equal(e.Name) {
		e.Description = about
	}
	if webAddress(p.Website) {
		e.Website = p.Website
	}
	e.StartDate, e.EndDate = i.dates()
	if e.StartDate == "" {
		return e, agenda.Errorf(agenda.Invalid, "Nothing in the file says on which days the event is: create the event first.")
	}
	return e, nil
}

// noZone is the error of a file that does not say where its event is.
func (i *importing) noZone() error {
	return &agenda.Error{Code: agenda.Invalid, Message: "The file does not say in which zone the event takes place.",
		Faults: []agenda.Fault{{Pointer: "/zone", Message: "is needed: the IANA time zone of the event, such as Asia/Ho_Chi_Minh"}}}
}

// languages gives those of an Event that is created: the one that was asked for first.
func (i *importing) languages() []string {
	var list []string
	add := func(tag string) {
		if tag != "" && !slices.Contains(list, tag) && len(list) < 40 {
			list = append(list, tag)
		}
	}
	add(i.options.Language)
	for _, tag := range i.programme.Languages {
		add(tag)
	}
	for _, tag := range slices.Sorted(maps.Keys(i.programme.Name)) {
		add(tag)
	}
	if len(list) == 0 {
		add("en")
	}
	return list
}

// dates gives the days of an Event that is created: those that the file names, stretched to hold what it has. What has a
// time that can't be right does not stretch them.
func (i *importing) dates() (first, last agenda.Date) {
	p := i.programme
	if _, err := agenda.ParseDate(string(p.Start)); err == nil {
		first = p.Start
		if last = p.End; last < first {
			last = first
		}
	}
	for _, item := range p.Items {
		m, ok := i.quietMoment(item.Start)
		if !ok {
			continue
		}
		day := m.Wall.Date()
		if first == "" {
			first, last = day, day
		}
		if early, late := min(first, day), max(last, day); early.AddDays(maxStretch) >= late {
			first, last = early, late
		}
	}
	return first, last
}

// maxStretch is how many days an Event can get from its entries.
const maxStretch = 60

// quietMoment gives when something is by the Event's clock, and says nothing about what is odd about it.
func (i *importing) quietMoment(w source.When) (agenda.Moment, bool) {
	at := w.At
	if w.Local {
		at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, i.fileZone)
	}
	if w.IsZero() || at.Year() < 1971 || at.Year() > 8998 {
		return agenda.Moment{}, false
	}
	return agenda.MomentOf(i.zone, at), true
}
