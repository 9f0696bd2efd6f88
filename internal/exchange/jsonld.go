package exchange

import (
	"encoding/json"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/markup"
)

// The objects below are those of schema.org that search engines look for in pages. What is empty is left out.

type ldEvent struct {
	Context     string     `json:"@context,omitempty"`
	Type        string     `json:"@type"`
	ID          string     `json:"@id,omitempty"`
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	URL         string     `json:"url"`
	SameAs      string     `json:"sameAs,omitempty"`
	Start       string     `json:"startDate,omitempty"` // with the zone's offset, or a day where no time is planned
	End         string     `json:"endDate,omitempty"`
	Status      string     `json:"eventStatus,omitempty"`
	Attendance  string     `json:"eventAttendanceMode,omitempty"`
	Languages   []string   `json:"inLanguage,omitempty"`
	Location    []any      `json:"location,omitempty"` // of ldPlace and ldStream
	Performers  []ldPerson `json:"performer,omitempty"`
	Super       *ldEvent   `json:"superEvent,omitempty"`
	Sub         []ldEvent  `json:"subEvent,omitempty"`
}

type ldPlace struct {
	Type    string     `json:"@type"`
	Name    string     `json:"name,omitempty"`
	Address *ldAddress `json:"address,omitempty"`
	Geo     *ldGeo     `json:"geo,omitempty"`
	In      *ldPlace   `json:"containedInPlace,omitempty"`
}

type ldAddress struct {
	Type    string `json:"@type"`
	Street  string `json:"streetAddress,omitempty"`
	Country string `json:"addressCountry,omitempty"`
}

type ldGeo struct {
	Type      string  `json:"@type"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type ldStream struct {
	Type string `json:"@type"`
	URL  string `json:"url"`
}

type ldPerson struct {
	Type        string          `json:"@type"`
	Name        string          `json:"name"`
	URL         string          `json:"url"`
	Image       string          `json:"image,omitempty"`
	JobTitle    string          `json:"jobTitle,omitempty"`
	Affiliation *ldOrganization `json:"affiliation,omitempty"`
}

type ldOrganization struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// EventLD gives what the page of an agenda says of its Event to machines, as JSON-LD in the words of schema.org, fit to
// stand in a script element. Panels that take place are named, but for breaks: what they are is told by their own pages.
func EventLD(r agenda.Release, o PublicOptions) ([]byte, error) {
	w := newLDWriter(r, o)
	e := w.event()
	e.Context, e.ID, e.Description, e.SameAs = "https://schema.org", w.site.Page(), markup.Plain(w.String(w.Event.Description)), w.Event.Website
	e.Status, e.Languages = "https://schema.org/EventScheduled", w.Event.Languages
	streamed := false
	for _, p := range w.Panels {
		if p.Slot == nil || p.Cancelled || p.Format == agenda.FormatBreak {
			continue
		}
		streamed = streamed || p.StreamURL != ""
		e.Sub = append(e.Sub, ldEvent{Type: "Event", Name: w.String(p.Title), URL: w.site.Panel(p.Code), Start: p.Slot.Start.Format(w.zone),
			End: p.Slot.End.Format(w.zone), Location: w.room(*p, false)})
	}
	e.Attendance = attendance(len(e.Location) > 0, streamed)
	return json.Marshal(e)
}

// PanelLD gives what the page of a Panel of the Release says of it, as [EventLD] does: with who takes part, the Event
// that it belongs to, and whether it is cancelled.
func PanelLD(r agenda.Release, p agenda.Panel, o PublicOptions) ([]byte, error) {
	w := newLDWriter(r, o)
	above := w.event()
	e := ldEvent{Context: "https://schema.org", Type: "Event", ID: w.site.Panel(p.Code), Name: w.String(p.Title), Description: markup.Plain(w.String(p.Abstract)),
		URL: w.site.Panel(p.Code), Status: "https://schema.org/EventScheduled", Super: &above}
	if p.Cancelled {
		e.Status = "https://schema.org/EventCancelled"
	}
	if p.Language != "" {
		e.Languages = []string{p.Language}
	}
	if p.Slot != nil {
		e.Start, e.End, e.Location = p.Slot.Start.Format(w.zone), p.Slot.End.Format(w.zone), w.room(p, true)
	}
	e.Attendance = attendance(len(e.Location) > 0, p.StreamURL != "")
	if p.StreamURL != "" {
		e.Location = append(e.Location, ldStream{"VirtualLocation", p.StreamURL})
	}
	seen := map[agenda.ID]bool{}
	for _, s := range p.AllSpeakers() {
		if person, ok := w.Person(s.PersonID); ok && s.Status == agenda.Confirmed && s.Role != agenda.Interpreter && !seen[s.PersonID] {
			seen[s.PersonID] = true
			e.Performers = append(e.Performers, w.person(person))
		}
	}
	return json.Marshal(e)
}

// ldWriter makes the objects of one Release.
type ldWriter struct {
	*agenda.Reader
	*agenda.Snapshot
	site agenda.Site
	zone *time.Location
}

func newLDWriter(r agenda.Release, o PublicOptions) ldWriter {
	e := r.Snapshot.Event
	return ldWriter{agenda.NewReader(e.Language(), o.Language), &r.Snapshot, agenda.Site{Base: o.BaseURL, Slug: e.Slug}, e.Location()}
}

// event gives what is said of the Event on every page. It begins with the first Panel of its first day, and ends with
// the last one of its last; where nothing takes place, the day is all that is known.
func (w ldWriter) event() ldEvent {
	e := ldEvent{Type: "Event", Name: w.String(w.Event.Name), URL: w.site.Page(), Start: string(w.Event.StartDate), End: string(w.Event.EndDate)}
	var first, last time.Time
	for _, p := range w.Panels {
		if p.Slot == nil || p.Cancelled {
			continue
		}
		if start := p.Slot.Start; start.Wall.Date() <= w.Event.StartDate && (first.IsZero() || start.At.Before(first)) {
			first, e.Start = start.At, start.Format(w.zone)
		}
		if end := p.Slot.End; end.Wall.Date() >= w.Event.EndDate && end.At.After(last) {
			last, e.End = end.At, end.Format(w.zone)
		}
	}
	if venue := w.venue(); venue != nil {
		e.Location = []any{venue}
	}
	return e
}

func (w ldWriter) venue() *ldPlace {
	v := w.Event.Venue
	place := &ldPlace{Type: "Place", Name: w.String(v.Name)}
	if street := w.String(v.Address); street != "" || v.Country != "" {
		place.Address = &ldAddress{"PostalAddress", street, v.Country}
	}
	if v.Place != nil {
		place.Geo = &ldGeo{"GeoCoordinates", v.Place.Latitude, v.Place.Longitude}
	}
	if *place == (ldPlace{Type: "Place"}) {
		return nil
	}
	return place
}

// room gives where a Panel takes place: its Room, or the venue where it spans all of them or has none. The venue around
// the Room is said where whole asks for it.
func (w ldWriter) room(p agenda.Panel, whole bool) []any {
	venue := w.venue()
	room, ok := w.Room(p.Slot.RoomID)
	switch {
	case ok && whole && venue != nil:
		return []any{&ldPlace{Type: "Place", Name: w.String(room.Name), Address: venue.Address, In: venue}}
	case ok:
		return []any{&ldPlace{Type: "Place", Name: w.String(room.Name)}}
	case venue != nil && whole:
		return []any{venue}
	case venue != nil && venue.Name != "":
		return []any{&ldPlace{Type: "Place", Name: venue.Name}}
	}
	return nil
}

func (w ldWriter) person(p agenda.Person) ldPerson {
	o := ldPerson{Type: "Person", Name: p.Name, URL: w.site.Speaker(p.ID), Image: p.Portrait(w.site), JobTitle: w.String(p.JobTitle)}
	if name := w.String(p.Organization); name != "" {
		o.Affiliation = &ldOrganization{"Organization", name}
	}
	return o
}

// attendance says whether people come, watch, or do either.
func attendance(there, streamed bool) string {
	mode := "Offline"
	if streamed && there {
		mode = "Mixed"
	} else if streamed {
		mode = "Online"
	}
	return "https://schema.org/" + mode + "EventAttendanceMode"
}
