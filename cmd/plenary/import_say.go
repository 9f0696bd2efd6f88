package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// say tells what an import did: what was odd on standard error, what came of it on standard output.
func (i *importing) say(r app.Imported) {
	for _, f := range r.Findings {
		at := i.name
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d", i.name, f.Line)
		}
		fmt.Fprintf(i.Err, "%s: %s\n", at, f.Text)
	}
	e := r.Event
	if r.Created {
		fmt.Fprintf(i.Out, "Created the event %s: %s, %s to %s by the clock of %s.\n", e.Slug, agenda.NewReader("en", "en").String(e.Name), e.StartDate, e.EndDate, e.Zone)
	}
	if r.Mapping != nil {
		fmt.Fprintf(i.Out, "Columns: %s.\n", strings.Join(mappingWords(r.Mapping), ", "))
	}
	i.sayChanges(r)
	fmt.Fprintf(i.Out, "Imported into the draft of %s: %s; %s, %s, %s.\n", e.Slug, kindWords(r), count(len(r.Rooms), "new room"), count(len(r.Tracks), "new track"),
		newPeople(len(r.People)))
	if i.dryRun {
		i.sayNew("rooms", r.Rooms)
		i.sayNew("tracks", r.Tracks)
		i.sayNew("people", r.People)
	}
	i.sayConflicts(r.Conflicts)
	i.sayDry()
}

// sayChanges lists what changes. Of what a source brings for the first time, the additions would be the file again: they
// are listed to those who only look.
func (i *importing) sayChanges(r app.Imported) {
	reader := agenda.NewReader("en", "en")
	for _, c := range r.Changes {
		if c.Kind == agenda.ChangeAdded && !r.Again && !i.dryRun {
			continue
		}
		code := " [" + c.Code + "]"
		if c.Kind == agenda.ChangeAdded && i.dryRun {
			code = "" // it will get another one
		}
		fmt.Fprintf(i.Out, "  %s%s\n", strings.ReplaceAll(reader.String(c.Words), "\n", " "), code)
	}
}

// sayNew names what is new.
func (i *importing) sayNew(what string, names []string) {
	if len(names) > 0 {
		fmt.Fprintf(i.Out, "  new %s: %s\n", what, strings.Join(names, "; "))
	}
}

// kindWords says how many panels were changed in which way.
func kindWords(r app.Imported) string {
	words := []string{count(r.Count(agenda.ChangeAdded), "panel") + " added"}
	for _, kind := range agenda.ChangeKinds[1:] {
		if n := r.Count(kind); n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, kind))
		}
	}
	return strings.Join(append(words, fmt.Sprintf("%d unchanged", r.Unchanged)), ", ")
}

// mostConflicts is how many conflicts are told one by one.
const mostConflicts = 20

func (i *importing) sayConflicts(conflicts []agenda.Conflict) {
	var errors []agenda.Conflict
	for _, c := range conflicts {
		if c.Severity == agenda.SeverityError {
			errors = append(errors, c)
		}
	}
	if len(conflicts) == 0 {
		return
	}
	fmt.Fprintf(i.Out, "The draft has %s to mend or acknowledge before it is published, and %s.\n", count(len(errors), "conflict"), count(len(conflicts)-len(errors), "warning"))
	for n, c := range errors {
		if n == mostConflicts {
			fmt.Fprintf(i.Out, "  and %d more\n", len(errors)-n)
			break
		}
		fmt.Fprintf(i.Out, "  %s\n", c.Message)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
