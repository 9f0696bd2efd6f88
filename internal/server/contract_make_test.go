package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// request is one request of a world.
type request struct {
	op      *promised
	by      int // index of the caller
	method  string
	at      place
	path    string
	query   []header // names and values, percent-encoded
	headers []header
	body    []byte
	tree    any      // the body of JSON before it is written
	broken  []string // what is wrong with it, by intention
	free    bool     // what is wrong may not be seen by the operation: only never 5xx
}

// target is the path and the query.
func (q request) target() string {
	var parts []string
	for _, p := range q.query {
		parts = append(parts, p.name+"="+p.value)
	}
	if len(parts) == 0 {
		return q.path
	}
	return q.path + "?" + strings.Join(parts, "&")
}

// fillPath puts a place into a path.
func fillPath(path string, at place) string {
	for _, name := range pathNames(path) {
		path = strings.Replace(path, "{"+name+"}", url.PathEscape(at[name]), 1)
	}
	return path
}

func inWords(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func whole(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// chance is true in so many of a hundred cases.
func (w *world) chance(percent int) bool { return w.r.IntN(100) < percent }

func pick[T any](w *world, list ...T) T { return list[w.r.IntN(len(list))] }

// make makes a request that the document allows, about what is there as far as that is known.
func (w *world) make(op *promised) request {
	q := request{op: op, method: op.method, by: w.anyCaller()}
	q.at = w.placeFor(op)
	q.path = fillPath(op.path, q.at)
	for _, ref := range op.Parameters {
		if p := ref.Value; p.In == "query" && (p.Required || w.chance(30)) {
			if v := w.queryValue(op, p, q.at); v != nil {
				q.query = append(q.query, header{url.QueryEscape(p.Name), url.QueryEscape(spell(v))})
			}
		}
	}
	if s := op.takes(); s != nil {
		q.tree = w.amend(q, w.value("", s, q.at, 0))
		q.body = asJSON(q.tree)
		q.headers = append(q.headers, header{"Content-Type", pick(w, "application/json", "application/json", "application/json; charset=utf-8")})
	}
	if op.takesFile() {
		q.body = w.file(op)
		q.headers = append(q.headers, header{"Content-Type", pick(w, "application/octet-stream", "image/png", "text/csv")})
	}
	w.condition(&q)
	if c := w.callers[q.by]; c.header.name != "" {
		q.headers = append(q.headers, c.header)
	}
	return q
}

// condition adds the headers that ask for a revision, and the key of a creation.
func (w *world) condition(q *request) {
	revision := w.revisions[fillPath(q.op.noun, q.at)]
	tag := fmt.Sprintf(`"%d"`, revision)
	if q.op.has("If-Match") {
		if revision == 0 || w.chance(20) {
			tag = "*"
		}
		q.headers = append(q.headers, header{"If-Match", tag})
	}
	if q.op.has("If-None-Match") && w.chance(30) {
		q.headers = append(q.headers, header{"If-None-Match", pick(w, tag, "*", `"0"`, `W/"1", "2"`)})
	}
	if q.op.has("Idempotency-Key") && w.chance(40) {
		key := fmt.Sprintf("key-%d", w.r.IntN(1_000_000))
		q.headers = append(q.headers, header{"Idempotency-Key", key})
		w.keys = append(w.keys, key)
	}
}

// anyCaller draws who asks.
func (w *world) anyCaller() int {
	sum := 0
	for _, c := range w.callers {
		sum += c.share
	}
	n := w.r.IntN(sum)
	for i, c := range w.callers {
		if n -= c.share; n < 0 {
			return i
		}
	}
	return 0
}

// placeFor draws what an operation is about.
func (w *world) placeFor(op *promised) place {
	if len(op.names) == 0 {
		return nil
	}
	at := maps.Clone(w.anyPlace(op.names[len(op.names)-1]))
	for _, name := range op.names {
		switch {
		case at[name] != "" && op.id != "replaceDelegate":
		case name == "event":
			at[name] = w.anyPlace("event")["event"]
		default:
			at[name] = w.idAt(at["event"], name)
		}
	}
	if known := w.nouns["speaker"]; op.id == "readSpeakerFeed" && len(known) > 0 {
		at = maps.Clone(pick(w, known...))
	}
	if wanted := statusFor[op.id]; wanted != "" && w.chance(70) {
		for _, p := range w.nouns["meeting"] {
			if w.words[fillPath(op.noun, p)+" status"] == wanted {
				at = maps.Clone(p)
			}
		}
	}
	if op.id == "deleteEvent" && (at["event"] == forum || at["event"] == "other") {
		at["event"] = "fresh-" + strconv.Itoa(w.r.IntN(40))
	}
	if op.id == "importFile" && w.chance(10) {
		at["event"] = "new-" + strconv.Itoa(w.r.IntN(40))
	}
	return at
}

// statusFor is where a meeting must be in its life for an operation.
var statusFor = map[string]string{"holdMeeting": "accepted", "acceptMeeting": "requested", "declineMeeting": "requested", "withdrawMeeting": "requested", "proposeMeetingTimes": "requested"}

// queryValue draws a value of a parameter of the query; nil: none.
func (w *world) queryValue(op *promised, p *openapi3.Parameter, at place) any {
	switch {
	case p.Name == "cursor":
		if w.cursors[op.id] == "" {
			return nil
		}
		return w.cursors[op.id]
	case op.id == "importFile" && p.Name == "url":
		return nil // it stands in place of a body
	case op.id == "importFile" && p.Name == "format" && w.chance(60):
		return nil // told by what is in the file
	case op.id == "importFile" && p.Name == "columns":
		return pick(w, `{"title":"title","date":"date"}`, `{"Chủ tọa":"chair"}`, `{}`)
	}
	return w.value(p.Name, p.Schema, at, 0)
}

// spell writes a value of a query.
func spell(v any) string {
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = spell(v[i])
		}
		return strings.Join(parts, ",")
	case string:
		return v
	}
	return string(asJSON(v))
}

func asJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // values are made of what JSON has
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// value draws a value that a schema takes.
func (w *world) value(name string, ref *openapi3.SchemaRef, at place, depth int) any {
	s := ref.Value
	if noun := nounIn(s.Description); noun != "" && s.Type.Is("string") {
		return w.idAt(at["event"], noun)
	}
	if known := sensible[name]; len(known) > 0 && w.chance(90) {
		return pick(w, known...)
	}
	switch {
	case len(s.Enum) > 0:
		return pick(w, s.Enum...)
	case len(s.Examples) > 0 && !s.Type.Is("object") && w.chance(50):
		return pick(w, s.Examples...)
	case len(s.OneOf) > 0:
		return w.value(name, pick(w, s.OneOf...), at, depth)
	case s.Type.Is("object"):
		return w.object(s, at, depth)
	case s.Type.Is("array"):
		return w.array(name, s, at, depth)
	case s.Type.Is("boolean"):
		return w.chance(50)
	case s.Type.Is("integer"), s.Type.Is("number"):
		return w.number(s)
	}
	return w.text(s)
}

// nounIn gives the noun of which a description says that the value is the identity; "" when it is none.
func nounIn(description string) string {
	if !strings.HasPrefix(description, "Id") && !strings.HasPrefix(description, "The id") && !strings.Contains(description, "of this id") {
		return ""
	}
	first, at := "", math.MaxInt
	for _, noun := range []string{"person", "people", "room", "panel", "track", "meeting"} {
		if i := strings.Index(description, noun); i >= 0 && i < at {
			first, at = noun, i
		}
	}
	if first == "people" {
		return "person"
	}
	return first
}

func (w *world) object(s *openapi3.Schema, at place, depth int) any {
	out := map[string]any{}
	if values := s.AdditionalProperties.Schema; values != nil {
		for _, language := range []string{"en", "fr", "vi"}[:1+w.r.IntN(3)] {
			out[language] = w.phrase(60)
		}
		return out
	}
	few := pick(w, 0, 40, 100) // of a hundred that may be left out
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		needed := slices.Contains(s.Required, name)
		if p.Value.ReadOnly && !w.chance(2) || !needed && (depth > 5 || !w.chance(few)) {
			continue
		}
		out[name] = w.value(name, p, at, depth+1)
	}
	w.settle(out, at)
	return out
}

func (w *world) array(name string, s *openapi3.Schema, at place, depth int) any {
	n := int(s.MinItems) + w.r.IntN(3)
	if s.MaxItems != nil {
		n = min(n, int(*s.MaxItems))
	}
	list := []any{}
	for range n {
		item := w.value(name, s.Items, at, depth+1)
		if noun := nounIn(s.Description); noun != "" {
			item = w.idAt(at["event"], noun)
		}
		if !slices.ContainsFunc(list, func(v any) bool { return bytes.Equal(asJSON(v), asJSON(item)) }) {
			list = append(list, item)
		}
	}
	for len(list) < int(s.MinItems) {
		list = append(list, w.value(name, s.Items, at, depth+1))
	}
	return list
}

// number draws a number, often at a boundary.
func (w *world) number(s *openapi3.Schema) any {
	low, high := 0.0, 1000.0
	if s.Min != nil {
		low = *s.Min
	}
	if s.Max != nil {
		high = *s.Max
	}
	n := pick(w, low, high, math.Min(low+float64(w.r.IntN(30)), high), math.Min(low+float64(w.r.IntN(30)), high), low+w.r.Float64()*(high-low))
	if s.Type.Is("integer") {
		return int64(math.Trunc(n))
	}
	return n
}

// picture is a photo that can be uploaded.
func (w *world) picture() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 8+w.r.IntN(200), 8+w.r.IntN(200)))
	m.Set(1, 1, color.RGBA{uint8(w.r.IntN(256)), 1, 2, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // it is written to memory
	}
	return b.Bytes()
}
