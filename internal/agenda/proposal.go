package agenda

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Bare gives the Snapshot without what changes whenever somebody saves: revisions, and when things were made and changed. Two
// that are equal then show the same.
func (s Snapshot) Bare() Snapshot {
	s.Event.Revision, s.Event.Created, s.Event.Updated = 0, time.Time{}, time.Time{}
	s.Rooms, s.Tracks, s.People = slices.Clone(s.Rooms), slices.Clone(s.Tracks), slices.Clone(s.People)
	s.Panels, s.Removed = copied(s.Panels), nil
	for i := range s.Rooms {
		s.Rooms[i].Revision, s.Rooms[i].Created, s.Rooms[i].Updated = 0, time.Time{}, time.Time{}
	}
	for i := range s.Tracks {
		s.Tracks[i].Revision, s.Tracks[i].Created, s.Tracks[i].Updated = 0, time.Time{}, time.Time{}
	}
	for i := range s.People {
		s.People[i].Revision, s.People[i].Created, s.People[i].Updated = 0, time.Time{}, time.Time{}
	}
	for _, p := range s.Panels {
		p.Revision, p.Created, p.Updated = 0, time.Time{}, time.Time{}
	}
	return s
}

// TouchKind says how a Person's part changes from one Release to the next.
type TouchKind string

// The kinds of Touch.
const (
	TouchJoins     TouchKind = "joins"     // takes part in a Panel, new or not, in which they did not
	TouchLeaves    TouchKind = "leaves"    // no longer takes part
	TouchRemoved   TouchKind = "removed"   // the Panel is no longer on the agenda
	TouchCancelled TouchKind = "cancelled" // of the Panel, as the following
	TouchRestored  TouchKind = "restored"
	TouchMoved     TouchKind = "moved"
	TouchRole      TouchKind = "role"   // has another role in it
	TouchEdited    TouchKind = "edited" // something else of the Panel that they have a part in, but for who else has one
)

// TouchKinds lists the kinds.
var TouchKinds = []TouchKind{TouchJoins, TouchLeaves, TouchRemoved, TouchCancelled, TouchRestored, TouchMoved, TouchRole, TouchEdited}

// Touch is a Person whose part in a Panel changes.
type Touch struct {
	Person Person
	Panel  ID
	Title  Text
	Kind   TouchKind
}

// Touched gives who would have to be told of the changes between two Snapshots, and of what: by name, then in the order of the
// changes. Before the first Release old is nil, and everybody joins.
func Touched(old, next *Snapshot, changes []Change) []Touch {
	return Compare(old, next).Touches(changes)
}

// Touches is [Touched].
func (c Comparison) Touches(changes []Change) []Touch {
	from, to := c.from, c.to
	var all []Touch
	for _, c := range changes {
		p, q := from.panel(c.PanelID), to.panel(c.PanelID)
		before, after := rolesIn(p), rolesIn(q)
		for person := range before {
			if after[person] == nil {
				kind := TouchLeaves
				if c.Kind == ChangeRemoved {
					kind = TouchRemoved
				}
				all = append(all, Touch{from.person(person), c.PanelID, c.Title, kind})
			}
		}
		for person, roles := range after {
			if kind := touchOf(c, before[person], roles); kind != "" {
				all = append(all, Touch{to.person(person), c.PanelID, c.Title, kind})
			}
		}
	}
	order := map[ID]int{}
	for i, c := range changes {
		order[c.PanelID] = i
	}
	slices.SortFunc(all, func(a, b Touch) int {
		return cmp.Or(strings.Compare(a.Person.Name, b.Person.Name), cmp.Compare(a.Person.ID, b.Person.ID), cmp.Compare(order[a.Panel], order[b.Panel]))
	})
	return all
}

// touchOf says what a change is to somebody who takes part now, "" when it is nothing.
func touchOf(c Change, before, after []Role) TouchKind {
	switch {
	case before == nil:
		return TouchJoins
	case c.Kind == ChangeCancelled:
		return TouchCancelled
	case c.Kind == ChangeRestored:
		return TouchRestored
	case c.Kind == ChangeMoved:
		return TouchMoved
	case !slices.Equal(before, after):
		return TouchRole
	case slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Field != "speakers" }):
		return TouchEdited
	}
	return ""
}

// rolesIn gives who takes part in a Panel, with their roles in order.
func rolesIn(p Panel) map[ID][]Role {
	roles := map[ID][]Role{}
	for _, s := range p.AllSpeakers() {
		roles[s.PersonID] = append(roles[s.PersonID], s.Role)
	}
	for _, list := range roles {
		slices.Sort(list)
	}
	return roles
}

// Untranslated counts the texts of the Snapshot that say something in one language and nothing in another of the Event's, by
// that language.
func (s *Snapshot) Untranslated() map[string]int {
	missing := map[string]int{}
	count := func(texts ...Text) {
		for _, t := range texts {
			for _, tag := range t.Missing(s.Event.Languages) {
				missing[tag]++
			}
		}
	}
	count(s.Event.Name, s.Event.Description, s.Event.Venue.Name)
	for _, r := range s.Rooms {
		count(r.Name, r.Description)
	}
	for _, t := range s.Tracks {
		count(t.Name, t.Description)
	}
	for _, p := range s.People {
		count(p.Honorific, p.JobTitle, p.Organization, p.Bio)
	}
	for _, p := range s.Panels {
		count(p.Title, p.Abstract, p.shownNote())
		for _, v := range p.Interventions {
			count(v.Title, v.Abstract)
		}
	}
	return missing
}

// Detail gives what the words of the Change say in a language beyond its kind and title, which a list by kind has elsewhere:
// time and place, old → new. The Event is the one of the newer Release.
func (c Change) Detail(event Event, lang string) string {
	for _, w := range wordings {
		if w.tag != lang {
			continue
		}
		said, cut := strings.CutPrefix(c.Words[lang], w.heads[c.Kind]+w.colon+w.quote(NewReader(event.Language(), lang).String(c.Title)))
		if !cut {
			return c.Words[lang]
		}
		said = strings.TrimSuffix(said, ".")
		if rest, only := strings.CutPrefix(said, " – "); only {
			return rest
		}
		said = strings.TrimSpace(said)
		place, placed := strings.CutPrefix(said, "(")
		switch {
		case placed && strings.Count(place, ") – ") == 1:
			return strings.Replace(place, ") – ", " – ", 1)
		case placed && strings.HasSuffix(place, ")") && !strings.Contains(place, ") – "):
			return strings.TrimSuffix(place, ")")
		}
		return said
	}
	return c.Words["en"]
}
