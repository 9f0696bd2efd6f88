package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"plenary/internal/app"
)

func restoreCommand(w world) *cobra.Command {
	var replace bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in place of the database's content",
		Long: `Restore first checks the whole backup: that it is complete, unharmed and of this program's
schema. Then it replaces everything in the database PLENARY_DATABASE in one transaction: all of it,
or nothing when something is wrong. A server on the same database goes on with the restored content.

A database that has events is only replaced with --replace. Make a backup of it first.

Should a SQLite file be broken, move it (and its -wal and -shm) away and restore into a new one.`,
		Example: `  plenary restore plenary-20251027-060000.backup
  PLENARY_DATABASE=postgres://… plenary restore monday.plenary --replace`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer f.Close()
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			events, _, err := in.app.Events(cmd.Context(), operator, "", app.Page{Limit: 1})
			if err != nil {
				return err
			}
			if len(events) > 0 && !replace {
				return errors.New("the database has events already, and restoring would delete them; make a backup, then call restore with --replace")
			}
			bar := newProgress(w.Err, "Restoring")
			if err := in.store.Restore(cmd.Context(), f, bar.show); err != nil {
				return err
			}
			bar.done()
			_, err = fmt.Fprintf(w.Out, "Restored %s.\n", args[0])
			return err
		},
	}
	cmd.Flags().BoolVar(&replace, "replace", false, "delete what the database has now")
	return cmd
}
