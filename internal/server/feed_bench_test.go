package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// crowd is a published event as large as big forums are: 400 panels in 20 rooms on 4 days, 300 people and 100 meetings.
type crowd struct {
	*harness
	feeds map[string]string // path, by the kind of feed
}

const crowdSlug = "crowd"

func newCrowd(tb testing.TB) *crowd {
	tb.Helper()
	h := newHarness(tb)
	c := &crowd{harness: h, feeds: map[string]string{}}
	ctx := context.Background()
	_, _, err := h.app.CreateEvent(ctx, h.system(), agenda.Event{Slug: crowdSlug, Name: agenda.Text{"en": "Crowd", "vi": "Diễn đàn"},
		Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-30", Languages: []string{"vi", "en", "fr"},
		Venue: agenda.Venue{Name: agenda.Text{"en": "Congress centre", "vi": "Trung tâm Hội nghị Quốc gia"}}}, app.Once{})
	c.check(err)
	rooms, tracks, people := c.places()
	codes := c.panels(rooms, tracks, people)
	c.meetings(rooms[len(rooms)-1], people)
	_, err = h.app.Publish(ctx, h.system(), crowdSlug, nil, nil, app.Once{})
	c.check(err)
	c.open(rooms, tracks, people, codes)
	return c
}

func (c *crowd) check(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *crowd) places() (rooms, tracks, people []agenda.ID) {
	ctx := context.Background()
	for i := range 20 {
		r, _, err := c.app.CreateRoom(ctx, c.system(), crowdSlug, agenda.Room{Kind: agenda.RoomHall, Position: i,
			Name: agenda.Text{"en": fmt.Sprintf("Room %d", i+1), "vi": fmt.Sprintf("Phòng %d", i+1)}}, app.Once{})
		c.check(err)
		rooms = append(rooms, r.ID)
	}
	for i := range 8 {
		t, _, err := c.app.CreateTrack(ctx, c.system(), crowdSlug, agenda.Track{Name: agenda.Text{"en": fmt.Sprintf("Track %d", i+1)}}, app.Once{})
		c.check(err)
		tracks = append(tracks, t.ID)
	}
	for i := range 300 {
		p, _, err := c.app.CreatePerson(ctx, c.system(), crowdSlug, agenda.Person{Name: fmt.Sprintf("Nguyễn Văn %d", i+1),
			JobTitle: agenda.Text{"en": "Director", "vi": "Giám đốc"}, Organization: agenda.Text{"en": "Ministry of Science and Technology"}}, app.Once{})
		c.check(err)
		people = append(people, p.ID)
	}
	return rooms, tracks, people
}

func (c *crowd) panels(rooms, tracks, people []agenda.ID) (codes []string) {
	abstract := agenda.Text{"en": "", "vi": ""}
	for range 8 {
		abstract["en"] += "What the law asks of those who build and buy such systems, and how they can show that they comply. "
		abstract["vi"] += "Luật yêu cầu gì ở những người xây dựng và mua các hệ thống này, và họ chứng minh sự tuân thủ ra sao. "
	}
	for i := range 400 {
		start := time.Date(2025, 10, 27+i/100, 8, 0, 0, 0, time.UTC).Add(time.Duration(i%100/20) * 2 * time.Hour)
		p := agenda.Panel{Format: agenda.FormatTalk, TrackID: tracks[i%len(tracks)], Abstract: abstract,
			Title: agenda.Text{"en": fmt.Sprintf("Session %d: %s", i+1, "Digital sovereignty in practice"), "vi": fmt.Sprintf("Phiên %d: %s", i+1, longVietnamese)},
			Speakers: []agenda.Speaker{{PersonID: people[i%300], Role: agenda.Presenter, Status: agenda.Confirmed},
				{PersonID: people[(i+150)%300], Role: agenda.Moderator, Status: agenda.Confirmed}}}
		made, err := c.app.CreatePanel(context.Background(), c.system(), crowdSlug, p, &app.SlotRequest{RoomID: rooms[i%20],
			Start: start.Format("2006-01-02T15:04"), End: start.Add(90 * time.Minute).Format("2006-01-02T15:04")}, app.Once{})
		c.check(err)
		codes = append(codes, made.Panel.Code)
	}
	return codes
}

func (c *crowd) meetings(room agenda.ID, people []agenda.ID) {
	side := func(p agenda.ID) agenda.Delegation {
		return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: p, Role: agenda.Principal, Answer: agenda.Accepted}}}
	}
	for i := range 100 {
		start := time.Date(2025, 10, 27+i/25, 18, 0, 0, 0, time.UTC).Add(time.Duration(i%25) * 10 * time.Minute)
		_, err := c.app.CreateMeeting(context.Background(), c.system(), crowdSlug, agenda.Meeting{Topic: agenda.Text{"en": "Trade"},
			Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants, Sides: [2]agenda.Delegation{side(people[i%10]), side(people[20+i])}},
			&app.SlotRequest{RoomID: room, Start: start.Format("2006-01-02T15:04"), End: start.Add(10 * time.Minute).Format("2006-01-02T15:04")}, app.Once{})
		c.check(err)
	}
}

func (c *crowd) open(rooms, tracks, people []agenda.ID, codes []string) {
	base := "/" + crowdSlug + "/"
	c.feeds["event"], c.feeds["room"] = base+"agenda.ics", base+"rooms/"+string(rooms[0])+".ics"
	c.feeds["track"], c.feeds["panel"] = base+"tracks/"+string(tracks[0])+".ics", base+"panels/"+codes[0]+".ics"
	c.feeds["speaker"] = base + "speakers/" + string(people[0]) + ".ics"
	_, secret, err := c.app.OpenFeed(context.Background(), c.system(), crowdSlug,
		agenda.Feed{PersonID: people[0], FeedSettings: agenda.FeedSettings{Meetings: true}}, app.Once{})
	c.check(err)
	c.feeds["personal"] = "/feeds/" + secret + ".ics"
	r, err := c.app.Published(context.Background(), crowdSlug)
	c.check(err)
	var chosen []agenda.ID
	for i := range 40 {
		chosen = append(chosen, r.Snapshot.Panels[i*10].ID)
	}
	starred, err := c.app.OpenStarredFeed(context.Background(), crowdSlug, agenda.FeedSettings{Panels: chosen})
	c.check(err)
	c.feeds["starred"] = "/feeds/" + starred.Secret + ".ics"
}

// BenchmarkFeeds answers each kind of feed of a large event: started is the first answer of a server that has just
// started, cold the first one after a change, warm all others, and known those to clients that have it (304).
func BenchmarkFeeds(b *testing.B) {
	c := newCrowd(b)
	for _, kind := range []string{"event", "room", "track", "panel", "speaker", "personal", "starred"} {
		path := c.feeds[kind]
		fetch := func(b *testing.B, tag string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			if tag != "" {
				r.Header.Set("If-None-Match", tag)
			}
			w := httptest.NewRecorder()
			c.server.ServeHTTP(w, r)
			if w.Code != 200 && (tag == "" || w.Code != 304) {
				b.Fatalf("%d %s", w.Code, w.Body)
			}
			return w
		}
		tag := fetch(b, "").Header().Get("ETag")
		b.Run(kind+"/started", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c.server.app = app.New(c.store, app.Options{Now: c.now, NewID: c.newID})
				c.check(c.server.app.RenewCalendars(context.Background(), base))
				c.server.bodies = newBodyCache(maxBodyBytes)
				b.StartTimer()
				fetch(b, "")
			}
		})
		b.Run(kind+"/cold", func(b *testing.B) {
			for b.Loop() {
				c.server.bodies = newBodyCache(maxBodyBytes)
				fetch(b, "")
			}
		})
		b.Run(kind+"/warm", func(b *testing.B) {
			for b.Loop() {
				fetch(b, "")
			}
		})
		b.Run(kind+"/known", func(b *testing.B) {
			for b.Loop() {
				fetch(b, tag)
			}
		})
	}
}
