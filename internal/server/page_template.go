package server

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"sync"
	"time"

	"plenary/web"
)

// pageNames are the pages: each is a template file that defines "content" for the layout. Files whose names begin with "parts"
// define what several pages have, and stand in all of them.
var pageNames = sync.OnceValue(func() []string {
	files, err := fs.Glob(web.Templates, "*.html")
	if err != nil {
		panic("server: " + err.Error()) // the pattern is wrong, and it is above
	}
	var names []string
	for _, file := range files {
		if name := strings.TrimSuffix(file, ".html"); name != "layout" && !strings.HasPrefix(name, "parts") {
			names = append(names, name)
		}
	}
	return names
})

// pageTemplates parses the templates, once.
var pageTemplates = sync.OnceValues(func() (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	for _, name := range pageNames() {
		t, err := template.New("layout.html").Option("missingkey=error").
			ParseFS(web.Templates, "layout.html", "parts*.html", name+".html")
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		pages[name] = t
	}
	return pages, nil
})

// renderPage makes the body of a page that is kept, compressed too. Nothing is sent before all of it is there.
func renderPage(name string, view any, r reader, modified time.Time) (*body, error) {
	page, err := executePage(name, view)
	if err != nil {
		return nil, err
	}
	b := newPackedBody(mediaPage, modified, page)
	b.language = r.words.lang
	return b, nil
}

// executePage gives a page as HTML.
func executePage(name string, view any) ([]byte, error) {
	pages, err := pageTemplates()
	if err != nil {
		return nil, err
	}
	page, ok := pages[name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	var out bytes.Buffer
	err = page.Execute(&out, view)
	return out.Bytes(), err
}
