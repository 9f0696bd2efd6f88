package server

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// Options of addresses make as many answers as somebody cares to invent. None of them pushes out what everybody reads.
func TestInventedPartsPushOutNothing(t *testing.T) {
	sweep(t)
	s := newStage(t)
	at := "/" + forum
	s.must(200, s.get(at+"/"))
	before := len(s.server.bodies.entries)
	for i := range 20 {
		s.pass(time.Minute)
		for _, target := range []string{
			fmt.Sprintf("/lobby?every=%d", 5+i), fmt.Sprintf("/rooms/%s/door?zones=Etc/GMT-%d", s.hall, i%14), "/screen.json?langs=vi,en&room=" + string(s.hall),
			"/embed?theme=dark&rooms=" + string(s.hall), "/embedding?days=2025-10-27", "/print", "/rooms/" + string(s.hall) + "/sheet?day=2025-10-27",
			"/agenda.json?day=2025-10-27&room=" + string(s.hall), fmt.Sprintf("/?q=%d", i),
		} {
			s.must(200, s.get(at+target))
		}
	}
	if after := len(s.server.bodies.entries); after != before {
		t.Errorf("%d bodies where there were %d", after, before)
	}
	if n := len(s.server.parts.entries); n == 0 || s.server.parts.max > s.server.bodies.max/4 {
		t.Errorf("%d parts, of which %d bytes are kept", n, s.server.parts.max)
	}
}

// What is made for one who asks costs something, so nobody gets it as often as what is there already.
func TestMakingIsCounted(t *testing.T) {
	sweep(t)
	s := newStage(t)
	s.server = s.reach(Options{LimitRates: true})
	refused := func(target string) int {
		for i := range making.atOnce + 1 {
			if a := s.get(fmt.Sprintf("/%s/%s%d", forum, target, i)); a.Status == http.StatusTooManyRequests && a.Header.Get("Retry-After") != "" {
				return i
			}
		}
		return -1
	}
	if n := refused("?q="); n != making.atOnce {
		t.Errorf("refused after %d searches, want %d", n, making.atOnce)
	}
	s.must(200, s.get("/"+forum+"/"))
	s.pass(time.Hour)
	for range making.atOnce + 1 {
		s.must(200, s.get("/"+forum+"/embed?theme=dark")) // it is there
	}
}

// Who reads a room's page types "/door" after its address, whichever of both it has.
func TestTheScreensOfARoomByItsShortName(t *testing.T) {
	s := newStage(t)
	for _, at := range []string{"rooms/1/door", "rooms/1/sheet", "screen.json?room=1"} {
		long := s.must(200, s.get("/"+forum+"/"+strings.Replace(strings.Replace(at, "rooms/1", "rooms/"+string(s.hall), 1), "room=1", "room="+string(s.hall), 1)))
		if short := s.must(200, s.get("/"+forum+"/"+at)); short.Body != long.Body {
			t.Errorf("%s is another", at)
		}
	}
	s.must(404, s.get("/"+forum+"/rooms/99/door"))
	s.must(404, s.get("/"+forum+"/screen.json?room=99"))
}

// What is printed is also looked at on a screen before: no style of the agenda hides it.
func TestPaperIsSeenOnScreens(t *testing.T) {
	s := newStage(t)
	if sheet := s.must(200, s.get("/static/agenda.css")).Body; strings.Contains(sheet, ".paper{") {
		t.Error("the styles of the agenda are about the paper of others")
	}
}

// What a Release takes the place of is not kept beside it, whatever it was: only the addresses of single Releases are as many as these.
func TestAReleaseTakesThePlacesOfTheOneBefore(t *testing.T) {
	sweep(t)
	s := newStage(t)
	addresses := append(s.publicAddresses(), slices.Collect(maps.Values(s.pageAddresses()))...)
	ask := func() (places, held int) {
		for _, path := range addresses {
			s.get(path, header{"Accept-Encoding", "gzip"})
		}
		for _, c := range []*bodyCache{s.server.bodies, s.server.parts} {
			c.mu.Lock()
			places, held = places+len(c.entries), held+c.bytes
			c.mu.Unlock()
		}
		return places, held
	}
	places, held := ask()
	for i := range 3 {
		s.pass(3 * time.Minute)
		s.republish()
		again, now := ask()
		if again != places || now > held+held/3 {
			t.Fatalf("after %d releases more, %d bodies of %d bytes are kept; there were %d of %d", i+1, again, now, places, held)
		}
	}
	if places < 80 {
		t.Errorf("only %d bodies were kept", places)
	}
}
