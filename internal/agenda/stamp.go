package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Stamp is the revision of a calendar entry: what its SEQUENCE, LAST-MODIFIED, DTSTAMP and CREATED
// say (RFC 5545, 3.8.7). It is stored and only ever moves forward, so that equal content has equal
// bytes however often it is fetched.
type Stamp struct {
	UID      string
	Sequence int       // rises when time, place or status change
	Created  time.Time // whole seconds, UTC
	Modified time.Time // whole seconds, UTC; rises with any visible change
	Content  string    // hash of all that the entry shows, in every language
	Place    string    // hash of time, place and status
}

// NextStamp gives the Stamp of an entry that now has these hashes. It is the one before when nothing
// changed; before is nil for a new entry.
func NextStamp(before *Stamp, uid, content, place string, now time.Time) Stamp {
	now = now.UTC().Truncate(time.Second)
	if before == nil {
		return Stamp{UID: uid, Created: now, Modified: now, Content: content, Place: place}
	}
	next := *before
	if before.Content == content && before.Place == place {
		return next
	}
	if before.Place != place {
		next.Sequence++
	}
	next.Content, next.Place, next.Modified = content, place, now
	if !now.After(before.Modified) {
		next.Modified = before.Modified.Add(time.Second)
	}
	return next
}

// stamp gives each Panel its Stamp, from the Snapshot before.
func (s *Snapshot) stamp(before *Snapshot, now time.Time) {
	rooms, tracks, people := byID(s.Rooms, roomID), byID(s.Tracks, trackID), byID(s.People, personID)
	for _, p := range s.Panels {
		var last *Stamp
		if before != nil {
			if old, ok := before.Stamps[p.ID]; ok {
				last = &old
			}
		}
		place := hash("panel place", s.Event.Zone, p.Slot.Start.Wall, p.Slot.Start.Fold, p.Slot.End.Wall, p.Slot.End.Fold,
			p.Slot.RoomID, p.AllRooms, p.Cancelled)
		var who []any
		for _, speaker := range p.AllSpeakers() {
			person := people[speaker.PersonID]
			who = append(who, speaker.Role, person.Name, filled(person.Honorific), filled(person.JobTitle),
				filled(person.Organization))
		}
		content := hash("panel", p.filled(), who, filled(rooms[p.Slot.RoomID].Name), filled(tracks[p.TrackID].Name),
			s.Event.Venue.filled(), s.Event.Slug)
		s.Stamps[p.ID] = NextStamp(last, p.UID, content, place, now)
	}
	if before == nil {
		return
	}
	// What is not in this Release keeps its count, should it return.
	for id, old := range before.Stamps {
		if _, ok := s.Stamps[id]; !ok {
			s.Stamps[id] = NextStamp(&old, old.UID, "absent", "absent", now)
		}
	}
}

// filled gives what is shown of the Panel, with empty in place of nil: the same to the reader must be
// the same to the hash, whichever of the two a database or an import gives.
func (p Panel) filled() Panel {
	p.Revision, p.Created, p.Updated = 0, time.Time{}, time.Time{}
	p.Title, p.Abstract, p.CancelNote = filled(p.Title), filled(p.Abstract), filled(p.CancelNote)
	p.Interpretation = append([]string{}, p.Interpretation...)
	p.Speakers = append([]Speaker{}, p.Speakers...)
	p.Interventions = append([]Intervention{}, p.Interventions...)
	for i := range p.Interventions {
		v := &p.Interventions[i]
		v.Title, v.Abstract, v.Speakers = filled(v.Title), filled(v.Abstract), append([]Speaker{}, v.Speakers...)
	}
	return p
}

func (v Venue) filled() Venue {
	v.Name, v.Address = filled(v.Name), filled(v.Address)
	return v
}

// MeetingStamp gives the Stamp of a Meeting's calendar entry.
func MeetingStamp(before *Stamp, m Meeting, room Room, people map[ID]Person, event Event, now time.Time) Stamp {
	var who []any
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			who = append(who, d.Role, people[d.PersonID].Name)
		}
	}
	shown := m
	shown.Revision, shown.Created, shown.Updated, shown.Notes = 0, time.Time{}, time.Time{}, ""
	shown.Topic = filled(shown.Topic)
	for i := range shown.Sides {
		shown.Sides[i].Name = filled(shown.Sides[i].Name)
	}
	return NextStamp(before, m.UID, hash("meeting", shown, who, filled(room.Name), event.Venue.filled(), event.Slug),
		hash("meeting place", event.Zone, m.Slot, m.Status), now)
}

func hash(parts ...any) string {
	body, err := json.Marshal(parts)
	if err != nil {
		// Only channels, functions and cycles can't be marshalled, and no noun has any.
		panic("agenda: hash: " + err.Error())
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
}

func byID[T any](list []T, id func(T) ID) map[ID]T {
	m := make(map[ID]T, len(list))
	for _, item := range list {
		m[id(item)] = item
	}
	return m
}

func roomID(r Room) ID     { return r.ID }
func trackID(t Track) ID   { return t.ID }
func personID(p Person) ID { return p.ID }
