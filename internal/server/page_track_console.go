package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeTrackConsole adds the pages of tracks.
func (s *Server) routeTrackConsole() {
	s.console(agenda.ReadDraft, "/tracks", s.tracksPage)
	s.console(agenda.EditEvent, "/tracks/new", s.newTrackPage)
	s.console(agenda.EditEvent, "/tracks/new", s.addTrack, http.MethodPost)
	s.console(agenda.EditEvent, "/tracks/order", s.orderTracks, http.MethodPost)
	s.console(agenda.EditEvent, "/tracks/:track", s.trackFormPage)
	s.console(agenda.EditEvent, "/tracks/:track", s.saveTrack, http.MethodPost)
	s.console(agenda.EditEvent, "/tracks/:track/delete", s.trackDeletePage)
	s.console(agenda.EditEvent, "/tracks/:track/delete", s.dropTrack, http.MethodPost)
}

var trackNotices = map[string]string{"made": "track_made", "saved": "form_saved", "deleted": "track_deleted"}

func (s *Server) tracksPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, trackNotices); err != nil {
		return err
	}
	tracks, next, err := s.app.Tracks(c.Request().Context(), v.actor, v.Event.Slug, listAsked(c))
	if err != nil {
		return err
	}
	p, err := v.list("tracks", "track_none", "track_new", next)
	if err != nil {
		return err
	}
	for _, t := range tracks {
		p.Items = append(p.Items, v.trackItem(t))
	}
	p.ordered("tracks")
	return p.answer(c)
}

func (v *eventConsole) trackItem(t agenda.Track) listItem {
	item := v.item(t.Name, "tracks/"+string(t.ID))
	item.ID, item.Color, item.Missing = string(t.ID), t.Color, v.missing(t.Name, t.Description)
	if t.Color != "" {
		item.Facts = []string{t.Color}
	}
	return item
}

// trackForm is the form of a Track.
func (v *eventConsole) trackForm(t agenda.Track) (*formPage, error) {
	p, err := v.form("tracks", "track", string(t.ID), t.Name, t.Revision)
	if err != nil {
		return nil, err
	}
	p.text("name", "track_name", textField, t.Name, agenda.MaxName).Required = true
	p.line("color", "track_color", colorField, t.Color).List = "colors"
	p.Lists = append(p.Lists, formList{ID: "colors", Options: trackColors})
	p.text("description", "track_description", essayField, t.Description, agenda.MaxProse)
	p.number("position", "form_position", t.Position, 1_000_000)
	return p, nil
}

// trackColors are suggested: they differ from each other also for those who see fewer colours (Okabe and Ito), darkened so that
// each stands out on white.
var trackColors = []string{"#0072b2", "#b35900", "#00795c", "#a03070", "#5b5fc7", "#8a6d00", "#3a7d44", "#c0392b", "#2e86ab", "#6b4c9a", "#555555"}

// trackSent gives a Track with what was typed.
func trackSent(c echo.Context, t agenda.Track) (agenda.Track, error) {
	var f agenda.Faults
	form := c.Request().PostForm
	t.Name, t.Description, t.Color = textSent(form, "name"), textSent(form, "description"), colorSent(c, "color")
	t.Position = numberSent(c, &f, "position")
	return t, f.Err("track")
}

// orderTracks moves a Track in the list.
func (s *Server) orderTracks(c echo.Context, v *eventConsole) error {
	id, places := moveSent(c)
	if err := s.app.OrderTrack(c.Request().Context(), v.actor, v.Event.Slug, id, places); err != nil {
		return err
	}
	return s.leadTo(c, v, "tracks", "saved")
}

func (s *Server) newTrackPage(c echo.Context, v *eventConsole) error {
	p, err := v.trackForm(agenda.Track{})
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addTrack(c echo.Context, v *eventConsole) error {
	track, err := trackSent(c, agenda.Track{})
	if err == nil {
		_, _, err = s.app.CreateTrack(c.Request().Context(), v.actor, v.Event.Slug, track, onceSent(c))
	}
	if err == nil {
		return s.leadTo(c, v, "tracks", "made")
	}
	p, rest := v.trackForm(track)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}

func (s *Server) trackFormPage(c echo.Context, v *eventConsole) error {
	track, err := s.app.Track(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("track")))
	if err != nil {
		return err
	}
	p, err := v.trackForm(track)
	if err != nil {
		return err
	}
	return p.answer(c, s, v.notify(c, trackNotices))
}

func (s *Server) saveTrack(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("track"))
	now, err := s.app.Track(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	track, err := trackSent(c, now)
	if err == nil {
		_, err = s.app.EditTrack(ctx, v.actor, v.Event.Slug, matchSent(c), track)
	}
	if err == nil {
		return s.leadTo(c, v, "tracks", "saved")
	}
	return refuseEdit(c, s, track, now, v.trackForm, err)
}

func (s *Server) trackDeletePage(c echo.Context, v *eventConsole) error {
	return s.askDeleteTrack(c, v, nil)
}

// askDeleteTrack asks whether to delete a Track, and says why it could not be.
func (s *Server) askDeleteTrack(c echo.Context, v *eventConsole, cause error) error {
	track, err := s.app.Track(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("track")))
	if err != nil {
		return err
	}
	return s.askDelete(c, v, "tracks/"+string(track.ID), "track_delete", track.Name, track.Revision, cause)
}

func (s *Server) dropTrack(c echo.Context, v *eventConsole) error {
	err := s.app.DeleteTrack(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("track")))
	if err != nil {
		return s.askDeleteTrack(c, v, err)
	}
	return s.leadTo(c, v, "tracks", "deleted")
}
