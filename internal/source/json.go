package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// walker reads a JSON document piece by piece, and knows on which line it is: what a reader does not ask for is never
// made into anything.
type walker struct {
	data []byte
	dec  *json.Decoder
	seen int // bytes whose lines are counted
	row  int // line at seen
}

// newWalker begins to read a document, after its byte order mark. It refuses text that is not UTF-8 and nesting that no
// schedule has, before anything is made of them.
func newWalker(data []byte) (*walker, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := checkJSON(data); err != nil {
		return nil, err
	}
	w := &walker{data: data, dec: json.NewDecoder(bytes.NewReader(data)), row: 1}
	w.dec.UseNumber()
	return w, nil
}

// checkJSON bounds the nesting of a document.
func checkJSON(data []byte) error {
	depth, line, quoted := 0, 1, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\n':
			line++
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return fail(line, "the document nests deeper than %d objects and lists.", MaxDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	if !utf8.Valid(data) {
		return fail(0, "The file is not in UTF-8, which JSON has to be.")
	}
	return nil
}

// line gives the line of what is read next.
func (w *walker) line() int {
	at := int(w.dec.InputOffset())
	for at < len(w.data) && strings.IndexByte(" \t\r\n,:", w.data[at]) >= 0 {
		at++
	}
	w.row += bytes.Count(w.data[w.seen:max(at, w.seen)], []byte("\n"))
	w.seen = max(at, w.seen)
	return w.row
}

// next gives the first byte of what is read next, 0 at the end.
func (w *walker) next() byte {
	at := int(w.dec.InputOffset())
	for at < len(w.data) && strings.IndexByte(" \t\r\n,:", w.data[at]) >= 0 {
		at++
	}
	if at >= len(w.data) {
		return 0
	}
	return w.data[at]
}

// object reads an object and calls member for each of its members, which has to read or to skip its value. Anything else
// than an object is skipped.
func (w *walker) object(member func(key string) error) error {
	if w.next() != '{' {
		return w.skip()
	}
	if _, err := w.dec.Token(); err != nil {
		return w.broken(err)
	}
	for w.dec.More() {
		key, err := w.dec.Token()
		if err != nil {
			return w.broken(err)
		}
		if err := member(fmt.Sprint(key)); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return w.broken(err)
}

// list reads a list and calls element for each of its elements, which has to read or to skip it. Anything else than a
// list is skipped.
func (w *walker) list(element func() error) error {
	if w.next() != '[' {
		return w.skip()
	}
	if _, err := w.dec.Token(); err != nil {
		return w.broken(err)
	}
	for w.dec.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return w.broken(err)
}

// value reads what comes next into v. Members of another type than v has for them are left as they are; odd says that
// there were any.
func (w *walker) value(v any) (odd bool, err error) {
	err = w.dec.Decode(v)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return true, nil
	}
	return false, w.broken(err)
}

// skip reads what comes next and forgets it.
func (w *walker) skip() error {
	var raw json.RawMessage
	_, err := w.value(&raw)
	return err
}

// end says whether anything follows the document.
func (w *walker) end() error {
	if _, err := w.dec.Token(); !errors.Is(err, io.EOF) {
		return fail(w.line(), "something follows the end of the document.")
	}
	return nil
}

// broken says what is wrong with the document. Where exactly it is tells a reading of the whole: the decoder counts from the
// value that it is at.
func (w *walker) broken(err error) error {
	if err == nil {
		return nil
	}
	var at int
	var syntax *json.SyntaxError
	switch whole := json.Unmarshal(w.data, new(struct{})); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fail(w.lineAt(len(w.data)+1), "the file is cut off.")
	case errors.As(whole, &syntax):
		err, at = syntax, int(syntax.Offset)
	default:
		at = int(w.dec.InputOffset())
	}
	return fail(w.lineAt(at), "this is not well-formed JSON: %s.", strings.TrimPrefix(err.Error(), "json: "))
}

// lineAt gives the line of the byte before at.
func (w *walker) lineAt(at int) int {
	return 1 + bytes.Count(w.data[:max(min(at-1, len(w.data)), 0)], []byte("\n"))
}

// scalar is a string, number or boolean of JSON, as text: programs disagree on which an identity is.
type scalar string

// UnmarshalJSON reads any scalar; null, objects and lists are empty.
func (s *scalar) UnmarshalJSON(b []byte) error {
	*s = ""
	switch {
	case len(b) == 0 || b[0] == 'n' || b[0] == '{' || b[0] == '[':
		return nil
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(s))
	}
	*s = scalar(b)
	return nil
}

// localized is a text, or an object of texts by language.
type localized Text

// UnmarshalJSON reads both; anything else is empty. Tags that are no language tags are left out, and so is a language that
// is there a second time in another spelling.
func (t *localized) UnmarshalJSON(b []byte) error {
	*t = nil
	if len(b) > 0 && b[0] == '{' {
		var texts map[string]scalar
		if err := json.Unmarshal(b, &texts); err != nil {
			return err
		}
		for _, spelling := range slices.Sorted(maps.Keys(texts)) {
			tag, s := languageTag(spelling), clean(string(texts[spelling]))
			if _, twice := (*t)[tag]; tag == "" || s == "" || twice {
				continue
			}
			if *t == nil {
				*t = localized{}
			}
			(*t)[tag] = s
		}
		return nil
	}
	var s scalar
	if err := s.UnmarshalJSON(b); err != nil {
		return err
	}
	*t = localized(plain(string(s)))
	return nil
}
