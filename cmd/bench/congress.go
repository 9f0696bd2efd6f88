package main

import (
	"encoding/json"
	"fmt"
	"time"
)

// congress gives a schedule.json of so many talks in 50 rooms, each with an abstract of a thousand characters, or about that, and two of
// as many speakers: what is imported.
func congress(entries int) ([]byte, error) {
	const rooms, perDay = 50, 20
	m := &maker{state: 10}
	var days []object
	for first := 0; first < entries; first += rooms * perDay {
		date := time.Date(2030, 6, 1, 8, 0, 0, 0, time.FixedZone("", 2*60*60)).AddDate(0, 0, len(days))
		byRoom := map[string][]object{}
		for i := first; i < min(entries, first+rooms*perDay); i++ {
			room := fmt.Sprintf("Hall %d", i%rooms+1)
			start := date.Add(time.Duration((i-first)/rooms) * raster)
			byRoom[room] = append(byRoom[room], object{"id": i + 1, "guid": id("talk", i), "date": start.Format(wallClock), "start": start.Format("15:04"),
				"duration": "00:30", "room": room, "title": m.words(english, 7), "abstract": m.words(english, 180), "language": "en", "type": "talk",
				"persons": []object{congressPerson(i), congressPerson((i + entries/2) % entries)}})
		}
		days = append(days, object{"index": len(days) + 1, "date": date.Format(time.DateOnly), "rooms": byRoom,
			"day_start": date.Format(wallClock), "day_end": date.Add(12 * time.Hour).Format(wallClock)})
	}
	last := time.Date(2030, 6, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, len(days)-1)
	return json.Marshal(object{"schedule": object{"version": "1", "conference": object{"acronym": "congress", "title": "Congress",
		"start": "2030-06-01", "end": last.Format(time.DateOnly), "daysCount": len(days), "timeslot_duration": "00:05",
		"time_zone_name": "Europe/Berlin", "days": days}}})
}

func congressPerson(i int) object {
	return object{"id": i + 1, "public_name": fmt.Sprintf("Speaker %d", i+1)}
}
