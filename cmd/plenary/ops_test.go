package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"plenary/internal/otlptest"
)

// service is `plenary serve` as a process of its own.
type service struct {
	base, ops string
	process   *exec.Cmd
	log       *heard
}

// startService starts the program on that database, and waits until it answers the world and operators.
func startService(t *testing.T, database string, env ...string) *service {
	t.Helper()
	s := &service{process: exec.Command(os.Args[0], "serve"), log: new(heard)}
	s.process.Env = append([]string{asProgram, "PLENARY_ADDR=127.0.0.1:0", "PLENARY_OPS_ADDR=127.0.0.1:0", "PLENARY_DATABASE=" + database}, env...)
	s.process.Stderr = s.log
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.process.Process.Kill() })
	base, ops := regexp.MustCompile(`base_url=(\S+)`), regexp.MustCompile(`operators are answered" address=(\S+)`)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		said := s.log.String()
		if b, o := base.FindStringSubmatch(said), ops.FindStringSubmatch(said); b != nil && o != nil {
			s.base, s.ops = b[1], "http://"+o[1]
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("it does not begin:\n%s", said)
		}
	}
}

// stop ends it as an init system does.
func (s *service) stop(t *testing.T) {
	t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Fatalf("it did not end well: %v\n%s", err, s.log)
	}
}

// Operators have an address of their own; the names there are what dashboards and alerts are made with.
func TestOperatorsAreAnsweredInPrivate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		s := startService(t, url)
		get(t, s.base+"/readyz")
		resp, body := get(t, s.ops+"/metrics")
		parser := expfmt.NewTextParser(model.LegacyValidation)
		families, err := parser.TextToMetricFamilies(strings.NewReader(body))
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp.Status, err)
		}
		var names []string
		for name := range families {
			if strings.HasPrefix(name, "plenary_") {
				names = append(names, name)
			}
		}
		want := strings.Fields(`plenary_build_info plenary_cache_bytes plenary_cache_entries plenary_cache_evictions_total plenary_cache_hits_total plenary_cache_max_bytes
 plenary_cache_misses_total plenary_database_pool_connections plenary_database_pool_max_connections plenary_database_pool_wait_seconds_total plenary_database_pool_waits_total
 plenary_database_schema_version plenary_database_up plenary_database_write_retries_total plenary_http_request_duration_seconds plenary_http_requests_in_flight plenary_http_requests_total
 plenary_http_streams plenary_jobs_total plenary_outbox_jobs plenary_outbox_oldest_due_seconds`)
		if !strings.Contains(url, "://") {
			want = append(want, "plenary_database_size_bytes", "plenary_database_wal_size_bytes")
		}
		slices.Sort(names)
		slices.Sort(want)
		if diff := cmp.Diff(want, names); diff != "" {
			t.Error(diff)
		}
		for _, name := range append(names, "plenary_job_duration_seconds") {
			if !strings.Contains(operations(t), "`"+name+"`") {
				t.Errorf("docs/operations.md does not explain %s", name)
			}
		}
		for _, line := range []string{"plenary_database_up 1\n", "plenary_outbox_jobs{kind=\"mail\",state=\"due\"} 0\n", "go_goroutines ", "process_open_fds ", "go_build_info{",
			`plenary_http_requests_total{method="GET",route="/readyz",status="2xx"} 1` + "\n"} {
			if !strings.Contains(body, line) {
				t.Errorf("there is no %s in\n%s", line, body)
			}
		}
		for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n", "/debug/pprof/goroutine?debug=2": "plenary.serve("} {
			if resp, body := get(t, s.ops+path); resp.StatusCode != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%s: %s %.200s", path, resp.Status, body)
			}
		}
		for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/goroutine?debug=2"} {
			if resp, body := get(t, s.base+path); resp.StatusCode != http.StatusNotFound || strings.Contains(body, "goroutine") {
				t.Errorf("the world gets %s: %s", path, resp.Status)
			}
		}
		for _, path := range []string{"/", "/console", "/api/v1/events"} {
			if resp, _ := get(t, s.ops+path); resp.StatusCode != http.StatusNotFound {
				t.Errorf("operators get %s: %s", path, resp.Status)
			}
		}
		s.stop(t)
	})
}

// Strangers must not reach that address, whatever is asked for.
func TestOperatorsAddressIsPrivate(t *testing.T) {
	for _, c := range []struct{ value, says string }{{"0.0.0.0:9090", "every address"}, {":9090", "private address and a port"}, {"[::]:9090", "every address"}, {"8.8.8.8:9090", "public"},
		{"[2001:db8::1]:9090", "public"}, {"127.0.0.1", "private address and a port"}, {"9090", "private address and a port"}} {
		if _, err := readConfig([]string{"PLENARY_OPS_ADDR=" + c.value}); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "PLENARY_OPS_ADDR") {
			t.Errorf("%s: %v", c.value, err)
		}
	}
	for _, value := range []string{"127.0.0.1:9090", "[::1]:9090", "10.0.0.7:9090", "localhost:9090", "app1:9090"} {
		if c, err := readConfig([]string{"PLENARY_OPS_ADDR=" + value}); err != nil || c.Ops != value {
			t.Errorf("%s: %v", value, err)
		}
	}
	l, err := listenPrivately(t.Context(), "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		t.Errorf("it listens on %s", l.Addr())
	}
}

func TestTracesAreAskedForByTheEnvironment(t *testing.T) {
	const to = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318"
	for _, c := range []struct {
		env  []string
		want bool
	}{{nil, false}, {[]string{to}, true}, {[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://x/v1/traces"}, true}, {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT="}, false},
		{[]string{to, "OTEL_SDK_DISABLED=true"}, false}, {[]string{"OTEL_TRACES_EXPORTER=none", to}, false}, {[]string{to, "OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"}, true},
		{[]string{"OTEL_SERVICE_NAME=x", "OTEL_SOMETHING_ELSE=x"}, false}} {
		if got, err := readConfig(c.env); err != nil || got.Traces != c.want {
			t.Errorf("%v: %t, %v", c.env, got.Traces, err)
		}
	}
	for _, line := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json", "OTEL_TRACES_EXPORTER=zipkin"} {
		if _, err := readConfig([]string{to, line}); err == nil || !strings.Contains(err.Error(), strings.SplitN(line, "=", 2)[0]) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// By itself the program has no tracer running and speaks to no collector; told to, it sends what a request was, and what its worker does.
func TestTracesOfTheProgram(t *testing.T) {
	t.Parallel()
	collector := otlptest.New(t)
	listener, err := net.Listen("tcp", "127.0.0.1:4318") // where the library would look by itself
	dialled := make(chan string, 10)
	if err == nil {
		t.Cleanup(func() { listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				line, _ := bufio.NewReader(conn).ReadString('\n')
				dialled <- line
				conn.Close()
			}
		}()
	}
	database := migrated.File(t)
	token := strings.TrimSpace(succeed(t, []string{"PLENARY_DATABASE=" + database}, "token", "create", "--name", "x"))
	for _, on := range []bool{false, true} {
		var env []string
		if on {
			env = []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL, "OTEL_SERVICE_NAME=plenary-test", "OTEL_EXPORTER_OTLP_HEADERS=authorization=hunter2"}
		}
		s := startService(t, database, env...)
		req, err := http.NewRequest(http.MethodGet, s.base+"/api/v1/events?limit=3", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s %s", resp.Status, answer)
		}
		_, stacks := get(t, s.ops+"/debug/pprof/goroutine?debug=2")
		if strings.Contains(stacks, "opentelemetry") != on {
			t.Errorf("traced %t, and OpenTelemetry runs %t", on, !on)
		}
		s.stop(t)
		if traced := strings.Contains(s.log.String(), "trace_id="); traced != on || strings.Contains(s.log.String(), "hunter2") {
			t.Errorf("traced %t, and the log is\n%s", on, s.log)
		}
		if !on {
			continue
		}
		for _, span := range collector.Spans() {
			if span.Name == "GET /api/v1/events" && !strings.Contains(s.log.String(), "trace_id="+span.Trace+" span_id="+span.ID) {
				t.Errorf("the log does not know the request's trace:\n%s", s.log)
			}
		}
	}
	if len(dialled) > 0 {
		t.Errorf("it spoke to a collector that nobody named: %s", <-dialled)
	}
	names := map[string]bool{}
	for _, s := range collector.Spans() {
		names[s.Name] = true
		if s.Of["service.name"] != "plenary-test" || s.Of["process.command_args"] != "" {
			t.Errorf("it says of itself %v", s.Of)
		}
	}
	if !names["GET /api/v1/events"] || !names["read Events"] || !names["SELECT"] || strings.Contains(collector.Bytes(), token) {
		t.Errorf("the spans are %v", names)
	}
}

// A profile that somebody takes does not keep the program from ending.
func TestAProfileDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	s := startService(t, filepath.Join(t.TempDir(), "plenary.db"))
	begun := make(chan struct{})
	go func() {
		req, _ := http.NewRequest(http.MethodGet, s.ops+"/debug/pprof/profile?seconds=60", nil)
		close(begun)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
	<-begun
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	if s.stop(t); time.Since(began) > 20*time.Second {
		t.Errorf("it took %s", time.Since(began))
	}
}
