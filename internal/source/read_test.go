package source

import (
	"testing"
)

func TestSniff(t *testing.T) {
	for text, want := range map[string]Format{
		"PK\x03\x04...":                                               XLSX,
		" \n<?xml version='1.0'?><schedule/>":                         ScheduleXML,
		"\ufeff<schedule/>":                                           ScheduleXML,
		"begin:vcalendar\r\n":                                         ICS,
		`{"format": "plenary", "version": 1, "event": {}}`:            Plenary,
		`{"$schema": "x", "schedule": {}}`:                            ScheduleJSON,
		`[{"date": "2026-10-02", "rooms": []}]`:                       SessionizeGrid,
		`[{"rooms": [], "timeSlots": []}, 7]`:                         SessionizeGrid,
		`{"sessions": [], "speakers": [], "rooms": []}`:               SessionizeAll,
		`{"sessions": [], "speakers": [], "categories": [], "x": {}}`: SessionizeAll,
		`{"count": 1, "results": []}`:                                 Pretalx,
		`[{"code": "ABC", "title": "x"}]`:                             Pretalx,
		"title,start\nx,y\n":                                          CSV,
		"\ufeffTitle;Start\r\nx;y":                                    CSV,
	} {
		got, err := Sniff([]byte(text))
		if err != nil || got != want {
			t.Errorf("%q is %q (%v), want %q", text, got, err, want)
		}
	}
	const unknown = "The file is in no format that can be read: schedule.xml, schedule.json, sessionize-all, sessionize-gridsmart, pretalx, csv, xlsx, ics, plenary."
	for text, want := range map[string]string{
		"": "The file is empty.", "\ufeff \n": "The file is empty.", "one line": unknown, "a\x00b\n": unknown, `{"a": 1}`: unknown, `[]`: unknown, `{"sessions": []}`: unknown,
		"{\"schedule\":": "Line 1: the file is cut off.", "[{]": "Line 1: this is not well-formed JSON: invalid character ']' looking for beginning of object key string.",
	} {
		_, err := Sniff([]byte(text))
		check(t, refusal(t, err), want)
	}
}

func TestReadRefuses(t *testing.T) {
	_, err := Read(make([]byte, MaxFile+1), ScheduleXML, Options{})
	check(t, refusal(t, err), "The file is larger than 64 MiB.")
	_, err = Read([]byte("x"), "fax", Options{})
	check(t, refusal(t, err), `Files of the format "fax" are not read here.`)
}
