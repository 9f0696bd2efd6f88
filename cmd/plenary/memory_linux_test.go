package main

import (
	"bytes"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// Memory to which zeros were written takes none once it is untouched, and can be used.
func TestUntouchedMemoryTakesNone(t *testing.T) {
	resident := func() int {
		text, err := os.ReadFile("/proc/self/status")
		m := regexp.MustCompile(`RssAnon:\s+(\d+)`).FindSubmatch(text)
		if err != nil || m == nil {
			t.Skip("the system does not say what is resident")
		}
		n, _ := strconv.Atoi(string(m[1]))
		return n << 10
	}
	const size = 64 << 20
	b := bytes.Repeat([]byte{1}, size)
	clear(b)
	before := resident()
	untouch(b)
	if less := before - resident(); less < size/2 {
		t.Errorf("%d bytes less are resident, of %d", less, size)
	}
	b[size/2] = 2
	if bytes.Count(b, []byte{0}) != size-1 || b[size/2] != 2 {
		t.Error("it holds something else")
	}
}
