package server

import (
	options "flag" // the package has a function of that name
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

const racers = 8

// race is an Event in which several accept at once what only one can have.
type race struct {
	*harness
	url    string
	tokens [racers]string
	asking [racers]agenda.ID
	asked  [racers]agenda.ID
	shared agenda.ID // whom all want to meet, or who interprets for all, and is the only one who can
	tables [racers]agenda.ID
}

func newRace(t *testing.T, h *harness) *race {
	t.Helper()
	r := &race{harness: h}
	person := func(name string, interprets ...agenda.Pair) agenda.ID {
		p, _, err := h.app.CreatePerson(t.Context(), h.system(), forum, agenda.Person{Name: name, Interprets: interprets}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	r.shared = person("Minister Secret", agenda.NewPair("fr", "vi"))
	for i := range racers {
		r.asking[i], r.asked[i] = person(fmt.Sprint("Asking ", i)), person(fmt.Sprint("Asked ", i))
		room, _, err := h.app.CreateRoom(t.Context(), h.system(), forum, agenda.Room{Name: agenda.Text{"en": fmt.Sprint("Table ", i)}, Kind: agenda.RoomTable}, app.Once{})
		if err != nil {
			t.Fatal(err)
		}
		r.tables[i] = room.ID
		r.tokens[i] = h.newToken(forum, agenda.EventVerbs, nil) // each may ask 200 times
	}
	web := httptest.NewServer(h.server)
	t.Cleanup(web.Close)
	r.url = web.URL + "/api/v1/events/" + forum + "/meetings/"
	return r
}

// what is contested in a round.
var contested = []string{"person", "interpreter", "table", "interpreter who is found"}

// requested puts the requests of all rounds there, as if they had been asked for. Those of a round overlap.
func (r *race) requested(t *testing.T, rounds int) (ids [][racers]agenda.ID) {
	t.Helper()
	zone := r.event.Location()
	first, err := agenda.ParseMoment(zone, "2025-10-27T00:00")
	if err != nil {
		t.Fatal(err)
	}
	err = r.store.Write(t.Context(), func(tx *store.Tx) error {
		ids = make([][racers]agenda.ID, rounds)
		for round := range rounds {
			for i := range racers {
				start := first.At.Add(time.Duration(10*round+i%3) * time.Minute)
				m := agenda.Meeting{ID: r.newID(), EventID: r.event.ID, UID: string(r.newID()), Status: agenda.MeetingRequested, Visibility: agenda.VisibleToProtocol,
					Turn: agenda.Asked, Revision: 1, Times: []agenda.MeetingTime{{Start: agenda.MomentOf(zone, start), End: agenda.MomentOf(zone, start.Add(7*time.Minute))}}}
				side := func(person agenda.ID) agenda.Delegation {
					return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: person, Role: agenda.Principal, Answer: agenda.NeedsAction}}}
				}
				m.Sides = [2]agenda.Delegation{side(r.asking[i]), side(r.asked[i])}
				switch contested[round%len(contested)] {
				case "person":
					m.Sides[1] = side(r.shared)
				case "interpreter":
					m.Sides[1].Delegates = append(m.Sides[1].Delegates, agenda.Delegate{PersonID: r.shared, Role: agenda.DelegateInterpreter, Answer: agenda.NeedsAction})
				case "interpreter who is found":
					m.Sides[0].Languages, m.Sides[1].Languages = []string{"fr"}, []string{"vi"}
				}
				ids[round][i] = m.ID
				if err := tx.InsertMeeting(m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// accept accepts over the wire.
func (r *race) accept(round, i int, id agenda.ID) (int, string, error) {
	body := `{"time":0}`
	if contested[round%len(contested)] == "table" {
		body = `{"time":0,"room":"` + string(r.tables[0]) + `"}`
	}
	req, err := http.NewRequest(http.MethodPost, r.url+string(id)+"/accept", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+r.tokens[i])
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("If-Match", `"1"`)
	got, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = got.Body.Close() }()
	answer, err := io.ReadAll(got.Body)
	return got.StatusCode, string(answer), err
}

// raceRounds is how often [TestNobodyIsBookedTwice] lets them race: 200 is what a token may ask.
var raceRounds = options.Int("race-rounds", 30, "rounds of the race for one person, interpreter or table; 200 at most")

// TestNobodyIsBookedTwice lets eight accept at once what only one can have: a person, a table, or an interpreter, named or not.
func TestNobodyIsBookedTwice(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		rounds := *raceRounds
		if testing.Short() {
			rounds = 8
		}
		r := newRace(t, h)
		ids := r.requested(t, rounds)
		got := map[int]int{}
		for round := range rounds {
			var mu sync.Mutex
			won := 0
			atOnce(racers, func(i int) {
				status, body, err := r.accept(round, i, ids[round][i])
				mu.Lock()
				defer mu.Unlock()
				got[status]++
				if status == http.StatusOK {
					won++
				}
				if err != nil || status != http.StatusOK && !strings.Contains(body, `"code":"taken"`) {
					t.Errorf("round %d: %d %s %v", round, status, body, err)
				}
			})
			if won != 1 {
				t.Errorf("round %d, for one %s: %d winners", round, contested[round%len(contested)], won)
			}
		}
		if diff := cmp.Diff(map[int]int{200: rounds, 409: rounds * (racers - 1)}, got); diff != "" {
			t.Errorf("statuses (-want +got):\n%s", diff)
		}
		_, conflicts, err := r.app.Conflicts(t.Context(), r.system(), forum)
		if err != nil || len(conflicts) != 0 {
			t.Errorf("the event has conflicts: %v %v", conflicts, err)
		}
	})
}
