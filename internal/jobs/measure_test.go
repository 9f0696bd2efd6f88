package jobs

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/otlptest"
	"plenary/internal/telemetry"
)

// Operators see how many letters went and how many did not, and what each took, without whom they were to.
func TestJobsAreCountedAndTraced(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		meter, collector := telemetry.NewMeter(), otlptest.New(t)
		tracing, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{Endpoint: collector.URL})
		if err != nil {
			t.Fatal(err)
		}
		ids := o.send(4)
		w := New(Options{App: o.App, Pulse: time.Hour, Meter: meter, Tracing: tracing, Send: func(_ context.Context, p agenda.Post) error {
			if p.ID == ids[0] {
				return agenda.Errorf(agenda.Invalid, "The server refuses lan@example.org.")
			}
			return nil
		}})
		ctx, cancel := context.WithCancel(t.Context())
		var under sync.WaitGroup
		under.Go(func() { w.Run(ctx) })
		o.until(3, agenda.MailSent)
		o.until(1, agenda.MailFailed)
		cancel()
		under.Wait()
		if err := tracing.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		out := httptest.NewRecorder()
		telemetry.Handler(meter, "", http.NotFoundHandler()).ServeHTTP(out, httptest.NewRequest(http.MethodGet, "http://localhost/metrics", nil))
		for _, line := range []string{`plenary_jobs_total{kind="mail",outcome="done"} 3`, `plenary_jobs_total{kind="mail",outcome="failed"} 1`,
			`plenary_jobs_total{kind="webhook",outcome="failed"} 0`, `plenary_job_duration_seconds_count{kind="mail"} 4`} {
			if !strings.Contains(out.Body.String(), line+"\n") {
				t.Errorf("there is no %s in\n%s", line, out.Body)
			}
		}
		traces, parents, failed := map[string]bool{}, map[string]string{}, 0
		for _, s := range collector.Spans() {
			if s.Name == "job mail" {
				traces[s.Trace], parents[s.ID] = true, s.Trace
				if s.Parent != "" || s.About["plenary.job.kind"] != "mail" || s.About["plenary.job.id"] == "" || s.About["plenary.job.try"] != "int_value:1" {
					t.Errorf("a job is %+v", s)
				}
				if s.Failed == "invalid" {
					failed++
				}
			}
		}
		within := 0
		for _, s := range collector.Spans() {
			if s.Name == "write MailSent" && parents[s.Parent] == s.Trace {
				within++
			}
		}
		if len(traces) != 4 || failed != 1 || within != 3 {
			t.Errorf("%d traces, %d of them failed, %d end a letter: %+v", len(traces), failed, within, collector.Spans())
		}
		if strings.Contains(collector.Bytes(), "lan@example.org") || strings.Contains(out.Body.String(), "lan@") {
			t.Error("an address is in the traces or in the metrics")
		}
	})
}
