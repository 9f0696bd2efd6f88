package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

func exportCommand(w world) *cobra.Command {
	var format, release, name string
	cmd := &cobra.Command{
		Use:   "export SLUG",
		Short: "Write an event to a file",
		Long: `Export writes an event in one of these formats:

  plenary  all of it, without loss: draft, people, meetings, releases. import reads it again. It
           holds personal data.
  json     the public agenda of a release, as agenda.json serves it
  ics      the public calendar of a release, as agenda.ics serves it

It works on the database directly, with the server up or down.`,
		Example: `  plenary export vidw-2025 --format plenary -o forum.json
  plenary export vidw-2025 --format ics --release draft -o preview.ics`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in, err := open(cmd.Context(), w)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, in.Close()) }()
			write, err := in.export(cmd.Context(), args[0], format, release)
			if err != nil {
				return err
			}
			return writeOutput(w, name, 0o600, write)
		},
	}
	cmd.Flags().StringVar(&format, "format", "plenary", "plenary, json or ics")
	cmd.Flags().StringVar(&release, "release", "", "number of the release, or draft; without, the latest (json and ics)")
	cmd.Flags().StringVarP(&name, "output", "o", "-", `file to write, "-" for standard output`)
	return cmd
}

// export gives what writes the event in the format.
func (i *installation) export(ctx context.Context, slug, format, release string) (func(io.Writer) error, error) {
	switch format {
	case "plenary":
		if release != "" {
			return nil, usageError{errors.New("--release is for the formats json and ics: plenary holds all releases")}
		}
		bundle, err := i.app.ExportEvent(ctx, operator, slug)
		if err != nil {
			return nil, err
		}
		return func(out io.Writer) error { return exchange.EncodeBundle(out, bundle) }, nil
	case "json", "ics":
	default:
		return nil, usageError{fmt.Errorf("--format is %q, but must be plenary, json or ics", format)}
	}
	r, err := i.release(ctx, slug, release)
	if err != nil {
		return nil, err
	}
	body, err := i.public(ctx, r, format)
	if err != nil {
		return nil, err
	}
	return func(out io.Writer) error {
		_, err := out.Write(body)
		return err
	}, nil
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
func (i *installation) public(ctx context.Context, r *agenda.Release, format string) ([]byte, error) {
	base := i.config.BaseURL
	if base == "" {
		base = "http://" + i.config.Addr
	}
	if format == "json" {
		return exchange.AgendaJSON(*r, exchange.AgendaOptions{BaseURL: base})
	}
	return i.app.ReleaseCalendar(ctx, operator, r, base)
}
