package main

import (
	"fmt"
	"net/netip"
	"plenary/internal/server"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShellSettings(t *testing.T) {
	for line, want := range map[string]string{
		"":                         "[] [] true",
		"PLENARY_RATE_LIMIT=off":   "[] [] false",
		"PLENARY_RATE_LIMIT=on":    "[] [] true",
		"PLENARY_TRUSTED_PROXIES=": "[] [] true",
		"PLENARY_TRUSTED_PROXIES=127.0.0.1, ::1,10.2.3.4/8":                                       "[127.0.0.1/32 ::1/128 10.0.0.0/8] [] true",
		"PLENARY_TRUSTED_PROXIES=::ffff:10.0.0.1":                                                 "[10.0.0.1/32] [] true",
		"PLENARY_EMBED_ORIGINS=*":                                                                 "[] [*] true",
		"PLENARY_EMBED_ORIGINS=https://www.example.org, http://localhost:3000,https://[::1]:8443": "[] [https://www.example.org http://localhost:3000 https://[::1]:8443] true",
	} {
		c, err := readConfig([]string{line})
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if diff := cmp.Diff(want, fmt.Sprint(c.TrustedProxies, c.EmbedOrigins, c.LimitRates)); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
	for _, line := range []string{
		"PLENARY_RATE_LIMIT=yes", "PLENARY_RATE_LIMIT=0", "PLENARY_TRUSTED_PROXIES=all", "PLENARY_TRUSTED_PROXIES=0.0.0.0/0", "PLENARY_TRUSTED_PROXIES=::/0",
		"PLENARY_TRUSTED_PROXIES=10.0.0.1,", "PLENARY_TRUSTED_PROXIES=10.0.0.0/33", "PLENARY_TRUSTED_PROXIES=proxy.internal", "PLENARY_TRUSTED_PROXIES=fe80::1%eth0",
		"PLENARY_TRUSTED_PROXIES=10.0.0.1 10.0.0.2", "PLENARY_EMBED_ORIGINS=example.org", "PLENARY_EMBED_ORIGINS=https://example.org/", "PLENARY_EMBED_ORIGINS=https://example.org/agenda",
		"PLENARY_EMBED_ORIGINS=https://*.example.org", "PLENARY_EMBED_ORIGINS='self'", "PLENARY_EMBED_ORIGINS=https://a.example; script-src *", "PLENARY_EMBED_ORIGINS=data:",
		"PLENARY_EMBED_ORIGINS=https://a.example https://b.example", "PLENARY_EMBED_ORIGINS=https://", "PLENARY_EMBED_ORIGINS=https://a.example:", "PLENARY_EMBED_ORIGINS=https://u@a.example",
		"PLENARY_EMBED_ORIGINS=https://é.example", "PLENARY_EMBED_ORIGINS=https://a.example?x", "PLENARY_EMBED_ORIGINS=null",
	} {
		name, _, _ := strings.Cut(line, "=")
		if _, err := readConfig([]string{line}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// Each setting is in the help of the program and in the documentation, so that none is found by reading code only.
func TestEverySettingIsExplained(t *testing.T) {
	help := succeed(t, nil, "--help")
	for _, name := range settings {
		if !strings.Contains(help, name) {
			t.Errorf("the help has no %s", name)
		}
		if !strings.Contains(operations(t), "`"+name+"`") {
			t.Errorf("docs/operations.md has no %s", name)
		}
	}
}

func TestBareBaseURLs(t *testing.T) {
	for base, want := range map[string]bool{
		"http://agenda.example.org": true, "http://10.0.0.1:8080": true, "http://localhost.example.org": true, "http://[2001:db8::1]": true,
		"https://agenda.example.org": false, "http://localhost:8080": false, "http://127.0.0.1": false, "http://127.8.0.1:80": false, "http://[::1]:8080": false,
	} {
		if got := !server.KeepsCookies(base); got != want {
			t.Errorf("%s: %t", base, got)
		}
	}
	if p, err := readNetwork("10.9.9.9/8"); err != nil || p != netip.MustParsePrefix("10.0.0.0/8") {
		t.Error(p, err)
	}
}
