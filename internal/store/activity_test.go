package store

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// entry is an Activity of an event, "" for none, that many minutes after another.
func entry(id string, event agenda.ID, minutes int, verb string) agenda.Activity {
	return agenda.Activity{ID: agenda.ID(id), EventID: event, At: at(minutes), ActorKind: agenda.TokenHolder, ActorID: "t", ActorName: "Bình",
		Address: "192.0.2.1", Verb: verb, Subject: "s" + agenda.ID(id), Summary: "Did it.", Outcome: agenda.Done,
		Before: agenda.Fields{"name": `"Lan"`}, After: agenda.Fields{"name": `"Lan Anh"`}}
}

func TestAnActivityIsErasedAndNothingElse(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		a, b := entry("a", event, 1, "person.edit"), entry("b", "", 2, "token.create")
		write(t, s, func(tx *Tx) error { return errors.Join(tx.InsertActivity(a), tx.InsertActivity(b)) })
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.EraseActivity(a.Erase(false)), tx.EraseActivity(b.Erase(true)))
		})
		write(t, s, func(tx *Tx) error { return tx.EraseActivity(a.Erase(true)) }) // a second person is in it
		read(t, s, func(tx *Tx) error {
			log, _, err := tx.Activities(ActivityFilter{All: true, Outside: true}, Page{})
			same(t, "log", must[[]agenda.Activity](t)(log, err), []agenda.Activity{b.Erase(true), a.Erase(true)})
			return nil
		})
		refused(t, s, agenda.Taken, func(tx *Tx) error {
			changed := a.Erase(false)
			changed.ActorName = "Somebody else"
			return tx.EraseActivity(changed)
		})
	})
}

// The log outlives the event, and what is restored is guarded as before.
func TestTheLogStays(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 1)
		a := entry("a", event, 1, "person.edit")
		write(t, s, func(tx *Tx) error { return tx.InsertActivity(a) })
		archive := backup(t, s)
		write(t, s, func(tx *Tx) error { return tx.InsertActivity(entry("b", event, 2, "person.edit")) })
		write(t, s, func(tx *Tx) error {
			e, err := tx.Event(event)
			return errors.Join(err, tx.DeleteEvent(event, e.Revision))
		})
		same(t, "entries after the event is gone", count(t, s, "activities"), int64(2))
		for range 2 {
			if err := s.Restore(t.Context(), bytes.NewReader(archive), nil); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "entries after a restore", count(t, s, "activities"), int64(1))
		refused(t, s, agenda.Taken, func(tx *Tx) error {
			return fault("test", tx.db.Exec("DELETE FROM activities").Error, wording{})
		})
		refused(t, s, agenda.Taken, func(tx *Tx) error {
			return fault("test", tx.db.Exec("UPDATE activities SET verb = 'x'").Error, wording{})
		})
		whole := "INSERT OR REPLACE INTO activities SELECT * FROM activities"
		if s.dialect == postgresDialect {
			whole = "TRUNCATE activities"
		}
		refused(t, s, agenda.Taken, func(tx *Tx) error { return fault("test", tx.db.Exec(whole).Error, wording{}) })
		refused(t, s, agenda.Taken, func(tx *Tx) error { return tx.InsertActivity(a) })
		same(t, "entries", count(t, s, "activities"), int64(1))
	})
}

func TestActivityFilters(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		a, b, c, d := entry("a", event, 1, "panel.move"), entry("b", event, 2, "panel.edit"), entry("c", "", 3, "account.edit"), entry("d", "gone", 4, "panelx.edit")
		b.ActorID, b.Outcome = "other", agenda.Refused
		m, n := entry("m", "linked", 5, "meeting.answer"), entry("n", "linked", 6, "speaker.confirm")
		m.ActorKind, n.ActorKind = agenda.LinkHolder, agenda.LinkHolder
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertActivity(a), tx.InsertActivity(b), tx.InsertActivity(c), tx.InsertActivity(d), tx.InsertActivity(m), tx.InsertActivity(n))
		})
		for _, f := range []struct {
			filter ActivityFilter
			want   string
		}{
			{ActivityFilter{}, ""},
			{ActivityFilter{All: true, Outside: true}, "nmdcba"},
			{ActivityFilter{All: true}, "nmdba"},
			{ActivityFilter{All: true, Unlinked: true}, "ndba"},
			{ActivityFilter{Outside: true}, "c"},
			{ActivityFilter{Outside: true, Events: []agenda.ID{"gone"}}, "dc"},
			{ActivityFilter{Events: []agenda.ID{event}}, "ba"},
			{ActivityFilter{EventID: event, All: true, Outside: true}, "ba"},
			{ActivityFilter{All: true, Outside: true, Verb: "panel"}, "ba"},
			{ActivityFilter{All: true, Verb: "panel.edit"}, "b"},
			{ActivityFilter{All: true, Verb: "panel%"}, ""},
			{ActivityFilter{All: true, ActorID: "other"}, "b"},
			{ActivityFilter{All: true, Subject: "sd"}, "d"},
			{ActivityFilter{All: true, Outcome: agenda.Refused}, "b"},
			{ActivityFilter{All: true, Outside: true, From: at(2), To: at(4)}, "cb"},
			{ActivityFilter{All: true, Outside: true, Verb: "panel", To: at(2).Add(-time.Millisecond)}, "a"},
		} {
			read(t, s, func(tx *Tx) error {
				log, _, err := tx.Activities(f.filter, Page{})
				got := ""
				for _, a := range must[[]agenda.Activity](t)(log, err) {
					got += string(a.ID)
				}
				if got != f.want {
					t.Errorf("%+v gives %q, want %q", f.filter, got, f.want)
				}
				return nil
			})
		}
	})
}
