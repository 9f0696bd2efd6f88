package ical

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

var anna = Party{Name: "Anna Schmidt", Address: "anna@secret.example"}

// invitation is one to Anna.
func invitation(method string, sequence int) Invitation {
	return Invitation{Method: method, Organizer: Party{Name: `Vietnam Digital Week; "2026"`, Address: "meet+0123abcd@forum.example"}, Attendee: anna, PersonID: "anna",
		Sent: time.Date(2026, 4, 2, 9, 30, 1, 0, time.UTC), Stamp: agenda.Stamp{Sequence: sequence, Created: created, Modified: released}}
}

var met = map[agenda.ID]agenda.Person{"anna": {Name: "Anna Schmidt", Email: "anna@secret.example"}, "zoe": {Name: "Zoé Dupont", Email: "zoe@secret.example"},
	"tanaka": {Name: "Tanaka Yūko", Email: "tanaka@secret.example"}}

func checkGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

func TestInvitations(t *testing.T) {
	s := published(t, forum(t))
	agreed := bilaterals(t)[1]
	confidential := agreed
	confidential.Busy = true
	elsewhere := agreed
	elsewhere.Meeting.Slot = &agenda.Slot{RoomID: "t1", Start: agenda.MomentOf(time.UTC, day("2036-05-13")), End: agenda.MomentOf(time.UTC, day("2036-05-13").Add(time.Hour))}
	accepted := invitation(agenda.MethodRequest, 2)
	accepted.Answer = agenda.Accepted
	panel, _ := s.Panel("p1")
	for name, c := range map[string]struct {
		lang string
		make func(*Press) ([]byte, error)
	}{
		"invite.en": {"en", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodRequest, 0), agreed, met)
		}},
		"invite.fr": {"fr", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodRequest, 0), agreed, met)
		}},
		"invite.vi": {"vi", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodRequest, 0), agreed, met)
		}},
		"accepted.en": {"en", func(p *Press) ([]byte, error) { return p.InviteToMeeting(accepted, agreed, met) }},
		"busy.en": {"en", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodRequest, 1), confidential, met)
		}},
		"utc.vi": {"vi", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodRequest, 1), elsewhere, met)
		}},
		"cancel.en": {"en", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodCancel, 3), agreed, met)
		}},
		"cancel.fr": {"fr", func(p *Press) ([]byte, error) {
			return p.InviteToMeeting(invitation(agenda.MethodCancel, 3), agreed, met)
		}},
		"panel.en": {"en", func(p *Press) ([]byte, error) { return p.InviteToPanel(invitation(agenda.MethodRequest, 1), panel) }},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := c.make(NewPress(s, Links{Panel: pages}, c.lang))
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, filepath.Join("itip", name+".ics"), data)
			checkInvitation(t, data)
			if os.Getenv("ICALCHECK") != "" {
				icalcheck(t, data, nil, "--profile", "itip")
			}
		})
	}
}

// checkInvitation reads an invitation back, and looks for whom it names.
func checkInvitation(t *testing.T, data []byte) {
	t.Helper()
	cal, err := Read(bytes.NewReader(data), ReadOptions{})
	if err != nil || len(cal.Entries) != 1 || len(cal.Warnings) != 0 {
		t.Fatalf("%v, %d entries, %v", err, len(cal.Entries), cal.Warnings)
	}
	text := strings.ReplaceAll(string(data), "\r\n ", "")
	for property, n := range map[string]int{"METHOD:": 1, "ORGANIZER;": 1, "ATTENDEE;": 1, "SEQUENCE:": 1, "DTSTAMP:": 1, "BEGIN:VALARM": 0} {
		if got := strings.Count(text, "\r\n"+property); got != n {
			t.Errorf("%s is there %d times, want %d", property, got, n)
		}
	}
	if n := strings.Count(text, "@secret.example"); n != 1 {
		t.Errorf("%d addresses of people are in it:\n%s", n, text)
	}
	reply, err := ReadReply(data)
	if err != nil || reply.Attendee != anna.Address || reply.UID != cal.Entries[0].UID || reply.Sequence != cal.Entries[0].Sequence {
		t.Errorf("%+v, %v", reply, err)
	}
	// Whoever is invited is asked once.
	asked := strings.Contains(text, "RSVP=TRUE")
	if want := strings.Contains(text, "PARTSTAT=NEEDS-ACTION"); asked != want {
		t.Errorf("asked: %t, want %t", asked, want)
	}
}

// The entry of an invitation is that of the feed, but for who is asked and when it was made.
func TestAnInvitationSaysWhatTheFeedSays(t *testing.T) {
	s := published(t, forum(t))
	a := bilaterals(t)[1]
	a.Stamp = invitation("", 4).Stamp
	p := NewPress(s, Links{Panel: pages}, "vi")
	feed, err := p.Feed(Options{Scope: agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: "anna"}, Personal: true, Meetings: []Appointment{a}, People: met, Stamps: stamped(s)})
	if err != nil {
		t.Fatal(err)
	}
	mailed, err := p.InviteToMeeting(invitation(agenda.MethodRequest, 4), a, met)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entryLines(t, feed, a.Meeting.UID), entryLines(t, mailed, a.Meeting.UID)); diff != "" {
		t.Errorf("-feed +mail:\n%s", diff)
	}
}

// entryLines gives the lines of an entry without those that only letters have.
func entryLines(t *testing.T, data []byte, uid string) []string {
	t.Helper()
	for part := range strings.SplitSeq(strings.ReplaceAll(string(data), "\r\n ", ""), "BEGIN:VEVENT\r\n") {
		if !strings.HasPrefix(part, "UID:"+uid) {
			continue
		}
		var kept []string
		body, _, _ := strings.Cut(part, "END:VEVENT")
		for line := range strings.SplitSeq(body, "\r\n") {
			if name := line[:max(strings.IndexAny(line, ";:"), 0)]; name != "DTSTAMP" && name != "ATTENDEE" && name != "ORGANIZER" {
				kept = append(kept, line)
			}
		}
		return kept
	}
	t.Fatalf("no entry %s", uid)
	return nil
}

func TestWhatIsNoInvitation(t *testing.T) {
	s := published(t, forum(t))
	p, a := NewPress(s, Links{}, "en"), bilaterals(t)[1]
	for name, change := range map[string]func(*Invitation, *Appointment){
		"to oneself":    func(i *Invitation, _ *Appointment) { i.Attendee.Address = strings.ToUpper(i.Organizer.Address) },
		"from nobody":   func(i *Invitation, _ *Appointment) { i.Organizer.Address = "" },
		"to nobody":     func(i *Invitation, _ *Appointment) { i.Attendee.Address = "" },
		"no method":     func(i *Invitation, _ *Appointment) { i.Method = "PUBLISH" },
		"a split line":  func(i *Invitation, _ *Appointment) { i.Attendee.Address = "a@b.example\r\nSTATUS:CANCELLED" },
		"no revision":   func(i *Invitation, _ *Appointment) { i.Stamp = agenda.Stamp{} },
		"without a UID": func(_ *Invitation, a *Appointment) { a.Meeting.UID = "" },
	} {
		i, a := invitation(agenda.MethodRequest, 1), a
		change(&i, &a)
		if data, err := p.InviteToMeeting(i, a, met); err == nil {
			t.Errorf("%s:\n%s", name, data)
		}
	}
}
