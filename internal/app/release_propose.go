package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// Proposal is what would be published now, and what there is to know before it is.
type Proposal struct {
	Event        agenda.Event
	Before       *agenda.Release // what is published; nil: nothing yet. It must not be changed
	Next         agenda.Snapshot
	Draft        agenda.Draft
	Changes      []agenda.Change
	Prints       []string // one for each Change: another one as soon as it is another change
	Beside       []Beside // what changes besides panels
	Touched      []agenda.Touch
	Untranslated map[string]int // texts that lack a language, by language
	Conflicts    []agenda.Conflict
	Releases     []agenda.Release               // the newest ones, without what is in them
	Letters      map[agenda.Telling]LetterCount // what becomes of letters, by what is asked for
	Rule         agenda.LetterRule              // by which they go
	Seen         string                         // names what is here, for publishing no more than that
}

// Beside is a noun that the public sees other than it was, and that is no Panel.
type Beside struct {
	Kind   string // event, room, track or person
	Name   agenda.Text
	Fields []string // those that differ, by their names in the API; none for what is new
	Gone   bool
}

// Empty says whether publishing would change nothing.
func (p *Proposal) Empty() bool { return p.Before != nil && len(p.Changes) == 0 && len(p.Beside) == 0 }

// Propose gives what Publish would do.
func (a *App) Propose(ctx context.Context, actor agenda.Actor, slug string) (p Proposal, err error) {
	err = a.view(ctx, actor, agenda.PublishEvent, slug, func(tx *store.Tx, e agenda.Event) error {
		if p, err = a.propose(tx, actor, e); err != nil {
			return err
		}
		if err := a.proposeLetters(tx, e, &p); err != nil {
			return err
		}
		rows, _, err := tx.Releases(e.ID, Page{Limit: maxProposedReleases})
		for _, row := range rows {
			p.Releases = append(p.Releases, agenda.Release{ID: row.ID, EventID: row.EventID, Number: row.Number, Published: row.Published, By: row.By, Note: row.Note})
		}
		return err
	})
	return p, err
}

// maxProposedReleases is how many earlier Releases a Proposal lists.
const maxProposedReleases = 20

func (a *App) propose(tx *store.Tx, actor agenda.Actor, e agenda.Event) (Proposal, error) {
	p := Proposal{Event: e}
	var err error
	if p.Draft, err = draftOf(tx, e); err != nil {
		return p, err
	}
	if p.Conflicts, err = a.allConflicts(tx, actor, e); err != nil {
		return p, err
	}
	before, err := a.lastRelease(tx, e.ID)
	if err != nil {
		return p, err
	}
	var old *agenda.Snapshot
	if before.ID != "" {
		p.Before, old = before, &before.Snapshot
	}
	p.Next = agenda.NewSnapshot(p.Draft, old)
	p.Changes = agenda.Diff(old, &p.Next)
	p.Touched = agenda.Touched(old, &p.Next, p.Changes)
	p.Untranslated = p.Next.Untranslated()
	if p.Seen, p.Prints, err = printsOf(before.Number, p.Next, p.Changes); err != nil || old == nil {
		return p, err
	}
	p.Beside, err = besides(*old, p.Next)
	return p, err
}

// printsOf names the Snapshot that would follow the Release of that number, and each of the changes.
func printsOf(before int, next agenda.Snapshot, changes []agenda.Change) (all string, prints []string, err error) {
	bare := next.Bare()
	sum := func(s agenda.Snapshot, with string) (string, error) {
		body, err := exchange.EncodeSnapshotAnew(s)
		hash := sha256.Sum256(append(body, with...))
		return hex.EncodeToString(hash[:8]), err
	}
	panels := map[agenda.ID]*agenda.Panel{}
	for _, p := range bare.Panels {
		panels[p.ID] = p
	}
	for _, c := range changes {
		var only agenda.Snapshot
		if p, stays := panels[c.PanelID]; stays {
			only.Panels = []*agenda.Panel{p}
		}
		print, err := sum(only, string(c.Kind)+" "+string(c.PanelID)+" "+c.Words["en"])
		if err != nil {
			return "", nil, err
		}
		prints = append(prints, print)
	}
	all, err = sum(bare, strconv.Itoa(before))
	return all, prints, err
}

// besides gives what the public sees other than it was, but for Panels.
func besides(old, next agenda.Snapshot) (all []Beside, err error) {
	old, next = old.Bare(), next.Bare()
	if all, err = compared(all, next.Event, "event", []agenda.Event{old.Event}, []agenda.Event{next.Event},
		func(e agenda.Event) (agenda.ID, agenda.Text) { return e.ID, e.Name }); err != nil {
		return nil, err
	}
	if all, err = compared(all, next.Event, "room", old.Rooms, next.Rooms,
		func(r agenda.Room) (agenda.ID, agenda.Text) { return r.ID, r.Name }); err != nil {
		return nil, err
	}
	if all, err = compared(all, next.Event, "track", old.Tracks, next.Tracks,
		func(t agenda.Track) (agenda.ID, agenda.Text) { return t.ID, t.Name }); err != nil {
		return nil, err
	}
	all, err = compared(all, next.Event, "person", old.People, next.People,
		func(p agenda.Person) (agenda.ID, agenda.Text) { return p.ID, agenda.Text{"und": p.Name} })
	// Who comes and goes is told with the panels.
	return slices.DeleteFunc(all, func(b Beside) bool { return b.Kind == "person" && len(b.Fields) == 0 }), err
}

// compared adds those of one kind that differ.
func compared[T any](all []Beside, e agenda.Event, kind string, old, next []T, nameOf func(T) (agenda.ID, agenda.Text)) ([]Beside, error) {
	before := map[agenda.ID]T{}
	for _, o := range old {
		id, _ := nameOf(o)
		before[id] = o
	}
	for _, n := range next {
		id, name := nameOf(n)
		o, known := before[id]
		delete(before, id)
		if !known {
			all = append(all, Beside{Kind: kind, Name: name})
			continue
		}
		_, fields, err := exchange.FieldsThatDiffer(e, o, n)
		if err != nil {
			return nil, err
		}
		if len(fields) > 0 {
			all = append(all, Beside{Kind: kind, Name: name, Fields: sortedKeys(fields)})
		}
	}
	for _, o := range old {
		id, name := nameOf(o)
		if _, gone := before[id]; gone {
			all = append(all, Beside{Kind: kind, Name: name, Gone: true})
		}
	}
	return all, nil
}

// refuseUnseen refuses to publish what is not what was seen; "" takes whatever there is.
func (a *App) refuseUnseen(seen string, before int, next agenda.Snapshot) error {
	if seen == "" {
		return nil
	}
	now, _, err := printsOf(before, next, nil)
	if err == nil && now != seen {
		return agenda.Errorf(agenda.Stale, "The draft was changed meanwhile: look at what would be published now.")
	}
	return err
}
