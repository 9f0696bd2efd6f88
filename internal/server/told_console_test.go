package server

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// tellConsole sends the forms of the console, as a program that may do everything.
func (l *teller) tellConsole() {
	const console = "/console/events/:event"
	l.tellThings(console+"/rooms", "room", "name.en", "Lotus", "kind", "hall")
	l.tellThings(console+"/tracks", "track", "name.en", "Lotus", "color", "#005bbb")
	l.tellOrder(console + "/rooms")
	l.tellOrder(console + "/tracks")
	l.tellAppointments(console)
	l.tellThings(console+"/people", "person", "name", "Lotus")
	l.tellThings(console+"/panels", "panel", "title.en", "Lotus", "format", "talk")
	l.tellParts(console)
	l.tells(console+"/translations", "event.edit", agenda.Done, l.sendsTo(console+"/translations", "", "revision.event."+string(l.event.ID), "1", "text.event."+string(l.event.ID)+".description", "Words"))
	l.tellMail(console + "/mail")
	l.tellAccess()
	l.tellEvents(console)
}

// addressed gives somebody an address.
func (l *teller) addressed(person, address string) {
	l.t.Helper()
	if err := l.store.Write(l.t.Context(), func(tx *store.Tx) error {
		p, err := tx.Person(l.event.ID, agenda.ID(person))
		if err != nil {
			return err
		}
		p.Email, p.Revision = address, p.Revision+1
		return tx.UpdatePerson(l.event.ID, p)
	}); err != nil {
		l.t.Fatal(err)
	}
}

// tellMail lets letters go, and keeps them.
func (l *teller) tellMail(list string) {
	person := l.newest("person.create")
	l.addressed(person, "hung@example.org")
	id := string(l.plantMail(forum, person, "Moved"))
	l.tells(list+"/:mail", "mail.edit", agenda.Done, l.sendsTo(list+"/:mail", id, "revision", "1", "do", "save", "note", "Come early."))
	l.tells(list+"/:mail", "mail.hold", agenda.Done, l.sendsTo(list+"/:mail", id, "revision", "2", "do", "draft"))
	l.tells(list+"/:mail", "mail.discard", agenda.Done, l.sendsTo(list+"/:mail", id, "revision", "3", "do", "discarded"))
	l.tells(list, "mail.hold", agenda.Done, l.sendsTo(list, "", "do", "draft", "mail", id+":4"))
	l.tells(list, "mail.send", agenda.Done, l.sendsTo(list, "", "do", "all", "seen", strconv.FormatInt(l.now().UnixMilli(), 10)))
}

// tellOrder moves what there is of a list.
func (l *teller) tellOrder(list string) {
	noun := strings.TrimSuffix(list[strings.LastIndex(list, "/")+1:], "s")
	for _, name := range []string{"First", "Second"} {
		l.must(201, l.ask(l.all, http.MethodPost, "/api/v1/events/"+forum+"/"+noun+"s", `{"name":{"en":"`+name+`"}}`))
	}
	l.tells(list+"/order", noun+".edit", agenda.Done, l.sendsTo(list+"/order", "", "do", "up", "id", l.newest(noun+".create")))
}

// tellAppointments does what is done about the time of people and rooms.
func (l *teller) tellAppointments(console string) {
	var people, ids []string
	for _, name := range []string{"Ngọc", "Jeanne", "Đoan"} {
		made := l.must(201, l.ask(l.all, http.MethodPost, "/api/v1/events/"+forum+"/people", `{"name":"`+name+`"}`))
		people, ids = append(people, name), append(ids, decode[struct{ ID string }](l.t, made).ID)
	}
	l.tellThings(console+"/availability", "availability", "person", people[0], "start_day", "2025-10-27", "start", "8:00", "end", "12")
	fields := []string{"status", "requested", "visibility", "protocol", "sides.0.delegates.0.person", people[0], "sides.0.delegates.0.role", "principal", "sides.0.delegates.0.answer", "accepted",
		"sides.1.delegates.0.person", people[1], "sides.1.delegates.0.role", "principal", "sides.1.delegates.0.answer", "needs-action"}
	l.tellThings(console+"/meetings", "meeting", fields...)
	l.must(http.StatusSeeOther, l.sendsTo(console+"/meetings/new", "", fields...)())
	l.tells(console+"/people/:person/deputy", "meeting.replace", agenda.Done, l.sendsTo(console+"/people/:person/deputy", ids[0], "person", "Đoan", "do", "deputize"))
	l.tells(console+"/meetings/ask", "meeting.request", agenda.Done, l.sendsTo(console+"/meetings/ask", "", "from", people[2], "to", people[1], "visibility", "protocol", "minutes", "30",
		"day1", "2025-10-28", "clock1", "16"))
	l.tells(console+"/meetings/:meeting/answer", "meeting.cancel", agenda.Done, l.sendsTo(console+"/meetings/:meeting/answer", l.newest("meeting.create"), "revision", "2", "do", "cancel"))
}

// tellEvents ends with the Event.
func (l *teller) tellEvents(console string) {
	now, err := l.app.Event(l.t.Context(), l.system(), forum)
	if err != nil {
		l.t.Fatal(err)
	}
	event := []string{"name.en", "Forum", "slug", "made-here", "zone", "Europe/Paris", "start_date", "2027-03-26", "end_date", "2027-03-28", "languages.0.tag", "fr"}
	l.tells("/console/new", "event.create", agenda.Done, l.sendsTo("/console/new", "", event...))
	l.tells(console+"/copy", "event.copy", agenda.Done, l.sendsTo(console+"/copy", "", "slug", "next", "start_date", "2027-03-26", "take", "rooms"))
	l.tells(console+"/settings", "event.edit", agenda.Done, l.sendsTo(console+"/settings", "", append(event, "slug", forum, "revision", strconv.Itoa(now.Revision))...))
	l.tells(console+"/delete", "event.delete", agenda.Done, l.sendsTo(console+"/delete", "", "confirm", forum, "revision", strconv.Itoa(now.Revision+1)))
}

// tellThings makes one thing of a list, edits it and deletes it by their forms; fields are pairs of names and values.
func (l *teller) tellThings(list, noun string, fields ...string) {
	l.t.Helper()
	l.tells(list+"/new", noun+".create", agenda.Done, l.sendsTo(list+"/new", "", fields...))
	id := l.newest(noun + ".create")
	one := list + "/:" + noun
	l.tells(one, noun+".edit", agenda.Done, l.sendsTo(one, id, append(fields, "revision", "1", "name.fr", "Lotus 2", "title.fr", "Lotus 2")...))
	l.tells(one+"/delete", noun+".delete", agenda.Done, l.sendsTo(one+"/delete", id, "revision", "2"))
}

// tellParts sends the forms that stand on the pages of a panel and of a person.
func (l *teller) tellParts(console string) {
	l.must(303, l.sendsTo(console+"/people/new", "", "name", "Mai")())
	person := l.newest("person.create")
	l.must(303, l.sendsTo(console+"/panels/new", "", "title.en", "Silk", "format", "talk", "speakers.0.person", person, "speakers.0.role", "speaker", "speakers.0.status", "invited")())
	panel := l.newest("panel.create")
	parts, one := console+"/people/:person/parts", console+"/panels/:panel"
	l.tells(parts, "panel.edit", agenda.Done, l.sendsTo(parts, person, "revision."+panel, "1", "was."+panel, "invited", "status."+panel, "confirmed"))
	l.tells(one+"/cancel", "panel.cancel", agenda.Done, l.sendsTo(one+"/cancel", panel, "revision", "2"))
	l.tells(one+"/restore", "panel.restore", agenda.Done, l.sendsTo(one+"/restore", panel, "revision", "3"))
	l.tells(one+"/materials", "panel.material", agenda.Done, l.sendsFile(one+"/materials", panel, "file", "notes.txt", []byte("Notes of the rehearsal"), "revision", "4"))
	photo := console + "/people/:person/photo"
	l.tells(photo, "person.photo", agenda.Done, l.sendsFile(photo, person, "photo", "mai.png", portrait(l.t, 40), "revision", "1"))
}

// sendsFile is [teller.sendsTo] with a file.
func (l *teller) sendsFile(route, id, field, name string, data []byte, pairs ...string) func() answer {
	path := strings.Replace(parameter.ReplaceAllString(route, id), id, forum, 1)
	return func() answer {
		l.t.Helper()
		body, kind := formWithFile(l.t, field, name, data, pairs...)
		return l.must(http.StatusSeeOther, l.ask(l.all, http.MethodPost, path, body, header{"Content-Type", kind}))
	}
}

// formWithFile makes a form of names and values, and of a file.
func formWithFile(t testing.TB, field, name string, data []byte, pairs ...string) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// sendsTo sends a form of the console at that route, as whoever may do everything. Where the form is about one thing, id is its.
func (l *teller) sendsTo(route, id string, pairs ...string) func() answer {
	path := l.pathOf(route, id)
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return func() answer {
		l.t.Helper()
		return l.must(http.StatusSeeOther, l.ask(l.all, http.MethodPost, path, form.Encode(), header{"Content-Type", "application/x-www-form-urlencoded"}))
	}
}

// pathOf puts the event and the one thing that a route is about into its path.
func (l *teller) pathOf(route, id string) string {
	return parameter.ReplaceAllStringFunc(route, func(name string) string {
		if name == ":event" {
			return forum
		}
		return id
	})
}

// newest gives what the newest entry of that verb is about.
func (l *teller) newest(verb string) string {
	l.t.Helper()
	entries := l.entries(l.t, 0)
	for i := range entries { // the newest first
		if entries[i].Verb == verb {
			return string(entries[i].Subject)
		}
	}
	l.t.Fatalf("nothing was told of %s", verb)
	return ""
}
