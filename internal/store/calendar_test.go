package store

import (
	"errors"
	"testing"
	"time"

	"plenary/internal/agenda"
)

func TestStampsAreReplaced(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 1)
		cancelled := at(2)
		stamp := agenda.Stamp{UID: "u", Variant: "vi", Sequence: 3, Created: at(0), Modified: at(1), Content: "c", Place: "p"}
		other := agenda.Stamp{UID: "u", Variant: "en", Created: at(0), Modified: at(1)}
		write(t, s, func(tx *Tx) error { return tx.PutStamps(event, []agenda.Stamp{stamp, other}) })
		stamp.Sequence, stamp.Modified, stamp.Content, stamp.Cancelled = 4, at(2), "d", &cancelled
		write(t, s, func(tx *Tx) error { return tx.PutStamps(event, []agenda.Stamp{stamp}) })
		read(t, s, func(tx *Tx) error {
			same(t, "stamps", must[[]agenda.Stamp](t)(tx.Stamps(event)), []agenda.Stamp{other, stamp})
			same(t, "stamps of one", must[[]agenda.Stamp](t)(tx.StampsOf(event, "u")), []agenda.Stamp{other, stamp})
			same(t, "stamps in one", must[agenda.Stamps](t)(tx.StampsIn(event, "vi")).List(), []agenda.Stamp{stamp})
			same(t, "of none", len(must[[]agenda.Stamp](t)(tx.StampsOf("none", "u"))), 0)
			return nil
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteStamps(event, "u") })
		read(t, s, func(tx *Tx) error {
			same(t, "deleted", len(must[[]agenda.Stamp](t)(tx.Stamps(event))), 0)
			return nil
		})
	})
}

func TestCalendarsAndTheirFeedsAreReplaced(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 1)
		first := []FeedState{{"event", "en", "a", at(0)}, {"room:r", "en", "b", at(1)}}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutFeedStates(event, first), tx.PutCalendar(event, Calendar{Revision: 1, Public: 1}))
		})
		first[1].Content, first[1].Modified = "c", at(2)
		second := Calendar{Revision: 2, Public: 1, Base: "https://x", Languages: []string{"vi", "en"}}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.PutFeedStates(event, first[1:]), tx.PutCalendar(event, second))
		})
		read(t, s, func(tx *Tx) error {
			same(t, "states", must[[]FeedState](t)(tx.FeedStates(event)), first)
			same(t, "state", must[FeedState](t)(tx.FeedState(event, "room:r", "en")), first[1])
			_, err := tx.FeedState(event, "room:r", "vi")
			same(t, "no such feed", agenda.CodeOf(err), agenda.NotFound)
			same(t, "calendar", must[Calendar](t)(tx.Calendar(event)), second)
			same(t, "calendar of none", must[Calendar](t)(tx.Calendar("none")), Calendar{})
			return nil
		})
	})
}

func TestFeedsChangeAndEnd(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		starred := feedFor("s", event, "", "hash", nil)
		starred.Kind, starred.KeyHash, starred.Panels, starred.Whole = agenda.StarredFeed, "key", []agenda.ID{"a", "b"}, true
		next := starred
		next.ID, next.Hash, next.Turn = "s2", "hash2", 1
		personal := feedFor("p", event, "person-0001", "hash3", nil)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertFeed(starred), tx.InsertFeed(next), tx.InsertFeed(personal), tx.SetFeedContent("p", "", "c", at(3)),
				tx.SetFeedContent("p", "other", "d", at(4)), tx.LeaveFeeds(event, "person-0001", at(5)))
		})
		next.Panels, next.Revision, next.Changed = []agenda.ID{"b"}, 2, at(6)
		write(t, s, func(tx *Tx) error { return tx.UpdateFeed(next) })
		ended := at(5)
		personal.Content, personal.Modified, personal.Revoked, personal.PersonID, personal.Revision = "c", at(3), &ended, "", 2
		read(t, s, func(tx *Tx) error {
			same(t, "the latest of the key", must[agenda.Feed](t)(tx.FeedByKey("key")), next)
			same(t, "of who left", must[agenda.Feed](t)(tx.Feed(event, "p")), personal)
			return nil
		})
		err := s.Write(t.Context(), func(tx *Tx) error { return tx.UpdateFeed(next) })
		same(t, "a stale revision", agenda.CodeOf(err), agenda.Stale)
	})
}

// feedFor gives a personal feed with the settings that it has when nobody sets any.
func feedFor(id, event, person agenda.ID, hash string, fetched *time.Time) agenda.Feed {
	f := agenda.Feed{ID: id, EventID: event, Kind: agenda.PersonalFeed, PersonID: person, Hash: hash, Revision: 1, LastFetch: fetched, Created: at(0)}
	f.FeedSettings.Clean()
	return f
}
