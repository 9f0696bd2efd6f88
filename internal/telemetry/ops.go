package telemetry

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof" // #nosec G108 -- what it adds to the default mux is served by nobody
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// maxScrapes is how many ask for the metrics at a time; each asks the database a question.
const maxScrapes = 3

// Handler answers operators: /metrics, /debug/pprof/, and /healthz and /readyz, which health answers. It shows the inside of the program to whoever asks, so it belongs on
// an address that only they reach, whose name is host.
func Handler(m *Meter, host string, health http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry,
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: maxScrapes, Timeout: 2 * watchPatience}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.Handle("GET /healthz", health)
	mux.Handle("GET /readyz", health)
	return hostOnly(host, mux)
}

// hostOnly refuses requests for a name that an attacker can have: a page that gives its own name this machine's address (DNS rebinding)
// makes browsers nearby read what is here. Numbers, names without a dot, and the name that was configured are none such.
func hostOnly(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Host
		if h, _, err := net.SplitHostPort(name); err == nil {
			name = h
		}
		name = strings.ToLower(strings.Trim(name, "[]"))
		_, err := netip.ParseAddr(name)
		if err != nil && strings.Contains(name, ".") && name != strings.ToLower(host) {
			http.Error(w, "Ask for the address by its number, or by the name that PLENARY_OPS_ADDR has.", http.StatusMisdirectedRequest)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// shared is what networks of providers use behind translation (RFC 6598), and private networks that are laid over others.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// CheckPrivate says why an address is no place for [Handler]: only this machine and private networks reach one that is.
func CheckPrivate(a netip.Addr) error {
	a = a.Unmap()
	if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || shared.Contains(a) {
		return nil
	}
	if a.IsUnspecified() {
		return fmt.Errorf("%s is every address of this machine, public ones too: name a private one", a)
	}
	return fmt.Errorf("%s is a public address: name a private one", a)
}

// NewServer gives a server for [Handler]. A profile takes as long as one asks for.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
}
