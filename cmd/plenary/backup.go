package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/store"
)

func backupCommand(w world) *cobra.Command {
	var name, verify string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Write the whole database to one file",
		Long: `Backup writes everything in the database PLENARY_DATABASE to one compressed file with a
checksum: one consistent view, also while the server runs. The file can be restored into SQLite and
PostgreSQL alike. What was written is read again and checked before the file gets its name.
With --verify a backup of any day is checked, whole, and nothing is written.

It holds personal data and the hashes of secrets: keep it as safe as the database.`,
		Example: `  plenary backup
  plenary backup -o /backups/monday.plenary
  plenary backup --verify /backups/monday.plenary
  plenary backup -o - | ssh elsewhere 'cat > plenary-backup'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if verify != "" {
				return verifyBackup(cmd.Context(), w, verify)
			}
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			if name == "" {
				name = "plenary-" + time.Now().UTC().Format("20060102-150405") + ".backup"
			}
			bar := newProgress(w.Err, "Backing up")
			var found store.Verified
			err = writeOutput(w, name, 0o600, func(out io.Writer) error {
				if err := in.store.Backup(cmd.Context(), out, bar.show); err != nil || name == "-" {
					return err
				}
				found, err = verifyFile(cmd.Context(), out.(*os.File))
				return err
			})
			if err != nil {
				return err
			}
			bar.done()
			if name != "-" {
				fmt.Fprintf(w.Out, "The backup is in %s: %d rows, read again and in order.\n", name, found.Rows)
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&name, "output", "o", "", `file to write, "-" for standard output (plenary-DATE-TIME.backup)`)
	cmd.Flags().StringVar(&verify, "verify", "", "check this backup, and do nothing else")
	return cmd
}

// verifyBackup says whether a backup is in order, and what may be done with it.
func verifyBackup(ctx context.Context, w world, name string) error {
	f, err := os.Open(name) // #nosec G304 -- the path is that of whoever runs the program
	if err != nil {
		return err
	}
	defer f.Close()
	found, err := verifyFile(ctx, f)
	if err != nil {
		return err
	}
	ours, err := store.ProgramSchema()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.Out, "%s is in order: %d rows.\n", name, found.Rows)
	if err == nil && found.Schema != ours {
		_, err = fmt.Fprintf(w.Out, "Its schema is %d, and that of this program is %d: restore it with the program that made it.\n", found.Schema, ours)
	}
	return err
}

// verifyFile reads a backup from its beginning.
func verifyFile(ctx context.Context, f *os.File) (store.Verified, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return store.Verified{}, err
	}
	return store.Verify(ctx, f)
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
