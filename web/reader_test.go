package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	goqr "github.com/piglig/go-qr"
)

// alongside gives the scripts, with one more file beside them.
func alongside(t *testing.T, name string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(Scripts, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(Scripts, path)
		all[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	all[name] = &fstest.MapFile{Data: content}
	return all
}

// runNode runs a script that is bundled as browsers get it. What it prints is given back.
func runNode(t *testing.T, name string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIP: Node is not installed, so that nothing was seen of what the agenda's script does")
	}
	script, err := bundle(alongside(t, name), name)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "-")
	cmd.Stdin = bytes.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// TestReadersOwnLogic runs what the agenda's script computes without a page: searching, zones, stars, gaps and changes.
func TestReadersOwnLogic(t *testing.T) {
	out := runNode(t, "reader.ts")
	found := regexp.MustCompile(`(\d+) checks`).FindStringSubmatch(out)
	if found == nil {
		t.Fatal(out)
	}
	if n, err := strconv.Atoi(found[1]); err != nil || n < 40 {
		t.Errorf("%s: %v", out, err)
	}
}

// TestCodesOfTheDeviceAreRead draws the codes that the script makes, and reads them with another's program: each version once,
// and what is too long for one.
func TestCodesOfTheDeviceAreRead(t *testing.T) {
	var codes []struct {
		Text string
		Code *struct {
			Size int
			Path string
		}
	}
	if err := json.Unmarshal([]byte(runNode(t, "code.ts")), &codes); err != nil {
		t.Fatal(err)
	}
	sizes := map[int]bool{}
	for _, c := range codes {
		if c.Code == nil {
			if len(c.Text) <= 1732 { // what fits in version 30 at level L, by table 7 of ISO/IEC 18004
				t.Errorf("%d bytes have no code", len(c.Text))
			}
			continue
		}
		sizes[c.Code.Size] = true
		if got := read(t, c.Code.Size, c.Code.Path); got != c.Text {
			t.Errorf("%d bytes, %d modules: %q", len(c.Text), c.Code.Size, got)
		}
	}
	if len(sizes) < 30 || len(codes) < 32 {
		t.Errorf("%d codes of %d sizes", len(codes), len(sizes))
	}
}

// read reads a code as a phone would.
func read(t *testing.T, size int, path string) string {
	t.Helper()
	const module = 4
	img := image.NewGray(image.Rect(0, 0, size*module, size*module))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, dark := range strings.Split(strings.TrimPrefix(path, "M"), "M") {
		var x, y int
		if _, err := fmt.Sscanf(dark, "%d %dh1v1h-1z", &x, &y); err != nil {
			t.Fatal(dark, err)
		}
		draw.Draw(img, image.Rect(x*module, y*module, (x+1)*module, (y+1)*module), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	text, err := goqr.Decode(img)
	if err != nil {
		t.Errorf("%d modules: %v", size, err)
	}
	return text
}
