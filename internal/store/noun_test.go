package store

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/pgtest"
)

func TestPeopleBelongToTheEventsTheyTakePartIn(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		other := plainEvent(2)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(other), tx.AddParticipant(other.ID, "person-0001"),
				tx.SetHolds(event, agenda.MeetingItem, "m", []agenda.Hold{{Resource: agenda.Resource{Kind: agenda.PersonResource, ID: "person-0001"}, Start: at(0), End: at(1)}}))
		})
		write(t, s, func(tx *Tx) error { return tx.DeletePerson(event, "person-0001", 1) })
		refused(t, s, agenda.NotFound, func(tx *Tx) error { _, err := tx.Person(event, "person-0001"); return err })
		read(t, s, func(tx *Tx) error { _, err := tx.Person(other.ID, "person-0001"); return err })
		same(t, "occupancies", count(t, s, "occupancies"), int64(0))
		same(t, "people", count(t, s, "people"), int64(2))
		write(t, s, func(tx *Tx) error { return tx.DeletePerson(other.ID, "person-0001", 1) })
		same(t, "people", count(t, s, "people"), int64(1))
	})
}

// A calendar entry may have a UID that a Meeting or another event's Panel has already.
func TestUIDsElsewhere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		other := plainEvent(2)
		panel, meeting := plainPanel(other.ID, 7), plainMeeting(other.ID, 8)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(1)), tx.InsertEvent(other), tx.InsertPanel(panel), tx.InsertMeeting(meeting))
		})
		for event, want := range map[agenda.ID][]string{"event-0001": {panel.UID, meeting.UID}, other.ID: {meeting.UID}} {
			read(t, s, func(tx *Tx) error {
				got, err := tx.UIDsElsewhere(event, []string{"free", panel.UID, meeting.UID})
				same(t, string(event), got, want)
				return err
			})
		}
		read(t, s, func(tx *Tx) error {
			got, err := tx.UIDsElsewhere("event-0001", nil)
			same(t, "none", len(got), 0)
			return err
		})
	})
}

func TestDeletingAnEventTakesAllThatItOwns(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(1)), tx.AddParticipant("event-0001", "person-0002"),
				tx.InsertRelease(Release{ID: "r", EventID: "e-full", Number: 1, Snapshot: []byte{0, 255}}),
				tx.PutStamps("e-full", []agenda.Stamp{{UID: "u", Variant: "en"}}),
				tx.InsertFeed(feedFor("f", "e-full", "person-full", "h", nil)),
				tx.InsertToken(agenda.Token{ID: "t", EventID: "e-full", Scopes: agenda.ReadVerbs, Hash: "h"}),
				tx.InsertActivity(agenda.Activity{ID: "a", EventID: "e-full"}))
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteEvent("e-full", 7) })
		for _, table := range tables {
			want := map[string]int64{"events": 1, "people": 1, "participants": 1, "activities": 1, "draft_turns": 1}[table.name]
			same(t, table.name, count(t, s, table.name), want)
		}
	})
}

// PostgreSQL goes through the foreign keys of a table by the names of their triggers, which have numbers in them that
// differ between databases: with other numbers the same delete takes another way.
func TestDeletingAnEventWorksInWhicheverOrder(t *testing.T) {
	for _, last := range []string{"panels", "meetings", "participants", "rooms", "tracks"} {
		t.Run(last, func(t *testing.T) {
			t.Parallel()
			s := fresh(t, pgtest.URL(t))
			write(t, s, insertFull)
			for _, statement := range []string{"ALTER TABLE %[1]s DROP CONSTRAINT %[1]s_event_id_fkey",
				"ALTER TABLE %[1]s ADD CONSTRAINT %[1]s_event_id_fkey FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE"} {
				if err := s.writer.Exec(fmt.Sprintf(statement, last)).Error; err != nil {
					t.Fatal(err)
				}
			}
			archive := backup(t, s)
			write(t, s, func(tx *Tx) error { return tx.DeleteEvent("e-full", 7) })
			for range 2 { // into an empty one and into a full one
				if err := s.Restore(t.Context(), bytes.NewReader(archive), nil); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestReleasesAndTheLogStayAsTheyAre(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		first := Release{ID: "r1", EventID: event, Number: 1, Published: at(1), By: "Anh", Note: text("n"), Snapshot: []byte("\x00\xff{}")}
		second := Release{ID: "r2", EventID: event, Number: 2, Published: at(2), Snapshot: []byte("2")}
		entry := agenda.Activity{ID: "a", EventID: event, At: at(3), ActorKind: agenda.TokenHolder, ActorID: "t", ActorName: "Bình",
			Verb: "panel.move", Subject: "p", Summary: "Moved.", Address: "192.0.2.1", Outcome: agenda.Done,
			Before: agenda.Fields{"code": `"A"`}, After: agenda.Fields{"code": `null`, "title": `{"en":"B"}`}}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertRelease(first), tx.InsertRelease(second), tx.InsertActivity(entry))
		})
		for _, statement := range []string{"UPDATE releases SET note = '{}'", "UPDATE releases SET number = 5 WHERE number = 1",
			"DELETE FROM releases", "UPDATE activities SET summary = ''", "DELETE FROM activities",
			"UPDATE releases SET snapshot = 'x'", "UPDATE releases SET erasures = erasures + 1",
			"UPDATE releases SET erasures = erasures + 1, erased_at = 1, note = '{}'",
			"UPDATE activities SET summary = '[erased]', was = '{}'", "UPDATE activities SET summary = 'x', was = '{}', became = '{}'",
			"UPDATE activities SET summary = '[erased]', was = '{}', became = '{}', at = 1",
			"UPDATE activities SET summary = '[erased]', was = '{}', became = '{}', actor_name = 'x'",
			"UPDATE activities SET summary = '[erased]', was = '{}', became = '{}', event_id = NULL"} {
			refused(t, s, agenda.Taken, func(tx *Tx) error { return fault("test", tx.db.Exec(statement).Error, wording{}) })
		}
		head1, head2 := first, second
		head1.Snapshot, head2.Snapshot = nil, nil
		read(t, s, func(tx *Tx) error {
			same(t, "latest", must[Release](t)(tx.LatestRelease(event)), second)
			same(t, "latest head", must[Release](t)(tx.LatestReleaseHead(event)), head2)
			same(t, "by number", must[Release](t)(tx.Release(event, 1)), first)
			same(t, "all", must[[]Release](t)(tx.AllReleases(event)), []Release{second, first})
			heads, next, err := tx.Releases(event, Page{})
			same(t, "heads", must[[]Release](t)(heads, err), []Release{head2, head1})
			same(t, "next", next, "")
			log, _, err := tx.Activities(ActivityFilter{EventID: event}, Page{})
			same(t, "log", must[[]agenda.Activity](t)(log, err), []agenda.Activity{entry})
			log, _, err = tx.Activities(ActivityFilter{EventID: "another"}, Page{})
			same(t, "log of another event", must[[]agenda.Activity](t)(log, err), none[agenda.Activity]())
			return nil
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { _, err := tx.Release(event, 3); return err })
	})
}

// none is an empty list.
func none[T any]() []T { return nil }

func TestCredentials(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 1)
		later := at(999)
		token := agenda.Token{ID: "t", Name: "Bot", EventID: event, Scopes: agenda.EventVerbs, Prefix: "pl_1", Hash: "abc", Expires: &later, Created: at(0)}
		feed := feedFor("f", event, "person-0001", "def", nil)
		minutes := 15
		feed.FeedSettings = agenda.FeedSettings{Name: "Phone", Language: "vi", Alarm: &minutes, Detail: agenda.BusyOnly, Meetings: true, Cancelled: agenda.KeepCancelled}
		write(t, s, func(tx *Tx) error { return errors.Join(tx.InsertToken(token), tx.InsertFeed(feed)) })
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.TouchToken("t", at(5)), tx.TouchFeed("f", at(6), "Apple/1"),
				tx.RevokeToken("t", at(7)), tx.RevokeToken("t", at(70)), tx.RevokeFeed(event, "f", at(8)), tx.RevokeFeed(event, "f", at(80)))
		})
		used, ended, fetched, closed := at(5), at(7), at(6), at(8)
		token.LastUsed, token.Revoked, feed.LastFetch, feed.FetchedBy, feed.Revoked, feed.Revision = &used, &ended, &fetched, "Apple/1", &closed, 2
		read(t, s, func(tx *Tx) error {
			same(t, "token", must[agenda.Token](t)(tx.Token("t")), token)
			same(t, "token by hash", must[agenda.Token](t)(tx.TokenByHash("abc")), token)
			same(t, "feed", must[agenda.Feed](t)(tx.Feed(event, "f")), feed)
			same(t, "feed by hash", must[agenda.Feed](t)(tx.FeedByHash("def")), feed)
			same(t, "feeds", must[[]agenda.Feed](t)(tx.AllFeeds(event)), []agenda.Feed{feed})
			of, _, err := tx.Tokens(event, Page{})
			same(t, "tokens of the event", must[[]agenda.Token](t)(of, err), []agenda.Token{token})
			of, _, err = tx.Tokens("another", Page{})
			same(t, "tokens of another", must[[]agenda.Token](t)(of, err), none[agenda.Token]())
			return nil
		})
		for _, fn := range []func(tx *Tx) error{
			func(tx *Tx) error { return tx.RevokeToken("x", at(0)) }, func(tx *Tx) error { return tx.TouchToken("x", at(0)) },
			func(tx *Tx) error { return tx.RevokeFeed("x", "f", at(0)) }, func(tx *Tx) error { return tx.TouchFeed("x", at(0), "") },
			func(tx *Tx) error { _, err := tx.TokenByHash(""); return err }, func(tx *Tx) error { _, err := tx.FeedByHash("abc"); return err },
		} {
			refused(t, s, agenda.NotFound, fn)
		}
	})
}

func TestRequestsAreRemembered(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		check := func(actor, key string, want bool) {
			read(t, s, func(tx *Tx) error {
				print, noun, found, err := tx.Replay(actor, key)
				if found != want || (want && (print != "print" || noun != "noun")) {
					t.Errorf("%s, %s: %q, %q, %v", actor, key, print, noun, found)
				}
				return err
			})
		}
		remember := func(key string, at time.Time) {
			write(t, s, func(tx *Tx) error { return tx.Remember("a", key, "print", "noun", at) })
		}
		remember("old", at(0))
		check("a", "old", true)
		check("b", "old", false)
		check("a", "new", false)
		remember("new", at(7*24*60)) // not more than seven days later
		check("a", "old", true)
		remember("newest", at(7*24*60+1))
		check("a", "old", false)
		check("a", "new", true)
	})
}

func TestItemsNear(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		room, anh := agenda.Resource{Kind: agenda.RoomResource, ID: "same"}, agenda.Resource{Kind: agenda.PersonResource, ID: "same"}
		hold := func(r agenda.Resource, from, to int) agenda.Hold {
			return agenda.Hold{Resource: r, Start: at(from), End: at(to)}
		}
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(2)),
				tx.SetHolds(event, agenda.PanelItem, "p1", []agenda.Hold{hold(room, 0, 60), hold(anh, 0, 20), hold(anh, 40, 60), hold(anh, 0, 20)}),
				tx.SetHolds("event-0002", agenda.MeetingItem, "m1", []agenda.Hold{hold(anh, 60, 90)}),
				tx.SetHolds(event, agenda.PanelItem, "p2", []agenda.Hold{hold(room, 90, 120)}))
		})
		near := func(from, to int, resources ...agenda.Resource) []Occupant {
			var found []Occupant
			read(t, s, func(tx *Tx) (err error) { found, err = tx.ItemsNear(resources, at(from), at(to)); return err })
			return found
		}
		panel := Occupant{EventID: event, Kind: agenda.PanelItem, ID: "p1", Start: at(0), End: at(60),
			Holds: []agenda.Hold{hold(anh, 0, 20), hold(room, 0, 60), hold(anh, 40, 60)}}
		meeting := Occupant{EventID: "event-0002", Kind: agenda.MeetingItem, ID: "m1", Start: at(60), End: at(90), Holds: []agenda.Hold{hold(anh, 60, 90)}}
		same(t, "both resources", near(0, 90, room, anh), []Occupant{panel, meeting})
		same(t, "asked twice", near(0, 90, room, anh, room), []Occupant{panel, meeting})
		panel.Holds, panel.End = []agenda.Hold{hold(anh, 0, 20)}, at(20)
		same(t, "half-open", near(-60, 40, anh), []Occupant{panel})
		same(t, "between", near(20, 40, anh), none[Occupant]())
		same(t, "touching", near(60, 61, anh), []Occupant{meeting})
		same(t, "nobody", near(0, 1000), none[Occupant]())
		write(t, s, func(tx *Tx) error { return tx.SetHolds("event-0002", agenda.MeetingItem, "m1", nil) })
		same(t, "given back", near(60, 90, anh), none[Occupant]())
	})
}

func TestWhatAPersonIsAtOneEvent(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		other := plainEvent(1)
		write(t, s, func(tx *Tx) error {
			return errors.Join(insertFull(tx), tx.InsertEvent(other), tx.AddParticipant(other.ID, "person-full"))
		})
		p := fullPerson()
		p.Buffer, p.Interprets, p.Revision = agenda.Buffer{After: 20}, []agenda.Pair{{A: "en", B: "fr"}}, p.Revision+1
		write(t, s, func(tx *Tx) error { return tx.UpdatePerson("e-full", p) })
		read(t, s, func(tx *Tx) error {
			same(t, "person", must[agenda.Person](t)(tx.Person("e-full", "person-full")), p)
			there := p
			there.Buffer, there.Interprets = agenda.Buffer{}, nil
			same(t, "person at another event", must[agenda.Person](t)(tx.Person(other.ID, "person-full")), there)
			same(t, "interpreters", must[[]agenda.Person](t)(tx.Interpreters("e-full")), []agenda.Person{p})
			same(t, "interpreters at another event", must[[]agenda.Person](t)(tx.Interpreters(other.ID)), []agenda.Person(nil))
			return nil
		})
	})
}

func TestStandInsStay(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		in := agenda.StandIn{ID: "s1", EventID: "e-full", MeetingID: "meeting-full", OldID: "person-full", NewID: "person-0002", Role: agenda.Principal,
			Was: agenda.NoteTaker, Note: "ill", By: "Anna", Created: at(3)}
		back := agenda.StandIn{ID: "s2", EventID: "e-full", MeetingID: "meeting-full", OldID: "person-0002", NewID: "person-full", Role: agenda.Principal,
			By: "Anna", Created: at(4)}
		write(t, s, func(tx *Tx) error { return errors.Join(insertFull(tx), tx.InsertStandIns([]agenda.StandIn{back, in})) })
		read(t, s, func(tx *Tx) error {
			same(t, "stand-ins", must[[]agenda.StandIn](t)(tx.StandIns("e-full", "meeting-full")), []agenda.StandIn{in, back})
			same(t, "stand-ins of one", must[[]agenda.StandIn](t)(tx.StandInsOf("e-full", "person-0002")), []agenda.StandIn{in, back})
			same(t, "all", must[[]agenda.StandIn](t)(tx.AllStandIns("e-full")), []agenda.StandIn{in, back})
			same(t, "of another event", must[[]agenda.StandIn](t)(tx.StandIns("e-none", "meeting-full")), []agenda.StandIn(nil))
			return nil
		})
		write(t, s, func(tx *Tx) error {
			by := plainPerson(9)
			return errors.Join(tx.ForgetPerson("e-full", "person-full", at(5)), tx.ReplacePerson("e-full", "person-full", by))
		})
		read(t, s, func(tx *Tx) error {
			in, back := in, back
			in.OldID, back.NewID, in.Note = plainPerson(9).ID, plainPerson(9).ID, ""
			same(t, "after an erasure", must[[]agenda.StandIn](t)(tx.StandIns("e-full", "meeting-full")), []agenda.StandIn{in, back})
			return nil
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteMeeting("e-full", "meeting-full", fullMeeting().Revision) })
		read(t, s, func(tx *Tx) error {
			same(t, "after the meeting", must[[]agenda.StandIn](t)(tx.AllStandIns("e-full")), []agenda.StandIn(nil))
			return nil
		})
	})
}
