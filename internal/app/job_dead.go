package app

import (
	"context"
	"fmt"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// GivenUp is a Job that was given up, and the Event that it is of; the zero Event: of none.
type GivenUp struct {
	agenda.Job
	Event agenda.Event
}

// mostDead is how many Jobs that were given up are shown.
const mostDead = 100

// DeadJobs gives the Jobs that were given up, newest first, at most a hundred. Of letters about Meetings the Actor is told what a
// mail server said, which may repeat them, only if they may see Meetings.
func (a *App) DeadJobs(ctx context.Context, actor agenda.Actor) (jobs []GivenUp, err error) {
	if err := a.authorize(ctx, actor, agenda.ManageAccount); err != nil {
		return nil, err
	}
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		dead, err := tx.DeadJobs(mostDead)
		if err != nil {
			return err
		}
		jobs = nil
		for _, j := range dead {
			g := GivenUp{Job: j}
			if j.EventID != "" {
				if g.Event, err = tx.Event(j.EventID); err != nil {
					return err
				}
			}
			if j.Kind == agenda.MailJob && !agenda.May(actor, agenda.ReadMeetings, j.EventID) {
				m, err := tx.MailByID(j.About)
				if err != nil && agenda.CodeOf(err) != agenda.NotFound {
					return err
				}
				if m.Meetings || err != nil { // of one that is gone nobody knows
					kind, _ := agenda.ReadMishap(j.Fault)
					g.Fault = string(kind)
				}
			}
			jobs = append(jobs, g)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// RetryJob lets a Job that was given up be begun again now, as if it had never been tried. The error is Taken where what it is about
// can't go: the letter waits to be vouched for, or the Webhook is stopped.
func (a *App) RetryJob(ctx context.Context, actor agenda.Actor, id agenda.ID) error {
	return a.settleDead(ctx, actor, id, func(tx *store.Tx, j agenda.Job) error {
		if err := a.retry(tx, j); err != nil {
			return err
		}
		return a.note(tx, actor, j.EventID, "job.retry", j.ID, fmt.Sprintf("had a job begun again that was given up (%s)", j.Kind))
	})
}

// retry lets the Job be begun again, with what it is about.
func (a *App) retry(tx *store.Tx, j agenda.Job) error {
	switch j.Kind {
	case agenda.MailJob:
		m, err := tx.MailByID(j.About)
		if err == nil {
			_, err = a.moveMail(tx, m, agenda.MailQueued)
		}
		return err
	case agenda.WebhookJob:
		d, err := tx.Delivery(j.EventID, j.About)
		if err != nil {
			return err
		}
		w, err := tx.Webhook(j.EventID, d.WebhookID)
		if err == nil {
			_, err = a.replay(tx, w, d)
		}
		return err
	}
	tx.AfterCommit(a.wake)
	return tx.ReviveJob(j.ID, a.moment())
}

// PutAwayJob takes a Job that was given up out of the outbox. What it is about stays failed.
func (a *App) PutAwayJob(ctx context.Context, actor agenda.Actor, id agenda.ID) error {
	return a.settleDead(ctx, actor, id, func(tx *store.Tx, j agenda.Job) error {
		if err := tx.DropDeadJob(j.ID); err != nil {
			return err
		}
		return a.note(tx, actor, j.EventID, "job.put_away", j.ID, fmt.Sprintf("put a job away that was given up (%s)", j.Kind))
	})
}

// settleDead does something about a Job that was given up.
func (a *App) settleDead(ctx context.Context, actor agenda.Actor, id agenda.ID, do func(*store.Tx, agenda.Job) error) error {
	return a.write(ctx, actor, func(tx *store.Tx) error {
		if err := agenda.Authorize(actor, agenda.ManageAccount, ""); err != nil {
			return err
		}
		j, err := tx.DeadJob(id)
		if err != nil {
			return err
		}
		if j.EventID != "" {
			if err := tx.LockEvent(j.EventID); err != nil {
				return err
			}
		}
		return do(tx, j)
	})
}
