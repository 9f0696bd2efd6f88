package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/ical"
)

// vevent is an entry of 12 May 2026 in Hà Nội, with more or other lines.
func vevent(uid, title, start, end string, lines ...string) string {
	const zone = ";TZID=Asia/Ho_Chi_Minh:20260512T"
	return strings.Join(append([]string{"BEGIN:VEVENT", "UID:" + uid, "SUMMARY:" + title, "DTSTART" + zone + start + "00", "DTEND" + zone + end + "00"},
		append(lines, "END:VEVENT")...), "\n") + "\n"
}

// calendar reads entries between the lines of a calendar.
func calendar(t *testing.T, events ...string) ical.Calendar {
	t.Helper()
	c, err := ical.Read(strings.NewReader("BEGIN:VCALENDAR\nX-WR-CALNAME:Forum 2026\n"+strings.Join(events, "")+"END:VCALENDAR\n"), ical.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w world) importCalendar(t *testing.T, o app.CalendarOptions, events ...string) app.CalendarImport {
	t.Helper()
	r, err := w.ImportCalendar(context.Background(), operator, calendar(t, events...), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counts says what an import did.
func counts(r app.CalendarImport) string {
	return fmt.Sprintf("%d added, %d updated, %d unchanged, %d skipped; %d rooms, %d tracks, %d people", r.Added, r.Updated, r.Unchanged, r.Skipped,
		len(r.Rooms), len(r.Tracks), len(r.People))
}

func wantCounts(t *testing.T, r app.CalendarImport, want string) {
	t.Helper()
	if got := counts(r); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// warned gives the warnings of an import.
func warned(r app.CalendarImport) []string {
	var list []string
	for _, w := range r.Warnings {
		list = append(list, fmt.Sprintf("%d: %s", w.Line, w.Text))
	}
	return list
}

// outline gives the draft's Panels as lines, by start.
func (w world) outline(t *testing.T, slug string) []string {
	t.Helper()
	b := must[[]agenda.Panel](t)(w.panels(slug))
	rooms, _, err := w.Rooms(context.Background(), operator, slug, app.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	names := map[agenda.ID]string{}
	for _, r := range rooms {
		names[r.ID] = r.Name["en"]
	}
	var lines []string
	for _, p := range b {
		line := p.Title["en"]
		if p.Slot != nil {
			line += fmt.Sprintf(" %s–%s %s", p.Slot.Start.Wall.Clock(), p.Slot.End.Wall.Clock(), names[p.Slot.RoomID])
		}
		if p.AllRooms {
			line += "(all rooms)"
		}
		if p.Cancelled {
			line += " cancelled"
		}
		lines = append(lines, fmt.Sprintf("%s r%d", line, p.Revision))
	}
	return lines
}

func (w world) panels(slug string) ([]agenda.Panel, error) {
	_, panels, _, err := w.Panels(context.Background(), operator, slug, app.PanelFilter{}, app.Page{Limit: 100})
	return panels, err
}

var programme = []string{
	vevent("a@x", "Opening", "0900", "0930", "LOCATION:Hall  A", "CATEGORIES:Data,AI", "DESCRIPTION:Welcome.", "URL:https://x.example/a",
		"ATTENDEE;CN=Ann Lee;ROLE=CHAIR:mailto:ann@secret.example", "ATTENDEE;CN=Bob:invalid:x", "ATTENDEE:mailto:z@secret.example"),
	vevent("b@x", "Talk", "1000", "1100", "LOCATION:Hall A", "CATEGORIES:Data", "ATTENDEE;CN=Bob:invalid:x", "DESCRIPTION:See https://x.example/b.", "URL:https://x.example/b"),
	vevent("c@x", "Other talk", "1000", "1100", "LOCATION:Hall B", "STATUS:CANCELLED"),
	vevent("d@x", "Lunch", "1200", "1300"),
}

func TestImportCalendar(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		r := w.importCalendar(t, app.CalendarOptions{Slug: "forum-2026"}, programme...)
		wantCounts(t, r, "4 added, 0 updated, 0 unchanged, 0 skipped; 2 rooms, 1 tracks, 2 people")
		want := agenda.Event{ID: r.Event.ID, Slug: "forum-2026", Name: agenda.Text{"en": "Forum 2026"}, Zone: "Asia/Ho_Chi_Minh", StartDate: "2026-05-12",
			EndDate: "2026-05-12", Languages: []string{"en"}}
		if diff := cmp.Diff(want, r.Event, cmpopts.IgnoreFields(agenda.Event{}, "Revision", "Created", "Updated")); diff != "" || !r.Created {
			t.Error(diff)
		}
		lines := []string{"Opening 09:00–09:30 Hall A r1", "Talk 10:00–11:00 Hall A r1", "Other talk 10:00–11:00 Hall B cancelled r1", "Lunch 12:00–13:00 (all rooms) r1"}
		if diff := cmp.Diff(lines, w.outline(t, "forum-2026")); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{`35: "Lunch" names no place (LOCATION): it spans all rooms.`}, warned(r)); diff != "" {
			t.Error(diff)
		}
		w.wantOpening(t)
		again := w.importCalendar(t, app.CalendarOptions{Slug: "forum-2026"}, programme...)
		wantCounts(t, again, "0 added, 0 updated, 4 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
		if diff := cmp.Diff(lines, w.outline(t, "forum-2026")); diff != "" || again.Created || len(again.Warnings) > 0 {
			t.Errorf("the second import changed something: %s%v", diff, again.Warnings)
		}
		if _, err := w.Publish(context.Background(), operator, "forum-2026", nil, nil, app.Once{}); err != nil {
			t.Error(err)
		}
	})
}

func (w world) wantOpening(t *testing.T) {
	t.Helper()
	opening := must[[]agenda.Panel](t)(w.panels("forum-2026"))[0]
	if opening.UID != "a@x" || opening.TrackID == "" || opening.Abstract["en"] != "Welcome.\n\nhttps://x.example/a" || opening.Format != agenda.FormatTalk {
		t.Errorf("the opening is %+v", opening)
	}
	roles := []agenda.Role{opening.Speakers[0].Role, opening.Speakers[1].Role}
	if diff := cmp.Diff([]agenda.Role{agenda.Chair, agenda.Presenter}, roles); diff != "" || opening.Speakers[0].Status != agenda.Confirmed {
		t.Error(diff, opening.Speakers)
	}
	if talk := must[[]agenda.Panel](t)(w.panels("forum-2026"))[1]; talk.Abstract["en"] != "See https://x.example/b." {
		t.Errorf("the talk's abstract is %q", talk.Abstract["en"])
	}
	people, _, err := w.People(context.Background(), operator, "forum-2026", app.PersonFilter{}, app.Page{Limit: 10})
	if err != nil || len(people) != 2 || strings.Contains(fmt.Sprintf("%+v", people), "secret") {
		t.Errorf("%v: %+v", err, people)
	}
}

// A newer file changes what differs. What the file does not say, and what it says nothing of, stays.
func TestImportCalendarAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		o := app.CalendarOptions{Slug: "forum-2026"}
		first := w.importCalendar(t, o, programme...)
		before := must[[]agenda.Panel](t)(w.panels(o.Slug))
		w.edit(t, o.Slug, before[0], func(p *agenda.Panel) { p.Title["vi"], p.Speakers[1].Role = "Khai mạc", agenda.Moderator })
		if _, _, err := w.CreateRoom(ctx, operator, o.Slug, agenda.Room{Name: agenda.Text{"en": "Garden", "vi": "Vườn"}, Kind: agenda.RoomHall, Position: 7}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		r := w.importCalendar(t, o,
			vevent("a@x", "Grand opening", "0900", "0930", "LOCATION:Hall A", "ATTENDEE;CN=Bob:x:y", "ATTENDEE;CN=Cy:x:y"), // renamed, one more speaker
			vevent("b@x", "Talk", "1030", "1130", "LOCATION:Vườn"),                                                         // moved
			vevent("c@x", "Other talk", "1000", "1100", "STATUS:CONFIRMED"),                                                // restored
			vevent("d@x", "Lunch", "1200", "1300", "STATUS:CANCELLED"),                                                     // cancelled
			vevent("e@x", "New", "1400", "1500", "LOCATION:Hall C"))
		wantCounts(t, r, "1 added, 4 updated, 0 unchanged, 0 skipped; 1 rooms, 0 tracks, 1 people")
		if diff := cmp.Diff([]string{"Grand opening 09:00–09:30 Hall A r3", "Other talk 10:00–11:00 Hall B r2", "Talk 10:30–11:30 Garden r2",
			"Lunch 12:00–13:00 (all rooms) cancelled r2", "New 14:00–15:00 Hall C r1"}, w.outline(t, o.Slug)); diff != "" {
			t.Error(diff)
		}
		opening := must[[]agenda.Panel](t)(w.panels(o.Slug))[0]
		if opening.Title["vi"] != "Khai mạc" || opening.Abstract["en"] != before[0].Abstract["en"] || opening.TrackID != before[0].TrackID || opening.ID != before[0].ID ||
			len(opening.Speakers) != 3 || opening.Speakers[1].Role != agenda.Moderator {
			t.Errorf("the opening became %+v", opening)
		}
		if diff := cmp.Diff([]string{`3: "Grand opening" does not name Ann Lee any more, or never did: an import removes nobody.`}, warned(r)); diff != "" {
			t.Error(diff)
		}
		// A part of the file changes a part of the event, and an organizer's deletion is not the last word.
		now := must[[]agenda.Panel](t)(w.panels(o.Slug))
		must[app.Publication](t)(w.Publish(ctx, operator, o.Slug, nil, nil, app.Once{}))
		if err := w.DeletePanel(ctx, operator, o.Slug, app.Match{Any: true}, now[4].ID); err != nil {
			t.Fatal(err)
		}
		must[app.Publication](t)(w.Publish(ctx, operator, o.Slug, nil, nil, app.Once{}))
		r = w.importCalendar(t, o, vevent("e@x", "New", "1400", "1500", "LOCATION:Hall C"))
		wantCounts(t, r, "1 added, 0 updated, 0 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
		must[app.Publication](t)(w.Publish(ctx, operator, o.Slug, nil, nil, app.Once{}))
		if first.Event.ID != r.Event.ID {
			t.Error("another event was made")
		}
	})
}

// edit changes a Panel as an organizer does.
func (w world) edit(t *testing.T, slug string, p agenda.Panel, change func(*agenda.Panel)) {
	t.Helper()
	change(&p)
	slot := &app.SlotRequest{RoomID: p.Slot.RoomID, Start: string(p.Slot.Start.Wall), End: string(p.Slot.End.Wall)}
	if _, err := w.EditPanel(context.Background(), operator, slug, app.Match{Any: true}, p, slot); err != nil {
		t.Fatal(err)
	}
}

// Entries that can't be scheduled as they are, or not taken at all.
func TestImportCalendarWarns(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		plain := func(uid, title string, lines ...string) string {
			return "BEGIN:VEVENT\nUID:" + uid + "\nSUMMARY:" + title + "\nLOCATION:Hall\n" + strings.Join(lines, "\n") + "\nEND:VEVENT\n"
		}
		events := []string{
			vevent("1", "Real", "0900", "1000", "LOCATION:Hall"),
			plain("2", "Whole event", "DTSTART:20260512"),
			plain("3", "A day before", "DTSTART:20260511"),
			plain("4", "No length", "DTSTART:20260512T030000Z"),
			plain("5", "No time", "X-A:b"),
			plain("6", "Long", "DTSTART:20260512T030000Z", "DURATION:PT37H"),
			plain("7", "Backwards", "DTSTART:20260512T030000Z", "DTEND:20260512T020000Z"),
			plain("8", "", "DTSTART:20260512T030000Z"),
			plain("9", "Old", "DTSTART:19600512T030000Z", "DURATION:PT1H"),
			plain(strings.Repeat("u", 256), strings.Repeat("t", 301), "DTSTART:20260512T050000Z", "DURATION:PT1H", "DESCRIPTION:"+strings.Repeat("d", 20001)),
		}
		want := []string{
			`10: "Whole event" covers all days of the event: it was left out.`,
			`16: "A day before" lasts all day: the panel is not scheduled.`,
			`22: "No length" has no length: the panel is not scheduled.`,
			`28: "No time" does not say when it is: the panel is not scheduled.`,
			`34: "Long" is longer than 36 hours: the panel is not scheduled.`,
			`41: "Backwards" ends before it begins: the panel is not scheduled.`,
			`48: An entry has no title (SUMMARY): it was left out.`,
			`54: "Old" is in the year 1960, which can't be planned: the panel is not scheduled.`,
			`61: The UID of "` + strings.Repeat("t", 59) + `…" is not at most 255 printable octets: it got another.`,
			`61: The title of "` + strings.Repeat("t", 59) + `…" is longer than 300 characters: it was cut.`,
			`61: The description of "` + strings.Repeat("t", 59) + `…" is longer than 20000 characters: it was cut.`,
		}
		r := w.importCalendar(t, app.CalendarOptions{Slug: "x"}, events...)
		wantCounts(t, r, "8 added, 0 updated, 0 unchanged, 2 skipped; 1 rooms, 0 tracks, 0 people")
		if diff := cmp.Diff(want, warned(r)); diff != "" {
			t.Error(diff)
		}
		wantCounts(t, w.importCalendar(t, app.CalendarOptions{Slug: "x"}, events...), "0 added, 0 updated, 8 unchanged, 2 skipped; 0 rooms, 0 tracks, 0 people")
		// The time that an organizer gave stays.
		for _, p := range must[[]agenda.Panel](t)(w.panels("x")) {
			if p.Title["en"] == "No time" {
				rooms, _, _ := w.Rooms(context.Background(), operator, "x", app.Page{Limit: 1})
				must[app.PanelResult](t)(w.MovePanel(context.Background(), operator, "x", app.Move{PanelID: p.ID, Match: app.Match{Any: true},
					Slot: &app.SlotRequest{RoomID: rooms[0].ID, Start: "2026-05-12T15:00", End: "2026-05-12T16:00"}}))
			}
		}
		r = w.importCalendar(t, app.CalendarOptions{Slug: "x"}, events[4], vevent("late", "Late", "0900", "1000", "LOCATION:Hall", "DTSTART:x"),
			strings.ReplaceAll(vevent("other", "Other", "0900", "1000", "LOCATION:Hall"), "20260512", "20260513"))
		wantCounts(t, r, "2 added, 0 updated, 1 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
		if diff := cmp.Diff([]string{`3: "No time" does not say when it is: the panel keeps the time that it has.`, `17: "Other" is on 2026-05-13, which is no day of the event.`}, warned(r)); diff != "" {
			t.Error(diff)
		}
	})
}

// An entry is known again also where its UID can't be that of its Panel.
func TestImportCalendarIdentities(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		events := []string{
			vevent("same", "Part 1", "0900", "1000", "LOCATION:H"), vevent("same", "Part 2", "1000", "1100", "LOCATION:H"),
			strings.Replace(vevent("", "Nameless", "1100", "1200", "LOCATION:H"), "UID:\n", "", 1),
			vevent("series", "Daily", "1200", "1300", "LOCATION:H", "RRULE:FREQ=DAILY"),
			vevent("series", "Second day", "1400", "1500", "LOCATION:H", "RECURRENCE-ID:20260513T050000Z"),
		}
		wantCounts(t, w.importCalendar(t, app.CalendarOptions{Slug: "one"}, events...), "5 added, 0 updated, 0 unchanged, 0 skipped; 1 rooms, 0 tracks, 0 people")
		wantCounts(t, w.importCalendar(t, app.CalendarOptions{Slug: "one"}, events...), "0 added, 0 updated, 5 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
		other := w.importCalendar(t, app.CalendarOptions{Slug: "two"}, events...)
		wantCounts(t, other, "5 added, 0 updated, 0 unchanged, 0 skipped; 1 rooms, 0 tracks, 0 people")
		if !strings.Contains(strings.Join(warned(other), "\n"), `3: The UID of "Part 1" belongs to a meeting or to another event: it got another.`) {
			t.Errorf("%q", warned(other))
		}
		moved := []string{events[0], vevent("same", "Part 2", "1600", "1700", "LOCATION:H"), strings.Replace(vevent("", "Nameless", "1700", "1800", "LOCATION:H"), "UID:\n", "", 1), events[3], events[4]}
		for _, slug := range []string{"one", "two"} {
			wantCounts(t, w.importCalendar(t, app.CalendarOptions{Slug: slug}, moved...), "0 added, 2 updated, 3 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
			uids := map[string]bool{}
			for _, p := range must[[]agenda.Panel](t)(w.panels(slug)) {
				uids[p.UID] = true
			}
			if len(uids) != 5 || uids["same"] != (slug == "one") {
				t.Errorf("%s has the UIDs %v", slug, uids)
			}
		}
		if err := w.DeleteEvent(context.Background(), operator, "one", app.Match{Any: true}); err != nil {
			t.Fatal(err)
		}
		again := w.importCalendar(t, app.CalendarOptions{Slug: "two"}, moved...)
		wantCounts(t, again, "0 added, 0 updated, 5 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
	})
}

// everywhere gives so many entries, each at a place of its own.
func everywhere(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:e%d\nSUMMARY:x\nDTSTART:20260512T030000Z\nDTEND:20260512T040000Z\nLOCATION:%d\nEND:VEVENT\n", i, i)
	}
	return b.String()
}

// A programme of one room has no places.
func TestImportCalendarWithoutPlaces(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		r := w.importCalendar(t, app.CalendarOptions{Slug: "x"}, vevent("1", "One", "0900", "1000"), vevent("2", "Two", "1000", "1100"))
		if diff := cmp.Diff([]string{"3: No entry names a place (LOCATION): all of them span all rooms."}, warned(r)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"One 09:00–10:00 (all rooms) r1", "Two 10:00–11:00 (all rooms) r1"}, w.outline(t, "x")); diff != "" {
			t.Error(diff)
		}
		must[app.Publication](t)(w.Publish(context.Background(), operator, "x", nil, nil, app.Once{}))
	})
}

// What is refused leaves nothing behind, and neither does a dry run.
func TestImportCalendarRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		utc := "BEGIN:VEVENT\nUID:1\nSUMMARY:x\nDTSTART:20260512T030000Z\nDTEND:20260512T040000Z\nEND:VEVENT\n"
		for name, c := range map[string]struct {
			o      app.CalendarOptions
			events []string
			actor  agenda.Actor
			code   agenda.Code
			says   string
		}{
			"no zone":      {app.CalendarOptions{Slug: "x"}, []string{utc}, operator, agenda.Invalid, "/zone: is needed"},
			"bad zone":     {app.CalendarOptions{Slug: "x", Zone: "Mars"}, []string{utc}, operator, agenda.Invalid, `/zone: "Mars" is not an IANA time zone`},
			"no slug":      {app.CalendarOptions{Zone: "Asia/Tokyo"}, []string{utc}, operator, agenda.Invalid, "/slug"},
			"bad language": {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo", Language: "??"}, []string{utc}, operator, agenda.Invalid, "/languages/0"},
			"no days":      {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"}, []string{"BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n"}, operator, agenda.Invalid, "no dates"},
			"too long":     {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"}, []string{utc, strings.ReplaceAll(utc, "2026", "2036")}, operator, agenda.Invalid, "/end_date"},
			"too wide": {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"}, []string{strings.NewReplacer("LOCATION", "X-A", "UID:e", "UID:n").Replace(everywhere(320)), everywhere(320)}, operator, agenda.Invalid,
				"320 entries name no place (LOCATION), and would each span 320 rooms"},
			"too many": {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"}, []string{everywhere(app.MaxCalendarEntries + 1)}, operator, agenda.Invalid, "has 10001 entries"},
			"nobody":   {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"}, []string{utc}, agenda.Actor{}, agenda.Unauthenticated, ""},
			"a reader": {app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"}, []string{utc}, agenda.Actor{Kind: agenda.Operator, Grants: []agenda.Grant{{Scope: agenda.ScopeRead}}},
				agenda.Forbidden, ""},
		} {
			_, err := w.ImportCalendar(ctx, c.actor, calendar(t, c.events...), c.o)
			if agenda.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want %s and %q", name, err, c.code, c.says)
			}
		}
		begin := time.Date(2026, 5, 12, 3, 0, 0, 0, time.UTC)
		unclean := ical.Calendar{Entries: []ical.Entry{{Line: 7, Summary: "a\x00b", Start: begin, End: begin.Add(time.Hour)}}}
		_, err := w.ImportCalendar(ctx, operator, unclean, app.CalendarOptions{Slug: "x", Zone: "Asia/Tokyo"})
		if agenda.CodeOf(err) != agenda.Invalid || !strings.Contains(err.Error(), "of line 7 can't be taken: nothing was imported.: /title/en: contains the control character") {
			t.Errorf("an unclean title: %v", err)
		}
		dry := w.importCalendar(t, app.CalendarOptions{Slug: "forum-2026", DryRun: true}, programme...)
		wantCounts(t, dry, "4 added, 0 updated, 0 unchanged, 0 skipped; 2 rooms, 1 tracks, 2 people")
		events, _, err := w.Events(ctx, operator, "", app.Page{Limit: 10})
		if err != nil || len(events) != 0 {
			t.Errorf("%v: there is %+v", err, events)
		}
		w.importCalendar(t, app.CalendarOptions{Slug: "forum-2026"}, programme...)
		wantCounts(t, w.importCalendar(t, app.CalendarOptions{Slug: "forum-2026", DryRun: true}, vevent("a@x", "Renamed", "0900", "0930")),
			"0 added, 1 updated, 0 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
		if got := w.outline(t, "forum-2026")[0]; got != "Opening 09:00–09:30 Hall A r1" {
			t.Errorf("after a dry run: %s", got)
		}
	})
}

// What a file leaves open is said, and no title is put where no reader would be shown it.
func TestImportCalendarAsksWhatItCannotKnow(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		o := app.CalendarOptions{Slug: "forum-2026"}
		w.importCalendar(t, o, vevent("a", "Opening", "0900", "1000", "LOCATION:Hall", "STATUS:CANCELLED"))
		r := w.importCalendar(t, o, vevent("a", "Opening", "0900", "1000", "LOCATION:Hall"))
		wantCounts(t, r, "0 added, 0 updated, 1 unchanged, 0 skipped; 0 rooms, 0 tracks, 0 people")
		if told := warned(r); len(told) != 1 || !strings.Contains(told[0], "stays cancelled") {
			t.Error(told)
		}
		o.Language = "fr"
		_, err := w.ImportCalendar(context.Background(), operator, calendar(t, vevent("a", "Ouverture", "0900", "1000")), o)
		if e := wantCode(t, err, agenda.Invalid); len(e.Faults) != 1 || e.Faults[0].Pointer != "/language" {
			t.Errorf("%+v", e)
		}
	})
}
