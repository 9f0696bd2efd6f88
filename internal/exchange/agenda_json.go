package exchange

import (
	"bytes"
	"time"

	"plenary/internal/agenda"
)

// AgendaOptions say how an [AgendaDocument] is made. Day, Room and Track narrow the panels, and with
// them the people; rooms and tracks stay whole, so that a reader of a part still knows the event.
type AgendaOptions struct {
	BaseURL  string      // of the installation, without a slash at the end
	Language string      // "": texts are objects by language
	Day      agenda.Date // "": all days
	Room     agenda.ID   // "": all rooms; what spans all rooms is in each
	Track    agenda.ID   // "": all tracks
}

// wants says whether the Panel is in the part that is asked for.
func (o AgendaOptions) wants(p *agenda.Panel) bool {
	return (o.Day == "" || p.Slot.Day() == o.Day) &&
		(o.Room == "" || p.AllRooms || p.Slot.RoomID == o.Room) &&
		(o.Track == "" || p.TrackID == o.Track)
}

// Agenda makes the public agenda of a Release.
func Agenda(r agenda.Release, o AgendaOptions) AgendaDocument {
	a := authorOf(&r.Snapshot, o)
	doc, panels := a.frame(&r, o)
	for _, p := range panels {
		doc.Panels = append(doc.Panels, a.panel(*p))
	}
	for _, p := range peopleOf(&r.Snapshot, panels) {
		doc.People = append(doc.People, a.person(*p))
	}
	return doc
}

func authorOf(s *agenda.Snapshot, o AgendaOptions) author {
	return author{site: agenda.Site{Base: o.BaseURL, Slug: s.Event.Slug}, zone: s.Event.Location(), voice: voiceFor(s.Event, o.Language)}
}

// frame gives the agenda without the people and panels, and which panels are in it.
func (a author) frame(r *agenda.Release, o AgendaOptions) (doc AgendaDocument, panels []*agenda.Panel) {
	s := &r.Snapshot
	doc = AgendaDocument{Event: a.event(s.Event), Release: a.release(*r), Days: []AgendaDay{}, People: []AgendaPerson{},
		Rooms: listed(s.Rooms, a.room), Tracks: listed(s.Tracks, a.track), Panels: []AgendaPanel{}}
	byDay := map[agenda.Date][]agenda.ID{}
	panels = make([]*agenda.Panel, 0, len(s.Panels))
	var today agenda.Date
	var ids []agenda.ID
	turn := func(day agenda.Date) {
		byDay[today] = ids
		today, ids = day, byDay[day]
	}
	for _, p := range s.Panels {
		if p.Slot == nil || !o.wants(p) {
			continue
		}
		panels = append(panels, p)
		if day := p.Slot.Day(); day != today { // once a day: they are in the order of time
			turn(day)
		}
		ids = append(ids, p.ID)
	}
	turn("")
	for _, day := range s.Days() {
		if o.Day == "" || day == o.Day {
			doc.Days = append(doc.Days, AgendaDay{Date: day, Panels: append([]agenda.ID{}, byDay[day]...)})
		}
	}
	return doc, panels
}

// peopleOf gives those who have a part in the panels.
func peopleOf(s *agenda.Snapshot, panels []*agenda.Panel) (people []*agenda.Person) {
	shown := make(map[agenda.ID]bool, len(s.People))
	for _, p := range panels {
		for _, speaker := range p.Speakers {
			shown[speaker.PersonID] = true
		}
		for _, v := range p.Interventions {
			for _, speaker := range v.Speakers {
				shown[speaker.PersonID] = true
			}
		}
	}
	for i := range s.People {
		if p := &s.People[i]; shown[p.ID] {
			people = append(people, p)
		}
	}
	return people
}

// AgendaJSON gives [Agenda] as bytes that are the same for the same Release and options. Of a whole agenda, it writes only what is
// not in the one that it wrote before. The Release must not be changed any more.
func AgendaJSON(r agenda.Release, o AgendaOptions) (Document, error) {
	f := &fragments{} // of a part, nothing is remembered
	if o.Day == "" && o.Room == "" && o.Track == "" {
		e := &r.Snapshot.Event
		f = fragmentsFor(context{"agenda", o.BaseURL, e.Slug, e.Zone, o.Language, e.Language(), e.ID})
	}
	return f.agenda(r, o)
}

func (f *fragments) agenda(r agenda.Release, o AgendaOptions) (Document, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := authorOf(&r.Snapshot, o)
	doc, panels := a.frame(&r, o)
	head, err := f.head.of(doc)
	if err != nil {
		return nil, err
	}
	var people []*agenda.Person
	if _, known := r.Snapshot.Since(&f.of); known { // who has a part is the same then
		people = f.people.objects()
	} else {
		people = peopleOf(&r.Snapshot, panels)
	}
	return f.write(&r.Snapshot, head, people, `],"panels":[`, panels, []byte("]}\n"),
		func(p *agenda.Person) any { return a.person(*p) }, func(p *agenda.Panel) any { return a.panel(*p) })
}

// agendaAnew is [AgendaJSON] without a memory.
func agendaAnew(r agenda.Release, o AgendaOptions) ([]byte, error) {
	var b bytes.Buffer
	if err := encodeJSON(&b, Agenda(r, o), ""); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// author writes the objects of one AgendaDocument.
type author struct {
	voice
	site agenda.Site
	zone *time.Location
}

func (a author) event(e agenda.Event) AgendaEvent {
	o := AgendaEvent{ID: e.ID, Slug: e.Slug, Zone: e.Zone, StartDate: e.StartDate, EndDate: e.EndDate,
		Languages: listed(e.Languages, same), Website: e.Website, Accent: e.Accent, URL: a.site.Page(), Venue: a.venue(e.Venue)}
	o.Name = a.say(&o.TextLanguages, "name", e.Name)
	o.Description = a.say(&o.TextLanguages, "description", e.Description)
	return o
}

func (a author) venue(v agenda.Venue) *AgendaVenue {
	if venueOf(v).IsZero() {
		return nil
	}
	o := &AgendaVenue{Country: v.Country}
	o.Name = a.say(&o.TextLanguages, "name", v.Name)
	o.Address = a.say(&o.TextLanguages, "address", v.Address)
	if v.Place != nil {
		o.Latitude, o.Longitude = &v.Place.Latitude, &v.Place.Longitude
	}
	return o
}

func (a author) release(r agenda.Release) AgendaRelease {
	o := AgendaRelease{Number: r.Number, Published: published(r.Snapshot.Event, r.Published)}
	o.Note = a.say(&o.TextLanguages, "note", r.Note)
	return o
}

func (a author) room(r agenda.Room) AgendaRoom {
	o := AgendaRoom{ID: r.ID, Kind: r.Kind, Capacity: r.Capacity}
	o.Name = a.say(&o.TextLanguages, "name", r.Name)
	o.Description = a.say(&o.TextLanguages, "description", r.Description)
	return o
}

func (a author) track(t agenda.Track) AgendaTrack {
	o := AgendaTrack{ID: t.ID, Color: t.Color}
	o.Name = a.say(&o.TextLanguages, "name", t.Name)
	o.Description = a.say(&o.TextLanguages, "description", t.Description)
	return o
}

func (a author) person(p agenda.Person) AgendaPerson {
	o := AgendaPerson{ID: p.ID, Name: p.Name, Country: p.Country, PhotoURL: p.Portrait(a.site)}
	o.Honorific = a.say(&o.TextLanguages, "honorific", p.Honorific)
	o.JobTitle = a.say(&o.TextLanguages, "job_title", p.JobTitle)
	o.Organization = a.say(&o.TextLanguages, "organization", p.Organization)
	o.Bio = a.say(&o.TextLanguages, "bio", p.Bio)
	return o
}

func (a author) panel(p agenda.Panel) AgendaPanel {
	o := AgendaPanel{ID: p.ID, Code: p.Code, UID: p.UID, URL: a.site.Panel(p.Code), ICS: a.site.PanelCalendar(p.ID), Number: p.Number, Format: p.Format,
		Track: p.TrackID, Room: p.Slot.RoomID, AllRooms: p.AllRooms, Day: p.Slot.Day(),
		Start: p.Slot.Start.Format(a.zone), End: p.Slot.End.Format(a.zone),
		Minutes:  int(p.Slot.End.At.Sub(p.Slot.Start.At) / time.Minute),
		Language: p.Language, Interpretation: listed(p.Interpretation, same), StreamURL: p.StreamURL,
		Cancelled: p.Cancelled, ReplacedBy: p.ReplacedBy, Speakers: listed(p.Speakers, publicSpeaker)}
	o.Label = a.say(&o.TextLanguages, "label", p.Label())
	o.Title = a.say(&o.TextLanguages, "title", p.Title)
	o.Abstract = a.say(&o.TextLanguages, "abstract", p.Abstract)
	o.CancelNote = a.say(&o.TextLanguages, "cancel_note", p.CancelNote)
	o.Interventions = a.interventions(p)
	o.Materials = listed(p.Materials, a.material)
	return o
}

func (a author) material(m agenda.Material) AgendaMaterial {
	return AgendaMaterial{Title: m.Title, URL: a.site.File(m.File), Type: m.MediaType, Size: m.Size}
}

// interventions gives each with its start where that is known: from its offset, or from the planned
// minutes of the ones before it.
func (a author) interventions(p agenda.Panel) []AgendaIntervention {
	list := make([]AgendaIntervention, 0, len(p.Interventions))
	start, known := p.Slot.Start.At, true
	for _, v := range p.Interventions {
		if v.Offset != nil {
			start, known = p.Slot.Start.At.Add(time.Duration(*v.Offset)*time.Minute), true
		}
		o := AgendaIntervention{ID: v.ID, Offset: v.Offset, Minutes: v.Minutes, Speakers: listed(v.Speakers, publicSpeaker)}
		if known && start.Before(p.Slot.End.At) {
			o.Start = start.In(a.zone).Format(time.RFC3339)
		}
		o.Title = a.say(&o.TextLanguages, "title", v.Title)
		o.Abstract = a.say(&o.TextLanguages, "abstract", v.Abstract)
		list = append(list, o)
		start, known = start.Add(time.Duration(v.Minutes)*time.Minute), known && v.Minutes > 0
	}
	return list
}

func publicSpeaker(s agenda.Speaker) AgendaSpeaker {
	return AgendaSpeaker{Person: s.PersonID, Role: s.Role}
}

func published(e agenda.Event, at time.Time) string { return at.In(e.Location()).Format(time.RFC3339) }

// listed is each with a list that is never nil, and so never null in JSON.
func listed[A, B any](list []A, turn func(A) B) []B {
	if len(list) == 0 {
		return []B{}
	}
	return each(list, turn)
}
