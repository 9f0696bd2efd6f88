package server

import (
	"net/http"
	"net/url"

	"plenary/internal/agenda"
)

// tellAccess sends the forms of the console about who may do what. They have a person of their own, a member and an account.
func (l *teller) tellAccess() {
	const at = "/console/events/:event"
	made := func(collection, body string) string {
		return decode[struct{ ID string }](l.t, l.must(201, l.ask(l.all, http.MethodPost, "/api/v1/events/"+forum+"/"+collection, body))).ID
	}
	person := made("people", `{"name":"Marie","email":"marie@example.org"}`)
	made("panels", `{"format":"talk","title":{"en":"Talk"},"speakers":[{"person":"`+person+`","role":"speaker","status":"invited"}]}`)
	l.tells(at+"/members/new", "member.invite", agenda.Done, l.sendsTo(at+"/members/new", "", "email", "invited@example.org", "roles", "editor"))
	invitation := l.newest("member.invite")
	l.tells(at+"/members", "member.invite", agenda.Done, l.sendsTo(at+"/members", "", "do", "again", "id", invitation))
	l.tells(at+"/members", "member.uninvite", agenda.Done, l.sendsTo(at+"/members", "", "do", "revoke", "id", l.newest("member.invite")))
	member := l.newAccount("member@example.org", false)
	l.tells(at+"/members/new", "member.add", agenda.Done, l.sendsTo(at+"/members/new", "", "email", member.Email, "roles", "viewer"))
	l.tells(at+"/members/:account", "member.set", agenda.Done, l.sendsTo(at+"/members/:account", string(member.ID), "revision", "1", "roles", "check_in"))
	l.tells(at+"/members/:account/remove", "member.remove", agenda.Done, l.sendsTo(at+"/members/:account/remove", string(member.ID), "revision", "2"))
	l.tells(at+"/tokens/new", "token.create", agenda.Done, l.showsAt(at+"/tokens/new", "", "name", "Website", "scopes", "read_draft"))
	l.tells(at+"/tokens/:token/revoke", "token.revoke", agenda.Done, l.sendsTo(at+"/tokens/:token/revoke", l.newest("token.create")))
	l.tells(at+"/webhooks/new", "webhook.create", agenda.Done, l.showsAt(at+"/webhooks/new", "", "name", "Website", "url", "https://hooks.example/", "kinds", "release.published"))
	hook := l.newest("webhook.create")
	l.tells(at+"/webhooks/:webhook", "webhook.ping", agenda.Done, l.sendsTo(at+"/webhooks/:webhook", hook, "do", "ping"))
	l.tells(at+"/webhooks/:webhook/edit", "webhook.edit", agenda.Done, l.sendsTo(at+"/webhooks/:webhook/edit", hook, "revision", "1", "name", "Site", "url", "https://hooks.example/", "kinds", "release.published", "enabled", "1"))
	l.tells(at+"/webhooks/:webhook/rotate", "webhook.rotate", agenda.Done, l.showsAt(at+"/webhooks/:webhook/rotate", hook, "revision", "2"))
	l.tells("/console/jobs", "job.retry", agenda.Done, l.settlesJob(hook, "retry"))
	l.tells("/console/jobs", "job.put_away", agenda.Done, l.settlesJob(hook, "put_away"))
	l.tells(at+"/webhooks/:webhook/delete", "webhook.delete", agenda.Done, l.sendsTo(at+"/webhooks/:webhook/delete", hook, "revision", "3"))
	l.tells(at+"/links/new", "link.make", agenda.Done, l.showsAt(at+"/links/new", ""))
	l.tells(at+"/links/:person", "link.make", agenda.Done, l.showsAt(at+"/links/:person", person, "do", "make"))
	l.tells(at+"/links/:person", "link.revoke", agenda.Done, l.sendsTo(at+"/links/:person", person, "do", "revoke", "id", l.newest("link.make")))
	l.tells(at+"/links/:person", "link.send", agenda.Done, l.sendsTo(at+"/links/:person", person, "do", "mail"))
	l.tells(at+"/desk", "code.make", agenda.Done, l.showsAt(at+"/desk", "", "do", "code", "id", person))
	l.tells(at+"/desk", "person.vouch", agenda.Done, l.sendsTo(at+"/desk", "", "do", "vouch", "id", person))
	l.tells(at+"/feeds/new", "feed.open", agenda.Done, l.showsAt(at+"/feeds/new", "", "person", person, "tell", "all"))
	l.tells(at+"/feeds/:feed/rotate", "feed.rotate", agenda.Done, l.showsAt(at+"/feeds/:feed/rotate", l.newest("feed.open"), "revision", "1"))
	l.tells(at+"/feeds/:feed/revoke", "feed.revoke", agenda.Done, l.sendsTo(at+"/feeds/:feed/revoke", l.newest("feed.rotate")))
	l.tells(at+"/people/:person/erase", "person.erase", agenda.Done, l.showsAt(at+"/people/:person/erase", person, "revision", "1", "confirm", "Marie"))
	l.tells("/console/accounts/:account", "account.set", agenda.Done, l.sendsTo("/console/accounts/:account", string(member.ID), "revision", "1", "disabled", "1"))
	l.tells("/console/accounts/:account/reset", "account.reset_link", agenda.Done, l.sendsTo("/console/accounts/:account/reset", string(member.ID)))
}

// settlesJob does something about a delivery that was given up.
func (l *teller) settlesJob(hook, do string) func() answer {
	l.givenUp(agenda.ID(hook))
	jobs, err := l.app.DeadJobs(l.t.Context(), l.system())
	if err != nil || len(jobs) != 1 {
		l.t.Fatalf("%+v, %v", jobs, err)
	}
	return l.sendsTo("/console/jobs", "", "do", do, "id", string(jobs[0].ID))
}

// showsAt sends a form whose answer is a page: what is told once has no address.
func (l *teller) showsAt(route, id string, pairs ...string) func() answer {
	path := l.pathOf(route, id)
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return func() answer {
		l.t.Helper()
		return l.must(http.StatusOK, l.ask(l.all, http.MethodPost, path, form.Encode(), header{"Content-Type", "application/x-www-form-urlencoded"}))
	}
}
