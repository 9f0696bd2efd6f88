package server

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// document is the OpenAPI document as a reader gets it.
type document struct {
	OpenAPI    string
	Info       struct{ Title, Version, Description string }
	Servers    []struct{ URL string }
	Tags       []struct{ Name, Description string }
	Paths      map[string]map[string]documented
	Components struct {
		Schemas         map[string]map[string]any
		SecuritySchemes map[string]map[string]any
	}
}

type documented struct {
	OperationID string
	Summary     string
	Tags        []string
	Security    []map[string][]string
	Access      string `json:"x-access"`
	Parameters  []struct {
		Name, In, Description string
		Required              bool
		Schema                map[string]any
	}
	RequestBody *struct {
		Required bool
		Content  map[string]struct{ Schema map[string]any }
	}
	Responses map[string]struct {
		Description string
		Headers     map[string]any
		Content     map[string]struct{ Schema map[string]any }
	}
}

func readDocument(t *testing.T, h *harness) (document, any) {
	t.Helper()
	a := h.must(200, h.get("/api/openapi.json"))
	if a.Header.Get("Content-Type") != "application/openapi+json" {
		t.Errorf("Content-Type is %q", a.Header.Get("Content-Type"))
	}
	return decode[document](t, a), decode[any](t, a)
}

func TestAPIDocumentIsWhole(t *testing.T) {
	h := newHarness(t)
	d, whole := readDocument(t, h)
	if d.OpenAPI != "3.1.0" || d.Info.Title == "" || d.Info.Version != "1.2.3" || len(d.Servers) != 1 || d.Servers[0].URL != base+"/" {
		t.Errorf("the head is %q %+v %v", d.OpenAPI, d.Info, d.Servers)
	}
	if scheme := d.Components.SecuritySchemes["token"]; scheme["type"] != "http" || scheme["scheme"] != "bearer" {
		t.Errorf("the security scheme is %v", scheme)
	}
	var tags []string
	for _, tag := range d.Tags {
		if tag.Description == "" {
			t.Errorf("the tag %s has no words", tag.Name)
		}
		tags = append(tags, tag.Name)
	}
	ids, count := map[string]bool{}, 0
	for path, item := range d.Paths {
		for method, op := range item {
			count++
			where := method + " " + path
			if !regexp.MustCompile(`^[a-z]+[A-Za-z]*$`).MatchString(op.OperationID) || ids[op.OperationID] {
				t.Errorf("%s has the operation id %q", where, op.OperationID)
			}
			ids[op.OperationID] = true
			if op.Summary == "" || len(op.Tags) != 1 || !slices.Contains(tags, op.Tags[0]) || op.Access == "" {
				t.Errorf("%s: summary %q, tags %v, access %q", where, op.Summary, op.Tags, op.Access)
			}
			checkDocumented(t, where, path, op)
		}
	}
	if count < 60 {
		t.Errorf("only %d operations", count)
	}
	refs := 0
	eachRef(whole, func(ref string) {
		refs++
		name, ok := strings.CutPrefix(ref, "#/components/schemas/")
		if _, found := d.Components.Schemas[name]; !ok || !found {
			t.Errorf("%s leads nowhere", ref)
		}
	})
	t.Logf("%d operations, %d schemas, %d references", count, len(d.Components.Schemas), refs)
}

func checkDocumented(t *testing.T, where, path string, op documented) {
	t.Helper()
	inAPI := strings.HasPrefix(path, apiRoot)
	needsToken := inAPI && op.Access != "public" && op.Access != "secret"
	if needsToken != (len(op.Security) == 2 && op.Security[0]["token"] != nil && op.Security[1]["login"] != nil) {
		t.Errorf("%s: security is %v", where, op.Security)
	}
	var inPath []string
	for _, p := range op.Parameters {
		if p.Description == "" || p.Schema["type"] == nil {
			t.Errorf("%s: parameter %s is %+v", where, p.Name, p)
		}
		if p.In == "path" {
			inPath = append(inPath, p.Name)
		}
		if (p.In == "path" || p.Name == "If-Match") != p.Required {
			t.Errorf("%s: parameter %s is needed: %t", where, p.Name, p.Required)
		}
	}
	want := pathNames(path)
	slices.Sort(inPath)
	slices.Sort(want)
	if !slices.Equal(inPath, want) {
		t.Errorf("%s: path parameters %v, want %v", where, inPath, want)
	}
	success, problems := 0, 0
	for status, r := range op.Responses {
		if r.Description == "" {
			t.Errorf("%s: %s has no words", where, status)
		}
		if status < "4" {
			success++
			continue
		}
		problems++
		if r.Content["application/problem+json"].Schema["$ref"] != "#/components/schemas/Problem" {
			t.Errorf("%s: %s is not a problem: %v", where, status, r.Content)
		}
	}
	if success == 0 || problems == 0 {
		t.Errorf("%s: responses %v", where, op.Responses)
	}
	if op.RequestBody != nil && op.RequestBody.Content[mediaFile].Schema == nil && (!op.RequestBody.Required || op.RequestBody.Content["application/json"].Schema["$ref"] == nil) {
		t.Errorf("%s: body %+v", where, op.RequestBody)
	}
}

// eachRef calls f with every $ref below v.
func eachRef(v any, f func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if ref, ok := value.(string); ok && key == "$ref" {
				f(ref)
			}
			eachRef(value, f)
		}
	case []any:
		for _, item := range v {
			eachRef(item, f)
		}
	}
}

func TestAPISchemas(t *testing.T) {
	d, _ := readDocument(t, newHarness(t))
	for _, name := range []string{"AgendaDocument", "ChangesDocument", "AgendaPanel", "Problem", "ProblemFault", "Panel", "PanelList", "Room", "Event",
		"Meeting", "Conflict", "Change", "Release", "Slot", "Speaker", "Intervention"} {
		if d.Components.Schemas[name] == nil {
			t.Errorf("there is no schema %s", name)
		}
	}
	for name, schema := range d.Components.Schemas {
		properties, _ := schema["properties"].(map[string]any)
		if schema["type"] != "object" || len(properties) == 0 || schema["additionalProperties"] != false {
			t.Errorf("%s is %v", name, schema)
		}
		for field, property := range properties {
			p := property.(map[string]any)
			if p["description"] == nil && p["oneOf"] == nil {
				t.Errorf("%s.%s has no words", name, field)
			}
			if field != strings.ToLower(field) {
				t.Errorf("%s.%s is not in snake case", name, field)
			}
		}
		if strings.HasSuffix(name, "Body") {
			t.Errorf("%s says that it is a body", name)
		}
	}
	title := d.Components.Schemas["AgendaPanel"]["properties"].(map[string]any)["title"].(map[string]any)
	if kinds, _ := title["oneOf"].([]any); len(kinds) != 2 {
		t.Errorf("the title of a public panel is %v", title)
	}
	for _, property := range []string{"etag", "cause"} {
		if _, ok := d.Components.Schemas["Problem"]["properties"].(map[string]any)[property]; ok {
			t.Errorf("Problem shows %s", property)
		}
	}
}

func TestAPIDocumentIsCached(t *testing.T) {
	h := newHarness(t)
	for path, media := range map[string]string{"/api/openapi.json": "application/openapi+json", "/api/openapi.yaml": "application/openapi+yaml", "/api/docs": "text/html; charset=utf-8"} {
		a := h.must(200, h.get(path))
		if a.Header.Get("Content-Type") != media || a.Header.Get("Etag") == "" {
			t.Errorf("%s: %v", path, a.Header)
		}
		if again := h.get(path, header{"If-None-Match", a.Header.Get("Etag")}); again.Status != 304 || again.Body != "" {
			t.Errorf("%s again: %d", path, again.Status)
		}
	}
	if yaml := h.get("/api/openapi.yaml").Body; !strings.Contains(yaml, "operationId: movePanel") || !strings.Contains(yaml, "openapi: 3.1.0") {
		t.Error("the YAML document is not one")
	}
}

// TestAPIDocsPage reads the page as a browser would that runs no scripts and loads nothing from elsewhere.
func TestAPIDocsPage(t *testing.T) {
	h := newHarness(t)
	page := h.must(200, h.get("/api/docs", header{"Accept", "text/html"})).Body
	for _, never := range []string{"<script", "<style", " style=", " onclick=", "javascript:", "<iframe", "<no value>", "%!"} {
		if strings.Contains(page, never) {
			t.Errorf("the page has %s", never)
		}
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if address := m[1]; strings.HasPrefix(address, "#") {
			if !strings.Contains(page, `id="`+address[1:]+`"`) {
				t.Errorf("%s leads nowhere", address)
			}
		} else if a := h.get(address); !strings.HasPrefix(address, "/") || a.Status != 200 {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			t.Errorf("the id %s is there twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, op := range apiOperations(h.server) {
		if !seen[op.OperationID] {
			t.Errorf("%s is not on the page", op.OperationID)
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<pre tabindex="0"><code>(.*?)</code></pre>`).FindAllStringSubmatch(page, -1) {
		text := strings.NewReplacer("&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#39;", "'", "&#43;", "+", "&amp;", "&").Replace(m[1])
		if !json.Valid([]byte(text)) {
			t.Errorf("an example is not JSON: %s", text)
		}
	}
	if a := h.ask("", http.MethodPost, "/api/docs", nil); a.Status != 405 {
		t.Errorf("POST: %d", a.Status)
	}
}

func TestAPIMoments(t *testing.T) {
	for zone, want := range map[string]string{"Asia/Ho_Chi_Minh": "2025-10-27T14:00:00+07:00", "UTC": "2025-10-27T14:00:00Z",
		"America/St_Johns": "2025-10-27T14:00:00-02:30", "Asia/Kathmandu": "2025-10-27T14:00:00+05:45", "Europe/Paris": "2025-10-27T14:00:00+01:00"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		m, err := agenda.ParseMoment(location, "2025-10-27T14:00")
		if err != nil {
			t.Fatal(err)
		}
		if got := momentText(m); got != want || got != m.Format(location) {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00"} {
		m, err := agenda.ParseMoment(paris, text)
		if err != nil || momentText(m) != text {
			t.Errorf("%s became %s, %v", text, momentText(m), err)
		}
	}
}

func TestAPINumbersAreSpelledPlainly(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1.0,"b":[1e2,-0.0,2.5],"c":"1.0"}`: `{"a":1,"b":[100,0,2.5],"c":"1.0"}`,
		` [ 10E-1 , 1e30 ] `:                     ` [ 1 , 1e30 ] `,
		`7`:                                      `7`,
	} {
		got, err := scanJSON([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s became %s, %v", in, got, err)
		}
	}
	for _, small := range []string{`0.1e-400`, `-1E-999`} { // no number of ours can be so small without being 0
		if _, err := scanJSON([]byte(small)); err == nil {
			t.Errorf("%s is taken", small)
		}
	}
	h := newHarness(t)
	a := h.must(201, h.ask(h.write, http.MethodPost, "/api/v1/events/"+forum+"/rooms", `{"name":{"en":"A"},"capacity":2.50e2}`))
	if !strings.Contains(a.Body, `"capacity":250`) {
		t.Error(a.Body)
	}
}
