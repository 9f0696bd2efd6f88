package server

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// placeView is a Room or a Track with what there is in it.
type placeView struct {
	ID          agenda.ID
	Name        said
	Description said
	URL         string
	Color       string
	Capacity    string // a sentence
	Days        []dayView
	Count       int
	Live        liveView
}

// roomPage shows a Room, or gives its calendar when the address ends so.
func (s *Server) roomPage(c echo.Context) error {
	id := c.Param("room")
	if room, ok := strings.CutSuffix(id, calendarSuffix); ok {
		return s.roomFeed(c, room)
	}
	release, err := s.app.Published(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	now := s.now()
	turn := strconv.Itoa(passed(&release.Snapshot, now))
	return s.answerLivePage(c, release, turn, c.Request().URL.Path, "room", func(v *eventView, _ *agenda.Release) error { return v.addRoom(id, now) })
}

// trackPage shows a Track, or gives its calendar when the address ends so.
func (s *Server) trackPage(c echo.Context) error {
	id := c.Param("track")
	if track, ok := strings.CutSuffix(id, calendarSuffix); ok {
		return s.trackFeed(c, track)
	}
	return s.eventPage(c, "track", func(v *eventView, _ *agenda.Release) error { return v.addTrack(id) })
}

// addRoom fills the page of a Room.
func (v *eventView) addRoom(name string, now time.Time) error {
	id := identityOf(v, name, v.rooms)
	room := v.rooms[id]
	if room == nil {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such room.")
	}
	v.Place = placeView{ID: id, Name: v.in(room.Name, room.TextLanguages, "name"),
		Description: v.in(room.Description, room.TextLanguages, "description")}
	if room.Capacity > 0 {
		var err error
		if v.Place.Capacity, err = v.Count("show_seats", room.Capacity); err != nil {
			return err
		}
	}
	in := func(p *exchange.AgendaPanel) bool { return p.Room == id || p.AllRooms }
	if err := v.addPlace("rooms/"+string(id), in); err != nil {
		return err
	}
	var here []panelView
	for _, d := range v.Place.Days {
		for _, p := range d.Panels {
			p.Again, p.Dated = true, true
			here = append(here, p)
		}
	}
	v.Place.Live = liveOf(here, now)
	return nil
}

// addTrack fills the page of a Track.
func (v *eventView) addTrack(name string) error {
	id := identityOf(v, name, v.tracks)
	track := v.tracks[id]
	if track == nil {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such track.")
	}
	v.Place = placeView{ID: id, Name: v.in(track.Name, track.TextLanguages, "name"), Color: track.Color,
		Description: v.in(track.Description, track.TextLanguages, "description")}
	return v.addPlace("tracks/"+string(id), func(p *exchange.AgendaPanel) bool { return p.Track == id })
}

// addPlace fills what the pages of rooms and tracks have in common.
func (v *eventView) addPlace(path string, in func(*exchange.AgendaPanel) bool) (err error) {
	if v.Place.Days, v.Place.Count, err = v.daysOf(in); err != nil {
		return err
	}
	v.Title, v.Canonical = v.Place.Name.Text+" · "+v.Name.Text, v.document.Event.URL+path
	v.Feed, v.JSON = v.Home+path+calendarSuffix+v.Query, ""
	v.Subscribe = v.subscribeTo(v.Place.Name, path, path+"/subscribe")
	return nil
}

// daysOf gives the days on which there is something that is wanted, and how much there is in all.
func (v *eventView) daysOf(wants func(*exchange.AgendaPanel) bool) (days []dayView, n int, err error) {
	byID := map[agenda.ID]*exchange.AgendaPanel{}
	for i := range v.document.Panels {
		byID[v.document.Panels[i].ID] = &v.document.Panels[i]
	}
	for _, d := range v.document.Days {
		day, err := v.day(d.Date)
		if err != nil {
			return nil, 0, err
		}
		for _, id := range d.Panels {
			if !wants(byID[id]) {
				continue
			}
			p, err := v.panel(byID[id])
			if err != nil {
				return nil, 0, err
			}
			day.Panels = append(day.Panels, p)
		}
		if len(day.Panels) > 0 {
			days, n = append(days, day), n+len(day.Panels)
		}
	}
	return days, n, nil
}

// day gives a day without its Panels.
func (v *eventView) day(date agenda.Date) (day dayView, err error) {
	day = dayView{Date: date, Anchor: "day-" + string(date)}
	if day.Long, err = v.reader.words.day("date_long", date); err != nil {
		return day, err
	}
	day.Short, err = v.reader.words.day("date_short", date)
	return day, err
}

// roomURL gives the address of the page of a Room; "" for no Room.
func (v *eventView) roomURL(id agenda.ID) string {
	if v.rooms[id] == nil {
		return ""
	}
	return v.Home + "rooms/" + v.short[id] + v.Query
}

// addRooms brings the days of the agenda into the order of the rooms: first what is in all of them, last what is in none.
func (v *eventView) addRooms() error {
	all, err := v.Say("all_rooms")
	if err != nil {
		return err
	}
	elsewhere, err := v.Say("show_no_room")
	if err != nil {
		return err
	}
	places := []placeView{{ID: everywhere, Name: said{Text: all}}}
	for i := range v.document.Rooms {
		room := &v.document.Rooms[i]
		places = append(places, placeView{ID: room.ID, Name: v.in(room.Name, room.TextLanguages, "name"), URL: v.roomURL(room.ID)})
	}
	places = append(places, placeView{Name: said{Text: elsewhere}})
	for _, place := range places {
		for _, d := range v.Days {
			day := dayView{Date: d.Date, Long: d.Long, Short: d.Short}
			for _, p := range d.Panels {
				if in := p.RoomID; in == place.ID && !p.AllRooms || p.AllRooms && place.ID == everywhere {
					p.Deep = true
					day.Panels = append(day.Panels, p)
				}
			}
			if len(day.Panels) > 0 {
				place.Days, place.Count = append(place.Days, day), place.Count+len(day.Panels)
			}
		}
		if place.Count > 0 {
			v.Places = append(v.Places, place)
		}
	}
	return nil
}
