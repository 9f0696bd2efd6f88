package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// snippet gives the nth block of that kind in docs/operations.md.
func snippet(t *testing.T, kind string, n int) string {
	t.Helper()
	found := regexp.MustCompile("(?s)```"+kind+"\n(.*?)```").FindAllStringSubmatch(operations(t), -1)
	if len(found) <= n {
		t.Fatalf("docs/operations.md has %d blocks of %s", len(found), kind)
	}
	return found[n][1]
}

// installed gives the path of a program, and skips the test where there is none.
func installed(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	t.Skipf("needs %s (Debian: apt-get install %s)", name, name)
	return ""
}

// write makes a file in the folder.
func write(t *testing.T, folder, name, content string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeCertificate makes a certificate for agenda.example.org that nobody else signed.
func writeCertificate(t *testing.T, folder string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"agenda.example.org"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "fullchain.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, folder, "privkey.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

// The configuration of nginx in the documentation works, in front of the real program: addresses, redirects, headers.
func TestTheDocumentedNginx(t *testing.T) {
	nginx := installed(t, "nginx")
	folder, plenary, secure, plain := t.TempDir(), freeAddress(t), freeAddress(t), freeAddress(t)
	writeCertificate(t, folder)
	adapt := strings.NewReplacer("/etc/ssl/agenda/", folder+"/", "/etc/nginx/", folder+"/", "127.0.0.1:8080", plenary,
		"listen 443", "listen "+secure, "listen 80", "listen "+plain, "listen [::]:443 ssl http2;", "", "listen [::]:80;", "").Replace
	write(t, folder, "plenary_proxy.conf", adapt(snippet(t, "nginx", 1)))
	var paths strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&paths, "%s_temp_path %s/%s;\n", kind, folder, kind)
	}
	conf := write(t, folder, "nginx.conf", "daemon off; master_process off; pid "+folder+"/pid; error_log stderr;\nevents {}\nhttp {\naccess_log "+folder+"/access.log;\n"+
		paths.String()+adapt(snippet(t, "nginx", 0))+"}\n")
	if out, err := exec.Command(nginx, "-t", "-p", folder, "-c", conf).CombinedOutput(); err != nil {
		t.Fatalf("nginx -t: %v\n%s", err, out)
	}
	log, stop := startServe(t, "PLENARY_ADDR="+plenary, "PLENARY_DATABASE="+filepath.Join(folder, "plenary.db"),
		"PLENARY_BASE_URL=https://agenda.example.org", "PLENARY_TRUSTED_PROXIES=127.0.0.1")
	proxy := exec.Command(nginx, "-p", folder, "-c", conf)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = proxy.Process.Kill(); _ = proxy.Wait() }()
	// Who asks is another machine, as far as one machine can be: another address of it.
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 9, 8, 7)}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: "agenda.example.org"}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(target string) (resp *http.Response, body string) {
		for range 100 {
			r, err := http.NewRequest(http.MethodGet, target, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = "agenda.example.org"
			r.Header.Set("X-Forwarded-For", "198.51.100.99")
			if resp, err = client.Do(r); err != nil {
				time.Sleep(50 * time.Millisecond)
				continue
			}
			defer resp.Body.Close()
			read, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			return resp, string(read)
		}
		t.Fatalf("nothing answers at %s", target)
		return nil, ""
	}
	if resp, body := ask("https://" + secure + "/"); resp.StatusCode != 200 || resp.Header.Get("Strict-Transport-Security") == "" || !strings.Contains(body, "https://agenda.example.org/") {
		t.Errorf("%v %s", resp, body)
	}
	if resp, _ := ask("http://" + plain + "/vidw-2025/?lang=fr"); resp.StatusCode != 301 || resp.Header.Get("Location") != "https://agenda.example.org/vidw-2025/?lang=fr" {
		t.Errorf("plain: %v", resp)
	}
	for _, path := range []string{"/feeds/canary.ics", "/forum/starred/canary", "/api/v1/events/forum/starred-feeds/canary", "/letters/canary"} {
		if resp, _ := ask("https://" + secure + path); resp.StatusCode != 404 {
			t.Errorf("%s: %v", path, resp)
		}
	}
	stop()
	if text := log.String(); !strings.Contains(text, "remote=127.9.8.7") || strings.Contains(text, "198.51.100.99") {
		t.Errorf("who asked is not in the log:\n%s", text)
	}
	if kept, err := os.ReadFile(filepath.Join(folder, "access.log")); err != nil || strings.Contains(string(kept), "canary") || len(kept) == 0 {
		t.Errorf("what nginx keeps: %s %v", kept, err)
	}
}

func TestTheDocumentedCaddy(t *testing.T) {
	caddy := installed(t, "caddy")
	file := write(t, t.TempDir(), "Caddyfile", snippet(t, "caddy", 0))
	if out, err := exec.Command(caddy, "validate", "--config", file, "--adapter", "caddyfile").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTheDocumentedUnit(t *testing.T) {
	systemd := installed(t, "systemd-analyze")
	unit := strings.Replace(snippet(t, "ini", 1), "/usr/local/bin/plenary", os.Args[0], 1)
	file := write(t, t.TempDir(), "plenary.service", unit)
	if out, err := exec.Command(systemd, "verify", file).CombinedOutput(); err != nil || strings.Contains(string(out), "plenary.service:") {
		t.Errorf("%v\n%s", err, out)
	}
}
