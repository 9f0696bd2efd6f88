// Package jobs is the worker: it does what changes left in the outbox to be done, outside of any transaction.
//
// A Job is claimed for two minutes, done, and taken out of the outbox. Who is killed meanwhile leaves it to the next worker,
// so that nothing is lost, and what was just being done may be done a second time.
package jobs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/telemetry"
)

// Options are what a Worker is given.
type Options struct {
	App *app.App
	Log *slog.Logger
	// Send hands a letter to a mail server; nil: there is none, and letters wait.
	Send func(context.Context, agenda.Post) error
	// Tell makes one attempt at telling a Webhook; nil: they wait.
	Tell func(context.Context, agenda.Parcel) agenda.Attempt
	// Remind is how often it is looked whether somebody is to be reminded of something; 0: every minute.
	Remind time.Duration
	// Inbox takes letters that came in, and says how many; nil: nobody looks.
	Inbox   func(context.Context) (int, error)
	Meter   *telemetry.Meter   // counts Jobs; nil: one that nobody reads
	Tracing *telemetry.Tracing // nil: nothing is traced
	// Pulse is how often it looks for what other programs left to be done; 0: every five seconds.
	Pulse time.Duration
}

// pulse is how often the outbox is looked at though nobody rang.
const pulse = 5 * time.Second

// together is how many Jobs of one kind are done at once. Only what can be begun is claimed, so that no Job's lease passes while
// it waits for its turn.
const together = 4

// A Job is claimed for two minutes. Within them it is done, and what became of it is noted: who ended a little late would do
// again what is done.
const (
	patience = 90 * time.Second // for doing it
	noting   = 15 * time.Second // for saying so
)

// grace is how long a Job that was begun may take after the program was asked to end.
const grace = 8 * time.Second

// Worker does Jobs. A program has one; several programs on one database share the Jobs.
type Worker struct {
	app   *app.App
	log   *slog.Logger
	pulse time.Duration
	often time.Duration
	inbox func(context.Context) (int, error)
	do    map[agenda.JobKind]func(context.Context, agenda.Job) error

	tally   *telemetry.Jobs
	tracing *telemetry.Tracing
}

// New makes a Worker that does nothing yet.
func New(o Options) *Worker {
	w := &Worker{app: o.App, log: o.Log, pulse: o.Pulse, often: cmp.Or(o.Remind, often), inbox: o.Inbox, do: map[agenda.JobKind]func(context.Context, agenda.Job) error{}}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	w.watch(o)
	if w.pulse == 0 {
		w.pulse = pulse
	}
	w.do[agenda.LettersJob] = w.letters
	if o.Send != nil {
		w.do[agenda.MailJob] = w.letter(o.Send, o.App.OpenPost, o.App.MailSent)
		w.do[agenda.NoticeJob] = w.letter(o.Send, o.App.OpenNotice, o.App.EndJob)
	}
	if o.Tell != nil {
		w.do[agenda.WebhookJob] = w.webhook(o.Tell)
	}
	return w
}

// Run does Jobs until ctx is done, and gives back when those under way are ended. Each kind has a lane of its own: a mail server
// that takes its time holds up nothing else.
func (w *Worker) Run(ctx context.Context) {
	var under sync.WaitGroup
	defer under.Wait()
	for _, c := range w.chores() {
		under.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					w.log.ErrorContext(ctx, "panic in the worker: this is not done until the program is started again", "chore", c.what, "panic", r)
				}
			}()
			w.regularly(ctx, c)
		})
	}
	var bells []chan struct{}
	for _, kind := range slices.Sorted(maps.Keys(w.do)) {
		l := &lane{Worker: w, kind: kind, bell: make(chan struct{}, 1), free: make(chan struct{}, together)}
		bells = append(bells, l.bell)
		under.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					w.log.ErrorContext(ctx, "panic in the worker: nothing of the kind is done until the program is started again", "kind", kind, "panic", r)
				}
			}()
			l.run(ctx)
		})
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.app.Work():
		}
		for _, bell := range bells {
			select {
			case bell <- struct{}{}:
			default:
			}
		}
	}
}

// lane does the Jobs of one kind.
type lane struct {
	*Worker
	kind  agenda.JobKind
	bell  chan struct{} // rings when there may be more to do
	free  chan struct{} // holds one for each Job under way
	under sync.WaitGroup
}

func (l *lane) run(ctx context.Context) {
	defer l.under.Wait()
	for ctx.Err() == nil {
		select {
		case l.free <- struct{}{}: // wait until one more can be begun
			<-l.free
		case <-ctx.Done():
			return
		}
		wait := l.round(ctx)
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-l.bell:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round begins as many of the Jobs that are due as can be begun, and says how long there is nothing else to do. It looks before
// it claims: looking takes no lock that others wait for.
func (l *lane) round(ctx context.Context) time.Duration {
	wait, err := l.app.NextJob(ctx, []agenda.JobKind{l.kind}, l.pulse)
	var claimed []agenda.Job
	if err == nil && wait == 0 {
		claimed, err = l.app.ClaimJobs(ctx, []agenda.JobKind{l.kind}, together-len(l.free))
	}
	if err != nil {
		if ctx.Err() == nil {
			l.log.WarnContext(ctx, "the outbox could not be looked at", "kind", l.kind, "error", err)
		}
		return l.pulse
	}
	for _, j := range claimed {
		l.free <- struct{}{}
		l.under.Go(func() {
			defer func() {
				<-l.free
				if r := recover(); r != nil {
					l.log.ErrorContext(ctx, "panic in a job", "kind", j.Kind, "job", j.ID, "panic", r)
				}
			}()
			l.one(ctx, j)
		})
	}
	if wait == 0 && len(claimed) == 0 {
		return l.pulse / 50 // another program was quicker
	}
	return wait
}

// one does a Job. When the program ends meanwhile, what has been begun is ended first, as long as there is grace.
func (w *Worker) one(ctx context.Context, j agenda.Job) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	limited, ended := w.measure(limited, j)
	err := w.try(limited, j)
	ended(err)
	if err != nil {
		w.log.WarnContext(limited, "a job was not done", "kind", j.Kind, "job", j.ID, "try", j.Tries, "error", err)
	}
}

// try does a Job, unless it was begun too often without an end: then it brings the program down, and others are to have their turn.
// A Job that panics has failed.
func (w *Worker) try(ctx context.Context, j agenda.Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.log.ErrorContext(ctx, "panic in a job", "kind", j.Kind, "job", j.ID, "panic", r)
			err = w.failed(ctx, j, errors.New(string(agenda.JobPanicked)))
		}
	}()
	if j.Tries > agenda.MaxTries {
		return w.failed(ctx, j, errors.New(string(agenda.JobKilled)))
	}
	return w.do[j.Kind](ctx, j)
}

// failed keeps that a Job failed, and gives the cause, or why it could not be kept.
func (w *Worker) failed(ctx context.Context, j agenda.Job, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	if err := w.app.FailJob(ctx, j, cause); err != nil {
		return errors.Join(cause, err)
	}
	return cause
}

// letters makes those about a Release that who published it left.
func (w *Worker) letters(ctx context.Context, j agenda.Job) error {
	if err := w.app.MakeLetters(ctx, j); err != nil {
		return w.failed(ctx, j, err)
	}
	return nil
}

// letter sends the letter that a Job is about, which open gives, and notes with sent that it went. Between the server's answer and
// the note of it, the program may be killed: then the letter goes a second time, with the same Message-ID.
func (w *Worker) letter(send func(context.Context, agenda.Post) error, open func(context.Context, agenda.Job) (agenda.Post, error),
	sent func(context.Context, agenda.Job) error) func(context.Context, agenda.Job) error {
	return func(ctx context.Context, j agenda.Job) error {
		post, err := open(ctx, j)
		if agenda.CodeOf(err) == agenda.NotFound {
			return w.app.EndJob(ctx, j)
		}
		if err != nil {
			return err // it is somebody's again when the lease ends
		}
		if err := send(ctx, post); err != nil {
			return w.failed(ctx, j, err)
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
		defer cancel()
		return sent(ctx, j)
	}
}
