package source

import (
	"compress/flate"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// checkProgramme says what must hold of every Programme, whatever it was read from.
func checkProgramme(t *testing.T, data []byte, f Format, o Options) {
	t.Helper()
	p, err := Read(data, f, o)
	if err != nil {
		var e *agenda.Error
		if !errors.As(err, &e) || e.Code != agenda.Invalid || !utf8.ValidString(e.Message) || !strings.HasSuffix(e.Message, ".") {
			t.Fatalf("the error is %#v", err)
		}
		return
	}
	again, err := Read(data, f, o)
	if diff := cmp.Diff(p, again); err != nil || diff != "" {
		t.Fatalf("a second reading differs: %v\n%s", err, diff)
	}
	people, rooms, tracks, items := map[string]bool{}, map[string]bool{"": true}, map[string]bool{"": true}, map[string]bool{}
	once := func(kind string, seen map[string]bool, key string) {
		if seen[key] || key == "" {
			t.Fatalf("the Key %q of a %s is there twice, or empty", key, kind)
		}
		seen[key] = true
	}
	for _, r := range p.Rooms {
		once("room", rooms, r.Key)
	}
	for _, r := range p.Tracks {
		once("track", tracks, r.Key)
	}
	for _, r := range p.People {
		if once("person", people, r.Key); r.Name == "" || !utf8.ValidString(r.Name) {
			t.Fatalf("a person is called %q", r.Name)
		}
	}
	var check func(i Item, inside bool)
	check = func(i Item, inside bool) {
		once("item", items, i.Key)
		if i.Title.first() == "" || !rooms[i.Room] || !tracks[i.Track] || inside && len(i.Talks) > 0 {
			t.Fatalf("%+v has no title, or names a place that is not there", i)
		}
		if !i.End.IsZero() && !i.End.At.After(i.Start.At) || i.Start.IsZero() && !i.End.IsZero() {
			t.Fatalf("%+v does not end after it starts", i)
		}
		if y := i.Start.At.Year(); !i.Start.IsZero() && (y < 1969 || y > 9999) {
			t.Fatalf("%+v is in no year that can be planned", i)
		}
		for _, s := range i.Speakers {
			if !people[s.Person] || s.Role == "" {
				t.Fatalf("%+v is nobody", s)
			}
		}
		for _, talk := range i.Talks {
			check(talk, true)
		}
	}
	for _, i := range p.Items {
		check(i, false)
	}
	for _, w := range p.Findings {
		if !strings.HasSuffix(w.Text, ".") || w.Rule == "" || !utf8.ValidString(w.Text) {
			t.Fatalf("the finding %+v is no sentence", w)
		}
	}
	if len(p.Findings) > MaxFindings+1 || p.Mapping == nil {
		t.Fatalf("%d findings, mapping %v", len(p.Findings), p.Mapping)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{own, manyRows(3), "sep=;\nTitel;Tag;Beginn\nA;4.7.2026;8:00\n", "title\tstart\nA\t2026-07-04 08:00 - 09:00\n", "\xff\xfet\x00i\x00t\x00l\x00e\x00\n\x00A\x00\n\x00",
		"title,phiên,loại,date,start,end\nA,1,phiên,2026-07-04,8:00,9:00\nB,1,bài,,8:30,9:30\nC,1,bài,,,\n", "title,room\n\"The \"best\" one\",R\n", "title,x\n12\" of,\xe9t\xe9\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkProgramme(t, data, CSV, Options{}) })
}

func FuzzXLSX(f *testing.F) {
	data := congress(f)
	var sheet, book string
	repack(f, flate.NoCompression, data, func(name, content string) string {
		switch name {
		case "xl/worksheets/sheet2.xml":
			sheet = content
		case "xl/workbook.xml":
			book = content
		}
		return content
	})
	f.Add(data, []byte(nil), []byte(nil))
	f.Add([]byte(nil), []byte(sheet), []byte(book))
	f.Fuzz(func(t *testing.T, whole, sheet, book []byte) {
		if len(whole) == 0 {
			whole = repack(t, flate.NoCompression, data, func(name, content string) string {
				switch {
				case strings.HasPrefix(name, "xl/worksheets/"):
					return string(sheet)
				case name == "xl/workbook.xml":
					return string(book)
				}
				return content
			})
		}
		checkProgramme(t, whole, XLSX, Options{})
	})
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"PGs.Ts. Hồ Thượng Dũng - Gs.Ts. Hoàng Anh Tiến", "10:Konrad Meier|11:andi (Entropia)", "Ann Lee <ann@example.org> (chair), Bob Ray, Jr.",
		"Thứ Bảy, 04/07/2026 8h30", "2026-07-04T08:00:00+07:00", "July 4th, 2026 at 2:30 PM", "1 giờ 30 phút", "46207.35"} {
		f.Add(s)
	}
	excel := table{serials: true, since: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, m := range splitPeople(cell) {
			if m.person.Name == "" || utf8.RuneCountInString(m.person.Name) > agenda.MaxName || strings.ContainsAny(m.person.Name, "\n\r") {
				t.Errorf("%q names %q", cell, m.person.Name)
			}
		}
		if title, rest := splitHonorific(cell); !strings.HasPrefix(strings.TrimSpace(cell), title) || !strings.HasSuffix(strings.TrimSpace(cell), rest) {
			t.Errorf("%q is %q and %q", cell, title, rest)
		}
		for _, r := range []table{{}, excel} {
			for _, monthFirst := range []bool{false, true} {
				got, ok := r.readTime(cell, monthFirst)
				if ok && (got.clock < 0 || got.clock > 24*time.Hour || !got.day.IsZero() && !plannable(got.day.Year()) || got.day.IsZero() && !got.timed) {
					t.Errorf("%q is %+v", cell, got)
				}
			}
			if d, ok := r.readLength(cell); ok && (d < 0 || d > 2000*time.Hour) {
				t.Errorf("%q takes %v", cell, d)
			}
		}
	})
}
