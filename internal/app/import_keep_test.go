package app_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// Each language of a text is a field of its own: what the source says otherwise in one is no reason to undo what
// organizers made of another.
func TestImportOfTextsByLanguage(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		p.Languages = []string{"en", "fr"}
		p.Items = p.Items[:1]
		p.Items[0].Title, p.Items[0].Abstract = source.Text{"": "Opening", "fr": "Ouverture"}, source.Text{"fr": "Bienvenue."}
		w.take(t, p, app.ImportOptions{})
		w.edit(t, "forum", w.panel(t, "Opening"), func(p *agenda.Panel) { p.Title["en"], p.Abstract["en"] = "Grand opening", "Ours." })
		p.Items = slices.Clone(p.Items)
		p.Items[0].Title, p.Items[0].Abstract = source.Text{"": "Opening", "fr": "L’ouverture"}, nil
		w.take(t, p, app.ImportOptions{})
		now := w.panel(t, "Grand opening")
		if diff := cmp.Diff([]agenda.Text{{"en": "Grand opening", "fr": "L’ouverture"}, {"en": "Ours."}}, []agenda.Text{now.Title, now.Abstract}); diff != "" {
			t.Error(diff)
		}
		// The language of a source is remembered like its mapping.
		vi := source.Programme{Format: source.CSV, Items: []source.Item{item("1", "Un", "", "15:00", "16:00")}}
		w.take(t, vi, app.ImportOptions{Language: "fr"})
		vi.Items[0].Title = in("Deux")
		w.take(t, vi, app.ImportOptions{})
		titles := map[string]agenda.Text{}
		for _, p := range w.draft(t, "forum").Panels {
			titles[p.Title["fr"]] = p.Title
		}
		if diff := cmp.Diff(agenda.Text{"fr": "Deux"}, titles["Deux"]); diff != "" {
			t.Error(diff)
		}
	})
}

// A panel that organizers cancelled stays so when its source loses it and has it again; so does one that has no time.
func TestImportRestoresWhatItCancelled(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		untimed := source.Item{Key: "id 9", Title: in("Untimed")}
		p.Items = append(p.Items[:1:1], p.Items[2], untimed)
		w.take(t, p, app.ImportOptions{})
		must[app.PanelResult](t)(w.CancelPanel(context.Background(), operator, "forum", app.Match{Any: true}, w.panel(t, "Other").ID, true, nil))
		less := p
		less.Items = p.Items[:1]
		wantLines(t, "changes", []string{"cancelled Untimed:"}, changes(w.take(t, less, app.ImportOptions{})))
		r := w.take(t, p, app.ImportOptions{})
		wantLines(t, "changes", []string{"restored Untimed:"}, changes(r))
		if !w.panel(t, "Other").Cancelled || len(r.Findings) != 1 || r.Findings[0].Rule != source.StaysCancelled {
			t.Errorf("it takes place again: %+v", r.Findings)
		}
	})
}

// Whom organizers added to a panel stays, also when the source knows them from elsewhere.
func TestImportKeepsAddedSpeakers(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		w.take(t, p, app.ImportOptions{})
		ann := w.panel(t, "Opening").Speakers[0]
		w.edit(t, "forum", w.panel(t, "Other"), func(p *agenda.Panel) {
			p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: ann.PersonID, Role: agenda.Moderator, Status: agenda.Invited})
		})
		p.Items[2].Speakers = []source.Speaker{{Person: "bob", Role: agenda.Panelist}}
		w.take(t, p, app.ImportOptions{})
		now := w.panel(t, "Other").Speakers
		if len(now) != 2 || now[0].Role != agenda.Panelist || now[1].PersonID != ann.PersonID {
			t.Errorf("the speakers are %+v", now)
		}
	})
}

// Talks that organizers took out, put into another order or moved with their panel stay as they are.
func TestImportKeepsTalks(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		p.Items[1].Talks = append(p.Items[1].Talks, item("id 2c", "Third talk", "", "11:20", "11:40"))
		w.take(t, p, app.ImportOptions{})
		w.edit(t, "forum", w.panel(t, "Panel"), func(p *agenda.Panel) {
			p.Interventions = []agenda.Intervention{p.Interventions[2], {Title: agenda.Text{"en": "Ours"}}, p.Interventions[1]}
			p.Slot.Start.Wall, p.Slot.End.Wall = "2026-05-12T14:00", "2026-05-12T16:00"
		})
		titles := func() []string {
			var list []string
			for _, v := range w.panel(t, "Panel").Interventions {
				list = append(list, v.Title["en"])
			}
			return list
		}
		wantLines(t, "changes", nil, changes(w.take(t, p, app.ImportOptions{})))
		wantLines(t, "talks", []string{"Third talk", "Ours", "Second talk"}, titles())
		p.Items[1].Talks = slices.Clone(p.Items[1].Talks)
		p.Items[1].Talks[1].Start = clock("10:50")
		w.take(t, p, app.ImportOptions{})
		if second := w.panel(t, "Panel").Interventions[2]; second.Offset == nil || *second.Offset != 50 {
			t.Errorf("the second talk is %+v", second)
		}
		// In another order of the file, what organizers added comes last.
		p.Items[1].Talks = append(p.Items[1].Talks[1:], item("id 2d", "Fourth talk", "", "11:40", "12:00"))
		w.take(t, p, app.ImportOptions{})
		wantLines(t, "talks", []string{"Second talk", "Third talk", "Fourth talk", "Ours"}, titles())
		// A talk that was gone from the file is back; one that organizers took out stays out.
		all := p.Items[1].Talks
		p.Items[1].Talks = all[1:]
		w.take(t, p, app.ImportOptions{})
		p.Items[1].Talks = append(all[:len(all):len(all)], item("id 2a", "First talk", "", "10:00", "10:40", "ann"))
		w.take(t, p, app.ImportOptions{})
		wantLines(t, "talks", []string{"Second talk", "Third talk", "Fourth talk", "Ours"}, titles())
	})
}

// A source that has a panel for the first time takes away nothing of which it says nothing; one that takes something back does.
func TestImportOfWhatIsNotSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		p := conference()
		p.People[0].PhotoURL, p.People[0].Email = "https://x.example/ann.png", "ann@x.example"
		w.take(t, p, app.ImportOptions{})
		bare := source.Programme{Format: source.CSV, Items: []source.Item{{Key: "1", GUID: itemGUID, Title: in("Opening")}}}
		wantLines(t, "changes", nil, changes(w.take(t, bare, app.ImportOptions{})))
		p.People[0].PhotoURL, p.People[0].Email, p.People[0].Country = "", "", ""
		w.take(t, p, app.ImportOptions{})
		people := w.draft(t, "forum").People
		ann := people[slices.IndexFunc(people, func(p agenda.Person) bool { return p.Name == "Ann Lee" })]
		if ann.PhotoURL != "" || ann.Email != "" || ann.Country != "" {
			t.Errorf("Ann is %+v", ann)
		}
	})
}

// Times that name no zone say something else once they are read in another one.
func TestImportWithAnotherZone(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.take(t, conference(), app.ImportOptions{})
		r := w.take(t, conference(), app.ImportOptions{Zone: "Asia/Tokyo"})
		wantLines(t, "changes", []string{"moved Opening: start, end", "moved Panel: start, end", "moved Other: start, end"}, sortedBy(changes(r), "Opening", "Panel", "Other"))
		if got := w.panel(t, "Opening").Slot.Start.Wall.Clock(); got != "07:00" {
			t.Errorf("the opening is at %s by the clock in Hà Nội", got)
		}
	})
}
