package server

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/app"
)

func TestPublicFeeds(t *testing.T) {
	s := newStage(t)
	for path, want := range map[string]struct {
		file   string
		events int
	}{
		"/vidw-2025/agenda.ics":                              {"vidw-2025-agenda.ics", 3},
		"/vidw-2025/panels/PANEL1.ics":                       {"vidw-2025-panels-PANEL1.ics", 1},
		"/vidw-2025/panels/" + string(s.talk.ID) + ".ics":    {"vidw-2025-panels-PANEL1.ics", 1},
		"/vidw-2025/tracks/" + string(s.track) + ".ics":      {"vidw-2025-tracks-" + string(s.track) + ".ics", 1},
		"/vidw-2025/rooms/" + string(s.hall) + ".ics":        {"vidw-2025-rooms-" + string(s.hall) + ".ics", 2},
		"/vidw-2025/speakers/" + string(s.minister) + ".ics": {"vidw-2025-speakers-" + string(s.minister) + ".ics", 1},
	} {
		for _, accept := range []string{"", "text/html", "image/png", "text/calendar"} {
			headers := []header{{"Accept-Encoding", "gzip, deflate, br"}}
			if accept != "" {
				headers = append(headers, header{"Accept", accept})
			}
			a := s.must(200, s.get(path, headers...))
			if diff := cmp.Diff(map[string]string{
				"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `inline; filename="` + want.file + `"`,
				"Cache-Control": "public, max-age=300, stale-while-revalidate=600", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
				"Access-Control-Allow-Origin": "*", "Content-Encoding": "", "Vary": "", "Set-Cookie": "", "Location": "",
				"Last-Modified": "Wed, 01 Oct 2025 08:00:00 GMT", "X-Content-Type-Options": "nosniff",
			}, only(a, "Content-Type", "Content-Disposition", "Cache-Control", "X-Robots-Tag", "Referrer-Policy",
				"Access-Control-Allow-Origin", "Content-Encoding", "Vary", "Set-Cookie", "Location", "Last-Modified",
				"X-Content-Type-Options")); diff != "" {
				t.Errorf("%s for %q: %s", path, accept, diff)
			}
			if n := strings.Count(a.Body, "BEGIN:VEVENT"); n != want.events || !strings.HasPrefix(a.Body, "BEGIN:VCALENDAR\r\n") {
				t.Errorf("%s: %d events, want %d", path, n, want.events)
			}
		}
		head := s.must(200, s.ask("", http.MethodHead, path, nil))
		if head.Body != "" || head.Header.Get("Content-Length") == "" || head.Header.Get("ETag") == "" {
			t.Errorf("HEAD %s: %v", path, head.Header)
		}
	}
	for path, kind := range map[string]string{"/vidw-2025/panels/PANEL1.ics?download": "attachment", "/vidw-2025/agenda.ics?download": "inline"} {
		if a := s.get(path); !strings.HasPrefix(a.Header.Get("Content-Disposition"), kind+"; filename=") {
			t.Errorf("%s: %s", path, a.Header.Get("Content-Disposition"))
		}
	}
	if a := s.get("/vidw-2025/agenda.ics?lang=vi&utm=x"); !strings.Contains(a.Body, "Khai mạc") {
		t.Error("?lang=vi is not in Vietnamese")
	}
	for _, path := range []string{"/none/agenda.ics", "/vidw-2025/panels/none.ics", "/vidw-2025/tracks/none.ics", "/vidw-2025/tracks/none",
		"/vidw-2025/rooms/none.ics", "/vidw-2025/rooms/none", "/vidw-2025/speakers/none.ics", "/vidw-2025/panels/.ics"} {
		if a := s.get(path, header{"Accept", "text/calendar"}); a.Status != 404 || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

func TestWhatIsCancelledLeavesFeedsAfterAWhile(t *testing.T) {
	s := newStage(t)
	s.pass(time.Date(2025, 10, 29, 0, 0, 0, 0, time.UTC).Sub(s.now()))
	first := s.get("/vidw-2025/agenda.ics")
	if !strings.Contains(first.Body, "STATUS:CANCELLED") {
		t.Fatal("what is cancelled is not shown")
	}
	s.pass(time.Date(2025, 11, 4, 23, 59, 0, 0, time.UTC).Sub(s.now()))
	if a := s.get("/vidw-2025/agenda.ics"); a.Body != first.Body {
		t.Error("it changed before seven days had passed")
	}
	s.pass(time.Date(2025, 11, 5, 0, 1, 0, 0, time.UTC).Sub(s.now()))
	a := s.get("/vidw-2025/agenda.ics", header{"If-Modified-Since", first.Header.Get("Last-Modified")})
	if a.Status != 200 || strings.Contains(a.Body, "STATUS:CANCELLED") || a.Header.Get("Last-Modified") != "Wed, 05 Nov 2025 00:00:00 GMT" {
		t.Errorf("after seven days: %d %v", a.Status, a.Header)
	}
}

func TestPersonalFeed(t *testing.T) {
	s := newStage(t)
	_, secret := s.openFeed("fr")
	path := "/feeds/" + secret + ".ics"
	a := s.must(200, s.get(path, header{"Accept-Encoding", "gzip"}, header{"Origin", "https://other.example"}))
	if diff := cmp.Diff(map[string]string{
		"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `inline; filename="vidw-2025-personal.ics"`,
		"Cache-Control": "private, max-age=300, must-revalidate", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
		"Access-Control-Allow-Origin": "", "Content-Encoding": "", "Set-Cookie": "", "Last-Modified": "Wed, 01 Oct 2025 08:00:00 GMT",
	}, only(a, "Content-Type", "Content-Disposition", "Cache-Control", "X-Robots-Tag", "Referrer-Policy",
		"Access-Control-Allow-Origin", "Content-Encoding", "Set-Cookie", "Last-Modified")); diff != "" {
		t.Error(diff)
	}
	if strings.Count(a.Body, "BEGIN:VEVENT") != 2 || !strings.Contains(a.Body, canary+" secret talks") || !strings.Contains(a.Body, "Rendez-vous avec") {
		t.Errorf("not the minister's panel and meeting in French: %s", a.Body)
	}
	if strings.Contains(a.Body, secret) || strings.Contains(a.Body, "@example.org") {
		t.Error("the calendar has its secret or an e-mail address in it")
	}
	s.pass(time.Minute)
	if again := s.get(path); again.Body != a.Body || again.Header.Get("ETag") != a.Header.Get("ETag") ||
		again.Header.Get("Last-Modified") != a.Header.Get("Last-Modified") {
		t.Error("two polls differ")
	}
	if o := s.ask("", http.MethodOptions, path, nil); o.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("pages of other origins may read it: %v", o.Header)
	}
}

// A meeting that leaves the feed has no newer time anywhere in the content.
func TestAPersonalFeedThatShrinksIsNotTakenForUnchanged(t *testing.T) {
	s := newStage(t)
	_, secret := s.openFeed("")
	path := "/feeds/" + secret + ".ics"
	first := s.must(200, s.get(path))
	_, meetings, _, err := s.app.Meetings(context.Background(), s.system(), forum, app.MeetingFilter{}, app.Page{Limit: 10})
	s.check(err)
	s.check(s.app.DeleteMeeting(context.Background(), s.system(), forum, app.Match{Any: true}, meetings[0].ID))
	a := s.get(path, header{"If-Modified-Since", first.Header.Get("Last-Modified")})
	if a.Status != 200 || strings.Contains(a.Body, canary) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestAClosedFeedEmptiesCalendarsAndIsThenGone(t *testing.T) {
	s := newStage(t)
	id, secret := s.openFeed("vi")
	path := "/feeds/" + secret + ".ics"
	s.must(200, s.get(path))
	s.check(s.app.RevokeFeed(context.Background(), s.system(), forum, id))
	a := s.must(200, s.get(path))
	if strings.Contains(a.Body, "VEVENT") || !strings.Contains(a.Body, "X-WR-CALNAME:Lịch đã đóng\r\n") || !strings.Contains(a.Body, "BEGIN:VTIMEZONE") ||
		a.Header.Get("Cache-Control") != cachePrivate {
		t.Errorf("a closed feed is not an empty calendar: %s", a.Body)
	}
	s.pass(30 * 24 * time.Hour)
	if a := s.get(path); a.Status != 410 || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("after %s: %d %s", 30*24*time.Hour, a.Status, a.Body)
	}
}

// Clients read bodies to their end; what HEAD promises must be what GET sends.
func TestFeedsOverARealConnection(t *testing.T) {
	s := newStage(t)
	_, secret := s.openFeed("")
	for _, path := range []string{"/vidw-2025/agenda.ics", "/feeds/" + secret + ".ics", "/vidw-2025/agenda.json", "/vidw-2025/"} {
		client, address := serveForTest(t, s.server)
		head, err := client.Head(address + path)
		s.check(err)
		get, err := client.Get(address + path)
		s.check(err)
		body, err := io.ReadAll(get.Body)
		s.check(err)
		s.check(get.Body.Close())
		if head.StatusCode != 200 || head.ContentLength != int64(len(body)) || head.Header.Get("ETag") != get.Header.Get("ETag") {
			t.Errorf("%s: HEAD promises %d bytes, GET sends %d", path, head.ContentLength, len(body))
		}
	}
}

// serveForTest listens on a port of this machine; its client asks for no compression by itself.
func serveForTest(t *testing.T, h http.Handler) (*http.Client, string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	client := server.Client()
	client.Transport.(*http.Transport).DisableCompression = true
	return client, server.URL
}
