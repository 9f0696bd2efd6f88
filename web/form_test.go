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

// mayKeep are the scripts that keep something in the browser, and why it is no secret.
var mayKeep = map[string]string{
	"agenda/keep.ts": "what a reader starred of the public agenda, which clock they read and what they have seen; and the key of a " +
		"calendar of those stars, which opens that list and nothing else: whoever has the browser sees the stars anyway",
	"agenda/saved.ts": "registers the worker, and says how old its copy is",
	"sw.ts":           "copies of pages that everybody may read, and of no others: it asks for its own event's only, and takes no messages",
	"embedded.ts":     "it tells the page around the frame how high a public page is, and listens to nobody",
	"embed.ts":        "it is for pages of other sites: it hears a height from a frame of theirs, from where that was loaded, and keeps nothing",
}

// Scripts keep nothing in the browser that would be there for whoever comes next, and take no messages from others, but for
// those that say why they may.
func TestScriptsKeepNothing(t *testing.T) {
	scripts := 0
	err := fs.WalkDir(Scripts, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		scripts++
		script, err := fs.ReadFile(Scripts, name)
		if found := keeping.FindString(string(script)); found != "" && mayKeep[name] == "" {
			t.Errorf("%s has %s", name, found)
		}
		return err
	})
	if err != nil || scripts == 0 {
		t.Fatal(scripts, err)
	}
	for name := range mayKeep {
		if _, err := fs.Stat(Scripts, name); err != nil {
			t.Error(err)
		}
	}
}
