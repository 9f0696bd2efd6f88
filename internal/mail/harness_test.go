package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"plenary/internal/agenda"
)

const user, password = "plenary@forum.example", "p4ss-w0rd/with=signs+and~more"

// postbox is a real mail server on a loopback address. What it refuses, and how, is for each test to say.
type postbox struct {
	addr     string
	ca       string // a file with the certificate that it shows
	onRcpt   func(to string) error
	onData   func(letter string) error
	needAuth bool

	mu       sync.Mutex
	letters  []received
	attempts int // connections
}

type received struct {
	from string
	to   []string
	raw  string
	tls  bool
	auth bool
}

// session is one conversation.
type session struct {
	box  *postbox
	conn *smtp.Conn
	now  received
	auth bool
}

func (s *session) Reset()                   { s.now = received{} }
func (s *session) Logout() error            { return nil }
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, secret string) error {
		if name != user || secret != password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no, not with " + secret}
		}
		s.auth = true
		return nil
	}), nil
}

func (s *session) Mail(from string, o *smtp.MailOptions) error {
	if s.box.needAuth && !s.auth {
		return smtp.ErrAuthRequired
	}
	if o.UTF8 {
		return errors.New("SMTPUTF8 is not needed for addresses in ASCII")
	}
	s.now.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.to = append(s.now.to, to)
	if s.box.onRcpt != nil {
		return s.box.onRcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.box.onData != nil {
		if err := s.box.onData(string(raw)); err != nil {
			return err
		}
	}
	s.now.raw, s.now.auth = string(raw), s.auth
	_, s.now.tls = s.conn.TLSConnectionState()
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.letters = append(s.box.letters, s.now)
	return nil
}

// kinds of listeners.
const (
	withSTARTTLS = "starttls"
	withTLS      = "tls"
	withNothing  = "nothing"
)

// open starts a mail server whose certificate is for those names.
func open(t *testing.T, kind string, box *postbox, names ...string) *postbox {
	t.Helper()
	cert, file := certificate(t, names...)
	box.ca = file
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		box.mu.Lock()
		defer box.mu.Unlock()
		box.attempts++
		return &session{box: box, conn: c}, nil
	}))
	s.Domain, s.AllowInsecureAuth, s.EnableSMTPUTF8 = "mail.test", true, true
	s.MaxLineLength = 998 + 2 // RFC 5322, 2.1.1
	s.ErrorLog = log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box.addr = l.Addr().String()
	tlsConfig := &tls.Config{Certificates: []tls.Certificate{cert}}
	switch kind {
	case withSTARTTLS:
		s.TLSConfig = tlsConfig
	case withTLS:
		l = tls.NewListener(l, tlsConfig)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { s.Close() })
	return box
}

// certificate makes a throw-away one that signs itself.
func certificate(t *testing.T, names ...string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			form.IPAddresses = append(form.IPAddresses, ip)
		} else {
			form.DNSNames = append(form.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

var noon = time.Date(2025, 10, 20, 12, 0, 0, 0, time.UTC)

// sender makes one for tests; url may leave From and the clock to it.
func sender(t *testing.T, c Config) *Sender {
	t.Helper()
	if c.From == "" {
		c.From = "Diễn đàn Forum <agenda@forum.example>"
	}
	c.Now = func() time.Time { return noon }
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// letter is a letter of that kind with all that any has.
func letter(kind agenda.LetterKind, lang string) agenda.Letter {
	return agenda.Letter{Kind: kind, To: "jane@example.org", Name: "Nguyễn Thị Ánh", Language: lang,
		URL: "https://agenda.forum.example/a/reset#Zm9yLW5vYm9keS1lbHNlLWJ1dC10aGUtcmVhZGVyISE", Code: "493 027",
		Event:   agenda.Text{"en": "Digital Partnership Forum", "fr": "Forum du partenariat numérique", "vi": "Diễn đàn Đối tác số"},
		Expires: time.Date(2025, 11, 1, 7, 30, 0, 0, time.UTC), Zone: "Asia/Ho_Chi_Minh", Detail: "A passkey was added: “Key 2”."}
}

// parsed is a letter as a mail program has it.
type parsed struct {
	header     mail.Header
	subject    string
	text, html string
}

// parse reads a letter, which must have exactly its two forms, in lines that any server takes.
func parse(t *testing.T, raw string) parsed {
	t.Helper()
	for _, line := range strings.Split(raw, "\r\n") {
		if len(line) > 78 || strings.ContainsAny(line, "\r\n") || strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }) {
			t.Errorf("a line that is too long, bare or not in ASCII: %q", line)
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	p := parsed{header: m.Header}
	if p.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Error(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []struct {
		kind string
		into *string
	}{{"text/plain; charset=UTF-8", &p.text}, {"text/html; charset=UTF-8", &p.html}} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part)
		if err != nil || part.Header.Get("Content-Type") != want.kind {
			t.Fatal(part.Header, err)
		}
		*want.into = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		t.Errorf("there is a third part: %v", err)
	}
	return p
}
