package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// snapshotAt is an agenda of an event in Hà Nội.
func snapshotAt(panels ...agenda.Panel) *agenda.Snapshot {
	text := func(en, fr, vi string) agenda.Text { return agenda.Text{"en": en, "fr": fr, "vi": vi} }
	s := agenda.Snapshot{Event: agenda.Event{Name: text("Digital Week", "Semaine numérique", "Tuần lễ Số"), Zone: "Asia/Ho_Chi_Minh", Languages: []string{"vi", "en", "fr"}},
		Rooms:  []agenda.Room{{ID: "r1", Name: text("Main hall", "Grande salle", "Hội trường lớn")}, {ID: "r2", Name: text("Small room", "Petite salle", "Phòng nhỏ")}},
		People: []agenda.Person{{ID: "p", Name: "Lan Anh"}, {ID: "q", Name: "Jane"}}}
	for i := range panels {
		s.Panels = append(s.Panels, &panels[i])
	}
	return &s
}

func panelAt(id agenda.ID, title string, room agenda.ID, hour, minutes int, role agenda.Role) agenda.Panel {
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		panic(err)
	}
	at := time.Date(2025, 10, 27, hour, 0, 0, 0, zone)
	return agenda.Panel{ID: id, Code: string(id), Title: agenda.Text{"en": title}, Format: agenda.FormatPanel,
		Slot:     &agenda.Slot{RoomID: room, Start: agenda.MomentOf(zone, at), End: agenda.MomentOf(zone, at.Add(time.Duration(minutes)*time.Minute))},
		Speakers: []agenda.Speaker{{PersonID: "p", Role: role, Status: agenda.Confirmed}}}
}

// TestChangesInWords compares letters of every kind of change with what is expected, in three languages.
func TestChangesInWords(t *testing.T) {
	moved, moving := panelAt("moved", "Opening", "r2", 16, 60, agenda.Moderator), panelAt("moved", "Opening", "r1", 14, 90, agenda.Panelist)
	off := panelAt("off", "Night market", "r1", 20, 60, agenda.Panelist)
	cancelled := off
	cancelled.Cancelled, cancelled.CancelNote, cancelled.ReplacedBy = true, agenda.Text{"en": "Typhoon", "vi": "Bão"}, "moved"
	gone, left := panelAt("gone", "Lunch", "r1", 3, 60, agenda.Host), panelAt("left", "Dinner", "r1", 23, 120, agenda.Host)
	without := left
	without.Speakers = nil
	edited, was := panelAt("edited", "Data flows", "r2", 9, 60, agenda.Chair), panelAt("edited", "Data", "r2", 9, 60, agenda.Chair)
	edited.Abstract = agenda.Text{"en": "New"}
	old, next := snapshotAt(moving, off, gone, left, was), snapshotAt(moved, cancelled, without, edited, panelAt("new", "Closing", "r1", 17, 30, agenda.Presenter))
	for _, lang := range []string{"en", "fr", "vi"} {
		var b strings.Builder
		for name, of := range []Changed{{Old: old, Next: next, Zone: "Europe/Paris"}, {Next: snapshotAt(moving)}} {
			of.Changes = agenda.Diff(of.Old, of.Next)
			for _, touch := range agenda.Touched(of.Old, of.Next, of.Changes) {
				if touch.Person.ID == "p" {
					of.Touches = append(of.Touches, touch)
				}
			}
			if len(of.Touches) == 0 {
				t.Fatal(name)
			}
			write(t, &b, lang, func() (string, []agenda.MailPart, error) { return Changes(lang, of) })
		}
		near := Near{Title: agenda.Text{"en": "Opening"}, Slot: *moving.Slot, Room: agenda.Text{"en": "Main hall"}}
		write(t, &b, lang, func() (string, []agenda.MailPart, error) {
			return Reminder(lang, next.Event, "America/New_York", []Near{near})
		})
		write(t, &b, lang, func() (string, []agenda.MailPart, error) {
			return Reminder(lang, next.Event, "", []Near{near, {Slot: *moved.Slot}})
		})
		write(t, &b, lang, func() (string, []agenda.MailPart, error) { return Again(lang, "Subject", nil) })
		path := filepath.Join("testdata", "changes_"+lang+".txt")
		if os.Getenv("PLENARY_UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if strings.Contains(b.String(), "{") {
			t.Errorf("%s: something is not filled in", lang)
		}
	}
}

func write(t *testing.T, b *strings.Builder, lang string, compose func() (string, []agenda.MailPart, error)) {
	t.Helper()
	subject, body, err := compose()
	if err != nil {
		t.Fatal(lang, err)
	}
	b.WriteString("=== " + subject + "\n")
	for _, part := range body {
		if part.Heading != "" {
			b.WriteString("# " + part.Heading + "\n")
		}
		b.WriteString(strings.Join(part.Lines, "\n") + "\n\n")
	}
}

func TestTheLanguageOfALetter(t *testing.T) {
	for _, c := range []struct {
		want       string
		understood []string
	}{{"en", nil}, {"fr", []string{"de", "fr-CA", "en"}}, {"vi", []string{"VI"}}, {"en", []string{"de"}}} {
		if got := Language(c.understood...); got != c.want {
			t.Errorf("%v: %s, want %s", c.understood, got, c.want)
		}
	}
}
