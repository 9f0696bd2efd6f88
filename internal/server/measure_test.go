package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"plenary/internal/agenda"
	"plenary/internal/otlptest"
	"plenary/internal/telemetry"
)

// lookout sees what operators see.
type lookout struct {
	t         testing.TB
	meter     *telemetry.Meter
	tracing   *telemetry.Tracing
	collector *otlptest.Collector
}

func newLookout(t testing.TB) *lookout {
	l := &lookout{t: t, meter: telemetry.NewMeter(), collector: otlptest.New(t)}
	var err error
	if l.tracing, err = telemetry.NewTracing(t.Context(), telemetry.TracingOptions{Version: "1.2.3", Endpoint: l.collector.URL}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.tracing.Close(context.Background()) })
	return l
}

// metrics gives the metrics as Prometheus asks for them.
func (l *lookout) metrics() string {
	l.t.Helper()
	w := httptest.NewRecorder()
	telemetry.Handler(l.meter, "", http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/metrics", nil))
	if w.Code != http.StatusOK {
		l.t.Fatalf("/metrics: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// families parses the metrics.
func (l *lookout) families() map[string]*dto.MetricFamily {
	l.t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(l.metrics()))
	if err != nil {
		l.t.Fatal(err)
	}
	return families
}

// spans gives the spans that have ended.
func (l *lookout) spans() []otlptest.Span {
	l.t.Helper()
	if err := l.tracing.Flush(context.Background()); err != nil {
		l.t.Fatal(err)
	}
	return l.collector.Spans()
}

// hides fails the test where operators see one of the secrets, or nothing.
func (l *lookout) hides(secrets []string) {
	l.t.Helper()
	metrics, spans := l.metrics(), l.spans()
	for _, s := range secrets {
		if strings.Contains(metrics, s) || strings.Contains(metrics, url.QueryEscape(s)) {
			l.t.Errorf("the metrics show %q", s)
		}
		if strings.Contains(l.collector.Bytes(), s) || strings.Contains(l.collector.Bytes(), url.QueryEscape(s)) {
			l.t.Errorf("the traces show %q", s)
		}
	}
	if len(spans) < 10 || !strings.Contains(metrics, "plenary_http_requests_total{") {
		l.t.Errorf("the test looks at nothing: %d spans, %s", len(spans), metrics)
	}
}

// samples writes the values of a family as Prometheus does, sorted; of histograms the counts.
func samples(f *dto.MetricFamily) (lines []string) {
	for _, m := range f.GetMetric() {
		var labels []string
		for _, l := range m.GetLabel() {
			labels = append(labels, l.GetName()+"="+l.GetValue())
		}
		value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		lines = append(lines, fmt.Sprint(strings.Join(labels, " "), " ", value))
	}
	slices.Sort(lines)
	return lines
}

// What is asked for is what is counted: by route, method and class of status, and nothing else.
func TestMetricsOfRequests(t *testing.T) {
	s, l := newStage(t), newLookout(t)
	s.server = New(Options{App: s.app, BaseURL: base, Version: "1.2.3", Now: s.now, Meter: l.meter})
	s.must(200, s.get("/vidw-2025/agenda.json"))
	tag := s.must(200, s.get("/vidw-2025/agenda.json")).Header.Get("ETag")
	s.must(304, s.get("/vidw-2025/agenda.json", header{"If-None-Match", tag}))
	s.must(404, s.get("/none/agenda.json"))
	s.must(404, s.get("/none-2/agenda.json"))
	s.must(200, s.ask("", http.MethodHead, "/vidw-2025/agenda.json", nil))
	s.must(401, s.get("/api/v1/events/vidw-2025/rooms"))
	s.must(200, s.ask(s.read, http.MethodGet, "/api/v1/events/vidw-2025/rooms", nil))
	s.must(404, s.get("/no/such/place/at/all"))
	s.must(404, s.ask("", "BREW", "/no/such/place/at/all", nil))
	s.must(404, s.ask("", "PROPFIND", "/no/such/place/at/all", nil))
	s.must(405, s.ask("", http.MethodPut, "/vidw-2025/agenda.json", nil))
	s.server.meter.Route(http.MethodGet, "/:event/agenda.json").Count(200) // as prepared answers do
	families := l.families()
	if diff := cmp.Diff([]string{
		"method=GET route=(none) status=4xx 1",
		"method=GET route=/:event/agenda.json status=2xx 3",
		"method=GET route=/:event/agenda.json status=3xx 1",
		"method=GET route=/:event/agenda.json status=4xx 2",
		"method=GET route=/api/v1/events/:event/rooms status=2xx 1",
		"method=GET route=/api/v1/events/:event/rooms status=4xx 1",
		"method=HEAD route=/:event/agenda.json status=2xx 1",
		"method=PUT route=/:event/agenda.json status=4xx 1",
		"method=other route=(none) status=4xx 2",
	}, samples(families["plenary_http_requests_total"])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"method=GET route=(none) 1",
		"method=GET route=/:event/agenda.json 5",
		"method=GET route=/api/v1/events/:event/rooms 2",
		"method=HEAD route=/:event/agenda.json 1",
		"method=PUT route=/:event/agenda.json 1",
		"method=other route=(none) 2",
	}, samples(families["plenary_http_request_duration_seconds"])); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string][]string{
		"plenary_http_requests_in_flight": {" 0"}, "plenary_http_streams": {" 0"},
		"plenary_cache_hits_total": {"cache=bodies 3", "cache=parts 0"}, "plenary_cache_misses_total": {"cache=bodies 1", "cache=parts 0"},
		"plenary_cache_entries": {"cache=bodies 1", "cache=front 0", "cache=parts 0"}, "plenary_cache_evictions_total": {"cache=bodies 0", "cache=parts 0"},
		"plenary_cache_max_bytes": {"cache=bodies 6.7108864e+07", "cache=front 1.6777216e+07", "cache=parts 8.388608e+06"},
	} {
		if diff := cmp.Diff(want, samples(families[name])); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if n := families["plenary_cache_bytes"].GetMetric()[0].GetGauge().GetValue(); n < 1000 {
		t.Errorf("the cache has %v bytes", n)
	}
}

// A stream lasts as long as somebody looks, which says nothing of how quick the program is.
func TestStreamsAreNotTimed(t *testing.T) {
	s, l := newStage(t), newLookout(t)
	s.server = New(Options{App: s.app, BaseURL: base, Version: "1.2.3", Now: s.now, Meter: l.meter})
	_, cookie := s.newLogin("editor@example.org", false, forum, agenda.Editor)
	if a := s.get("/console/events/vidw-2025/timetable/stream", header{"Cookie", cookie}); a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatal(a)
	}
	families := l.families()
	if got := samples(families["plenary_http_requests_total"]); len(got) != 1 || !strings.HasSuffix(got[0], "timetable/stream status=2xx 1") {
		t.Errorf("counted %q", got)
	}
	if got := samples(families["plenary_http_request_duration_seconds"]); len(got) != 0 {
		t.Errorf("timed %q", got)
	}
}

// Whatever addresses, methods and hosts are invented, there are no more series than routes.
func TestMetricsDoNotGrowWithAddresses(t *testing.T) {
	h, l := newHarness(t), newLookout(t)
	h.server = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Meter: l.meter})
	series := func() (n int) {
		for _, f := range l.families() {
			n += len(f.GetMetric())
		}
		return n
	}
	shapes := []string{"/%s", "/feeds/%s.ics", "/x%s/agenda.json", "/a/b/c/d/%s", "/letters/%s", "/api/v1/%s", "/files/%s", "/x?%s=1", "//%s", "/%%2e%%2e/%s"}
	var after int
	for i := range 10_000 {
		// What is answered does not matter here, only what is counted.
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf(shapes[i%len(shapes)], fmt.Sprintf("%x", i*2654435761)), nil)
		if r.Method = http.MethodGet; i%7 == 0 {
			r.Method = fmt.Sprintf("M%d", i)
		}
		r.Host = fmt.Sprintf("h%d.example", i)
		h.server.ServeHTTP(httptest.NewRecorder(), r)
		if i == 200 {
			after = series()
		}
	}
	if now := series(); now != after || now > 60 {
		t.Errorf("there are %d series, %d after the first 200 requests", now, after)
	}
	if m := l.metrics(); strings.Contains(m, "h1.example") || strings.Contains(m, "M7") {
		t.Error("something that was invented is in the metrics")
	}
}

// One request is a tree: the request, its transactions, their statements. Nothing in it says what was asked for.
func TestATraceOfARequest(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		l := newLookout(t)
		h.server = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Meter: l.meter, Tracing: l.tracing,
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
		const trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
		ask := func(remote string) {
			r := httptest.NewRequest(http.MethodPost, "/api/v1/events/vidw-2025/rooms", strings.NewReader(`{"name":{"en":"Kanarienvogel"}}`))
			r.RemoteAddr = remote
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+h.write)
			r.Header.Set("traceparent", "00-"+trace+"-"+parent+"-01")
			if a := h.answerTo(r); a.Status != http.StatusCreated {
				t.Fatal(a)
			}
		}
		ask("10.0.0.7:1234")
		spans := l.spans()
		root := spans[len(spans)-1]
		if root.Trace != trace || root.Parent != parent || root.Name != "POST /api/v1/events/:event/rooms" || root.Kind != "SPAN_KIND_SERVER" || root.Failed != "" {
			t.Errorf("the request is %+v", root)
		}
		if diff := cmp.Diff(map[string]string{"http.request.method": "POST", "http.route": "/api/v1/events/:event/rooms", "http.response.status_code": "int_value:201",
			"plenary.request_id": root.About["plenary.request_id"]}, root.About); diff != "" {
			t.Error(diff)
		}
		if root.Of["service.name"] != "plenary" || root.Of["service.version"] != "1.2.3" {
			t.Errorf("it is of %v", root.Of)
		}
		written, statements := "", 0
		for _, s := range spans {
			if s.Trace != trace {
				t.Errorf("%s is of another trace", s.Name)
			}
			if s.Name == "write CreateRoom" && s.Parent == root.ID {
				written = s.ID
			}
		}
		for _, s := range spans {
			if s.Parent == written && s.Name == "INSERT" && strings.Contains(s.About["db.query.text"], "rooms") {
				statements++
			}
		}
		if written == "" || statements == 0 {
			t.Errorf("there is no insertion of a room in %+v", spans)
		}
		ask("192.0.2.7:1234") // nobody's proxy
		if spans = l.spans(); spans[len(spans)-1].Trace == trace || spans[len(spans)-1].Parent != "" {
			t.Errorf("a stranger's trace is gone on with: %+v", spans[len(spans)-1])
		}
		l.hides([]string{h.write, "Kanarienvogel", "vidw-2025", "Bearer"})
	})
}

// Neither metrics nor profiles are on the address that the world reaches.
func TestTheInsideIsNotPublic(t *testing.T) {
	h := newHarness(t)
	token := h.newToken("", agenda.Verbs, nil)
	_, cookie := h.newLogin("admin@example.org", true, "")
	for _, path := range []string{"/metrics", "/debug/pprof", "/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/profile?seconds=1", "/debug/pprof/cmdline", "/debug/vars", "/debug/pprof/trace", "//metrics", "/%6detrics"} {
		for _, who := range [][]header{nil, {{"Authorization", "Bearer " + token}}, {{"Cookie", cookie}}} {
			if a := h.get(path, who...); a.Status != http.StatusNotFound || strings.Contains(a.Body, "plenary_http") || strings.Contains(a.Body, "goroutine") {
				t.Errorf("%s: %d %.100s", path, a.Status, a.Body)
			}
		}
	}
}
