package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"plenary/internal/agenda"
)

// short keeps a name that a message repeats short.
func short(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// xmlWalker reads an XML document element by element, and knows on which line it is. It refuses what no schedule has and
// what costs more than it says: declarations of types and entities, deep nesting, and tags and texts without end.
type xmlWalker struct {
	dec   *xml.Decoder
	in    *meter
	depth int
}

// newXMLWalker begins to read a document, after its byte order mark.
func newXMLWalker(data []byte) *xmlWalker {
	in := &meter{from: bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))}
	x := &xmlWalker{dec: xml.NewDecoder(in), in: in}
	x.dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		encoding, err := htmlindex.Get(label)
		if err != nil {
			return nil, fail(1, "the encoding %s is not known.", quoted(label))
		}
		if name, err := htmlindex.Name(encoding); err != nil || name == "replacement" || strings.HasPrefix(name, "utf-16") {
			return nil, fail(1, "the document can't be in the encoding %s.", quoted(label))
		}
		return encoding.NewDecoder().Reader(in), nil
	}
	return x
}

// maxToken bounds a tag, a comment and a piece of text, in bytes.
const maxToken = 1 << 20

// meter counts what is read for one token: a tag of many attributes takes a multiple of its length.
type meter struct {
	from *bytes.Reader
	used int
}

var errToken = errors.New("a tag or a text is longer than 1 MiB")

// ReadByte is what package xml reads with.
func (m *meter) ReadByte() (byte, error) {
	if m.used++; m.used > maxToken {
		return 0, errToken
	}
	return m.from.ReadByte()
}

// Read is what decoders of other encodings read with.
func (m *meter) Read(p []byte) (int, error) {
	if m.used > maxToken {
		return 0, errToken
	}
	n, err := m.from.Read(p)
	m.used += n
	return n, err
}

// next gives the next token and the line on which it begins, io.EOF at the end of the document.
func (x *xmlWalker) next() (xml.Token, int, error) {
	line, _ := x.dec.InputPos()
	x.in.used = 0
	token, err := x.dec.Token()
	if err != nil {
		return nil, line, x.broken(err)
	}
	switch t := token.(type) {
	case xml.Directive:
		return nil, line, fail(line, "the document has a declaration <!%s …>, which a schedule must not have.", short(firstWord(string(t))))
	case xml.StartElement:
		if x.depth++; x.depth > MaxDepth {
			return nil, line, fail(line, "the document nests deeper than %d elements.", MaxDepth)
		}
		seen := make(map[xml.Name]bool, len(t.Attr))
		for _, a := range t.Attr {
			if seen[a.Name] {
				return nil, line, fail(line, "this is not well-formed XML: <%s> has the attribute %s twice.", short(t.Name.Local), short(a.Name.Local))
			}
			seen[a.Name] = true
		}
	case xml.EndElement:
		x.depth--
	}
	return token, line, nil
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return word
}

// broken says what is wrong with the document.
func (x *xmlWalker) broken(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case err == io.EOF:
		return err
	case errors.Is(err, errToken):
		line, _ := x.dec.InputPos()
		return fail(line, "%s.", errToken)
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return fail(syntax.Line, "the file is cut off.")
	case errors.As(err, &syntax):
		return fail(syntax.Line, "this is not well-formed XML: %s.", short(syntax.Msg))
	}
	var refused *agenda.Error
	if errors.As(err, &refused) {
		return refused
	}
	return fail(1, "this can't be read as XML: %s.", strings.TrimPrefix(err.Error(), "xml: "))
}

// root reads up to the first element.
func (x *xmlWalker) root() (xml.StartElement, int, error) {
	for {
		token, line, err := x.next()
		if err == io.EOF {
			return xml.StartElement{}, line, fail(line, "the document has no element.")
		}
		if err != nil {
			return xml.StartElement{}, line, err
		}
		if e, ok := token.(xml.StartElement); ok {
			return e, line, nil
		}
	}
}

// children calls child for each element in the one that was begun; child has to read or to skip what is in it.
func (x *xmlWalker) children(child func(e xml.StartElement, line int) error) error {
	for {
		token, line, err := x.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := child(t, line); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text reads the text of the element that was begun. Elements in it are markup: those that begin a line do so here.
func (x *xmlWalker) text() (string, error) {
	var b strings.Builder
	for open := 1; open > 0; {
		token, _, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			if open++; blockTags[strings.ToLower(t.Name.Local)] > 0 {
				b.WriteByte('\n')
			}
		case xml.EndElement:
			open--
		}
	}
	return b.String(), nil
}

// parts reads the text of the element that was begun, and into the map those of its children that have a place there: what
// some programs write as a text with attributes, others write in elements of their own.
func (x *xmlWalker) parts(into map[string]*string) (string, error) {
	var b strings.Builder
	for {
		token, _, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			text, err := x.text()
			if err != nil {
				return "", err
			}
			if place := into[t.Name.Local]; place != nil {
				*place = strings.TrimSpace(text)
			} else {
				b.WriteString(text)
			}
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// skip reads the rest of the element that was begun.
func (x *xmlWalker) skip() error {
	for open := 1; open > 0; {
		token, _, err := x.next()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// end reads what follows the root, which must not be another one.
func (x *xmlWalker) end() error {
	for {
		token, line, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, ok := token.(xml.StartElement); ok {
			return fail(line, "something follows the end of the document.")
		}
	}
}
