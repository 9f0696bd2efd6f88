package server

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/source"
)

// routeConsole adds the pages of the organizers' console. That of imports is the same for everybody: what organizers see there,
// a script asks the API for, as who is signed in or with the token that they have.
func (s *Server) routeConsole() {
	s.own("/console", s.consolePage)
	s.route(Public, "/console/import", s.importPage)
}

// importView is the page on which a file is imported.
type importView struct {
	view
	Base       string // of the installation, for commands that are typed elsewhere
	API        string // where the script asks, up to the Event's slug
	Words      string // a JSON object: those that the script puts in
	Columns    string // what a column of a table can be, separated by spaces
	Translated string // those of the Columns that can be in one language
	Formats    []choice
	MaxFile    int // bytes
	MaxMiB     int
}

// importPage shows the form.
func (s *Server) importPage(c echo.Context) error {
	noIndex(c)
	r, err := readerOf(c, programLanguages)
	if err != nil {
		return err
	}
	return s.answerPage(c, keyOf("", "page", "console import", r.key()), func() (*body, error) {
		v, err := s.importView(r)
		if err != nil {
			return nil, err
		}
		return renderPage("console_import", v, r, time.Time{})
	})
}

func (s *Server) importView(r reader) (*importView, error) {
	v := &importView{view: s.newView(r, nil), Base: s.base, API: s.root() + "api/v1/events/", MaxFile: source.MaxFile, MaxMiB: source.MaxFile >> 20}
	v.NoIndex = true
	v.Styles = append(v.Styles, s.assetURL(subscribeStyleName), s.assetURL(consoleStyleName))
	v.Scripts = []string{s.assetURL(importScriptName)}
	var err error
	if v.Title, err = v.Say("import_title"); err != nil {
		return nil, err
	}
	if v.Words, err = v.scriptWords(); err != nil {
		return nil, err
	}
	auto, err := v.Say("import_format_auto")
	if err != nil {
		return nil, err
	}
	v.Formats = []choice{{"", auto, true}}
	for _, f := range importFormats {
		v.Formats = append(v.Formats, choice{string(f.format), f.name, false})
	}
	var columns, translated []string
	for _, c := range source.Columns {
		columns = append(columns, string(c))
		if c.Translated() {
			translated = append(translated, string(c))
		}
	}
	v.Columns, v.Translated = strings.Join(columns, " "), strings.Join(translated, " ")
	return v, nil
}

// importFormats are those that can become part of an Event, by the names that they have in all languages.
var importFormats = []struct {
	format source.Format
	name   string
}{
	{source.ScheduleXML, "schedule.xml (Pentabarf, frab, pretalx)"}, {source.ScheduleJSON, "schedule.json (frab, pretalx)"},
	{source.SessionizeAll, "Sessionize: All"}, {source.SessionizeGrid, "Sessionize: GridSmart"}, {source.Pretalx, "pretalx: API"},
	{source.CSV, "CSV"}, {source.XLSX, "Excel (.xlsx)"}, {source.ICS, "iCalendar (.ics)"},
}

// scriptWordKinds begin the keys of words that scripts of the console put in.
var scriptWordKinds = []string{"preview", "problem", "column", "rule", "request"}

// scriptWords gives the words of the console's scripts as a JSON object.
func (w *words) scriptWords() (string, error) { return w.scriptWordsOf(scriptWordKinds...) }

// scriptWordsOf gives the words whose keys begin so as a JSON object.
func (w *words) scriptWordsOf(kinds ...string) (string, error) {
	said := map[string]string{}
	for key, words := range w.said {
		if kind, _, _ := strings.Cut(key, "_"); slices.Contains(kinds, kind) {
			said[key] = words
		}
	}
	body, err := json.Marshal(said)
	return string(body), err
}
