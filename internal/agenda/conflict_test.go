package agenda

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// keysOf gives the keys of the Conflicts in their order.
func keysOf(list []Conflict) []string {
	var keys []string
	for _, c := range list {
		keys = append(keys, c.Key)
	}
	return keys
}

func TestPairConflicts(t *testing.T) {
	type pair func(t *testing.T, f *forum) (Item, Item)
	panels := func(p, q Panel) (Item, Item) { h := newForum().halls(); return p.Item(h), q.Item(h) }
	tests := map[string]struct {
		pair pair
		want []string
	}{
		"one room twice": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00"), f.panel(t, "2", "a", "10:30", "11:30"))
		}, []string{"room_taken/room:a/panel:1/panel:2"}},
		"touching": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "a", "11:00", "12:00", "hung"))
		}, nil},
		"parallel room": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "p", "10:00", "11:00"), f.panel(t, "2", "p", "10:00", "11:00"))
		}, nil},
		"person in two rooms": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "b", "10:59", "12:00", "hung"))
		}, []string{"person_busy/person:hung/panel:1/panel:2"}},
		"declined speaker": {func(t *testing.T, f *forum) (Item, Item) {
			p, q := f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "b", "10:00", "11:00", "hung")
			q.Speakers[0].Status = Declined
			return panels(p, q)
		}, nil},
		"invited speaker": {func(t *testing.T, f *forum) (Item, Item) {
			p, q := f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "b", "10:00", "11:00", "hung")
			q.Speakers[0].Status = Invited
			return panels(p, q)
		}, []string{"person_busy/person:hung/panel:1/panel:2"}},
		"cancelled panel": {func(t *testing.T, f *forum) (Item, Item) {
			p, q := f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "a", "10:00", "11:00", "hung")
			q.Cancelled = true
			return panels(p, q)
		}, nil},
		"all rooms and one of them": {func(t *testing.T, f *forum) (Item, Item) {
			p := f.panel(t, "1", "", "12:00", "13:00")
			p.AllRooms = true
			return panels(p, f.panel(t, "2", "b", "12:30", "13:30"))
		}, []string{"room_taken/room:b/panel:1/panel:2"}},
		"all rooms and a table": {func(t *testing.T, f *forum) (Item, Item) {
			p := f.panel(t, "1", "", "12:00", "13:00")
			p.AllRooms = true
			return p.Item(f.halls()), f.meeting(t, "2", "t1", "12:00", "12:30", "hung", "anna").Item()
		}, nil},
		"all rooms twice": {func(t *testing.T, f *forum) (Item, Item) {
			p, q := f.panel(t, "1", "", "12:00", "13:00"), f.panel(t, "2", "a", "12:00", "13:00")
			p.AllRooms, q.AllRooms = true, true
			return panels(p, q)
		}, []string{"room_taken/all_rooms/panel:1/panel:2"}},
		"panel and meeting": {func(t *testing.T, f *forum) (Item, Item) {
			return f.panel(t, "1", "a", "10:00", "11:30", "hung").Item(f.halls()),
				f.meeting(t, "2", "", "11:00", "11:30", "anna", "hung").Item()
		}, []string{"person_busy/person:hung/meeting:2/panel:1"}},
		"declined meeting": {func(t *testing.T, f *forum) (Item, Item) {
			m := f.meeting(t, "2", "a", "11:00", "11:30", "anna", "hung")
			m.Status = MeetingDeclined
			return f.panel(t, "1", "a", "10:00", "11:30", "hung").Item(f.halls()), m.Item()
		}, nil},
		"delegate who declined": {func(t *testing.T, f *forum) (Item, Item) {
			m := f.meeting(t, "2", "t1", "11:00", "11:30", "anna", "hung")
			m.Sides[1].Delegates[0].Answer = DeclinedIt
			return f.panel(t, "1", "a", "10:00", "11:30", "hung").Item(f.halls()), m.Item()
		}, nil},
		"two meetings at a table": {func(t *testing.T, f *forum) (Item, Item) {
			return f.meeting(t, "1", "t1", "11:00", "11:30", "anna").Item(), f.meeting(t, "2", "t1", "11:15", "11:45", "hung").Item()
		}, []string{"room_taken/room:t1/meeting:1/meeting:2"}},
		"over midnight": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "22:00", "2025-10-28T02:00"),
				f.panel(t, "2", "a", "2025-10-28T01:00", "2025-10-28T03:00"))
		}, []string{"room_taken/room:a/panel:1/panel:2"}},
		"walk of the event's buffer": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "b", "11:09", "12:00", "hung"))
		}, []string{"walk_too_short/person:hung/panel:1/panel:2"}},
		"walk just long enough": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "b", "11:10", "12:00", "hung"))
		}, nil},
		"walk of the rooms, the longer one": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "b", "10:00", "11:00", "hung"), f.panel(t, "2", "p", "11:21", "12:00", "hung"))
		}, []string{"walk_too_short/person:hung/panel:1/panel:2"}},
		"walk of the rooms, none": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "p", "11:00", "12:00", "hung"))
		}, nil},
		"no walk to what spans all rooms": {func(t *testing.T, f *forum) (Item, Item) {
			p := f.panel(t, "1", "", "12:00", "13:00", "hung")
			p.AllRooms = true
			return panels(p, f.panel(t, "2", "b", "13:00", "13:30", "hung"))
		}, nil},
		"walk to the room of what spans all rooms": {func(t *testing.T, f *forum) (Item, Item) {
			p := f.panel(t, "1", "a", "12:00", "13:00", "hung")
			p.AllRooms = true
			return panels(p, f.panel(t, "2", "b", "13:00", "13:30", "hung"))
		}, []string{"walk_too_short/person:hung/panel:1/panel:2"}},
		"no walk to a meeting without a room": {func(t *testing.T, f *forum) (Item, Item) {
			return f.panel(t, "1", "a", "10:00", "11:00", "hung").Item(f.halls()),
				f.meeting(t, "2", "", "11:00", "11:30", "hung", "anna").Item()
		}, nil},
		"room and person at once": {func(t *testing.T, f *forum) (Item, Item) {
			return panels(f.panel(t, "1", "a", "10:00", "11:00", "hung", "anna"), f.panel(t, "2", "a", "10:00", "11:00", "anna", "hung"))
		}, []string{"person_busy/person:anna/panel:1/panel:2", "person_busy/person:hung/panel:1/panel:2",
			"room_taken/room:a/panel:1/panel:2"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newForum()
			x, y := tt.pair(t, f)
			checkBothWays(t, f, x, y, tt.want)
		})
	}
}

// checkBothWays asks about each of two items and about the whole Board, by every way onto it.
func checkBothWays(t *testing.T, f *forum, x, y Item, want []string) {
	t.Helper()
	for name, got := range map[string][]Conflict{
		"x of a board with y": f.board(y).ConflictsOf(x), "y of a board with x": f.board(x).ConflictsOf(y),
		"x of a board with both": f.board(y, x).ConflictsOf(x), "y of a board with both": f.board(x, y).ConflictsOf(y),
		"board": f.board(y, x).Conflicts(),
	} {
		if diff := cmp.Diff(want, keysOf(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, c := range f.board(y).ConflictsOf(x) {
		if c.Items[0].ID != x.ID {
			t.Errorf("%s begins with %s, not with the item asked about", c.Key, c.Items[0].ID)
		}
	}
	if all := f.board(x); len(all.ConflictsOf(y)) > 0 && len(all.Conflicts()) > 0 {
		t.Error("asking about an item put it on the board")
	}
}

func TestConflictAsAWhole(t *testing.T) {
	f := newForum()
	p := f.panel(t, "1", "a", "10:00", "11:30", "hung")
	p.Title = Text{"vi": "Bàn tròn", "en": "Ministerial roundtable"}
	m := f.meeting(t, "2", "", "11:00", "11:30", "anna", "hung")
	m.Topic = Text{"en": "Bilateral"}
	f.event.StartDate, f.event.EndDate = "2025-10-27", "2025-10-27"
	want := []Conflict{{
		Key: "person_busy/person:hung/meeting:2/panel:1", Kind: PersonBusy, Severity: SeverityError, Persons: []ID{"hung"},
		Items: []ItemRef{{PanelItem, "1", "C1", p.Title}, {MeetingItem, "2", "", m.Topic}},
		Start: time.Date(2025, 10, 27, 4, 0, 0, 0, time.UTC), End: time.Date(2025, 10, 27, 4, 30, 0, 0, time.UTC),
		Message: `Nguyễn Mạnh Hùng is in "Ministerial roundtable" (10:00–11:30, Hall A) and in "Bilateral" (11:00–11:30)` +
			` at the same time: move one of them or replace them.`,
	}}
	if diff := cmp.Diff(want, f.board(m.Item()).ConflictsOf(p.Item(f.halls()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, f.board(m.Item(), p.Item(f.halls())).Conflicts()); diff != "" {
		t.Errorf("board: (-want +got):\n%s", diff)
	}
}

func TestConflictMessages(t *testing.T) {
	f := newForum()
	f.window(t, PersonResource, "anna", "09:00", "10:30")
	f.window(t, RoomResource, "b", "2025-10-28T09:00", "2025-10-28T18:00")
	h := f.halls()
	walk1, walk2 := f.panel(t, "1", "a", "10:00", "11:00", "hung"), f.panel(t, "2", "t1", "2025-10-27T11:01:30", "12:00", "hung")
	big := f.panel(t, "3", "a", "10:00", "11:00")
	big.Audience = 101
	lone := f.panel(t, "4", "a", "10:00", "11:00")
	lone.Format, lone.Title = FormatPanel, nil
	lunch, dinner := f.panel(t, "5", "", "12:00", "13:00"), f.panel(t, "6", "", "12:30", "2025-10-28T13:30")
	lunch.AllRooms, dinner.AllRooms = true, true
	secret := f.meeting(t, "7", "t1", "11:00", "11:30", "hung", "anna")
	secret.Visibility = VisibleToProtocol
	elsewhere := Item{ItemRef: ItemRef{ElsewhereIs, "x", "SECRET", Text{"en": "Secret"}},
		Holds: []Hold{{Resource{PersonResource, "hung"}, minute(10 * 60), minute(11 * 60), false}}}
	tests := map[string]struct {
		have, ask Item
		want      string
	}{
		"walk": {walk1.Item(h), walk2.Item(h), `Nguyễn Mạnh Hùng has 1 minute to get from "Talk 1" (27 October 10:00–11:00, Hall A)` +
			` to "Talk 2" (27 October 11:01–12:00, Table 1), but needs 10: move one of them or replace them.`},
		"capacity": {elsewhere, big.Item(h), `"Talk 3" (27 October 10:00–11:00, Hall A) expects 101 people, but Hall A seats 100:` +
			` 1 seat is missing, choose a larger room.`},
		"moderator": {elsewhere, lone.Item(h), `Panel C4 (27 October 10:00–11:00, Hall A) has no confirmed moderator: confirm or add one.`},
		"all rooms": {lunch.Item(h), dinner.Item(h), `"Talk 6" (27 October 12:30–28 October 13:30, all rooms) and "Talk 5"` +
			` (27 October 12:00–13:00, all rooms) take all rooms at the same time: move one of them.`},
		"room": {lunch.Item(h), f.panel(t, "8", "a", "12:00", "13:00").Item(h), `"Talk 8" (27 October 12:00–13:00, Hall A)` +
			` and "Talk 5" (27 October 12:00–13:00, all rooms) are in Hall A at the same time: move one of them.`},
		"person's window": {elsewhere, f.panel(t, "1", "a", "10:00", "11:00", "anna").Item(h), `Anna Schmidt is in "Talk 1"` +
			` (27 October 10:00–11:00, Hall A), but is not available 27 October 10:30–11:00: move it, replace them, or change when they are available.`},
		"room's window": {elsewhere, f.panel(t, "1", "b", "10:00", "11:00").Item(h), `"Talk 1" (27 October 10:00–11:00, Hall B)` +
			` is in Hall B, which is not available 27 October 10:00–11:00: move it, or change when the room is available.`},
		"outside": {elsewhere, f.panel(t, "1", "a", "2025-10-29T00:00", "2025-10-29T01:00").Item(h), `"Talk 1" (29 October 00:00–01:00, Hall A)` +
			` begins on 2025-10-29, but the event lasts from 2025-10-27 to 2025-10-28: move it, or change the days of the event.`},
		"secret meeting": {secret.Item(), f.panel(t, "1", "t2", "11:00", "12:00", "hung").Item(h), `Nguyễn Mạnh Hùng is in "Talk 1"` +
			` (27 October 11:00–12:00, Table 2) and in a meeting (27 October 11:00–11:30, Table 1) at the same time: move one of them or replace them.`},
		"elsewhere": {elsewhere, walk1.Item(h), `Nguyễn Mạnh Hùng is in "Talk 1" (27 October 10:00–11:00, Hall A)` +
			` and in something else (27 October 10:00–11:00) at the same time: move one of them or replace them.`},
		"walk from elsewhere": {elsewhere, f.panel(t, "1", "t2", "11:05", "12:00", "hung").Item(h), `Nguyễn Mạnh Hùng has 5 minutes to get from` +
			` something else (27 October 10:00–11:00) to "Talk 1" (27 October 11:05–12:00, Table 2), but needs 10: move one of them or replace them.`},
		"unknown room and person": {f.panel(t, "1", "?", "11:00", "12:00", "?").Item(h), f.panel(t, "2", "t1", "11:00", "12:00", "?").Item(h),
			`Somebody is in "Talk 2" (27 October 11:00–12:00, Table 1) and in "Talk 1" (27 October 11:00–12:00, another room)` +
				` at the same time: move one of them or replace them.`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			list := f.board(tt.have).ConflictsOf(tt.ask)
			if len(list) != 1 {
				t.Fatalf("got %d conflicts, want 1: %v", len(list), list)
			}
			if diff := cmp.Diff(tt.want, list[0].Message); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, ref := range list[0].Items {
				if strings.Contains(ref.Title["en"]+ref.Code, "S") && ref.Kind == ElsewhereIs {
					t.Errorf("tells of %v", ref)
				}
			}
		})
	}
}
