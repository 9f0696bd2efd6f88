package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/internal/agenda"
)

// personalLink is one of the full event's person.
func personalLink(id agenda.ID) agenda.PersonalLink {
	return agenda.PersonalLink{ID: id, EventID: "e-full", PersonID: "person-full", Hash: "hash " + string(id), CodeHash: "code " + string(id),
		Created: at(1), Expires: at(900), MadeBy: "account", Mailed: true}
}

// fillPersonal puts something into each table of personal links.
func fillPersonal(tx *Tx) error {
	now := at(3)
	return errors.Join(tx.InsertPersonalLink(personalLink("l")),
		tx.InsertVisit(agenda.Visit{Hash: "v", LinkID: "l", Created: at(2), Expires: at(500), Confirmed: &now}),
		tx.PutDeskCode(agenda.DeskCode{EventID: "e-full", PersonID: "person-full", VisitCode: agenda.VisitCode{Hash: "d", Expires: at(4)}, MadeBy: "a"}),
		tx.VouchAddress("e-full", "person-full", "a@example.org", at(1)),
		tx.PutPersonalSettings("e-full", "person-full", agenda.PersonalSettings{Seen: 1}),
		tx.PutPersonalSettings("e-full", "person-full", fullSettings()))
}

// fullSettings have something everywhere.
func fullSettings() agenda.PersonalSettings {
	return agenda.PersonalSettings{Zone: "Europe/Paris", Seen: 3, Undo: agenda.Undo{Kind: agenda.UndoAnswer, ID: "panel-full", Revision: 7, Until: at(9),
		Statuses: []agenda.SpeakerStatus{agenda.Invited, agenda.Declined}, Answer: agenda.Accepted, Start: "2025-10-27T09:00:00", End: "2025-10-27T10:00:00", Note: "Ghi chú"}}
}

func TestPersonalLinksComeBackAsTheyWere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, fillPersonal)
		want := personalLink("l")
		now := at(3)
		read(t, s, func(tx *Tx) error {
			same(t, "by hash", must[agenda.PersonalLink](t)(tx.PersonalLinkByHash("hash l")), want)
			same(t, "by code", must[agenda.PersonalLink](t)(tx.PersonalLinkByCode("code l")), want)
			list, _, err := tx.PersonalLinks("e-full", "person-full", Page{})
			same(t, "list", must[[]agenda.PersonalLink](t)(list, err), []agenda.PersonalLink{want})
			v, l, err := tx.VisitByHash("v")
			same(t, "visit", must[agenda.Visit](t)(v, err), agenda.Visit{Hash: "v", LinkID: "l", Created: at(2), Expires: at(500), Confirmed: &now})
			same(t, "its link", l, want)
			same(t, "address", must[string](t)(tx.VouchedAddress("e-full", "person-full")), "a@example.org")
			settings, found, err := tx.PersonalSettings("e-full", "person-full")
			same(t, "settings", must[agenda.PersonalSettings](t)(settings, err), fullSettings())
			none, missing, err := tx.PersonalSettings("e-full", "nobody")
			if same(t, "no settings", must[agenda.PersonalSettings](t)(none, err), agenda.PersonalSettings{}); !found || missing {
				t.Error("it does not say of which person there are settings")
			}
			vouched, err := tx.VouchedAddresses("e-full", []agenda.ID{"person-full", "nobody"})
			same(t, "addresses", must[map[agenda.ID]string](t)(vouched, err), map[agenda.ID]string{"person-full": "a@example.org"})
			same(t, "no address", must[string](t)(tx.VouchedAddress("e-full", "nobody")), "")
			return nil
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { _, err := tx.PersonalLink("other", "l"); return err })
		refused(t, s, agenda.NotFound, func(tx *Tx) error { return tx.RevokePersonalLink("other", "l", at(5)) })
		stranger := personalLink("x")
		stranger.PersonID = "nobody"
		refused(t, s, agenda.Invalid, func(tx *Tx) error { return tx.InsertPersonalLink(stranger) })
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.RevokePersonalLink("e-full", "l", at(5)), tx.RevokePersonalLink("e-full", "l", at(7)), tx.TouchPersonalLink("l", at(6)))
		})
		read(t, s, func(tx *Tx) error {
			l := must[agenda.PersonalLink](t)(tx.PersonalLink("e-full", "l"))
			if l.Revoked == nil || !l.Revoked.Equal(at(5)) || l.LastUsed == nil || !l.LastUsed.Equal(at(6)) {
				t.Errorf("revoked %v, used %v", l.Revoked, l.LastUsed)
			}
			return nil
		})
	})
}

func TestALeavingPersonTakesTheirLinksAlong(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			gone := personalLink("gone")
			gone.PersonID = "p4"
			odd := plainPerson(4)
			odd.ID = "p4"
			return errors.Join(tx.InsertPerson("e-full", odd), tx.InsertPersonalLink(gone),
				tx.InsertVisit(agenda.Visit{Hash: "v", LinkID: "gone", Created: at(2), Expires: at(500)}),
				tx.PutDeskCode(agenda.DeskCode{EventID: "e-full", PersonID: "p4", VisitCode: agenda.VisitCode{Hash: "d", Expires: at(4)}}),
				tx.VouchAddress("e-full", "p4", "a@example.org", at(1)),
				tx.PutPersonalSettings("e-full", "p4", agenda.PersonalSettings{Zone: "Europe/Paris"}),
				tx.DeletePerson("e-full", "p4", odd.Revision))
		})
		for _, table := range []string{"personal_links", "personal_visits", "desk_codes", "vouched_addresses", "personal_pages"} {
			if n := count(t, s, table); n != 0 {
				t.Errorf("%s has %d rows of a person who left", table, n)
			}
		}
		write(t, s, fillPersonal)
		write(t, s, func(tx *Tx) error {
			e := must[agenda.Event](t)(tx.Event("e-full"))
			return tx.DeleteEvent("e-full", e.Revision)
		})
		for _, table := range []string{"personal_links", "personal_visits", "desk_codes", "vouched_addresses", "personal_pages"} {
			if n := count(t, s, table); n != 0 {
				t.Errorf("%s has %d rows of an event that was deleted", table, n)
			}
		}
	})
}

func TestVisitsThatAreManyEndTheOldest(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		confirmed := at(3)
		write(t, s, func(tx *Tx) error {
			err := errors.Join(tx.InsertPersonalLink(personalLink("l")),
				tx.InsertVisit(agenda.Visit{Hash: "confirmed", LinkID: "l", Created: at(0), Expires: at(500), Confirmed: &confirmed}),
				tx.InsertVisit(agenda.Visit{Hash: "ended", LinkID: "l", Created: at(0), Expires: at(1)}))
			for i := range maxVisits + 7 {
				err = errors.Join(err, tx.InsertVisit(agenda.Visit{Hash: fmt.Sprint("v", i), LinkID: "l", Created: at(i + 2), Expires: at(900)}))
			}
			return err
		})
		if n := count(t, s, "personal_visits"); n != maxVisits+1 {
			t.Errorf("%d visits, want %d and one that is confirmed", n, maxVisits)
		}
		read(t, s, func(tx *Tx) error {
			for _, hash := range []string{"confirmed", fmt.Sprint("v", maxVisits+6), "v7"} {
				if _, _, err := tx.VisitByHash(hash); err != nil {
					t.Errorf("%s: %v", hash, err)
				}
			}
			return nil
		})
		refused(t, s, agenda.NotFound, func(tx *Tx) error { _, _, err := tx.VisitByHash("v6"); return err })
	})
}

// TestTriesAtOnceAreCounted tries a code from many sides at the same time: no more of them get to see its hash than may.
func TestTriesAtOnceAreCounted(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, fillPersonal)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.SetVisitCode("v", agenda.VisitCode{Hash: "six", Expires: at(50)}),
				tx.PutDeskCode(agenda.DeskCode{EventID: "e-full", PersonID: "person-full", VisitCode: agenda.VisitCode{Hash: "ten", Expires: at(50)}}))
		})
		for want, try := range map[string]func(tx *Tx) (string, error){
			"six": func(tx *Tx) (string, error) { return tx.TryVisitCode("v", at(49)) },
			"ten": func(tx *Tx) (string, error) { return tx.TryDeskCode("e-full", "person-full", at(49)) },
		} {
			var seen atomic.Int64
			var wg sync.WaitGroup
			for range 40 {
				wg.Go(func() {
					err := s.Write(t.Context(), func(tx *Tx) error {
						got, err := try(tx)
						if err == nil && got != "" {
							if got != want {
								t.Errorf("the hash is %q", got)
							}
							seen.Add(1)
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if seen.Load() != agenda.MaxCodeTries {
				t.Errorf("%s: %d tries saw the hash, want %d", want, seen.Load(), agenda.MaxCodeTries)
			}
		}
		write(t, s, func(tx *Tx) error { return tx.SetVisitCode("v", agenda.VisitCode{Hash: "six", Expires: at(50)}) })
		write(t, s, func(tx *Tx) error {
			if got, err := tx.TryVisitCode("v", at(50)); got != "" || err != nil {
				t.Errorf("a code that is too old: %q, %v", got, err)
			}
			return errors.Join(tx.ConfirmVisit("v", at(9)), tx.UnconfirmVisits("e-full", "person-full", "another"))
		})
		read(t, s, func(tx *Tx) error {
			v, _, err := tx.VisitByHash("v")
			if err != nil || v.Confirmed != nil || v.Code != (agenda.VisitCode{}) {
				t.Errorf("after it was taken back: %+v, %v", v, err)
			}
			return nil
		})
	})
}

// TestAttemptsAtOnceAreCounted notes what is tried under one key from many sides: who holds the lock sees all before.
func TestAttemptsAtOnceAreCounted(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		const most = 10
		var passed, ids atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				err := s.Write(t.Context(), func(tx *Tx) error {
					if err := tx.LockAttempts("key"); err != nil {
						return err
					}
					n, _, err := tx.Attempts("key", at(0), at(1000))
					if err != nil || n >= most {
						return err
					}
					passed.Add(1)
					return tx.InsertAttempt(agenda.ID(fmt.Sprint(ids.Add(1))), "key", at(1).Add(time.Minute))
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if passed.Load() != most {
			t.Errorf("%d passed, want %d", passed.Load(), most)
		}
	})
}
