package store

import (
	"testing"

	"plenary/internal/agenda"
)

// editable is a noun with a revision, and what can be done to it.
type editable struct {
	name   string
	update func(tx *Tx, revision int) error // to the revision given
	delete func(tx *Tx, revision int) error
	get    func(tx *Tx) (any, error)
}

func editables(event agenda.ID) []editable {
	return []editable{
		{"room", func(tx *Tx, n int) error {
			r := plainRoom(event, 1)
			r.Revision = n
			r.Capacity = 5
			return tx.UpdateRoom(r)
		},
			func(tx *Tx, n int) error { return tx.DeleteRoom(event, "room-0001", n) },
			func(tx *Tx) (any, error) { return tx.Room(event, "room-0001") }},
		{"track", func(tx *Tx, n int) error {
			r := plainTrack(event, 1)
			r.Revision = n
			r.Color = "#000000"
			return tx.UpdateTrack(r)
		},
			func(tx *Tx, n int) error { return tx.DeleteTrack(event, "track-0001", n) },
			func(tx *Tx) (any, error) { return tx.Track(event, "track-0001") }},
		{"person", func(tx *Tx, n int) error {
			p := plainPerson(1)
			p.Revision = n
			p.Country = "FR"
			return tx.UpdatePerson(event, p)
		},
			func(tx *Tx, n int) error { return tx.DeletePerson(event, "person-0001", n) },
			func(tx *Tx) (any, error) { return tx.Person(event, "person-0001") }},
		{"panel", func(tx *Tx, n int) error {
			p := plainPanel(event, 1)
			p.Revision = n
			p.Number = 5
			return tx.UpdatePanel(p)
		},
			func(tx *Tx, n int) error { return tx.DeletePanel(event, "panel-0001", n) },
			func(tx *Tx) (any, error) { return tx.Panel(event, "panel-0001") }},
		{"move", func(tx *Tx, n int) error {
			p := plainPanel(event, 2)
			p.Revision = n
			p.Slot = slot("room-0002", 0, 30)
			return tx.MovePanel(p)
		},
			func(tx *Tx, n int) error { return tx.DeletePanel(event, "panel-0002", n) },
			func(tx *Tx) (any, error) { return tx.Panel(event, "panel-0002") }},
		{"meeting", func(tx *Tx, n int) error {
			m := plainMeeting(event, 1)
			m.Revision = n
			m.Notes = "x"
			return tx.UpdateMeeting(m)
		},
			func(tx *Tx, n int) error { return tx.DeleteMeeting(event, "meeting-0001", n) },
			func(tx *Tx) (any, error) { return tx.Meeting(event, "meeting-0001") }},
		{"availability", func(tx *Tx, n int) error {
			a := plainAvailability(event, 1)
			a.Revision = n
			a.Note = "x"
			return tx.UpdateAvailability(a)
		},
			func(tx *Tx, n int) error { return tx.DeleteAvailability(event, "availability-0001", n) },
			func(tx *Tx) (any, error) { return tx.Availability(event, "availability-0001") }},
		{"event", func(tx *Tx, n int) error {
			e := plainEvent(1)
			e.Revision = n
			e.Website = "https://x"
			return tx.UpdateEvent(e)
		},
			func(tx *Tx, n int) error { return tx.DeleteEvent(event, n) },
			func(tx *Tx) (any, error) { return tx.Event(event) }},
	}
}

func plainAvailability(event agenda.ID, n int) agenda.Availability {
	return agenda.Availability{ID: id("availability", n), EventID: event, Start: moment(n), End: moment(n + 60), Revision: 1,
		Resource: agenda.Resource{Kind: agenda.RoomResource, ID: "room-0002"}, Created: at(0), Updated: at(0)}
}

func TestEditsNeedTheRevisionThatIsThere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 2)
		write(t, s, func(tx *Tx) error {
			for _, err := range []error{tx.InsertPanel(plainPanel(event, 1)), tx.InsertPanel(plainPanel(event, 2)),
				tx.InsertMeeting(plainMeeting(event, 1)), tx.InsertAvailability(plainAvailability(event, 1))} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		for _, noun := range editables(event) {
			t.Run(noun.name, func(t *testing.T) { editsNeedTheRevision(t, s, noun) })
		}
	})
}

func editsNeedTheRevision(t *testing.T, s *Store, noun editable) {
	current := func() any {
		var now any
		read(t, s, func(tx *Tx) (err error) { now, err = noun.get(tx); return err })
		return now
	}
	before := current()
	for _, revision := range []int{1, 3, 100} {
		e := refused(t, s, agenda.Stale, func(tx *Tx) error { return noun.update(tx, revision) })
		same(t, "present state", e.Current, before)
	}
	same(t, "unchanged", current(), before)

	write(t, s, func(tx *Tx) error { return noun.update(tx, 2) })
	after := current()
	e := refused(t, s, agenda.Stale, func(tx *Tx) error { return noun.update(tx, 2) })
	same(t, "present state after an update", e.Current, after)
	for _, revision := range []int{0, 1, 3} {
		e := refused(t, s, agenda.Stale, func(tx *Tx) error { return noun.delete(tx, revision) })
		same(t, "present state on delete", e.Current, after)
	}

	write(t, s, func(tx *Tx) error { return noun.delete(tx, 2) })
	refused(t, s, agenda.NotFound, func(tx *Tx) error { _, err := noun.get(tx); return err })
	refused(t, s, agenda.NotFound, func(tx *Tx) error { return noun.update(tx, 3) })
	refused(t, s, agenda.NotFound, func(tx *Tx) error { return noun.delete(tx, 2) })
}

func TestUpdatesWriteWhatIsEmptyNow(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		event := agenda.Event{ID: "e-full", Slug: "s", Revision: 8, Created: fullEvent().Created}
		room := agenda.Room{ID: "room-0002", EventID: "e-full", Kind: agenda.RoomHall, Revision: 4, Created: at(1)}
		track := agenda.Track{ID: "track-full", EventID: "e-full", Revision: 3, Created: at(1)}
		person := agenda.Person{ID: "person-full", Revision: 10, Created: at(1)}
		panel := agenda.Panel{ID: "panel-full", EventID: "e-full", UID: "full@plenary", Code: "C", Format: agenda.FormatTalk, Revision: 5,
			Created: at(1)}
		meeting := agenda.Meeting{ID: "meeting-full", EventID: "e-full", UID: "m@plenary", Quorum: agenda.QuorumPrincipals, Status: agenda.MeetingExpired,
			Visibility: agenda.VisibleToParticipants, Revision: 3, Created: at(1)}
		free := fullAvailability()
		free.Revision, free.Note, free.Resource = 3, "", agenda.Resource{Kind: agenda.RoomResource, ID: "room-0001"}
		write(t, s, func(tx *Tx) error {
			// What was at the beginning stays, whatever an update says.
			uid, created := panel, event
			uid.UID, uid.Created, created.Created = "another", at(500), at(500)
			for _, err := range []error{tx.UpdateEvent(created), tx.UpdateRoom(room), tx.UpdateTrack(track), tx.UpdatePanel(uid),
				tx.UpdateMeeting(meeting), tx.UpdatePerson("e-full", person), tx.UpdateAvailability(free)} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		read(t, s, func(tx *Tx) error {
			same(t, "event", must[agenda.Event](t)(tx.Event("e-full")), event)
			same(t, "room", must[agenda.Room](t)(tx.Room("e-full", "room-0002")), room)
			same(t, "track", must[agenda.Track](t)(tx.Track("e-full", "track-full")), track)
			same(t, "person", must[agenda.Person](t)(tx.Person("e-full", "person-full")), person)
			panel.Materials = fullPanel().Materials
			same(t, "panel", must[agenda.Panel](t)(tx.Panel("e-full", "panel-full")), panel)
			same(t, "meeting", must[agenda.Meeting](t)(tx.Meeting("e-full", "meeting-full")), meeting)
			same(t, "availability", must[agenda.Availability](t)(tx.Availability("e-full", "a-full")), free)
			return nil
		})
		for _, table := range []string{"panel_speakers", "interventions", "intervention_speakers", "delegates"} {
			same(t, table, count(t, s, table), int64(0))
		}
	})
}

func TestMoveChangesTheSlotOnly(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		moved := agenda.Panel{ID: "panel-full", EventID: "e-full", Revision: 5, Slot: slot("room-0002", 300, 310), Updated: at(9)}
		write(t, s, func(tx *Tx) error { return tx.MovePanel(moved) })
		want := fullPanel()
		want.Slot, want.Revision, want.Updated = moved.Slot, 5, at(9)
		read(t, s, func(tx *Tx) error {
			same(t, "moved", must[agenda.Panel](t)(tx.Panel("e-full", "panel-full")), want)
			return nil
		})
		moved.Slot, moved.Revision = nil, 6
		write(t, s, func(tx *Tx) error { return tx.MovePanel(moved) })
		want.Slot, want.Revision = nil, 6
		read(t, s, func(tx *Tx) error {
			same(t, "unscheduled", must[agenda.Panel](t)(tx.Panel("e-full", "panel-full")), want)
			return nil
		})
	})
}

func TestNounsOfAnotherEventAreNotThere(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		write(t, s, func(tx *Tx) error { return tx.InsertEvent(plainEvent(1)) })
		const other = "event-0001"
		room, panel, person := fullRoom(1), fullPanel(), fullPerson()
		room.EventID, panel.EventID = other, other
		room.Revision, panel.Revision, person.Revision = 4, 5, 10
		for what, fn := range map[string]func(tx *Tx) error{
			"room":          func(tx *Tx) error { _, err := tx.Room(other, "room-0001"); return err },
			"update room":   func(tx *Tx) error { return tx.UpdateRoom(room) },
			"delete room":   func(tx *Tx) error { return tx.DeleteRoom(other, "room-0002", 3) },
			"track":         func(tx *Tx) error { _, err := tx.Track(other, "track-full"); return err },
			"person":        func(tx *Tx) error { _, err := tx.Person(other, "person-full"); return err },
			"update person": func(tx *Tx) error { return tx.UpdatePerson(other, person) },
			"delete person": func(tx *Tx) error { return tx.DeletePerson(other, "person-full", 9) },
			"panel":         func(tx *Tx) error { _, err := tx.Panel(other, "panel-full"); return err },
			"panel by code": func(tx *Tx) error { _, err := tx.PanelByCode(other, "ABC123"); return err },
			"update panel":  func(tx *Tx) error { return tx.UpdatePanel(panel) },
			"move panel":    func(tx *Tx) error { return tx.MovePanel(panel) },
			"delete panel":  func(tx *Tx) error { return tx.DeletePanel(other, "panel-full", 4) },
			"meeting":       func(tx *Tx) error { _, err := tx.Meeting(other, "meeting-full"); return err },
			"availability":  func(tx *Tx) error { _, err := tx.Availability(other, "a-full"); return err },
			"release":       func(tx *Tx) error { _, err := tx.LatestReleaseHead(other); return err },
		} {
			t.Run(what, func(t *testing.T) { refused(t, s, agenda.NotFound, fn) })
		}
	})
}

// count gives how many rows a table has.
func count(t *testing.T, s *Store, table string) int64 {
	t.Helper()
	var n int64
	if err := s.reader.Table(table).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}
