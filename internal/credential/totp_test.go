package credential

import (
	"bytes"
	"crypto/rand"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// rfcSecret is the one of RFC 6238, appendix B, in base32.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestTOTPOfTheRFC(t *testing.T) {
	// The last six of the eight digits in appendix B, for HMAC-SHA-1.
	for at, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		step, ok, err := VerifyTOTP(rfcSecret, code, time.Unix(at, 0), -1)
		if !ok || step != at/30 || err != nil {
			t.Errorf("%d: got %d, %t, %v", at, step, ok, err)
		}
	}
}

func TestTOTPInTime(t *testing.T) {
	const step = 41152263 // of 1234567890
	begins := time.Unix(step*30, 0)
	for _, c := range []struct {
		name string
		code string
		at   time.Time
		last int64
		ok   bool
	}{
		{"now", "005924", begins, 0, true},
		{"as people type it", " 005 924 ", begins, 0, true},
		{"its last second", "005924", begins.Add(29 * time.Second), 0, true},
		{"one step late", "005924", begins.Add(59 * time.Second), 0, true},
		{"two steps late", "005924", begins.Add(60 * time.Second), 0, false},
		{"one step early", "005924", begins.Add(-30 * time.Second), 0, true},
		{"two steps early", "005924", begins.Add(-31 * time.Second), 0, false},
		{"after an earlier one", "005924", begins, step - 1, true},
		{"once more", "005924", begins, step, false},
		{"after a later one", "005924", begins, step + 1, false},
		{"another", "005925", begins, 0, false},
		{"none", "", begins, 0, false},
		{"too short", "05924", begins, 0, false},
		{"too long", "0005924", begins, 0, false},
		{"other digits", "００５９２４", begins, 0, false},
		{"before 1970", "005924", time.Unix(-90, 0), -1, false},
	} {
		got, ok, err := VerifyTOTP(rfcSecret, c.code, c.at, c.last)
		if ok != c.ok || err != nil || ok && got != step {
			t.Errorf("%s: got %d, %t, %v", c.name, got, ok, err)
		}
	}
	if _, ok, err := VerifyTOTP("not base32!", "005924", begins, 0); ok || agenda.CodeOf(err) != agenda.Internal || strings.Contains(err.Error(), "not base32!") {
		t.Errorf("got %t, %v", ok, err)
	}
}

func TestNewTOTP(t *testing.T) {
	made, err := NewTOTP(rand.Reader, "Forum: Hà Nội", "thi:nguyen@example.org")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(made.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Forum  Hà Nội:thi nguyen@example.org" || q.Get("secret") != made.Secret || q.Get("issuer") != "Forum  Hà Nội" {
		t.Errorf("got %s", made.URL)
	}
	if !regexp.MustCompile(`^[A-Z2-7]{32}$`).MatchString(made.Secret) {
		t.Errorf("got %q", made.Secret)
	}
	if again, _ := NewTOTP(rand.Reader, "a", "b"); again.Secret == made.Secret {
		t.Error("not random")
	}
	if _, err := NewTOTP(bytes.NewReader(nil), "a", "b"); err == nil {
		t.Error("a secret out of nothing")
	}
}

func TestRecoveryCodes(t *testing.T) {
	codes, err := NewRecoveryCodes(rand.Reader)
	if err != nil || len(codes) != RecoveryCodes {
		t.Fatalf("got %q, %v", codes, err)
	}
	hashes := make([]string, len(codes))
	seen := map[string]bool{}
	for i, code := range codes {
		if !regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){5}$`).MatchString(code) || seen[code] {
			t.Errorf("got %q", code)
		}
		seen[code] = true
		hashes[i] = HashRecoveryCode(code)
		if len(hashes[i]) != 64 || strings.Contains(hashes[i], code) {
			t.Errorf("%q: the hash is %q", code, hashes[i])
		}
	}
	for i, code := range codes {
		for _, typed := range []string{code, strings.ToUpper(code), strings.ReplaceAll(code, "-", ""), "  " + strings.ReplaceAll(code, "-", " ") + "\n",
			strings.NewReplacer("0", "O", "1", "l").Replace(code)} {
			if at, ok := MatchRecoveryCode(hashes, typed); !ok || at != i {
				t.Errorf("%q for %q: got %d, %t", typed, code, at, ok)
			}
		}
	}
	left := append(hashes[:3:3], hashes[4:]...)
	for _, typed := range []string{codes[3], "", "0000-0000-0000-0000-0000-0000", codes[0][:len(codes[0])-1], codes[0] + "0", hashes[0]} {
		if at, ok := MatchRecoveryCode(left, typed); ok {
			t.Errorf("%q: got %d", typed, at)
		}
	}
	if _, ok := MatchRecoveryCode(nil, ""); ok {
		t.Error("nothing matches nothing")
	}
	if _, err := NewRecoveryCodes(bytes.NewReader(make([]byte, 16))); err == nil {
		t.Error("codes out of nothing")
	}
}
