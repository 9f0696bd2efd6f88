package store

import (
	"errors"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

func TestTheDatabaseRefuses(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			return errors.Join(tx.InsertEvent(plainEvent(1)), tx.InsertRoom(plainRoom("event-0001", 9)),
				tx.InsertTrack(plainTrack("event-0001", 9)), tx.InsertPerson("event-0001", plainPerson(9)),
				tx.InsertToken(agenda.Token{ID: "t1", Scopes: agenda.ReadVerbs, Hash: "same"}),
				tx.InsertRelease(Release{ID: "r1", EventID: "e-full", Number: 1}),
				tx.Remember("actor", "key", "f", "n", at(0)))
		})
		panel := func(change func(*agenda.Panel)) func(tx *Tx) error {
			return func(tx *Tx) error { p := plainPanel("e-full", 7); change(&p); return tx.InsertPanel(p) }
		}
		meeting := func(change func(*agenda.Meeting)) func(tx *Tx) error {
			return func(tx *Tx) error { m := plainMeeting("e-full", 7); change(&m); return tx.InsertMeeting(m) }
		}
		delegates := func(list ...agenda.Delegate) func(tx *Tx) error {
			return meeting(func(m *agenda.Meeting) { m.Sides[1].Delegates = list })
		}
		for _, c := range []struct {
			what    string
			code    agenda.Code
			message string
			fn      func(tx *Tx) error
		}{
			{"slug", agenda.Taken, `The slug "vidw-2025" is in use.`, func(tx *Tx) error { e := plainEvent(2); e.Slug = "vidw-2025"; return tx.InsertEvent(e) }},
			{"slug on update", agenda.Taken, `The slug "vidw-2025" is in use.`, func(tx *Tx) error {
				e := plainEvent(1)
				e.Slug, e.Revision = "vidw-2025", 2
				return tx.UpdateEvent(e)
			}},
			{"event ID", agenda.Taken, "This event exists already.", func(tx *Tx) error { e := plainEvent(1); e.Slug = "other"; return tx.InsertEvent(e) }},
			{"code", agenda.Taken, `The code "ABC123" is in use.`, panel(func(p *agenda.Panel) { p.Code = "ABC123" })},
			{"UID", agenda.Taken, "UID", panel(func(p *agenda.Panel) { p.UID = "full@plenary" })},
			{"speaker twice", agenda.Taken, "twice", panel(func(p *agenda.Panel) {
				one := agenda.Speaker{PersonID: "person-0002", Role: agenda.Chair, Status: agenda.Invited}
				p.Speakers = []agenda.Speaker{one, one}
			})},
			{"intervention of another", agenda.Taken, "another panel's", panel(func(p *agenda.Panel) { p.Interventions = []agenda.Intervention{{ID: "v-1"}} })},
			{"token", agenda.Taken, "token exists", func(tx *Tx) error {
				return tx.InsertToken(agenda.Token{ID: "t2", Scopes: agenda.ReadVerbs, Hash: "same"})
			}},
			{"release number", agenda.Taken, "Release 1 is published already.", func(tx *Tx) error {
				return tx.InsertRelease(Release{ID: "r2", EventID: "e-full", Number: 1})
			}},
			{"idempotency key", agenda.Taken, "same idempotency key", func(tx *Tx) error { return tx.Remember("actor", "key", "g", "m", at(1)) }},
			{"participant", agenda.Taken, "takes part in the event already", func(tx *Tx) error { return tx.AddParticipant("e-full", "person-full") }},
			{"two principals", agenda.Taken, "two principals", delegates(
				agenda.Delegate{PersonID: "person-0002", Role: agenda.Principal, Answer: agenda.Accepted},
				agenda.Delegate{PersonID: "person-0003", Role: agenda.Principal, Answer: agenda.Accepted})},
			{"delegate twice", agenda.Taken, "twice", delegates(
				agenda.Delegate{PersonID: "person-0002", Role: agenda.Principal, Answer: agenda.Accepted},
				agenda.Delegate{PersonID: "person-0002", Role: agenda.DelegateMember, Answer: agenda.Accepted})},

			{"no event", agenda.Invalid, "", func(tx *Tx) error { return tx.InsertRoom(plainRoom("none", 77)) }},
			{"no person", agenda.Invalid, "no such event or person", func(tx *Tx) error { return tx.AddParticipant("e-full", "none") }},
			{"another's track", agenda.Invalid, "not this event's", panel(func(p *agenda.Panel) { p.TrackID = "track-0009" })},
			{"another's room", agenda.Invalid, "not this event's", panel(func(p *agenda.Panel) { p.Slot = slot("room-0009", 0, 9) })},
			{"another's speaker", agenda.Invalid, "not this event's", panel(func(p *agenda.Panel) {
				p.Speakers = []agenda.Speaker{{PersonID: "person-0009", Role: agenda.Chair, Status: agenda.Invited}}
			})},
			{"another's delegate", agenda.Invalid, "not this event's", delegates(
				agenda.Delegate{PersonID: "person-0009", Role: agenda.Principal, Answer: agenda.Accepted})},
			{"another's walk", agenda.Invalid, "not one of this event's", func(tx *Tx) error {
				r := plainRoom("e-full", 8)
				r.Walks = []agenda.Walk{{To: "room-0009", Minutes: 1}}
				return tx.InsertRoom(r)
			}},
			{"another's room moved to", agenda.Invalid, "not this event's", func(tx *Tx) error {
				return tx.MovePanel(agenda.Panel{ID: "panel-full", EventID: "e-full", Revision: 5, Slot: slot("room-0009", 0, 9)})
			}},
			{"feed", agenda.Invalid, "not one of this event's", func(tx *Tx) error {
				return tx.InsertFeed(feedFor("f", "e-full", "person-0009", "h", nil))
			}},
			{"stamp", agenda.Invalid, "no such event", func(tx *Tx) error {
				return tx.PutStamps("none", []agenda.Stamp{{UID: "u", Variant: "en"}})
			}},

			{"empty slot", agenda.Invalid, "can't be stored", panel(func(p *agenda.Panel) { p.Slot = slot("", 10, 10) })},
			{"format", agenda.Invalid, "can't be stored", panel(func(p *agenda.Panel) { p.Format = "panic" })},
			{"revision", agenda.Invalid, "can't be stored", panel(func(p *agenda.Panel) { p.Revision = 0 })},
			{"status", agenda.Invalid, "can't be stored", meeting(func(m *agenda.Meeting) { m.Status = "lost" })},
			{"answer", agenda.Invalid, "can't be stored", delegates(agenda.Delegate{PersonID: "person-0002", Role: agenda.DelegateMember, Answer: "?"})},
			{"dates", agenda.Invalid, "can't be stored", func(tx *Tx) error { e := plainEvent(3); e.EndDate = "2025-10-26"; return tx.InsertEvent(e) }},
			{"hold", agenda.Invalid, "can't be stored", func(tx *Tx) error {
				return tx.SetHolds("e-full", agenda.PanelItem, "x", []agenda.Hold{{Resource: agenda.Resource{Kind: agenda.RoomResource, ID: "r"}, Start: at(1), End: at(1)}})
			}},
			{"item kind", agenda.Invalid, "can't be stored", func(tx *Tx) error {
				return tx.SetHolds("e-full", agenda.ElsewhereIs, "x", []agenda.Hold{{Resource: agenda.Resource{Kind: agenda.RoomResource, ID: "r"}, Start: at(1), End: at(2)}})
			}},
			{"resource", agenda.Invalid, "can't be stored", func(tx *Tx) error {
				a := plainAvailability("e-full", 1)
				a.Resource.ID = ""
				return tx.InsertAvailability(a)
			}},
		} {
			t.Run(c.what, func(t *testing.T) {
				e := refused(t, s, c.code, c.fn)
				if !strings.Contains(e.Message, c.message) || e.Err == nil {
					t.Errorf("%q (%v); want %q", e.Message, e.Err, c.message)
				}
			})
		}
	})
}

func TestWhatIsUsedStays(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error {
			m := plainMeeting("e-full", 1)
			m.Topic, m.Slot = agenda.Text{"en": "secret"}, slot("room-0002", 0, 10)
			return tx.InsertMeeting(m)
		})
		for _, c := range []struct {
			what, message string
			fn            func(tx *Tx) error
		}{
			{"room of a panel", "The room is still used by panel ABC123.", func(tx *Tx) error { return tx.DeleteRoom("e-full", "room-0001", 3) }},
			{"room of a meeting", "The room is still used by a meeting.", func(tx *Tx) error { return tx.DeleteRoom("e-full", "room-0002", 3) }},
			{"track", "The track is still used by panel ABC123.", func(tx *Tx) error { return tx.DeleteTrack("e-full", "track-full", 2) }},
			{"speaker", "The person is still used by panel ABC123.", func(tx *Tx) error { return tx.DeletePerson("e-full", "person-full", 9) }},
			{"delegate", "The person is still used by a meeting.", func(tx *Tx) error { return tx.DeletePerson("e-full", "person-0003", 1) }},
		} {
			t.Run(c.what, func(t *testing.T) {
				e := refused(t, s, agenda.Taken, c.fn)
				same(t, "message", e.Message, c.message)
			})
		}
		// The foreign keys say the same when nobody looks first.
		for _, statement := range []string{"DELETE FROM rooms", "DELETE FROM tracks", "DELETE FROM participants", "DELETE FROM people"} {
			e := refused(t, s, agenda.Taken, func(tx *Tx) error {
				return fault("test", tx.db.Exec(statement).Error, wording{used: "It is still used."})
			})
			same(t, statement, e.Message, "It is still used.")
		}
	})
}

// Every word of the domain's lists is one that the schema takes.
func TestTheSchemaKnowsTheDomainsWords(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 1)
		n := 0
		try := func(what string, fn func(tx *Tx) error) {
			n++
			if err := s.Write(t.Context(), fn); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		panel := func(what string, change func(*agenda.Panel)) {
			try(what, func(tx *Tx) error { p := plainPanel(event, n); change(&p); return tx.InsertPanel(p) })
		}
		meeting := func(what string, change func(*agenda.Meeting)) {
			try(what, func(tx *Tx) error { m := plainMeeting(event, n); change(&m); return tx.InsertMeeting(m) })
		}
		speaker := func(role agenda.Role, status agenda.SpeakerStatus) {
			list := []agenda.Speaker{{PersonID: "person-0001", Role: role, Status: status}}
			panel(string(role+"/")+string(status), func(p *agenda.Panel) {
				p.Speakers, p.Interventions = list, []agenda.Intervention{{ID: id("v", n), Speakers: list}}
			})
		}
		delegate := func(role agenda.DelegateRole, answer agenda.Answer) {
			meeting(string(role+"/")+string(answer), func(m *agenda.Meeting) {
				m.Sides[0].Delegates = []agenda.Delegate{{PersonID: "person-0001", Role: role, Answer: answer}}
			})
		}
		for _, f := range agenda.Formats {
			panel(string(f), func(p *agenda.Panel) { p.Format = f })
		}
		for _, role := range agenda.Roles {
			speaker(role, agenda.Invited)
		}
		for _, status := range agenda.SpeakerStatuses {
			speaker(agenda.Chair, status)
		}
		for _, status := range agenda.MeetingStatuses {
			meeting(string(status), func(m *agenda.Meeting) { m.Status = status })
		}
		for _, v := range agenda.Visibilities {
			meeting(string(v), func(m *agenda.Meeting) { m.Visibility = v })
		}
		for _, role := range agenda.DelegateRoles {
			delegate(role, agenda.Accepted)
		}
		for _, answer := range agenda.Answers {
			delegate(agenda.DelegateMember, answer)
		}
		for _, kind := range agenda.RoomKinds {
			try(string(kind), func(tx *Tx) error { r := plainRoom(event, 100+n); r.Kind = kind; return tx.InsertRoom(r) })
		}
		for _, kind := range agenda.ResourceKinds {
			try(string(kind), func(tx *Tx) error {
				return tx.SetHolds(event, agenda.MeetingItem, "m", []agenda.Hold{{Resource: agenda.Resource{Kind: kind, ID: "x"}, Start: at(0), End: at(1)}})
			})
		}
	})
}
