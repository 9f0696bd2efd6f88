package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// activityFormats are those that the log is written in.
var activityFormats = []string{"text", "jsonl", "csv"}

func activityCommand(w world) *cobra.Command {
	var slug, format string
	var asked activityAsked
	cmd := &cobra.Command{
		Use:   "activity",
		Short: "Write who did what, newest first",
		Long: `Activity writes the log of who did what, from where, and what was before and after, newest first: of all
events and of the installation itself, or of one event. Text is for people, jsonl has one JSON object in a line, csv is
for spreadsheets.`,
		Example: `  plenary activity --event vidw-2025
  plenary activity --outcome refused --from 2025-10-27T00:00:00+07:00 --format jsonl`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if !slices.Contains(activityFormats, format) {
				return usageError{fmt.Errorf("--format is %q, but must be text, jsonl or csv", format)}
			}
			filter, err := asked.filter()
			if err != nil {
				return usageError{err}
			}
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			return writeActivities(w.Out, format, func(row func(agenda.Activity) error) error {
				return in.app.EachActivity(cmd.Context(), operator, slug, filter, 0, row)
			})
		},
	}
	cmd.Flags().StringVar(&slug, "event", "", "slug of the one event to tell of")
	cmd.Flags().StringVar(&format, "format", "text", "text, jsonl or csv")
	cmd.Flags().StringVar(&asked.from, "from", "", "only what was then or later: 2025-10-27T00:00:00+07:00")
	cmd.Flags().StringVar(&asked.to, "to", "", "only what was before: 2025-10-28T00:00:00+07:00")
	cmd.Flags().StringVar(&asked.outcome, "outcome", "", "only what was done, or what was refused")
	cmd.Flags().StringVar(&asked.verb, "verb", "", "only what was done so: panel.move, or panel for all that was done to panels")
	return cmd
}

// activityAsked is what narrows the log, as it is typed.
type activityAsked struct{ verb, outcome, from, to string }

func (q activityAsked) filter() (f app.ActivityFilter, err error) {
	f = app.ActivityFilter{Verb: q.verb, Outcome: agenda.Outcome(q.outcome)}
	if q.outcome != "" && !slices.Contains(agenda.Outcomes, f.Outcome) {
		return f, fmt.Errorf("--outcome is %q, but must be done or refused", q.outcome)
	}
	for flag, at := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		typed := map[string]string{"from": q.from, "to": q.to}[flag]
		if typed == "" {
			continue
		}
		if *at, err = time.Parse(time.RFC3339, typed); err != nil {
			return f, fmt.Errorf("--%s is %q, but must be a time like 2025-10-27T00:00:00+07:00", flag, typed)
		}
	}
	return f, nil
}

// writeActivities writes entries as they come, so that a long log needs no memory.
func writeActivities(out io.Writer, format string, each func(func(agenda.Activity) error) error) error {
	switch format {
	case "csv":
		return exchange.ActivityCSV(out, each)
	case "jsonl":
		lines := json.NewEncoder(out)
		lines.SetEscapeHTML(false)
		return each(func(a agenda.Activity) error { return lines.Encode(exchange.ActivityOf(a)) })
	}
	return each(func(a agenda.Activity) error {
		who := string(a.ActorKind)
		if a.ActorName != "" {
			who += fmt.Sprintf(" %q", a.ActorName)
		}
		if a.Address != "" {
			who += " at " + a.Address
		}
		said := a.Summary
		if a.Outcome == agenda.Refused {
			said += " (refused)"
		}
		_, err := fmt.Fprintf(out, "%s  %-20s  %s %s\n", a.At.UTC().Format("2006-01-02 15:04:05"), a.Verb, who, said)
		return err
	})
}
