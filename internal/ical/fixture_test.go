package ical

import (
	"testing"
	"time"

	"plenary/internal/agenda"
)

var (
	created  = time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC)
	released = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
)

func slotAt(t testing.TB, zone, room, start, end string) *agenda.Slot {
	t.Helper()
	slot, err := agenda.NewSlot(mustZone(t, zone), agenda.ID(room), start, end)
	if err != nil {
		t.Fatal(err)
	}
	return &slot
}

func confirmed(person string, role agenda.Role) agenda.Speaker {
	return agenda.Speaker{PersonID: agenda.ID(person), Role: role, Status: agenda.Confirmed}
}

// forum gives the draft of an Event in Hà Nội with one Panel of each sort.
func forum(t testing.TB) agenda.Draft {
	const zone = "Asia/Ho_Chi_Minh"
	d := agenda.Draft{
		Event: agenda.Event{
			ID: "event", Slug: "vidw-2026", Zone: zone, StartDate: "2026-05-12", EndDate: "2026-05-13",
			Name:      agenda.Text{"en": "Vietnam Digital Week 2026", "fr": "Semaine numérique du Vietnam 2026", "vi": "Tuần lễ Số Việt Nam 2026"},
			Languages: []string{"en", "fr", "vi"},
			Venue: agenda.Venue{
				Name:    agenda.Text{"en": "National Convention Center", "fr": "Centre national des congrès", "vi": "Trung tâm Hội nghị Quốc gia"},
				Address: agenda.Text{"en": "57 Phạm Hùng\nHà Nội"}, Country: "VN", Place: &agenda.Place{Latitude: 21.0065, Longitude: 105.78},
			},
		},
		Rooms: []agenda.Room{
			{ID: "a", Name: agenda.Text{"en": "Hall A", "fr": "Salle A", "vi": "Hội trường A"}, Kind: agenda.RoomHall},
			{ID: "b", Name: agenda.Text{"en": "Hall B; upstairs"}, Kind: agenda.RoomHall},
			{ID: "t1", Name: agenda.Text{"en": "Table 1", "vi": "Bàn 1"}, Kind: agenda.RoomTable},
		},
		Tracks: []agenda.Track{{ID: "data", Name: agenda.Text{"en": "Data, AI, trust", "fr": "Données, IA, confiance", "vi": "Dữ liệu, AI, niềm tin"}}},
		People: []agenda.Person{
			{ID: "hung", Name: "Nguyễn Mạnh Hùng", Honorific: agenda.Text{"en": "H.E.", "fr": "S.E.", "vi": "Ngài"}, Email: "hung@secret.example",
				JobTitle: agenda.Text{"en": "Minister", "fr": "Ministre", "vi": "Bộ trưởng"}, Organization: agenda.Text{"en": "MIC"}, Notes: "vegetarian"},
			{ID: "anna", Name: "Anna Schmidt", Organization: agenda.Text{"en": "European Commission", "fr": "Commission européenne"}, Email: "anna@secret.example"},
			{ID: "zoe", Name: "Zoé Dupont", Email: "zoe@secret.example"},
		},
	}
	offset := 45
	d.Panels = []agenda.Panel{
		{ID: "p1", UID: "p1@forum", Code: "P001", Number: 1, Format: agenda.FormatPanel, TrackID: "data",
			Title:    agenda.Text{"en": "Data without borders", "fr": "Des données sans frontières", "vi": "Dữ liệu không biên giới"},
			Abstract: agenda.Text{"en": "Who owns what?\n\nA debate; questions, answers.", "vi": "Ai sở hữu điều gì?"},
			Slot:     slotAt(t, zone, "a", "2026-05-12T09:00", "2026-05-12T10:30"),
			Language: "en", Interpretation: []string{"vi", "pt-BR", "eo"}, StreamURL: "https://stream.example/live;a,b?c=d e",
			Notes: "internal remark", Speakers: []agenda.Speaker{confirmed("hung", agenda.Moderator), confirmed("anna", agenda.Panelist),
				{PersonID: "zoe", Role: agenda.Panelist, Status: agenda.Invited}},
			Interventions: []agenda.Intervention{
				{Title: agenda.Text{"en": "Opening", "vi": "Khai mạc"}, Minutes: 20, Speakers: []agenda.Speaker{confirmed("hung", agenda.Presenter)}},
				{Title: agenda.Text{"en": "The European view"}, Speakers: []agenda.Speaker{confirmed("anna", agenda.Presenter)}},
				{Title: agenda.Text{"en": "Questions"}},
				{Title: agenda.Text{"en": "Closing"}, Offset: &offset},
			}},
		{ID: "p2", UID: "p2@forum", Code: "P002", Format: agenda.FormatTalk, Title: agenda.Text{"en": "Quantum for all", "vi": "Lượng tử cho mọi người"},
			Cancelled: true, CancelNote: agenda.Text{"en": "The speaker is ill."}, Slot: slotAt(t, zone, "b", "2026-05-12T09:00", "2026-05-12T09:30"),
			Speakers: []agenda.Speaker{confirmed("anna", agenda.Presenter)}},
		{ID: "p3", UID: "p3@forum", Code: "P003", Format: agenda.FormatBreak, Title: agenda.Text{"en": "Lunch", "fr": "Déjeuner", "vi": "Ăn trưa"},
			AllRooms: true, Slot: slotAt(t, zone, "", "2026-05-12T12:00", "2026-05-12T13:30")},
		{ID: "p4", UID: "p4@forum", Code: "P004", Format: agenda.FormatSocial, Title: agenda.Text{"en": "Night of the stars", "vi": "Đêm của những vì sao"},
			Slot: slotAt(t, zone, "a", "2026-05-12T22:00", "2026-05-13T01:30")},
		{ID: "p5", UID: "p5@forum", Code: "P005", Format: agenda.FormatTalk, Title: agenda.Text{"en": "Not scheduled yet"}},
	}
	for i := range d.Panels {
		d.Panels[i].Created = created
	}
	return d
}

// published gives the Snapshot of the draft after a Release.
func published(t testing.TB, d agenda.Draft) *agenda.Snapshot {
	t.Helper()
	s := agenda.NewSnapshot(d, nil)
	return &s
}

// stamped gives the revisions of the Panels of a Snapshot: the first was moved since it was published, the others are new.
func stamped(s *agenda.Snapshot) agenda.Stamps {
	stamps := map[string]agenda.Stamp{}
	for _, p := range s.WithRemoved() {
		stamps[p.UID] = agenda.Stamp{UID: p.UID, Variant: "en", Created: released, Modified: released, Content: "content", Place: "place"}
		if p.ID == "p1" {
			stamps[p.UID] = agenda.Stamp{UID: p.UID, Variant: "en", Sequence: 1, Created: created, Modified: released}
		}
	}
	return agenda.NewStamps(stamps)
}

// parisian gives a Snapshot of an Event in Paris over the end of summer time.
func parisian(t testing.TB) *agenda.Snapshot {
	const zone = "Europe/Paris"
	d := agenda.Draft{
		Event: agenda.Event{ID: "night", Slug: "nuit", Zone: zone, StartDate: "2026-10-24", EndDate: "2026-10-25",
			Name: agenda.Text{"fr": "Nuit des idées"}, Languages: []string{"fr"}},
		Rooms: []agenda.Room{{ID: "a", Name: agenda.Text{"fr": "Salle des fêtes"}, Kind: agenda.RoomHall}},
	}
	for i, times := range [][2]string{
		{"2026-10-24T20:00", "2026-10-24T22:00"},
		{"2026-10-24T23:00", "2026-10-25T05:00"},                   // over the change, both ends clear
		{"2026-10-25T00:30", "2026-10-25T02:15:00+02:00"},          // ends in the first 02:15
		{"2026-10-25T02:15:00+01:00", "2026-10-25T04:00"},          // begins in the second 02:15
		{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"}, // an hour long by the sun, none by the clock
		{"2026-10-25T10:00", "2026-10-25T11:00"},
	} {
		id := string(rune('1' + i))
		d.Panels = append(d.Panels, agenda.Panel{ID: agenda.ID(id), UID: id + "@nuit", Code: "N00" + id, Number: i + 1,
			Format: agenda.FormatRoundtable, Title: agenda.Text{"fr": "Échange"}, Slot: slotAt(t, zone, "a", times[0], times[1])})
	}
	s := agenda.NewSnapshot(d, nil)
	return &s
}

// bilaterals are Meetings of Anna, one of each sort.
func bilaterals(t testing.TB) []Appointment {
	const zone = "Asia/Ho_Chi_Minh"
	meeting := func(id, start, end string, status agenda.MeetingStatus, answer agenda.Answer) Appointment {
		m := agenda.Meeting{ID: agenda.ID(id), UID: id + "@forum", Topic: agenda.Text{"en": "Customs, trade"}, Status: status,
			Notes: "offer no more than 5 %", Slot: slotAt(t, zone, "t1", "2026-05-13T"+start, "2026-05-13T"+end)}
		m.Sides[0] = agenda.Delegation{Name: agenda.Text{"en": "European Union", "vi": "Liên minh châu Âu"}, Delegates: []agenda.Delegate{
			{PersonID: "anna", Role: agenda.Principal, Answer: answer}, {PersonID: "zoe", Role: agenda.NoteTaker, Answer: agenda.Accepted}}}
		m.Sides[1] = agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: "tanaka", Role: agenda.Principal, Answer: agenda.Accepted},
			{PersonID: "zoe", Role: agenda.DelegateMember, Answer: agenda.DeclinedIt}}}
		stamp := agenda.Stamp{UID: m.UID, Variant: "en", Created: created, Modified: created}
		return Appointment{Meeting: m, Stamp: stamp, Room: agenda.Room{ID: "t1", Name: agenda.Text{"en": "Table 1", "vi": "Bàn 1"}}}
	}
	noTime := meeting("m6", "15:00", "15:30", agenda.MeetingAccepted, agenda.Accepted)
	noTime.Meeting.Slot = nil
	return []Appointment{
		meeting("m2", "10:00", "10:30", agenda.MeetingRequested, agenda.NeedsAction),
		meeting("m1", "09:00", "09:30", agenda.MeetingAccepted, agenda.Accepted),
		meeting("m3", "11:00", "11:30", agenda.MeetingCancelled, agenda.Accepted),
		meeting("m4", "12:00", "12:30", agenda.MeetingDeclined, agenda.Accepted),
		meeting("m5", "13:00", "13:30", agenda.MeetingAccepted, agenda.DeclinedIt),
		noTime,
	}
}
