package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"plenary/internal/agenda"
)

// inside is a server in the network that we stand in, which counts the connections that are made to it.
type inside struct {
	port  string
	heard atomic.Int32
}

// serveInside listens at the addresses of this machine that there are, at one port.
func serveInside(t *testing.T, addresses ...string) *inside {
	t.Helper()
	in := &inside{port: "0"}
	for _, address := range addresses {
		listener, err := net.Listen("tcp", net.JoinHostPort(address, in.port))
		if err != nil && address != "127.0.0.1" {
			continue // no version 6 here
		}
		if err != nil {
			t.Fatal(err)
		}
		_, in.port, _ = net.SplitHostPort(listener.Addr().String())
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "inside") }))
		s.Listener.Close()
		s.Listener = listener
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				in.heard.Add(1)
			}
		}
		s.Start()
		t.Cleanup(s.Close)
	}
	return in
}

// TestHoleV11PrivateAddressesAreNotTouched: a name is judged by what it leads to when the connection is made, however it is
// spelled (Indico CVE-2026-25738, PocketBase's avatars). No connection is made that the other side could see.
func TestHoleV11PrivateAddressesAreNotTouched(t *testing.T) {
	in := serveInside(t, "127.0.0.1", "::1")
	for _, host := range []string{"127.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "x.localhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::]", "127.0.0.1%00", "127。0。0。1", "①②⑦.0.0.1",
		"[fe80::1%25lo]", "169.254.169.254", "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1"} {
		for _, scheme := range []string{"http", "https"} {
			body, _, err := Fetch(t.Context(), Options{Timeout: 3 * time.Second}, scheme+"://"+host+":"+in.port+"/")
			if code := agenda.CodeOf(err); code != agenda.Invalid && code != agenda.Unavailable {
				t.Errorf("%s was fetched: %q, %v", host, body, err)
			}
		}
	}
	if n := in.heard.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
	if _, _, err := Fetch(t.Context(), Options{Allow: loopback}, "http://127.0.0.1:"+in.port+"/"); err != nil || in.heard.Load() != 1 {
		t.Errorf("what is allowed is not heard, so that nothing was tried: %v, %d", err, in.heard.Load())
	}
}

// TestHoleV11RedirectsAreJudgedAnew: the first address is public, the next one is not (Postiz CVE-2026-40168).
func TestHoleV11RedirectsAreJudgedAnew(t *testing.T) {
	in := serveInside(t, "127.0.0.1")
	outside, err := net.Listen("tcp", "127.0.0.2:0") // which is let through as if it were public
	if err != nil {
		t.Skip("127.0.0.2 is no address here")
	}
	public := Options{Allow: prefixes("127.0.0.2/32"), Timeout: 3 * time.Second}
	var to atomic.Value
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to.Load().(string))
		w.WriteHeader(http.StatusFound)
	})}
	go func() { _ = s.Serve(outside) }()
	t.Cleanup(func() { _ = s.Close() })
	for _, target := range []string{"http://127.0.0.1:", "http://localhost:", "//127.0.0.1:", "http://[::ffff:127.0.0.1]:", "http://2130706433:", "HTTP://127.0.0.1:", "http:\\\\127.0.0.1:"} {
		to.Store(target + in.port + "/")
		if _, _, err := Fetch(t.Context(), public, "http://"+outside.Addr().String()+"/"); err == nil || strings.Contains(err.Error(), in.port+"/") {
			t.Errorf("redirected to %s: %v", target, err)
		}
	}
	if n := in.heard.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
}

// TestHoleV11NamesThatMove is DNS rebinding: a name is public when it is looked up first and private when it is asked.
func TestHoleV11NamesThatMove(t *testing.T) {
	in := serveInside(t, "127.0.0.1")
	outside, err := net.Listen("tcp", "127.0.0.2:"+in.port)
	if err != nil {
		t.Skip("127.0.0.2 is no address here")
	}
	var asked atomic.Int32
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "http://moves.example:"+in.port+"/again", http.StatusFound)
	})}
	go func() { _ = s.Serve(outside) }()
	t.Cleanup(func() { _ = s.Close() })
	names := serveNames(t, map[string][][]string{
		"moves.example.": {{"127.0.0.2"}, {"127.0.0.1"}},
		"both.example.":  {{"127.0.0.1", "127.0.0.2"}, {"127.0.0.2", "127.0.0.1"}, {"127.0.0.1"}},
		"here.example.":  {{"127.0.0.1"}},
	})
	usual := net.DefaultResolver
	net.DefaultResolver = names
	t.Cleanup(func() { net.DefaultResolver = usual })
	public := Options{Allow: prefixes("127.0.0.2/32"), Timeout: 3 * time.Second}
	for _, name := range []string{"moves.example", "both.example", "both.example", "both.example", "here.example"} {
		_, _, err := Fetch(t.Context(), public, "http://"+name+":"+in.port+"/")
		if code := agenda.CodeOf(err); code != agenda.Invalid || !strings.Contains(err.Error(), "private address") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := in.heard.Load(); n > 0 || asked.Load() == 0 {
		t.Errorf("%d connections were made inside, %d outside", n, asked.Load())
	}
}

// serveNames answers for names with one set of addresses after the other, the last one again and again.
func serveNames(t *testing.T, names map[string][][]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			name := q.Name.String()
			m = dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true}, Questions: m.Questions}
			if sets := names[name]; q.Type == dnsmessage.TypeA && len(sets) > 0 {
				for _, address := range sets[0] {
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
						Body: &dnsmessage.AResource{A: [4]byte(net.ParseIP(address).To4())}})
				}
				if len(sets) > 1 {
					names[name] = sets[1:]
				}
			}
			if packed, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(packed, from)
			}
		}
	})
	t.Cleanup(func() {
		_ = conn.Close()
		done.Wait()
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}
