package jobs

import (
	"context"
	"time"
)

// often is how often it is looked whether somebody is to be reminded of something.
const often = time.Minute

// daily is how often the database is read whole, to see that it is in order.
const daily = 24 * time.Hour

// chore is something that is done again and again, whether or not anybody asks for it.
type chore struct {
	what  string
	every time.Duration
	do    func(context.Context) (int, error) // says how many it was done to, also where it failed for others
}

// chores are what a Worker does besides Jobs.
func (w *Worker) chores() []chore {
	list := []chore{
		{"let requests for meetings expire", w.pulse, w.app.ExpireMeetings},
		{"make reminders", w.often, w.app.MakeReminders},
		{"take back what a wrong clock put off", w.often, w.app.RightJobs},
		{"look whether the database is in order", daily, w.app.InspectDatabase},
	}
	if w.inbox != nil {
		list = append(list, chore{"take letters that came in", w.pulse, w.inbox})
	}
	return list
}

// regularly does the chore until ctx is done. What it does can be done by several programs at once.
func (w *Worker) regularly(ctx context.Context, c chore) {
	ticker := time.NewTicker(c.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		n, err := c.do(ctx)
		if err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "something was not done; it is tried again", "chore", c.what, "error", err)
		}
		if n > 0 {
			w.log.InfoContext(ctx, "something was done", "chore", c.what, "times", n)
		}
	}
}
