package server

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeJobsConsole adds the page of what the program gave up.
func (s *Server) routeJobsConsole() {
	s.admin("/jobs", s.jobsPage)
	s.admin("/jobs", s.settleJob, http.MethodPost)
}

func (s *Server) jobsPage(c echo.Context, v *eventConsole) error { return s.showJobs(c, v, nil) }

// showJobs lists what was given up, and says why something could not be done about it.
func (s *Server) showJobs(c echo.Context, v *eventConsole, cause error) error {
	jobs, err := s.app.DeadJobs(c.Request().Context(), v.actor)
	if err != nil {
		return err
	}
	p, err := v.rows(c, "console_jobs", "jobs_lead", map[string]string{"retried": "jobs_retried", "put_away": "jobs_put_away_done"})
	if err != nil {
		return err
	}
	rows, err := rowsOf(jobs, v.jobRow)
	if err != nil {
		return err
	}
	if err := p.section("jobs", "jobs_here", "jobs_none", rows); err != nil {
		return err
	}
	return p.refuse(c, cause, map[string]string{string(agenda.Taken): "jobs_taken"})
}

func (v *eventConsole) jobRow(g app.GivenUp) (row accessRow, err error) {
	row.Title.Text, err = v.Say("jobs_kind_" + string(g.Kind))
	if g.Event.ID != "" {
		v.say(&row.Facts, &err, "jobs_event", "event", v.reader.pick(g.Event.Language(), g.Event.Name).Text)
	}
	v.sayAt(&row.Facts, &err, "jobs_since", g.Dead)
	if err != nil {
		return row, err
	}
	tries, err := v.Count("jobs_tries", g.Tries)
	row.Facts = append(row.Facts, tries)
	if err == nil && g.Fault != "" {
		why, fault := v.mishap(g.Fault)
		err = fault
		v.say(&row.Facts, &err, "jobs_fault", "fault", why.Text)
	}
	v.button(&row.Sends, &err, "jobs_retry", "jobs", "retry", g.ID)
	v.button(&row.Sends, &err, "jobs_put_away", "jobs", "put_away", g.ID)
	return row, err
}

// settleJob has something tried again that was given up, or puts it away.
func (s *Server) settleJob(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(typed(c, "id"))
	done, settle := "retried", s.app.RetryJob
	if sent(c, "do") == "put_away" {
		done, settle = "put_away", s.app.PutAwayJob
	}
	err := settle(ctx, v.actor, id)
	if agenda.CodeOf(err) == agenda.Taken {
		return s.showJobs(c, v, err)
	}
	if err != nil {
		return err
	}
	return s.lead(c, "console/jobs", "done", done)
}

// jobsLabel is the name of the page, with how many there are, for who administers the installation; "" for others.
func (s *Server) jobsLabel(c echo.Context, r reader, who app.SignedIn) (string, error) {
	if !who.Account.Admin {
		return "", nil
	}
	jobs, err := s.app.DeadJobs(c.Request().Context(), who.Actor)
	if err != nil {
		return "", err
	}
	if len(jobs) == 0 {
		return r.words.Say("console_jobs")
	}
	return r.words.Say("console_jobs_count", "n", strconv.Itoa(len(jobs)))
}
