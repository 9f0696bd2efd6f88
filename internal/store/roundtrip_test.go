package store

import (
	"testing"
	"time"

	"plenary/internal/agenda"
)

// both languages, with what JSON, SQL and HTML treat in a special way
func text(s string) agenda.Text {
	return agenda.Text{"vi": "Phiên " + s + " – Đà Nẵng", "en": s + " <b>&\"'`\\%_\n\t;--", "ar": "مرحبا", "ja": "𠮷"}
}

func fullEvent() agenda.Event {
	return agenda.Event{ID: "e-full", Slug: "vidw-2025", Name: text("name"), Description: text("description"),
		Zone: "Asia/Ho_Chi_Minh", StartDate: "2025-10-27", EndDate: "2025-10-29", Languages: []string{"vi", "en"},
		Venue: agenda.Venue{Name: text("venue"), Address: text("address"), Country: "VN",
			Place: &agenda.Place{Latitude: 16.0470797, Longitude: -108.20623000001}},
		Website: "https://example.org/?a=b&c", Accent: "#005bbb", BufferMinutes: 15, Revision: 7,
		Frame:   agenda.MeetingFrame{From: "07:30", Until: "24:00", Turnaround: 5, WorkMinutes: 90, RestMinutes: 20},
		Created: at(1).Add(123 * time.Millisecond), Updated: at(2).Add(999 * time.Millisecond)}
}

func fullRoom(n int, walks ...agenda.Walk) agenda.Room {
	return agenda.Room{ID: id("room", n), EventID: "e-full", Turnaround: &n, Name: text("room"), Description: text("up the stairs"),
		Kind: agenda.RoomTable, Capacity: 300, Position: n, Parallel: true, Walks: walks, Revision: 3, Created: at(1), Updated: at(2)}
}

func fullTrack() agenda.Track {
	return agenda.Track{ID: "track-full", EventID: "e-full", Name: text("track"), Description: text("about"), Color: "#005bbb",
		Position: 4, Revision: 2, Created: at(1), Updated: at(2)}
}

func fullPerson() agenda.Person {
	return agenda.Person{ID: "person-full", Name: "Nguyễn Mạnh Hùng", Honorific: text("H.E."), JobTitle: text("Minister"),
		Organization: text("Ministry"), Country: "VN", Bio: text("bio"), PhotoURL: "https://example.org/a.jpg", Photo: "photo.jpg",
		Email: "hung@example.org", Notes: "allergic to 'quotes'", Languages: []string{"vi", "fr", "en"}, Revision: 9,
		Interprets: []agenda.Pair{{A: "fr", B: "vi"}, {A: "en", B: "zh-Hans"}}, Buffer: agenda.Buffer{Before: 10, After: 5},
		Created: at(1), Updated: at(2)}
}

func fullPanel() agenda.Panel {
	zero, ten := 0, 10
	s := slot("room-0001", 60, 150)
	s.End.Fold = true
	return agenda.Panel{ID: "panel-full", EventID: "e-full", UID: "full@plenary", Code: "ABC123", Number: 5,
		Format: agenda.FormatRoundtable, Title: text("title"), Abstract: text("abstract"), TrackID: "track-full",
		Slot: s, AllRooms: true, Language: "en", Interpretation: []string{"vi", "fr"}, StreamURL: "https://example.org/live",
		Audience: 250, Cancelled: true, CancelNote: text("storm"), Notes: "for us", Revision: 4, Created: at(1), Updated: at(2),
		Speakers: []agenda.Speaker{
			{PersonID: "person-full", Role: agenda.Moderator, Status: agenda.Confirmed},
			{PersonID: "person-0002", Role: agenda.Panelist, Status: agenda.Declined},
			{PersonID: "person-full", Role: agenda.Presenter, Status: agenda.Invited},
		},
		Interventions: []agenda.Intervention{
			{ID: "v-2", Title: text("second ID first"), Abstract: text("a"), Offset: &zero, Minutes: 10,
				Speakers: []agenda.Speaker{{PersonID: "person-0002", Role: agenda.Rapporteur, Status: agenda.CancelledByThem}}},
			{ID: "v-1", Title: text("open"), Offset: &ten},
			{ID: "v-3", Title: agenda.Text{"en": "x"}},
		},
		Materials: []agenda.Material{fullMaterial()}}
}

func fullMeeting() agenda.Meeting {
	return agenda.Meeting{ID: "meeting-full", EventID: "e-full", UID: "m@plenary", Topic: text("topic"), Status: agenda.MeetingAccepted,
		Visibility: agenda.VisibleToProtocol, Slot: slot("", 200, 230), Notes: "tea", Revision: 2, Created: at(1), Updated: at(2),
		Times: []agenda.MeetingTime{{Side: 1, Start: moment(200), End: moment(230)}, {Side: 1, Start: moment(100), End: moment(120)}},
		Turn:  1, Expires: at(90), Quorum: agenda.QuorumEverybody, Firm: true,
		Sides: [2]agenda.Delegation{
			{Name: text("EU"), Languages: []string{"en", "fr"}, Delegates: []agenda.Delegate{
				{PersonID: "person-full", Role: agenda.Principal, Answer: agenda.Accepted},
				{PersonID: "person-0002", Role: agenda.NoteTaker, Answer: agenda.Delegated}}},
			{Name: text("VN"), Delegates: []agenda.Delegate{
				{PersonID: "person-0003", Role: agenda.Principal, Answer: agenda.NeedsAction}}},
		}}
}

func fullAvailability() agenda.Availability {
	return agenda.Availability{ID: "a-full", EventID: "e-full", Start: moment(0), End: moment(600), Note: "after lunch", Revision: 2,
		Resource: agenda.Resource{Kind: agenda.PersonResource, ID: "person-full"}, Created: at(1), Updated: at(2)}
}

func insertFull(tx *Tx) error {
	steps := []func() error{
		func() error { return tx.InsertEvent(fullEvent()) },
		func() error { return tx.InsertRoom(fullRoom(1)) },
		func() error { return tx.InsertRoom(fullRoom(2, agenda.Walk{To: "room-0001", Minutes: 12})) },
		func() error { return tx.InsertTrack(fullTrack()) },
		func() error { return tx.InsertFile(fullPhoto(), fileBytes(9)) },
		func() error { return tx.InsertPerson("e-full", fullPerson()) },
		func() error { return tx.InsertPerson("e-full", plainPerson(2)) },
		func() error { return tx.InsertPerson("e-full", plainPerson(3)) },
		func() error { return tx.InsertAvailability(fullAvailability()) },
		func() error { return tx.InsertPanel(fullPanel()) },
		func() error { return tx.InsertFile(fullSlides(), fileBytes(fullSlides().Size)) },
		func() error { return tx.InsertMaterial("e-full", "panel-full", fullMaterial()) },
		func() error { return tx.SetHolds("e-full", agenda.PanelItem, "panel-full", fullPanel().Holds(nil)) },
		func() error { return tx.InsertMeeting(fullMeeting()) },
		func() error { return tx.SetHolds("e-full", agenda.MeetingItem, "meeting-full", fullMeeting().Holds()) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func TestNounsRoundTripWithEveryField(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		write(t, s, insertFull)
		read(t, s, func(tx *Tx) error {
			same(t, "event", must[agenda.Event](t)(tx.Event("e-full")), fullEvent())
			same(t, "event by slug", must[agenda.Event](t)(tx.EventBySlug("vidw-2025")), fullEvent())
			same(t, "room", must[agenda.Room](t)(tx.Room("e-full", "room-0002")), fullRoom(2, agenda.Walk{To: "room-0001", Minutes: 12}))
			same(t, "rooms", must[[]agenda.Room](t)(tx.AllRooms("e-full")),
				[]agenda.Room{fullRoom(1), fullRoom(2, agenda.Walk{To: "room-0001", Minutes: 12})})
			same(t, "track", must[agenda.Track](t)(tx.Track("e-full", "track-full")), fullTrack())
			same(t, "person", must[agenda.Person](t)(tx.Person("e-full", "person-full")), fullPerson())
			same(t, "panel", must[agenda.Panel](t)(tx.Panel("e-full", "panel-full")), fullPanel())
			same(t, "panel by code", must[agenda.Panel](t)(tx.PanelByCode("e-full", "ABC123")), fullPanel())
			same(t, "panels", must[[]agenda.Panel](t)(tx.AllPanels("e-full")), []agenda.Panel{fullPanel()})
			same(t, "meeting", must[agenda.Meeting](t)(tx.Meeting("e-full", "meeting-full")), fullMeeting())
			same(t, "meetings", must[[]agenda.Meeting](t)(tx.AllMeetings("e-full")), []agenda.Meeting{fullMeeting()})
			same(t, "availability", must[agenda.Availability](t)(tx.Availability("e-full", "a-full")), fullAvailability())
			return nil
		})
	})
}

func TestNounsRoundTripWithNoField(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		// What the schema asks for, and nothing else: not even the times.
		event := agenda.Event{ID: "e", Slug: "e", Revision: 1}
		room := agenda.Room{ID: "r", EventID: "e", Kind: agenda.RoomHall, Revision: 1}
		track := agenda.Track{ID: "t", EventID: "e", Revision: 1}
		person := agenda.Person{ID: "p", Revision: 1}
		panel := agenda.Panel{ID: "p", EventID: "e", UID: "u", Code: "C", Format: agenda.FormatBreak, Revision: 1}
		meeting := agenda.Meeting{ID: "m", EventID: "e", UID: "u", Status: agenda.MeetingHeld,
			Visibility: agenda.VisibleToProtocol, Quorum: agenda.QuorumPrincipals, Revision: 1}
		free := agenda.Availability{ID: "a", EventID: "e", Resource: agenda.Resource{Kind: agenda.RoomResource, ID: "r"},
			End: agenda.Moment{At: time.Time{}.Add(time.Millisecond)}, Revision: 1}
		token := agenda.Token{ID: "t", Scopes: agenda.ReadVerbs, Hash: "h"}
		feed := agenda.Feed{ID: "f", EventID: "e", Kind: agenda.PersonalFeed, PersonID: "p", Hash: "h", Revision: 1,
			FeedSettings: agenda.FeedSettings{Detail: agenda.FullDetail, Cancelled: agenda.PrefixCancelled}}
		write(t, s, func(tx *Tx) error {
			for _, err := range []error{tx.InsertEvent(event), tx.InsertRoom(room), tx.InsertTrack(track), tx.InsertPerson("e", person),
				tx.InsertPanel(panel), tx.InsertMeeting(meeting), tx.InsertAvailability(free), tx.InsertToken(token),
				tx.InsertFeed(feed), tx.InsertActivity(agenda.Activity{ID: "a"}), tx.InsertRelease(Release{ID: "r", EventID: "e", Number: 1}),
				tx.PutStamps("e", []agenda.Stamp{{UID: "u", Variant: "en"}})} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		read(t, s, func(tx *Tx) error {
			same(t, "event", must[agenda.Event](t)(tx.Event("e")), event)
			same(t, "room", must[agenda.Room](t)(tx.Room("e", "r")), room)
			same(t, "track", must[agenda.Track](t)(tx.Track("e", "t")), track)
			same(t, "person", must[agenda.Person](t)(tx.Person("e", "p")), person)
			same(t, "panel", must[agenda.Panel](t)(tx.Panel("e", "p")), panel)
			same(t, "meeting", must[agenda.Meeting](t)(tx.Meeting("e", "m")), meeting)
			same(t, "availability", must[agenda.Availability](t)(tx.Availability("e", "a")), free)
			same(t, "token", must[agenda.Token](t)(tx.Token("t")), token)
			same(t, "feed", must[agenda.Feed](t)(tx.Feed("e", "f")), feed)
			activities, _, err := tx.Activities(ActivityFilter{All: true, Outside: true}, Page{})
			same(t, "activities", must[[]agenda.Activity](t)(activities, err), []agenda.Activity{{ID: "a", Outcome: agenda.Done}})
			same(t, "release", must[Release](t)(tx.LatestRelease("e")), Release{ID: "r", EventID: "e", Number: 1})
			same(t, "stamps", must[[]agenda.Stamp](t)(tx.Stamps("e")), []agenda.Stamp{{UID: "u", Variant: "en"}})
			return nil
		})
	})
}
