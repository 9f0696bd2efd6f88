package agenda

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// released gives a Snapshot of these Panels, of a forum with its people.
func (f *forum) released(panels ...Panel) *Snapshot {
	s := NewSnapshot(Draft{Event: f.event, Rooms: f.rooms, People: f.people, Panels: panels}, nil)
	return &s
}

func TestTouched(t *testing.T) {
	f := newForum()
	with := func(p Panel, change func(*Panel)) Panel {
		p.Speakers = append([]Speaker{}, p.Speakers...)
		change(&p)
		return p
	}
	talk := f.panel(t, "1", "a", "10:00", "11:00", "hung", "anna")
	moved := f.panel(t, "1", "b", "10:00", "11:00", "hung", "anna")
	tests := map[string]struct {
		old, next *Snapshot
		want      []string
	}{
		"first":   {nil, f.released(talk), []string{"Anna Schmidt joins 1", "Nguyễn Mạnh Hùng joins 1"}},
		"moved":   {f.released(talk), f.released(moved), []string{"Anna Schmidt moved 1", "Nguyễn Mạnh Hùng moved 1"}},
		"removed": {f.released(talk), f.released(), []string{"Anna Schmidt removed 1", "Nguyễn Mạnh Hùng removed 1"}},
		"cancelled": {f.released(talk), f.released(with(talk, func(p *Panel) { p.Cancelled = true })),
			[]string{"Anna Schmidt cancelled 1", "Nguyễn Mạnh Hùng cancelled 1"}},
		"restored": {f.released(with(talk, func(p *Panel) { p.Cancelled = true })), f.released(talk),
			[]string{"Anna Schmidt restored 1", "Nguyễn Mạnh Hùng restored 1"}},
		"one for another": {f.released(talk), f.released(with(talk, func(p *Panel) { p.Speakers[1].PersonID = "zoé" })),
			[]string{"Anna Schmidt leaves 1", "Zoé Dupont joins 1"}},
		"another role":       {f.released(talk), f.released(with(talk, func(p *Panel) { p.Speakers[0].Role = Chair })), []string{"Nguyễn Mạnh Hùng role 1"}},
		"another order":      {f.released(talk), f.released(with(talk, func(p *Panel) { p.Speakers[0], p.Speakers[1] = p.Speakers[1], p.Speakers[0] })), nil},
		"another title":      {f.released(talk), f.released(with(talk, func(p *Panel) { p.Title = Text{"en": "New"} })), []string{"Anna Schmidt edited 1", "Nguyễn Mạnh Hùng edited 1"}},
		"not confirmed":      {f.released(talk), f.released(with(talk, func(p *Panel) { p.Speakers[1].Status = Declined })), []string{"Anna Schmidt leaves 1"}},
		"in an intervention": {f.released(), f.released(with(f.panel(t, "2", "a", "10:00", "11:00"), func(p *Panel) { p.Interventions = []Intervention{{Speakers: talk.Speakers[:1]}} })), []string{"Nguyễn Mạnh Hùng joins 2"}},
	}
	for name, tt := range tests {
		var got []string
		for _, touch := range Touched(tt.old, tt.next, Diff(tt.old, tt.next)) {
			got = append(got, fmt.Sprint(touch.Person.Name, " ", touch.Kind, " ", touch.Panel))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestChangeDetail(t *testing.T) {
	f := newForum()
	talk, moved := f.panel(t, "1", "a", "10:00", "11:00"), f.panel(t, "1", "b", "10:30", "11:30")
	off := talk
	off.Cancelled, off.CancelNote = true, Text{"en": "Storm"}
	tests := map[string]struct {
		old, next *Snapshot
		want      map[string]string
	}{
		"added":     {nil, f.released(talk), map[string]string{"en": "Monday 27 October 2025, 10:00–11:00, Hall A", "vi": "thứ Hai, ngày 27/10/2025, 10:00–11:00, Hội trường A"}},
		"moved":     {f.released(talk), f.released(moved), map[string]string{"fr": "lundi 27 octobre 2025, 10:00–11:00, Hall A → 10:30–11:30, Hall B"}},
		"cancelled": {f.released(talk), f.released(off), map[string]string{"en": "Monday 27 October 2025, 10:00–11:00, Hall A – reason: “Storm”"}},
	}
	for name, tt := range tests {
		for lang, want := range tt.want {
			if got := Diff(tt.old, tt.next)[0].Detail(f.event, lang); got != want {
				t.Errorf("%s in %s: %q, want %q", name, lang, got, want)
			}
		}
	}
}

func TestBareShowsTheSame(t *testing.T) {
	f := newForum()
	one := f.released(f.panel(t, "1", "a", "10:00", "11:00", "hung"))
	two := f.released(f.panel(t, "1", "a", "10:00", "11:00", "hung"))
	two.Event.Revision, two.Rooms[0].Updated, two.People[0].Revision, two.Panels[0].Revision = 7, time.Unix(9, 0), 3, 4
	if diff := cmp.Diff(one.Bare(), two.Bare(), unindexed); diff != "" {
		t.Error(diff)
	}
	if two.Panels[0].Revision != 4 {
		t.Error("the snapshot itself was changed")
	}
}

func TestUntranslated(t *testing.T) {
	f := newForum() // in English and Vietnamese; of it, the names of the event and of two halls are in English alone
	p := f.panel(t, "1", "a", "10:00", "11:00")
	p.Title, p.Abstract, p.CancelNote = Text{"en": "One", "vi": "Một"}, Text{"vi": "Tóm tắt"}, Text{"en": "said of none that is cancelled"}
	if diff := cmp.Diff(map[string]int{"vi": 3, "en": 1}, f.released(p).Untranslated()); diff != "" {
		t.Error(diff)
	}
}
