package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"plenary/internal/pgtest"
)

// TestAForumDay plays a day of a forum through the running program: 40 people, 12 panels, 60 requests for meetings of which many
// race, a minister who is two hours late, three publications. In the end nobody and no table is in two places, each whom it
// concerns got one letter of each publication, and all calendars agree. What is true is worked out here from what the API says.
func TestAForumDay(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		playForumDay(t, "sqlite", filepath.Join(pgtest.Folder(t), "plenary.db"))
	})
	if testing.Short() {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		playForumDay(t, "pgx", pgtest.URL(t))
	})
}

// Who has which part in the script, by number: the others are delegates, and speak in panels.
const (
	everybody, minister       = 40, 0
	stranger, friend          = 35, 34 // whose one meeting is confidential
	firstDeputy, interpreters = 31, 36 // deputies from the one, interpreters from the other on
	stepsIn                   = 9      // who speaks in a panel of the minister and, when he is late, in one before
	requests                  = 60
	secretTopic               = "Hồ sơ Bạch Hạc"
)

func playForumDay(t *testing.T, driver, database string) {
	f := newForumDay(t, driver, database)
	f.prepare()
	f.lettersGo(database)

	first := f.publish()
	f.deliver()
	f.checkLetters("release 1", first, f.speakersOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))

	f.askForMeetings()
	f.checkPlaces()
	f.deliver()
	f.checkLetters("60 requests", "", nil)
	f.answerByLetter()

	moved := f.ministerIsLate()
	second := f.publish()
	f.deliver()
	f.checkLetters("the minister is late", second, f.speakersOf(moved...))
	f.checkPlaces()

	f.move(11, dayAt{hall: 3, minutes: 420})
	third := f.publish()
	f.deliver()
	f.checkLetters("two people", third, f.speakersOf(11))

	f.checkPlaces()
	f.checkCalendars()
	f.checkSecrecy()
	f.Logf("answers by status: %v; letters: %d", f.statuses, f.settled)
}

// prepare puts the forum there.
func (f *forumDay) prepare() {
	f.do(http.MethodPost, "", 0, map[string]any{"slug": "forum", "name": map[string]string{"vi": "Diễn đàn Hợp tác Quốc tế", "en": "Forum", "fr": "Forum"}, "zone": "Asia/Ho_Chi_Minh",
		"start_date": f.day, "end_date": f.day, "languages": []string{"vi", "en", "fr"}, "buffer_minutes": 5,
		"venue":         map[string]any{"name": map[string]string{"vi": "Trung tâm Hội nghị"}},
		"meeting_frame": map[string]any{"turnaround_minutes": 5}}, nil)
	for i := range 10 {
		room := map[string]any{"name": map[string]string{"vi": fmt.Sprint("Hội trường ", i+1)}, "kind": "hall", "capacity": 300, "position": i}
		if i >= 4 {
			room = map[string]any{"name": map[string]string{"vi": fmt.Sprint("Bàn số ", i-3)}, "kind": "table", "capacity": 6, "position": i}
		}
		id := f.make("/forum/rooms", room)
		f.rooms[id] = room["name"].(map[string]string)["vi"]
		if i < 4 {
			f.halls = append(f.halls, id)
		} else {
			f.tables = append(f.tables, id)
		}
	}
	for i := range everybody {
		f.invite(i)
	}
	for i, shift := range [][2]int{{0, 360}, {240, 720}, {0, 210}, {270, 600}} {
		f.make("/forum/availabilities", map[string]any{"resource": map[string]string{"kind": "person", "id": f.people[interpreters+i%4]}, "start": f.at(shift[0]), "end": f.at(shift[1])})
	}
	for k := range 12 {
		f.plan(k)
	}
}

// make makes something and gives its id.
func (f *forumDay) make(path string, body any) string {
	f.Helper()
	var made struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	}
	f.do(http.MethodPost, path, 0, body, &made)
	if path == "/forum/feeds" {
		return made.URL
	}
	return made.ID
}

// invite makes a Person with a long name, an address that the desk vouches for, and a calendar.
func (f *forumDay) invite(i int) {
	families, middles := []string{"Nguyễn", "Trần", "Công Tằng Tôn Nữ", "Huỳnh", "Đặng"}, []string{"Thị Thuỳ", "Hoàng Phương", "Đình Quốc", "Ngọc Bảo"}
	name := fmt.Sprintf("%s %s %s", families[i%5], middles[i/5%4], []string{"Dương", "Khương"}[i/20])
	p := map[string]any{"name": name, "email": address(i), "languages": []string{[]string{"vi", "en", "fr"}[i%3]},
		"job_title": map[string]string{"vi": "Vụ trưởng Vụ Hợp tác Quốc tế và Hội nhập Kinh tế"}, "organization": map[string]string{"vi": "Bộ Khoa học và Công nghệ"}}
	if i >= interpreters {
		p["languages"], p["interprets"] = []string{"vi", "en", "fr"}, []string{"en/vi", "fr/vi", "en/fr"}
	}
	if i == minister {
		p["honorific"], p["buffer_before"] = map[string]string{"vi": "Ngài"}, 10
	}
	id := f.make("/forum/people", p)
	f.people, f.names[id], f.number[id] = append(f.people, id), name, i
	f.do(http.MethodPost, "/forum/people/"+id+"/vouch", 0, map[string]string{"vouched_address": address(i)}, nil)
	f.feeds = append(f.feeds, f.make("/forum/feeds", map[string]any{"person": id}))
}

func address(i int) string { return fmt.Sprintf("guest%d@people.example", i) }

// plan makes a Panel: three at a time, with two speakers of their own each and one who has two. The last has two only.
func (f *forumDay) plan(k int) {
	speakers := []int{1 + 2*k, 2 + 2*k, 25 + k%6}
	switch k {
	case 0, 4:
		speakers[2] = minister
	case 1, 7:
		speakers = append(speakers, interpreters+k/7)
	case 11:
		speakers = speakers[:2]
	}
	var list []map[string]string
	for n, i := range speakers {
		role := []string{"moderator", "panelist", "speaker", "interpreter"}[n]
		list = append(list, map[string]string{"person": f.people[i], "role": role, "status": "confirmed"})
	}
	if k == 2 { // who has not confirmed is not announced
		list = append(list, map[string]string{"person": f.people[firstDeputy], "role": "panelist", "status": "invited"})
	}
	var p dayPanel
	start := []int{60, 150, 330, 420}[k/3]
	f.do(http.MethodPost, "/forum/panels", 0, map[string]any{"format": "panel", "title": map[string]string{"vi": fmt.Sprint("Phiên thảo luận ", k+1), "en": fmt.Sprint("Panel ", k+1)},
		"slot": daySlot{f.halls[k%3], f.at(start), f.at(start + 75)}, "speakers": list}, &p)
	f.panels = append(f.panels, p)
}

// dayAt is where and when a Panel goes.
type dayAt struct{ hall, minutes int }

func (f *forumDay) move(k int, to dayAt) {
	p := &f.panels[k]
	var now struct {
		Slot daySlot `json:"slot"`
	}
	var whole dayPanel
	f.do(http.MethodGet, "/forum/panels/"+p.ID, 0, nil, &whole)
	f.do(http.MethodPut, "/forum/panels/"+p.ID+"/slot", whole.Revision, daySlot{f.halls[to.hall], f.at(to.minutes), f.at(to.minutes + 75)}, &now)
	f.do(http.MethodGet, "/forum/panels/"+p.ID, 0, nil, p)
}

// join lets somebody speak in a Panel besides the others, for whom it stays as it is.
func (f *forumDay) join(k, guest int) {
	p := map[string]any{}
	f.do(http.MethodGet, "/forum/panels/"+f.panels[k].ID, 0, nil, &p)
	p["speakers"] = append(p["speakers"].([]any), map[string]string{"person": f.people[guest], "role": "panelist", "status": "confirmed"})
	f.do(http.MethodPut, "/forum/panels/"+f.panels[k].ID, int(p["revision"].(float64)), p, &f.panels[k])
}

// publish publishes and gives the id of the Release.
func (f *forumDay) publish() string {
	f.hurry()
	return f.make("/forum/releases", map[string]any{})
}

// askForMeetings lets eight at a time ask for meetings on behalf of people, and answer.
func (f *forumDay) askForMeetings() {
	var workers sync.WaitGroup
	next := make(chan int)
	for range 8 {
		workers.Go(func() {
			for i := range next {
				f.request(i)
			}
		})
	}
	for i := range requests {
		next <- i
	}
	close(next)
	workers.Wait()
	got := map[string]int{}
	for _, m := range all[dayMeeting](f, "/forum/meetings", url.Values{}) {
		got[m.Status]++
	}
	f.Logf("%d requests became %v", requests, got)
	for _, status := range []string{"requested", "proposed", "accepted", "declined", "cancelled"} {
		if got[status] == 0 {
			f.Errorf("no meeting is %s: the script is poor", status)
		}
	}
}

// answerByLetter lets every fourth guest accept the invitations that they got, by the link in the letter.
func (f *forumDay) answerByLetter() {
	links, answers := regexp.MustCompile(f.base+`/letters/\S+`), 0
	for _, l := range f.box.list {
		for n := 0; n < everybody; n += 4 {
			if link := links.FindString(l.words); l.to == address(n) && l.method == "REQUEST" && l.about == "meeting" {
				resp, err := http.PostForm(link+"/answer", url.Values{"answer": {"accepted"}})
				if err != nil {
					f.Fatal(err)
				}
				if resp.Body.Close(); resp.StatusCode != http.StatusOK {
					f.Errorf("the answer of guest %d: %s", n, resp.Status)
				}
				answers++
			}
		}
	}
	kept := 0
	for _, m := range f.meetings() {
		for id, n := range f.number {
			if part := m.part(id); n%4 == 0 && part != nil {
				if kept++; part.Answer != "accepted" {
					f.Errorf("guest %d accepted, but the answer is %s", n, part.Answer)
				}
			}
		}
	}
	if f.Logf("%d answers by letter", answers); answers == 0 || kept != answers {
		f.Errorf("%d answers by letter became %d", answers, kept)
	}
}

// count asks, and counts how it was answered.
func (f *forumDay) count(path string, revision int, body any, answer *dayMeeting) bool {
	status := f.ask(http.MethodPost, "/forum/meetings"+path, revision, body, answer)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.statuses[status]++
	return status/100 == 2
}

// request plays one request and what becomes of it. What it asks for does not depend on chance.
func (f *forumDay) request(i int) {
	r := rand.New(rand.NewPCG(uint64(i), 2026))
	var m dayMeeting
	if !f.count("/requests", 0, f.wish(i, r), &m) {
		return
	}
	times := func(n int) (list []daySlot) {
		for _, start := range r.Perm(22)[:n] {
			list = append(list, daySlot{Start: f.at(30 * start)})
		}
		return list
	}
	propose := func() bool {
		return f.count("/"+m.ID+"/times", m.Revision, map[string]any{"minutes": 30, "times": times(3)}, &m)
	}
	accept := func() bool {
		return slices.ContainsFunc([]int{0, 1, 2}, func(n int) bool { return f.count("/"+m.ID+"/accept", m.Revision, map[string]int{"time": n}, &m) })
	}
	switch {
	case i%10 == 6:
		f.count("/"+m.ID+"/decline", m.Revision, map[string]string{"note": "Rất tiếc"}, &m)
	case i%10 == 8:
		f.count("/"+m.ID+"/withdraw", m.Revision, map[string]string{}, &m)
	case i%10 == 9:
	case i%12 == 5:
		propose()
	case i%10 == 7:
		_ = propose() && accept()
	case i%6 == 2:
		f.acceptTwice(m)
	default:
		_ = accept() || propose() && accept()
	}
}

// acceptTwice accepts a request twice at once: once at most it is done.
func (f *forumDay) acceptTwice(m dayMeeting) {
	var both sync.WaitGroup
	won := make([]bool, 2)
	for n := range won {
		both.Go(func() { won[n] = f.count("/"+m.ID+"/accept", m.Revision, map[string]int{"time": n}, &dayMeeting{}) })
	}
	both.Wait()
	if won[0] && won[1] {
		f.Errorf("meeting %s was accepted twice", m.ID)
	}
}

// wish is what the request of that number asks for. Everybody wants to see the minister.
func (f *forumDay) wish(i int, r *rand.Rand) map[string]any {
	from, to := 1+r.IntN(29), minister
	for i%4 != 0 && (to == minister || to == from) {
		to = 1 + r.IntN(30)
	}
	body := map[string]any{"minutes": 30, "topic": map[string]string{"vi": fmt.Sprint("Hợp tác số ", i)}, "quorum": "everybody", "visibility": "participants"}
	sides := []daySide{{[]dayDelegate{{Person: f.people[from], Role: "principal"}}}, {[]dayDelegate{{Person: f.people[to], Role: "principal"}}}}
	if i == 10 || i == 11 { // accepted both, one after the other or at once
		sides[0].Delegates[0].Person, sides[1].Delegates[0].Person = f.people[stranger], f.people[friend]
		body["visibility"], body["topic"] = "protocol", map[string]string{"vi": secretTopic}
	}
	if from%3 != to%3 {
		sides[1].Delegates = append(sides[1].Delegates, dayDelegate{Person: f.people[interpreters+r.IntN(4)], Role: "interpreter"})
	}
	if i%5 == 1 {
		sides[0].Delegates = append(sides[0].Delegates, dayDelegate{Person: f.people[firstDeputy+r.IntN(3)], Role: "note_taker"})
	}
	if i%7 == 1 {
		body["visibility"] = "protocol"
	}
	var times []daySlot
	grid, first := 22, 0
	if to == minister { // short ones, at times at which he will have to be in his panels
		grid, first, body["minutes"] = 4, 8, 15
	}
	for _, n := range r.Perm(grid)[:3] {
		times = append(times, daySlot{Start: f.at(30 * (first + n))})
	}
	body["sides"], body["times"] = sides, times
	return body
}

// speakersOf gives who is announced as a speaker of one of the panels, by id.
func (f *forumDay) speakersOf(panels ...int) map[string]bool {
	found := map[string]bool{}
	for _, k := range panels {
		for _, s := range f.panels[k].Speakers {
			if s["status"] == "confirmed" {
				found[s["person"]] = true
			}
		}
	}
	return found
}

// nameIn says whether one of the texts has the name.
func nameIn(name string, texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, name) })
}
