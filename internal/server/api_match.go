package server

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"plenary/internal/app"
)

// Conditional is the input of whatever answers with a revision.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"An ETag that is known already: 304 when it is still the present one." example:"\"7\""`
}

// Matching is the input of whatever changes something that exists.
type Matching struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what is to be changed, as the last answer gave it: 412 when somebody else changed it meanwhile. A list of ETags and * are taken too." example:"\"7\""`
}

// Creating is the input of whatever makes something.
type Creating struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"Makes the request safe to repeat: the same key with the same request makes nothing a second time, and answers with what was made then. 1 to 255 visible ASCII characters, such as a UUID; with another request it is refused with 409." example:"0199a1b2-6c1d-7c55-9d0e-3f1f4e1c9a10"`
}

// once says how a creation is told from its repetition.
func (c Creating) once(caller Caller) app.Once {
	if c.IdempotencyKey == "" {
		return app.Once{}
	}
	return app.Once{Key: c.IdempotencyKey, Fingerprint: caller.call.fingerprint}
}

// etagOf is the ETag of a revision.
func etagOf(revision int) string { return `"` + strconv.Itoa(revision) + `"` }

// entityTag is one entity tag of RFC 9110, 8.8.3, and what separates it from the next.
var entityTag = regexp.MustCompile(`^(W/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(,[ \t,]*|$)`)

// parseTags reads If-Match or If-None-Match: either any is true, or the tags are given, the weak ones
// apart. It is not ok when the header is neither "*" nor a list of tags.
func parseTags(header string) (strong, weak []string, any, ok bool) {
	rest := strings.Trim(header, " \t,")
	if rest == "*" {
		return nil, nil, true, true
	}
	for rest != "" {
		m := entityTag.FindStringSubmatch(rest)
		if m == nil {
			return nil, nil, false, false
		}
		if m[1] == "" {
			strong = append(strong, m[2])
		} else {
			weak = append(weak, m[2])
		}
		rest = rest[len(m[0]):]
	}
	return strong, weak, false, len(strong)+len(weak) > 0
}

// match reads If-Match. A weak tag never matches, nor does a tag that is no revision.
func (m Matching) match() (app.Match, error) {
	if m.IfMatch == "" {
		p := plainProblem(http.StatusPreconditionRequired)
		p.Detail = "Say which revision is to be changed: send If-Match with the ETag that the last answer had."
		p.Errors = []ProblemFault{{Parameter: "If-Match", Detail: "is needed"}}
		return app.Match{}, p
	}
	strong, _, any, ok := parseTags(m.IfMatch)
	if !ok {
		return app.Match{}, badParameter("If-Match", `must be an ETag in quotation marks, such as "7", a list of them, or *`)
	}
	match := app.Match{Any: any}
	for _, tag := range strong {
		if n, err := strconv.Atoi(tag); err == nil && strconv.Itoa(n) == tag {
			match.Revisions = append(match.Revisions, n)
		}
	}
	return match, nil
}

// known says whether the client has the revision already. A header that can't be read asks nothing.
func (c Conditional) known(revision int) bool {
	strong, weak, any, _ := parseTags(c.IfNoneMatch)
	if any {
		return true
	}
	for _, tag := range append(strong, weak...) {
		if tag == strconv.Itoa(revision) {
			return true
		}
	}
	return false
}

// single is an answer with one noun.
type single[T any] struct {
	Status int
	ETag   string `header:"ETag" doc:"The revision, for If-Match and If-None-Match." example:"\"7\""`
	Body   T
}

// made is the answer to a creation.
type made[T any] struct {
	ETag     string `header:"ETag" doc:"The revision, for If-Match and If-None-Match." example:"\"1\""`
	Location string `header:"Location" doc:"Where it is."`
	Replayed string `header:"Idempotency-Replayed" doc:"true, when an earlier request with the same Idempotency-Key had made it."`
	Body     T
}

// show answers a GET with a noun, or with 304.
func show[T any](c Conditional, revision int, body T) *single[T] {
	out := &single[T]{Status: http.StatusOK, ETag: etagOf(revision), Body: body}
	if c.known(revision) {
		out.Status = http.StatusNotModified
	}
	return out
}

// changed answers a write with the noun as it is now.
func changed[T any](revision int, body T) *single[T] {
	return &single[T]{Status: http.StatusOK, ETag: etagOf(revision), Body: body}
}

// create answers a creation. The path is of the noun, below apiRoot; revision is 0 for what has none.
func create[T any](s *Server, path string, revision int, replayed bool, body T) *made[T] {
	out := &made[T]{Location: strings.TrimSuffix(s.root(), "/") + apiRoot + path, Body: body}
	if revision > 0 {
		out.ETag = etagOf(revision)
	}
	if replayed {
		out.Replayed = "true"
	}
	return out
}

// done answers a deletion.
type done struct{}
