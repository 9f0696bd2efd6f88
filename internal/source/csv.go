package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readCSV reads a table of separated values (RFC 4180), as spreadsheets of all countries write it.
func readCSV(data []byte, o Options) (Programme, error) {
	b := newBuilder(CSV)
	text, err := b.decode(data)
	if err != nil {
		return Programme{}, err
	}
	comma, from := separatorOf(text)
	if err := boundCSV(text, comma); err != nil {
		return Programme{}, err
	}
	rows, err := parseCSV(text[from:], comma, from > 0, false)
	var odd *csv.ParseError
	if errors.As(err, &odd) {
		b.warn(odd.Line+oneIf(from > 0), BadValue, "A quotation mark stands where none is expected: it was taken as it is.")
		rows, err = parseCSV(text[from:], comma, from > 0, true)
	}
	if err != nil {
		return Programme{}, err
	}
	return readTable(b, table{rows: rows, ragged: true}, o)
}

// decode gives the text as UTF-8, without a byte order mark and with line breaks as "\n".
func (b *builder) decode(data []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.IndexByte(data, 0) < 0 && !utf8.Valid(data):
		from = charmap.Windows1252
		b.warn(0, BadValue, "The file is not in UTF-8: it was read as Windows-1252. If letters with accents are wrong, save it in UTF-8.")
	}
	if from != nil {
		text, err := from.NewDecoder().Bytes(data)
		if err != nil {
			return nil, fail(0, "The file is in no encoding that is known.")
		}
		data = text
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return nil, fail(1+bytes.Count(data[:at], []byte("\n")), "there is a NUL character, which no text has.")
	}
	if bytes.IndexByte(data, '\n') < 0 {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return data, nil
}

// separatorOf gives what separates the cells, and where the table begins: after a first line such as "sep=;", which
// Excel reads and writes. Otherwise it is what the first line has most of, outside of quotation marks.
func separatorOf(text []byte) (comma byte, from int) {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if s := strings.Trim(string(first), "\r\""); len(s) == len("sep=;") && strings.EqualFold(s[:4], "sep=") && strings.IndexByte(",;\t|", s[4]) >= 0 {
		return s[4], min(len(first)+1, len(text))
	}
	counts := map[byte]int{}
	quoted, seen := false, false
	for _, c := range text {
		if c == '\n' && !quoted && seen {
			break
		}
		seen = seen || c > ' '
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	comma = ','
	for _, c := range []byte(";\t") {
		if counts[c] > counts[comma] {
			comma = c
		}
	}
	return comma, 0
}

// boundCSV refuses records with more cells than a table may have, and quotation marks that are never closed, before
// anything is made of them: either could take the whole file for one record. Cells end where package csv ends them.
func boundCSV(text []byte, comma byte) error {
	line, cells, begins := 1, 1, true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' && begins:
			n := quotedLength(text[i:], comma)
			if n == 0 {
				return fail(line, "a quotation mark is opened that is never closed.")
			}
			line += bytes.Count(text[i:i+n], []byte("\n"))
			i += n - 1
			begins = false
		case c == '\n':
			line, cells, begins = line+1, 1, true
		case c == comma:
			if cells, begins = cells+1, true; cells > maxColumns {
				return fail(line, "there are more than %d columns.", maxColumns)
			}
		default:
			begins = false
		}
	}
	return nil
}

// quotedLength gives the length of the cell in quotation marks that the text begins with, 0 where it has no end.
func quotedLength(text []byte, comma byte) int {
	for i := 1; ; {
		at := bytes.IndexByte(text[i:], '"')
		if at < 0 {
			return 0
		}
		i += at + 1
		switch rest := text[i:]; {
		case len(rest) == 0 || rest[0] == comma || rest[0] == '\n' || bytes.HasPrefix(rest, []byte("\r\n")):
			return i
		case rest[0] == '"':
			i++
		}
	}
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// parseCSV gives the rows that hold anything, with the lines on which they begin; one line is above the text where
// skipped says so.
func parseCSV(text []byte, comma byte, skipped, lazy bool) ([]row, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = rune(comma), -1, lazy
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		w := row{line + oneIf(skipped), cells}
		if w.blank() {
			continue
		}
		if len(rows) == maxRows {
			return nil, fail(w.line, "there are more than %d rows.", maxRows)
		}
		rows = append(rows, w)
	}
}
