package main

import (
	"context"
	"fmt"
	"os"
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

// post is a meeting to which Lan was invited by a program that runs.
type post struct {
	*testing.T
	app     *app.App
	meeting agenda.Meeting
	lan     agenda.ID
	to      string // where her calendar answers
	env     []string
}

// reply is her calendar's answer, made so much later than now.
func (p *post) reply(answer string, later time.Duration) string {
	return strings.ReplaceAll(fmt.Sprintf("From: Lan <lan@example.org>\nTo: %s\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:%s\n"+
		"ATTENDEE;PARTSTAT=%s:mailto:lan@example.org\nSEQUENCE:0\nDTSTAMP:%s\nEND:VEVENT\nEND:VCALENDAR\n", p.to, p.meeting.UID, answer, time.Now().UTC().Add(later).Format("20060102T150405Z")), "\n", "\r\n")
}

// answered waits until she has answered.
func (p *post) answered(want agenda.Answer) {
	p.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		r, err := p.app.Meeting(context.Background(), operator, "forum", p.meeting.ID)
		if err != nil {
			p.Fatal(err)
		}
		if r.Meeting.AnswerOf(p.lan) == want {
			return
		}
		if time.Now().After(deadline) {
			p.Fatalf("she has answered %s, want %s", r.Meeting.AnswerOf(p.lan), want)
		}
	}
}

// invite starts the program, and waits until its invitation has come.
func invite(t *testing.T, env ...string) *post {
	t.Helper()
	box, smtpURL := openPostbox(t)
	addr, ctx, database := freeAddress(t), context.Background(), filepath.Join(pgtest.Folder(t), "plenary.db")
	s, err := store.Open(ctx, database, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	p := &post{T: t, env: append(env, "HOME="+t.TempDir(), "PLENARY_ADDR="+addr, "PLENARY_DATABASE="+database, "PLENARY_SMTP_URL="+smtpURL, "PLENARY_MAIL_FROM=agenda@forum.example",
		"PLENARY_MAIL_ANSWERS=meet@forum.example")}
	// The invitation was written two minutes ago, so that it goes at once.
	p.app = app.New(s, app.Options{NewID: newID, From: "agenda@forum.example", Answers: "meet@forum.example", Now: func() time.Time { return time.Now().Add(-2 * time.Minute) }})
	day := time.Now().AddDate(0, 0, 30).Format(agenda.DateLayout)
	if _, _, err = p.app.CreateEvent(ctx, operator, agenda.Event{Slug: "forum", Name: agenda.Text{"en": "Forum"}, Zone: "Asia/Ho_Chi_Minh", StartDate: agenda.Date(day), EndDate: agenda.Date(day), Languages: []string{"en"}}, app.Once{}); err != nil {
		t.Fatal(err)
	}
	var sides [2]agenda.Delegation
	for i, name := range []string{"Marie", "Lan"} {
		person, _, err := p.app.CreatePerson(ctx, operator, "forum", agenda.Person{Name: name, Email: strings.ToLower(name) + "@example.org"}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		p.lan = person.ID
		sides[i].Delegates = []agenda.Delegate{{PersonID: person.ID, Role: agenda.Principal, Answer: agenda.NeedsAction}}
	}
	if err := p.app.VouchAddress(ctx, operator, "forum", p.lan, "lan@example.org"); err != nil {
		t.Fatal(err)
	}
	made, err := p.app.CreateMeeting(ctx, operator, "forum", agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants, Sides: sides},
		&app.SlotRequest{Start: day + "T10:00", End: day + "T10:30"}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	p.meeting = made.Meeting
	_, stop := startServe(t, p.env...)
	t.Cleanup(stop)
	select {
	case raw := <-box:
		if p.to = regexp.MustCompile(`meet\+[0-9a-f]{32}@forum\.example`).FindString(raw); p.to == "" {
			t.Fatal(raw)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no invitation came")
	}
	return p
}

// TestServeReadsAMaildir answers an invitation of the running program by mail: into the Maildir that it reads, and through the command.
func TestServeReadsAMaildir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, folder := range []string{"tmp", "new"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	p := invite(t, "PLENARY_MAIL_INBOX="+dir)
	for name, letter := range map[string]string{"1.junk": "From: eve@example.org\r\n\r\nBuy this.\r\n", "2.answer": p.reply("ACCEPTED", 0)} {
		if err := os.WriteFile(filepath.Join(dir, "tmp", name), []byte(letter), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "tmp", name), filepath.Join(dir, "new", name)); err != nil {
			t.Fatal(err)
		}
	}
	p.answered(agenda.Accepted)
	for _, name := range []string{"1.junk", "2.answer"} {
		seen := filepath.Join(dir, "cur", name+":2,S")
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			if _, err := os.Stat(seen); err == nil {
				break
			} else if time.Now().After(deadline) {
				t.Fatal(err)
			}
		}
	}
	status, _, stderr := program(t, p.env, p.reply("TENTATIVE", time.Second), "mail", "receive")
	if p.answered(agenda.Tentative); status != 0 || !strings.Contains(stderr, "an answer came by mail") {
		t.Error(status, stderr)
	}
	other := t.TempDir()
	if err := os.Mkdir(filepath.Join(other, "new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "new", "1"), []byte(p.reply("DECLINED", 2*time.Second)), 0o600); err != nil {
		t.Fatal(err)
	}
	succeed(t, p.env, "mail", "receive", "--maildir", other)
	p.answered(agenda.DeclinedIt)
}

// What is half configured is said at the start.
func TestAnInboxThatIsNone(t *testing.T) {
	t.Parallel()
	env := []string{"PLENARY_DATABASE=" + filepath.Join(t.TempDir(), "plenary.db"), "PLENARY_SMTP_URL=smtp://127.0.0.1:1", "PLENARY_MAIL_FROM=agenda@forum.example"}
	for want, more := range map[string][]string{"PLENARY_MAIL_ANSWERS is not": {"PLENARY_MAIL_INBOX=/nowhere"}, "the Maildir can't be read": {"PLENARY_MAIL_INBOX=/nowhere", "PLENARY_MAIL_ANSWERS=meet@forum.example"}} {
		if status, _, stderr := program(t, append(more, env...), "", "serve"); status != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%d, %s", status, stderr)
		}
	}
	if status, _, stderr := program(t, env, "x", "mail", "receive"); status != exitUsage || !strings.Contains(stderr, "set PLENARY_MAIL_ANSWERS") {
		t.Errorf("%d, %s", status, stderr)
	}
}
