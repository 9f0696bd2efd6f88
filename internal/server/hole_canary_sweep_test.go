package server

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// readings are what an answer says, in all ways in which a text can be hidden in it.
func readings(t testing.TB, a answer) []string {
	t.Helper()
	body := []byte(a.Body)
	if a.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	all := []string{fmt.Sprint(a.Header), string(body)}
	if z, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err == nil {
		for _, part := range z.File {
			f, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, part.Name, string(unpacked))
		}
	}
	for _, said := range slices.Clone(all) {
		unfolded := strings.NewReplacer("\r\n ", "", "\r\n\t", "").Replace(said) // RFC 5545, 3.1
		plain := html.UnescapeString(unfolded)
		if plain != said {
			all = append(all, plain)
		}
		if unescaped, err := url.QueryUnescape(plain); err == nil && unescaped != plain {
			all = append(all, unescaped)
		}
	}
	return all
}

// fill finds out what can stand in paths.
func (a *aviary) fill() {
	ids := func(list ...agenda.ID) (all []string) {
		for _, id := range list {
			all = append(all, string(id))
		}
		return all
	}
	first := func(collection string) string {
		got := a.must(200, a.ask(a.all, http.MethodGet, "/api/v1/events/"+forum+"/"+collection, nil))
		items := decode[struct {
			Items []struct{ ID, Account string }
		}](a.t, got).Items
		if len(items) == 0 {
			return "none"
		}
		return items[0].ID + items[0].Account
	}
	hook, delivery := a.tellWebhook()
	starred, err := a.app.OpenStarredFeed(context.Background(), forum, agenda.FeedSettings{Panels: []agenda.ID{a.talk.ID}})
	a.check(err)
	a.feeds["starred"] = starred.Secret
	var meetings []string
	for _, m := range a.meetings {
		meetings = append(meetings, string(m.ID))
	}
	last := a.meetings[len(a.meetings)-1]
	letter := a.plantMail(forum, string(a.shared), "Of the agenda")
	secret := agenda.Mail{ID: "01990000-0000-7000-8000-eeeeeeeeeeee", EventID: last.EventID, PersonID: a.shared, Kind: agenda.MailMeeting, Status: agenda.MailDraft, Meetings: true,
		About: last.ID, Answer: string(agenda.Accepted), To: "a@example.org", Name: "You", Language: "en", Subject: last.Topic["en"], Body: []agenda.MailPart{{Heading: last.Topic["en"]}}, Due: a.now(), Revision: 1, Created: a.now(), Updated: a.now()}
	a.check(a.store.Write(context.Background(), func(tx *store.Tx) error { return tx.InsertMail(secret) }))
	a.sayBesides()
	a.get("/letters/" + a.letterSecret(string(letter))) // that it is opened for the first time is told
	a.fills = map[string][]string{"event": {forum}, "number": {"1", "2", "draft"}, "mail": ids(letter, secret.ID), "meeting": meetings, "person": ids(a.shared, a.guests[0], a.guests[len(a.guests)-1]),
		"panel": append(ids(a.talk.ID), append(meetings, "CLASH")...), "room": ids(a.hall, a.table, last.Slot.RoomID), "track": ids(a.track), "key": {starred.Key},
		"file":  {a.feeds["outsider protocol"], a.feeds["outsider participants"] + ".ics", a.feeds["starred"] + ".ics"},
		"table": {"panels.csv", "people.csv", "meetings.csv", "agenda.xlsx"}, "name": {"plenary.css"}, "feed": {first("feeds")}, "account": {first("members")},
		"token": {first("tokens")}, "webhook": {hook}, "delivery": {delivery}, "invitation": {"none"}, "availability": {"none"}, "link": {"none"}, "secret": {a.letterSecret(string(letter)), "none"}, "material": {"none"}}
}

// sayBesides lets a delegate of each meeting say something with an answer: the guest, and who is on the agenda too.
func (a *aviary) sayBesides() {
	a.t.Helper()
	a.check(a.store.Write(context.Background(), func(tx *store.Tx) error {
		for i, m := range a.meetings {
			for side, delegate := range []agenda.Delegate{m.Sides[0].Delegates[1], m.Sides[1].Delegates[0]} {
				at := fmt.Sprintf("besides%d%d", i, side)
				a.planted[at] = topicMark + at
				if err := tx.InsertMeetingSteps(agenda.MeetingStep{ID: a.newID(), EventID: m.EventID, MeetingID: m.ID, At: a.now(), Party: agenda.PartyOf(side),
					PersonID: delegate.PersonID, Deed: []agenda.MeetingDeed{agenda.DeedAnswer, agenda.DeedCounter}[side], Note: a.planted[at]}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// paths gives every path of a route.
func (a *aviary) paths(route string) []string {
	a.t.Helper()
	at := strings.Index(route, ":")
	if at < 0 {
		return []string{route}
	}
	name, rest, more := strings.Cut(route[at+1:], "/")
	values, known := a.fills[name]
	if !known {
		a.t.Fatalf("%s: say what stands for :%s, so that nothing of the meetings is told there", route, name)
	}
	if !more && !strings.HasPrefix(route, apiRoot) {
		for _, v := range slices.Clone(values) {
			values = append(slices.Clone(values), v+calendarSuffix)
		}
	}
	var all []string
	for _, v := range values {
		if more {
			v += "/" + rest
		}
		all = append(all, a.paths(route[:at]+v)...)
	}
	return all
}

// queries gives what can be asked for at a route beside its path: every parameter that is documented, and what public
// pages and calendars read.
func (a *aviary) queries(route string) []string {
	ops := slices.DeleteFunc(apiOperations(a.server), func(op *huma.Operation) bool {
		return op.Method != http.MethodGet || echoPath(op.Path) != route
	})
	all := []string{""}
	if strings.HasPrefix(route, "/console") { // whose pages read these
		return []string{"", "?lang=vi", "?q=" + topicMark[:6], "?day=2025-10-27&room=" + string(a.hall) + "&track=" + string(a.track) + "&person=" + string(a.guests[0]) + "&done=saved"}
	}
	if len(ops) == 0 {
		for _, q := range []string{"lang=fr", "lang=vi", "day=2025-10-27", "download", "cancelled=keep&whole_event=true&lang=vi", "person=" + string(a.guests[0]),
			"room=" + string(a.hall) + "&track=" + string(a.track), "q=" + topicMark[:6], "detail=full&meetings=true"} {
			all = append(all, "?"+q)
		}
		return all
	}
	for _, p := range ops[0].Parameters {
		if p.In != "query" {
			continue
		}
		for _, v := range a.asks(p) {
			all = append(all, "?"+p.Name+"="+url.QueryEscape(v))
		}
	}
	return all
}

// asks gives values of a parameter.
func (a *aviary) asks(p *huma.Param) []string {
	values := a.fills[p.Name]
	switch {
	case p.Name == "q":
		values = []string{topicMark, topicMark[:5], strings.ToLower(topicMark), guestMark, guestMark[:4]}
	case len(p.Schema.Enum) > 0:
		for _, v := range p.Schema.Enum {
			values = append(values, fmt.Sprint(v))
		}
	case p.Schema.Type == huma.TypeBoolean:
		values = []string{"true", "false"}
	case p.Name == "day":
		values = []string{"2025-10-27"}
	case p.Name == "from":
		values = []string{"0", "1", "2"}
	}
	if len(values) == 0 {
		return []string{"1"}
	}
	return values
}

// read asks for everything as one hearer, and gives what all answers say.
func (a *aviary) read(r hearer) string {
	var all strings.Builder
	for _, route := range a.server.echo.Routes() {
		if route.Method != http.MethodGet || strings.HasPrefix(route.Path, "/panic") {
			continue
		}
		open := a.server.access["GET "+route.Path].open()
		if open && !slices.Contains([]string{"anonymous", "all but protocol", "token all but meetings", "visitor", "protocol"}, r.name) {
			continue // what anybody may read is the same for everybody
		}
		as := r
		as.people, as.places = r.people && !open, r.places && !open
		for _, path := range a.paths(route.Path) {
			for i, query := range a.queries(route.Path) {
				if i > 0 && open && r.name != "anonymous" {
					break
				}
				got := a.tell(as, http.MethodGet, path+query, nil, header{"Accept-Encoding", "gzip"})
				if got.Status == http.StatusUnauthorized || got.Status == http.StatusForbidden {
					break // and would be, whatever else they asked for
				}
				if r.hears {
					all.WriteString(strings.Join(readings(a.t, got), "\n"))
				}
			}
		}
	}
	return strings.ToLower(all.String())
}

// write makes every write that tells of conflicts, or of what is there already.
func (a *aviary) write(r hearer) {
	at := "/api/v1/events/" + forum
	list := decode[struct {
		Items []struct{ ID, Code string }
	}](a.t, a.must(200, a.ask(a.all, http.MethodGet, at+"/panels?limit=200", nil))).Items
	clash := list[slices.IndexFunc(list, func(p struct{ ID, Code string }) bool { return p.Code == "CLASH" })].ID
	room, whatever, stale := string(a.hall), header{"If-Match", "*"}, header{"If-Match", `"99"`}
	slot := map[string]any{"room": room, "start": "2025-10-27T17:15", "end": "2025-10-27T19:00"}
	part := []map[string]any{{"person": a.shared, "role": "speaker", "status": "confirmed"}, {"person": a.guests[0], "role": "speaker", "status": "declined"}}
	panel := map[string]any{"format": "talk", "title": textBody{"en": "Evening talk"}, "slot": slot, "speakers": part[:1], "code": "CLASH"}
	side := func(p agenda.ID) map[string]any {
		return map[string]any{"delegates": []map[string]any{{"person": p, "role": "principal"}}}
	}
	meeting := map[string]any{"sides": []any{side(a.shared), side(a.chair)}, "slot": slot}
	for _, h := range []header{stale, whatever} {
		a.tell(r, "PUT", at+"/panels/"+clash, panel, h)
		a.tell(r, "PUT", at+"/panels/"+clash+"/slot", slot, h)
		a.tell(r, "POST", at+"/panels/"+clash+"/cancel", map[string]any{}, h)
		a.tell(r, "POST", at+"/panels/"+clash+"/restore", nil, h)
		a.tell(r, "DELETE", at+"/rooms/"+room, nil, h)
		a.tell(r, "DELETE", at+"/people/"+string(a.guests[0]), nil, h)
		a.tell(r, "PUT", at+"/people/"+string(a.guests[1]), map[string]any{"name": "x"}, header{"If-Match", `"99"`})
		a.tell(r, "PUT", at+"/rooms/"+room, map[string]any{"name": textBody{"en": "Main hall"}, "kind": "hall"}, h)
	}
	for _, m := range a.meetings {
		for _, method := range []string{"PUT", "DELETE"} {
			a.tell(r, method, at+"/meetings/"+string(m.ID), map[string]any{"sides": meeting["sides"]}, stale)
		}
	}
	panel["code"], panel["speakers"] = "", part
	a.tell(r, "POST", at+"/panels", panel)
	a.tell(r, "POST", at+"/panels", map[string]any{"format": "talk", "title": textBody{"en": "x"}, "slot": map[string]any{"room": a.meetings[0].ID, "start": "2025-10-27T17:15", "end": "2025-10-27T19:00"}})
	a.tell(r, "POST", at+"/schedule", map[string]any{"moves": []any{map[string]any{"panel": clash, "revision": 1, "slot": slot}, map[string]any{"panel": a.meetings[0].ID, "revision": 1}}})
	a.tell(r, "POST", at+"/meetings", meeting)
	a.tell(r, "POST", at+"/availabilities", map[string]any{"resource": map[string]any{"kind": "person", "id": a.shared}, "start": "2025-10-27T08:00", "end": "2025-10-27T18:00"})
	a.tell(r, "POST", at+"/releases", map[string]any{})
	a.tell(r, "POST", at+"/starred-feeds", map[string]any{"panels": []any{a.meetings[0].ID, clash}})
	a.tell(r, "POST", at+"/feeds", map[string]any{"person": a.meetings[1].ID})
	for _, dry := range []string{"?dry_run=true", ""} {
		a.tell(r, "POST", at+"/import"+dry, "title,date,start,end,room,speakers\nImported,2025-10-27,17:30,18:45,Main hall,Nguyễn Mạnh Hùng\n", header{"Content-Type", "text/csv"})
	}
	a.feedsOf(r, at)
}

// feedsOf opens the calendars of those who take part, as far as the hearer may, and reads them.
func (a *aviary) feedsOf(r hearer, at string) {
	for _, m := range a.meetings {
		got := a.tell(r, "POST", at+"/feeds", map[string]any{"person": m.Sides[0].Principal()})
		if got.Status == http.StatusCreated {
			opened := decode[feedBody](a.t, got)
			a.tell(r, "GET", strings.TrimPrefix(opened.URL, base), nil)
		}
	}
	list, _, err := a.app.Feeds(context.Background(), a.system(), forum, agenda.PersonalFeed, app.Page{Limit: 200})
	a.check(err)
	for _, f := range list {
		if f.Revoked != nil {
			continue
		}
		a.tell(r, "PUT", at+"/feeds/"+string(f.ID), map[string]any{"person": f.PersonID}, header{"If-Match", `"99"`})
		if !strings.HasPrefix(r.name, "token") {
			continue
		}
		if got := a.tell(r, "POST", at+"/feeds/"+string(f.ID)+"/rotate", nil, header{"If-Match", "*"}); got.Status == http.StatusOK {
			a.tell(r, "GET", strings.TrimPrefix(decode[feedBody](a.t, got).URL, base), nil)
		}
	}
}

// tellWebhook adds a webhook and publishes, so that there is a delivery of what the meetings are not in.
func (a *aviary) tellWebhook() (webhook, delivery string) {
	a.t.Helper()
	ctx := context.Background()
	w, err := a.app.CreateWebhook(ctx, a.system(), forum, agenda.Webhook{Name: "Website", URL: "https://hooks.example/agenda", Kinds: agenda.WebhookKinds}, app.Once{})
	a.check(err)
	a.republish()
	list, _, err := a.app.Deliveries(ctx, a.system(), forum, w.ID, "", app.Page{})
	a.check(err)
	return string(w.ID), string(list[0].ID)
}
