package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/server"
	"plenary/internal/store"
)

func serveCommand(w world) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the agenda, the calendars and the API",
		Long: `Serve answers HTTP at PLENARY_ADDR from the database PLENARY_DATABASE, which it first
brings to its schema. It refuses a database that a newer Plenary has used.

The first start prints a link for making the first account.
A first token for the API:     plenary token create --name first
Is it alive, is it ready?      GET /healthz, GET /readyz

It ends gracefully on SIGINT and SIGTERM: requests under way are answered first,
and open streams of live changes end, for browsers to come again.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tidy := hurry()
			in, err := openBy(cmd.Context(), w, store.Begin)
			if err != nil {
				return err
			}
			defer in.Close()
			letters, err := in.watchInbox()
			if err != nil {
				return err
			}
			if err := in.trace(cmd.Context()); err != nil {
				return err
			}
			defer in.endTraces()
			listener, err := net.Listen("tcp", in.config.Addr)
			if err != nil {
				return fmt.Errorf("can't listen: %w; set PLENARY_ADDR to a free address", err)
			}
			base := baseURL(in.config, listener.Addr())
			h, err := handler(cmd.Context(), in, base)
			if err := cmp.Or(in.store.Checked(cmd.Context()), err); err != nil {
				return errors.Join(err, listener.Close())
			}
			in.sayServing(base)
			if err := offerSetup(cmd.Context(), w, in, base); err != nil {
				return errors.Join(err, listener.Close())
			}
			endOps, err := in.operate(cmd.Context(), h)
			if err != nil {
				return errors.Join(err, listener.Close())
			}
			defer endOps()
			defer in.work(cmd.Context(), letters)()
			defer h.Follow(context.WithoutCancel(cmd.Context()))()
			time.AfterFunc(started, tidy)
			go rest(cmd.Context(), lull)
			return serve(cmd.Context(), in.log, listener, h)
		},
	}
}

// sayServing logs what is served, and what speaks against serving it so.
func (i *installation) sayServing(base string) {
	i.log.Info("serving", "base_url", base, "database", i.store.Dialect(), "version", version())
	i.logMail()
	if !server.KeepsCookies(base) {
		i.log.Warn("without TLS everybody on the way can read and change what is sent: put a proxy that speaks TLS in front, and set PLENARY_BASE_URL to its https address", "base_url", base)
	}
}

// handler gives what answers requests at that address, and tells the calendars of it.
func handler(ctx context.Context, in *installation, base string) (*server.Server, error) {
	if err := in.serveAt(base); err != nil {
		return nil, err
	}
	if err := in.app.RenewCalendars(ctx, base); err != nil {
		return nil, err
	}
	return server.New(server.Options{App: in.app, BaseURL: base, Version: version(), Log: in.log, Meter: in.meter, Tracing: in.tracing,
		TrustedProxies: in.config.TrustedProxies, EmbedOrigins: in.config.EmbedOrigins, LimitRates: in.config.LimitRates}), nil
}

// offerSetup prints a link for making the first account, as long as there is none. It is no line of the log: those go to
// more people.
func offerSetup(ctx context.Context, w world, in *installation, base string) error {
	secret, err := in.app.OpenSetup(ctx)
	if err != nil || secret == "" {
		return err
	}
	_, err = fmt.Fprintf(w.Err, `
There is no account yet. Make the first one here, within 24 hours:

  %s/setup#%s

`, base, secret)
	return err
}

// graceful is how long requests under way may take after the signal to end.
const graceful = 10 * time.Second

// serve answers on the listener until ctx is done, then finishes what is under way.
func serve(ctx context.Context, log *slog.Logger, listener net.Listener, h *server.Server) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	s.ConnContext = server.ConnContext
	s.RegisterOnShutdown(h.EndStreams)
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(server.Cork(listener)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("ending: finishing the requests under way")
	last, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	if err := s.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("some requests did not end within %s: %w", graceful, err), s.Close())
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
