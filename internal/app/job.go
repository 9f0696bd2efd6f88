package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// leased is how long a Job is somebody's. Who is killed meanwhile leaves it to others afterwards.
const leased = 2 * time.Minute

// enqueue puts a Job into the outbox, with the change that asks for it, and wakes the worker once that is committed.
func (a *App) enqueue(tx *store.Tx, j agenda.Job) error {
	tx.AfterCommit(a.wake)
	return a.lay(tx, j)
}

// lay puts a Job into the outbox and wakes nobody. It is due at once unless it says otherwise.
func (a *App) lay(tx *store.Tx, j agenda.Job) error {
	j.ID, j.Created = a.newID(), a.moment()
	if j.Due.IsZero() {
		j.Due = j.Created
	}
	return tx.AddJob(j)
}

// wake rings the worker's bell.
func (a *App) wake() { ring(a.work) }

// Work rings when there may be Jobs to do. It is for one worker.
func (a *App) Work() <-chan struct{} { return a.work }

// ClaimJobs gives up to most Jobs of these kinds that are due, for the caller alone to do within two minutes.
func (a *App) ClaimJobs(ctx context.Context, kinds []agenda.JobKind, most int) (jobs []agenda.Job, err error) {
	lease := string(a.newID())
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		now := a.moment()
		jobs, err = tx.ClaimJobs(kinds, lease, now, now.Add(leased), most)
		return err
	})
	return jobs, err
}

// A Job that was made or claimed an hour ahead, or that is to be tried again later than any is, was so by a clock that was wrong.
const (
	clockAhead  = time.Hour
	latestRetry = agenda.MaxRetryAfter + clockAhead
)

// RightJobs lets Jobs be done that the clock put off while it was ahead, and says how many.
func (a *App) RightJobs(ctx context.Context) (n int, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		now := a.moment()
		righted, err := tx.RightJobs(now, now.Add(clockAhead), now.Add(latestRetry))
		n = int(righted)
		return err
	})
	return n, err
}

// NextJob gives how long it is until a Job of these kinds can be begun, at most that long. It takes no lock, so that looking costs
// nobody anything.
func (a *App) NextJob(ctx context.Context, kinds []agenda.JobKind, most time.Duration) (wait time.Duration, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		at, err := tx.NextJob(kinds)
		if wait = most; err == nil && !at.IsZero() {
			wait = min(max(at.Sub(a.moment()), 0), most)
		}
		return err
	})
	return wait, err
}

// failJob lets a Job that failed be begun again later, or gives it up: after [agenda.MaxTries], or at once when the cause is
// Invalid or NotFound, which will not get better. It says whether the Job was still the caller's to say so of, and whether it was
// given up.
func (a *App) failJob(tx *store.Tx, j agenda.Job, cause error) (held, gaveUp bool, err error) {
	now := a.moment()
	code := agenda.CodeOf(cause)
	j.Fault, j.Due = faultWords(cause), now.Add(agenda.RetryDelay(j.Tries))
	if j.Tries >= agenda.MaxTries || code == agenda.Invalid || code == agenda.NotFound {
		j.Dead = &now
	}
	held, err = tx.PutOffJob(j)
	return held, j.Dead != nil, err
}

// FailJob keeps that a Job failed, and lets it be begun again later unless it is given up.
func (a *App) FailJob(ctx context.Context, j agenda.Job, cause error) error {
	switch j.Kind {
	case agenda.MailJob:
		return a.MailFailed(ctx, j, cause)
	case agenda.WebhookJob:
		return a.deliveryFailed(ctx, j, cause)
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		_, _, err := a.failJob(tx, j, cause)
		return err
	})
}

// maxFault is how long a kept cause may be, in bytes.
const maxFault = 500

// faultWords gives a cause as it is kept.
func faultWords(cause error) string {
	said := cause.Error()
	var e *agenda.Error
	if errors.As(cause, &e) && e.Err != nil {
		said = e.Message + " (" + e.Err.Error() + ")"
	}
	said = strings.ReplaceAll(strings.ToValidUTF8(said, "\uFFFD"), "\x00", "")
	if len(said) > maxFault {
		said = strings.ToValidUTF8(said[:maxFault], "") // a letter that is cut in two is none that a database takes
	}
	return agenda.CleanLine(said)
}

// Outbox is how much there is to do, of one kind of Job.
type Outbox = store.Outbox

// Outbox tells, for operators, how much there is to do of each kind, also of those of which there is nothing.
func (a *App) Outbox(ctx context.Context) (all []Outbox, err error) {
	var some []store.Outbox
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		some, err = tx.Outbox(a.moment())
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, kind := range agenda.JobKinds {
		if !slices.ContainsFunc(some, func(o Outbox) bool { return o.Kind == kind }) {
			some = append(some, Outbox{Kind: kind})
		}
	}
	return some, nil
}
