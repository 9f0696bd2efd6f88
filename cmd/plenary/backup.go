package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

func backupCommand(w world) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Write the whole database to one file",
		Long: `Backup writes everything in the database PLENARY_DATABASE to one compressed file with a
checksum: one consistent view, also while the server runs. The file can be restored into SQLite and
PostgreSQL alike. It holds personal data and the hashes of secrets: keep it as safe as the database.`,
		Example: `  plenary backup
  plenary backup -o /backups/monday.plenary
  plenary backup -o - | ssh elsewhere 'cat > plenary-backup'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			if name == "" {
				name = "plenary-" + time.Now().UTC().Format("20060102-150405") + ".backup"
			}
			bar := newProgress(w.Err, "Backing up")
			err = writeOutput(w, name, 0o600, func(out io.Writer) error {
				return in.store.Backup(cmd.Context(), out, bar.show)
			})
			if err != nil {
				return err
			}
			bar.done()
			if name != "-" {
				fmt.Fprintf(w.Out, "The backup is in %s.\n", name)
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&name, "output", "o", "", `file to write, "-" for standard output (plenary-DATE-TIME.backup)`)
	return cmd
}

// writeOutput writes a file that is there whole or not at all; "-" is standard output.
func writeOutput(w world, name string, mode os.FileMode, write func(io.Writer) error) (err error) {
	if name == "-" {
		return write(w.Out)
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // closed already, or of no more use
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
