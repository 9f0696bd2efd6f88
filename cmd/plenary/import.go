package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/ical"
)

// importing is what an import was asked for.
type importing struct {
	world
	name     string // of the file, "-" for standard input
	slug     string
	zone     string
	language string // BCP 47
	dryRun   bool
}

func importCommand(w world) *cobra.Command {
	i := importing{world: w}
	cmd := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Add an event, or the entries of a calendar, from a file",
		Long: `Import reads a file that export wrote, or a calendar (.ics) that any program wrote; "-" reads it
from standard input.

From Plenary's own file a whole event is added: panels, people, meetings, releases, and the
subscriptions of calendars; API tokens and the log of activity stay behind. An event that is here
already is refused.

The entries of a calendar become panels in the draft of the event that --event names. Without such
an event it is created, from the name, the zone and the days that the calendar tells. Places become
rooms, the first category of each entry its track, attendees its speakers. Entries are known again
by their UID: importing the same file twice changes nothing, and a newer one changes what differs.
Nothing is removed, and nothing is public before you publish it.

All of it is added, or nothing when something is wrong. What was not taken as it stands is said on
standard error, with its line. It works on the database directly, with the server up or down.`,
		Example: `  plenary import forum.json
  plenary import forum.json --event forum-2026
  plenary import programme.ics --event forum-2026 --zone Asia/Ho_Chi_Minh --dry-run
  plenary export forum-2025 | ssh other plenary import -`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			i.name = args[0]
			return i.run(cmd)
		},
	}
	cmd.Flags().StringVar(&i.slug, "event", "", "slug of the event; Plenary's own file has one, which this replaces")
	cmd.Flags().StringVar(&i.zone, "zone", "", "IANA time zone of a calendar's times that name none, and of the event if it is new")
	cmd.Flags().StringVar(&i.language, "language", "", "BCP 47 tag of a calendar's texts; without, the first language of the event, or en if it is new")
	cmd.Flags().BoolVar(&i.dryRun, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

func (i *importing) run(cmd *cobra.Command) error {
	file := io.NopCloser(i.In)
	if i.name != "-" {
		f, err := os.Open(i.name)
		if err != nil {
			return err
		}
		file = f
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, sniffed)
	format, err := sniff(in)
	if err != nil {
		return err
	}
	if format == calendarFile {
		return i.calendar(cmd, in)
	}
	return i.event(cmd, in)
}

// fileFormat is what import reads.
type fileFormat int

const (
	eventFile fileFormat = iota
	calendarFile
)

// sniffed is how many octets of a file are looked at to tell what it is.
const sniffed = 4096

// mark is the byte order mark of UTF-8.
var mark = []byte("\ufeff")

// sniff tells the format of a file by its beginning, and passes the mark before JSON, which must not be there.
func sniff(in *bufio.Reader) (fileFormat, error) {
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	begin := bytes.TrimSpace(bytes.TrimPrefix(head, mark))
	const calendar = "BEGIN:VCALENDAR"
	switch {
	case bytes.HasPrefix(begin, []byte("{")):
		if bytes.HasPrefix(head, mark) {
			_, err := in.Discard(len(mark))
			return eventFile, err
		}
		return eventFile, nil
	case len(begin) >= len(calendar) && strings.EqualFold(string(begin[:len(calendar)]), calendar):
		return calendarFile, nil
	}
	return 0, errors.New("this is neither an event that `plenary export` wrote (JSON, beginning with {) nor a calendar (beginning with BEGIN:VCALENDAR)")
}

// event adds the Event of Plenary's own file.
func (i *importing) event(cmd *cobra.Command, file io.Reader) error {
	if i.zone != "" || i.language != "" {
		return usageError{errors.New("--zone and --language are for calendars: Plenary's own file says both")}
	}
	bundle, err := exchange.DecodeBundle(file)
	if err != nil {
		return err
	}
	return i.with(cmd, func(in *installation) error {
		add := in.app.ImportEvent
		if i.dryRun {
			add = in.app.TryImportEvent
		}
		e, err := add(cmd.Context(), operator, bundle, i.slug)
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

// calendar adds the entries of a calendar to an Event.
func (i *importing) calendar(cmd *cobra.Command, file io.Reader) error {
	if i.slug == "" {
		return usageError{errors.New("a calendar becomes part of an event: name its slug with --event, whether it is here already or not")}
	}
	var zone *time.Location
	if i.zone != "" {
		var err error
		if zone, err = agenda.LoadZone(i.zone); err != nil {
			return usageError{fmt.Errorf("--zone: %w", err)}
		}
	}
	c, err := ical.Read(file, ical.ReadOptions{Zone: zone})
	if err != nil {
		return err
	}
	return i.with(cmd, func(in *installation) error {
		bar, begun := newProgress(i.Err, "Importing"), time.Now()
		report, err := in.app.ImportCalendar(cmd.Context(), operator, c, app.CalendarOptions{Slug: i.slug, Zone: i.zone, Language: i.language, DryRun: i.dryRun,
			Progress: func(done, total int64) {
				if time.Since(begun) > patience {
					bar.show(done, total)
				}
			}})
		bar.done()
		if err != nil {
			return err
		}
		i.say(report)
		return nil
	})
}

// patience is how long an import may take without a word.
const patience = 2 * time.Second

// say tells what an import of a calendar did.
func (i *importing) say(r app.CalendarImport) {
	for _, w := range r.Warnings {
		fmt.Fprintf(i.Err, "%s:%d: %s\n", i.name, w.Line, w.Text)
	}
	e := r.Event
	if r.Created {
		fmt.Fprintf(i.Out, "Created the event %s: %s, %s to %s by the clock of %s.\n", e.Slug, agenda.NewReader("en", "en").String(e.Name), e.StartDate, e.EndDate, e.Zone)
	}
	fmt.Fprintf(i.Out, "Imported into the draft of %s: %s added, %d updated, %d unchanged, %d left out; %s, %s, %s.\n", e.Slug, count(r.Added, "panel"),
		r.Updated, r.Unchanged, r.Skipped, count(len(r.Rooms), "new room"), count(len(r.Tracks), "new track"), newPeople(len(r.People)))
	i.sayDry()
}

func (i *importing) sayDry() {
	if i.dryRun {
		fmt.Fprintln(i.Out, "This was a dry run: nothing was written.")
	}
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
