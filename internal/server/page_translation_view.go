package server

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"
)

// answerTranslations shows what is missing, with why something could not be saved.
func (s *Server) answerTranslations(c echo.Context, t *translating, cause error) error {
	p := &translationPage{formPage: &formPage{eventConsole: t.eventConsole}, To: t.to, ToName: t.reader.languageName(t.to)}
	if err := p.name("console_translations"); err != nil {
		return err
	}
	if err := t.addTongues(p); err != nil {
		return err
	}
	if err := t.addEntries(c, p); err != nil {
		return err
	}
	p.Action = t.Here + "translations" + t.asking(url.Values{"to": {t.to}, "page": {c.QueryParam("page")}})
	status, err := http.StatusOK, error(nil)
	if cause != nil {
		if status, err = p.blame(c, cause); err != nil {
			return err
		}
		p.Said = "" // stands beside the fields
	}
	t.focusEntry(p.Entries)
	return answerOnce(c, status, "console_translations", p, t.reader)
}

// addEntries adds the part of what is missing that was asked for, with the revisions of what it is about.
func (t *translating) addEntries(c echo.Context, p *translationPage) error {
	missing, err := t.entries()
	if err != nil {
		return err
	}
	list := &listPage{eventConsole: t.eventConsole}
	shown := list.part(c, len(missing), translationPageSize, url.Values{"to": {t.to}})
	p.Entries, p.More, p.Less, p.Complete = missing[shown.from:shown.to], list.More, list.Less, len(missing) == 0
	seen := map[string]bool{}
	for _, e := range p.Entries {
		if !seen[e.revision.Value] {
			seen[e.revision.Value] = true
			p.Revisions = append(p.Revisions, e.revision)
		}
	}
	p.Left, err = t.Count("translate_left", len(missing))
	return err
}

// focusEntry lets the page open with what is wrong, or with the first entry.
func (t *translating) focusEntry(entries []*translationEntry) {
	for _, e := range entries {
		if e.Wrong != "" {
			e.Focus = true
			return
		}
	}
	if len(entries) > 0 {
		entries[0].Focus = true
	}
}

// addTongues says how far each language is.
func (t *translating) addTongues(p *translationPage) error {
	for _, tag := range t.Event.Languages {
		done, all := t.progress(tag)
		said, err := t.Say("translate_progress", "n", done, "all", all)
		if err != nil {
			return err
		}
		p.Tongues = append(p.Tongues, tongueRow{consoleLink{Label: t.reader.languageName(tag), URL: t.Here + "translations" + t.asking(url.Values{"to": {tag}}), Current: tag == t.to}, done, all, said})
	}
	return nil
}

// entries give what is missing in the language: first what could not be saved, also where somebody else has written it meanwhile.
func (t *translating) entries() ([]*translationEntry, error) {
	var failed, missing []*translationEntry
	for _, thing := range t.things {
		for _, text := range thing.texts {
			again := t.failed[text.field(thing)]
			if !again && (len(*text.text) == 0 || (*text.text)[t.to] != "") {
				continue
			}
			e, err := t.entry(thing, text)
			if err != nil {
				return nil, err
			}
			if again {
				failed = append(failed, e)
			} else {
				missing = append(missing, e)
			}
		}
	}
	return append(failed, missing...), nil
}

func (t *translating) entry(thing *translatable, text translation) (*translationEntry, error) {
	name := text.field(thing)
	label, err := t.Say(text.label)
	if err != nil {
		return nil, err
	}
	from := t.Event.Language()
	if (*text.text)[from] == "" || from == t.to {
		for _, tag := range text.text.Languages() {
			if tag != t.to {
				from = tag
				break
			}
		}
	}
	e := &translationEntry{words: t.words, Name: name, Thing: thing.name, Label: label, From: said{(*text.text)[from], from}, Value: t.typed.Get(name), Long: text.long,
		revision: choice{Value: "revision." + thing.key, Label: strconv.Itoa(thing.revision)}}
	if thing.url != "" {
		e.URL = t.Here + thing.url + t.reader.query
	}
	if t.failed[name] {
		e.Now = (*text.text)[t.to]
	}
	if message := t.wrong[name]; message != "" {
		e.Wrong, e.WrongLang = t.faultSaid(message)
	}
	return e, nil
}
