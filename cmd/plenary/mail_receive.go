package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/inbox"
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
everything else, with a line in the log. Serve does it by itself with the Maildir that
PLENARY_MAIL_INBOX names. See docs/guides/invitations.md.

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
			if in.config.Answers == "" {
				return usageError{errors.New("nobody can answer by mail: set PLENARY_MAIL_ANSWERS to the address to which calendars answer")}
			}
			if maildir != "" {
				err = in.emptyAll(cmd.Context(), maildir)
			} else {
				err = in.receive(cmd.Context(), w.In)
			}
			if err != nil {
				return laterError{err}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&maildir, "maildir", "", "a Maildir, whose new letters are read and moved on")
	return cmd
}

// receive takes one letter, and says in the log what became of it, with what else is to be said there.
func (i *installation) receive(ctx context.Context, r io.Reader, more ...any) error {
	t, err := i.app.TakeAnswer(ctx, r)
	if err != nil {
		return err
	}
	said := "a letter was ignored"
	if t.Taken {
		said = "an answer came by mail"
	}
	i.log.InfoContext(ctx, said, append([]any{"why", t.Why, "uid", t.UID, "answer", t.Answer}, more...)...)
	return nil
}

// emptyMaildir takes letters that are new in a Maildir, and says how many were.
func (i *installation) emptyMaildir(ctx context.Context, m *inbox.Maildir) (int, error) {
	return m.TakeNew(time.Now(), func(name string, r io.Reader) error { return i.receive(ctx, r, "letter", name) })
}

// emptyAll takes all letters that are new in a Maildir.
func (i *installation) emptyAll(ctx context.Context, dir string) error {
	m, err := inbox.NewMaildir(dir)
	for n := 1; err == nil && n > 0; {
		n, err = i.emptyMaildir(ctx, m)
	}
	return err
}

// watchInbox gives what takes the letters that are new in PLENARY_MAIL_INBOX; nil: it is not set.
func (i *installation) watchInbox() (func(context.Context) (int, error), error) {
	if i.config.Inbox == "" {
		return nil, nil
	}
	m, err := inbox.NewMaildir(i.config.Inbox)
	if err != nil {
		return nil, usageError{fmt.Errorf("PLENARY_MAIL_INBOX: %w", err)}
	}
	i.log.Info("answers by mail are read", "maildir", i.config.Inbox)
	return func(ctx context.Context) (int, error) { return i.emptyMaildir(ctx, m) }, nil
}
