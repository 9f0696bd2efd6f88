package server

import (
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// exampleID stands for any identity in examples.
const exampleID = "0199a1b2-6c1d-7c55-9d0e-3f1f4e1c9a10"

// example makes a value that fits a schema, from its examples where it has some. What is read-only is
// left out of requests.
func example(r huma.Registry, s *huma.Schema, request bool) any {
	examples := s.Examples
	for s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
		if len(examples) == 0 {
			examples = s.Examples
		}
	}
	switch {
	case len(examples) > 0:
		return plainExample(examples[0])
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0:
		return example(r, s.OneOf[0], request)
	case len(s.AllOf) > 0:
		return exampleOfAll(r, s, request)
	}
	switch s.Type {
	case huma.TypeObject:
		return exampleObject(r, s, request)
	case huma.TypeArray:
		n := 1
		if s.MinItems != nil {
			n = max(n, *s.MinItems)
		}
		list := make([]any, n)
		for i := range list {
			list[i] = example(r, s.Items, request)
		}
		return list
	case huma.TypeBoolean:
		return false
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	}
	return exampleString(s)
}

func exampleObject(r huma.Registry, s *huma.Schema, request bool) map[string]any {
	object := map[string]any{}
	for name, property := range s.Properties {
		if !request || !property.ReadOnly {
			object[name] = example(r, property, request)
		}
	}
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		object["en"] = example(r, values, request)
	}
	return object
}

// exampleOfAll makes a value of the first of the schemas, which the others narrow to a value, or to an empty object.
func exampleOfAll(r huma.Registry, s *huma.Schema, request bool) any {
	object, ok := example(r, s.AllOf[0], request).(map[string]any)
	if !ok {
		return nil
	}
	for _, also := range s.AllOf[1:] {
		for name, p := range also.Properties {
			switch {
			case len(p.Enum) > 0:
				object[name] = p.Enum[0]
			case p.MaxProperties != nil && *p.MaxProperties == 0:
				object[name] = map[string]any{}
			}
		}
	}
	return object
}

func exampleString(s *huma.Schema) string {
	switch {
	case s.Format == "date":
		return "2025-10-27"
	case s.Format == "date-time":
		return "2025-10-27T07:00:00Z"
	case strings.HasPrefix(s.Description, "Id ") || strings.HasPrefix(s.Description, "The id ") || strings.HasPrefix(s.Description, "Identifies "):
		return exampleID
	}
	return "Text"
}

// plainExample takes Go's types off an example: Huma reads the tags of a slice of a named type into
// that type, and of a map not at all.
func plainExample(v any) any {
	if raw, ok := v.(string); ok && strings.HasPrefix(raw, "{") {
		var parsed any
		if json.Unmarshal([]byte(raw), &parsed) == nil {
			return parsed
		}
	}
	return v
}
