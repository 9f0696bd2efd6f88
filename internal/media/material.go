package media

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what a material is.
type Kind struct {
	Type      string // of media
	Extension string // with its dot
}

// Limits on packages, which is what documents in the formats of offices are. Nothing of them is unpacked here but the
// part that says what they are; the limits are for those who open them.
const (
	maxParts    = 5_000
	maxUnpacked = 512 << 20
	maxTypes    = 1 << 20 // bytes of the part that says what a package is
)

// Material tells by its content what a file is, and takes what can't do anything but be read: PDF, PPTX, DOCX, ODP, ODT,
// JPEG, PNG, WebP and plain text. The name is what whoever sent it called it. The error is agenda.Invalid and says why a
// file is not taken.
func Material(name string, data []byte) (Kind, error) {
	picture, isPicture := pictureOf(data)
	switch {
	case len(data) == 0:
		return Kind{}, refuse("The file is empty.")
	case len(data) > MaxMaterial:
		return Kind{}, refuse("The file is larger than %d MiB.", MaxMaterial>>20)
	case isPicture:
		return Kind{picture.mediaType, picture.extension}, picture.check(data)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return Kind{"application/pdf", ".pdf"}, checkPDF(data)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return officeKind(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return Kind{}, refuse("Documents in Office's old formats can't be taken, for what they may run: save it as PDF, PPTX or DOCX.")
	}
	return textKind(name, data)
}

// active begins what browsers run, or other programs. It is looked for where they look: wherever it stands in a text, and
// in the first bytes of what says to be something else.
var active = regexp.MustCompile(`(?i)<(!doctype|!entity|\?xml|\?php|html|head|body|script|svg|iframe|object|embed|xsl:stylesheet)\b`)

var pdfBegins = regexp.MustCompile(`^%PDF-[12]\.\d`)

// sniffed is how far browsers look into a file to find out what it is (MIME Sniffing, 5.2), and some.
const sniffed = 4096

// checkPDF takes a PDF that begins and ends as one, and refuses what is something else besides.
func checkPDF(data []byte) error {
	if !pdfBegins.Match(data) {
		return refuse("The file begins as a PDF, but is none.")
	}
	end := bytes.LastIndex(data, []byte("%%EOF"))
	if end < 0 || len(bytes.Trim(data[end+len("%%EOF"):], "\x00\t\n\f\r ")) > 0 {
		return refuse("The PDF is cut off, or something follows its end: save it anew.")
	}
	if active.Match(data[:min(len(data), sniffed)]) {
		return refuse("The PDF is a web page besides, which can't be taken: save it anew.")
	}
	return nil
}

// officeTypes are the formats of offices that are taken, by what [Content_Types].xml or mimetype says of their main part.
// Those with macros have other names, and are not here.
var officeTypes = map[string]Kind{
	"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"},
	"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml":    {"application/vnd.openxmlformats-officedocument.presentationml.slideshow", ".ppsx"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml":   {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
	"application/vnd.oasis.opendocument.presentation":                                    {"application/vnd.oasis.opendocument.presentation", ".odp"},
	"application/vnd.oasis.opendocument.text":                                            {"application/vnd.oasis.opendocument.text", ".odt"},
}

// officeKind tells what a package is.
func officeKind(data []byte) (Kind, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Kind{}, refuse("The file is damaged or cut off.")
	}
	if err := checkPackage(z, int64(len(data))); err != nil {
		return Kind{}, err
	}
	var found []Kind
	for _, said := range packageTypes(z) {
		if kind, ok := officeTypes[said]; ok {
			found = append(found, kind)
		}
	}
	if len(found) != 1 {
		return Kind{}, refuse("The file is neither a presentation nor a text that can be taken: send a PDF, PPTX, DOCX, ODP or ODT.")
	}
	return found[0], nil
}

// checkPackage refuses a package that has macros, is not what it says, or unpacks to more than it may.
func checkPackage(z *zip.Reader, size int64) error {
	if len(z.File) > maxParts {
		return refuse("The document has %d parts; at most %d fit.", len(z.File), maxParts)
	}
	type span struct{ from, to int64 }
	var spans []span
	var unpacked uint64
	names := map[string]bool{}
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		if names[name] || strings.ContainsAny(name, "\\\x00") || strings.HasPrefix(name, "/") || path.Clean(name) != strings.TrimSuffix(name, "/") || strings.HasPrefix(path.Clean(name), "..") {
			return refuse("The document has a part twice, or under a name that none can have.")
		}
		names[name] = true
		if strings.Contains(name, "vbaproject") || strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") {
			return refuse("The document has macros, which can't be taken: save it without.")
		}
		from, err := f.DataOffset()
		if err != nil || f.Flags&1 != 0 || f.CompressedSize64 > uint64(size) { // #nosec G115 -- a length is not negative
			return refuse("The document is damaged or encrypted: save it without a password.")
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)}) // #nosec G115 -- at most the length of the file, see above
		if unpacked += min(f.UncompressedSize64, maxUnpacked+1); unpacked > maxUnpacked {
			return refuse("The document unpacks to more than %d MiB.", maxUnpacked>>20)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return refuse("The document has parts that overlap, which none has that an office program wrote.")
		}
	}
	return nil
}

// packageTypes gives what a package says to be: the type of OpenDocument, or those of all parts of Office Open XML
// (ECMA-376, part 2, 10.1.2).
func packageTypes(z *zip.Reader) []string {
	// What is not there, or can't be read, says nothing.
	mimetype, types := unpack(z, "mimetype"), unpack(z, "[Content_Types].xml")
	var said []string
	if len(mimetype) > 0 {
		said = append(said, string(mimetype))
	}
	for d := xml.NewDecoder(bytes.NewReader(types)); ; {
		token, err := d.RawToken()
		if err != nil {
			return said
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "Override" {
			for _, a := range e.Attr {
				if a.Name.Local == "ContentType" {
					said = append(said, a.Value)
				}
			}
		}
	}
}

// unpack gives a part of a package.
func unpack(z *zip.Reader, name string) []byte {
	for _, f := range z.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil
		}
		defer func() { _ = r.Close() }()
		part, err := io.ReadAll(io.LimitReader(r, maxTypes+1))
		if err != nil || len(part) > maxTypes {
			return nil
		}
		return part
	}
	return nil
}

// textExtensions are what a plain text may be called.
var textExtensions = []string{"", ".txt", ".text", ".md"}

// textKind takes plain text in UTF-8.
func textKind(name string, data []byte) (Kind, error) {
	extension := strings.ToLower(path.Ext(name))
	text := bytes.TrimPrefix(data, []byte("\ufeff"))
	begin := bytes.TrimLeft(text, " \t\r\n\f")
	switch {
	case active.Match(data), bytes.HasPrefix(begin, []byte("<")):
		return Kind{}, refuse("Web pages, SVG and XML can't be taken, for what they may run in a browser: send a PDF.")
	case bytes.HasPrefix(begin, []byte("#!")), bytes.HasPrefix(begin, []byte("<%")):
		return Kind{}, refuse("Scripts can't be taken: send a PDF.")
	case !utf8.Valid(text) || bytes.ContainsFunc(text, notText), bytes.Contains(text, []byte("%PDF-")):
		return Kind{}, refuse("The file is of no kind that can be taken: send a PDF, PPTX, DOCX, ODP, ODT, JPEG, PNG, WebP, or a plain text in UTF-8.")
	case !slices.Contains(textExtensions, extension):
		return Kind{}, refuse("A text whose name ends in %q can't be taken: only .txt and .md can.", clip(extension))
	}
	return Kind{"text/plain; charset=utf-8", ".txt"}, nil
}

func notText(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f
}

func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}
