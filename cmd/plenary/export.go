package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// exporting is what an export was asked for.
type exporting struct {
	slug, format, release, language, table string
}

func exportCommand(w world) *cobra.Command {
	var e exporting
	var name string
	cmd := &cobra.Command{
		Use:   "export SLUG",
		Short: "Write an event to a file",
		Long: `Export writes an event in one of these formats:

  plenary  all of it, without loss: draft, people, meetings, releases. import reads it again. It
           holds personal data.

What the public gets of a release, in the bytes that the server answers with:

  json     agenda.json
  ics      agenda.ics, the calendar
  atom     changes.atom, what each release changed
  schedule.xml, schedule.json, xcal, giggity
           for the apps of conferences and for video teams
  sessionize-all, sessionize-gridsmart, sessionize-sessions, sessionize-speakers
           for what is made for Sessionize's API

Tables of the draft, for organizers. They hold personal data:

  csv      one of them: --table panels, people or meetings
  xlsx     a workbook with all three

It works on the database directly, with the server up or down.`,
		Example: `  plenary export vidw-2025 --format plenary -o forum.json
  plenary export vidw-2025 --format schedule.xml -o schedule.xml
  plenary export vidw-2025 --format ics --release draft -o preview.ics
  plenary export vidw-2025 --format csv --table meetings -o meetings.csv`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			e.slug = args[0]
			if err := e.check(); err != nil {
				return err
			}
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			write, err := in.export(cmd.Context(), e)
			if err != nil {
				return err
			}
			return writeOutput(w, name, 0o600, write)
		},
	}
	f := cmd.Flags()
	f.StringVar(&e.format, "format", "plenary", strings.Join(exportFormats(), ", "))
	f.StringVar(&e.release, "release", "", "number of the release, or draft; without, the latest (formats for the public)")
	f.StringVar(&e.language, "language", "", "BCP 47 tag; without, the event's first language (formats for the public, but for json and ics)")
	f.StringVar(&e.table, "table", "", "panels (the default), people or meetings (csv)")
	f.StringVarP(&name, "output", "o", "-", `file to write, "-" for standard output`)
	return cmd
}

// exportFormats lists the formats by name.
func exportFormats() []string {
	names := []string{"plenary", "json", "ics", "atom"}
	for _, f := range exchange.PublicFormats {
		names = append(names, f.Name)
	}
	return append(names, "csv", "xlsx")
}

// check refuses flags that the format does not have.
func (e exporting) check() error {
	forPublic := !slices.Contains([]string{"plenary", "csv", "xlsx"}, e.format)
	switch {
	case !slices.Contains(exportFormats(), e.format):
		return usageError{fmt.Errorf("--format is %q, but must be one of %s", e.format, strings.Join(exportFormats(), ", "))}
	case e.release != "" && (!forPublic || e.format == "atom"):
		return usageError{fmt.Errorf("--release is for what the public gets of one release: %s is more", e.format)}
	case e.language != "" && (!forPublic || e.format == "json" || e.format == "ics"):
		return usageError{fmt.Errorf("--language is not for the format %s", e.format)}
	case e.table != "" && e.format != "csv":
		return usageError{errors.New("--table is for the format csv")}
	case e.language != "" && agenda.CheckLanguage(e.language) != nil:
		return usageError{fmt.Errorf("--language: %w", agenda.CheckLanguage(e.language))}
	}
	return nil
}

// export gives what writes the event in the format.
func (i *installation) export(ctx context.Context, e exporting) (func(io.Writer) error, error) {
	switch e.format {
	case "plenary":
		bundle, err := i.app.ExportEvent(ctx, operator, e.slug)
		if err != nil {
			return nil, err
		}
		return func(out io.Writer) error { return exchange.EncodeBundle(out, bundle) }, nil
	case "csv", "xlsx":
		return i.tables(ctx, e)
	}
	body, err := i.public(ctx, e)
	if err != nil {
		return nil, err
	}
	return func(out io.Writer) error {
		_, err := out.Write(body)
		return err
	}, nil
}

// base is the address that links begin with.
func (i *installation) base() string {
	if i.config.BaseURL == "" {
		return "http://" + i.config.Addr
	}
	return i.config.BaseURL
}

// release gives the Release that --release names.
func (i *installation) release(ctx context.Context, slug, which string) (*agenda.Release, error) {
	switch which {
	case "":
		r, err := i.app.Published(ctx, slug)
		if agenda.CodeOf(err) == agenda.NotFound {
			if _, missing := i.app.Event(ctx, operator, slug); missing == nil {
				return nil, fmt.Errorf("%s has no release yet: publish it, or export its draft with --release draft", slug)
			}
		}
		return r, err
	case "draft":
		return i.app.Preview(ctx, operator, slug)
	}
	number, err := strconv.Atoi(which)
	if err != nil || number < 1 {
		return nil, usageError{fmt.Errorf("--release is %q, but must be a number from 1 on, or draft", which)}
	}
	return i.app.ReleaseByNumber(ctx, operator, slug, number)
}

// public gives the bytes that the server answers with, under PLENARY_BASE_URL.
func (i *installation) public(ctx context.Context, e exporting) ([]byte, error) {
	r, err := i.release(ctx, e.slug, e.release)
	if err != nil {
		return nil, err
	}
	base := i.base()
	switch e.format {
	case "json":
		d, err := exchange.AgendaJSON(*r, exchange.AgendaOptions{BaseURL: base})
		return d.Bytes(), err
	case "ics":
		return i.app.ReleaseCalendar(ctx, operator, r, base)
	case "atom":
		h, err := i.app.PublishedHistory(ctx, e.slug, math.MaxInt)
		if err != nil {
			return nil, err
		}
		return exchange.ChangesAtom(base, h, e.language)
	}
	n := slices.IndexFunc(exchange.PublicFormats, func(f exchange.PublicFormat) bool { return f.Name == e.format })
	return exchange.PublicFormats[n].Write(*r, exchange.PublicOptions{BaseURL: base, Language: e.language})
}
