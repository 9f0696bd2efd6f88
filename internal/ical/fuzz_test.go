package ical

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

// hostile are the texts that break calendar software, and some that should not.
var hostile = []string{
	"Plain", "", " ", "Đối thoại “Đối tác số” — Phiên 1", "a, b; c: d \\ e \" f ' g ^ h ^n ^' ^^", "\\n \\, \\; \\\\ \\N \\",
	"\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil@x\r\nSUMMARY:evil", "Talk\rSTATUS:CANCELLED\rX-A:", "a\nb\n\nc",
	"END:VCALENDAR", "\u202egnp.exe\u202c", "x\u2028y\u2029z\u0085w", "nul\x00bell\x07del\x7f", "bad \xff\xc3\x28\xf0\x9f utf-8",
	"👩‍💻🇻🇳 thoại e\u0301", strings.Repeat("ế", 200), strings.Repeat("a ", 200), strings.Repeat(" ", 300) + "x",
	strings.Repeat("x", 74) + " y", "<b>&amp;</b> %0D%0A =0D=0A", "العربية עברית 中文字 ไทย", "\t tab \t", "\ufeffbom",
	"CN=x;Y=\"z\":w", ",;:", "BEGIN:VALARM", "\u00a0nbsp\u00a0", "\r", "\\", "a\\", "\\\n",
}

// FuzzEncode puts the same text everywhere where a text can stand. What comes out must be the same cleaned text, as
// two independent readers see it, and the structure must be that of an object with a harmless text.
func FuzzEncode(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	model := func(s string) *ics.Calendar {
		cal, event := oneEvent()
		cal.SetXWRCalName(s)
		event.SetProperty(ics.ComponentPropertySummary, s)
		event.AddProperty(ics.ComponentPropertyCategories, s)
		event.AddProperty("X-ANYTHING", s, &ics.KeyValues{Key: "X-NOTE", Value: []string{s, s}})
		event.AddProperty("ATTENDEE", "mailto:a@example.org", ics.WithCN(s))
		event.SetProperty(ics.ComponentPropertyUrl, "https://x.example/"+s)
		event.SetProperty(ics.ComponentPropertyDescription, s+s)
		return cal
	}
	var plain bytes.Buffer
	if err := Encode(&plain, model("plain")); err != nil {
		f.Fatal(err)
	}
	want := skeleton(readLines(f, plain.Bytes()))
	f.Fuzz(func(t *testing.T, s string) {
		text := clean(s)
		if clean(text) != text || !utf8.ValidString(text) {
			t.Fatalf("cleaning twice is not cleaning once: %q", text)
		}
		data := encoded(t, model(s))
		lines := readLines(t, data)
		if got := skeleton(lines); got != want {
			t.Fatalf("structure changed to\n%s", got)
		}
		for _, name := range []string{"X-WR-CALNAME", "SUMMARY", "CATEGORIES", "X-ANYTHING"} {
			if got := unescape(t, find(t, lines, name).value); got != text {
				t.Errorf("%s is %q, want %q", name, got, text)
			}
		}
		if got := unescape(t, find(t, lines, "DESCRIPTION").value); got != clean(s+s) {
			t.Errorf("DESCRIPTION is %q, want %q", got, clean(s+s))
		}
		if url := find(t, lines, "URL").value; strings.ContainsFunc(url, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' }) {
			t.Errorf("URL is %q", url)
		}
		parsed, err := ics.ParseCalendar(bytes.NewReader(data))
		if err != nil || len(parsed.Events()) != 1 {
			t.Fatalf("the library's parser: %v", err)
		}
		if got := parsed.Events()[0].GetProperty(ics.ComponentPropertySummary).Value; got != text {
			t.Errorf("the library reads %q, want %q", got, text)
		}
		if read := reads(t, string(data), ReadOptions{}).Entries[0]; read.Summary != text || read.Description != clean(s+s) {
			t.Errorf("Read gives %q and %q, want %q", read.Summary, read.Description, text)
		}
	})
}
