package telemetry

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/otlptest"
)

// asked asks for the metrics, or what else there is.
func asked(t *testing.T, m *Meter, path, host string) (int, string) {
	t.Helper()
	health := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("health of " + r.URL.Path)) })
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = host
	Handler(m, "ops.example", health).ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestCounts(t *testing.T) {
	m := NewMeter()
	r := m.Route(http.MethodGet, "/x")
	var under sync.WaitGroup
	for range 8 {
		under.Go(func() {
			for range 1000 {
				m.Route(http.MethodGet, "/x").Count(304)
				r.Count(200)
			}
		})
	}
	under.Wait()
	for _, status := range []int{0, 99, 600, 599} { // what is no status is our fault
		r.Count(status)
	}
	m.Route("get", "/x").Count(200)
	r.Took(3 * time.Millisecond)
	leave := m.Enter()
	j := m.Jobs("mail")
	j.Ended("mail", time.Second, nil)
	j.Ended("mail", time.Second, errors.New("no"))
	j.Ended("mail", time.Second, nil)
	m.Watch(func(_ context.Context, tell Tell) { tell("plenary_x", 7, "a\"b") }, Family{Name: "plenary_x", Help: "X.", Labels: []string{"l"}},
		Family{Name: "plenary_silent_total", Help: "Y.", Counts: true})
	_, said := asked(t, m, "/metrics", "127.0.0.1:9090")
	for _, line := range []string{
		`plenary_http_requests_total{method="GET",route="/x",status="2xx"} 8000`, `plenary_http_requests_total{method="GET",route="/x",status="3xx"} 8000`,
		`plenary_http_requests_total{method="GET",route="/x",status="5xx"} 4`, `plenary_http_requests_total{method="other",route="/x",status="2xx"} 1`,
		`plenary_http_request_duration_seconds_bucket{method="GET",route="/x",le="0.0025"} 0`, `plenary_http_request_duration_seconds_bucket{method="GET",route="/x",le="0.005"} 1`,
		`plenary_http_requests_in_flight 1`, `plenary_jobs_total{kind="mail",outcome="done"} 2`, `plenary_jobs_total{kind="mail",outcome="failed"} 1`,
		`plenary_job_duration_seconds_count{kind="mail"} 3`, `plenary_x{l="a\"b"} 7`,
	} {
		if !strings.Contains(said, line+"\n") {
			t.Errorf("there is no %s in\n%s", line, said)
		}
	}
	if strings.Contains(said, "plenary_silent") || strings.Contains(said, `duration_seconds_count{method="other"`) {
		t.Errorf("what nobody told is told:\n%s", said)
	}
	leave()
	if _, said = asked(t, m, "/metrics", "127.0.0.1"); !strings.Contains(said, "plenary_http_requests_in_flight 0\n") {
		t.Error("who has left is still there")
	}
}

func TestWhatOperatorsAsk(t *testing.T) {
	m := NewMeter()
	m.WatchProcess()
	for path, want := range map[string]string{"/metrics": "go_goroutines", "/debug/pprof/": "heap", "/debug/pprof/goroutine?debug=1": "goroutine profile",
		"/debug/pprof/heap?debug=1": "heap profile", "/healthz": "health of /healthz", "/readyz": "health of /readyz", "/debug/pprof/symbol": "num_symbols"} {
		if status, said := asked(t, m, path, "10.0.0.7:9090"); status != http.StatusOK || !strings.Contains(said, want) {
			t.Errorf("%s: %d %.200s", path, status, said)
		}
	}
	for _, path := range []string{"/", "/api/v1/events", "/debug/pprof/cmdline", "/console"} { // a command line may have a secret
		if status, said := asked(t, m, path, "127.0.0.1"); status != http.StatusNotFound {
			t.Errorf("%s: %d %.100s", path, status, said)
		}
	}
	// A page that gives its own name this machine's address can't read what is here.
	for host, want := range map[string]int{"127.0.0.1": 200, "127.0.0.1:9090": 200, "[::1]:9090": 200, "[::1]": 200, "localhost:9090": 200, "app1:9090": 200, "ops.example": 200,
		"OPS.example:9090": 200, "evil.example": 421, "evil.example:9090": 421, "127.0.0.1.evil.example": 421, "localhost.evil.example:80": 421, "x.ops.example": 421} {
		if status, _ := asked(t, m, "/metrics", host); status != want {
			t.Errorf("as %s: %d, want %d", host, status, want)
		}
	}
}

func TestCheckPrivate(t *testing.T) {
	for text, want := range map[string]bool{"127.0.0.1": true, "127.9.9.9": true, "::1": true, "10.0.0.7": true, "172.16.0.1": true, "192.168.1.1": true, "fd00:1::1": true,
		"fe80::1": true, "169.254.1.1": true, "100.64.1.1": true, "::ffff:10.0.0.1": true, "0.0.0.0": false, "::": false, "8.8.8.8": false, "100.128.0.1": false, "2001:db8::1": false,
		"172.32.0.1": false, "::ffff:8.8.8.8": false, "224.0.0.1": false} {
		if err := CheckPrivate(netip.MustParseAddr(text)); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTraces(t *testing.T) {
	collector := otlptest.New(t)
	tracing, err := NewTracing(t.Context(), TracingOptions{Version: "1", Endpoint: collector.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, root := tracing.Begin(t.Context(), "job mail", slog.Int("try", 2), slog.Bool("late", true))
	inner, span := Within(ctx, "read", slog.String("a", "b"))
	Past(inner, "SELECT", time.Now().Add(-time.Second))
	span.Fail("unavailable")
	span.End()
	var out bytes.Buffer
	log := slog.New(LogTraces(slog.NewTextHandler(&out, nil))).With("x", 1)
	log.InfoContext(inner, "traced")
	log.InfoContext(t.Context(), "not traced")
	root.End()
	if err := tracing.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	spans := collector.Spans()
	if len(spans) != 3 || collector.Calls() != 1 {
		t.Fatalf("%d spans came in %d calls", len(spans), collector.Calls())
	}
	statement, read, job := spans[0], spans[1], spans[2]
	if statement.Parent != read.ID || read.Parent != job.ID || job.Parent != "" || statement.Trace != job.Trace || read.Failed != "unavailable" || job.About["try"] != "int_value:2" || job.Of["service.name"] != "plenary" {
		t.Errorf("the spans are %+v", spans)
	}
	lines := strings.Split(out.String(), "\n")
	if !strings.Contains(lines[0], "trace_id="+job.Trace+" span_id="+read.ID) || strings.Contains(lines[1], "trace_id") {
		t.Errorf("the log says %s", out.String())
	}
}

// Who asks for no traces pays nothing for them.
func TestNothingIsTracedByItself(t *testing.T) {
	var none *Tracing
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	ctx, span := none.Request(r, "/", true)
	if ctx != r.Context() || Traced(ctx) {
		t.Error("a request is traced")
	}
	inner, part := Within(ctx, "x")
	if inner != ctx {
		t.Error("a part of nothing is traced")
	}
	for _, s := range []Span{span, part} {
		s.Say(slog.Int("x", 1))
		s.Fail("x")
		s.End()
	}
	Past(ctx, "x", time.Now())
	if n := testing.AllocsPerRun(100, func() {
		c, s := none.Request(r, "/", true)
		_, p := Within(c, "x")
		p.End()
		s.End()
	}); n > 0 {
		t.Errorf("it takes %v allocations", n)
	}
	if err := none.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// A collector that is away is complained of without what OpenTelemetry was told.
func TestComplaintsHoldNoSettings(t *testing.T) {
	var out bytes.Buffer
	h := wordsOnly{slog.NewTextHandler(&out, nil)}
	log := slog.New(h.WithAttrs([]slog.Attr{slog.String("header", "hunter2")}).WithGroup("hunter2"))
	log.Warn("parse headers", "input", "authorization=hunter2")
	log.Info("chatter")
	if said := out.String(); strings.Contains(said, "hunter2") || !strings.Contains(said, "parse headers") || strings.Contains(said, "chatter") {
		t.Error(said)
	}
}
