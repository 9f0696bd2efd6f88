package server

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is what the served OpenAPI document promises, as programs of others read it.
type contract struct {
	operations []*promised
	mu         sync.Mutex
	compiler   *jsonschema.Compiler
	compiled   map[string]*jsonschema.Schema
}

// promised is one operation of the document.
type promised struct {
	*openapi3.Operation
	id, method, path string
	pointer          string   // where the document has it
	names            []string // of the path's parameters
	noun             string   // the path of what its If-Match is about, as the document spells it
	open             bool     // needs no credential
}

// Both halves of the document's truth: what is read-only is not in requests, and what is write-only not in answers.
const inRequests, inAnswers = "requests.json", "answers.json"

// readContract reads the document that the server serves. It must be a valid one to those who know OpenAPI 3.1.
func readContract(t *testing.T, h *harness) *contract {
	t.Helper()
	served := h.must(200, h.get("/api/openapi.json")).Body
	doc, err := openapi3.NewLoader().LoadFromData([]byte(served))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("the document is not valid: %v", err)
	}
	c := &contract{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.compiler.AssertFormat()
	for name, without := range map[string]string{inRequests: "readOnly", inAnswers: "writeOnly"} {
		parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(served))
		if err != nil {
			t.Fatal(err)
		}
		notRequired(parsed, without)
		if err := c.compiler.AddResource(name, parsed); err != nil {
			t.Fatal(err)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			p := &promised{Operation: op, id: op.OperationID, method: method, path: path, names: pathNames(path), open: op.Security == nil || len(*op.Security) == 0,
				pointer: "/paths/" + escapePointer(path) + "/" + strings.ToLower(method)}
			p.noun = nounPath(doc, path)
			c.operations = append(c.operations, p)
		}
	}
	slices.SortFunc(c.operations, func(a, b *promised) int { return cmp.Compare(a.id, b.id) })
	return c
}

// notRequired takes the properties that are read-only, or write-only, from what their objects require.
func notRequired(v any, mark string) {
	switch v := v.(type) {
	case map[string]any:
		properties, _ := v["properties"].(map[string]any)
		if required, ok := v["required"].([]any); ok && properties != nil {
			v["required"] = slices.DeleteFunc(required, func(name any) bool {
				property, _ := properties[name.(string)].(map[string]any)
				return property[mark] == true
			})
		}
		for _, below := range v {
			notRequired(below, mark)
		}
	case []any:
		for _, below := range v {
			notRequired(below, mark)
		}
	}
}

// nounPath is the path of the noun that a path is about or belongs to: the longest one of which a GET gives an ETag.
func nounPath(doc *openapi3.T, path string) string {
	for at := path; at != ""; at = at[:strings.LastIndex(at, "/")] {
		item := doc.Paths.Value(at)
		if item == nil || item.Get == nil {
			continue
		}
		if ok := item.Get.Responses.Status(http.StatusOK); ok != nil && ok.Value.Headers["ETag"] != nil {
			return at
		}
	}
	return path
}

// schema compiles the schema at a pointer of one half of the document.
func (c *contract) schema(half, pointer string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := half + (&url.URL{Fragment: pointer}).String()
	if s := c.compiled[at]; s != nil {
		return s, nil
	}
	s, err := c.compiler.Compile(at)
	if err == nil {
		c.compiled[at] = s
	}
	return s, err
}

// fits says why a text is not JSON that fits the schema at a pointer; nil when it is.
func (c *contract) fits(half, pointer string, text []byte) error {
	schema, err := c.schema(half, pointer)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(v)
}

// answer gives what the document says of an operation's answer with a status; nil: nothing.
func (p *promised) answer(status int) *openapi3.Response {
	if ref := p.Responses.Status(status); ref != nil {
		return ref.Value
	}
	return nil
}

// answerPointer is where the document has the schema of an answer.
func (p *promised) answerPointer(status int, media string) string {
	return p.pointer + "/responses/" + strconv.Itoa(status) + "/content/" + escapePointer(media) + "/schema"
}

// bodyPointer is where the document has the schema of the request's body.
func (p *promised) bodyPointer() string {
	return p.pointer + "/requestBody/content/" + escapePointer("application/json") + "/schema"
}

// takes gives the schema of the body of JSON that an operation takes; nil: it takes none.
func (p *promised) takes() *openapi3.SchemaRef {
	if p.RequestBody == nil || p.RequestBody.Value.Content["application/json"] == nil {
		return nil
	}
	return p.RequestBody.Value.Content["application/json"].Schema
}

// takesFile says whether its body is a file.
func (p *promised) takesFile() bool {
	return p.RequestBody != nil && p.RequestBody.Value.Content[mediaFile] != nil
}

// has says whether an operation has a parameter of that name in headers.
func (p *promised) has(header string) bool {
	return slices.ContainsFunc(p.Parameters, func(r *openapi3.ParameterRef) bool { return r.Value.In == "header" && r.Value.Name == header })
}

// TestTheDocumentIsReadByOthers keeps two programs that know OpenAPI 3.1 and JSON Schema 2020-12 content: every schema compiles.
func TestTheDocumentIsReadByOthers(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	c := readContract(t, h)
	schemas := 0
	for _, p := range c.operations {
		for status, r := range p.Responses.Map() {
			for media := range r.Value.Content {
				code, err := strconv.Atoi(status)
				if err == nil {
					_, err = c.schema(inAnswers, p.answerPointer(code, media))
				}
				if err != nil {
					t.Errorf("%s %s: %v", p.id, status, err)
				}
				schemas++
			}
		}
		if p.takes() == nil {
			continue
		}
		if _, err := c.schema(inRequests, p.bodyPointer()); err != nil {
			t.Errorf("%s: %v", p.id, err)
		}
	}
	if len(c.operations) < 150 || schemas < 1000 {
		t.Errorf("%d operations, %d schemas of answers", len(c.operations), schemas)
	}
	good, bad := `{"items":[]}`, `{"items":[{"id":1}]}`
	list := "/components/schemas/RoomList"
	if err := c.fits(inAnswers, list, []byte(good)); err != nil {
		t.Error(err)
	}
	if c.fits(inAnswers, list, []byte(bad)) == nil || !json.Valid([]byte(bad)) {
		t.Error("a list of rooms may be anything")
	}
}

// TestAPIFlagsSayTrueOrFalse asks for a dry run as people type it, and as programs do that fill in nothing: neither imports.
func TestAPIFlagsSayTrueOrFalse(t *testing.T) {
	h := newHarness(t)
	at, table := "/api/v1/events/"+forum+"/import", "title,date,start,end,room\nImported,2025-10-27,11:00,12:00,Hall\n"
	for query, status := range map[string]int{"?dry_run": 400, "?dry_run=": 400, "?dry_run=yes": 422, "?dry_run=true": 200} {
		a := h.must(status, h.ask(h.write, "POST", at+query, table))
		if status >= 400 && decode[Problem](t, a).Errors[0] != (ProblemFault{Parameter: "dry_run", Detail: "must be true or false"}) {
			t.Errorf("%s: %s", query, a.Body)
		}
	}
	if list := decode[pageOf](t, h.must(200, h.ask(h.write, "GET", "/api/v1/events/"+forum+"/panels", nil))); len(list.Items) != 0 {
		t.Errorf("%d panels were imported", len(list.Items))
	}
}
