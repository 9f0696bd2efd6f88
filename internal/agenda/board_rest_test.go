package agenda

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInterpretersRest(t *testing.T) {
	f := newForum()
	f.event.Frame = MeetingFrame{WorkMinutes: 90, RestMinutes: 15}
	f.people = append(f.people, Person{ID: "mai", Name: "Mai", Interprets: []Pair{{"fr", "vi"}}})
	one := f.panel(t, "1", "a", "09:00", "10:00", "mai").Item(nil)
	two := f.meeting(t, "2", "a", "10:10", "10:30", "mai").Item()
	three := f.panel(t, "3", "a", "10:40", "11:00", "mai").Item(nil)
	later := f.panel(t, "4", "a", "11:15", "12:00", "mai").Item(nil)
	b := f.board(one, two, three, later)
	const key = "interpreter_rest/person:mai/panel:1/panel:3"
	for _, tc := range []struct {
		item  Item
		items []ID
	}{{one, []ID{"1", "3"}}, {two, []ID{"2", "1", "3"}}, {three, []ID{"3", "1"}}} {
		got := b.ConflictsOf(tc.item)
		if len(got) != 1 {
			t.Fatalf("%s: %v", tc.item.ID, got)
		}
		var items []ID
		for _, i := range got[0].Items {
			items = append(items, i.ID)
		}
		if c := got[0]; c.Key != key || c.Minutes != 30 || c.Severity != SeverityWarning ||
			c.Message != "Mai interprets for 120 minutes without a break (27 October 09:00–11:00), and may for 90 only: let somebody else relieve them." {
			t.Errorf("%s: %+v", tc.item.ID, c)
		}
		if diff := cmp.Diff(tc.items, items); diff != "" {
			t.Errorf("%s: %s", tc.item.ID, diff)
		}
	}
	if got := b.ConflictsOf(later); got != nil {
		t.Errorf("after a break: %v", got)
	}
	if got := b.Conflicts(); len(got) != 1 || got[0].Key != key {
		t.Errorf("all: %v", got)
	}
	alone := f.panel(t, "5", "a", "13:00", "15:00", "mai").Item(nil)
	if got := b.ConflictsOf(alone); len(got) != 1 || got[0].Key != "interpreter_rest/person:mai/panel:5" || got[0].Minutes != 30 {
		t.Errorf("one that is too long by itself: %v", got)
	}
	alone.Holds[1].Resource.ID = "anna" // is no interpreter
	if got := b.ConflictsOf(alone); got != nil {
		t.Errorf("somebody else: %v", got)
	}
}

func TestInterpreterNone(t *testing.T) {
	f := newForum()
	f.people[0].Languages, f.people[1].Languages = []string{"vi", "en"}, []string{"fr-CA"}
	f.people = append(f.people, Person{ID: "mai", Interprets: []Pair{{"fr", "vi"}}}, Person{ID: "lan", Interprets: []Pair{{"de", "vi"}}},
		Person{ID: "tam", Languages: []string{"fr", "en"}}, Person{ID: "who"})
	for _, tc := range []struct {
		name  string
		asked []string
		who   ID
		want  []string
	}{
		{"nobody", nil, "", []string{"fr-CA", "vi"}},
		{"the one who can", nil, "mai", nil},
		{"one who can't", nil, "lan", []string{"fr-CA", "vi"}},
		{"one who speaks both", nil, "tam", nil},
		{"one of whom nothing is known", nil, "who", nil},
		{"another language of the delegation", []string{"es"}, "mai", []string{"es", "vi"}},
		{"one in common", []string{"fr", "vi"}, "", nil},
	} {
		m := f.meeting(t, "1", "t1", "10:00", "10:30", "hung", "anna")
		m.Sides[1].Languages = tc.asked
		if tc.who != "" {
			m.Sides[1].Delegates = append(m.Sides[1].Delegates, Delegate{tc.who, DelegateInterpreter, NeedsAction})
		}
		var got []string
		for _, c := range f.board().ConflictsOf(m.Item()) {
			if c.Kind != InterpreterNone || c.Key != "interpreter_none/meeting:1" {
				t.Errorf("%s: %+v", tc.name, c)
			}
			got = c.Languages
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
		if tc.want == nil && tc.who != "" {
			last := len(m.Sides[1].Delegates) - 1
			if m.Sides[1].Delegates[last].Answer = DeclinedIt; len(f.board().ConflictsOf(m.Item())) != 1 {
				t.Errorf("%s: who declined still interprets", tc.name)
			}
		}
	}
}

func TestPairs(t *testing.T) {
	for _, s := range []string{"", "fr", "fr/", "fr/fr", "fr/fr-CA", "fr/vi/en", "français/vi"} {
		if p, err := ParsePair(s); err == nil {
			t.Errorf("%q is read as %v", s, p)
		}
	}
	if p, err := ParsePair("vi/fr"); err != nil || p != NewPair("fr", "vi") || p.String() != "fr/vi" {
		t.Errorf("%v, %v", p, err)
	}
	p := Person{Name: "Mai", Interprets: []Pair{{"vi", "fr"}, {"en", "vi"}, {"en", "vi"}, {"en", ""}}, Buffer: Buffer{-1, MaxBuffer + 1}}
	var f Faults
	f.Merge("", p.Check())
	var at []string
	for _, fault := range f {
		at = append(at, fault.Pointer)
	}
	if diff := cmp.Diff([]string{"/interprets/0", "/interprets/2", "/interprets/3", "/buffer_before", "/buffer_after"}, at); diff != "" {
		t.Error(diff)
	}
}
