// Package otlptest is a collector of traces for tests: it takes what is sent to it by OTLP over HTTP, in protobuf
// (https://opentelemetry.io/docs/specs/otlp/), and gives it back. Tests import it and programs do not.
package otlptest

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	"google.golang.org/protobuf/proto"
)

// Span is one span that came.
type Span struct {
	Trace, ID, Parent string // hexadecimal; Parent is "" of a root
	Name              string
	Kind              string            // SPAN_KIND_SERVER and the like
	Failed            string            // why; "": it did not say that it failed
	About             map[string]string // its attributes
	Of                map[string]string // those of the program that it is of
}

// Collector takes traces until the test ends.
type Collector struct {
	URL string // of the receiver: OTEL_EXPORTER_OTLP_ENDPOINT

	mu    sync.Mutex
	spans []Span
	bytes []byte
	calls int
}

// New starts a Collector on an address of this machine.
func New(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &sent)
		}
		if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("the collector got %s %s, %s: %v", r.Method, r.URL.Path, r.Header.Get("Content-Type"), err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.take(body, &sent)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(s.Close)
	c.URL = s.URL
	return c
}

func (c *Collector) take(body []byte, sent *collector.ExportTraceServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	c.bytes = append(c.bytes, body...)
	for _, resource := range sent.GetResourceSpans() {
		of := textOf(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				one := Span{Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
					Name: s.GetName(), Kind: s.GetKind().String(), About: textOf(s.GetAttributes()), Of: of}
				if s.GetStatus().GetCode() == 2 { // STATUS_CODE_ERROR
					one.Failed = s.GetStatus().GetMessage()
				}
				c.spans = append(c.spans, one)
			}
		}
	}
}

func textOf(list []*common.KeyValue) map[string]string {
	text := map[string]string{}
	for _, a := range list {
		text[a.GetKey()] = a.GetValue().GetStringValue()
		if text[a.GetKey()] == "" {
			text[a.GetKey()] = a.GetValue().String()
		}
	}
	return text
}

// Spans gives what came so far, in that order: those that end first come first.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Bytes gives all that came so far, as it came.
func (c *Collector) Bytes() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.bytes)
}

// Calls says how often something came.
func (c *Collector) Calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}
