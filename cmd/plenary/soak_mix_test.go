package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// kind is one thing that somebody does at a forum, over and over.
type kind struct {
	name   string
	weight int
	do     func(context.Context) error
}

// expect sends a request, and is content with these statuses.
func (s *soaked) expect(ctx context.Context, method, path, body string, statuses []int, headers ...string) (string, error) {
	status, text, err := s.send(ctx, method, path, body, headers...)
	if err == nil && !slices.Contains(statuses, status) {
		err = fmt.Errorf("%s %s: %d %.300s", method, path, status, text)
	}
	return text, err
}

// read asks for an address.
func (s *soaked) read(paths ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.expect(ctx, http.MethodGet, paths[rand.N(len(paths))], "", []int{200}, "Accept-Encoding: gzip")
		return err
	}
}

// poll asks for an address again, as one who has read it.
func (s *soaked) poll(paths ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		path, headers := paths[rand.N(len(paths))], []string{"Accept-Encoding: gzip"}
		if tag, ok := s.tags.Load(path); ok {
			headers = append(headers, "If-None-Match: "+tag.(string))
		}
		_, err := s.expect(ctx, http.MethodGet, path, "", []int{200, 304}, headers...)
		return err
	}
}

// mix is what most do most of the time, by how often.
func (s *soaked) mix() []kind {
	const api = "/api/v1/events"
	return []kind{
		{"poll the agenda", 300, s.poll("/congress/agenda.json", "/forum/agenda.json")},
		{"poll calendars", 150, s.poll(append([]string{"/congress/agenda.ics", "/forum/agenda.ics"}, s.feeds...)...)},
		{"agenda as JSON", 120, s.read("/congress/agenda.json", "/forum/agenda.json?lang=vi", "/congress/schedule.xml")},
		{"calendars", 60, s.read(append([]string{"/congress/agenda.ics"}, s.feeds...)...)},
		{"pages", 120, s.read("/congress/?lang=en", "/forum/?lang=vi", "/forum/?lang=fr", "/congress/?view=rooms", "/", "/forum/now", "/static/plenary.css")},
		{"search", 20, s.read("/congress/?q=session", "/congress/?q=Speaker+7")},
		{"own page", 20, s.ownPage},
		{"reads by API", 60, s.read(api+"/congress/panels?limit=50", api+"/forum/meetings", api+"/congress/conflicts", api+"/forum/people", api+"/congress/activity?limit=20", api+"/forum/told")},
		{"move a panel", 25, s.moveOne},
	}
}

// rare is what a few do now and then, by how many seconds are between.
func (s *soaked) rare() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"publish 8":        s.publishOne,
		"meet 1":           s.meetOnce,
		"import 20":        s.importOnce,
		"export 10":        s.read("/api/v1/events/congress/tables/panels.csv", "/api/v1/events/congress/tables/agenda.xlsx", "/api/v1/events/forum/activity.csv", "/api/v1/events/forum/people/"+s.people[0]+"/data"),
		"watch 1":          s.watch,
		"agenda's form 30": s.read(s.seldom()...),
	}
}

// seldom are documents that few ask for.
func (s *soaked) seldom() []string {
	return []string{"/congress/schedule.json", "/congress/sessionize/All", "/congress/changes.atom", "/congress/changes.json", "/api/openapi.json"}
}

// often are those that many ask for.
func (s *soaked) often() []string {
	return append([]string{"/congress/agenda.json", "/forum/agenda.json", "/forum/agenda.json?lang=vi", "/congress/schedule.xml", "/congress/agenda.ics", "/forum/agenda.ics",
		"/congress/?lang=en", "/forum/?lang=vi", "/forum/?lang=fr", "/congress/?view=rooms"}, s.feeds...)
}

func (s *soaked) ownPage(ctx context.Context) error {
	_, err := s.expect(ctx, http.MethodGet, "/me", "", []int{200}, s.visits[rand.N(len(s.visits))])
	return err
}

// moveOne moves a panel within its half hour.
func (s *soaked) moveOne(ctx context.Context) error {
	p := <-s.panels
	defer func() { s.panels <- p }()
	start := p.minute + rand.N(3)*5
	text, err := s.expect(ctx, http.MethodPut, "/api/v1/events/congress/panels/"+p.ID+"/slot", fmt.Sprintf(`{"room":%q,"start":"%sT%s","end":"%sT%s"}`, p.room, p.day, clockOf(start), p.day, clockOf(start+20)),
		[]int{200}, fmt.Sprintf(`If-Match: "%d"`, p.Revision))
	if err != nil {
		return err
	}
	moved, err := as[struct{ Revision int }](text)
	if moved.Revision > 0 {
		p.Revision = moved.Revision
	}
	return err
}

// publishOne publishes what is there, and letters go to whom it concerns.
func (s *soaked) publishOne(ctx context.Context) error {
	s.publisher.Lock() // there is one who publishes
	defer s.publisher.Unlock()
	if _, err := s.expect(ctx, http.MethodPost, "/api/v1/events/congress/releases", `{}`, []int{201}); err != nil {
		return err
	}
	p := s.forumDay.panels[rand.N(6)] // three at a time in as many rooms: one moves by a minute or not at all
	text, err := s.expect(ctx, http.MethodGet, "/api/v1/events/forum/panels/"+p.ID, "", []int{200})
	if err != nil {
		return err
	}
	now, err := as[dayPanel](text)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, now.Slot.Start)
	if err != nil {
		return err
	}
	shift := time.Duration(1-2*(start.Minute()%2)) * time.Minute
	_, err = s.expect(ctx, http.MethodPut, "/api/v1/events/forum/panels/"+p.ID+"/slot", fmt.Sprintf(`{"room":%q,"start":%q,"end":%q}`, now.Slot.Room, start.Add(shift).Format(time.RFC3339), start.Add(shift+75*time.Minute).Format(time.RFC3339)),
		[]int{200}, fmt.Sprintf(`If-Match: "%d"`, now.Revision))
	if err == nil {
		_, err = s.expect(ctx, http.MethodPost, "/api/v1/events/forum/releases", `{}`, []int{201})
	}
	return err
}

// meetOnce lets two people meet, and think better of it: a request, an answer, and a cancellation, each with its letters. Of the Meeting
// that they had before nothing is left, so that there are always as many.
func (s *soaked) meetOnce(ctx context.Context) error {
	pair := <-s.pairs
	defer func() { s.pairs <- pair }()
	const all = "/api/v1/events/forum/meetings"
	if last := pair.last; last.ID != "" {
		pair.last = dayMeeting{}
		if _, err := s.expect(ctx, http.MethodDelete, all+"/"+last.ID, "", []int{204}, fmt.Sprintf(`If-Match: "%d"`, last.Revision)); err != nil {
			return err
		}
	}
	start := 510 + 45*(pair.from/9) // after all panels, and so that a table is free for each
	text, err := s.expect(ctx, http.MethodPost, all+"/requests", fmt.Sprintf(`{"from":%q,"to":%q,"times":[{"start":%q,"end":%q}]}`, s.people[pair.from], s.people[pair.to], s.at(start), s.at(start+30)), []int{201})
	if err != nil {
		return err
	}
	for _, step := range [][2]string{{"accept", `{"time":0}`}, {"cancel", `{"note":"Another time"}`}} {
		m, err := as[dayMeeting](text)
		if err != nil {
			return err
		}
		if text, err = s.expect(ctx, http.MethodPost, all+"/"+m.ID+"/"+step[0], step[1], []int{200}, fmt.Sprintf(`If-Match: "%d"`, m.Revision)); err != nil {
			return err
		}
	}
	pair.last, err = as[dayMeeting](text)
	return err
}

// importOnce brings one of two versions of a table, in turn.
func (s *soaked) importOnce(ctx context.Context) error {
	rows := "title,date,start,end,room,speakers\n"
	for i := range 20 {
		rows += fmt.Sprintf("Workshop %d.%d,%s,%s,%s,Annex,Guest %d\n", i, rand.N(2), s.dayAfter(1), clockOf(8*60+30*i), clockOf(8*60+30*i+25), i)
	}
	_, err := s.expect(ctx, http.MethodPost, "/api/v1/events/congress/import?format=csv&source=workshops", rows, []int{200}, "Content-Type: text/csv")
	return err
}

// watch looks at the timetable live for a few seconds, and goes.
func (s *soaked) watch(ctx context.Context) error {
	ctx, leave := context.WithTimeout(ctx, time.Duration(2+rand.N(8))*time.Second)
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/console/events/congress/timetable/stream", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := s.client.Do(r)
	if ctx.Err() != nil {
		return nil // who looks at a busy machine for a moment may see nothing
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the stream: %s", resp.Status)
	}
	said, lines := "", bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 8<<20) // a whole timetable in one line
	for lines.Scan() {
		said = lines.Text()
	}
	if ctx.Err() == nil {
		return fmt.Errorf("the stream ended by itself: %v, after %.300s", lines.Err(), said)
	}
	return nil
}
