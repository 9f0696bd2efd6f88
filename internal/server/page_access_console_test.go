package server

import (
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

const accessAt = "/console/events/" + forum

// memberTab is a browser in which somebody is signed in who has these roles at the forum; it gives their account too.
func (h *harness) memberTab(email string, roles ...agenda.MemberRole) (*tab, agenda.Account) {
	h.t.Helper()
	a := h.newAccount(email, false)
	if _, err := h.app.InviteMember(h.t.Context(), h.system(), forum, email, roles, base, ""); err != nil {
		h.t.Fatal(err)
	}
	return h.signedInTab(email), a
}

// lacks fails the test when the answer has one of these.
func (h *harness) lacks(a answer, parts ...string) {
	h.t.Helper()
	for _, part := range parts {
		if strings.Contains(a.Body, part) {
			h.t.Errorf("the page has %q: %s", part, textOfPage(a.Body))
		}
	}
}

var shownValue = regexp.MustCompile(`readonly value="([^"]+)"`)

// shownOnce gives what a page shows once, and looks at whether it tells nobody.
func (b *tab) shownOnce(a answer) []string {
	b.t.Helper()
	b.says(b.must(200, a), `<meta name="referrer" content="no-referrer">`, `data-copy="`)
	if a.Header.Get("Cache-Control") != "private, no-store" {
		b.t.Errorf("it is kept: %v", a.Header)
	}
	var values []string
	for _, found := range shownValue.FindAllStringSubmatch(a.Body, -1) {
		values = append(values, found[1])
	}
	if len(values) == 0 {
		b.t.Fatalf("nothing is shown: %s", textOfPage(a.Body))
	}
	return values
}

// without mail, what opens something is handed over by who made it.
func (h *harness) withoutMail(log *strings.Builder) {
	h.restart(app.Options{}, base)
	h.server = New(Options{App: h.app, BaseURL: base, Version: "1.2.3", Now: h.now, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
}

func TestMembersInTheConsole(t *testing.T) {
	h := newHarness(t)
	var log strings.Builder
	h.withoutMail(&log)
	b, own := h.memberTab(owner, agenda.Owner)
	list := h.must(200, b.open(accessAt+"/members?lang=fr"))
	b.says(list, "Thị Mai <span class=\"this\">vous</span>", "Propriétaire\u00a0: décide qui peut faire quoi", "aria-label=\"Modifier\u00a0: Thị Mai\"")
	b.says(h.must(422, b.submit(accessAt+"/members/new?lang=vi", "email", "nobody", "roles", "editor")), "Đây không phải là địa chỉ thư điện tử.", `value="nobody"`)
	b.says(h.must(422, b.submit(accessAt+"/members/new?lang=vi", "email", "a@example.org")), "Cần điền mục này.")
	link := b.shownOnce(b.submit(accessAt+"/members/new", "email", "new@example.org", "roles", "editor", "roles", "protocol", "language", "vi"))
	if len(link) != 1 || !strings.HasPrefix(link[0], base+"/invitation#secret-") {
		t.Fatal(link)
	}
	list = b.open(accessAt + "/members")
	b.says(list, "new@example.org", "editor, protocol", "The link was not mailed")
	_, secret, _ := strings.Cut(link[0], "#")
	h.lacks(list, secret)
	if strings.Contains(log.String(), secret) {
		t.Error("the secret is in the log")
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(list.Body)[1]
	again := b.shownOnce(b.submit(accessAt+"/members", "do", "again", "id", id))
	if again[0] == link[0] {
		t.Error("the link is the same")
	}
	id = regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(b.open(accessAt + "/members").Body)[1]
	h.lacks(b.arrive(accessAt+"/members?done=revoked", b.submit(accessAt+"/members", "do", "revoke", "id", id)), "new@example.org")
	// The last owner stays one, and is asked before that.
	one := accessAt + "/members/" + string(own.ID)
	b.says(h.must(422, b.submit(one, "revision", "1", "roles", "editor")), "You would lose the right to manage access", `name="sure"`)
	b.says(h.must(409, b.submit(one+"?lang=vi", "revision", "1", "roles", "editor", "sure", "1")), "Đây là chủ sự kiện duy nhất")
	b.says(b.open(one+"/remove"), "Leave this event?", "Thị Mai · "+owner)
	b.says(h.must(409, b.submit(one+"/remove", "revision", "1")), "This is the only owner of the event")
	second := h.newAccount("second@example.org", false)
	b.arrive(accessAt+"/members?done=added", b.submit(accessAt+"/members/new", "email", second.Email, "roles", "owner"))
	if got := b.submit(one, "revision", "1", "roles", "editor", "sure", "1"); got.Status != 303 || got.Header.Get("Location") != "/console" {
		t.Error(got.Status, got.Header)
	}
	h.must(403, b.open(accessAt+"/members"))
}

// What gives rights away asks for a fresh proof, and leads back.
func TestAccessNeedsAProof(t *testing.T) {
	h := newHarness(t)
	b, _ := h.memberTab(owner, agenda.Owner)
	other, a := h.memberTab("editor@example.org", agenda.Editor)
	_ = other
	h.pass(agenda.ProofLife)
	for _, path := range []string{"/members/new", "/members/" + string(a.ID), "/tokens/new"} {
		at := accessAt + path
		confirm := "/account/confirm?next=" + url.QueryEscape(at)
		b.arrive(confirm, b.open(at))
		b.arrive(confirm, b.submit(at, "email", "x@example.org", "name", "x", "roles", "viewer", "scopes", "read_draft", "revision", "1"))
	}
	at := accessAt + "/tokens/new"
	b.says(b.arrive(at, b.submit("/account/confirm?next="+url.QueryEscape(at), "password", phrase, "next", at)), "Make a token")
	h.must(200, b.open(accessAt+"/members")) // to look needs none
}

func TestTokensInTheConsole(t *testing.T) {
	h := newHarness(t)
	b, _ := h.memberTab(owner, agenda.Owner)
	form := h.must(200, b.open(accessAt+"/tokens/new?lang=vi"))
	b.says(form, "Đọc bản nháp chương trình.", `name="scopes" value="read_draft" checked`, `name="expires" type="date" value="2026-10-01"`)
	h.lacks(form, `value="read_meetings"`, `value="see_event"`, `value="create_events"`) // nobody gives what they do not have
	b.says(h.must(422, b.submit(accessAt+"/tokens/new?lang=fr", "name", "", "scopes", "read_draft", "expires", "2020-01-01")), "C’est dans le passé.", "Ce champ est obligatoire.")
	h.must(403, b.submit(accessAt+"/tokens/new", "name", "Website", "scopes", "read_meetings"))
	token := b.shownOnce(b.submit(accessAt+"/tokens/new", "name", "Website <b>", "scopes", "read_draft", "scopes", "read_people", "expires", "2025-10-31"))[0]
	h.must(200, h.ask(token, "GET", "/api/v1/events/"+forum+"/panels", nil))
	h.must(403, h.ask(token, "POST", "/api/v1/events/"+forum+"/rooms", `{"name":{"en":"X"}}`))
	list := b.open(accessAt + "/tokens?lang=fr")
	b.says(list, "Website &lt;b&gt;", "Droits\u00a0: voir l’événement, lire les personnes, lire le brouillon", "Valable jusqu’au 1er novembre 2025, 00:00", "Dernière utilisation le 1er octobre 2025, 15:00")
	h.lacks(list, token)
	one := regexp.MustCompile(accessAt+`/tokens/[^/]+/revoke`).FindAllString(list.Body, -1)
	ask := one[len(one)-1]
	b.says(b.open(ask), "Revoke this token?", "Website &lt;b&gt; · "+token[:14]+"…")
	b.says(b.arrive(accessAt+"/tokens?done=revoked", b.submit(ask)), "The token is revoked.", "Revoked 1 October 2025")
	h.must(401, h.ask(token, "GET", "/api/v1/events/"+forum+"/panels", nil))
	h.must(200, b.open(ask)) // about one that is revoked already
}

func TestAccountsInTheConsole(t *testing.T) {
	h := newHarness(t)
	h.newAccount(owner, true)
	b := h.signedInTab(owner)
	keeper, plain := h.newAccount("keeper@example.org", false), h.newAccount("plain@example.org", false)
	if _, err := h.app.InviteMember(t.Context(), h.system(), forum, keeper.Email, []agenda.MemberRole{agenda.Protocol}, base, ""); err != nil {
		t.Fatal(err)
	}
	b.says(b.open("/console"), `href="/console/accounts"`)
	b.says(h.must(200, b.open("/console/accounts?lang=fr")), "administrateur", "keeper@example.org", `aria-current="page">Comptes</a>`)
	one := "/console/accounts/" + string(plain.ID)
	b.arrive("/console/accounts?done=saved", b.submit(one, "revision", "1", "disabled", "1", "admin", "1"))
	b.says(b.open("/console/accounts"), `Thị Mai <span class="this">disabled</span>`)
	b.says(h.must(412, b.submit(one, "revision", "1")), "Somebody else changed this meanwhile")
	var own string
	for _, found := range regexp.MustCompile(`/console/accounts/([^/"]+)"`).FindAllStringSubmatch(b.open("/console/accounts").Body, -1) {
		if a, err := h.app.Account(t.Context(), h.system(), agenda.ID(found[1])); err == nil && a.Email == owner {
			own = "/console/accounts/" + found[1]
		}
	}
	b.says(h.must(422, b.submit(own+"?lang=vi", "revision", "1")), "Đây là tài khoản của bạn")
	b.says(h.must(409, b.submit(own, "revision", "1", "sure", "1")), "This is the only administrator")
	// With a mail server, nobody but the holder gets the link.
	reset := "/console/accounts/" + string(keeper.ID) + "/reset"
	b.says(b.open(reset), "Mail a link to set another password?", "Thị Mai · keeper@example.org")
	b.arrive("/console/accounts?done=mailed", b.submit(reset))
	// Without, an administrator gets none into an account that may do what they may not.
	h.withoutMail(&strings.Builder{})
	b.says(h.must(409, b.submit(reset+"?lang=fr")), "Ce compte peut faire ce que vous ne pouvez pas")
	link := b.shownOnce(b.submit(one + "/reset"))[0]
	if !strings.HasPrefix(link, base+"/reset#") {
		t.Error(link)
	}
	h.pass(agenda.ProofLife)
	b.arrive("/account/confirm?next="+url.QueryEscape(one+"/reset"), b.submit(one+"/reset"))
	b.arrive("/account/confirm?next="+url.QueryEscape(one), b.open(one))
	mere, _ := h.memberTab("owner@other.example", agenda.Owner)
	for _, path := range []string{"/console/accounts", "/console/activity", one, reset} {
		h.must(403, mere.open(path))
		h.newTab().arrive("/sign-in?next="+url.QueryEscape(path), h.newTab().open(path))
	}
}

func TestPersonalDataInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	b, _ := h.memberTab(owner, agenda.Owner)
	editor, _ := h.memberTab("editor@example.org", agenda.Editor)
	at := accessAt + "/people/" + f.ids["person"]
	h.must(403, editor.open(at+"/data"))
	page := h.must(200, b.open(at+"/data?lang=vi"))
	b.says(page, "Lan Anh", "1 liên kết cá nhân", "Thư điện tử: hung@example.org", "Các cuộc gặp và lịch cá nhân không được tính", `href="/api/v1/events/`+forum+"/people/"+f.ids["person"]+`/data"`)
	h.lacks(b.open(accessAt+"/activity?verb=person.export"), `class="clock"`) // looking is no handing over
	h.must(200, h.ask(h.all, "GET", "/api/v1/events/"+forum+"/people/"+f.ids["person"]+"/data", nil))
	b.says(b.open(accessAt+"/activity?verb=person.export"), `class="clock"`, "handed over what is known of a person")
	b.says(h.must(422, b.submit(at+"/erase", "revision", "1", "confirm", "Lan")), "is not the person", `value="Lan"`)
	h.must(412, b.submit(at+"/erase", "revision", "7", "confirm", "Lan Anh"))
	b.says(h.must(200, b.submit(at+"/erase?lang=fr", "revision", "1", "confirm", "Lan Anh")), "Ce qui a été effacé", "Aucun texte du brouillon ne contient le nom.")
	h.lacks(b.open(accessAt+"/links?who=all"), "Lan Anh")
	b.says(h.must(410, b.submit(at+"/erase", "revision", "2", "confirm", "Erased person")), "This person was erased before.")
	b.says(b.open(at+"/data"), "Erased 1 October 2025")
}

func TestPersonalCalendarsInTheConsole(t *testing.T) {
	h := newHarness(t)
	f := furnishEvent(h, forum)
	b, _ := h.memberTab("keeper@example.org", agenda.Protocol)
	viewer, _ := h.memberTab("viewer@example.org", agenda.Editor)
	h.must(403, viewer.open(accessAt+"/feeds"))
	h.lacks(viewer.open(accessAt+"/"), accessAt+"/feeds", accessAt+"/desk")
	b.says(h.must(422, b.submit(accessAt+"/feeds/new?lang=fr", "tell", "all")), "Ce champ est obligatoire.")
	made := b.shownOnce(b.submit(accessAt+"/feeds/new", "person", f.ids["person"], "name", "Office", "tell", "busy", "language", "vi"))
	if len(made) != 2 || made[1] != made[0]+".ics" {
		t.Fatal(made)
	}
	h.must(200, h.get(strings.TrimPrefix(made[1], base)))
	list := b.open(accessAt + "/feeds?lang=vi")
	b.says(list, "Lan Anh", "Office", "chỉ thời gian bận", "Đọc lần cuối lúc 1 tháng 10, 2025, 15:00")
	h.lacks(list, strings.TrimPrefix(made[0], base+"/feeds/"))
	one := regexp.MustCompile(accessAt+`/feeds/[^/]+/rotate`).FindAllString(list.Body, -1)
	rotate := one[len(one)-1]
	b.says(b.open(rotate), "Another address for this calendar?", "Lan Anh", `href="`+rotate+`?lang=fr"`)
	next := b.shownOnce(b.submit(rotate, "revision", "1"))
	h.lacks(h.get(strings.TrimPrefix(made[1], base)), "BEGIN:VEVENT")
	b.says(h.must(410, b.submit(rotate+"?lang=en", "revision", "2")), "This calendar was revoked before.")
	list = b.open(accessAt + "/feeds")
	one = regexp.MustCompile(accessAt+`/feeds/[^/]+/revoke`).FindAllString(list.Body, -1)
	b.arrive(accessAt+"/feeds?done=revoked", b.submit(one[len(one)-1]))
	h.pass(40 * 24 * time.Hour)
	h.must(410, h.get(strings.TrimPrefix(next[1], base)))
}
