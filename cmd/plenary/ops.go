package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"plenary/internal/server"
	"plenary/internal/telemetry"
)

// trace begins to send traces, where the environment says where to.
func (i *installation) trace(ctx context.Context) (err error) {
	if !i.config.Traces {
		return nil
	}
	if i.tracing, err = telemetry.NewTracing(ctx, telemetry.TracingOptions{Version: version(), Log: i.log}); err != nil {
		return fmt.Errorf("traces can't be sent as OTEL_EXPORTER_OTLP_ENDPOINT says: %w", err)
	}
	i.log.Info("traces are sent as the environment says")
	return nil
}

// endTraces sends the traces that wait.
func (i *installation) endTraces() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := i.tracing.Close(ctx); err != nil {
		i.log.Warn("the last traces were not sent", "error", err)
	}
}

// operate answers operators at PLENARY_OPS_ADDR, if it is set, until the function that it gives is called.
func (i *installation) operate(ctx context.Context, h *server.Server) (end func(), err error) {
	i.observe()
	if i.config.Ops == "" {
		return func() {}, nil
	}
	listener, err := listenPrivately(ctx, i.config.Ops)
	if err != nil {
		return nil, fmt.Errorf("PLENARY_OPS_ADDR: %w", err)
	}
	host, _, _ := net.SplitHostPort(i.config.Ops)
	s := telemetry.NewServer(telemetry.Handler(i.meter, host, h))
	i.log.Info("operators are answered", "address", listener.Addr().String())
	go func() {
		if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			i.log.Error("operators are not answered any more", "error", err)
		}
	}()
	return func() { _ = s.Close() }, nil // who looks meanwhile is cut off: the program ends
}

// listenPrivately listens on an address that no stranger reaches. A name may have no other.
func listenPrivately(ctx context.Context, address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		if err := telemetry.CheckPrivate(a); err != nil {
			return nil, err
		}
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(found[0].Unmap().String(), port))
}

// The metrics of what is kept, and of the program.
const (
	buildInfo     = "plenary_build_info"
	databaseUp    = "plenary_database_up"
	schemaVersion = "plenary_database_schema_version"
	databaseSize  = "plenary_database_size_bytes"
	logSize       = "plenary_database_wal_size_bytes"
	writeRetries  = "plenary_database_write_retries_total"
	poolMost      = "plenary_database_pool_max_connections"
	poolOpen      = "plenary_database_pool_connections"
	poolWaits     = "plenary_database_pool_waits_total"
	poolWaited    = "plenary_database_pool_wait_seconds_total"
	outboxJobs    = "plenary_outbox_jobs"
	outboxOldest  = "plenary_outbox_oldest_due_seconds"
)

// observe lets the Meter look at the database and the outbox.
func (i *installation) observe() {
	i.meter.WatchProcess()
	pool := []string{"pool"}
	i.meter.Watch(i.tellDatabase,
		telemetry.Family{Name: buildInfo, Help: "1; which program this is, and on which database.", Labels: []string{"version", "database"}},
		telemetry.Family{Name: databaseUp, Help: "1 if the database answers, else 0."},
		telemetry.Family{Name: schemaVersion, Help: "Number of the newest migration in the database."},
		telemetry.Family{Name: databaseSize, Help: "Bytes of SQLite's file."},
		telemetry.Family{Name: logSize, Help: "Bytes of SQLite's write-ahead log."},
		telemetry.Family{Name: writeRetries, Help: "Transactions that were run again because PostgreSQL asked for it.", Counts: true},
		telemetry.Family{Name: poolMost, Help: "Connections that there may be.", Labels: pool},
		telemetry.Family{Name: poolOpen, Help: "Connections that there are.", Labels: []string{"pool", "state"}},
		telemetry.Family{Name: poolWaits, Help: "How often a connection was waited for.", Counts: true, Labels: pool},
		telemetry.Family{Name: poolWaited, Help: "How long connections were waited for.", Counts: true, Labels: pool},
		telemetry.Family{Name: outboxJobs, Help: "Jobs in the outbox: due, later, begun, or given up (dead).", Labels: []string{"kind", "state"}},
		telemetry.Family{Name: outboxOldest, Help: "For how long the oldest job that is due could have been begun; 0: none is due.", Labels: []string{"kind"}})
}

func (i *installation) tellDatabase(ctx context.Context, tell telemetry.Tell) {
	tell(buildInfo, 1, version(), i.store.Dialect())
	i.tellPools(tell)
	schema, err := i.store.Schema(ctx)
	if err != nil {
		tell(databaseUp, 0)
		return
	}
	tell(databaseUp, 1)
	tell(schemaVersion, float64(schema))
	outbox, err := i.app.Outbox(ctx)
	if err != nil {
		return
	}
	for _, o := range outbox {
		kind := string(o.Kind)
		tell(outboxJobs, float64(o.Due), kind, "due")
		tell(outboxJobs, float64(o.Later), kind, "later")
		tell(outboxJobs, float64(o.Begun), kind, "begun")
		tell(outboxJobs, float64(o.Dead), kind, "dead")
		age := 0.0
		if !o.Oldest.IsZero() {
			age = max(i.app.Moment().Sub(o.Oldest).Seconds(), 0)
		}
		tell(outboxOldest, age, kind)
	}
}

func (i *installation) tellPools(tell telemetry.Tell) {
	st := i.store.Stats()
	tell(writeRetries, float64(st.Retries))
	pools := map[string]*sql.DBStats{"writer": &st.Writer, "reader": &st.Reader}
	if i.store.Dialect() == "sqlite" {
		tell(databaseSize, float64(st.Size))
		tell(logSize, float64(st.Log))
	}
	for name, p := range pools {
		tell(poolMost, float64(p.MaxOpenConnections), name)
		tell(poolOpen, float64(p.InUse), name, "in_use")
		tell(poolOpen, float64(p.Idle), name, "idle")
		tell(poolWaits, float64(p.WaitCount), name)
		tell(poolWaited, p.WaitDuration.Seconds(), name)
	}
}
