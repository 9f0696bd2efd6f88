package server

import (
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// Every kind of conflict is a sentence in every language, with who, what, where and when in it, and nothing left to fill in.
func TestConflictsAreSentences(t *testing.T) {
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	event := agenda.Event{ID: "e", Zone: "Asia/Ho_Chi_Minh", Languages: []string{"en"}}
	draft := agenda.Draft{Event: event, Rooms: []agenda.Room{{ID: "a", Name: agenda.Text{"en": "HALL-A"}}}, People: []agenda.Person{{ID: "hung", Name: "HUNG"}}}
	panel, other := agenda.ItemRef{Kind: agenda.PanelItem, ID: "1", Title: agenda.Text{"en": "ONE"}}, agenda.ItemRef{Kind: agenda.PanelItem, ID: "2", Code: "TWO"}
	at := time.Date(2025, 10, 27, 3, 0, 0, 0, time.UTC)
	two := []agenda.ConflictKind{agenda.RoomTaken, agenda.PersonBusy, agenda.WalkTooShort, agenda.BufferTooShort, agenda.TurnaroundShort}
	for _, lang := range programLanguages {
		r := reader{words: all[lang], content: lang}
		said := map[string]agenda.ConflictKind{}
		for _, kind := range agenda.ConflictKinds {
			c := agenda.Conflict{Kind: kind, Items: []agenda.ItemRef{panel}, Start: at, End: at.Add(90 * time.Minute), Minutes: 7}
			want := []string{"ONE"}
			if slices.Contains(two, kind) {
				c.Items, want = append(c.Items, other), append(want, "TWO")
			}
			if strings.HasPrefix(string(kind), "person") || slices.Contains([]agenda.ConflictKind{agenda.WalkTooShort, agenda.BufferTooShort, agenda.InterpreterRest}, kind) {
				c.Persons, want = []agenda.ID{"hung"}, append(want, "HUNG")
			}
			if strings.HasPrefix(string(kind), "room") || kind == agenda.TurnaroundShort {
				c.Rooms, want = []agenda.ID{"a"}, append(want, "HALL-A")
			}
			if kind == agenda.DayFull {
				c.Persons, want = []agenda.ID{"hung"}, append(want, "HUNG", "7")
			}
			if kind == agenda.InterpreterNone {
				c.Languages, want = []string{"fr", "vi"}, append(want, r.languageName("fr"), r.languageName("vi"))
			}
			if strings.HasSuffix(string(kind), "_short") || kind == agenda.RoomTooSmall || kind == agenda.InterpreterRest {
				want = append(want, "7")
			}
			if kind == agenda.NoModerator {
				c.Start, c.End = time.Time{}, time.Time{}
			} else {
				want = append(want, "10:00–11:30")
			}
			sentence, err := newConflictTeller(r, draft, true).sentence(c)
			if err != nil {
				t.Fatal(lang, kind, err)
			}
			for _, part := range want {
				if !strings.Contains(sentence, part) {
					t.Errorf("%s: %s lacks %s: %s", lang, kind, part, sentence)
				}
			}
			if strings.ContainsAny(sentence, "{}") || !strings.HasSuffix(sentence, ".") || said[sentence] != "" {
				t.Errorf("%s: %s is told as %s", lang, kind, sentence)
			}
			said[sentence] = kind
			unnamed, err := newConflictTeller(r, agenda.Draft{Event: event}, false).sentence(c)
			if err != nil || strings.Contains(unnamed, "HUNG") || strings.ContainsAny(unnamed, "{}") {
				t.Errorf("%s: without names, %s is told as %s, %v", lang, kind, unnamed, err)
			}
		}
		elsewhere := agenda.Conflict{Kind: agenda.RoomTaken, Rooms: []agenda.ID{"a", "b"}, Items: []agenda.ItemRef{{Kind: agenda.ElsewhereIs, ID: "x"}, {Kind: agenda.MeetingItem, ID: "m"}}, Start: at, End: at}
		sentence, err := newConflictTeller(r, draft, true).sentence(elsewhere)
		if err != nil || strings.Contains(sentence, "HALL-A") || sentence[:1] != strings.ToUpper(sentence[:1]) {
			t.Errorf("%s: %s, %v", lang, sentence, err)
		}
	}
}

// Every reason why a time is not possible is a sentence in every language, with who, where and when in it.
func TestReasonsAreSentences(t *testing.T) {
	all, err := allWords()
	if err != nil {
		t.Fatal(err)
	}
	event := agenda.Event{ID: "e", Zone: "Asia/Ho_Chi_Minh", Languages: []string{"en"}, Frame: agenda.MeetingFrame{From: "09:15"}}
	draft := agenda.Draft{Event: event, Rooms: []agenda.Room{{ID: "a", Name: agenda.Text{"en": "HALL-A"}}}, People: []agenda.Person{{ID: "hung", Name: "HUNG"}}}
	at := time.Date(2025, 10, 27, 3, 0, 0, 0, time.UTC)
	item := agenda.ItemRef{Kind: agenda.PanelItem, ID: "1", Title: agenda.Text{"en": "ONE"}}
	const person, room, what, when, many = "HUNG", "HALL-A", "ONE", "10:00–11:30", "7"
	want := map[agenda.ReasonKind][]string{agenda.ItIsPast: nil, "day_full": {person, many}, "person_busy": {person, what, when}, "person_unavailable": {person, when},
		"buffer_too_short": {person, what, when, many}, "walk_too_short": {person, what, when, many}, "interpreter_rest": {person, when, many},
		"room_taken": {room, what, when}, "room_unavailable": {room, when}, "turnaround_short": {room, what, when, many}, "room_too_small": {room, many},
		"outside_event": nil, agenda.OutsideHours: {"09:15–20:00"}, agenda.NoRoomFree: {many, when}, agenda.NoInterpreter: {when}, agenda.JustBusy: nil}
	for _, lang := range programLanguages {
		r := reader{words: all[lang], content: lang}
		said := map[string]agenda.ReasonKind{}
		for _, kind := range agenda.ReasonKinds {
			parts, known := want[kind]
			if kind == agenda.NoInterpreter {
				parts = append(parts, r.languageName("fr"), r.languageName("vi"))
			}
			sentence, err := newConflictTeller(r, draft, true).reason(event, agenda.Reason{Kind: kind, Person: "hung", Room: "a", Item: &item, Start: at, End: at.Add(90 * time.Minute),
				Minutes: 7, Languages: []string{"fr", "vi"}})
			if err != nil || !known {
				t.Fatal(lang, kind, err)
			}
			for _, part := range parts {
				if !strings.Contains(sentence, part) {
					t.Errorf("%s: %s lacks %s: %s", lang, kind, part, sentence)
				}
			}
			if strings.ContainsAny(sentence, "{}") || !strings.HasSuffix(sentence, ".") || said[sentence] != "" {
				t.Errorf("%s: %s is told as %s", lang, kind, sentence)
			}
			said[sentence] = kind
		}
	}
}
