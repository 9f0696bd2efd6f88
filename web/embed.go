// Package web holds what browsers get: templates, style sheets and the program's words in its languages.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed templates static locales
var files embed.FS

// What is embedded, each rooted at its own directory.
var (
	Templates = sub("templates") // html/template
	Static    = sub("static")    // served as it is
	Locales   = sub("locales")   // the program's words: one JSON object by language
)

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		// fs.Sub fails for paths that are not valid only, and these are.
		panic("web: " + err.Error())
	}
	return f
}

// Words gives the program's words in a language, by key.
func Words(lang string) (said map[string]string, err error) {
	body, err := fs.ReadFile(Locales, lang+".json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, fmt.Errorf("locale %s: %w", lang, err)
	}
	return said, nil
}
