package telemetry

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Meter counts and measures what the program does. It is safe for concurrent use.
type Meter struct {
	registry *prometheus.Registry
	routes   sync.Map // of *Route by routeKey
	answers  *prometheus.Desc
	took     *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

// durations are the upper bounds of what is told apart of requests and jobs, in seconds.
var durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// NewMeter makes a Meter that knows nothing yet.
func NewMeter() *Meter {
	m := &Meter{registry: prometheus.NewRegistry(),
		answers: prometheus.NewDesc("plenary_http_requests_total", "Requests that were answered, by the class of their status.", []string{"method", "route", "status"}, nil),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "plenary_http_request_duration_seconds", Buckets: durations,
			Help: "How long requests took, but for prepared answers and for streams."}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "plenary_http_requests_in_flight",
			Help: "Requests under way, streams included, but for prepared answers."}),
	}
	m.registry.MustRegister(m, m.took, m.inFlight)
	return m
}

// WatchProcess adds what Go and the operating system say of the process. It is called once.
func (m *Meter) WatchProcess() {
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
}

type routeKey struct{ method, pattern string }

// Route counts the requests of one method to one route. It is safe for concurrent use, and never ends.
type Route struct {
	answered [6]atomic.Uint64 // by the first digit of the status
	key      routeKey
	vec      *prometheus.HistogramVec
	once     sync.Once
	took     prometheus.Observer // nil until something took its time
}

// Route gives what counts requests of that method to the route of that pattern. The pattern is one that the program has
// given itself, never an address. Whoever answers often keeps it.
func (m *Meter) Route(method, pattern string) *Route {
	key := routeKey{knownMethod(method), pattern}
	if r, ok := m.routes.Load(key); ok {
		return r.(*Route)
	}
	r, _ := m.routes.LoadOrStore(key, &Route{key: key, vec: m.took})
	return r.(*Route)
}

// knownMethod keeps what clients invent from becoming a label.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// Count counts an answer with that status, by one atomic addition. It is all that prepared answers do: to measure how long they
// take would take longer than they do.
func (r *Route) Count(status int) {
	class := status / 100
	if class < 1 || class > 5 {
		class = 5
	}
	r.answered[class].Add(1)
}

// Took notes how long an answer took.
func (r *Route) Took(d time.Duration) {
	r.once.Do(func() { r.took = r.vec.WithLabelValues(r.key.method, r.key.pattern) })
	r.took.Observe(d.Seconds())
}

// Enter notes that a request has begun; the function that it gives, that it has ended.
func (m *Meter) Enter() (leave func()) {
	m.inFlight.Inc()
	return m.inFlight.Dec
}

// Describe tells Prometheus of the counts of the routes.
func (m *Meter) Describe(to chan<- *prometheus.Desc) { to <- m.answers }

// classes name the first digits of statuses.
var classes = [...]string{1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}

// Collect gives Prometheus the counts of the routes.
func (m *Meter) Collect(to chan<- prometheus.Metric) {
	m.routes.Range(func(_, v any) bool {
		r := v.(*Route)
		for class := 1; class < len(classes); class++ {
			if n := r.answered[class].Load(); n > 0 {
				to <- prometheus.MustNewConstMetric(m.answers, prometheus.CounterValue, float64(n), r.key.method, r.key.pattern, classes[class])
			}
		}
		return true
	})
}

// Jobs counts what is done of one sort of work.
type Jobs struct {
	count *prometheus.CounterVec
	took  *prometheus.HistogramVec
}

// The outcomes of a job.
const (
	done   = "done"
	failed = "failed"
)

// Jobs gives what counts jobs of these kinds. It is called once.
func (m *Meter) Jobs(kinds ...string) *Jobs {
	j := &Jobs{
		count: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "plenary_jobs_total", Help: "Attempts at jobs of the outbox that ended, by how."}, []string{"kind", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "plenary_job_duration_seconds", Buckets: durations,
			Help: "How long attempts at jobs took."}, []string{"kind"}),
	}
	m.registry.MustRegister(j.count, j.took)
	for _, kind := range kinds { // so that the first failure is seen as a change
		j.count.WithLabelValues(kind, done)
		j.count.WithLabelValues(kind, failed)
	}
	return j
}

// Ended counts an attempt at a job.
func (j *Jobs) Ended(kind string, took time.Duration, err error) {
	outcome := done
	if err != nil {
		outcome = failed
	}
	j.count.WithLabelValues(kind, outcome).Inc()
	j.took.WithLabelValues(kind).Observe(took.Seconds())
}
