package server

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func TestAPersonalPageFromTheLinkToTheEnd(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		_, secret, _ := s.link(s.minister, `{"vouched_address":"`+canary+`@example.org"}`)
		b := s.come(secret)
		page := b.look()
		for name, want := range map[string]string{"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"} {
			if got := page.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if strings.Contains(page.Body, canary) || !strings.Contains(page.Body, `<meta name="referrer" content="no-referrer">`) {
			t.Error("the page tells of others, or others of it")
		}
		b.compare("me.txt", page)
		if a := b.send("/me/answer", url.Values{"panel": {string(s.talk.ID)}, "answer": {"declined"}}); a.Status != 303 || a.Header.Get("Location") != "/me?done=answered" {
			t.Errorf("an answer: %d, to %q", a.Status, a.Header.Get("Location"))
		}
		b.see("You have declined")
		b.must(303, b.send("/me/code", nil))
		code := s.lastLetter().Code
		b.must(422, b.send("/me/confirm", url.Values{"code": {"12345"}}))
		b.see("Send a code")
		b.must(303, b.send("/me/confirm", url.Values{"code": {" " + code[:3] + " " + code[3:]}}))
		b.see(canary + " secret talks") // their own meeting
		meeting := regexp.MustCompile(`name="meeting" value="([^"]+)"`).FindStringSubmatch(b.look().Body)[1]
		b.must(303, b.send("/me/meeting", url.Values{"meeting": {meeting}, "answer": {"declined"}}))
		b.see("Agreed · You have declined")
		feed := b.send("/me/feed", nil)
		if to := feed.Header.Get("Location"); feed.Status != 303 || !strings.HasPrefix(to, "/feeds/") || s.get(to, browser).Status != 200 {
			t.Errorf("the calendar: %d, at %q", feed.Status, to)
		}
		b.must(422, b.send("/me/address", url.Values{"email": {"nothing"}}))
		b.must(303, b.send("/me/address", url.Values{"email": {"office@example.org"}}))
		b.see("Letters go to o…@example.org.")
		b.must(303, b.send("/me/leave", nil))
		if b.cookie != "" || strings.Contains(b.look().Body, "Nguyễn") {
			t.Error("who left is still there")
		}
	})
}

// TestScannersSpoilNothing opens and posts a link as the programs do that look through letters before their reader does.
func TestScannersSpoilNothing(t *testing.T) {
	sweep(t)
	s := newStage(t)
	_, secret, _ := s.link(s.invited, `{}`)
	before := s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/panels/"+string(s.talk.ID), nil)).Body
	person := s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/people/"+string(s.invited), nil)).Body
	posting := s.come(secret)
	forms := formsIn(posting.look().Body)
	for path, form := range forms {
		posting.send(path, form) // as it is
	}
	if len(forms) != 9 || len(forms["/me/letters"]["wanted"]) == 0 || forms["/me/available"].Get("day") == "" || forms["/me/available"].Get("whole") != "" || len(forms["/me/profile"]) < 9 || forms["/me/answer"].Get("panel") == "" {
		t.Fatalf("the page has the forms %v", forms)
	}
	for range 100 {
		s.must(200, s.get("/me", browser))
		b := s.come(secret)
		b.look()
		for _, path := range []string{"/me/answer", "/me/open", "/me/profile", "/me/leave"} {
			b.must(405, s.get(path, b.headers()...))
		}
	}
	b := s.come(secret)
	b.see("You are invited")
	if after := s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/panels/"+string(s.talk.ID), nil)).Body; after != before {
		t.Errorf("a scanner changed the panel: %s", after)
	}
	if after := s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/people/"+string(s.invited), nil)).Body; after != person {
		t.Errorf("a scanner changed the person: %s", after)
	}
	b.must(303, b.send("/me/answer", url.Values{"panel": {string(s.talk.ID)}, "answer": {"confirmed"}}))
	b.see("You have confirmed")
}

var (
	formPattern  = regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)"[^>]*>(.*?)</form>`)
	inputPattern = regexp.MustCompile(`<input[^>]* name="([^"]*)"[^>]*>`)
	areaPattern  = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>`)
	valuePattern = regexp.MustCompile(` value="([^"]*)"`)
)

// formsIn gives the forms of a page with what is in them before anybody typed or chose, as a program sends them that
// presses every button.
func formsIn(page string) map[string]url.Values {
	forms := map[string]url.Values{}
	for _, form := range formPattern.FindAllStringSubmatch(page, -1) {
		sent := url.Values{}
		for _, input := range inputPattern.FindAllStringSubmatch(form[2], -1) {
			if (strings.Contains(input[0], `type="radio"`) || strings.Contains(input[0], `type="checkbox"`)) && !strings.Contains(input[0], " checked") {
				continue
			}
			value := ""
			if found := valuePattern.FindStringSubmatch(input[0]); found != nil {
				value = html.UnescapeString(found[1])
			}
			sent.Set(input[1], value)
		}
		for _, area := range areaPattern.FindAllStringSubmatch(form[2], -1) {
			sent.Set(area[1], html.UnescapeString(area[2]))
		}
		forms[form[1]] = sent
	}
	return forms
}

func TestLinksThatOpenNothingAreAlike(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		s := newStageOn(h)
		revoked, revokedSecret, revokedCode := s.link(s.chair, `{}`)
		_, expiredSecret, expiredCode := s.link(s.chair, `{"expires":"2025-10-01T10:00:00Z"}`)
		_, leftSecret, _ := s.link(s.invited, `{}`)
		inside := s.come(revokedSecret)
		s.must(204, s.ask(s.write, http.MethodDelete, "/api/v1/events/vidw-2025/people/"+string(s.chair)+"/links/"+revoked, nil))
		s.pass(3 * time.Hour)
		_, err := s.app.EditPanel(context.Background(), s.system(), forum, app.Match{Any: true}, withoutSpeakers(s.talk), nil)
		s.check(err)
		s.check(s.app.DeletePerson(context.Background(), s.system(), forum, app.Match{Any: true}, s.invited))
		open := func(form url.Values) answer { return (&caller{stage: s}).send("/me/open", form) }
		want := open(url.Values{"secret": {"unknown-0123456789012345678901234567890123"}})
		for name, form := range map[string]url.Values{"revoked": {"secret": {revokedSecret}}, "expired": {"secret": {expiredSecret}}, "left": {"secret": {leftSecret}},
			"empty": {}, "long": {"secret": {strings.Repeat("x", 5000)}}, "revoked code": {"code": {revokedCode}}, "expired code": {"code": {expiredCode}},
			"unknown code": {"code": {"ABCDE-FGHJK"}}, "short code": {"code": {"ABC"}}} {
			got := open(form)
			got.Header.Del("X-Request-Id")
			want.Header.Del("X-Request-Id")
			if diff := cmp.Diff(want, got); diff != "" || got.Status != 404 || got.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d (-unknown +this):\n%s", name, got.Status, diff)
			}
		}
		for name, cookie := range map[string]string{"revoked": inside.cookie, "unknown": "nothing", "none": ""} {
			b := &caller{s, cookie}
			if strings.Join(textIn(b.look().Body), "") != strings.Join(textIn(s.get("/me", browser, header{"Accept-Language", "en"}).Body), "") {
				t.Errorf("%s: the page is another", name)
			}
			for _, path := range []string{"answer", "profile", "address", "meeting", "feed", "leave", "code", "confirm"} {
				b.must(401, b.send("/me/"+path, url.Values{"panel": {string(s.talk.ID)}, "answer": {"confirmed"}}))
			}
		}
	})
}

func withoutSpeakers(p agenda.Panel) agenda.Panel {
	p.Speakers = nil
	return p
}

// TestAVisitOpensNothingOfTheAPI asks all of it with the cookie of a confirmed visit, and without.
func TestAVisitOpensNothingOfTheAPI(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	made, err := h.app.MakePersonalLink(t.Context(), h.system(), forum, app.LinkRequest{PersonID: agenda.ID(own.ids["person"])}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := h.app.OpenPersonalLink(t.Context(), made.Secret, "", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	code, _, err := h.app.MakeDeskCode(t.Context(), h.system(), forum, agenda.ID(own.ids["person"]))
	if err == nil {
		err = h.app.ConfirmVisit(t.Context(), v.Secret, code, "192.0.2.1")
	}
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, op := range apiOperations(h.server) {
		if Access(op.Extensions["x-access"].(string)).open() {
			continue
		}
		for _, sent := range [][]header{{{"Cookie", visitCookie + "=" + v.Secret}}, {{"Authorization", "Bearer " + v.Secret}}, {{"Authorization", "Bearer " + made.Secret}}} {
			a := h.ask("", op.Method, own.fill(op.Path), nil, append(sent, header{"If-Match", "*"})...)
			plain := h.ask("", op.Method, own.fill(op.Path), nil, header{"If-Match", "*"})
			asked++
			if a.Status != 401 || plain.Status != 401 {
				t.Errorf("%s: %d with the visit, %d without", op.OperationID, a.Status, plain.Status)
			}
			if sent[0].name == "Cookie" && requestIDs.ReplaceAllString(a.Body, "") != requestIDs.ReplaceAllString(plain.Body, "") {
				t.Errorf("%s: the visit is told something else: %s", op.OperationID, a.Body)
			}
		}
	}
	if asked < 150 {
		t.Errorf("only %d were asked", asked)
	}
}

func TestSecretsOfPersonalLinksAreInNoLog(t *testing.T) {
	s, also := newStage(t), newLookout(t)
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.app = app.New(s.store, app.Options{Now: s.now, NewID: s.newID, Secret: s.newSecret, Code: s.newCode, Post: s.mail, Log: log})
	s.server = New(Options{App: s.app, BaseURL: base, Version: "1", Now: s.now, Log: log, Meter: also.meter, Tracing: also.tracing})
	_, secret, code := s.link(s.minister, `{"vouched_address":"`+canary+`@example.org"}`)
	b := s.come(secret)
	secrets := []string{secret, code, b.cookie}
	b.must(303, b.send("/me/code", nil))
	secrets = append(secrets, s.lastLetter().Code)
	b.must(422, b.send("/me/confirm", url.Values{"code": {"999999"}}))
	b.must(404, (&caller{stage: s}).send("/me/open", url.Values{"secret": {secret + "x"}}))
	b.must(403, s.ask("", http.MethodPost, "/me/open", "secret="+secret, header{"Content-Type", "application/x-www-form-urlencoded"}, header{"Sec-Fetch-Site", "cross-site"}))
	b.must(404, s.get("/me/"+secret, browser))
	b.must(400, b.send("/me/profile", url.Values{"bio.en": {"\x00" + secret}}))
	s.check(s.store.Close())
	b.must(503, b.send("/me/open", url.Values{"secret": {secret}}))
	b.must(503, s.get("/me", b.headers()...))
	also.hides(append(secrets, canary+"@", canary))
	for _, hidden := range append(secrets, canary+"@") {
		if strings.Contains(out.String(), hidden) {
			t.Errorf("the log has %q: %s", hidden, out.String())
		}
	}
	if strings.Count(out.String(), `"msg":"request"`) < 10 {
		t.Error("the test looks at nothing")
	}
}

func TestPersonalPagesNeedTLS(t *testing.T) {
	h := newHarness(t)
	for address, insecure := range map[string]bool{"http://forum.example": true, "http://192.0.2.1:8080": true, "https://forum.example": false,
		"http://127.0.0.1:8080": false, "http://[::1]:80": false, "http://localhost:1": false} {
		h.server = New(Options{App: h.app, BaseURL: address, Now: h.now})
		if got := strings.Contains(h.must(200, h.get("/me", header{"Accept-Language", "en"})).Body, "without TLS"); got != insecure {
			t.Errorf("%s: warned %t", address, got)
		}
	}
	h.server = New(Options{App: h.app, BaseURL: base, Now: h.now})
	s := newStageOn(h)
	_, secret, _ := s.link(s.chair, `{}`)
	a := (&caller{stage: s}).send("/me/open", url.Values{"secret": {secret}})
	want := fmt.Sprintf("%s=%s; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax", visitCookie, cookieIn(a))
	if got := a.Header.Get("Set-Cookie"); got != want || len(cookieIn(a)) < 43 {
		t.Errorf("the cookie is %q, want %q", got, want)
	}
}

func cookieIn(a answer) string {
	_, rest, _ := strings.Cut(a.Header.Get("Set-Cookie"), "=")
	value, _, _ := strings.Cut(rest, ";")
	return value
}

// TestAProfileThatIsNotTakenIsShownAgain: nothing that was typed is lost.
func TestAProfileThatIsNotTakenIsShownAgain(t *testing.T) {
	s := newStage(t)
	_, secret, _ := s.link(s.minister, `{}`)
	b := s.come(secret)
	form := url.Values{"revision": {"1"}, "job_title.en": {"Prime <b>Minister"}, "bio.vi": {"Một.\r\n\r\nHai."}}
	b.must(303, b.send("/me/profile?lang=fr", form))
	p := decode[personBody](t, s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/people/"+string(s.minister), nil)))
	if p.JobTitle["en"] != "Prime <b>Minister" || p.JobTitle["vi"] == "" || p.Bio["vi"] != "Một.\n\nHai." || p.Revision != 2 {
		t.Errorf("the person is %+v", p)
	}
	form.Set("job_title.en", "Again")
	a := b.must(412, b.send("/me/profile", form))
	if !strings.Contains(a.Body, `value="Again"`) || !strings.Contains(a.Body, `name="revision" value="2"`) || !strings.Contains(a.Body, "changed it meanwhile") {
		t.Errorf("what was typed is lost: %s", a.Body)
	}
	form.Set("revision", "2")
	b.must(303, b.send("/me/profile", form))
	b.must(422, b.send("/me/profile", url.Values{"revision": {"3"}, "bio.en": {strings.Repeat("x", agenda.MaxProse+1)}}))
	b.must(403, b.send("/me/address", url.Values{"email": {"a@example.org"}}))
}

// compare holds what a page says against the file in testdata; see [transcript.compare].
func (b *caller) compare(name string, page answer) {
	b.t.Helper()
	tr := &transcript{harness: b.harness}
	tr.text.WriteString(strings.Join(textIn(page.Body), "\n") + "\n")
	tr.compare(name)
}

func TestAPersonalPageInEveryLanguage(t *testing.T) {
	s := newStage(t)
	_, secret, _ := s.link(s.chair, `{"vouched_address":"`+canary+`@example.org"}`)
	b := s.come(secret)
	for _, confirmed := range []bool{false, true} {
		if confirmed {
			b.must(303, b.send("/me/code", nil))
			b.must(303, b.send("/me/confirm", url.Values{"code": {s.lastLetter().Code}}))
		}
		for _, lang := range programLanguages {
			a := b.must(200, s.get("/me?lang="+lang, b.headers()...))
			markup := strings.ReplaceAll(values.ReplaceAllString(a.Body, `""`), scriptFile, "")
			if found := inline.FindString(markup); found != "" || !strings.HasPrefix(a.Body, "<!doctype html>\n<html lang=\""+lang+"\">") ||
				strings.Count(a.Body, "<h1") != 1 || strings.Contains(a.Body, "%!") || strings.Contains(a.Body, "ZgotmplZ") || strings.Contains(a.Body, "<no value>") {
				t.Errorf("%s, confirmed %t: has %q: %s", lang, confirmed, found, a.Body)
			}
			if strings.Contains(a.Body, "secret talks") != confirmed || !strings.Contains(a.Body, `action="/me/answer?lang=`+lang+`"`) {
				t.Errorf("%s, confirmed %t: the meeting is shown otherwise, or the language is lost", lang, confirmed)
			}
		}
	}
	if a := b.send("/me/answer?lang=vi", url.Values{"panel": {string(s.talk.ID)}, "answer": {"confirmed"}}); a.Header.Get("Location") != "/me?done=answered&lang=vi" {
		t.Errorf("it leads to %q", a.Header.Get("Location"))
	}
}
