package server

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// The views of the agenda.
const (
	viewDays  = "days"
	viewRooms = "rooms"
	viewGrid  = "grid"
)

// agendaViews lists the views; the first is what one sees without asking.
var agendaViews = []string{viewDays, viewRooms, viewGrid}

// maxSearch is how long what is searched for may be, in bytes.
const maxSearch = 400

// asked is how a reader wants to see the agenda, and which part of it. Empty fields leave nothing out.
type asked struct {
	View     string // one of agendaViews
	Track    agenda.ID
	Room     agenda.ID // what spans all rooms is in each
	Language string    // spoken, or interpreted into
	Format   agenda.Format
	Text     string // words that are all in what the agenda says of a panel
}

// askedOf reads the query. Links get around with parameters of all kinds, so what is not known is passed over, and so is what
// a form sends empty. A view that does not exist, and values that no form sends, make no sense.
func askedOf(c echo.Context) (asked, error) {
	q := c.QueryParams()
	a := asked{View: cmp.Or(q.Get("view"), viewDays), Track: agenda.ID(q.Get("track")), Room: agenda.ID(q.Get("room")),
		Language: q.Get("language"), Format: agenda.Format(q.Get("format")), Text: strings.Join(strings.Fields(q.Get("q")), " ")}
	if !slices.Contains(agendaViews, a.View) {
		return a, badAddress("view", "The views are "+strings.Join(agendaViews, ", ")+".")
	}
	for name, value := range map[string]string{"track": string(a.Track), "room": string(a.Room), "language": a.Language, "format": string(a.Format)} {
		if len(value) > maxParameter || !utf8.ValidString(value) {
			return a, badAddress(name, "The value is too long, or no text.")
		}
	}
	if len(a.Text) > maxSearch || !utf8.ValidString(a.Text) {
		return a, badAddress("q", "What is searched for is too long, or no text.")
	}
	return a, nil
}

// narrows says whether a part of the agenda is asked for.
func (a asked) narrows() bool { return a != asked{View: a.View} }

// at gives the address below path that asks for the same, in that language: "" leaves it to the browser.
func (a asked) at(path, lang string) string {
	var query []string
	add := func(name, value string) {
		if value != "" {
			query = append(query, name+"="+url.QueryEscape(value))
		}
	}
	add("lang", lang)
	if a.View != viewDays {
		add("view", a.View)
	}
	add("track", string(a.Track))
	add("room", string(a.Room))
	add("language", a.Language)
	add("format", string(a.Format))
	add("q", a.Text)
	if len(query) == 0 {
		return path
	}
	return path + "?" + strings.Join(query, "&")
}

// finder tells which Panels are asked for.
type finder struct {
	asked
	gone  bool // the Room is none of the agenda's: what spans all rooms is not in it
	words []string
	texts map[agenda.ID]string // folded, of what the agenda says
}

func newFinder(a asked, r *agenda.Release) finder {
	f := finder{asked: a, words: strings.Fields(app.Fold(a.Text))}
	_, known := r.Snapshot.Room(a.Room)
	f.gone = a.Room != "" && !known
	if len(f.words) > 0 {
		f.texts = textsOf(&r.Snapshot)
	}
	return f
}

func (f finder) wants(p *exchange.AgendaPanel) bool {
	if f.gone || f.Track != "" && p.Track != f.Track || f.Room != "" && p.Room != f.Room && !p.AllRooms || f.Format != "" && p.Format != f.Format ||
		f.Language != "" && p.Language != f.Language && !slices.Contains(p.Interpretation, f.Language) {
		return false
	}
	return !slices.ContainsFunc(f.words, func(word string) bool { return !strings.Contains(f.texts[p.ID], word) })
}

// textsOf gives what the agenda says of each Panel, in all its languages, as searches compare it.
func textsOf(s *agenda.Snapshot) map[agenda.ID]string {
	named := func(t agenda.Text) string {
		var all []string
		for _, tag := range t.Languages() {
			all = append(all, t[tag])
		}
		return strings.Join(all, "\n")
	}
	people, places := map[agenda.ID]string{}, map[agenda.ID]string{}
	for _, p := range s.People {
		people[p.ID] = p.Name + "\n" + named(p.JobTitle) + "\n" + named(p.Organization)
	}
	for _, r := range s.Rooms {
		places[r.ID] = named(r.Name)
	}
	for _, t := range s.Tracks {
		places[t.ID] = named(t.Name)
	}
	texts := make(map[agenda.ID]string, len(s.Panels))
	for _, p := range s.Panels {
		said := []string{p.Code, named(p.Label()), named(p.Title), places[p.TrackID], places[p.Slot.RoomID]}
		for _, i := range p.Interventions {
			said = append(said, named(i.Title))
		}
		for _, part := range p.AllSpeakers() {
			said = append(said, people[part.PersonID])
		}
		texts[p.ID] = app.Fold(strings.Join(said, "\n"))
	}
	return texts
}

// findView is the form by which readers choose what they see.
type findView struct {
	asked
	Views   []viewLink
	Narrow  bool
	Found   string   // a sentence; empty unless Narrow
	Chosen  []string // by what it is narrowed
	None    bool     // nothing was found
	Clear   string   // leads to all of it
	Selects []findSelect
	Lang    string // chosen by hand, which the form keeps
	Action  string
}

// viewLink leads to one view.
type viewLink struct {
	Name, URL string
	Current   bool
}

// findSelect is one thing by which the agenda can be narrowed.
type findSelect struct {
	Name, Label string
	Choices     []choice
}

// addFind fills the form. Shown is how many panels there are of how many.
func (v *eventView) addFind(a asked, shown, all int) error {
	lang := strings.TrimPrefix(v.Query, "?lang=")
	v.Find = findView{asked: a, Narrow: a.narrows(), None: shown == 0, Lang: lang, Action: v.Here, Clear: asked{View: a.View}.at(v.Here, lang)}
	for _, name := range agendaViews {
		label, err := v.Say("show_" + name)
		if err != nil {
			return err
		}
		to := a
		to.View = name
		v.Find.Views = append(v.Find.Views, viewLink{label, to.at(v.Here, lang), name == a.View})
	}
	for i := range v.Languages {
		v.Languages[i].URL = a.at("", v.Languages[i].Tag)
	}
	var err error
	if v.Find.Narrow {
		v.NoIndex = true
		if v.Find.Found, err = v.Say("show_found", "n", shown, "all", all); err != nil {
			return err
		}
	}
	if a.Text != "" {
		v.Find.Chosen = []string{a.Text}
	}
	return v.addSelects(a)
}

// addSelects adds what there is to choose from: nothing of which there is one only.
func (v *eventView) addSelects(a asked) error {
	var tracks, rooms, languages, formats []choice
	for _, t := range v.document.Tracks {
		tracks = append(tracks, choice{string(t.ID), v.in(t.Name, t.TextLanguages, "name").Text, t.ID == a.Track})
	}
	for _, r := range v.document.Rooms {
		rooms = append(rooms, choice{string(r.ID), v.in(r.Name, r.TextLanguages, "name").Text, r.ID == a.Room})
	}
	spoken, used := map[string]bool{}, map[agenda.Format]bool{}
	for i := range v.document.Panels {
		p := &v.document.Panels[i]
		used[p.Format] = true
		for _, tag := range append([]string{p.Language}, p.Interpretation...) {
			if tag != "" && !spoken[tag] {
				spoken[tag] = true
				languages = append(languages, choice{tag, v.reader.languageName(tag), tag == a.Language})
			}
		}
	}
	slices.SortFunc(languages, func(x, y choice) int { return cmp.Or(cmp.Compare(x.Label, y.Label), cmp.Compare(x.Value, y.Value)) })
	for _, f := range agenda.Formats {
		if used[f] {
			formats = append(formats, choice{string(f), v.reader.pick(v.Lang, agenda.FormatNames[f]).Text, f == a.Format})
		}
	}
	for _, one := range []findSelect{{"track", "track", tracks}, {"room", "where", rooms}, {"language", "show_language", languages}, {"format", "format", formats}} {
		if len(one.Choices) < 2 {
			continue
		}
		var err error
		if one.Label, err = v.Say(one.Label); err != nil {
			return err
		}
		any, err := v.Say("show_any")
		if err != nil {
			return err
		}
		for _, c := range one.Choices {
			if c.Chosen {
				v.Find.Chosen = append(v.Find.Chosen, c.Label)
			}
		}
		one.Choices = append([]choice{{Label: any}}, one.Choices...)
		v.Find.Selects = append(v.Find.Selects, one)
	}
	return nil
}
