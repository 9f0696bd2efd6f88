package exchange

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// A name can't be a formula in the spreadsheet of whoever sends the letters.
func TestLinksCSV(t *testing.T) {
	var b strings.Builder
	row := LinkRow{Person: agenda.Person{Name: "=HYPERLINK(\"x\")", Email: "a@example.org"}, URL: "https://agenda.example/me#s", Code: "ABCDE-FGHJK", Expires: time.Date(2025, 10, 1, 8, 0, 0, 0, time.UTC)}
	if err := LinksCSV(&b, []LinkRow{row}); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffname,email,url,code,expires\r\n\"'=HYPERLINK(\"\"x\"\")\",a@example.org,https://agenda.example/me#s,ABCDE-FGHJK,2025-10-01T08:00:00.000Z\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
