package agenda

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDiffDetails looks only at what the sentences say after the place.
func TestDiffDetails(t *testing.T) {
	talk := func(title string, people ...ID) Intervention {
		v := Intervention{Title: Text{"en": title}, Minutes: 10}
		for _, p := range people {
			v.Speakers = append(v.Speakers, Speaker{p, Presenter, Confirmed})
		}
		return v
	}
	tests := map[string]struct {
		before, after func(p *Panel)
		words         [3]string
	}{
		"speakers in another order": {
			func(p *Panel) { p.Speakers = []Speaker{{"hung", Chair, Confirmed}, {"anna", Panelist, Confirmed}} },
			func(p *Panel) { p.Speakers = []Speaker{{"anna", Panelist, Confirmed}, {"hung", Chair, Confirmed}} },
			[3]string{"speakers in a different order", "ordre des participants modifié", "thay đổi thứ tự diễn giả"}},
		"two speakers leave": {
			func(p *Panel) { p.Speakers = []Speaker{{"hung", Host, Confirmed}, {"anna", Rapporteur, Confirmed}} },
			func(p *Panel) { p.Speakers = nil },
			[3]string{"no longer take part: Nguyễn Mạnh Hùng (host), Anna Schmidt (rapporteur)",
				"ne participent plus␣: Nguyễn Mạnh Hùng (accueil), Anna Schmidt (rapport)",
				"không còn tham gia: Nguyễn Mạnh Hùng (chủ trì), Anna Schmidt (báo cáo tổng hợp)"}},
		"one speaker in two roles loses one": {
			func(p *Panel) { p.Speakers = []Speaker{{"hung", Chair, Confirmed}, {"hung", Interpreter, Confirmed}} },
			func(p *Panel) { p.Speakers = []Speaker{{"hung", Chair, Confirmed}} },
			[3]string{"no longer takes part: Nguyễn Mạnh Hùng (interpreter)", "ne participe plus␣: Nguyễn Mạnh Hùng (interprétation)",
				"không còn tham gia: Nguyễn Mạnh Hùng (phiên dịch)"}},
		"abstract rewritten": {func(p *Panel) { p.Abstract = Text{"en": "a"} }, func(p *Panel) { p.Abstract = Text{"en": "b"} },
			[3]string{"abstract: updated", "résumé␣: mis à jour", "tóm tắt: đã cập nhật"}},
		"abstract translated": {func(p *Panel) { p.Abstract = Text{"en": "a"} }, func(p *Panel) { p.Abstract = Text{"en": "a", "fr": "b"} },
			[3]string{"abstract: translation updated (fr)", "résumé␣: mis à jour", "tóm tắt: đã cập nhật bản dịch (fr)"}},
		"abstract removed": {func(p *Panel) { p.Abstract = Text{"en": "a"} }, func(p *Panel) {},
			[3]string{"abstract: removed", "résumé␣: supprimé", "tóm tắt: đã bỏ"}},
		"interventions added": {func(p *Panel) {}, func(p *Panel) { p.Interventions = []Intervention{talk("X"), talk("Y")} },
			[3]string{"new interventions: “X”, “Y”", "nouvelles interventions␣: «⍽X⍽», «⍽Y⍽»", "thêm các tham luận: “X”, “Y”"}},
		"intervention removed": {func(p *Panel) { p.Interventions = []Intervention{talk("X"), talk("Y")} },
			func(p *Panel) { p.Interventions = []Intervention{talk("Y")} },
			[3]string{"intervention removed: “X”", "intervention retirée␣: «⍽X⍽»", "bỏ tham luận: “X”"}},
		"intervention renamed": {func(p *Panel) { p.Interventions = []Intervention{talk("X")} },
			func(p *Panel) { p.Interventions = []Intervention{talk("Y")} },
			[3]string{"intervention: “X” → “Y”", "intervention␣: «⍽X⍽» → «⍽Y⍽»", "tham luận: “X” → “Y”"}},
		"intervention by somebody else": {func(p *Panel) { p.Interventions = []Intervention{talk("X", "hung")} },
			func(p *Panel) { p.Interventions = []Intervention{talk("X", "anna")} },
			[3]string{"interventions: updated", "interventions␣: mises à jour", "tham luận: đã cập nhật"}},
		"another code": {func(p *Panel) {}, func(p *Panel) { p.Code = "NEW" },
			[3]string{"code: C1 → NEW", "code␣: C1 → NEW", "mã: C1 → NEW"}},
		"interpretation ends": {func(p *Panel) { p.Interpretation = []string{"en"} }, func(p *Panel) {},
			[3]string{"interpretation: en → none", "interprétation␣: en → néant", "phiên dịch: en → không có"}},
		"the reason reworded": {func(p *Panel) { p.Cancelled, p.CancelNote = true, Text{"en": "Ill"} },
			func(p *Panel) { p.Cancelled, p.CancelNote = true, Text{"en": "Snow"} },
			[3]string{"reason: “Ill” → “Snow”", "motif␣: «⍽Ill⍽» → «⍽Snow⍽»", "lý do: “Ill” → “Snow”"}},
		"the reason taken back": {func(p *Panel) { p.Cancelled, p.CancelNote = true, Text{"en": "Ill"} },
			func(p *Panel) { p.Cancelled = true },
			[3]string{"reason: “Ill” → none", "motif␣: «⍽Ill⍽» → néant", "lý do: “Ill” → không có"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newForum()
			p, q := f.panel(t, "1", "a", "10:00", "11:00"), f.panel(t, "1", "a", "10:00", "11:00")
			tt.before(&p)
			tt.after(&q)
			got := Diff(&Snapshot{Event: f.event, Rooms: f.rooms, People: f.people, Panels: []*Panel{&p}},
				&Snapshot{Event: f.event, Rooms: f.rooms, People: f.people, Panels: []*Panel{&q}})
			if len(got) != 1 || got[0].Kind != ChangeEdited || len(got[0].Fields) != 1 {
				t.Fatalf("got %+v, want one field edited", got)
			}
			for i, tag := range []string{"en", "fr", "vi"} {
				_, detail, _ := strings.Cut(got[0].Words[tag], ") – ")
				if diff := cmp.Diff(tt.words[i]+".", say(detail)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tag, diff)
				}
			}
		})
	}
}

func BenchmarkDiff(b *testing.B) {
	_, items := crowd(5_000)
	s := &Snapshot{Event: newForum().event}
	for _, item := range items {
		slot := item.Slot
		s.Panels = append(s.Panels, &Panel{ID: item.ID, Code: item.Code, Title: item.Title, Slot: &slot})
	}
	moved := *s
	moved.Event.Zone = "Europe/Berlin"
	for name, next := range map[string]*Snapshot{"same/5000": s, "all moved/5000": &moved} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Diff(s, next)
			}
		})
	}
}
