package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"plenary/internal/ical"
)

// commitment is time that somebody or a room has given away, from the start to the end, which is not part of it.
type commitment struct {
	to         string
	start, end time.Time
}

func (c commitment) overlaps(d commitment) bool {
	return c.start.Before(d.end) && d.start.Before(c.end)
}

func (s daySlot) span(f *forumDay) commitment {
	start, err := time.Parse(time.RFC3339, s.Start)
	if err != nil {
		f.Fatal(err)
	}
	end, err := time.Parse(time.RFC3339, s.End)
	if err != nil {
		f.Fatal(err)
	}
	return commitment{start: start, end: end}
}

// meetings gives all meetings, by id.
func (f *forumDay) meetings() map[string]dayMeeting {
	list := map[string]dayMeeting{}
	for _, m := range all[dayMeeting](f, "/forum/meetings", url.Values{}) {
		list[m.ID] = m
	}
	return list
}

// part gives somebody's part in a meeting that takes place; nil: they have none.
func (m dayMeeting) part(person string) *dayDelegate {
	for _, side := range m.Sides {
		for i, d := range side.Delegates {
			if d.Person == person && m.Status == "accepted" && d.Answer != "declined" {
				return &side.Delegates[i]
			}
		}
	}
	return nil
}

// commitments gives what everybody and every room has promised, by "person ID" and "room ID".
func (f *forumDay) commitments() map[string][]commitment {
	taken := map[string][]commitment{}
	take := func(to string, slot daySlot, people ...string) {
		c := slot.span(f)
		c.to = to
		taken["room "+slot.Room] = append(taken["room "+slot.Room], c)
		for _, id := range people {
			taken["person "+id] = append(taken["person "+id], c)
		}
	}
	for _, p := range all[dayPanel](f, "/forum/panels", url.Values{}) {
		var speakers []string
		for _, s := range p.Speakers {
			speakers = append(speakers, s["person"])
		}
		take("panel "+p.ID, p.Slot, speakers...)
	}
	for id, m := range f.meetings() {
		var delegates []string
		for person := range f.names {
			if m.part(person) != nil {
				delegates = append(delegates, person)
			}
		}
		if len(delegates) > 0 {
			take("meeting "+id, *m.Slot, delegates...)
		}
	}
	return taken
}

// checkPlaces looks whether somebody or something is in two places.
func (f *forumDay) checkPlaces() {
	f.Helper()
	looked := 0
	for who, list := range f.commitments() {
		slices.SortFunc(list, func(a, b commitment) int { return a.start.Compare(b.start) })
		for i := 1; i < len(list); i++ {
			if looked++; list[i-1].overlaps(list[i]) {
				f.Errorf("%s (%s) is in two places: %+v and %+v", who, f.names[strings.TrimPrefix(who, "person ")], list[i-1], list[i])
			}
		}
		if id, room := strings.CutPrefix(who, "room "); room && f.rooms[id] == "" {
			f.Errorf("something is nowhere: %+v", list)
		}
	}
	f.Logf("%d pairs of commitments that follow each other", looked)
}

// hurry lets all letters that wait go now: as if a minute had passed.
func (f *forumDay) hurry() {
	f.Helper()
	if _, err := f.db.ExecContext(f.Context(), "UPDATE jobs SET due_at = 0 WHERE dead_at IS NULL"); err != nil {
		f.Fatal(err)
	}
}

// dayMail is a letter as the API has it.
type dayMail struct{ ID, Person, Kind, Status, About, Method, Fault string }

// deliver waits until no letter waits.
func (f *forumDay) deliver() {
	f.Helper()
	f.hurry()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left := all[dayMail](f, "/forum/mails", url.Values{"status": {"queued"}})
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			f.Fatalf("%d letters do not go: %+v", len(left), left[0])
		}
	}
}

// checkLetters looks at the letters that have come since it looked last: about the Release one to each who is concerned, and about
// each meeting one to each for whom something is new, and none else.
func (f *forumDay) checkLetters(stage, release string, concerned map[string]bool) {
	f.Helper()
	known := map[string]dayMail{}
	for _, m := range all[dayMail](f, "/forum/mails", url.Values{}) {
		if known[m.ID] = m; m.Status != "sent" && m.Status != "discarded" {
			f.Errorf("%s: a letter is left: %+v", stage, m)
		}
	}
	f.box.mu.Lock()
	came := f.box.list[f.settled:]
	f.settled = len(f.box.list)
	f.box.mu.Unlock()
	about, seen := map[[2]string]int{}, map[string]bool{}
	for i, l := range came {
		m := known[l.id]
		came[i].about = m.Kind
		if seen[l.id] || m.Status != "sent" || l.to != address(f.number[m.Person]) || !nameIn(f.names[m.Person], l.words) || l.method != m.Method {
			f.Errorf("%s: a letter to %s is not what the program says: %+v", stage, l.to, m)
		}
		if seen[l.id] = true; m.Kind == "changes" && l.method != "REQUEST" {
			f.Errorf("%s: no calendar learns of what is near by the letter to %s", stage, l.to)
		}
		if (l.method == "") != (len(l.files) == 0) || l.method != "" && l.files[0] != l.calendar {
			f.Errorf("%s: the calendar part to %s is not its file:\n%s\n%s", stage, l.to, l.calendar, l.files)
		}
		for _, object := range l.files {
			if strings.Count(strings.ReplaceAll(object, "\r\n ", ""), "@people.example") != 1 {
				f.Errorf("%s: the calendar part to %s has other addresses:\n%s", stage, l.to, object)
			}
		}
		about[[2]string{m.About, m.Person}]++
	}
	now := f.meetings()
	f.expect(stage, about, release, concerned, now)
	f.Logf("%s: %d letters, of which %d about the release", stage, len(came), len(concerned))
	f.before = now
}

// expect compares the number of letters about each thing to each person with what there should be.
func (f *forumDay) expect(stage string, about map[[2]string]int, release string, concerned map[string]bool, now map[string]dayMeeting) {
	f.Helper()
	for id, n := range f.number {
		if got := about[[2]string{release, id}]; release != "" && (got == 1) != concerned[id] {
			f.Errorf("%s: guest %d got %d letters about the release", stage, n, got)
		}
		delete(about, [2]string{release, id})
		for meeting, m := range now {
			got := about[[2]string{meeting, id}]
			delete(about, [2]string{meeting, id})
			if least, most := m.letters(f.before[meeting], id); got < least || got > most {
				f.Errorf("%s: guest %d got %d letters, and should get %d to %d, about %+v, which was %+v", stage, n, got, least, most, m, f.before[meeting])
			}
		}
	}
	for what, n := range about {
		f.Errorf("%s: %d letters about nothing that is known: %v", stage, n, what)
	}
}

// letters gives how many letters somebody should get about a meeting that was another one before: whoever begins or ceases to take
// part, or finds it elsewhere, gets one; whom nothing is new for, none. Of what is not agreed on, only the principals are told.
func (m dayMeeting) letters(was dayMeeting, person string) (least, most int) {
	before, after := was.part(person), m.part(person)
	switch {
	case (before == nil) != (after == nil):
		return 1, 1
	case after != nil && *was.Slot != *m.Slot:
		return 1, 1
	case after != nil:
		most = 0
		for n, side := range m.Sides {
			if side.Delegates[0].Person != was.Sides[n].Delegates[0].Person && (m.Visibility == "participants" || after.Role == "principal") {
				return 1, 1 // they meet somebody else
			}
		}
		return 0, most
	case m.Status == was.Status:
		return 0, 0
	}
	for _, side := range m.Sides {
		if side.Delegates[0].Person == person {
			most = 1
		}
	}
	return 0, most
}

// checkCalendars compares the personal feeds and what was mailed with where people have to be.
func (f *forumDay) checkCalendars() {
	f.Helper()
	mails, uids := map[string]dayMail{}, map[string]string{}
	for _, m := range all[dayMail](f, "/forum/mails", url.Values{}) {
		mails[m.ID] = m
	}
	mailed := map[string][]string{} // iCalendar objects, by address
	for _, l := range f.box.list {
		for _, object := range l.files {
			f.checkITIP(object)
			mailed[l.to] = append(mailed[l.to], object)
			if m := mails[l.id]; m.Kind == "meeting" {
				uids[m.About] = f.read(object)[0].UID
			}
		}
	}
	now, compared := f.meetings(), 0
	for n, id := range f.people {
		truth := map[string]dayTruth{}
		for _, p := range f.panels {
			if slices.ContainsFunc(p.Speakers, func(s map[string]string) bool { return s["person"] == id && s["status"] == "confirmed" }) {
				truth[p.UID] = dayTruth{daySlot: p.Slot}
			}
		}
		for meeting, m := range now {
			if part := m.part(id); part != nil {
				truth[uids[meeting]] = dayTruth{*m.Slot, m.Visibility == "protocol" && part.Role != "principal"}
			}
		}
		compared += f.checkCalendar(n, truth, mailed[address(n)])
	}
	f.Logf("%d entries in %d calendars", compared, len(f.people))
}

func (f *forumDay) read(calendar string) []ical.Entry {
	f.Helper()
	if !strings.Contains(calendar, "BEGIN:VEVENT") {
		return nil
	}
	c, err := ical.Read(strings.NewReader(calendar), ical.ReadOptions{})
	if err != nil || len(c.Warnings) > 0 {
		f.Fatalf("%v %+v\n%s", err, c.Warnings, calendar)
	}
	return c.Entries
}

// dayTruth is where somebody has to be. Busy: they may not know why, so their calendar does not say where.
type dayTruth struct {
	daySlot
	busy bool
}

// checkCalendar compares the calendars of somebody with where they have to be, by UID, and gives how many entries it looked at.
func (f *forumDay) checkCalendar(n int, truth map[string]dayTruth, mailed []string) int {
	f.Helper()
	resp, feed := get(f.T, f.feeds[n])
	if resp.StatusCode != http.StatusOK {
		f.Fatalf("the feed of guest %d: %s", n, resp.Status)
	}
	entries := map[string]ical.Entry{}
	for _, e := range f.read(feed) {
		entries[e.UID] = e
		if _, expected := truth[e.UID]; expected == (e.Status == "CANCELLED") {
			f.Errorf("the feed of guest %d has %+v", n, e)
		}
	}
	agrees := func(where string, uid string, e ical.Entry) {
		slot := truth[uid]
		place := e.Location != "" && nameIn(f.rooms[slot.Room], e.Location) || slot.busy && e.Location == ""
		if s := slot.span(f); e.UID != uid || e.Status != "CONFIRMED" || !e.Start.Equal(s.start) || !e.End.Equal(s.end) || !place || e.Sequence != entries[uid].Sequence {
			f.Errorf("%s of guest %d has %+v (SEQUENCE %d in the feed), but it is %v in %s", where, n, e, entries[uid].Sequence, slot, f.rooms[slot.Room])
		}
	}
	for uid := range truth {
		agrees("the feed", uid, entries[uid])
	}
	last, methods := map[string]ical.Entry{}, map[string]string{}
	for _, object := range mailed {
		e, method := f.read(object)[0], "CANCEL"
		if strings.Contains(object, "\r\nMETHOD:REQUEST\r\n") {
			method = "REQUEST"
		}
		was, again := last[e.UID]
		if again && (e.Sequence < was.Sequence || method != methods[e.UID] && e.Sequence == was.Sequence || !e.Modified.After(was.Modified)) {
			f.Errorf("a letter to guest %d does not come after the one before: %+v, %+v", n, was, e)
		}
		last[e.UID], methods[e.UID] = e, method
	}
	for uid, e := range last {
		switch _, expected := truth[uid]; {
		case expected && methods[uid] == "REQUEST":
			agrees("the last letter", uid, e)
		case expected || methods[uid] != "CANCEL" || e.Status != "CANCELLED":
			f.Errorf("the last letter to guest %d about %s is %s: %+v", n, uid, methods[uid], e)
		}
	}
	return len(truth) + len(last)
}

// checkITIP lets foreign parsers look at an iCalendar object of a letter, where there are any. They take a third of a second for each,
// and what is written does not depend on the database: so they look at those of SQLite.
func (f *forumDay) checkITIP(object string) {
	program := os.Getenv("ICALCHECK")
	if program == "" || strings.HasSuffix(f.Name(), "/postgres") {
		return
	}
	file := filepath.Join(f.TempDir(), "invite.ics")
	if err := os.WriteFile(file, []byte(object), 0o600); err != nil {
		f.Fatal(err)
	}
	if out, err := exec.CommandContext(f.Context(), program, "--profile", "itip", file).CombinedOutput(); err != nil {
		f.Errorf("%v\n%s\n%s", err, bytes.TrimSpace(out), object)
	}
}

// checkSecrecy looks for the confidential meeting: its people have it in their calendars, and nobody else can know of it.
func (f *forumDay) checkSecrecy() {
	f.Helper()
	names := []string{f.names[f.people[stranger]], f.names[f.people[friend]]}
	for _, path := range []string{"/", "/forum/", "/forum/agenda.json", "/forum/agenda.ics", "/forum/schedule.xml", "/forum/schedule.json", "/forum/changes.atom"} {
		resp, body := get(f.T, f.base+path)
		if resp.StatusCode != http.StatusOK {
			f.Errorf("%s: %s", path, resp.Status)
		}
		for _, secret := range append(names, secretTopic) {
			if nameIn(secret, body, strings.ReplaceAll(body, "\r\n ", "")) {
				f.Errorf("%s tells %q", path, secret)
			}
		}
	}
	knows := 0
	for n := range f.people {
		told := ""
		for _, e := range f.read(f.feedOf(n)) {
			told += e.Summary + e.Description
		}
		for _, l := range f.box.list {
			if l.to == address(n) {
				told += l.words + strings.ReplaceAll(l.calendar, "\r\n ", "")
			}
		}
		switch {
		case n != stranger && n != friend:
			if nameIn(secretTopic, told) || nameIn(names[0], told) || nameIn(names[1], told) {
				f.Errorf("guest %d knows of the confidential meeting", n)
			}
		case nameIn(secretTopic, told):
			knows++
		}
	}
	if knows != 2 {
		f.Errorf("%d know of the confidential meeting, want its two principals", knows)
	}
}

func (f *forumDay) feedOf(n int) string {
	_, feed := get(f.T, f.feeds[n])
	return feed
}
