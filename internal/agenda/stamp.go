package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Variant is one way in which feeds tell their entries: a language as a BCP 47 tag, or [BusyVariant].
type Variant string

// BusyVariant tells when an entry takes place, to those who come to it where, and nothing else.
const BusyVariant Variant = "busy"

// Stamp is the revision of a calendar entry in one Variant: what its SEQUENCE, LAST-MODIFIED, DTSTAMP
// and CREATED say (RFC 5545, 3.8.7). It is stored and only ever moves forward, so that equal content
// has equal bytes however often it is fetched.
type Stamp struct {
	UID       string
	Variant   Variant
	Sequence  int        // rises when time, place or status change; the same in every Variant
	Created   time.Time  // whole seconds, UTC
	Modified  time.Time  // whole seconds, UTC; rises with any change that the Variant shows
	Cancelled *time.Time // since when the entry says that it is cancelled; nil: it takes place
	Content   string     // hash of all that the Variant shows; "": not known
	Place     string     // hash of time, place and status; "": not known
}

// Entry is a calendar entry as it should be told now.
type Entry struct {
	UID       string
	Variant   Variant
	Cancelled bool
	Content   string
	Place     string
}

// Restamp gives the Stamps of the entries that differ from those before, and no others. Stamps
// without an entry stay as they are: should the entry return, it counts on from there. With anew,
// every entry counts as modified: something that is in all of them changed.
//
// SEQUENCE belongs to the UID, so that who changes to another Variant never goes back. A Variant that
// was not told for a while catches up.
func Restamp(before []Stamp, entries []Entry, anew bool, now time.Time) []Stamp {
	type key struct {
		uid     string
		variant Variant
	}
	known, newest, latest := make(map[key]*Stamp, len(before)), make(map[string]*Stamp, len(before)), make(map[string]time.Time, len(before))
	for i := range before {
		s := &before[i]
		if s.Modified.After(latest[s.UID]) {
			latest[s.UID] = s.Modified
		}
		known[key{s.UID, s.Variant}] = s
		if last := newest[s.UID]; last == nil || s.Sequence > last.Sequence || s.Sequence == last.Sequence && s.Modified.After(last.Modified) {
			newest[s.UID] = s
		}
	}
	now = now.UTC().Truncate(time.Second)
	var changed []Stamp
	for _, e := range entries {
		own, last := known[key{e.UID, e.Variant}], newest[e.UID]
		if own == nil || anew || own.Content != e.Content || own.Place != e.Place || own.Sequence != last.Sequence {
			changed = append(changed, nextStamp(own, last, e, latest[e.UID], now))
		}
	}
	return changed
}

// nextStamp gives the Stamp of an entry after its own last one and the newest one of its UID in any
// Variant; both may be nil. It is later than what any Variant told of it: a feed may change its own.
func nextStamp(own, newest *Stamp, e Entry, latest, now time.Time) Stamp {
	next := Stamp{UID: e.UID, Variant: e.Variant, Created: now, Modified: now, Content: e.Content, Place: e.Place}
	if newest != nil {
		next.Sequence, next.Created = newest.Sequence, newest.Created
		if newest.Place != "" && newest.Place != e.Place {
			next.Sequence++
		}
		if own == nil {
			own = newest
		}
		next.Cancelled = own.Cancelled
		if !now.After(latest) {
			next.Modified = latest.Add(time.Second)
		}
	}
	switch {
	case !e.Cancelled:
		next.Cancelled = nil
	case next.Cancelled == nil:
		next.Cancelled = &next.Modified
	}
	return next
}

// StampsOf gives the Stamps of one Variant, by UID.
func StampsOf(stamps []Stamp, v Variant) map[string]Stamp {
	of := map[string]Stamp{}
	for _, s := range stamps {
		if s.Variant == v {
			of[s.UID] = s
		}
	}
	return of
}

// EventUID is the UID of the calendar entry of the Event itself.
func EventUID(e *Event) string { return string(e.ID) + "@plenary" }

// EventPlace says when the Event is, as a hash, as [PanelPlace] does of a Panel.
func EventPlace(e *Event) string { return hash("event place", e.StartDate, e.EndDate) }

// PanelPlace says when and where a scheduled Panel is and whether it takes place, as a hash: what it
// takes for the SEQUENCE of its calendar entry to rise. A Room that is renamed stays the same place.
func PanelPlace(e *Event, p *Panel) string {
	return hash("panel place", e.Zone, p.Slot.Start.Wall, p.Slot.Start.At.Unix(), p.Slot.End.Wall, p.Slot.End.At.Unix(),
		p.Slot.RoomID, p.AllRooms, p.Cancelled)
}

// MeetingPlace says the same of a Meeting that has a Slot. One that was held is told as it was before.
func MeetingPlace(e *Event, m *Meeting) string {
	status := m.Status
	if status == MeetingHeld {
		status = MeetingAccepted
	}
	return hash("meeting place", e.Zone, m.Slot.Start.Wall, m.Slot.Start.At.Unix(), m.Slot.End.Wall, m.Slot.End.At.Unix(),
		m.Slot.RoomID, status)
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
