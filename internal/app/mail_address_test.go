package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// moving is the mailroom with a meeting of a and b, whose address changes.
type moving struct {
	*mailroom
	t *testing.T
	x agenda.Meeting
}

func (w world) moving(t *testing.T) *moving {
	t.Helper()
	m := &moving{mailroom: w.mailroom(t, ""), t: t}
	m.x = must[app.MeetingResult](t)(m.CreateMeeting(t.Context(), operator, slug, agenda.Meeting{Status: agenda.MeetingAccepted, Visibility: agenda.VisibleToParticipants,
		Sides: [2]agenda.Delegation{m.delegates("a"), m.delegates("b")}}, m.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
	return m
}

func (m *moving) edit(start, end string, status agenda.MeetingStatus) {
	m.t.Helper()
	m.x.Status = status
	m.x = must[app.MeetingResult](m.t)(m.EditMeeting(m.t.Context(), operator, slug, app.Match{Any: true}, m.x, m.at(0, start, end))).Meeting
}

func (m *moving) has(address string) { m.t.Helper(); m.address(m.t, operator, m.ids["b"], address) }

func (m *moving) vouch(address string) {
	m.t.Helper()
	wantCode(m.t, m.VouchAddress(m.t.Context(), operator, slug, m.ids["b"], address), "")
}

// goes sends what is due, and compares what went to b: address, subject, method and SEQUENCE.
func (m *moving) goes(step string, want ...string) {
	m.t.Helper()
	m.pass(2 * time.Minute)
	var got []string
	for _, p := range m.sendAll(m.t) {
		if m.names[p.PersonID] != "b" {
			continue
		}
		line := p.To + " " + strings.SplitAfter(p.Subject, ":")[0]
		if p.Method != "" {
			text := strings.ReplaceAll(string(p.Calendar), "\r\n ", "")
			line += " " + p.Method + " " + property(text, "SEQUENCE")
			if checkITIP(m.t, p.Calendar); !strings.HasSuffix(property(text, "ATTENDEE"), ":mailto:"+p.To) {
				m.t.Errorf("%s: the letter invites another one: %s", step, property(text, "ATTENDEE"))
			}
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		m.t.Errorf("%s (-want +got):\n%s", step, diff)
	}
}

// last gives the last letter to b.
func (m *moving) last() (last agenda.Mail) {
	m.t.Helper()
	for _, mail := range m.lettersOf(m.t) {
		if m.names[mail.PersonID] == "b" {
			last = mail
		}
	}
	return last
}

const tenTo, elevenTo = "2026-03-29T10:30", "2026-03-29T11:30"

// TestLettersGoToTheAddressOfNow corrects an address while letters wait, and after they went.
func TestLettersGoToTheAddressOfNow(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.moving(t)
		m.has("new@people.example")
		m.goes("it waits for somebody who vouches")
		if last := m.last(); last.Status != agenda.MailDraft || last.Fault != agenda.FaultUnvouched {
			t.Errorf("%s %s", last.Status, last.Fault)
		}
		m.vouch("new@people.example")
		m.goes("vouched", "new@people.example Invitation: REQUEST 0")
		m.vouch("new@people.example")
		m.goes("vouched once more")
		m.has("newer@people.example")
		m.edit("2026-03-29T11:00", elevenTo, agenda.MeetingAccepted)
		m.goes("moved")
		m.vouch("newer@people.example")
		m.goes("invited anew", "newer@people.example Invitation: REQUEST 1")
		m.has("new@people.example")
		m.edit("2026-03-29T11:00", elevenTo, agenda.MeetingCancelled)
		m.goes("called off")
		m.vouch("new@people.example")
		m.goes("in no calendar of that address", "new@people.example Called off:")
		m.edit("2026-03-29T11:00", elevenTo, agenda.MeetingAccepted)
		m.goes("after all", "new@people.example Invitation: REQUEST 3")
	})
}

// TestAnAddressThatComesBack types another address by mistake.
func TestAnAddressThatComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.moving(t)
		m.goes("at first", "b@people.example Invitation: REQUEST 0")
		m.has("typo@people.example")
		m.edit("2026-03-29T11:00", elevenTo, agenda.MeetingAccepted)
		m.goes("moved")
		m.has("b@people.example")
		m.goes("back", "b@people.example New time or place: REQUEST 1")
		m.has("")
		m.edit("2026-03-29T10:00", tenTo, agenda.MeetingAccepted)
		m.goes("without an address")
		m.has("b@people.example")
		m.goes("back again", "b@people.example New time or place: REQUEST 2")
		m.has("typo@people.example")
		m.edit("2026-03-29T10:00", tenTo, agenda.MeetingCancelled)
		m.has("b@people.example")
		m.goes("called off", "b@people.example Called off: CANCEL 3")
	})
}

// TestAnAddressThatIsImported is put right by a file, as by hand.
func TestAnAddressThatIsImported(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		m := w.moving(t)
		m.goes("at first", "b@people.example Invitation: REQUEST 0")
		m.has("typo@people.example")
		m.edit("2026-03-29T11:00", elevenTo, agenda.MeetingAccepted)
		m.goes("moved")
		file := func(address string) {
			t.Helper()
			talk := source.Item{Line: 1, Key: "1", Title: in("Talk of b"), Speakers: []source.Speaker{{Person: "b", Role: agenda.Presenter}}}
			must[app.Imported](t)(m.Import(t.Context(), operator, source.Programme{Format: source.CSV, Items: []source.Item{talk},
				People: []source.Person{{Key: "b", Name: "Person b", Email: address}}}, app.ImportOptions{Slug: slug, Source: "file"}))
		}
		file("other@people.example")
		m.goes("nobody vouches for that one")
		file("b@people.example")
		m.goes("imported", "b@people.example New time or place: REQUEST 1")
		file("b@people.example")
		m.goes("once more")
	})
}

// TestALetterToAnOldAddressWaits corrects the address of a speaker while a letter waits that has a calendar part.
func TestALetterToAnOldAddressWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		s := w.soonLetters(t)
		s.clock.Store(time.Date(2026, 3, 27, 12, 0, 0, 0, time.UTC).UnixMilli())
		s.publishTelling(t, agenda.TellSend)
		s.reachable(t, &s.people[0], "other@example.org", "en")
		s.pass(time.Hour)
		if went := s.sendAll(t); len(went) != 0 {
			t.Errorf("%d letters went to an old address", len(went))
		}
		list := s.lettersOf(t)
		m := s.is(t, list[0].ID, agenda.MailDraft)
		if m.Fault != agenda.FaultMoved || m.Method != agenda.MethodRequest {
			t.Errorf("%s, %s", m.Fault, m.Method)
		}
		must[agenda.Mail](t)(s.SendMail(t.Context(), operator, slug, app.Match{Any: true}, m.ID))
		went := s.sendAll(t)
		if len(went) != 1 || went[0].To != "other@example.org" {
			t.Fatalf("%d letters", len(went))
		}
		checkITIP(t, went[0].Calendar)
		text := strings.ReplaceAll(string(went[0].Calendar), "\r\n ", "")
		if s.asFed(text, s.panels[0].UID); !strings.HasSuffix(property(text, "ATTENDEE"), ":mailto:other@example.org") {
			t.Errorf("%s", text)
		}
	})
}
