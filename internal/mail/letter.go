package mail

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"plenary/internal/agenda"
)

//go:embed letter.html
var layout string

var page = template.Must(template.New("letter").Parse(layout))

// needs says what a kind of letter cannot do without.
var needs = map[agenda.LetterKind]struct{ url, code, event, detail bool }{
	agenda.LetterReset:    {url: true},
	agenda.LetterInvite:   {url: true, event: true},
	agenda.LetterCode:     {code: true},
	agenda.LetterPersonal: {url: true, event: true},
	agenda.LetterNotice:   {detail: true},
}

// content is what a letter says, in one language. Its parts are plain text.
type content struct {
	Lang                   string
	Subject, Hello, Intro  string
	Detail                 string
	Parts                  []agenda.MailPart
	NoteHead               string
	Note                   []string
	URL, Button            string
	Code, Expires          string
	Outro, Footer, FromWho string
}

var codes = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z -]{2,30}[0-9A-Za-z]$`)

// check refuses a letter that would say nothing, or lead nowhere.
func check(l agenda.Letter) error {
	need, known := needs[l.Kind]
	switch {
	case !known:
		return agenda.Errorf(agenda.Invalid, "There is no letter of that kind.")
	case l.URL != "" && !leads(l.URL), l.URL == "" && need.url:
		return agenda.Errorf(agenda.Invalid, "The link of the letter must be an address of this server.")
	case l.Code != "" && !codes.MatchString(l.Code), l.Code == "" && need.code:
		return agenda.Errorf(agenda.Invalid, "The code of the letter must be some letters and digits.")
	case need.event && len(l.Event) == 0:
		return agenda.Errorf(agenda.Invalid, "The letter needs the name of an event.")
	case need.detail && visible(l.Detail, maxDetail) == "":
		return agenda.Errorf(agenda.Invalid, "The letter needs to say what happened.")
	}
	return nil
}

// leads says whether it is the address of a page, in characters that need no care anywhere.
func leads(address string) bool {
	link, err := url.Parse(address)
	return err == nil && (link.Scheme == "https" || link.Scheme == "http") && link.Hostname() != "" && link.User == nil &&
		!strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>"`, r) })
}

// write gives what the letter says, in the language of whom it is to.
func (s *Sender) write(l agenda.Letter) (content, error) {
	w, err := wordsFor(l.Language)
	if err != nil {
		return content{}, err
	}
	kind, need := "mail_"+string(l.Kind), needs[l.Kind]
	event := agenda.NewReader("en", l.Language, w.lang).String(l.Event)
	c := content{Lang: w.lang, FromWho: s.from.Name, Subject: w.say(kind+"_subject", "event", literal(event, maxEvent)), Hello: w.said["mail_hello"],
		Intro: w.say(kind+"_intro", "event", literal(event, maxEvent)), Outro: w.said[kind+"_outro"], Footer: w.said["mail_footer"]}
	if name := literal(l.Name, maxName); name != "" {
		c.Hello = w.say("mail_hello_name", "name", name)
	}
	if need.detail {
		c.Detail = literal(l.Detail, maxDetail)
	}
	if button := w.said[kind+"_button"]; button != "" && l.URL != "" {
		c.URL, c.Button = l.URL, button
	}
	if need.code {
		c.Code = l.Code
	}
	if !l.Expires.IsZero() && (c.URL != "" || c.Code != "") {
		c.Expires = w.say("mail_expires", "time", w.when(l.Expires, l.Zone))
	}
	if s.replyTo == nil {
		c.Footer += " " + w.said["mail_footer_unread"]
	}
	return c, nil
}

// compose makes the message: two forms of the same words (RFC 2046, 5.1.4), and headers that nobody else has a word
// in but for the name of an event in the subject.
func (s *Sender) compose(l agenda.Letter) (*gomail.Msg, error) {
	to, err := readRecipient(l.To)
	if err != nil {
		return nil, err
	}
	if err := check(l); err != nil {
		return nil, err
	}
	c, err := s.write(l)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := page.Execute(&html, c); err != nil {
		return nil, err
	}
	return s.message(to, c, strings.ToLower(rand.Text()), html.String()), nil
}

// message makes what goes over the line. Name identifies the letter among ours.
func (s *Sender) message(to *mail.Address, c content, name, html string) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	m.ToMailAddress(to)
	if s.replyTo != nil {
		m.SetAddrHeaderFromMailAddress(gomail.HeaderReplyTo, s.replyTo)
	}
	m.SetGenHeader(gomail.HeaderSubject, encoded(c.Subject))
	m.SetDateWithValue(s.now().UTC())
	m.SetMessageIDWithValue(name + "@" + s.domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, 5
	m.SetGenHeader("Content-Language", c.Lang)
	m.SetBodyString(gomail.TypeTextPlain, c.text())
	m.AddAlternativeString(gomail.TypeTextHTML, html)
	return m
}

// encoded writes a header's text as RFC 2047 asks. What merely looks encoded is encoded too, or mail programs would
// decode it.
func encoded(text string) string {
	if !strings.Contains(text, "=?") && !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		return text
	}
	const most = 42 // bytes: with what is around them, a word of at most 75 characters
	var parts []string
	for len(text) > 0 {
		n := min(most, len(text))
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		parts = append(parts, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(text[:n]))+"?=")
		text = text[n:]
	}
	return strings.Join(parts, " ")
}

// text gives the letter as plain text.
func (c content) text() string {
	var parts []string
	add := func(texts ...string) {
		for _, text := range texts {
			if text != "" {
				parts = append(parts, wrapped(text))
			}
		}
	}
	add(c.Hello, c.Intro, c.Detail)
	for _, p := range c.Parts {
		parts = append(parts, plain(p))
	}
	if len(c.Note) > 0 {
		parts = append(parts, plain(agenda.MailPart{Heading: c.NoteHead, Lines: c.Note}))
	}
	add(c.URL, c.Code, c.Expires, c.Outro)
	signature := wrapped(c.Footer)
	if c.FromWho != "" {
		signature = wrapped(c.FromWho) + "\n" + signature
	}
	return strings.Join(parts, "\n\n") + "\n\n-- \n" + signature + "\n"
}

// wrapped breaks a paragraph into lines of at most 72 characters (RFC 5322, 2.1.1, asks for 78), but no word, and so no
// link.
func wrapped(paragraph string) string {
	const most = 72
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(paragraph, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > most:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
