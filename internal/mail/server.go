package mail

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"

	"plenary/internal/agenda"
)

// server is where letters are handed over, and how.
type server struct {
	host           string
	port           int
	user, password string
	encryption     encryption
	ca             string // a file of certificates, in PEM
}

// encryption is how the connection to a server is protected.
type encryption string

const (
	implicit encryption = "implicit" // TLS from the first byte (RFC 8314, 3.3)
	startTLS encryption = "starttls" // required: without it, nothing is sent (RFC 3207)
	none     encryption = "none"
)

// String gives the server's address without the user and the password.
func (s server) String() string {
	scheme := "smtp://"
	if s.encryption == implicit {
		scheme = "smtps://"
	}
	return scheme + net.JoinHostPort(s.host, strconv.Itoa(s.port))
}

// loopback says whether the server is on this machine, so that nobody is on the way to it.
func (s server) loopback() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

// readServer reads a server's URL. The URL may hold a password, so that no error quotes it.
func readServer(text, password string) (server, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || u.Fragment != "" ||
		(u.Path != "" && u.Path != "/") {
		return server{}, agenda.Errorf(agenda.Invalid, "The mail server's address must be like smtp://user@mail.example.org:587 "+
			"or smtps://user@mail.example.org:465, with special characters of user and password written as %%XX.")
	}
	s := server{host: u.Hostname(), port: 587, user: u.User.Username(), encryption: startTLS}
	if u.Scheme == "smtps" {
		s.port, s.encryption = 465, implicit
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return server{}, agenda.Errorf(agenda.Invalid, "The port of the mail server must be a number from 1 to 65535.")
		}
	}
	s.password, _ = u.User.Password()
	if err := s.readPassword(password); err != nil {
		return server{}, err
	}
	return s, s.readQuery(u)
}

func (s *server) readPassword(other string) error {
	switch {
	case other != "" && s.password != "":
		return agenda.Errorf(agenda.Invalid, "The mail server's password is given twice: in its address and apart.")
	case other != "":
		s.password = other
	}
	if (s.user == "") != (s.password == "") {
		return agenda.Errorf(agenda.Invalid, "For the mail server, a user needs a password, and a password a user (smtp://user@host).")
	}
	return nil
}

func (s *server) readQuery(u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	for name, values := range query {
		if !slices.Contains([]string{"tls", "ca"}, name) || len(values) != 1 {
			err = agenda.Errorf(agenda.Invalid, "")
		}
	}
	if err != nil {
		return agenda.Errorf(agenda.Invalid, "After ? the mail server's address may have tls=starttls, tls=none and ca=FILE, each once.")
	}
	s.ca = query.Get("ca")
	switch value := query.Get("tls"); {
	case value == "" && s.encryption == startTLS && s.loopback() && s.ca == "":
		s.encryption = none
	case value == "":
	case s.encryption == implicit:
		return agenda.Errorf(agenda.Invalid, "smtps:// is encrypted from the first byte: tls= is for smtp:// only.")
	case value == string(startTLS):
	case value == string(none):
		s.encryption = none
	default:
		return agenda.Errorf(agenda.Invalid, "tls= in the mail server's address must be starttls or none.")
	}
	if s.encryption == none && s.user != "" && !s.loopback() {
		return agenda.Errorf(agenda.Invalid, "With tls=none anybody on the way could read the mail server's password: "+
			"leave out tls=none, or the user.")
	}
	if s.encryption == none && s.ca != "" {
		return agenda.Errorf(agenda.Invalid, "With tls=none there is no certificate to check: leave out ca=.")
	}
	return nil
}

// trust gives whose certificates are believed.
func (s server) trust() (*tls.Config, error) {
	c := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if s.ca == "" {
		return c, nil
	}
	pem, err := os.ReadFile(s.ca)
	if err != nil {
		return nil, agenda.Errorf(agenda.Invalid, "The certificates for the mail server can't be read: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, agenda.Errorf(agenda.Invalid, "There is no certificate in %s: it must be in PEM.", s.ca)
	}
	return c, nil
}
