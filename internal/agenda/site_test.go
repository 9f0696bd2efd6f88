package agenda

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSite(t *testing.T) {
	s := Site{Base: "https://a.example", Slug: "forum"}
	got := []string{s.Page(), s.Agenda(), s.Calendar(), s.Changes(), s.ChangesFeed(), s.Schedule(), s.ScheduleJSON(),
		s.GiggityEntry(), s.Panel("ABC"), s.PanelCalendar("p"), s.TrackCalendar("t"), s.RoomCalendar("r"), s.Speaker("p"), s.SpeakerCalendar("p"), s.Release(7)}
	want := []string{"", "agenda.json", "agenda.ics", "changes.json", "changes.atom", "schedule.xml", "schedule.json", "giggity.json",
		"panels/ABC", "panels/p.ics", "tracks/t.ics", "rooms/r.ics", "speakers/p", "speakers/p.ics", "releases/7/agenda.json"}
	for i := range want {
		want[i] = "https://a.example/forum/" + want[i]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCleanTidiesEachText(t *testing.T) {
	r, x := Room{Name: Text{"en": " a "}, Description: Text{"en": " "}}, Track{Name: Text{"en": " a "}, Description: Text{"en": " "}}
	r.Clean()
	x.Clean()
	p := Person{Name: " a\r\n", Email: " a@b.c ", Notes: " b ", Honorific: Text{"en": " "}, JobTitle: Text{"en": " c "},
		Organization: Text{"en": "d\r"}, Bio: Text{"vi": ""}}
	p.Clean()
	m := Meeting{Topic: Text{"en": " a "}, Notes: " b ", Sides: [2]Delegation{{Name: Text{"en": " c "}}, {Name: Text{"en": " "}}}}
	m.Clean()
	got := []any{r.Name, r.Description, x.Name, x.Description, p.Name, p.Email, p.Notes, p.Honorific, p.JobTitle, p.Organization,
		p.Bio, m.Topic, m.Notes, m.Sides[0].Name, m.Sides[1].Name}
	want := []any{Text{"en": "a"}, Text{}, Text{"en": "a"}, Text{}, "a", "a@b.c", "b", Text{}, Text{"en": "c"}, Text{"en": "d"},
		Text{}, Text{"en": "a"}, "b", Text{"en": "c"}, Text{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
