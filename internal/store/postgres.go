package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	// postgresConnections is the size of the pool; PostgreSQL's own limit is 100 for all programs.
	postgresConnections = 20
	connectPatience     = 10 * time.Second
)

func openPostgres(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The parser leaves the password out of its message.
		return nil, fmt.Errorf("the database's URL: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectPatience
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "plenary"
	}
	where := fmt.Sprintf("%s at %s", config.Database, config.Host)
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections / 2)
	// A pool behind a balancer or after a failover finds its way to the new server.
	pool.SetConnMaxLifetime(30 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the database %s does not answer: %w", where, err), pool.Close())
	}
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), settings(log))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the database %s: %w", where, err), pool.Close())
	}
	return &Store{dialect: postgresDialect, where: where, writer: db, reader: db, log: log, listening: config}, nil
}
