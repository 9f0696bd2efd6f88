package server

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/media"
)

// photoPath is where a photo is uploaded by a form, which may be larger than others.
const photoPath = "/me/photo"

// routeMePhoto adds the Person's own photo. It is a part of their page: everybody finds their own, or none.
func (s *Server) routeMePhoto() {
	s.route(Own, photoPath, s.mePhoto)
	s.formLimits[photoPath] = media.MaxPhoto + maxForm
	s.route(ByPerson, photoPath, s.meSetPhoto, http.MethodPost)
}

// mePhoto gives the photo that the draft has.
func (s *Server) mePhoto(c echo.Context) error {
	meHeaders(c)
	actor, err := s.app.Visitor(c.Request().Context(), visitOf(c), c.RealIP())
	if agenda.CodeOf(err) == agenda.Unauthenticated {
		return errNowhere
	}
	if err != nil {
		return err
	}
	f, err := s.app.OwnPhoto(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	return sendFile(c, f)
}

// meSetPhoto takes a photo, or takes it away. Who comes without a Visit is refused before the file is read.
func (s *Server) meSetPhoto(c echo.Context) error {
	meHeaders(c)
	ctx := c.Request().Context()
	actor, err := s.app.Visitor(ctx, visitOf(c), c.RealIP())
	if agenda.CodeOf(err) == agenda.Unauthenticated {
		return s.answerClosed(c, http.StatusUnauthorized, meWords{problem: "me_ended"})
	}
	if err != nil {
		return err
	}
	err = s.takePhoto(c, actor)
	return s.answerVisit(c, actor, "photo", err, visitHandler{problems: map[agenda.Code]string{
		agenda.Invalid: "me_photo_wrong", agenda.Stale: "me_photo_stale", agenda.Unavailable: "me_photo_busy"}}, nil)
}

func (s *Server) takePhoto(c echo.Context, actor agenda.Actor) error {
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	default:
		return agenda.Errorf(agenda.Unavailable, "Other files are being received right now: try again in a moment.")
	}
	allowTime(c)
	form, photo, err := photoSent(c.Request())
	if err != nil {
		return err
	}
	if form.Get("remove") == yes {
		return s.app.DeleteOwnPhoto(c.Request().Context(), actor, formMatch(form))
	}
	return s.app.SetOwnPhoto(c.Request().Context(), actor, formMatch(form), photo)
}

// photoSent reads the form with the photo part by part: nothing of it goes to the disk.
func photoSent(r *http.Request) (form url.Values, photo []byte, err error) {
	form = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return form, nil, agenda.Errorf(agenda.Invalid, "The form has no photo: %w", err)
	}
	for range 8 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, photo, nil
		}
		if err != nil {
			return form, nil, unreadPart(err)
		}
		most := int64(200)
		if part.FormName() == "photo" {
			most = media.MaxPhoto + 1
		}
		content, err := io.ReadAll(io.LimitReader(part, most))
		if err != nil {
			return form, nil, unreadPart(err)
		}
		if part.FormName() == "photo" {
			photo = content
		} else {
			form.Set(part.FormName(), string(content))
		}
	}
	return form, nil, badRequest("The form has too many parts.")
}

func unreadPart(err error) error {
	if isTooLarge(err) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return err
	}
	return badRequest("The form is not well formed.")
}

// formMatch is the revision that a form says. One that says of none matches nothing.
func formMatch(form url.Values) app.Match {
	n, err := strconv.Atoi(form.Get("revision"))
	if err != nil {
		return app.Match{}
	}
	return app.Revision(n)
}

func (s *Server) meZone(v visiting) (string, error) {
	return "zone", s.app.ChooseOwnZone(v.Request().Context(), v.actor, v.form.Get("zone"))
}

func (s *Server) meSeen(v visiting) (string, error) {
	number, err := strconv.Atoi(v.form.Get("release"))
	if err != nil || v.form.Get("seen") != yes {
		return "", agenda.Errorf(agenda.Invalid, "The form says of no release.")
	}
	return "seen", s.app.SeeChanges(v.Request().Context(), v.actor, number)
}

func (s *Server) meUndo(v visiting) (string, error) {
	return "undone", s.app.Undo(v.Request().Context(), v.actor)
}

// yes is what a box says that was ticked. Nothing is removed, and nothing seen, by pressing a button alone: programs that look
// through letters press all of them.
const yes = "yes"

// meAvailable adds a window, or changes or removes one.
func (s *Server) meAvailable(v visiting) (string, error) {
	ctx, id := v.Request().Context(), agenda.ID(v.form.Get("window"))
	w := app.OwnWindow{Day: agenda.Date(v.form.Get("day")), From: clockTyped(v.form.Get("from")), To: clockTyped(v.form.Get("to"))}
	switch {
	case id != "" && v.form.Get("remove") == yes:
		return "available", s.app.RemoveOwnWindow(ctx, v.actor, formMatch(v.form), id)
	case id != "":
		return "available", s.app.EditOwnWindow(ctx, v.actor, formMatch(v.form), id, w)
	case v.form.Get("whole") == yes:
		w.From, w.To = "00:00", "24:00"
	}
	return "available", s.app.AddOwnWindow(ctx, v.actor, w)
}
