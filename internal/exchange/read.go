package exchange

import (
	"strconv"
	"time"

	"plenary/internal/agenda"
)

// intake turns objects back into the nouns of one Event and notes the times that make no sense.
type intake struct {
	faults   *agenda.Faults
	event    agenda.ID
	zone     *time.Location // nil when the Event names none that exists: times are passed over then
	recorded bool           // see pen
}

func (in intake) moment(pointer, s string) (agenda.Moment, bool) {
	if in.zone == nil {
		return agenda.Moment{}, false
	}
	m, err := agenda.ParseMoment(in.zone, s)
	if err == nil {
		return m, true
	}
	if at, bad := time.Parse(time.RFC3339, s); bad == nil && in.recorded && at.Nanosecond() == 0 {
		// The zone has got other rules since this was published. What was published stays as it was.
		return agenda.Moment{Wall: agenda.Wall(at.Format(agenda.WallLayout)), At: at.UTC()}, true
	}
	in.faults.Merge(pointer, err)
	return agenda.Moment{}, false
}

func (in intake) slot(pointer string, o *slotObject) *agenda.Slot {
	if o == nil {
		return nil
	}
	start, startOK := in.moment(pointer+"/start", o.Start)
	end, endOK := in.moment(pointer+"/end", o.End)
	if !startOK || !endOK {
		return nil
	}
	return &agenda.Slot{RoomID: o.Room, Start: start, End: end}
}

func (in intake) panel(pointer string, o panelObject) agenda.Panel {
	return agenda.Panel{ID: o.ID, EventID: in.event, Serial: o.Serial, UID: o.UID, Code: o.Code, Number: o.Number, Format: o.Format,
		Title: filled(o.Title), Abstract: filled(o.Abstract), TrackID: o.Track, Slot: in.slot(pointer+"/slot", o.Slot),
		AllRooms: o.AllRooms, Language: o.Language, Interpretation: each(o.Interpretation, same), StreamURL: o.StreamURL,
		Audience: o.Audience, Cancelled: o.Cancelled, CancelNote: filled(o.CancelNote), ReplacedBy: o.ReplacedBy, Notes: o.Notes,
		Speakers: each(o.Speakers, speakerObject.noun), Interventions: each(o.Interventions, interventionObject.noun),
		Materials: each(o.Materials, materialObject.noun),
		Revision:  o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
}

func (in intake) availability(pointer string, o availabilityObject) agenda.Availability {
	start, _ := in.moment(pointer+"/start", o.Start)
	end, _ := in.moment(pointer+"/end", o.End)
	return agenda.Availability{ID: o.ID, EventID: in.event, Start: start, End: end, Note: o.Note,
		Resource: agenda.Resource{Kind: o.Resource.Kind, ID: o.Resource.ID},
		Revision: o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
}

func (in intake) snapshot(pointer string, o snapshotObject) agenda.Snapshot {
	in.event, in.recorded = o.Event.ID, true
	in.zone = zoneOf(o.Event.Zone)
	return agenda.Snapshot{Event: o.Event.noun(), Rooms: all(in, o.Rooms, roomObject.noun),
		Tracks: all(in, o.Tracks, trackObject.noun), People: each(o.People, personObject.noun),
		Panels: eachAt(pointer+"/panels", o.Panels, in.sharedPanel), Removed: eachAt(pointer+"/removed", o.Removed, in.panel)}
}

// sharedPanel gives each Panel a place of its own in memory: Snapshots share them one by one.
func (in intake) sharedPanel(pointer string, o panelObject) *agenda.Panel {
	p := in.panel(pointer, o)
	return &p
}

func (in intake) release(pointer string, o releaseObject) agenda.Release {
	return agenda.Release{ID: o.ID, EventID: in.event, Number: o.Number, Published: time.Time(o.Published), By: o.By,
		Note: filled(o.Note), Snapshot: in.snapshot(pointer+"/snapshot", o.Snapshot), Erasures: o.Erasures, Erased: time.Time(o.Erased)}
}

func (o eventObject) noun() agenda.Event {
	e := agenda.Event{ID: o.ID, Slug: o.Slug, Name: filled(o.Name), Description: filled(o.Description), Zone: o.Zone,
		StartDate: o.StartDate, EndDate: o.EndDate, Languages: each(o.Languages, same), Website: o.Website, Accent: o.Accent,
		Venue:         agenda.Venue{Name: filled(o.Venue.Name), Address: filled(o.Venue.Address), Country: o.Venue.Country},
		BufferMinutes: o.BufferMinutes, Frame: agenda.MeetingFrame(o.Frame), Revision: o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
	if o.Venue.Latitude != nil && o.Venue.Longitude != nil {
		e.Venue.Place = &agenda.Place{Latitude: *o.Venue.Latitude, Longitude: *o.Venue.Longitude}
	}
	return e
}

func (o roomObject) noun(event agenda.ID) agenda.Room {
	return agenda.Room{ID: o.ID, EventID: event, Serial: o.Serial, Name: filled(o.Name), Description: filled(o.Description), Kind: o.Kind,
		Capacity: o.Capacity, Position: o.Position, Parallel: o.Parallel, Turnaround: o.Turnaround,
		Walks:    each(o.Walks, func(w walkObject) agenda.Walk { return agenda.Walk(w) }),
		Revision: o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
}

func (o trackObject) noun(event agenda.ID) agenda.Track {
	return agenda.Track{ID: o.ID, EventID: event, Serial: o.Serial, Name: filled(o.Name), Description: filled(o.Description),
		Color: o.Color, Position: o.Position,
		Revision: o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
}

func (o personObject) noun() agenda.Person {
	return agenda.Person{ID: o.ID, Serial: o.Serial, Name: o.Name, Honorific: filled(o.Honorific), JobTitle: filled(o.JobTitle),
		Organization: filled(o.Organization), Country: o.Country, Bio: filled(o.Bio), PhotoURL: o.PhotoURL, Photo: o.Photo,
		Email: o.Email, Notes: o.Notes, Languages: each(o.Languages, same), Erased: time.Time(o.Erased),
		Interprets: agenda.PairsOf(o.Interprets), Buffer: agenda.Buffer{Before: o.Before, After: o.After},
		Revision: o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
}

func (o speakerObject) noun() agenda.Speaker {
	return agenda.Speaker{PersonID: o.Person, Role: o.Role, Status: o.Status}
}

func (o materialObject) noun() agenda.Material {
	return agenda.Material{ID: o.ID, File: o.File, Title: o.Title, FileName: o.FileName, MediaType: o.MediaType, Size: o.Size, Public: o.Public,
		Created: time.Time(o.Created)}
}

func (o standInObject) noun(event agenda.ID) agenda.StandIn {
	return agenda.StandIn{ID: o.ID, EventID: event, MeetingID: o.Meeting, OldID: o.Old, NewID: o.New, Role: o.Role, Was: o.Was, Note: o.Note,
		By: o.By, Created: time.Time(o.Created)}
}

func (o delegateObject) noun() agenda.Delegate {
	return agenda.Delegate{PersonID: o.Person, Role: o.Role, Answer: o.Answer}
}

func (o interventionObject) noun() agenda.Intervention {
	return agenda.Intervention{ID: o.ID, Title: filled(o.Title), Abstract: filled(o.Abstract), Offset: o.Offset,
		Minutes: o.Minutes, Speakers: each(o.Speakers, speakerObject.noun)}
}

func (in intake) feed(_ string, o feedObject) agenda.Feed {
	return agenda.Feed{ID: o.ID, EventID: in.event, Kind: o.Kind, PersonID: o.Person, Hash: o.Hash, KeyHash: o.KeyHash, Turn: o.Turn,
		FeedSettings: agenda.FeedSettings{Name: o.Name, Language: o.Language, Alarm: o.Alarm, Detail: o.Detail, Meetings: o.Meetings, WithoutMailed: o.Unmailed, Whole: o.Whole,
			Cancelled: o.Cancelled, Panels: each(o.Panels, func(id string) agenda.ID { return agenda.ID(id) })},
		Revision: o.Revision, Changed: time.Time(o.Changed), Content: o.Content, Modified: time.Time(o.Modified),
		LastFetch: timePointer(o.LastFetch), FetchedBy: o.FetchedBy, Revoked: timePointer(o.Revoked), Created: time.Time(o.Created)}
}

func (o stampObject) noun() agenda.Stamp {
	return agenda.Stamp{UID: o.UID, Variant: o.Variant, Sequence: o.Sequence, Created: time.Time(o.Created),
		Modified: time.Time(o.Modified), Cancelled: timePointer(o.Cancelled), Content: o.Content, Place: o.Place}
}

func (o sourceObject) noun() agenda.Source {
	return agenda.Source{Name: o.Name, Format: o.Format, Language: o.Language, Mapping: o.Mapping, Imported: time.Time(o.Imported),
		Origins: each(o.Origins, func(o originObject) agenda.Origin { return agenda.Origin(o) })}
}

// all turns objects that need no more than to be told their Event.
func all[A, B any](in intake, list []A, turn func(A, agenda.ID) B) []B {
	return each(list, func(o A) B { return turn(o, in.event) })
}

// eachAt is each for what may be at fault, and so must know where it is.
func eachAt[A, B any](pointer string, list []A, turn func(string, A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, len(list))
	for i, item := range list {
		out[i] = turn(at(pointer, i), item)
	}
	return out
}

// filled gives an empty Text as nil, as the store does.
func filled(t agenda.Text) agenda.Text {
	if len(t) == 0 {
		return nil
	}
	return t
}

func same(s string) string { return s }

func at(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

// zoneOf gives nil for a zone that does not exist.
func zoneOf(name string) *time.Location {
	zone, err := agenda.LoadZone(name)
	if err != nil {
		return nil
	}
	return zone
}
