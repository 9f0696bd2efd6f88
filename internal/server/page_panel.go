package server

import (
	"path"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// panel gives a Panel of the public document as pages show it.
func (v *eventView) panel(p *exchange.AgendaPanel) (panelView, error) {
	in := func(l exchange.Localized, field string) said { return v.in(l, p.TextLanguages, field) }
	view := panelView{words: v.words, ID: p.ID, Code: p.Code, RoomID: p.Room, TrackID: p.Track, Kind: p.Format, Spoken: p.Language, Into: strings.Join(p.Interpretation, " "), Mark: v.marks[p.ID],
		Anchor: "panel-" + p.Code, URL: v.Home + "panels/" + p.Code + v.Query, Label: in(p.Label, "label"),
		Format: v.reader.pick(v.Lang, agenda.FormatNames[p.Format]).Text, Break: p.Format == agenda.FormatBreak,
		Title: in(p.Title, "title"), Abstract: in(p.Abstract, "abstract"), Start: p.Start, End: p.End,
		From: clockOf(p.Start), To: clockOf(p.End), NextDay: nextDay(p), Minutes: p.Minutes, Stream: p.StreamURL,
		AllRooms: p.AllRooms, Cancelled: p.Cancelled, CancelNote: in(p.CancelNote, "cancel_note")}
	var err error
	if view.Day, err = v.reader.words.day("date_long", p.Day); err != nil {
		return view, err
	}
	if room := v.rooms[p.Room]; room != nil {
		view.Room, view.RoomURL = v.in(room.Name, room.TextLanguages, "name"), v.roomURL(room.ID)
	} else if p.AllRooms {
		all, err := v.Say("all_rooms")
		if err != nil {
			return view, err
		}
		view.Room = said{Text: all}
	}
	if track := v.tracks[p.Track]; track != nil {
		view.Track, view.Color = v.in(track.Name, track.TextLanguages, "name"), track.Color
		view.TrackURL = v.Home + "tracks/" + v.short[track.ID] + v.Query
	}
	if p.Language != "" {
		view.Language = v.reader.languageName(p.Language)
	}
	var into []string
	for _, tag := range p.Interpretation {
		into = append(into, v.reader.languageName(tag))
	}
	view.Interpretation = strings.Join(into, v.said["list"])
	if view.Speakers, err = v.speakers(p.Speakers); err != nil {
		return view, err
	}
	if view.Interventions, err = v.interventions(p); err != nil {
		return view, err
	}
	if view.Materials, err = v.materials(p); err != nil {
		return view, err
	}
	return view, v.addSwaps(&view, p)
}

// addSwaps adds what takes place instead of a Panel, and what it takes the place of.
func (v *eventView) addSwaps(view *panelView, p *exchange.AgendaPanel) error {
	for i := range v.document.Panels {
		other := &v.document.Panels[i]
		instead, gone := p.ReplacedBy != "" && other.ID == p.ReplacedBy, other.ReplacedBy == p.ID
		if !instead && !gone {
			continue
		}
		day, err := v.reader.words.day("date_short", other.Day)
		if err != nil {
			return err
		}
		swap := swapView{v.in(other.Title, other.TextLanguages, "title"), v.Home + "panels/" + other.Code + v.Query, day + ", " + clockOf(other.Start)}
		if instead {
			view.ReplacedBy = append(view.ReplacedBy, swap)
		} else {
			view.Replaces = append(view.Replaces, swap)
		}
	}
	return nil
}

// ownFile gives the address of a file of the Event as its pages know it; "" for what is elsewhere, which pages do not load.
func (v *eventView) ownFile(address string) string {
	name, own := strings.CutPrefix(address, v.site.File(""))
	if !own {
		return ""
	}
	return v.Home + "files/" + name
}

func (v *eventView) materials(p *exchange.AgendaPanel) ([]materialView, error) {
	var list []materialView
	for _, m := range p.Materials {
		shown := materialView{Title: m.Title, URL: v.ownFile(m.URL), Kind: strings.ToUpper(strings.TrimPrefix(path.Ext(m.URL), "."))}
		n, key := (m.Size+1023)>>10, "size_kb"
		if n >= 1024 {
			n, key = (m.Size+1<<19)>>20, "size_mb"
		}
		var err error
		if shown.Size, err = v.Say(key, "n", n); err != nil {
			return nil, err
		}
		list = append(list, shown)
	}
	return list, nil
}

func (v *eventView) interventions(p *exchange.AgendaPanel) ([]interventionView, error) {
	var list []interventionView
	for _, i := range p.Interventions {
		shown := interventionView{Title: v.in(i.Title, i.TextLanguages, "title"),
			Abstract: v.in(i.Abstract, i.TextLanguages, "abstract"),
			Start:    i.Start, From: clockOf(i.Start), Minutes: i.Minutes}
		var err error
		if shown.Speakers, err = v.speakers(i.Speakers); err != nil {
			return nil, err
		}
		list = append(list, shown)
	}
	return list, nil
}

func (v *eventView) speakers(parts []exchange.AgendaSpeaker) ([]speakerView, error) {
	var list []speakerView
	for _, part := range parts {
		s, err := v.speaker(part)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (v *eventView) speaker(part exchange.AgendaSpeaker) (speakerView, error) {
	p := v.people[part.Person]
	if p == nil {
		return speakerView{}, agenda.Errorf(agenda.Internal, "The release has no person %s.", part.Person)
	}
	in := func(l exchange.Localized, field string) said { return v.in(l, p.TextLanguages, field) }
	view := speakerView{Photo: v.ownFile(p.PhotoURL), Name: p.Name, URL: v.Home + "speakers/" + v.short[p.ID] + v.Query,
		Honorific: in(p.Honorific, "honorific"), JobTitle: in(p.JobTitle, "job_title"),
		Organization: in(p.Organization, "organization"), Bio: in(p.Bio, "bio")}
	if p.Country != "" {
		view.Country = v.reader.countryName(p.Country)
	}
	if part.Role == "" {
		return view, nil
	}
	var err error
	view.Role, err = v.Say("role_" + string(part.Role))
	return view, err
}

// clockOf gives the hours and minutes of a time in RFC 3339, by its own offset.
func clockOf(t string) string {
	if len(t) < len("2006-01-02T15:04") {
		return ""
	}
	return t[len("2006-01-02T"):len("2006-01-02T15:04")]
}
