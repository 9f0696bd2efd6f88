package server

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/web"
)

// Whatever is chosen, in every pair of colours the text can be read.
func TestEveryAccentCanBeRead(t *testing.T) {
	sweep(t)
	tried := 0
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				chosen := tint{uint8(r), uint8(g), uint8(b)}
				tried++
				for name, one := range map[string]struct {
					shade, on tint
					grounds   []tint
				}{"light": {shade(chosen, black, lightGrounds), white, lightGrounds}, "dark": {shade(chosen, white, darkGrounds), darkGrounds[0], darkGrounds}} {
					for _, ground := range append(one.grounds[:len(one.grounds):len(one.grounds)], one.on) {
						if ratio := contrast(one.shade, ground); ratio < leastContrast {
							t.Fatalf("%s in %s is %s, which has %.2f on %s", chosen, name, one.shade, ratio, ground)
						}
					}
				}
			}
		}
	}
	if tried < 5000 {
		t.Errorf("only %d colours", tried)
	}
}

func TestAnAccentThatCanBeReadStaysAsItIs(t *testing.T) {
	for chosen, want := range map[string][2]string{"#0b519b": {"#0b519b", ""}, "#93bdf5": {"", "#93bdf5"}, "#000000": {"#000000", ""}, "#ffffff": {"", "#ffffff"}} {
		c, err := parseTint(chosen)
		if err != nil {
			t.Fatal(err)
		}
		light, dark := shade(c, black, lightGrounds).String(), shade(c, white, darkGrounds).String()
		if want[0] != "" && light != want[0] || want[1] != "" && dark != want[1] {
			t.Errorf("%s became %s and %s", chosen, light, dark)
		}
	}
	if c := contrast(black, white); c < 20.99 || c > 21.01 {
		t.Errorf("black on white has %f", c)
	}
	for _, s := range []string{"", "#", "#12345", "#12345g", "123456", "#1234567", "#+12345", "red"} {
		if c, err := parseTint(s); err == nil {
			t.Errorf("%q is %s", s, c)
		}
	}
}

// The grounds are those of the style sheet.
func TestTheGroundsAreThoseOfTheStyleSheet(t *testing.T) {
	assets, err := web.Assets()
	if err != nil {
		t.Fatal(err)
	}
	sheet := assets["plenary.css"] // as browsers get it
	for i, name := range []string{"paper", "sheet", "calm", "alert-paper"} {
		found := regexp.MustCompile(`--`+name+`: (#[0-9a-f]{6});`).FindAllStringSubmatch(string(sheet), -1)
		if len(found) < 2 || found[0][1] != lightGrounds[i].String() || found[1][1] != darkGrounds[i].String() {
			t.Errorf("%s is %v, want %s and %s", name, found, lightGrounds[i], darkGrounds[i])
		}
	}
}

func TestTheAccentOfAnEvent(t *testing.T) {
	s := newStage(t)
	s.must(404, s.get("/vidw-2025/accent.css"))
	if strings.Contains(s.get("/vidw-2025/").Body, "accent.css") {
		t.Error("a page without a colour asks for one")
	}
	now := decode[map[string]any](t, s.must(200, s.ask(s.all, "GET", "/api/v1/events/vidw-2025", nil)))
	for wrong, status := range map[string]int{"red": 422, "#FFCC00": 422, "#fc0": 422, "}*{x}": 422, "#ffcc00": 200} {
		now["accent"] = wrong
		s.must(status, s.ask(s.all, "PUT", "/api/v1/events/vidw-2025", now, header{"If-Match", "*"}))
	}
	s.must(404, s.get("/vidw-2025/accent.css"))
	s.publish(agenda.Text{"en": "In yellow"})
	_, after, _ := strings.Cut(s.get("/vidw-2025/panels/PANEL1").Body, `<link rel="stylesheet" href="/vidw-2025/accent.css?v=`)
	version, _, _ := strings.Cut(after, `"`)
	a := s.must(200, s.get("/vidw-2025/accent.css?v="+version))
	yellow, _ := parseTint("#ffcc00")
	want := fmt.Sprintf("@media screen{:root{--link:%[1]s;--strong:%[1]s;--on-strong:#ffffff}}\n"+
		"@media screen and (prefers-color-scheme:dark){:root{--link:#ffcc00;--strong:#ffcc00;--on-strong:#15171a}}\n", shade(yellow, black, lightGrounds))
	if a.Body != want || a.Header.Get("Cache-Control") != cacheForever || a.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%v %s, want %s", a.Header, a.Body, want)
	}
	if a := s.must(200, s.get("/vidw-2025/accent.css?v=old")); a.Header.Get("Cache-Control") != "public, max-age=300" {
		t.Error(a.Header)
	}
	if !strings.Contains(s.get("/vidw-2025/agenda.json").Body, `"accent":"#ffcc00"`) {
		t.Error("agenda.json does not say it")
	}
}
