package server

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// transcript writes down what was asked and what was answered, byte by byte, and compares it with a
// file. PLENARY_UPDATE_GOLDEN=1 writes the file instead: read the difference before you believe it.
type transcript struct {
	*harness
	text strings.Builder
}

var requestIDs = regexp.MustCompile(`"request_id":"[0-9a-f]{16}"`)

// say asks, writes it down and fails unless the answer has that status.
func (tr *transcript) say(status int, token, method, path, body string, headers ...header) answer {
	tr.t.Helper()
	var sent any
	if body != "" {
		sent = body
	}
	a := tr.ask(token, method, path, sent, headers...)
	fmt.Fprintf(&tr.text, "%s %s\n", method, path)
	for _, hd := range headers {
		fmt.Fprintf(&tr.text, "%s: %s\n", hd.name, hd.value)
	}
	if body != "" {
		fmt.Fprintf(&tr.text, "%s\n", body)
	}
	fmt.Fprintf(&tr.text, "\n%d %s\n", a.Status, http.StatusText(a.Status))
	for _, name := range []string{"Content-Type", "Cache-Control", "Etag", "Location", "Link", "Idempotency-Replayed"} {
		if v := a.Header.Get(name); v != "" {
			fmt.Fprintf(&tr.text, "%s: %s\n", name, v)
		}
	}
	fmt.Fprintf(&tr.text, "%s\n----\n", requestIDs.ReplaceAllString(a.Body, `"request_id":"…"`))
	return tr.must(status, a)
}

// compare holds what was said against the file in testdata.
func (tr *transcript) compare(name string) {
	tr.t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("PLENARY_UPDATE_GOLDEN") == "1" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			tr.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(tr.text.String()), 0o644); err != nil {
			tr.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tr.t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(tr.text.String(), "\n")); diff != "" {
		tr.t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestAPIStory is how an agenda comes into being: from an empty installation to two releases and
// their difference, answered the same by both databases.
func TestAPIStory(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		tr := &transcript{harness: h}
		tellStory(tr)
		tr.compare("api_story.txt")
	})
}

func tellStory(tr *transcript) {
	h := tr.harness
	ev := "/api/v1/events/gala-2025"
	tr.say(201, h.all, "POST", "/api/v1/events", `{"slug":"gala-2025","name":{"en":"Gala","vi":"Dạ tiệc"},"zone":"Asia/Ho_Chi_Minh","start_date":"2025-10-27","end_date":"2025-10-28","languages":["en","vi"],"venue":{"name":{"en":"NCC"},"country":"VN","latitude":21.0069,"longitude":105.7877},"website":"https://gala.example","buffer_minutes":10}`)
	id := func(a answer) string { return decode[struct{ ID string }](h.t, a).ID }
	hall := id(tr.say(201, h.all, "POST", ev+"/rooms", `{"name":{"en":"Hall"},"capacity":100,"position":1}`))
	annex := id(tr.say(201, h.all, "POST", ev+"/rooms", `{"name":{"en":"Annex"},"capacity":20,"position":2,"walks":[{"to":"`+hall+`","minutes":20}]}`))
	track := id(tr.say(201, h.all, "POST", ev+"/tracks", `{"name":{"en":"AI"},"color":"#005bbb"}`))
	lan := id(tr.say(201, h.all, "POST", ev+"/people", `{"name":"Nguyễn Lan Anh","honorific":{"en":"H.E.","vi":"Bà"},"job_title":{"en":"Minister"},"organization":{"en":"Ministry of Science"},"country":"VN","email":"lan@example.org","notes":"vegetarian","languages":["vi","en"]}`))
	tr.say(201, h.all, "POST", ev+"/people", `{"name":"Marie <Curie>"}`)
	one := id(tr.say(201, h.all, "POST", ev+"/panels", `{"number":1,"format":"panel","title":{"en":"Trustworthy AI","vi":"AI đáng tin cậy"},"abstract":{"en":"Can it be?"},"track":"`+track+`","language":"en","interpretation":["vi"],"audience":30,"notes":"film it","speakers":[{"person":"`+lan+`","role":"moderator","status":"confirmed"}],"interventions":[{"title":{"en":"Opening"},"offset":0,"minutes":10,"speakers":[{"person":"`+lan+`","role":"speaker","status":"confirmed"}]}]}`))
	two := id(tr.say(201, h.all, "POST", ev+"/panels", `{"code":"CHIPS","format":"talk","title":{"en":"Chips"},"speakers":[{"person":"`+lan+`","role":"speaker","status":"invited"}],"slot":{"room":"`+hall+`","start":"2025-10-27T09:30","end":"2025-10-27T10:30"}}`))
	h.pass(90 * 1000 * 1000 * 1000)
	tr.say(200, h.all, "PUT", ev+"/panels/"+one+"/slot", `{"room":"`+annex+`","start":"2025-10-27T09:00:00","end":"2025-10-27T10:00:00+07:00"}`, header{"If-Match", `"1"`})
	tr.say(200, h.all, "GET", ev+"/conflicts?severity=error&panel="+two, "")
	tr.say(200, h.all, "GET", ev+"/panels?day=2025-10-27&sort=code", "")
	refused := tr.say(409, h.all, "POST", ev+"/releases", `{"note":{"en":"First"}}`)
	key := decode[struct{ Current []struct{ Key string } }](h.t, refused).Current[0].Key
	tr.say(201, h.all, "POST", ev+"/releases", `{"note":{"en":"First"},"acknowledge":["`+key+`"]}`)
	tr.say(200, h.all, "POST", ev+"/schedule", `{"moves":[{"panel":"`+two+`","revision":1,"slot":{"room":"`+hall+`","start":"2025-10-27T11:00","end":"2025-10-27T12:00"}}]}`)
	tr.say(200, h.all, "POST", ev+"/panels/"+one+"/cancel", `{"note":{"en":"The minister is ill."}}`, header{"If-Match", `"2"`})
	tr.say(200, h.all, "GET", ev+"/releases/draft/diff", "")
	tr.say(201, h.all, "POST", ev+"/releases", `{}`)
	tr.say(200, h.all, "GET", ev+"/releases/2/diff?from=0", "")
	sameAsPublic(h, ev+"/releases/1", "/gala-2025/releases/1/agenda.json")
	tr.say(200, h.all, "GET", ev+"/releases?limit=1", "")
	tr.say(200, h.all, "POST", ev+"/panels/"+one+"/restore", "", header{"If-Match", `"3"`})
	tr.say(204, h.all, "DELETE", ev+"/panels/"+two+"/slot", "", header{"If-Match", `"2"`})
	copied := `{"slug":"gala-2026","start_date":"2026-10-26","end_date":"2026-10-26","take":["rooms","people","panels"]}`
	tr.say(200, h.all, "POST", ev+"/copies?dry_run=true", copied)
	tr.say(200, h.all, "POST", ev+"/copies", copied)
	tr.say(200, h.all, "GET", ev+"/activity?limit=3", "")
}

// sameAsPublic holds the agenda of a release against what the public reads of it.
func sameAsPublic(h *harness, organizers, public string) {
	h.t.Helper()
	got := decode[struct{ Agenda any }](h.t, h.must(200, h.ask(h.all, "GET", organizers, nil))).Agenda
	if diff := cmp.Diff(decode[any](h.t, h.must(200, h.get(public))), got); diff != "" {
		h.t.Errorf("%s (-public +organizers):\n%s", organizers, diff)
	}
}

// TestAPINouns makes, reads, lists, replaces and deletes one of each noun, and looks at every byte.
func TestAPINouns(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		own, _ := furnish(h)
		ids := own.ids
		tr := &transcript{harness: h}
		slot := `{"room":"` + ids["room2"] + `","start":"2025-10-27T14:00","end":"2025-10-27T15:00"}`
		side := func(person, more string) string {
			return `{"delegates":[{"person":"` + ids[person] + `","role":"principal"` + more + `}]}`
		}
		for _, noun := range []struct{ collection, first, second string }{
			{"rooms", `{"name":{"en":"Table 7"},"kind":"table","walks":[{"to":"` + ids["room"] + `","minutes":5}]}`, `{"name":{"en":"Table 8"},"parallel":true,"capacity":4,"position":9,"description":{"en":"At the back"}}`},
			{"tracks", `{"name":{"en":"Health"},"color":"#00aa00","description":{"en":"Bodies"}}`, `{"name":{"fr":"Santé"}}`},
			{"people", `{"name":"Ada","email":"ada@example.org","bio":{"en":"Wrote programs."},"photo_url":"https://example.org/a.jpg"}`, `{"name":"Ada Lovelace","country":"GB"}`},
			{"panels", `{"format":"workshop","title":{"en":"Soldering"},"all_rooms":true,"stream_url":"https://example.org/s","slot":` + slot + `}`, `{"code":"SOLDER","format":"break","title":{"en":"Coffee"},"cancelled":true,"cancel_note":{"en":"No water"}}`},
			{"availabilities", `{"resource":{"kind":"person","id":"` + ids["person"] + `"},"start":"2025-10-27T02:00:00Z","end":"2025-10-27T12:00:00+07:00","note":"Morning"}`, `{"resource":{"kind":"room","id":"` + ids["room2"] + `"},"start":"2025-10-28T09:00","end":"2025-10-28T10:00"}`},
			{"meetings", `{"topic":{"en":"Trade"},"status":"accepted","visibility":"protocol","notes":"flags","slot":` + slot + `,"sides":[` + side("person", "") + `,` + side("person2", `,"answer":"accepted"`) + `]}`, `{"sides":[` + side("person2", "") + `,` + side("person", "") + `]}`},
		} {
			all := "/api/v1/events/" + forum + "/" + noun.collection
			made := tr.say(201, h.write, "POST", all, noun.first)
			one := made.Header.Get("Location")
			tr.say(200, h.read, "GET", one, "")
			tr.say(304, h.read, "GET", one, "", header{"If-None-Match", `"1"`})
			tr.say(200, h.read, "GET", all+"?limit=200", "")
			h.pass(1000 * 1000 * 1000)
			tr.say(412, h.write, "PUT", one, noun.second, header{"If-Match", `"5"`})
			tr.say(200, h.write, "PUT", one, noun.second, header{"If-Match", `"1"`})
			tr.say(412, h.write, "DELETE", one, "", header{"If-Match", `"1"`})
			tr.say(204, h.write, "DELETE", one, "", header{"If-Match", `"2"`})
			tr.say(404, h.write, "DELETE", one, "", header{"If-Match", `"2"`})
		}
		tr.say(409, h.write, "DELETE", "/api/v1/events/"+forum+"/rooms/"+ids["room"], "", header{"If-Match", "*"})
		tellSecrets(tr, ids)
		tr.compare("api_nouns.txt")
	})
}

// tellSecrets goes through what has a secret instead of a revision.
func tellSecrets(tr *transcript, ids map[string]string) {
	h := tr.harness
	feeds := "/api/v1/events/" + forum + "/feeds"
	made := tr.say(201, h.write, "POST", feeds, `{"person":"`+ids["person"]+`","name":"Phone","language":"fr"}`, header{"Idempotency-Key", "one"})
	tr.say(409, h.write, "POST", feeds, `{"person":"`+ids["person"]+`","name":"Phone","language":"fr"}`, header{"Idempotency-Key", "one"})
	tr.say(200, h.read, "GET", made.Header.Get("Location"), "")
	tr.say(204, h.write, "DELETE", made.Header.Get("Location"), "")
	tr.say(200, h.read, "GET", feeds, "")
	for _, tokens := range []struct{ token, path string }{{h.write, "/api/v1/events/" + forum + "/tokens"}, {h.all, "/api/v1/tokens"}} {
		made = tr.say(201, tokens.token, "POST", tokens.path, `{"name":"Website","scopes":["read"],"expires":"2026-01-01T00:00:00+07:00"}`)
		secret := decode[struct{ Secret string }](h.t, made).Secret
		tr.say(200, secret, "GET", "/api/v1/events/"+forum+"/tracks", "")
		tr.say(204, tokens.token, "DELETE", made.Header.Get("Location"), "")
		tr.say(401, secret, "GET", "/api/v1/events/"+forum+"/tracks", "")
		tr.say(200, tokens.token, "GET", tokens.path+"?limit=200", "")
	}
	event := "/api/v1/events/" + forum
	tr.say(409, h.write, "PUT", event, `{"slug":"renamed","name":{"en":"N"},"zone":"Asia/Tokyo","start_date":"2025-10-27","end_date":"2025-10-28","languages":["en"]}`, header{"If-Match", `"1"`})
	tr.say(200, h.write, "PUT", event, `{"slug":"`+forum+`","name":{"en":"N"},"zone":"Asia/Tokyo","start_date":"2025-10-27","end_date":"2025-10-28","languages":["en"]}`, header{"If-Match", `"1"`})
	tr.say(200, h.read, "GET", event+"/panels/"+ids["panel"], "")
	tr.say(204, h.all, "DELETE", event, "", header{"If-Match", `"2"`})
	tr.say(404, h.all, "GET", event, "")
	tr.say(200, h.all, "GET", "/api/v1/events?q=digital", "")
}
