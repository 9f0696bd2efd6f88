package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/source"
	"plenary/internal/store"
)

// ImportOptions say how a file of another program becomes part of an Event.
type ImportOptions struct {
	Slug string
	// Source names where the file is from, so that another version of it changes what this one brought; "": that of its
	// format. Files that have nothing to do with each other need different names.
	Source string
	// Zone is that of times that name none, and of an Event that is created; "": the one that the file names, or the Event's.
	Zone string
	// Language is that of texts whose language the file does not tell; "": that of the file before, or else the Event's
	// first, and English for an Event that is created from a file that names none.
	Language string
	// DryRun does everything and keeps nothing.
	DryRun bool
	// Progress is told how many of the entries are done; nil: nobody is.
	Progress func(done, total int64)
}

// Imported is what an import did, or would do.
type Imported struct {
	Event   agenda.Event
	Created bool // the Event
	Source  string
	Again   bool // the Source was known
	Format  source.Format
	Mapping *source.Mapping // of a table
	// Changes are those of the draft's Panels, as the public would see them; of what has no time there is no more than
	// that it was added, edited or cancelled.
	Changes   []agenda.Change
	Items     int // in the file
	Talks     int
	Unchanged int // Panels of the file
	// Rooms, Tracks and People are the names of those that are new.
	Rooms, Tracks, People []string
	Conflicts             []agenda.Conflict // of the whole draft, with the import
	Findings              []source.Finding  // by line
}

// Count gives how many of the Changes are of the kind.
func (r *Imported) Count(kind agenda.ChangeKind) int {
	n := 0
	for _, c := range r.Changes {
		if c.Kind == kind {
			n++
		}
	}
	return n
}

// errDryRun takes back what a dry run did.
var errDryRun = errors.New("app: dry run")

// Import takes what a file says into the draft of the Event of that slug, which is created from it if it is not there.
// What the same Source brought before is known again by the identity that it has there, and changed where the file says
// something else than it said last; what organizers made of the rest stays. Panels that the file no longer has are
// cancelled. Nothing is deleted, and nothing is public before it is published.
//
// All of it is done, or nothing.
func (a *App) Import(ctx context.Context, actor agenda.Actor, p source.Programme, o ImportOptions) (Imported, error) {
	if o.Source == "" {
		o.Source = sourceOf(p.Format)
	}
	var f agenda.Faults
	agenda.CheckString(&f, "/source", o.Source, agenda.MaxName)
	if o.Language != "" {
		f.Merge("/language", agenda.CheckLanguage(o.Language))
	}
	if err := f.Err("import"); err != nil {
		return Imported{}, err
	}
	var done Imported
	err := a.write(ctx, actor, func(tx *store.Tx) error {
		done = Imported{Source: o.Source, Format: p.Format, Mapping: p.Mapping, Findings: slices.Clone(p.Findings)}
		i := &importing{a: a, tx: tx, actor: actor, options: o, programme: p, done: &done}
		i.programme.Items = slices.Clone(p.Items) // some are corrected
		if err := i.run(); err != nil {
			return err
		}
		if o.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Imported{}, err
	}
	done.Findings = foldFindings(done.Findings)
	return done, nil
}

// sourceOf gives the name of the Source that files of a format are from where nobody names another. Formats that know
// things by the same identities share it.
func sourceOf(f source.Format) string {
	switch f {
	case source.ScheduleXML, source.ScheduleJSON:
		return "schedule"
	case source.SessionizeAll, source.SessionizeGrid:
		return "sessionize"
	case source.CSV, source.XLSX:
		return "table"
	case source.ICS:
		return "calendar"
	}
	return string(f)
}

// importing is a Programme on its way into an Event.
type importing struct {
	a         *App
	tx        *store.Tx
	actor     agenda.Actor
	options   ImportOptions
	programme source.Programme
	done      *Imported

	event    agenda.Event
	zone     *time.Location // the Event's
	fileZone *time.Location // of times that name none
	language string
	before   agenda.Draft
	source   agenda.Source // as the file before left it
	origins  *origins

	rooms  names
	tracks names
	people names
	panels map[agenda.ID]agenda.Panel // that the Event had
	talks  map[agenda.ID]bool         // the same of their Interventions
	codes  map[string]bool            // in use
	uids   map[string]bool            // in use
	taken  map[agenda.ID]bool         // identities that are in use

	claimed map[agenda.ID]bool // Panels that an entry of the file is

	inserted      []agenda.Panel
	updated       []agenda.Panel
	newRooms      bool
	edited        bool               // a room, a track or a person
	changedPeople [][2]agenda.Person // as each was before and is, of those who changed
	offsets       offsets
	found         map[string]bool // what the file's reader has found, by rule, line and name
	serials       []serialClaim
}

func (i *importing) run() error {
	if err := i.open(); err != nil {
		return err
	}
	var err error
	if i.before, err = draftOf(i.tx, i.event); err != nil {
		return err
	}
	if err := i.index(); err != nil {
		return err
	}
	steps := []func() error{i.takeRooms, i.takeTracks, i.takePeople, i.takeItems, i.cancelMissing, i.write, i.keep, i.report}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// warn notes something that was not taken as it stands.
func (i *importing) warn(line int, rule source.Rule, format string, args ...any) {
	if len(i.done.Findings) < 2*source.MaxFindings {
		i.done.Findings = append(i.done.Findings, source.Finding{Line: line, Rule: rule, Text: fmt.Sprintf(format, args...)})
	}
}

// index makes what the Event has known by its identities and names.
func (i *importing) index() error {
	i.origins = newOrigins(i.source.Origins)
	i.rooms, i.tracks, i.people = newNames(), newNames(), newNames()
	i.panels, i.talks, i.claimed = map[agenda.ID]agenda.Panel{}, map[agenda.ID]bool{}, map[agenda.ID]bool{}
	i.codes, i.uids = map[string]bool{}, map[string]bool{}
	for _, r := range i.before.Rooms {
		i.rooms.addText(r.Name, r.ID, r.Position)
	}
	for _, t := range i.before.Tracks {
		i.tracks.addText(t.Name, t.ID, t.Position)
	}
	for _, p := range i.before.People {
		i.people.add(p.Name, p.ID)
	}
	for _, p := range i.before.Panels {
		i.panels[p.ID], i.codes[p.Code], i.uids[p.UID] = p, true, true
		for _, v := range p.Interventions {
			i.talks[v.ID] = true
		}
	}
	return i.indexIdentities()
}

// indexIdentities asks which of the file's identities and UIDs are in use, so that things can have them here too.
func (i *importing) indexIdentities() error {
	var ids []agenda.ID
	var uids []string
	add := func(guid string) {
		if guid != "" {
			ids = append(ids, agenda.ID(guid))
		}
	}
	for _, r := range i.programme.Rooms {
		add(r.GUID)
	}
	for _, p := range i.programme.People {
		add(p.GUID)
	}
	for _, item := range i.programme.Items {
		add(item.GUID)
		if item.UID != "" {
			uids = append(uids, item.UID)
		}
		for _, t := range item.Talks {
			add(t.GUID)
		}
	}
	taken, err := i.tx.IDsInUse(ids)
	if err != nil {
		return err
	}
	i.taken = map[agenda.ID]bool{}
	for _, id := range taken {
		i.taken[id] = true
	}
	elsewhere, err := i.tx.UIDsElsewhere(i.event.ID, uids)
	for _, uid := range elsewhere {
		i.uids[uid] = true
	}
	return err
}

// identity gives a new thing the identity that it has in its source, where that is a UUID and free; another otherwise.
func (i *importing) identity(guid string) agenda.ID {
	id := agenda.ID(guid)
	if id == "" || i.taken[id] {
		return i.a.newID()
	}
	i.taken[id] = true
	return id
}
