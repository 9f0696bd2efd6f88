package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// What is kept of a draft is what the database has, whoever changed it: over random histories in two programs on one database,
// within transactions and after some that were taken back.
func TestDraftsInMemoryAreWhatIsStored(t *testing.T) {
	perURL(t, func(t *testing.T, url string) {
		s, other := open(t, url), open(t, url)
		event := populate(t, s, 4)
		r := rand.New(rand.NewPCG(1, 2))
		for step := range 60 {
			in := []*Store{s, other}[r.IntN(2)]
			back := fmt.Errorf("taken back")
			err := in.Write(context.Background(), func(tx *Tx) error {
				if r.IntN(2) == 0 {
					compareDraft(t, tx, event, step)
				}
				for range 1 + r.IntN(3) {
					if err := alterDraft(tx, r, event); err != nil {
						return err
					}
					if r.IntN(2) == 0 {
						compareDraft(t, tx, event, step)
					}
				}
				if r.IntN(5) == 0 {
					return back
				}
				return nil
			})
			if err != nil && err != back {
				t.Fatal(step, err)
			}
			for _, s := range []*Store{s, other} {
				read(t, s, func(tx *Tx) error { compareDraft(t, tx, event, step); return nil })
			}
		}
	})
}

// perURL runs the test with the address of a migrated database of each kind.
func perURL(t *testing.T, test func(t *testing.T, url string)) {
	for dialect, url := range map[string]func(testing.TB) string{sqliteDialect: migrated.File, postgresDialect: migrated.URL} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			test(t, url(t))
		})
	}
}

func compareDraft(t *testing.T, tx *Tx, event agenda.ID, step int) {
	t.Helper()
	kept, err := tx.Draft(event)
	if err != nil {
		t.Fatal(step, err)
	}
	stored, err := tx.loadDraft(event)
	if err != nil {
		t.Fatal(step, err)
	}
	got, _ := json.Marshal(kept)
	want, _ := json.Marshal(stored)
	if string(got) != string(want) {
		t.Fatalf("step %d: in memory\n%s\nstored\n%s", step, got, want)
	}
	for i, p := range kept.Panels {
		if q, ok := kept.Panel(p.ID); !ok || !reflect.DeepEqual(&q, kept.Panels[i]) {
			t.Fatalf("step %d: panel %s is not found", step, p.ID)
		}
	}
}

func alterDraft(tx *Tx, r *rand.Rand, event agenda.ID) error {
	panels, err := tx.AllPanels(event)
	if err != nil {
		return err
	}
	n := r.IntN(1 << 40)
	if len(panels) < 3 {
		return tx.InsertPanel(plainPanel(event, n))
	}
	p := panels[r.IntN(len(panels))]
	switch r.IntN(9) {
	case 0, 1:
		p.Revision++
		p.Slot = &agenda.Slot{Start: agenda.Moment{Wall: "2025-10-27T08:00", At: at(n % 1000)}, End: agenda.Moment{Wall: "2025-10-27T09:00", At: at(n%1000 + 60)}}
		return tx.MovePanel(p)
	case 2:
		p.Revision++
		p.Title = agenda.Text{"en": fmt.Sprint("Title ", n)}
		return tx.UpdatePanel(p)
	case 3:
		return tx.DeletePanel(event, p.ID, p.Revision)
	case 4:
		rooms, err := tx.AllRooms(event)
		if err != nil || len(rooms) == 0 {
			return err
		}
		rooms[0].Revision++
		rooms[0].Name = agenda.Text{"en": fmt.Sprint("Room ", n)}
		return tx.UpdateRoom(rooms[0])
	case 5:
		people, err := tx.AllPeople(event)
		if err != nil || len(people) == 0 {
			return err
		}
		people[0].Revision++
		people[0].Name = fmt.Sprint("Person ", n)
		return tx.UpdatePerson(event, people[0])
	case 6:
		if p.Serial > 0 {
			return nil
		}
		serials, err := tx.Serials(event)
		if err != nil || serials[agenda.PanelSerial][p.ID] > 0 {
			return err
		}
		return tx.InsertSerials(event, agenda.PanelSerial, map[agenda.ID]int{p.ID: 1 + len(serials[agenda.PanelSerial])})
	case 7:
		tx.touchAll(event)
		return nil
	}
	return tx.InsertPanel(plainPanel(event, n))
}

// What is asked for while somebody writes is found by an index, however large the tables are.
func TestWritingScansNoTable(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		write(t, s, func(tx *Tx) error { return tx.InsertPanel(plainPanel(event, 1)) })
		plans := map[string]string{
			"turns":     "SELECT turn, mark FROM draft_turns WHERE event_id = 'e' AND turn >= 5 ORDER BY turn",
			"panel":     "SELECT id FROM panels WHERE event_id = 'e' AND id IN ('a', 'b')",
			"move":      "UPDATE panels SET revision = 2 WHERE id = 'a' AND revision = 1 AND event_id = 'e'",
			"speakers":  "SELECT panel_id FROM panel_speakers WHERE event_id = 'e' AND panel_id IN ('a', 'b')",
			"release":   "DELETE FROM occupancies WHERE event_id = 'e' AND item_kind = 'panel' AND item_id IN ('a')",
			"near":      "SELECT item_id FROM occupancies WHERE resource_kind = 'person' AND resource_id IN ('a', 'b') AND starts_at < 9 AND ends_at > 5",
			"stamps":    "SELECT uid FROM calendar_entries WHERE event_id = 'e' AND uid IN ('a', 'b')",
			"last told": "SELECT MAX(modified_at) FROM calendar_entries WHERE event_id = 'e'",
			"set":       "SELECT MAX(changed_at) FROM feeds WHERE event_id = 'e'",
			"feeds":     "SELECT scope FROM calendar_feeds WHERE event_id = 'e' AND scope IN ('a', 'b')",
			"elsewhere": `SELECT DISTINCT o.person_id FROM participants p JOIN participants o ON o.person_id = p.person_id AND o.event_id <> p.event_id WHERE p.event_id = 'e'`,
		}
		read(t, s, func(tx *Tx) error {
			explain, scan := "EXPLAIN QUERY PLAN ", "SCAN "
			if s.dialect == postgresDialect {
				// Tables of a few rows are read whole, as that is less work.
				explain, scan = "EXPLAIN ", "Seq Scan"
				if err := tx.db.Exec("SET LOCAL enable_seqscan = off").Error; err != nil {
					return err
				}
			}
			for name, q := range plans {
				rows, err := tx.db.Raw(explain + q).Rows()
				if err != nil {
					return err
				}
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				for rows.Next() {
					values := make([]any, len(columns))
					for i := range values {
						values[i] = new(any)
					}
					if err := rows.Scan(values...); err != nil {
						return err
					}
					line := fmt.Sprint(*values[len(values)-1].(*any))
					if strings.Contains(line, scan) {
						t.Errorf("%s: %s", name, line)
					}
				}
				if err := errors.Join(rows.Err(), rows.Close()); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
