package server

import (
	"context"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/draw"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	goqr "github.com/piglig/go-qr"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

var formType = header{"Content-Type", "application/x-www-form-urlencoded"}

// post sends a form.
func (h *harness) post(path string, form url.Values, headers ...header) answer {
	h.t.Helper()
	return h.ask("", http.MethodPost, path, form.Encode(), append([]header{formType, browser}, headers...)...)
}

// attribute gives the value of the first match of a pattern with one group, unescaped.
func attribute(t *testing.T, body, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no %s in %s", pattern, body)
	}
	return html.UnescapeString(found[1])
}

func TestAnAttendeeChoosesAndSubscribes(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		page := s.must(200, s.get("/vidw-2025/starred?lang=fr", browser))
		if attribute(t, page.Body, `<form class="choice" method="post" action="([^"]*)"`) != "/vidw-2025/starred?lang=fr" ||
			strings.Count(page.Body, `name="panel"`) != 3 || strings.Contains(page.Body, " checked>") {
			t.Errorf("not a form to choose from: %s", page.Body)
		}
		if none := s.must(422, s.post("/vidw-2025/starred?lang=fr", url.Values{"alarm": {"30"}})); !strings.Contains(none.Body, "Choisissez d’abord") || !strings.Contains(none.Body, `<option value="30" selected>`) {
			t.Errorf("an empty choice: %s", none.Body)
		}
		made := s.must(303, s.post("/vidw-2025/starred?lang=fr", url.Values{"panel": {string(s.talk.ID), string(s.opening.ID)}, "language": {"fr"}, "alarm": {"15"}, "cancelled": {"keep"}, "whole_event": {"true"}}))
		at := made.Header.Get("Location")
		key := attribute(t, at, `^/vidw-2025/starred/([^?]+)\?done=made&lang=fr$`)
		if made.Header.Get("Cache-Control") != "no-store" || made.Header.Get("Set-Cookie") != "" || len(key) < 22 {
			t.Errorf("%v", made.Header)
		}
		own := s.must(200, s.get(at, browser))
		if own.Header.Get("Cache-Control") != "private, no-store" || own.Header.Get("X-Robots-Tag") != "noindex" ||
			!strings.Contains(own.Body, "2 éléments choisis") || !strings.Contains(own.Body, "Votre calendrier est prêt") || !strings.Contains(own.Body, `<option value="15" selected>`) {
			t.Errorf("%v %s", own.Header, own.Body)
		}
		address := attribute(t, own.Body, `<input id="address" type="url" readonly value="([^"]*)"`)
		if strings.Contains(address, key) {
			t.Error("the calendar's address has the key in it")
		}
		feed := strings.TrimPrefix(address, base)
		calendar := s.must(200, s.get(feed, header{"User-Agent", "Google-Calendar-Importer"}))
		if strings.Count(calendar.Body, "BEGIN:VEVENT") != 3 || !strings.Contains(calendar.Body, "DTSTART;VALUE=DATE:20251027\r\nDTEND;VALUE=DATE:20251029\r\n") || strings.Count(calendar.Body, "TRIGGER:-PT15M") != 2 || !strings.Contains(calendar.Body, "SUMMARY:Ouverture") {
			t.Error(calendar.Body)
		}
		s.changesAndRotates(t, "/vidw-2025/starred/"+key, feed)
	})
}

func (s *stage) changesAndRotates(t *testing.T, page, feed string) {
	t.Helper()
	now := s.must(200, s.get(page, browser))
	if !strings.Contains(now.Body, "by Google Calendar") {
		t.Errorf("it does not say which program fetched: %s", now.Body)
	}
	revision := attribute(t, now.Body, `name="revision" value="(\d+)"`)
	saved := s.must(303, s.post(page, url.Values{"do": {"save"}, "revision": {revision}, "panel": {string(s.off.ID)}, "language": {"en"}, "cancelled": {"prefix"}}))
	if saved.Header.Get("Location") != page+"?done=saved" {
		t.Error(saved.Header)
	}
	if c := s.get(feed); strings.Count(c.Body, "BEGIN:VEVENT") != 1 || !strings.Contains(c.Body, "SUMMARY:CANCELLED: Night market") || strings.Contains(c.Body, "VALARM") {
		t.Errorf("the calendar at the same address is not of the new choice: %s", c.Body)
	}
	stale := s.must(412, s.post(page, url.Values{"do": {"save"}, "revision": {revision}, "panel": {string(s.talk.ID)}, "language": {"en"}, "cancelled": {"prefix"}}))
	if !strings.Contains(stale.Body, "changed on another page") || !strings.Contains(stale.Body, string(s.off.ID)+`" checked`) || strings.Contains(stale.Body, string(s.talk.ID)+`" checked`) {
		t.Errorf("who comes late is not told: %s", stale.Body)
	}
	revision = attribute(t, stale.Body, `name="revision" value="(\d+)"`)
	rotated := s.must(303, s.post(page, url.Values{"do": {"rotate"}, "revision": {revision}, "panel": {string(s.off.ID)}, "language": {"en"}}))
	if c := s.must(200, s.get(feed)); strings.Contains(c.Body, "VEVENT") {
		t.Error("the address before still has the choice")
	}
	after := s.must(200, s.get(rotated.Header.Get("Location"), browser))
	next := strings.TrimPrefix(attribute(t, after.Body, `readonly value="([^"]*)"`), base)
	if c := s.must(200, s.get(next)); next == feed || strings.Count(c.Body, "BEGIN:VEVENT") != 1 {
		t.Error("the new address has not the choice")
	}
	revision = attribute(t, after.Body, `name="revision" value="(\d+)"`)
	s.must(422, s.post(page, url.Values{"do": {"close"}, "revision": {revision}}))
	closed := s.must(303, s.post(page, url.Values{"do": {"close"}, "revision": {revision}, "sure": {"yes"}}))
	if end := s.must(200, s.get(closed.Header.Get("Location"), browser)); !strings.Contains(end.Body, "Your calendar is deleted") {
		t.Error(end.Body)
	}
	if c := s.must(200, s.get(next)); strings.Contains(c.Body, "VEVENT") {
		t.Error("what was given up is still there")
	}
	s.must(410, s.get(page, browser))
}

// Whatever is wrong with a form, nothing that was chosen is lost and nothing is kept.
func TestFormsThatAreWrong(t *testing.T) {
	s := newStage(t)
	f, err := s.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{Panels: []agenda.ID{s.talk.ID}})
	s.check(err)
	own := "/vidw-2025/starred/" + f.Key
	chosen := string(s.opening.ID) + `" checked`
	for name, form := range map[string]url.Values{
		"alarm":     {"panel": {string(s.opening.ID)}, "alarm": {"soon"}, "cancelled": {"keep"}},
		"far alarm": {"panel": {string(s.opening.ID)}, "alarm": {"99999999"}, "cancelled": {"keep"}},
		"language":  {"panel": {string(s.opening.ID)}, "language": {"no language"}},
		"cancelled": {"panel": {string(s.opening.ID)}, "cancelled": {"burn"}},
		"unknown":   {"panel": {string(s.opening.ID), "nothing", hostile, strings.Repeat("x", 5000)}},
		"draft":     {"panel": {string(s.opening.ID), s.draft()}},
	} {
		for path, status := range map[string]int{"/vidw-2025/starred": 422, own: 422} {
			form.Set("do", "save")
			form.Set("revision", "1")
			a := s.post(path, form)
			if a.Status != status || !strings.Contains(a.Body, "could not be saved") || !strings.Contains(a.Body, chosen) || strings.Contains(a.Body, "<script>") {
				t.Errorf("%s to %s: %d, want %d: %s", name, path, a.Status, status, a.Body)
			}
		}
	}
	for name, form := range map[string]url.Values{"no revision": {"do": {"save"}}, "nothing to do": {"revision": {"1"}}} {
		if a := s.post(own, form); a.Status != 422 {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	for _, own := range [][]header{{{"Sec-Fetch-Site", "same-origin"}}, {{"Origin", base}}, {{"Origin", "http://example.com"}}, nil} { // httptest asks for example.com
		if a := s.post("/vidw-2025/starred", url.Values{"panel": {string(s.opening.ID)}}, own...); a.Status != 303 {
			t.Errorf("a form of this site with %v: %d", own, a.Status)
		}
	}
	for _, site := range []header{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://other.example"}} {
		if a := s.post("/vidw-2025/starred", url.Values{"panel": {string(s.opening.ID)}}, site); a.Status != 403 {
			t.Errorf("a form of another site: %d", a.Status)
		}
	}
	if a := s.post("/none/starred", nil); a.Status != 404 {
		t.Errorf("no event: %d", a.Status)
	}
	now, err := s.app.StarredFeed(context.Background(), forum, f.Key)
	s.check(err)
	if now.Feed.Revision != 1 || len(now.Feed.Panels) != 1 {
		t.Errorf("it was changed: %+v", now.Feed)
	}
}

// What anybody may make without an account does not stay for ever when no calendar fetches it.
func TestStarredFeedsThatNobodyFetchesAreForgotten(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		open := func() app.Starred {
			made, err := s.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{Panels: []agenda.ID{s.talk.ID}})
			s.check(err)
			return made
		}
		used, unused := open(), open()
		s.must(200, s.get("/feeds/"+used.Secret+".ics"))
		s.pass(30*24*time.Hour + time.Minute)
		open()
		s.must(200, s.get("/vidw-2025/starred/"+used.Key, browser))
		s.must(404, s.get("/vidw-2025/starred/"+unused.Key, browser))
		_, err := s.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{})
		if agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("a calendar of nothing: %v", err)
		}
	})
}

// draft gives the ID of a panel that is not published.
func (s *stage) draft() string {
	s.t.Helper()
	p, err := s.app.CreatePanel(context.Background(), s.system(), forum, agenda.Panel{Format: agenda.FormatTalk, Title: agenda.Text{"en": "Draft"}}, nil, app.Once{})
	s.check(err)
	return string(p.Panel.ID)
}

func TestTheWaysToSubscribe(t *testing.T) {
	s := newStage(t)
	_, secret := s.openFeed("")
	for path, want := range map[string]struct{ feed, page string }{
		"/vidw-2025/subscribe": {"/vidw-2025/agenda.ics", "/vidw-2025/subscribe"},
		"/vidw-2025/subscribe?lang=fr&cancelled=hide&whole_event=true": {"/vidw-2025/agenda.ics?lang=fr&cancelled=hide&whole_event=true", "/vidw-2025/subscribe?lang=fr&cancelled=hide&whole_event=true"},
		"/vidw-2025/rooms/" + string(s.hall) + "/subscribe?lang=vi":    {"/vidw-2025/rooms/" + string(s.hall) + ".ics?lang=vi", "/vidw-2025/rooms/" + string(s.hall) + "/subscribe?lang=vi"},
		"/vidw-2025/panels/" + string(s.talk.ID) + "/subscribe":        {"/vidw-2025/panels/" + string(s.talk.ID) + ".ics", "/vidw-2025/panels/PANEL1/subscribe"},
		"/feeds/" + secret: {"/feeds/" + secret + ".ics", "/feeds/" + secret},
	} {
		a := s.must(200, s.get(path, browser, header{"Accept-Language", "en"}))
		address := base + want.feed
		inside := "webcal://agenda.example" + want.feed
		for _, link := range []string{`readonly value="` + html.EscapeString(address) + `"`, `href="` + html.EscapeString(inside) + `"`,
			`href="https://calendar.google.com/calendar/r?cid=` + url.QueryEscape(inside) + `"`,
			`href="https://outlook.live.com/calendar/0/addfromweb?url=` + url.QueryEscape(address) + `&amp;name=`,
			`href="https://outlook.office.com/calendar/0/addfromweb?url=` + url.QueryEscape(address) + `&amp;name=`} {
			if !strings.Contains(a.Body, link) {
				t.Errorf("%s lacks %s", path, link)
			}
		}
		if got := scan(t, a.Body); got != base+want.page {
			t.Errorf("%s: the code says %q, want %q", path, got, base+want.page)
		}
		if secretly := strings.Contains(a.Body, "Google and Microsoft fetch it"); secretly != strings.HasPrefix(path, "/feeds/") {
			t.Errorf("%s: says that its address is a secret: %t", path, secretly)
		}
		s.must(200, s.get(want.feed))
	}
	for _, path := range []string{"/none/subscribe", "/vidw-2025/rooms/none/subscribe", "/vidw-2025/tracks/none/subscribe", "/vidw-2025/panels/none/subscribe", "/vidw-2025/speakers/none/subscribe"} {
		s.must(404, s.get(path, browser))
	}
	kept := s.must(200, s.get("/vidw-2025/subscribe?lang=fr&cancelled=hide", browser))
	for _, want := range []string{`<input type="hidden" name="lang" value="fr">`, `<option value="hide" selected>`, `href="?lang=vi&amp;cancelled=hide"`,
		`hreflang="vi" href="https://agenda.example/vidw-2025/subscribe?lang=vi"`} {
		if !strings.Contains(kept.Body, want) {
			t.Errorf("the settings lack %s", want)
		}
	}
	// The calendar of somebody whose language the event has not is still in the program's words for it.
	if a := s.must(200, s.get("/vidw-2025/subscribe", browser, header{"Accept-Language", "de"})); !strings.Contains(a.Body, `value="https://agenda.example/vidw-2025/agenda.ics"`) {
		t.Error(a.Body)
	}
}

// scan draws the QR code of a page and reads it, as a phone would.
func scan(t *testing.T, body string) string {
	t.Helper()
	var size int
	if _, err := fmt.Sscan(attribute(t, body, `<svg viewBox="0 0 (\d+) \d+" role="img"`), &size); err != nil {
		t.Fatal(err)
	}
	const module = 4
	img := image.NewGray(image.Rect(0, 0, size*module, size*module))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(attribute(t, body, `<path d="([^"]*)" fill="#000"/>`), -1) {
		var x, y, width int
		if _, err := fmt.Sscan(run[1]+" "+run[2]+" "+run[3], &x, &y, &width); err != nil {
			t.Fatal(err)
		}
		for px := x * module; px < (x+width)*module; px++ {
			for py := y * module; py < (y+1)*module; py++ {
				img.SetGray(px, py, color.Gray{})
			}
		}
	}
	text, err := goqr.Decode(img)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
