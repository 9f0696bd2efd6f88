package agenda

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"
)

// WebhookKind says what a Webhook is told of. It is the type of what is sent.
type WebhookKind string

// The kinds. All tell of what is public, and nothing else: of Meetings and of the draft there is none.
const (
	ReleasePublished WebhookKind = "release.published"
	ReleaseErased    WebhookKind = "release.erased" // a Person was erased from Releases: copies of them are to be made anew
	WebhookPing      WebhookKind = "webhook.ping"   // nothing: somebody tries whether it arrives
)

// WebhookKinds are those that a Webhook can be told of. A ping it is sent when somebody asks for one.
var WebhookKinds = []WebhookKind{ReleasePublished, ReleaseErased}

// MaxWebhooks is how many an Event may have.
const MaxWebhooks = 20

// Webhook is an HTTP address that wants to be told.
type Webhook struct {
	ID      ID
	EventID ID
	Name    string // who or what it is, for people
	URL     string
	Kinds   []WebhookKind
	// Secret is what deliveries are signed with, as Standard Webhooks writes it: "whsec_" and base64. It has to be kept as it is.
	Secret string
	// OldSecret signs them too until then, so that a receiver has the time to learn the new one.
	OldSecret string
	OldUntil  *time.Time
	Stopped   *time.Time // nil: it is told
	Reason    StopReason // why it is stopped
	Failing   *time.Time // since when nothing arrived though it was tried; nil: all is well, or nothing was tried
	Revision  int
	Created   time.Time
	Updated   time.Time
}

// StopReason says why a Webhook is told nothing.
type StopReason string

// The reasons.
const (
	StoppedByHand  StopReason = "by_hand"
	StoppedGone    StopReason = "gone"    // it answered 410 Gone
	StoppedFailing StopReason = "failing" // nothing arrived for [FailingDays]
)

// StopReasons lists the reasons.
var StopReasons = []StopReason{StoppedByHand, StoppedGone, StoppedFailing}

// How long things of Webhooks are kept, and when they end.
const (
	OldSecretTime    = 24 * time.Hour      // an old secret signs beside the new one
	FailingDays      = 5                   // a Webhook is stopped when a delivery is given up after so long without success
	DeliveryTime     = 30 * 24 * time.Hour // deliveries are kept
	MaxDeliveries    = 500                 // of a Webhook are kept
	MaxAttempts      = 50                  // of a delivery are kept
	MaxRetryAfter    = 12 * time.Hour      // that the other side asks for is respected
	MaxWebhookAnswer = 1 << 10             // bytes of an answer are kept
)

// secretMark begins a secret in Standard Webhooks' form.
const secretMark = "whsec_"

// WebhookSecret writes the bytes of a secret, of which there are 24 to 64.
func WebhookSecret(key []byte) string { return secretMark + base64.StdEncoding.EncodeToString(key) }

// WebhookKey gives the bytes of a secret.
func WebhookKey(secret string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark))
	if err != nil || !strings.HasPrefix(secret, secretMark) || len(key) < 24 || len(key) > 64 {
		return nil, Errorf(Internal, "The secret of a webhook is not one.")
	}
	return key, nil
}

// Clean brings the kinds into the order of [WebhookKinds], each once.
func (w *Webhook) Clean() {
	w.Name, w.URL = CleanLine(w.Name), strings.TrimSpace(w.URL)
	known := func(k WebhookKind) int { return slices.Index(WebhookKinds, k) }
	w.Kinds = slices.Clone(w.Kinds)
	slices.SortStableFunc(w.Kinds, func(a, b WebhookKind) int { return known(a) - known(b) })
	w.Kinds = slices.Compact(w.Kinds)
}

// Check says everything that is wrong with the Webhook at once. Whether its address may be asked, whoever asks knows.
func (w Webhook) Check() error {
	var f Faults
	if w.Name == "" {
		f.Add("/name", "is needed")
	}
	CheckString(&f, "/name", w.Name, MaxName)
	if w.URL == "" {
		f.Add("/url", "is needed")
	}
	checkURL(&f, "/url", w.URL)
	if len(w.Kinds) == 0 {
		f.Add("/kinds", "needs at least one")
	}
	for i, k := range w.Kinds {
		checkOneOf(&f, index("/kinds", i), k, WebhookKinds)
	}
	return f.Err("webhook")
}

// Host gives the name of the server that is told. The rest of the address may be a secret between it and us.
func (w Webhook) Host() string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// Tells says whether it is told of that.
func (w Webhook) Tells(k WebhookKind) bool { return w.Stopped == nil && slices.Contains(w.Kinds, k) }

// Secrets gives what a delivery is signed with at that time, the newest first.
func (w Webhook) Secrets(now time.Time) []string {
	if w.OldUntil != nil && w.OldUntil.After(now) {
		return []string{w.Secret, w.OldSecret}
	}
	return []string{w.Secret}
}

// Rotate gives it another secret. The one before goes on to sign for [OldSecretTime], one before that does not.
func (w *Webhook) Rotate(secret string, now time.Time) {
	until := now.Add(OldSecretTime)
	w.OldSecret, w.OldUntil, w.Secret = w.Secret, &until, secret
}

// DeliveryStatus says what became of a Delivery.
type DeliveryStatus string

// The statuses.
const (
	DeliveryQueued DeliveryStatus = "queued" // it is yet to arrive
	Delivered      DeliveryStatus = "delivered"
	DeliveryFailed DeliveryStatus = "failed" // it was given up
)

// DeliveryStatuses lists the statuses.
var DeliveryStatuses = []DeliveryStatus{DeliveryQueued, Delivered, DeliveryFailed}

// Delivery is one thing that a Webhook is told, however often it is tried. What is sent is made of what it tells of each
// time, so that nothing of it is kept that was erased meanwhile.
type Delivery struct {
	ID        ID // also what receivers know it by: the same in all Attempts
	EventID   ID
	WebhookID ID
	Kind      WebhookKind
	Release   int // the number of the Release that it tells of; 0: of none
	Status    DeliveryStatus
	Attempts  int
	Fault     string     // why the last Attempt failed
	Due       *time.Time // when it is tried next
	Done      *time.Time // when it arrived or was given up
	Created   time.Time  // when happened what it tells
}

// Attempt is one try at a Delivery.
type Attempt struct {
	Number int // from 1
	At     time.Time
	Took   time.Duration
	Status int    // of HTTP; 0: there was no answer
	Fault  string // why it did not arrive; "": it did
	Answer string // how the answer begins
	// RetryAfter is how long the other side asks to be left alone; it is not kept.
	RetryAfter time.Duration
}

// Arrived says whether the other side took it.
func (a Attempt) Arrived() bool { return a.Status/100 == 2 }

// Gone says whether the other side wants to be told nothing any more.
func (a Attempt) Gone() bool { return a.Status == 410 }

// Clean makes what the other side said fit to be kept and shown: text without control characters, of [MaxWebhookAnswer].
func (a *Attempt) Clean() { a.Answer, a.Fault = tame(a.Answer), tame(a.Fault) }

func tame(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, CleanLine(s))
	if len(s) > MaxWebhookAnswer {
		s = strings.ToValidUTF8(s[:MaxWebhookAnswer], "")
	}
	return s
}

// Parcel is a Delivery as it goes: what is posted where, and what it is signed with.
type Parcel struct {
	Delivery
	URL     string
	Secrets []string
	Body    []byte
	At      time.Time // of this Attempt
}
