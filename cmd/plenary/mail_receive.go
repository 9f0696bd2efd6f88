package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// exitLater tells a mail server to try the same letter again (EX_TEMPFAIL of sysexits.h).
const exitLater = 75

// laterError is a fault that goes by.
type laterError struct{ error }

func mailReceiveCommand(w world) *cobra.Command {
	var maildir string
	cmd := &cobra.Command{
		Use:   "receive",
		Short: "Take the answers of calendars to invitations",
		Long: `Receive reads one letter from its standard input, as a mail server pipes it, or with --maildir
all that are new in a Maildir. It takes the answer of a calendar to an invitation, and ignores
everything else, with a line in the log. See docs/guides/invitations.md.

Its status is 0 for a letter that was taken or ignored, and 75 when the database can't be
reached: then the mail server should try again.`,
		Example: `  plenary mail receive < letter
  plenary mail receive --maildir /var/mail/meet`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				var usage usageError
				if errors.As(err, &usage) {
					return err
				}
				return laterError{err}
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			if maildir != "" {
				return in.emptyMaildir(cmd.Context(), maildir)
			}
			if _, err := in.receive(cmd.Context(), w.In); err != nil {
				return laterError{err}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&maildir, "maildir", "", "a Maildir, whose new letters are read and moved on")
	return cmd
}

// receive takes one letter, and says whether there was an answer in it.
func (i *installation) receive(ctx context.Context, r io.Reader) (taken bool, err error) {
	t, err := i.app.TakeAnswer(ctx, r)
	if err != nil {
		return false, err
	}
	said := "a letter was ignored"
	if t.Taken {
		said = "an answer came by mail"
	}
	i.log.InfoContext(ctx, said, "why", t.Why, "uid", t.UID, "answer", t.Answer)
	return t.Taken, nil
}

// ignored is the folder of a Maildir (Maildir++) with letters in which there was no answer.
const ignored = ".Ignored"

// emptyMaildir takes the letters that are new in a Maildir, oldest first, and moves each to those that were read, or that were
// ignored. One that could not be taken stays, and is taken the next time; whoever is killed in between takes one a second time, which changes nothing.
func (i *installation) emptyMaildir(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(filepath.Join(dir, "new"))
	if err != nil {
		return fmt.Errorf("the Maildir can't be read: %w", err)
	}
	for _, folder := range []string{"cur", ignored + "/new", ignored + "/tmp", ignored + "/cur"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			return fmt.Errorf("the Maildir can't be written: %w", err)
		}
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if err := i.takeFile(ctx, dir, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func (i *installation) takeFile(ctx context.Context, dir, name string) error {
	from := filepath.Join(dir, "new", name)
	f, err := os.Open(from) // #nosec G304 -- the operator names the Maildir
	if errors.Is(err, os.ErrNotExist) {
		return nil // somebody else took it
	}
	if err != nil {
		return fmt.Errorf("a letter can't be read: %w", err)
	}
	taken, err := i.receive(ctx, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return laterError{err}
	}
	to := filepath.Join(dir, "cur")
	if !taken {
		to = filepath.Join(dir, ignored, "cur")
	}
	// S: it was seen.
	if err := os.Rename(from, filepath.Join(to, name+":2,S")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("a letter can't be put aside: %w", err)
	}
	return nil
}
