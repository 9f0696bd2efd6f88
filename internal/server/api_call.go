package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// call is what is known of a request to the API before its handler is asked.
type call struct {
	actor       agenda.Actor
	path        string // as the client knows it
	query       url.Values
	body        []byte
	fingerprint string // of method, path and body
	done        func() // to be called when all is answered; nil: nothing
}

const callKey = "plenary.call"

// Caller hands the handler who asks. Every input has it.
type Caller struct {
	Actor agenda.Actor
	call  *call
}

// Resolve takes over what [Server.receive] found out.
func (c *Caller) Resolve(ctx huma.Context) []error {
	c.call = callOf(ctx)
	c.Actor = c.call.actor
	return nil
}

func callOf(ctx huma.Context) *call {
	if found, ok := humaecho.Unwrap(ctx).Get(callKey).(*call); ok {
		return found
	}
	return &call{}
}

// receive looks at each request to the API before Huma does: who asks, whether address and headers
// can be read, and the body.
func (s *Server) receive(ctx huma.Context, next func(huma.Context)) {
	c := humaecho.Unwrap(ctx)
	found, err := s.call(c, ctx.Operation())
	if err != nil {
		s.writeError(err, c)
		return
	}
	if found.done != nil {
		defer found.done()
	}
	c.Set(callKey, found)
	// Browsers and proxies may keep an answer, but must ask each time: that is what its ETag is for.
	c.Response().Header().Set(echo.HeaderCacheControl, "private, no-cache")
	next(ctx)
}

func (s *Server) call(c echo.Context, op *huma.Operation) (*call, error) {
	r := c.Request()
	actor, err := s.knownActor(c)
	if err != nil {
		return nil, err
	}
	o, _ := op.Metadata["operation"].(operation)
	if actor.Kind == agenda.Anonymous && !o.Access.open() {
		// Nothing else in the API is for strangers, so none of their bodies is read.
		return nil, agenda.Authorize(actor, agenda.SeeEvent, "")
	}
	for _, value := range c.ParamValues() {
		if !plainText(value) {
			return nil, plainProblem(http.StatusNotFound)
		}
	}
	query, err := readQuery(r.URL.RawQuery, op)
	if err != nil {
		return nil, err
	}
	if err := readHeaders(r.Header, op); err != nil {
		return nil, err
	}
	body, done, err := s.bodyOf(c, o, op.RequestBody != nil)
	if err != nil {
		return nil, err
	}
	path := strings.TrimSuffix(s.root(), "/") + r.URL.EscapedPath()
	return &call{actor: actor, path: path, query: query, body: body, fingerprint: fingerprint(r, body), done: done}, nil
}

// fileTime is how long a file may take to arrive, and then to be taken: longer than what else is asked.
const fileTime = 2 * time.Minute

// allowTime lets a request take so long. Where the connection can't be asked for more, it has what everything has.
func allowTime(c echo.Context) {
	connection := http.NewResponseController(c.Response())
	_ = connection.SetReadDeadline(time.Now().Add(fileTime))
	_ = connection.SetWriteDeadline(time.Now().Add(2 * fileTime))
}

// bodyOf reads what the operation takes: JSON, a file, or nothing. Done is to be called once the body is not needed any
// more; nil: nothing.
func (s *Server) bodyOf(c echo.Context, o operation, wanted bool) (body []byte, done func(), err error) {
	if !o.File {
		body, err = readBody(c.Request(), wanted)
		return body, nil, err
	}
	most := cmp.Or(o.MaxFile, source.MaxFile)
	if err := checkFile(c.Request(), most); err != nil {
		return nil, nil, err
	}
	select {
	case s.uploads <- struct{}{}:
	default:
		return nil, nil, agenda.Errorf(agenda.Unavailable, "Other files are being received right now: try again in a moment.")
	}
	done = func() { <-s.uploads }
	allowTime(c)
	if body, err = readFile(c.Request(), most); err != nil {
		done()
		return nil, nil, err
	}
	return body, done, nil
}

// fingerprint tells apart two requests that have the same Idempotency-Key.
func fingerprint(r *http.Request, body []byte) string {
	sum := sha256.New()
	for _, part := range []string{r.Method, "\n", r.URL.Path, "\n"} {
		sum.Write([]byte(part))
	}
	sum.Write(body)
	return hex.EncodeToString(sum.Sum(nil))
}

// readQuery refuses a query that could be read in more than one way.
func readQuery(raw string, op *huma.Operation) (url.Values, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("The query of the address is not percent-encoded as it should be.")
	}
	var faults []ProblemFault
	for name, values := range query {
		switch {
		case len(values) > 1:
			faults = append(faults, ProblemFault{Parameter: name, Detail: "is given more than once"})
		case !plainText(name) || !plainText(values[0]):
			faults = append(faults, ProblemFault{Parameter: strings.ToValidUTF8(name, "\uFFFD"), Detail: "is not plain text in UTF-8"})
		}
	}
	if len(faults) == 0 {
		return query, checkFlags(query, op)
	}
	slices.SortFunc(faults, func(a, b ProblemFault) int { return strings.Compare(a.Parameter, b.Parameter) })
	p := badRequest("The query of the address can't be read.")
	p.Errors = faults
	return nil, p
}

// checkFlags refuses a parameter that is true or false and says neither: to Huma it is as if it were not there, and who
// asks for ?dry_run wants one.
func checkFlags(query url.Values, op *huma.Operation) error {
	for _, p := range op.Parameters {
		if p.In == "query" && p.Schema != nil && p.Schema.Type == huma.TypeBoolean && query.Has(p.Name) && query.Get(p.Name) == "" {
			return badParameter(p.Name, "must be true or false")
		}
	}
	return nil
}

// readHeaders brings the headers of which there may be several lines into one, and checks the key of
// a creation.
func readHeaders(h http.Header, op *huma.Operation) error {
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if lines := h.Values(name); len(lines) > 1 {
			h.Set(name, strings.Join(lines, ", "))
		}
	}
	keys := h.Values("Idempotency-Key")
	o, _ := op.Metadata["operation"].(operation)
	if len(keys) == 0 || !o.Creates {
		return nil
	}
	visible := func(c rune) bool { return c > ' ' && c < 0x7f }
	if len(keys) > 1 || len(keys[0]) == 0 || len(keys[0]) > 255 || strings.ContainsFunc(keys[0], func(c rune) bool { return !visible(c) }) {
		return badParameter("Idempotency-Key", "must be one key of 1 to 255 visible ASCII characters")
	}
	return nil
}

// plainText says whether s is UTF-8 without the NUL that databases refuse.
func plainText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// badRequest is a Problem of a request that can't be read at all.
func badRequest(detail string) *Problem {
	p := plainProblem(http.StatusBadRequest)
	p.Detail = detail
	return p
}

// badParameter is a Problem of one parameter that can't be read.
func badParameter(name, detail string) *Problem {
	p := badRequest("The parameter " + name + " can't be read.")
	p.Errors = []ProblemFault{{Parameter: name, Detail: detail}}
	return p
}
