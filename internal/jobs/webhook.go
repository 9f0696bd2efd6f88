package jobs

import (
	"context"

	"plenary/internal/agenda"
)

// webhook makes one attempt at the delivery that a Job is about. Between the other side's answer and the note of it, the
// program may be killed: then it is told a second time, with the same identity.
func (w *Worker) webhook(tell func(context.Context, agenda.Parcel) agenda.Attempt) func(context.Context, agenda.Job) error {
	return func(ctx context.Context, j agenda.Job) error {
		parcel, err := w.app.OpenDelivery(ctx, j)
		if agenda.CodeOf(err) == agenda.NotFound {
			return w.app.DropDelivery(ctx, j)
		}
		if err != nil {
			return err // it is somebody's again when the lease ends
		}
		done := tell(ctx, parcel)
		w.log.InfoContext(ctx, "a webhook was told", "webhook", parcel.WebhookID, "delivery", parcel.ID, "kind", parcel.Kind,
			"status", done.Status, "ms", done.Took.Milliseconds(), "try", j.Tries)
		return w.app.KeepAttempt(ctx, j, done)
	}
}
