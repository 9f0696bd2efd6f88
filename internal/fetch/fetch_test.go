package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// loopback allows the one address that the servers of these tests have. The rest of 127.0.0.0/8 stays private.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

func serve(t *testing.T, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s
}

// wants checks the code of an error, what its message says, and that it keeps quiet about addresses.
func wants(t *testing.T, err error, code agenda.Code, says string) {
	t.Helper()
	e, ok := err.(*agenda.Error)
	if !ok || e.Code != code || !strings.Contains(e.Message, says) || !strings.HasSuffix(e.Message, ".") {
		t.Fatalf("error %#v, want %s with %q", err, code, says)
	}
}

func TestFetch(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept"); !strings.Contains(got, "xml") || !strings.Contains(got, "*/*") {
			t.Errorf("Accept: %s", got)
		}
		fmt.Fprint(w, "file "+r.URL.RequestURI())
	})
	body, from, err := Fetch(t.Context(), Options{Allow: loopback}, " "+s.URL+"/a?b=c#d ")
	if err != nil || string(body) != "file /a?b=c" || from != s.URL+"/a?b=c" {
		t.Fatalf("%q from %q: %v", body, from, err)
	}
}

func TestFetchRefusesAddresses(t *testing.T) {
	for address, says := range map[string]string{
		"":                               "web address",
		"example.org/schedule.xml":       "begins with https://",
		"ftp://example.org/":             "begins with https://",
		"file:///etc/passwd":             "begins with https://",
		"javascript:alert(1)":            "begins with https://",
		"https:///path":                  "names no server",
		"http://:80/":                    "names no server",
		"https://me:secret@example.org/": "password",
		"http://[::1":                    "is not a web address",
		"https://example.org/\x00":       "is not a web address",
		"https://e.org/" + strings.Repeat("a", 3000): "is not a web address",
		"http://127.0.0.1/":                          "leads to a private address",
		"http://127.0.0.1:22/":                       "leads to a private address",
		"http://[::1]/":                              "leads to a private address",
		"http://[::ffff:10.0.0.1]/":                  "leads to a private address",
		"http://[fe80::1%25lo]/":                     "leads to a private address",
		"http://169.254.169.254/latest/":             "leads to a private address",
		"http://0.0.0.0/":                            "leads to a private address",
		"https://10.1.2.3:8443/":                     "leads to a private address",
		"http://localhost/":                          "leads to a private address",
	} {
		_, _, err := Fetch(t.Context(), Options{Timeout: 5 * time.Second}, address)
		wants(t, err, agenda.Invalid, says)
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: tells the password: %v", address, err)
		}
	}
}

func TestFetchFollowsRedirects(t *testing.T) {
	var referers []string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		referers = append(referers, r.Header.Get("Referer"))
		left := strings.Count(r.URL.Path, "x")
		if left == 0 {
			fmt.Fprint(w, "there")
			return
		}
		http.Redirect(w, r, "/"+strings.Repeat("x", left-1)+"?", http.StatusFound)
	})
	body, from, err := Fetch(t.Context(), Options{Allow: loopback}, s.URL+"/xxxxx")
	if err != nil || string(body) != "there" || !strings.HasPrefix(from, s.URL+"/") || strings.Contains(from, "x") {
		t.Errorf("%q from %q: %v", body, from, err)
	}
	if got := strings.Join(referers, ""); got != "" {
		t.Errorf("the referer was told: %q", got)
	}
	_, _, err = Fetch(t.Context(), Options{Allow: loopback}, s.URL+"/xxxxxx")
	wants(t, err, agenda.Invalid, "more than 5 times")
}

func TestHoleV11RedirectsDoNotLeadEverywhere(t *testing.T) {
	var target string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", target)
		w.WriteHeader(http.StatusMovedPermanently)
	})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, c := range []struct{ target, says string }{
		{"http://127.0.0.2:" + port + "/", "leads to a private address"},
		{"http://10.0.0.1/admin", "leads to a private address"},
		{"http://[::1]:" + port + "/", "leads to a private address"},
		{"file:///etc/passwd", "begins with https://"},
		{"gopher://127.0.0.1/", "begins with https://"},
		{"http://a:b@127.0.0.1:" + port + "/", "password"},
		{"http:///x", "names no server"},
	} {
		target = c.target
		_, _, err := Fetch(t.Context(), Options{Allow: loopback}, s.URL)
		wants(t, err, agenda.Invalid, c.says)
		if strings.Contains(err.Error(), "10.0.0.1") || strings.Contains(err.Error(), "127.0.0.2") {
			t.Errorf("tells where a redirect led: %v", err)
		}
	}
	target = "" // a redirect to nowhere
	_, _, err := Fetch(t.Context(), Options{Allow: loopback}, s.URL)
	wants(t, err, agenda.Unavailable, "")
}

func TestRedirectKeepsHTTPS(t *testing.T) {
	request := func(address string) *http.Request {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Request{URL: u, Header: http.Header{}}
	}
	for _, c := range []struct {
		from, to string
		ok       bool
	}{{"http", "http", true}, {"http", "https", true}, {"https", "https", true}, {"https", "http", false}} {
		err := redirect(request(c.to+"://example.org/"), []*http.Request{request(c.from + "://example.org/")})
		if (err == nil) != c.ok {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
	}
}

func TestFetchLimitsTheSize(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(make([]byte, 10<<20))
	z.Close()
	if packed.Len() > 1<<16 {
		t.Fatalf("the bomb has %d bytes", packed.Len())
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/told":
			w.Write(make([]byte, 1000)) // with a Content-Length
		case "/streamed":
			for range 1000 {
				w.Write([]byte("x"))
				w.(http.Flusher).Flush()
			}
		case "/announced":
			w.Header().Set("Content-Length", "1099511627776")
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed.Bytes())
		}
	})
	for path, most := range map[string]int64{"/told": 999, "/streamed": 999, "/announced": 999, "/bomb": 1 << 20} {
		_, _, err := Fetch(t.Context(), Options{Allow: loopback, Max: most}, s.URL+path)
		wants(t, err, agenda.Invalid, "is larger than")
	}
	for path, size := range map[string]int{"/told": 1000, "/streamed": 1000, "/bomb": 10 << 20} {
		body, _, err := Fetch(t.Context(), Options{Allow: loopback, Max: int64(size)}, s.URL+path)
		if err != nil || len(body) != size {
			t.Errorf("%s: %d bytes: %v", path, len(body), err)
		}
	}
}

func TestFetchLimitsTheTime(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			for range 100 {
				w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
				if r.Context().Err() != nil {
					return
				}
			}
			return
		}
		<-r.Context().Done()
	})
	for _, path := range []string{"/head", "/body"} {
		_, _, err := Fetch(t.Context(), Options{Allow: loopback, Timeout: 200 * time.Millisecond}, s.URL+path)
		wants(t, err, agenda.Unavailable, "took longer than 0.2 seconds")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := Fetch(gone, Options{Allow: loopback}, s.URL)
	wants(t, err, agenda.Unavailable, "was not waited for")
}

func TestFetchTellsWhatFailed(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/404":
			http.NotFound(w, r)
		case "/503":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/204":
			w.WriteHeader(http.StatusNoContent)
		case "/599":
			w.WriteHeader(599)
		case "/br":
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "x")
		case "/short":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "x")
		case "/notgzip":
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "this is not gzip at all")
		case "/headers":
			w.Header().Set("X-Long", strings.Repeat("x", 100<<10))
		}
	})
	for _, c := range []struct {
		path string
		code agenda.Code
		says string
	}{
		{"/404", agenda.Invalid, "404 Not Found"},
		{"/503", agenda.Unavailable, "503 Service Unavailable"},
		{"/204", agenda.Unavailable, "204 No Content"},
		{"/599", agenda.Unavailable, "599 instead"},
		{"/br", agenda.Unavailable, `packed as "br"`},
		{"/short", agenda.Unavailable, "broke off"},
		{"/notgzip", agenda.Unavailable, "can't be reached, or does not speak HTTP"},
		{"/headers", agenda.Unavailable, "can't be reached, or does not speak HTTP"},
	} {
		_, _, err := Fetch(t.Context(), Options{Allow: loopback}, s.URL+c.path)
		wants(t, err, c.code, c.says)
	}
	closed := serve(t, nil)
	closed.Close()
	_, _, err := Fetch(t.Context(), Options{Allow: loopback}, closed.URL)
	wants(t, err, agenda.Unavailable, "takes no connections")

	signed := httptest.NewUnstartedServer(http.NotFoundHandler())
	signed.Config.ErrorLog = log.New(io.Discard, "", 0)
	signed.StartTLS()
	t.Cleanup(signed.Close)
	_, _, err = Fetch(t.Context(), Options{Allow: loopback}, signed.URL)
	wants(t, err, agenda.Unavailable, "no certificate that can be trusted")

	_, _, err = Fetch(t.Context(), Options{Timeout: 5 * time.Second}, "http://nothing.invalid/")
	if code := agenda.CodeOf(err); code != agenda.Invalid && code != agenda.Unavailable { // by what the resolver here knows
		t.Errorf("a name that does not exist: %v", err)
	}
}

// The proxy that the surroundings name would make the connections in our stead, and judge nothing.
func TestFetchUsesNoProxy(t *testing.T) {
	if proxy := (Options{}).client().Transport.(*http.Transport).Proxy; proxy != nil {
		t.Error("there is a proxy")
	}
}
