package server

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// formPage is a page of the console with one form, about one thing that has a revision or is yet to be made.
type formPage struct {
	*eventConsole
	Fields   []*formField
	Action   string // where the form is sent
	Button   string // what it says
	Revision int    // that was read; 0 for what is yet to be made
	Back     consoleLink
	Lead     string                 // is said above the fields
	Danger   bool                   // what it does can't be taken back
	refusals map[agenda.Code]string // keys of words for errors of these codes, where those of all forms say too little
	Delete   string                 // address of the page that asks whether to delete it, "" where that is not offered
	Also     []choice               // further buttons that send the form, by what they send as "do"
	Lists    []formList             // what is suggested while somebody types
	Links    []consoleLink
	beside   []*formField // of other forms on the page
	theirs   *formPage    // as it stands now, after somebody else changed it
	Stale    []staleRow   // what they changed
}

// formList is what a field suggests.
type formList struct {
	ID      string
	Options []string
	Known   []choice // values with what is said of them
}

// staleRow is a field as somebody else left it.
type staleRow struct{ Label, Value string }

// fieldKind says how a field is typed into. The templates know them.
type fieldKind string

// The kinds of field.
const (
	lineField   fieldKind = "text"
	proseField  fieldKind = "prose" // several lines
	numberField fieldKind = "number"
	dateField   fieldKind = "date"
	clockField  fieldKind = "clock" // HH:MM: what browsers make of type=time follows their own language
	emailField  fieldKind = "email"
	urlField    fieldKind = "url"
	colorField  fieldKind = "color"
	checkField  fieldKind = "check"
	selectField fieldKind = "select"
	checksField fieldKind = "checks"     // several of some
	textField   fieldKind = "texts"      // a Text: one line in each language, side by side
	essayField  fieldKind = "texts long" // a Text of several lines
	noteField   fieldKind = "note"       // is shown, and can't be changed
	fileField   fieldKind = "file"
	hiddenField fieldKind = "hidden"
	rowsField   fieldKind = "rows"  // several things of the same fields, in an order
	groupField  fieldKind = "group" // several fields under one heading
)

// formField is one field of a form.
type formField struct {
	*words
	Name, Label, Hint string
	LabelLang         string // of the label, where it is not the page's
	Kind              fieldKind
	Value             string
	Checked           bool
	Required          bool
	Choices           []choice
	Texts             []formText
	Rows              []formRow
	Parts             []*formField // of a group
	Focus             bool         // it is where one begins to type
	Begins            bool         // a line of fields that stand side by side begins with it
	Broad             bool         // what it offers is long: nothing stands beside it
	Wrong             string       // what is wrong with what was typed
	WrongLang         string       // "en" where it is said in English
	Max               int          // characters, or the greatest number
	List              string       // values that are suggested, by the id of a [formList]
	Accept            string       // media types of a file
}

// Long says whether a Text of it takes several lines.
func (f *formField) Long() bool { return f.Kind == essayField }

// Partly says whether a Text of it says something in some language, so that it lacks the others.
func (f *formField) Partly() bool {
	return slices.ContainsFunc(f.Texts, func(t formText) bool { return t.Value != "" })
}

// Small says whether there is room for others beside the field.
func (f *formField) Small() bool {
	switch f.Kind {
	case selectField, numberField, dateField, clockField, colorField, checkField:
		return !f.Broad
	}
	return false
}

// formText is a Text in one language.
type formText struct {
	Tag, Language string
	Value         string
	Focus         bool
	Wrong         string
	WrongLang     string
}

// field adds a field to the form; key is of the words of its label. The hint's words are under the key with "_hint" after it,
// where there are any.
func (p *formPage) field(name, key string, kind fieldKind) *formField {
	label, ok := p.said[key]
	if !ok {
		label = key
	}
	f := &formField{words: p.words, Name: name, Label: label, Hint: p.said[key+"_hint"], Kind: kind}
	p.Fields = append(p.Fields, f)
	return f
}

// line adds a field of one line, or of another kind that has one value.
func (p *formPage) line(name, key string, kind fieldKind, value string) *formField {
	f := p.field(name, key, kind)
	f.Value = value
	return f
}

// number adds a field for a number; 0 is shown as nothing.
func (p *formPage) number(name, key string, value, most int) *formField {
	f := p.field(name, key, numberField)
	f.Max = most
	if value != 0 {
		f.Value = strconv.Itoa(value)
	}
	return f
}

// check adds a box that is ticked or not.
func (p *formPage) check(name, key string, on bool) *formField {
	f := p.field(name, key, checkField)
	f.Checked = on
	return f
}

// choose adds a choice of one.
func (p *formPage) choose(name, key, value string, choices []choice) *formField {
	f := p.line(name, key, selectField, value)
	for i := range choices {
		choices[i].Chosen = choices[i].Value == value
	}
	f.Choices = choices
	return f
}

// text adds a field for a Text: in each language of the Event, and in those that it has besides.
func (p *formPage) text(name, key string, kind fieldKind, t agenda.Text, most int) *formField {
	f := p.field(name, key, kind)
	f.Max = most
	languages := slices.Clone(p.Event.Languages)
	for _, tag := range t.Languages() {
		if !slices.Contains(languages, tag) {
			languages = append(languages, tag)
		}
	}
	for _, tag := range languages {
		f.Texts = append(f.Texts, formText{Tag: tag, Language: display.Self.Name(language.Make(tag)), Value: t[tag]})
	}
	return f
}

// noColor is what a picker shows of no colour.
const noColor = "#808080"

// Pick gives the colour that the picker beside the field begins with.
func (f *formField) Pick() string {
	if colorPattern.MatchString(f.Value) {
		return f.Value
	}
	return noColor
}

var colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// colorSent gives a colour that was typed or picked: what was picked counts where nothing else was typed.
func colorSent(c echo.Context, name string) string {
	value, was := strings.ToLower(strings.TrimSpace(typed(c, name))), typed(c, name+"_was")
	before := formField{Value: was}
	if pick := typed(c, name+"_pick"); value == was && pick != "" && pick != before.Pick() {
		return pick
	}
	return value
}

// numberSent gives a number that was typed, 0 for nothing; what is no number is noted as a fault.
func numberSent(c echo.Context, f *agenda.Faults, name string) int {
	typed := strings.TrimSpace(sent(c, name))
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		f.Add("/"+name, "is not a whole number")
	}
	return n
}

// matchSent gives the revision that the form was made of.
func matchSent(c echo.Context) app.Match {
	return app.Revision(revisionSent(c))
}

// Fresh tells this form from every other one that was shown.
func (p *formPage) Fresh() string { return rand.Text() }

// onceSent makes it harmless to send one form twice: nothing is made a second time of the same words.
func onceSent(c echo.Context) app.Once {
	if sent(c, "once") == "" {
		return app.Once{}
	}
	sum := sha256.Sum256([]byte(c.Request().URL.Path + "\n" + c.Request().PostForm.Encode()))
	mark := hex.EncodeToString(sum[:])
	return app.Once{Key: "form-" + mark, Fingerprint: mark}
}

// revisionSent is that revision.
func revisionSent(c echo.Context) int {
	n, err := strconv.Atoi(sent(c, "revision"))
	if err != nil {
		n = -1 // is never current
	}
	return n
}

// answer shows the form again with what is wrong with it. Errors that no form can show are given back. What somebody else
// changed meanwhile is shown beside what was typed, and the form is of the new revision: sent again, what was typed stands.
func (p *formPage) answer(c echo.Context, s *Server, err error) error {
	return p.answerIn(c, s, "console_form", p, err)
}

// answerIn is [formPage.answer] with a page of another template, which has the form in it.
func (p *formPage) answerIn(c echo.Context, s *Server, template string, page any, err error) error {
	status := http.StatusOK
	if err != nil {
		var rest error
		p.keep(c)
		if agenda.CodeOf(err) != agenda.Stale && c.Request().PostForm.Has("revision") {
			p.Revision = revisionSent(c) // else what somebody else changed meanwhile would be lost, and nobody told
		}
		if status, rest = p.blame(c, err); rest != nil {
			return rest
		}
	}
	p.begin()
	return answerOnce(c, status, template, page, p.reader)
}

// choicesOf makes the choices of a select of the values of an enumeration; their words are under prefix and the value.
func choicesOf[T ~string](w *words, prefix string, values []T) ([]choice, error) {
	var list []choice
	for _, v := range values {
		label, err := w.Say(prefix + string(v))
		if err != nil {
			return nil, err
		}
		list = append(list, choice{Value: string(v), Label: label})
	}
	return list, nil
}
