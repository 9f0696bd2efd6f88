package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// vevent is an entry of 12 May 2026 in Hà Nội, with more or other lines.
func vevent(uid, title, start, end string, lines ...string) string {
	const zone = ";TZID=Asia/Ho_Chi_Minh:20260512T"
	return strings.Join(append([]string{"BEGIN:VEVENT", "UID:" + uid, "SUMMARY:" + title, "DTSTART" + zone + start + "00", "DTEND" + zone + end + "00"},
		append(lines, "END:VEVENT")...), "\n") + "\n"
}

// takeCalendar imports entries between the lines of a calendar.
func (w world) takeCalendar(t *testing.T, slug string, events ...string) app.Imported {
	t.Helper()
	file := "BEGIN:VCALENDAR\nX-WR-CALNAME:Forum 2026\n" + strings.Join(events, "") + "END:VCALENDAR\n"
	r, err := w.ImportFile(context.Background(), operator, []byte(file), "", nil, app.ImportOptions{Slug: slug})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outline gives the draft's Panels as lines, by start.
func (w world) outline(t *testing.T, slug string) []string {
	t.Helper()
	d := w.draft(t, slug)
	names := map[agenda.ID]string{}
	for _, r := range d.Rooms {
		names[r.ID] = r.Name["en"]
	}
	var lines []string
	for _, p := range d.Panels {
		line := p.Title["en"]
		if p.Slot != nil {
			line += fmt.Sprintf(" %s–%s %s", p.Slot.Start.Wall.Clock(), p.Slot.End.Wall.Clock(), names[p.Slot.RoomID])
		}
		if p.Cancelled {
			line += " cancelled"
		}
		lines = append(lines, fmt.Sprintf("%s r%d", line, p.Revision))
	}
	return lines
}

var programme = []string{
	vevent("a@x", "Opening", "0900", "0930", "LOCATION:Hall  A", "CATEGORIES:Data,AI", "DESCRIPTION:Welcome.", "URL:https://x.example/a",
		"ATTENDEE;CN=Ann Lee;ROLE=CHAIR:mailto:ann@secret.example", "ATTENDEE;CN=Bob:invalid:x", "ATTENDEE:mailto:z@secret.example"),
	vevent("b@x", "Talk", "1000", "1100", "LOCATION:Hall A", "CATEGORIES:Data", "ATTENDEE;CN=Bob:invalid:x", "DESCRIPTION:See https://x.example/b.", "URL:https://x.example/b"),
	vevent("c@x", "Other talk", "1000", "1100", "LOCATION:Hall B", "STATUS:CANCELLED"),
	vevent("d@x", "Lunch", "1200", "1300"),
}

// A calendar becomes a draft whose panels have the UIDs of its entries, and a newer one changes it.
func TestImportOfACalendar(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		r := w.takeCalendar(t, "forum", programme...)
		wantLines(t, "new", []string{"Hall A", "Hall B"}, r.Rooms)
		wantLines(t, "findings", []string{`35 no_place: "Lunch" names no place: it has no room yet.`}, told(r))
		wantLines(t, "draft", []string{"Opening 09:00–09:30 Hall A r1", "Talk 10:00–11:00 Hall A r1", "Other talk 10:00–11:00 Hall B cancelled r1", "Lunch 12:00–13:00  r1"},
			w.outline(t, "forum"))
		d := w.draft(t, "forum")
		opening := d.Panels[0]
		if opening.UID != "a@x" || opening.Abstract["en"] != "Welcome.\n\nhttps://x.example/a" || d.Panels[1].Abstract["en"] != "See https://x.example/b." ||
			d.Event.Name["en"] != "Forum 2026" || d.Event.Zone != "Asia/Ho_Chi_Minh" || len(d.Tracks) != 1 {
			t.Errorf("%+v of %+v", opening, d.Event)
		}
		if opening.Speakers[0].Role != agenda.Chair || opening.Speakers[1].Role != agenda.Presenter || strings.Contains(fmt.Sprintf("%+v", d.People), "secret") {
			t.Errorf("%+v of %+v", opening.Speakers, d.People)
		}
		wantLines(t, "changes", nil, changes(w.takeCalendar(t, "forum", programme...)))
		r = w.takeCalendar(t, "forum",
			vevent("a@x", "Grand opening", "0900", "0930", "LOCATION:Hall A", "CATEGORIES:Data,AI", "ATTENDEE;CN=Bob:x:y", "ATTENDEE;CN=Cy:x:y"),
			vevent("b@x", "Talk", "1030", "1130", "LOCATION:Garden", "CATEGORIES:Data", "ATTENDEE;CN=Bob:invalid:x", "DESCRIPTION:See https://x.example/b.", "URL:https://x.example/b"),
			vevent("c@x", "Other talk", "1000", "1100", "LOCATION:Hall B", "STATUS:CONFIRMED"))
		wantLines(t, "changes", []string{"edited Grand opening: title, abstract, speakers", "moved Talk: start, end, room", "restored Other talk: cancelled", "cancelled Lunch: cancelled"},
			sortedBy(changes(r), "Grand", "Talk", "Other", "Lunch"))
		must[app.Publication](t)(w.Publish(context.Background(), operator, "forum", nil, nil, app.Once{}))
	})
}

// Entries that can't be scheduled as they are, or not taken at all.
func TestImportOfAnOddCalendar(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		plain := func(uid, title string, lines ...string) string {
			return "BEGIN:VEVENT\nUID:" + uid + "\nSUMMARY:" + title + "\nLOCATION:Hall\n" + strings.Join(lines, "\n") + "\nEND:VEVENT\n"
		}
		r := w.takeCalendar(t, "x", vevent("1", "Real", "0900", "1000", "LOCATION:Hall"), plain("2", "Whole event", "DTSTART:20260512"),
			plain("3", "A day before", "DTSTART:20260511"), plain("4", "No length", "DTSTART:20260512T030000Z"), plain("5", "No time", "X-A:b"),
			plain("6", "", "DTSTART:20260512T030000Z"), plain(strings.Repeat("u", 256), "Long UID", "DTSTART:20260512T050000Z", "DURATION:PT1H"))
		wantLines(t, "findings", []string{
			`10 bad_time: "Whole event" covers all days of the event: it was left out.`,
			`16 bad_time: "A day before" lasts all day: it was taken without a time.`,
			`22 end_before_start: "No length" does not end after it begins: it was taken without a time.`,
			`28 no_time: "No time" has no time: it was taken without one.`,
			"34 no_title: An entry has no title (SUMMARY): it was left out.",
			`40 bad_value: The UID of "Long UID" is not at most 255 printable octets: it got another.`,
		}, told(r))
		wantLines(t, "draft", []string{"Real 09:00–10:00 Hall r1", "Long UID 12:00–13:00 Hall r1", "A day before r1", "No length r1", "No time r1"}, w.outline(t, "x"))
	})
}

// An entry is known again also where its UID can't be that of its Panel.
func TestImportOfCalendarsWithEqualUIDs(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		events := []string{
			vevent("same", "Part 1", "0900", "1000", "LOCATION:H"), vevent("same", "Part 2", "1000", "1100", "LOCATION:H"),
			strings.Replace(vevent("", "Nameless", "1100", "1200", "LOCATION:H"), "UID:\n", "", 1),
			vevent("series", "Daily", "1200", "1300", "LOCATION:H", "RRULE:FREQ=DAILY"),
			vevent("series", "Second day", "1400", "1500", "LOCATION:H", "RECURRENCE-ID:20260513T050000Z"),
		}
		for _, slug := range []string{"one", "two"} {
			r := w.takeCalendar(t, slug, events...)
			if elsewhere := strings.Contains(strings.Join(told(r), "\n"), `3 duplicate_id: The UID of "Part 1" is that of something else: it got another.`); elsewhere != (slug == "two") {
				t.Errorf("%s: %q", slug, told(r))
			}
			wantLines(t, "changes", nil, changes(w.takeCalendar(t, slug, events...)))
			moved := append([]string{events[0], vevent("same", "Part 2", "1600", "1700", "LOCATION:H"),
				strings.Replace(vevent("", "Nameless", "1700", "1800", "LOCATION:H"), "UID:\n", "", 1)}, events[3:]...)
			wantLines(t, "changes", []string{"moved Part 2: start, end", "moved Nameless: start, end"}, sortedBy(changes(w.takeCalendar(t, slug, moved...)), "Part", "Nameless"))
			uids := map[string]bool{}
			for _, p := range w.draft(t, slug).Panels {
				uids[p.UID] = true
			}
			if len(uids) != 5 || uids["same"] != (slug == "one") {
				t.Errorf("%s has the UIDs %v", slug, uids)
			}
		}
	})
}

// A file of local times needs a zone, and what has no format of ours is refused by name.
func TestImportFileRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		local := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\nDTSTART:20260512T090000\nDTEND:20260512T100000\nEND:VEVENT\nEND:VCALENDAR\n"
		for name, c := range map[string]struct {
			file, says string
		}{
			"nothing":     {"", "The file is empty."},
			"a zip":       {"PK\x03\x04", ""},
			"no format":   {"\x00\x01", "The file is in no format that can be read"},
			"local times": {local, "/zone: is needed"},
			"an event":    {`{"format":"plenary-event","version":1,"event":{}}`, "This is a whole event"},
			"no schedule": {"<html></html>", ""},
		} {
			_, err := w.ImportFile(context.Background(), operator, []byte(c.file), "", nil, app.ImportOptions{Slug: "x"})
			if agenda.CodeOf(err) != agenda.Invalid || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.ImportFile(context.Background(), operator, []byte(local), "", nil, app.ImportOptions{Slug: "x", Zone: "Asia/Tokyo"}); err != nil {
			t.Error(err)
		}
		// From then on the event's zone is known.
		r, err := w.ImportFile(context.Background(), operator, []byte(local), "", nil, app.ImportOptions{Slug: "x"})
		if diff := cmp.Diff([]string(nil), changes(r)); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}

// The mapping of a table is remembered with its source.
func TestImportRemembersAMapping(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		table := "Was,date,start,end,room\nOpening,2026-05-12,09:00,10:00,Hall\n"
		o := app.ImportOptions{Slug: "x", Zone: "Asia/Tokyo"}
		if _, err := w.ImportFile(context.Background(), operator, []byte(table), "", nil, o); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("a table without a title: %v", err)
		}
		first := must[app.Imported](t)(w.ImportFile(context.Background(), operator, []byte(table), "", mappingOf("Was", "date", "start", "end", "room"), o))
		again := must[app.Imported](t)(w.ImportFile(context.Background(), operator, []byte(table), "", nil, o))
		if diff := cmp.Diff(first.Mapping, again.Mapping); diff != "" || len(again.Changes) != 0 || again.Unchanged != 1 {
			t.Errorf("%s%+v", diff, again)
		}
		// A table with other headers is read as they suggest.
		other := must[app.Imported](t)(w.ImportFile(context.Background(), operator, []byte("title,date,start,end,room\nMore,2026-05-12,11:00,12:00,Hall\n"), "", nil, o))
		if other.Mapping.Columns["title"] != source.ColumnTitle || other.Count(agenda.ChangeAdded) != 1 {
			t.Errorf("%+v", other)
		}
	})
}

// mappingOf takes the first header for the title, and others for what they say.
func mappingOf(title string, others ...string) *source.Mapping {
	m := &source.Mapping{Columns: map[string]source.Column{title: source.ColumnTitle}}
	for _, header := range others {
		m.Columns[header] = source.Column(header)
	}
	return m
}

// Calendars that are not in UTF-8, or that call their event in the description.
func TestImportOfAnOldCalendar(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		file := "BEGIN:VCALENDAR\nX-WR-CALDESC:Journ\xe9es 2026\n" + vevent("1", "D\xe9jeuner", "0900", "1000", "LOCATION:Caf\xe9") + "END:VCALENDAR\n"
		r := must[app.Imported](t)(w.ImportFile(context.Background(), operator, []byte(file), "", nil, app.ImportOptions{Slug: "old"}))
		wantLines(t, "findings", []string{"0 bad_value: The file is not in UTF-8: it was read as Windows-1252. If letters with accents are wrong, save it in UTF-8."}, told(r))
		wantLines(t, "draft", []string{r.Event.Name["en"], "Déjeuner 09:00–10:00 Café r1"}, append([]string{"Journées 2026"}, w.outline(t, "old")...))
		broken := strings.NewReplacer("D\xe9", "Dé", "UID:1", "UID:2").Replace(file) // in UTF-8 but for some bytes
		r = must[app.Imported](t)(w.ImportFile(context.Background(), operator, []byte(broken), "", nil, app.ImportOptions{Slug: "broken"}))
		wantLines(t, "findings", []string{"2 bad_value: 2 lines, from this one on, are not UTF-8: what could not be read became U+FFFD."}, told(r))
	})
}
