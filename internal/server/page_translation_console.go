package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeTranslationConsole adds the page of what is not yet said in a language.
func (s *Server) routeTranslationConsole() {
	s.console(agenda.EditEvent, "/translations", s.translationsPage)
	s.console(agenda.EditEvent, "/translations", s.translate, http.MethodPost)
}

// translationPageSize is how many texts are translated at once.
const translationPageSize = 20

// translationPage is what is missing in a language.
type translationPage struct {
	*formPage
	To       string // the language, as a tag
	ToName   string
	Tongues  []tongueRow
	Entries  []*translationEntry
	Left     string // how many texts are missing, in words
	More     string
	Less     string
	Complete bool
	// Revisions are those of the things that the page shows, by the names of their fields.
	Revisions []choice
}

// tongueRow is how far a language is.
type tongueRow struct {
	consoleLink
	Done, All int
	Said      string
}

// translationEntry is a text that is to be translated.
type translationEntry struct {
	*words
	Name, Thing, URL, Label string // Name is that of the field
	From                    said
	Now                     string // what somebody else has written meanwhile
	Value                   string
	Long                    bool
	Focus                   bool
	Wrong, WrongLang        string
	revision                choice
}

// translating is a list of what is missing, and what somebody has typed for it.
type translating struct {
	*eventConsole
	things []*translatable
	to     string
	wrong  map[string]string // by the name of the field: why it was not saved
	typed  url.Values
	failed map[string]bool // names of fields that were not saved
}

func (s *Server) translating(c echo.Context, v *eventConsole) (*translating, error) {
	things, err := s.translatables(c.Request().Context(), v)
	if err != nil {
		return nil, err
	}
	t := &translating{eventConsole: v, things: things, to: c.QueryParam("to"), wrong: map[string]string{}, failed: map[string]bool{}}
	if !slices.Contains(v.Event.Languages, t.to) {
		t.to = t.emptiest()
	}
	return t, nil
}

// progress says how many texts there are, and how many of them in a language.
func (t *translating) progress(tag string) (done, all int) {
	for _, thing := range t.things {
		for _, text := range thing.texts {
			if len(*text.text) > 0 {
				all++
				if (*text.text)[tag] != "" {
					done++
				}
			}
		}
	}
	return done, all
}

// emptiest gives the language of the Event in which most is missing.
func (t *translating) emptiest() string {
	least, tag := -1, t.Event.Language()
	for _, l := range t.Event.Languages {
		if done, _ := t.progress(l); least < 0 || done < least {
			least, tag = done, l
		}
	}
	return tag
}

func (s *Server) translationsPage(c echo.Context, v *eventConsole) error {
	t, err := s.translating(c, v)
	if err != nil {
		return err
	}
	if err := v.notify(c, map[string]string{"saved": "form_saved"}); err != nil {
		return err
	}
	return s.answerTranslations(c, t, nil)
}

// translate takes over what was typed, thing by thing. What somebody else changed meanwhile, and what can't be taken, is shown
// again; the rest is saved.
func (s *Server) translate(c echo.Context, v *eventConsole) error {
	t, err := s.translating(c, v)
	if err != nil {
		return err
	}
	t.typed = c.Request().PostForm
	cause, err := t.saveAll(c.Request().Context())
	if err != nil {
		return err
	}
	if len(t.failed) == 0 {
		return s.lead(c, "console/events/"+v.Event.Slug+"/translations", "to", t.to, "page", c.QueryParam("page"), "done", "saved")
	}
	again, err := s.translating(c, v)
	if err != nil {
		return err
	}
	again.typed, again.wrong, again.failed = t.typed, t.wrong, t.failed
	return s.answerTranslations(c, again, cause)
}

// saveAll saves what was typed, thing by thing, and gives why some of it could not be.
func (t *translating) saveAll(ctx context.Context) (cause, err error) {
	var late lateError
	for _, thing := range t.things {
		if !t.take(thing) {
			continue
		}
		err := thing.save(ctx, app.Revision(atoi(t.typed.Get("revision."+thing.key))))
		switch agenda.CodeOf(err) {
		case "":
			t.forget(thing)
		case agenda.Stale, agenda.NotFound:
			late = append(late, thing.name)
			t.fail(thing)
		case agenda.Invalid:
			cause = err
			t.blameThing(thing, err)
		default:
			return nil, err
		}
	}
	if len(late) > 0 {
		cause = late
	}
	return cause, nil
}

// field is the name of the field for a text.
func (x translation) field(thing *translatable) string { return "text." + thing.key + "." + x.key }

// take puts what was typed into the texts of a thing, and says whether there was anything.
func (t *translating) take(thing *translatable) bool {
	any := false
	for _, text := range thing.texts {
		typed := agenda.CleanLine(t.typed.Get(text.field(thing)))
		if typed == "" {
			continue
		}
		next := text.text.Clone()
		if next == nil {
			next = agenda.Text{}
		}
		next[t.to], any = typed, true
		*text.text = next
	}
	return any
}

// forget forgets what was typed for a thing that is saved.
func (t *translating) forget(thing *translatable) {
	for _, text := range thing.texts {
		t.typed.Del(text.field(thing))
	}
}

// fail remembers that what was typed for a thing is not saved.
func (t *translating) fail(thing *translatable) {
	for _, text := range thing.texts {
		if name := text.field(thing); t.typed.Get(name) != "" {
			t.failed[name] = true
		}
	}
}

// blameThing remembers why not.
func (t *translating) blameThing(thing *translatable, err error) {
	t.fail(thing)
	var e *agenda.Error
	if !errors.As(err, &e) {
		return
	}
	for _, fault := range e.Faults {
		for i, text := range thing.texts {
			name := text.field(thing)
			field := strings.Split(strings.TrimPrefix(fault.Pointer, "/"), "/")
			if t.failed[name] && t.isAbout(field, thing, i) {
				t.wrong[name] = fault.Message
			}
		}
	}
}

// isAbout says whether a fault at that pointer is about the i-th text of a thing, in the language that was typed.
func (t *translating) isAbout(pointer []string, thing *translatable, i int) bool {
	if len(pointer) < 2 || pointer[len(pointer)-1] != t.to {
		return false
	}
	field, key := pointer[len(pointer)-2], thing.texts[i].key
	switch {
	case pointer[0] == "interventions" && len(pointer) == 4:
		return i == 3+2*atoi(pointer[1])+map[string]int{"title": 0, "abstract": 1}[field] && strings.HasSuffix(key, "."+field)
	case pointer[0] == "venue":
		return key == map[string]string{"name": "venue", "address": "address"}[field]
	}
	return key == field
}
