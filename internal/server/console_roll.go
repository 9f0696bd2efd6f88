package server

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"

	"github.com/labstack/echo/v4"
)

// everything gives all that a list has, page by page.
func everything[T any](list func(app.Page) ([]T, string, error)) ([]T, error) {
	var all []T
	for page := (app.Page{Limit: consoleListSize}); ; {
		some, next, err := list(page)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if next == "" {
			return all, nil
		}
		page.After = next
	}
}

// everybody gives who takes part in the Event, to whoever may know; nobody else learns of anybody.
func (s *Server) everybody(ctx context.Context, v *eventConsole) ([]agenda.Person, error) {
	if !agenda.May(v.actor, agenda.ReadPeople, v.Event.ID) {
		return nil, nil
	}
	return everything(func(page app.Page) ([]agenda.Person, string, error) {
		return s.app.People(ctx, v.actor, v.Event.Slug, app.PersonFilter{}, page)
	})
}

// roll is how people are called in forms, each differently, and who is meant by what is typed there.
type roll struct {
	labels  []string
	names   map[agenda.ID]string
	known   map[string]agenda.ID   // by label
	similar map[string][]agenda.ID // by name, without case and marks
	person  map[agenda.ID]agenda.Person
}

// newRoll calls the people by their names; those of one name with their organization besides, or with their number.
func (v *eventConsole) newRoll(people []agenda.Person) *roll {
	r := &roll{names: map[agenda.ID]string{}, known: map[string]agenda.ID{}, similar: map[string][]agenda.ID{}, person: map[agenda.ID]agenda.Person{}}
	for _, p := range people {
		r.similar[app.Fold(p.Name)] = append(r.similar[app.Fold(p.Name)], p.ID)
		r.person[p.ID] = p
	}
	for _, p := range people {
		label := oneLine(p.Name)
		if len(r.similar[app.Fold(p.Name)]) > 1 {
			if org := oneLine(v.reader.pick(v.Event.Language(), p.Organization).Text); org != "" {
				label += " (" + org + ")"
			}
		}
		for base, n := label, 2; ; n++ {
			if _, taken := r.known[label]; !taken {
				break
			}
			label = base + " " + string(p.ID[len(p.ID)-min(len(p.ID), 3+n):])
		}
		r.names[p.ID], r.known[label] = label, p.ID
		r.labels = append(r.labels, label)
	}
	return r
}

// oneLine is a text as it comes back from a field of one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// label is how a Person is called; who is not known goes by their identity.
func (r *roll) label(id agenda.ID) string {
	if name, ok := r.names[id]; ok {
		return name
	}
	return string(id)
}

var identity = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f-]{27}$`)

// find gives who is meant, or says why that is not clear.
func (r *roll) find(typed string) (id agenda.ID, fault string) {
	typed = oneLine(typed)
	if id, ok := r.known[typed]; ok {
		return id, ""
	}
	switch like := r.similar[app.Fold(typed)]; {
	case len(like) == 1:
		return like[0], ""
	case len(like) > 1:
		return "", "is the name of several people"
	case identity.MatchString(typed):
		return agenda.ID(typed), ""
	}
	return "", "is the name of nobody here"
}

// alike gives the others who are called the same, but for case and marks.
func (r *roll) alike(p agenda.Person) []agenda.ID {
	return slices.DeleteFunc(slices.Clone(r.similar[app.Fold(p.Name)]), func(id agenda.ID) bool { return id == p.ID })
}

// desk is what a page needs that names rooms and people, and lets one choose from them.
type desk struct {
	*eventConsole
	rooms  []agenda.Room
	people *roll
}

func (s *Server) desk(c echo.Context, v *eventConsole) (*desk, error) {
	rooms, err := s.rooms(c, v)
	if err != nil {
		return nil, err
	}
	people, err := s.everybody(c.Request().Context(), v)
	return &desk{v, rooms, v.newRoll(people)}, err
}
