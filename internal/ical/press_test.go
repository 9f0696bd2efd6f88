package ical

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// entriesOf gives the content of each entry of the Snapshot in a Variant, by UID.
func entriesOf(t *testing.T, s *agenda.Snapshot, v agenda.Variant) map[string]agenda.Entry {
	t.Helper()
	entries, err := NewPress(s, Links{Panel: pages}, string(v)).Entries(v)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]agenda.Entry{}
	for _, e := range entries {
		if e.Variant != v || e.Content == "" || e.Place == "" {
			t.Errorf("%+v", e)
		}
		of[e.UID] = e
	}
	return of
}

// A government may change its clock after an agenda was published: the wall clock is what was planned.
func TestWhatWasPublishedKeepsItsWallClock(t *testing.T) {
	s := published(t, forum(t))
	s.Event.Zone = "Europe/Paris"
	s.Panels, s.Removed = s.Panels[:1], nil
	s.Panels[0].Slot = &agenda.Slot{RoomID: "a",
		Start: agenda.Moment{Wall: "2026-05-12T10:00:00", At: time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)},
		End:   agenda.Moment{Wall: "2026-05-12T11:00:00", At: time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)}}
	data, err := NewPress(s, Links{}, "en").Feed(Options{Stamps: stamped(s)})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("DTSTART;TZID=Europe/Paris:20260512T100000\r\nDTEND;TZID=Europe/Paris:20260512T110000\r\n")) {
		t.Errorf("%s", data)
	}
}

// An entry's content changes in the variants that show the change, and its place only with time, place and status.
func TestEntriesChangeWithWhatTheyShow(t *testing.T) {
	const en, vi, busy, place = "en", "vi", "busy", "place"
	for name, c := range map[string]struct {
		change func(*agenda.Draft)
		want   []string
	}{
		"nothing":          {func(*agenda.Draft) {}, nil},
		"what nobody sees": {func(d *agenda.Draft) { d.Panels[0].Notes, d.Panels[0].Revision, d.Panels[0].Updated = "x", 9, released }, nil},
		"a title in one tongue": {func(d *agenda.Draft) {
			d.Panels[0].Title = agenda.Text{"en": "Data without borders", "vi": "Dữ liệu"}
		}, []string{vi}},
		"an abstract":        {func(d *agenda.Draft) { d.Panels[0].Abstract = nil }, []string{en, vi}},
		"a renamed room":     {func(d *agenda.Draft) { d.Rooms[0].Name = agenda.Text{"en": "Hall Z", "vi": "Hội trường A"} }, []string{en}},
		"a renamed track":    {func(d *agenda.Draft) { d.Tracks[0].Name = agenda.Text{"en": "D"} }, []string{en, vi}},
		"a new job title":    {func(d *agenda.Draft) { d.People[1].JobTitle = agenda.Text{"en": "Director"} }, []string{en, vi}},
		"a replaced speaker": {func(d *agenda.Draft) { d.Panels[0].Speakers[1].PersonID = "hung" }, []string{en, vi}},
		"a venue":            {func(d *agenda.Draft) { d.Event.Venue.Name = agenda.Text{"en": "Elsewhere"} }, []string{en, vi}},
		"another room":       {func(d *agenda.Draft) { d.Panels[0].Slot.RoomID = "b" }, []string{en, vi, place}},
		"another time": {func(d *agenda.Draft) {
			d.Panels[0].Slot = slotAt(t, "Asia/Ho_Chi_Minh", "a", "2026-05-12T09:00", "2026-05-12T10:00")
		}, []string{en, vi, busy, place}},
		"cancelled":               {func(d *agenda.Draft) { d.Panels[0].Cancelled = true }, []string{en, vi, busy, place}},
		"removed":                 {func(d *agenda.Draft) { d.Panels = d.Panels[1:] }, []string{en, vi, busy, place}},
		"unscheduled":             {func(d *agenda.Draft) { d.Panels[0].Slot = nil }, []string{en, vi, busy, place}},
		"a zone of the same time": {func(d *agenda.Draft) { d.Event.Zone = "Asia/Bangkok" }, []string{en, vi, busy, place}},
	} {
		t.Run(name, func(t *testing.T) {
			before := published(t, forum(t))
			d := forum(t)
			c.change(&d)
			after := agenda.NewSnapshot(d, before)
			var changed []string
			for _, v := range []string{en, vi, busy} {
				if entriesOf(t, before, agenda.Variant(v))["p1@forum"].Content != entriesOf(t, &after, agenda.Variant(v))["p1@forum"].Content {
					changed = append(changed, v)
				}
			}
			if entriesOf(t, before, en)["p1@forum"].Place != entriesOf(t, &after, en)["p1@forum"].Place {
				changed = append(changed, place)
			}
			if diff := cmp.Diff(c.want, changed); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMeetingEntriesChangeWithWhatTheyShow(t *testing.T) {
	s := published(t, forum(t))
	people := map[agenda.ID]agenda.Person{"anna": {Name: "Anna"}, "zoe": {Name: "Zoé"}, "tanaka": {Name: "Tanaka Yūko"}}
	entry := func(v agenda.Variant, change func(*Appointment)) agenda.Entry {
		a := bilaterals(t)[1]
		slot := *a.Meeting.Slot
		a.Meeting.Slot = &slot
		for i, side := range a.Meeting.Sides {
			a.Meeting.Sides[i].Delegates = slices.Clone(side.Delegates)
		}
		change(&a)
		e, err := NewPress(s, Links{Panel: pages}, string(v)).MeetingEntry(v, &s.Event, a, people)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for name, c := range map[string]struct {
		change               func(*Appointment)
		content, busy, place bool
	}{
		"notes":             {func(a *Appointment) { a.Meeting.Notes = "x" }, false, false, false},
		"topic":             {func(a *Appointment) { a.Meeting.Topic = agenda.Text{"en": "Other"} }, true, false, false},
		"a declined answer": {func(a *Appointment) { a.Meeting.Sides[0].Delegates[1].Answer = agenda.DeclinedIt }, true, false, false},
		"a renamed side":    {func(a *Appointment) { a.Meeting.Sides[0].Name = agenda.Text{"en": "EU"} }, true, false, false},
		"a renamed table":   {func(a *Appointment) { a.Room.Name = agenda.Text{"en": "Table 9"} }, true, false, false},
		"moved":             {func(a *Appointment) { a.Meeting.Slot.RoomID = "t2" }, false, false, true},
		"cancelled":         {func(a *Appointment) { a.Meeting.Status = agenda.MeetingCancelled }, true, true, true},
	} {
		nothing := func(*Appointment) {}
		was, is := entry("en", nothing), entry("en", c.change)
		if (was.Content != is.Content) != c.content || (was.Place != is.Place) != c.place ||
			(entry("busy", nothing).Content != entry("busy", c.change).Content) != c.busy {
			t.Errorf("%s: %+v, %+v", name, was, is)
		}
	}
}

func TestFeedSettings(t *testing.T) {
	s := published(t, forum(t))
	with := func(change func(*Options)) string {
		o := personal(t)
		change(&o.Options)
		data := feedOf(t, s, o)
		readLines(t, data)
		if strings.Contains(string(data), "BEGIN:VALARM") != (o.Alarm != nil) {
			t.Error("an alarm that was not asked for, or none that was")
		}
		if os.Getenv("ICALCHECK") != "" {
			icalcheck(t, data, nil)
		}
		return unfolded(data)
	}
	minutes := 15
	for name, c := range map[string]struct {
		change    func(*Options)
		has, lack []string
	}{
		"as it is": {func(*Options) {}, []string{"SUMMARY:CANCELLED: Quantum", "STATUS:CANCELLED", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"}, nil},
		"keep": {func(o *Options) { o.Cancelled = agenda.KeepCancelled }, []string{"SUMMARY:Quantum for all", "STATUS:CANCELLED"},
			[]string{"CANCELLED: "}},
		"hide":  {func(o *Options) { o.Cancelled = agenda.HideCancelled }, []string{"Data without borders", "Customs"}, []string{"CANCELLED", "m3@forum"}},
		"alarm": {func(o *Options) { o.Alarm = &minutes }, []string{"ACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Panel 1: Data"}, nil},
		"busy": {func(o *Options) { o.BusyOnly = true }, []string{"SUMMARY:Busy", "CLASS:PRIVATE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"},
			[]string{"Data", "Hall", "Tanaka", "Customs", "\r\nLOCATION", "GEO", "CATEGORIES", "CANCELLED", "/panels/", "CONFERENCE"}},
		"soon":       {func(o *Options) { o.Refresh = 15 * time.Minute }, []string{"DURATION:PT15M", "X-PUBLISHED-TTL:PT15M"}, nil},
		"later":      {func(o *Options) { o.Refresh = 12 * time.Hour }, []string{"DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"}, nil},
		"set anew":   {func(o *Options) { o.Changed = released.Add(time.Hour) }, []string{"LAST-MODIFIED:20260301T093000Z\r\nSEQUENCE:1"}, []string{"DTSTAMP:20260301T083000Z"}},
		"set before": {func(o *Options) { o.Changed = created }, []string{"DTSTAMP:20260301T083000Z"}, nil},
	} {
		text := with(c.change)
		for _, part := range c.has {
			if !strings.Contains(text, part) {
				t.Errorf("%s: lacks %q:\n%s", name, part, text)
			}
		}
		for _, part := range c.lack {
			if strings.Contains(strings.ReplaceAll(text, "\\n", ""), part) {
				t.Errorf("%s: has %q:\n%s", name, part, text)
			}
		}
	}
}

func TestFeedOfStars(t *testing.T) {
	s := published(t, forum(t))
	o := public()
	o.Personal, o.Scope, o.Panels = true, agenda.FeedScope{Kind: agenda.FeedOfStars, ID: "f"}, []agenda.ID{"p4", "p1", "gone"}
	text := unfolded(feedOf(t, s, o))
	if strings.Count(text, "BEGIN:VEVENT") != 2 || !strings.Contains(text, "UID:p1@forum") || !strings.Contains(text, "UID:p4@forum") ||
		!strings.Contains(text, "My agenda") || !strings.Contains(text, "BUSYSTATUS:BUSY") {
		t.Error(text)
	}
}

// What was removed is told as cancelled, and no more of it than that.
func TestFeedTellsWhatWasRemoved(t *testing.T) {
	d := forum(t)
	before := published(t, d)
	d.Panels = d.Panels[1:]
	s := agenda.NewSnapshot(d, before)
	for scope, want := range map[agenda.FeedScope]bool{{Kind: agenda.FeedOfEvent}: true, {Kind: agenda.FeedOfPanel, ID: "p1"}: true,
		{Kind: agenda.FeedOfRoom, ID: "a"}: true, {Kind: agenda.FeedOfTrack, ID: "data"}: true, {Kind: agenda.FeedOfSpeaker, ID: "anna"}: true,
		{Kind: agenda.FeedOfRoom, ID: "b"}: false, {Kind: agenda.FeedOfSpeaker, ID: "zoe"}: false} {
		o := public()
		o.Scope = scope
		text := unfolded(feedOf(t, &s, o))
		if strings.Contains(text, "UID:p1@forum") != want {
			t.Errorf("%s: %s", scope, text)
		}
		if want && (!strings.Contains(text, "SUMMARY:CANCELLED: Panel 1: Data without borders") || strings.Contains(text, "debate") || strings.Contains(text, "Moderator: ")) {
			t.Errorf("%s: %s", scope, text)
		}
	}
}

func TestOutlineFollowsTheFeed(t *testing.T) {
	s := published(t, forum(t))
	p := NewPress(s, Links{Panel: pages})
	outline := func(o Options) string {
		got, err := p.Outline(o)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	o := personal(t).Options
	o.Stamps = stamped(s)
	first := outline(o)
	if again := outline(o); again != first {
		t.Error("equal feeds have different outlines")
	}
	for name, change := range map[string]func(*Options){
		"one meeting less": func(o *Options) { o.Meetings = o.Meetings[1:] },
		"set anew":         func(o *Options) { o.Changed = released },
		"hidden":           func(o *Options) { o.Cancelled = agenda.HideCancelled },
		"another name":     func(o *Options) { o.Name = "Mine" },
		"another scope":    func(o *Options) { o.Meetings, o.Scope.ID = nil, "hung" },
		"a stamp that rose": func(o *Options) {
			stamp := o.Stamps.Of("p1@forum")
			stamp.Modified = stamp.Modified.Add(time.Second)
			o.Stamps = o.Stamps.With(map[string]agenda.Stamp{"p1@forum": stamp})
		},
	} {
		changed := o
		change(&changed)
		if outline(changed) == first {
			t.Errorf("%s: the outline stays", name)
		}
	}
}

func TestClosed(t *testing.T) {
	for language, name := range map[string]string{"": "Calendar closed", "fr": "Calendrier fermé", "vi": "Lịch đã đóng"} {
		data, err := Closed(language)
		if err != nil || bytes.Contains(data, []byte("VEVENT")) || !bytes.Contains(data, []byte("X-WR-CALNAME:"+name+"\r\n")) {
			t.Errorf("%s: %s, %v", language, data, err)
		}
	}
}
