package agenda_test

import (
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// scened makes Panels of lines such as "A 27T09:00 27T10:00", in October 2025 in Hồ Chí Minh City.
func scened(t *testing.T, lines ...string) ([]agenda.Panel, *time.Location) {
	t.Helper()
	zone, err := agenda.LoadZone("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	var panels []agenda.Panel
	for _, line := range lines {
		f := strings.Fields(line)
		p := agenda.Panel{ID: agenda.ID(f[0])}
		if len(f) > 1 {
			slot, err := agenda.NewSlot(zone, "hall", "2025-10-"+f[1], "2025-10-"+f[2])
			if err != nil {
				t.Fatal(err)
			}
			p.Slot = &slot
		}
		panels = append(panels, p)
	}
	return panels, zone
}

func TestWhatAScreenTells(t *testing.T) {
	panels, zone := scened(t, "B 27T10:30 27T12:00", "A 27T09:00 27T10:00", "C 27T11:00 27T12:30", "draft", "D 29T22:00 30T01:00", "E 30T09:00 30T10:00", "F 30T09:30 30T10:30",
		"G 30T11:00 30T11:10", "H 30T12:00 30T12:10", "I 30T13:00 30T13:10", "J 30T14:00 30T14:10")
	scenes := agenda.Scenes(panels, zone)
	for at, want := range map[string]string{
		"26T12:00": "before  > A B C 2025-10-27", "27T00:00": "morning  > A B C 2025-10-27", "27T08:59": "morning  > A B C 2025-10-27", "27T09:00": "now A > B C 2025-10-27",
		"27T10:00": "gap  > B C 2025-10-27", "27T10:30": "now B > C 2025-10-27", "27T11:30": "now B C > D 2025-10-29", "27T12:00": "now C > D 2025-10-29",
		"27T12:30": "evening  > D 2025-10-29", "28T12:00": "evening  > D 2025-10-29", "29T08:00": "morning  > D 2025-10-29", "29T23:00": "now D > E F G H I 2025-10-30",
		"30T00:30": "now D > E F G H I 2025-10-30", "30T01:00": "morning  > E F G H I 2025-10-30", "30T09:30": "now E F > G H I J 2025-10-30",
		"30T14:10": "over  > ", "31T09:00": "over  > ",
	} {
		moment, err := agenda.ParseMoment(zone, "2025-10-"+at)
		if err != nil {
			t.Fatal(err)
		}
		s := agenda.SceneAt(scenes, moment.At)
		join := func(ids []agenda.ID) string {
			var all []string
			for _, id := range ids {
				all = append(all, string(id))
			}
			return strings.Join(all, " ")
		}
		if got := string(s.Kind) + " " + join(s.Now) + " > " + join(s.Next) + strings.TrimRight(" "+string(s.Day), " "); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	for i := 1; i < len(scenes); i++ {
		if !scenes[i].From.After(scenes[i-1].From) {
			t.Errorf("scene %d is not later than the one before", i)
		}
	}
	if empty := agenda.Scenes(nil, zone); len(empty) != 1 || agenda.SceneAt(empty, time.Now()).Kind != agenda.SceneEmpty {
		t.Errorf("%+v", empty)
	}
}
