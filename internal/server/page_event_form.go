package server

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// eventFields adds the fields of an Event to a form, with so many languages to fill in. Whole is false for one that is yet to be
// made, of which less is asked.
func (p *formPage) eventFields(blank int, e agenda.Event, whole bool) {
	p.text("name", "event_name", textField, e.Name, agenda.MaxName).Required = true
	if p.Agenda != "" {
		p.line("slug", "event_slug_fixed", noteField, e.Slug)
	} else {
		p.line("slug", "event_slug", lineField, e.Slug)
	}
	first := p.line("start_date", "event_start", dateField, string(e.StartDate))
	first.Required, first.Begins = true, true
	p.line("end_date", "event_end", dateField, string(e.EndDate)).Required = true
	p.zoneField(e.Zone, whole)
	p.rows("languages", "event_languages", len(e.Languages), blank, func(row *formPage, at string, i int) {
		chosen := ""
		if i < len(e.Languages) {
			chosen = e.Languages[i]
		}
		row.choose(at+"tag", "event_language", chosen, append([]choice{{}}, p.languageChoices(e.Languages...)...))
	})
	p.text("venue.name", "event_venue", textField, e.Venue.Name, agenda.MaxName)
	if whole {
		p.text("venue.address", "event_address", textField, e.Venue.Address, agenda.MaxName)
	}
	p.choose("venue.country", "event_country", e.Venue.Country, p.countryChoices("", e.Venue.Country)).Begins = true
	if whole {
		place := [2]string{}
		if at := e.Venue.Place; at != nil {
			place = [2]string{degrees(at.Latitude), degrees(at.Longitude)}
		}
		p.line("venue.latitude", "event_latitude", lineField, place[0])
		p.line("venue.longitude", "event_longitude", lineField, place[1])
	}
	p.line("website", "event_website", urlField, e.Website)
	if whole {
		p.text("description", "event_description", essayField, e.Description, agenda.MaxProse)
		p.number("buffer_minutes", "event_buffer", e.BufferMinutes, 24*60).Begins = true
		p.line("accent", "event_accent", colorField, e.Accent)
		p.line("meeting_frame.from", "event_meetings_from", clockField, e.Frame.From).Begins = true
		p.line("meeting_frame.until", "event_meetings_until", clockField, e.Frame.Until)
		p.number("meeting_frame.turnaround_minutes", "event_turnaround", e.Frame.Turnaround, agenda.MaxBuffer).Begins = true
		p.number("meeting_frame.work_minutes", "event_work", e.Frame.WorkMinutes, 24*60).Begins = true
		p.number("meeting_frame.rest_minutes", "event_rest", e.Frame.RestMinutes, agenda.MaxBuffer)
	}
}

// zoneField adds the field of a time zone; moving says that there may be times that it moves.
func (p *formPage) zoneField(value string, moving bool) {
	key := "event_zone"
	if moving {
		key = "event_zone_moves"
	}
	f := p.line("zone", key, lineField, value)
	f.Required, f.List = true, "zones"
	p.Lists = append(p.Lists, p.reader.zoneList("zones"))
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// eventSent gives an Event with what was typed; what the form does not ask for stays.
func eventSent(c echo.Context, e agenda.Event, whole bool) (agenda.Event, error) {
	var f agenda.Faults
	form := c.Request().PostForm
	e.Name, e.Zone, e.Website = textSent(form, "name"), strings.TrimSpace(typed(c, "zone")), strings.TrimSpace(typed(c, "website"))
	e.StartDate, e.EndDate = agenda.Date(typed(c, "start_date")), agenda.Date(typed(c, "end_date"))
	if form.Has("slug") { // a published one is not asked for
		e.Slug = strings.TrimSpace(typed(c, "slug"))
	}
	e.Languages = nil
	for _, at := range rowsSent(c, "languages") {
		if tag := typed(c, at+"tag"); tag != "" {
			e.Languages = append(e.Languages, tag)
		}
	}
	e.Venue.Name, e.Venue.Country = textSent(form, "venue.name"), typed(c, "venue.country")
	if whole {
		e.Venue.Address, e.Description = textSent(form, "venue.address"), textSent(form, "description")
		e.Venue.Place = placeSent(c, &f)
		e.BufferMinutes, e.Accent = numberSent(c, &f, "buffer_minutes"), colorSent(c, "accent")
		e.Frame = agenda.MeetingFrame{From: clockTyped(typed(c, "meeting_frame.from")), Until: clockTyped(typed(c, "meeting_frame.until")),
			Turnaround:  numberSent(c, &f, "meeting_frame.turnaround_minutes"),
			WorkMinutes: numberSent(c, &f, "meeting_frame.work_minutes"), RestMinutes: numberSent(c, &f, "meeting_frame.rest_minutes")}
	}
	return e, f.Err("event")
}

// placeSent gives the position that was typed, nil for none.
func placeSent(c echo.Context, f *agenda.Faults) *agenda.Place {
	var at [2]float64
	empty := 0
	for i, name := range []string{"venue.latitude", "venue.longitude"} {
		typed := strings.ReplaceAll(strings.TrimSpace(typed(c, name)), ",", ".")
		if typed == "" {
			empty++
			continue
		}
		n, err := strconv.ParseFloat(typed, 64)
		if err != nil || n != n {
			f.Add("/"+name, "is not a number of degrees")
		}
		at[i] = n
	}
	switch empty {
	case 2:
		return nil
	case 1:
		f.Add("/venue.longitude", "needs both degrees, or none")
	}
	return &agenda.Place{Latitude: at[0], Longitude: at[1]}
}

// suggestSlug makes a slug of a name: "Diễn đàn Pháp ngữ" becomes "dien-dan-phap-ngu". It is empty where no letter of it is Latin.
func suggestSlug(name string) string {
	words := strings.FieldsFunc(app.Fold(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := ""
	for _, w := range words {
		if len(slug)+1+len(w) > 60 {
			break
		}
		slug = strings.TrimPrefix(slug+"-"+w, "-")
	}
	return slug
}
