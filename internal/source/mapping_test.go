package source

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

func TestEveryWordOfAHeaderMeansOneThing(t *testing.T) {
	meant := map[string]Column{}
	for column, words := range headerWords {
		for _, w := range strings.Split(words, ", ") {
			if other, taken := meant[fold(w)]; taken {
				t.Errorf("%q means both %q and %q", w, other, column)
			}
			meant[fold(w)] = column
		}
	}
	for _, c := range Columns {
		if headerWords[c] == "" && c != ColumnKind { // a kind is one beside a format only
			t.Errorf("no header means %q", c)
		}
	}
}

func TestGuessMapping(t *testing.T) {
	for _, c := range []struct{ about, headers, want string }{
		{"Plenary's own", "id|code|title|title (vi)|abstract|format|track|room|day|start|end|minutes|language|interpretation|status|speakers|moderators|panelists|chairs|hosts|rapporteurs|interpreters|stream_url|url",
			"id|code|title|title:vi|abstract|format|track|room|date|start|end|duration|language|interpretation|status|speaker|moderator|panelist|chair|host|rapporteur|interpreter|stream|ignored"},
		{"kind beside format", "kind|format|title|time zone", "kind|format|title|zone"},
		{"format beside kind", "format|kind|title", "format|kind|title"},
		{"kind alone", "kind|title", "format|title"},
		{"frab", "Room|Date|Day|Start|Duration|Title|ID|Abstract|Description|Language|Speakers|File URL",
			"room|date||start|duration|title|id|abstract|abstract|language|speaker|"},
		{"Vietnamese", "Ngày|Hội trường|Phiên|Loại|Bắt đầu|Kết thúc|Tiêu đề|Chủ tọa|Tham luận|Báo cáo viên",
			"date|room|group|format|start|end|title|chair|panelist|speaker"},
		{"pretalx", "ID|Proposal title|Session type|Track|Proposal state|Abstract|Description|Duration|Language|Room|Start|End|Speaker names|Internal notes",
			"id|title|format|track|status|abstract|abstract|duration|language|room|start|end|speaker|"},
		{"Sessionize", "Session Id|Title|Description|Owner|Session format|Track|Level|Status|Room|Scheduled At|Scheduled Duration|Speakers",
			"id|title|abstract|speaker|format|track||status|room|start|duration|speaker"},
		{"Sessionize's schedule", "Day|Time|Room|Title|Speakers", "date|start|room|title|speaker"},
		{"Sched", "event_key|name|event_start|event_end|event_type|venue|speakers|moderators|description", "id|title|start|end|format|room|speaker|moderator|abstract"},
		{"Indico", "Id|Title|Description|Date|Duration|Type|Session|Track|Presenters|Materials|Program Code",
			"id|title|abstract|date|duration|format|group|track|speaker||code"},
		{"Guidebook", "Session Title|Date|Time Start|Time End|Room/Location|Schedule Track (Optional)|Description (Optional)", "title|date|start|end|room|track|abstract"},
		{"RingCentral", "Start time|End time|Schedule name|Schedule description|Segment name|Stage name|Tags", "start|end|title|abstract||room|"},
		{"German", "TAG|Uhrzeit|Saal|Titel|Referent*in|Referenten|Moderation|Kurzbeschreibung", "date|start|room|title||speaker|moderator|abstract"},
		{"French", "Jour|Heure de début|Heure de fin|Salle|Intitulé|Intervenants|Modérateur|Présidence", "date|start|end|room|title|speaker|moderator|chair"},
		{"Vietnamese of a list", "STT|Thời gian|Nội dung|Diễn giả|Phòng", "id|start|title|speaker|room"},
		{"languages", "Title EN|Title_fr|Titel (Deutsch)|Tiêu đề (tiếng Việt)|Title (pt-BR)|Room ID|Room (ID)|Start (UTC)|Start (local)|Minutes (planned)",
			"title:en|title:fr|title:de|title:vi|title:pt-BR||room||start|duration"},
		{"a title that is called a session", "Session|Room|Start", "title|room|start"},
		{"a clearer title", "Name|Title|Subject", "|title|"},
	} {
		headers, wanted := strings.Split(c.headers, "|"), strings.Split(c.want, "|")
		want := Mapping{Columns: map[string]Column{}, Headers: headers}
		for i, h := range headers {
			if wanted[i] != "" {
				want.Columns[h] = Column(wanted[i])
			}
		}
		if diff := cmp.Diff(want, GuessMapping(headers)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.about, diff)
		}
	}
}

func TestAGivenMappingIsFollowedAndTold(t *testing.T) {
	given := Mapping{Columns: map[string]Column{"Topic": ColumnTitle.In("vi"), "When": ColumnStart, "Who": ColumnSpeaker, "Title": ColumnIgnored}}
	asJSON, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	var kept Mapping
	if err := json.Unmarshal(asJSON, &kept); err != nil {
		t.Fatal(err)
	}
	p, err := Read([]byte("Topic,When,Who,Title,Room\nTrà,2026-07-04 08:00,Ann Lee,not this,A\n"), CSV, Options{Mapping: &kept})
	if err != nil {
		t.Fatal(err)
	}
	want := Programme{
		Format: CSV, Mapping: &Mapping{Columns: given.Columns, Headers: []string{"Topic", "When", "Who", "Title", "Room"}},
		People: []Person{{Line: 2, Key: "name Ann Lee", Name: "Ann Lee"}},
		Items: []Item{{Line: 2, Key: "title Trà", Derived: true, Title: Text{"vi": "Trà"}, Start: at("2026-07-04 08:00"),
			Speakers: []Speaker{{Person: "name Ann Lee", Role: agenda.Presenter}}}},
		Findings: []Finding{{1, ColumnUnknown, `The column "Room" was not read: nothing is known of it.`}},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
}

func TestAMappingThatDoesNotFitIsRefused(t *testing.T) {
	const table = "Topic,When,Who\nTea,2026-07-04 08:00,Ann Lee\n"
	for _, c := range []struct {
		columns map[string]Column
		want    []agenda.Fault
	}{
		{map[string]Column{"Topic": ColumnTitle, "Room/Hall": ColumnRoom}, []agenda.Fault{{Pointer: "/columns/Room~1Hall", Message: `the table has no column "Room/Hall"`}}},
		{map[string]Column{"Topic": ColumnTitle, "When": ColumnTitle}, []agenda.Fault{{Pointer: "/columns/When", Message: `"Topic" is "title" already`}}},
		{map[string]Column{"Topic": "heading", "When": ColumnStart.In("en"), "Who": ColumnTitle.In("klingon!")}, []agenda.Fault{
			{Pointer: "/columns/Topic", Message: `"heading" is not a column that a table can have`},
			{Pointer: "/columns/When", Message: `"start" is not in a language`},
			{Pointer: "/columns/Who", Message: `"klingon!" is not a language tag`}}},
		{map[string]Column{"Topic": ColumnRoom}, nil},
		{nil, nil},
	} {
		_, err := Read([]byte(table), CSV, Options{Mapping: &Mapping{Columns: c.columns}})
		if agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%v is not Invalid but %v", c.columns, err)
			continue
		}
		var got []agenda.Fault
		if e, ok := err.(*agenda.Error); ok {
			got = e.Faults
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.columns, diff)
		}
	}
}
