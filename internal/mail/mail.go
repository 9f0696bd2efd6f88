// Package mail composes letters and hands them to a mail server by SMTP (RFC 5321, and RFC 6409 for submission).
//
// What people made (names of persons and events, details) is data in a letter: it is neither markup nor a link nor a
// header, whatever it looks like.
package mail

import (
	"context"
	"crypto/tls"
	"net/mail"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// Config says by which server letters go and whom they are from.
type Config struct {
	// URL is smtp://[user[:password]@]host[:port] with STARTTLS (port 587), or smtps:// with TLS from the first byte
	// (port 465; RFC 8314, 3). ?tls=none speaks without encryption; that is the default on a loopback address, where
	// ?tls=starttls asks for it. ?ca=FILE trusts the certificates of a PEM file instead of the system's.
	URL      string
	Password string           // instead of one in URL
	From     string           // the sender: an address, or a name with an address
	ReplyTo  string           // where answers go, likewise; "" if nobody reads them
	Now      func() time.Time // for the Date of letters
	Timeout  time.Duration    // for connecting, and again for handing over; 0 is 20 seconds
}

// together is how many letters are under way at once. Servers limit connections by client.
const together = 4

// Sender sends letters. It is safe for concurrent use; each letter goes over a connection of its own.
type Sender struct {
	server  server
	roots   *tls.Config
	from    *mail.Address
	replyTo *mail.Address
	domain  string // of from, in ASCII: this program's name in identifiers and to the server
	now     func() time.Time
	timeout time.Duration
	slots   chan struct{}
}

// New makes a Sender. It reads the file of certificates, if there is one, and connects to nothing. Errors say nothing
// of the password.
func New(c Config) (*Sender, error) {
	s := &Sender{now: c.Now, timeout: c.Timeout, slots: make(chan struct{}, together)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.timeout == 0 {
		s.timeout = 20 * time.Second
	}
	var err error
	if s.server, err = readServer(c.URL, c.Password); err != nil {
		return nil, err
	}
	if s.roots, err = s.server.trust(); err != nil {
		return nil, err
	}
	if s.from, err = readSender(c.From); err != nil {
		return nil, err
	}
	_, s.domain = cut(s.from.Address)
	if c.ReplyTo != "" {
		if s.replyTo, err = readSender(c.ReplyTo); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Server gives the mail server's address for people, without user and password: "smtp://mail.example.org:587".
func (s *Sender) Server() string { return s.server.String() }

// From gives the address that letters are from, without a name.
func (s *Sender) From() string { return s.from.Address }

// maxTagged is how long the part of an address before the @ may be for "+" and a tag of 32 characters to fit after it (RFC 5321,
// 4.5.3.1.1).
const maxTagged = 64 - 33

// Plain says whether it is an address in ASCII without a name, to which "+" and a tag can be added before the @.
func Plain(address string) bool {
	a, err := readRecipient(address)
	if err != nil || a.Address != address {
		return false
	}
	local, _ := cut(address)
	return len(local) <= maxTagged && !strings.ContainsAny(local, `+"`)
}

// Send hands a letter to the server. An Invalid error is about the letter, its address included: the same letter will
// fail again. An Unavailable one is about the server or the way to it. Neither holds the password, nor the letter's URL
// or code, nor the address. When ctx ends or the server is lost between its last line and the answer, the letter may
// have gone all the same.
func (s *Sender) Send(ctx context.Context, l agenda.Letter) error {
	msg, err := s.compose(l)
	if err != nil {
		return err
	}
	return s.hand(ctx, msg, l)
}
