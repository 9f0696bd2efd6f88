package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// attendeeView is what the script of the public pages needs to know, and what makes them installable.
type attendeeView struct {
	Words    string // a JSON object: those that the script puts in
	Modified string // when the agenda became what it is, as the header Last-Modified has it
	Days     string // the first and the last
	Feeds    string // where calendars of stars are made
	Worker   string // address of the worker that keeps copies
	Draws    string // address of the script that draws QR codes
	Whole    bool   // the page is the agenda
	Manifest string
	Touch    string // address of an icon
	Light    string // colours of the paper
	Dark     string
}

// The colours of the paper, as plenary.css has them.
const (
	paperLight = "#fbfaf7"
	paperDark  = "#15171a"
)

// workerPolicy is the one policy of Trusted Types that may be made, on pages with the reader's script: browsers take the address
// of a worker, which is a script, from a policy only. It lets one address through, that of the Event's worker: see saved.ts.
const workerPolicy = "plenary-worker"

// attendeePages are the templates of the pages with the reader's script, which everybody reads. That of an old Release has none.
var attendeePages = []string{"agenda", "panel", "speaker", "room", "track", "now"}

// attendeeSecurity is of the pages with the reader's script.
var attendeeSecurity = strings.Replace(contentSecurity, "trusted-types 'none'", "trusted-types "+workerPolicy, 1)

// routeAttendee adds what the reader's script fetches besides pages.
func (s *Server) routeAttendee() {
	s.route(Public, "/:event/sw.js", s.workerScript)
	s.route(Public, "/:event/manifest.webmanifest", s.manifest)
}

// addAttendee adds the reader's script to a page that everybody reads. Whole says that it is the agenda.
func (s *Server) addAttendee(v *eventView, r *agenda.Release, whole bool) error {
	words, err := v.wordsOf("reader_")
	if err != nil {
		return err
	}
	e := r.Snapshot.Event
	v.Reader = &attendeeView{Words: words, Modified: r.Modified().UTC().Truncate(time.Second).Format(http.TimeFormat),
		Days: string(e.StartDate) + " " + string(e.EndDate), Feeds: v.Root + "api/v1/events/" + e.Slug + "/starred-feeds",
		Worker: v.Home + "sw.js", Draws: s.assetURL(codeScriptName), Whole: whole,
		Manifest: v.Home + "manifest.webmanifest" + v.Query, Touch: s.assetURL(touchIconName), Light: paperLight, Dark: paperDark}
	v.Styles = append(v.Styles, s.assetURL(readerStyleName))
	v.Scripts = append(v.Scripts, s.assetURL(agendaScriptName))
	return nil
}

// wordsOf gives the words whose keys begin so as a JSON object.
func (w *words) wordsOf(prefix string) (string, error) {
	said := map[string]string{}
	for key, words := range w.said {
		if strings.HasPrefix(key, prefix) {
			said[key] = words
		}
	}
	body, err := json.Marshal(said)
	return string(body), err
}

// workerScript answers with the worker of an Event. Its scope is the path that it stands in, so that it sees nothing of other
// Events, of accounts or of the API. Browsers ask for it anew each time.
func (s *Server) workerScript(c echo.Context) error {
	if _, err := s.app.LatestHead(c.Request().Context(), c.Param("event")); err != nil {
		return err
	}
	files, err := staticFiles()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, no-cache")
	return files[workerScriptName].answer(c)
}

// manifestDocument says how a browser installs an Event's agenda (W3C Web Application Manifest).
type manifestDocument struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Theme      string         `json:"theme_color"`
	Background string         `json:"background_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// manifest answers with the manifest of an Event in the reader's language.
func (s *Server) manifest(c echo.Context) error {
	release, r, err := s.latest(c)
	if err != nil {
		return err
	}
	event := release.Snapshot.Event
	key := keyOf(release.State(), "manifest", event.Slug, r.key())
	return s.answerPage(c, key, func() (*body, error) {
		plain, err := json.Marshal(s.newManifest(r, event))
		if err != nil {
			return nil, err
		}
		b := newPackedBody("application/manifest+json; charset=utf-8", release.Modified(), plain)
		b.language = r.words.lang
		return b, nil
	})
}

func (s *Server) newManifest(r reader, event agenda.Event) manifestDocument {
	home, name := s.root()+event.Slug+"/", r.pick(event.Language(), event.Name)
	return manifestDocument{ID: home, Name: name.Text, ShortName: shortName(name.Text), Lang: name.Lang, StartURL: home + r.query, Scope: home,
		Display: "minimal-ui", Theme: paperLight, Background: paperLight, Icons: []manifestIcon{
			{s.assetURL("icon-192.png"), "192x192", "image/png", "any"},
			{s.assetURL("icon-512.png"), "512x512", "image/png", "any"},
			{s.assetURL("icon-maskable.png"), "512x512", "image/png", "maskable"},
			{s.assetURL(iconName), "any", "image/svg+xml", "any"},
		}}
}

// maxShortName is about what fits under an icon.
const maxShortName = 14

// shortName gives whole words of a name, as many as fit; at least one.
func shortName(name string) string {
	short := ""
	for word := range strings.FieldsSeq(name) {
		longer := strings.TrimSpace(short + " " + word)
		if short != "" && len([]rune(longer)) > maxShortName {
			break
		}
		short = longer
	}
	return short
}
