package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"plenary/internal/agenda"
)

// What fits of a Mail's own words, in characters.
const (
	maxLine = 1000
	maxNote = 4000
)

// SendPost hands a Mail to the server, as [Sender.Send] does with a letter. A Mail that goes twice has the same Message-ID
// (RFC 5322, 3.6.4), by which mail programs know that it is one; what it says is part of that, so that none takes one that was
// changed in between for the one before.
func (s *Sender) SendPost(ctx context.Context, p agenda.Post) error {
	msg, err := s.composePost(p)
	if err != nil {
		return err
	}
	return s.hand(ctx, msg, agenda.Letter{To: p.To, URL: p.URL})
}

// hand waits for its turn, and delivers.
func (s *Sender) hand(ctx context.Context, msg *gomail.Msg, l agenda.Letter) error {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return agenda.Errorf(agenda.Unavailable, string(agenda.MailCrowded)+": %w", ctx.Err())
	}
	return s.deliver(ctx, msg, l)
}

// Words are what a Mail says, in the language of whom it is to.
type Words struct {
	Language       string
	Subject, Hello string
	Parts          []agenda.MailPart
	NoteHead       string
	Note           []string // the organizers' own lines; nil: none
	Button         string   // what its link says
	Footer         string
}

// PostWords gives what the Mail says, as it goes: whoever reads these words has read the letter.
func PostWords(p agenda.Post) (Words, error) {
	w, err := wordsFor(p.Language)
	if err != nil {
		return Words{}, err
	}
	said := Words{Language: w.lang, Subject: visible(p.Subject, maxDetail), Hello: w.said["mail_hello"], NoteHead: w.said["mail_post_note"],
		Button: p.Button, Footer: w.said["mail_footer"]}
	if name := literal(p.Name, maxName); name != "" {
		said.Hello = w.say("mail_hello_name", "name", name)
	}
	if said.Button == "" {
		said.Button = w.said["mail_post_button"]
	}
	if p.Method == agenda.MethodRequest && p.Kind == agenda.MailMeeting {
		said.Button = w.said["mail_meeting_button"]
	}
	for _, part := range p.Body {
		said.Parts = append(said.Parts, agenda.MailPart{Heading: literal(part.Heading, maxDetail), Lines: literals(part.Lines, maxLine), URL: part.URL})
	}
	said.Note = literals(strings.Split(p.Note, "\n"), maxNote)
	return said, nil
}

// literals gives the lines that say something, as [literal] has them.
func literals(lines []string, most int) []string {
	var kept []string
	for _, line := range lines {
		if line = literal(line, most); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// writePost gives the letter that has the words.
func (s *Sender) writePost(p agenda.Post) (content, error) {
	w, err := PostWords(p)
	c := content{Lang: w.Language, FromWho: s.from.Name, Subject: w.Subject, Hello: w.Hello, Parts: w.Parts, NoteHead: w.NoteHead, Note: w.Note,
		URL: p.URL, Button: w.Button, Footer: w.Footer}
	return c, err
}

// composePost makes the message. An invitation has its calendar part twice, last among the alternatives and as a file, for
// programs look for it in one place or the other (RFC 6047, 2.4).
func (s *Sender) composePost(p agenda.Post) (*gomail.Msg, error) {
	to, err := readRecipient(p.To)
	if err != nil {
		return nil, agenda.Errorf(agenda.Invalid, string(agenda.MailAddressBad)+": %w", err)
	}
	if err := checkPost(p); err != nil {
		return nil, err
	}
	c, err := s.writePost(p)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := page.Execute(&html, c); err != nil {
		return nil, err
	}
	m := s.message(to, c, string(p.ID)+"."+versionOf(p, c, html.String()), html.String())
	if p.From != "" {
		if err := s.answersTo(m, p.From); err != nil {
			return nil, err
		}
	}
	if p.Unsubscribe != "" && !p.Essential {
		m.SetGenHeader("List-Unsubscribe", "<"+p.Unsubscribe+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058, 2
	}
	return m, attachCalendar(m, p)
}

// versionOf tells what a Mail says from what it said before.
func versionOf(p agenda.Post, c content, html string) string {
	h := sha256.New()
	for _, said := range []string{p.To, p.From, p.Unsubscribe, c.Subject, c.text(), html, p.Method, string(p.Calendar)} {
		fmt.Fprintf(h, "%d %s", len(said), said)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// attachCalendar adds the calendar part; of several objects the first one, and each of them as a file.
func attachCalendar(m *gomail.Msg, p agenda.Post) error {
	for n, object := range objectsIn(p.Calendar) {
		name := "invite.ics"
		if n == 0 {
			m.AddAlternativeString(gomail.ContentType("text/calendar; method="+p.Method), object, gomail.WithPartEncoding(gomail.EncodingB64))
		} else {
			name = fmt.Sprintf("invite-%d.ics", n+1)
		}
		if err := m.AttachReader(name, strings.NewReader(object), gomail.WithFileContentType("application/ics"), gomail.WithFileEncoding(gomail.EncodingB64)); err != nil {
			return err
		}
	}
	return nil
}

// objectsIn gives the iCalendar objects of a stream (RFC 5545, 3.4).
func objectsIn(calendar []byte) (list []string) {
	for object := range strings.SplitAfterSeq(string(calendar), "\r\nEND:VCALENDAR\r\n") {
		if object != "" {
			list = append(list, object)
		}
	}
	return list
}

// answersTo sends a letter from an address of its own, which its calendar part calls the organizer: calendar programs distrust
// an organizer that the letter is not from. What can't be delivered comes back to the usual sender.
func (s *Sender) answersTo(m *gomail.Msg, address string) error {
	from, err := readRecipient(address)
	if err != nil {
		return err
	}
	from.Name = s.from.Name
	m.FromMailAddress(from)
	m.EnvelopeFromMailAddress(s.from)
	return nil
}

// identities are what a Mail may be called: part of its Message-ID.
var identities = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// methods are those of an invitation (RFC 5546, 1.4).
var methods = []string{"REQUEST", "CANCEL"}

// checkPost refuses what a mail program would not understand, or not as it is meant.
func checkPost(p agenda.Post) error {
	switch {
	case !identities.MatchString(string(p.ID)):
		return agenda.Errorf(agenda.Invalid, "The letter has no identity to tell it by.")
	case visible(p.Subject, maxDetail) == "":
		return agenda.Errorf(agenda.Invalid, "The letter needs a subject.")
	case !leads(p.URL):
		return agenda.Errorf(agenda.Invalid, "The link of the letter must be an address of this server.")
	case p.Unsubscribe != "" && !leads(p.Unsubscribe):
		return agenda.Errorf(agenda.Invalid, "The link that ends such letters must be an address of this server.")
	case len(p.Calendar) == 0 && p.Method == "":
		return nil
	case len(p.Calendar) == 0 || !slices.Contains(methods, p.Method):
		return agenda.Errorf(agenda.Invalid, "The method of a calendar part must be one of %s.", strings.Join(methods, ", "))
	}
	for n, object := range objectsIn(p.Calendar) {
		found := methodsIn(object)
		if len(found) != 1 || n == 0 && found[0] != p.Method || !slices.Contains(methods, found[0]) {
			return agenda.Errorf(agenda.Invalid, "The calendar part must be of the method %s, as the letter says (RFC 6047, 2.4).", p.Method)
		}
	}
	return nil
}

// methodsIn gives the values of METHOD in an iCalendar object.
func methodsIn(object string) (found []string) {
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n ", "", "\r\n\t", "").Replace(object), "\r\n") {
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "METHOD") {
			found = append(found, value)
		}
	}
	return found
}

// plain gives a part of a letter as plain text.
func plain(p agenda.MailPart) string {
	var lines []string
	for _, line := range append([]string{p.Heading}, p.Lines...) {
		if line != "" {
			lines = append(lines, wrapped(line))
		}
	}
	if p.URL != "" {
		lines = append(lines, p.URL)
	}
	return strings.Join(lines, "\n")
}
