package media

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
)

const goodPDF = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"

// part is a part of a package.
type part struct{ name, content string }

func packed(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err == nil {
			_, err = io.WriteString(w, p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// office is a document of Office Open XML whose main part is of that type.
func office(t testing.TB, kind string, more ...part) []byte {
	t.Helper()
	types := `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/ppt/presentation.xml" ContentType="` + kind + `"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>`
	return packed(t, append([]part{{"[Content_Types].xml", types}, {"_rels/.rels", "<Relationships/>"}, {"ppt/presentation.xml", "<p/>"}}, more...)...)
}

const (
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)

func TestMaterialIsToldByItsContent(t *testing.T) {
	for name, c := range map[string]struct {
		data            []byte
		kind, extension string
	}{
		"slides.pdf": {[]byte(goodPDF), "application/pdf", ".pdf"}, "nothing": {[]byte(goodPDF + "\r\n\x00"), "application/pdf", ".pdf"},
		"evil.html":  {[]byte(goodPDF), "application/pdf", ".pdf"}, // what it is called does not count
		"slides.ppt": {office(t, pptx), "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"},
		"a.docx":     {office(t, docx), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
		"a.odp":      {packed(t, part{"mimetype", "application/vnd.oasis.opendocument.presentation"}, part{"content.xml", "<x/>"}, part{"Configurations2/", ""}), "application/vnd.oasis.opendocument.presentation", ".odp"},
		"a.jpg":      {asJPEG(t, quarters(8, 8)), "image/jpeg", ".jpg"}, "a.png": {asPNG(t, quarters(8, 8)), "image/png", ".png"},
		"notes.md": {[]byte("# Ghi chú\n\nA < B, and a <placeholder>.\r\n"), "text/plain; charset=utf-8", ".txt"}, "bom.txt": {[]byte("\ufeffBonjour"), "text/plain; charset=utf-8", ".txt"},
	} {
		got, err := Material(name, c.data)
		if err != nil || got != (Kind{c.kind, c.extension}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// liar is a package of which a part says to unpack to that many bytes.
func liar(t testing.TB, size uint64) []byte {
	t.Helper()
	var b, packedPart bytes.Buffer
	w, err := flate.NewWriter(&packedPart, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "ppt/media/image1.png"} {
		raw, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(packedPart.Len()), UncompressedSize64: size})
		if err == nil {
			_, err = raw.Write(packedPart.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMaterialRefuses(t *testing.T) {
	var many []part
	for i := range maxParts {
		many = append(many, part{strings.Repeat("x", i%50) + string(rune('a'+i%26)) + strings.Repeat("y", i/50), ""})
	}
	utf16 := []byte("\xff\xfeh\x00i\x00")
	for name, data := range map[string][]byte{
		"nothing.txt": nil, "a.html": []byte("<!doctype html><script>alert(1)</script>"), "a.txt": []byte("hello <ScRiPt >alert(1)</script>"),
		"a.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "b.svg": []byte("\ufeff  \n<svg/>"), "a.xml": []byte(`<?xml version="1.0"?><a/>`), "b.xml": []byte("\n<a/>"),
		"a.js": []byte("alert(1)"), "a.csv": []byte("a,b\n"), "a.hta": []byte("hello"), "run.sh.txt": []byte("#!/bin/sh\nrm -rf /\n"), "a.php.txt": []byte("hello <?php system('id') ?>"),
		"polyglot.pdf": []byte("<html><script>alert(1)</script>\n" + goodPDF), "space.pdf": []byte(" " + goodPDF), "late.txt": []byte("hello\n" + goodPDF[:9]),
		"web.pdf": []byte(strings.Replace(goodPDF, "\n1 0 obj", "\n<html><script>alert(1)</script>\n1 0 obj", 1)), "zip.pdf": append([]byte(goodPDF), packed(t, part{"a", "b"})...),
		"html.pdf": []byte(goodPDF + "<script>alert(1)</script>"), "cut.pdf": []byte(goodPDF[:40]), "false.pdf": []byte("%PDF-<script>%%EOF"),
		"old.ppt": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600)), "a.exe": []byte("MZ\x90\x00\x03"), "a.gif": []byte("GIF89a\x01\x00\x01\x00"), "utf16.txt": utf16, "latin.txt": []byte("caf\xe9"),
		"plain.zip": packed(t, part{"a.txt", "b"}), "macros.pptm": office(t, "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
		"macros.pptx": office(t, pptx, part{"ppt/vbaProject.bin", "x"}), "basic.odp": packed(t, part{"mimetype", "application/vnd.oasis.opendocument.presentation"}, part{"Basic/Standard/a.xml", "x"}),
		"sheet.xlsx": office(t, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "both.pptx": office(t, pptx, part{"mimetype", "application/vnd.oasis.opendocument.text"}),
		"slip.pptx": office(t, pptx, part{"../../etc/passwd", "x"}), "absolute.pptx": office(t, pptx, part{"/etc/passwd", "x"}), "twice.pptx": office(t, pptx, part{"PPT/presentation.xml", "x"}),
		"bomb.pptx": liar(t, 40<<30), "bomb2.pptx": liar(t, 1<<63), "long types.pptx": liar(t, 1<<20), "cut.pptx": office(t, pptx)[:100], "many.pptx": office(t, pptx, many...),
		"bomb.png": bomb(50_000, 50_000), "large.pdf": append([]byte(goodPDF), make([]byte, MaxMaterial)...),
	} {
		start := time.Now()
		_, err := Material(name, data)
		if agenda.CodeOf(err) != agenda.Invalid || !strings.HasSuffix(err.(*agenda.Error).Message, ".") && !strings.Contains(err.(*agenda.Error).Message, "damaged") {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// Parts of a package that lie over each other are how one of a few bytes unpacks to all there is.
func TestMaterialRefusesPartsThatOverlap(t *testing.T) {
	data := office(t, pptx, part{"a", strings.Repeat("a", 99)}, part{"b", strings.Repeat("b", 99)})
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	// The entry of b in the directory is made to point to a.
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	from, err := z.File[3].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(data[at+42:], uint32(from)-31)
	if _, err := Material("a.pptx", data); err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Error(err)
	}
}

// TestHoleV01PathsOfUploads: what somebody calls a file is never a path, whatever is in it.
func TestHoleV01PathsOfUploads(t *testing.T) {
	for said, want := range map[string]string{
		"slides.pdf": "slides.pdf", "Bài trình bày.PPTX": "Bài trình bày.pdf", "../../etc/passwd": "passwd.pdf", `..\..\windows\win.ini`: "win.pdf", "/abs/x": "x.pdf", `C:\x.exe`: "x.pdf",
		"..": "file.pdf", ".": "file.pdf", "": "file.pdf", "a\x00b.html": "ab.pdf", "a\r\nSet-Cookie: x=1": "a Set-Cookie- x=1.pdf", "x\u202egpj.exe": "xgpj.pdf", "%2e%2e%2fx": "-2e-2e-2fx.pdf",
		`a"b;c.pdf`: "a-b-c.pdf", "caf\xe9.pdf": "caf.pdf", "...": "file.pdf", ".htaccess": ".htaccess.pdf", "a\u200b\u2066b": "ab.pdf", "x. ": "x.pdf", "COM1:": "COM1-.pdf",
	} {
		if got := FileName(said, ".pdf"); got != strings.TrimPrefix(want, ".") {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
	if got := FileName(strings.Repeat("ộ", 300), ".pdf"); len(got) > maxFileName+4 || !utf8.ValidString(got) || !strings.HasSuffix(got, "ộ.pdf") {
		t.Errorf("300 letters are %q", got)
	}
}

func FuzzMaterial(f *testing.F) {
	f.Add("a.pdf", []byte(goodPDF))
	f.Add("a.pptx", office(f, pptx))
	f.Add("../x.txt", []byte("hello"))
	f.Add("a.png", bomb(3, 4))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		kind, err := Material(name, data)
		if err != nil && agenda.CodeOf(err) != agenda.Invalid {
			t.Fatal(err)
		}
		if err == nil && (kind.Type == "" || strings.Contains(kind.Type, "html") || strings.Contains(kind.Type, "svg")) {
			t.Fatalf("%+v", kind)
		}
		clean := FileName(name, ".pdf")
		if strings.ContainsAny(clean, "/\\\x00\"%;\r\n") || len(clean) > maxFileName+4 || !utf8.ValidString(clean) || strings.HasPrefix(clean, ".") ||
			strings.ContainsFunc(clean, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
			t.Fatalf("%q became %q", name, clean)
		}
	})
}
