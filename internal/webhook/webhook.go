// Package webhook tells an address what happened, as Standard Webhooks has it: a POST of JSON that is signed, so that whoever
// gets it knows that it is ours, whole, and of now (https://www.standardwebhooks.com, version 1.0.0).
//
// Where it may go is decided by package fetch, as for everything else that is asked because somebody typed its address.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/fetch"
)

// Timeout is how long a receiver has for its answer where [Options] don't say otherwise.
const Timeout = 15 * time.Second

// Options say how receivers are told.
type Options struct {
	Timeout time.Duration // for one attempt; 0: [Timeout]
	// Allow are addresses that are told though they are not public, also without TLS.
	Allow []netip.Prefix
}

// Sender tells receivers. It is safe for concurrent use.
type Sender struct{ fetch fetch.Options }

// New makes a Sender.
func New(o Options) *Sender {
	if o.Timeout <= 0 {
		o.Timeout = Timeout
	}
	return &Sender{fetch.Options{Max: agenda.MaxWebhookAnswer, Timeout: o.Timeout, Allow: o.Allow}}
}

// Check says why an address can't be told anything, as far as the address alone tells. The error is Invalid.
func (s *Sender) Check(address string) error { return s.fetch.Check(address) }

// Send makes one attempt at a delivery and says what came of it. It never fails otherwise: what went wrong is the attempt's
// fault.
func (s *Sender) Send(ctx context.Context, p agenda.Parcel) agenda.Attempt {
	began := time.Now()
	done := agenda.Attempt{At: p.At}
	answer, err := s.post(ctx, p)
	done.Took = time.Since(began)
	switch {
	case err != nil:
		done.Fault = string(mishap(err))
	default:
		done.Status, done.Answer = answer.Status, string(answer.Body)
		if !done.Arrived() {
			done.Fault = refused(answer)
			done.RetryAfter = retryAfter(answer, p.At)
		}
	}
	done.Clean()
	return done
}

func (s *Sender) post(ctx context.Context, p agenda.Parcel) (fetch.Answer, error) {
	stamp := strconv.FormatInt(p.At.Unix(), 10)
	signature, err := Sign(p.Secrets, string(p.ID), stamp, p.Body)
	if err != nil {
		return fetch.Answer{}, err
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("Accept", "*/*")
	header.Set("Webhook-Id", string(p.ID))
	header.Set("Webhook-Timestamp", stamp)
	header.Set("Webhook-Signature", signature)
	return fetch.Post(ctx, s.fetch, p.URL, header, p.Body)
}

// Sign gives the signatures of a delivery with each of the secrets, divided by spaces. A receiver takes it if one is good.
func Sign(secrets []string, id, timestamp string, body []byte) (string, error) {
	var list []string
	for _, secret := range secrets {
		key, err := agenda.WebhookKey(secret)
		if err != nil {
			return "", err
		}
		sum := hmac.New(sha256.New, key)
		sum.Write([]byte(id + "." + timestamp + "."))
		sum.Write(body)
		list = append(list, "v1,"+base64.StdEncoding.EncodeToString(sum.Sum(nil)))
	}
	return strings.Join(list, " "), nil
}

// mishap gives why there is no answer, for the organizers who may see it: never what lies behind a name.
func mishap(err error) agenda.Mishap {
	var e *agenda.Error
	if errors.As(err, &e) && e.Mishap != "" {
		return e.Mishap
	}
	return agenda.WebhookUnsent
}

// refused says that an answer is none of success, and which.
func refused(a fetch.Answer) string {
	status := strconv.Itoa(a.Status)
	if text := http.StatusText(a.Status); text != "" {
		status += " " + text
	}
	if a.Status/100 == 3 {
		return agenda.WebhookRedirected.With(status)
	}
	return agenda.WebhookAnswered.With(status)
}

// retryAfter gives how long the other side asks to be left alone (RFC 9110, 10.2.3), as far as it says so with 429 or 503.
func retryAfter(a fetch.Answer, now time.Time) time.Duration {
	if a.Status != http.StatusTooManyRequests && a.Status != http.StatusServiceUnavailable {
		return 0
	}
	wait := time.Duration(0)
	said := strings.TrimSpace(a.Header.Get("Retry-After"))
	if seconds, err := strconv.Atoi(said); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(agenda.MaxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(said); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), agenda.MaxRetryAfter)
}
