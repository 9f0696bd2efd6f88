package source

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

func TestHonorificsAreTakenOffNames(t *testing.T) {
	for _, c := range [][3]string{
		{"PGs.Ts. Hồ Thượng Dũng", "PGs.Ts.", "Hồ Thượng Dũng"},
		{"Gs.Ts. Hoàng Anh Tiến", "Gs.Ts.", "Hoàng Anh Tiến"},
		{"GS.TS. Đặng Vạn Phước", "GS.TS.", "Đặng Vạn Phước"},
		{"TS.Hồ Minh Tuấn", "TS.", "Hồ Minh Tuấn"},
		{"Ts Bs. Vũ Hoàng Vũ", "Ts Bs.", "Vũ Hoàng Vũ"},
		{"ThS Đào Anh Quốc", "ThS", "Đào Anh Quốc"},
		{"Ths. Nguyễn Xuân Duy", "Ths.", "Nguyễn Xuân Duy"},
		{"ThS.BSNT. Trần Đức Minh", "ThS.BSNT.", "Trần Đức Minh"},
		{"ThS.BsCKII Nguyễn Văn Thảo", "ThS.BsCKII", "Nguyễn Văn Thảo"},
		{"BSCKII. Lê Mộng Toàn", "BSCKII.", "Lê Mộng Toàn"},
		{"BsCK2. Lưu Ngọc Trân", "BsCK2.", "Lưu Ngọc Trân"},
		{"BS. Nguyễn Quốc Việt", "BS.", "Nguyễn Quốc Việt"},
		{"Ts.ĐD. Nguyễn Thị Phương Uyên", "Ts.ĐD.", "Nguyễn Thị Phương Uyên"},
		{"Bà Nguyễn Thị Thanh Xuân", "Bà", "Nguyễn Thị Thanh Xuân"},
		{"Ông Trần Văn A", "Ông", "Trần Văn A"},
		{"Bá Văn Nam", "", "Bá Văn Nam"},
		{"Prof. Dr. med. Eva Muster", "Prof. Dr. med.", "Eva Muster"},
		{"Dr.-Ing. Jörg Beispiel", "Dr.-Ing.", "Jörg Beispiel"},
		{"Dipl.-Ing. Jörg Beispiel", "Dipl.-Ing.", "Jörg Beispiel"},
		{"Dr. h.c. Eva Muster", "Dr. h.c.", "Eva Muster"},
		{"M. Jean Dupont", "M.", "Jean Dupont"},
		{"Mme Jeanne Dupont", "Mme", "Jeanne Dupont"},
		{"H.E. Ms. Jane Doe", "H.E. Ms.", "Jane Doe"},
		{"S.E.M. Jean Dupont", "S.E.M.", "Jean Dupont"},
		{"S.E. M. Jean Dupont", "S.E. M.", "Jean Dupont"},
		{"Mr John Smith", "Mr", "John Smith"},
		{"TS Eliot", "", "TS Eliot"},
		{"M Night", "", "M Night"},
		{"Med. Schmidt", "", "Med. Schmidt"},
		{"Drew Barrymore", "", "Drew Barrymore"},
		{"Msa Kone", "", "Msa Kone"},
		{"Dr.", "", "Dr."},
		{"Prof. Dr.", "", "Prof. Dr."},
		{"J.R.R. Tolkien", "", "J.R.R. Tolkien"},
		{"", "", ""},
	} {
		title, rest := splitHonorific(c[0])
		if title != c[1] || rest != c[2] {
			t.Errorf("%q is %q and %q, want %q and %q", c[0], title, rest, c[1], c[2])
		}
	}
}

func TestPeopleOfACell(t *testing.T) {
	person := func(honorific, name, organization string) mention {
		return mention{person: Person{Honorific: plain(honorific), Name: name, Organization: plain(organization)}}
	}
	as := func(role agenda.Role, m mention) mention { m.role = role; return m }
	for cell, want := range map[string][]mention{
		"Ann Lee; Bob Ray":                                    {person("", "Ann Lee", ""), person("", "Bob Ray", "")},
		"Ann Lee\nBob Ray":                                    {person("", "Ann Lee", ""), person("", "Bob Ray", "")},
		"Ann Lee / Bob Ray & Cy Poe":                          {person("", "Ann Lee", ""), person("", "Bob Ray", ""), person("", "Cy Poe", "")},
		"Lê An và Hồ Bình":                                    {person("", "Lê An", ""), person("", "Hồ Bình", "")},
		"Lê An va\u0300 Hồ\u00a0Bình":                         {person("", "Lê An", ""), person("", "Hồ Bình", "")},
		"Ann Lee, Bob Ray, and Cy Poe":                        {person("", "Ann Lee", ""), person("", "Bob Ray", ""), person("", "Cy Poe", "")},
		"Ann Lee and Bob Ray":                                 {person("", "Ann Lee", ""), person("", "Bob Ray", "")},
		"Karl von und zu Berg und Eva Muster":                 {person("", "Karl von und zu Berg", ""), person("", "Eva Muster", "")},
		"BsCKII. Trịnh Tâm -BsCKI. Đức Chỉnh - ThS. Minh Trí": {person("BsCKII.", "Trịnh Tâm", ""), person("BsCKI.", "Đức Chỉnh", ""), person("ThS.", "Minh Trí", "")},
		"TS. Lê An- TS. Hồ Bình":                              {person("TS.", "Lê An", ""), person("TS.", "Hồ Bình", "")},
		"Jean-Luc Picard":                                     {person("", "Jean-Luc Picard", "")},
		"Ann Lee, Bob Ray":                                    {person("", "Ann Lee", ""), person("", "Bob Ray", "")},
		"Ann Lee, PhD, Bob Ray, Jr.":                          {person("", "Ann Lee, PhD", ""), person("", "Bob Ray, Jr.", "")},
		"Martin King, Jr.":                                    {person("", "Martin King, Jr.", "")},
		"Lee, Ann":                                            {person("", "Lee, Ann", "")},
		"Ann Lee, Ministry of Health":                         {person("", "Ann Lee, Ministry of Health", "")},
		"Ludwig van Beethoven, Ann Lee":                       {person("", "Ludwig van Beethoven", ""), person("", "Ann Lee", "")},
		"Ann Lee (Science and Technology; Ltd)":               {person("", "Ann Lee", "Science and Technology; Ltd")},
		"Ann Lee (chair) - Bob Ray (chủ tọa)":                 {as(agenda.Chair, person("", "Ann Lee", "")), as(agenda.Chair, person("", "Bob Ray", ""))},
		"Ann Lee (ACME) (moderator)":                          {as(agenda.Moderator, person("", "Ann Lee", "ACME"))},
		"Moderator: Ann Lee; Bob Ray":                         {as(agenda.Moderator, person("", "Ann Lee", "")), person("", "Bob Ray", "")},
		"Ann Lee (a; b":                                       {person("", "Ann Lee (a", ""), person("", "b", "")},
		" ; - , |":                                            nil,
		"":                                                    nil,
	} {
		got := splitPeople(cell)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(mention{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", cell, diff)
		}
	}
	withIDs := []mention{{person: Person{Key: "id 10", Serial: 10, Name: "Konrad Meier"}}, {person: Person{Key: "id 11", Serial: 11, Name: "andi", Organization: Text{"": "Entropia"}}}}
	for _, cell := range []string{"10:Konrad Meier|11:andi (Entropia)", "10:Konrad Meier; 11: andi (Entropia)"} {
		if diff := cmp.Diff(withIDs, splitPeople(cell), cmp.AllowUnexported(mention{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", cell, diff)
		}
	}
	mailed := []mention{{person: Person{Name: "Ann Lee", Honorific: Text{"": "Dr."}, Email: "ann@example.org"}}, {person: Person{Name: "Bob"}}}
	if diff := cmp.Diff(mailed, splitPeople("Dr. Ann Lee <ann@example.org>; Bob <no@t@mail>"), cmp.AllowUnexported(mention{})); diff != "" {
		t.Error(diff)
	}
}

func TestTimesOfACell(t *testing.T) {
	day := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	hm := func(h, m int) time.Duration { return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute }
	for cell, want := range map[string]reading{
		"2026-07-04": {day: day}, "04/07/2026": {day: day}, "4.7.2026": {day: day}, "4. 7. 2026": {day: day}, "04-07-26": {day: day},
		"2026/07/04": {day: day}, "4 July 2026": {day: day}, "July 4th, 2026": {day: day}, "4. Juli 2026": {day: day}, "4 juillet 2026": {day: day},
		"Saturday, 4 July 2026": {day: day}, "Samstag, 04.07.2026": {day: day}, "samedi 4 juillet 2026": {day: day}, "4-Jul-2026": {day: day},
		"4 tháng 7 năm 2026": {day: day}, "Ngày 4 tháng 7, 2026": {day: day}, "Thứ Bảy, 04/07/2026": {day: day}, "Thứ 7, 04/07/2026": {day: day},
		"1st of August 2026": {day: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}, "1er août 2026": {day: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)},
		"5. März 2026": {day: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)}, "27 October 2025": {day: time.Date(2025, 10, 27, 0, 0, 0, 0, time.UTC)},
		"07/13/2026": {day: time.Date(2026, 7, 13, 0, 0, 0, 0, time.UTC)},
		"8:00":       {clock: hm(8, 0), timed: true}, "08:00:00": {clock: hm(8, 0), timed: true}, "8h30": {clock: hm(8, 30), timed: true}, "8h": {clock: hm(8, 0), timed: true},
		"8g30": {clock: hm(8, 30), timed: true}, "8.30": {clock: hm(8, 30), timed: true}, "2:30 PM": {clock: hm(14, 30), timed: true}, "12:05 am": {clock: hm(0, 5), timed: true},
		"2 p.m.": {clock: hm(14, 0), timed: true}, "14 Uhr": {clock: hm(14, 0), timed: true}, "14.30 Uhr": {clock: hm(14, 30), timed: true}, "24:00": {clock: hm(24, 0), timed: true},
		"08:00:30.000": {clock: hm(8, 0) + 30*time.Second, timed: true}, "14:00 PM": {clock: hm(14, 0), timed: true}, "0:30 pm": {clock: hm(12, 30), timed: true}, "12:30 CH": {clock: hm(12, 30), timed: true}, "8：30": {clock: hm(8, 30), timed: true},
		"2026-07-04 08:00": {day: day, clock: hm(8, 0), timed: true}, "2026-07-04T08:00:00": {day: day, clock: hm(8, 0), timed: true},
		"08:00 04/07/2026": {day: day, clock: hm(8, 0), timed: true}, "Sat, 4 July 2026 at 2:30 PM": {day: day, clock: hm(14, 30), timed: true},
		"4.7.2026, 14 Uhr":          {day: day, clock: hm(14, 0), timed: true},
		"2026-07-04T08:00:00+07:00": {day: day, at: When{At: time.Date(2026, 7, 4, 1, 0, 0, 0, time.UTC), Offset: 7 * 3600, Told: true}},
		"2026-07-04 08:00 +0700":    {day: day, at: When{At: time.Date(2026, 7, 4, 1, 0, 0, 0, time.UTC), Offset: 7 * 3600, Told: true}}, "2026-07-04 08:00:00 UTC": {day: day, at: When{At: time.Date(2026, 7, 4, 8, 0, 0, 0, time.UTC), Told: true}},
		"2026-07-04T08:00Z": {day: day, at: When{At: time.Date(2026, 7, 4, 8, 0, 0, 0, time.UTC), Told: true}},
		"":                  {}, "8": {}, "25:00": {}, "8:60": {}, "24:01": {}, "13:00 am": {}, "31/02/2026": {}, "4/7": {}, "32/13/2026": {}, "1899-12-31": {},
		"tomorrow": {}, "4 Brumaire 2026": {}, "2026-07-04 at tea": {}, "46207": {}, "TBA": {},
	} {
		got, ok := table{}.readTime(cell, false)
		if wantOK := want != (reading{}); ok != wantOK || ok && got != want {
			t.Errorf("%q is %+v (%t), want %+v", cell, got, ok, want)
		}
	}
	if got, _ := (table{}).readTime("07/04/2026", true); got.day != day {
		t.Errorf("with the month first 07/04/2026 is %v", got.day)
	}
}

func TestSerialsOfExcel(t *testing.T) {
	at1900 := table{serials: true, since: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	at1904 := table{serials: true, since: time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)}
	day := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		table table
		cell  string
		want  reading
	}{
		{at1900, "46207", reading{day: day}},
		{at1904, "44745", reading{day: day}},
		{at1900, "46207.354166666664", reading{day: day, clock: 8*time.Hour + 30*time.Minute, timed: true}},
		{at1900, "0.354166666666667", reading{clock: 8*time.Hour + 30*time.Minute, timed: true}},
		{at1900, "4.6207E4", reading{day: day}},
		{at1900, "0", reading{timed: true}},
		{at1900, "0.9999999999", reading{clock: 24 * time.Hour, timed: true}},
		{at1900, "8.3", reading{clock: 8*time.Hour + 30*time.Minute, timed: true}},
		{at1900, "04/07/2026", reading{day: day}},
		{at1900, "25569", reading{day: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{at1900, "25568", reading{}}, {at1900, "1", reading{}}, {at1900, "59", reading{}}, {at1900, "60", reading{}}, {at1900, "61", reading{}},
		{at1900, "-1", reading{}}, {at1900, "NaN", reading{}}, {at1900, "Inf", reading{}}, {at1900, "1e300", reading{}}, {at1900, "2958465", reading{}}, {at1900, "8.75", reading{}},
	} {
		got, ok := c.table.readTime(c.cell, false)
		if wantOK := c.want != (reading{}); ok != wantOK || ok && got != c.want {
			t.Errorf("%q is %+v (%t), want %+v", c.cell, got, ok, c.want)
		}
	}
	if d, ok := at1900.readLength("0.0625"); !ok || d != 90*time.Minute {
		t.Errorf("0.0625 of a day is %v (%t)", d, ok)
	}
}

func TestLengthsOfACell(t *testing.T) {
	for cell, want := range map[string]int{"1:30": 90, "01:30:00": 90, "90": 90, "90 min": 90, "90min.": 90, "1h30": 90, "1 h 30 min": 90, "1h": 60, "2 hours": 120,
		"1 Std. 30 Min.": 90, "90 phút": 90, "1 giờ 30 phút": 90, "PT1H30M": 90, "45'": 45, "0:45": 45, "": -1, "soon": -1, "-5": -1, "1.5": -1, "99999": -1} {
		d, ok := table{}.readLength(cell)
		if got := int(d.Minutes()); ok != (want >= 0) || ok && got != want {
			t.Errorf("%q is %d minutes (%t), want %d", cell, got, ok, want)
		}
	}
}
