package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// newLimitedHarness is a harness that refuses who asks too often. The address is what the proxy says, which is the
// connection's in the tests.
func newLimitedHarness(t *testing.T) *harness {
	h := newHarness(t)
	h.server = h.reach(Options{LimitRates: true, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}})
	return h
}

// comingFrom names the address that asks.
func comingFrom(address string) header { return header{"X-Forwarded-For", address} }

// until asks until it is refused, and says how often it was not.
func (h *harness) until(most int, ask func() answer) (passed int, refused answer) {
	h.t.Helper()
	for ; passed < most; passed++ {
		if a := ask(); a.Status == http.StatusTooManyRequests {
			return passed, a
		}
	}
	return passed, answer{}
}

// Who asks too often waits as long as is said, and no longer.
func TestLimitsLetTimePass(t *testing.T) {
	sweep(t)
	h := newLimitedHarness(t)
	furnish(h)
	form := header{"Content-Type", "application/x-www-form-urlencoded"}
	for _, c := range []struct {
		name string
		allowance
		ask func() answer
	}{
		{"reading", reading, func() answer { return h.get("/"+forum+"/changes.json", comingFrom("198.51.100.1")) }},
		{"writing", writing, func() answer { return h.ask("", "POST", "/"+forum+"/starred", "", form, comingFrom("198.51.100.2")) }},
		{"writing by the API", writing, func() answer {
			return h.ask("", "POST", "/api/v1/events/"+forum+"/starred-feeds", "", comingFrom("198.51.100.3"))
		}},
		{"calling", calling, func() answer { return h.ask(h.read, "GET", "/api/v1/events/"+forum, nil, comingFrom("198.51.100.4")) }},
		{"guessing", guessing, func() answer { return h.ask("plenary_guess", "GET", "/api/v1/events", nil, comingFrom("198.51.100.5")) }},
	} {
		passed, refused := h.until(c.atOnce+10, c.ask)
		if passed != c.atOnce {
			t.Errorf("%s: %d pass, want %d", c.name, passed, c.atOnce)
		}
		wait, err := strconv.Atoi(refused.Header.Get("Retry-After"))
		if err != nil || wait != 1 || refused.Header.Get("Cache-Control") == "" || strings.HasPrefix(refused.Header.Get("Cache-Control"), "public") {
			t.Errorf("%s: %v", c.name, refused.Header)
		}
		if p := decode[Problem](t, refused); p.Code != agenda.TooMany || p.Status != 429 || !strings.Contains(p.Detail, "Retry-After") {
			t.Errorf("%s: %s", c.name, refused.Body)
		}
		h.pass(time.Duration(wait) * time.Second)
		if passed, _ = h.until(c.atOnce, c.ask); passed != int(c.perSecond) {
			t.Errorf("%s: %d pass after a second, want %v", c.name, passed, c.perSecond)
		}
		h.pass(time.Hour)
		if passed, _ = h.until(c.atOnce+10, c.ask); passed != c.atOnce {
			t.Errorf("%s: %d pass after an hour, want %d", c.name, passed, c.atOnce)
		}
	}
}

// One who floods harms nobody else: not who has another token, comes from elsewhere, or does something else.
func TestOneFloodHarmsNobodyElse(t *testing.T) {
	h := newLimitedHarness(t)
	furnish(h)
	at := comingFrom("198.51.100.1")
	read := func(token string) func() answer {
		return func() answer { return h.ask(token, "GET", "/api/v1/events/"+forum, nil, at) }
	}
	h.must(200, read(h.write)())
	h.until(calling.atOnce+1, read(h.read))
	h.until(guessing.atOnce+1, read("plenary_guess"))
	h.until(writing.atOnce+1, func() answer { return h.ask("", "POST", "/"+forum+"/starred", "", at) })
	if a := read(h.read)(); a.Status != 429 {
		t.Errorf("who floods gets %d", a.Status)
	}
	if a := read(h.write)(); a.Status != 200 {
		t.Errorf("another token that is known, of the same address, gets %d", a.Status)
	}
	fresh := h.newToken("", agenda.ReadVerbs, nil)
	if a := read(fresh)(); a.Status != 429 {
		t.Errorf("a token that may be a guess, of the same address, gets %d", a.Status)
	}
	if a := h.ask(fresh, "GET", "/api/v1/events/"+forum, nil, comingFrom("198.51.100.2")); a.Status != 200 {
		t.Errorf("it gets %d elsewhere", a.Status)
	}
	for _, path := range []string{"/" + forum + "/", "/" + forum + "/agenda.ics", "/static/" + styleName, "/healthz", "/readyz"} {
		if a := h.get(path, at); a.Status != 200 {
			t.Errorf("%s, of the same address, gets %d", path, a.Status)
		}
	}
	h.until(reading.atOnce+1, func() answer { return h.get("/nothing", at) })
	for path, want := range map[string]int{"/" + forum + "/": 429, "/static/" + styleName: 200, "/healthz": 200, "/readyz": 200} {
		if a := h.get(path, at); a.Status != want {
			t.Errorf("after a flood of readings %s gets %d, want %d", path, a.Status, want)
		}
	}
	// A token that is revoked is a guess from then on.
	revoked := h.newToken("", agenda.ReadVerbs, nil)
	ask := func() answer { return h.ask(revoked, "GET", "/api/v1/events", nil, comingFrom("198.51.100.3")) }
	h.must(200, ask())
	h.pass(time.Hour)
	if err := h.revoke(revoked); err != nil {
		t.Fatal(err)
	}
	if passed, _ := h.until(calling.atOnce, ask); passed != guessing.atOnce+1 {
		t.Errorf("a revoked token is tried %d times, want %d", passed, guessing.atOnce+1)
	}
}

// revoke revokes the token with that secret.
func (h *harness) revoke(secret string) error {
	actor, err := h.app.Authenticate(h.t.Context(), secret, "")
	if err != nil {
		return err
	}
	return h.app.RevokeToken(h.t.Context(), h.system(), "", actor.ID)
}

// A hall of three thousand behind one address opens the agenda within a minute: the page, its files, a calendar.
func TestAHallBehindOneAddressPasses(t *testing.T) {
	sweep(t)
	h := newLimitedHarness(t)
	furnish(h)
	at := comingFrom("198.51.100.1")
	for i := range 3000 {
		if i%50 == 0 {
			h.pass(time.Second)
		}
		for _, path := range []string{"/" + forum + "/", "/static/" + styleName, "/static/" + agendaStyleName, "/static/" + iconName, "/" + forum + "/agenda.ics"} {
			if a := h.get(path, at, header{"If-None-Match", "*"}); a.Status != http.StatusNotModified {
				t.Fatalf("phone %d gets %d for %s", i, a.Status, path)
			}
		}
	}
}

// A browser is told in its language.
func TestTooManySpeaksThreeLanguages(t *testing.T) {
	h := newLimitedHarness(t)
	at := comingFrom("2001:db8::1")
	h.until(reading.atOnce+1, func() answer { return h.get("/nothing", at) })
	for lang, words := range map[string]string{"en": "Please wait a moment", "fr": "<html lang=\"fr\"", "vi": "<html lang=\"vi\""} {
		a := h.get("/", at, header{"Accept", "text/html"}, header{"Accept-Language", lang})
		if a.Status != 429 || !strings.Contains(a.Body, words) || a.Header.Get("Retry-After") != "1" || a.Header.Get("Content-Language") != lang {
			t.Errorf("%s: %d %v %s", lang, a.Status, a.Header, a.Body)
		}
	}
	// The whole network of an IPv6 address is one who asks; the one beside it is another.
	for address, want := range map[string]int{"2001:db8::ffff:1": 429, "2001:db8:0:1::1": 404, "::ffff:198.51.100.1": 404} {
		if a := h.get("/nothing", comingFrom(address)); a.Status != want {
			t.Errorf("%s gets %d, want %d", address, a.Status, want)
		}
	}
}

// However many ask, no more than so many are remembered, and the clock may go backwards.
func TestLimitersStaySmall(t *testing.T) {
	var clock atomic.Int64
	l := newLimiter(writing, func() time.Time { return time.Unix(1_000_000+clock.Load(), 0) })
	for i := range 100_000 {
		if wait := l.take(app.Network(fmt.Sprintf("2001:db8:%x:%x::%x", i>>8, i&255, i&0xffff))); wait > 0 {
			t.Fatalf("a stranger waits %s", wait)
		}
	}
	if n := l.buckets.Len(); n != maxCounted {
		t.Errorf("%d are remembered, want %d", n, maxCounted)
	}
	for range writing.atOnce {
		l.take("one")
	}
	clock.Store(-3600)
	if wait := l.take("one"); wait <= 0 || wait > time.Second {
		t.Errorf("after the clock was put back one waits %s", wait)
	}
	clock.Store(1)
	if wait := l.take("one"); wait > 0 {
		t.Errorf("and then still %s", wait)
	}
}

func TestLimitersCountWhatComesAtOnce(t *testing.T) {
	l := newLimiter(guessing, func() time.Time { return time.Unix(0, 0) })
	var passed atomic.Int64
	atOnce(500, func(int) {
		if l.take("one") == 0 {
			passed.Add(1)
		}
	})
	if int(passed.Load()) != guessing.atOnce {
		t.Errorf("%d pass, want %d", passed.Load(), guessing.atOnce)
	}
}

func TestAddressKey(t *testing.T) {
	for address, want := range map[string]string{
		"198.51.100.7": "198.51.100.7", "::ffff:198.51.100.7": "198.51.100.7", "2001:db8::1": "2001:db8::/64", "2001:db8::ffff:ffff": "2001:db8::/64",
		"2001:db8:0:1::": "2001:db8:0:1::/64", "fe80::1%eth0": "fe80::/64", "": "", "garbage": "",
	} {
		if got := app.Network(address); got != want {
			t.Errorf("%q is counted as %q, want %q", address, got, want)
		}
	}
}

// The operator learns of a proxy that is not trusted, once; what strangers claim is no reason to say so.
func TestAProxyThatIsNotTrustedIsToldOfOnce(t *testing.T) {
	h := newHarness(t)
	var log bytes.Buffer
	h.server = h.reach(Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	for _, remote := range []string{"203.0.113.5:9", "127.0.0.1:9", "127.0.0.1:9", "10.0.0.1:9"} {
		r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		h.server.ServeHTTP(httptest.NewRecorder(), r)
		if want := remote[:3] != "203"; strings.Contains(log.String(), "PLENARY_TRUSTED_PROXIES") != want {
			t.Errorf("after %s the log says %q", remote, &log)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("it is told of %d times", n)
	}
}
