package server

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

const timetablePath = "/console/events/" + forum + "/timetable"

// timetable gives what the script of the timetable gets.
func (s *stage) timetable(token string, headers ...header) timetableBody {
	s.t.Helper()
	return decode[timetableBody](s.t, s.must(200, s.ask(token, http.MethodGet, timetablePath+".json", nil, headers...)))
}

func panelOf(t testing.TB, b timetableBody, code string) timetablePanel {
	t.Helper()
	i := slices.IndexFunc(b.Panels, func(p timetablePanel) bool { return p.Code == code })
	if i < 0 {
		t.Fatalf("no panel %s", code)
	}
	return b.Panels[i]
}

func TestTimetable(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		ctx := context.Background()
		_, _, _, err := s.app.CreateAvailability(ctx, s.system(), forum, agenda.Availability{Resource: agenda.Resource{Kind: agenda.PersonResource, ID: s.minister}},
			"2025-10-27T15:00", "2025-10-27T20:00", app.Once{})
		s.check(err)
		b := s.timetable(s.write, header{"Accept-Language", "vi"})
		want := timetablePanel{ID: s.talk.ID, Code: "PANEL1", Title: longVietnamese, Lang: "vi", Format: "panel", Track: s.track, Room: s.hall, Day: "2025-10-27",
			Start: 14 * 60, Dur: 90, StartsAt: "2025-10-27T07:00:00Z", EndsAt: "2025-10-27T08:30:00Z", Unconfirmed: true, Expected: 54321, Revision: 1,
			URL: "/console/events/vidw-2025/panels/" + string(s.talk.ID),
			People: []timetablePart{{s.chair, "moderator", "confirmed"}, {s.minister, "panelist", "confirmed"}, {s.invited, "panelist", "invited"},
				{s.minister, "speaker", "confirmed"}}}
		if diff := cmp.Diff(want, panelOf(t, b, "PANEL1")); diff != "" {
			t.Error(diff)
		}
		if night := panelOf(t, b, "NIGHT"); night.Start != 22*60 || night.Dur != 180 || night.Day != "2025-10-28" || !night.Cancelled {
			t.Errorf("%+v", night)
		}
		if diff := cmp.Diff([]timetableTime{{Person: s.minister, Day: "2025-10-27", Dur: 900}, {Person: s.minister, Day: "2025-10-27", Start: 1200, Dur: 240},
			{Person: s.minister, Day: "2025-10-28", Dur: 1440}}, b.Unavailable); diff != "" {
			t.Error("unavailable:", diff)
		}
		busy := func(b timetableBody) (all []timetableTime) {
			for _, at := range b.Busy {
				if at.Day != "2025-10-27" || at.Start != 16*60 || at.Dur != 30 {
					t.Errorf("busy %+v", at)
				}
				all = append(all, at)
			}
			return all
		}
		if got := busy(b); len(got) != 3 { // two people and the table
			t.Error(got)
		}
		if got := busy(s.timetable(s.newToken(forum, []agenda.Verb{agenda.ReadDraft, agenda.EditEvent}, nil))); len(got) != 2 || got[0].Room+got[1].Room != "" {
			t.Error("without the right to read meetings:", got)
		}
		if len(b.Conflicts) != 1 || b.ConflictCount != 1 || b.Conflicts[0].Message != "Nguyễn Mạnh Hùng tham gia “"+string([]rune(longVietnamese)[:80])+
			"…” nhưng không có mặt được vào lúc đó (T2 27/10, 14:00–15:00)." || b.Conflicts[0].Start != 840 || b.Conflicts[0].Dur != 60 {
			t.Errorf("%+v", b.Conflicts)
		}
		if viewer := h.newToken(forum, []agenda.Verb{agenda.ReadDraft}, nil); true {
			seen := s.timetable(viewer)
			if len(busy(seen)) != 0 || seen.MayEdit || slices.ContainsFunc(seen.People, func(p timetablePerson) bool { return p.Name != "" }) ||
				!strings.Contains(seen.Conflicts[0].Message, "Somebody") {
				t.Errorf("who may only read sees %+v", seen)
			}
		}
		before := b.Revision
		s.must(200, s.ask(s.write, http.MethodPut, "/api/v1/events/vidw-2025/panels/"+string(s.talk.ID)+"/slot",
			map[string]any{"room": s.small, "start": "2025-10-28T09:00", "end": "2025-10-28T10:00"}, header{"If-Match", `"1"`}))
		if b = s.timetable(s.write); b.Revision == before || panelOf(t, b, "PANEL1").Revision != 2 {
			t.Error("the revision stays")
		}
	})
}

func TestTheTimetableIsNotKept(t *testing.T) {
	s := newStage(t)
	a := s.must(200, s.ask(s.read, http.MethodGet, timetablePath+".json", nil))
	if diff := cmp.Diff(map[string]string{"Cache-Control": "private, no-store", "Content-Type": "application/json"}, only(a, "Cache-Control", "Content-Type")); diff != "" {
		t.Error(diff)
	}
	s.must(304, s.ask(s.read, http.MethodGet, timetablePath+".json", nil, header{"If-None-Match", a.Header.Get("ETag")}))
}

// Without scripts, the page is the draft as tables.
func TestTheTimetablePage(t *testing.T) {
	s := newStage(t)
	unscheduled, err := s.app.CreatePanel(context.Background(), s.system(), forum, agenda.Panel{Code: "LATER", Format: agenda.FormatTalk, Title: agenda.Text{"en": "Some day"}}, nil, app.Once{})
	s.check(err)
	for lang, words := range map[string][]string{"en": {"Monday 27 October 2025", "Without a time"}, "fr": {"lundi 27 octobre 2025", "Sans horaire"}, "vi": {"Chưa xếp giờ"}} {
		a := s.must(200, s.ask(s.read, http.MethodGet, timetablePath+"?lang="+lang, nil))
		for _, part := range append(words, `data-state="/console/events/vidw-2025/timetable.json?lang=`+lang+`"`, `data-api="/api/v1/events/vidw-2025/"`, `data-edit="false"`,
			"14:00–15:30", "<code>"+unscheduled.Panel.Code+"</code>", `aria-current="page"`) {
			if !strings.Contains(a.Body, part) {
				t.Errorf("%s: the page lacks %s", lang, part)
			}
		}
		if strings.Contains(a.Body, canary+" secret") {
			t.Error("the page tells of a meeting")
		}
	}
}

// One action makes a lunch of all days, and all that is wrong with it is told at once.
func TestBreaksOfSeveralDays(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		const at = "/api/v1/events/" + forum + "/breaks"
		lunch := func(change map[string]any) map[string]any {
			body := map[string]any{"title": textBody{"en": "Lunch", "vi": "Bữa trưa"}, "days": []string{"2025-10-27", "2025-10-28"}, "start": "12:00", "end": "13:30"}
			for k, v := range change {
				body[k] = v
			}
			return body
		}
		made := decode[struct{ Panels []panelBody }](t, h.must(200, h.ask(h.write, http.MethodPost, at, lunch(nil)))).Panels
		if len(made) != 2 || made[0].Format != "break" || !made[0].AllRooms || made[1].Slot.Start != "2025-10-28T12:00:00+07:00" || made[0].Code == made[1].Code {
			t.Fatalf("%+v", made)
		}
		for name, change := range map[string]map[string]any{"no day": {"days": []string{}}, "one day twice": {"days": []string{"2025-10-27", "2025-10-27"}},
			"no date": {"days": []string{"2025-13-27"}}, "backwards": {"end": "11:00"}, "no title": {"title": textBody{}}, "no clock": {"start": "25:00"}} {
			if a := h.ask(h.write, http.MethodPost, at, lunch(change)); a.Status != 422 {
				t.Errorf("%s: %d %s", name, a.Status, a.Body)
			}
		}
		h.must(403, h.ask(h.read, http.MethodPost, at, lunch(nil)))
		list := decode[struct{ Items []panelBody }](t, h.must(200, h.ask(h.read, http.MethodGet, "/api/v1/events/"+forum+"/panels?format=break", nil))).Items
		if len(list) != 2 {
			t.Errorf("%d breaks after what was refused", len(list))
		}
	})
}

// On a day on which the clock skips the time, no day gets its break.
func TestBreaksInAGap(t *testing.T) {
	h := newHarness(t)
	e := h.event
	e.Zone, e.StartDate, e.EndDate = "Europe/Paris", "2027-03-27", "2027-03-28"
	_, err := h.app.EditEvent(t.Context(), h.system(), forum, app.Match{Any: true}, e)
	if err != nil {
		t.Fatal(err)
	}
	a := h.ask(h.write, http.MethodPost, "/api/v1/events/"+forum+"/breaks", `{"title":{"en":"Night snack"},"days":["2027-03-27","2027-03-28"],"start":"02:15","end":"02:45"}`)
	if a.Status != 422 || !strings.Contains(a.Body, "#/days/1/start") {
		t.Error(a.Status, a.Body)
	}
	if list := decode[struct{ Items []panelBody }](t, h.must(200, h.ask(h.read, http.MethodGet, "/api/v1/events/"+forum+"/panels", nil))).Items; len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
