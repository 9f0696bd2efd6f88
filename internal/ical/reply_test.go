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

func replySample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "replies", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRepliesOfTheUsualPrograms(t *testing.T) {
	at := func(h, m, s int) time.Time { return time.Date(2026, 5, 1, h, m, s, 0, time.UTC) }
	for name, want := range map[string]Reply{
		"gmail.ics": {Method: "REPLY", UID: "m1@forum", Attendee: "anna@secret.example", Answer: agenda.Accepted, Sequence: 3, Stamp: at(7, 15, 3)},
		"outlook.ics": {Method: "REPLY", UID: "m1@forum", Attendee: "anna@secret.example", Answer: agenda.DeclinedIt, Sequence: 3, Stamp: at(7, 16, 10),
			Comment: "I am in Huế that day; could my deputy come?"},
		"outlook-counter.ics": {Method: "COUNTER", UID: "m1@forum", Attendee: "anna@secret.example", Answer: agenda.Tentative, Sequence: 3, Stamp: at(7, 17, 0),
			Start: time.Date(2026, 5, 13, 7, 0, 0, 0, time.UTC), End: time.Date(2026, 5, 13, 7, 30, 0, 0, time.UTC)},
		"apple.ics": {Method: "REPLY", UID: "m1@forum", Attendee: "anna@secret.example", Answer: agenda.Tentative, Sequence: 3, Stamp: at(7, 18, 0)},
	} {
		got, err := ReadReply(replySample(t, name))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestWhatIsNoReply(t *testing.T) {
	good := string(replySample(t, "gmail.ics"))
	if _, err := ReadReply([]byte(good)); err != nil {
		t.Fatal(err)
	}
	event := good[strings.Index(good, "BEGIN:VEVENT"):strings.Index(good, "END:VCALENDAR")]
	for name, data := range map[string]string{
		"nothing":         "",
		"a letter":        "Dear organizers,\r\n\r\nI can't come.\r\n",
		"no method":       strings.Replace(good, "METHOD:REPLY\r\n", "", 1),
		"no UID":          strings.Replace(good, "UID:m1@forum\r\n", "", 1),
		"two entries":     strings.Replace(good, "END:VCALENDAR", event+"END:VCALENDAR", 1),
		"two calendars":   good + good,
		"two people":      strings.Replace(good, "UID:", "ATTENDEE:mailto:b@x.example\r\nUID:", 1),
		"no address":      strings.Replace(good, ":mailto:anna@secret.example", ":urn:uuid:1", 1),
		"no attendee":     strings.Replace(good, "ATTENDEE;", "X-ATTENDEE;", 1),
		"too large":       good + strings.Repeat(" ", MaxReply),
		"too many lines":  strings.Replace(good, "END:VEVENT", strings.Repeat("X-A:1\r\n", maxReplyLines)+"END:VEVENT", 1),
		"nested too deep": strings.Repeat("BEGIN:A\r\n", 100_000/9),
		"UTF-16":          "\xff\xfeB\x00E\x00",
	} {
		if got, err := ReadReply([]byte(data)); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzReply(f *testing.F) {
	for _, name := range []string{"gmail.ics", "outlook.ics", "outlook-counter.ics", "apple.ics"} {
		f.Add(replySample(f, name))
	}
	f.Add([]byte("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:a\nATTENDEE;PARTSTAT=\"accepted\":MAILTO:a@b?x\nSEQUENCE:-1\nEND:VEVENT\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadReply(data)
		if err != nil {
			if agenda.CodeOf(err) != agenda.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		if r.UID == "" || r.Method == "" || !strings.Contains(r.Attendee, "@") || r.Sequence < 0 || len([]rune(r.Comment)) > maxReplyComment ||
			r.Attendee != strings.ToLower(r.Attendee) || bytes.ContainsAny([]byte(r.Attendee), "\r\n ") {
			t.Fatalf("%+v", r)
		}
	})
}
