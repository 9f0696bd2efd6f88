package media

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// quarters is a picture whose corners are red, green, blue and white: top left, top right, bottom left, bottom right.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := [2][2]color.RGBA{{{255, 0, 0, 255}, {0, 255, 0, 255}}, {{0, 0, 255, 255}, {255, 255, 255, 255}}}
			m.SetRGBA(x, y, c[y*2/h][x*2/w])
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exifOf is a TIFF of two directories: how the picture lies, and where it was taken.
func exifOf(order binary.AppendByteOrder, how uint16) []byte {
	mark := "II"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		mark = "MM"
	}
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), count)
		if kind == 3 {
			return order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
		}
		return order.AppendUint32(b, value)
	}
	b := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
	b = order.AppendUint16(b, 3)
	b = entry(b, 0x010f, 2, 6, 200)                      // maker, whose text lies at 200
	b = entry(b, orientationTag, 3, 1, uint32(how))      // orientation
	b = entry(b, 0x8825, 4, 1, 60)                       // GPS, whose directory lies at 60
	b = append(order.AppendUint32(b, 0), "........"...)  // no further directory
	b = append(b, bytes.Repeat([]byte{0}, 60-len(b))...) //
	b = order.AppendUint16(b, 1)
	b = entry(b, 2, 5, 3, 220) // latitude
	b = append(b, bytes.Repeat([]byte{0}, 200-len(b))...)
	return append(b, "SECRETMAKER_LATITUDE_48_51_30"...)
}

// withSegments puts segments after the beginning of a JPEG.
func withSegments(picture []byte, segments ...[]byte) []byte {
	b := bytes.Clone(picture[:2])
	for _, s := range segments {
		b = append(b, 0xff, s[0])
		b = binary.BigEndian.AppendUint16(b, uint16(len(s)+1))
		b = append(b, s[1:]...)
	}
	return append(b, picture[2:]...)
}

func exifSegment(tiff []byte) []byte { return append([]byte("\xe1"+exifMark), tiff...) }

// corners gives the colours of the corners of a picture, by letters.
func corners(t *testing.T, p Picture) string {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(p.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != image.Rect(0, 0, p.Width, p.Height) {
		t.Errorf("the picture has %v and says %d × %d", m.Bounds(), p.Width, p.Height)
	}
	letter := func(x, y int) string {
		r, g, b, _ := m.At(x, y).RGBA()
		return map[[3]bool]string{{true, false, false}: "r", {false, true, false}: "g", {false, false, true}: "b", {true, true, true}: "w"}[[3]bool{r > 0x8000, g > 0x8000, b > 0x8000}]
	}
	w, h := p.Width, p.Height
	return letter(w/8, h/8) + letter(w-1-w/8, h/8) + letter(w/8, h-1-h/8) + letter(w-1-w/8, h-1-h/8)
}

// A picture comes out upright, however it lay, in either order of bytes and in each format that says so.
func TestPhotoIsUpright(t *testing.T) {
	upright := map[int]string{0: "rgbw", 1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw"}
	for how, want := range upright {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			tiff := exifOf(order, uint16(how))
			lying := quarters(64, 32)
			body := append([]byte("eXIf"), tiff...)
			chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(tiff))), body...)
			chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
			plain := asPNG(t, lying)
			for name, data := range map[string][]byte{"jpeg": withSegments(asJPEG(t, lying), []byte("\xe0JFIF\x00"), exifSegment(tiff)),
				"png": append(append(bytes.Clone(plain[:33]), chunk...), plain[33:]...)} {
				p, err := Photo(data)
				if err != nil {
					t.Fatal(name, how, err)
				}
				if got := corners(t, p); got != want || (p.Width < p.Height) != (how >= 5 && how <= 8) {
					t.Errorf("%s, orientation %d: %s, %d × %d, want %s", name, how, got, p.Width, p.Height, want)
				}
			}
		}
	}
}

// Nothing of the file but its picture survives.
func TestPhotoKeepsNothingBesides(t *testing.T) {
	secret := "SECRET"
	picture := withSegments(asJPEG(t, quarters(64, 64)), exifSegment(exifOf(binary.LittleEndian, 1)),
		[]byte("\xe1http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>SECRET</x:xmpmeta>"), []byte("\xedPhotoshop 3.0\x00SECRET"), []byte("\xfeSECRET comment"), []byte("\xe2ICC_PROFILE\x00SECRET"))
	picture = append(picture, "<script>SECRET</script>PK\x03\x04"...)
	text := []byte("tEXtComment\x00SECRET")
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(text)-4)), text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(text))
	clear := quarters(64, 64)
	clear.SetRGBA(1, 1, color.RGBA{})
	plain := asPNG(t, clear)
	for name, c := range map[string]struct {
		data []byte
		kind string
	}{"jpeg": {picture, "image/jpeg"}, "png": {append(append(append(bytes.Clone(plain[:33]), chunk...), plain[33:]...), secret...), "image/png"}} {
		if !bytes.Contains(c.data, []byte(secret)) {
			t.Fatal("nothing is tested")
		}
		p, err := Photo(c.data)
		if err != nil {
			t.Fatal(name, err)
		}
		if bytes.Contains(p.Bytes, []byte(secret)) || bytes.Contains(p.Bytes, []byte("Exif")) || bytes.Contains(p.Bytes, []byte("script")) || p.Type != c.kind {
			t.Errorf("%s: something of the file is left, or it is %s", name, p.Type)
		}
		if bytes.Contains(p.Bytes, []byte("\xff\xe1")) && c.kind == "image/jpeg" {
			t.Error("there is a segment of EXIF")
		}
	}
}

func TestPhotoIsScaled(t *testing.T) {
	for name, c := range map[string]struct{ w, h, toW, toH int }{"wide": {3000, 1500, 1024, 512}, "high": {100, 2048, 50, 1024}, "thin": {1, 4000, 1, 1024},
		"small": {10, 20, 10, 20}, "one": {1, 1, 1, 1}, "exact": {1024, 1024, 1024, 1024}} {
		p, err := Photo(asJPEG(t, quarters(c.w, c.h)))
		if err != nil || p.Width != c.toW || p.Height != c.toH || p.Extension != ".jpg" {
			t.Errorf("%s: %d × %d, %v", name, p.Width, p.Height, err)
		}
	}
	gray := image.NewGray16(image.Rect(0, 0, 2000, 20))
	if p, err := Photo(asPNG(t, gray)); err != nil || p.Width != 1024 {
		t.Errorf("16 bits of gray: %d, %v", p.Width, err)
	}
	webp := must(t)(base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA="))
	if p, err := Photo(webp); err != nil || p.Type != "image/jpeg" || p.Width != 1 {
		t.Errorf("WebP: %+v, %v", p, err)
	}
}

func must(t testing.TB) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// bomb is a PNG that says to be of that size, in a few bytes.
func bomb(w, h uint32) []byte {
	body := append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h), 8, 6, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte(pngMagic), 13)
	return binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
}

// webpBomb says to be of one pixel around a frame of 16383 × 16383.
func webpBomb() []byte {
	frame := "\x2f\xfe\xbf\xff\x0f\x00\x00"
	chunks := "WEBPVP8X\x0a\x00\x00\x00" + strings.Repeat("\x00", 10) + "VP8L\x07\x00\x00\x00" + frame + "\x00"
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(chunks)))) + chunks)
}

// What is no photo, or would take too much, is refused, and soon.
func TestPhotoRefuses(t *testing.T) {
	var animated bytes.Buffer
	if err := gif.Encode(&animated, quarters(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	good := asJPEG(t, quarters(64, 64))
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "gif": animated.Bytes(), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"html": []byte("<html>"), "pdf": []byte("%PDF-1.7\n%%EOF"), "a bomb": bomb(50_000, 50_000), "a long bomb": bomb(25_000_000, 1), "a large bomb": bomb(1<<31-1, 1<<31-1),
		"a WebP bomb": webpBomb(), "no pixels": bomb(0, 0), "half": good[:len(good)/2], "head": good[:20], "too large": append(good, make([]byte, MaxPhoto)...), "jpeg inside": append([]byte(" "), good...)} {
		start := time.Now()
		p, err := Photo(data)
		if agenda.CodeOf(err) != agenda.Invalid || len(p.Bytes) > 0 {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	for _, large := range [][]byte{bomb(5001, 5000), bomb(maxEdge+1, 1), bomb(50_000, 50_000)} { // by what they say, not by what is missing of them
		if _, err := Photo(large); err == nil || !strings.Contains(err.Error(), "25 million fit") {
			t.Error(err)
		}
	}
}

func FuzzPhoto(f *testing.F) {
	f.Add(asJPEG(f, quarters(16, 8)))
	f.Add(withSegments(asJPEG(f, quarters(8, 8)), exifSegment(exifOf(binary.BigEndian, 6))))
	f.Add(asPNG(f, quarters(8, 8)))
	f.Add(webpBomb())
	f.Add(bomb(3, 4))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Photo(data)
		if err != nil {
			if agenda.CodeOf(err) != agenda.Invalid {
				t.Fatal(err)
			}
			return
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(p.Bytes))
		if err != nil || "image/"+format != p.Type || config.Width != p.Width || config.Height != p.Height || max(p.Width, p.Height) > photoEdge {
			t.Fatalf("%s, %+v: %v", format, config, err)
		}
	})
}
