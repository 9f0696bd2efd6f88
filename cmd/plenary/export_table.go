package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"plenary/internal/exchange"
)

// tables gives what writes the tables for organizers.
func (i *installation) tables(ctx context.Context, e exporting) (func(io.Writer) error, error) {
	name := "agenda.xlsx"
	if e.format == "csv" {
		if name = e.table; name == "" {
			name = "panels"
		}
		name += ".csv"
	}
	n := slices.IndexFunc(exchange.TableFormats, func(f exchange.TableFormat) bool { return f.File == name })
	if n < 0 {
		return nil, usageError{fmt.Errorf("--table is %q, but must be panels, people or meetings", e.table)}
	}
	t, err := i.app.Tables(ctx, operator, e.slug, i.base())
	if err != nil {
		return nil, err
	}
	return func(out io.Writer) error { return exchange.TableFormats[n].Write(out, t) }, nil
}
