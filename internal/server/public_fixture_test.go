package server

import (
	"context"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// canary marks what the public must never see.
const canary = "CANARY"

// hostile is text that must come out as text.
const hostile = `<script>alert("x")</script>&'"><img src=x onerror=alert(1)>`

// longVietnamese is a title as forums have them.
const longVietnamese = "Luật Công nghiệp công nghệ số mới của Việt Nam, Luật Trí tuệ nhân tạo (AI) sắp ban hành và Đạo luật AI của Liên minh châu Âu"

// stage is a published forum with everything that the public sees, and with much that it must not.
type stage struct {
	*harness
	hall, small, table, track agenda.ID
	minister, chair, invited  agenda.ID
	opening, talk, off        agenda.Panel
}

// newStage makes the forum and publishes it once. The draft then moves on.
func newStage(t testing.TB) *stage {
	t.Helper()
	return newStageOn(newHarness(t))
}

func newStageOn(h *harness) *stage {
	h.t.Helper()
	s := &stage{harness: h}
	s.fillPlaces()
	s.fillPeople()
	s.fillPanels()
	s.fillMeeting()
	s.publish(agenda.Text{"en": "First programme"})
	_, err := s.app.CreatePanel(context.Background(), s.system(), forum, agenda.Panel{Code: "DRAFT1", Format: agenda.FormatTalk,
		Title: agenda.Text{"en": canary + " not yet published"}},
		&app.SlotRequest{RoomID: s.hall, Start: "2025-10-28T15:00", End: "2025-10-28T16:00"}, app.Once{})
	s.check(err)
	return s
}

func (s *stage) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) publish(note agenda.Text) agenda.Release {
	s.t.Helper()
	p, err := s.app.Publish(context.Background(), s.system(), forum, note, nil, app.Once{})
	s.check(err)
	return p.Release
}

func (s *stage) fillPlaces() {
	room := func(r agenda.Room) agenda.ID {
		made, _, err := s.app.CreateRoom(context.Background(), s.system(), forum, r, app.Once{})
		s.check(err)
		return made.ID
	}
	s.hall = room(agenda.Room{Name: agenda.Text{"en": "Main hall", "fr": "Grande salle", "vi": "Hội trường lớn"}, Kind: agenda.RoomHall, Position: 1})
	s.small = room(agenda.Room{Name: agenda.Text{"en": "Room " + hostile}, Kind: agenda.RoomHall, Position: 2})
	s.table = room(agenda.Room{Name: agenda.Text{"en": "Table 1"}, Kind: agenda.RoomTable, Position: 3})
	track, _, err := s.app.CreateTrack(context.Background(), s.system(), forum,
		agenda.Track{Name: agenda.Text{"en": "Artificial intelligence", "fr": "Intelligence artificielle"}, Color: "#005bbb"}, app.Once{})
	s.check(err)
	s.track = track.ID
}

func (s *stage) fillPeople() {
	person := func(p agenda.Person) agenda.ID {
		p.Email, p.Notes = canary+"@example.org", canary+" allergic"
		made, _, err := s.app.CreatePerson(context.Background(), s.system(), forum, p, app.Once{})
		s.check(err)
		return made.ID
	}
	s.minister = person(agenda.Person{Name: "Nguyễn Mạnh Hùng", Honorific: agenda.Text{"en": "H.E.", "fr": "S.E.", "vi": "Ngài"},
		JobTitle: agenda.Text{"en": "Minister", "vi": "Bộ trưởng Bộ Khoa học và Công nghệ"}, Country: "VN",
		Organization: agenda.Text{"en": "Ministry of Science and Technology"}, Bio: agenda.Text{"vi": "Tiểu sử.\n\nĐoạn hai."}})
	s.chair = person(agenda.Person{Name: "Jane " + hostile, JobTitle: agenda.Text{"en": "Chair"}, Country: "FR",
		Bio: agenda.Text{"en": "About Jane " + hostile}})
	s.invited = person(agenda.Person{Name: canary + " Invited", Bio: agenda.Text{"en": canary}})
}

func (s *stage) fillPanels() {
	panel := func(p agenda.Panel, room agenda.ID, start, end string) agenda.Panel {
		p.Notes, p.Audience = canary+" notes", 54321
		made, err := s.app.CreatePanel(context.Background(), s.system(), forum, p,
			&app.SlotRequest{RoomID: room, Start: start, End: end}, app.Once{})
		s.check(err)
		return made.Panel
	}
	s.opening = panel(agenda.Panel{Code: "OPEN", Format: agenda.FormatCeremony, AllRooms: true,
		Title: agenda.Text{"en": "Opening", "fr": "Ouverture", "vi": "Khai mạc"}}, "", "2025-10-27T08:30", "2025-10-27T09:00")
	s.talk = panel(agenda.Panel{Code: "PANEL1", Number: 1, Format: agenda.FormatPanel, TrackID: s.track, Language: "vi",
		Interpretation: []string{"en", "fr"}, StreamURL: "https://stream.example/1",
		Title:    agenda.Text{"en": "Laws " + hostile, "vi": longVietnamese},
		Abstract: agenda.Text{"en": "First.\n\nSecond " + hostile},
		Speakers: []agenda.Speaker{{PersonID: s.chair, Role: agenda.Moderator, Status: agenda.Confirmed},
			{PersonID: s.minister, Role: agenda.Panelist, Status: agenda.Confirmed},
			{PersonID: s.invited, Role: agenda.Panelist, Status: agenda.Invited}},
		Interventions: []agenda.Intervention{{Title: agenda.Text{"en": "Keynote words", "fr": "Propos liminaires"}, Minutes: 15,
			Speakers: []agenda.Speaker{{PersonID: s.minister, Role: agenda.Presenter, Status: agenda.Confirmed}}}}},
		s.hall, "2025-10-27T14:00", "2025-10-27T15:30")
	s.off = panel(agenda.Panel{Code: "NIGHT", Format: agenda.FormatSocial, Title: agenda.Text{"en": "Night market"}},
		s.small, "2025-10-28T22:00", "2025-10-29T01:00")
	off, err := s.app.CancelPanel(context.Background(), s.system(), forum, app.Match{Any: true}, s.off.ID, true,
		agenda.Text{"en": "The typhoon is near."})
	s.check(err)
	s.off = off.Panel
}

func (s *stage) fillMeeting() {
	side := func(p agenda.ID) agenda.Delegation {
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: p, Role: agenda.Principal, Answer: agenda.Accepted}}}
	}
	_, err := s.app.CreateMeeting(context.Background(), s.system(), forum, agenda.Meeting{Topic: agenda.Text{"en": canary + " secret talks"},
		Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants, Notes: canary,
		Sides: [2]agenda.Delegation{side(s.minister), side(s.chair)}},
		&app.SlotRequest{RoomID: s.table, Start: "2025-10-27T16:00", End: "2025-10-27T16:30"}, app.Once{})
	s.check(err)
}

// openFeed makes a personal feed of the minister and gives its identity and secret.
func (s *stage) openFeed(language string) (agenda.ID, string) {
	s.t.Helper()
	f, secret, err := s.app.OpenFeed(context.Background(), s.system(), forum, agenda.Feed{PersonID: s.minister, FeedSettings: agenda.FeedSettings{Name: "phone", Language: language, Meetings: true}}, app.Once{})
	s.check(err)
	return f.ID, secret
}

// publicAddresses are all kinds of address that anybody may read, in every language.
func (s *stage) publicAddresses() []string {
	var all []string
	for _, path := range []string{"/", "/vidw-2025/", "/vidw-2025/releases/1", "/vidw-2025/panels/PANEL1", "/vidw-2025/panels/NIGHT",
		"/vidw-2025/panels/" + string(s.opening.ID), "/vidw-2025/speakers/" + string(s.minister), "/vidw-2025/speakers/" + string(s.chair),
		"/vidw-2025/agenda.json", "/vidw-2025/releases/1/agenda.json", "/vidw-2025/agenda.ics", "/vidw-2025/panels/PANEL1.ics",
		"/vidw-2025/tracks/" + string(s.track) + ".ics", "/vidw-2025/rooms/" + string(s.hall) + ".ics",
		"/vidw-2025/speakers/" + string(s.minister) + ".ics", "/vidw-2025/subscribe", "/vidw-2025/changes.atom", "/vidw-2025/schedule.xml",
		"/vidw-2025/schedule.json", "/vidw-2025/giggity.json"} {
		for _, lang := range []string{"", "?lang=en", "?lang=fr", "?lang=vi"} {
			all = append(all, path+lang)
		}
	}
	return append(all, "/vidw-2025/changes.json", "/vidw-2025/agenda.json?day=2025-10-27",
		"/vidw-2025/agenda.json?room="+string(s.small)+"&track="+string(s.track))
}
