package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"plenary/internal/store"
)

func migrateCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to this program's schema",
		Long: `Migrate brings the database PLENARY_DATABASE to the schema of this program. serve and the other
commands do so by themselves; this is for those who want it as a step of its own. Make a backup first.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			c, err := readConfig(w.Environ)
			if err != nil {
				return usageError{err}
			}
			s, err := store.Open(cmd.Context(), c.Database, newLogger(w.Err, c))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.Close()) }()
			applied, err := s.Migrate(cmd.Context())
			if err != nil {
				return err
			}
			_, schema, err := s.Version(cmd.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(w.Out, "The database is at schema %d (%s applied).\n", schema, count(applied, "migration"))
			return err
		},
	}
}

// count says how many there are of a thing, in English.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
