package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// listPage is a page of the console that lists what an Event has of one kind.
type listPage struct {
	*eventConsole
	Items   []listItem
	Groups  []listGroup // in place of Items, where they are grouped
	New     consoleLink // leads to the form for another one; empty for whoever may make none
	Empty   string      // is said when there are none
	Count   string
	More    string        // leads to further ones, "" when there are none
	Less    string        // leads back
	Query   string        // what was searched for
	Seek    string        // label of the search, "" where there is none
	Filters []*formField  // what else it is narrowed by
	Kept    []choice      // what the search sends besides
	Tabs    []consoleLink // other parts of the list
	Ways    []consoleLink // to what else is there
}

// listGroup is a part of a list with a title.
type listGroup struct {
	Title string
	Items []listItem
	Way   consoleLink // to what is about the group
}

// listItem is one of the things.
type listItem struct {
	*words
	Title   said
	URL     string
	Color   string   // "#rrggbb", "" for none
	Facts   []string // in words
	Missing []string // languages of the Event, by name, in which something is not said
	Warn    []string // what is wrong with it
	Photo   string
	Off     bool   // cancelled
	Deep    bool   // stands below the title of a group
	Order   string // where a form is sent that moves it in the list, "" where that is not offered
	ID      string // what the form calls it
	First   bool
	Last    bool
}

// ordered lets the items of a list be moved by their buttons, for whoever may edit.
func (p *listPage) ordered(path string) {
	if !agenda.May(p.actor, agenda.EditEvent, p.Event.ID) || p.More != "" {
		return
	}
	for i := range p.Items {
		p.Items[i].Order, p.Items[i].First, p.Items[i].Last = p.Here+path+"/order"+p.reader.query, i == 0, i == len(p.Items)-1
	}
}

// moveSent gives what the form moves, and by how many places.
func moveSent(c echo.Context) (agenda.ID, int) {
	if sent(c, "do") == "up" {
		return agenda.ID(typed(c, "id")), -1
	}
	return agenda.ID(typed(c, "id")), 1
}

// answer shows the list.
func (p *listPage) answer(c echo.Context) error {
	return answerOnce(c, http.StatusOK, "console_list", p, p.reader)
}

// deletePage asks whether to delete something.
type deletePage struct {
	*eventConsole
	What     said
	Action   string
	Revision int
	Back     consoleLink
}

// answer shows the question.
func (p *deletePage) answer(c echo.Context, status int) error {
	return answerOnce(c, status, "console_delete", p, p.reader)
}

// missing names those languages of the Event in which one of the texts says nothing, though it does in another.
func (v *eventConsole) missing(texts ...map[string]string) []string {
	var names []string
	for _, tag := range v.Event.Languages {
		for _, t := range texts {
			if len(t) > 0 && t[tag] == "" {
				names = append(names, v.reader.languageName(tag))
				break
			}
		}
	}
	return names
}

// consoleListSize is how many things the console lists at once.
const consoleListSize = 200

// listAsked is the part of a list that was asked for.
func listAsked(c echo.Context) app.Page {
	return app.Page{Limit: consoleListSize, After: c.QueryParam("after")}
}

// list begins a page that lists things: keys of words for its title, for when there are none and for the button that makes one,
// whose form is at the same path. Next is where the list goes on.
func (v *eventConsole) list(path, empty, add, next string) (*listPage, error) {
	p := &listPage{eventConsole: v}
	err := v.name("console_" + path)
	if err != nil {
		return nil, err
	}
	if p.Empty, err = v.Say(empty); err != nil {
		return nil, err
	}
	if add != "" && agenda.May(v.actor, agenda.EditEvent, v.Event.ID) {
		p.New.URL = v.Here + path + "/new" + v.reader.query
		if p.New.Label, err = v.Say(add); err != nil {
			return nil, err
		}
	}
	if next != "" {
		p.More = v.asking(url.Values{"after": {next}})
	}
	return p, nil
}

// asking gives the query of an address that asks for these, in the language that was chosen. Empty values are left out.
func (v *eventConsole) asking(q url.Values) string {
	kept := url.Values{}
	for name := range q {
		if value := q.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	if _, lang, found := strings.Cut(v.reader.query, "lang="); found {
		kept.Set("lang", lang)
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + kept.Encode()
}

// item begins an item of a list; path leads to its form, for whoever may edit.
func (v *eventConsole) item(title agenda.Text, path string) listItem {
	i := listItem{words: v.words, Title: v.reader.pick(v.Event.Language(), title)}
	if agenda.May(v.actor, agenda.EditEvent, v.Event.ID) {
		i.URL = v.Here + path + v.reader.query
	}
	return i
}

// form begins the form of a thing of the list at that path: kind begins the keys of words for it ("room_new", "room_add").
// An empty id is of a thing that is yet to be made.
func (v *eventConsole) form(path, kind, id string, title agenda.Text, revision int) (*formPage, error) {
	p := &formPage{eventConsole: v, Revision: revision}
	var err error
	if p.Back.Label, err = v.Say("console_" + path); err != nil {
		return nil, err
	}
	p.Back.URL = v.Here + path + v.reader.query
	if id == "" {
		p.Action = v.Here + path + "/new" + v.reader.query
		if p.Button, err = v.Say("form_make"); err != nil {
			return nil, err
		}
		return p, v.name(kind + "_new")
	}
	p.Action, p.Delete = v.Here+path+"/"+id+v.reader.query, v.Here+path+"/"+id+"/delete"+v.reader.query
	heading := v.reader.pick(v.Event.Language(), title)
	if heading.Text == "" {
		heading = said{p.Back.Label, v.Lang}
	}
	v.head(heading)
	p.Button, err = v.Say("form_save")
	return p, err
}

// refuseEdit shows the form of a thing again with what was typed, beside how the thing stands now, and says why it is not saved.
func refuseEdit[T any](c echo.Context, s *Server, typed, now T, form func(T) (*formPage, error), cause error) error {
	p, err := form(typed)
	if err != nil {
		return err
	}
	theirs, err := form(now)
	if err != nil {
		return err
	}
	return p.against(theirs).answer(c, s, cause)
}

// against shows what somebody else changed meanwhile: the fields that stand otherwise now than they were typed.
func (p *formPage) against(now *formPage) *formPage {
	p.Revision, p.theirs = now.Revision, now
	return p
}

// differences gives those fields, as they stand now.
func (p *formPage) differences() []staleRow {
	var rows []staleRow
	for i, f := range p.Fields {
		if p.theirs == nil || i >= len(p.theirs.Fields) {
			break
		}
		if now := p.theirs.Fields[i].shown(); now != f.shown() {
			rows = append(rows, staleRow{f.Label, now})
		}
	}
	return rows
}

// shown gives what the field says, in one line.
func (f *formField) shown() string {
	switch {
	case f.Kind == checkField && f.Checked:
		return "✓"
	case f.Kind == checkField:
		return "–"
	case len(f.Choices) > 0:
		var chosen []string
		for _, c := range f.Choices {
			if c.Chosen {
				chosen = append(chosen, c.Label)
			}
		}
		return strings.Join(chosen, ", ")
	case len(f.Parts) > 0:
		var parts []string
		for _, of := range f.Parts {
			if said := of.shown(); said != "" {
				parts = append(parts, of.Label+": "+said)
			}
		}
		return strings.Join(parts, " · ")
	case len(f.Rows) > 0:
		var rows []string
		for _, r := range f.Rows {
			var parts []string
			for _, of := range r.Fields {
				if said := of.shown(); said != "" && of.Kind != hiddenField {
					parts = append(parts, said)
				}
			}
			if len(parts) > 0 && !r.Blank {
				rows = append(rows, strings.Join(parts, " "))
			}
		}
		return strings.Join(rows, " · ")
	case len(f.Texts) > 0:
		var parts []string
		for _, t := range f.Texts {
			if t.Value != "" {
				parts = append(parts, t.Tag+": "+t.Value)
			}
		}
		return strings.Join(parts, " · ")
	}
	return f.Value
}

// askDelete asks whether to delete the thing at that path below the Event; key is of the question's words. Cause is why that
// could not be done, nil before it was tried.
func (s *Server) askDelete(c echo.Context, v *eventConsole, path, key string, what agenda.Text, revision int, cause error) error {
	p := &deletePage{eventConsole: v, What: v.reader.pick(v.Event.Language(), what), Action: v.Here + path + "/delete" + v.reader.query, Revision: revision}
	list, _, _ := strings.Cut(path, "/")
	label, err := v.Say("console_" + list)
	if err != nil {
		return err
	}
	p.Back = consoleLink{Label: label, URL: v.Here + list + v.reader.query}
	if err := v.name(key); err != nil {
		return err
	}
	status := http.StatusOK
	if cause != nil {
		form := formPage{eventConsole: v}
		if status, err = form.blame(c, cause); err != nil {
			return err
		}
	}
	return p.answer(c, status)
}

// leadTo leads to a page below the Event's console after something was done.
func (s *Server) leadTo(c echo.Context, v *eventConsole, path, done string) error {
	return s.lead(c, "console/events/"+v.Event.Slug+"/"+path, "done", done)
}
