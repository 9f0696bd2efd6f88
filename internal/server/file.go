package server

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeFiles adds the photos and materials of what is published.
func (s *Server) routeFiles() { s.route(Public, "/:event/files/:file", s.publicFile) }

// fileName is the form of a file's name: what App gives at random, and an extension.
var fileName = regexp.MustCompile(`^[0-9A-Za-z_-]{43}\.[a-z]{2,5}$`)

// publicFile answers with a file that the latest Release refers to. What there is besides (none of that name, one of
// another Event, one that is not published) all looks the same.
func (s *Server) publicFile(c echo.Context) error {
	if !fileName.MatchString(c.Param("file")) {
		return errNowhere
	}
	f, err := s.app.PublishedFile(c.Request().Context(), c.Param("event"), c.Param("file"))
	if agenda.CodeOf(err) == agenda.NotFound {
		return errNowhere
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, cacheFile)
	if f.Kind == agenda.PhotoFile {
		h.Set(resourcePolicy, "cross-origin") // whoever shows the agenda may show who speaks
	}
	return sendFile(c, f)
}

const (
	resourcePolicy = "Cross-Origin-Resource-Policy"
	// fileSecurity is the policy of files: should a browser ever take one for a page, it loads and runs nothing, and is of
	// no origin.
	fileSecurity = "default-src 'none'; sandbox"
	// cacheFile keeps a file, whose bytes never change, but not long after it was withdrawn.
	cacheFile = "public, max-age=86400, immutable"
)

// partTime is how long a part of a file may take to be sent.
const partTime = time.Minute

// sendFile answers with a file, part by part, to GET and HEAD. The type is the one that was found in its content; only
// photos, which were drawn anew, are shown in place.
func sendFile(c echo.Context, f app.FileContent) error {
	h, r := c.Response().Header(), c.Request()
	etag := `"` + f.SHA256[:min(len(f.SHA256), 32)] + `"`
	h.Set("ETag", etag)
	h.Set("Content-Security-Policy", fileSecurity)
	if h.Get(resourcePolicy) == "" {
		h.Set(resourcePolicy, "same-origin")
	}
	if tags := r.Header.Values("If-None-Match"); len(tags) > 0 && matchesTag(strings.Join(tags, ","), etag) {
		return c.NoContent(http.StatusNotModified)
	}
	h.Set(echo.HeaderContentDisposition, fileDisposition(f.File))
	part, err := f.Part(0) // before anything is said
	if err != nil {
		return err
	}
	h.Set(echo.HeaderContentType, f.MediaType)
	h.Set(echo.HeaderContentLength, fmt.Sprint(f.Size))
	c.Response().WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	return sendParts(c.Response(), f, part)
}

// sendParts sends the first part, which is there, and those that follow.
func sendParts(to *echo.Response, f app.FileContent, part []byte) (err error) {
	connection := http.NewResponseController(to)
	for n := 0; ; {
		// A connection that can't be asked for more time has what everything has.
		_ = connection.SetWriteDeadline(time.Now().Add(partTime))
		if _, err := to.Write(part); err != nil {
			return nil // whoever asked has hung up
		}
		if n++; n == f.Parts() {
			return nil
		}
		if part, err = f.Part(n); err != nil {
			return err // fewer bytes than were said: the connection is closed
		}
	}
}

// fileDisposition is the Content-Disposition of a file (RFC 6266), with its name in ASCII for old programs and as it is
// (RFC 8187) for others.
func fileDisposition(f agenda.File) string {
	if f.Kind == agenda.PhotoFile {
		return disposition(false, f.FileName)
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, f.FileName)
	return disposition(true, plain) + "; filename*=UTF-8''" + extendedValue(f.FileName)
}

// extendedValue encodes all but the attr-chars of RFC 8187, 3.2.1.
func extendedValue(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
