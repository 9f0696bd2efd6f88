package server

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"slices"

	"plenary/internal/agenda"
)

// marksOf gives for each Panel a short mark of what readers see of it in the agenda: when, where, what, who, and whether it
// takes place. A reader's device tells by it what has changed since it looked. It is the same in all languages, and does not
// change with what only the pages of panels and speakers say.
func marksOf(r *agenda.Release) map[agenda.ID]string {
	s := &r.Snapshot
	rooms, tracks, people := map[agenda.ID]agenda.Text{}, map[agenda.ID]agenda.Text{}, map[agenda.ID]string{}
	for _, room := range s.Rooms {
		rooms[room.ID] = room.Name
	}
	for _, track := range s.Tracks {
		tracks[track.ID] = track.Name
	}
	for _, person := range s.People {
		people[person.ID] = person.Name
	}
	marks := make(map[agenda.ID]string, len(s.Panels))
	for _, p := range s.Panels {
		h := sha256.New()
		markSpeakers := func(parts []agenda.Speaker) {
			for _, part := range parts {
				fmt.Fprintf(h, "%q %q,", people[part.PersonID], part.Role)
			}
		}
		fmt.Fprintf(h, "%d %d %v %d %q %t %q %q %q", p.Slot.Start.At.UnixMilli(), p.Slot.End.At.UnixMilli(), p.AllRooms, p.Number, p.Format,
			p.Cancelled, p.ReplacedBy, p.Language, p.Interpretation)
		for _, text := range []agenda.Text{p.Title, rooms[p.Slot.RoomID], tracks[p.TrackID], p.CancelNote} {
			markText(h, text)
		}
		markSpeakers(p.Speakers)
		for _, i := range p.Interventions {
			markText(h, i.Title)
			markSpeakers(i.Speakers)
		}
		marks[p.ID] = base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:3])
	}
	return marks
}

func markText(w io.Writer, t agenda.Text) {
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(w, "%q %q,", tag, t[tag])
	}
	fmt.Fprint(w, ";")
}
