package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

func publishCommand(w world) *cobra.Command {
	var note string
	var acknowledged []string
	cmd := &cobra.Command{
		Use:   "publish SLUG",
		Short: "Make the draft of an event its next release",
		Long: `Publish makes the draft of the event the release that the public sees, and says what changed.

An agenda with conflicts of severity error is refused: mend them, or acknowledge each by the key
that is printed with it.`,
		Example: `  plenary publish vidw-2025 --note "The ministerial roundtable begins at 10:00"`,
		Args:    oneArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			text, err := noteText(cmd, in.app, args[0], note)
			if err != nil {
				return err
			}
			done, err := in.app.Publish(cmd.Context(), operator, args[0], text, acknowledged, app.Once{})
			if err != nil {
				return err
			}
			fmt.Fprintf(w.Out, "Published release %d of %s: %s.\n", done.Release.Number, args[0], count(len(done.Changes), "change"))
			en := agenda.NewReader("en", "en")
			for _, c := range done.Changes {
				fmt.Fprintf(w.Out, "  %s\n", en.String(c.Words))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "why, for the public, in the event's first language")
	cmd.Flags().StringArrayVar(&acknowledged, "acknowledge", nil, "key of a conflict to publish all the same; can be given several times")
	return cmd
}

// noteText gives the note in the event's first language.
func noteText(cmd *cobra.Command, a *app.App, slug, note string) (agenda.Text, error) {
	if note == "" {
		return nil, nil
	}
	e, err := a.Event(cmd.Context(), operator, slug)
	if err != nil {
		return nil, err
	}
	return agenda.Text{e.Language(): note}, nil
}
