package agenda

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// offered gives offers as "27T08:00 t1 hung".
func offered(offers []Offer) []string {
	var list []string
	for _, o := range offers {
		s := string(o.Slot.Start.Wall[8:16]) + " " + string(o.Slot.RoomID)
		for _, id := range o.Interpreters {
			s += " " + string(id)
		}
		list = append(list, s)
	}
	return list
}

func reasonsOf(reasons []Reason) []string {
	var list []string
	for _, r := range reasons {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s%s %d", r.Kind, r.Person, r.Room, r.Minutes)))
	}
	return list
}

func TestFind(t *testing.T) {
	f := newForum()
	f.event.EndDate = f.event.StartDate
	f.event.Frame = MeetingFrame{From: "09:00", Until: "12:00", Turnaround: 5}
	f.people = append(f.people, Person{ID: "mai", Name: "Mai", Interprets: []Pair{{"fr", "vi"}}},
		Person{ID: "lan", Name: "Lan", Interprets: []Pair{{"en", "vi"}, {"fr", "vi"}}})
	f.people[1].Buffer = Buffer{Before: 10, After: 5}
	f.open = []Availability{{Resource: Resource{PersonResource, "mai"}, Start: at(t, hanoi, "2025-10-27T09:30"), End: at(t, hanoi, "2025-10-27T12:00")}}
	f.rooms[3].Capacity, f.rooms[4].Capacity = 4, 12
	b := f.board(
		f.panel(t, "1", "a", "09:00", "10:00", "hung").Item(nil), // he needs ten minutes to the tables
		f.meeting(t, "2", "t1", "11:00", "11:15", "anna", "zoé").Item(),
		f.panel(t, "3", "b", "09:00", "10:15", "lan").Item(nil),
	)
	w := Wanted{People: []ID{"hung", "anna"}, Minutes: 30, Kind: RoomTable}
	for _, tc := range []struct {
		name string
		edit func(w *Wanted)
		want []string
	}{
		{"a walk and a buffer", func(*Wanted) {}, []string{"27T10:15 t1", "27T11:30 t1"}},
		{"another step", func(w *Wanted) { w.Step = 10 }, []string{"27T10:10 t1", "27T11:30 t1"}},
		{"more seats", func(w *Wanted) { w.Seats = 5 }, []string{"27T10:15 t2", "27T11:30 t2"}},
		{"too many seats", func(w *Wanted) { w.Seats = 500 }, nil},
		{"one room", func(w *Wanted) { w.Room, w.Kind = "a", "" }, []string{"27T10:00 a", "27T10:15 a", "27T11:30 a"}},
		{"no room", func(w *Wanted) { w.NoRoom = true }, []string{"27T10:00 ", "27T10:15 ", "27T11:30 "}},
		{"an interpreter", func(w *Wanted) { w.Pairs = []Pair{{"fr", "vi"}} }, []string{"27T10:15 t1 mai", "27T11:30 t1 mai"}},
		{"another one", func(w *Wanted) { w.Pairs = []Pair{{"en", "vi"}} }, []string{"27T11:30 t1 lan"}},
		{"one for each", func(w *Wanted) { w.Pairs = []Pair{{"en", "vi"}, {"fr", "vi"}} },
			[]string{"27T11:30 t1 lan mai"}},
		{"nobody", func(w *Wanted) { w.Pairs = []Pair{{"de", "vi"}} }, nil},
		{"limits", func(w *Wanted) {
			w.From, w.To = at(t, hanoi, "2025-10-27T10:16").At, at(t, hanoi, "2025-10-27T12:00").At
		},
			[]string{"27T11:30 t1"}},
		{"the one that moves", func(w *Wanted) { w.Without = "2" }, []string{"27T10:15 t1", "27T10:30 t1", "27T10:45 t1", "27T11:00 t1", "27T11:15 t1", "27T11:30 t1"}},
		{"the first", func(w *Wanted) { w.Most = 1 }, []string{"27T10:15 t1"}},
		{"what has not gone by", func(w *Wanted) { w.Now = at(t, hanoi, "2025-10-27T10:15").At }, []string{"27T11:30 t1"}},
		{"a full day", func(w *Wanted) { w.Full = FullDays{1, map[Date][]ID{"2025-10-27": {"anna"}}} }, nil},
	} {
		w := w
		tc.edit(&w)
		if diff := cmp.Diff(tc.want, offered(b.Find(w))); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

func TestReasons(t *testing.T) {
	f := newForum()
	f.event.Frame = MeetingFrame{From: "09:00", Until: "18:00", WorkMinutes: 60, RestMinutes: 15, Turnaround: 10}
	f.people = append(f.people, Person{ID: "mai", Name: "Mai", Interprets: []Pair{{"fr", "vi"}}, Buffer: Buffer{}})
	f.people[1].Buffer = Buffer{Before: 20, After: 10}
	f.open = []Availability{{Resource: Resource{PersonResource, "zoé"}, Start: at(t, hanoi, "2025-10-27T08:00"), End: at(t, hanoi, "2025-10-27T14:00")}}
	f.rooms[3].Capacity, f.rooms[4].Capacity = 4, 4
	b := f.board(
		f.panel(t, "1", "a", "09:00", "10:00", "hung").Item(nil),
		f.panel(t, "2", "b", "11:00", "12:00", "anna").Item(nil),
		f.meeting(t, "3", "t1", "13:00", "14:00", "mai").Item(),
		Item{ItemRef: ItemRef{Kind: ElsewhereIs, ID: "x", Title: Text{"en": "secret"}}, Holds: []Hold{{Resource{PersonResource, "hung"},
			at(t, hanoi, "2025-10-27T15:00").At, at(t, hanoi, "2025-10-27T16:00").At, false}}},
	)
	for _, tc := range []struct {
		name, start string
		w           Wanted
		want        []string
		says        string
	}{
		{"possible", "16:30", Wanted{People: []ID{"hung", "anna"}}, nil, ""},
		{"busy", "09:30", Wanted{People: []ID{"hung", "anna"}}, []string{"person_busy hung 0"},
			`Nguyễn Mạnh Hùng is in "Talk 1" (27 October 09:00–10:00, Hall A).`},
		{"busy elsewhere", "15:00", Wanted{People: []ID{"hung"}}, []string{"person_busy hung 0"}, "Nguyễn Mạnh Hùng is in something else (27 October 15:00–16:00)."},
		{"buffer", "12:15", Wanted{People: []ID{"anna"}}, []string{"buffer_too_short anna 15"},
			`Anna Schmidt needs 30 minutes between this and "Talk 2" (27 October 11:00–12:00, Hall B): 15 minutes are missing.`},
		{"walk", "10:05", Wanted{People: []ID{"hung"}, Kind: RoomTable}, []string{"walk_too_short hung 5"},
			`Nguyễn Mạnh Hùng is in "Talk 1" (27 October 09:00–10:00, Hall A), and the way takes too long: 5 minutes are missing.`},
		{"unavailable", "13:45", Wanted{People: []ID{"zoé"}}, []string{"person_unavailable zoé 0"}, "Zoé Dupont is not available 27 October 14:00–14:15."},
		{"rest", "14:05", Wanted{People: []ID{"mai"}, Room: "t1"}, []string{"interpreter_rest mai 35", "turnaround_short t1 5"},
			"Mai would interpret 35 minutes longer without a break than they may.\nTable 1 needs 10 minutes between this and \"Bilateral 3\" (27 October 13:00–14:00, Table 1): 5 minutes are missing."},
		{"room", "11:30", Wanted{People: []ID{"hung"}, Room: "b"}, []string{"room_taken b 0"}, `Hall B is taken by "Talk 2" (27 October 11:00–12:00, Hall B).`},
		{"seats", "11:30", Wanted{People: []ID{"hung"}, Room: "t1", Seats: 5}, []string{"room_too_small t1 1"}, "Table 1 has too few seats: 1 is missing."},
		{"no room", "11:30", Wanted{People: []ID{"hung"}, Kind: RoomTable, Seats: 5}, []string{"no_room_free  5"}, "No room that seats 5 is free 27 October 11:30–12:00."},
		{"no interpreter", "13:15", Wanted{People: []ID{"hung"}, Pairs: []Pair{{"fr", "vi"}}}, []string{"no_interpreter  0"},
			"Nobody who interprets between fr and vi is free 27 October 13:15–13:45."},
		{"hours", "17:45", Wanted{People: []ID{"hung"}}, []string{"outside_hours  0"}, "It is outside of the hours in which the event has meetings, 09:00–18:00."},
		{"past", "08:00", Wanted{People: []ID{"hung"}, Now: at(t, hanoi, "2025-10-27T08:00").At}, []string{"past  0"}, "That time has gone by."},
		{"full", "16:30", Wanted{People: []ID{"hung", "anna"}, Full: FullDays{3, map[Date][]ID{"2025-10-27": {"anna"}}}}, []string{"day_full anna 3"},
			"Anna Schmidt has as many meetings on that day as the event allows: 3."},
		{"beyond the limits", "16:30", Wanted{People: []ID{"hung"}, From: at(t, hanoi, "2025-10-28T00:00").At}, nil, ""},
		{"day", "2025-10-29T10:00", Wanted{People: []ID{"hung"}}, []string{"outside_event  0"}, "The event does not take place on that day."},
	} {
		tc.w.Minutes = 30
		got := b.Reasons(tc.w, at(t, hanoi, day1(tc.start)).At)
		if diff := cmp.Diff(tc.want, reasonsOf(got)); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
		var says []string
		for _, r := range got {
			says = append(says, r.Message)
		}
		if diff := cmp.Diff(tc.says, strings.Join(says, "\n")); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

// TestFindReachesTheLastDay looks for a time of people who are free all the time: many on the first day keep none from the last.
func TestFindReachesTheLastDay(t *testing.T) {
	f := newForum()
	f.event.EndDate = "2025-12-31"
	w := Wanted{People: []ID{"hung", "anna"}, Minutes: 30, PerDay: 5, Now: at(t, hanoi, "2025-10-27T14:20").At}
	got := offered(f.board().Find(w))
	want := []string{"27T14:30 t1", "27T15:30 t1", "27T17:00 t1", "27T18:00 t1", "27T19:30 t1", "28T08:00 t1", "28T10:30 t1", "28T13:30 t1", "28T16:30 t1", "28T19:30 t1"}
	if diff := cmp.Diff(want, got[:10]); diff != "" {
		t.Error(diff)
	}
	if got[len(got)-1] != "31T19:30 t1" || len(got) != 66*5 {
		t.Errorf("%d offers, the last one %s", len(got), got[len(got)-1])
	}
	w.Most = 7
	if got := offered(f.board().Find(w)); !slices.Equal(got, want[:7]) {
		t.Errorf("the first seven: %v", got)
	}
	for most, want := range map[int][]string{1: {"27T19:30 t1"}, 100: {"27T19:30 t1"}} {
		w := Wanted{People: []ID{"hung"}, Minutes: 30, PerDay: most, From: at(t, hanoi, "2025-10-27T19:20").At, To: at(t, hanoi, "2025-10-27T20:00").At}
		if got := offered(f.board().Find(w)); !slices.Equal(got, want) {
			t.Errorf("%d of one: %v", most, got)
		}
	}
}

// A day begins when its clock shows so for the first time, also where summer time skips midnight, or shows it twice.
func TestParseFrom(t *testing.T) {
	for _, tc := range [][3]string{
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},
		{"Asia/Ho_Chi_Minh", "2025-10-27", "2025-10-27T00:00:00+07:00"},
		{"Asia/Ho_Chi_Minh", "2025-10-27T09:30", "2025-10-27T09:30:00+07:00"},
	} {
		e := Event{Zone: tc[0]}
		m, err := e.ParseFrom(tc[1])
		if err != nil || m.Format(e.Location()) != tc[2] {
			t.Errorf("%v: %s, %v", tc, m.Format(e.Location()), err)
		}
	}
	for _, wrong := range []string{"2026-04-24T00:30", "noon", "", "0001-01-01", "9999-12-31"} {
		if m, err := (Event{Zone: "Africa/Cairo"}).ParseFrom(wrong); CodeOf(err) != Invalid {
			t.Errorf("%q is %+v, %v", wrong, m, err)
		}
	}
}

// TestFindRandomly compares what is found with every time, room and interpreter, tried one after the other.
func TestFindRandomly(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	possible, refused := 0, 0
	for range 60 {
		f, b := randomWorld(t, r)
		w := Wanted{People: []ID{"hung", ID([]string{"anna", "zoé", "mai"}[r.IntN(3)])}, Minutes: 20 + r.IntN(4)*10, Step: 20, Most: 1000}
		if r.IntN(2) == 0 {
			w.Pairs = []Pair{{"fr", "vi"}}
		}
		if r.IntN(3) == 0 {
			w.Kind = RoomTable
		}
		found := map[string]Offer{}
		for _, o := range b.Find(w) {
			found[string(o.Slot.Start.Wall)] = o
		}
		for _, day := range f.event.Days() {
			from, until := f.event.MeetingHours(day)
			for start := from; !start.Add(time.Duration(w.Minutes) * time.Minute).After(until); start = start.Add(20 * time.Minute) {
				wall := string(MomentOf(hanoi, start).Wall)
				o, ok := found[wall]
				if can := possibleAt(f, b, w, start); can != ok {
					t.Fatalf("at %s: found %v, possible %v, %v", wall, ok, can, reasonsOf(b.Reasons(w, start)))
				}
				reasons := b.Reasons(w, start)
				if ok != (len(reasons) == 0) {
					t.Fatalf("at %s: found %v, and the reasons are %v", wall, ok, reasonsOf(reasons))
				}
				if !ok {
					refused++
					continue
				}
				possible++
				item := trialOf(f, w, start, o.Slot.RoomID, o.Interpreters)
				if got := b.ConflictsOf(item); got != nil {
					t.Fatalf("at %s: the offer %v has the conflicts %v", wall, o, got)
				}
			}
		}
	}
	if possible < 300 || refused < 300 {
		t.Errorf("%d times were possible and %d were not: the worlds say nothing", possible, refused)
	}
}

func randomWorld(t *testing.T, r *rand.Rand) (*forum, *Board) {
	f := newForum()
	f.event.Frame = MeetingFrame{From: "08:00", Until: "14:00", Turnaround: r.IntN(3) * 10, WorkMinutes: r.IntN(2) * 90, RestMinutes: 20}
	f.people = append(f.people, Person{ID: "mai", Interprets: []Pair{{"fr", "vi"}}}, Person{ID: "lan", Interprets: []Pair{{"fr", "vi"}}})
	for i := range f.people {
		f.people[i].Buffer = Buffer{Before: r.IntN(2) * 15, After: r.IntN(2) * 5}
	}
	rooms := []ID{"a", "b", "p", "t1", "t2", ""}
	f.rooms[3].Capacity, f.rooms[4].Capacity = 2, 4
	var items []Item
	for i := range 12 {
		day := []string{"2025-10-27", "2025-10-28"}[r.IntN(2)]
		start := at(t, hanoi, day+"T08:00").At.Add(time.Duration(r.IntN(70)) * 5 * time.Minute)
		p := Panel{ID: ID(fmt.Sprint(i)), Format: FormatTalk, AllRooms: r.IntN(9) == 0, Slot: &Slot{RoomID: rooms[r.IntN(6)],
			Start: MomentOf(hanoi, start), End: MomentOf(hanoi, start.Add(time.Duration(1+r.IntN(8))*10*time.Minute))}}
		for _, who := range f.people {
			if r.IntN(4) == 0 {
				p.Speakers = append(p.Speakers, Speaker{who.ID, Panelist, Confirmed})
			}
		}
		items = append(items, p.Item(f.halls()))
	}
	for _, res := range []Resource{{PersonResource, "anna"}, {PersonResource, "lan"}, {RoomResource, "t2"}} {
		if r.IntN(2) == 0 {
			f.open = append(f.open, Availability{Resource: res, Start: at(t, hanoi, "2025-10-27T09:00"), End: at(t, hanoi, "2025-10-28T11:00")})
		}
	}
	return f, f.board(items...)
}

func trialOf(f *forum, w Wanted, start time.Time, room ID, interpreters []ID) Item {
	m := Meeting{ID: "new", Status: MeetingAccepted, Slot: &Slot{RoomID: room, Start: MomentOf(hanoi, start),
		End: MomentOf(hanoi, start.Add(time.Duration(w.Minutes)*time.Minute))}}
	for _, id := range slices.Concat(w.People, interpreters) {
		m.Sides[0].Delegates = append(m.Sides[0].Delegates, Delegate{PersonID: id, Role: DelegateMember})
	}
	return m.Item()
}

func possibleAt(f *forum, b *Board, w Wanted, start time.Time) bool {
	interpreters := [][]ID{nil}
	if len(w.Pairs) > 0 && !slices.Contains(w.People, "mai") {
		interpreters = [][]ID{{"mai"}, {"lan"}}
	}
	for _, room := range f.rooms {
		seats := len(w.People) + len(interpreters[0])
		if w.Kind != "" && room.Kind != w.Kind || room.Capacity > 0 && room.Capacity < seats {
			continue
		}
		for _, who := range interpreters {
			if b.ConflictsOf(trialOf(f, w, start, room.ID, who)) == nil {
				return true
			}
		}
	}
	return false
}

// TestMeetingHours goes over the nights in which clocks change, and over days that end in the next one.
func TestMeetingHours(t *testing.T) {
	for _, tc := range []struct {
		zone, from, until string
		day               Date
		want              string
	}{
		{"Europe/Berlin", "", "", "2025-10-26", "2025-10-26T08:00:00+01:00 12h0m0s"},
		{"Europe/Berlin", "00:00", "24:00", "2025-10-26", "2025-10-26T00:00:00+02:00 25h0m0s"},
		{"Europe/Berlin", "00:00", "24:00", "2025-03-30", "2025-03-30T00:00:00+01:00 23h0m0s"},
		{"Europe/Berlin", "02:30", "03:30", "2025-03-30", "2025-03-30T03:00:00+02:00 30m0s"},
		{"Europe/Berlin", "02:30", "03:00", "2025-10-26", "2025-10-26T02:30:00+02:00 1h30m0s"},
		{"Asia/Ho_Chi_Minh", "18:00", "02:00", "2025-10-27", "2025-10-27T18:00:00+07:00 8h0m0s"},
	} {
		e := Event{Zone: tc.zone, Frame: MeetingFrame{From: tc.from, Until: tc.until}}
		from, until := e.MeetingHours(tc.day)
		if got := from.In(e.Location()).Format(time.RFC3339) + " " + until.Sub(from).String(); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc, got, tc.want)
		}
	}
}

// TestFindOverTheEndOfSummerTime offers each instant once, also those that the clock shows twice.
func TestFindOverTheEndOfSummerTime(t *testing.T) {
	f := newForum()
	f.event.Zone, f.event.StartDate, f.event.EndDate = "Europe/Berlin", "2025-10-26", "2025-10-26"
	f.event.Frame = MeetingFrame{From: "01:00", Until: "04:00"}
	var got []string
	for _, o := range f.board().Find(Wanted{People: []ID{"anna"}, Minutes: 60, Step: 60, NoRoom: true}) {
		got = append(got, o.Slot.Start.Format(berlin)+" "+o.Slot.End.Format(berlin)[11:])
	}
	want := []string{"2025-10-26T01:00:00+02:00 02:00:00+02:00", "2025-10-26T02:00:00+02:00 02:00:00+01:00",
		"2025-10-26T02:00:00+01:00 03:00:00+01:00", "2025-10-26T03:00:00+01:00 04:00:00+01:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// BenchmarkFinder looks for half an hour of four people and an interpreter at an event of 500 people and five days, on a board
// that is there, with it, and with an offer for each quarter of an hour.
func BenchmarkFinder(b *testing.B) {
	f, items := bigForum()
	w := Wanted{People: []ID{"p0", "p101", "p202", "p303"}, Pairs: []Pair{{"fr", "vi"}}, Minutes: 30, Most: 1000}
	build := func() *Board {
		board := f.board(items...)
		return board
	}
	board := build()
	b.Run("find", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n = len(board.Find(w))
		}
		b.ReportMetric(float64(n), "offers")
	})
	b.Run("five minutes", func(b *testing.B) {
		w := w
		w.Step = 5
		for b.Loop() {
			board.Find(w)
		}
	})
	b.Run("build and find", func(b *testing.B) {
		for b.Loop() {
			build().Find(w)
		}
	})
	b.Run("reasons", func(b *testing.B) {
		for b.Loop() {
			board.Reasons(w, instantAt(hanoi, "2025-10-28", "10:00"))
		}
	})
}

// bigForum is an event of five days with 500 people, 20 rooms, 400 panels and 600 meetings.
func bigForum() (*forum, []Item) {
	f := newForum()
	f.event.EndDate = "2025-10-31"
	f.event.Frame = MeetingFrame{WorkMinutes: 120, RestMinutes: 15, Turnaround: 5}
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 500 {
		p := Person{ID: ID(fmt.Sprintf("p%d", i)), Name: "Nguyễn Văn A", Buffer: Buffer{Before: r.IntN(2) * 5}}
		if i%50 == 0 {
			p.Interprets = []Pair{{"fr", "vi"}}
		}
		f.people = append(f.people, p)
	}
	for i := range 15 {
		f.rooms = append(f.rooms, Room{ID: ID(fmt.Sprintf("r%d", i)), Kind: []RoomKind{RoomHall, RoomTable}[i%2], Capacity: 4 + i})
	}
	var items []Item
	for i := range 1000 {
		start := time.Date(2025, 10, 27+r.IntN(5), 1, r.IntN(44)*15, 0, 0, time.UTC)
		s := &Slot{RoomID: f.rooms[r.IntN(len(f.rooms))].ID, Start: MomentOf(hanoi, start), End: MomentOf(hanoi, start.Add(time.Duration(1+r.IntN(4))*15*time.Minute))}
		m := Meeting{ID: ID(fmt.Sprintf("m%d", i)), Status: MeetingAccepted, Slot: s}
		for range 4 {
			m.Sides[0].Delegates = append(m.Sides[0].Delegates, Delegate{PersonID: ID(fmt.Sprintf("p%d", r.IntN(500))), Role: DelegateMember})
		}
		items = append(items, m.Item())
	}
	return f, items
}
