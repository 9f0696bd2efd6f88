package store

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// slow is how long a statement takes before the log tells of it.
const slow = 500 * time.Millisecond

func settings(log *slog.Logger) *gorm.Config {
	return &gorm.Config{
		Logger:                 statements{log},
		SkipDefaultTransaction: true, // every Tx is one already
		DisableAutomaticPing:   true,
	}
}

// statements tells the log of slow statements, and of all at the level debug. Failures are returned, and told of by whoever handles them.
type statements struct{ log *slog.Logger }

func (s statements) LogMode(logger.LogLevel) logger.Interface { return s }
func (s statements) Info(context.Context, string, ...any)     {}
func (s statements) Warn(ctx context.Context, msg string, args ...any) {
	s.log.WarnContext(ctx, "gorm: "+msg, "args", args)
}
func (s statements) Error(ctx context.Context, msg string, args ...any) {
	s.log.ErrorContext(ctx, "gorm: "+msg, "args", args)
}

func (s statements) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), _ error) {
	traceStatement(ctx, begin, statement)
	took := time.Since(begin)
	if took <= slow && !s.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	text, rows := statement()
	if took > slow {
		s.log.WarnContext(ctx, "slow statement", "sql", text, "rows", rows, "took", took)
		return
	}
	s.log.DebugContext(ctx, "statement", "sql", text, "rows", rows, "took", took)
}

// GORM asks another logger about statements whose answer is scanned, which tells values unless it is told not to.
func init() { logger.RecorderParamsFilter = statements{}.ParamsFilter }

// ParamsFilter keeps the values out of the log: there are addresses and secrets' hashes among them.
func (s statements) ParamsFilter(_ context.Context, text string, _ ...any) (string, []any) {
	return text, nil
}
