package server

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// routeScreens adds what hangs and lies about where the Event takes place. All of it is of the latest Release.
func (s *Server) routeScreens() {
	s.route(Public, "/:event/screens", s.onsitePage)
	s.route(Public, "/:event/lobby", s.lobbyScreen)
	s.route(Public, "/:event/rooms/:room/door", s.doorScreen)
	s.route(Public, "/:event/screen.json", s.screenJSON)
	s.route(Public, "/:event/print", s.printPage)
	s.route(Public, "/:event/rooms/:room/sheet", s.sheetPage)
	s.route(Public, "/:event/panels/:panel/card", s.cardPage)
}

// screenRefresh is how often a screen without a script is loaded anew.
const screenRefresh = 30 * time.Second

// What an address of a screen may ask for.
const (
	maxScreenLanguages = 6
	maxScreenZones     = 3
	leastScreenTurn    = 5 // seconds
	mostScreenTurn     = 120
	usualScreenTurn    = 15
)

// screenOptions are what the address of a screen asks for.
type screenOptions struct {
	screenRequest
	theme string         // "light", "dark" or ""
	qr    bool           // with QR codes
	every int            // seconds until the next language, or the next page
	zones []string       // of further clocks
	at    *agenda.Moment // nil: now
}

// key tells options apart that make other pages.
func (o screenOptions) key() []string {
	key := []string{string(o.room), o.theme, strconv.FormatBool(o.qr), strconv.Itoa(o.every), strings.Join(o.zones, " ")}
	return append(key, keysOf(o.readers)...)
}

func keysOf(readers []reader) (keys []string) {
	for _, r := range readers {
		keys = append(keys, r.key())
	}
	return keys
}

// screenOptionsOf reads the address of a screen. What it does not understand is refused: a screen that shows something else
// than was asked for is noticed when everybody has gone by.
func screenOptionsOf(c echo.Context, event agenda.Event) (o screenOptions, err error) {
	o.qr, o.every, o.speakers = true, usualScreenTurn, true
	if o.readers, err = screenReaders(c, event.Languages); err != nil {
		return o, err
	}
	if err := o.readLook(c.QueryParams()); err != nil {
		return o, err
	}
	if o.zones, err = zonesAsked(c.QueryParam("zones")); err != nil {
		return o, err
	}
	if at := c.QueryParam("at"); at != "" {
		m, err := agenda.ParseMoment(event.Location(), at)
		if len(at) > maxParameter || err != nil {
			return o, badAddress("at", "It is a moment by the clock of the event, such as "+string(event.StartDate)+"T09:10.")
		}
		o.at = &m
	}
	return o, nil
}

// readLook reads what of the address is about how the screen looks.
func (o *screenOptions) readLook(q url.Values) (err error) {
	switch o.theme = q.Get("theme"); o.theme {
	case "", "light", "dark":
	case "auto":
		o.theme = ""
	default:
		return badAddress("theme", "The theme is light, dark or auto.")
	}
	switch q.Get("qr") {
	case "", "1":
	case "0":
		o.qr = false
	default:
		return badAddress("qr", "It is 0 for a screen without QR codes, or 1.")
	}
	if every := q.Get("every"); every != "" {
		if o.every, err = strconv.Atoi(every); err != nil || o.every < leastScreenTurn || o.every > mostScreenTurn {
			return badAddress("every", "It is a number of seconds from 5 to 120.")
		}
	}
	return nil
}

func zonesAsked(list string) (zones []string, err error) {
	if list == "" {
		return nil, nil
	}
	for name := range strings.SplitSeq(list, ",") {
		if _, err := agenda.LoadZone(name); err != nil || len(zones) == maxScreenZones {
			return nil, badAddress("zones", "It takes up to three IANA time zones, such as Europe/Paris, with commas between them.")
		}
		zones = append(zones, name)
	}
	return zones, nil
}

// screenReaders gives for whom a screen is, one after the other: those of ?langs=, or the one of ?lang= or of the browser.
func screenReaders(c echo.Context, languages []string) ([]reader, error) {
	list := c.QueryParam("langs")
	if list == "" {
		r, err := readerOf(c, languages)
		return []reader{r}, err
	}
	var readers []reader
	for tag := range strings.SplitSeq(list, ",") {
		r, ok, err := readerIn(tag, languages)
		if err != nil {
			return nil, err
		}
		if !ok || len(readers) == maxScreenLanguages {
			return nil, badAddress("langs", "It takes up to six languages of the event or of the program, such as en,vi, with commas between them.")
		}
		if !slices.ContainsFunc(readers, func(other reader) bool { return other.key() == r.key() }) {
			readers = append(readers, r)
		}
	}
	return readers, nil
}

// readerIn gives who reads in a language, if it is one of those or of the program's.
func readerIn(tag string, languages []string) (r reader, ok bool, err error) {
	all, err := allWords()
	if err != nil || len(tag) > maxParameter {
		return r, false, err
	}
	content, held := heldIn(tag, languages)
	program, known := heldIn(tag, programLanguages)
	switch {
	case !held && !known:
		return r, false, nil
	case !held && len(languages) > 0:
		content = languages[0]
	case !held:
		content = program
	}
	if !known {
		program = spokenFor(content)
	}
	if held {
		program = spokenFor(content)
	}
	r = reader{words: all[program], content: content, query: "?lang=" + program}
	if held {
		r.query = "?lang=" + content
	}
	return r, true, nil
}

// dataQuery is the query with which a screen asks for its data.
func (o screenOptions) dataQuery() string {
	q := url.Values{}
	if o.room != "" {
		q.Set("room", string(o.room))
	}
	var tags []string
	for _, r := range o.readers {
		tag := strings.TrimPrefix(r.query, "?lang=")
		if tag == "" {
			tag = r.words.lang
		}
		tags = append(tags, tag)
	}
	q.Set("langs", strings.Join(tags, ","))
	return q.Encode()
}

// screenAsked gives the latest Release and how a screen is to show it.
func (s *Server) screenAsked(c echo.Context) (release *agenda.Release, o screenOptions, err error) {
	if release, err = s.app.Published(c.Request().Context(), c.Param("event")); err == nil {
		o, err = screenOptionsOf(c, release.Snapshot.Event)
	}
	return release, o, err
}

// screenJSON answers with what a screen knows. It is asked for again and again: nearly always, the answer is 304.
func (s *Server) screenJSON(c echo.Context) error {
	release, o, err := s.screenAsked(c)
	if err != nil {
		return err
	}
	if name := c.QueryParam("room"); name != "" {
		room, ok := roomAt(&release.Snapshot, name)
		if !ok {
			return errNoRoom
		}
		o.room = room.ID
	}
	key := keyOf(release.State(), append([]string{"screen.json", release.Snapshot.Event.Slug, string(o.room)}, keysOf(o.readers)...)...)
	b, err := s.partOf(c, key, func() (*body, error) { return s.screenBody(o, release) })
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, cacheScreen)
	return b.answer(c)
}

func (s *Server) screenBody(o screenOptions, release *agenda.Release) (*body, error) {
	d, err := s.newScreenData(o.screenRequest, release)
	if err != nil {
		return nil, err
	}
	text, err := d.encode()
	if err != nil {
		return nil, err
	}
	return newPackedBody(mediaJSON, release.Modified(), []byte(text)), nil
}

// cacheScreen lets nobody answer for the server, whose clock a screen goes by.
const cacheScreen = "public, no-cache"

var errNoRoom = agenda.Errorf(agenda.NotFound, "The agenda has no such room.")

// doorScreen shows what is before the door of a Room.
func (s *Server) doorScreen(c echo.Context) error {
	return s.screenPage(c, "screen_door", c.Param("room"))
}

// lobbyScreen shows what is in all Rooms.
func (s *Server) lobbyScreen(c echo.Context) error { return s.screenPage(c, "screen_lobby", "") }

func (s *Server) screenPage(c echo.Context, template, name string) error {
	noIndex(c)
	release, o, err := s.screenAsked(c)
	if err != nil {
		return err
	}
	room, ok := roomAt(&release.Snapshot, name)
	if !ok && template == "screen_door" {
		return errNoRoom
	}
	o.room = room.ID
	b, err := s.screen(c, template, o, release)
	if err != nil {
		return err
	}
	addVary(c.Response().Header(), "Accept-Language")
	c.Response().Header().Set(echo.HeaderCacheControl, cacheScreen)
	return b.answer(c)
}

// screen gives the page of a screen as it is now, or at the moment that is looked at.
func (s *Server) screen(c echo.Context, template string, o screenOptions, release *agenda.Release) (*body, error) {
	build := func() (*body, error) {
		v, err := s.newScreenView(o, release)
		if err != nil {
			return nil, err
		}
		return renderPage(template, v, o.readers[v.turn], time.Time{})
	}
	if o.at != nil { // as many as one likes: none of them gets a place in the cache
		if err := s.mayMake(c); err != nil {
			return nil, err
		}
		return build()
	}
	turn := strconv.FormatInt(s.now().Unix()/int64(screenRefresh.Seconds()), 10)
	return s.partOf(c, keyOf(release.State()+" "+turn, append([]string{template, release.Snapshot.Event.Slug}, o.key()...)...), build)
}
