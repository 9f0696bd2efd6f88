package server

import (
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// cardView is what who moderates a Panel holds in their hand.
type cardView struct {
	Moderators []speakerView
	Others     []speakerView
	Lines      []cardLine
	Rest       string // a sentence about the time that is left
	Next       *panelView
}

// cardLine is a contribution and when it is, as far as that follows from what is planned.
type cardLine struct {
	interventionView
	To     string
	Length string // "15 min"; "" for open
}

// cardPage is the cue card of a Panel.
func (s *Server) cardPage(c echo.Context) error {
	return s.answerPaper(c, "print_card", "", func(v *printView, r *agenda.Release) error {
		if err := v.addPanel(r, c.Param("panel")); err != nil {
			return err
		}
		v.Live = v.Canonical
		var err error
		if v.Title, err = v.Say("card_title", "title", v.Panel.Title.Text); err != nil {
			return err
		}
		for i := range v.document.Panels {
			if v.document.Panels[i].ID == v.Panel.ID {
				return v.addCard(&v.document.Panels[i])
			}
		}
		return nil
	})
}

func (v *printView) addCard(p *exchange.AgendaPanel) (err error) {
	for i, part := range p.Speakers {
		if part.Role.Moderates() {
			v.Card.Moderators = append(v.Card.Moderators, v.Panel.Speakers[i])
		} else {
			v.Card.Others = append(v.Card.Others, v.Panel.Speakers[i])
		}
	}
	if err := v.addLines(p); err != nil {
		return err
	}
	return v.addNextHere(p)
}

// addLines adds the contributions, and how much time they leave.
func (v *printView) addLines(p *exchange.AgendaPanel) (err error) {
	end, sure := time.Time{}, true // of the last, and whether that is known of all
	for i, planned := range p.Interventions {
		line := cardLine{interventionView: v.Panel.Interventions[i]}
		if planned.Minutes > 0 {
			if line.Length, err = v.Say("card_minutes", "n", planned.Minutes); err != nil {
				return err
			}
		}
		start, err := time.Parse(time.RFC3339, planned.Start)
		if sure = sure && err == nil && planned.Minutes > 0; err == nil && planned.Minutes > 0 {
			end = start.Add(time.Duration(planned.Minutes) * time.Minute)
			line.To = end.Format("15:04")
		}
		v.Card.Lines = append(v.Card.Lines, line)
	}
	over, err := time.Parse(time.RFC3339, p.End)
	if err != nil || !sure || end.IsZero() {
		return nil
	}
	switch left := int(over.Sub(end).Minutes()); {
	case left > 0:
		v.Card.Rest, err = v.Say("card_free", "n", left)
	case left < 0:
		v.Card.Rest, err = v.Say("card_over", "n", -left)
	}
	return err
}

// addNextHere adds what follows in the Room on the same day.
func (v *printView) addNextHere(p *exchange.AgendaPanel) error {
	for i := range v.document.Panels {
		next := &v.document.Panels[i]
		if next.ID == p.ID || next.Day != p.Day || next.Cancelled || next.Start < p.End || next.Room != p.Room && !next.AllRooms && !p.AllRooms {
			continue
		}
		shown, err := v.panel(next)
		v.Card.Next = &shown
		return err
	}
	return nil
}
