package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// venue is the demo's forum, served within the test: what happens to it is in the test's hands.
type venue struct {
	*httptest.Server
	app  *app.App
	site demoSite
	room agenda.ID // in which panel 1 takes place
}

// newVenue serves the forum; pages of these origins may frame its embedded agenda.
func newVenue(t *testing.T, origins ...string) *venue {
	t.Helper()
	ctx, log := t.Context(), newLogger(io.Discard, config{LogFormat: "text"})
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "plenary.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	v := &venue{Server: httptest.NewUnstartedServer(nil), app: newApp(s, log, nil)}
	base := "http://" + v.Listener.Addr().String()
	if v.site, err = prepareDemo(ctx, v.app, earlyApp(s, log), base); err != nil {
		t.Fatal(err)
	}
	answers, err := handler(ctx, &installation{config: config{EmbedOrigins: origins}, log: log, store: s, app: v.app}, base)
	if err != nil {
		t.Fatal(err)
	}
	v.Config.Handler = answers
	v.Start()
	t.Cleanup(v.Close)
	release, err := v.app.Published(ctx, demoSlug)
	if err != nil {
		t.Fatal(err)
	}
	panel, _ := release.Snapshot.Panel("PANEL1")
	v.room = panel.Slot.RoomID
	return v
}

// until waits until an expression of the page is true.
func (b *browser) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserStep)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression)); err != nil {
		b.t.Fatalf("%s: %v\n%s", expression, err, b.page())
	}
}

// A page of another site shows the agenda in a frame, which becomes as high as what is in it, whatever that is.
func TestAFrameInAnotherSiteGrows(t *testing.T) {
	t.Parallel()
	page := ""
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page) }))
	t.Cleanup(other.Close)
	origin := strings.Replace(other.URL, "127.0.0.1", "localhost", 1) // another site altogether
	v := newVenue(t, origin)
	page = `<!doctype html><title>Another site</title><link rel="icon" href="data:,"><iframe src="` + v.URL + `/vidw-2025/embed" data-plenary title="Agenda" style="width: 100%; height: 90px; border: 0"></iframe>
<iframe src="` + v.URL + `/vidw-2025/embed" title="One that is not ours" height="90"></iframe><script src="` + v.URL + `/static/embed.js" async></script>`
	b := openBrowser(t, origin)
	b.open("/", "/")
	b.until(`document.querySelector("[data-plenary]").offsetHeight > 1500`)
	b.do(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("[data-plenary]").src += "?days=2025-10-29&rooms=none")`))
	b.until(`document.querySelector("[data-plenary]").offsetHeight < 1500`)
	// What says something like it, and is not the frame, is not believed; nor is another frame resized.
	b.do(chromedp.Evaluate[chromedp.Void](`void postMessage({ plenary: "height", height: 7 }, "*")`))
	b.until(`document.querySelector("[data-plenary]").offsetHeight > 500 && document.querySelectorAll("iframe")[1].offsetHeight === 94`)
	b.quiet()
}

// A screen goes by its clock, takes what is published, and goes on when the server is gone.
func TestAScreenGoesOnWithoutANetwork(t *testing.T) {
	t.Parallel()
	v := newVenue(t)
	b := openBrowser(t, v.URL)
	door := "/vidw-2025/rooms/" + string(v.room) + "/door?lang=en&at=2025-10-27T15:29:59"
	b.open(door, door)
	b.until(`document.querySelector(".now h2").innerText === "Coffee break"`)
	b.says("Test view", "Monday 27 October 2025", "30 min left", "Networking of the EU")

	ctx := t.Context()
	room, err := v.app.Room(ctx, operator, demoSlug, v.room)
	if err != nil {
		t.Fatal(err)
	}
	room.Name["en"] = "Garden"
	if _, err := v.app.EditRoom(ctx, operator, demoSlug, app.Match{Any: true}, room); err != nil {
		t.Fatal(err)
	}
	if _, err := v.app.Publish(ctx, operator, demoSlug, nil, nil, app.Once{}); err != nil {
		t.Fatal(err)
	}
	online := chromedp.Evaluate[chromedp.Void](`void dispatchEvent(new Event("online"))`) // it asks at once
	b.do(online)
	b.until(`document.querySelector("h1").innerText === "Garden"`)
	b.quiet()

	v.CloseClientConnections()
	v.Close()
	b.do(online)
	b.until(`document.querySelector(".offline").innerText.startsWith("No connection. As known at ")`)
	b.says("Garden", "Coffee break")
	b.quiet("network: Failed to load resource: net::ERR_CONNECTION_REFUSED /vidw-2025/screen.json")

	// On the smallest screens nothing is cut off and nothing scrolls.
	tell(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 480, Height: 320, DeviceScaleFactor: 1})
	b.until(`innerWidth === 480 && document.documentElement.scrollHeight <= 320 && document.documentElement.scrollWidth <= 480`)
	tell(b, emulation.ClearDeviceMetricsOverride, cdp.Empty{})
}
