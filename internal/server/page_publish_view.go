package server

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// publishView is the page on which the draft becomes public.
type publishView struct {
	*eventConsole
	Form      string // where it is sent
	Lead      string
	Done      bool // something was just published
	First     bool // nothing is published yet
	Empty     bool // nothing would change
	Typed     bool // a note was, which is not to be lost
	Button    string
	Seen      string
	Shown     string // names of the changes that are shown, by spaces
	Once      string
	Gone      string // how many changes are no longer there that were seen
	Groups    []publishGroup
	Beside    []publishBeside
	Touched   []publishPerson
	Tellings  []choice // what can be done with letters; none when there are none
	Rule      string   // address of the page on which the rule is set
	Mail      string   // address of the letters, after something was published
	Board     string   // and of the board that says who was told
	Errors    []publishConflict
	TooMany   bool // to be acknowledged here
	Warnings  []string
	Warned    string // how many they are
	Missing   []string
	Notes     []publishNote
	Releases  []publishRelease
	Timetable string
}

// publishGroup are the changes of one kind.
type publishGroup struct {
	Heading string
	Items   []publishItem
}

type publishItem struct {
	*words
	Title  said
	Code   string
	Detail string
	New    bool // since the page was looked at
}

// publishBeside is something that is no panel.
type publishBeside struct {
	Kind, What string
	Name       said
}

// publishPerson is somebody whose part changes.
type publishPerson struct {
	Name  string
	Parts []string
}

type publishConflict struct {
	Key, Sentence string
	Acknowledged  bool
}

type publishNote struct{ Tag, Language, Text string }

type publishRelease struct {
	*words
	Label, URL, When, By string
	Note                 said
}

func (s *Server) newPublish(c echo.Context, v *eventConsole, form publishForm) (*publishView, app.Proposal, error) {
	if err := v.name("console_publish"); err != nil {
		return nil, app.Proposal{}, err
	}
	p, err := s.app.Propose(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return nil, p, err
	}
	shown := &publishView{eventConsole: v, Form: v.Here + "publish" + v.reader.query, First: p.Before == nil, Empty: p.Empty(), Seen: p.Seen,
		Shown: strings.Join(p.Prints, " "), Once: form.once, Timetable: v.Here + "timetable" + v.reader.query}
	shown.Styles = append(shown.Styles, s.assetURL("console_publish.css"))
	for _, tag := range v.Event.Languages {
		shown.Notes = append(shown.Notes, publishNote{tag, v.reader.languageName(tag), form.note[tag]})
		shown.Typed = shown.Typed || form.note[tag] != ""
	}
	for _, add := range []func(*app.Proposal) error{shown.addLead, func(p *app.Proposal) error { return shown.addChanges(p, form.prints) },
		shown.addBeside, shown.addTouched, func(p *app.Proposal) error { return shown.addLetters(p, form.tell) }, func(p *app.Proposal) error { return shown.addConflicts(p, form.acknowledged) }, shown.addMissing, shown.addReleases} {
		if err := add(&p); err != nil {
			return nil, p, err
		}
	}
	return shown, p, nil
}

func (v *publishView) addLead(p *app.Proposal) (err error) {
	if p.Before == nil {
		if v.Lead, err = v.Say("publish_lead_first"); err == nil {
			v.Button, err = v.Say("publish_button_first")
		}
		return err
	}
	when, err := v.moment(p.Before.Published, v.Event.Location())
	if err != nil {
		return err
	}
	key := "publish_lead"
	if v.Empty {
		key = "publish_nothing"
	}
	if v.Lead, err = v.Say(key, "n", p.Before.Number+1, "before", p.Before.Number, "when", when); err != nil {
		return err
	}
	v.Button, err = v.Say("publish_button", "n", p.Before.Number+1)
	return err
}

// addChanges adds the changes by kind. Known are those that were seen before; nil when the page is new.
func (v *publishView) addChanges(p *app.Proposal, known []string) error {
	for _, kind := range agenda.ChangeKinds {
		var g publishGroup
		for i, change := range p.Changes {
			if change.Kind == kind {
				g.Items = append(g.Items, publishItem{words: v.words, Title: v.reader.pick(v.Event.Language(), change.Title), Code: change.Code,
					Detail: change.Detail(p.Next.Event, v.words.lang), New: known != nil && !slices.Contains(known, p.Prints[i])})
			}
		}
		if len(g.Items) == 0 {
			continue
		}
		var err error
		if g.Heading, err = v.Count("publish_"+string(kind), len(g.Items)); err != nil {
			return err
		}
		v.Groups = append(v.Groups, g)
	}
	return nil
}

func (v *publishView) addBeside(p *app.Proposal) (err error) {
	for _, b := range p.Beside {
		shown := publishBeside{Name: v.reader.pick(v.Event.Language(), b.Name)}
		if shown.Name.Lang == "und" {
			shown.Name.Lang = ""
		}
		if shown.Kind, err = v.Say("publish_beside_" + b.Kind); err != nil {
			return err
		}
		key := "publish_beside_changed"
		switch {
		case b.Gone:
			key = "publish_beside_gone"
		case len(b.Fields) == 0:
			key = "publish_beside_new"
		}
		if shown.What, err = v.Say(key); err != nil {
			return err
		}
		v.Beside = append(v.Beside, shown)
	}
	return nil
}

func (v *publishView) addTouched(p *app.Proposal) error {
	last := agenda.ID("")
	for _, t := range p.Touched {
		title := clipped(v.reader.pick(v.Event.Language(), t.Title).Text)
		part, err := v.Say("publish_touch_"+string(t.Kind), "title", title)
		if err != nil {
			return err
		}
		if t.Person.ID != last {
			v.Touched = append(v.Touched, publishPerson{Name: t.Person.Name})
			last = t.Person.ID
		}
		at := &v.Touched[len(v.Touched)-1]
		at.Parts = append(at.Parts, part)
	}
	return nil
}

func (v *publishView) addConflicts(p *app.Proposal, acknowledged []string) (err error) {
	teller := newConflictTeller(v.reader, p.Draft, agenda.May(v.actor, agenda.ReadPeople, v.Event.ID))
	for _, c := range p.Conflicts {
		if len(v.Errors) == maxAcknowledged {
			v.TooMany = true
			break // errors come first
		}
		sentence, err := teller.sentence(c)
		if err != nil {
			return err
		}
		if c.Severity == agenda.SeverityError {
			v.Errors = append(v.Errors, publishConflict{c.Key, sentence, slices.Contains(acknowledged, c.Key)})
		} else if len(v.Warnings) < maxTimetableConflicts {
			v.Warnings = append(v.Warnings, sentence)
		}
	}
	v.Warned, err = v.Count("publish_warnings", len(v.Warnings))
	return err
}

func (v *publishView) addMissing(p *app.Proposal) error {
	for _, tag := range v.Event.Languages {
		if n := p.Untranslated[tag]; n > 0 {
			line, err := v.counted("publish_missing", n, "language", v.reader.languageName(tag))
			if err != nil {
				return err
			}
			v.Missing = append(v.Missing, line)
		}
	}
	return nil
}

func (v *publishView) addReleases(p *app.Proposal) error {
	for _, r := range p.Releases {
		when, err := v.moment(r.Published, v.Event.Location())
		if err != nil {
			return err
		}
		shown := publishRelease{words: v.words, When: when, By: r.By, Note: v.reader.pick(v.Event.Language(), r.Note),
			URL: v.Root + v.Event.Slug + "/releases/" + strconv.Itoa(r.Number) + v.reader.query}
		if shown.Label, err = v.Say("publish_release", "n", r.Number); err != nil {
			return err
		}
		v.Releases = append(v.Releases, shown)
	}
	return nil
}
