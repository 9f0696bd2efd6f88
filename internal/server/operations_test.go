package server

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"plenary/internal/media"
)

// The limits that docs/operations.md tells are those that hold.
func TestTheDocumentedLimits(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	rate := func(a allowance) string { return fmt.Sprintf("%d at once, %v a second", a.atOnce, a.perSecond) }
	for what, most := range map[string]string{
		"address":                                fmt.Sprintf("%d KiB, %d parameters", maxAddress>>10, maxQuery),
		"form":                                   fmt.Sprintf("%d KiB", maxForm>>10),
		"body of the API":                        fmt.Sprintf("%d MiB", maxBody>>20),
		"imported file":                          fmt.Sprintf("%d MiB", maxBodyBytes>>20),
		"photo":                                  fmt.Sprintf("%d MiB; JPEG, PNG or WebP", media.MaxPhoto>>20),
		"material of a panel":                    fmt.Sprintf("%d MiB, unpacked 512 MiB; PDF, PPTX, DOCX, ODP, ODT, JPEG, PNG, WebP, plain text", media.MaxMaterial>>20),
		"files received at a time":               fmt.Sprint(maxUploads),
		"streams of live changes at a time":      fmt.Sprintf("%d by account or token, %d in all", maxStreamsEach, maxStreams),
		"pages, feeds and documents, by address": rate(reading),
		"forms and the API without a token, by address": rate(writing),
		"the API, by token":                             rate(calling),
		"tokens that open nothing, by address":          rate(guessing),
	} {
		if row := "| " + what + " | " + most + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/operations.md has no row %s", row)
		}
	}
}
