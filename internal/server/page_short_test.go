package server

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

func TestShortNamesLeadToOneThing(t *testing.T) {
	s := &agenda.Snapshot{People: []agenda.Person{{ID: "p7", Serial: 7}, {ID: "none"}, {ID: "again", Serial: 7}}, Rooms: []agenda.Room{{ID: "r7", Serial: 7}}}
	v := &eventView{short: shortNames(s)}
	if diff := cmp.Diff(map[agenda.ID]string{"p7": "7", "none": "none", "again": "again", "r7": "7"}, v.short); diff != "" {
		t.Error(diff)
	}
	people, rooms := map[agenda.ID]*exchange.AgendaPerson{"p7": nil, "none": nil, "again": nil}, map[agenda.ID]*exchange.AgendaRoom{"r7": nil}
	for name, want := range map[string]agenda.ID{"7": "p7", "p7": "p7", "none": "none", "again": "again", "8": "8"} {
		if got := identityOf(v, name, people); got != want {
			t.Errorf("%s leads to %s, want %s", name, got, want)
		}
	}
	if got := identityOf(v, "7", rooms); got != "r7" {
		t.Errorf("the room 7 is %s", got)
	}
}
