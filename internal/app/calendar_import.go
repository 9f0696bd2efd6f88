package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/store"
)

// CalendarOptions say how a calendar becomes part of an Event.
type CalendarOptions struct {
	Slug string
	// Zone is that of an Event that is created; "": the one in which most entries are told, or else what the file
	// suggests.
	Zone string
	// Language is that of the calendar's texts; "": the Event's first, and English for one that is created.
	Language string
	// DryRun does everything and keeps nothing.
	DryRun bool
	// Progress is told how many of the entries are done; nil: nobody is.
	Progress func(done, total int64)
}

// CalendarImport is what an import did, or would do.
type CalendarImport struct {
	Event                              agenda.Event
	Created                            bool
	Added, Updated, Unchanged, Skipped int            // entries
	Rooms, Tracks, People              []string       // names of those that are new
	Warnings                           []ical.Warning // by line; those of the calendar too
}

// changed says whether anything is other than before.
func (r *CalendarImport) changed() bool {
	return r.Created || r.Added+r.Updated+len(r.Rooms)+len(r.Tracks)+len(r.People) > 0
}

// MaxCalendarEntries is how many entries of a calendar can be imported at once.
const MaxCalendarEntries = 10_000

// errDryRun takes back what a dry run did.
var errDryRun = errors.New("app: dry run")

// ImportCalendar adds the entries of a calendar to the draft of the Event of that slug, which is created from the file
// if it is not there. An entry is known again by its UID: a second import changes what differs and nothing else. Only
// what an entry says is taken from it, and nothing is deleted: what is in the Event and not in the file stays.
//
// All of it is done, or nothing.
func (a *App) ImportCalendar(ctx context.Context, actor agenda.Actor, c ical.Calendar, o CalendarOptions) (CalendarImport, error) {
	var report CalendarImport
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		report = CalendarImport{Warnings: slices.Clone(c.Warnings)}
		i := &calendarIntake{a: a, tx: tx, actor: actor, options: o, report: &report}
		if err := i.run(c); err != nil {
			return err
		}
		if o.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return CalendarImport{}, err
	}
	slices.SortStableFunc(report.Warnings, func(a, b ical.Warning) int { return a.Line - b.Line })
	return report, nil
}

// calendarIntake is a calendar on its way into an Event.
type calendarIntake struct {
	a        *App
	tx       *store.Tx
	actor    agenda.Actor
	options  CalendarOptions
	report   *CalendarImport
	event    agenda.Event
	language string

	panels    map[string]agenda.Panel // those that the Event had, by UID
	rooms     names
	tracks    names
	people    names
	placeless bool // no entry names a place
}

func (i *calendarIntake) run(c ical.Calendar) error {
	if len(c.Entries) > MaxCalendarEntries {
		return agenda.Errorf(agenda.Invalid, "The calendar has %d entries, at most %d can be imported.", len(c.Entries), MaxCalendarEntries)
	}
	if err := i.open(c); err != nil {
		return err
	}
	draft, err := draftOf(i.tx, i.event)
	if err != nil {
		return err
	}
	i.index(draft)
	uids, err := i.identities(c.Entries)
	if err != nil {
		return err
	}
	if err := i.checkSpans(c.Entries, uids); err != nil {
		return err
	}
	var changed []agenda.Panel
	for n, e := range c.Entries {
		if i.options.Progress != nil {
			i.options.Progress(int64(n), int64(len(c.Entries)))
		}
		p, err := i.take(e, uids[n])
		if err != nil {
			return entryError(e, err)
		}
		if p != nil {
			changed = append(changed, *p)
		}
	}
	return i.close(changed)
}

// close renews whose time is taken, and leaves an Activity if there is something to tell.
func (i *calendarIntake) close(changed []agenda.Panel) error {
	if len(i.report.Rooms) > 0 {
		if err := refreshAllRooms(i.tx, i.event); err != nil {
			return err
		}
	}
	if err := holdPanels(i.tx, i.event, changed...); err != nil {
		return err
	}
	i.report.Event = i.event
	if !i.report.changed() {
		return nil
	}
	return i.a.note(i.tx, i.actor, i.event.ID, "event.import", i.event.ID, fmt.Sprintf("imported a calendar into the event %q (panels added: %d, updated: %d)",
		english(i.event.Name), i.report.Added, i.report.Updated))
}

// entryError says which entry an error is about.
func entryError(e ical.Entry, err error) error {
	var told *agenda.Error
	if !errors.As(err, &told) || told.Code != agenda.Invalid {
		return err
	}
	return &agenda.Error{Code: agenda.Invalid, Faults: told.Faults, Message: fmt.Sprintf("The entry %s of line %d can't be taken: nothing was imported.", named(e), e.Line)}
}

// named is how messages name an entry.
func named(e ical.Entry) string { return fmt.Sprintf("%q", cut(oneSpace(e.Summary), 60)) }

func (i *calendarIntake) warn(line int, format string, args ...any) {
	i.report.Warnings = append(i.report.Warnings, ical.Warning{Line: line, Text: fmt.Sprintf(format, args...)})
}

// open finds the Event, or creates it from what the calendar says.
func (i *calendarIntake) open(c ical.Calendar) error {
	_, err := i.tx.EventBySlug(i.options.Slug)
	switch agenda.CodeOf(err) {
	case "":
		i.event, err = locked(i.tx, i.actor, i.options.Slug)
	case agenda.NotFound:
		i.report.Created = true
		var e agenda.Event
		if e, err = i.newEvent(c); err == nil {
			i.event, _, err = i.a.createEvent(i.tx, i.actor, e, Once{})
		}
	}
	if err != nil {
		return err
	}
	if i.language = i.options.Language; i.language == "" {
		i.language = i.event.Language()
	}
	if !slices.Contains(i.event.Languages, i.language) {
		var f agenda.Faults
		f.Add("/language", "is %q, but the event is in %s: add the language to the event first", i.language, strings.Join(i.event.Languages, ", "))
		return f.Err("import")
	}
	return nil
}

// newEvent gives the Event that the calendar describes.
func (i *calendarIntake) newEvent(c ical.Calendar) (agenda.Event, error) {
	language := i.options.Language
	if language == "" {
		language = "en"
	}
	e := agenda.Event{Slug: i.options.Slug, Languages: []string{language}}
	name := cut(oneSpace(c.Name), agenda.MaxName)
	if name == "" {
		name = inWords(i.options.Slug)
	}
	e.Name = agenda.Text{language: name}
	if about := cut(c.Description, agenda.MaxProse); oneSpace(about) != name {
		e.Description = agenda.Text{language: about}
	}
	var err error
	if e.Zone, err = i.zone(c); err != nil {
		return e, err
	}
	zone, err := agenda.LoadZone(e.Zone)
	if err != nil {
		var f agenda.Faults
		f.Merge("/zone", err)
		return e, f.Err("zone")
	}
	if e.StartDate, e.EndDate = days(c.Entries, zone); e.StartDate == "" {
		return e, agenda.Errorf(agenda.Invalid, "No entry of the calendar says when it is, so the event would have no dates: create the event first.")
	}
	return e, nil
}

// zone gives the zone of an Event that is created. UTC is where programs keep times, not where people meet.
func (i *calendarIntake) zone(c ical.Calendar) (string, error) {
	if i.options.Zone != "" {
		return i.options.Zone, nil
	}
	told, most := map[string]int{}, ""
	for _, e := range c.Entries {
		if e.Zone == "" || e.Zone == "UTC" || e.Zone == "Etc/UTC" {
			continue
		}
		if told[e.Zone]++; most == "" || told[e.Zone] > told[most] {
			most = e.Zone
		}
	}
	if most != "" {
		return most, nil
	}
	if c.Zone != "" {
		return c.Zone, nil
	}
	return "", &agenda.Error{Code: agenda.Invalid, Message: "The calendar does not say in which zone the event takes place: its times are in UTC, or in zones that have no name.",
		Faults: []agenda.Fault{{Pointer: "/zone", Message: "is needed: the IANA time zone of the event, such as Asia/Ho_Chi_Minh"}}}
}

// days gives the first and the last day on which an entry begins that can be scheduled; where there is none, the days of
// those that have any.
func days(entries []ical.Entry, zone *time.Location) (first, last agenda.Date) {
	for _, strict := range []bool{true, false} {
		for _, e := range entries {
			if e.Start.IsZero() || strict && unusable(e) != "" {
				continue
			}
			from, to := wholeDays(e)
			if !e.AllDay {
				from = agenda.MomentOf(zone, e.Start).Wall.Date()
				to = from
			}
			if first == "" || from < first {
				first = from
			}
			last = max(last, to)
		}
		if first != "" {
			break
		}
	}
	return first, last
}

// wholeDays gives the first and the last day of an all-day entry.
func wholeDays(e ical.Entry) (first, last agenda.Date) {
	first = agenda.Date(e.Start.Format(agenda.DateLayout))
	return first, max(first, agenda.Date(e.End.AddDate(0, 0, -1).Format(agenda.DateLayout)))
}

// inWords gives a slug as a name: "rails-conf-2017" is "Rails conf 2017".
func inWords(slug string) string {
	words := []rune(strings.ReplaceAll(slug, "-", " "))
	if len(words) > 0 {
		words[0] = unicode.ToUpper(words[0])
	}
	return string(words)
}

// oneSpace gives a text as one line.
func oneSpace(s string) string { return strings.Join(strings.Fields(agenda.CleanLine(s)), " ") }

// cut gives at most so many characters of a text, and shows when there were more.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return strings.TrimSpace(string(runes[:limit-1])) + "…"
}
