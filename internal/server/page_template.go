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

// pageTemplates gives the template of each page. It is parsed when it is first asked for, once: all of them together take thirty
// megabytes, as each has all the parts, and what readers see is a few.
var pageTemplates = sync.OnceValue(func() map[string]func() (*template.Template, error) {
	pages := map[string]func() (*template.Template, error){}
	for _, name := range pageNames() {
		pages[name] = sync.OnceValues(func() (*template.Template, error) {
			t, err := template.New("layout.html").Option("missingkey=error").
				ParseFS(web.Templates, "layout.html", "parts*.html", name+".html")
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", name, err)
			}
			return t, nil
		})
	}
	return pages
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
	parsed, ok := pageTemplates()[name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	page, err := parsed()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, view)
	return out.Bytes(), err
}
