package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// endless gives bytes until somebody closes it.
type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "panel=x&"[(e.given+i)%8]
	}
	e.given += len(p)
	return len(p), nil
}

// A form that is too large is refused while it comes, whether it says so or not, and no more of it is read than fits.
func TestFormsHaveALimit(t *testing.T) {
	sweep(t)
	h := newHarness(t)
	own, _ := furnish(h)
	_, login := h.newLogin("mai@example.org", true, forum, agenda.Owner)
	forms, unread := 0, 0
	for _, r := range routesOf(h.server) {
		if r.Method != http.MethodPost || strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		forms++
		most := max(maxForm, h.server.formLimits[r.Path])
		for _, media := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"} {
			for _, length := range []int64{-1, most + 1, 1 << 40} {
				body := &endless{}
				var reader io.Reader = body
				if strings.HasPrefix(media, "multipart") {
					reader = io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"panel\"\r\n\r\n"), body)
				}
				request := httptest.NewRequest(r.Method, own.target(r.Path), reader)
				request.ContentLength = length
				request.Header.Set("Content-Type", media)
				request.Header.Set("Accept", "text/html")
				request.Header.Set("Cookie", login)
				w := httptest.NewRecorder()
				h.server.ServeHTTP(w, request)
				if length < 0 && body.given == 0 && w.Code != http.StatusOK {
					unread++ // it asks for nothing, or was refused for another reason
					continue
				}
				if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "Too much at once") {
					t.Errorf("%s, %s of %d bytes: %d %s", r.Path, media, length, w.Code, w.Body)
				}
				if int64(body.given) > 2*most {
					t.Errorf("%s, %s of %d bytes: %d bytes were read", r.Path, media, length, body.given)
				}
			}
		}
	}
	if forms < 20 || unread > forms {
		t.Errorf("%d forms, of which %d were not read", forms, unread/2)
	}
}

// The same over a real connection, chunk by chunk and without an end: the answer comes, and the connection ends.
func TestAnEndlessFormIsCutOff(t *testing.T) {
	h := newHarness(t)
	furnish(h)
	site := httptest.NewServer(h.server)
	defer site.Close()
	for _, path := range []string{"/" + forum + "/starred", "/api/v1/events/" + forum + "/starred-feeds"} {
		conn, err := net.Dial("tcp", site.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n", path)
		go func() {
			chunk := fmt.Sprintf("%x\r\n%s\r\n", 8<<10, strings.Repeat("panel=x&", 1<<10))
			for {
				if _, err := io.WriteString(conn, chunk); err != nil {
					return
				}
			}
		}()
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %v %v", path, answer, err)
			continue
		}
		if !answer.Close {
			t.Errorf("%s: the connection goes on", path)
		}
	}
}
