package server

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// upload sends the form of the photo with a field, as a browser does; no photo where there are no bytes.
func (b *caller) upload(name, value string, photo []byte, more ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField(name, value)
	for i := 0; i+1 < len(more); i += 2 {
		_ = w.WriteField(more[i], more[i+1])
	}
	if photo != nil {
		file, err := w.CreateFormFile("photo", "../../me.svg")
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = file.Write(photo)
	}
	_ = w.Close()
	return b.ask("", http.MethodPost, "/me/photo", body.String(), append(b.headers(), header{"Content-Type", w.FormDataContentType()}, header{"Sec-Fetch-Site", "same-origin"})...)
}

// field gives what a hidden field of the page says that comes after some words.
func (b *caller) field(after, name string) string {
	b.t.Helper()
	_, rest, found := strings.Cut(b.look().Body, after)
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(rest)
	if !found || m == nil {
		b.t.Fatalf("no %s after %q", name, after)
	}
	return m[1]
}

func TestAPersonsOwnTimes(t *testing.T) {
	s := newStage(t)
	_, secret, _ := s.link(s.minister, `{}`)
	b := s.come(secret)
	send := func(path string, status int, pairs ...string) answer {
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return b.must(status, b.send(path, form))
	}
	send("/me/zone", 303, "zone", "America/New_York")
	b.see("New York: 03:00–04:30")
	send("/me/zone", 303, "zone", "Pacific/Honolulu")
	b.see("Honolulu: 21:00–22:30 (the day before)")
	send("/me/zone", 303, "zone", "Asia/Bangkok") // shows the same
	if strings.Contains(b.look().Body, "Bangkok:") {
		t.Error("a time is shown twice")
	}
	if a := send("/me/zone", 422, "zone", "Hanoi"); !strings.Contains(a.Body, "There is no such time zone") {
		t.Error(a.Body)
	}

	for typed, want := range map[string]string{"9": "09:00", "9:30": "09:30", "0930": "09:30", "930": "09:30", "9h": "09:00", "9h05": "09:05", "09.15": "09:15", "24:00": "24:00", "": "", "x": "x", "9:3": "9:3", "12345": "12345", ":30": ":30"} {
		if got := clockTyped(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	if a := send("/me/available", 422, "day", "2025-10-27", "from", "17:00", "to", "9h00"); !strings.Contains(a.Body, `value="17:00"`) || !strings.Contains(a.Body, `value="9h00"`) {
		t.Error("what was typed is gone")
	}
	send("/me/available", 303, "day", "2025-10-27", "from", "9", "to", "12h30")
	send("/me/available", 303, "day", "2025-10-28", "whole", "yes")
	b.see("You added a time at which you are available. Take it back")
	if body := b.look().Body; !strings.Contains(body, `name="from" value="09:00"`) || !strings.Contains(body, `name="to" value="24:00"`) {
		t.Error("the windows are not there")
	}
	conflicts := s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/"+forum+"/conflicts", nil)).Body
	if !strings.Contains(conflicts, string(agenda.PersonUnavailable)) {
		t.Errorf("the organizers are not told: %s", conflicts)
	}
	window := b.field(`id="day-2025-10-27"`, "window")
	send("/me/available", 303, "window", window, "revision", "1", "day", "2025-10-27", "from", "09:00", "to", "18:00")
	if a := send("/me/available", 412, "window", window, "revision", "1", "day", "2025-10-27", "from", "09:00", "to", "18:00"); !strings.Contains(a.Body, "was changed meanwhile") {
		t.Error(a.Body)
	}
	send("/me/undo", 303)
	if !strings.Contains(b.look().Body, `name="to" value="12:30"`) {
		t.Error("the change is not taken back")
	}
	send("/me/undo", 409)
	send("/me/available", 303, "window", window, "revision", "3", "remove", "yes")
	send("/me/available", 404, "window", window, "revision", "3", "remove", "yes")
}

func TestAPersonsOwnPhoto(t *testing.T) {
	s := newStage(t)
	_, secret, _ := s.link(s.minister, `{}`)
	b := s.come(secret)
	s.must(404, b.get("/me/photo", b.headers()...))
	for _, bad := range [][]byte{nil, {}, []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")} {
		if a := b.upload("revision", "1", bad); a.Status != 422 || !strings.Contains(a.Body, "This is not a photo that can be taken") {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	s.must(422, b.send("/me/photo", url.Values{"revision": {"1"}}))
	s.must(412, b.upload("revision", "9", portrait(t, 9)))
	s.must(412, b.upload("x", "1", portrait(t, 9)))
	s.must(303, b.upload("revision", "1", portrait(t, 9)))
	a := s.must(200, b.get("/me/photo", b.headers()...))
	if a.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(a.Body, "SECRET") || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("%v", a.Header)
	}
	s.must(404, s.get("/me/photo"))
	stranger := &caller{stage: s}
	s.must(401, stranger.upload("revision", "2", portrait(t, 9)))
	p, err := s.app.Person(t.Context(), s.system(), forum, s.minister)
	s.check(err)
	if p.Photo == "" || p.Revision != 2 {
		t.Errorf("%+v", p)
	}
	s.must(303, b.upload("revision", "2", nil, "remove", "yes"))
	s.must(404, b.get("/me/photo", b.headers()...))
}

func TestAPersonIsToldWhatChanged(t *testing.T) {
	s := newStage(t)
	_, secret, _ := s.link(s.minister, `{}`)
	b := s.come(secret)
	if strings.Contains(b.look().Body, "What changed for you") {
		t.Error("there is news before there is any")
	}
	r, err := s.app.Panel(t.Context(), s.system(), forum, s.talk.ID)
	s.check(err)
	_, err = s.app.EditPanel(t.Context(), s.system(), forum, app.Revision(r.Panel.Revision), r.Panel, &app.SlotRequest{RoomID: s.hall, Start: "2025-10-27T15:00", End: "2025-10-27T16:00"})
	s.check(err)
	s.publish(nil)
	b.see("What changed for you")
	for _, part := range []string{"Moved", "14:00", "15:00"} {
		b.see(part)
	}
	s.must(422, b.send("/me/seen", url.Values{"release": {"3"}, "seen": {"yes"}}))
	s.must(422, b.send("/me/seen", url.Values{"release": {"2"}}))
	s.must(303, b.send("/me/seen", url.Values{"release": {b.field(`action="/me/seen`, "release")}, "seen": {"yes"}}))
	if strings.Contains(b.look().Body, "What changed for you") {
		t.Error("what was seen is news")
	}
}
