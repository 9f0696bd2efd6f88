package server

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/getkin/kin-openapi/openapi3"
)

// slowest is how long an answer may take: far more than any needs, even where other things run besides.
const slowest = 10 * time.Second

// sent sends a request over the wire and reads the answer.
func (w *world) sent(client *http.Client, at string, q request) (answer, error) {
	target := q.target()
	u, err := url.Parse(at)
	if err != nil {
		return answer{}, err
	}
	u.Opaque = "//" + u.Host + target // as it is
	r := &http.Request{Method: q.method, URL: u, Host: "agenda.example", Header: http.Header{"User-Agent": {"contract"}}, ContentLength: int64(len(q.body)), Body: io.NopCloser(bytes.NewReader(q.body))}
	if len(q.body) == 0 {
		r.Body = http.NoBody
	}
	for _, h := range q.headers {
		r.Header[http.CanonicalHeaderKey(h.name)] = append(r.Header[http.CanonicalHeaderKey(h.name)], h.value)
	}
	got, err := client.Do(r.WithContext(w.t.Context()))
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err == nil && got.Header.Get("Content-Encoding") == "gzip" && len(body) > 0 {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
			body, err = io.ReadAll(z)
		}
	}
	if err == nil && got.Header.Get("Content-Encoding") == "br" {
		body, err = io.ReadAll(brotli.NewReader(bytes.NewReader(body)))
	}
	return answer{got.StatusCode, got.Header, string(body)}, err
}

// judge says what is wrong with an answer by the document; "" when nothing is.
func (w *world) judge(q request, a answer) string {
	if a.Status >= 500 {
		return "it is the server's fault"
	}
	p := q.op.answer(a.Status)
	switch {
	case q.free && a.Header.Get("X-Request-Id") == "" && a.Body == "400 Bad Request":
		return "" // by Go's own server, which could not read it
	case q.free && a.Status >= 400:
		return ofProblem(a)
	case q.free:
		return ""
	case p == nil:
		return "the status is not documented"
	}
	if fault := w.judgeBody(q, a); fault != "" {
		return fault
	}
	for name, h := range p.Headers {
		if h.Value.Required && a.Header.Get(name) == "" {
			return "the header " + name + " is missing"
		}
	}
	return w.judgeSense(q, a)
}

// judgeBody holds the body to the document.
func (w *world) judgeBody(q request, a answer) string {
	content := q.op.answer(a.Status).Content
	if q.method == http.MethodHead || a.Status == http.StatusNotModified || len(content) == 0 {
		if a.Body != "" {
			return "it has a body"
		}
		return ""
	}
	media := a.Header.Get("Content-Type")
	said := content[media]
	if said == nil {
		media, _, _ = strings.Cut(media, ";")
		said = content[media]
	}
	if said == nil && content[mediaFile] != nil {
		media = mediaFile // of any type
		said = content[mediaFile]
	}
	if said == nil {
		return fmt.Sprintf("the media type %q is not documented: %v", media, slices.Sorted(maps.Keys(content)))
	}
	if coding := a.Header.Get("Content-Encoding"); coding != "" && !asksFor(q, coding) {
		return "it is coded as " + coding + ", which nobody asked for"
	}
	if strings.HasSuffix(media, "json") {
		if err := w.c.fits(inAnswers, q.op.answerPointer(a.Status, media), []byte(a.Body)); err != nil {
			return "the body does not fit: " + err.Error()
		}
	}
	if a.Status >= 400 && media != "text/html" {
		return ofProblem(a)
	}
	return ""
}

// asksFor says whether a request takes a coding: it names it, or any (*), or refuses what is not coded.
func asksFor(q request, coding string) bool {
	return slices.ContainsFunc(q.headers, func(h header) bool {
		return h.name == "Accept-Encoding" && (strings.Contains(h.value, coding) || strings.Contains(h.value, "*") || strings.Contains(h.value, "identity;q=0"))
	})
}

// ofProblem says what a refusal lacks.
func ofProblem(a answer) string {
	var p Problem
	if a.Body == "" {
		return "" // to HEAD
	}
	if err := json.Unmarshal([]byte(a.Body), &p); err != nil {
		return "a refusal that is no problem: " + err.Error()
	}
	if a.Header.Get("Content-Type") != "application/problem+json" || p.Detail == "" || p.Status != a.Status || p.Code == "" || p.RequestID == "" {
		return "a refusal that is no whole problem"
	}
	return ""
}

// judgeSense holds what was done to what the document takes.
func (w *world) judgeSense(q request, a answer) string {
	who := asker{}
	if q.by >= 0 {
		who = w.callers[q.by]
	}
	done := a.Status < 400
	if fault := w.oddParameter(q); done && fault != "" && strings.HasPrefix(q.op.path, apiRoot) { // calendar programs add what they like
		return "it took " + fault
	}
	switch {
	case !q.op.open && (who.dead || who.header.name == "") && !slices.Contains(unknownRefused, a.Status) && !strings.Contains(q.path, "%00"):
		return "nobody may do that"
	case q.tree == nil || slices.ContainsFunc(q.broken, func(s string) bool { return s != "a value" && !strings.HasPrefix(s, "something") }):
		return ""
	}
	err := w.c.fits(inRequests, q.op.bodyPointer(), asJSON(withoutNulls(q.tree)))
	switch {
	case err != nil && done:
		return "it took what the document does not: " + err.Error()
	case err == nil && (a.Status == http.StatusUnsupportedMediaType || a.Status == http.StatusRequestEntityTooLarge && len(q.body) <= maxBody):
		return "it refused the shape that the document has"
	}
	return ""
}

// oddParameter tells of a parameter of the query that the document does not have, or not so; "" when there is none.
func (w *world) oddParameter(q request) string {
	seen := map[string]bool{}
	for _, sent := range q.query {
		name, err := url.QueryUnescape(sent.name)
		value, bad := url.QueryUnescape(sent.value)
		i := slices.IndexFunc(q.op.Parameters, func(r *openapi3.ParameterRef) bool { return r.Value.In == "query" && r.Value.Name == name })
		switch {
		case err != nil || bad != nil:
			return "a query that is badly escaped"
		case i < 0:
			return "the parameter " + name
		case seen[name]:
			return "the parameter " + name + " twice"
		}
		seen[name] = true
		text := asJSON(value)
		switch s := q.op.Parameters[i].Value.Schema.Value; {
		case value == "" && !s.Type.Is("boolean"):
			continue // as if it were left out
		case s.Type.Is("integer"), s.Type.Is("boolean"):
			text = []byte(value)
		case s.Type.Is("array"):
			text = asJSON(strings.Split(value, ","))
		}
		if err := w.c.fits(inRequests, fmt.Sprintf("%s/parameters/%d/schema", q.op.pointer, i), text); err != nil {
			return "a value of the parameter " + name + ": " + err.Error()
		}
	}
	return ""
}

// unknownRefused are the statuses for who is nobody: unauthorized, or refused before anybody looked who it is.
var unknownRefused = []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusForbidden, http.StatusRequestURITooLong}

// withoutNulls leaves out what is null, which is the same to the API as what is not there.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, below := range v {
			if below != nil {
				out[name] = withoutNulls(below)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withoutNulls(v[i])
		}
		return out
	}
	return v
}

// asCurl writes a request down so that it can be sent again.
func (q request) asCurl() string {
	var b strings.Builder
	fmt.Fprintf(&b, "curl -i --path-as-is -X %s", q.method)
	for _, h := range q.headers {
		fmt.Fprintf(&b, " -H %s", inShell(h.name+": "+h.value))
	}
	if len(q.body) > 0 {
		body := q.body
		if len(body) > 6000 {
			body = append(bytes.Clone(body[:6000]), fmt.Sprintf("... and %d bytes more", len(q.body)-6000)...)
		}
		fmt.Fprintf(&b, " --data-binary %s", inShell(string(body)))
	}
	fmt.Fprintf(&b, " %s", inShell("$PLENARY"+q.target()))
	return b.String()
}

// inShell quotes for a shell that knows $'…'.
func inShell(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, "\\x%02x", c)
		default:
			b.WriteByte(c)
		}
	}
	return "$'" + b.String() + "'"
}

// reckoning counts what was answered, by operation.
type reckoning struct {
	mu       sync.Mutex
	statuses map[string]map[int]int
	faults   map[string]bool
	slowest  time.Duration
	slow     string
}

// count notes an answer.
func (t *reckoning) count(id string, status int, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.statuses[id] == nil {
		t.statuses[id] = map[int]int{}
	}
	t.statuses[id][status]++
	if took > t.slowest {
		t.slowest, t.slow = took, id
	}
}

// first says whether such a fault was not seen before: one is enough to be mended.
func (t *reckoning) first(fault string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.faults[fault] {
		return false
	}
	t.faults[fault] = true
	return true
}

// totals are the answers by status, and the operations that were never done, or never refused.
func (t *reckoning) totals(c *contract) (requests int, statuses string, undone, unrefused []string) {
	sum := map[int]int{}
	for _, op := range c.operations {
		good, bad := 0, 0
		for status, n := range t.statuses[op.id] {
			sum[status] += n
			requests += n
			if status < 400 {
				good += n
			} else {
				bad += n
			}
		}
		if good == 0 {
			undone = append(undone, op.id+" "+fmt.Sprint(t.statuses[op.id]))
		}
		if bad == 0 {
			unrefused = append(unrefused, op.id)
		}
	}
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(sum)) {
		parts = append(parts, strconv.Itoa(status)+": "+strconv.Itoa(sum[status]))
	}
	return requests, strings.Join(parts, ", "), undone, unrefused
}

// unsendable says whether an error is of our own client, which refuses to send some of what is broken.
func unsendable(err error) bool {
	var u *url.Error
	return errors.As(err, &u) && (strings.Contains(u.Err.Error(), "invalid header field") || strings.Contains(u.Err.Error(), "invalid method"))
}
