// Package web holds what browsers get: templates, style sheets and the program's words in its languages.
package web

import (
	"embed"
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
