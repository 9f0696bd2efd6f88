package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/source"
)

// importing is what an import was asked for.
type importing struct {
	world
	name    string // of the file, "-" for standard input
	format  string
	mapping []string // HEADER=COLUMN
	dryRun  bool
	options app.ImportOptions
}

func importCommand(w world) *cobra.Command {
	i := importing{world: w}
	cmd := &cobra.Command{
		Use:   "import FILE|-|URL",
		Short: "Add an event, or take the programme of another program into one",
		Long: `Import reads a file, standard input ("-") or an address on the web, in one of these formats, which it
tells by what is in it:

  plenary               a whole event that export wrote. One that is here already is refused
  schedule.xml          pentabarf, frab, c3voc, pretalx
  schedule.json         the same as JSON
  sessionize-all        Sessionize's API, the views All and GridSmart
  sessionize-gridsmart
  pretalx               objects of pretalx's API
  csv, xlsx             a table; its headers say which column is what, or --map does
  ics                   a calendar

All but the first become panels in the draft of the event that --event names, with their rooms,
tracks and speakers. Without such an event it is created from what the file says of it. Nothing is
public before you publish it, and with --dry-run nothing is written at all: look at that first.

Things are known again by the identities that they have in the file. A newer version of it changes
what it says otherwise than before; what you changed here meanwhile stays where the file did not
change. Panels that it no longer has are cancelled, and nothing is deleted. Files that have nothing
to do with each other need different names: --source.

All of it is taken, or nothing when the file can't be read. What was not taken as it stands is said
on standard error, with its line. It works on the database directly, with the server up or down.`,
		Example: `  plenary import forum.json
  plenary import schedule.xml --event froscon-2013 --zone Europe/Berlin --dry-run
  plenary import https://pretalx.example.org/conf/schedule/export/schedule.json --event conf
  plenary import programme.csv --event mica-2026 --zone Asia/Ho_Chi_Minh --language vi --map "Chủ tọa=chair"
  plenary export forum-2025 | ssh other plenary import -`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			i.name = args[0]
			return i.run(cmd)
		},
	}
	f := cmd.Flags()
	f.StringVar(&i.options.Slug, "event", "", "slug of the event; Plenary's own file has one, which this replaces")
	f.StringVar(&i.format, "format", "", "format of the file, when it can't be told by what is in it")
	f.StringVar(&i.options.Source, "source", "", "name for where the file is from, to know its things again; without, that of its format")
	f.StringVar(&i.options.Zone, "zone", "", "IANA time zone of times that name none, and of the event if it is new")
	f.StringVar(&i.options.Language, "language", "", "BCP 47 tag of texts that name none; without, that of the file before it or the first of the event, or en if it is new")
	f.StringArrayVar(&i.mapping, "map", nil, `which column of a table is what, as "HEADER=COLUMN"; may be given several times`)
	f.BoolVar(&i.dryRun, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

func (i *importing) run(cmd *cobra.Command) error {
	if f := source.Format(i.format); f != "" && !slices.Contains(source.Formats, f) {
		return usageError{fmt.Errorf("--format is %q, but must be one of %s", f, strings.Trim(fmt.Sprint(source.Formats), "[]"))}
	}
	data, err := i.read(cmd)
	if err != nil {
		return err
	}
	f := source.Format(i.format)
	if f == "" {
		if f, err = source.Sniff(data); err != nil {
			return err
		}
	}
	if f == source.Plenary {
		return i.event(cmd, data)
	}
	return i.programme(cmd, data, f)
}

// webPattern is how addresses on the web begin, in whichever case (RFC 3986, 3.1).
var webPattern = regexp.MustCompile(`^(?i:https?)://`)

// read gives what is imported: at most as much as can be.
func (i *importing) read(cmd *cobra.Command) ([]byte, error) {
	file := io.NopCloser(i.In)
	switch {
	case webPattern.MatchString(i.name):
		return fetched(cmd.Context(), i.name)
	case i.name != "-":
		f, err := os.Open(i.name)
		if err != nil {
			return nil, err
		}
		file = f
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, source.MaxFile+1))
	if err == nil && len(data) > source.MaxFile {
		err = fmt.Errorf("the file is larger than %d MiB", source.MaxFile>>20)
	}
	return data, err
}

// event adds the Event of Plenary's own file.
func (i *importing) event(cmd *cobra.Command, data []byte) error {
	if i.options.Zone != "" || i.options.Language != "" || i.options.Source != "" || len(i.mapping) > 0 {
		return usageError{errors.New("--zone, --language, --source and --map are for files of other programs: Plenary's own says all of it")}
	}
	bundle, err := exchange.DecodeBundle(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if err != nil {
		return err
	}
	return i.with(cmd, func(in *installation) error {
		add := in.app.ImportEvent
		if i.dryRun {
			add = in.app.TryImportEvent
		}
		e, err := add(cmd.Context(), operator, bundle, i.options.Slug)
		if err != nil {
			return err
		}
		d := bundle.Draft
		fmt.Fprintf(i.Out, "Imported %s: %s, %s, %s, %s.\n", e.Slug, count(len(d.Panels), "panel"),
			people(len(d.People)), count(len(bundle.Meetings), "meeting"), count(len(bundle.Releases), "release"))
		i.sayDry()
		return nil
	})
}

// with opens the database for what do does.
func (i *importing) with(cmd *cobra.Command, do func(*installation) error) (err error) {
	in, err := open(cmd.Context(), i.world)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return do(in)
}

// programme takes what another program says into an Event.
func (i *importing) programme(cmd *cobra.Command, data []byte, f source.Format) error {
	o := i.options
	if o.Slug == "" {
		return usageError{errors.New("a file of another program becomes part of an event: name its slug with --event, whether it is here already or not")}
	}
	if o.Zone != "" {
		if _, err := agenda.LoadZone(o.Zone); err != nil {
			return usageError{fmt.Errorf("--zone: %w", err)}
		}
	}
	if o.Language != "" {
		if err := agenda.CheckLanguage(o.Language); err != nil {
			return usageError{fmt.Errorf("--language: %w", err)}
		}
	}
	mapping, err := readMapping(i.mapping)
	if err != nil {
		return err
	}
	return i.with(cmd, func(in *installation) error {
		bar, begun := newProgress(i.Err, "Importing"), time.Now()
		o.DryRun, o.Progress = i.dryRun, func(done, total int64) {
			if time.Since(begun) > patience {
				bar.show(done, total)
			}
		}
		done, err := in.app.ImportFile(cmd.Context(), operator, data, f, mapping, o)
		bar.done()
		if err != nil {
			return err
		}
		i.say(done)
		return nil
	})
}

// patience is how long an import may take without a word.
const patience = 2 * time.Second

// readMapping reads what --map says; nil for nothing.
func readMapping(list []string) (*source.Mapping, error) {
	if len(list) == 0 {
		return nil, nil
	}
	m := &source.Mapping{Columns: map[string]source.Column{}}
	for _, s := range list {
		at := strings.LastIndex(s, "=")
		if at < 1 {
			return nil, usageError{fmt.Errorf("--map is %q, but must be HEADER=COLUMN, such as \"Chủ tọa=chair\"", s)}
		}
		m.Columns[s[:at]] = source.Column(s[at+1:])
	}
	return m, nil
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func newPeople(n int) string {
	count, noun, _ := strings.Cut(people(n), " ")
	return count + " new " + noun
}

func (i *importing) sayDry() {
	if i.dryRun {
		fmt.Fprintln(i.Out, "This was a dry run: nothing was written.")
	}
}

// mappingWords gives a mapping as --map takes it.
func mappingWords(m *source.Mapping) []string {
	var list []string
	for _, header := range sortedKeys(m.Columns) {
		list = append(list, fmt.Sprintf("%s=%s", header, m.Columns[header]))
	}
	return list
}
