package server

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// The log as a table: with the filters of the list, for those only who may read it, as far as they may, and nothing in it is a
// formula.
func TestTheLogAsATable(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		at := "/api/v1/events/" + forum
		h.must(201, h.ask(h.write, http.MethodPost, at+"/rooms", `{"name":{"en":"=1+1"}}`))
		h.pass(time.Hour)
		person := decode[struct{ ID string }](t, h.must(201, h.ask(h.write, http.MethodPost, at+"/people", `{"name":"Lan Anh","email":"lan@example.org"}`))).ID
		h.pass(time.Hour)
		h.must(403, h.ask(h.read, http.MethodDelete, at+"/people/"+person, nil, whatever))
		rows := func(token, query string) [][]string {
			t.Helper()
			a := h.must(200, h.ask(token, http.MethodGet, at+"/activity.csv"+query, nil))
			if a.Header.Get("Content-Type") != "text/csv; charset=utf-8" || a.Header.Get("Content-Disposition") != `attachment; filename="`+forum+`-activity.csv"` || !strings.HasPrefix(a.Body, "\ufeffat,") {
				t.Errorf("%v: %.40q", a.Header, a.Body)
			}
			table, err := csv.NewReader(strings.NewReader(a.Body)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range table {
				for _, cell := range row {
					if strings.HasPrefix(cell, "=") {
						t.Errorf("a cell is %q", cell)
					}
				}
			}
			return table[1:]
		}
		from, to := "from=2025-10-01T09:00:00Z", "to=2025-10-01T16:30:00%2B07:00"
		for query, want := range map[string]string{"?verb=room": "room.create", "?verb=person.create": "person.create", "?outcome=refused": "access.refused",
			"?subject=" + person: "person.create", "?" + from + "&" + to: "person.create", "?" + from: "access.refused person.create", "?verb=roo": ""} {
			var verbs []string
			for _, row := range rows(h.write, query) {
				verbs = append(verbs, row[2])
			}
			if got := strings.Join(verbs, " "); got != want {
				t.Errorf("%s gives %q, want %q", query, got, want)
			}
		}
		bare := h.newToken(forum, []agenda.Verb{agenda.SeeEvent, agenda.ReadActivity}, nil)
		for token, sees := range map[string]bool{h.write: true, bare: false} {
			row := strings.Join(rows(token, "?verb=person.create")[0], ";")
			if strings.Contains(row, "Lan Anh") != sees || strings.Contains(row, "lan@example.org") != sees {
				t.Errorf("the row is %s", row)
			}
		}
		h.must(403, h.ask(h.newToken(forum, []agenda.Verb{agenda.SeeEvent}, nil), http.MethodGet, at+"/activity.csv", nil))
		h.must(422, h.ask(h.write, http.MethodGet, at+"/activity.csv?outcome=lost", nil))
	})
}
