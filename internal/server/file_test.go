package server

import (
	"bytes"
	"crypto/rand"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

const slides = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

// portrait is a JPEG with a comment that must not survive.
func portrait(t testing.TB, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 1200, 600))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	m.Set(0, 0, color.Black)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	comment := "SECRET comment, 48.85 N 2.35 E"
	return append(append(bytes.Clone(b.Bytes()[:2]), append([]byte{0xff, 0xfe, 0, byte(len(comment) + 2)}, comment...)...), b.Bytes()[2:]...)
}

// speakerOf makes a person who speaks in a panel, and gives both with their addresses in the API.
func speakerOf(h *harness, slug string) (person, panel string) {
	h.t.Helper()
	root := "/api/v1/events/" + slug
	id := decode[struct{ ID string }](h.t, h.must(201, h.ask(h.all, http.MethodPost, root+"/people", `{"name":"Lan Anh"}`))).ID
	p := decode[struct{ ID string }](h.t, h.must(201, h.ask(h.all, http.MethodPost, root+"/panels", `{"format":"talk","title":{"en":"Opening"},"slot":{"start":"2025-10-27T09:00","end":"2025-10-27T10:00"},`+
		`"speakers":[{"person":"`+id+`","role":"speaker","status":"confirmed"}]}`))).ID
	return root + "/people/" + id, root + "/panels/" + p
}

var whatever = header{"If-Match", "*"}

// put uploads a photo and gives the name of its file.
func (h *harness) put(person string, photo []byte) string {
	h.t.Helper()
	return decode[personBody](h.t, h.must(200, h.ask(h.all, http.MethodPut, person+"/photo", photo, whatever))).Photo
}

// add uploads a material and gives what is told of it.
func (h *harness) add(panel, query, body string) materialBody {
	h.t.Helper()
	list := decode[panelBody](h.t, h.must(200, h.ask(h.all, http.MethodPost, panel+"/materials"+query, body, whatever))).Materials
	return list[len(list)-1]
}

func (h *harness) publish(slug string) {
	h.t.Helper()
	h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+slug+"/releases", `{}`))
}

// A photo and a material go from the organizer to the public, with a release between, and back.
func TestFilesGoFromTheDraftToThePublic(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		person, panel := speakerOf(h, forum)
		api := "/api/v1/events/" + forum + "/files/"
		h.must(412, h.ask(h.write, http.MethodPut, person+"/photo", portrait(t, 9), header{"If-Match", `"9"`}))
		made := h.must(200, h.ask(h.write, http.MethodPut, person+"/photo", portrait(t, 200), header{"If-Match", `"1"`}))
		p := decode[personBody](t, made)
		public := "/" + forum + "/files/" + p.Photo
		if made.Header.Get("Etag") != `"2"` || p.PhotoURL != base+public {
			t.Errorf("the person is %+v", p)
		}
		m := h.add(panel, "?name="+url.QueryEscape("Bài trình bày.ppt")+"&title=Slides", slides)
		hidden := h.add(panel, "?name=notes.md&public=false", "For us.")
		if m.Type != "application/pdf" || m.FileName != "Bài trình bày.pdf" || m.Title != "Slides" || hidden.Title != "notes" || m.Size != len(slides) {
			t.Errorf("materials %+v, %+v", m, hidden)
		}
		for _, name := range []string{p.Photo, m.File, hidden.File} {
			h.must(404, h.get("/"+forum+"/files/"+name))
			h.must(200, h.ask(h.read, http.MethodGet, api+name, nil))
		}
		h.publish(forum)
		h.must(404, h.get("/"+forum+"/files/"+hidden.File))
		shown := h.must(200, h.get(public))
		config, format, err := image.DecodeConfig(strings.NewReader(shown.Body))
		if err != nil || format != "jpeg" || config.Width != 1024 || strings.Contains(shown.Body, "SECRET") {
			t.Errorf("the photo is a %s of %d: %v", format, config.Width, err)
		}
		got := h.must(200, h.get("/"+forum+"/files/"+m.File))
		if got.Body != slides {
			t.Error("other bytes came back")
		}
		document := h.must(200, h.get("/"+forum+"/agenda.json")).Body
		if !strings.Contains(document, `"photo_url":"`+base+public+`"`) || !strings.Contains(document, `"materials":[{"title":"Slides","url":"`+base+"/"+forum+"/files/"+m.File+`"`) || strings.Contains(document, "notes") {
			t.Error(document)
		}
		for _, path := range []string{"/schedule.json", "/schedule.xml"} {
			if body := h.must(200, h.get("/"+forum+path)).Body; !strings.Contains(body, m.File) {
				t.Errorf("%s lacks the material: %s", path, body)
			}
		}
		// What is taken away is there until the next release, for organizers as long as a release has it.
		h.must(204, h.ask(h.write, http.MethodDelete, person+"/photo", nil, header{"If-Match", `"2"`}))
		h.must(404, h.ask(h.write, http.MethodDelete, person+"/photo", nil, whatever))
		h.must(204, h.ask(h.write, http.MethodDelete, panel+"/materials/"+m.ID, nil, header{"If-Match", `"3"`}))
		h.must(200, h.get(public))
		h.publish(forum)
		h.must(404, h.get(public))
		h.must(404, h.get("/"+forum+"/files/"+m.File))
		h.must(200, h.ask(h.read, http.MethodGet, api+p.Photo, nil))
		changes := h.must(200, h.get("/"+forum+"/changes.json")).Body
		if !strings.Contains(changes, `"field":"materials"`) || !strings.Contains(changes, "materials: updated") {
			t.Error(changes)
		}
	})
}

// What replaces a photo, and what a PUT of the person does to it.
func TestPhotosAreReplaced(t *testing.T) {
	h := newHarness(t)
	person, _ := speakerOf(h, forum)
	first := h.put(person, portrait(t, 1))
	second := h.put(person, portrait(t, 2))
	api := "/api/v1/events/" + forum + "/files/"
	if first == second {
		t.Error("two photos have one name")
	}
	h.must(404, h.ask(h.read, http.MethodGet, api+first, nil)) // nothing refers to it
	own := base + "/" + forum + "/files/"
	for _, c := range []struct {
		url    string
		status int
		photo  string
	}{{own + second, 200, second}, {own + first, 422, second}, {own + "x", 422, second}, {"https://example.org/a.jpg", 200, ""}, {own + second, 422, ""}} {
		h.must(c.status, h.ask(h.write, http.MethodPut, person, map[string]any{"name": "Lan", "photo_url": c.url}, whatever))
		if got := decode[personBody](t, h.must(200, h.ask(h.read, http.MethodGet, person, nil))); got.Photo != c.photo {
			t.Errorf("after %s the photo is %q", c.url, got.Photo)
		}
	}
	h.must(422, h.ask(h.write, http.MethodPost, "/api/v1/events/"+forum+"/people", map[string]any{"name": "Lan", "photo_url": own + second}))
	// The present state of a 412 is as a GET gives it.
	third := h.put(person, portrait(t, 3))
	if a := h.must(412, h.ask(h.write, http.MethodPut, person, `{"name":"x"}`, header{"If-Match", `"1"`})); !strings.Contains(a.Body, own+third) {
		t.Error(a.Body)
	}
}

func TestAPanelHasAtMostTwentyMaterials(t *testing.T) {
	h := newHarness(t)
	_, panel := speakerOf(h, forum)
	for range agenda.MaxMaterials {
		h.add(panel, "", "hello")
	}
	h.must(409, h.ask(h.write, http.MethodPost, panel+"/materials", "hello", whatever))
	if list := decode[struct{ Items []materialBody }](t, h.must(200, h.ask(h.read, http.MethodGet, panel+"/materials", nil))); len(list.Items) != agenda.MaxMaterials {
		t.Errorf("%d are listed", len(list.Items))
	}
	h.must(200, h.ask(h.write, http.MethodPut, panel, `{"format":"talk","title":{"en":"Edited"}}`, whatever))
	if p := decode[panelBody](t, h.must(200, h.ask(h.read, http.MethodGet, panel, nil))); len(p.Materials) != agenda.MaxMaterials {
		t.Errorf("%d are left after the panel was replaced", len(p.Materials))
	}
	h.must(204, h.ask(h.write, http.MethodDelete, panel, nil, whatever))
}

// TestHoleV04UploadsNeverRunInOurOrigin: what could run is refused, whatever it is called and says to be, and what is
// taken goes out so that no browser runs it.
func TestHoleV04UploadsNeverRunInOurOrigin(t *testing.T) {
	h := newHarness(t)
	person, panel := speakerOf(h, forum)
	for name, body := range map[string]string{"a.html": "<!doctype html><script>alert(1)</script>", "a.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"a.xml": `<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>`, "a.pdf": "<html><script>alert(1)</script>\n" + slides, "b.pdf": strings.Replace(slides, "1 0 obj", "<script>alert(1)</script>\n1 0 obj", 1),
		"a.js": "alert(1)", "a.png": "\x89PNG\r\n\x1a\n<script>", "a.txt": "hi <script>alert(1)</script>", "a.jpg": "\xff\xd8\xff<svg onload=alert(1)>"} {
		for _, path := range []string{panel + "/materials?name=" + name, panel + "/materials?name=slides.pdf"} {
			a := h.ask(h.write, http.MethodPost, path, body, whatever, header{"Content-Type", "image/png"})
			if a.Status != 422 {
				t.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
			mustBeProblem(t, name, a)
		}
		if a := h.ask(h.write, http.MethodPut, person+"/photo", body, whatever); a.Status != 422 {
			t.Errorf("%s as a photo: %d", name, a.Status)
		}
	}
	photo := h.put(person, portrait(t, 7))
	pdf := h.add(panel, "?name=evil.html", slides).File
	text := h.add(panel, "?name=x.md", "hello").File
	picture := h.add(panel, "?name=x.html", string(portrait(t, 8))).File
	h.publish(forum)
	for name, c := range map[string]struct{ media, disposition, policy string }{photo: {"image/jpeg", "inline; filename=\"photo.jpg\"", "cross-origin"}, pdf: {"application/pdf", "attachment; filename=\"evil.pdf\"; filename*=UTF-8''evil.pdf", "same-origin"},
		text: {"text/plain; charset=utf-8", "attachment; filename=\"x.txt\"; filename*=UTF-8''x.txt", "same-origin"}, picture: {"image/jpeg", "attachment; filename=\"x.jpg\"; filename*=UTF-8''x.jpg", "same-origin"}} {
		for _, a := range []answer{h.must(200, h.get("/"+forum+"/files/"+name)), h.must(200, h.ask("", http.MethodHead, "/"+forum+"/files/"+name, nil)),
			h.must(200, h.ask(h.read, http.MethodGet, "/api/v1/events/"+forum+"/files/"+name, nil))} {
			for header, want := range map[string]string{"Content-Type": c.media, "Content-Disposition": c.disposition, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"} {
				if got := a.Header.Values(header); len(got) != 1 || got[0] != want {
					t.Errorf("%s: %s is %q, want %q", name, header, got, want)
				}
			}
		}
		a := h.get("/" + forum + "/files/" + name)
		if a.Header.Get("Cross-Origin-Resource-Policy") != c.policy || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %v", name, a.Header)
		}
		h.must(304, h.get("/"+forum+"/files/"+name, header{"If-None-Match", a.Header.Get("Etag")}))
		if head := h.ask("", http.MethodHead, "/"+forum+"/files/"+name, nil); head.Body != "" || head.Header.Get("Content-Length") != a.Header.Get("Content-Length") {
			t.Errorf("HEAD of %s has %d bytes", name, len(head.Body))
		}
	}
}

// TestHoleV19FilesOfOthers: whoever knows the name of a file gets it where it belongs, and nowhere else.
func TestHoleV19FilesOfOthers(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		h.newEvent("other")
		person, panel := speakerOf(h, forum)
		stranger, strange := speakerOf(h, "other")
		other := h.newToken("other", agenda.EventVerbs, nil)
		photo, material := h.put(person, portrait(t, 1)), h.add(panel, "?title=ours", slides)
		second := decode[panelBody](t, h.must(201, h.ask(h.all, http.MethodPost, "/api/v1/events/"+forum+"/panels", `{"format":"talk","title":{"en":"Two"}}`)))
		h.publish(forum)
		h.publish("other")
		for _, name := range []string{photo, material.File} {
			h.must(200, h.get("/"+forum+"/files/"+name))
			missing := h.must(404, h.get("/other/files/"+strings.Repeat("x", 43)+".jpg")).Body
			for _, path := range []string{"/other/files/" + name, "/nothing/files/" + name, "/" + forum + "/files/" + strings.ToUpper(name), "/" + forum + "/files/" + name[1:], "/" + forum + "/files/" + name + "x"} {
				if a := h.must(404, h.get(path)); withoutID(a.Body) != withoutID(missing) {
					t.Errorf("%s tells more than that there is nothing: %s", path, a.Body)
				}
			}
			h.must(404, h.ask(other, http.MethodGet, "/api/v1/events/other/files/"+name, nil))
			h.must(404, h.ask(other, http.MethodGet, "/api/v1/events/"+forum+"/files/"+name, nil))
			h.must(401, h.get("/api/v1/events/"+forum+"/files/"+name))
		}
		// Neither another event's token nor another panel's address takes a material away, or a photo over.
		for _, path := range []string{strange, "/api/v1/events/" + forum + "/panels/" + second.ID, strings.Replace(panel, forum, "other", 1)} {
			h.must(404, h.ask(h.all, http.MethodDelete, path+"/materials/"+material.ID, nil, whatever))
		}
		h.must(404, h.ask(other, http.MethodDelete, panel+"/materials/"+material.ID, nil, whatever))
		h.must(404, h.ask(other, http.MethodPut, person+"/photo", portrait(t, 2), whatever))
		h.must(404, h.ask(other, http.MethodDelete, person+"/photo", nil, whatever))
		h.must(404, h.ask(other, http.MethodPost, panel+"/materials", slides, whatever))
		h.must(404, h.ask(other, http.MethodGet, panel+"/materials", nil))
		h.must(422, h.ask(other, http.MethodPut, stranger, map[string]any{"name": "x", "photo_url": base + "/other/files/" + photo}, whatever))
		h.must(404, h.get("/other/files/"+photo))
		// An event that is taken in from a file can't name a file that is here.
		bundle, err := h.app.ExportEvent(t.Context(), h.system(), forum)
		if err != nil {
			t.Fatal(err)
		}
		if len(bundle.Releases) != 1 || len(bundle.Releases[0].Snapshot.Files()) != 0 || bundle.Draft.People[0].Photo != "" {
			t.Error("the file of an event names files")
		}
		h.must(200, h.get("/"+forum+"/files/"+photo))
	})
}

// withoutID takes the identity of the request out of a problem.
func withoutID(body string) string {
	before, _, _ := strings.Cut(body, `"request_id"`)
	return before
}

// TestHoleV01PathsOfUploads: no name that anybody gives is ever part of a path, and none gets out but clean.
func TestHoleV01PathsOfUploads(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		_, panel := speakerOf(h, forum)
		for _, name := range []string{"../../etc/passwd", "%2e%2e%2fx", "/etc/passwd", `C:\x`, strings.Repeat("n", 300), "x\u202egpj.exe", "a\r\nSet-Cookie: x=1", `a"; filename="b.html`, "ộ;=\t.pdf", "..", ""} {
			m := h.add(panel, "?name="+url.QueryEscape(name), slides)
			if !fileName.MatchString(m.File) || strings.ContainsAny(m.FileName, "/\\\"\r\n\x00;%") || len(m.FileName) > 160 || !strings.HasSuffix(m.FileName, ".pdf") {
				t.Errorf("%q became %+v", name, m)
			}
			a := h.must(200, h.ask(h.read, http.MethodGet, "/api/v1/events/"+forum+"/files/"+m.File, nil))
			if d := a.Header.Get("Content-Disposition"); strings.ContainsFunc(d, func(r rune) bool { return r < ' ' || r > '~' }) || strings.Count(d, `"`) != 2 || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%q goes out as %q", name, d)
			}
			h.must(204, h.ask(h.write, http.MethodDelete, panel+"/materials/"+m.ID, nil, whatever))
		}
		h.must(400, h.ask(h.write, http.MethodPost, panel+"/materials?name=a%00b", slides, whatever))
		h.must(422, h.ask(h.write, http.MethodPost, panel+"/materials?name="+strings.Repeat("x", 1001), slides, whatever))
		h.publish(forum)
		for _, name := range []string{"..", ".", "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cx", "%00", strings.Repeat("x", 43) + "%00.jpg", "%ff", strings.Repeat("x", 5000), "%252e%252e", "*", "%25"} {
			for _, path := range []string{"/" + forum + "/files/" + name, "/api/v1/events/" + forum + "/files/" + name} {
				if a := h.ask(h.read, http.MethodGet, path, nil); a.Status != 404 && a.Status != 400 {
					t.Errorf("%s: %d %s", path, a.Status, a.Body)
				}
			}
		}
	})
}

// endlessFile is a body that goes on, and counts how much of it was read.
type endlessFile struct{ read int }

func (e *endlessFile) Read(p []byte) (int, error) {
	e.read += len(p)
	return rand.Read(p)
}

// TestHoleV32LargeAndManyBodies: what is too large is refused before it is read, or soon after the limit, and no more than a
// few are received at once.
func TestHoleV32LargeAndManyBodies(t *testing.T) {
	h := newHarness(t)
	person, panel := speakerOf(h, forum)
	send := func(token, method, path string, length int64) (int, int) {
		body := &endlessFile{}
		r := httptest.NewRequestWithContext(t.Context(), method, path, body)
		r.ContentLength = length
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("If-Match", "*")
		recorder := httptest.NewRecorder()
		h.server.ServeHTTP(recorder, r)
		return recorder.Code, body.read
	}
	for _, c := range []struct {
		method, path string
		most         int
	}{{http.MethodPut, person + "/photo", 5 << 20}, {http.MethodPost, panel + "/materials", 25 << 20}, {http.MethodPost, "/api/v1/events/" + forum + "/import", 64 << 20}} {
		if status, read := send(h.write, c.method, c.path, 1<<30); status != 413 || read > 0 {
			t.Errorf("%s that says to be large: %d after %d bytes", c.path, status, read)
		}
		start := time.Now()
		if status, read := send(h.write, c.method, c.path, -1); status != 413 || read > c.most+1<<20 {
			t.Errorf("%s that is large: %d after %d bytes", c.path, status, read)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %s", c.path, took)
		}
		if status, read := send("unknown", c.method, c.path, -1); status != 401 || read > 0 {
			t.Errorf("%s of a stranger: %d after %d bytes", c.path, status, read)
		}
	}
	for range maxUploads { // as long as others are being received
		h.server.uploads <- struct{}{}
	}
	if a := h.must(503, h.ask(h.write, http.MethodPost, panel+"/materials", slides, whatever)); a.Header.Get("Retry-After") == "" {
		t.Error("nobody says when to come back")
	}
	h.must(503, h.ask(h.write, http.MethodPost, "/api/v1/events/"+forum+"/import", talks))
	h.must(200, h.ask(h.read, http.MethodGet, panel, nil))
	for range maxUploads {
		<-h.server.uploads
	}
	for range 3 * maxUploads { // each gives its place back, however it ends
		h.must(422, h.ask(h.write, http.MethodPost, panel+"/materials", "<html>", whatever))
		h.must(413, h.ask(h.write, http.MethodPut, person+"/photo", make([]byte, 6<<20), whatever))
	}
	h.add(panel, "", slides)
}

// The bytes of a large file arrive whole over a real connection, part by part.
func TestALargeFileArrivesWhole(t *testing.T) {
	both(t, func(t *testing.T, h *harness) {
		_, panel := speakerOf(h, forum)
		large := strings.Replace(slides, "endobj", strings.Repeat("0123456789abcde\n", 100_000)+"endobj", 1)
		m := h.add(panel, "?name=large.pdf", large)
		h.publish(forum)
		srv := httptest.NewServer(h.server)
		defer srv.Close()
		resp, err := srv.Client().Get(srv.URL + "/" + forum + "/files/" + m.File)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got bytes.Buffer
		if _, err := got.ReadFrom(resp.Body); err != nil || got.String() != large || resp.ContentLength != int64(len(large)) {
			t.Errorf("%d bytes of %d: %v", got.Len(), len(large), err)
		}
	})
}

// The pages show what was uploaded, and load nothing from elsewhere.
func TestPagesShowPhotosAndMaterials(t *testing.T) {
	h := newHarness(t)
	person, panel := speakerOf(h, forum)
	photo := h.put(person, portrait(t, 1))
	m := h.add(panel, "?title="+url.QueryEscape("Slides <b>&"), slides)
	h.publish(forum)
	code := decode[panelBody](t, h.must(200, h.ask(h.read, http.MethodGet, panel, nil))).Code
	for path, wants := range map[string][]string{
		"/panels/" + code + "?lang=fr":         {"/" + forum + "/files/" + photo, "/" + forum + "/files/" + m.File, "Slides &lt;b&gt;&amp;", "(PDF, 1\u00a0ko)", "Documents"},
		"/speakers/" + person[len(person)-36:]: {`<img class="portrait" src="/` + forum + "/files/" + photo + `" alt="" width="96" height="96">`},
	} {
		page := h.must(200, h.get("/"+forum+path)).Body
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s: %s", path, want, page)
			}
		}
	}
	h.must(200, h.ask(h.write, http.MethodPut, person, `{"name":"Lan","photo_url":"https://elsewhere.example/a.jpg"}`, whatever))
	h.publish(forum)
	if page := h.must(200, h.get("/"+forum+"/speakers/"+person[len(person)-36:])).Body; strings.Contains(page, "<img") {
		t.Error("the page loads a picture from elsewhere")
	}
}
