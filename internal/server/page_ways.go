package server

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// waysView is how to subscribe to one calendar in the programs that people use. Addresses of the
// scheme webcal: are marked, since html/template knows no such scheme, and made of nothing but our own base.
type waysView struct {
	*words
	HTTPS   string
	Webcal  template.URL
	Google  string
	Outlook string // of private accounts
	Office  string // of schools and companies
	Code    codeView
	Secret  bool // whoever has the address can read what is in it
}

// newWays gives the ways to the calendar at that address; page is where they are shown, which is what
// a phone is led to that can't subscribe by itself.
func newWays(w *words, address, name, page string) (waysView, error) {
	v := waysView{words: w, HTTPS: address, Webcal: template.URL(webcal(address))} // #nosec G203 -- our own base address and a secret of base64
	// Google takes an https address for a calendar of its own, and the scheme must be encoded as well.
	v.Google = "https://calendar.google.com/calendar/r?cid=" + url.QueryEscape(webcal(address))
	query := "?url=" + url.QueryEscape(address) + "&name=" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	v.Outlook = "https://outlook.live.com/calendar/0/addfromweb" + query
	v.Office = "https://outlook.office.com/calendar/0/addfromweb" + query
	var err error
	v.Code, err = newCode(page)
	return v, err
}

// addWaysFiles adds to a page the style and the script of the ways to subscribe.
func (s *Server) addWaysFiles(v *view) {
	v.Styles = append(v.Styles, s.assetURL(subscribeStyleName))
	v.Scripts = []string{s.assetURL(subscribeScriptName)}
}

// codeView is a QR code: dark modules as an SVG path on a light square, with the quiet zone that
// readers need (ISO/IEC 18004).
type codeView struct {
	Size int
	Path string
}

// paperLink is the address of a page for those who have it on paper.
type paperLink struct {
	URL  string
	Code codeView
}

func newPaper(url string) (*paperLink, error) {
	code, err := newCode(url)
	return &paperLink{url, code}, err
}

// quietZone is how many light modules surround the code.
const quietZone = 4

func newCode(text string) (codeView, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return codeView{}, fmt.Errorf("QR code: %w", err)
	}
	bounds := code.Bounds()
	dark := func(x, y int) bool {
		if x >= bounds.Dx() {
			return false
		}
		r, _, _, _ := code.At(bounds.Min.X+x, bounds.Min.Y+y).RGBA()
		return r == 0
	}
	var path strings.Builder
	for y := range bounds.Dy() {
		run := 0
		for x := range bounds.Dx() + 1 {
			if dark(x, y) {
				run++
				continue
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x-run+quietZone, y+quietZone, run, run)
			}
			run = 0
		}
	}
	return codeView{Size: bounds.Dx() + 2*quietZone, Path: path.String()}, nil
}
