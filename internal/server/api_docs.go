package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"plenary/web"
)

// docsView is what the page of the API shows.
type docsView struct {
	Title, Version, Base    string
	Style, Icon, JSON, YAML string
	About                   []docsWords
	Groups                  []docsGroup
	Schemas                 []docsSchema
}

// docsWords is a paragraph with what it is about.
type docsWords struct{ Lead, Text string }

// docsGroup is the operations of one tag.
type docsGroup struct {
	Name, Anchor, Words string
	Operations          []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary string
	Words                     []string
	Token                     bool
	Parameters                []docsField
	Body                      *docsBody
	Answers                   []docsAnswer
	Refusals                  []docsRefusal
}

// docsField is a parameter or a field.
type docsField struct {
	Name, In, Words, Limits string
	Type                    docsType
	Required, ReadOnly      bool
}

// docsType says what a value is, with a link to its schema if it has one of its own.
type docsType struct{ Before, Name, Anchor string }

type docsBody struct {
	Media   string
	Type    docsType
	Example string
}

type docsAnswer struct {
	Status, Words, Media string
	Type                 docsType
	Headers              []docsField
}

type docsRefusal struct{ Status, Words string }

type docsSchema struct {
	Name, Anchor string
	Fields       []docsField
}

// docsPage renders the page of the API: without scripts, so that it can be read anywhere.
func (s *Server) docsPage(document *huma.OpenAPI) ([]byte, error) {
	page, err := template.ParseFS(web.Templates, "api_docs.html")
	if err != nil {
		return nil, err
	}
	view := docsView{Title: document.Info.Title + " API", Version: document.Info.Version, Base: s.base,
		Style: s.assetURL("api_docs.css"), Icon: s.assetURL(iconName), JSON: s.root() + "api/openapi.json", YAML: s.root() + "api/openapi.yaml"}
	for part := range strings.SplitSeq(document.Info.Description, "\n\n") {
		lead, text, _ := strings.Cut(strings.TrimPrefix(part, "**"), ".**")
		view.About = append(view.About, docsWords{lead, strings.TrimSpace(text)})
	}
	d := docsWriter{document.Components.Schemas}
	for _, tag := range document.Tags {
		group := docsGroup{Name: tag.Name, Anchor: "tag-" + strings.ToLower(tag.Name), Words: tag.Description}
		for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
			for _, op := range operationsOf(document.Paths[path]) {
				if slices.Contains(op.Tags, tag.Name) {
					group.Operations = append(group.Operations, d.operation(path, op))
				}
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(document.Webhooks)) {
			if op := document.Webhooks[kind].Post; slices.Contains(op.Tags, tag.Name) {
				group.Operations = append(group.Operations, d.operation("the webhook's own address", op))
			}
		}
		view.Groups = append(view.Groups, group)
	}
	for _, name := range slices.Sorted(maps.Keys(d.registry.Map())) {
		view.Schemas = append(view.Schemas, docsSchema{name, "schema-" + name, d.fields(d.registry.Map()[name])})
	}
	var out bytes.Buffer
	if err := page.Execute(&out, view); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// docsWriter puts the document into words.
type docsWriter struct{ registry huma.Registry }

func (d docsWriter) operation(path string, op *huma.Operation) docsOperation {
	o := docsOperation{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, Token: len(op.Security) > 0}
	for part := range strings.SplitSeq(op.Description, "\n\n") {
		if part != "" {
			o.Words = append(o.Words, part)
		}
	}
	for _, p := range op.Parameters {
		o.Parameters = append(o.Parameters, docsField{Name: p.Name, In: p.In, Words: p.Description, Required: p.Required,
			Type: d.typeOf(p.Schema), Limits: limitsOf(p.Schema)})
	}
	if op.RequestBody != nil {
		o.Body = &docsBody{Media: mediaFile, Type: docsType{Name: "file of any type"}}
		if content := op.RequestBody.Content["application/json"]; content != nil {
			o.Body = &docsBody{"application/json", d.typeOf(content.Schema), d.example(content.Schema)}
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		response := op.Responses[status]
		if status >= "4" {
			o.Refusals = append(o.Refusals, docsRefusal{status, response.Description})
			continue
		}
		o.Answers = append(o.Answers, d.answer(status, response))
	}
	return o
}

func (d docsWriter) answer(status string, r *huma.Response) docsAnswer {
	a := docsAnswer{Status: status, Words: r.Description}
	for media, content := range r.Content {
		a.Media, a.Type = media, d.typeOf(content.Schema)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		h := r.Headers[name]
		words := h.Description
		if words == "" && h.Schema != nil {
			words = h.Schema.Description
		}
		a.Headers = append(a.Headers, docsField{Name: name, Words: words})
	}
	return a
}

func (d docsWriter) example(s *huma.Schema) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(example(d.registry, s, true)); err != nil {
		return ""
	}
	return b.String()
}

// fields lists the fields of an object: those that are needed first, those that are read-only last.
func (d docsWriter) fields(s *huma.Schema) []docsField {
	var list []docsField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		list = append(list, docsField{Name: name, Words: p.Description, Type: d.typeOf(p), Limits: limitsOf(p),
			Required: slices.Contains(s.Required, name) && !p.ReadOnly, ReadOnly: p.ReadOnly})
	}
	rank := func(f docsField) int {
		switch {
		case f.Required:
			return 0
		case f.ReadOnly:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b docsField) int { return rank(a) - rank(b) })
	return list
}

func (d docsWriter) typeOf(s *huma.Schema) docsType {
	switch {
	case s == nil:
		return docsType{}
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return docsType{Name: name, Anchor: "schema-" + name}
	case len(s.AllOf) > 0:
		return d.typeOf(s.AllOf[0])
	case len(s.OneOf) > 0:
		return docsType{Name: "text by language, or string"}
	case s.Type == huma.TypeArray:
		item := d.typeOf(s.Items)
		item.Before = "list of " + item.Before
		return item
	case s.Type == huma.TypeObject:
		if values, ok := s.AdditionalProperties.(*huma.Schema); ok && values.Type == huma.TypeString {
			return docsType{Name: "text by language"}
		}
		return docsType{Name: "object"}
	case s.Type == "":
		return docsType{Name: "any value"}
	case s.Format == "date" || s.Format == "date-time" || s.Format == "uri":
		return docsType{Name: s.Type + " (" + s.Format + ")"}
	}
	return docsType{Name: s.Type}
}

// limitsOf says in words what values a schema takes.
func limitsOf(s *huma.Schema) string {
	var limits []string
	say := func(format string, args ...any) { limits = append(limits, fmt.Sprintf(format, args...)) }
	if s.Default != nil {
		say("default %v", s.Default)
	}
	if len(s.Enum) > 0 {
		say("one of %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(s.Enum), " ", ", "), "[]"))
	}
	if s.Minimum != nil {
		say("at least %v", *s.Minimum)
	}
	if s.Maximum != nil {
		say("at most %v", int64(*s.Maximum))
	}
	if s.MaxLength != nil && *s.MaxLength != 100 {
		say("at most %d characters", *s.MaxLength)
	}
	if s.MinItems != nil {
		say("at least %d items", *s.MinItems)
	}
	if s.MaxItems != nil {
		say("at most %d items", *s.MaxItems)
	}
	return strings.Join(limits, "; ")
}
