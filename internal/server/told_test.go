package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// tellBodies are what is sent where the example of the documentation is of another event, by operation; a colon stands before
// the name of a noun of [furnished].
var tellBodies = map[string]string{
	"createAvailability":  `{"resource":{"kind":"person","id":":person"},"start":"2025-10-27T08:00","end":"2025-10-27T18:00"}`,
	"createEvent":         `{"slug":"new","name":{"en":"New"},"zone":"UTC","start_date":"2025-10-27","end_date":"2025-10-27","languages":["en"]}`,
	"replaceDelegate":     `{"person":":spare"}`,
	"deputize":            `{"person":":spare"}`,
	"createMeeting":       `{"sides":[{"delegates":[{"person":":person","role":"principal"}]},{"delegates":[{"person":":person2","role":"principal"}]}]}`,
	"createPanel":         `{"format":"talk","title":{"en":"New"}}`,
	"acceptMeeting":       `{"time":0,"room":":room2"}`,
	"requestMeeting":      `{"from":":person2","to":":person","times":[{"start":"2025-10-27T15:00","end":"2025-10-27T15:30"}]}`,
	"createRoom":          `{"name":{"en":"New"}}`,
	"makePersonalLink":    `{}`,
	"movePanel":           `{"room":":room2","start":"2025-10-27T09:00","end":"2025-10-27T10:00"}`,
	"movePanels":          `{"moves":[{"panel":":panel","revision":1,"slot":{"room":":room2","start":"2025-10-27T11:00","end":"2025-10-27T12:00"}}]}`,
	"openFeed":            `{"person":":person"}`,
	"replaceAvailability": `{"resource":{"kind":"room","id":":room"},"start":"2025-10-27T08:00","end":"2025-10-27T17:00"}`,
	"replaceFeed":         `{"person":":person","name":"Phone"}`,
	"replaceMeeting":      `{"topic":{"en":"New"},"sides":[{"delegates":[{"person":":person","role":"principal"}]},{"delegates":[{"person":":person2","role":"principal"}]}]}`,
	"replacePanel":        `{"format":"keynote","title":{"en":"New"}}`,
	"replaceRoom":         `{"name":{"en":"New"}}`,
	"sendPersonalLink":    `{}`,
}

// tellPaths are asked for where another noun of that kind could not be deleted, since it is used.
var tellPaths = map[string]string{
	"deletePerson": "/api/v1/events/" + forum + "/people/:spare",
	"deleteRoom":   "/api/v1/events/" + forum + "/rooms/:room2",
}

// tellingRequest is one that succeeds.
func (f furnished) tellingRequest(t *testing.T, id, method, route string) (path string, body any) {
	t.Helper()
	var pairs []string
	names := slices.Sorted(maps.Keys(f.ids))
	slices.Reverse(names) // room2 is no room
	for _, name := range names {
		pairs = append(pairs, `":`+name+`"`, `"`+f.ids[name]+`"`, "/:"+name, "/"+f.ids[name])
	}
	fill := strings.NewReplacer(pairs...)
	path, body = f.requestOf(method, route)
	if own := tellPaths[id]; own != "" {
		path = fill.Replace(own)
	}
	if own := tellBodies[id]; own != "" {
		body = fill.Replace(own)
	}
	person := "/api/v1/events/" + forum + "/people/" + f.ids["person"]
	switch id {
	case "deletePhoto":
		f.put(person, portrait(t, 9))
	case "holdMeeting":
		f.begun()
	case "setPhoto":
		body = portrait(t, 9)
	}
	return path, body
}

// entries gives the log since it had that many entries, newest first.
func (h *harness) entries(t *testing.T, since int) (list []agenda.Activity) {
	t.Helper()
	err := h.app.EachActivity(t.Context(), h.system(), "", app.ActivityFilter{}, 0, func(a agenda.Activity) error {
		list = append(list, a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.pass(1000 * 1000 * 1000) // the next are later
	return list[:len(list)-since]
}

// TestEveryWriteIsTold asks for each operation that changes something, twice: by who may not, and by who may. The operations
// are those of the document, which has all routes of the API. Both leave an Activity: of who asked, from where, and what
// became of it. What strangers star, nobody is told of.
func TestEveryWriteIsTold(t *testing.T) {
	tried := 0
	for _, op := range apiOperations(newHarness(t).server) {
		route := echoPath(op.Path)
		if op.Method == http.MethodGet || slices.Contains(op.Tags, "Stars") {
			continue
		}
		tried++
		t.Run(op.OperationID, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			f := furnishEvent(h, forum)
			f.ids["spare"] = decode[struct{ ID string }](t, h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/people", `{"name":"Spare"}`))).ID
			reader := h.newToken(forum, []agenda.Verb{agenda.SeeEvent}, nil)
			path, body := f.tellingRequest(t, op.OperationID, op.Method, route)
			all := len(h.entries(t, 0))

			h.ask("", op.Method, path, body, whatever)
			if got := h.entries(t, all); len(got) != 0 {
				t.Errorf("a stranger leaves %+v", got)
			}
			for range 2 {
				h.must(403, h.ask(reader, op.Method, path, body, whatever))
			}
			access := h.server.access[op.Method+" "+route]
			if access == ByMail {
				access = May(agenda.ReadContacts) // which is asked for first
			}
			refused, right := h.entries(t, all), `"`+string(access)+`"`
			if len(refused) != 1 || refused[0].Outcome != agenda.Refused || refused[0].ActorKind != agenda.TokenHolder || refused[0].Address != "192.0.2.1" || refused[0].After["right"] != right {
				t.Errorf("the refusal of %s leaves %+v", right, refused)
			}
			all += len(refused)
			if a := h.ask(h.all, op.Method, path, body, whatever); a.Status/100 != 2 {
				t.Fatalf("%d: %s", a.Status, a.Body)
			}
			done := h.entries(t, all)
			if len(done) == 0 {
				t.Error("it leaves no activity")
			}
			for _, a := range done {
				if a.Outcome != agenda.Done || a.ActorKind != agenda.TokenHolder || a.ActorName != "all events write" || a.Address != "192.0.2.1" || a.Summary == "" {
					t.Errorf("it leaves %+v", a)
				}
			}
		})
	}
	if tried < 45 {
		t.Errorf("only %d operations were tried", tried)
	}
}
