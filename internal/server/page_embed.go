package server

import (
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// embedView is the agenda in a frame: the part of it that was asked for, as a list by day or as a grid.
type embedView struct {
	*eventView
	Empty bool
}

// embedOptions are what the address of the frame asks for. What the agenda does not have is passed over: pages of other sites
// stay as they are for years.
type embedOptions struct {
	rooms, tracks []agenda.ID
	days          []agenda.Date
	theme         string
	grid          bool
}

// maxEmbedParts is how many rooms, days or tracks an address chooses at most.
const maxEmbedParts = 50

// chosenParts gives those of the values that are known, in the order of the agenda: of ?rooms=a,b and of ?rooms=a&rooms=b.
func chosenParts[T ~string](c echo.Context, name string, known []T) (list []T) {
	asked := strings.Split(strings.Join(c.QueryParams()[name], ","), ",")
	if len(asked) > maxEmbedParts {
		asked = asked[:maxEmbedParts]
	}
	for _, id := range known {
		if slices.Contains(asked, string(id)) {
			list = append(list, id)
		}
	}
	return list
}

func embedOptionsOf(c echo.Context, s *agenda.Snapshot) (o embedOptions) {
	var rooms, tracks []agenda.ID
	for _, r := range s.Rooms {
		rooms = append(rooms, r.ID)
	}
	for _, t := range s.Tracks {
		tracks = append(tracks, t.ID)
	}
	o.rooms, o.tracks, o.days = chosenParts(c, "rooms", rooms), chosenParts(c, "tracks", tracks), chosenParts(c, "days", s.Days())
	if theme := c.QueryParam("theme"); theme == "light" || theme == "dark" {
		o.theme = theme
	}
	o.grid = c.QueryParam("view") == "grid"
	return o
}

// query writes the options as an address has them; the language of the page is kept by the links themselves.
func (o embedOptions) query(lang string) string {
	q := url.Values{}
	set := func(name string, values []string) {
		if len(values) > 0 {
			q.Set(name, strings.Join(values, ","))
		}
	}
	set("rooms", texts(o.rooms))
	set("tracks", texts(o.tracks))
	set("days", texts(o.days))
	for name, value := range map[string]string{"theme": o.theme, "lang": lang} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if o.grid {
		q.Set("view", "grid")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.ReplaceAll(q.Encode(), "%2C", ",")
}

func texts[T ~string](list []T) (all []string) {
	for _, v := range list {
		all = append(all, string(v))
	}
	return all
}

// takes says whether a Panel is in the part that was asked for. What spans all rooms is in all of them.
func (o embedOptions) takes(p agenda.Panel) bool {
	return (len(o.rooms) == 0 || p.AllRooms || slices.Contains(o.rooms, p.Slot.RoomID)) &&
		(len(o.tracks) == 0 || slices.Contains(o.tracks, p.TrackID)) &&
		(len(o.days) == 0 || slices.Contains(o.days, p.Slot.Day()))
}

// embedPage shows the latest Release for a frame within a page of another site, without what is around it here. Its
// links open beside that page. It is the only answer that may be framed: an error of it may not.
func (s *Server) embedPage(c echo.Context) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentSecurityPolicy, s.embedSecurity)
	err := s.answerEmbed(c)
	if err != nil {
		h.Set(echo.HeaderContentSecurityPolicy, contentSecurity)
	}
	return err
}

func (s *Server) answerEmbed(c echo.Context) error {
	release, r, err := s.latest(c)
	if err != nil {
		return err
	}
	o := embedOptionsOf(c, &release.Snapshot)
	key := keyOf(release.State(), "page", release.Snapshot.Event.Slug, "embed", r.key(), o.query(""))
	answer := s.answerPart
	if o.query("") == "" {
		answer = s.answerPage
	}
	return answer(c, key, func() (*body, error) {
		v, err := s.newEmbedView(r, release, o)
		if err != nil {
			return nil, err
		}
		return renderPage("embed", v, r, release.Modified())
	})
}

func (s *Server) newEmbedView(r reader, release *agenda.Release, o embedOptions) (v *embedView, err error) {
	v = &embedView{}
	if v.eventView, err = s.newEventView(r, release); err != nil {
		return nil, err
	}
	v.NoIndex = true // what it shows is to be found where it is at home
	v.Styles = append(v.Styles, s.assetURL(embedStyleName))
	if o.theme != "" {
		v.Styles = append(v.Styles, s.assetURL("theme_"+o.theme+".css"))
	}
	v.Scripts = []string{s.assetURL(embeddedScriptName)}
	if err := v.addAgenda(); err != nil {
		return nil, err
	}
	return v, v.narrow(o, release)
}

// narrow leaves what was asked for.
func (v *embedView) narrow(o embedOptions, release *agenda.Release) error {
	taken := map[agenda.ID]bool{}
	for _, p := range release.Snapshot.Panels {
		if o.takes(*p) {
			taken[p.ID] = true
		}
	}
	part := len(o.rooms)+len(o.tracks)+len(o.days) > 0
	var days []dayView
	for _, day := range v.Days {
		day.Panels = slices.DeleteFunc(day.Panels, func(p panelView) bool { return !taken[p.ID] })
		if len(day.Panels) > 0 || !part {
			days = append(days, day)
		}
	}
	v.Days, v.Empty = days, part && len(days) == 0
	for i := range v.Days {
		if !o.grid || len(v.Days[i].Panels) == 0 {
			continue
		}
		if err := v.addGrid(&v.Days[i]); err != nil {
			return err
		}
	}
	return nil
}

// embeddingView makes the lines with which another site shows the agenda.
type embeddingView struct {
	*eventView
	Rooms, DaysOf, Tracks []choice
	Langs, Themes, Views  []choice
	Snippet               string
	Preview               string
}

// embeddingPage says how to show the agenda in another site.
func (s *Server) embeddingPage(c echo.Context) error {
	release, r, err := s.latest(c)
	if err != nil {
		return err
	}
	o, in := embedOptionsOf(c, &release.Snapshot), c.QueryParam("in")
	if !slices.ContainsFunc(r.languageLinks(release.Snapshot.Event.Languages), func(l languageLink) bool { return l.Tag == in }) {
		in = ""
	}
	key := keyOf(release.State(), "page", release.Snapshot.Event.Slug, "embedding", r.key(), o.query(in))
	return s.answerPart(c, key, func() (*body, error) {
		v := &embeddingView{}
		if v.eventView, err = s.newEventView(r, release); err != nil {
			return nil, err
		}
		s.addWaysFiles(&v.view)
		if err := v.fill(s.base, o, in, release); err != nil {
			return nil, err
		}
		return renderPage("embedding", v, r, release.Modified())
	})
}

func (v *embeddingView) fill(base string, o embedOptions, in string, release *agenda.Release) (err error) {
	v.Feed, v.JSON = "", ""
	home := v.Canonical
	v.Canonical += "embedding"
	title, err := v.Say("embedding_title")
	if err != nil {
		return err
	}
	v.Title = title + " · " + v.Name.Text
	v.Preview = v.Home + "embed" + o.query(in)
	v.Snippet = `<iframe src="` + html.EscapeString(home+"embed"+o.query(in)) + `" data-plenary title="` + html.EscapeString(v.Name.Text) +
		`" style="width: 100%; height: 40rem; border: 0" loading="lazy"></iframe>` + "\n" +
		`<script src="` + html.EscapeString(base+"/static/"+embedScriptName) + `" async></script>` + "\n" +
		`<p><a href="` + html.EscapeString(home) + `">` + html.EscapeString(v.Name.Text) + `</a></p>`
	for _, room := range v.document.Rooms {
		v.Rooms = append(v.Rooms, choice{string(room.ID), v.in(room.Name, room.TextLanguages, "name").Text, slices.Contains(o.rooms, room.ID)})
	}
	for _, track := range v.document.Tracks {
		v.Tracks = append(v.Tracks, choice{string(track.ID), v.in(track.Name, track.TextLanguages, "name").Text, slices.Contains(o.tracks, track.ID)})
	}
	for _, day := range release.Snapshot.Days() {
		long, err := v.reader.words.day("date_long", day)
		if err != nil {
			return err
		}
		v.DaysOf = append(v.DaysOf, choice{string(day), long, slices.Contains(o.days, day)})
	}
	return v.addChoices(o, in)
}

func (v *embeddingView) addChoices(o embedOptions, in string) error {
	view := "day"
	if o.grid {
		view = "grid"
	}
	theme := o.theme
	if theme == "" {
		theme = "auto"
	}
	for _, of := range []struct {
		list   *[]choice
		kind   string
		values []string
		chosen string
	}{{&v.Themes, "theme", []string{"auto", "light", "dark"}, theme}, {&v.Views, "view", []string{"day", "grid"}, view}} {
		for _, value := range of.values {
			label, err := v.Say("embedding_" + of.kind + "_" + value)
			if err != nil {
				return err
			}
			*of.list = append(*of.list, choice{value, label, value == of.chosen})
		}
	}
	reader, err := v.Say("embedding_lang_reader")
	v.Langs = []choice{{"", reader, in == ""}}
	for _, l := range v.reader.languageLinks(v.event.Languages) {
		v.Langs = append(v.Langs, choice{l.Tag, l.Name, l.Tag == in})
	}
	return err
}
