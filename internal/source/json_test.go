package source

import (
	"strings"
	"testing"
)

func TestWalkerReads(t *testing.T) {
	const text = "\ufeff{\n \"a\": 1,\n \"b\": [true,\n  \"x\\\"[\\\\\", null, {\"c\": 1.5}],\n \"d\": {\"deep\": [[{}]]}\n}\n"
	w, err := newWalker([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	type seen struct {
		Path  string
		Line  int
		Value scalar
	}
	var got []seen
	read := func(path string) error {
		line := w.line()
		var s scalar
		_, err := w.value(&s)
		got = append(got, seen{path, line, s})
		return err
	}
	err = w.object(func(key string) error {
		switch key {
		case "b":
			return w.list(func() error { return read("b") })
		case "d":
			return w.skip()
		}
		return read(key)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.end(); err != nil {
		t.Error(err)
	}
	check(t, got, []seen{{"a", 2, "1"}, {"b", 3, "true"}, {"b", 4, `x"[\`}, {"b", 4, ""}, {"b", 4, ""}})
}

func TestWalkerSkipsWhatIsOfAnotherType(t *testing.T) {
	w, err := newWalker([]byte(`{"list": {"a": 1}, "object": [1], "number": "x", "last": {"Name": 5}}`))
	if err != nil {
		t.Fatal(err)
	}
	calls, oddities := 0, map[string]bool{}
	err = w.object(func(key string) error {
		switch key {
		case "list":
			return w.list(func() error { calls++; return w.skip() })
		case "object":
			return w.object(func(string) error { calls++; return w.skip() })
		case "number":
			n := 7
			odd, err := w.value(&n)
			oddities[key] = odd && n == 7
			return err
		}
		var v struct{ Name string }
		odd, err := w.value(&v)
		oddities[key] = odd
		return err
	})
	if err != nil || calls > 0 {
		t.Errorf("%d calls, %v", calls, err)
	}
	check(t, oddities, map[string]bool{"number": true, "last": true})
}

func TestWalkerRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"{\"a\": \"\\u12\"}":                   `Line 1: this is not well-formed JSON: invalid character '"' in \u hexadecimal character escape.`,
		"{\n\"a\":\n\n":                        "Line 4: the file is cut off.",
		"{\n\"a\" 1}":                          "Line 2: this is not well-formed JSON: invalid character '1' after object key.",
		"{\"a\": [1,\n2,\n]}":                  "Line 3: this is not well-formed JSON: invalid character ']' looking for beginning of value.",
		"nul":                                  "Line 1: the file is cut off.",
		"{\"a\": {\"b\": {\n\"c\": tru\n}}}":   `Line 2: this is not well-formed JSON: invalid character '\n' in literal true (expecting 'e').`,
		"\xff":                                 "The file is not in UTF-8, which JSON has to be.",
		strings.Repeat(`{"a":`, MaxDepth+1):    "Line 1: the document nests deeper than 64 objects and lists.",
		`["` + strings.Repeat(`[\"`, 99) + `"`: "Line 1: the file is cut off.", // brackets in a text are none
	} {
		w, err := newWalker([]byte(text))
		if err == nil {
			err = w.object(func(string) error { return w.list(w.skip) })
		}
		if err == nil {
			err = w.end()
		}
		check(t, refusal(t, err), want)
	}
}

func TestLocalized(t *testing.T) {
	for text, want := range map[string]localized{
		`"x"`: {"": "x"}, `" \u0000 "`: nil, `null`: nil, `5`: {"": "5"}, `[1]`: nil, `{}`: nil,
		`{"en": " a ", "pt_BR": "b", "klingon!": "c", "de": null, "fr": {"x": 1}, "vi": "\u0007"}`: {"en": "a", "pt-BR": "b"},
	} {
		w, err := newWalker([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var got localized
		if _, err := w.value(&got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		check(t, got, want)
	}
}
