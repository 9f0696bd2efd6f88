package mail

import (
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// aMeeting is between a minister and a commissioner, in Hà Nội.
func aMeeting(letter agenda.MeetingLetter) Meeting {
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		panic(err)
	}
	slot := func(room agenda.ID, hour int) agenda.Slot {
		start := time.Date(2026, 5, 13, hour, 0, 0, 0, zone)
		return agenda.Slot{RoomID: room, Start: agenda.MomentOf(zone, start), End: agenda.MomentOf(zone, start.Add(30*time.Minute))}
	}
	is, was := slot("t1", 14), slot("t2", 9)
	m := Meeting{Letter: letter, To: "hung", Sees: true, Zone: "Europe/Paris", Answers: true,
		Event: agenda.Event{Name: agenda.Text{"en": "Digital Week", "fr": "Semaine numérique", "vi": "Tuần lễ Số"}, Zone: "Asia/Ho_Chi_Minh", Languages: []string{"en"},
			Venue: agenda.Venue{Name: agenda.Text{"en": "Convention Center"}, Address: agenda.Text{"en": "57 Phạm Hùng\nHà Nội"}, Place: &agenda.Place{Latitude: 21.0065, Longitude: 105.78}}},
		Meeting: agenda.Meeting{Topic: agenda.Text{"en": "Trade", "vi": "Thương mại"}, Slot: &is, Sides: [2]agenda.Delegation{
			{Name: agenda.Text{"en": "European Union"}, Delegates: []agenda.Delegate{{PersonID: "anna", Role: agenda.Principal, Answer: agenda.Accepted}}},
			{Delegates: []agenda.Delegate{{PersonID: "hung", Role: agenda.Principal}, {PersonID: "zoe", Role: agenda.NoteTaker}, {PersonID: "no", Role: agenda.DelegateMember, Answer: agenda.DeclinedIt}}}}},
		Rooms:  map[agenda.ID]agenda.Room{"t1": {Name: agenda.Text{"en": "Table 1", "vi": "Bàn 1"}}, "t2": {Name: agenda.Text{"en": "Table 2"}}},
		People: map[agenda.ID]agenda.Person{"anna": {Name: "Anna Schmidt"}, "hung": {Name: "Nguyễn Mạnh Hùng"}, "zoe": {Name: "Zoé Dupont"}, "no": {Name: "Nobody"}}}
	switch letter {
	case agenda.MeetingMoved:
		m.Was = &was
	case agenda.MeetingAsked, agenda.MeetingOffered:
		m.Meeting.Slot, m.Times = nil, []agenda.Slot{was, is}
	}
	return m
}

func TestLettersAboutMeetings(t *testing.T) {
	for _, lang := range languages {
		var all strings.Builder
		write := func(m Meeting) string {
			subject, body, err := AboutMeeting(lang, m)
			if err != nil {
				t.Fatal(err)
			}
			text := "Subject: " + subject + "\n\n"
			for _, p := range body {
				text += plain(p) + "\n\n"
			}
			if strings.ContainsAny(text, "{}") {
				t.Errorf("%s: a value is missing:\n%s", lang, text)
			}
			all.WriteString("=== " + string(m.Letter) + "\n" + text)
			return text
		}
		for _, letter := range agenda.MeetingLetters {
			write(aMeeting(letter))
		}
		hidden := aMeeting(agenda.MeetingMoved)
		hidden.Was = &agenda.Slot{RoomID: "t2", Start: hidden.Meeting.Slot.Start, End: hidden.Meeting.Slot.End}
		hidden.Sees = false
		text := write(hidden)
		for _, secret := range []string{"Anna", "European", "Trade", "Thương mại", "Zoé"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: who may not know of a meeting is told of %s:\n%s", lang, secret, text)
			}
		}
		if !strings.Contains(text, "57 Phạm Hùng") {
			t.Errorf("%s: who comes is not told where:\n%s", lang, text)
		}
		checkText(t, "meetings."+lang+".txt", all.String())
	}
}
