package store

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"plenary/internal/agenda"
)

// tally counts statements.
type tally struct {
	statements
	n *atomic.Int64
}

func (c tally) LogMode(logger.LogLevel) logger.Interface { return c }

func (c tally) Trace(context.Context, time.Time, func() (string, int64), error) { c.n.Add(1) }

// One statement per table, whether there is one panel or a hundred.
func TestLoadingTakesAFixedNumberOfStatements(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 3)
		var all []agenda.ID
		write(t, s, func(tx *Tx) error {
			for i := 1; i <= 100; i++ {
				p, m := plainPanel(event, i), plainMeeting(event, i)
				p.Speakers = []agenda.Speaker{{PersonID: "person-0001", Role: agenda.Chair, Status: agenda.Invited}}
				p.Interventions = []agenda.Intervention{{ID: id("v", i), Speakers: p.Speakers}}
				m.Sides[0].Delegates = []agenda.Delegate{{PersonID: "person-0001", Role: agenda.Principal, Answer: agenda.Accepted}}
				if err := tx.InsertPanel(p); err != nil {
					return err
				}
				if err := tx.InsertMeeting(m); err != nil {
					return err
				}
				all = append(all, p.ID, m.ID)
			}
			return nil
		})
		load := map[string]struct {
			statements int64
			fn         func(tx *Tx) (int, error)
		}{
			"AllPanels":  {5, func(tx *Tx) (int, error) { l, err := tx.AllPanels(event); return len(l), err }},
			"PanelsByID": {5, func(tx *Tx) (int, error) { l, err := tx.PanelsByID(event, all); return len(l), err }},
			"Panels": {5, func(tx *Tx) (int, error) {
				l, _, err := tx.Panels(event, PanelFilter{}, Page{Limit: 100})
				return len(l), err
			}},
			"AllMeetings":  {3, func(tx *Tx) (int, error) { l, err := tx.AllMeetings(event); return len(l), err }},
			"MeetingsByID": {3, func(tx *Tx) (int, error) { l, err := tx.MeetingsByID(event, all); return len(l), err }},
			"MeetingsOf":   {3, func(tx *Tx) (int, error) { l, err := tx.MeetingsOf(event, "person-0001"); return len(l), err }},
			"Meetings": {3, func(tx *Tx) (int, error) {
				l, _, err := tx.Meetings(event, MeetingFilter{}, Page{Limit: 100})
				return len(l), err
			}},
		}
		for name, c := range load {
			var n atomic.Int64
			read(t, s, func(tx *Tx) error {
				counted := &Tx{db: tx.db.Session(&gorm.Session{Logger: tally{n: &n}}), dialect: tx.dialect}
				items, err := c.fn(counted)
				same(t, name+": items", items, 100)
				return err
			})
			same(t, name+": statements", n.Load(), c.statements)
		}
		read(t, s, func(tx *Tx) error {
			p := must[agenda.Panel](t)(tx.Panel(event, "panel-0100"))
			same(t, "its speakers", fmt.Sprint(len(p.Speakers), len(p.Interventions), len(p.Interventions[0].Speakers)), "1 1 1")
			return nil
		})
	})
}

// More IDs than one statement of SQLite takes.
func TestManyIDs(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		many := make([]agenda.ID, 0, 33_000)
		resources := make([]agenda.Resource, 0, 33_000)
		for i := range 33_000 {
			many = append(many, id("person", i))
			resources = append(resources, agenda.Resource{Kind: agenda.PersonResource, ID: id("person", i)})
		}
		read(t, s, func(tx *Tx) error {
			same(t, "people", len(must[[]agenda.Person](t)(tx.PeopleByID(event, many))), 2)
			same(t, "panels", len(must[[]agenda.Panel](t)(tx.PanelsByID(event, many))), 0)
			same(t, "availabilities", len(must[[]agenda.Availability](t)(tx.AvailabilitiesOf(event, resources))), 0)
			same(t, "occupants", len(must[[]Occupant](t)(tx.ItemsNear(resources, at(0), at(1)))), 0)
			return nil
		})
	})
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{"Nguyễn Mạnh HÙNG": "nguyen manh hung", "Đặng Thị": "dang thi", "  a \n\t b ": "a b", "Straße": "strasse",
		"Łódź": "lodz", "ŒUVRE": "oeuvre", "ﬁn": "fin", "": "", "\xff": "", "Ελλάδα": "ελλαδα"} {
		same(t, in, Fold(in), want)
	}
}

// said keeps the statements of a transaction.
type said struct {
	statements
	all *[]string
}

func (s said) LogMode(logger.LogLevel) logger.Interface { return s }

func (s said) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	text, _ := fc()
	*s.all = append(*s.all, text)
}

// What is asked of a few things of an event does not go through all of the event: the order that is asked for must not lead SQLite to another index.
func TestAFewAreFoundByTheirIndex(t *testing.T) {
	s := fresh(t, urls()[sqliteDialect](t))
	event := populate(t, s, 3)
	people := []agenda.ID{"person-0001", "person-0002"}
	for _, n := range []int{1, 2} {
		people, few := people[:n], []string{"a", "b"}[:n]
		for index, ask := range map[string]func(tx *Tx) error{
			"mails_person (event_id=? AND person_id=?)":   func(tx *Tx) error { _, err := tx.ChangeMailHeadsTo(event, people); return err },
			"mails_person (event_id=? AND person_id=?) ":  func(tx *Tx) error { _, err := tx.CalendarParts(event, people); return err },
			"told_person (event_id=? AND person_id=?)":    func(tx *Tx) error { _, err := tx.ToldToAll(event, people); return err },
			"calendar_entries_uid (event_id=? AND uid=?)": func(tx *Tx) error { _, err := tx.StampsOfAll(event, few); return err },
			"calendar_feeds_1 (event_id=? AND scope=?)":   func(tx *Tx) error { _, err := tx.FeedStatesOf(event, few); return err },
			"availabilities_person (event_id=? AND person_id=?)": func(tx *Tx) error {
				_, err := tx.AvailabilitiesOf(event, []agenda.Resource{{Kind: agenda.PersonResource, ID: people[0]}, {Kind: agenda.PersonResource, ID: people[n-1]}})
				return err
			},
		} {
			read(t, s, func(tx *Tx) error {
				var asked []string
				if err := ask(&Tx{db: tx.db.Session(&gorm.Session{Logger: said{all: &asked}}), dialect: tx.dialect}); err != nil || len(asked) != 1 {
					t.Fatalf("%d statements, %v", len(asked), err)
				}
				var steps []struct{ Detail string }
				nothing := make([]any, strings.Count(asked[0], "?"))
				if err := tx.db.Raw("EXPLAIN QUERY PLAN "+asked[0], nothing...).Scan(&steps).Error; err != nil {
					return err
				}
				if len(steps) == 0 || !strings.HasSuffix(steps[0].Detail, strings.TrimSpace(index)) {
					t.Errorf("%s\nis answered by %v, want %s", asked[0], steps, index)
				}
				return nil
			})
		}
	}
}
