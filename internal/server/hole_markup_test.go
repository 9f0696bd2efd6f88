package server

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// attackTexts are the texts of the package that makes Markdown safe.
func attackTexts(t *testing.T) []string {
	t.Helper()
	body, err := os.ReadFile("../markup/testdata/attacks.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(body, &all); err != nil || len(all) < 60 {
		t.Fatal(err, len(all))
	}
	return all
}

// refused tells whether the domain lets no such text in.
func refused(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\u0085' })
}

// innocent is a text that does nothing, in a word.
const innocent = "Innocent"

// plant gives the body of a request with a text in each field that takes any: one in those that are Markdown, another in
// the rest. Fields that take no free text are for the caller; a new field of text is planted without being asked for.
func plant(body reflect.Type, names, prose string) map[string]any {
	notFree := strings.Fields("id slug zone website accent replaced_by country color code track language stream_url photo_url email person kind start end")
	planted := map[string]any{}
	for i := range body.NumField() {
		f := body.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		text := names
		if strings.Contains(f.Tag.Get("doc"), "Markdown") {
			text = prose
		}
		kind := f.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch {
		case f.Tag.Get("readOnly") == "true" || slices.Contains(notFree, name):
		case f.Anonymous:
			for k, v := range plant(kind, names, prose) {
				planted[k] = v
			}
		case kind == reflect.TypeFor[textBody]():
			planted[name] = textBody{"en": text, "fr": text, "vi": text}
		case kind == reflect.TypeFor[venueBody]():
			planted[name] = plant(kind, names, prose)
		case kind.Kind() == reflect.String && f.Tag.Get("enum")+f.Tag.Get("format")+f.Tag.Get("pattern") == "":
			planted[name] = text
		}
	}
	return planted
}

func with(planted map[string]any, more map[string]any) map[string]any {
	for k, v := range more {
		planted[k] = v
	}
	return planted
}

// field is a forum in which every text is planted, published through the API.
type field struct {
	*harness
	slug, room, track, person, panel, feed, starred, meeting, webhook, mail string
	private                                                                 privacy
}

// post makes a thing of the forum and gives what the API says of it.
func (f *field) post(what string, body map[string]any) map[string]any {
	f.t.Helper()
	return decode[map[string]any](f.t, f.must(201, f.ask(f.all, http.MethodPost, "/api/v1/events"+what, body)))
}

// newField plants every noun that there is.
func (h *harness) newField(slug, names, prose string) *field {
	h.t.Helper()
	f := &field{harness: h, slug: slug}
	at := "/" + slug
	f.post("", with(plant(reflect.TypeFor[eventBody](), names, prose), map[string]any{"slug": slug, "zone": "Asia/Ho_Chi_Minh",
		"start_date": "2025-10-27", "end_date": "2025-10-27", "languages": []string{"en", "fr", "vi"}, "website": "https://a.example/?<script>'\""}))
	f.room = f.post(at+"/rooms", plant(reflect.TypeFor[roomBody](), names, prose))["id"].(string)
	f.track = f.post(at+"/tracks", with(plant(reflect.TypeFor[trackBody](), names, prose), map[string]any{"color": "#005bbb"}))["id"].(string)
	f.addPanel("PANEL1", names, prose)
	table := f.post(at+"/rooms", with(plant(reflect.TypeFor[roomBody](), names, prose), map[string]any{"kind": "table"}))["id"].(string)
	other := f.post(at+"/people", plant(reflect.TypeFor[personBody](), names, prose))["id"].(string)
	side := func(person string) map[string]any {
		return with(plant(reflect.TypeFor[delegationBody](), names, prose), map[string]any{"delegates": []map[string]any{{"person": person, "role": "principal", "answer": "accepted"}}})
	}
	f.meeting = f.post(at+"/meetings", with(plant(reflect.TypeFor[meetingBody](), names, prose), map[string]any{"status": "accepted", "sides": []any{side(f.person), side(other)},
		"slot": map[string]any{"room": table, "start": "2025-10-27T16:00", "end": "2025-10-27T17:00"}}))["id"].(string)
	f.post(at+"/availabilities", with(plant(reflect.TypeFor[availabilityBody](), names, prose), map[string]any{
		"resource": map[string]any{"kind": "person", "id": f.person}, "start": "2025-10-27T00:00", "end": "2025-10-28T00:00"}))
	f.webhook = f.post(at+"/webhooks", with(plant(reflect.TypeFor[webhookBody](), names, prose), map[string]any{"url": "https://a.example/?<script>'\"", "kinds": []string{"release.published"}}))["id"].(string)
	f.publish(names)
	f.post(at+"/tokens", with(plant(reflect.TypeFor[tokenBody](), names, prose), map[string]any{"scopes": []string{"read"}}))
	opened := f.post(at+"/feeds", with(plant(reflect.TypeFor[feedBody](), names, prose), map[string]any{"person": f.person}))
	f.feed = strings.TrimPrefix(opened["page_url"].(string), base)
	f.must(200, f.get(f.feed+".ics", header{"User-Agent", strings.ReplaceAll(names, "\n", " ")}))
	chosen := f.post(at+"/starred-feeds", with(plant(reflect.TypeFor[starredBody](), names, prose), map[string]any{"panels": []string{f.panel}}))
	f.starred = strings.TrimPrefix(chosen["manage_url"].(string), base)
	f.mail = string(f.plantMail(slug, f.person, names))
	f.keepPrivacy(names)
	return f
}

// addPanel plants a person, and a panel with a contribution of theirs, and remembers both.
func (f *field) addPanel(code, names, prose string) {
	f.t.Helper()
	at := "/" + f.slug
	f.person = f.post(at+"/people", with(plant(reflect.TypeFor[personBody](), names, prose), map[string]any{"country": "VN", "photo_url": "https://a.example/?<script>'\""}))["id"].(string)
	part := []map[string]any{{"person": f.person, "role": "speaker", "status": "confirmed"}}
	talk := with(plant(reflect.TypeFor[interventionBody](), names, prose), map[string]any{"minutes": 10, "speakers": part})
	f.panel = f.post(at+"/panels", with(plant(reflect.TypeFor[panelBody](), names, prose), map[string]any{"code": code, "format": "panel", "track": f.track,
		"language": "vi", "interpretation": []string{"fr"}, "stream_url": "https://a.example/?<script>'\"", "cancelled": true, "speakers": part, "interventions": []any{talk},
		"slot": map[string]any{"room": f.room, "start": "2025-10-27T10:00", "end": "2025-10-27T11:00"}}))["id"].(string)
}

func (f *field) publish(note string) {
	f.t.Helper()
	f.post("/"+f.slug+"/releases", map[string]any{"note": textBody{"en": note}})
}

// pages are those of the forum, by template; those of a template more than once have a word after its name.
func (f *field) pages(names string) map[string]string {
	at := "/" + f.slug + "/"
	pages := map[string]string{"home": "/", "agenda": at, "agenda of a release": at + "releases/1", "agenda by room": at + "?view=rooms", "agenda as a grid": at + "?view=grid",
		"room": at + "rooms/" + f.room, "track": at + "tracks/" + f.track, "now": at + "now", "panel": at + "panels/PANEL1", "speaker": at + "speakers/" + f.person,
		"subscribe": at + "subscribe", "subscribe to a track": at + "tracks/" + f.track + "/subscribe", "subscribe to a room": at + "rooms/" + f.room + "/subscribe",
		"subscribe to a panel": at + "panels/PANEL1/subscribe", "subscribe to a speaker": at + "speakers/" + f.person + "/subscribe",
		"starred": at + "starred", "starred made": f.starred, "feed": f.feed, "console_import": "/console/import", "console_overview": "/console/events/" + f.slug + "/",
		"console_list": "/console/events/" + f.slug + "/rooms", "console_form": "/console/events/" + f.slug + "/rooms/" + f.room, "console_delete": "/console/events/" + f.slug + "/rooms/" + f.room + "/delete",
		"console_panel": "/console/events/" + f.slug + "/panels/" + f.panel, "console_list of panels": "/console/events/" + f.slug + "/panels", "console_form to cancel": "/console/events/" + f.slug + "/panels/" + f.panel + "/cancel",
		"console_person": "/console/events/" + f.slug + "/people/" + f.person, "console_list of people": "/console/events/" + f.slug + "/people", "console_timetable": "/console/events/" + f.slug + "/timetable", "console_publish": "/console/events/" + f.slug + "/publish", "console_translations": "/console/events/" + f.slug + "/translations", "embed": at + "embed", "embed as a grid": at + "embed?view=grid&rooms=" + f.room, "embedding": at + "embedding?rooms=" + f.room, "screens": at + "screens", "screen_door": at + "rooms/" + f.room + "/door", "screen_lobby": at + "lobby",
		"print": at + "print", "print_sheet": at + "rooms/" + f.room + "/sheet", "print_card": at + "panels/PANEL1/card", "error": at + "panels/none"}
	maps.Copy(pages, f.consolePages())
	maps.Copy(pages, privatePages(names))
	maps.Copy(pages, f.accessPages())
	return pages
}

// consolePages are those of the organizers' console.
func (f *field) consolePages() map[string]string {
	at := "/console/events/" + f.slug + "/"
	return map[string]string{"console_copy": at + "copy", "console_meeting": at + "meetings/" + f.meeting, "console_form to ask for a meeting": at + "meetings/ask", "console_find": at + "meetings/find?p1=&minutes=30", "me_ask": "/me/meetings/new", "me_meeting": "/me/meetings/" + f.meeting, "meeting_brief of a participant": "/me/meetings/" + f.meeting + "/brief", "meeting_brief": at + "meetings/" + f.meeting + "/brief", "meeting_brief of a day": at + "meetings/briefs?day=2025-10-27", "console_told": at + "told?release=1", "console_tables": at + "tables?day=2025-10-27", "letter": "/letters/" + f.letterSecret(f.mail), "console_form of the letters' rule": at + "letters", "console_mails": at + "mail?status=failed", "console_mail": at + "mail/" + f.mail, "console_availability": at + "availability",
		"console_list of meetings": at + "meetings", "console_list of tracks": at + "tracks", "console_form of a track": at + "tracks/" + f.track,
		"console_form of the event": at + "settings", "console_form to delete the event": at + "delete", "console_form of a new event": "/console/new"}
}

// V2: what stands in a name is text, wherever the name stands (pretalx 2026.1.0).
func TestHoleV02ScriptInNames(t *testing.T) {
	sweep(t)
	alongside(t)
	all := attackTexts(t)
	h := newHarness(t)
	plain := h.newField("innocent", innocent, innocent)
	pages := plain.pages(innocent)
	for _, name := range pageNames() {
		if pages[name] == "" && name != "signin_away" && name != "api_docs" {
			t.Errorf("no page of the template %s is looked at", name)
		}
	}
	innocents := map[string]*dom{}
	for kind, page := range pages {
		for _, lang := range programLanguages {
			innocents[lang+kind] = plain.look(kind, page, lang)
		}
	}
	h.must(204, h.ask(h.all, http.MethodDelete, "/api/v1/events/innocent", nil, header{"If-Match", "*"})) // the list of agendas has one at a time
	var names []string                                                                                    // attacks, as many in each as a name takes
	for _, attack := range all {
		if last := len(names) - 1; refused(attack) {
		} else if last >= 0 && len([]rune(names[last]))+len([]rune(attack)) < 290 {
			names[last] += " " + attack
		} else {
			names = append(names, attack)
		}
	}
	for i, name := range names {
		attacked, lang := h.newField("attacked", name, innocent), programLanguages[i%3]
		looked := map[string]*dom{}
		for kind, page := range attacked.pages(name) {
			looked[kind] = attacked.look(kind, page, lang)
			looked[kind].isLike(t, fmt.Sprintf("%s with %q", kind, name), innocents[lang+kind])
		}
		h.must(204, h.ask(h.all, http.MethodDelete, "/api/v1/events/attacked", nil, header{"If-Match", "*"}))
		for _, kind := range []string{"home", "agenda", "panel", "speaker", "subscribe to a track", "starred", "feed", "me", "console", "account", "signin_link followed", "console_activity", "console_rows of tokens", "console_once"} {
			if shown := strings.Join(strings.Fields(strings.ReplaceAll(name, "\u202e", "")), " "); !strings.Contains(looked[kind].text, shown) {
				t.Errorf("%s does not show %q, so that nothing was tried", kind, shown)
			}
		}
	}
	h.newField("attacked", innocent, innocent)
	for _, attack := range all { // in an address
		for _, address := range []string{"/" + url.PathEscape(attack) + "/", "/attacked/?lang=" + url.QueryEscape(attack), "/attacked/panels/" + url.PathEscape(attack)} {
			for _, fault := range parseDOM(h.get(address, browser).Body).faults {
				t.Errorf("%s: %s", address, fault)
			}
		}
	}
}

// V3: Markdown makes what we know, and nothing else (pretalx 2024.2 and 2026.2, Indico CVE-2025-59035).
func TestHoleV03MarkdownIsSanitized(t *testing.T) {
	sweep(t)
	alongside(t)
	h := newHarness(t)
	f := h.newField("innocent", innocent, innocent)
	look := func(page string) *dom { return parseDOM(h.must(200, h.get(page, browser)).Body) }
	panel, speaker, agenda := look("/innocent/panels/PANEL1"), look("/innocent/speakers/"+f.person), look("/innocent/")
	if panel.rich != 3 || speaker.rich != 1 || agenda.rich != 1 || panel.scripts != 1 || agenda.scripts != 1 {
		t.Fatalf("the innocent pages have %d, %d and %d texts, %d and %d data", panel.rich, speaker.rich, agenda.rich, panel.scripts, agenda.scripts)
	}
	type planted struct{ attack, code, person string }
	var all []planted
	for i, attack := range attackTexts(t) {
		if refused(attack) {
			a := h.ask(h.all, http.MethodPost, "/api/v1/events/innocent/people", plant(reflect.TypeFor[personBody](), innocent, attack))
			if a.Status != 422 && !strings.Contains(a.Body, "the character NUL") {
				t.Errorf("%q: %d %s", attack, a.Status, a.Body)
			}
			continue
		}
		code := fmt.Sprintf("ATTACK%03d", i)
		f.addPanel(code, innocent, attack)
		all = append(all, planted{attack, code, f.person})
	}
	f.publish(innocent)
	for _, p := range all {
		look("/innocent/panels/"+p.code).isLike(t, fmt.Sprintf("the panel with %q", p.attack), panel)
		look("/innocent/speakers/"+p.person).isLike(t, fmt.Sprintf("the speaker with %q", p.attack), speaker)
	}
	for i, p := range all { // the description of an event, in an event that is small
		slug := fmt.Sprintf("forum-%d", i)
		body := with(plant(reflect.TypeFor[eventBody](), innocent, p.attack), map[string]any{"slug": slug, "zone": "Asia/Ho_Chi_Minh",
			"start_date": "2025-10-27", "end_date": "2025-10-27", "languages": []string{"en"}})
		f.post("", body)
		f.post("/"+slug+"/releases", map[string]any{})
		d := look("/" + slug + "/")
		if d.rich != 1 || d.scripts != 1 {
			t.Errorf("the agenda with %q has %d texts and %d data", p.attack, d.rich, d.scripts)
		}
		for _, fault := range d.faults {
			t.Errorf("the agenda with %q: %s", p.attack, fault)
		}
	}
	if len(all) < 60 {
		t.Errorf("only %d attacks were let in", len(all))
	}
}

// Addresses of the web have fields of their own, which take nothing else.
func TestNoFieldTakesAScriptForAnAddress(t *testing.T) {
	h := newHarness(t)
	f := h.newField("innocent", innocent, innocent)
	for _, address := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript://a.example/%0aalert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "\u0001javascript:alert(1)",
		"vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "//a.example", "/x", "https:a.example", "https://u:p@a.example/", "blob:https://a.example/1"} {
		for path, body := range map[string]map[string]any{
			"":                 with(plant(reflect.TypeFor[eventBody](), "A", "A"), map[string]any{"slug": "other", "zone": "Europe/Paris", "start_date": "2025-10-27", "end_date": "2025-10-27", "languages": []string{"en"}, "website": address}),
			"/innocent/people": with(plant(reflect.TypeFor[personBody](), "A", "A"), map[string]any{"photo_url": address}),
			"/innocent/panels": with(plant(reflect.TypeFor[panelBody](), "A", "A"), map[string]any{"format": "panel", "stream_url": address}),
		} {
			if a := f.ask(f.all, http.MethodPost, "/api/v1/events"+path, body); a.Status != 422 {
				t.Errorf("%q in %q: %d %s", address, path, a.Status, a.Body)
			}
		}
	}
}
