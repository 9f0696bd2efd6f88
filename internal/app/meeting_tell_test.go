package app_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// mailroom is the forum with four people, whose letters go when they are due.
type mailroom struct {
	world
	forum
	names map[agenda.ID]string // a, b, c and d, by person
	ids   map[string]agenda.ID
	feeds map[string]string      // secrets, by name
	last  map[string]agenda.Post // that each was sent, with a calendar part
	seqs  map[string]int         // SEQUENCE of each
}

// sendsMail lets the world send letters, and take answers to them.
func (w world) sendsMail(answers string) world {
	n := 0
	w.App = app.New(w.store, app.Options{CodeRounds: 1, From: "agenda@forum.example", Answers: answers,
		Now:   func() time.Time { return time.UnixMilli(w.clock.Load()) },
		NewID: func() agenda.ID { n++; return agenda.ID(fmt.Sprintf("0199eeee-0000-7000-8000-%012d", n)) }})
	return w
}

func (w world) mailroom(t *testing.T, answers string) *mailroom {
	t.Helper()
	m := &mailroom{world: w.sendsMail(answers), names: map[agenda.ID]string{}, ids: map[string]agenda.ID{}, feeds: map[string]string{},
		last: map[string]agenda.Post{}, seqs: map[string]int{}}
	m.forum = m.world.forum(t)
	for _, name := range []string{"a", "b", "c", "d"} {
		p, _, err := m.CreatePerson(t.Context(), operator, slug, agenda.Person{Name: "Person " + name, Email: name + "@people.example", Languages: []string{"en"}}, app.Once{})
		wantCode(t, err, "")
		wantCode(t, m.VouchAddress(t.Context(), operator, slug, p.ID, p.Email), "")
		m.names[p.ID], m.ids[name] = name, p.ID
		_, secret, err := m.OpenFeed(t.Context(), operator, slug, agenda.Feed{PersonID: p.ID, FeedSettings: agenda.FeedSettings{Meetings: true, Cancelled: agenda.PrefixCancelled}}, app.Once{})
		wantCode(t, err, "")
		m.feeds[name] = secret
	}
	return m
}

func (m *mailroom) delegates(principal string, others ...string) agenda.Delegation {
	d := agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: m.ids[principal], Role: agenda.Principal, Answer: agenda.NeedsAction}}}
	for _, name := range others {
		d.Delegates = append(d.Delegates, agenda.Delegate{PersonID: m.ids[name], Role: agenda.NoteTaker, Answer: agenda.NeedsAction})
	}
	return d
}

// deliver sends all that is due in two minutes, and gives "name: KIND SEQUENCE PARTSTAT" of each.
func (m *mailroom) deliver(t *testing.T, uid string) (sent []string) {
	t.Helper()
	m.pass(2 * time.Minute)
	jobs := must[[]agenda.Job](t)(m.ClaimJobs(t.Context(), []agenda.JobKind{agenda.MailJob}, 100))
	for _, j := range jobs {
		p, err := m.OpenPost(t.Context(), j)
		wantCode(t, err, "")
		wantCode(t, m.MailSent(t.Context(), j), "")
		name := m.names[p.PersonID]
		line := name + ": " + strings.SplitAfter(p.Subject, ":")[0]
		if p.To != name+"@people.example" || p.Kind != agenda.MailMeeting || !p.Essential {
			t.Errorf("to %q, %+v", p.To, p)
		}
		if p.Method != "" {
			line += " " + p.Method + " " + m.inspect(t, name, p, uid)
		}
		sent = append(sent, line)
	}
	slices.Sort(sent)
	return sent
}

// inspect looks at the calendar part of a letter and compares it with what came before and with the person's feed.
func (m *mailroom) inspect(t *testing.T, name string, p agenda.Post, uid string) string {
	t.Helper()
	text := strings.ReplaceAll(string(p.Calendar), "\r\n ", "")
	sequence := number(t, text, "SEQUENCE")
	if before, ok := m.last[name]; ok {
		was := strings.ReplaceAll(string(before.Calendar), "\r\n ", "")
		if sequence < m.seqs[name] || p.Method != before.Method && sequence == m.seqs[name] || property(text, "DTSTAMP") <= property(was, "DTSTAMP") {
			t.Errorf("%s: a letter does not come after the one before:\n%s\n%s", name, was, text)
		}
		if property(text, "ORGANIZER") != property(was, "ORGANIZER") {
			t.Errorf("%s: another organizer", name)
		}
	}
	m.last[name], m.seqs[name] = p, sequence
	if strings.Count(text, "@people.example") != 1 || property(text, "UID") != uid || property(text, "METHOD") != p.Method {
		t.Errorf("%s:\n%s", name, text)
	}
	if organizer := property(text, "ORGANIZER"); p.From != "" && !strings.HasSuffix(organizer, ":mailto:"+p.From) || p.From == "" && !strings.HasSuffix(organizer, ":mailto:agenda@forum.example") {
		t.Errorf("from %q, organizer %s", p.From, organizer)
	}
	checkITIP(t, p.Calendar)
	if feed := m.entry(t, name, uid); feed != "" && p.Method == agenda.MethodRequest {
		for _, what := range []string{"SEQUENCE", "DTSTART", "DTEND", "LOCATION", "SUMMARY", "STATUS", "LAST-MODIFIED", "DESCRIPTION"} {
			if _, event, _ := strings.Cut(text, "BEGIN:VEVENT\r\n"); property(feed, what) != property(event, what) {
				t.Errorf("%s: the feed says %s, the letter %s", name, property(feed, what), property(event, what))
			}
		}
	} else if p.Method == agenda.MethodRequest {
		t.Errorf("%s: the feed does not have it", name)
	}
	_, attendee, _ := strings.Cut(text, "ATTENDEE")
	_, status, _ := strings.Cut(attendee, "PARTSTAT=")
	return strings.TrimSpace(fmt.Sprint(sequence) + " " + status[:max(strings.IndexAny(status, ";:"), 0)])
}

// entry gives the entry of a person's feed, "" for none.
func (m *mailroom) entry(t *testing.T, name, uid string) string {
	t.Helper()
	h, err := m.FetchFeed(t.Context(), m.feeds[name], "test")
	wantCode(t, err, "")
	c, err := m.FeedCalendar(t.Context(), h, "https://agenda.example")
	wantCode(t, err, "")
	for part := range strings.SplitSeq(strings.ReplaceAll(string(c.Body), "\r\n ", ""), "BEGIN:VEVENT\r\n") {
		if property(part, "UID") == uid {
			return part
		}
	}
	return ""
}

func property(text, name string) string {
	for line := range strings.SplitSeq(text, "\r\n") {
		if line == "" {
			continue
		}
		if at := strings.IndexAny(line, ";:"); at > 0 && line[:at] == name {
			return strings.TrimPrefix(line[at:], ":")
		}
	}
	return ""
}

func number(t *testing.T, text, name string) int {
	t.Helper()
	return must[int](t)(strconv.Atoi(property(text, name)))
}

// checkITIP lets five foreign parsers look at a calendar part, where there are any. They take a third of a second for each, and what is
// written does not depend on the database: so they look at those of SQLite.
func checkITIP(t *testing.T, body []byte) {
	t.Helper()
	program := os.Getenv("ICALCHECK")
	if program == "" || strings.HasSuffix(t.Name(), "/postgres") {
		return
	}
	file := filepath.Join(t.TempDir(), "invite.ics")
	wantCode(t, os.WriteFile(file, body, 0o600), "")
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, "--profile", "itip", file)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out.String(), body)
	}
}

// A meeting's whole history, as its people's mailboxes and calendars have it.
func TestAMeetingInLettersAndFeeds(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "meet@forum.example")
		ctx := t.Context()
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Topic: agenda.Text{"en": "Trade"}, Status: agenda.MeetingRequested,
			Visibility: agenda.VisibleToParticipants, Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b", "c")}}, nil, app.Once{})).Meeting
		edit := func(slot *app.SlotRequest, change func(*agenda.Meeting)) {
			t.Helper()
			change(&x)
			x = must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Revision(x.Revision), x, slot)).Meeting
		}
		same := func(*agenda.Meeting) {}
		ten, eleven := m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), m.at(0, "2026-03-29T11:00", "2026-03-29T11:30")
		check := func(step string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, m.deliver(t, x.UID)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step, diff)
			}
		}
		check("asked", "b: Person a asks you for a meeting")
		edit(ten, func(x *agenda.Meeting) {
			x.Status, x.Sides[0].Delegates[0].Answer = agenda.MeetingAccepted, agenda.Accepted
		})
		check("accepted", "a: Invitation: REQUEST 0 ACCEPTED", "b: Invitation: REQUEST 0 NEEDS-ACTION", "c: Invitation: REQUEST 0 NEEDS-ACTION")
		edit(ten, func(x *agenda.Meeting) { x.Notes = "for us" })
		check("notes")
		edit(eleven, same)
		check("moved", "a: New time or place: REQUEST 1 NEEDS-ACTION", "b: New time or place: REQUEST 1 NEEDS-ACTION", "c: New time or place: REQUEST 1 NEEDS-ACTION")
		eleven.RoomID = m.rooms[1].ID
		edit(eleven, same)
		check("another room", "a: New time or place: REQUEST 2 NEEDS-ACTION", "b: New time or place: REQUEST 2 NEEDS-ACTION", "c: New time or place: REQUEST 2 NEEDS-ACTION")
		edit(eleven, func(x *agenda.Meeting) { x.Topic = agenda.Text{"en": "Customs"} })
		check("another topic", "a: Changed: REQUEST 2 NEEDS-ACTION", "b: Changed: REQUEST 2 NEEDS-ACTION", "c: Changed: REQUEST 2 NEEDS-ACTION")
		edit(eleven, func(x *agenda.Meeting) { x.Sides[1] = m.delegates("d", "c") })
		check("a deputy", "a: Changed: REQUEST 3 NEEDS-ACTION", "b: You are no longer expected: CANCEL 3", "c: Changed: REQUEST 3 NEEDS-ACTION", "d: Invitation: REQUEST 3 NEEDS-ACTION")
		edit(eleven, func(x *agenda.Meeting) { x.Sides[1] = m.delegates("b", "c") })
		check("back again", "a: Changed: REQUEST 4 NEEDS-ACTION", "b: Invitation: REQUEST 4 NEEDS-ACTION", "c: Changed: REQUEST 4 NEEDS-ACTION", "d: You are no longer expected: CANCEL 4")
		edit(eleven, func(x *agenda.Meeting) { x.Status = agenda.MeetingCancelled })
		check("called off", "a: Called off: CANCEL 5", "b: Called off: CANCEL 5", "c: Called off: CANCEL 5")
		edit(eleven, func(x *agenda.Meeting) { x.Status = agenda.MeetingAccepted })
		check("after all", "a: Invitation: REQUEST 6 NEEDS-ACTION", "b: Invitation: REQUEST 6 NEEDS-ACTION", "c: Invitation: REQUEST 6 NEEDS-ACTION")
		edit(eleven, func(x *agenda.Meeting) { x.Sides[1].Delegates[1].Answer = agenda.DeclinedIt })
		check("a note-taker declines", "c: You declined: CANCEL 7")
		wantCode(t, m.DeleteMeeting(ctx, operator, slug, app.Match{Any: true}, x.ID), "")
		check("deleted", "a: Called off: CANCEL 8", "b: Called off: CANCEL 8")
		if got := slices.Sorted(maps.Keys(m.last)); len(got) != 4 {
			t.Error(got)
		}
	})
}

// What changes and changes back before a letter has gone is told to nobody, and a letter that waits makes way for a newer one.
func TestLettersAboutMeetingsWaitForWhatFollows(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.mailroom(t, "")
		ctx := t.Context()
		ten, eleven := m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), m.at(0, "2026-03-29T11:00", "2026-03-29T11:30")
		x := must[app.MeetingResult](t)(m.CreateMeeting(ctx, operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
			Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, ten, app.Once{})).Meeting
		edit := func(slot *app.SlotRequest, status agenda.MeetingStatus) {
			t.Helper()
			x.Status = status
			x = must[app.MeetingResult](t)(m.EditMeeting(ctx, operator, slug, app.Revision(x.Revision), x, slot)).Meeting
		}
		check := func(step string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, m.deliver(t, x.UID)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step, diff)
			}
		}
		edit(eleven, agenda.MeetingAccepted)
		check("new and moved at once", "a: Invitation: REQUEST 1 NEEDS-ACTION", "b: Invitation: REQUEST 1 NEEDS-ACTION")
		edit(ten, agenda.MeetingAccepted)
		edit(eleven, agenda.MeetingAccepted)
		check("moved and moved back")
		edit(eleven, agenda.MeetingCancelled)
		edit(eleven, agenda.MeetingAccepted)
		check("off and on again")
		edit(eleven, agenda.MeetingCancelled)
		check("off", "a: Called off: CANCEL 6", "b: Called off: CANCEL 6")
		edit(eleven, agenda.MeetingAccepted)
		edit(eleven, agenda.MeetingCancelled)
		check("on and off again")
		m.pass(365 * 24 * time.Hour)
		edit(eleven, agenda.MeetingAccepted)
		check("long ago")
	})
}
