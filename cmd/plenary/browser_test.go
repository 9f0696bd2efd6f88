package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// envChromium turns the skip into a failure.
const envChromium = "PLENARY_TEST_REQUIRE_CHROMIUM"

// A browser on a machine that does ten other things is slow, and nobody waits for it in vain: these end tests that are stuck.
const (
	browserStart = 2 * time.Minute
	browserStep  = time.Minute
)

// oneBrowser lets tests that run beside each other start one at a time: several are more than a small machine has memory for.
var oneBrowser = make(chan struct{}, 1)

// browser is one tab of a real Chromium, and what it complained about.
type browser struct {
	t    *testing.T
	base string
	ctx  context.Context

	mu         sync.Mutex
	complaints []string
}

// openBrowser starts Chromium with a profile of its own, for the site at that address.
func openBrowser(t *testing.T, base string) *browser {
	t.Helper()
	program := chromium(t)
	oneBrowser <- struct{}{}
	t.Cleanup(func() { <-oneBrowser })
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(program), chromedp.WSURLReadTimeout(browserStart),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en"), chromedp.WindowSize(1280, 800),
		chromedp.NoSandbox) // it does not start as root otherwise, and reads nothing but our own pages
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	b := &browser{t: t, base: base}
	ctx, end := chromedp.NewContext(allocator, chromedp.WithErrorf(t.Logf), chromedp.WithListener(b.hear))
	b.ctx = ctx
	t.Cleanup(func() {
		end()
		free()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	tell(b, log.Enable, cdp.Empty{})
	return b
}

// tell gives the browser a command of its protocol.
func tell[P, R any](b *browser, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserStep)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// chromium finds the program, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED with -short: a browser")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const say = "SKIPPED: there is no Chromium here (Debian: apt-get install chromium), so nothing is tried in a browser"
	if os.Getenv(envChromium) == "1" {
		t.Fatal(say)
	}
	fmt.Fprintln(os.Stderr, say)
	t.Skip(say)
	return ""
}

// hear gathers what the console of the browser shows as wrong: what the policy of the page forbade, what scripts threw, and what
// could not be had.
func (b *browser) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *log.EventEntryAdded:
		path, ours := strings.CutPrefix(e.Entry.URL, b.base)
		if e.Entry.Source == log.EntrySourceNetwork && !ours {
			return // what another site has not is its own affair
		}
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			path, _, _ = strings.Cut(path, "?")
			said = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, path)
		}
	case *runtime.EventExceptionThrown:
		said = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		said = fmt.Sprintf("console.%s", e.Type)
	}
	if said != "" {
		b.mu.Lock()
		b.complaints = append(b.complaints, said)
		b.mu.Unlock()
	}
}

// quiet fails the test unless the browser complained about these things, and no others, since it was asked last.
func (b *browser) quiet(expected ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Equal(b.complaints, expected) {
		b.t.Errorf("the browser complains:\n%s\nwant:\n%s", strings.Join(b.complaints, "\n"), strings.Join(expected, "\n"))
	}
	b.complaints = nil
}

// do does these things, one after the other, each once the page has what it needs.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.leads("", steps...)
}

// leads does these things, of which the last leads to another page, waits for that, and checks its path, with the query.
func (b *browser) leads(to string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserStep)
	defer cancel()
	at, err := "", error(nil)
	if to == "" {
		err = chromedp.Do(ctx, steps...)
	} else if _, err = chromedp.RunResponse(ctx, steps...); err == nil {
		at, err = chromedp.Run(ctx, chromedp.Location())
	}
	if at = strings.TrimPrefix(at, b.base); err != nil || at != to {
		b.t.Fatalf("it leads to %q, want %q: %v\n%s", at, to, err, b.page())
	}
}

// open goes to a page.
func (b *browser) open(path, to string) {
	b.t.Helper()
	b.leads(to, chromedp.Navigate(b.base+path))
}

// page is what one can read.
func (b *browser) page() string {
	ctx, cancel := context.WithTimeout(b.ctx, browserStep)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// fits fails the test unless these pages can be read on the smallest phones, without scrolling to the side.
func (b *browser) fits(paths ...string) {
	b.t.Helper()
	const width = 320 // CSS pixels: Web Content Accessibility Guidelines 2.2, 1.4.10
	tell(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 640, DeviceScaleFactor: 1})
	for _, path := range paths {
		b.open(path, path)
		ctx, cancel := context.WithTimeout(b.ctx, browserStep)
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
		cancel()
		if err != nil || wide > width {
			b.t.Errorf("%s is %d pixels wide: %v", path, wide, err)
		}
	}
	tell(b, emulation.ClearDeviceMetricsOverride, cdp.Empty{})
}

// says fails the test unless the page has all of these.
func (b *browser) says(parts ...string) {
	b.t.Helper()
	page := b.page()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			b.t.Fatalf("no %q on the page %s", p, page)
		}
	}
}
