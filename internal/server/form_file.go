package server

import (
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// fileEnvelope is what a form with a file sends besides the file, in bytes.
const fileEnvelope = 64 << 10

// consoleFile adds a form of the console that sends a file of at most so many bytes. Nothing of it is read before it is known
// that who sends it may, and only so many are received at a time as through the API.
func (s *Server) consoleFile(verb agenda.Verb, path string, most int64, h func(echo.Context, *eventConsole) error) {
	whole := "/console/events/:event" + path
	s.formLimits[whole] = most + fileEnvelope
	s.route(May(verb), whole, func(c echo.Context) error {
		header := c.Response().Header()
		header.Set(echo.HeaderCacheControl, "private, no-store")
		addVary(header, echo.HeaderCookie)
		noIndex(c)
		return s.atEvent(verb, s.receiveFile, h)(c)
	}, http.MethodPost)
}

// receiveFile reads a form with a file, when no more than so many others are being received.
func (s *Server) receiveFile(c echo.Context) (done func(), err error) {
	select {
	case s.uploads <- struct{}{}:
	default:
		return nil, agenda.Errorf(agenda.Unavailable, "Other files are being received right now: try again in a moment.")
	}
	done = func() { <-s.uploads }
	allowTime(c)
	if _, err := formSent(c); err != nil {
		done()
		return nil, err
	}
	return done, nil
}

// fileSent gives the file of a form, and what it is called; a fault where none was chosen.
func fileSent(c echo.Context, name string) (data []byte, called string, err error) {
	header, err := c.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		var f agenda.Faults
		f.Add("/"+name, "is needed")
		return nil, "", f.Err("file")
	}
	if err != nil {
		return nil, "", badRequest("The form is not well formed.")
	}
	file, err := header.Open()
	if err != nil {
		return nil, "", err
	}
	defer file.Close() //nolint:errcheck // it is in memory
	data, err = io.ReadAll(file)
	return data, header.Filename, err
}
