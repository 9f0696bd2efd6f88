package store

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// walk reads a list page by page and calls between after each page.
func walk[T any](t *testing.T, s *Store, limit int, list func(tx *Tx, page Page) ([]T, string, error), between func(page int)) []T {
	t.Helper()
	var got []T
	page := Page{Limit: limit}
	for n := 1; ; n++ {
		var items []T
		var next string
		read(t, s, func(tx *Tx) (err error) { items, next, err = list(tx, page); return err })
		if len(items) > limit || (next != "" && len(items) != limit) {
			t.Fatalf("page %d has %d items of %d, and next %q", n, len(items), limit, next)
		}
		got = append(got, items...)
		if next == "" {
			return got
		}
		if n > 100 {
			t.Fatal("no end")
		}
		between(n)
		page.After = next
	}
}

// panelSet adds panels with many ties: of start, of change, and unscheduled ones.
func panelSet(t *testing.T, s *Store, event agenda.ID, count int) {
	t.Helper()
	write(t, s, func(tx *Tx) error {
		for i := 1; i <= count; i++ {
			p := plainPanel(event, i)
			p.Updated = at(i / 5)
			if i%3 != 0 {
				p.Slot = slot("room-0001", i%4*60, i%4*60+30)
			}
			if err := tx.InsertPanel(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestPagesAreTheWholeListInOrder(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 3)
		panelSet(t, s, event, 40)
		var all []agenda.Panel
		read(t, s, func(tx *Tx) (err error) { all, err = tx.AllPanels(event); return err })
		if first, last := all[0], all[39]; len(all) != 40 || first.Slot == nil || last.Slot != nil {
			t.Fatal("the unscheduled are not last")
		}
		byID := slices.Clone(all)
		slices.SortFunc(byID, func(a, b agenda.Panel) int { return strings.Compare(string(a.ID), string(b.ID)) })
		newest := slices.Clone(byID)
		slices.SortStableFunc(newest, func(a, b agenda.Panel) int { return b.Updated.Compare(a.Updated) })
		for sort, want := range map[string][]agenda.Panel{"": all, "start": all, "code": byID, "updated": newest} {
			for _, limit := range []int{1, 3, 7, 13, 39, 40, 41} {
				got := walk(t, s, limit, func(tx *Tx, page Page) ([]agenda.Panel, string, error) {
					return tx.Panels(event, PanelFilter{Sort: sort}, page)
				}, func(int) {})
				same(t, fmt.Sprintf("by %q in pages of %d", sort, limit), got, want)
			}
		}
		refused(t, s, agenda.Invalid, func(tx *Tx) error { _, _, err := tx.Panels(event, PanelFilter{Sort: "id; DROP"}, Page{}); return err })
	})
}

func TestRowsThatComeAndGoBetweenPagesMoveNoOther(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 3)
		panelSet(t, s, event, 30)
		var before []agenda.Panel
		read(t, s, func(tx *Tx) (err error) { before, err = tx.AllPanels(event); return err })
		got := walk(t, s, 4, func(tx *Tx, page Page) ([]agenda.Panel, string, error) {
			return tx.Panels(event, PanelFilter{}, page)
		}, func(n int) {
			write(t, s, func(tx *Tx) error {
				first, last := plainPanel(event, 1000+n), plainPanel(event, 9000+n)
				first.Slot = slot("room-0002", -600, -500) // before where the reader is
				if err := tx.InsertPanel(first); err != nil {
					return err
				}
				if err := tx.InsertPanel(last); err != nil { // after
					return err
				}
				if n*4 > len(before) {
					return nil
				}
				return tx.DeletePanel(event, before[n*4-1].ID, 1) // the very row that the cursor is of
			})
		})
		seen := map[agenda.ID]int{}
		for _, p := range got {
			seen[p.ID]++
		}
		for _, p := range before {
			if seen[p.ID] != 1 {
				t.Errorf("%s came %d times", p.ID, seen[p.ID])
			}
		}
	})
}

func TestLimits(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 1)
		panelSet(t, s, event, 210)
		for limit, want := range map[int]int{0: 50, 1: 1, 200: 200, 201: 200, 1 << 40: 200} {
			read(t, s, func(tx *Tx) error {
				panels, next, err := tx.Panels(event, PanelFilter{}, Page{Limit: limit})
				if len(panels) != want || next == "" {
					t.Errorf("limit %d: %d items, next %q, %v", limit, len(panels), next, err)
				}
				return err
			})
		}
		refused(t, s, agenda.Invalid, func(tx *Tx) error { _, _, err := tx.Panels(event, PanelFilter{}, Page{Limit: -1}); return err })
	})
}

func TestForeignCursorsAreRefused(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 3)
		panelSet(t, s, event, 5)
		var cursor, rooms string
		read(t, s, func(tx *Tx) (err error) {
			if _, cursor, err = tx.Panels(event, PanelFilter{}, Page{Limit: 2}); err != nil {
				return err
			}
			_, rooms, err = tx.Rooms(event, Page{Limit: 2})
			return err
		})
		panels := func(event agenda.ID, sort, after string) error {
			return s.Read(t.Context(), func(tx *Tx) error {
				_, _, err := tx.Panels(event, PanelFilter{Sort: sort}, Page{After: after})
				return err
			})
		}
		if err := panels(event, "start", cursor); err != nil {
			t.Fatal("its own list:", err)
		}
		bad := map[string]error{
			"of another order": panels(event, "code", cursor),
			"of another event": panels("event-0002", "start", cursor),
			"of another list":  panels(event, "start", rooms),
		}
		for i := range cursor {
			letter := byte('A')
			if cursor[i] == letter {
				letter = 'B'
			}
			bad[fmt.Sprint("letter ", i)] = panels(event, "start", cursor[:i]+string(letter)+cursor[i+1:])
			if i > 0 {
				bad[fmt.Sprint("cut at ", i)] = panels(event, "start", cursor[:i])
			}
		}
		forge := func(body string) string {
			label := "panels by start " + string(event)
			return base64.RawURLEncoding.EncodeToString(append(checksum(label, []byte(body)), body...))
		}
		for _, body := range []string{`["1 OR 1=1","x"]`, `[1]`, `[1,"a","b"]`, `[1,2]`, `[1.5,"a"]`, `{}`, `null`, `["a","b"]`, `[1,"a\u0000"]`,
			`[99999999999999999999,"a"]`, `[`} {
			bad["forged "+body] = panels(event, "start", forge(body))
		}
		for _, text := range []string{"x", "%", "../..", "\x00", strings.Repeat("A", 10000), cursor + cursor, cursor + "="} {
			bad[fmt.Sprintf("%.20q", text)] = panels(event, "start", text)
		}
		for what, err := range bad {
			if agenda.CodeOf(err) != agenda.Invalid || !strings.Contains(err.Error(), "cursor") {
				t.Errorf("%s: %v", what, err)
			}
		}
		// Who forges one well gets a place in the same list, and no more.
		if err := panels(event, "start", forge(`[0,"' OR ''='"]`)); err != nil {
			t.Error(err)
		}
		t.Logf("%d cursors refused", len(bad))
	})
}

func TestEveryListCanBeWalked(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 9)
		write(t, s, func(tx *Tx) error {
			for i := 1; i <= 9; i++ {
				free := plainAvailability(event, i)
				free.Start, free.End = moment(i%2), moment(i%2+1)
				for _, err := range []error{tx.InsertMeeting(plainMeeting(event, i)), tx.InsertAvailability(free),
					tx.InsertEvent(plainEvent(i + 1)), tx.InsertRelease(Release{ID: id("r", i), EventID: event, Number: i}),
					tx.InsertToken(agenda.Token{ID: id("t", i), Hash: fmt.Sprint(i), Scopes: agenda.ReadVerbs, Created: at(i % 2)}),
					insertFeed(tx, id("f", i), event, fmt.Sprint(i), at(i%2)),
					tx.InsertActivity(agenda.Activity{ID: id("a", i), EventID: event, At: at(i % 2)})} {
					if err != nil {
						return err
					}
				}
			}
			return nil
		})
		none := func(int) {}
		lists := map[string][]agenda.ID{
			"events": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Event, string, error) { return tx.Events(EventFilter{}, p) }, none),
				func(e agenda.Event) agenda.ID { return e.ID })[1:],
			"rooms": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Room, string, error) { return tx.Rooms(event, p) }, none),
				func(r agenda.Room) agenda.ID { return r.ID }),
			"tracks": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Track, string, error) { return tx.Tracks(event, p) }, none),
				func(r agenda.Track) agenda.ID { return r.ID }),
			"people": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Person, string, error) { return tx.People(event, PersonFilter{}, p) }, none),
				func(r agenda.Person) agenda.ID { return r.ID }),
			"meetings": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Meeting, string, error) { return tx.Meetings(event, MeetingFilter{}, p) }, none),
				func(r agenda.Meeting) agenda.ID { return r.ID }),
			"availabilities": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Availability, string, error) {
				return tx.Availabilities(event, AvailabilityFilter{}, p)
			}, none), func(r agenda.Availability) agenda.ID { return r.ID }),
			"releases": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]Release, string, error) { return tx.Releases(event, p) }, none),
				func(r Release) agenda.ID { return r.ID }),
			"tokens": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Token, string, error) { return tx.Tokens("", p) }, none),
				func(r agenda.Token) agenda.ID { return r.ID }),
			"feeds": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Feed, string, error) { return tx.Feeds(event, "", p) }, none),
				func(r agenda.Feed) agenda.ID { return r.ID }),
			"activities": ids(walk(t, s, 2, func(tx *Tx, p Page) ([]agenda.Activity, string, error) {
				return tx.Activities(ActivityFilter{EventID: event}, p)
			}, none),
				func(r agenda.Activity) agenda.ID { return r.ID }),
		}
		for name, got := range lists {
			seen := slices.Compact(slices.Sorted(slices.Values(got)))
			if len(got) != 9 || len(seen) != 9 {
				t.Errorf("%s: %v", name, got)
			}
		}
		same(t, "newest releases first", lists["releases"][0], id("r", 9))
		same(t, "newest activities first", lists["activities"][0], id("a", 9))
	})
}

func ids[T any](list []T, id func(T) agenda.ID) []agenda.ID { return convert(list, id) }

func insertFeed(tx *Tx, id, event agenda.ID, hash string, created time.Time) error {
	f := feedFor(id, event, "person-0001", hash, nil)
	f.Created = created
	return tx.InsertFeed(f)
}

// A list that is computed is paged as one of rows: items that come and go meanwhile hide none and repeat none.
func TestPageOfAComputedList(t *testing.T) {
	type item struct{ name, id string }
	list := []item{{"An", "2"}, {"An", "3"}, {"Bình", "1"}, {"Đào", "5"}}
	texts := []func(item) string{func(i item) string { return i.name }, func(i item) string { return i.id }}
	part, next, err := PageOf(list, "people", "e", Page{Limit: 2}, texts...)
	if err != nil || !slices.Equal(part, list[:2]) || next == "" {
		t.Fatal(part, next, err)
	}
	changed := []item{{"Aaron", "9"}, {"An", "2"}, {"Bao", "4"}, {"Bình", "1"}, {"Đào", "5"}}
	if part, end, err := PageOf(changed, "people", "e", Page{After: next}, texts...); err != nil || end != "" || !slices.Equal(part, changed[2:]) {
		t.Error(part, end, err)
	}
	for _, page := range []Page{{Limit: -1}, {After: "nonsense"}, {After: next + "A"}} {
		if _, _, err := PageOf(list, "people", "e", page, texts...); agenda.CodeOf(err) != agenda.Invalid {
			t.Errorf("%+v: %v", page, err)
		}
	}
	if _, _, err := PageOf(list, "people", "another", Page{After: next}, texts...); agenda.CodeOf(err) != agenda.Invalid {
		t.Error("a cursor of another event is taken:", err)
	}
}
