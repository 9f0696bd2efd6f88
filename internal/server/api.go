package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/labstack/echo/v4"

	"plenary/internal/exchange"
)

// apiRoot is where the API lives. A change that breaks clients gets another one.
const apiRoot = "/api/v1"

// maxBody is the largest body that the API reads, in bytes.
const maxBody = 1 << 20

// Huma has one way to make errors, and one wording of them, for the whole program: they are the
// house's, and set before anything is registered.
func init() {
	huma.NewError = newHumaError
	huma.NewErrorWithContext = newHumaErrorWithContext
	huma.ValidateStrictCasing = true // a field in another case is another field
	huma.DefaultArrayNullable = false
	validation.MsgUnexpectedProperty = "is not a field that is known here"
	validation.MsgExpectedRFC3339DateTime = "must be a time with its offset, such as 2025-10-27T14:00:00+07:00"
	validation.MsgExpectedRFC3339Date = "must be a date, such as 2025-10-27"
	validation.MsgExpectedBoolean = "must be true or false"
	validation.MsgExpectedNumber = "must be a number"
	validation.MsgExpectedInteger = "must be a whole number"
	validation.MsgExpectedString = "must be a string"
	validation.MsgExpectedArray = "must be a list"
	validation.MsgExpectedObject = "must be an object"
	validation.MsgExpectedOneOf = "must be one of %s"
	validation.MsgExpectedMinimumNumber = "must be at least %v"
	validation.MsgExpectedMaximumNumber = "must be at most %v"
	validation.MsgExpectedMinLength = "must have at least %d characters"
	validation.MsgExpectedMaxLength = "must have at most %d characters"
	validation.MsgExpectedMatchPattern = "must match the pattern %s"
	validation.MsgExpectedMinItems = "must have at least %d items"
	validation.MsgExpectedMaxItems = "must have at most %d items"
	validation.MsgExpectedRequiredProperty = neededMark + "%s"
	validation.MsgExpectedDependentRequiredProperty = neededMark + "%s"
}

// lateAPI is the API as Huma has it: the schemas of all operations, and what reads and answers their requests. To make it takes longer
// than all else that a start needs, and readers of the agenda do without, so it is made when somebody first asks for it.
type lateAPI struct {
	once     sync.Once
	register []func() // adds an operation
	huma     huma.API
	handlers map[string]echo.HandlerFunc // by "METHOD /path"
}

// routeAPI adds the API, its OpenAPI document and the page that shows it.
func (s *Server) routeAPI() {
	s.routeEventAPI()
	s.routeRoomAPI()
	s.routeTrackAPI()
	s.routePersonAPI()
	s.routePersonalAPI()
	s.routePersonDataAPI()
	s.routePanelAPI()
	s.routeScheduleAPI()
	s.routeAvailabilityAPI()
	s.routeMeetingAPI()
	s.routeMeetingLifeAPI()
	s.routeMailAPI()
	s.routeConflictAPI()
	s.routeReleaseAPI()
	s.routeFeedAPI()
	s.routeStarredAPI()
	s.routeTokenAPI()
	s.routeWebhookAPI()
	s.routeMemberAPI()
	s.routeAccountAPI()
	s.routeActivityAPI()
	s.routeImportAPI()
	s.routeFileAPI()
	s.routeTableAPI()
	s.routeDocument()
}

// api gives the API, made when it is first asked for.
func (s *Server) api() huma.API {
	s.late.once.Do(s.makeAPI)
	return s.late.huma
}

func (s *Server) makeAPI() {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[exchange.Localized](), reflect.TypeFor[localizedText]())
	config := huma.Config{OpenAPI: s.newDocument(registry), RejectUnknownQueryParameters: true,
		Formats:       map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json", Transformers: []huma.Transformer{s.sealProblem}}
	s.late.handlers = make(map[string]echo.HandlerFunc, len(s.late.register))
	inner := echo.New() // which answers nothing: what is routed there is kept, and asked by what is routed already
	inner.OnAddRouteHandler = func(_ string, r echo.Route, h echo.HandlerFunc, _ []echo.MiddlewareFunc) {
		s.late.handlers[r.Method+" "+r.Path] = h
	}
	bare := humaecho.New(inner, huma.Config{OpenAPI: &huma.OpenAPI{}})
	s.late.huma = huma.NewAPI(config, apiAdapter{bare.Adapter()})
	s.late.huma.UseMiddleware(s.receive)
	for _, register := range s.late.register {
		register()
	}
	s.late.register = nil
	s.finishDocument(s.late.huma.OpenAPI(), registry)
}

// askAPI gives the handler of an operation.
func (s *Server) askAPI(method, path string) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.api()
		return s.late.handlers[method+" "+path](c)
	}
}

// apiAdapter answers HEAD wherever GET is answered (RFC 9110, 9.1).
type apiAdapter struct{ huma.Adapter }

// Handle adds a route.
func (a apiAdapter) Handle(op *huma.Operation, h func(huma.Context)) {
	a.Adapter.Handle(op, h)
	if op.Method == http.MethodGet {
		head := *op
		head.Method = http.MethodHead
		a.Adapter.Handle(&head, h)
	}
}

// jsonFormat reads and writes JSON. What is strict about it has happened before: see [readBody].
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		var b bytes.Buffer // so that what can't be written is known before anything was
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	},
	Unmarshal: unmarshalJSON,
}

// operation is one operation of the API.
type operation struct {
	ID          string // a verb, which generated clients call it by
	Method      string
	Path        string // below apiRoot
	Tag         string
	Summary     string
	Description string
	Access      Access
	Creates     bool     // makes something: Idempotency-Key, 201 and Location
	Matches     bool     // changes something that exists: If-Match
	Follows     bool     // names the revisions that it follows in its body
	Revised     bool     // what it answers with has an ETag that a GET can ask about
	Unrevised   bool     // what it creates has no revision, hence no ETag
	Tagged      bool     // answers with a file that has an ETag
	Taken       bool     // can be refused because of what else there is: 409
	Gone        bool     // can be refused because it has ended for good: 410
	File        bool     // takes a file as its body, of any type
	MaxFile     int      // bytes of the file; 0: as many as an import may have
	Fetches     bool     // asks another server, which may fail
	Answers     []string // media types of the file that it answers with; none: JSON
}

// errors lists the statuses with which the operation can be refused; Huma adds 422 and 500.
func (o operation) errors() []int {
	list := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusRequestURITooLong, http.StatusTooManyRequests}
	open := o.Access.open()                  // a credential that is none is refused there too
	if !open || o.Method != http.MethodGet { // a page of another site may make a browser send it
		list = append(list, http.StatusForbidden)
	}
	if strings.Contains(o.Path, "{") {
		list = append(list, http.StatusNotFound)
	}
	if o.Creates && !open || o.Taken {
		list = append(list, http.StatusConflict)
	}
	if o.Gone {
		list = append(list, http.StatusGone)
	}
	if o.Matches || o.Follows {
		list = append(list, http.StatusPreconditionFailed)
	}
	if o.Matches {
		list = append(list, http.StatusPreconditionRequired)
	}
	if o.Method == http.MethodPost || o.Method == http.MethodPut {
		list = append(list, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if o.Method != http.MethodGet {
		list = append(list, http.StatusInsufficientStorage)
	}
	return append(list, http.StatusServiceUnavailable)
}

// status is what the operation answers with when all goes well.
func (o operation) status() int {
	switch {
	case o.Creates:
		return http.StatusCreated
	case o.Method == http.MethodDelete:
		return http.StatusNoContent
	}
	return http.StatusOK
}

// security says what OpenAPI should ask for.
func (o operation) security() []map[string][]string {
	if o.Access.open() {
		return []map[string][]string{}
	}
	return []map[string][]string{{"token": {}}, {"login": {}}}
}

// register routes an operation and declares its access.
func register[I, O any](s *Server, o operation, handle func(context.Context, *I) (*O, error)) {
	methods := []string{o.Method}
	if o.Method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	path := echoPath(apiRoot + o.Path)
	for _, m := range methods {
		s.route(o.Access, path, s.askAPI(m, path), m)
	}
	s.late.register = append(s.late.register, func() { describe(s.late.huma, o, handle) })
}

// describe adds an operation to the API. The handler's errors become Problems.
func describe[I, O any](api huma.API, o operation, handle func(context.Context, *I) (*O, error)) {
	op := huma.Operation{OperationID: o.ID, Method: o.Method, Path: apiRoot + o.Path, Tags: []string{o.Tag},
		Summary: o.Summary, Description: strings.TrimSpace(o.Description + "\n\n" + o.Access.words()),
		DefaultStatus: o.status(), Errors: o.errors(),
		Security:   o.security(),
		Extensions: map[string]any{"x-access": string(o.Access)},
		Metadata:   map[string]any{"operation": o},
		// The body is in memory before Huma sees it. Its own deadline for reading would go on to count
		// while the answer is made, and end the request.
		MaxBodyBytes: maxBody + 1, BodyReadTimeout: -1}
	if o.File {
		op.RequestBody = &huma.RequestBody{Description: "The file.", Content: map[string]*huma.MediaType{mediaFile: {Schema: fileSchema()}}}
	}
	for _, media := range o.Answers {
		if op.Responses == nil {
			op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{}}}
		}
		op.Responses["200"].Content[media] = &huma.MediaType{Schema: answerSchema(media)}
	}
	switch {
	case o.Tagged:
		op.Responses["304"] = &huma.Response{Description: "Not Modified: If-None-Match has its ETag."}
		op.Responses["200"].Headers = publicHeaders()
	case o.Revised && o.Method == http.MethodGet:
		op.Responses = map[string]*huma.Response{"304": {Description: "Not Modified: it still has the revision of If-None-Match."}}
	}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, refusal(err)
		}
		return out, nil
	})
}

// echoPath spells a path as Echo does.
func echoPath(path string) string { return inEcho.Replace(path) }

var inEcho = strings.NewReplacer("{", ":", "}", "")
