package store

import (
	"fmt"
	"testing"

	"plenary/internal/agenda"
)

func TestPanelFilters(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 3)
		yes, no := true, false
		minister := plainPerson(50)
		minister.Name = "Nguyễn Mạnh Hùng"
		part := func(person agenda.ID) []agenda.Speaker {
			return []agenda.Speaker{{PersonID: person, Role: agenda.Chair, Status: agenda.Declined}}
		}
		// at(0) is 19:00 of the 27th at the event; at(300) is midnight.
		a, b, c, d := plainPanel(event, 1), plainPanel(event, 2), plainPanel(event, 3), plainPanel(event, 4)
		a.Slot, a.TrackID, a.Title = slot("room-0001", 0, 30), "track-0001", agenda.Text{"vi": "Chuyển đổi số 100%", "en": "Digital"}
		b.Slot, b.Format, b.Speakers = slot("room-0002", 299, 400), agenda.FormatKeynote, part("person-0050")
		c.Slot, c.Cancelled = slot("room-0001", 300, 330), true
		c.Interventions = []agenda.Intervention{{ID: "v", Title: agenda.Text{"fr": "L'œuvre_x"}, Speakers: part("person-0001")}}
		d.Abstract = agenda.Text{"en": "about DIGITAL things"}
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertPerson(event, minister); err != nil {
				return err
			}
			for _, p := range []agenda.Panel{a, b, c, d} {
				if err := tx.InsertPanel(p); err != nil {
					return err
				}
			}
			return nil
		})
		for _, f := range []struct {
			filter PanelFilter
			want   []agenda.Panel
		}{
			{PanelFilter{}, []agenda.Panel{a, b, c, d}},
			{PanelFilter{Track: "track-0001"}, []agenda.Panel{a}},
			{PanelFilter{Room: "room-0001"}, []agenda.Panel{a, c}},
			{PanelFilter{Person: "person-0050"}, []agenda.Panel{b}},
			{PanelFilter{Person: "person-0001"}, []agenda.Panel{c}},
			{PanelFilter{Person: "person-0002"}, nil},
			{PanelFilter{Day: "2025-10-27"}, []agenda.Panel{a, b}},
			{PanelFilter{Day: "2025-10-28"}, []agenda.Panel{c}},
			{PanelFilter{Day: "2025-10-2"}, nil},
			{PanelFilter{Format: agenda.FormatKeynote}, []agenda.Panel{b}},
			{PanelFilter{Scheduled: &yes}, []agenda.Panel{a, b, c}},
			{PanelFilter{Scheduled: &no}, []agenda.Panel{d}},
			{PanelFilter{Cancelled: &yes}, []agenda.Panel{c}},
			{PanelFilter{Cancelled: &no}, []agenda.Panel{a, b, d}},
			{PanelFilter{Query: "digital"}, []agenda.Panel{a, d}},
			{PanelFilter{Query: "  DOI  chuyen so"}, []agenda.Panel{a}},
			{PanelFilter{Query: "100%"}, []agenda.Panel{a}},
			{PanelFilter{Query: "1%0"}, nil},
			{PanelFilter{Query: "p0003"}, []agenda.Panel{c}},
			{PanelFilter{Query: "oeuvre_"}, []agenda.Panel{c}},
			{PanelFilter{Query: "_oeuvre"}, nil},
			{PanelFilter{Query: "hung nguyen"}, []agenda.Panel{b}},
			{PanelFilter{Query: "hung nguyen", Nameless: true}, nil},
			{PanelFilter{Query: "hùng panel"}, []agenda.Panel{b}},
			{PanelFilter{Query: "Person"}, []agenda.Panel{c}},
			{PanelFilter{Query: "' OR '1'='1"}, nil},
			{PanelFilter{Query: "!"}, nil},
			{PanelFilter{Query: "digital\x00zz"}, nil},
			{PanelFilter{Query: "\xff"}, []agenda.Panel{a, b, c, d}},
			{PanelFilter{Room: "room-0001", Cancelled: &no, Day: "2025-10-27", Query: "digital"}, []agenda.Panel{a}},
		} {
			read(t, s, func(tx *Tx) error {
				got, _, err := tx.Panels(event, f.filter, Page{})
				same(t, fmt.Sprintf("%+v", f.filter), got, f.want)
				return err
			})
		}
	})
}

func TestOtherFilters(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		event := populate(t, s, 0)
		people := []agenda.Person{{ID: "1", Name: "Émile Zola", Country: "FR", Revision: 1}, {ID: "2", Name: "đinh Bộ Lĩnh", Country: "VN",
			Organization: agenda.Text{"en": "Ministry of <Foreign> Affairs"}, Revision: 1}, {ID: "3", Name: "Eva", Email: "e@x.org", Revision: 1},
			{ID: "4", Name: "Zoë", Country: "FR", Revision: 1}, {ID: "5", Name: "ÉMILE ZOLA", Revision: 1}}
		first, second, third := plainMeeting(event, 1), plainMeeting(event, 2), plainMeeting(event, 3)
		first.Sides[1].Delegates = []agenda.Delegate{{PersonID: "2", Role: agenda.Principal, Answer: agenda.DeclinedIt}}
		second.Slot, second.Status, second.Updated = slot("room-0001", 0, 30), agenda.MeetingAccepted, at(5)
		second.Sides[0].Delegates = []agenda.Delegate{{PersonID: "2", Role: agenda.DelegateMember, Answer: agenda.Accepted}}
		third.Slot = slot("", 400, 430)
		mine := plainAvailability(event, 2)
		mine.Resource = agenda.Resource{Kind: agenda.PersonResource, ID: "2"}
		rooms := plainAvailability(event, 1)
		rooms.Resource.ID = "room-0001"
		other := plainEvent(2)
		other.StartDate, other.EndDate, other.Name = "2026-01-01", "2026-01-02", agenda.Text{"vi": "Diễn đàn"}
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertRoom(plainRoom(event, 1)); err != nil {
				return err
			}
			for _, p := range people {
				if err := tx.InsertPerson(event, p); err != nil {
					return err
				}
			}
			for _, err := range []error{tx.InsertMeeting(first), tx.InsertMeeting(second), tx.InsertMeeting(third), tx.InsertAvailability(mine),
				tx.InsertAvailability(rooms), tx.InsertEvent(other)} {
				if err != nil {
					return err
				}
			}
			return tx.InsertRelease(Release{ID: "r", EventID: event, Number: 1})
		})
		read(t, s, func(tx *Tx) error {
			found := func(f PersonFilter) string {
				list, _, err := tx.People(event, f, Page{})
				return fmt.Sprint(ids(must[[]agenda.Person](t)(list, err), func(p agenda.Person) agenda.ID { return p.ID }))
			}
			same(t, "by name", found(PersonFilter{}), "[2 1 5 3 4]")
			same(t, "country", found(PersonFilter{Country: "FR"}), "[1 4]")
			same(t, "name", found(PersonFilter{Query: "emile ZOLA"}), "[1 5]")
			same(t, "organization", found(PersonFilter{Query: "<foreign> DINH"}), "[2]")
			same(t, "address", found(PersonFilter{Query: "E@x", Contacts: true}), "[3]")
			same(t, "address, which may not be seen", found(PersonFilter{Query: "E@x"}), "[]")
			some := must[[]agenda.Person](t)(tx.PeopleByID(event, []agenda.ID{"4", "none", "1", "4"}))
			same(t, "by ID", fmt.Sprint(ids(some, func(p agenda.Person) agenda.ID { return p.ID })), "[1 4]")

			meetings := func(f MeetingFilter) string {
				list, _, err := tx.Meetings(event, f, Page{})
				return fmt.Sprint(ids(must[[]agenda.Meeting](t)(list, err), func(m agenda.Meeting) agenda.ID { return m.ID[8:] }))
			}
			same(t, "all", meetings(MeetingFilter{}), "[0002 0003 0001]")
			same(t, "updated", meetings(MeetingFilter{Sort: "updated"}), "[0002 0001 0003]")
			same(t, "person", meetings(MeetingFilter{Person: "2"}), "[0002 0001]")
			same(t, "room", meetings(MeetingFilter{Room: "room-0001"}), "[0002]")
			same(t, "status", meetings(MeetingFilter{Status: agenda.MeetingRequested}), "[0003 0001]")
			same(t, "day", meetings(MeetingFilter{Day: "2025-10-28"}), "[0003]")
			of := must[[]agenda.Meeting](t)(tx.MeetingsOf(event, "2"))
			same(t, "of a person", of, []agenda.Meeting{second, first})
			same(t, "by ID", must[[]agenda.Meeting](t)(tx.MeetingsByID(event, []agenda.ID{"meeting-0003", "x"})), []agenda.Meeting{third})

			list, _, err := tx.Availabilities(event, AvailabilityFilter{Resource: &mine.Resource}, Page{})
			same(t, "availability of a person", must[[]agenda.Availability](t)(list, err), []agenda.Availability{mine})
			list, _, err = tx.Availabilities(event, AvailabilityFilter{Resource: &rooms.Resource}, Page{})
			same(t, "availability of a room", must[[]agenda.Availability](t)(list, err), []agenda.Availability{rooms})
			same(t, "all of them", must[[]agenda.Availability](t)(tx.AllAvailabilities(event)), []agenda.Availability{rooms, mine})
			same(t, "of resources", must[[]agenda.Availability](t)(tx.AvailabilitiesOf(event, []agenda.Resource{mine.Resource, rooms.Resource,
				{Kind: agenda.RoomResource, ID: "2"}})), []agenda.Availability{rooms, mine})

			events := func(f EventFilter) string {
				list, _, err := tx.Events(f, Page{})
				return fmt.Sprint(ids(must[[]agenda.Event](t)(list, err), func(e agenda.Event) agenda.ID { return e.ID[6:] }))
			}
			same(t, "events", events(EventFilter{}), "[0002 0001]")
			same(t, "events by ID", events(EventFilter{IDs: []agenda.ID{event, "none"}}), "[0001]")
			same(t, "no events", events(EventFilter{IDs: []agenda.ID{}}), "[]")
			same(t, "events by words", events(EventFilter{Query: "dien dan"}), "[0002]")
			same(t, "published", must[[]agenda.Event](t)(tx.PublishedEvents()), []agenda.Event{plainEvent(1)})
			return nil
		})
	})
}
