package server

import (
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// tellRequests does what a Person does about Meetings that are asked for.
func (l *teller) tellRequests(f furnished, send func(path string, pairs ...string) func() answer) {
	person, other := agenda.ID(f.ids["person"]), agenda.ID(f.ids["person2"])
	f.agreed() // a second request to the same person would be refused
	const day, at = "2025-10-28", "/me/meetings/"
	one := func(do string) string { return at + ":meeting/" + do }
	made := l.tells(at+"new", "meeting.request", agenda.Done, send(at+"new", "to", string(other), "minutes", "30", "day1", day, "clock1", "16"))
	mine, _, _ := strings.Cut(made.Header.Get("Location"), "?")
	l.tells(one("edit"), "meeting.edit", agenda.Done, send(mine+"/edit", "revision", "1", "minutes", "30", "day1", day, "clock1", "17"))
	l.tells(one("withdraw"), "meeting.withdraw", agenda.Done, send(mine+"/withdraw", "revision", "2", "sure", "yes"))
	asked := func(clock string) string {
		l.t.Helper()
		made, err := l.app.RequestMeeting(l.t.Context(), l.system(), forum, app.MeetingRequest{From: other, To: person, Minutes: 30,
			Times: []app.TimeRequest{{Start: day + "T" + clock}}}, app.Once{})
		if err != nil {
			l.t.Fatal(err)
		}
		return at + string(made.Meeting.ID)
	}
	theirs := asked("16:00")
	l.must(201, l.ask(l.all, "POST", "/api/v1/events/"+forum+"/rooms", `{"name":{"en":"Table"},"kind":"table"}`))
	l.tells(one("propose"), "meeting.propose", agenda.Done, send(theirs+"/propose", "revision", "1", "minutes", "30", "day1", day, "clock1", "18"))
	if _, err := l.app.ProposeTimes(l.t.Context(), l.system(), forum, app.Match{Any: true}, agenda.ID(theirs[len(at):]), app.MeetingProposal{Minutes: 30,
		Times: []app.TimeRequest{{Start: day + "T18:00"}}}); err != nil {
		l.t.Fatal(err)
	}
	l.tells(one("accept"), "meeting.accept", agenda.Done, send(theirs+"/accept", "revision", "3", "time", "0"))
	theirs = asked("19:00")
	l.tells(one("decline"), "meeting.decline", agenda.Done, send(theirs+"/decline", "revision", "1", "sure", "yes"))
}
