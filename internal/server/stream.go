package server

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
)

// heartbeat is how often a stream says that it is there: proxies close what is silent for half a minute.
const heartbeat = 20 * time.Second

// How many streams there are at a time. A browser holds six connections to one origin, so that nobody has use for more of them.
const (
	maxStreams     = 500
	maxStreamsEach = 12
)

// streamPatience is how long a message may take to be written; a reader who takes longer is gone.
const streamPatience = 30 * time.Second

// streams counts the open streams (Server-Sent Events, WHATWG HTML 9.2) and ends them all when the program ends. It is safe for
// concurrent use.
type streams struct {
	beat    time.Duration
	mu      sync.Mutex
	open    map[string]int // by who reads
	all     int
	ending  chan struct{}
	endOnce sync.Once
}

func newStreams(beat time.Duration) *streams {
	return &streams{beat: cmp.Or(beat, heartbeat), open: map[string]int{}, ending: make(chan struct{})}
}

// EndStreams ends all streams, and refuses new ones: they would else last until the program is killed. Their readers come
// again by themselves, to the program that is started next.
func (s *Server) EndStreams() { s.streams.endOnce.Do(func() { close(s.streams.ending) }) }

// enter counts one more for who reads it. The caller must call leave, once, which says how many are left.
func (s *streams) enter(actor agenda.Actor) (leave func() int, err error) {
	who := string(actor.Kind) + " " + string(actor.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ending:
		return nil, agenda.Errorf(agenda.Unavailable, "The program is being stopped. Try again in a moment.")
	default:
	}
	if s.all >= maxStreams || s.open[who] >= maxStreamsEach {
		return nil, tooMany(time.Minute)
	}
	s.all++
	s.open[who]++
	return func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.open[who]--; s.open[who] == 0 {
			delete(s.open, who)
		}
		return s.all
	}, nil
}

// stream is an answer that goes on: messages to one browser.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	retry   string // how soon the browser comes again, until it was told
}

// begin sends the headers. Nothing on the way may keep messages back or pack them together.
func begin(c echo.Context) (*stream, error) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	h.Set(echo.HeaderCacheControl, "private, no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	if c.Request().Method == http.MethodHead {
		return nil, c.NoContent(http.StatusOK)
	}
	w := &stream{c.Response(), http.NewResponseController(c.Response()), "retry: 3000\n"}
	// The server's limits are for requests that are answered once. What waits for the connection to end would else be told so.
	if err := w.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	c.Response().WriteHeader(http.StatusOK)
	return w, nil
}

func (w *stream) write(text string) error {
	if err := w.control.SetWriteDeadline(time.Now().Add(streamPatience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := w.w.Write([]byte(text)); err != nil {
		return err
	}
	return w.control.Flush()
}

// beat says that the stream is there.
func (w *stream) beat() error { return w.write(":\n\n") }

// send sends a message of that kind. The id is what the browser names when it comes again; "" leaves the one before.
func (w *stream) send(kind, id string, data any) error {
	body, err := json.Marshal(data) // without line breaks
	if err != nil {
		return err
	}
	var m strings.Builder
	m.WriteString(w.retry + "event: " + kind + "\n")
	w.retry = ""
	if id != "" {
		m.WriteString("id: " + id + "\n")
	}
	m.WriteString("data: ")
	m.Write(body)
	m.WriteString("\n\n")
	return w.write(m.String())
}

// stillActor says who reads, as [Server.actor] does, without counting as use of what they are known by.
func (s *Server) stillActor(c echo.Context) (agenda.Actor, error) {
	if len(c.Request().Header.Values(echo.HeaderAuthorization)) > 0 {
		return s.actor(c)
	}
	who, err := s.app.StillSignedIn(c.Request().Context(), cookie(c.Request(), loginCookie), from(c))
	return who.Actor, err
}
