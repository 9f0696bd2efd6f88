package app_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
)

// cheap is what passwords cost where it is not about that.
var cheap = credential.Params{Memory: 64, Passes: 1, Threads: 1}

const (
	base     = "https://agenda.example.org"
	password = "vạn sự khởi đầu nan 42"
	another  = "gian nan bắt đầu nản 43"
)

var here = app.From{Address: "192.0.2.1", Agent: "Browser/1"}

// house is a world in which people have accounts.
type house struct {
	world
	passwords *credential.Passwords
	letters   chan agenda.Letter
}

// inHouse runs the test on both databases. What is not about letters or groups leaves change nil.
func inHouse(t *testing.T, change func(*app.Options), test func(t *testing.T, h house)) {
	onEach(t, func(t *testing.T, url string) { test(t, house{world: open(t, url)}.as(change)) })
}

var houses atomic.Int64

// as is the program started again with other options on the same database.
func (h house) as(change func(*app.Options)) house {
	h.passwords, h.letters = credential.NewPasswords(cheap), make(chan agenda.Letter, 100)
	var ids atomic.Int64
	started, clock, letters := houses.Add(1), h.clock, h.letters
	o := app.Options{
		Now:       func() time.Time { return time.UnixMilli(clock.Load()) },
		NewID:     func() agenda.ID { return agenda.ID(fmt.Sprintf("0199fffe-0000-7000-%04d-%012d", started, ids.Add(1))) },
		Passwords: h.passwords, CodeRounds: 1,
		Passkeys: credential.NewPasskeys(base, "Forum"),
		Post:     func(_ context.Context, l agenda.Letter) error { letters <- l; return nil },
	}
	if change != nil {
		change(&o)
	}
	h.passwords = o.Passwords
	h.App = app.New(h.store, o)
	return h
}

// letter waits for one.
func (h house) letter(t *testing.T) agenda.Letter {
	t.Helper()
	select {
	case l := <-h.letters:
		return l
	case <-time.After(20 * time.Second):
		t.Fatal("no letter came")
		return agenda.Letter{}
	}
}

// noLetter says that none has come. They go on their own, so it gives them a moment.
func (h house) noLetter(t *testing.T) {
	t.Helper()
	select {
	case l := <-h.letters:
		t.Fatalf("a letter came: %+v", l)
	case <-time.After(50 * time.Millisecond):
	}
}

// secretOf gives what is after the # of a letter's link.
func secretOf(t *testing.T, l agenda.Letter, page string) string {
	t.Helper()
	secret, found := strings.CutPrefix(l.URL, base+page+"#")
	if !found || len(secret) != 43 {
		t.Fatalf("the link is %q", l.URL)
	}
	return secret
}

func email(name string) string { return name + "@example.org" }

// account makes one that has the password.
func (h house) account(t *testing.T, name string) agenda.Account {
	t.Helper()
	return must[agenda.Account](t)(h.CreateAccount(context.Background(), operator, agenda.Account{Email: email(name), Name: name}, password))
}

func (h house) admin(t *testing.T, name string) agenda.Account {
	t.Helper()
	return must[agenda.Account](t)(h.CreateAccount(context.Background(), operator, agenda.Account{Email: email(name), Name: name, Admin: true}, password))
}

// signIn signs in with the password.
func (h house) signIn(t *testing.T, name string) string {
	t.Helper()
	entry := must[app.Entry](t)(h.SignIn(context.Background(), email(name), password, "", here))
	if entry.Secret == "" {
		t.Fatal("a second factor is asked for")
	}
	return entry.Secret
}

// who is the person whose browser has the secret.
func (h house) who(t *testing.T, secret string) app.SignedIn {
	t.Helper()
	return must[app.SignedIn](t)(h.Recognize(context.Background(), secret, here))
}

// member is an account with these roles at the forum, as it acts.
func (h house) member(t *testing.T, name string, roles ...agenda.MemberRole) agenda.Actor {
	t.Helper()
	h.account(t, name)
	done := must[app.Invitation](t)(h.InviteMember(context.Background(), operator, slug, email(name), roles, base, "en"))
	if done.Member == nil {
		t.Fatalf("%s is no member: %+v", name, done)
	}
	return h.who(t, h.signIn(t, name)).Actor
}

// out says that the secret opens nothing.
func (h house) out(t *testing.T, secret string) {
	t.Helper()
	_, err := h.Recognize(context.Background(), secret, here)
	wantCode(t, err, agenda.Unauthenticated)
}

// code is what an authenticator app shows (RFC 6238).
func (h house) code(t *testing.T, secret string) string {
	t.Helper()
	key := must[[]byte](t)(base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret))
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, h.clock.Load()/30_000)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// totp sets up a second factor.
func (h house) totp(t *testing.T, secret string) (key string, recovery []string) {
	t.Helper()
	ctx, who := context.Background(), h.who(t, secret)
	ceremony, made, err := h.BeginTOTP(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	return made.Secret, must[[]string](t)(h.FinishTOTP(ctx, who, ceremony, h.code(t, made.Secret)))
}

// factor signs in as far as the second factor.
func (h house) factor(t *testing.T, name string) string {
	t.Helper()
	entry := must[app.Entry](t)(h.SignIn(context.Background(), email(name), password, "", here))
	if entry.Secret != "" || entry.SecondFactor == "" {
		t.Fatalf("no second factor is asked for: %+v", entry)
	}
	return entry.SecondFactor
}

// atOnce runs it so often at the same time, and counts how it ends.
func atOnce(n int, fn func(i int) error) map[agenda.Code]int {
	codes := make(chan agenda.Code, n)
	for i := range n {
		go func() { codes <- agenda.CodeOf(fn(i)) }()
	}
	counts := map[agenda.Code]int{}
	for range n {
		counts[<-codes]++
	}
	return counts
}

func wantCounts(t *testing.T, got, want map[agenda.Code]int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
