package oidctest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// envRequire turns the skip into a failure.
const envRequire = "PLENARY_TEST_REQUIRE_PROVIDER"

// The clients that the provider knows.
const (
	Client      = "plenary"
	Secret      = "plenary-secret"
	ShortClient = "short"
	ShortSecret = "short-secret"
)

const (
	// patience bounds the end of the program and each question to it.
	patience = 30 * time.Second
	// buildTime bounds its start, for which its modules may have to be fetched and compiled.
	buildTime = 5 * time.Minute
)

// Provider is a running provider.
type Provider struct {
	Issuer string
	stop   func()
}

// Start builds the provider and starts it at a port that is free. Browsers are sent back to the addresses given and no others.
func Start(t testing.TB, redirects ...string) *Provider {
	t.Helper()
	return StartAt(t, "127.0.0.1:0", redirects...)
}

// StartAt does the same at an address of this machine, as host:port.
func StartAt(t testing.TB, address string, redirects ...string) *Provider {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	cmd := exec.Command("go", "run", ".", "-address", address, "-redirect", strings.Join(redirects, ",")) // #nosec G204 -- tests only; it keeps what it built
	cmd.Dir = filepath.Join(filepath.Dir(here), "testdata", "provider")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.WaitDelay = time.Second
	var log bytes.Buffer
	cmd.Stderr = &log
	stdin, err := cmd.StdinPipe() // it ends when this is closed: by stop, or by the end of this process
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	if err := cmd.Start(); err != nil {
		absent(t, err.Error())
	}
	p := &Provider{stop: sync.OnceFunc(func() {
		_ = stdin.Close()
		late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // how it ended says nothing
		late.Stop()
	})}
	t.Cleanup(p.stop)
	late := time.AfterFunc(buildTime, func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	late.Stop()
	if err != nil {
		p.stop()
		if strings.Contains(log.String(), "provider: ") { // it was built, and did not start
			t.Fatalf("oidctest: %s", log.String())
		}
		absent(t, log.String())
	}
	p.Issuer = strings.TrimSpace(line)
	return p
}

// Stop ends the provider before the test does.
func (p *Provider) Stop() { p.stop() }

// absent skips a test that has no provider.
func absent(t testing.TB, why string) {
	t.Helper()
	say := "SKIPPED: the OpenID provider for tests can't be built here, so single sign-on is not tested: " + why
	if os.Getenv(envRequire) == "1" {
		t.Fatal(say)
	}
	fmt.Fprintln(os.Stderr, say)
	t.Skip(say)
}

// SignIn does what a person and a browser do with the address that a sign-in begins with: it follows it, types the name into the
// form, and goes on until it is sent away from the provider. It answers with the address that it is sent to, which it does not
// ask for.
func (p *Provider) SignIn(t testing.TB, address, name string) *url.URL {
	t.Helper()
	return p.walk(t, address, url.Values{"username": {name}})
}

// Refuse is a person who does not want to.
func (p *Provider) Refuse(t testing.TB, address string) *url.URL {
	t.Helper()
	return p.walk(t, address, url.Values{"refuse": {"1"}})
}

var hidden = regexp.MustCompile(`name="id" value="([^"]+)"`)

func (p *Provider) walk(t testing.TB, address string, typed url.Values) *url.URL {
	t.Helper()
	jar, _ := cookiejar.New(nil) // never fails without options
	browser := &http.Client{
		Jar: jar, Timeout: patience,
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if !p.has(next.URL) || len(via) > 10 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	response, err := browser.Get(address)
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	page := read(t, response)
	if away := p.away(response); away != nil {
		return away
	}
	id := hidden.FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("oidctest: %s answers %s and no form:\n%s", response.Request.URL, response.Status, page)
	}
	typed.Set("id", id[1])
	response, err = browser.PostForm(p.Issuer+"/login/username", typed)
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	page = read(t, response)
	away := p.away(response)
	if away == nil {
		t.Fatalf("oidctest: %s answers %s:\n%s", response.Request.URL, response.Status, page)
	}
	return away
}

// has tells whether an address is the provider's.
func (p *Provider) has(u *url.URL) bool { return u.Scheme+"://"+u.Host == p.Issuer }

// away is where an answer sends the browser, away from the provider.
func (p *Provider) away(response *http.Response) *url.URL {
	to, err := response.Location()
	if err != nil || p.has(to) {
		return nil
	}
	return to
}

func read(t testing.TB, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	return string(body)
}
