package agenda

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// published gives a Snapshot of two Panels and a lunch.
func published(t testing.TB) *Snapshot {
	t.Helper()
	f := newForum()
	opening := f.panel(t, "1", "a", "10:00", "11:30", "hung")
	opening.Title = Text{"en": "Opening", "fr": "Ouverture", "vi": "Khai mạc"}
	opening.Speakers[0].Role = Moderator
	opening.TrackID = "green"
	second := f.panel(t, "2", "b", "2025-10-28T09:00", "2025-10-28T10:00", "anna")
	lunch := f.panel(t, "3", "", "12:00", "13:00")
	lunch.AllRooms, lunch.Format = true, FormatBreak
	return &Snapshot{Event: f.event, Rooms: f.rooms, People: f.people,
		Tracks: []Track{{ID: "green", Name: Text{"en": "Green growth", "vi": "Tăng trưởng xanh"}}},
		Panels: []*Panel{&opening, &lunch, &second}}
}

func (s *Snapshot) edit(id ID, change func(p *Panel)) {
	for _, p := range s.Panels {
		if p.ID == id {
			change(p)
		}
	}
}

// say marks no-break spaces, which one can't see.
func say(s string) string { return strings.NewReplacer("\u202f", "⍽", "\u00a0", "␣").Replace(s) }

var offset5 = 5

// differences are edits of what is published, and what they give.
var differences = map[string]struct {
	edit   func(t testing.TB, s *Snapshot)
	kind   ChangeKind
	fields []FieldChange
	words  [3]string // en, fr, vi; "⍽" is a narrow no-break space, "␣" a wide one
}{
	"nothing": {func(testing.TB, *Snapshot) {}, "", nil, [3]string{}},
	"what nobody sees": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) {
			p.Revision, p.Interpretation, p.Abstract, p.CancelNote = 9, []string{}, Text{}, Text{"en": "x"}
		})
	}, "", nil, [3]string{}},
	"moved in time": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) { p.Slot = slot(t, hanoi, "a", "2025-10-27T14:00", "2025-10-27T15:30") })
	}, ChangeMoved, []FieldChange{{"start", "2025-10-27T10:00:00+07:00", "2025-10-27T14:00:00+07:00"},
		{"end", "2025-10-27T11:30:00+07:00", "2025-10-27T15:30:00+07:00"}}, [3]string{
		"Moved: “Opening” – Monday 27 October 2025, 10:00–11:30, Hall A → 14:00–15:30, Hall A.",
		"Changement d’horaire ou de salle␣: «⍽Ouverture⍽» – lundi 27 octobre 2025, 10:00–11:30, Hall A → 14:00–15:30, Hall A.",
		"Đổi giờ hoặc phòng: “Khai mạc” – thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A → 14:00–15:30, Hội trường A."}},
	"moved to another day and room": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) { p.Slot = slot(t, hanoi, "b", "2025-11-01T14:00", "2025-11-01T15:30") })
	}, ChangeMoved, []FieldChange{{"start", "2025-10-27T10:00:00+07:00", "2025-11-01T14:00:00+07:00"},
		{"end", "2025-10-27T11:30:00+07:00", "2025-11-01T15:30:00+07:00"},
		{"room", Text{"en": "Hall A", "vi": "Hội trường A"}, Text{"en": "Hall B"}}}, [3]string{
		"Moved: “Opening” – Monday 27 October 2025, 10:00–11:30, Hall A → Saturday 1 November 2025, 14:00–15:30, Hall B.",
		"Changement d’horaire ou de salle␣: «⍽Ouverture⍽» – lundi 27 octobre 2025, 10:00–11:30, Hall A → samedi 1er novembre 2025, 14:00–15:30, Hall B.",
		"Đổi giờ hoặc phòng: “Khai mạc” – thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A → thứ Bảy, ngày 1/11/2025, 14:00–15:30, Hall B."}},
	"moved to all rooms": {func(t testing.TB, s *Snapshot) { s.edit("1", func(p *Panel) { p.AllRooms, p.Slot.RoomID = true, "" }) },
		ChangeMoved, []FieldChange{{"room", Text{"en": "Hall A", "vi": "Hội trường A"}, Text{}}, {"all_rooms", false, true}}, [3]string{
			"Moved: “Opening” – Monday 27 October 2025, 10:00–11:30, Hall A → all rooms.",
			"Changement d’horaire ou de salle␣: «⍽Ouverture⍽» – lundi 27 octobre 2025, 10:00–11:30, Hall A → toutes les salles.",
			"Đổi giờ hoặc phòng: “Khai mạc” – thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A → tất cả các phòng."}},
	"longer, past a day": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) { p.Slot.End = at(t, hanoi, "2025-10-28T12:00") })
	}, ChangeMoved, []FieldChange{{"end", "2025-10-27T11:30:00+07:00", "2025-10-28T12:00:00+07:00"}}, [3]string{
		"Moved: “Opening” – Monday 27 October 2025, 10:00–11:30, Hall A → 10:00 – Tuesday 28 October 2025, 12:00, Hall A.",
		"Changement d’horaire ou de salle␣: «⍽Ouverture⍽» – lundi 27 octobre 2025, 10:00–11:30, Hall A → 10:00 – mardi 28 octobre 2025, 12:00, Hall A.",
		"Đổi giờ hoặc phòng: “Khai mạc” – thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A → 10:00 – thứ Ba, ngày 28/10/2025, 12:00, Hội trường A."}},
	"cancelled": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) {
			p.Cancelled, p.CancelNote = true, Text{"en": "Bad weather", "fr": "Intempéries", "vi": "Thời tiết xấu"}
		})
	}, ChangeCancelled, []FieldChange{{"cancelled", false, true},
		{"cancel_note", Text{}, Text{"en": "Bad weather", "fr": "Intempéries", "vi": "Thời tiết xấu"}}}, [3]string{
		"Cancelled: “Opening” (Monday 27 October 2025, 10:00–11:30, Hall A) – reason: “Bad weather”.",
		"Annulation␣: «⍽Ouverture⍽» (lundi 27 octobre 2025, 10:00–11:30, Hall A) – motif␣: «⍽Intempéries⍽».",
		"Hủy: “Khai mạc” (thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A) – lý do: “Thời tiết xấu”."}},
	"a speaker replaced": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) { p.Speakers = []Speaker{{"zoé", Moderator, Confirmed}} })
	}, ChangeEdited, []FieldChange{{"speakers", []string{"moderator: Nguyễn Mạnh Hùng"}, []string{"moderator: Zoé Dupont"}}}, [3]string{
		"Changed: “Opening” (Monday 27 October 2025, 10:00–11:30, Hall A) – speaker: Nguyễn Mạnh Hùng (moderator) → Zoé Dupont (moderator).",
		"Modification␣: «⍽Ouverture⍽» (lundi 27 octobre 2025, 10:00–11:30, Hall A) – participation␣: Nguyễn Mạnh Hùng (modération) → Zoé Dupont (modération).",
		"Thay đổi: “Khai mạc” (thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A) – diễn giả: Nguyễn Mạnh Hùng (điều phối) → Zoé Dupont (điều phối)."}},
	"two speakers more": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) {
			p.Speakers = append(p.Speakers, Speaker{"zoé", Chair, Confirmed}, Speaker{"anna", Panelist, Confirmed})
		})
	}, ChangeEdited, []FieldChange{{"speakers", []string{"moderator: Nguyễn Mạnh Hùng"},
		[]string{"moderator: Nguyễn Mạnh Hùng", "chair: Zoé Dupont", "panelist: Anna Schmidt"}}}, [3]string{
		"Changed: “Opening” (Monday 27 October 2025, 10:00–11:30, Hall A) – new speakers: Zoé Dupont (chair), Anna Schmidt (panelist).",
		"Modification␣: «⍽Ouverture⍽» (lundi 27 octobre 2025, 10:00–11:30, Hall A) – participent désormais␣: Zoé Dupont (présidence), Anna Schmidt (panel).",
		"Thay đổi: “Khai mạc” (thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A) – thêm các diễn giả: Zoé Dupont (chủ tọa), Anna Schmidt (thảo luận)."}},
	"a speaker less": {func(t testing.TB, s *Snapshot) { s.edit("2", func(p *Panel) { p.Speakers = nil }) },
		ChangeEdited, []FieldChange{{"speakers", []string{"speaker: Anna Schmidt"}, []string{}}}, [3]string{
			"Changed: “Talk 2” (Tuesday 28 October 2025, 09:00–10:00, Hall B) – no longer takes part: Anna Schmidt (speaker).",
			"Modification␣: «⍽Talk 2⍽» (mardi 28 octobre 2025, 09:00–10:00, Hall B) – ne participe plus␣: Anna Schmidt (exposé).",
			"Thay đổi: “Talk 2” (thứ Ba, ngày 28/10/2025, 09:00–10:00, Hall B) – không còn tham gia: Anna Schmidt (trình bày)."}},
	"a room renamed": {func(t testing.TB, s *Snapshot) {
		s.Rooms = append([]Room(nil), s.Rooms...)
		s.Rooms[0].Name = Text{"en": "Grand Hall", "vi": "Hội trường lớn"}
	}, ChangeEdited, []FieldChange{{"room_name", Text{"en": "Hall A", "vi": "Hội trường A"}, Text{"en": "Grand Hall", "vi": "Hội trường lớn"}}}, [3]string{
		"Changed: “Opening” (Monday 27 October 2025, 10:00–11:30, Grand Hall) – room renamed: Hall A → Grand Hall.",
		"Modification␣: «⍽Ouverture⍽» (lundi 27 octobre 2025, 10:00–11:30, Grand Hall) – salle renommée␣: Hall A → Grand Hall.",
		"Thay đổi: “Khai mạc” (thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường lớn) – đổi tên phòng: Hội trường A → Hội trường lớn."}},
	"several at once": {func(t testing.TB, s *Snapshot) {
		s.edit("1", func(p *Panel) {
			p.Title = Text{"en": "Opening ceremony", "fr": "Ouverture", "vi": "Lễ khai mạc"}
			p.Slot.RoomID, p.TrackID, p.Format, p.Number = "b", "", FormatCeremony, 1
			p.Abstract, p.Language, p.Interpretation = Text{"en": "Long"}, "vi", []string{"en", "fr"}
			p.StreamURL = "https://example.org/live"
			p.Interventions = []Intervention{{Title: Text{"en": "Welcome"}, Offset: &offset5, Minutes: 10,
				Speakers: []Speaker{{"anna", Presenter, Confirmed}}}}
		})
	}, ChangeMoved, []FieldChange{
		{"title", Text{"en": "Opening", "fr": "Ouverture", "vi": "Khai mạc"}, Text{"en": "Opening ceremony", "fr": "Ouverture", "vi": "Lễ khai mạc"}},
		{"room", Text{"en": "Hall A", "vi": "Hội trường A"}, Text{"en": "Hall B"}},
		{"track", Text{"en": "Green growth", "vi": "Tăng trưởng xanh"}, Text{}},
		{"format", "talk", "ceremony"}, {"number", 0, 1}, {"abstract", Text{}, Text{"en": "Long"}}, {"language", "", "vi"},
		{"interpretation", []string{}, []string{"en", "fr"}}, {"stream_url", "", "https://example.org/live"},
		{"interventions", []map[string]any{}, []map[string]any{{"title": Text{"en": "Welcome"}, "abstract": Text{}, "offset": 5,
			"minutes": 10, "speakers": []string{"speaker: Anna Schmidt"}}}}}, [3]string{
		"Moved: “Opening ceremony” – Monday 27 October 2025, 10:00–11:30, Hall A → Hall B; title: “Opening” → “Opening ceremony”; track: Green growth → none; format: Talk → Ceremony; number: none → 1; abstract: added; language: none → vi; interpretation: none → en, fr; live stream: none → https://example.org/live; new intervention: “Welcome”.",
		"Changement d’horaire ou de salle␣: «⍽Ouverture⍽» – lundi 27 octobre 2025, 10:00–11:30, Hall A → Hall B⍽; titre␣: traductions mises à jour (en, vi)⍽; thème␣: Green growth → néant⍽; format␣: Conférence → Cérémonie⍽; numéro␣: néant → 1⍽; résumé␣: ajouté⍽; langue␣: néant → vi⍽; interprétation␣: néant → en, fr⍽; diffusion en direct␣: néant → https://example.org/live⍽; nouvelle intervention␣: «⍽Welcome⍽».",
		"Đổi giờ hoặc phòng: “Lễ khai mạc” – thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A → Hall B; tiêu đề: “Khai mạc” → “Lễ khai mạc”; chủ đề: Tăng trưởng xanh → không có; hình thức: Bài trình bày → Nghi lễ; số: không có → 1; tóm tắt: đã bổ sung; ngôn ngữ: không có → vi; phiên dịch: không có → en, fr; phát trực tiếp: không có → https://example.org/live; thêm tham luận: “Welcome”."}},
}

func TestDiff(t *testing.T) {
	for name, tt := range differences {
		t.Run(name, func(t *testing.T) {
			old, next := published(t), published(t)
			tt.edit(t, next)
			got := Diff(old, next)
			if tt.kind == "" {
				if len(got) != 0 {
					t.Errorf("got %+v, want no change", got)
				}
				return
			}
			if len(got) != 1 || got[0].Kind != tt.kind {
				t.Fatalf("got %+v, want one change: %s", got, tt.kind)
			}
			if diff := cmp.Diff(tt.fields, got[0].Fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			for i, tag := range []string{"en", "fr", "vi"} {
				if diff := cmp.Diff(tt.words[i], say(got[0].Words[tag])); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tag, diff)
				}
			}
			if _, err := json.Marshal(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDiffOfWholePanels(t *testing.T) {
	s := published(t)
	s.edit("2", func(p *Panel) { p.Cancelled = true })
	var got []string
	for _, c := range Diff(nil, s) {
		got = append(got, string(c.Kind)+" "+c.Code+" "+c.Words["en"], say(c.Words["fr"]), c.Words["vi"])
		if c.Fields != nil {
			t.Errorf("%s has fields: %v", c.Code, c.Fields)
		}
	}
	want := []string{
		"added C1 Added: “Opening” (Monday 27 October 2025, 10:00–11:30, Hall A).",
		"Ajout␣: «⍽Ouverture⍽» (lundi 27 octobre 2025, 10:00–11:30, Hall A).",
		"Bổ sung: “Khai mạc” (thứ Hai, ngày 27/10/2025, 10:00–11:30, Hội trường A).",
		"added C3 Added: “Talk 3” (Monday 27 October 2025, 12:00–13:00, all rooms).",
		"Ajout␣: «⍽Talk 3⍽» (lundi 27 octobre 2025, 12:00–13:00, toutes les salles).",
		"Bổ sung: “Talk 3” (thứ Hai, ngày 27/10/2025, 12:00–13:00, tất cả các phòng).",
		"added C2 Added: “Talk 2” (Tuesday 28 October 2025, 09:00–10:00, Hall B) – cancelled.",
		"Ajout␣: «⍽Talk 2⍽» (mardi 28 octobre 2025, 09:00–10:00, Hall B) – annulation.",
		"Bổ sung: “Talk 2” (thứ Ba, ngày 28/10/2025, 09:00–10:00, Hall B) – đã hủy.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	gone := Diff(s, &Snapshot{Event: s.Event, Rooms: s.Rooms})
	if len(gone) != 3 || gone[0].Kind != ChangeRemoved || gone[0].Title["fr"] != "Ouverture" {
		t.Errorf("got %+v, want three removed", gone)
	}
	if diff := cmp.Diff("Retrait du programme␣: «⍽Ouverture⍽» (lundi 27 octobre 2025, 10:00–11:30, Hall A).", say(gone[0].Words["fr"])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(Diff(s, nil)); n != 3 {
		t.Errorf("nothing next gives %d changes, want three removed", n)
	}
	if Diff(nil, nil) == nil || len(Diff(nil, nil)) != 0 {
		t.Error("no change is an empty list")
	}
}

func TestDiffSortsAndRestores(t *testing.T) {
	old, next := published(t), published(t)
	old.edit("2", func(p *Panel) { p.Cancelled, p.CancelNote = true, Text{"en": "Ill"} })
	next.edit("1", func(p *Panel) { p.Slot = slot(t, hanoi, "a", "2025-10-28T09:00", "2025-10-28T10:00") })
	next.edit("3", func(p *Panel) { p.Slot.RoomID = "a" })
	added := newForum().panel(t, "0", "t1", "2025-10-28T09:00", "2025-10-28T10:00")
	next.Panels = append(next.Panels, &added)
	var got []string
	for _, c := range Diff(old, next) {
		got = append(got, string(c.Kind)+" "+c.Code)
	}
	if diff := cmp.Diff([]string{"moved C3", "added C0", "moved C1", "restored C2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	restored := Diff(old, next)[3].Words["en"]
	want := "Takes place after all: “Talk 2” (Tuesday 28 October 2025, 09:00–10:00, Hall B)."
	if diff := cmp.Diff(want, restored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDiffOfAnotherZone(t *testing.T) {
	old, next, same := published(t), published(t), published(t)
	next.Event.Zone, same.Event.Zone = "Europe/Berlin", "Asia/Bangkok"
	for _, p := range next.Panels {
		moved, err := p.Slot.Rezone(berlin)
		if err != nil {
			t.Fatal(err)
		}
		p.Slot = &moved
	}
	got := Diff(old, next)
	if len(got) != 3 || got[0].Kind != ChangeMoved {
		t.Fatalf("got %+v, want three moved", got)
	}
	want := "Moved: “Opening” – Monday 27 October 2025, 10:00–11:30 (UTC+07:00), Hall A → 10:00–11:30 (UTC+01:00), Hall A."
	if diff := cmp.Diff(want, got[0].Words["en"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	fields := []FieldChange{{"start", "2025-10-27T10:00:00+07:00", "2025-10-27T10:00:00+01:00"},
		{"end", "2025-10-27T11:30:00+07:00", "2025-10-27T11:30:00+01:00"}}
	if diff := cmp.Diff(fields, got[0].Fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Diff(old, same); len(got) != 0 {
		t.Errorf("a zone of the same offset is no change, got %+v", got)
	}
}

func TestWordingIsComplete(t *testing.T) {
	for _, w := range wordings {
		for _, kind := range ChangeKinds {
			if w.heads[kind] == "" {
				t.Errorf("%s has no word for %s", w.tag, kind)
			}
		}
		for _, role := range Roles {
			if w.roles[role] == "" {
				t.Errorf("%s has no word for %s", w.tag, role)
			}
		}
		for field := range english.labels {
			if w.labels[field] == "" {
				t.Errorf("%s has no word for %s", w.tag, field)
			}
		}
		for _, format := range Formats {
			if FormatNames[format][w.tag] == "" {
				t.Errorf("%s has no word for %s", w.tag, format)
			}
		}
	}
}
