package server

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

func TestRowsAreInTheOrderThatWasAskedFor(t *testing.T) {
	for do, want := range map[string]string{"": "0 1 2 10", "up speakers.2": "0 2 1 10", "up speakers.0": "0 1 2 10", "drop speakers.1": "0 2 10", "drop speakers.7": "0 1 2 10",
		"up others.2": "0 1 2 10", "up speakers.-1": "0 1 2 10", "more speakers": "0 1 2 10"} {
		form := url.Values{"do": {do}, "speakers.10.person": {"d"}, "speakers.2.person": {"c"}, "speakers.2.role": {"chair"}, "speakers.0.person": {"a"}, "speakers.1.person": {"b"},
			"speakers.01.person": {"x"}, "speakers.-1.person": {"x"}, "speakers.99999999.person": {"x"}, "speakers.x.person": {"x"}, "speaker.3.person": {"x"}}
		r := httptest.NewRequest("POST", "/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c := echo.New().NewContext(r, httptest.NewRecorder())
		if _, err := c.FormParams(); err != nil {
			t.Fatal(err)
		}
		got := strings.NewReplacer("speakers.", "", ".", "").Replace(strings.Join(rowsSent(c, "speakers"), " "))
		if got != want {
			t.Errorf("%s: %s, want %s", do, got, want)
		}
	}
}

// Without scripts, a row is added, moved and removed by buttons that send the form; nothing is saved by them.
func TestRowsWithoutScripts(t *testing.T) {
	h := newHarness(t)
	furnishEvent(h, forum)
	ask := h.organizer()
	typed := []string{"format", "talk", "title.en", "Not yet", "speakers.0.person", "Lan Anh", "speakers.0.role", "chair", "speakers.0.status", "confirmed", "speakers.1.person", "Marie Curie", "speakers.1.role", "speaker", "speakers.1.status", "invited"}
	rows := func(do string) string {
		page := h.must(200, ask("POST", "/panels/new", formOf(append(typed, "do", do)...)))
		var names []string
		for _, part := range strings.Split(page.Body, `.person" type="text" value="`)[1:] {
			name, rest, _ := strings.Cut(part, `"`)
			if tag, _, _ := strings.Cut(rest, ">"); strings.Contains(tag, " autofocus") {
				name += "!"
			}
			names = append(names, name)
		}
		return strings.Join(names, ",")
	}
	want := map[string]string{"more speakers": "Lan Anh,Marie Curie,!,,", "up speakers.1": "Marie Curie!,Lan Anh,", "drop speakers.0": "Marie Curie!,,"}
	got := map[string]string{}
	for do := range want {
		got[do] = rows(do)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if made := h.must(200, h.ask(h.all, "GET", "/api/v1/events/"+forum+"/panels?q=not+yet", nil)); strings.Contains(made.Body, "Not yet") {
		t.Error("a button for a row saved the panel")
	}
}

func TestClocksAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{"9": "09:00", "930": "09:30", "9h30": "09:30", "9:30": "09:30", "9.30": "09:30", "0930": "09:30", " 14h ": "14:00", "1:00 +1": "01:00 +1", "25:00": "25:00", "noon": "noon", "": ""} {
		if got := clockTyped(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// Times that go on past midnight come back as they were.
func TestSlotsOfTheForm(t *testing.T) {
	zone := h24(t)
	for _, times := range [][2]string{{"2025-10-27T09:00", "2025-10-27T10:00"}, {"2025-10-27T22:00", "2025-10-28T02:00"}, {"2025-10-27T10:00", "2025-10-28T09:30"}} {
		slot, err := agenda.NewSlot(zone, "r", times[0], times[1])
		if err != nil {
			t.Fatal(err)
		}
		sheet := sheetOf(agenda.Panel{Slot: &slot}, &roll{})
		asked := sheet.request()
		back, err := agenda.NewSlot(zone, asked.RoomID, asked.Start, asked.End)
		if err != nil || !back.Equal(slot) {
			t.Errorf("%v came back as %v: %v", slot, back, err)
		}
	}
}

func h24(t *testing.T) *time.Location {
	zone, err := agenda.LoadZone("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A forum of 400 panels is listed at once, and the form of one of them with its neighbours.
func TestFourHundredPanelsAreListedFast(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	err := h.store.Write(t.Context(), func(tx *store.Tx) error {
		for i := range 400 {
			slot, err := agenda.NewSlot(h24(t), agenda.ID(f.ids["room"]), fmt.Sprintf("2025-10-2%dT%02d:%02d", 7+i%2, 8+i/40, i%40), fmt.Sprintf("2025-10-2%dT%02d:%02d", 7+i%2, 9+i/40, i%40))
			if err != nil {
				return err
			}
			p := agenda.Panel{ID: h.newID(), EventID: h.event.ID, UID: fmt.Sprint(i), Code: fmt.Sprintf("X%03d", i), Format: agenda.FormatTalk, Title: agenda.Text{"en": fmt.Sprintf("Panel %d", i)}, Slot: &slot,
				Speakers: []agenda.Speaker{{PersonID: agenda.ID(f.ids["person"]), Role: agenda.Presenter, Status: agenda.Confirmed}}, Revision: 1, Created: h.now(), Updated: h.now()}
			if err := tx.InsertPanel(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := h.organizer()
	begin := time.Now()
	h.has(h.must(200, ask("GET", "/panels", "")), "401 panels", "page=2", "rel=\"next\"")
	h.has(h.must(200, ask("GET", "/panels?page=3", "")), "X399", "page=2", "rel=\"prev\"")
	one := h.must(200, ask("GET", "/panels/"+nounNamed(h, "panels", "Panel 20")+"?sort=code", ""))
	h.has(one, "Panel 19", "Panel 21", "rel=\"next\"")
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("that took %s", took)
	} else {
		t.Log(took)
	}
}
