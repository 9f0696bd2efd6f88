package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// readLines reads a table of the lines.
func readLines(t *testing.T, lines ...string) Programme {
	t.Helper()
	p, err := Read([]byte(strings.Join(lines, "\n")+"\n"), CSV, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRowsOfAGroupAreTalks(t *testing.T) {
	p := readLines(t,
		"Ngày,Hội trường,Phiên,Loại,Bắt đầu,Kết thúc,Tiêu đề,Chủ tọa,Báo cáo viên",
		"2026-07-04,A,1,phiên,08:00,09:00,TRÀ,TS. Lê An - Ths. Hồ Bình,",
		",A,1,bài,08:00,08:30,Trà xanh,,PGS.TS. Lê An",
		",A,1,bài,08:30,09:10,Thảo luận,,",
		",A,1,bài,,,Thảo luận,,",
		",B,1,bài,08:00,08:30,Trà đen,,Vũ Cúc",
		",A,2,phiên,10:00,11:00,TRÀ,,",
		",A,2,bài,10:00,10:30,Thảo luận,,",
		",A,,nghỉ,11:00,11:15,Nghỉ,,",
	)
	talk := func(line int, key, title, start, end string, speakers ...Speaker) Item {
		i := Item{Line: line, Key: key, Derived: true, Title: Text{"": title}, Format: agenda.FormatTalk, Speakers: speakers}
		if start != "" {
			i.Start, i.End = at("2026-07-04 "+start), at("2026-07-04 "+end)
		}
		return i
	}
	item := func(i Item, f agenda.Format, room string) Item { i.Format, i.Room = f, room; return i }
	tea := item(talk(2, "title TRÀ", "TRÀ", "08:00", "09:00", Speaker{Person: "name Lê An", Role: agenda.Chair}, Speaker{Person: "name Hồ Bình", Role: agenda.Chair}), agenda.FormatPanel, "A")
	tea.Talks = []Item{
		talk(3, "title TRÀ / title Trà xanh", "Trà xanh", "08:00", "08:30", Speaker{Person: "name Lê An", Role: agenda.Presenter}),
		talk(4, "title TRÀ / title Thảo luận", "Thảo luận", "08:30", "09:10"),
		talk(5, "title TRÀ / title Thảo luận #2", "Thảo luận", "", ""),
	}
	again := item(talk(7, "title TRÀ #2", "TRÀ", "10:00", "11:00"), "", "A")
	again.Talks = []Item{talk(8, "title TRÀ / title Thảo luận #3", "Thảo luận", "10:00", "10:30")}
	want := []Item{tea,
		item(talk(6, "title Trà đen", "Trà đen", "08:00", "08:30", Speaker{Person: "name Vũ Cúc", Role: agenda.Presenter}), agenda.FormatTalk, "B"),
		again, item(talk(9, "title Nghỉ", "Nghỉ", "11:00", "11:15"), agenda.FormatBreak, "A")}
	if diff := cmp.Diff(want, p.Items); diff != "" {
		t.Error(diff)
	}
	wantPeople := []Person{{Line: 2, Key: "name Lê An", Name: "Lê An", Honorific: Text{"": "TS."}}, {Line: 2, Key: "name Hồ Bình", Name: "Hồ Bình", Honorific: Text{"": "Ths."}},
		{Line: 6, Key: "name Vũ Cúc", Name: "Vũ Cúc"}}
	if diff := cmp.Diff(wantPeople, p.People); diff != "" {
		t.Error(diff)
	}
	wantFindings := []Finding{{4, OutsideParent, `The talk "Thảo luận" is not within the time of "TRÀ": it was taken at its own.`},
		{6, UnknownReference, `No row is what "Trà đen" is a part of, by day, room and "1": it was taken for an entry of its own.`}}
	if diff := cmp.Diff(wantFindings, p.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestAGroupWithoutAWholeIsTold(t *testing.T) {
	p := readLines(t, "title,session,type", "A,1,talk", "B,1,talk")
	want := []Finding{{1, ColumnUnknown, `The column "session" was not read: no other one says which rows are a whole and which are talks inside one.`}}
	if diff := cmp.Diff(want, p.Findings); diff != "" || len(p.Items) != 2 {
		t.Errorf("%d items\n%s", len(p.Items), diff)
	}
}

func TestTimesOfARow(t *testing.T) {
	for _, c := range []struct {
		about, table string
		start, end   string // "" is none
		rules        []Rule
	}{
		{"a day and times", "title,date,start,end\nA,2026-07-04,8:00,9:30", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"a day and time in one", "title,start,end\nA,2026-07-04 8:00,2026-07-04 9:30", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"a day with the time", "title,date,minutes\nA,4 July 2026 8:00,90", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"from when to when", "title,date,time\nA,2026-07-04,8h00 - 9h30", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"from when to when, tightly", "title,date,time\nA,2026-07-04,08:00–09:30", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"from when to when, in words", "title,date,time\nA,2026-07-04,8:00 to 9:30", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"from a day and time to a time", "title,start\nA,2026-07-04 8:00 - 9:30", "2026-07-04 08:00", "2026-07-04 09:30", nil},
		{"from a day and time to another", "title,start\nA,2026-07-04 8:00 - 2026-07-05 9:30", "2026-07-04 08:00", "2026-07-05 09:30", nil},
		{"from a day to a day", "title,start\nA,2026-07-04 - 2026-07-05", "", "", []Rule{BadTime}},
		{"past midnight", "title,date,start,end\nA,2026-07-04,22:00,2:00", "2026-07-04 22:00", "2026-07-05 02:00", nil},
		{"until midnight", "title,date,start,end\nA,2026-07-04,22:00,24:00", "2026-07-04 22:00", "2026-07-05 00:00", nil},
		{"half a day", "title,date,start,end\nA,2026-07-04,20:00,8:00", "2026-07-04 20:00", "2026-07-05 08:00", nil},
		{"more than half a day", "title,date,start,end\nA,2026-07-04,10:00,8:00", "2026-07-04 10:00", "", []Rule{EndBeforeStart}},
		{"no length", "title,date,start,end\nA,2026-07-04,10:00,10:00", "2026-07-04 10:00", "", []Rule{EndBeforeStart}},
		{"an end on the day before", "title,start,end\nA,2026-07-04 22:00,2026-07-04 2:00", "2026-07-04 22:00", "", []Rule{EndBeforeStart}},
		{"an end and a duration", "title,date,start,end,minutes\nA,2026-07-04,8:00,9:00,60", "2026-07-04 08:00", "2026-07-04 09:00", nil},
		{"an end or a duration", "title,date,start,end,minutes\nA,2026-07-04,8:00,9:00,45", "2026-07-04 08:00", "2026-07-04 09:00", []Rule{StartContradicted}},
		{"a duration that is none", "title,date,start,minutes\nA,2026-07-04,8:00,long", "2026-07-04 08:00", "", []Rule{BadValue}},
		{"two days", "title,date,start\nA,2026-07-04,2026-07-05 8:00", "2026-07-05 08:00", "", []Rule{DayContradicted}},
		{"no day", "title,start\nA,8:00", "", "", []Rule{NoTime}},
		{"no time", "title,date,start\nA,2026-07-04,", "", "", []Rule{NoTime}},
		{"nothing at all", "title,room\nA,B", "", "", nil},
		{"nonsense", "title,date,start,end\nA,2026-07-04,8:00,tea time", "2026-07-04 08:00", "", []Rule{BadTime}},
		{"a day of no calendar", "title,date,start\n,2026-02-28,\nA,2026-02-30,8:00", "", "", []Rule{BadTime}},
		{"a heading with the day", "title,date,start\n,Saturday 4 July 2026,\nA,,8:00", "2026-07-04 08:00", "", nil},
		{"month first", "title,date,start\nA,07/04/2026,8:00\nB,07/13/2026,8:00", "2026-07-04 08:00", "", nil},
		{"day first", "title,date,start\nA,04/07/2026,8:00\nB,13/07/2026,8:00", "2026-07-04 08:00", "", nil},
		{"both", "title,date,start\nA,04/07/2026,8:00\nB,13/07/2026,8:00\nC,07/13/2026,8:00", "2026-07-04 08:00", "", []Rule{BadTime}},
		{"neither", "title,date,start\nA,04/07/2026,8:00\nB,05/07/2026,8:00", "2026-07-04 08:00", "", []Rule{BadTime}},
		{"the same either way", "title,date,start\nA,07/07/2026,8:00", "2026-07-07 08:00", "", nil},
		{"an end with an offset", "title,start,end\nA,2026-07-04 8:00,2026-07-04T09:00:00+07:00", "2026-07-04 08:00", "", []Rule{BadTime}},
	} {
		p := readLines(t, c.table)
		var rules []Rule
		for _, f := range p.Findings {
			rules = append(rules, f.Rule)
		}
		var start, end When
		if c.start != "" {
			start = at(c.start)
		}
		if c.end != "" {
			end = at(c.end)
		}
		if i := p.Items[0]; i.Start != start || i.End != end {
			t.Errorf("%s: from %+v to %+v", c.about, i.Start, i.End)
		}
		if diff := cmp.Diff(c.rules, rules); diff != "" {
			t.Errorf("%s: %+v\n%s", c.about, p.Findings, diff)
		}
	}
}

func TestTimesWithOffsetsStayInstants(t *testing.T) {
	p := readLines(t, "title,start,end", "A,2026-10-24T23:00:00+02:00,1:30", "B,2026-10-25T08:00:00+01:00,2026-10-25T09:00:00Z")
	told := func(s string, offset int) When {
		w := at(s)
		return When{At: w.At, Offset: offset, Told: true}
	}
	want := [][2]When{{told("2026-10-24 21:00", 7200), told("2026-10-24 23:30", 7200)}, {told("2026-10-25 07:00", 3600), told("2026-10-25 09:00", 0)}}
	for n, i := range p.Items {
		if got := [2]When{i.Start, i.End}; got != want[n] {
			t.Errorf("%s is from %+v to %+v, want %+v", i.Title[""], i.Start, i.End, want[n])
		}
	}
	if len(p.Findings) > 0 {
		t.Error(p.Findings)
	}
}

func TestValuesOfARow(t *testing.T) {
	p := readLines(t, "id,code,title,type,language,status,live url,track,room,speakers,chair",
		"7,,A,Keynote,English,accepted,https://example.org/a,T,R,Ann Lee (ACME),Ann Lee",
		"x,LATE1,B,Atelier,tiếng Việt,canceled,ftp://example.org,T,Toutes les salles,3:Cy Poe,",
		",ab,C,Sitzung,pt_BR,Confirmed,,,,3:Dee Roe,Bob Ray",
		",,D,dance,Klingon,perhaps,,,,,",
		",,E,dance,Klingon,withdrawn,,,,,",
	)
	speaker := func(key string, role agenda.Role) Speaker { return Speaker{Person: key, Role: role} }
	want := []Item{
		{Line: 2, Key: "id 7", Serial: 7, Title: Text{"": "A"}, Format: agenda.FormatKeynote, Language: "en", Room: "R", Track: "T", StreamURL: "https://example.org/a", Standing: true,
			Speakers: []Speaker{speaker("name Ann Lee", agenda.Presenter), speaker("name Ann Lee", agenda.Chair)}},
		{Line: 3, Key: "id x", Code: "LATE1", Title: Text{"": "B"}, Format: agenda.FormatWorkshop, Language: "vi", Track: "T", AllRooms: true, Standing: true, Cancelled: true,
			Speakers: []Speaker{speaker("id 3", agenda.Presenter)}},
		{Line: 4, Key: "code ab", Title: Text{"": "C"}, Format: agenda.FormatPanel, Language: "pt-BR", Standing: true,
			Speakers: []Speaker{speaker("id 3 Dee Roe", agenda.Presenter), speaker("name Bob Ray", agenda.Chair)}},
		{Line: 5, Key: "title D", Derived: true, Title: Text{"": "D"}},
	}
	if diff := cmp.Diff(want, p.Items); diff != "" {
		t.Error(diff)
	}
	wantFindings := []Finding{
		{3, BadValue, `"ftp://example.org" is nothing that is known for the column "live url": it was not read.`},
		{4, SharedPerson, `"Cy Poe" and "Dee Roe" have the same identity "id 3": they were taken for two people.`},
		{5, BadValue, `"perhaps" is nothing that is known for the column "status": it was not read.`},
		{5, BadValue, `"Klingon" is nothing that is known for the column "language": it was not read.`},
		{6, BadValue, `"E" is "withdrawn", which is not part of the programme: it was left out.`},
	}
	if diff := cmp.Diff(wantFindings, p.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestTextsOfARow(t *testing.T) {
	long := strings.Repeat("ă", agenda.MaxName+1)
	cut := strings.Repeat("ă", agenda.MaxName-1) + "…"
	p := readLines(t, "title,titre (fr),subtitle,abstract,description,description (vi)", `A,B,S,"'+a",d,v`, `"'quoted'",,,,,`, long+",,,,,", `"two`, `lines",,,,,`)
	want := []Item{
		{Line: 2, Key: "title A", Derived: true, Title: Text{"": "A", "fr": "B"}, Abstract: Text{"": "S\n\n+a\n\nd", "vi": "v"}},
		{Line: 3, Key: "title 'quoted'", Derived: true, Title: Text{"": "'quoted'"}},
		{Line: 4, Key: "title " + cut, Derived: true, Title: Text{"": cut}},
		{Line: 5, Key: "title two lines", Derived: true, Title: Text{"": "two lines"}},
	}
	if diff := cmp.Diff(want, p.Items); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Finding{{4, TooLong, `The title "` + strings.Repeat("ă", 60) + `…" is longer than 300 characters: it was cut.`}}, p.Findings); diff != "" {
		t.Error(diff)
	}
}

func TestCellsThatAreMeantToTakeLong(t *testing.T) {
	for _, cell := range []string{"TS Lê An -", "TS. -", "A, Jr., ", "Ann Lee, ", "(", "a (b) ", "Ann Lee <", "M.", "1:", " - ", "4/7/", "2026-07-04 ", "a;", "/ & "} {
		long := strings.Repeat(cell, 256<<10/len(cell))
		p := readLines(t, "title,date,start,minutes,type,speakers,chair", "A,"+strings.Repeat(`"`+long+`",`, 6))
		if len(p.Items[0].Speakers) > maxMentions {
			t.Errorf("%q many times gave %d speakers", cell, len(p.Items[0].Speakers))
		}
	}
}

func TestPeopleAreBounded(t *testing.T) {
	crowd := func(from, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "P%d;", from+i)
		}
		return b.String()
	}
	p := readLines(t, "title,speakers,chairs", "A,"+crowd(0, 501)+","+crowd(0, 1))
	if len(p.Items[0].Speakers) != maxMentions || len(p.Findings) == 0 || p.Findings[0] != (Finding{2, TooLong, `"A" has more than 500 speakers: the others were left out.`}) {
		t.Errorf("%d speakers, %+v", len(p.Items[0].Speakers), p.Findings)
	}
	var rows strings.Builder
	for i := range 41 {
		rows.WriteString("A," + crowd(i*500, 500) + "\n")
	}
	_, err := Read([]byte("title,speakers\n"+rows.String()), CSV, Options{})
	if err == nil || err.Error() != "Line 42: there are more than 20000 people, which is more than can be imported at once." {
		t.Errorf("too many people: %v", err)
	}
}

// A comparison of each with each would not end before the suite is ended.
func TestPeopleWhoAreAllAlike(t *testing.T) {
	var rows strings.Builder
	for i := range MaxItems - 1 { // names that differ in full stops only
		fmt.Fprintf(&rows, "A,Nguyen%sVan%sAnh\n", strings.Repeat(".", 1+i%150), strings.Repeat(".", 1+i/150))
	}
	p := readLines(t, "title,speakers", rows.String())
	if len(p.People) != MaxItems-1 {
		t.Errorf("there are %d people", len(p.People))
	}
}

func TestControlCharactersAreLeftOut(t *testing.T) {
	p := readLines(t, "title,speakers", "T\x01ea\x7f,A\u0085nn")
	if i := p.Items[0]; i.Title[""] != "Tea" || p.People[0].Name != "A" {
		t.Errorf("%q by %q", i.Title[""], p.People[0].Name)
	}
}
