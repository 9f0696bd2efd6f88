package jobs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// receiver is a server that wants to be told. It verifies what it gets as somebody does who has read Standard Webhooks and none
// of our code.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	answers []int // the next statuses; 204 when there are none
	header  http.Header
	got     []told
}

type told struct {
	id, body string
	good     []int // which of the signatures are by the secret that it knows
	of       int
}

func newReceiver(t *testing.T, secret *atomic.Value, now func() time.Time, answers ...int) *receiver {
	t.Helper()
	r := &receiver{answers: answers, header: http.Header{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		one := told{id: q.Header.Get("webhook-id"), body: string(body)}
		stamp := q.Header.Get("webhook-timestamp")
		sent, err := strconv.ParseInt(stamp, 10, 64)
		if q.Method != http.MethodPost || q.Header.Get("Content-Type") != "application/json" || err != nil || now().Unix()-sent > 300 || strings.Contains(one.id, ".") {
			t.Errorf("%s of %s at %s", q.Method, q.Header.Get("Content-Type"), stamp)
		}
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret.Load().(string), "whsec_"))
		if err != nil || len(key) < 24 || len(key) > 64 {
			t.Errorf("a secret of %d bytes: %v", len(key), err)
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", one.id, stamp, body)
		want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
		signatures := strings.Split(q.Header.Get("webhook-signature"), " ")
		one.of = len(signatures)
		for i, s := range signatures {
			if version, value, _ := strings.Cut(s, ","); version == "v1" && hmac.Equal([]byte(value), []byte(want)) {
				one.good = append(one.good, i)
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, one)
		status := http.StatusNoContent
		if len(r.answers) > 0 {
			status, r.answers = r.answers[0], r.answers[1:]
		}
		for name, values := range r.header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		if status != http.StatusNoContent {
			_, _ = io.WriteString(w, "no: \x00\x1b[31m<script>"+strings.Repeat("x", 5000))
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []told {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}
