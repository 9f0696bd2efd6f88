package exchange

import (
	"fmt"
	"math/rand/v2"
	"time"

	"plenary/internal/agenda"
)

// dice makes random Bundles that are valid, with every field filled now and then.
type dice struct {
	*rand.Rand
	ids     int
	serials int
	zone    *time.Location
	base    time.Time // midnight of the first day, about
}

func newDice(seed uint64) *dice { return &dice{Rand: rand.New(rand.NewPCG(seed, 7))} }

func (d *dice) id() agenda.ID {
	d.ids++
	return agenda.ID(fmt.Sprintf("0199f0a0-%04x-7000-8000-%012x", d.ids, d.Uint64()&0xffffffffffff))
}

// serial gives a serial that nothing has yet, or none.
func (d *dice) serial() int {
	if !d.often() {
		return 0
	}
	d.serials++
	return d.serials
}

func (d *dice) source(draft agenda.Draft) agenda.Source {
	s := agenda.Source{Name: d.words(), Format: "csv", Language: "vi", Mapping: `{"Tiêu đề":"title"}`, Imported: d.past()}
	for _, p := range draft.People {
		s.Origins = append(s.Origins, agenda.Origin{Kind: pick(d, agenda.OriginKinds), Key: fmt.Sprint("id ", d.id()), ID: p.ID,
			Said: map[string]string{"title": "c0ffee"}, Gone: d.often()})
	}
	return s
}

func (d *dice) often() bool { return d.IntN(3) > 0 }

var scraps = []string{"Thượng đỉnh", "l’œuvre", "a <b> & \"c\" \\ /", "line\nbreak\ttab", "\u2028", "🇻🇳", "é́", "x", "\ufeff", "null"}

func (d *dice) words() string {
	s := ""
	for range 1 + d.IntN(4) {
		s += scraps[d.IntN(len(scraps))]
	}
	return s
}

func (d *dice) maybe() string {
	if d.often() {
		return d.words()
	}
	return ""
}

func (d *dice) text() agenda.Text {
	t := agenda.Text{}
	for _, tag := range []string{"en", "fr", "vi", "pt-BR", "zh-Hant"} {
		if d.often() {
			t[tag] = d.words()
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

func (d *dice) title() agenda.Text {
	t := d.text()
	if t == nil {
		t = agenda.Text{"en": d.words()}
	}
	return t
}

func (d *dice) past() time.Time {
	return time.UnixMilli(1_700_000_000_000 + d.Int64N(50_000_000_000)).UTC()
}

func (d *dice) pastPointer() *time.Time {
	if d.often() {
		t := d.past()
		return &t
	}
	return nil
}

func pick[T any](d *dice, list []T) T { return list[d.IntN(len(list))] }

func some[T any](d *dice, most int, make func() T) []T {
	var list []T
	for range d.IntN(most + 1) {
		list = append(list, make())
	}
	return list
}

func (d *dice) languages() []string {
	all := []string{"fr", "vi", "en", "de", "pt-BR"}
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if n := d.IntN(4); n > 0 {
		return all[:n]
	}
	return nil
}

func (d *dice) slot(rooms []agenda.Room) *agenda.Slot {
	start := d.base.Add(time.Duration(d.IntN(3*24*60)) * time.Minute)
	end := start.Add(time.Duration(1+d.IntN(300)) * time.Minute)
	return &agenda.Slot{RoomID: pick(d, rooms).ID, Start: agenda.MomentOf(d.zone, start), End: agenda.MomentOf(d.zone, end)}
}

func (d *dice) event() agenda.Event {
	zone := pick(d, []string{"Asia/Ho_Chi_Minh", "Europe/Paris", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "UTC"})
	d.zone, _ = agenda.LoadZone(zone)
	day := pick(d, []string{"2025-10-27", "2025-10-25", "2025-04-05", "2025-11-01"}) // days around changes of the clock
	d.base, _ = time.Parse(agenda.DateLayout, day)
	e := agenda.Event{ID: d.id(), Slug: "event-1", Name: d.title(), Description: d.text(), Zone: zone,
		StartDate: agenda.Date(day), EndDate: agenda.Date(day).AddDays(2), Languages: append([]string{"ja"}, d.languages()...),
		Venue: agenda.Venue{Name: d.text(), Address: d.text()}, BufferMinutes: d.IntN(60),
		Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
	if d.often() {
		e.Frame = agenda.MeetingFrame{From: "07:30", Until: "24:00", Turnaround: d.IntN(9), WorkMinutes: d.IntN(99), RestMinutes: d.IntN(30)}
	}
	if d.often() {
		e.Website, e.Accent, e.Venue.Country = "https://example.org/?a=1&b=<2>", "#005bbb", "VN"
		e.Venue.Place = &agenda.Place{Latitude: d.Float64()*180 - 90, Longitude: d.Float64()*360 - 180}
	}
	return e
}

func (d *dice) draft() agenda.Draft {
	e := d.event()
	draft := agenda.Draft{Event: e}
	for i := range 3 {
		r := agenda.Room{ID: d.id(), EventID: e.ID, Serial: d.serial(), Name: d.title(), Description: d.text(), Kind: pick(d, agenda.RoomKinds),
			Capacity: d.IntN(900), Position: d.IntN(9), Parallel: d.often(), Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
		for _, other := range draft.Rooms[:d.IntN(i+1)] {
			r.Walks = append(r.Walks, agenda.Walk{To: other.ID, Minutes: d.IntN(20)})
		}
		if d.often() {
			minutes := d.IntN(20)
			r.Turnaround = &minutes
		}
		draft.Rooms = append(draft.Rooms, r)
	}
	draft.Tracks = append(draft.Tracks, some(d, 3, func() agenda.Track {
		return agenda.Track{ID: d.id(), EventID: e.ID, Serial: d.serial(), Name: d.title(), Description: d.text(), Color: "#005bbb",
			Position: d.IntN(9), Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
	})...)
	for range 2 + d.IntN(3) {
		p := agenda.Person{ID: d.id(), Serial: d.serial(), Name: d.words(), Honorific: d.text(), JobTitle: d.text(), Organization: d.text(),
			Bio: d.text(), Notes: d.maybe(), Languages: d.languages(), Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
		if d.often() {
			p.Erased = d.past()
		}
		if d.often() {
			p.Interprets, p.Buffer = []agenda.Pair{{A: "fr", B: "vi"}}, agenda.Buffer{Before: d.IntN(20), After: d.IntN(20)}
		}
		if d.often() {
			p.Country, p.PhotoURL, p.Email = "FR", "https://example.org/p.jpg", "someone@example.org"
			p.Photo = string(d.id()) + ".jpg"
		}
		draft.People = append(draft.People, p)
	}
	draft.Panels = some(d, 4, func() agenda.Panel { return d.panel(draft) })
	for i := range draft.Panels {
		if i > 0 && d.often() {
			draft.Panels[i].ReplacedBy = draft.Panels[i-1].ID
		}
	}
	return draft
}

func (d *dice) speakers(people []agenda.Person) []agenda.Speaker {
	var list []agenda.Speaker
	for _, p := range people {
		if d.often() {
			list = append(list, agenda.Speaker{PersonID: p.ID, Role: pick(d, agenda.Roles), Status: pick(d, agenda.SpeakerStatuses)})
		}
	}
	return list
}

func (d *dice) panel(draft agenda.Draft) agenda.Panel {
	id := d.id()
	p := agenda.Panel{ID: id, EventID: draft.Event.ID, Serial: d.serial(), UID: string(id) + "@plenary", Code: fmt.Sprintf("C%05d", d.ids),
		Number: d.IntN(3), Format: pick(d, agenda.Formats), Title: d.title(), Abstract: d.text(), AllRooms: d.often(),
		Interpretation: d.languages(), Audience: d.IntN(900), Cancelled: d.often(), CancelNote: d.text(), Notes: d.maybe(),
		Speakers: d.speakers(draft.People), Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
	if d.often() {
		p.Slot, p.Language, p.StreamURL = d.slot(draft.Rooms), "pt-BR", "https://example.org/live"
	}
	if len(draft.Tracks) > 0 {
		p.TrackID = pick(d, draft.Tracks).ID
	}
	p.Interventions = some(d, 3, func() agenda.Intervention {
		v := agenda.Intervention{ID: d.id(), Title: d.title(), Abstract: d.text(), Minutes: d.IntN(30), Speakers: d.speakers(draft.People)}
		if d.often() {
			offset := d.IntN(20)
			v.Offset = &offset
		}
		return v
	})
	p.Materials = some(d, 3, func() agenda.Material {
		return agenda.Material{ID: d.id(), File: string(d.id()) + ".pdf", Title: d.words(), FileName: "Bài.pdf", MediaType: "application/pdf", Size: 1 + d.IntN(9),
			Public: d.often(), Created: d.past()}
	})
	return p
}

func (d *dice) meeting(draft agenda.Draft) agenda.Meeting {
	id := d.id()
	m := agenda.Meeting{ID: id, EventID: draft.Event.ID, UID: string(id) + "@plenary", Topic: d.text(),
		Status: pick(d, agenda.MeetingStatuses), Visibility: pick(d, agenda.Visibilities), Notes: d.maybe(),
		Turn: d.IntN(2), Quorum: pick(d, agenda.Quorums), Firm: d.often(), Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
	if d.often() {
		m.Slot = d.slot(draft.Rooms)
	}
	if d.often() {
		slot := d.slot(draft.Rooms)
		slot.End = agenda.MomentOf(draft.Event.Location(), slot.Start.At.Add(30*time.Minute))
		m.Times, m.Expires = []agenda.MeetingTime{{Side: d.IntN(2), Start: slot.Start, End: slot.End}}, d.past()
	}
	for i := range m.Sides {
		m.Sides[i] = agenda.Delegation{Name: d.text(), Languages: d.languages(), Delegates: []agenda.Delegate{
			{PersonID: draft.People[i].ID, Role: agenda.Principal, Answer: pick(d, agenda.Answers)}}}
	}
	if len(draft.People) > 2 {
		m.Sides[1].Delegates = append(m.Sides[1].Delegates, agenda.Delegate{PersonID: draft.People[2].ID,
			Role: pick(d, agenda.DelegateRoles[1:]), Answer: pick(d, agenda.Answers)})
	}
	return m
}

func (d *dice) bundle() Bundle {
	draft := d.draft()
	b := Bundle{Draft: draft}
	b.Availabilities = some(d, 3, func() agenda.Availability {
		a := agenda.Availability{ID: d.id(), EventID: draft.Event.ID, Note: d.maybe(),
			Resource: agenda.Resource{Kind: agenda.PersonResource, ID: pick(d, draft.People).ID},
			Revision: d.IntN(9), Created: d.past(), Updated: d.past()}
		if d.often() {
			a.Resource = agenda.Resource{Kind: agenda.RoomResource, ID: pick(d, draft.Rooms).ID}
		}
		slot := d.slot(draft.Rooms)
		a.Start, a.End = slot.Start, slot.End
		return a
	})
	b.Meetings = some(d, 3, func() agenda.Meeting { return d.meeting(draft) })
	if d.often() {
		b.MeetingRules = agenda.MeetingRules{Closed: d.often(), Hours: 1 + d.IntN(99), Open: d.IntN(9), PerDay: d.IntN(9), Halls: d.often(),
			Revision: 1 + d.IntN(9), Updated: d.past()}
	}
	if d.often() {
		b.LetterRule = agenda.LetterRule{Mode: pick(d, agenda.LetterModes), Delay: d.IntN(99), Small: d.IntN(99), HoldMeetings: d.often(), Revision: 1 + d.IntN(9)}
		if d.often() {
			b.LetterRule.Leads = []int{60}
		}
	}
	for _, m := range b.Meetings {
		b.MeetingSteps = append(b.MeetingSteps, agenda.MeetingStep{ID: d.id(), EventID: draft.Event.ID, MeetingID: m.ID, At: d.past(),
			Party: pick(d, agenda.MeetingParties), PersonID: pick(d, draft.People).ID, Deed: pick(d, agenda.MeetingDeeds), Note: d.maybe()})
		if d.often() {
			b.StandIns = append(b.StandIns, agenda.StandIn{ID: d.id(), EventID: draft.Event.ID, MeetingID: m.ID, OldID: d.id(), NewID: d.id(),
				Role: pick(d, agenda.DelegateRoles), Was: pick(d, agenda.DelegateRoles), Note: d.maybe(), By: d.maybe(), Created: d.past()})
		}
		if d.often() {
			b.Stamps = append(b.Stamps, agenda.Stamp{UID: m.UID, Variant: "vi", Sequence: d.IntN(9), Created: d.past(), Modified: d.past(),
				Cancelled: d.pastPointer(), Content: "c0ffee", Place: "babe"})
		}
	}
	b.Feeds = some(d, 2, func() agenda.Feed {
		f := agenda.Feed{ID: d.id(), EventID: draft.Event.ID, Kind: agenda.PersonalFeed, PersonID: pick(d, draft.People).ID,
			Hash: fmt.Sprintf("%064x", d.Uint64()), Revision: 1 + d.IntN(9), Changed: d.past(), LastFetch: d.pastPointer(),
			FetchedBy: d.maybe(), Revoked: d.pastPointer(), Created: d.past(), FeedSettings: agenda.FeedSettings{Name: d.maybe(),
				Language: "vi", Detail: pick(d, agenda.FeedDetails), Meetings: d.often(), WithoutMailed: d.often(), Whole: d.often(), Cancelled: pick(d, agenda.CancelledItemsChoices)}}
		if d.often() {
			minutes := d.IntN(agenda.MaxAlarm)
			f.Alarm, f.Content, f.Modified = &minutes, "cafe", d.past()
		}
		if d.often() && len(draft.Panels) > 0 {
			f.Kind, f.PersonID, f.KeyHash, f.Turn = agenda.StarredFeed, "", fmt.Sprintf("%064x", d.Uint64()), d.IntN(3)
			f.Panels = []agenda.ID{draft.Panels[0].ID}
		}
		return f
	})
	b.Sources = some(d, 1, func() agenda.Source { return d.source(draft) })
	var before *agenda.Snapshot
	for i := range d.IntN(4) {
		s := agenda.NewSnapshot(draft, before)
		b.Releases = append(b.Releases, agenda.Release{ID: d.id(), EventID: draft.Event.ID, Number: i + 1,
			Published: d.past(), By: d.maybe(), Note: d.text(), Snapshot: s,
			Erasures: d.IntN(2), Erased: d.past()})
		before = &s
		if len(draft.Panels) > 0 {
			draft.Panels = append([]agenda.Panel{}, draft.Panels[1:]...)
		}
	}
	return b
}
