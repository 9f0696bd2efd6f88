package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Family is a metric whose values are looked up when somebody asks for them.
type Family struct {
	Name   string // with its unit: plenary_cache_bytes; of a counter with _total
	Help   string // a sentence
	Counts bool   // it only grows, and begins anew with the program
	Labels []string
}

// Tell gives one value of a Family, with a value for each of its labels.
type Tell func(family string, value float64, labels ...string)

// watchPatience is how long looking may take. What was not told by then is left out.
const watchPatience = 5 * time.Second

// watched are Families that are looked up together.
type watched struct {
	look  func(context.Context, Tell)
	kinds map[string]prometheus.ValueType
	descs map[string]*prometheus.Desc
}

// Watch has look called whenever somebody asks for the metrics. It tells values of these Families, of others it must not, and no
// two with the same labels. What it can't find out it leaves out.
func (m *Meter) Watch(look func(context.Context, Tell), families ...Family) {
	w := &watched{look: look, kinds: map[string]prometheus.ValueType{}, descs: map[string]*prometheus.Desc{}}
	for _, f := range families {
		w.kinds[f.Name] = prometheus.GaugeValue
		if f.Counts {
			w.kinds[f.Name] = prometheus.CounterValue
		}
		w.descs[f.Name] = prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
	}
	m.registry.MustRegister(w)
}

// Describe tells Prometheus of the Families.
func (w *watched) Describe(to chan<- *prometheus.Desc) {
	for _, d := range w.descs {
		to <- d
	}
}

// Collect gives Prometheus what look tells.
func (w *watched) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), watchPatience)
	defer cancel()
	w.look(ctx, func(family string, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(w.descs[family], w.kinds[family], value, labels...)
	})
}
