package agenda

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shownHolds gives each hold as "resource from-to" by the forum's clock.
func shownHolds(holds []Hold) []string {
	var list []string
	for _, h := range holds {
		list = append(list, string(h.Resource.ID)+" "+h.Start.In(hanoi).Format("15:04")+"-"+h.End.In(hanoi).Format("15:04"))
	}
	return list
}

func TestPanelHolds(t *testing.T) {
	confirmed := func(people ...ID) []Speaker {
		var list []Speaker
		for _, p := range people {
			list = append(list, Speaker{p, Panelist, Confirmed})
		}
		return list
	}
	offset := func(n int) *int { return &n }
	tests := map[string]struct {
		change func(p *Panel)
		want   []string
	}{
		"room and people": {func(p *Panel) { p.Speakers = confirmed("hung", "anna") }, []string{"a 10:00-11:00", "hung 10:00-11:00", "anna 10:00-11:00"}},
		"who comes": {func(p *Panel) {
			p.Speakers = []Speaker{{"1", Chair, Invited}, {"2", Chair, Declined}, {"3", Chair, CancelledByThem}, {"4", Interpreter, Confirmed}}
		}, []string{"a 10:00-11:00", "1 10:00-11:00", "4 10:00-11:00"}},
		"two roles are one hold": {func(p *Panel) { p.Speakers = []Speaker{{"1", Chair, Confirmed}, {"1", Panelist, Invited}} },
			[]string{"a 10:00-11:00", "1 10:00-11:00"}},
		"cancelled":              {func(p *Panel) { p.Cancelled = true }, nil},
		"unscheduled":            {func(p *Panel) { p.Slot = nil }, nil},
		"all rooms":              {func(p *Panel) { p.AllRooms, p.Slot.RoomID = true, "" }, []string{"a 10:00-11:00", "b 10:00-11:00", "p 10:00-11:00"}},
		"all rooms and its own":  {func(p *Panel) { p.AllRooms, p.Slot.RoomID = true, "b" }, []string{"b 10:00-11:00", "a 10:00-11:00", "p 10:00-11:00"}},
		"all rooms from a table": {func(p *Panel) { p.AllRooms, p.Slot.RoomID = true, "t1" }, []string{"t1 10:00-11:00", "a 10:00-11:00", "b 10:00-11:00", "p 10:00-11:00"}},
		"one after the other": {func(p *Panel) {
			p.Interventions = []Intervention{{Minutes: 10, Speakers: confirmed("1")}, {Minutes: 20, Speakers: confirmed("2", "1")}, {Minutes: 30, Speakers: confirmed("3")}}
		}, []string{"a 10:00-11:00", "1 10:00-10:10", "2 10:10-10:30", "1 10:10-10:30", "3 10:30-11:00"}},
		"from an offset": {func(p *Panel) {
			p.Interventions = []Intervention{{Speakers: confirmed("1")}, {Minutes: 5, Offset: offset(20), Speakers: confirmed("2")}, {Minutes: 5, Speakers: confirmed("3")}}
		}, []string{"a 10:00-11:00", "1 10:00-11:00", "2 10:20-10:25", "3 10:25-10:30"}},
		"after an open one": {func(p *Panel) {
			p.Interventions = []Intervention{{Minutes: 5, Speakers: confirmed("1")}, {Speakers: confirmed("2")}, {Minutes: 5, Speakers: confirmed("3")}}
		}, []string{"a 10:00-11:00", "1 10:00-10:05", "2 10:00-11:00", "3 10:00-11:00"}},
		"over the end": {func(p *Panel) {
			p.Interventions = []Intervention{{Minutes: 50, Speakers: confirmed("1")}, {Minutes: 11, Speakers: confirmed("2")}, {Minutes: 5, Offset: offset(90), Speakers: confirmed("3")}}
		}, []string{"a 10:00-11:00", "1 10:00-10:50", "2 10:00-11:00", "3 10:00-11:00"}},
		"chair who also speaks": {func(p *Panel) {
			p.Speakers = []Speaker{{"1", Chair, Invited}, {"2", Panelist, Declined}}
			p.Interventions = []Intervention{{Minutes: 5, Speakers: confirmed("1", "2", "2")}, {Minutes: 5, Speakers: []Speaker{{"3", Presenter, Declined}}}}
		}, []string{"a 10:00-11:00", "1 10:00-11:00", "2 10:00-10:05"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newForum()
			p := f.panel(t, "1", "a", "10:00", "11:00")
			tt.change(&p)
			if diff := cmp.Diff(tt.want, shownHolds(p.Holds(f.halls()))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMeetingHolds(t *testing.T) {
	f := newForum()
	m := f.meeting(t, "1", "t1", "10:00", "10:30", "1", "2")
	for i, answer := range Answers {
		m.Sides[0].Delegates = append(m.Sides[0].Delegates, Delegate{ID("x") + ID(answer), DelegateMember, Answers[i]})
	}
	want := []string{"t1 10:00-10:30", "1 10:00-10:30", "xneeds-action 10:00-10:30", "xaccepted 10:00-10:30", "xtentative 10:00-10:30", "2 10:00-10:30"}
	if diff := cmp.Diff(want, shownHolds(m.Holds())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	m.Slot.RoomID = ""
	if got := m.Holds(); len(got) != 5 || got[0].Resource.Kind != PersonResource {
		t.Errorf("without a room: %v", got)
	}
	m.Status = MeetingExpired
	if m.Holds() != nil {
		t.Error("a meeting that does not stand holds nothing")
	}
	m.Status, m.Slot = MeetingAccepted, nil
	if m.Holds() != nil {
		t.Error("a meeting without a time holds nothing")
	}
}
