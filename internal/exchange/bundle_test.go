package exchange

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

func encoded(t testing.TB, b Bundle) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := EncodeBundle(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBundleLosesNothing(t *testing.T) {
	filled := map[string]bool{}
	for seed := range uint64(300) {
		want := newDice(seed).bundle()
		noteFilled(filled, reflect.ValueOf(want))
		first := encoded(t, want)
		got, err := DecodeBundle(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, first)
		}
		if diff := cmp.Diff(want, got, unindexed); diff != "" {
			t.Fatalf("seed %d: another bundle came back (-want +got):\n%s", seed, diff)
		}
		if second := encoded(t, got); !bytes.Equal(first, second) {
			t.Fatalf("seed %d: encoded a second time the bytes differ:\n%s", seed, cmp.Diff(string(first), string(second)))
		}
	}
	for field, ever := range filled {
		if !ever {
			t.Errorf("no random bundle fills %s: it is not tested", field)
		}
	}
	if len(filled) < 120 {
		t.Errorf("only %d fields were seen", len(filled))
	}
}

// noteFilled notes of every field of every struct below v whether it is ever anything but zero.
func noteFilled(filled map[string]bool, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue // what a noun remembers of how it was made
			}
			name := v.Type().String() + "." + v.Type().Field(i).Name
			filled[name] = filled[name] || !v.Field(i).IsZero()
			noteFilled(filled, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			noteFilled(filled, v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			noteFilled(filled, v.MapIndex(key))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			noteFilled(filled, v.Elem())
		}
	}
}

func TestBundleIsTheSameInAnyOrder(t *testing.T) {
	d := newDice(3)
	b := d.bundle()
	want := encoded(t, b)
	slices.Reverse(b.Draft.Rooms)
	slices.Reverse(b.Draft.Tracks)
	slices.Reverse(b.Draft.People)
	slices.Reverse(b.Draft.Panels)
	slices.Reverse(b.Availabilities)
	slices.Reverse(b.Meetings)
	slices.Reverse(b.Feeds)
	slices.Reverse(b.Releases)
	if got := encoded(t, b); !bytes.Equal(got, want) {
		t.Error("the order of lists that have none shows in the bytes")
	}
}

func TestBundleWritesTheEventsClock(t *testing.T) {
	paris, _ := agenda.LoadZone("Europe/Paris")
	fold := true
	second, err := agenda.Resolve(paris, "2025-10-26T02:30:00", &fold)
	if err != nil {
		t.Fatal(err)
	}
	london, _ := agenda.LoadZone("Europe/London")
	winter, _ := agenda.ParseMoment(london, "2025-12-01T10:00")
	moved := agenda.Moment{Wall: "2025-07-01T10:00:00", At: time.Date(2025, 7, 1, 10, 0, 0, 0, time.UTC)}
	monrovia, _ := agenda.LoadZone("Africa/Monrovia") // 44 minutes and 30 seconds from UTC until 1972
	odd, _ := agenda.ParseMoment(monrovia, "1971-06-01T10:00")
	for _, c := range []struct {
		name string
		pen  pen
		m    agenda.Moment
		want string
	}{
		{"the second of two", pen{zone: paris}, second, "2025-10-26T02:30:00+01:00"},
		{"at UTC's offset", pen{zone: london}, winter, "2025-12-01T10:00:00+00:00"},
		{"the wall clock is the truth", pen{zone: paris}, moved, "2025-07-01T10:00:00+02:00"},
		{"but not for what is published", pen{zone: paris, recorded: true}, moved, "2025-07-01T10:00:00+00:00"},
		{"seconds in the offset", pen{zone: monrovia}, odd, "1971-06-01T10:44:30Z"},
	} {
		got := c.pen.moment(c.m)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if c.m == moved {
			continue
		}
		if back, err := agenda.ParseMoment(c.pen.zone, got); err != nil || back != c.m {
			t.Errorf("%s: read back as %v, %v", c.name, back, err)
		}
	}
}

const (
	idA = "0199f0a0-0000-7000-8000-00000000000a"
	idB = "0199f0a0-0000-7000-8000-00000000000b"
	idC = "0199f0a0-0000-7000-8000-00000000000c"
)

const plainEvent = `"event":{"id":"` + idA + `","slug":"e-1","name":{"en":"E"},"zone":"Europe/Paris",
"start_date":"2025-10-25","end_date":"2025-10-26","languages":["en"]}`

// pointersOf gives the places of the faults, with "" for the whole.
func pointersOf(t *testing.T, err error) []string {
	t.Helper()
	if agenda.CodeOf(err) != agenda.Invalid {
		t.Fatalf("%v is not invalid", err)
	}
	var pointers []string
	for _, f := range err.(*agenda.Error).Faults {
		pointers = append(pointers, f.Pointer)
	}
	return pointers
}

func TestDecodeBundleRefuses(t *testing.T) {
	head := `{"format":"plenary-event","version":1,` + plainEvent
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	person := `"people":[{"id":"` + idB + `","name":"A"}]`
	for _, c := range []struct {
		name, file string
		want       []string
	}{
		{"nothing", ``, []string{""}},
		{"not JSON", `{"format":`, []string{""}},
		{"a list", `[]`, []string{""}},
		{"null", `null`, []string{""}},
		{"trailing data", head + `} {}`, []string{""}},
		{"bytes that are not UTF-8", head + ",\"x\":\"\xff\"}", []string{""}},
		{"half a surrogate pair", head + `,"x":"\ud83d"}`, []string{""}},
		{"NUL", head + `,"people":[{"id":"` + idB + `","name":"a\u0000b","bio":{"\u0000":"x"}}]}`, []string{"/people/0/bio", "/people/0/name"}},
		{"too deep for JSON", strings.Repeat("[", 20000), []string{""}},
		{"deep where nothing is known", head + `,"x":` + deep + `}`, []string{"/x"}},
		{"deep where something is known", head + `,"people":` + deep + `}`, []string{"/people/0"}},
		{"another format", `{"format":"schedule","weird":1}`, []string{"/format"}},
		{"no format", `{}`, []string{"/format"}},
		{"a later version", `{"format":"plenary-event","version":2,"news":[]}`, []string{"/version"}},
		{"unknown, repeated, in another case", head + `,"rooms":[{"ID":"x","x/y":1}],"format":"plenary-event"}`,
			[]string{"/format", "/rooms/0/ID", "/rooms/0/x~1y"}},
		{"wrong types", head + `,"people":[{"id":1,"name":null,"bio":"x","languages":{},"revision":1.5,"created":"now"},7],
			"rooms":[{"parallel":"yes","position":99999999999}],"meetings":{}}`,
			[]string{"/meetings", "/people/0/bio", "/people/0/created", "/people/0/id", "/people/0/languages", "/people/0/name",
				"/people/0/revision", "/people/1", "/rooms/0/parallel", "/rooms/0/position"}},
		{"ids", head + `,"people":[{"name":"A"},{"id":"p1","name":"B"},{"id":"` + idB + `","name":"C"},{"id":"` + idB + `","name":"D"}]}`,
			[]string{"/people/0/id", "/people/1/id", "/people/3/id"}},
		{"references", head + `,` + person + `,"panels":[{"id":"` + idC + `","uid":"u","code":"AAA","format":"talk","title":{"en":"T"},
			"track":"` + idB + `","slot":{"room":"` + idB + `","start":"2025-10-25T10:00","end":"2025-10-25T11:00"},
			"speakers":[{"person":"` + idC + `","role":"speaker","status":"confirmed"}],
			"interventions":[{"title":{"en":"I"},"speakers":[{"person":"` + idC + `","role":"speaker","status":"confirmed"}]}]}],
			"stamps":[{"uid":"u"}],"availabilities":[{"id":"` + idC + `",
			"resource":{"kind":"room","id":"` + idB + `"},"start":"2025-10-25T10:00","end":"2025-10-25T11:00"}]}`,
			[]string{"/availabilities/0/resource/id", "/panels/0/interventions/0/id",
				"/panels/0/interventions/0/speakers/0/person", "/panels/0/slot/room", "/panels/0/speakers/0/person", "/panels/0/track",
				"/stamps/0", "/stamps/0/variant"}},
		{"times", head + `,"panels":[{"id":"` + idC + `","uid":"u","code":"AAA","format":"talk","title":{"en":"T"},"all_rooms":true,
			"slot":{"start":"2025-10-26T02:30","end":"2025-10-26T03:30:00+07:00"}}],"availabilities":[{"id":"` + idC + `",
			"resource":{"kind":"hall","id":""},"start":"yesterday","end":"2025-10-25T11:00"}]}`,
			[]string{"/availabilities/0/resource", "/availabilities/0/resource/id", "/availabilities/0/start",
				"/panels/0/slot/end", "/panels/0/slot/start"}},
		{"no such zone", strings.ReplaceAll(head, "Europe/Paris", "Mars/Olympus") + `,"availabilities":[{"id":"` + idC + `",
			"resource":{"kind":"person","id":"` + idB + `"},"start":"2025-10-25T10:00","end":"2025-10-25T11:00"}],` + person + `}`,
			[]string{"/event/zone"}},
		{"a meeting", head + `,"meetings":[{"id":"` + idC + `","uid":"","status":"open","visibility":"participants","sides":[]}]}`,
			[]string{"/meetings/0/sides", "/meetings/0/sides/0/delegates", "/meetings/0/sides/1/delegates", "/meetings/0/status", "/meetings/0/uid"}},
		{"feeds", head + `,` + person + `,"feeds":[{"id":"` + idC + `","person":"` + idB + `","hash":"x","last_fetch":"1066-01-01T00:00:00Z"}]}`,
			[]string{"/feeds/0/last_fetch"}},
		{"sources", head + `,"sources":[{"name":"a","format":"csv","origins":[{"kind":"panel","key":"k","id":"` + idC + `"},
			{"kind":"panel","key":"k","id":"x"},{"kind":"slot","key":"","id":"` + idC + `"}]},{"name":"a","format":"csv"},{"name":"","format":"csv","language":"??"}]}`,
			[]string{"/sources/0/origins/1/id", "/sources/0/origins/1/key", "/sources/0/origins/2/key", "/sources/0/origins/2/kind",
				"/sources/1/name", "/sources/2/language", "/sources/2/name"}},
		{"serials", head + `,"rooms":[{"id":"` + idB + `","name":{"en":"R"},"kind":"hall","serial":7},{"id":"` + idC + `","name":{"en":"S"},"kind":"hall","serial":7}],
			"tracks":[{"id":"` + idC + `","name":{"en":"T"},"serial":-1}]}`, []string{"/rooms/1/serial", "/tracks/0/serial"}},
		{"half a place", strings.Replace(head, `"languages"`, `"venue":{"latitude":1},"languages"`, 1) + `}`, []string{"/event/venue"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeBundle(strings.NewReader(c.file))
			got := pointersOf(t, err)
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s\n%v", diff, err)
			}
		})
	}
}

func TestDecodeBundleRefusesReleasesThatTellTooMuch(t *testing.T) {
	d := newDice(1)
	draft := d.draft()
	draft.Panels = append(draft.Panels[:0], d.panel(draft), d.panel(draft))
	for i := range draft.Panels {
		draft.Panels[i].Slot = d.slot(draft.Rooms)
	}
	s := agenda.NewSnapshot(draft, nil)
	s.People = slices.Clone(draft.People)
	for i := range s.People {
		s.People[i] = s.People[i].Public()
	}
	s.Event.Frame.Turnaround, s.Rooms[0].Turnaround = 5, new(int)
	s.People[0].Email = "x@example.org"
	s.Panels[0].Notes = "secret"
	s.Panels[0].Speakers = []agenda.Speaker{{PersonID: s.People[0].ID, Role: agenda.Host, Status: agenda.Invited}}
	s.Panels[1].Slot = nil
	s.Event.ID = idC
	release := agenda.Release{ID: idB, Number: 2, Published: d.past(), Snapshot: s}
	_, err := DecodeBundle(bytes.NewReader(encoded(t, Bundle{Draft: draft, Releases: []agenda.Release{release}})))
	got := slices.Compact(pointersOf(t, err))
	want := []string{"/releases", "/releases/0/snapshot/event/id", "/releases/0/snapshot/event/meeting_frame",
		"/releases/0/snapshot/panels/0", "/releases/0/snapshot/panels/1/slot", "/releases/0/snapshot/people/0",
		"/releases/0/snapshot/rooms/0/turnaround_minutes"}
	if diff := cmp.Diff(want, got, unindexed); diff != "" {
		t.Errorf("faults (-want +got):\n%s\n%v", diff, err)
	}
}

func TestDecodeBundleLimits(t *testing.T) {
	head := `{"format":"plenary-event","version":1,` + plainEvent
	_, err := DecodeBundle(strings.NewReader(head + `}` + strings.Repeat(" ", MaxBundle)))
	if got := pointersOf(t, err); len(got) != 1 || got[0] != "" {
		t.Errorf("too large: %v", err)
	}
	for _, c := range []struct{ name, list string }{
		{"numbers for objects", strings.Repeat("0,", 1<<20) + "0"},
		{"objects without anything", strings.Repeat("{},", maxItems) + "{}"},
		{"unknown names", strings.Repeat(`{"x":{}},`, 5000) + "{}"},
	} {
		_, err := DecodeBundle(strings.NewReader(head + `,"people":[` + c.list + `]}`))
		if got := pointersOf(t, err); len(got) > maxFaults+1 {
			t.Errorf("%s: %d faults", c.name, len(got))
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, fmt.Errorf("line is cut") }

func TestDecodeBundlePassesReadErrorsOn(t *testing.T) {
	if _, err := DecodeBundle(brokenReader{}); err == nil || agenda.CodeOf(err) == agenda.Invalid {
		t.Errorf("%v: a cut line is not the file's fault", err)
	}
}

func FuzzDecodeBundle(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(encoded(f, newDice(seed).bundle()))
	}
	f.Add([]byte(`{"format":"plenary-event","version":1,` + plainEvent + `}`))
	f.Add([]byte(`{"format":"plenary-event","version":1,"event":{"id":"\ud83d\ude00","languages":[[]],"venue":{"latitude":-0}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := DecodeBundle(bytes.NewReader(data))
		if err != nil {
			if agenda.CodeOf(err) != agenda.Invalid || len(err.(*agenda.Error).Faults) == 0 {
				t.Fatalf("%v is not invalid", err)
			}
			return
		}
		first := encoded(t, b)
		again, err := DecodeBundle(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("what was accepted and written is refused: %v\n%s", err, first)
		}
		if second := encoded(t, again); !bytes.Equal(first, second) {
			t.Fatalf("not stable:\n%s", cmp.Diff(string(first), string(second)))
		}
		for _, r := range b.Releases {
			if _, err := AgendaJSON(r, AgendaOptions{Language: "fr"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ChangesJSON("", stepsOf(b.Releases)); err != nil {
			t.Fatal(err)
		}
	})
}
