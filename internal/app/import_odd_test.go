package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// What can't be taken as it stands is told with its line, and with what was done instead.
func TestImportFindings(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := source.Programme{Format: source.SessionizeAll, Name: in("Clocks"), Zone: "Europe/Berlin", Start: "2026-03-28", End: "2026-03-29",
			Rooms: []source.Room{{Key: "r", Name: in("R")}}, Findings: []source.Finding{{Line: 1, Rule: source.BadValue, Text: "The reader says."}}}
		at := func(line int, title, from, to string) *source.Item {
			read := func(s string) source.When {
				when, err := time.Parse(time.RFC3339, s)
				if err == nil {
					return source.Instant(when)
				}
				if when, err = time.Parse("2006-01-02T15:04", s); err != nil {
					return source.When{}
				}
				return source.Clock(when)
			}
			p.Items = append(p.Items, source.Item{Line: line, Key: title, Title: in(title), Room: "r", Start: read(from), End: read(to)})
			return &p.Items[len(p.Items)-1]
		}
		at(2, "Good", "2026-03-28T09:00", "2026-03-28T10:00")
		at(3, "Skipped", "2026-03-29T02:30", "2026-03-29T04:00")
		at(4, "Twice", "2026-10-25T02:30", "2026-10-25T04:00")
		at(5, "Contradicted", "2026-03-28T10:00:00Z", "2026-03-28T11:00:00Z")
		at(6, "Contradicted too", "2026-03-28T12:00:00+02:00", "2026-03-28T13:00:00+02:00")
		at(7, "Backwards", "2026-03-28T11:00", "2026-03-28T10:00")
		at(8, "Endless", "2026-03-28T11:00", "2026-03-30T10:00")
		at(9, "Timeless", "", "")
		at(10, "Ancient", "1900-01-01T10:00", "1900-01-01T11:00")
		at(11, "Placeless", "2026-03-28T15:00", "2026-03-28T16:00").Room = ""
		at(12, "Everywhere", "2026-03-28T09:30", "2026-03-28T09:45").AllRooms = true
		long := at(13, strings.Repeat("t", 301), "2026-03-28T17:00", "2026-03-28T18:00")
		long.Abstract = source.Text{"": strings.Repeat("d", 20001), "vi": "ngắn\x00 gọn"}
		r := w.take(t, p, app.ImportOptions{Slug: "clocks"})
		t59 := strings.Repeat("t", 59) + "…"
		wantLines(t, "findings", []string{
			"1 bad_value: The reader says.",
			`3 bad_time: "Skipped" is at 02:30 on 2026-03-29, which the clock of Europe/Berlin skips: it was taken for 03:30.`,
			`4 bad_time: "Twice" is at 02:30 on 2026-10-25, which happens twice in Europe/Berlin: the first was taken.`,
			`4 day_contradicted: "Twice" is on 2026-10-25, which is no day of the event.`,
			"5 offset_contradicted: 2 entries have offsets that are not the zone's, the first: 2026-03-28T10:00:00Z, while the event is in Europe/Berlin. The offset was believed.",
			`7 end_before_start: "Backwards" does not end after it begins: it was taken without a time.`,
			`8 bad_time: "Endless" is longer than 36 hours: it was taken without a time.`,
			`9 no_time: "Timeless" has no time: it was taken without one.`,
			`10 bad_time: "Ancient" is in the year 1900, which can't be planned: it was taken without a time.`,
			`11 no_place: "Placeless" names no place: it has no room yet.`,
			"12 no_place: An entry is said to span all rooms, but others take place meanwhile: it takes the room that it names.",
			`13 too_long: The title "` + t59 + `" is longer than 300 characters: it was cut.`,
			`13 too_long: The abstract of "` + t59 + `" "` + strings.Repeat("d", 59) + `…" is longer than 20000 characters: it was cut.`,
		}, told(r))
		scheduled, unscheduled := 0, 0
		for _, panel := range w.draft(t, "clocks").Panels {
			if panel.Slot != nil {
				scheduled++
			} else {
				unscheduled++
			}
			if panel.Abstract["vi"] != "" && panel.Abstract["vi"] != "ngắn gọn" {
				t.Errorf("%q", panel.Abstract["vi"])
			}
		}
		if scheduled != 8 || unscheduled != 4 || r.Count(agenda.ChangeAdded) != 12 {
			t.Errorf("%d with and %d without a time, %d added", scheduled, unscheduled, r.Count(agenda.ChangeAdded))
		}
		// Those without a time are told of as well when they change.
		p.Items[7].Title = in("Still timeless")
		p.Items = append(p.Items[:8:8], p.Items[9:]...)
		again := w.take(t, p, app.ImportOptions{Slug: "clocks"})
		wantLines(t, "changes", []string{"edited Still timeless:", "cancelled Ancient:"}, sortedBy(changes(again), "Still", "Ancient"))
	})
}

// What is refused leaves nothing behind, and neither does a dry run.
func TestImportRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		good := app.ImportOptions{Slug: "forum"}
		for name, c := range map[string]struct {
			change func(*source.Programme, *app.ImportOptions)
			actor  agenda.Actor
			code   agenda.Code
			says   string
		}{
			"no zone":      {func(p *source.Programme, _ *app.ImportOptions) { p.Zone = "" }, operator, agenda.Invalid, "/zone: is needed"},
			"bad zone":     {func(_ *source.Programme, o *app.ImportOptions) { o.Zone = "Mars" }, operator, agenda.Invalid, `/zone: "Mars" is not an IANA time zone`},
			"no slug":      {func(_ *source.Programme, o *app.ImportOptions) { o.Slug = "" }, operator, agenda.Invalid, "/slug"},
			"bad language": {func(_ *source.Programme, o *app.ImportOptions) { o.Language = "??" }, operator, agenda.Invalid, "/language"},
			"bad source":   {func(_ *source.Programme, o *app.ImportOptions) { o.Source = "a\x00b" }, operator, agenda.Invalid, "/source"},
			"no days": {func(p *source.Programme, _ *app.ImportOptions) {
				p.Start, p.Items = "", []source.Item{{Key: "x", Title: in("X")}}
			}, operator, agenda.Invalid, "on which days"},
			"bad e-mail": {func(p *source.Programme, _ *app.ImportOptions) { p.People[0].Line, p.People[0].Email = 77, "nobody" }, operator, agenda.Invalid,
				`The person "Ann Lee" of line 77 can't be taken: nothing was imported.: /email`},
			"nobody":   {func(*source.Programme, *app.ImportOptions) {}, agenda.Actor{}, agenda.Unauthenticated, ""},
			"a reader": {func(*source.Programme, *app.ImportOptions) {}, agenda.Actor{Kind: agenda.Operator, Grants: []agenda.Grant{{Verbs: agenda.ReadVerbs}}}, agenda.NotFound, ""},
		} {
			p, o := conference(), good
			c.change(&p, &o)
			_, err := w.Import(ctx, c.actor, p, o)
			if agenda.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want %s and %q", name, err, c.code, c.says)
			}
		}
		dry := w.take(t, conference(), app.ImportOptions{DryRun: true})
		events, _, err := w.Events(ctx, operator, "", app.Page{Limit: 10})
		if err != nil || len(events) != 0 || dry.Count(agenda.ChangeAdded) != 3 {
			t.Errorf("%v: there is %+v after %+v", err, events, dry.Changes)
		}
		w.take(t, conference(), good)
		before := w.draft(t, "forum")
		p := conference()
		p.Items = p.Items[:1]
		if dry = w.take(t, p, app.ImportOptions{DryRun: true}); dry.Count(agenda.ChangeCancelled) != 2 {
			t.Errorf("a dry run says %+v", dry.Changes)
		}
		if diff := cmp.Diff(before, w.draft(t, "forum")); diff != "" {
			t.Errorf("a dry run changed something: %s", diff)
		}
		o := good
		o.Language = "fr"
		_, err = w.Import(ctx, operator, conference(), o)
		if e := wantCode(t, err, agenda.Invalid); len(e.Faults) != 1 || e.Faults[0].Pointer != "/language" {
			t.Errorf("%+v", e)
		}
	})
}

// Keys of any kind are kept so that the database takes them, and known again.
func TestImportOfOddKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		for n := range p.Items {
			p.Items[n].Key = strings.Repeat("ngày\x00", 500*(n+1)) + fmt.Sprint(n)
			for k := range p.Items[n].Talks {
				p.Items[n].Talks[k].Key = fmt.Sprint("\x1b", k)
			}
		}
		w.take(t, p, app.ImportOptions{})
		p.Items[2].Title = in("Renamed")
		wantLines(t, "changes", []string{"edited Renamed: title"}, changes(w.take(t, p, app.ImportOptions{})))
		wantLines(t, "changes", nil, changes(w.take(t, p, app.ImportOptions{})))
	})
}
