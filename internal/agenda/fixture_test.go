package agenda

import (
	"testing"
	"time"
)

var (
	hanoi  = mustZone("Asia/Ho_Chi_Minh")
	berlin = mustZone("Europe/Berlin")
)

func mustZone(name string) *time.Location {
	zone, err := LoadZone(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// at reads a time for the zone, which has to make sense.
func at(t testing.TB, zone *time.Location, s string) Moment {
	t.Helper()
	m, err := ParseMoment(zone, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// slot gives a Slot in the zone.
func slot(t testing.TB, zone *time.Location, room ID, start, end string) *Slot {
	t.Helper()
	return &Slot{RoomID: room, Start: at(t, zone, start), End: at(t, zone, end)}
}

// forum is an Event of two days in Hà Nội: halls A and B, hall P that allows parallel panels, and two
// tables.
type forum struct {
	event  Event
	rooms  []Room
	people []Person
	open   []Availability
}

func newForum() *forum {
	return &forum{
		event: Event{ID: "e1", Slug: "forum", Name: Text{"en": "Forum"}, Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27",
			EndDate: "2025-10-28", Languages: []string{"en", "vi"}, BufferMinutes: 10},
		rooms: []Room{
			{ID: "a", Name: Text{"en": "Hall A", "vi": "Hội trường A"}, Kind: RoomHall, Capacity: 100, Position: 1},
			{ID: "b", Name: Text{"en": "Hall B"}, Kind: RoomHall, Position: 2, Walks: []Walk{{To: "p", Minutes: 25}}},
			{ID: "p", Name: Text{"en": "Park"}, Kind: RoomHall, Position: 3, Parallel: true,
				Walks: []Walk{{To: "b", Minutes: 20}, {To: "a", Minutes: 0}}},
			{ID: "t1", Name: Text{"en": "Table 1"}, Kind: RoomTable, Position: 4},
			{ID: "t2", Name: Text{"en": "Table 2"}, Kind: RoomTable, Position: 5},
		},
		people: []Person{{ID: "hung", Name: "Nguyễn Mạnh Hùng"}, {ID: "anna", Name: "Anna Schmidt"},
			{ID: "zoé", Name: "Zoé Dupont"}},
	}
}

func (f *forum) board(items ...Item) *Board {
	b := NewBoard(f.event, f.rooms, f.people, f.open)
	for _, i := range items {
		b.Put(i)
	}
	return b
}

func (f *forum) halls() []ID { return NewBoard(f.event, f.rooms, nil, nil).Halls() }

// panel gives a talk, which needs no moderator, on the first day unless start has a date.
func (f *forum) panel(t testing.TB, id, room ID, start, end string, people ...ID) Panel {
	t.Helper()
	p := Panel{ID: id, EventID: "e1", Code: "C" + string(id), Format: FormatTalk, Title: Text{"en": "Talk " + string(id)},
		Slot: slot(t, f.event.Location(), room, day1(start), day1(end))}
	for _, person := range people {
		p.Speakers = append(p.Speakers, Speaker{PersonID: person, Role: Presenter, Status: Confirmed})
	}
	return p
}

func (f *forum) meeting(t testing.TB, id, room ID, start, end string, people ...ID) Meeting {
	t.Helper()
	m := Meeting{ID: id, EventID: "e1", Status: MeetingAccepted, Visibility: VisibleToParticipants,
		Topic: Text{"en": "Bilateral " + string(id)}, Slot: slot(t, f.event.Location(), room, day1(start), day1(end))}
	for i, person := range people {
		m.Sides[i%2].Delegates = append(m.Sides[i%2].Delegates, Delegate{PersonID: person, Role: Principal, Answer: Accepted})
	}
	return m
}

func (f *forum) window(t testing.TB, kind ResourceKind, id ID, start, end string) {
	t.Helper()
	zone := f.event.Location()
	f.open = append(f.open, Availability{Resource: Resource{kind, id}, Start: at(t, zone, day1(start)), End: at(t, zone, day1(end))})
}

func day1(clock string) string {
	if len(clock) == len("15:04") {
		return "2025-10-27T" + clock
	}
	return clock
}

// minute gives the n-th minute of the forum's first day.
func minute(n int) time.Time { return time.Date(2025, 10, 26, 17, n, 0, 0, time.UTC) }
