package server

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"plenary/internal/agenda"
)

// spokenTags are languages that are offered besides those of the Event: the official ones of the United Nations and those of
// many conferences. A Panel may have any other.
var spokenTags = strings.Fields("ar bg cs da de el en es et fa fi fr he hi hr hu id it ja km ko lo lt lv ms my nb nl pl pt ro ru sk sl sv sw ta th tr uk ur vi zh")

// languageChoices are the languages in the words of the reader, the Event's first; those that are used besides are among them.
func (v *eventConsole) languageChoices(used ...string) []choice {
	var list, others []choice
	for _, tag := range v.Event.Languages {
		list = append(list, choice{Value: tag, Label: v.reader.languageName(tag)})
	}
	for _, tag := range slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(spokenTags), used...)))) {
		if tag != "" && !slices.Contains(v.Event.Languages, tag) {
			others = append(others, choice{Value: tag, Label: v.reader.languageName(tag)})
		}
	}
	v.sortChoices(others)
	return append(list, others...)
}

// sortChoices puts choices into the order of the reader's alphabet.
func (v *eventConsole) sortChoices(list []choice) { sortIn(v.reader.words.lang, list) }

func sortIn(lang string, list []choice) {
	order := collate.New(language.Make(lang))
	slices.SortStableFunc(list, func(a, b choice) int { return order.CompareString(a.Label, b.Label) })
}

// reservedCodes look like codes of countries and are none of ISO 3166-1: places within one, and private use.
var reservedCodes = strings.Fields("AC CP CQ DG EA EZ IC TA UN XK")

// countries are those of ISO 3166-1, by the program's languages and sorted in each.
var countries = sync.OnceValue(func() map[string][]choice {
	all := map[string][]choice{}
	for _, lang := range programLanguages {
		names := display.Regions(language.Make(lang))
		var list []choice
		for n := range 26 * 26 {
			code := string([]rune{'A' + rune(n/26), 'A' + rune(n%26)})
			region, err := language.ParseRegion(code)
			if err != nil || slices.Contains(reservedCodes, code) || !region.IsCountry() || region.Canonicalize() != region || region.String() != code {
				continue
			}
			if name := names.Name(region); name != "" && name != code {
				list = append(list, choice{Value: code, Label: name})
			}
		}
		sortIn(lang, list)
		all[lang] = list
	}
	return all
})

// countryChoices are the countries in the words of the reader, after one for none. A code that is used is among them.
func (v *eventConsole) countryChoices(none, used string) []choice {
	list := append([]choice{{Label: none}}, countries()[v.reader.words.lang]...)
	if used != "" && !slices.ContainsFunc(list, func(c choice) bool { return c.Value == used }) {
		list = append(list, choice{Value: used, Label: used})
	}
	return list
}

// namedChoices are things by name, after one for none.
func namedChoices[T any](v *eventConsole, none string, list []T, of func(T) (agenda.ID, agenda.Text)) []choice {
	choices := []choice{{Label: none}}
	for _, thing := range list {
		id, name := of(thing)
		choices = append(choices, choice{Value: string(id), Label: v.reader.pick(v.Event.Language(), name).Text})
	}
	return choices
}

// namedTrack and namedRoom give what a choice of one is made of.
func namedTrack(t agenda.Track) (agenda.ID, agenda.Text) { return t.ID, t.Name }

func namedRoom(r agenda.Room) (agenda.ID, agenda.Text) { return r.ID, r.Name }
