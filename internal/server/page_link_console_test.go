package server

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// openedWith sends the secret of a personal link, as the script of the page does.
func openedWith(h *harness, link string) int {
	_, secret, _ := strings.Cut(link, "#")
	return h.ask("", "POST", "/me/open", formOf("secret", secret), browser, header{"Content-Type", "application/x-www-form-urlencoded"}).Status
}

func TestPersonalLinksInTheConsole(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.addSpeakers(52)
		b, _ := h.memberTab("editor@example.org", agenda.Editor)
		b.says(b.open(accessAt+"/links?lang=fr"), "Speaker 01", "Pas de lien valable")
		b.says(b.open(accessAt+"/links/new?lang=fr"), "52 intervenants")
		made := b.submit(accessAt+"/links/new", "as", "print")
		links := b.shownOnce(made)
		if len(links) != 50 || strings.Count(made.Body, "<svg") < 50 {
			t.Fatal(len(links))
		}
		b.says(made, "2 more speakers have none yet.", "<h2>Speaker 01</h2>", "Or type:")
		table := h.must(200, b.submit(accessAt+"/links/new", "as", "csv"))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.Body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || !strings.HasPrefix(table.Header.Get("Content-Disposition"), "attachment") || table.Header.Get("Cache-Control") != "private, no-store" {
			t.Fatal(err, rows, table.Header)
		}
		if diff := cmp.Diff([]string{"name", "email", "url", "code", "expires"}, rows[0]); diff != "" || rows[2][0] != "Speaker 52" {
			t.Error(diff, rows)
		}
		for _, link := range []string{links[0], links[49], rows[1][2]} {
			if got := openedWith(h, link); got != 303 {
				t.Errorf("%s: %d", link, got)
			}
		}
		b.says(b.open(accessAt+"/links/new?lang=vi"), "0 diễn giả")
		if opened := b.open(accessAt + "/links?state=opened"); strings.Count(opened.Body, "<h3>") != 3 {
			t.Error(textOfPage(opened.Body))
		}
		h.lacks(b.open(accessAt+"/links"), "Has typed their code")
		people, _, err := h.app.People(t.Context(), h.system(), forum, app.PersonFilter{Query: "Speaker 07"}, app.Page{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		h.typedVisit(people[0].ID)
		if listed := b.open(accessAt + "/links"); strings.Count(listed.Body, "Has typed their code") != 1 {
			t.Error(textOfPage(listed.Body))
		}
		b.says(b.open(accessAt+"/links?q=SPEAKER+49&lang=vi"), "Speaker 49", "Chưa mở")
		h.lacks(b.open(accessAt+"/links"), strings.TrimPrefix(links[0], base))
	})
}

// addSpeakers adds so many, with a part in a panel each.
func (h *harness) addSpeakers(n int) {
	h.t.Helper()
	err := h.store.Write(h.t.Context(), func(tx *store.Tx) error {
		p := agenda.Panel{ID: h.newID(), EventID: h.event.ID, UID: "u", Code: "MANY", Format: agenda.FormatTalk, Title: agenda.Text{"en": "Many"}, Revision: 1, Created: h.now(), Updated: h.now()}
		for i := range n {
			one := agenda.Person{ID: h.newID(), Name: "Speaker " + string(rune('0'+(i+1)/10)) + string(rune('0'+(i+1)%10)), Revision: 1, Created: h.now(), Updated: h.now()}
			if err := tx.InsertPerson(h.event.ID, one); err != nil {
				return err
			}
			p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: one.ID, Role: agenda.Presenter, Status: agenda.Invited})
		}
		return tx.InsertPanel(p)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestOnePersonsLinksInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	b, _ := h.memberTab("editor@example.org", agenda.Editor)
	at := accessAt + "/links/" + f.ids["person"]
	page := h.must(200, b.open(at+"?lang=vi"))
	b.says(page, "<h1>Lan Anh</h1>", "Chưa mở", "Gửi qua thư điện tử")
	h.lacks(page, "/data") // for owners
	link := b.shownOnce(b.submit(at, "do", "make"))[0]
	if got := openedWith(h, link); got != 303 {
		t.Error(got)
	}
	b.arrive(at+"?done=mailed", b.submit(at, "do", "mail"))
	if l := h.lastLetter(); l.Kind != agenda.LetterPersonal || l.To != "hung@example.org" {
		t.Errorf("%+v", l)
	}
	list := b.open(at)
	b.says(list, "Was mailed; nobody else has seen it", "Last opened 1 October 2025, 15:00")
	ids := regexp.MustCompile(`name="id" value="([^"]+)"`).FindAllStringSubmatch(list.Body, -1)
	if len(ids) != 3 {
		t.Fatal(ids)
	}
	for _, id := range ids {
		b.arrive(at+"?done=revoked", b.submit(at, "do", "revoke", "id", id[1]))
	}
	if got := openedWith(h, link); got == 303 {
		t.Error("a revoked link opens the page")
	}
	h.lacks(b.open(accessAt+"/links?state=opened"), "Lan Anh")
	other := accessAt + "/links/" + f.ids["person2"]
	h.lacks(b.open(other), `value="mail"`) // no address is known
	b.says(h.must(409, b.submit(other+"?lang=fr", "do", "mail")), "Envoi impossible")
	h.must(404, b.open(accessAt+"/links/none"))
	h.must(404, b.submit(at, "do", "revoke", "id", "none"))
}

func TestTheDeskInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	h.must(403, func() answer {
		b, _ := h.memberTab("editor@example.org", agenda.Editor)
		return b.open(accessAt + "/desk")
	}())
	b, _ := h.memberTab("keeper@example.org", agenda.Protocol)
	b.says(b.open(accessAt+"/desk?q=lan&lang=fr"), "Lan Anh", "hung@example.org", "Créer un code")
	h.lacks(b.open(accessAt+"/desk?q=lan"), "Marie")
	made := h.must(200, b.submit(accessAt+"/desk?lang=vi", "do", "code", "id", f.ids["person"]))
	code := regexp.MustCompile(`<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>`).FindStringSubmatch(made.Body)
	b.says(made, "Mã để đọc", "Lan Anh", "Dùng được đến 1 tháng 10, 2025, 15:10")
	if code == nil {
		t.Fatal(textOfPage(made.Body))
	}
	cookie := h.newVisit(forum, agenda.ID(f.ids["person"]), nil)
	if err := h.app.ConfirmVisit(t.Context(), strings.TrimPrefix(cookie, visitCookie+"="), agenda.TypedCode(code[1]), ""); err != nil {
		t.Error(err)
	}
	const vouch, known = "The address is theirs", "Somebody has vouched for this address."
	before := b.open(accessAt + "/desk?q=lan")
	b.says(before, vouch)
	h.lacks(before, known)
	b.arrive(accessAt+"/desk?done=vouched", b.submit(accessAt+"/desk", "do", "vouch", "id", f.ids["person"]))
	after := b.open(accessAt + "/desk?q=lan")
	b.says(after, known)
	h.lacks(after, vouch)
	h.must(422, b.submit(accessAt+"/desk", "do", "vouch", "id", f.ids["person2"])) // has no address
	h.must(404, b.submit(accessAt+"/desk", "do", "code", "id", "none"))
}
