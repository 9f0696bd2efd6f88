package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// The canary: what stands in a confidential meeting is told to nobody but the protocol officers, the operator and those who
// take part, whatever they read, write or get wrong. It has been told by lists, exports and calendars of others (Indico
// CVE-2025-59034, 2.1.3 and 2.0.3; Indico's requests 4935 and 5555).
func TestHoleV13TheCanaryIsSilent(t *testing.T) {
	sweep(t)
	alongside(t)
	both(t, func(t *testing.T, h *harness) {
		a := newAviary(h)
		a.meet()
		few := !strings.HasSuffix(h.at, "plenary.db") // who asks is the same on PostgreSQL: it is what is read that may be another
		if few {
			a.hearers = slices.DeleteFunc(a.hearers, func(r hearer) bool {
				return !slices.Contains([]string{"anonymous", "check_in", "viewer", "protocol", "all but protocol", "visitor"}, r.name)
			})
		}
		heard := a.read(a.hearer("protocol"))
		for field, text := range a.planted {
			if !strings.Contains(heard, strings.ToLower(text)) {
				t.Errorf("%s is not told to protocol officers: nothing is known of whether others are", field)
			}
		}
		for _, r := range a.hearers {
			if !r.hears {
				a.read(r)
			}
		}
		a.checkFeeds()
		a.checkVisitors()
		for _, step := range []func(hearer){a.write, func(r hearer) { a.attempt(r, false) }, func(r hearer) { a.attempt(r, true) }} {
			for _, r := range a.hearers {
				if !r.hears {
					step(r)
				}
			}
		}
		a.silent(hearer{name: "the reader of a log"}, "the log", a.log.String())
		a.mails.Lock() // others may still be on their way
		letters := slices.Clone(a.letters)
		a.mails.Unlock()
		for _, letter := range letters {
			a.silent(hearer{name: "the reader of a letter"}, "a letter to "+strings.ToLower(letter.To+letter.Name), fmt.Sprintf("%+v", letter))
		}
		if len(letters) < 5 {
			t.Errorf("only %d letters were looked at", len(letters))
		}
		if n := strings.Count(a.log.String(), `"msg":"request"`); n < a.asked || a.asked < 1500 || !few && a.asked < 4000 {
			t.Errorf("%d requests are in the log, %d were made", n, a.asked)
		}
	})
}

// checkFeeds reads the calendars of those who take part.
func (a *aviary) checkFeeds() {
	for _, m := range a.meetings[:len(agenda.Visibilities)] {
		for who, tells := range map[string]bool{"principal": true, "interpreter": m.Visibility == agenda.VisibleToParticipants, "outsider": false} {
			got := a.must(200, a.get("/feeds/"+a.feeds[who+" "+string(m.Visibility)]+".ics"))
			said := strings.ToLower(strings.Join(readings(a.t, got), "\n"))
			if strings.Contains(said, strings.ToLower(m.Topic["en"])) != tells || strings.Contains(said, strings.ToLower(m.Notes)) {
				a.t.Errorf("the calendar of the %s of the meeting for %s: the topic should be there: %t; the notes never", who, m.Visibility, tells)
			}
			if who == "interpreter" && !tells {
				own, err := a.app.Person(context.Background(), a.system(), forum, m.Sides[0].Delegates[2].PersonID)
				a.check(err)
				others := strings.ReplaceAll(said, strings.ToLower(own.Name), "")
				if strings.Contains(others, strings.ToLower(topicMark)) || strings.Contains(others, strings.ToLower(guestMark)) {
					a.t.Errorf("the interpreter's calendar tells %s", others)
				}
			}
		}
		got, err := a.app.Meeting(context.Background(), a.system(), forum, m.ID)
		if a.check(err); got.Meeting.Notes != m.Notes {
			a.t.Error("the operator is not told")
		}
	}
}

// checkVisitors reads the own pages of those who take part: who may know what it is about is told as soon as they have typed
// their code, everybody else that they are busy.
func (a *aviary) checkVisitors() {
	for _, m := range a.meetings[:len(agenda.Visibilities)] {
		for _, d := range []agenda.Delegate{m.Sides[1].Delegates[0], m.Sides[1].Delegates[2]} { // a principal and an interpreter
			for _, confirmed := range []bool{false, true} {
				b := a.visitor(d.PersonID, confirmed)
				said := strings.ToLower(strings.Join(readings(a.t, b.look()), "\n"))
				tells := confirmed && (d.Role == agenda.Principal || m.Visibility == agenda.VisibleToParticipants)
				if strings.Contains(said, strings.ToLower(m.Topic["en"])) != tells || strings.Contains(said, strings.ToLower(m.Notes)) {
					a.t.Errorf("the own page of the %s of the meeting for %s, who has typed the code: %t; the topic should be there: %t; the notes never",
						d.Role, m.Visibility, confirmed, tells)
				}
				if own := strings.ToLower(a.nameOf(d.PersonID)); !tells && strings.Contains(strings.ReplaceAll(said, own, ""), strings.ToLower(guestMark)) {
					a.t.Errorf("the own page of the %s of the meeting for %s tells of others", d.Role, m.Visibility)
				}
			}
		}
	}
}

func (a *aviary) nameOf(person agenda.ID) string {
	p, err := a.app.Person(context.Background(), a.system(), forum, person)
	a.check(err)
	return p.Name
}

// attempt makes every write of the router, those that end something, of the hearer or of others, apart from the rest.
func (a *aviary) attempt(r hearer, ends bool) {
	form := url.Values{"do": {"save"}, "revision": {"1"}, "meeting": {string(a.meetings[0].ID)}, "panel": {string(a.meetings[1].ID), string(a.talk.ID)},
		"answer": {"accepted"}, "email": {"nobody@example.org"}, "secret": {"x"}, "code": {"1"}, "lang": {"vi"}}
	for _, route := range a.server.echo.Routes() {
		if slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, route.Method) || ends != ending(route.Method, route.Path) {
			continue
		}
		var body any = form.Encode()
		headers := []header{{"If-Match", `"99"`}, {"Content-Type", "application/x-www-form-urlencoded"}}
		for _, op := range apiOperations(a.server) {
			if op.Method == route.Method && echoPath(op.Path) == route.Path {
				body, headers = furnished{harness: a.harness}.bodyOf(op), headers[:1]
			}
		}
		paths := a.paths(route.Path)
		for _, path := range paths[:min(2, len(paths))] {
			a.tell(r, route.Method, path, body, headers...)
		}
	}
}

// ending says whether a write may end what other requests of the test need.
func ending(method, path string) bool {
	return method == http.MethodDelete || strings.Contains(path, "/members") || slices.ContainsFunc([]string{"/sign-out", "/end", "/leave", "/erase", "/rotate", "/revoke"}, func(s string) bool { return strings.HasSuffix(path, s) })
}
