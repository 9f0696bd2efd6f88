package server

import (
	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// onsiteView leads to what there is for the venue.
type onsiteView struct {
	*eventView
	Base  string // of the installation: an address is typed into a screen
	Halls []onsiteRoom
}

// onsiteRoom is a Room and what there is for its door.
type onsiteRoom struct {
	*words
	Name        said
	Door, Sheet string
}

// onsitePage leads to the screens and the sheets of paper.
func (s *Server) onsitePage(c echo.Context) error {
	release, r, err := s.latest(c)
	if err != nil {
		return err
	}
	return s.answerPage(c, keyOf(release.State(), "page", release.Snapshot.Event.Slug, "screens", r.key()), func() (*body, error) {
		event, err := s.newEventView(r, release)
		if err != nil {
			return nil, err
		}
		v := &onsiteView{eventView: event}
		if err := v.addOnsite(s.base, release); err != nil {
			return nil, err
		}
		return renderPage("screens", v, r, release.Modified())
	})
}

func (v *onsiteView) addOnsite(base string, release *agenda.Release) error {
	v.Feed, v.JSON, v.Base = "", "", base
	v.Canonical += "screens"
	title, err := v.Say("onsite_title")
	if err != nil {
		return err
	}
	v.Title = title + " · " + v.Name.Text
	for _, room := range v.document.Rooms {
		at := v.Home + "rooms/" + string(room.ID)
		v.Halls = append(v.Halls, onsiteRoom{words: v.words, Name: v.in(room.Name, room.TextLanguages, "name"),
			Door: at + "/door" + v.Query, Sheet: at + "/sheet" + v.Query})
	}
	return v.addAgenda()
}
