package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"mvdan.cc/xurls/v2"

	"plenary/internal/agenda"
)

const object = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@forum.example\r\nSUMMARY:Gặp gỡ\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// post is a Mail with all that any has.
func post(lang string) agenda.Post {
	said := map[string][4]string{
		"en": {"Your panel has moved", "Digital infrastructure", "10:00 → 11:00, Lotus Hall", "Please come ten minutes earlier.\nThere is coffee."},
		"fr": {"Votre panel a changé d’horaire", "Infrastructures numériques", "10:00 → 11:00, salle Lotus", "Merci de venir dix minutes plus tôt.\nIl y a du café."},
		"vi": {"Phiên của quý vị đã đổi giờ", "Hạ tầng số", "10:00 → 11:00, Hội trường Sen", "Xin quý vị đến sớm mười phút.\nCó cà phê."},
	}[lang]
	return agenda.Post{Mail: agenda.Mail{ID: "0199ffff-0000-7000-8000-000000000001", To: "jane@example.org", Name: "Công Tằng Tôn Nữ Thị Quỳnh Như Nguyễn Phúc Hồng Ánh", Language: lang,
		Subject: said[0], Body: []agenda.MailPart{{Heading: said[1], Lines: []string{said[2], "09:00 → 10:00 (Europe/Paris)"}}}, Note: said[3]},
		URL: "https://agenda.forum.example/letters/0199ffff.c2lnbmF0dXJl", Unsubscribe: "https://agenda.forum.example/letters/0199ffff.c2lnbmF0dXJl/unsubscribe"}
}

// posted is a Mail as it arrives.
type posted struct {
	parsed
	kinds    []string // of the parts, in order, those of a multipart after it
	calendar string   // header and body of the calendar part
	file     string   // and of the file
}

// open reads the parts of a message.
func (p *posted) open(t *testing.T, header func(string) string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	p.kinds = append(p.kinds, kind)
	if strings.HasPrefix(kind, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			part, err := parts.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			p.open(t, part.Header.Get, part)
		}
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	if header("Content-Transfer-Encoding") == "base64" {
		if raw, err = base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "").Replace(string(raw))); err != nil {
			t.Fatal(err)
		}
	}
	switch kind {
	case "text/plain":
		p.text = strings.ReplaceAll(string(raw), "\r\n", "\n")
	case "text/html":
		p.html = strings.ReplaceAll(string(raw), "\r\n", "\n")
	case "text/calendar":
		p.calendar = params["method"] + " " + strings.ToLower(params["charset"]) + " " + header("Content-Transfer-Encoding") + "\n" + string(raw)
	default:
		p.file = header("Content-Disposition") + "\n" + string(raw)
	}
}

// arrives sends the Mail and reads what arrives.
func arrives(t *testing.T, s *Sender, box *postbox, letter agenda.Post) posted {
	t.Helper()
	before := len(box.letters)
	if err := s.SendPost(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	if len(box.letters) != before+1 {
		t.Fatalf("%d letters arrive", len(box.letters)-before)
	}
	raw := box.letters[before].raw
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 78 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line that is too long, or bare: %q", line)
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	p := posted{parsed: parsed{header: m.Header}}
	if p.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Error(err)
	}
	p.open(t, m.Header.Get, m.Body)
	return p
}

var messageID = regexp.MustCompile(`^<0199ffff-0000-7000-8000-000000000001\.[0-9a-f]{16}@forum\.example>$`)

// A letter that was changed is another letter: who has the one before must not take it for that.
func TestAChangedPostIsAnotherOne(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr})
	seen := map[string]string{}
	for name, change := range map[string]func(*agenda.Post){
		"as it was":        func(*agenda.Post) {},
		"a note":           func(p *agenda.Post) { p.Note += " There is tea." },
		"a subject":        func(p *agenda.Post) { p.Subject += "!" },
		"a line":           func(p *agenda.Post) { p.Body[0].Lines = []string{"11:00"} },
		"a calendar part":  func(p *agenda.Post) { p.Method, p.Calendar = "REQUEST", []byte(object) },
		"another address":  func(p *agenda.Post) { p.To = "other@example.org" },
		"another calendar": func(p *agenda.Post) { p.Method, p.Calendar = "REQUEST", []byte(strings.ReplaceAll(object, "1@", "2@")) },
	} {
		p := post("en")
		change(&p)
		id := arrives(t, s, box, p).header.Get("Message-ID")
		if again := arrives(t, s, box, p).header.Get("Message-ID"); again != id || seen[id] != "" || !messageID.MatchString(id) {
			t.Errorf("%s: %s, and %s the second time; so is %s", name, id, again, seen[id])
		}
		seen[id] = name
	}
}

// What arrives over TLS is, word for word, what is expected; and twice the same, as the same letter.
func TestPosts(t *testing.T) {
	box := open(t, withSTARTTLS, &postbox{needAuth: true}, "127.0.0.1")
	s := sender(t, Config{URL: "smtp://" + strings.ReplaceAll(user, "@", "%40") + "@" + box.addr + "?tls=starttls&ca=" + box.ca, Password: password})
	for _, lang := range languages {
		p := arrives(t, s, box, post(lang))
		again := arrives(t, s, box, post(lang))
		if id := p.header.Get("Message-ID"); !messageID.MatchString(id) || id != again.header.Get("Message-ID") || p.text != again.text || p.html != again.html {
			t.Errorf("it is another letter the second time: %s, %s", id, again.header.Get("Message-ID"))
		}
		if last := box.letters[len(box.letters)-1]; !last.tls || !last.auth {
			t.Error("it went without TLS or password")
		}
		if p.subject != post(lang).Subject || p.header.Get("Content-Language") != lang {
			t.Errorf("%s, in %s", p.subject, p.header.Get("Content-Language"))
		}
		if diff := cmp.Diff([]string{"multipart/alternative", "text/plain", "text/html"}, p.kinds); diff != "" {
			t.Errorf("its parts: %s", diff)
		}
		if p.header.Get("List-Unsubscribe") != "<"+post(lang).Unsubscribe+">" || p.header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("nobody can end such letters: %v", p.header)
		}
		for ext, got := range map[string]string{"txt": p.text, "html": p.html} {
			file := filepath.Join("testdata", "post."+lang+"."+ext)
			if *update { // of the flag of the other letters
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		}
		checkPostPage(t, p.html, post(lang).URL)
	}
}

// What belongs to no heading stands apart from what is below the last one.
func TestWhatHasNoHeadingStandsApart(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	letter := post("en")
	letter.Body = append(letter.Body, agenda.MailPart{Lines: []string{"By the clock of the event.", "Let us know."}})
	p := arrives(t, sender(t, Config{URL: "smtp://" + box.addr}), box, letter)
	if !strings.Contains(p.text, "\n\nBy the clock of the event.\nLet us know.\n\n") {
		t.Errorf("%s", p.text)
	}
	if !strings.Contains(p.html, "<p style=\"margin: 1.5rem 0 .25rem\">By the clock of the event.</p>\n<p style=\"margin: .25rem 0\">Let us know.</p>") {
		t.Errorf("%s", p.html)
	}
}

// checkPostPage sees that the page leads to one place only, loads nothing, and leaves its colours to dark mode where it has none of
// its own.
func checkPostPage(t *testing.T, document, url string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "href":
				links++
				if a.Val != url {
					t.Errorf("it leads to %s", a.Val)
				}
			case "src", "background", "srcset":
				t.Errorf("it loads %s", a.Val)
			}
		}
	}
	if links != 2 || !strings.Contains(document, `content="light dark"`) {
		t.Errorf("%d links, or no dark mode:\n%s", links, document)
	}
}

// The structure of an invitation is that of calendars.
func TestPostWithACalendar(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr})
	letter := post("vi")
	letter.Essential, letter.Method, letter.Calendar = true, "REQUEST", []byte(object)
	p := arrives(t, s, box, letter)
	if diff := cmp.Diff([]string{"multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"}, p.kinds); diff != "" {
		t.Errorf("its parts: %s", diff)
	}
	if p.calendar != "REQUEST utf-8 base64\n"+object || p.file != "attachment; filename=\"invite.ics\"\n"+object {
		t.Errorf("the calendar is\n%s\nand the file\n%s", p.calendar, p.file)
	}
	if p.header.Get("List-Unsubscribe")+p.header.Get("List-Unsubscribe-Post") != "" {
		t.Error("what is essential can be ended")
	}
	letter.Calendar = []byte(object + strings.ReplaceAll(object, "REQUEST", "CANCEL"))
	p = arrives(t, s, box, letter)
	if diff := cmp.Diff([]string{"multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics", "application/ics"}, p.kinds); diff != "" {
		t.Errorf("its parts with two objects: %s", diff)
	}
	if p.calendar != "REQUEST utf-8 base64\n"+object || !strings.HasPrefix(p.file, "attachment; filename=\"invite-2.ics\"\n") || !strings.Contains(p.file, "METHOD:CANCEL") || strings.Contains(p.file, "METHOD:REQUEST") {
		t.Errorf("the calendar is\n%s\nand the last file\n%s", p.calendar, p.file)
	}
	before := len(box.letters)
	for name, change := range map[string]func(*agenda.Post){
		"a second object without a method": func(p *agenda.Post) {
			p.Calendar = append(p.Calendar, strings.ReplaceAll(object, "METHOD:", "X-METHOD:")...)
		},
		"another method": func(p *agenda.Post) { p.Method = "CANCEL" },
		"no method":      func(p *agenda.Post) { p.Method = "" },
		"an odd method":  func(p *agenda.Post) { p.Method = "REQUEST\r\nX: y" },
		"none in it": func(p *agenda.Post) {
			p.Calendar = bytes.ReplaceAll(p.Calendar, []byte("METHOD:"), []byte("X-METHOD:"))
		},
		"two in it":       func(p *agenda.Post) { p.Calendar = append([]byte("METHOD:CANCEL\r\n"), p.Calendar...) },
		"in a folded one": func(p *agenda.Post) { p.Calendar = append([]byte("MET\r\n HOD:CANCEL\r\n"), p.Calendar...) },
		"no calendar":     func(p *agenda.Post) { p.Calendar = nil },
		"no subject":      func(p *agenda.Post) { p.Subject = " \u200b" },
		"no identity":     func(p *agenda.Post) { p.ID = "" },
		"an odd identity": func(p *agenda.Post) { p.ID = "a@b>\r\nX: y" },
		"no link":         func(p *agenda.Post) { p.URL = "" },
		"an odd link":     func(p *agenda.Post) { p.Unsubscribe = "https://x/>, <mailto:a@b" },
		"two addresses":   func(p *agenda.Post) { p.To = "a@example.org, b@example.org" },
	} {
		letter := letter
		letter.Calendar = []byte(object)
		change(&letter)
		if err := s.SendPost(t.Context(), letter); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(box.letters) != before {
		t.Errorf("%d letters went all the same", len(box.letters)-before)
	}
}

// V8: what people call themselves and their panels, and what organizers add, is text in a letter.
func TestHoleV08WordsAreDataInPosts(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr})
	harmless, links := arrives(t, s, box, post("en")), xurls.Relaxed()
	for value, seen := range hostile {
		letter := post("en")
		letter.Name, letter.Subject, letter.Note = value, value, value
		letter.Body = []agenda.MailPart{{Heading: value, Lines: []string{value, value}}}
		p := arrives(t, s, box, letter)
		if len(p.header) != len(harmless.header) || !cmp.Equal(p.header["To"], harmless.header["To"]) || !cmp.Equal(p.kinds, harmless.kinds) {
			t.Errorf("%q changes the headers: %v", value, p.header)
		}
		if !cmp.Equal(box.letters[len(box.letters)-1].to, []string{"jane@example.org"}) {
			t.Errorf("%q makes it go to %s", value, box.letters[len(box.letters)-1].to)
		}
		if got := clean.Replace(p.subject); got != clean.Replace(seen) {
			t.Errorf("%q: the subject is %q", value, got)
		}
		for _, shown := range []string{p.text, textOf(t, p.html)} {
			if found := links.FindAllString(strings.ReplaceAll(shown, letter.URL, ""), -1); found != nil {
				t.Errorf("%q makes a link: %s", value, found)
			}
			if !strings.Contains(value, "\n") && strings.Count(squeezed(clean.Replace(shown)), squeezed(clean.Replace(seen))) < 4 {
				t.Errorf("%q is not there as it is:\n%s", value, shown)
			}
		}
		for _, line := range skeleton(t, p.html) {
			if name, _, _ := strings.Cut(line, " "); name == "img" || name == "script" || strings.Contains(line, "evil") {
				t.Errorf("%q becomes %s", value, line)
			}
		}
	}
}

// What the server says of a letter is kept and shown: it must not tell the link.
func TestPostFaultsTellNoSecrets(t *testing.T) {
	letter := post("en")
	box := open(t, withNothing, &postbox{onData: func(string) error { return io.ErrUnexpectedEOF }})
	box.onRcpt = func(to string) error { return &smtpRefusal{to + " " + letter.URL + " " + letter.Unsubscribe} }
	err := sender(t, Config{URL: "smtp://" + box.addr}).SendPost(t.Context(), letter)
	if err == nil || strings.Contains(err.Error(), "c2lnbmF0dXJl") || strings.Contains(err.Error(), letter.To) {
		t.Errorf("the error tells: %v", err)
	}
}

type smtpRefusal struct{ said string }

func (e *smtpRefusal) Error() string { return e.said }
