package server

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// lateError names those of several things that somebody else changed meanwhile, and that were not saved for that reason.
type lateError []string

func (e lateError) Error() string {
	return "Somebody else changed these meanwhile: " + strings.Join(e, ", ")
}

// blame puts an error beside the fields that it is about, or above the form, and gives the status of the answer.
func (p *formPage) blame(c echo.Context, err error) (status int, rest error) {
	var late lateError
	if errors.As(err, &late) {
		slices.Sort(late)
		p.Problem, rest = p.Say("form_late", "names", strings.Join(late, ", "))
		return http.StatusPreconditionFailed, rest
	}
	var e *agenda.Error
	if !errors.As(err, &e) {
		return 0, err
	}
	key := map[agenda.Code]string{agenda.Invalid: "form_faults", agenda.Taken: "form_taken", agenda.Stale: "form_stale"}[e.Code]
	if key = cmp.Or(p.refusals[e.Code], key); key == "" {
		return 0, err
	}
	if p.Problem, rest = p.Say(key); rest != nil {
		return 0, rest
	}
	if e.Code == agenda.Stale {
		p.Stale = p.differences()
	}
	if e.Code == agenda.Stale || p.refusals[e.Code] != "" {
		return statuses[e.Code], nil
	}
	p.placeAll(e)
	return statuses[e.Code], nil
}

// placeAll puts each fault beside its field, and those that have none above the form.
func (p *formPage) placeAll(e *agenda.Error) {
	unplaced := []string{}
	for _, fault := range e.Faults {
		if !p.place(fault) {
			unplaced = append(unplaced, strings.TrimPrefix(fault.Pointer+" ", "/")+fault.Message)
		}
	}
	if len(e.Faults) == 0 {
		unplaced = append(unplaced, e.Message)
	}
	p.Said = strings.Join(unplaced, " ")
}

// place puts a fault beside its field; the pointer may go deeper than the field does.
func (p *formPage) place(fault agenda.Fault) bool {
	name := strings.ReplaceAll(strings.TrimPrefix(fault.Pointer, "/"), "/", ".")
	said, lang := p.faultSaid(fault.Message)
	return placeIn(p.Fields, name, said, lang) || placeIn(p.beside, name, said, lang)
}

func placeIn(fields []*formField, name, said, lang string) bool {
	for _, f := range fields {
		if placeIn(f.Parts, name, said, lang) {
			return true
		}
		for _, row := range f.Rows {
			if strings.HasPrefix(name, f.Name+"."+strconv.Itoa(row.Index)+".") && placeIn(row.Fields, name, said, lang) {
				return true
			}
		}
		if name == f.Name && len(f.Texts) == 0 || name == f.Name && f.Wrong == "" {
			f.Wrong, f.WrongLang = said, lang
			return true
		}
		for i := range f.Texts {
			if name == f.Name+"."+f.Texts[i].Tag {
				f.Texts[i].Wrong, f.Texts[i].WrongLang = said, lang
				return true
			}
		}
		if strings.HasPrefix(name, f.Name+".") && len(f.Texts) == 0 {
			f.Wrong, f.WrongLang = said, lang
			return true
		}
	}
	return false
}

// keep shows what was typed as it was typed, also where it could not be read.
func (p *formPage) keep(c echo.Context) {
	form := c.Request().PostForm
	for _, f := range p.Fields {
		for _, of := range append([]*formField{f}, f.Parts...) {
			if _, given := form[of.Name]; given && of.hasValue() {
				of.Value = typed(c, of.Name)
			}
		}
	}
}

// hasValue says whether what is typed into the field is one value.
func (f *formField) hasValue() bool {
	switch f.Kind {
	case checkField, checksField, selectField, textField, essayField, noteField, fileField, rowsField, groupField:
		return false
	}
	return true
}

// begin lets the page open with the first field that is wrong, or, of what is yet to be made, with the first one.
func (p *formPage) begin() {
	if !focusWrong(p.Fields) && !focusWrong(p.beside) && p.Revision == 0 && p.Problem == "" && len(p.Fields) > 0 && !focused(p.Fields) {
		p.Fields[0].focus()
	}
}

// focus lets the page open with the field.
func (f *formField) focus() {
	switch {
	case len(f.Texts) > 0:
		f.Texts[0].Focus = true
		return
	case len(f.Parts) > 0:
		f.Parts[0].focus()
		return
	}
	f.Focus = true
}

// focusWrong lets the page open with the first of the fields that is wrong, if one is.
func focusWrong(fields []*formField) bool {
	for _, f := range fields {
		for i := range f.Texts {
			if f.Texts[i].Wrong != "" {
				f.Texts[i].Focus = true
				return true
			}
		}
		for _, row := range f.Rows {
			if focusWrong(row.Fields) {
				return true
			}
		}
		if focusWrong(f.Parts) {
			return true
		}
		if f.Wrong != "" {
			f.focus()
			return true
		}
	}
	return false
}

// focused says whether the page opens with one of the fields already.
func focused(fields []*formField) bool {
	for _, f := range fields {
		for _, row := range f.Rows {
			if focused(row.Fields) {
				return true
			}
		}
		if f.Focus {
			return true
		}
	}
	return false
}

// faultPhrases are the sentences of package agenda for the faults that people make most, and the keys of their words. Numbers and
// names in them stand for themselves.
var faultPhrases = []struct {
	pattern *regexp.Regexp
	key     string
	names   []string
}{
	{regexp.MustCompile(`^(?:is needed|needs a text in at least one language|needs at least one.*|needs a time, and can have up to \d+)$`), "fault_needed", nil},
	{regexp.MustCompile(`^has (\d+) characters, at most (\d+) fit$`), "fault_long", []string{"n", "most"}},
	{regexp.MustCompile(`^is (-?\d+), but must be between (-?\d+) and (\d+)$`), "fault_range", []string{"n", "least", "most"}},
	{regexp.MustCompile(`^is the name of nobody here$`), "fault_nobody", nil},
	{regexp.MustCompile(`^is the name of several people$`), "fault_several", nil},
	{regexp.MustCompile(`^is in the list a second time`), "fault_twice", nil},
	{regexp.MustCompile(` is not a (?:time|local time), such as `), "fault_time", nil},
	{regexp.MustCompile(`^is not a whole number$`), "fault_number", nil},
	{regexp.MustCompile(` is not a web address that begins with https:// or http://$`), "fault_url", nil},
	{regexp.MustCompile(`^can't be told: .* leads to a private address`), "webhooks_private", nil},
	{regexp.MustCompile(`^can't be told: .* has to begin with https://`), "webhooks_https", nil},
	{regexp.MustCompile(` is not an e-mail address$`), "fault_email", nil},
	{regexp.MustCompile(` is not an ISO 3166-1 alpha-2 code, such as VN$`), "fault_country", nil},
	{regexp.MustCompile(` is not a colour such as #005bbb, in lower case$`), "fault_color", nil},
	{regexp.MustCompile(` is not a code: 3 to 12 capital letters and digits$`), "fault_code", nil},
	{regexp.MustCompile(`^is not after the start$`), "fault_end", nil},
	{regexp.MustCompile(`^is before the start date$`), "fault_end_date", nil},
	{regexp.MustCompile(`^is in the past$`), "fault_past", nil},
	{regexp.MustCompile(`^contains the control character`), "fault_control", nil},
	{regexp.MustCompile(` is not an IANA time zone, such as `), "fault_zone", nil},
	{regexp.MustCompile(` is not a slug: `), "fault_slug", nil},
	{regexp.MustCompile(` is a word that the program uses itself$`), "fault_reserved", nil},
	{regexp.MustCompile(`^needs exactly one principal, `), "fault_principal", nil},
	{regexp.MustCompile(`^or a room, not both$`), "fault_either", nil},
	{regexp.MustCompile(`^is in use$`), "fault_used", nil},
	{regexp.MustCompile(` is not a date, such as `), "fault_date", nil},
	{regexp.MustCompile(` a second time$`), "fault_twice", nil},
	{regexp.MustCompile(`^is not the event's slug$`), "fault_confirm", nil},
	{regexp.MustCompile(` degrees(?:, or none)?$`), "fault_degrees", nil},
	{regexp.MustCompile(`^is more than \d+ days after the start date$`), "fault_days", nil},
	{regexp.MustCompile(`^[0-9:]+ on [0-9-]+ does not exist in `), "fault_skipped", nil},
}

// faultSaid gives a fault in the reader's language, or in English where there are no words for it.
func (w *words) faultSaid(message string) (said, lang string) {
	for _, phrase := range faultPhrases {
		found := phrase.pattern.FindStringSubmatch(message)
		if found == nil {
			continue
		}
		var pairs []any
		for i, name := range phrase.names {
			pairs = append(pairs, name, found[i+1])
		}
		if said, err := w.Say(phrase.key, pairs...); err == nil {
			return said, ""
		}
	}
	return message, "en"
}
