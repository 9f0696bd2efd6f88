// Package web holds what browsers get: templates, the sources of styles and scripts, which it bundles, and the program's
// words in its languages.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed templates static styles locales scripts
var files embed.FS

// What is embedded, each rooted at its own directory.
var (
	Templates = sub("templates") // html/template
	Static    = sub("static")    // served as it is
	Styles    = sub("styles")    // CSS, of which [Assets] are made
	Scripts   = sub("scripts")   // TypeScript, of which [Assets] are made
	Locales   = sub("locales")   // the program's words: a directory by language, JSON objects in it by what they are about
)

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		// fs.Sub fails for paths that are not valid only, and these are.
		panic("web: " + err.Error())
	}
	return f
}

// Words gives the program's words in a language, by key. A key that stands in two files is an error.
func Words(lang string) (map[string]string, error) {
	names, err := fs.Glob(Locales, lang+"/*.json")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("locale %s: no words (%w)", lang, err)
	}
	words := map[string]string{}
	for _, name := range names {
		body, err := fs.ReadFile(Locales, name)
		if err != nil {
			return nil, err
		}
		var said map[string]string
		if err := json.Unmarshal(body, &said); err != nil {
			return nil, fmt.Errorf("locale %s: %w", name, err)
		}
		for key, text := range said {
			if _, twice := words[key]; twice {
				return nil, fmt.Errorf("locale %s: %s stands in another file too", name, key)
			}
			words[key] = text
		}
	}
	return words, nil
}
