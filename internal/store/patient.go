package store

import (
	"context"
	"database/sql"
	"time"
)

// patient is a transaction whose statements have to begin to answer in a given time: where the server has stopped, and its
// machine has not, nothing else would end the waiting. What was asked later than that is asked of a connection that is closed.
type patient struct {
	*sql.Tx
	patience time.Duration
	giveUp   func() // ends the transaction
}

func (p *patient) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	defer within(p.patience, p.giveUp)()
	return p.Tx.ExecContext(ctx, query, args...)
}

func (p *patient) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	defer within(p.patience, p.giveUp)()
	return p.Tx.QueryContext(ctx, query, args...)
}

func (p *patient) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	defer within(p.patience, p.giveUp)()
	return p.Tx.QueryRowContext(ctx, query, args...)
}
