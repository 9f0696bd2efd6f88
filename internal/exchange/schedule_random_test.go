package exchange

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// scheduleReleases gives random Releases: with stored serials, without, and with some; with Panels that last long.
func scheduleReleases(seed uint64) []agenda.Release {
	d := newDice(seed)
	b := d.bundle()
	for i := range b.Releases {
		s := &b.Releases[i].Snapshot
		s.Event.Slug = pick(d, []string{"ox", "forum-2026", "a-b-c"})
		for j, p := range s.Panels {
			p.Cancelled = p.Cancelled && d.often()
			if p.Serial = 0; d.often() && seed%3 > 0 {
				p.Serial = j + 1
			}
			if !d.often() {
				p.ID = agenda.ID(fmt.Sprintf("panel %d", j))
			}
			if !d.often() {
				p.Slot.End = agenda.MomentOf(d.zone, p.Slot.Start.At.Add(time.Duration(1+d.IntN(36*60*60))*time.Second))
			}
			if p.AllRooms && d.often() {
				p.Slot.RoomID = ""
			}
		}
		for j := range s.People {
			if seed%3 == 1 {
				s.People[j].Serial = 1 + j
			}
		}
	}
	return b.Releases
}

func TestScheduleRules(t *testing.T) {
	events := 0
	for seed := range uint64(800) {
		for i, r := range scheduleReleases(seed) {
			ok := t.Run(fmt.Sprint(seed, "/", i), func(t *testing.T) {
				told := checkSchedule(t, r, PublicOptions{BaseURL: "https://plenary.example/sub", Language: []string{"", "vi", "zh"}[seed%3]})
				for _, d := range told.Days {
					for _, room := range d.Rooms {
						events += len(room.Events)
					}
				}
			})
			if !ok {
				return
			}
		}
	}
	if events < 500 {
		t.Errorf("only %d events were looked at", events)
	}
}

// A zone whose name the JSON Schema refuses is left out there, and told in the XML.
func TestScheduleZones(t *testing.T) {
	for zone, inJSON := range map[string]bool{"UTC": true, "Asia/Ho_Chi_Minh": true, "America/Argentina/Buenos_Aires": true, "Etc/UTC": true,
		"America/St_Johns": true, "Etc/GMT-7": false, "EST": false, "US/Pacific": false} {
		r := oneRoom(t, zone, "2026-10-24", "2026-10-24", [2]string{"2026-10-24T09:00", "2026-10-24T10:00"})
		checkSchedule(t, r, scheduleBase)
		if got := bytes.Contains(made(t, "schedule.json", r, scheduleBase), []byte(`"time_zone_name":"`+zone+`"`)); got != inJSON {
			t.Errorf("%s is in the JSON: %t", zone, got)
		}
	}
}

// TestCheckSchedule runs the checker that the environment names: the published schemas, and the rules of the apps.
func TestCheckSchedule(t *testing.T) {
	program := os.Getenv("CHECK_SCHEDULE")
	if program == "" {
		t.Skip("SKIPPED: CHECK_SCHEDULE is not set: give it the path of ../shared/tools/check-schedule, set up, and the published schemas are checked too")
	}
	releases := []agenda.Release{forumRelease(1, scheduleDraft(t), nil), oneRoom(t, "Europe/Paris", "2026-10-24", "2026-10-26"),
		oneRoom(t, "Europe/Berlin", "2026-10-24", "2026-10-25", [2]string{"2026-10-24T20:00", "2026-10-25T12:00"}, [2]string{"2026-10-24T06:00", "2026-10-25T06:00"}),
		oneRoom(t, "Europe/Berlin", "2026-03-28", "2026-03-29", [2]string{"2026-03-28T20:00", "2026-03-29T12:00"}, [2]string{"2026-03-29T01:30", "2026-03-29T04:00"})}
	summit, _ := demo(t)
	releases = append(releases, forumRelease(1, summit.Draft, nil))
	for seed := range uint64(12) {
		releases = append(releases, scheduleReleases(seed)...)
	}
	dir, files := t.TempDir(), []string{}
	for i, r := range releases {
		for _, name := range []string{"schedule.xml", "schedule.json"} {
			files = append(files, filepath.Join(dir, fmt.Sprintf("%d.%s", i, name)))
			if err := os.WriteFile(files[len(files)-1], made(t, name, r, scheduleBase), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := exec.CommandContext(t.Context(), program, files...).CombinedOutput()
	if err != nil || strings.Count(string(out), " ok ") != len(files) {
		t.Errorf("%v\n%s", err, out)
	}
	for _, line := range strings.Split(string(out), "\n") {
		// W11 measures the night in which summer time ends by the clock on the wall, and finds it to end at 07:00;
		// Giggity, for which it stands, adds hours to an instant, and so does checkSchedule.
		if strings.HasPrefix(line, "LINT   W") && !strings.HasPrefix(line, "LINT   W11") {
			t.Error(line)
		}
	}
}

func FuzzSchedule(f *testing.F) {
	f.Add("Title", "Name", "Room", "acronym")
	f.Add("]]> \x00\ufffe", "a;b", "\u2028", "--")
	f.Add("Đường", "<&\"'>", "All rooms", "ox")
	f.Fuzz(func(t *testing.T, title, name, room, slug string) {
		r := oneRoom(t, "Asia/Kolkata", "2026-10-24", "2026-10-24", [2]string{"2026-10-24T23:00", "2026-10-25T07:00"}, [2]string{"2026-10-24T09:00", "2026-10-24T10:00"})
		s := &r.Snapshot
		s.Event.Name, s.Event.Website = agenda.Text{"en": name}, title
		var faults agenda.Faults
		if agenda.CheckSlug(&faults, "", slug); len(faults) == 0 {
			s.Event.Slug = slug
		}
		if acronym := acronymOf(slug); !regexp.MustCompile(`^[a-z0-9_]{4,}$`).MatchString(acronym) {
			t.Errorf("the acronym of %q is %q", slug, acronym)
		}
		s.Rooms = []agenda.Room{{ID: uuid(11), Name: agenda.Text{"en": room}, Description: agenda.Text{"en": name}}, {ID: uuid(12), Name: agenda.Text{"en": room}}}
		s.Tracks = []agenda.Track{{ID: uuid(13), Name: agenda.Text{"en": room}, Color: title}, {ID: uuid(14), Name: agenda.Text{"en": room}}}
		s.People = []agenda.Person{{ID: uuid(21), Name: name}}
		p := s.Panels[0]
		p.Title, p.Abstract, p.StreamURL, p.TrackID = agenda.Text{"en": title}, agenda.Text{"en": title}, "https://"+title, uuid(13)
		p.Slot.RoomID = uuid(12)
		p.Speakers = []agenda.Speaker{{PersonID: uuid(21), Status: agenda.Confirmed}}
		checkSchedule(t, r, scheduleBase)
	})
}

func BenchmarkSchedule(b *testing.B) {
	for _, panels := range []int{400, 10_000} {
		r := bigRelease()
		for len(r.Snapshot.Panels) < panels {
			p := *r.Snapshot.Panels[len(r.Snapshot.Panels)%400]
			p.ID, p.Code = uuid(10_000+len(r.Snapshot.Panels)), fmt.Sprintf("C%05d", len(r.Snapshot.Panels))
			r.Snapshot.Panels = append(r.Snapshot.Panels, &p)
		}
		for _, name := range []string{"schedule.xml", "schedule.json", "schedule.xcal"} {
			b.Run(fmt.Sprintf("%s/panels=%d", name, panels), func(b *testing.B) {
				for b.Loop() {
					b.SetBytes(int64(len(made(b, name, r, scheduleBase))))
				}
			})
		}
	}
}
