package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

var inputs = regexp.MustCompile(`<input[^>]*>`)

// Every field for a password hides it, says which one it is for, so that a password manager can fill it in, and does
// nothing against it: it may be pasted, and has no length or pattern of its own.
func TestPasswordsCanBeFilledIn(t *testing.T) {
	files, err := fs.Glob(Templates, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	for _, name := range files {
		page, err := fs.ReadFile(Templates, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, input := range inputs.FindAllString(string(page), -1) {
			if !strings.Contains(input, `name="password"`) {
				continue
			}
			fields++
			if !strings.Contains(input, ` type="password"`) || !strings.Contains(input, ` autocomplete="current-password"`) && !strings.Contains(input, ` autocomplete="new-password"`) {
				t.Errorf("%s: %s", name, input)
			}
			for _, hindrance := range []string{"maxlength", "minlength", "pattern", "onpaste", "readonly", `autocomplete="off"`} {
				if strings.Contains(input, hindrance) {
					t.Errorf("%s: a password has %s: %s", name, hindrance, input)
				}
			}
		}
	}
	if fields < 4 {
		t.Errorf("%d fields for passwords", fields)
	}
}

// keeping are the ways in which a script keeps something in a browser, listens to other windows, or hinders who pastes.
var keeping = regexp.MustCompile(`localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b|serviceWorker|postMessage|["']message["']|addEventListener\(["'](paste|copy|cut)["']`)

// Scripts keep nothing in the browser that would be there for whoever comes next, and take no messages from others.
func TestScriptsKeepNothing(t *testing.T) {
	files, err := fs.Glob(Static, "*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		script, err := fs.ReadFile(Static, name)
		if err != nil {
			t.Fatal(err)
		}
		if found := keeping.FindString(string(script)); found != "" {
			t.Errorf("%s has %s", name, found)
		}
	}
}
