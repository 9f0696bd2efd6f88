package server

import (
	"strconv"
	"time"

	"plenary/internal/agenda"
)

// screenView is a screen as it is before its script has begun, or without one.
type screenView struct {
	view
	turn int // which of the readers it is for, where they take turns

	Data    string // JSON
	From    string // where the script asks for it again
	Every   int    // seconds
	Refresh int    // seconds, without a script
	Zones   string // of further clocks, separated by commas
	At      int64  // Unix milliseconds of the moment that is looked at; 0: now
	QR      bool
	Test    string // a sentence

	Event    screenText
	Name     screenText // of the Room
	Clock    string
	Today    string
	Clocks   []screenClock
	Now      []screenShown
	NextWord string
	Next     []screenShown
	Sentence string
	Rows     []screenRow
	Banner   []screenShown // what takes place in all Rooms
	Code     *codeView     // of the agenda
	Note     string
}

// screenClock is what the clocks show in another zone.
type screenClock struct{ Zone, Time string }

// screenShown is a Panel on a screen.
type screenShown struct {
	screenItem
	screenSaid
	*words
	When   string
	Soon   bool
	QRCode *codeView
}

// screenRow is a Room on the lobby screen.
type screenRow struct {
	Name      screenText
	Now, Next []screenShown
}

// soon is how far off something is when a screen counts the minutes to it.
const soon = 30 * time.Minute

func (s *Server) newScreenView(o screenOptions, release *agenda.Release) (*screenView, error) {
	data, err := s.newScreenData(o.screenRequest, release)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if o.at != nil {
		now = o.at.At
	}
	turn := int(now.Unix()/int64(screenRefresh.Seconds())) % len(o.readers)
	event := release.Snapshot.Event
	v := &screenView{view: s.newView(o.readers[turn], nil), turn: turn, Every: o.every, Refresh: int(screenRefresh.Seconds()), QR: o.qr,
		From: s.root() + event.Slug + "/screen.json?" + o.dataQuery()}
	v.NoIndex = true
	v.Styles = append(v.Styles[:1:1], s.assetURL(screenStyleName))
	if o.theme != "" {
		v.Styles = append(v.Styles, s.assetURL("theme_"+o.theme+".css"))
	}
	v.Scripts = []string{s.assetURL(screenScriptName)}
	if v.Data, err = data.encode(); err != nil {
		return nil, err
	}
	return v, v.fill(o, data, data.Faces[turn], event, now, s.base)
}

func (v *screenView) fill(o screenOptions, d *screenData, face screenFace, event agenda.Event, now time.Time, base string) (err error) {
	v.Event, v.Note = face.Event, face.Note
	here := agenda.MomentOf(event.Location(), now)
	v.Clock = here.Wall.Clock()
	if v.Today, err = v.day("date_long", here.Wall.Date()); err != nil {
		return err
	}
	for i, zone := range o.zones {
		location, err := agenda.LoadZone(zone)
		if err != nil {
			return err
		}
		v.Clocks = append(v.Clocks, screenClock{zonePlace(zone), agenda.MomentOf(location, now).Wall.Clock()})
		if v.Zones += zone; i < len(o.zones)-1 {
			v.Zones += ","
		}
	}
	if o.at != nil {
		v.At = now.UnixMilli()
		if v.Test, err = v.Say("screen_test", "day", v.Today, "time", v.Clock); err != nil {
			return err
		}
	}
	if o.room != "" {
		return v.fillDoor(d, face, now)
	}
	if v.QR {
		code, err := newCode(base + "/" + event.Slug + "/")
		if err != nil {
			return err
		}
		v.Code = &code
	}
	return v.fillLobby(d, face, now, here.Wall.Date())
}

func (v *screenView) fillDoor(d *screenData, face screenFace, now time.Time) (err error) {
	v.Name = face.Rooms[0]
	if v.Title, err = v.Say("screen_door_title", "room", v.Name[0]); err != nil {
		return err
	}
	scene := sceneOf(d.Rooms[0], now)
	if v.Now, err = v.shown(d, face, scene.Now, now); err != nil {
		return err
	}
	if v.Next, err = v.shown(d, face, scene.Next[:min(3, len(scene.Next))], now); err != nil {
		return err
	}
	v.NextWord = face.Words["screen_next"]
	if scene.Kind == agenda.SceneBefore || scene.Kind == agenda.SceneEvening {
		v.NextWord = face.Days[string(scene.Day)]
	}
	v.Sentence, err = v.sentence(d, face, scene, "screen_")
	return err
}

// sentence says what there is when nothing takes place; "" when something does.
func (v *screenView) sentence(d *screenData, face screenFace, scene screenScene, prefix string) (string, error) {
	if scene.Kind == agenda.SceneNow {
		return "", nil
	}
	begin := ""
	if len(scene.Next) > 0 {
		begin = d.Items[scene.Next[0]].From
	}
	return v.Say(prefix+string(scene.Kind), "day", face.Days[string(scene.Day)], "time", begin)
}

func (v *screenView) fillLobby(d *screenData, face screenFace, now time.Time, today agenda.Date) (err error) {
	if v.Title, err = v.Say("screen_lobby_title", "event", v.Event[0]); err != nil {
		return err
	}
	whole := sceneOf(d.Whole, now)
	if lobbyRests(whole.Kind) {
		if v.Sentence, err = v.sentence(d, face, whole, "screen_lobby_"); err != nil {
			return err
		}
		v.Next, err = v.shown(d, face, whole.Next, now)
		return err
	}
	var all, here []int
	for _, i := range whole.Now {
		if d.Items[i].AllRooms {
			all = append(all, i)
		}
	}
	if v.Banner, err = v.shown(d, face, all, now); err != nil {
		return err
	}
	for i, room := range d.Rooms {
		scene := sceneOf(room, now)
		if scene.Kind == agenda.SceneEmpty {
			continue
		}
		row := screenRow{Name: face.Rooms[i]}
		here = here[:0]
		for _, n := range scene.Now {
			if !d.Items[n].AllRooms {
				here = append(here, n)
			}
		}
		if row.Now, err = v.shown(d, face, here, now); err != nil {
			return err
		}
		if scene.Day == today {
			next := scene.Next[:min(1, len(scene.Next))]
			if len(scene.Next) > 1 && d.Items[scene.Next[0]].AllRooms {
				next = scene.Next[:2] // what follows on a break, too
			}
			if row.Next, err = v.shown(d, face, next, now); err != nil {
				return err
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

// lobbyRests says of what there is in all Rooms whether a sentence tells it better than a table.
func lobbyRests(kind agenda.SceneKind) bool {
	return kind == agenda.SceneBefore || kind == agenda.SceneEvening || kind == agenda.SceneOver || kind == agenda.SceneEmpty
}

func sceneOf(room screenRoom, now time.Time) screenScene {
	scene := room.Scenes[0]
	for _, s := range room.Scenes {
		if s.From <= now.UnixMilli() {
			scene = s
		}
	}
	return scene
}

// shown gives Panels as they are shown at a moment.
func (v *screenView) shown(d *screenData, face screenFace, places []int, now time.Time) (list []screenShown, err error) {
	for _, i := range places {
		x := screenShown{screenItem: d.Items[i], screenSaid: face.Items[i], words: v.words}
		if v.QR && x.Code != "" {
			x.QRCode = &x.qr
		}
		start, end := time.UnixMilli(x.Start).Sub(now), time.UnixMilli(x.End).Sub(now)
		switch minutes := strconv.Itoa(int((start + time.Minute - 1) / time.Minute)); {
		case start <= 0 && end < time.Minute:
			x.When, err = v.Say("screen_last_minute")
		case start <= 0:
			x.When, err = v.Say("screen_left", "n", int((end+time.Minute-1)/time.Minute))
		case start <= soon:
			x.Soon = true
			x.When, err = v.Say("screen_in", "n", minutes)
		default:
			x.When, err = v.Say("screen_at", "time", x.From)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

// zonePlace gives the place in the name of a zone: "Paris" of "Europe/Paris".
func zonePlace(zone string) string {
	place := zone
	for i := range zone {
		if zone[i] == '/' {
			place = zone[i+1:]
		}
	}
	spaced := []byte(place)
	for i, c := range spaced {
		if c == '_' {
			spaced[i] = ' '
		}
	}
	return string(spaced)
}
