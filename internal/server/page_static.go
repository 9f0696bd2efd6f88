package server

import (
	"path"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/web"
)

// staticMedia are the kinds of file that are served; what is of another kind is not.
var staticMedia = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8", ".png": "image/png",
}

// staticFiles bundles what browsers fetch and compresses it, once.
var staticFiles = sync.OnceValues(func() (map[string]*body, error) {
	files := map[string]*body{}
	assets, err := web.Assets()
	if err != nil {
		return nil, err
	}
	for name, content := range assets {
		media, known := staticMedia[path.Ext(name)]
		if !known {
			continue
		}
		files[name] = newPackedBody(media, time.Time{}, content)
	}
	return files, nil
})

// assetURL gives the address of a static file with its version, so that it may be kept for ever. A
// file that is not there has an address all the same, which leads nowhere; a test finds those.
func (s *Server) assetURL(name string) string {
	address := s.root() + "static/" + name
	files, err := staticFiles()
	if err != nil || files[name] == nil {
		return address
	}
	return address + "?v=" + files[name].version()
}

// version is the entity tag without its quotes.
func (b *body) version() string { return strings.Trim(b.etag, `"`) }

// staticFile answers with a file. Only the address with its version may be kept for ever: what the
// address without one leads to changes with the program.
func (s *Server) staticFile(c echo.Context) error {
	files, err := staticFiles()
	if err != nil {
		return err
	}
	file, ok := files[c.Param("name")]
	if !ok {
		return errNowhere
	}
	cache := "public, max-age=300"
	if c.QueryParam("v") == file.version() {
		cache = cacheForever
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cache)
	if c.Param("name") == embedScriptName { // pages of other sites load it
		c.Response().Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	return s.answerKept(c, file, time.Time{})
}

// favicon answers browsers that ask for the icon without having read a page.
func (s *Server) favicon(c echo.Context) error {
	files, err := staticFiles()
	if err != nil {
		return err
	}
	icon, ok := files[iconName]
	if !ok {
		return errNowhere
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return icon.answer(c)
}

// The static files: the first three are of every page, the next two of those that are about feeds, two of the page of a
// person, the others of the organizers' console and of one's own account.
const (
	styleName           = "plenary.css"
	agendaStyleName     = "agenda.css"
	iconName            = "favicon.svg"
	subscribeStyleName  = "subscribe.css"
	subscribeScriptName = "subscribe.js"
	meStyleName         = "me.css"
	meScriptName        = "me.js"
	consoleStyleName    = "console.css"
	importScriptName    = "console_import.js"
	formScriptName      = "console_form.js"
	eventScriptName     = "console_event.js"
	accountStyleName    = "account.css"
	accountScriptName   = "account.js"
	readerStyleName     = "reader.css" // of the public pages of an event, as the four that follow
	agendaScriptName    = "agenda.js"
	codeScriptName      = "agenda_code.js"
	workerScriptName    = "sw.js"
	touchIconName       = "icon-192.png"
	screenStyleName     = "screen.css"
	screenScriptName    = "screen.js"
	paperStyleName      = "paper.css"
	embedStyleName      = "embed.css"
	embeddedScriptName  = "embedded.js"
	embedScriptName     = "embed.js"
)

// robots keeps search engines to the pages.
func (s *Server) robots(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	text := "User-agent: *\nDisallow: " + s.root() + "api/\nDisallow: " + s.root() + "feeds/\n"
	return newBody("text/plain; charset=utf-8", time.Time{}, []byte(text)).answer(c)
}
