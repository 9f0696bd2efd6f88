package exchange

import (
	"time"

	"plenary/internal/agenda"
)

// pen writes Moments for one Event.
type pen struct {
	zone     *time.Location
	recorded bool // as they were when they were published, whatever the zone's rules say today
}

// moment writes the wall clock and its offset from UTC. "+00:00" stands for UTC where that is the
// wall clock, since "Z" would leave the wall clock to the reader.
func (p pen) moment(m agenda.Moment) string {
	if !p.recorded {
		if today, err := agenda.Resolve(p.zone, m.Wall, &m.Fold); err == nil {
			m = today
		}
	}
	wall, err := time.Parse(agenda.WallLayout, string(m.Wall))
	if err != nil {
		return m.At.UTC().Format(time.RFC3339)
	}
	offset := wall.Sub(m.At.Truncate(time.Second))
	if offset%time.Minute != 0 || offset.Abs() >= 24*time.Hour {
		// RFC 3339 has no seconds in an offset; the reader finds the wall clock from the instant.
		return m.At.UTC().Format(time.RFC3339)
	}
	return wall.In(time.UTC).Format(agenda.WallLayout) + m.At.In(time.FixedZone("", int(offset/time.Second))).Format("-07:00")
}

func (p pen) slot(s *agenda.Slot) *slotObject {
	if s == nil {
		return nil
	}
	return &slotObject{Room: s.RoomID, Start: p.moment(s.Start), End: p.moment(s.End)}
}

func (p pen) panel(n agenda.Panel) panelObject {
	return panelObject{ID: n.ID, Serial: n.Serial, UID: n.UID, Code: n.Code, Number: n.Number, Format: n.Format, Title: n.Title,
		Abstract: n.Abstract, Track: n.TrackID, Slot: p.slot(n.Slot), AllRooms: n.AllRooms, Language: n.Language,
		Interpretation: n.Interpretation, StreamURL: n.StreamURL, Audience: n.Audience, Cancelled: n.Cancelled,
		CancelNote: n.CancelNote, ReplacedBy: n.ReplacedBy, Notes: n.Notes, Speakers: each(n.Speakers, speakerOf),
		Interventions: each(n.Interventions, interventionOf), Materials: each(n.Materials, materialOf), history: historyOf(n.Revision, n.Created, n.Updated)}
}

func (p pen) availability(n agenda.Availability) availabilityObject {
	return availabilityObject{ID: n.ID, Resource: resourceObject{Kind: n.Resource.Kind, ID: n.Resource.ID},
		Start: p.moment(n.Start), End: p.moment(n.End), Note: n.Note, history: historyOf(n.Revision, n.Created, n.Updated)}
}

func snapshotOf(s agenda.Snapshot) snapshotObject {
	p := pen{zone: s.Event.Location(), recorded: true}
	return snapshotObject{Event: eventOf(s.Event), Rooms: each(s.Rooms, roomOf), Tracks: each(s.Tracks, trackOf),
		People: each(s.People, personOf), Panels: each(s.Panels, func(n *agenda.Panel) panelObject { return p.panel(*n) }),
		Removed: each(s.Removed, p.panel)}
}

func releaseOf(r agenda.Release) releaseObject {
	return releaseObject{ID: r.ID, Number: r.Number, Published: instant(r.Published), By: r.By, Note: r.Note,
		Snapshot: snapshotOf(r.Snapshot), Erasures: r.Erasures, Erased: instant(r.Erased)}
}

func eventOf(e agenda.Event) eventObject {
	return eventObject{ID: e.ID, Slug: e.Slug, Name: e.Name, Description: e.Description, Zone: e.Zone,
		StartDate: e.StartDate, EndDate: e.EndDate, Languages: e.Languages, Venue: venueOf(e.Venue),
		Website: e.Website, Accent: e.Accent, BufferMinutes: e.BufferMinutes, Frame: frameObject(e.Frame), history: historyOf(e.Revision, e.Created, e.Updated)}
}

func venueOf(v agenda.Venue) venueObject {
	o := venueObject{Name: v.Name, Address: v.Address, Country: v.Country}
	if v.Place != nil {
		o.Latitude, o.Longitude = &v.Place.Latitude, &v.Place.Longitude
	}
	return o
}

func roomOf(r agenda.Room) roomObject {
	return roomObject{ID: r.ID, Serial: r.Serial, Name: r.Name, Description: r.Description, Kind: r.Kind, Capacity: r.Capacity,
		Position: r.Position, Parallel: r.Parallel, Turnaround: r.Turnaround,
		Walks:   each(r.Walks, func(w agenda.Walk) walkObject { return walkObject(w) }),
		history: historyOf(r.Revision, r.Created, r.Updated)}
}

func trackOf(t agenda.Track) trackObject {
	return trackObject{ID: t.ID, Serial: t.Serial, Name: t.Name, Description: t.Description, Color: t.Color, Position: t.Position,
		history: historyOf(t.Revision, t.Created, t.Updated)}
}

func personOf(p agenda.Person) personObject {
	return personObject{ID: p.ID, Serial: p.Serial, Name: p.Name, Honorific: p.Honorific, JobTitle: p.JobTitle,
		Organization: p.Organization, Country: p.Country, Bio: p.Bio, PhotoURL: p.PhotoURL, Photo: p.Photo, Email: p.Email,
		Notes: p.Notes, Languages: p.Languages, Interprets: agenda.PairNames(p.Interprets),
		Before: p.Buffer.Before, After: p.Buffer.After, Erased: instant(p.Erased), history: historyOf(p.Revision, p.Created, p.Updated)}
}

func speakerOf(s agenda.Speaker) speakerObject {
	return speakerObject{Person: s.PersonID, Role: s.Role, Status: s.Status}
}

func interventionOf(v agenda.Intervention) interventionObject {
	return interventionObject{ID: v.ID, Title: v.Title, Abstract: v.Abstract, Offset: v.Offset, Minutes: v.Minutes,
		Speakers: each(v.Speakers, speakerOf)}
}

func materialOf(m agenda.Material) materialObject {
	return materialObject{ID: m.ID, File: m.File, Title: m.Title, FileName: m.FileName, MediaType: m.MediaType, Size: m.Size, Public: m.Public,
		Created: instant(m.Created)}
}

func delegationOf(d agenda.Delegation) delegationObject {
	return delegationObject{Name: d.Name, Languages: d.Languages, Delegates: each(d.Delegates, func(d agenda.Delegate) delegateObject {
		return delegateObject{Person: d.PersonID, Role: d.Role, Answer: d.Answer}
	})}
}

func standInOf(s agenda.StandIn) standInObject {
	return standInObject{ID: s.ID, Meeting: s.MeetingID, Old: s.OldID, New: s.NewID, Role: s.Role, Was: s.Was, Note: s.Note, By: s.By,
		Created: instant(s.Created)}
}

func feedOf(f agenda.Feed) feedObject {
	return feedObject{ID: f.ID, Kind: f.Kind, Person: f.PersonID, Name: f.Name, Hash: f.Hash, KeyHash: f.KeyHash, Turn: f.Turn,
		Language: f.Language, Alarm: f.Alarm, Detail: f.Detail, Meetings: f.Meetings, Unmailed: f.WithoutMailed, Whole: f.Whole, Cancelled: f.Cancelled,
		Panels: each(f.Panels, func(id agenda.ID) string { return string(id) }), Revision: f.Revision, Changed: instant(f.Changed),
		Content: f.Content, Modified: instant(f.Modified), LastFetch: instantPointer(f.LastFetch), FetchedBy: f.FetchedBy,
		Revoked: instantPointer(f.Revoked), Created: instant(f.Created)}
}

func stampOf(s agenda.Stamp) stampObject {
	return stampObject{UID: s.UID, Variant: s.Variant, Sequence: s.Sequence, Created: instant(s.Created),
		Modified: instant(s.Modified), Cancelled: instantPointer(s.Cancelled), Content: s.Content, Place: s.Place}
}

func sourceOf(s agenda.Source) sourceObject {
	return sourceObject{Name: s.Name, Format: s.Format, Language: s.Language, Mapping: s.Mapping, Imported: instant(s.Imported),
		Origins: each(s.Origins, func(o agenda.Origin) originObject { return originObject(o) })}
}

// each turns every item of a list; an empty list gives nil.
func each[A, B any](list []A, turn func(A) B) []B {
	if len(list) == 0 {
		return nil
	}
	out := make([]B, len(list))
	for i, item := range list {
		out[i] = turn(item)
	}
	return out
}
