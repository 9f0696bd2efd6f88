package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// letter is one that a mail server was given.
type letter struct {
	id, to, words, method string
	about                 string   // its kind, as the API says
	calendar              string   // among the alternatives
	files                 []string // iCalendar objects, of which the first is the same
}

// letterBox is a mail server that keeps all letters, in the order in which they came.
type letterBox struct {
	mu   sync.Mutex
	list []letter
}

type letterVisit struct {
	box *letterBox
	to  string
}

func (b *letterBox) NewSession(*smtp.Conn) (smtp.Session, error) { return &letterVisit{box: b}, nil }
func (v *letterVisit) Reset()                                    {}
func (v *letterVisit) Logout() error                             { return nil }
func (v *letterVisit) Mail(string, *smtp.MailOptions) error      { return nil }

func (v *letterVisit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if v.to != "" {
		return fmt.Errorf("a letter to %s and to %s", v.to, to)
	}
	v.to = to
	return nil
}

func (v *letterVisit) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	l := letter{to: v.to}
	l.id, _, _ = strings.Cut(strings.Trim(m.Header.Get("Message-ID"), "<>"), ".")
	if l.words, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return err
	}
	if err := l.read(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body); err != nil {
		return err
	}
	v.box.mu.Lock()
	defer v.box.mu.Unlock()
	v.box.list, v.to = append(v.box.list, l), ""
	return nil
}

// read reads a part of a letter, and those in it. The calendar part among the alternatives is the one that counts.
func (l *letter) read(kind, encoding string, body io.Reader) error {
	media, parameters, err := mime.ParseMediaType(kind)
	if err != nil {
		return err
	}
	if strings.HasPrefix(media, "multipart/") {
		for parts := multipart.NewReader(body, parameters["boundary"]); ; {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.read(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part); err != nil {
				return err
			}
		}
	}
	text, err := io.ReadAll(decoded(encoding, body))
	switch media {
	case "text/calendar":
		l.method, l.calendar = parameters["method"], string(text)
	case "application/ics":
		l.files = append(l.files, string(text))
	case "text/plain":
		l.words += "\n" + string(text)
	}
	return err
}

// forumDay is a forum of one day, which is tomorrow, at a running program with a mail server.
type forumDay struct {
	*testing.T
	base, token string
	day         string
	db          *sql.DB
	box         *letterBox
	settled     int // letters that were looked at
	halls       []string
	tables      []string
	rooms       map[string]string // names, by id
	people      []string          // ids
	names       map[string]string // by id
	number      map[string]int    // of people, by id
	feeds       []string          // addresses, by number
	panels      []dayPanel
	before      map[string]dayMeeting // the meetings when letters were looked at last

	mu       sync.Mutex
	statuses map[int]int // answers to requests and what became of them
}

// dayPanel is a Panel as the API has it.
type dayPanel struct {
	ID       string              `json:"id"`
	UID      string              `json:"uid"`
	Revision int                 `json:"revision"`
	Slot     daySlot             `json:"slot"`
	Speakers []map[string]string `json:"speakers"`
}

type daySlot struct {
	Room  string `json:"room,omitempty"`
	Start string `json:"start"`
	End   string `json:"end,omitempty"`
}

// dayMeeting is a Meeting as the API has it.
type dayMeeting struct {
	ID         string            `json:"id,omitempty"`
	Topic      map[string]string `json:"topic"`
	Status     string            `json:"status,omitempty"`
	Visibility string            `json:"visibility"`
	Quorum     string            `json:"quorum"`
	Slot       *daySlot          `json:"slot,omitempty"`
	Times      []daySlot         `json:"times,omitempty"`
	Sides      []daySide         `json:"sides"`
	Revision   int               `json:"revision,omitempty"`
}

type daySide struct {
	Delegates []dayDelegate `json:"delegates"`
}

type dayDelegate struct {
	Person string `json:"person"`
	Role   string `json:"role"`
	Answer string `json:"answer,omitempty"`
}

// newForumDay starts the program on a new database.
func newForumDay(t *testing.T, driver, database string) *forumDay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	f := &forumDay{T: t, box: &letterBox{}, day: time.Now().In(zone).AddDate(0, 0, 1).Format(agenda.DateLayout), rooms: map[string]string{},
		names: map[string]string{}, number: map[string]int{}, statuses: map[int]int{}}
	server := smtp.NewServer(f.box)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	addr := freeAddress(t)
	f.base = "http://" + addr
	env := []string{"HOME=" + t.TempDir(), "PLENARY_ADDR=" + addr, "PLENARY_DATABASE=" + database, "PLENARY_SMTP_URL=smtp://" + l.Addr().String(),
		"PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_BASE_URL=" + f.base, "PLENARY_RATE_LIMIT=off"}
	succeed(t, env, "migrate")
	f.token = strings.TrimSpace(succeed(t, env, "token", "create", "--name", "desk"))
	_, stop := startServe(t, env...)
	t.Cleanup(stop)
	if driver == "sqlite" {
		database += "?_pragma=busy_timeout(10000)" // the program writes too
	}
	if f.db, err = sql.Open(driver, database); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.db.Close() })
	return f
}

// lettersGo lets all letters of publications go by themselves, at once. It is a form of the console, which the API does not have.
func (f *forumDay) lettersGo(database string) {
	s, err := store.Open(f.Context(), database, nil)
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	a := app.New(s, app.Options{NewID: newID})
	if _, err := a.SetLetterRule(f.Context(), agenda.System("test"), "forum", app.Match{Any: true}, agenda.LetterRule{Mode: agenda.LettersAll}); err != nil {
		f.Fatal(err)
	}
}

// at gives a local time of the day, so many minutes after eight.
func (f *forumDay) at(minutes int) string {
	return fmt.Sprintf("%sT%02d:%02d", f.day, 8+minutes/60, minutes%60)
}

// ask asks the API and gives the status. What is below 300 is read into the answer.
func (f *forumDay) ask(method, path string, revision int, body, answer any) int {
	text, err := json.Marshal(body)
	if err != nil {
		f.Error(err)
		return 0
	}
	if body == nil {
		text = nil
	}
	req, err := http.NewRequest(method, f.base+"/api/v1/events"+path, bytes.NewReader(text))
	if err != nil {
		f.Error(err)
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+f.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if revision > 0 {
		req.Header.Set("If-Match", fmt.Sprintf(`"%d"`, revision))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Error(err)
		return 0
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err == nil && answer != nil && resp.StatusCode < 300 {
		err = json.Unmarshal(said, answer)
	}
	if err != nil || resp.StatusCode >= 500 || resp.StatusCode >= 400 && resp.StatusCode != http.StatusConflict && resp.StatusCode != http.StatusPreconditionFailed {
		f.Errorf("%s %s: %s %v\n%s\n%s", method, path, resp.Status, err, text, said)
	}
	return resp.StatusCode
}

// do is ask of what must succeed.
func (f *forumDay) do(method, path string, revision int, body, answer any) {
	f.Helper()
	if status := f.ask(method, path, revision, body, answer); status/100 != 2 {
		f.Fatalf("%s %s: %d", method, path, status)
	}
}

// all gives all that a list of the API has.
func all[T any](f *forumDay, path string, query url.Values) (list []T) {
	f.Helper()
	query.Set("limit", "200")
	for {
		var part struct {
			Items []T    `json:"items"`
			Next  string `json:"next"`
		}
		f.do(http.MethodGet, path+"?"+query.Encode(), 0, nil, &part)
		if list = append(list, part.Items...); part.Next == "" {
			return list
		}
		query.Set("cursor", part.Next)
	}
}
