package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var setupLink = regexp.MustCompile(`(http://localhost:\d+)(/setup#\S+)`)

// serveEmpty starts the program on an empty database, as whoever installs it does, and gives its address and the link that it
// prints.
func serveEmpty(t *testing.T) (base, link string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve")
	cmd.Env = []string{asProgram, "PLENARY_ADDR=localhost:0", "PLENARY_DATABASE=" + filepath.Join(t.TempDir(), "plenary.db")}
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	said := ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if found := setupLink.FindStringSubmatch(lines.Text()); found != nil {
			go func() { // what it says further must not stop it
				for lines.Scan() {
				}
			}()
			return found[1], found[2]
		}
		said += lines.Text() + "\n"
	}
	t.Fatalf("no link:\n%s", said)
	return "", ""
}

// The first account, by the link that the program prints: the secret is gone from the address and works once.
func TestSetupInABrowser(t *testing.T) {
	t.Parallel()
	base, link := serveEmpty(t)
	b := openBrowser(t, base)
	b.leads("/setup", chromedp.Navigate(base+link), chromedp.WaitVisible(chromedp.CSS("#password")))
	b.leads("/console", fill("#name", "Công Tằng Tôn Nữ Nguyễn Thị Mai"), fill("#email", "cong-tang-ton-nu-nguyen-thi-mai@bo-thong-tin.example.org"), fill("#password", "bốn chữ rất khó đoán"),
		click("button[value=finish]"))
	b.says("Nguyễn Thị Mai", "There is no event of yours yet")
	b.keptNoSecret(link)
	b.fits("/console?lang=vi", "/account?lang=vi", "/account/password?lang=vi", "/account/factor?lang=vi", "/account/confirm?lang=vi")
	b.open("/console?lang=vi", "/console?lang=vi")
	b.leads("/sign-in?done=out&lang=vi", click(`[action^="/sign-out"] .button`))
	b.fits("/?lang=vi", "/sign-in?lang=vi", "/setup?lang=vi", "/invitation?lang=vi", "/reset?lang=vi", "/me?lang=vi")
	b.quiet()
}

// keptNoSecret fails the test if the history of the tab has the secret of a link: whoever sits there next would find it.
func (b *browser) keptNoSecret(link string) {
	b.t.Helper()
	history, err := chromedp.Run(b.ctx, chromedp.NavigationEntries())
	if err != nil {
		b.t.Fatal(err)
	}
	_, secret, _ := strings.Cut(link, "#")
	for _, entry := range history.Entries {
		if strings.Contains(entry.URL, secret) {
			b.t.Errorf("the history has %s", entry.URL)
		}
	}
}

// A speaker's own page, by a personal link.
func TestPersonalLinkInABrowser(t *testing.T) {
	t.Parallel()
	s := startDemo(t, t.TempDir(), "--addr", "localhost:0")
	var people struct {
		Items []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"items"`
	}
	var made struct {
		URL string `json:"url"`
	}
	ask := func(method, path, body string, status int, into any) {
		t.Helper()
		answer, text := call(t, s, method, "/api/v1/events/vidw-2025/people"+path, body)
		if err := json.Unmarshal([]byte(text), into); err != nil || answer.StatusCode != status {
			t.Fatal(answer.Status, err, text)
		}
	}
	ask(http.MethodGet, "", "", 200, &people)
	if len(people.Items) == 0 {
		t.Fatal("nobody speaks")
	}
	ask(http.MethodPost, "/"+people.Items[0].ID+"/links", "{}", 201, &made)
	b := openBrowser(t, s.Base)
	b.leads("/me", chromedp.Navigate(made.URL), chromedp.WaitVisible(chromedp.CSS("#panels")))
	b.says(people.Items[0].Name)
	b.keptNoSecret(made.URL)
	b.quiet()
}
