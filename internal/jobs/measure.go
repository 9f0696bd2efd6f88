package jobs

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/telemetry"
)

// watch lets Jobs be counted and traced.
func (w *Worker) watch(o Options) {
	meter := o.Meter
	if meter == nil {
		meter = telemetry.NewMeter()
	}
	kinds := make([]string, len(agenda.JobKinds))
	for i, k := range agenda.JobKinds {
		kinds[i] = string(k)
	}
	w.tally, w.tracing = meter.Jobs(kinds...), o.Tracing
}

// measure begins the trace of a Job; what it gives counts the Job when it has ended. What went wrong is told by its code: words may repeat an
// address.
func (w *Worker) measure(ctx context.Context, j agenda.Job) (context.Context, func(error)) {
	began := time.Now()
	ctx, span := w.tracing.Begin(ctx, "job "+string(j.Kind), slog.String("plenary.job.kind", string(j.Kind)), slog.String("plenary.job.id", string(j.ID)),
		slog.Int("plenary.job.try", j.Tries))
	return ctx, func(err error) {
		w.tally.Ended(string(j.Kind), time.Since(began), err)
		if err != nil {
			span.Fail(string(cmp.Or(agenda.CodeOf(err), agenda.Internal)))
		}
		span.End()
	}
}
