package main

import (
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// decoded reads a part of a letter.
func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

// firstWords gives the plain text of a letter.
func firstWords(t *testing.T, raw string) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(m.Body, parameters["boundary"]).NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(decoded(part.Header.Get("Content-Transfer-Encoding"), part))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAPublicationReachesWhomItTouches publishes, waits for the letter at a real mail server, follows its link in the running
// program, answers, and finds the answer on the board. The log of the program tells of no link.
func TestAPublicationReachesWhomItTouches(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { reach(t, filepath.Join(pgtest.Folder(t), "plenary.db")) })
	t.Run("postgres", func(t *testing.T) { reach(t, pgtest.URL(t)) })
}

func reach(t *testing.T, database string) {
	box, smtpURL := openPostbox(t)
	addr, ctx := freeAddress(t), context.Background()
	s, err := store.Open(ctx, database, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	a := app.New(s, app.Options{NewID: newID})
	operator := agenda.System("test")
	day := time.Now().AddDate(0, 0, 30).Format(agenda.DateLayout)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, _, err = a.CreateEvent(ctx, operator, agenda.Event{Slug: "forum", Name: agenda.Text{"vi": "Diễn đàn"}, Zone: "Asia/Ho_Chi_Minh", StartDate: agenda.Date(day), EndDate: agenda.Date(day), Languages: []string{"vi"}}, app.Once{})
	check(err)
	room, _, err := a.CreateRoom(ctx, operator, "forum", agenda.Room{Name: agenda.Text{"vi": "Hội trường"}, Kind: agenda.RoomHall}, app.Once{})
	check(err)
	p, _, err := a.CreatePerson(ctx, operator, "forum", agenda.Person{Name: "Lan Anh", Email: "lan@example.org"}, app.Once{})
	check(err)
	_, err = a.CreatePanel(ctx, operator, "forum", agenda.Panel{Title: agenda.Text{"vi": "Khai mạc"}, Format: agenda.FormatTalk, Speakers: []agenda.Speaker{{PersonID: p.ID, Role: agenda.Presenter, Status: agenda.Confirmed}}},
		&app.SlotRequest{RoomID: room.ID, Start: day + "T10:00", End: day + "T11:00"}, app.Once{})
	check(err)
	_, err = a.SetLetterRule(ctx, operator, "forum", app.Match{Any: true}, agenda.LetterRule{Mode: agenda.LettersAll})
	check(err)
	_, err = a.Publish(ctx, operator, "forum", nil, nil, app.Once{})
	check(err)

	log, stop := startServe(t, "HOME="+t.TempDir(), "PLENARY_ADDR="+addr, "PLENARY_DATABASE="+database, "PLENARY_SMTP_URL="+smtpURL, "PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_BASE_URL=http://"+addr)
	var words string
	select {
	case raw := <-box:
		words = firstWords(t, raw)
	case <-time.After(30 * time.Second):
		t.Fatal("no letter came")
	}
	for _, part := range []string{"Lan Anh", "Khai mạc", "10:00–11:00", "Hội trường"} {
		if !strings.Contains(words, part) {
			t.Errorf("the letter does not say %q:\n%s", part, words)
		}
	}
	link := regexp.MustCompile(`http://\S+/letters/\S+`).FindString(words)
	ask := func(answer *http.Response, err error) string {
		t.Helper()
		check(err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		check(err)
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", answer.Status, body)
		}
		return string(body)
	}
	if page := ask(http.Get(link)); !strings.Contains(page, "Khai mạc") || !strings.Contains(page, `name="answer" value="seen"`) {
		t.Error(page)
	}
	ask(http.PostForm(link+"/answer", url.Values{"answer": {"seen"}}))
	b, err := a.ToldBoard(ctx, operator, "forum", 1)
	if err != nil || len(b.Rows) != 1 || b.Rows[0].State != agenda.ToldSeen || b.Rows[0].Mail.Sent == nil || b.Rows[0].Mail.Opened == nil {
		t.Errorf("%+v, %v", b.Rows, err)
	}
	stop()
	if secret := link[strings.LastIndexByte(link, '.')+1:]; secret == "" || strings.Contains(log.String(), secret) {
		t.Errorf("the log has the link:\n%s", log)
	}
}
