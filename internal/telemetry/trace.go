package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracing begins traces and sends them to a collector. Nil begins none.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// scope is what spans say that they are made by.
const scope = "plenary"

// TracingOptions are what a Tracing is given.
type TracingOptions struct {
	Version  string // of the program
	Log      *slog.Logger
	Endpoint string // of the collector, such as http://127.0.0.1:4318; "": where the environment says
}

// NewTracing begins to send traces by OTLP over HTTP. Where to, how many and how is told by OpenTelemetry's own variables
// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), which its library reads. That the collector does
// not answer is logged, once in a while, and holds up nothing.
func NewTracing(ctx context.Context, o TracingOptions) (*Tracing, error) {
	var to []otlptracehttp.Option
	if o.Endpoint != "" {
		to = append(to, otlptracehttp.WithEndpointURL(o.Endpoint+"/v1/traces"))
	}
	exporter, err := otlptracehttp.New(ctx, to...)
	if err != nil {
		return nil, err
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", scope), attribute.String("service.version", o.Version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	if o.Log != nil {
		complain(o.Log)
	}
	p := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return &Tracing{provider: p, tracer: p.Tracer(scope)}, nil
}

// complainEvery is how often it is said that traces can't be sent.
const complainEvery = time.Minute

// complain has the library's complaints logged. What it wants to say besides is left out: it repeats settings, which hold secrets.
func complain(log *slog.Logger) {
	var last atomic.Int64
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		now, before := time.Now().UnixNano(), last.Load()
		if now-before > int64(complainEvery) && last.CompareAndSwap(before, now) {
			log.Warn("traces can't be sent", "error", err)
		}
	}))
	otel.SetLogger(logr.FromSlogHandler(wordsOnly{log.Handler()}))
}

// wordsOnly logs messages without their attributes.
type wordsOnly struct{ slog.Handler }

func (h wordsOnly) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h wordsOnly) Handle(ctx context.Context, r slog.Record) error {
	return h.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "tracing: "+r.Message, 0))
}

func (h wordsOnly) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h wordsOnly) WithGroup(string) slog.Handler      { return h }

// Flush sends what has ended by now.
func (t *Tracing) Flush(ctx context.Context) error { return t.provider.ForceFlush(ctx) }

// Close sends what waits, as long as ctx lets it, and ends.
func (t *Tracing) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Span is a part of a trace. The zero Span is of none, and takes everything.
type Span struct{ span trace.Span }

// Request begins the span of a request, whose name is that of its route. Where the request is believed, it goes on with the trace that
// its traceparent names (W3C Trace Context); a stranger's would make whatever they like of ours.
func (t *Tracing) Request(r *http.Request, route string, believed bool) (context.Context, Span) {
	ctx := r.Context()
	if t == nil {
		return ctx, Span{}
	}
	if believed {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	method := knownMethod(r.Method)
	ctx, span := t.tracer.Start(ctx, method+" "+route, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route)))
	return ctx, Span{span}
}

// Begin begins a trace of something that nobody waits for.
func (t *Tracing) Begin(ctx context.Context, name string, about ...slog.Attr) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(attributes(about)...))
	return ctx, Span{span}
}

// Traced says whether what happens in ctx is part of a trace that is kept.
func Traced(ctx context.Context) bool { return trace.SpanFromContext(ctx).IsRecording() }

// Within begins a span within that of ctx; where there is none, it does nothing.
func Within(ctx context.Context, name string, about ...slog.Attr) (context.Context, Span) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, Span{}
	}
	ctx, span := parent.TracerProvider().Tracer(scope).Start(ctx, name, trace.WithAttributes(attributes(about)...))
	return ctx, Span{span}
}

// Past adds a span within that of ctx for what has ended just now and began at that time.
func Past(ctx context.Context, name string, began time.Time, about ...slog.Attr) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return
	}
	_, span := parent.TracerProvider().Tracer(scope).Start(ctx, name, trace.WithTimestamp(began), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attributes(about)...))
	span.End()
}

// Say adds to what is known of the span.
func (s Span) Say(about ...slog.Attr) {
	if s.span != nil {
		s.span.SetAttributes(attributes(about)...)
	}
}

// Fail says that it went wrong, in a word that the program has given: what an error says may hold anything.
func (s Span) Fail(word string) {
	if s.span != nil {
		s.span.SetStatus(codes.Error, word)
		s.span.SetAttributes(attribute.String("error.type", word))
	}
}

// End ends the span.
func (s Span) End() {
	if s.span != nil {
		s.span.End()
	}
}

func attributes(about []slog.Attr) []attribute.KeyValue {
	list := make([]attribute.KeyValue, 0, len(about))
	for _, a := range about {
		switch v := a.Value.Resolve(); v.Kind() {
		case slog.KindInt64:
			list = append(list, attribute.Int64(a.Key, v.Int64()))
		case slog.KindBool:
			list = append(list, attribute.Bool(a.Key, v.Bool()))
		default:
			list = append(list, attribute.String(a.Key, v.String()))
		}
	}
	return list
}

// LogTraces adds to each line of the log the trace that it is of (trace_id and span_id, as OpenTelemetry has them).
func LogTraces(to slog.Handler) slog.Handler { return tracedLog{to} }

type tracedLog struct{ slog.Handler }

func (h tracedLog) Handle(ctx context.Context, r slog.Record) error {
	if at := trace.SpanContextFromContext(ctx); at.IsValid() {
		r = r.Clone()
		r.AddAttrs(slog.String("trace_id", at.TraceID().String()), slog.String("span_id", at.SpanID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

func (h tracedLog) WithAttrs(a []slog.Attr) slog.Handler { return tracedLog{h.Handler.WithAttrs(a)} }
func (h tracedLog) WithGroup(n string) slog.Handler      { return tracedLog{h.Handler.WithGroup(n)} }
