package mail

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"plenary/internal/agenda"
)

var update = flag.Bool("update", false, "write the expected letters anew")

var kinds = []agenda.LetterKind{agenda.LetterReset, agenda.LetterInvite, agenda.LetterCode, agenda.LetterPersonal, agenda.LetterNotice}

// All letters in all languages, as they come out of a mail program at the other end.
func TestLetters(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr})
	for _, kind := range kinds {
		for _, lang := range languages {
			if err := s.Send(t.Context(), letter(kind, lang)); err != nil {
				t.Fatal(err)
			}
			got := parse(t, box.letters[len(box.letters)-1].raw)
			checkText(t, string(kind)+"."+lang+".txt", "Subject: "+got.subject+"\n\n"+got.text)
			if seen := textOf(t, got.html); squeezed(seen) != squeezed(strings.Replace(got.text, "-- \n", "", 1)) {
				// The button is in the HTML only.
				if without := strings.Replace(squeezed(seen), squeezed(wordsOf(t, lang).said["mail_"+string(kind)+"_button"]), "", 1); without != squeezed(strings.Replace(got.text, "-- \n", "", 1)) {
					t.Errorf("%s in %s: the two forms differ:\n%s\n%s", kind, lang, seen, got.text)
				}
			}
		}
	}
}

func wordsOf(t *testing.T, lang string) words {
	t.Helper()
	w, err := wordsFor(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func checkText(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
	for _, line := range strings.Split(got, "\n") {
		if n := len([]rune(line)); n > 72 && !strings.HasPrefix(line, "https://") && !strings.HasPrefix(line, "Subject") {
			t.Errorf("%s: a line has %d characters: %s", name, n, line)
		}
	}
	if placeholder.MatchString(got) {
		t.Errorf("%s: something was not filled in:\n%s", name, got)
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// textOf gives what of an HTML document is seen.
func textOf(t *testing.T, document string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "title" {
			b.WriteString(n.Data + " ")
		}
	}
	return b.String()
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestHeaders(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr, ReplyTo: "Secretariat <team@forum.example>"})
	if err := s.Send(t.Context(), letter(agenda.LetterInvite, "vi-VN")); err != nil {
		t.Fatal(err)
	}
	got := box.letters[0]
	if got.from != "agenda@forum.example" || !cmp.Equal(got.to, []string{"jane@example.org"}) {
		t.Errorf("the envelope is from %s to %s", got.from, got.to)
	}
	p := parse(t, got.raw)
	id, kind := p.header.Get("Message-Id"), p.header.Get("Content-Type")
	if !regexp.MustCompile(`^<[a-z0-9]{26}@forum\.example>$`).MatchString(id) {
		t.Errorf("Message-ID: %s", id)
	}
	want := map[string][]string{
		"Auto-Submitted": {"auto-generated"}, "Content-Language": {"vi"}, "Content-Type": {kind}, "Mime-Version": {"1.0"},
		"Date": {"Mon, 20 Oct 2025 12:00:00 +0000"}, "From": {"=?utf-8?q?Di=E1=BB=85n_=C4=91=C3=A0n_Forum?= <agenda@forum.example>"},
		"Message-Id": {id}, "Reply-To": {`"Secretariat" <team@forum.example>`}, "To": {"<jane@example.org>"},
		"Subject": {p.header.Get("Subject")},
	}
	if diff := cmp.Diff(want, map[string][]string(p.header)); diff != "" {
		t.Error(diff)
	}
	if p.subject != "Lời mời cùng chuẩn bị “Diễn đàn Đối tác số”" || strings.Contains(p.text, "Không có ai đọc") {
		t.Errorf("%s\n%s", p.subject, p.text)
	}
	if err := s.Send(t.Context(), letter(agenda.LetterInvite, "vi")); err != nil {
		t.Fatal(err)
	}
	if again := parse(t, box.letters[1].raw).header.Get("Message-Id"); again == id {
		t.Errorf("two letters have the identifier %s", id)
	}
}

func TestWhatALetterNeeds(t *testing.T) {
	box := open(t, withNothing, &postbox{})
	s := sender(t, Config{URL: "smtp://" + box.addr})
	for name, spoil := range map[string]func(*agenda.Letter){
		"no kind":             func(l *agenda.Letter) { l.Kind = "" },
		"no link":             func(l *agenda.Letter) { l.URL = "" },
		"a script":            func(l *agenda.Letter) { l.URL = "javascript:alert(1)" },
		"a script on a host":  func(l *agenda.Letter) { l.URL = "javascript://forum.example/%0aalert(1)" },
		"a path":              func(l *agenda.Letter) { l.URL = "/a/reset" },
		"a user in the link":  func(l *agenda.Letter) { l.URL = "https://forum.example@evil.example/" },
		"two lines in a link": func(l *agenda.Letter) { l.URL += "\nhttps://evil.example" },
		"no event":            func(l *agenda.Letter) { l.Event = nil },
		"a code with markup":  func(l *agenda.Letter) { l.Code = "<b>12</b>" },
	} {
		l := letter(agenda.LetterInvite, "en")
		spoil(&l)
		if err := s.Send(t.Context(), l); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, l := range []agenda.Letter{{Kind: agenda.LetterCode, To: "a@b.c"}, {Kind: agenda.LetterNotice, To: "a@b.c", Detail: " \u200b\n"}} {
		if err := s.Send(t.Context(), l); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%s: %v", l.Kind, err)
		}
	}
	if box.attempts != 0 {
		t.Errorf("the server was asked %d times", box.attempts)
	}
}

func TestTimesAreToldByTheClockOfTheZone(t *testing.T) {
	for _, c := range []struct{ lang, zone, want string }{
		{"en", "Asia/Ho_Chi_Minh", "Saturday 1 November 2025, 14:30 (Asia/Ho_Chi_Minh, UTC+07:00)"},
		{"fr", "Europe/Paris", "samedi 1er novembre 2025 à 08:30 (Europe/Paris, UTC+01:00)"},
		{"vi", "", "Thứ Bảy, 1 tháng 11, 2025, 07:30 (UTC)"},
		{"en", "Local", "Saturday 1 November 2025, 07:30 (UTC)"},
		{"en", "No/Where", "Saturday 1 November 2025, 07:30 (UTC)"},
	} {
		if got := wordsOf(t, c.lang).when(letter("", "").Expires, c.zone); got != c.want {
			t.Errorf("%s in %s: %s", c.zone, c.lang, got)
		}
	}
}

func TestLanguages(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "en-GB": "en", "fr-CA": "fr", "vi": "vi", "ja": "en", "no tag": "en"} {
		if got := wordsOf(t, tag).lang; got != want {
			t.Errorf("%q is answered in %s, want %s", tag, got, want)
		}
	}
}
