package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// Problem is an error as RFC 9457 writes it (application/problem+json).
type Problem struct {
	Type       string         `json:"type" doc:"Always about:blank: the status says what kind of problem it is." example:"about:blank"`
	Title      string         `json:"title" doc:"The status in words." example:"Unprocessable Entity"`
	Status     int            `json:"status" doc:"The HTTP status." example:"422"`
	Detail     string         `json:"detail" doc:"A sentence for the person who caused it."`
	Code       agenda.Code    `json:"code" doc:"The kind of problem, for programs." example:"invalid"`
	RequestID  string         `json:"request_id,omitempty" doc:"Finds the line of this request in the server's log."`
	Errors     []ProblemFault `json:"errors,omitempty" doc:"Each thing that is wrong with the request."`
	Current    any            `json:"current,omitempty" doc:"The present state, when somebody else changed it meanwhile (412), or what stands in the way (409)."`
	etag       string         // of Current
	cause      error          // of a 5xx, for the log
	retryAfter int            // seconds to wait; 0: not said
}

// ProblemFault is one thing that is wrong with a request.
type ProblemFault struct {
	Pointer   string `json:"pointer,omitempty" doc:"RFC 6901 JSON pointer into the body, as a URI fragment." example:"#/title/fr"`
	Parameter string `json:"parameter,omitempty" doc:"The parameter of path, query or header."`
	Detail    string `json:"detail" doc:"A sentence."`
}

// statuses is the one map from what went wrong to HTTP.
var statuses = map[agenda.Code]int{
	agenda.Invalid: http.StatusUnprocessableEntity, agenda.Unauthenticated: http.StatusUnauthorized,
	agenda.Forbidden: http.StatusForbidden, agenda.NotFound: http.StatusNotFound, agenda.Taken: http.StatusConflict,
	agenda.Stale: http.StatusPreconditionFailed, agenda.Gone: http.StatusGone, agenda.TooMany: http.StatusTooManyRequests,
	agenda.Unavailable: http.StatusServiceUnavailable, agenda.Full: http.StatusInsufficientStorage,
	agenda.Internal: http.StatusInternalServerError,
}

// problemOf gives the answer to an error. What went wrong inside is never told: a 5xx has no more
// than its request ID, by which the log line is found.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var framework *echo.HTTPError
	if errors.As(err, &framework) {
		p = plainProblem(framework.Code)
		p.cause = err
		return p
	}
	if isTooLarge(err) {
		return plainProblem(http.StatusRequestEntityTooLarge)
	}
	code := agenda.CodeOf(err)
	p = &Problem{Type: "about:blank", Status: statuses[code], Code: code, cause: err}
	p.Title = http.StatusText(p.Status)
	var e *agenda.Error
	if code == agenda.Internal || !errors.As(err, &e) {
		p.Status, p.Code, p.Title = http.StatusInternalServerError, agenda.Internal, http.StatusText(http.StatusInternalServerError)
		p.Detail = "Something went wrong here. It is in the log, under the request's ID."
		return p
	}
	p.Detail, p.retryAfter = e.Message, seconds(e.Wait)
	for _, f := range e.Faults {
		p.Errors = append(p.Errors, ProblemFault{Pointer: fragment(f.Pointer), Detail: f.Message})
	}
	return p
}

// seconds gives a time to wait in whole seconds, never less than it is.
func seconds(wait time.Duration) int { return int((wait + time.Second - 1) / time.Second) }

// plainProblem is a problem that the status alone describes.
func plainProblem(status int) *Problem {
	p := &Problem{Type: "about:blank", Status: status, Title: http.StatusText(status), Code: agenda.Invalid}
	switch status {
	case http.StatusNotFound:
		p.Code, p.Detail = agenda.NotFound, "There is nothing at this address."
	case http.StatusMethodNotAllowed:
		p.Detail = "This address does not take that method; the Allow header names those that it takes."
	case http.StatusRequestEntityTooLarge:
		p.Detail = "The request is too large."
	default:
		p.Detail = p.Title + "."
	}
	if status >= 500 {
		p.Code = agenda.Internal
	}
	return p
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status, as Huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType gives the media type of the answer.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// writeError answers a request that failed: pages in HTML for browsers, everything else as a Problem.
func (s *Server) writeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	problem := *problemOf(err)
	s.seal(c, &problem)
	if s.wantsPage(c) && s.writeErrorPage(c, problem) == nil {
		return
	}
	body, err := json.Marshal(problem)
	if err != nil {
		body = []byte(`{"status":500}`)
	}
	c.Response().Header().Set(echo.HeaderContentType, problem.ContentType(""))
	c.Response().WriteHeader(problem.Status)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(append(body, '\n'))
	}
}

// seal readies a Problem for its answer, whoever writes it: its request ID, the headers that go with
// it, and the log line when it is our fault.
func (s *Server) seal(c echo.Context, p *Problem) {
	p.RequestID = c.Response().Header().Get(echo.HeaderXRequestID)
	if p.Status >= 500 {
		s.log.ErrorContext(c.Request().Context(), "request failed", "request_id", p.RequestID, "error", p.cause)
	}
	problemHeaders(c.Response().Header(), *p)
}

// fragment writes a JSON pointer as a URI fragment (RFC 6901, 6), as a reader of URLs expects it.
func fragment(pointer string) string {
	if pointer == "" {
		return ""
	}
	return "#" + (&url.URL{Fragment: pointer}).EscapedFragment()
}

// problemHeaders takes back what was said of an answer that will not come, and says what to do instead.
func problemHeaders(header http.Header, problem Problem) {
	for _, h := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Disposition"} {
		header.Del(h)
	}
	header.Set(echo.HeaderCacheControl, "no-store")
	if problem.etag != "" {
		header.Set("Etag", problem.etag)
	}
	if problem.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(problem.retryAfter))
	}
	switch problem.Status {
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", "30")
	case http.StatusUnauthorized:
		header.Set(echo.HeaderWWWAuthenticate, "Bearer")
	}
}

// wantsPage says whether a browser asks for a page: programs and calendars get problems they can read.
func (s *Server) wantsPage(c echo.Context) bool {
	path := c.Request().URL.Path
	if strings.HasPrefix(path, "/api/") || strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".ics") {
		return false
	}
	return strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/html")
}
