package agenda

import (
	"slices"
	"testing"
	"time"
)

func TestWhoAgreedToOneTimeIsAskedOfAnother(t *testing.T) {
	noon := time.Date(2026, 3, 26, 12, 0, 0, 0, time.UTC)
	at := func(start time.Time, room ID, answers ...Answer) Meeting {
		m := Meeting{ID: "m", Status: MeetingAccepted, Slot: &Slot{RoomID: room, Start: MomentOf(time.UTC, start), End: MomentOf(time.UTC, start.Add(time.Hour))}}
		for i, answer := range answers {
			side := &m.Sides[i%2]
			side.Delegates = append(side.Delegates, Delegate{PersonID: ID(rune('a' + i)), Role: DelegateMember, Answer: answer})
		}
		return m
	}
	was := at(noon, "hall", Accepted, Tentative, DeclinedIt, NeedsAction, Accepted)
	for name, tt := range map[string]struct {
		next Meeting
		want []Answer
	}{
		"moved":        {at(noon.Add(time.Hour), "hall", Accepted, Tentative, DeclinedIt, NeedsAction, Accepted), []Answer{NeedsAction, NeedsAction, DeclinedIt, NeedsAction, NeedsAction}},
		"another room": {at(noon, "salon", Accepted, Tentative, DeclinedIt, NeedsAction, Accepted), []Answer{Accepted, Tentative, DeclinedIt, NeedsAction, Accepted}},
		"answered for them with the move": {at(noon.Add(time.Hour), "hall", Accepted, Accepted, DeclinedIt, Accepted, DeclinedIt),
			[]Answer{NeedsAction, Accepted, DeclinedIt, Accepted, DeclinedIt}},
	} {
		given := tt.next.Sides[0].Delegates[0].Answer
		got, _, err := was.Replaced(tt.next)
		if err != nil {
			t.Fatal(name, err)
		}
		var answers []Answer
		for i := range tt.want {
			answers = append(answers, got.AnswerOf(ID(rune('a'+i))))
		}
		if !slices.Equal(answers, tt.want) {
			t.Errorf("%s: %v, want %v", name, answers, tt.want)
		}
		if tt.next.Sides[0].Delegates[0].Answer != given {
			t.Errorf("%s: the meeting that was given is another one", name)
		}
	}
}
