package app_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

const (
	roomGUID   = "3f1c2a9e-0000-4000-8000-000000000001"
	personGUID = "3f1c2a9e-0000-4000-8000-000000000002"
	itemGUID   = "3f1c2a9e-0000-4000-8000-000000000003"
)

func in(s string) source.Text { return source.Text{"": s} }

// clock gives a time of 12 May 2026 without a zone.
func clock(s string) source.When {
	t, err := time.Parse("2006-01-02 15:04", "2026-05-12 "+s)
	if err != nil {
		panic(err)
	}
	return source.Clock(t)
}

func item(key, title, room, from, to string, people ...string) source.Item {
	i := source.Item{Line: 10, Key: key, Title: in(title), Room: room, Start: clock(from), End: clock(to)}
	for _, p := range people {
		i.Speakers = append(i.Speakers, source.Speaker{Person: p, Role: agenda.Presenter})
	}
	return i
}

// conference is a file of another program.
func conference() source.Programme {
	opening := item("id 1", "Opening", "hall", "09:00", "09:30", "ann")
	opening.GUID, opening.Serial, opening.Code, opening.Format, opening.Track = itemGUID, 41, "OPENIT", agenda.FormatCeremony, "main"
	opening.Abstract, opening.Language, opening.StreamURL = source.Text{"": "Welcome.", "fr": "Bienvenue."}, "en", "https://x.example/live"
	panel := item("id 2", "Panel", "hall", "10:00", "12:00")
	panel.Speakers = []source.Speaker{{Person: "bob", Role: agenda.Chair}}
	panel.Talks = []source.Item{item("id 2a", "First talk", "", "10:00", "10:40", "ann"), item("id 2b", "Second talk", "", "10:40", "11:20", "cy")}
	other := item("id 3", "Other", "side", "10:00", "11:00", "cy2")
	return source.Programme{Format: source.ScheduleJSON, Name: in("Forum"), Zone: "Asia/Ho_Chi_Minh", Start: "2026-05-12", End: "2026-05-13", Website: "https://x.example/",
		Rooms:  []source.Room{{Key: "hall", GUID: roomGUID, Serial: 7, Name: in("Hall"), Capacity: 200}, {Key: "side", Name: in("Side")}, {Key: "empty", Name: in("Empty")}},
		Tracks: []source.Track{{Key: "main", Name: in("Main"), Color: "#005bbb"}, {Key: "none", Name: in("None")}},
		People: []source.Person{{Key: "ann", GUID: personGUID, Serial: 9, Name: "Ann Lee", JobTitle: in("Minister"), Bio: in("She."), Country: "VN", PhotoURL: "javascript:x"},
			{Key: "bob", Name: "Bob"}, {Key: "cy", Name: "Cy"}, {Key: "cy2", Name: "Cy"}, {Key: "idle", Name: "Idle"}},
		Items: []source.Item{opening, panel, other}}
}

func (w world) take(t *testing.T, p source.Programme, o app.ImportOptions) app.Imported {
	t.Helper()
	if o.Slug == "" {
		o.Slug = "forum"
	}
	done, err := w.Import(context.Background(), operator, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// told gives the findings of an import.
func told(r app.Imported) []string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%d %s: %s", f.Line, f.Rule, f.Text))
	}
	return list
}

// changes gives the changes of an import, by kind and title.
func changes(r app.Imported) []string {
	var list []string
	for _, c := range r.Changes {
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, f.Field)
		}
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s: %s", c.Kind, c.Title["en"], strings.Join(fields, ", "))))
	}
	return list
}

func wantLines(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w world) draft(t *testing.T, slug string) agenda.Draft {
	t.Helper()
	b, err := w.ExportEvent(context.Background(), operator, slug)
	if err != nil {
		t.Fatal(err)
	}
	return b.Draft
}

func (w world) panel(t *testing.T, title string) agenda.Panel {
	t.Helper()
	d := w.draft(t, "forum")
	i := slices.IndexFunc(d.Panels, func(p agenda.Panel) bool { return p.Title["en"] == title })
	if i < 0 {
		t.Fatalf("there is no panel %q", title)
	}
	return d.Panels[i]
}

// A file becomes an event that has what the file says, under the identities that it has there.
func TestImport(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		r := w.take(t, conference(), app.ImportOptions{})
		wantLines(t, "changes", []string{"added Opening:", "added Panel:", "added Other:"}, sortedBy(changes(r), "Opening", "Panel", "Other"))
		wantLines(t, "findings", nil, told(r))
		wantLines(t, "new", []string{"Hall", "Side", "Main", "Ann Lee", "Bob", "Cy", "Cy"}, slices.Concat(r.Rooms, r.Tracks, r.People))
		if !r.Created || r.Again || r.Source != "schedule" || r.Items != 3 || r.Talks != 2 || r.Unchanged != 0 {
			t.Errorf("%+v", r)
		}
		d := w.draft(t, "forum")
		if e := d.Event; e.Name["en"] != "Forum" || e.Zone != "Asia/Ho_Chi_Minh" || e.StartDate != "2026-05-12" || e.EndDate != "2026-05-13" || e.Website != "https://x.example/" {
			t.Errorf("the event is %+v", e)
		}
		if hall := d.Rooms[0]; hall.ID != roomGUID || hall.Serial != 7 || hall.Capacity != 200 || len(d.Rooms) != 2 || len(d.Tracks) != 1 || d.Tracks[0].Color != "#005bbb" {
			t.Errorf("rooms %+v, tracks %+v", d.Rooms, d.Tracks)
		}
		ann := d.People[slices.IndexFunc(d.People, func(p agenda.Person) bool { return p.Name == "Ann Lee" })]
		if ann.ID != personGUID || ann.Serial != 9 || ann.JobTitle["en"] != "Minister" || ann.Country != "VN" || ann.PhotoURL != "" || len(d.People) != 4 {
			t.Errorf("people %+v", d.People)
		}
		opening := w.panel(t, "Opening")
		if opening.ID != itemGUID || opening.Serial != 41 || opening.Code != "OPENIT" || opening.Format != agenda.FormatCeremony || opening.Abstract["fr"] != "Bienvenue." ||
			opening.StreamURL == "" || opening.Slot.Start.At.Format(time.RFC3339) != "2026-05-12T02:00:00Z" || opening.Slot.RoomID != roomGUID || opening.TrackID != d.Tracks[0].ID {
			t.Errorf("the opening is %+v", opening)
		}
		panel := w.panel(t, "Panel")
		if len(panel.Interventions) != 2 || *panel.Interventions[1].Offset != 40 || panel.Interventions[1].Minutes != 40 || panel.Speakers[0].Role != agenda.Chair ||
			panel.Speakers[0].Status != agenda.Confirmed {
			t.Errorf("the panel is %+v", panel)
		}
	})
}

// sortedBy orders lines by which of the words they have.
func sortedBy(lines []string, words ...string) []string {
	slices.SortStableFunc(lines, func(a, b string) int {
		rank := func(s string) int {
			return slices.IndexFunc(words, func(w string) bool { return strings.Contains(s, " "+w) })
		}
		return rank(a) - rank(b)
	})
	return lines
}

// A newer file changes what it says otherwise than before, and nothing else; identities stay.
func TestImportAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.take(t, conference(), app.ImportOptions{})
		before := w.draft(t, "forum")
		again := w.take(t, conference(), app.ImportOptions{})
		if len(again.Changes) > 0 || again.Unchanged != 3 || !again.Again || len(again.Rooms)+len(again.People)+len(again.Tracks) > 0 {
			t.Errorf("the same file again: %+v", again)
		}
		if diff := cmp.Diff(before, w.draft(t, "forum")); diff != "" {
			t.Errorf("the same file again changed:\n%s", diff)
		}
		// What organizers did meanwhile.
		w.edit(t, "forum", w.panel(t, "Opening"), func(p *agenda.Panel) { p.Title["en"], p.Title["vi"] = "Grand opening", "Khai mạc" })
		w.edit(t, "forum", w.panel(t, "Panel"), func(p *agenda.Panel) {
			guest := must2[agenda.Person](t)(w.CreatePerson(ctx, operator, "forum", agenda.Person{Name: "Guest"}, app.Once{}))
			p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: guest.ID, Role: agenda.Moderator, Status: agenda.Invited})
			p.Interventions = append(p.Interventions, agenda.Intervention{Title: agenda.Text{"en": "Ours"}})
		})
		next := conference()
		next.Rooms[0].Name = in("Great Hall") // a room's identity is its key
		next.Items[0].Room = "side"           // another place
		next.Items[1].Talks = slices.Clone(next.Items[1].Talks[1:])
		next.Items[1].Talks[0].Title = in("Only talk")
		next.Items[2] = item("id 4", "New", "side", "13:00", "14:00", "ann") // id 3 is gone
		r := w.take(t, next, app.ImportOptions{})
		wantLines(t, "changes", []string{"moved Grand opening: room", "edited Panel: room_name, interventions", "cancelled Other: cancelled", "added New:"},
			sortedBy(changes(r), "Grand", "Panel", "Other", "New"))
		opening, panel := w.panel(t, "Grand opening"), w.panel(t, "Panel")
		if opening.Title["vi"] != "Khai mạc" || opening.ID != itemGUID || opening.Code != "OPENIT" {
			t.Errorf("the opening is %+v", opening)
		}
		if titles := []string{panel.Interventions[0].Title["en"], panel.Interventions[1].Title["en"]}; len(panel.Interventions) != 2 || titles[0] != "Only talk" || titles[1] != "Ours" {
			t.Errorf("the talks are %+v", panel.Interventions)
		}
		if len(panel.Speakers) != 2 || panel.Speakers[1].Status != agenda.Invited {
			t.Errorf("the speakers are %+v", panel.Speakers)
		}
		// What is back takes place again; what was deleted here and is in the file is added.
		if err := w.DeletePanel(ctx, operator, "forum", app.Match{Any: true}, w.panel(t, "New").ID); err != nil {
			t.Fatal(err)
		}
		next.Items = append(next.Items, conference().Items[2])
		wantLines(t, "changes", []string{"restored Other: cancelled", "added New:"}, sortedBy(changes(w.take(t, next, app.ImportOptions{})), "Other", "New"))
		// A cancellation here stays, and is told.
		other := w.panel(t, "Other")
		must[app.PanelResult](t)(w.CancelPanel(ctx, operator, "forum", app.Match{Any: true}, other.ID, true, nil))
		r = w.take(t, next, app.ImportOptions{})
		wantLines(t, "findings", []string{`10 stays_cancelled: "Other" was cancelled here, and the file does not say otherwise: it stays cancelled.`}, told(r))
		if len(r.Changes) > 0 || !w.panel(t, "Other").Cancelled {
			t.Errorf("%+v", r.Changes)
		}
	})
}

func must2[T any](t *testing.T) func(T, bool, error) T {
	return func(v T, _ bool, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Files of different sources don't know of each other's things; people of one name are the same person.
func TestImportOfSeveralSources(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.take(t, conference(), app.ImportOptions{})
		workshops := source.Programme{Format: source.CSV, Rooms: []source.Room{{Key: "a", Name: in("Hall")}}, People: []source.Person{{Key: "x", Name: "Bob"}},
			Items: []source.Item{item("id 1", "Workshop", "a", "15:00", "16:00", "x")}}
		r := w.take(t, workshops, app.ImportOptions{Source: "workshops"})
		wantLines(t, "changes", []string{"added Workshop:"}, changes(r))
		if len(r.Rooms)+len(r.People) > 0 {
			t.Errorf("new: %v %v", r.Rooms, r.People)
		}
		wantLines(t, "changes", nil, changes(w.take(t, conference(), app.ImportOptions{})))
		workshops.Items[0].Title = in("Tutorial")
		wantLines(t, "changes", []string{"edited Tutorial: title"}, changes(w.take(t, workshops, app.ImportOptions{Source: "workshops"})))
		// What came from nowhere before is known by the identity that it was exported with.
		moved := conference()
		moved.Items[0].Start, moved.Items[0].End, moved.Items = clock("08:00"), clock("08:30"), moved.Items[:1]
		wantLines(t, "changes", []string{"moved Opening: start, end"}, changes(w.take(t, moved, app.ImportOptions{Source: "mirror"})))
	})
}

// Where the source has no identities, what is at the same place at the same time was renamed.
func TestImportOfRenamedItems(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		for n := range p.Items {
			p.Items[n].Key, p.Items[n].Derived, p.Items[n].Talks = "title "+p.Items[n].Title[""], true, nil
		}
		w.take(t, p, app.ImportOptions{})
		id := w.panel(t, "Panel").ID
		p.Items[1].Title, p.Items[1].Key = in("Roundtable"), "title Roundtable"
		p.Items[2].Title, p.Items[2].Key, p.Items[2].Start, p.Items[2].End = in("Elsewhen"), "title Elsewhen", clock("17:00"), clock("18:00")
		r := w.take(t, p, app.ImportOptions{})
		wantLines(t, "changes", []string{"edited Roundtable: title", "cancelled Other: cancelled", "added Elsewhen:"}, sortedBy(changes(r), "Roundtable", "Other", "Elsewhen"))
		if got := w.panel(t, "Roundtable").ID; got != id {
			t.Errorf("the panel has another identity: %s, was %s", got, id)
		}
		wantLines(t, "changes", nil, changes(w.take(t, p, app.ImportOptions{})))
	})
}

// A person who is called otherwise is told so; two of one name stay two.
func TestImportOfPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.take(t, conference(), app.ImportOptions{})
		p := conference()
		p.People[0].Name, p.People[2].Organization = "Ann Lee-Trần", in("VietData")
		r := w.take(t, p, app.ImportOptions{})
		wantLines(t, "changes", []string{"edited Opening: speakers", "edited Panel: interventions"}, sortedBy(changes(r), "Opening", "Panel"))
		names := map[string]int{}
		for _, person := range w.draft(t, "forum").People {
			names[person.Name+"/"+person.Organization["en"]]++
		}
		if diff := cmp.Diff(map[string]int{"Ann Lee-Trần/": 1, "Bob/": 1, "Cy/VietData": 1, "Cy/": 1}, names); diff != "" {
			t.Error(diff)
		}
	})
}

// Serials, codes and identities that are taken are not given twice.
func TestImportOfTakenIdentities(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.take(t, conference(), app.ImportOptions{})
		w.take(t, conference(), app.ImportOptions{Slug: "copy"})
		forum, twin := w.draft(t, "forum"), w.draft(t, "copy")
		ids := map[agenda.ID]int{}
		for _, d := range []agenda.Draft{forum, twin} {
			for _, p := range d.Panels {
				ids[p.ID]++
			}
			for _, p := range d.People {
				ids[p.ID]++
			}
		}
		if most := slices.Max(slices.Collect(maps.Values(ids))); most != 1 {
			t.Errorf("an identity is there %d times", most)
		}
		if n := slices.IndexFunc(twin.Panels, func(p agenda.Panel) bool { return p.Serial == 41 && p.Code == "OPENIT" }); n < 0 {
			t.Errorf("the copy has %+v", twin.Panels)
		}
		clash := source.Programme{Format: source.CSV, Items: []source.Item{item("1", "Clash", "", "20:00", "21:00")}}
		clash.Items[0].Serial, clash.Items[0].Code, clash.Items[0].UID = 41, "OPENIT", forum.Panels[0].UID
		r := w.take(t, clash, app.ImportOptions{Slug: "copy"})
		wantLines(t, "findings", []string{`10 duplicate_id: The UID of "Clash" is that of something else: it got another.`,
			`10 no_place: "Clash" names no place: it has no room yet.`}, told(r))
		serials, codes := map[int]bool{}, map[string]bool{}
		for _, p := range w.draft(t, "copy").Panels {
			if serials[p.Serial] || codes[p.Code] {
				t.Errorf("%d or %s is there twice", p.Serial, p.Code)
			}
			serials[p.Serial], codes[p.Code] = true, true
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
