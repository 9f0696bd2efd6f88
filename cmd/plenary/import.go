package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"plenary/internal/exchange"
)

func importCommand(w world) *cobra.Command {
	var slug string
	cmd := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Add a whole event from a file",
		Long: `Import adds a whole event from a file that export wrote, "-" reads it from standard input.
Everything comes along: panels, people, meetings, releases, and the subscriptions of calendars; API
tokens and the log of activity do not. All of it is added, or nothing when something is wrong.

It works on the database directly, with the server up or down.`,
		Example: `  plenary import forum.json
  plenary import forum.json --event forum-2026
  plenary export forum-2025 | ssh other plenary import -`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			bundle, err := readBundle(w, args[0])
			if err != nil {
				return err
			}
			e, err := in.app.ImportEvent(cmd.Context(), operator, bundle, slug)
			if err != nil {
				return err
			}
			d := bundle.Draft
			_, err = fmt.Fprintf(w.Out, "Imported %s: %s, %s, %s, %s.\n", e.Slug, count(len(d.Panels), "panel"),
				people(len(d.People)), count(len(bundle.Meetings), "meeting"), count(len(bundle.Releases), "release"))
			return err
		},
	}
	cmd.Flags().StringVar(&slug, "event", "", "slug to import it under, instead of its own")
	return cmd
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func readBundle(w world, name string) (exchange.Bundle, error) {
	var r io.Reader = w.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return exchange.Bundle{}, err
		}
		defer f.Close()
		r = f
	}
	return exchange.DecodeBundle(r)
}
