package webhook

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/fetch"
)

// The example of the standard (Standard Webhooks 1.0.0, "Signature scheme").
func TestSignature(t *testing.T) {
	got, err := Sign([]string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want || err != nil {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	for _, bad := range []string{"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_short", "whsec_" + strings.Repeat("A", 100)} {
		if _, err := Sign([]string{bad}, "id", "1", nil); err == nil {
			t.Errorf("%q is a secret", bad)
		}
	}
}

// TestTheGuideVerifies compiles the guide's sample and gives it a delivery of ours.
func TestTheGuideVerifies(t *testing.T) {
	guide, err := os.ReadFile("../../docs/guides/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, sample, _ := strings.Cut(string(guide), "```go\n")
	sample, _, _ = strings.Cut(sample, "```")
	now := time.Now()
	secret, old, stamp := agenda.WebhookSecret([]byte(strings.Repeat("n", 43))), agenda.WebhookSecret([]byte(strings.Repeat("o", 43))), fmt.Sprint(now.Unix())
	signature, err := Sign([]string{secret, old}, "id", stamp, []byte("body"))
	if err != nil {
		t.Fatal(err)
	}
	run := fmt.Sprintf(`
func main() {
	h := http.Header{"Webhook-Id": {"id"}, "Webhook-Timestamp": {%q}, "Webhook-Signature": {%q}}
	at := time.Unix(%s, 0)
	for _, c := range []struct {
		secret, body string
		after        time.Duration
	}{{%q, "body", 0}, {%q, "body", 0}, {%q, "other", 0}, {%q, "body", time.Hour}} {
		println(verify(c.secret, h, []byte(c.body), at.Add(c.after)) == nil)
	}
}
`, stamp, signature, stamp, secret, old, secret, secret)
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(sample+run), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), "go", "run", file).CombinedOutput()
	if got := strings.Fields(string(said)); err != nil || strings.Join(got, " ") != "true true false false" {
		t.Errorf("the sample says %s, %v", said, err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 10, 1, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		status int
		said   string
		want   time.Duration
	}{{503, "120", 2 * time.Minute}, {429, "Wed, 01 Oct 2025 09:00:00 GMT", time.Hour}, {500, "120", 0}, {503, "-5", 0}, {503, "999999999999", agenda.MaxRetryAfter},
		{503, "99999999", agenda.MaxRetryAfter}, {503, "soon", 0}, {503, "", 0}, {429, "Wed, 01 Oct 2014 09:00:00 GMT", 0}} {
		if got := retryAfter(fetch.Answer{Status: c.status, Header: http.Header{"Retry-After": {c.said}}}, now); got != c.want {
			t.Errorf("%d %s: %v, want %v", c.status, c.said, got, c.want)
		}
	}
}

func TestSlowReceivers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	sender := New(Options{Timeout: 100 * time.Millisecond, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	a := sender.Send(t.Context(), agenda.Parcel{Delivery: agenda.Delivery{ID: "id"}, URL: s.URL, Secrets: []string{agenda.WebhookSecret(make([]byte, 32))}, At: time.Now()})
	if a.Arrived() || a.Status != 0 || a.Fault != string(agenda.HostSlow) || a.Took < 100*time.Millisecond {
		t.Errorf("%+v", a)
	}
}
