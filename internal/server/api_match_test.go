package server

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPIIfMatch(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	track := own.fill("/api/v1/events/{event}/tracks/{track}")
	body := `{"name":{"en":"AI"}}`
	for _, c := range []struct {
		value  string
		status int
	}{
		{"", 428}, {`7`, 400}, {`"1`, 400}, {`W/1`, 400}, {`*, "1"`, 400}, {`"1" "2"`, 400}, {`"a b"`, 400}, {`,`, 400},
		{`W/"1"`, 412}, {`"2"`, 412}, {`"01"`, 412}, {`"+1"`, 412}, {`"x"`, 412}, {`""`, 412}, {`"1 "`, 400}, {`"99999999999999999999"`, 412},
		{`"1"`, 200}, {`"7", "2"`, 200}, {`, "5",, "3" ,`, 200}, {`W/"5", "4"`, 200}, {`*`, 200}, {"\"9\"\t,\t\"6\"", 200},
	} {
		var headers []header
		if c.value != "" {
			headers = []header{{"If-Match", c.value}}
		}
		a := h.ask(h.write, http.MethodPut, track, body, headers...)
		if a.Status != c.status {
			t.Errorf("If-Match: %s: %d, want %d: %s", c.value, a.Status, c.status, a.Body)
		}
		if a.Status >= 400 {
			mustBeProblem(t, c.value, a)
		}
	}
	if a := h.ask(h.write, http.MethodPut, track, body, header{"If-Match", `"1"`}, header{"If-Match", `"7"`}); a.Status != 200 {
		t.Errorf("two lines of If-Match: %d", a.Status)
	}
	for _, op := range apiOperations(h.server) {
		if o := op.Metadata["operation"].(operation); o.Matches {
			var valid any
			if takesJSON(op) {
				valid = own.validBody(op)
			}
			if a := h.ask(h.all, op.Method, own.fill(op.Path), valid); a.Status != 428 {
				t.Errorf("%s without If-Match: %d %s", op.OperationID, a.Status, a.Body)
			}
		}
	}
}

// TestAPIStaleTellsThePresent looks at what a 412 carries: exactly what a GET gives, and its ETag.
func TestAPIStaleTellsThePresent(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	asked := map[string]bool{}
	for _, op := range apiOperations(h.server) {
		o := op.Metadata["operation"].(operation)
		if !o.Matches {
			continue
		}
		asked[op.OperationID] = true
		var body any
		if takesJSON(op) {
			body = own.validBody(op)
		}
		token := h.all
		a := h.must(412, h.ask(token, op.Method, own.fill(op.Path), body, header{"If-Match", `"41"`}))
		mustBeProblem(t, op.OperationID, a)
		noun := own.fill(op.Path)
		for _, verb := range []string{"/slot", "/cancel", "/restore", "/rotate", "/erase", "/photo", "/request", "/times", "/accept", "/decline", "/withdraw", "/hold", "/note", "/send", "/discard", "/materials", "/materials/" + own.ids["material"],
			"/delegates/" + own.ids["person"] + "/replacement"} {
			if rest, ok := cutSuffix(noun, verb); ok {
				noun = rest
			}
		}
		now := h.must(200, h.ask(h.all, http.MethodGet, noun, nil))
		want := decode[map[string]any](t, now)
		delete(want, "conflicts") // follow from everything else: the one who lost the race asks for them
		got := decode[struct{ Current map[string]any }](t, a).Current
		if diff := cmp.Diff(want, got); diff != "" || a.Header.Get("Etag") != now.Header.Get("Etag") {
			t.Errorf("%s: ETag %s, want %s; current (-want +got):\n%s", op.OperationID, a.Header.Get("Etag"), now.Header.Get("Etag"), diff)
		}
	}
	if len(asked) != 47 {
		t.Errorf("%d operations need If-Match: %v", len(asked), asked)
	}
}

func cutSuffix(s, suffix string) (string, bool) {
	if len(s) > len(suffix) && s[len(s)-len(suffix):] == suffix {
		return s[:len(s)-len(suffix)], true
	}
	return s, false
}

func TestAPIIfNoneMatch(t *testing.T) {
	h := newHarness(t)
	own, _ := furnish(h)
	for _, op := range apiOperations(h.server) {
		if o := op.Metadata["operation"].(operation); !o.Revised || op.Method != http.MethodGet {
			continue
		}
		path := own.fill(op.Path)
		for value, status := range map[string]int{`"1"`: 304, `W/"1"`: 304, `"3", "1"`: 304, `*`: 304, `"2"`: 200, `nonsense`: 200} {
			a := h.ask(h.all, http.MethodGet, path, nil, header{"If-None-Match", value})
			if a.Status != status || a.Header.Get("Etag") != `"1"` || (a.Body == "") != (status == 304) {
				t.Errorf("%s, If-None-Match: %s: %d %q %q", path, value, a.Status, a.Header.Get("Etag"), a.Body)
			}
		}
	}
}

// TestAPISimultaneousMoves lets twenty people move one panel from the same revision.
func TestAPISimultaneousMoves(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		own, _ := furnish(h)
		path := own.fill("/api/v1/events/{event}/panels/{panel}")
		answers := make([]answer, 20)
		atOnce(len(answers), func(i int) {
			minute := strconv.Itoa(10 + i)
			answers[i] = h.ask(h.write, http.MethodPut, path+"/slot",
				`{"room":"`+own.ids["room"]+`","start":"2025-10-27T14:`+minute+`","end":"2025-10-27T15:`+minute+`"}`, header{"If-Match", `"1"`})
		})
		got := map[int]int{}
		for _, a := range answers {
			got[a.Status]++
			if a.Header.Get("Etag") != `"2"` {
				t.Errorf("%d with ETag %q", a.Status, a.Header.Get("Etag"))
			}
		}
		if diff := cmp.Diff(map[int]int{200: 1, 412: 19}, got); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
	})
}

// TestAPISimultaneousEdits mixes kinds of change: each revision is given to one of them only.
func TestAPISimultaneousEdits(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		own, _ := furnish(h)
		path := own.fill("/api/v1/events/{event}/panels/{panel}")
		var won atomic.Int32
		atOnce(12, func(i int) {
			var a answer
			switch i % 3 {
			case 0:
				a = h.ask(h.write, http.MethodPost, path+"/cancel", `{}`, header{"If-Match", `"1"`})
			case 1:
				a = h.ask(h.write, http.MethodPut, path, `{"format":"talk","title":{"en":"Edited"}}`, header{"If-Match", `"1"`})
			default:
				a = h.ask(h.write, http.MethodDelete, path+"/slot", nil, header{"If-Match", `"1"`})
			}
			if a.Status < 300 {
				won.Add(1)
			} else if a.Status != 412 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
		if won.Load() != 1 {
			t.Errorf("%d changes of one revision", won.Load())
		}
	})
}

// TestAPIMovesAreAllOrNothing swaps two panels, and then fails in each way that a list of moves can.
func TestAPIMovesAreAllOrNothing(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		own, foreign := furnish(h)
		event := own.fill("/api/v1/events/{event}")
		slot := func(hour string) string {
			return `{"room":"` + own.ids["room"] + `","start":"2025-10-27T` + hour + `:00","end":"2025-10-27T` + hour + `:30"}`
		}
		second := decode[struct{ ID string }](t, h.must(201, h.ask(h.write, http.MethodPost, event+"/panels",
			`{"format":"talk","title":{"en":"Second"},"slot":`+slot("15")+`}`))).ID
		move := func(panel, revision, slot string) string {
			return `{"panel":"` + panel + `","revision":` + revision + `,"slot":` + slot + `}`
		}
		moves := func(list string) answer {
			return h.ask(h.write, http.MethodPost, event+"/schedule", `{"moves":[`+list+`]}`)
		}
		a := h.must(200, moves(move(own.ids["panel"], "1", slot("15"))+","+move(second, "1", `{"room":"`+own.ids["room"]+`","start":"2025-10-27T09:00","end":"2025-10-27T10:00"}`)))
		for _, p := range decode[struct{ Panels []panelBody }](t, a).Panels {
			if p.Revision != 2 || len(p.Conflicts) != 0 {
				t.Errorf("after the swap %s has revision %d and %v", p.Code, p.Revision, p.Conflicts)
			}
		}
		before := h.everything()
		good := move(own.ids["panel"], "2", slot("16"))
		for what, c := range map[string]struct {
			list    string
			status  int
			pointer string
		}{
			"stale":           {good + "," + move(second, "1", slot("17")), 412, ""},
			"twice the same":  {good + "," + good, 422, "#/moves/1/panel"},
			"foreign panel":   {good + "," + move(foreign.ids["panel"], "1", slot("17")), 422, "#/moves/1/panel"},
			"foreign room":    {good + "," + move(second, "2", `{"room":"`+foreign.ids["room"]+`","start":"2025-10-27T17:00","end":"2025-10-27T18:00"}`), 422, "#/moves/1/slot/room"},
			"ends at start":   {good + "," + move(second, "2", `{"room":"`+own.ids["room"]+`","start":"2025-10-27T17:00","end":"2025-10-27T17:00"}`), 422, "#/moves/1/slot/end"},
			"not even a time": {good + "," + move(second, "2", `{"room":"`+own.ids["room"]+`","start":"noon","end":"2025-10-27T18:00"}`), 422, "#/moves/1/slot/start"},
			"no revision":     {good + `,{"panel":"` + second + `"}`, 422, "#/moves/1/revision"},
		} {
			a := moves(c.list)
			p := decode[Problem](t, a)
			if a.Status != c.status || c.pointer != "" && (len(p.Errors) != 1 || p.Errors[0].Pointer != c.pointer) {
				t.Errorf("%s: %d %s, want %d %s", what, a.Status, a.Body, c.status, c.pointer)
			}
			if what == "stale" && decode[struct{ Current panelBody }](t, a).Current.ID != second {
				t.Errorf("stale: current is not the stale panel: %s", a.Body)
			}
		}
		if diff := cmp.Diff(before, h.everything()); diff != "" {
			t.Errorf("what was refused changed something (-before +after):\n%s", diff)
		}
		h.must(200, moves(good+`,{"panel":"`+second+`","revision":2,"slot":null}`))
		if got := decode[panelBody](t, h.ask(h.read, http.MethodGet, event+"/panels/"+second, nil)); got.Slot != nil || got.Revision != 3 {
			t.Errorf("unscheduled: %+v", got)
		}
	})
}
