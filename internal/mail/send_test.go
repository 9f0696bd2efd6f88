package mail

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"plenary/internal/agenda"
)

// as gives the URL of a server, with the test's user and its certificate.
func (b *postbox) as(scheme string) string {
	return scheme + "://plenary%40forum.example@" + b.addr + "?ca=" + b.ca
}

// checkSecrets sees that an error tells no secret, and no address.
func checkSecrets(t *testing.T, err error) {
	t.Helper()
	l := letter(agenda.LetterReset, "en")
	for _, secret := range []string{password, base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password)), l.URL, l.URL[40:], l.Code, l.To} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells %s: %v", secret, err)
		}
	}
}

func TestLettersGoEncryptedAndWithThePassword(t *testing.T) {
	for kind, scheme := range map[string]string{withSTARTTLS: "smtp", withTLS: "smtps"} {
		box := open(t, kind, &postbox{needAuth: true}, "127.0.0.1")
		s := sender(t, Config{URL: box.as(scheme), Password: password})
		if err := s.Send(t.Context(), letter(agenda.LetterReset, "vi")); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if got := box.letters; len(got) != 1 || !got[0].tls || !got[0].auth {
			t.Errorf("%s: %+v", kind, got)
		}
		if got := s.Server(); got != scheme+"://"+box.addr {
			t.Error(got)
		}
	}
}

func TestAWrongPassword(t *testing.T) {
	box := open(t, withSTARTTLS, &postbox{needAuth: true}, "127.0.0.1")
	s := sender(t, Config{URL: box.as("smtp"), Password: password + "!"})
	err := s.Send(t.Context(), letter(agenda.LetterReset, "en"))
	if agenda.CodeOf(err) != agenda.Unavailable || !strings.Contains(err.Error(), "535") {
		t.Errorf("got %v", err)
	}
	checkSecrets(t, err)
	if strings.Contains(err.Error(), "p4ss") {
		t.Errorf("the error tells the password: %v", err)
	}
}

// Nothing is said to a server that offers no encryption or shows a certificate that nobody vouches for.
func TestNothingGoesToAServerThatCannotBeTrusted(t *testing.T) {
	for name, c := range map[string]struct {
		kind, scheme, query string
		names               []string
		want                string
	}{
		"no STARTTLS":           {withNothing, "smtp", "?tls=starttls", []string{"127.0.0.1"}, "offers no encryption"},
		"no TLS at all":         {withNothing, "smtps", "", []string{"127.0.0.1"}, "can't be used"},
		"nobody vouches":        {withSTARTTLS, "smtp", "?tls=starttls", []string{"127.0.0.1"}, "can't be trusted"},
		"nobody vouches, smtps": {withTLS, "smtps", "", []string{"127.0.0.1"}, "can't be trusted"},
		"another's name":        {withSTARTTLS, "smtp", "?ca=", []string{"mail.example"}, "can't be trusted"},
		"another's name, smtps": {withTLS, "smtps", "?ca=", []string{"mail.example"}, "can't be trusted"},
	} {
		box := open(t, c.kind, &postbox{}, c.names...)
		url := c.scheme + "://plenary%40forum.example@" + box.addr + c.query
		if c.query == "?ca=" {
			url += box.ca
		}
		err := sender(t, Config{URL: url, Password: password, Timeout: 5 * time.Second}).Send(t.Context(), letter(agenda.LetterReset, "en"))
		if agenda.CodeOf(err) != agenda.Unavailable || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if len(box.letters) != 0 {
			t.Errorf("%s: the letter went", name)
		}
		checkSecrets(t, err)
	}
}

// What a server answers to the address or to the letter becomes an error that says whether to try again.
func TestAServerThatRefuses(t *testing.T) {
	l := letter(agenda.LetterReset, "en")
	echo := "because of " + l.URL + " and " + l.URL[40:] + " for " + l.To + " " + l.Code
	for _, c := range []struct {
		code int
		data bool
		want agenda.Code
	}{{550, false, agenda.Invalid}, {450, false, agenda.Unavailable}, {554, true, agenda.Invalid}, {451, true, agenda.Unavailable}} {
		refusal := &smtp.SMTPError{Code: c.code, EnhancedCode: smtp.EnhancedCode{c.code / 100, 7, 1}, Message: echo}
		box := &postbox{onRcpt: func(string) error { return refusal }}
		if c.data {
			box = &postbox{onData: func(string) error { return refusal }}
		}
		open(t, withNothing, box)
		err := sender(t, Config{URL: "smtp://" + box.addr}).Send(t.Context(), l)
		if agenda.CodeOf(err) != c.want || !strings.Contains(err.Error(), fmt.Sprint(c.code)) {
			t.Errorf("%d: %v", c.code, err)
		}
		checkSecrets(t, err)
		if len(box.letters) != 0 {
			t.Errorf("%d: the letter went", c.code)
		}
	}
}

// dying answers as a mail server does until a line begins with the given word, and then is gone.
func dying(t *testing.T, until string, stay time.Duration) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "220 mail.test\r\n")
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			line := lines.Text()
			switch {
			case strings.HasPrefix(line, until):
				time.Sleep(stay)
				return
			case line == "DATA":
				fmt.Fprint(conn, "354 go on\r\n")
			case strings.HasPrefix(line, "EHLO"), strings.HasPrefix(line, "MAIL"), strings.HasPrefix(line, "RCPT"), line == ".":
				fmt.Fprint(conn, "250 ok\r\n")
			}
		}
	}()
	return l.Addr().String()
}

func TestAServerThatDies(t *testing.T) {
	for _, until := range []string{"EHLO", "MAIL", "RCPT", "DATA", "Subject", "."} {
		err := sender(t, Config{URL: "smtp://" + dying(t, until, 0)}).Send(t.Context(), letter(agenda.LetterReset, "en"))
		if agenda.CodeOf(err) != agenda.Unavailable {
			t.Errorf("at %s: %v", until, err)
			continue
		}
		checkSecrets(t, err)
	}
	// It has the letter by then.
	if err := sender(t, Config{URL: "smtp://" + dying(t, "QUIT", 0)}).Send(t.Context(), letter(agenda.LetterReset, "en")); err != nil {
		t.Errorf("at QUIT: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := sender(t, Config{URL: "smtp://" + l.Addr().String()}).Send(t.Context(), letter(agenda.LetterReset, "en")); agenda.CodeOf(err) != agenda.Unavailable {
		t.Errorf("nobody there: %v", err)
	}
}

// A server that says nothing any more holds nobody for longer than they wait.
func TestAServerThatIsSilent(t *testing.T) {
	for _, until := range []string{"EHLO", "MAIL", "."} {
		addr, start := dying(t, until, 10*time.Second), time.Now()
		err := sender(t, Config{URL: "smtp://" + addr, Timeout: 100 * time.Millisecond}).Send(t.Context(), letter(agenda.LetterReset, "en"))
		if took := time.Since(start); agenda.CodeOf(err) != agenda.Unavailable || took > 5*time.Second {
			t.Errorf("at %s, after %s: %v", until, took, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		start = time.Now()
		err = sender(t, Config{URL: "smtp://" + dying(t, until, 10*time.Second)}).Send(ctx, letter(agenda.LetterReset, "en"))
		if took := time.Since(start); !errors.Is(err, context.Canceled) || agenda.CodeOf(err) != agenda.Unavailable || took > 5*time.Second {
			t.Errorf("at %s, given up after %s: %v", until, took, err)
		}
	}
}

func TestManyLettersAtOnce(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	box := open(t, withSTARTTLS, &postbox{needAuth: true, onData: func(string) error {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		return nil
	}}, "127.0.0.1")
	s := sender(t, Config{URL: box.as("smtp"), Password: password})
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if err := s.Send(t.Context(), letter(kinds[i%len(kinds)], languages[i%len(languages)])); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(box.letters) != 40 || most > together {
		t.Errorf("%d letters arrived, up to %d at once", len(box.letters), most)
	}
}
