package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep a body may nest. The deepest that makes sense is a speaker of an intervention.
const maxDepth = 20

// maxMembers is how many members an object or a list may have: more than any schema takes, and few
// enough that each of them may be wrong.
const maxMembers = 10_000

// readBody reads the body of a request, leaves a copy for Huma to read, and refuses what is not JSON
// that everybody reads alike: RFC 8259 leaves repeated names, invalid UTF-8 and lone surrogates to
// each reader's taste. An operation that takes no body refuses one: it would have no effect.
func readBody(r *http.Request, wanted bool) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, badRequest("The body of the request did not arrive whole.")
	}
	if len(body) > maxBody {
		p := plainProblem(http.StatusRequestEntityTooLarge)
		p.Detail = fmt.Sprintf("The body has more than %d bytes.", maxBody)
		return nil, p
	}
	if !wanted {
		if len(body) > 0 {
			return nil, badRequest("This takes no body.")
		}
		return nil, nil
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, badRequest("The request needs a body of JSON.")
	}
	if err := checkMediaType(r.Header); err != nil {
		return nil, err
	}
	plain, err := scanJSON(body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(plain))
	return body, nil
}

// mediaFile is the type of a body that is a file of whichever type.
const mediaFile = "application/octet-stream"

// checkFile refuses a body that is a file before any of it is read. What type it says to be is not looked at: programs
// seldom know.
func checkFile(r *http.Request, most int) error {
	if r.Header.Get("Content-Encoding") != "" {
		p := plainProblem(http.StatusUnsupportedMediaType)
		p.Detail = "Send the file as it is, not compressed."
		return p
	}
	if r.ContentLength > int64(most) {
		return tooLarge(most)
	}
	return nil
}

// readFile reads a body that is a file.
func readFile(r *http.Request, most int) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(most)+1))
	if err != nil {
		return nil, badRequest("The body of the request did not arrive whole.")
	}
	if len(body) > most {
		return nil, tooLarge(most)
	}
	return body, nil
}

func tooLarge(most int) *Problem {
	p := plainProblem(http.StatusRequestEntityTooLarge)
	p.Detail = fmt.Sprintf("The file is larger than %d MiB.", most>>20)
	return p
}

// checkMediaType refuses a body that does not say it is JSON, and takes parameters off for Huma.
func checkMediaType(h http.Header) error {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := parameters["charset"]
	if err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") ||
		h.Get("Content-Encoding") != "" || len(h.Values("Content-Type")) != 1 {
		p := plainProblem(http.StatusUnsupportedMediaType)
		p.Detail = "Send the body as Content-Type: application/json, in UTF-8 and not compressed."
		return p
	}
	h.Set("Content-Type", "application/json")
	return nil
}

// scanJSON says why a body is not strict JSON, or gives it with its whole numbers spelled as such: to
// JSON Schema 1.0 is an integer, to encoding/json it is none.
func scanJSON(body []byte) ([]byte, error) {
	if !utf8.Valid(body) {
		return nil, badRequest("The body is not valid UTF-8.")
	}
	if !json.Valid(body) {
		var v any
		var syntax *json.SyntaxError
		if err := json.Unmarshal(body, &v); errors.As(err, &syntax) {
			return nil, badRequest(fmt.Sprintf("The body is not JSON: %s, at byte %d.", syntax.Error(), syntax.Offset))
		}
		return nil, badRequest("The body is not JSON.")
	}
	s := scanner{raw: body, tokens: json.NewDecoder(bytes.NewReader(body))}
	s.tokens.UseNumber()
	if err := s.value(""); err != nil {
		return nil, err
	}
	return append(s.plain, body[s.copied:]...), nil
}

// scanner walks through a body that is known to be JSON.
type scanner struct {
	raw    []byte
	tokens *json.Decoder
	depth  int
	plain  []byte // raw up to copied, with its whole numbers spelled as such
	copied int
}

// value checks the value that comes next, which lies at the pointer.
func (s *scanner) value(pointer string) error {
	token, err := s.token(pointer)
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return s.within(pointer, s.object)
	case json.Delim('['):
		return s.within(pointer, s.list)
	}
	if number, ok := token.(json.Number); ok {
		return s.number(pointer, string(number))
	}
	return nil
}

// number refuses what no number of ours can be, and spells a whole one without fraction and exponent.
func (s *scanner) number(pointer, spelled string) error {
	n, err := strconv.ParseFloat(spelled, 64)
	if err != nil || n == 0 && strings.ContainsAny(mantissa(spelled), "123456789") {
		return badBody(pointer, "is a number that is out of range")
	}
	if whole := int64(n); strings.ContainsAny(spelled, ".eE") && float64(whole) == n && math.Abs(n) < 1<<53 {
		end := int(s.tokens.InputOffset())
		s.plain = strconv.AppendInt(append(s.plain, s.raw[s.copied:end-len(spelled)]...), whole, 10)
		s.copied = end
	}
	return nil
}

// mantissa is a number without its exponent.
func mantissa(spelled string) string {
	before, _, _ := strings.Cut(strings.ToLower(spelled), "e")
	return before
}

func (s *scanner) within(pointer string, walk func(string) error) error {
	s.depth++
	defer func() { s.depth-- }()
	if s.depth > maxDepth {
		return badRequest(fmt.Sprintf("The body nests more than %d deep.", maxDepth))
	}
	if err := walk(pointer); err != nil {
		return err
	}
	_, err := s.tokens.Token() // the closing bracket
	return err
}

func (s *scanner) object(pointer string) error {
	seen := map[string]bool{}
	for s.tokens.More() {
		if len(seen) >= maxMembers {
			return badBody(pointer, fmt.Sprintf("has more than %d fields", maxMembers))
		}
		token, err := s.token(pointer)
		if err != nil {
			return err
		}
		name, _ := token.(string)
		at := pointer + "/" + escapePointer(name)
		if seen[name] {
			return badBody(at, "is there more than once")
		}
		seen[name] = true
		if err := s.value(at); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) list(pointer string) error {
	for i := 0; s.tokens.More(); i++ {
		if i >= maxMembers {
			return badBody(pointer, fmt.Sprintf("has more than %d items", maxMembers))
		}
		if err := s.value(pointer + "/" + strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

// token reads the next token and refuses strings that a database can't keep as they are.
func (s *scanner) token(pointer string) (json.Token, error) {
	from := s.tokens.InputOffset()
	token, err := s.tokens.Token()
	if err != nil {
		return nil, badRequest("The body is not JSON.")
	}
	text, ok := token.(string)
	if !ok {
		return token, nil
	}
	if strings.ContainsRune(text, 0) {
		return nil, badBody(pointer, "contains the character NUL")
	}
	// The decoder puts U+FFFD for a surrogate that lacks its other half.
	raw := strings.ToLower(string(s.raw[from:s.tokens.InputOffset()]))
	if strings.Count(text, "\uFFFD") > strings.Count(raw, "\uFFFD")+strings.Count(raw, `\ufffd`) {
		return nil, badBody(pointer, "contains half of a surrogate pair")
	}
	return token, nil
}

// badBody is a Problem of one place in a body that can't be read.
func badBody(pointer, detail string) *Problem {
	p := badRequest("The body can't be read.")
	p.Errors = []ProblemFault{{Pointer: fragment(pointer), Detail: detail}}
	return p
}

// unmarshalJSON decodes for Huma: first into any, then, when the schema has nothing against it, into
// the body's struct. What the second finds wrong can only be a number that is too large.
func unmarshalJSON(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("%s is too large for %s", mismatch.Value, mismatch.Field)
	}
	return err
}

func escapePointer(s string) string { return inPointer.Replace(s) }

var inPointer = strings.NewReplacer("~", "~0", "/", "~1")
