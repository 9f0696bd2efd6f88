package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
	"plenary/internal/mail"
	"plenary/internal/reserve"
	"plenary/internal/store"
	"plenary/internal/telemetry"
)

// world is everything that the program has to do with.
type world struct {
	Args    []string
	Environ []string
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
}

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in how the program was called.
type usageError struct{ error }

// run does what the arguments say and gives the exit status.
func run(ctx context.Context, w world) int {
	root := rootCommand(w)
	root.SetArgs(w.Args)
	root.SetIn(w.In)
	root.SetOut(w.Out)
	root.SetErr(w.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	explain(w.Err, err)
	var usage usageError
	var later laterError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &later):
		return exitLater
	}
	return exitFailed
}

// explain writes an error for a person: the sentence, then each thing that is wrong.
func explain(out io.Writer, err error) {
	var e *agenda.Error
	if !errors.As(err, &e) {
		fmt.Fprintf(out, "plenary: %v\n", err)
		return
	}
	fmt.Fprintf(out, "plenary: %s\n", e.Message)
	for _, f := range e.Faults {
		if f.Pointer == "" {
			fmt.Fprintf(out, "  %s\n", f.Message)
			continue
		}
		fmt.Fprintf(out, "  %s: %s\n", f.Pointer, f.Message)
	}
	if conflicts, ok := e.Current.([]agenda.Conflict); ok {
		for _, c := range conflicts {
			fmt.Fprintf(out, "  %s\n    acknowledge with: --acknowledge %s\n", c.Message, c.Key)
		}
	}
	if e.Err != nil {
		fmt.Fprintf(out, "  cause: %v\n", e.Err)
	}
}

// help is what the program says of itself.
const help = `Plenary keeps the agenda of conferences and forums: panels, speakers, rooms and bilateral
meetings. It serves the agenda as pages and JSON, calendars that people subscribe to, and an API.

Try it with a real forum:   plenary demo
Run it for your own:        plenary serve

Every command but demo is configured by the environment:

  PLENARY_ADDR        where to listen                  (127.0.0.1:8080)
  PLENARY_DATABASE    a file for SQLite, or the        (plenary.db)
                      postgres:// URL of a database
  PLENARY_BASE_URL    how the world reaches this       (http:// and the address)
                      server; links are made with it
  PLENARY_LOG_FORMAT  text or json                     (text)
  PLENARY_LOG_LEVEL   debug, info, warn or error       (info)
  PLENARY_SMTP_URL    the mail server, such as         (no letters are sent)
                      smtp://user@mail.example.org
  PLENARY_SMTP_PASSWORD
                      the user's password there
  PLENARY_MAIL_FROM   whom letters are from, such as
                      Forum <agenda@example.org>
  PLENARY_MAIL_REPLY_TO
                      where answers to them go         (nobody reads them)
  PLENARY_MAIL_ANSWERS, PLENARY_MAIL_INBOX
                      calendars' answers, in a Maildir (by link only)
  PLENARY_TRUSTED_PROXIES
                      addresses and networks of the    (none)
                      proxies in front, by commas: who
                      they say asks, is who asks
  PLENARY_EMBED_ORIGINS
                      origins that may show an agenda  (none but this server's)
                      within their pages, by commas;
                      * for all
  PLENARY_OIDC_ISSUER, PLENARY_OIDC_CLIENT_ID, PLENARY_OIDC_CLIENT_SECRET
                      single sign-on by OpenID         (none)
                      Connect; it sends browsers
                      back to …/sign-in/callback
  PLENARY_OIDC_GROUPS_CLAIM, PLENARY_OIDC_ROLES
                      the claim with a person's        (none)
                      groups, and what they are here:
                      staff=admin,team=vidw-2025:owner
  PLENARY_RATE_LIMIT  on or off: refuse who asks too   (on)
                      often
  PLENARY_OPS_ADDR    a private address with metrics   (nowhere)
                      and profiles, such as
                      127.0.0.1:9090
  OTEL_EXPORTER_OTLP_ENDPOINT
                      where traces go, as with all     (nowhere)
                      programs that have OpenTelemetry

Is all as it should be?     plenary doctor`

func rootCommand(w world) *cobra.Command {
	root := &cobra.Command{
		Use:           "plenary",
		Short:         "Agenda and panel manager for conferences and forums",
		Long:          help,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
	})
	root.AddCommand(demoCommand(w), serveCommand(w), migrateCommand(w), importCommand(w), publishCommand(w),
		exportCommand(w), tokenCommand(w), accountCommand(w), activityCommand(w), mailCommand(w), backupCommand(w), restoreCommand(w), doctorCommand(w), versionCommand(w))
	return root
}

// noArgs and oneArg check the arguments of a command and teach how it is called.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%q is not a command or argument of `%s`; see `%s --help`", args[0], cmd.CommandPath(), cmd.CommandPath())}
	}
	return nil
}

func oneArg(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("one argument is needed, %d are given: usage: %s", len(args), cmd.UseLine())}
	}
	return nil
}

// installation is the program on its database.
type installation struct {
	config config
	log    *slog.Logger
	store  *store.Store
	app    *app.App
	mail   *mail.Sender // nil: not configured

	meter   *telemetry.Meter
	tracing *telemetry.Tracing // nil: nothing is traced
}

func (i *installation) Close() error { return i.store.Close() }

// operator is who runs the commands.
var operator = agenda.System("command line")

// open reads the configuration and opens the database, migrated to this program's schema.
func open(ctx context.Context, w world) (*installation, error) { return openBy(ctx, w, store.Open) }

// openBy is open by [store.Open] or [store.Begin].
func openBy(ctx context.Context, w world, by func(context.Context, string, *slog.Logger) (*store.Store, error)) (*installation, error) {
	c, err := readConfig(w.Environ)
	if err != nil {
		return nil, usageError{err}
	}
	if c.Ops != "" {
		reserve.KeepBooks()
	}
	post, err := newSender(c)
	if err != nil {
		return nil, err
	}
	log := newLogger(w.Err, c)
	s, err := by(ctx, c.Database, log)
	if err != nil {
		return nil, err
	}
	if _, err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(cmp.Or(s.Checked(ctx), err), s.Close())
	}
	return &installation{config: c, log: log, store: s, app: app.New(s, appOptions(c, log, post)), mail: post, meter: telemetry.NewMeter()}, nil
}

// newApp makes the App; without a Sender, it sends no letters.
func newApp(s *store.Store, log *slog.Logger, post *mail.Sender) *app.App {
	return app.New(s, appOptions(config{}, log, post))
}

func appOptions(c config, log *slog.Logger, post *mail.Sender) app.Options {
	o := app.Options{NewID: newID, Log: log, Answers: c.Answers, Address: webhooks.Check, Build: build()}
	if post != nil {
		o.Post, o.From = post.Send, post.From()
	}
	return o
}

// serveAt makes an App that people can sign in to at that address: passkeys and single sign-on belong to one.
func (i *installation) serveAt(base string) error {
	o := appOptions(i.config, i.log, i.mail)
	o.Passkeys = credential.NewPasskeys(base, "Plenary")
	var err error
	if o.Provider, err = i.config.SingleSignOn.provider(base); err != nil {
		return usageError{err}
	}
	if o.Groups, err = i.config.SingleSignOn.groups(); err != nil {
		return usageError{err}
	}
	i.app = app.New(i.store, o)
	return nil
}

func newID() agenda.ID { return agenda.ID(uuid.Must(uuid.NewV7()).String()) }
