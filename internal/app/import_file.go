package app

import (
	"bytes"
	"context"
	"regexp"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"plenary/internal/agenda"
	"plenary/internal/ical"
	"plenary/internal/source"
	"plenary/internal/store"
)

// ImportFile is [App.Import] of a file as it is, whose format is told by what is in it unless it is named. A table for
// which no mapping is given is read with the one that its source was imported with last, as far as it has the same
// columns; an empty one is as the headers suggest. Plenary's own files are whole events: see [App.ImportEvent].
func (a *App) ImportFile(ctx context.Context, actor agenda.Actor, data []byte, f source.Format, mapping *source.Mapping, o ImportOptions) (Imported, error) {
	if f == "" {
		var err error
		if f, err = source.Sniff(data); err != nil {
			return Imported{}, err
		}
	}
	if f == source.Plenary {
		return Imported{}, agenda.Errorf(agenda.Invalid, "This is a whole event, as Plenary exports it: it can't become a part of another one.")
	}
	if o.Source == "" {
		o.Source = sourceOf(f)
	}
	zone, saved, err := a.known(ctx, actor, o)
	if err != nil {
		return Imported{}, err
	}
	var p source.Programme
	if f == source.ICS {
		text, turned := inUTF8(data)
		c, err := ical.Read(bytes.NewReader(text), ical.ReadOptions{Zone: zone})
		if err != nil {
			return Imported{}, err
		}
		if p = CalendarProgramme(c); turned {
			p.Findings = append(p.Findings, source.Finding{Rule: source.BadValue,
				Text: "The file is not in UTF-8: it was read as Windows-1252. If letters with accents are wrong, save it in UTF-8."})
		}
	} else {
		if p, err = readMapped(data, f, mapping, saved); err != nil {
			return Imported{}, err
		}
	}
	return a.Import(ctx, actor, p, o)
}

// readMapped reads a file with the mapping that is given, else with the one that its source had.
func readMapped(data []byte, f source.Format, given, saved *source.Mapping) (source.Programme, error) {
	switch {
	case given == nil:
		return source.Read(data, f, source.Options{Mapping: saved, Remembered: true})
	case len(given.Columns) == 0:
		return source.Read(data, f, source.Options{})
	}
	return source.Read(data, f, source.Options{Mapping: given})
}

var folds = regexp.MustCompile(`[\r\n]+[ \t]`)

// inUTF8 gives a calendar in UTF-8, and says whether it was in Windows-1252: it is where it is not valid and has no letter
// at all that UTF-8 writes with several bytes. Some programs fold lines within such a letter.
func inUTF8(data []byte) (text []byte, turned bool) {
	if utf8.Valid(data) {
		return data, false
	}
	unfolded := folds.ReplaceAll(data, nil)
	for len(unfolded) > 0 {
		_, size := utf8.DecodeRune(unfolded)
		if size > 1 {
			return data, false
		}
		unfolded = unfolded[size:]
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return data, false
	}
	return text, true
}

// known gives what is known of a file before it is read: the zone of times that name none, and the mapping that its
// source had. An Event that is not there is no error yet.
func (a *App) known(ctx context.Context, actor agenda.Actor, o ImportOptions) (zone *time.Location, mapping *source.Mapping, err error) {
	if o.Zone != "" {
		if zone, err = agenda.LoadZone(o.Zone); err != nil {
			var f agenda.Faults
			f.Merge("/zone", err)
			return nil, nil, f.Err("import")
		}
	}
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		e, err := authorized(tx, actor, agenda.EditEvent, o.Slug)
		if agenda.CodeOf(err) == agenda.NotFound && agenda.Authorize(actor, agenda.CreateEvents, "") == nil {
			return nil
		}
		if err != nil {
			return err
		}
		if zone == nil {
			zone = e.Location()
		}
		s, err := tx.Source(e.ID, o.Source)
		if agenda.CodeOf(err) == agenda.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		mapping, err = mappingOf(s)
		return err
	})
	return zone, mapping, err
}
