package server

import (
	"bytes"
	"fmt"
	"html/template"
	"sync"
	"time"

	"plenary/web"
)

// pageNames are the pages; each is a template file that defines "content" for the layout.
var pageNames = []string{"home", "agenda", "embed", "panel", "speaker", "subscribe", "starred", "feed", "me", "console_import", "error",
	"console", "signin", "signin_factor", "signin_link", "signin_away", "account", "account_confirm", "account_password", "account_factor"}

// pageTemplates parses the templates, once.
var pageTemplates = sync.OnceValues(func() (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	for _, name := range pageNames {
		t, err := template.New("layout.html").Option("missingkey=error").
			ParseFS(web.Templates, "layout.html", "parts.html", name+".html")
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		pages[name] = t
	}
	return pages, nil
})

// renderPage makes the body of a page. Nothing is sent before all of it is there.
func renderPage(name string, view any, r reader, modified time.Time) (*body, error) {
	pages, err := pageTemplates()
	if err != nil {
		return nil, err
	}
	page, ok := pages[name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, view); err != nil {
		return nil, err
	}
	b, err := newPackedBody(mediaPage, modified, out.Bytes())
	if err != nil {
		return nil, err
	}
	b.language = r.words.lang
	return b, nil
}
