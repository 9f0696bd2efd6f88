package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// breakIt does to a request what clients and attackers do wrong.
func (w *world) breakIt(q *request) {
	ways := []func(*request){w.breakPath, w.breakQuery, w.breakHeaders}
	if q.tree != nil {
		ways = append(ways, w.breakTree, w.breakTree, w.breakTree, w.breakTree, w.breakText)
	}
	if q.op.takesFile() {
		ways = append(ways, w.breakFile, w.breakFile)
	}
	if q.op.has("If-Match") {
		ways = append(ways, w.breakMatch)
	}
	if q.op.has("Idempotency-Key") {
		ways = append(ways, w.breakKey)
	}
	if w.chance(4) {
		ways = []func(*request){w.breakMethod}
	}
	pick(w, ways...)(q)
	if w.chance(20) {
		pick(w, ways...)(q)
	}
}

func (q *request) set(name, value string) {
	q.drop(name)
	q.headers = append(q.headers, header{name, value})
}

func (q *request) drop(name string) {
	q.headers = slices.DeleteFunc(q.headers, func(h header) bool { return h.name == name })
}

func (q *request) is(what string, args ...any) {
	q.broken = append(q.broken, fmt.Sprintf(what, args...))
}

// oddTexts are values that no field, path or query should stumble over.
var oddTexts = []string{"", " ", "\u0000", "a\u0000b", "\u202e\u2066x", "e\u0301\u0323\u0301", "\ufeff", "\u2028", "𝒜", "👩‍👩‍👧‍👦", "..", "../../etc/passwd", "a/b", `a\b`, "%00", "%", "null", "undefined", "NaN", "-0",
	"1e999", "' OR 1=1--", "<script>alert(1)</script>", "{{.}}", "${7*7}", "\r\nX: y", "\t", "2025-02-30", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2025-10-27T14:00:00-25:00", "01990000-0000-7000-8000-ffffffffffff",
	"01990000-0000-7000-8000-00000000000G", "١٢٣", "en-US-x-private", "xx", "i-klingon", "\u07ff\u0800\uffff", strings.Repeat("x", 101), strings.Repeat("ж", 301), strings.Repeat("e\u0301", 2001), strings.Repeat("A", 20_001)}

// breakPath names what is not there, or nothing that can be.
func (w *world) breakPath(q *request) {
	if len(q.op.names) == 0 {
		w.breakQuery(q)
		return
	}
	name := pick(w, q.op.names...)
	at := maps.Clone(q.at)
	at[name] = pick(w, oddTexts...)
	if w.chance(30) {
		at[name] = w.idAt("other", pick(w, "room", "panel", "person", "meeting"))
	}
	if at[name] == "" || at[name] == ".." || len(at[name]) > 4000 {
		at[name] = "x"
	}
	q.at = at
	q.path = fillPath(q.op.path, at)
	q.is("%s in the path", name)
	if w.chance(10) {
		q.path += pick(w, "/", "//", "/%2e%2e/x", ";a=b", "%ff", "/%zz")
		q.free = true
	}
}

// breakQuery puts something into the query that should not be there, or twice, or otherwise.
func (w *world) breakQuery(q *request) {
	if len(q.query) == 0 || w.chance(30) {
		name := pick(w, "unknown", "limit", "cursor", "q", "page", "filter%5Ba%5D", "%00", "lang", "day", "format", "LIMIT", "")
		q.query = append(q.query, header{name, escapedOdd(pick(w, oddTexts...))})
		q.is("an odd parameter %s", name)
		return
	}
	i := w.r.IntN(len(q.query))
	switch w.r.IntN(5) {
	case 0:
		q.query = append(q.query, q.query[i])
		q.is("a parameter twice")
	case 1:
		q.query[i].value = ""
		q.is("an empty parameter")
	case 2:
		q.query[i].value = pick(w, "%", "%zz", "%ff", "a;b", "+", "%00", "[]", "a%2Cb,,")
		q.is("a parameter that is badly escaped")
	default:
		q.query[i].value = escapedOdd(pick(w, append([]string{"-1", "0", "201", "1.5", "9223372036854775808", "TRUE", "yes"}, oddTexts...)...))
		q.is("an odd value of %s", q.query[i].name)
	}
}

// escapedOdd escapes all that a query can't have as it is.
func escapedOdd(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
		if b.Len() > 15_000 {
			break
		}
	}
	return b.String()
}

func (w *world) breakHeaders(q *request) {
	switch w.r.IntN(8) {
	case 0:
		q.set("Accept", pick(w, "image/png", "text/html", "application/cbor", "*/*;q=0", "application/json;q=nonsense", "\"", "text/html,application/xhtml+xml"))
	case 1:
		q.set("Accept-Language", pick(w, "vi", "*", "x-;;q=2", strings.Repeat("a,", 300)))
	case 2:
		q.set("Range", "bytes=0-10")
	case 3:
		q.set("X-HTTP-Method-Override", "DELETE")
	case 4:
		q.set("Origin", "https://evil.example")
		q.set("Sec-Fetch-Site", "cross-site")
		q.is("from another site")
		return
	case 5:
		q.set("Authorization", pick(w, "Basic dXNlcjpwYXNz", "Bearer", "Bearer a b", "bearer "+strings.Repeat("y", 5000), "\u00e9"))
		q.by = -1
		q.is("an odd credential")
		return
	case 6:
		q.set("If-None-Match", pick(w, `"`, "W/", `"1", *`, strings.Repeat(`"1",`, 2000)))
	case 7:
		q.set("Accept-Encoding", pick(w, "gzip", "identity;q=0", "gzip;q=0, *", "nonsense"))
	}
	q.is("odd headers")
}

func (w *world) breakMatch(q *request) {
	q.is("If-Match")
	if w.chance(30) {
		q.drop("If-Match")
		return
	}
	q.set("If-Match", pick(w, `"99"`, `"0"`, `"-1"`, "7", `W/"1"`, `"`, `*, "1"`, `"1" "2"`, `"99999999999999999999"`, `"a b"`, ",", "\u00e9", strings.Repeat(`"1",`, 2000)))
}

func (w *world) breakKey(q *request) {
	q.is("Idempotency-Key")
	if len(w.keys) > 0 && w.chance(50) {
		q.set("Idempotency-Key", pick(w, w.keys...)) // of another request
		return
	}
	q.set("Idempotency-Key", pick(w, "a b", "\u00e9", strings.Repeat("k", 256), strings.Repeat("k", 255)))
}

// breakMethod uses a method that the path may not have. What answers is not the operation.
func (w *world) breakMethod(q *request) {
	q.method = pick(w, "PATCH", "POST", "PUT", "OPTIONS", "TRACE", "FOO", "LINK")
	q.free = true
	q.is("method")
}

// breakText leaves no JSON, or not the one that everybody reads alike.
func (w *world) breakText(q *request) {
	text := string(q.body)
	q.tree = nil
	q.is("JSON")
	switch w.r.IntN(18) {
	case 0:
		q.body = q.body[:w.r.IntN(len(q.body))]
	case 1:
		q.body = append(bytes.Clone(q.body), pick(w, "x", "{}", "]", ",", "\x00")...)
	case 2:
		q.body = []byte("\ufeff" + text)
	case 3:
		q.body = []byte(strings.ReplaceAll(text, `"`, `'`))
	case 4:
		q.body = []byte(pick(w, "", " ", "null", "[]", "1", `"x"`, "true", "{", "[[", "NaN", "{\"a\":1e999}", "{\"a\":-}", "{\"a\":01}"))
	case 5:
		q.body = []byte(strings.Replace(text, "{", `{"x":"`+"\xff\xc0\xaf"+`",`, 1))
	case 6:
		q.body = []byte(strings.Replace(text, "{", pick(w, `{"x":"\u0000",`, `{"x":"\ud800",`, `{"\udc00":1,`, `{"\u0000":1,`), 1))
	case 7:
		if first, _, ok := strings.Cut(text, ":"); ok {
			q.body = []byte(first + ":0," + strings.TrimPrefix(text, "{"))
		}
	case 8:
		n := pick(w, 5, 21, 1000, 20_000)
		q.body = []byte(strings.Replace(text, "{", `{"x":`+strings.Repeat("[", n)+strings.Repeat("]", n)+",", 1))
	case 9:
		q.body = []byte(`{"x":"` + strings.Repeat("x", maxBody+w.r.IntN(3)-8) + `"}`)
	case 10:
		q.body = []byte(strings.Replace(text, "{", "{/* a */", 1))
	case 11:
		q.set("Content-Encoding", pick(w, "gzip", "identity"))
	case 12:
		q.body = []byte(`{"x":[` + strings.Repeat("1,", 20_000) + `1]}`)
	case 13:
		q.body = []byte(strings.ReplaceAll(text, ":", ":\n\t "))
	default:
		q.set("Content-Type", pick(w, "", "text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", "application/json; charset=latin1", "application/json;;", "multipart/form-data; boundary=x",
			"APPLICATION/JSON", "application/json; charset=UTF-8; x=y"))
	}
}

// spot is a place in a tree that can be replaced or taken away.
type spot struct {
	value any
	set   func(any)
	drop  func()
	add   func(string, any)
}

func spots(v any, into []spot) []spot {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			into = append(into, spot{v[name], func(x any) { v[name] = x }, func() { delete(v, name) }, func(n string, x any) { v[n] = x }})
			into = spots(v[name], into)
		}
	case []any:
		for i := range v {
			into = append(into, spot{v[i], func(x any) { v[i] = x }, nil, nil})
			into = spots(v[i], into)
		}
	}
	return into
}

// breakTree changes one value of the body.
func (w *world) breakTree(q *request) {
	var tree any // of its own
	if json.Unmarshal(asJSON(q.tree), &tree) != nil {
		return
	}
	all := spots(tree, nil)
	if len(all) == 0 {
		w.breakText(q)
		return
	}
	s := pick(w, all...)
	switch n := w.r.IntN(10); {
	case n == 0 && s.drop != nil:
		s.drop()
		q.is("something is missing")
	case n == 1 && s.add != nil:
		s.add(pick(w, "unknown", "", "ID", "__proto__", "a.b[0]", "revision", "\u0000", strings.Repeat("n", 500)), pick[any](w, 1, nil, "x"))
		q.is("something is more")
	default:
		s.set(w.wrong(s.value))
		q.is("a value")
	}
	q.tree, q.body = tree, asJSON(tree)
}

// wrong gives a value in place of another.
func (w *world) wrong(v any) any {
	switch w.r.IntN(5) {
	case 0:
		return pick[any](w, nil, true, 0, -1, "", []any{}, map[string]any{}, 1.5, "x")
	case 1:
		return pick[any](w, json.Number("1e400"), json.Number("1e30"), json.Number("-9223372036854775809"), json.Number("0.1e-400"), json.Number("99999999999999999999"), json.Number("-0"), json.Number("1E2"), 1<<31, -1<<31-1, 1_000_001)
	case 2:
		if list, ok := v.([]any); ok && len(list) > 0 {
			return slices.Repeat(list, pick(w, 2, 3, 41, 501, 1001))
		}
		deep := any("x")
		for range pick(w, 3, 18, 25) {
			deep = map[string]any{"a": []any{deep}}
		}
		return deep
	}
	text, ok := v.(string)
	switch {
	case !ok:
		return pick(w, oddTexts...)
	case w.chance(20):
		return strings.ToUpper(text)
	case w.chance(20):
		return text + pick(w, oddTexts...)
	}
	return pick(w, oddTexts...)
}

// breakFile sends what is no such file.
func (w *world) breakFile(q *request) {
	q.is("file")
	text := bytes.Clone(q.body)
	switch w.r.IntN(7) {
	case 0:
		q.body = nil
	case 1:
		q.body = text[:w.r.IntN(len(text)+1)]
	case 2:
		for range 1 + w.r.IntN(8) {
			if len(text) > 0 {
				text[w.r.IntN(len(text))] = byte(w.r.IntN(256))
			}
		}
		q.body = text
	case 3:
		q.body = []byte(pick(w, "PK\x03\x04", "\x89PNG\r\n\x1a\n", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><schedule>&a;</schedule>", "{}", "[]", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
			"title\n", "\xff\xfe\x00", "<schedule><day date='x'><room name=''><event id='1'><title/></event></room></day></schedule>", "title,date,start,end\nA,2025-10-27,25:00,26:00\n,,,\n\"unclosed"))
	case 4:
		q.set("Content-Encoding", "gzip")
	case 5:
		q.query = append(q.query, header{"url", pick(w, "http%3A%2F%2F127.0.0.1%3A1%2F", "file%3A%2F%2F%2Fetc%2Fpasswd", "x", "http%3A%2F%2F%5B%3A%3A1%5D%2F", "https%3A%2F%2Fuser%3Apw%4010.0.0.1")})
		if w.chance(70) {
			q.body = nil
		}
	default:
		q.body = append(text, bytes.Repeat([]byte(pick(w, "\x00", "a,b\n", "é")), 3000)...)
	}
}
