package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// everything is what the database holds, but for when tokens were used and feeds fetched.
func (h *harness) everything() string {
	h.t.Helper()
	ctx, page := h.t.Context(), app.Page{Limit: 200}
	var all []any
	add := func(v any, err error) {
		h.t.Helper()
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, v)
	}
	events, next, err := h.app.Events(ctx, h.system(), "", page)
	add(events, err)
	tokens, more, err := h.app.Tokens(ctx, h.system(), "", page)
	for i := range tokens {
		tokens[i].LastUsed = nil
	}
	add(tokens, err)
	if next+more != "" {
		h.t.Fatal("there is more than fits on a page")
	}
	for _, e := range events {
		add(h.app.ExportEvent(ctx, h.system(), e.Slug))
		for cursor := ""; ; {
			activities, next, err := h.app.Activities(ctx, h.system(), e.Slug, app.ActivityFilter{}, app.Page{Limit: 200, After: cursor})
			add(activities, err)
			if cursor = next; next == "" {
				break
			}
		}
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// validBody is a body that the operation takes: about what is there, and with every field that can be
// sent.
func (f furnished) validBody(op *huma.Operation) map[string]any {
	f.t.Helper()
	r := f.server.api().OpenAPI().Components.Schemas
	schema := op.RequestBody.Content["application/json"].Schema
	text, err := json.Marshal(example(r, schema, true))
	if err != nil {
		f.t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		f.t.Fatal(err)
	}
	f.refer(body, "")
	switch op.OperationID {
	case "replaceEvent":
		body["slug"] = f.ids["event"]
	case "createEvent":
		body["slug"] = "fresh"
	case "requestMeeting":
		body["from"], body["to"] = f.ids["person2"], f.ids["person"]
		delete(body, "sides") // it is from and to, or sides
		fallthrough
	case "replaceMeetingRequest":
		delete(body, "expires") // a meeting can't wait for years
	case "deputize", "replaceDelegate":
		body["person"] = f.ids["person3"]
	case "createPanel":
		body["replaced_by"] = f.ids["panel"]
	case "replacePanel":
		delete(body, "replaced_by") // there is no other panel
	case "openStarredFeed", "replaceStarredFeed":
		body["panels"] = []any{f.ids["panel"]}
	}
	return body
}

// refer puts the identities of what is there in the place of those in the examples.
func (f furnished) refer(v any, name string) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			noun := map[string]string{"to": "room2", "id": "room"}[key]
			if noun == "" {
				noun = key
			}
			if value == exampleID && f.ids[noun] != "" {
				v[key] = f.ids[noun]
			}
			f.refer(value, key)
		}
		if _, ok := v["kind"]; ok && v["id"] != nil {
			v["kind"] = "room"
		}
		if _, ok := v["revision"]; ok {
			v["revision"] = 1
		}
		if _, ok := v["code"]; ok {
			v["code"] = "UNIQUE"
		}
		if _, ok := v["expires"]; ok {
			v["expires"] = "2030-01-01T00:00:00Z"
		}
		if end, ok := v["end_date"]; ok && end == v["start_date"] {
			v["end_date"] = "2025-10-28"
		}
		if sides, ok := v["sides"].([]any); ok {
			for i, side := range sides {
				f.refer(side, "")
				side.(map[string]any)["delegates"].([]any)[0].(map[string]any)["person"] = f.ids[[]string{"person", "person2"}[i]]
			}
		}
	case []any:
		for _, item := range v {
			f.refer(item, name)
		}
	}
}

// current asks what the operation is about for its revision, so that nothing but the body is wrong.
func (f furnished) current(op *huma.Operation) []header {
	f.t.Helper()
	o := op.Metadata["operation"].(operation)
	if !o.Matches {
		return []header{{"Idempotency-Key", "bad"}}
	}
	return []header{{"If-Match", "*"}}
}

// TestAPITakesWhatItDocuments sends the documentation's own examples: were they refused, the bad
// inputs below would prove nothing.
func TestAPITakesWhatItDocuments(t *testing.T) {
	sweep(t)
	alongside(t)
	for _, op := range writes(newHarness(t).server) {
		own, _ := furnish(newHarness(t))
		body := own.validBody(op)
		headers := own.current(op)[:1]
		own.beginFor(op.OperationID)
		if a := own.ask(own.all, op.Method, own.fill(op.Path), body, headers...); a.Status >= 300 {
			t.Errorf("%s: %d %s for %v", op.OperationID, a.Status, a.Body, body)
		}
	}
}

func TestAPIBadInput(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	own, foreign := furnish(h)
	h.must(200, h.ask(h.all, http.MethodGet, "/api/v1/events", nil)) // notes the use of the token
	sent := 0
	for _, op := range writes(h.server) {
		before := h.everything()
		bad := own.badInputs(op, foreign)
		for _, what := range slices.Sorted(maps.Keys(bad)) {
			in := bad[what]
			headers := append(own.current(op), in.headers...)
			a := h.ask(h.all, op.Method, own.fill(op.Path), in.body, headers...)
			sent++
			if a.Status < 400 || a.Status >= 500 || !slices.Contains([]int{400, 413, 415, 422}, a.Status) {
				t.Errorf("%s, %s: %d %s", op.OperationID, what, a.Status, a.Body)
			}
			mustBeProblem(t, op.OperationID+", "+what, a)
			if in.pointer != "" && !slices.ContainsFunc(decode[Problem](t, a).Errors, func(f ProblemFault) bool { return strings.HasPrefix(f.Pointer, in.pointer) }) {
				t.Errorf("%s, %s: no fault points to %s: %s", op.OperationID, what, in.pointer, a.Body)
			}
		}
		if diff := cmp.Diff(before, h.everything()); diff != "" {
			t.Errorf("%s: what was refused changed something (-before +after):\n%s", op.OperationID, diff)
		}
	}
	t.Logf("%d bad inputs", sent)
	if sent < 200 {
		t.Errorf("only %d bad inputs", sent)
	}
}

// badInput is a request that must be refused.
type badInput struct {
	body    any
	headers []header
	pointer string // some fault is here or below
}

func (f furnished) badInputs(op *huma.Operation, foreign furnished) map[string]badInput {
	f.t.Helper()
	valid, err := json.Marshal(f.validBody(op))
	if err != nil {
		f.t.Fatal(err)
	}
	text := string(valid)
	bad := rawInputs(text)
	r := f.server.api().OpenAPI().Components.Schemas
	mutate(r, op.RequestBody.Content["application/json"].Schema, f.validBody(op), "", func(pointer string, wrong any, set func(any)) {
		var whole map[string]any
		if err := json.Unmarshal(valid, &whole); err != nil {
			f.t.Fatal(err)
		}
		what := fmt.Sprintf("%s as %.40s", pointer, fmt.Sprint(wrong))
		set(whole)
		body, err := json.Marshal(whole)
		if err != nil {
			f.t.Fatal(err)
		}
		bad[what] = badInput{body: body, pointer: "#" + pointer}
	})
	for noun, id := range foreign.ids {
		if own := f.ids[noun]; noun != "event" && noun != "number" && strings.Contains(text, `"`+own+`"`) {
			bad["foreign "+noun] = badInput{body: strings.ReplaceAll(text, own, id)}
			bad["missing "+noun] = badInput{body: strings.ReplaceAll(text, own, "01990000-0000-7000-8000-ffffffffffff")}
		}
	}
	for what, swap := range senseless {
		if changed := strings.Replace(text, swap.old, swap.new, 1); changed != text {
			bad[what] = badInput{body: changed}
		}
	}
	return bad
}

// senseless are changes after which a body has the right shape and makes no sense.
var senseless = map[string]struct{ old, new string }{
	"end before start":        {`"end":"2025-10-27T15:30:00+07:00"`, `"end":"2025-10-27T13:30:00+07:00"`},
	"end at start":            {`"end":"2025-10-27T15:30:00+07:00"`, `"end":"2025-10-27T14:00:00+07:00"`},
	"too long":                {`"end":"2025-10-27T15:30:00+07:00"`, `"end":"2025-10-30T15:30:00+07:00"`},
	"no such day":             {`"start":"2025-10-27T14:00:00+07:00"`, `"start":"2025-02-30T14:00:00+07:00"`},
	"no such hour":            {`"start":"2025-10-27T14:00:00+07:00"`, `"start":"2025-10-27T25:00:00+07:00"`},
	"another offset":          {`"start":"2025-10-27T14:00:00+07:00"`, `"start":"2025-10-27T14:00:00+02:00"`},
	"a date is no time":       {`"start":"2025-10-27T14:00:00+07:00"`, `"start":"2025-10-27"`},
	"year 0":                  {`"start":"2025-10-27T14:00:00+07:00"`, `"start":"0000-01-01T00:00:00"`},
	"fractions of seconds":    {`"start":"2025-10-27T14:00:00+07:00"`, `"start":"2025-10-27T14:00:00.5+07:00"`},
	"window ends first":       {`"end":"2025-10-27T12:00:00+07:00"`, `"end":"2025-10-27T08:00:00+07:00"`},
	"unknown zone":            {`"Asia/Ho_Chi_Minh"`, `"Asia/Nowhere"`},
	"the machine's zone":      {`"Asia/Ho_Chi_Minh"`, `"Local"`},
	"zone as path":            {`"Asia/Ho_Chi_Minh"`, `"../../etc/passwd"`},
	"event ends first":        {`"end_date":"2025-10-29"`, `"end_date":"2025-10-26"`},
	"event of years":          {`"end_date":"2025-10-29"`, `"end_date":"2035-10-29"`},
	"capital slug":            {`"slug":"`, `"slug":"A`},
	"reserved slug":           {`"slug":"fresh"`, `"slug":"api"`},
	"language twice":          {`["en","fr","vi"]`, `["en","en"]`},
	"no language":             {`["en","fr","vi"]`, `["xx-unknown-tag!"]`},
	"language not canonical":  {`["en","fr","vi"]`, `["EN"]`},
	"javascript as address":   {`"https://`, `"javascript:alert(1)//`},
	"relative address":        {`"https://`, `"/`},
	"a colour by name":        {`"#005bbb"`, `"blue"`},
	"two principals":          {`"role":"principal"}]`, `"role":"principal"},{"person":"x","role":"principal"}]`},
	"no principal":            {`"role":"principal"`, `"role":"member"`},
	"a country of three":      {`"VN"`, `"VNM"`},
	"a country in lower case": {`"VN"`, `"vn"`},
	"not an address":          {`"hung@example.org"`, `"hung at example"`},
	"token of the past":       {`"2030-01-01T00:00:00Z"`, `"2020-01-01T00:00:00Z"`},
	"half a place":            {`"longitude":105.7877,`, ``},
	"control character":       {`"en":"`, `"en":"\u0007`},
}

// rawInputs are bodies that can't be read, made of one that can.
func rawInputs(valid string) map[string]badInput {
	first := valid[1:strings.Index(valid, ":")]
	deep := strings.Repeat(`{"a":`, 3000) + "1" + strings.Repeat("}", 3000)
	bad := map[string]badInput{
		"nothing": {body: ""}, "spaces": {body: " \n "}, "null": {body: "null"}, "a list": {body: "[" + valid + "]"}, "a number": {body: "1"},
		"a string": {body: `"x"`}, "true": {body: "true"}, "a brace": {body: "{"}, "two values": {body: valid + valid}, "rubbish after": {body: valid + "x"},
		"a comma too many": {body: valid[:len(valid)-1] + ",}"}, "a comment": {body: "/* */" + valid}, "a byte order mark": {body: "\ufeff" + valid},
		"single quotes": {body: strings.ReplaceAll(valid, `"`, `'`)}, "NaN": {body: `{` + first + `:NaN}`}, "infinity": {body: `{` + first + `:Infinity}`},
		"unknown field":    {body: `{"unknown":1,` + valid[1:], pointer: "#/unknown"},
		"unknown dotted":   {body: `{"un.known[0]":1,` + valid[1:], pointer: "#/un.known%5B0%5D"},
		"another case":     {body: strings.Replace(valid, first, strings.ToUpper(first), 1)},
		"a field twice":    {body: `{` + first + `:0,` + valid[1:], pointer: "#/" + strings.Trim(first, `"`)},
		"invalid UTF-8":    {body: []byte(`{"x":"` + "\xff\xfe" + `",` + valid[1:])},
		"NUL byte":         {body: []byte("{\x00" + valid[1:])},
		"escaped NUL":      {body: `{"x":"a\u0000b",` + valid[1:], pointer: "#/x"},
		"NUL in a name":    {body: `{"a\u0000b":1,` + valid[1:]},
		"half a surrogate": {body: `{"x":"\ud800",` + valid[1:], pointer: "#/x"},
		"a long list":      {body: `{` + first + `:[` + strings.Repeat("1,", 100_000) + `1]}`, pointer: "#/" + strings.Trim(first, `"`)},
		"deep":             {body: deep}, "very deep": {body: strings.Repeat("[", 100_000)},
		"two megabytes":       {body: `{"x":"` + strings.Repeat("x", 2<<20) + `"}`},
		"two megabytes of it": {body: strings.Repeat(" ", 2<<20) + valid},
		"merge patch":         {body: valid, headers: []header{{"Content-Type", "application/merge-patch+json"}}},
		"a form":              {body: "a=b", headers: []header{{"Content-Type", "application/x-www-form-urlencoded"}}},
		"plain text":          {body: valid, headers: []header{{"Content-Type", "text/plain"}}},
		"no type":             {body: valid, headers: []header{{"Content-Type", ""}}},
		"two types":           {body: valid, headers: []header{{"Content-Type", "application/json"}, {"Content-Type", "text/plain"}}},
		"latin 1":             {body: valid, headers: []header{{"Content-Type", "application/json; charset=iso-8859-1"}}},
		"compressed":          {body: valid, headers: []header{{"Content-Encoding", "gzip"}}},
	}
	for _, cut := range []int{1, len(valid) / 3, len(valid) / 2, len(valid) - 1} {
		bad[fmt.Sprintf("cut at %d", cut)] = badInput{body: valid[:cut]}
	}
	return bad
}

// mutate puts into each field in turn what its schema does not take.
func mutate(r huma.Registry, s *huma.Schema, value any, pointer string, try func(pointer string, wrong any, set func(any))) {
	for s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	steps := strings.Split(pointer, "/")[1:]
	for _, wrong := range wrongFor(s, value) {
		if pointer == "" {
			break
		}
		try(pointer, wrong, func(whole any) { setAt(whole, steps, wrong) })
	}
	switch v := value.(type) {
	case map[string]any:
		for name, property := range s.Properties {
			if slices.Contains(s.Required, name) && !property.ReadOnly {
				at := append(slices.Clone(steps), name)
				try(pointer+"/"+name, "missing", func(whole any) { setAt(whole, at, nil) })
			}
			if v[name] != nil {
				mutate(r, property, v[name], pointer+"/"+name, try)
			}
		}
	case []any:
		mutate(r, s.Items, v[0], pointer+"/0", try)
	}
}

// setAt replaces what is at the steps; nil takes it away.
func setAt(whole any, steps []string, wrong any) {
	for _, step := range steps[:len(steps)-1] {
		switch v := whole.(type) {
		case map[string]any:
			whole = v[step]
		case []any:
			whole = v[0]
		}
	}
	last := steps[len(steps)-1]
	switch v := whole.(type) {
	case map[string]any:
		if v[last] = wrong; wrong == nil {
			delete(v, last)
		}
	case []any:
		v[0] = wrong
	}
}

// wrongFor gives values that a schema does not take.
func wrongFor(s *huma.Schema, value any) []any {
	huge := strings.Repeat("x", agenda.MaxProse+1)
	switch s.Type {
	case huma.TypeString:
		wrong := []any{1, true, []any{}, map[string]any{}, json.RawMessage(`"\u0000"`), json.RawMessage(`"a\ud83d"`), "\u0001", huge}
		if len(s.Enum) > 0 {
			wrong = append(wrong, "", "nothing of the kind")
		}
		return wrong
	case huma.TypeInteger, huma.TypeNumber:
		wrong := []any{"1", true, []any{}, json.RawMessage("1e400"), json.RawMessage("1e30"), json.RawMessage("99999999999999999999999999"), -1000000}
		if s.Type == huma.TypeInteger {
			wrong = append(wrong, 1.5, json.RawMessage("1.000001"), json.RawMessage("-1e3"))
		}
		return wrong
	case huma.TypeBoolean:
		return []any{"true", 1, []any{}, map[string]any{}}
	case huma.TypeArray:
		return []any{"x", 1, true, map[string]any{}, []any{[]any{}}, []any{nil}, json.RawMessage("[" + strings.Repeat("1,", 1500) + "1]")}
	case huma.TypeObject:
		wrong := []any{"x", 1, true, []any{}}
		if _, texts := s.AdditionalProperties.(*huma.Schema); texts {
			wrong = append(wrong, map[string]any{"en": 1}, map[string]any{"en": json.RawMessage("null")}, map[string]any{"not a tag": "x"}, map[string]any{"": "x"},
				map[string]any{"EN": "x"}, map[string]any{"en": huge}, map[string]any{"en": "a\u0001b"}, map[string]any{"en": map[string]any{}}, map[string]any{"a/b~c.d[e": "x"})
		} else {
			wrong = append(wrong, map[string]any{"unknown": 1})
		}
		return wrong
	}
	return nil
}
