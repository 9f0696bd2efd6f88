package store

import (
	"cmp"
	"context"
	"log/slog"
	"runtime"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
	"plenary/internal/telemetry"
)

// maxTraced is how many statements of one transaction are traced: an import has tens of thousands.
const maxTraced = 200

// statementsKey is where the context of a traced transaction has how many statements it ran, an *int.
type statementsKey struct{}

// traced begins the span of a transaction; what it gives ends it. Where nothing is traced, both do nothing.
func traced(ctx context.Context, dialect string, reads bool) (context.Context, func(error)) {
	if !telemetry.Traced(ctx) {
		return ctx, func(error) {}
	}
	name, ran := "write", new(int)
	if reads {
		name = "read"
	}
	intent := intention()
	ctx, span := telemetry.Within(context.WithValue(ctx, statementsKey{}, ran), strings.TrimSpace(name+" "+intent),
		slog.String("db.system.name", system(dialect)), slog.String("code.function.name", intent))
	return ctx, func(err error) {
		span.Say(slog.Int("plenary.statements", *ran))
		if err != nil {
			span.Fail(string(cmp.Or(agenda.CodeOf(err), agenda.Internal)))
		}
		span.End()
	}
}

// system is what OpenTelemetry calls the database.
func system(dialect string) string {
	if dialect == postgresDialect {
		return "postgresql"
	}
	return dialect
}

// intention names the method of package app that the transaction is of; "": of none.
func intention() string {
	var at [32]uintptr
	frames := runtime.CallersFrames(at[:runtime.Callers(3, at[:])])
	for {
		f, more := frames.Next()
		if _, name, ok := strings.Cut(f.Function, "internal/app.(*App)."); ok {
			name, _, _ = strings.Cut(name, ".")
			if first, _ := utf8.DecodeRuneInString(name); unicode.IsUpper(first) {
				return name
			}
		}
		if !more {
			return ""
		}
	}
}

// traceStatement tells of a statement in a traced transaction, without its values.
func traceStatement(ctx context.Context, begin time.Time, statement func() (string, int64)) {
	ran, ok := ctx.Value(statementsKey{}).(*int)
	if !ok {
		return
	}
	if *ran++; *ran > maxTraced {
		return
	}
	text, _ := statement()
	verb, _, _ := strings.Cut(text, " ")
	telemetry.Past(ctx, verb, begin, slog.String("db.query.text", text))
}
