package server

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/boombuler/barcode/qr"

	"plenary/internal/agenda"
)

// screenData is all that a screen on site will ever tell until something else is published: it finds out by itself what is
// now, and goes on without a network. It is JSON in the page and what the screen asks for afterwards.
type screenData struct {
	State     string       `json:"state"`   // of the Release: another one is news
	Program   string       `json:"program"` // version of the screen's script: another one has to be loaded
	Number    int          `json:"number"`
	Published int64        `json:"published"` // Unix milliseconds
	Zone      string       `json:"zone"`
	Days      []string     `json:"days"`
	Items     []screenItem `json:"items"`
	Rooms     []screenRoom `json:"rooms"`
	Whole     screenRoom   `json:"whole"` // all that is in the list
	Faces     []screenFace `json:"faces"` // one for each language, in the order in which they take turns
}

// screenItem is of a Panel what is the same in all languages.
type screenItem struct {
	Start     int64  `json:"start"` // Unix milliseconds
	End       int64  `json:"end"`
	From      string `json:"from"` // "09:00", by the Event's clock
	To        string `json:"to"`
	Day       string `json:"day"`
	Cancelled bool   `json:"cancelled,omitempty"`
	Break     bool   `json:"pause,omitempty"`
	AllRooms  bool   `json:"all,omitempty"`
	Code      string `json:"code,omitempty"` // of its page, as a QR code: the modules of a square, row by row, a bit each, in base64

	panel agenda.ID
	qr    codeView
}

// screenRoom is what there is in a Room over time. Items are told by their place in the list.
type screenRoom struct {
	ID     agenda.ID     `json:"id"`
	Scenes []screenScene `json:"scenes"`
}

type screenScene struct {
	From int64            `json:"from"` // Unix milliseconds
	Kind agenda.SceneKind `json:"kind"`
	Now  []int            `json:"now,omitempty"`
	Next []int            `json:"next,omitempty"`
	Day  agenda.Date      `json:"day,omitempty"`
}

// screenFace is what is said in one language; Items and Rooms stand in the order of the data's.
type screenFace struct {
	Lang  string            `json:"lang"`
	Words map[string]string `json:"words"`
	Event screenText        `json:"event"`
	Days  map[string]string `json:"days"` // by date: "Monday 27 October 2025"
	Rooms []screenText      `json:"rooms"`
	Items []screenSaid      `json:"items"`
	Note  string            `json:"note"` // which Release
}

// screenText is a text and the language that it is in.
type screenText [2]string

// Text gives the text.
func (t screenText) Text() string { return t[0] }

// Lang gives its language.
func (t screenText) Lang() string { return t[1] }

// screenSaid is of a Panel what is said in one language.
type screenSaid struct {
	Kind   screenText  `json:"kind"` // "Panel 1", or the Format
	Title  screenText  `json:"title"`
	Why    screenText  `json:"why"`    // it is cancelled
	Spoken string      `json:"spoken"` // "Vietnamese → English, French"
	Who    []screenWho `json:"who"`
}

type screenWho struct {
	Name string `json:"name"`
	Role string `json:"role"`
	From string `json:"from"` // function, organization
}

// screenRequest is what a screen shows.
type screenRequest struct {
	room     agenda.ID // "": all of them
	readers  []reader  // one for each language
	speakers bool
}

// noRoomYet is the room of what has none yet.
const noRoomYet = agenda.ID("")

// newScreenData makes the data of a screen from a Release.
func (s *Server) newScreenData(q screenRequest, release *agenda.Release) (*screenData, error) {
	event := release.Snapshot.Event
	d := &screenData{State: release.State(), Program: s.assetURL(screenScriptName), Number: release.Number, Published: release.Published.UnixMilli(), Zone: event.Zone}
	for _, day := range release.Snapshot.Days() {
		d.Days = append(d.Days, string(day))
	}
	rooms, panels := screenRooms(release, q.room)
	for _, p := range panels {
		item := screenItem{Start: p.Slot.Start.At.UnixMilli(), End: p.Slot.End.At.UnixMilli(), From: p.Slot.Start.Wall.Clock(), To: p.Slot.End.Wall.Clock(),
			Day: string(p.Slot.Day()), Cancelled: p.Cancelled, Break: p.Format == agenda.FormatBreak, AllRooms: p.AllRooms, panel: p.ID}
		if q.room != "" {
			var err error
			if item.Code, item.qr, err = screenCode(s.base + "/" + event.Slug + "/panels/" + p.Code); err != nil {
				return nil, err
			}
		}
		d.Items = append(d.Items, item)
	}
	for _, id := range rooms {
		here := slices.DeleteFunc(slices.Clone(panels), func(p agenda.Panel) bool {
			return p.AllRooms && id == noRoomYet || !p.AllRooms && p.Slot.RoomID != id
		})
		d.Rooms = append(d.Rooms, screenRoom{ID: id, Scenes: d.scenes(here, event)})
	}
	d.Whole.Scenes = d.scenes(panels, event)
	for _, r := range q.readers {
		face, err := s.newScreenFace(r, release, d, q.speakers)
		if err != nil {
			return nil, err
		}
		d.Faces = append(d.Faces, face)
	}
	return d, nil
}

// screenRooms gives the Rooms that a screen tells of and the Panels in them: of one Room, with what spans all; or of all
// halls, of the tables in which something takes place, and, after them, of no Room where something has none yet.
func screenRooms(release *agenda.Release, only agenda.ID) (rooms []agenda.ID, panels []agenda.Panel) {
	homeless := false
	for _, p := range release.Snapshot.Panels {
		if only == "" || p.AllRooms || p.Slot.RoomID == only {
			panels = append(panels, *p)
			homeless = homeless || p.Slot.RoomID == "" && !p.AllRooms
		}
	}
	if only != "" {
		return []agenda.ID{only}, panels
	}
	for _, r := range release.Snapshot.Rooms {
		rooms = append(rooms, r.ID)
	}
	if homeless {
		rooms = append(rooms, noRoomYet)
	}
	return rooms, panels
}

// scenes gives what a screen tells of these Panels.
func (d *screenData) scenes(panels []agenda.Panel, event agenda.Event) []screenScene {
	places := func(ids []agenda.ID) (list []int) {
		for _, id := range ids {
			list = append(list, slices.IndexFunc(d.Items, func(i screenItem) bool { return i.panel == id }))
		}
		return list
	}
	var list []screenScene
	for _, scene := range agenda.Scenes(panels, event.Location()) {
		told := screenScene{Kind: scene.Kind, Now: places(scene.Now), Next: places(scene.Next), Day: scene.Day}
		if !scene.From.IsZero() {
			told.From = scene.From.UnixMilli()
		}
		list = append(list, told)
	}
	return list
}

// newScreenFace says the data in one language.
func (s *Server) newScreenFace(r reader, release *agenda.Release, d *screenData, speakers bool) (screenFace, error) {
	v, err := s.newEventView(r, release)
	if err != nil {
		return screenFace{}, err
	}
	f := screenFace{Lang: r.words.lang, Words: r.words.beginning("screen_"), Event: screenText{v.Name.Text, v.Name.Lang}, Days: map[string]string{}, Note: v.Release}
	for _, day := range d.Days {
		if f.Days[day], err = r.words.day("date_long", agenda.Date(day)); err != nil {
			return f, err
		}
	}
	for _, room := range d.Rooms {
		name := screenText{f.Words["screen_no_room"], f.Lang}
		if shown := v.rooms[room.ID]; shown != nil {
			text := v.in(shown.Name, shown.TextLanguages, "name")
			name = screenText{text.Text, text.Lang}
		}
		f.Rooms = append(f.Rooms, name)
	}
	shown := map[agenda.ID]panelView{}
	for i := range v.document.Panels {
		p := &v.document.Panels[i]
		if slices.ContainsFunc(d.Items, func(item screenItem) bool { return item.panel == p.ID }) {
			if shown[p.ID], err = v.panel(p); err != nil {
				return f, err
			}
		}
	}
	for _, item := range d.Items {
		f.Items = append(f.Items, screenSays(shown[item.panel], speakers))
	}
	return f, nil
}

func screenSays(p panelView, speakers bool) screenSaid {
	said := screenSaid{Kind: screenText{p.Label.Text, p.Label.Lang}, Title: screenText{p.Title.Text, p.Title.Lang}, Who: []screenWho{},
		Spoken: p.Language}
	if p.Label.Text == "" {
		said.Kind = screenText{p.Format, ""}
	}
	if p.Cancelled {
		said.Why = screenText{p.CancelNote.Text, p.CancelNote.Lang}
	}
	if p.Interpretation != "" {
		said.Spoken = strings.TrimSpace(p.Language + " → " + p.Interpretation)
	}
	if !speakers {
		return said
	}
	for _, who := range p.Speakers {
		var from []string
		for _, t := range []string{who.JobTitle.Text, who.Organization.Text} {
			if t != "" {
				from = append(from, t)
			}
		}
		name := strings.TrimSpace(who.Honorific.Text + " " + who.Name)
		said.Who = append(said.Who, screenWho{name, who.Role, strings.Join(from, ", ")})
	}
	return said
}

// screenCode gives an address as a QR code, for a script and as a picture.
func screenCode(address string) (bits string, picture codeView, err error) {
	if picture, err = newCode(address); err != nil {
		return "", picture, err
	}
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return "", picture, err
	}
	size := code.Bounds().Dx()
	packed := make([]byte, (size*size+7)/8)
	for i := range size * size {
		if r, _, _, _ := code.At(code.Bounds().Min.X+i%size, code.Bounds().Min.Y+i/size).RGBA(); r == 0 {
			packed[i/8] |= 0x80 >> (i % 8)
		}
	}
	return base64.StdEncoding.EncodeToString(packed), picture, nil
}

// beginning gives the words whose keys begin so.
func (w *words) beginning(prefix string) map[string]string {
	said := map[string]string{}
	for key, text := range w.said {
		if strings.HasPrefix(key, prefix) {
			said[key] = text
		}
	}
	return said
}

func (d *screenData) encode() (string, error) {
	body, err := json.Marshal(d)
	return string(body), err
}
