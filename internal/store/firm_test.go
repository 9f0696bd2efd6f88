package store

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// firmHold is a person's time, taken firmly.
func firmHold(person agenda.ID, from, to int) []agenda.Hold {
	at := func(minute int) time.Time { return time.Date(2026, 3, 28, 10, minute, 0, 0, time.UTC) }
	return []agenda.Hold{{Resource: agenda.Resource{Kind: agenda.PersonResource, ID: person}, Start: at(from), End: at(to), Firm: true}}
}

// TestWhatIsFirmNeverOverlaps goes round the program's own check: the database alone refuses, of whichever event.
func TestWhatIsFirmNeverOverlaps(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertEvent(agenda.Event{ID: "e", Slug: "e", Revision: 1}); err != nil {
				return err
			}
			return tx.InsertEvent(agenda.Event{ID: "f", Slug: "f", Revision: 1})
		})
		ctx := context.Background()
		take := func(event, item agenda.ID, holds []agenda.Hold) error {
			return s.Write(ctx, func(tx *Tx) error { return tx.SetHolds(event, agenda.MeetingItem, item, holds) })
		}
		var under sync.WaitGroup
		errs := make([]error, 16)
		for i := range errs {
			under.Go(func() {
				errs[i] = take([]agenda.ID{"e", "f"}[i%2], agenda.ID("m"+string(rune('a'+i))), firmHold("hung", i%5, 30+i))
			})
		}
		under.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if e, ok := err.(*agenda.Error); !ok || e.Code != agenda.Taken || strings.Contains(e.Error(), "hung") {
				t.Errorf("a loser is told %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d of 16 took the same person", won)
		}
		for _, c := range []struct {
			name string
			want agenda.Code
			do   func() error
		}{
			{"another at that time", "", func() error { return take("e", "n", firmHold("lan", 0, 30)) }},
			{"the next, at once", "", func() error { return take("f", "o", firmHold("lan", 30, 50)) }},
			{"over both", agenda.Taken, func() error { return take("f", "p", firmHold("lan", 29, 31)) }},
			{"the same item again", "", func() error { return take("e", "n", firmHold("lan", 5, 30)) }},
			{"what is not firm", "", func() error {
				loose := firmHold("lan", 0, 60)
				loose[0].Firm = false
				return take("e", "q", loose)
			}},
			{"two that swap", "", func() error {
				return s.Write(ctx, func(tx *Tx) error {
					if err := tx.SetAllHolds("f", agenda.MeetingItem, map[agenda.ID][]agenda.Hold{"o": nil}); err != nil {
						return err
					}
					return tx.SetAllHolds("e", agenda.MeetingItem, map[agenda.ID][]agenda.Hold{"n": firmHold("lan", 30, 50), "o": firmHold("lan", 5, 30)})
				})
			}},
			{"all that shift by fifteen minutes", "", func() error {
				return s.Write(ctx, func(tx *Tx) error {
					return tx.SetAllHolds("e", agenda.MeetingItem, map[agenda.ID][]agenda.Hold{"n": firmHold("lan", 45, 65), "o": firmHold("lan", 20, 45)})
				})
			}},
			{"a row that moves by itself", agenda.Taken, func() error {
				return s.Write(ctx, func(tx *Tx) error {
					return fault("move", tx.db.Exec("UPDATE occupancies SET starts_at = starts_at - 1200000 WHERE item_id = 'n'").Error, wording{})
				})
			}},
		} {
			if err := c.do(); agenda.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
	})
}
