package server

import (
	"context"
	goflag "flag"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

var writerRounds = goflag.Int("writer-rounds", 2, "how often each of the 50 writers of TestFiftyWriters writes")

// tally counts the statements that a store tells of.
type tally struct {
	slog.Handler
	n *atomic.Int64
}

func (c tally) Enabled(context.Context, slog.Level) bool { return true }

func (c tally) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "statement" || r.Message == "slow statement" {
		c.n.Add(1)
	}
	return nil
}

// counted gives the server on another store of the same database, which counts its statements.
func (h *harness) counted() (statements *atomic.Int64) {
	h.t.Helper()
	statements = new(atomic.Int64)
	s, err := store.Open(h.t.Context(), h.at, slog.New(tally{slog.DiscardHandler, statements}))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.t.Error(err)
		}
	})
	h.app = app.New(s, app.Options{Now: h.now, NewID: h.newID, Secret: h.newSecret, Code: h.newCode, Passwords: fastPasswords, CodeRounds: 1})
	h.server = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: slog.New(slog.DiscardHandler)})
	return statements
}

// mostOfMove is how many statements a move takes, the credential's included.
const mostOfMove = 18

// A move takes a number of statements that does not grow with the number of panels.
func TestMovingTakesAFewStatements(t *testing.T) {
	took := map[int]int64{}
	for _, n := range []int{20, 200} {
		h, panels := congress(t, n)
		statements := h.counted()
		for i := range 4 { // the first ones find nothing in memory
			statements.Store(0)
			if a := h.moveOf(panels[i/2], i); a.Status != http.StatusOK {
				t.Fatal(a.Body)
			}
		}
		took[n] = statements.Load()
	}
	if took[20] != took[200] || took[200] > mostOfMove {
		t.Errorf("a move takes %d statements of 20 panels, %d of 200: at most %d", took[20], took[200], mostOfMove)
	}
}

// A calendar that polls a private feed costs two queries, whether it has it already or not; and what it has is not made again.
func TestAPollOfAFeedIsTwoQueries(t *testing.T) {
	h, _ := congress(t, 20)
	ctx := context.Background()
	people, _, err := h.app.People(ctx, h.system(), "congress", app.PersonFilter{}, app.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := h.app.OpenFeed(ctx, h.system(), "congress", agenda.Feed{PersonID: people[0].ID}, app.Once{})
	if err != nil {
		t.Fatal(err)
	}
	statements := h.counted()
	first := h.ask("", http.MethodGet, "/feeds/"+secret+".ics", nil)
	if first.Status != http.StatusOK {
		t.Fatal(first.Status, first.Body)
	}
	for _, known := range []bool{true, false} {
		statements.Store(0)
		var headers []header
		if known {
			headers = append(headers, header{"If-None-Match", first.Header.Get("ETag")})
		}
		a := h.ask("", http.MethodGet, "/feeds/"+secret+".ics", nil, headers...)
		if known != (a.Status == http.StatusNotModified) || !known && a.Body != first.Body {
			t.Errorf("known %t: %d", known, a.Status)
		}
		if n := statements.Load(); n > 2 {
			t.Errorf("known %t: %d queries", known, n)
		}
	}
}

// Fifty write at once: each is answered, none finds the database busy.
func TestFiftyWriters(t *testing.T) {
	h, panels := congress(t, 100)
	var under sync.WaitGroup
	var done atomic.Int64
	for writer := range 50 {
		under.Go(func() {
			for round := range *writerRounds {
				p := panels[writer*2+round%2]
				body := fmt.Sprintf(`{"room":%q,"start":%q,"end":%q}`, p.Slot.RoomID, p.Slot.Start.At.Format("2006-01-02T15:04:05Z07:00"), p.Slot.End.At.Format("2006-01-02T15:04:05Z07:00"))
				a := h.ask(h.all, http.MethodPut, "/api/v1/events/congress/panels/"+string(p.ID)+"/slot", body, header{"If-Match", "*"})
				if a.Status != http.StatusOK {
					t.Errorf("writer %d: %d %s", writer, a.Status, a.Body)
					return
				}
				done.Add(1)
			}
		})
	}
	under.Wait()
	if n := done.Load(); n != int64(50**writerRounds) {
		t.Errorf("%d writes were answered", n)
	}
}
