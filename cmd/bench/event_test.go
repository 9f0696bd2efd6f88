package main

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Nobody and no room is in two places at a time, wherever each panel has moved: or publishing would refuse.
func TestPanelsAreInNobodysWay(t *testing.T) {
	for _, n := range []int{1, 40, 400, 4000} {
		m := newMaker(n)
		taken, ids := map[string]int{}, map[string]bool{}
		for i, p := range m.listPanels() {
			room, start := m.slotOf(i)
			if long+nudge > raster || start.Minute()%30 != 0 {
				t.Fatalf("panel %d begins at %s and does not fit into %s", i, start, raster)
			}
			who := []string{room}
			for _, s := range p["speakers"].([]object) {
				who = append(who, s["person"].(string))
			}
			for _, w := range who {
				key := w + start.Format(time.RFC3339)
				if other, twice := taken[key]; twice {
					t.Fatalf("%d panels: %s is in panels %d and %d", n, w, other, i)
				}
				taken[key] = i
			}
			if day := int(start.Sub(time.Date(2030, 5, 6, 0, 0, 0, 0, start.Location())).Hours() / 24); day >= m.days() {
				t.Fatalf("%d panels: panel %d is on day %d of %d", n, i, day, m.days())
			}
		}
		for _, list := range [][]object{m.listRooms(), m.listTracks(), m.listPeople(), m.listPanels(), m.listMeetings()} {
			for _, o := range list {
				if ids[o["id"].(string)] {
					t.Fatalf("%d panels: two things are %s", n, o["id"])
				}
				ids[o["id"].(string)] = true
			}
		}
	}
}

// The same number of panels is the same event, in every run.
func TestEventsAreTheSame(t *testing.T) {
	one, err := newMaker(40).bundle()
	two, err2 := newMaker(40).bundle()
	if err != nil || err2 != nil || string(one) != string(two) {
		t.Error("two events of 40 panels differ", err, err2)
	}
	file, err := congress(2345)
	var read struct {
		Schedule struct {
			Conference struct {
				Days []struct{ Rooms map[string][]object }
			}
		}
	}
	if err != nil || json.Unmarshal(file, &read) != nil {
		t.Fatal("the schedule is none", err)
	}
	talks := 0
	for _, d := range read.Schedule.Conference.Days {
		for _, list := range d.Rooms {
			talks += len(list)
		}
	}
	if talks != 2345 {
		t.Errorf("%d talks, want 2345", talks)
	}
}

const smallAgenda = `{"event":{"id":"e","slug":"bench","name":{"en":"Forum","vi":"Diễn đàn"},"zone":"Asia/Ho_Chi_Minh","start_date":"2030-05-06","end_date":"2030-05-07",
"languages":["en","vi"],"venue":{"name":{"en":"Centre"},"country":"VN"},"url":"http://h/bench/"},"release":{"number":3,"published_at":"2030-01-01T07:00:00+07:00"},
"days":[{"date":"2030-05-06","panels":["c","a"]},{"date":"2030-05-07","panels":["b"]}],
"rooms":[{"id":"z","name":{"en":"Hall"},"kind":"hall","capacity":80},{"id":"y","name":{"en":"Table"},"kind":"table"}],"tracks":[{"id":"t","name":{"en":"AI"},"color":"#005bbb"}],
"people":[{"id":"q","name":"Lan","job_title":{"en":"Director"},"organization":{"en":"Ministry"},"country":"VN"},{"id":"p","name":"Minh"}],
"panels":[%s,%s,%s]}`

const smallPanel = `{"id":%q,"code":"P1","uid":"u@plenary","url":"http://h/1","ics":"http://h/1.ics","format":"talk","title":{"en":"Chips & <b>","vi":"Bán dẫn"},"abstract":{"en":"Made."},"track":"t","room":"z",
"day":%q,"start":"2030-05-06T08:00:00+07:00","end":"2030-05-06T08:25:00+07:00","minutes":25,"language":"en","interpretation":[],"speakers":[{"person":"q","role":"speaker"},{"person":"p","role":"moderator"}],
"interventions":[],"materials":[]}`

// What is compared says the same: the naive handler gives the document that it was given.
func TestTheNaiveHandlerSaysTheSame(t *testing.T) {
	panel := func(id, day string) string { return fmt.Sprintf(smallPanel, id, day) }
	agenda := fmt.Sprintf(smallAgenda, panel("c", "2030-05-06"), panel("a", "2030-05-06"), panel("b", "2030-05-07"))
	dir := t.TempDir()
	file := filepath.Join(dir, "agenda.json")
	if err := os.WriteFile(file, []byte(agenda), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := openNaive(filepath.Join(dir, "naive.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := fillNaive(db, file); err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"", "gzip"} {
		r := httptest.NewRequest("GET", agendaPath, nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		naiveHandler(db).ServeHTTP(w, r)
		if w.Code != 200 || w.Header().Get("Content-Encoding") != encoding {
			t.Fatalf("%d %v", w.Code, w.Header())
		}
		if err := sameDocument([]byte(agenda), w.Body.Bytes(), encoding == "gzip"); err != nil {
			t.Error(err)
		}
		if sameDocument([]byte(smallPanel), w.Body.Bytes(), encoding == "gzip") == nil {
			t.Error("another document is taken for the same")
		}
	}
}
