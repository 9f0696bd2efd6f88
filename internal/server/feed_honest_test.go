package server

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Each of these told a calendar "not modified" when it was, or told it otherwise without saying so.

func TestFeedsFollowWhatTheySayOfTheEvent(t *testing.T) {
	alongside(t)
	for name, change := range map[string]func(*agenda.Event){
		"name":             func(e *agenda.Event) { e.Name = agenda.Text{"en": "Other forum", "fr": "Autre"} },
		"venue":            func(e *agenda.Event) { e.Venue.Name = agenda.Text{"en": "Palace"} },
		"dates":            func(e *agenda.Event) { e.EndDate = "2026-04-02" },
		"zone":             func(e *agenda.Event) { e.Zone = "Africa/Casablanca" },
		"more languages":   func(e *agenda.Event) { e.Languages = []string{"en", "fr", "de"} },
		"another language": func(e *agenda.Event) { e.Languages = []string{"fr"} },
		"first language":   func(e *agenda.Event) { e.Languages = []string{"fr", "en"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := watch(t)
			w.draft(name, func() { w.editEvent(change) })
			w.step(name, func() {})
		})
	}
}

func TestALanguageThatLeavesAndReturnsCountsOn(t *testing.T) {
	sweep(t)
	alongside(t)
	w := watch(t)
	speak := func(languages ...string) func() {
		return func() { w.editEvent(func(e *agenda.Event) { e.Languages = languages }) }
	}
	w.step("German", speak("en", "fr", "de"))
	w.step("no German", speak("en", "fr"))
	w.step("moved", w.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00"))
	w.step("moved", w.move("TALK1", "A", "2026-03-28T17:00", "2026-03-28T18:00"))
	w.step("German again", speak("en", "fr", "de"))
}

func TestTheFeedOfATrackHasItsColour(t *testing.T) {
	alongside(t)
	w := watch(t)
	changed := w.step("coloured", func() {
		w.track.Color = "#005bbb"
		_, err := w.app.EditTrack(context.Background(), w.system(), historySlug, app.Match{Any: true}, w.track)
		w.check(err)
	})
	if body := w.get(w.feeds["track"]).Body; !slices.Equal(changed, []string{"track"}) || !strings.Contains(body, "X-APPLE-CALENDAR-COLOR:#005bbb\r\n") {
		t.Errorf("%v changed: %s", changed, body)
	}
}

func TestFeedsFollowPeople(t *testing.T) {
	alongside(t)
	w := watch(t)
	w.draft("renamed", func() { w.editPerson("Ann", func(p *agenda.Person) { p.Name = "Anna" }) })
	w.step("published", func() {})
	w.step("declines", w.edit("TALK1", func(p *agenda.Panel) { p.Speakers[0].Status = agenda.Declined }))
	w.step("confirms", w.edit("TALK1", func(p *agenda.Panel) { p.Speakers[0].Status = agenda.Confirmed }))
	w.step("two speakers", w.edit("TALK1", func(p *agenda.Panel) {
		p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: w.people["Bob"].ID, Role: agenda.Panelist, Status: agenda.Confirmed})
	}))
	w.step("panels deleted", func() { w.delete("TALK1"); w.delete("TALK2") })
	w.draft("a draft's honorific", func() {
		w.editPerson("Bob", func(p *agenda.Person) { p.Honorific = agenda.Text{"en": "H.E."} })
	})
	w.step("deleted", func() {
		w.delete("TALK4")
		w.check(w.app.DeletePerson(context.Background(), w.system(), historySlug, app.Match{Any: true}, w.people["Cy"].ID))
	})
}

func TestFeedsFollowMeetings(t *testing.T) {
	alongside(t)
	w := watch(t)
	become := func(s agenda.MeetingStatus) func() {
		return func() { w.editMeeting(func(m *agenda.Meeting) { m.Status = s }) }
	}
	for _, s := range []agenda.MeetingStatus{agenda.MeetingRequested, agenda.MeetingAccepted, agenda.MeetingCancelled, agenda.MeetingAccepted, agenda.MeetingDeclined, agenda.MeetingAccepted} {
		w.draft(string(s), become(s))
	}
	if changed := w.draft("held", become(agenda.MeetingHeld)); len(changed) > 0 {
		t.Errorf("a meeting that was held is told otherwise: %v", changed)
	}
	second := func(person string, answer agenda.Answer) func() {
		return func() {
			w.editMeeting(func(m *agenda.Meeting) {
				m.Sides[1].Delegates = []agenda.Delegate{{PersonID: w.people[person].ID, Role: agenda.Principal, Answer: answer}}
			})
		}
	}
	w.draft("a deputy", second("Cy", agenda.Accepted))
	w.draft("who declines", second("Cy", agenda.DeclinedIt))
	w.draft("and is replaced", second("Bob", agenda.Accepted))
	w.draft("room renamed", func() { w.editRoom("B", func(r *agenda.Room) { r.Name = agenda.Text{"en": "New B"} }) })
	w.draft("no time", func() { w.editMeeting(func(m *agenda.Meeting) { m.Slot = nil }) })
	w.draft("a time far away", func() {
		w.editMeeting(func(m *agenda.Meeting) { m.Slot = farAway(w.meeting.Slot) })
	})
	w.draft("three times in a second", func() {
		for _, topic := range []string{"A", "B", "C"} {
			w.editMeeting(func(m *agenda.Meeting) { m.Topic = agenda.Text{"en": topic} })
			w.see(topic)
		}
	})
	w.draft("deleted", func() {
		w.check(w.app.DeleteMeeting(context.Background(), w.system(), historySlug, app.Match{Any: true}, w.meeting.ID))
	})
}

func farAway(slot *agenda.Slot) *agenda.Slot {
	far := *slot
	far.Start.Wall, far.End.Wall = "2028-03-27T17:00:00", "2028-03-27T17:30:00"
	return &far
}

// Where no one definition of the zone is exact for the whole of the time, no entry may be told otherwise because another
// one joined it.
func TestAMeetingFarAwayDoesNotChangePanels(t *testing.T) {
	alongside(t)
	w := watch(t)
	w.step("zone", func() { w.editEvent(func(e *agenda.Event) { e.Zone = "Africa/Casablanca" }) })
	w.draft("meeting", func() { w.editMeeting(func(m *agenda.Meeting) { m.Slot = farAway(m.Slot) }) })
}

func TestRemovedPanelsLeadNowhere(t *testing.T) {
	sweep(t)
	alongside(t)
	w := watch(t)
	w.step("unscheduled", func() { w.unschedule("TALK2") })
	w.step("scheduled again", w.move("TALK2", "B", "2026-03-28T11:00", "2026-03-28T12:00"))
	gone := w.panels["TALK3"]
	w.step("cancelled", w.cancel("TALK3", true))
	w.step("deleted", func() { w.delete("TALK3") })
	w.step("its code is another panel's", func() { w.panel("TALK3", "B", "2026-03-28T16:00", "2026-03-28T17:00", "", "") })
	entry := entries(w.get(w.feeds["event"]).Body)[gone.UID]
	if !strings.Contains(entry, "STATUS:CANCELLED") || strings.Contains(entry, "https://") {
		t.Errorf("a panel that was removed leads somewhere: %s", entry)
	}
	own := w.must(200, w.get("/history/panels/"+string(gone.ID)+".ics"))
	if !strings.Contains(own.Body, gone.UID) || !strings.Contains(strings.ReplaceAll(own.Body, "\r\n ", ""), "SOURCE;VALUE=URI:https://agenda.example/history/panels/"+string(gone.ID)+".ics") {
		t.Error(own.Body)
	}
	if reused := w.must(200, w.get("/history/panels/TALK3.ics")); !strings.Contains(reused.Body, w.panels["TALK3"].UID) || strings.Contains(reused.Body, gone.UID) {
		t.Error(reused.Body)
	}
	w.step("hidden, then deleted", w.cancel("TALK4", true))
	w.step("hidden, then deleted", func() { w.delete("TALK4") })
}

// The zone that the event has now may not have the times of what was removed, or not in that order.
func TestARemovedPanelOfAnotherZoneIsNoObstacle(t *testing.T) {
	alongside(t)
	w := watch(t)
	made, err := w.app.CreatePanel(context.Background(), w.system(), historySlug, agenda.Panel{Code: "NIGHT", Format: agenda.FormatTalk, Title: agenda.Text{"en": "Night"}},
		w.at("A", "2026-10-25T02:30:00+02:00", "2026-10-25T02:15:00+01:00"), app.Once{})
	w.check(err)
	w.panels["NIGHT"] = made.Panel
	w.step("night", func() {})
	w.step("deleted", func() { w.delete("NIGHT") })
	w.step("zone", func() { w.editEvent(func(e *agenda.Event) { e.Zone = "Asia/Tokyo" }) })
}

func TestFeedsInOneSecond(t *testing.T) {
	alongside(t)
	w := watch(t)
	f := w.open("set", "Ann", agenda.FeedSettings{Meetings: true})
	minutes := 10
	w.setClock("2025-10-02T08:00:00.1Z")
	w.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00")()
	w.publishAll()
	w.see("published")
	w.set(f, agenda.FeedSettings{Meetings: true, Alarm: &minutes})
	w.see("reminder")
	w.editMeeting(func(m *agenda.Meeting) { m.Topic = agenda.Text{"en": "A"} })
	w.see("meeting")
	w.cancel("TALK3", true)()
	w.publishAll()
	w.see("cancelled")
	w.cancel("TALK3", false)()
	w.publishAll()
	w.see("restored")
	w.editEvent(func(e *agenda.Event) { e.Languages = []string{"en", "fr", "de"} })
	w.publishAll()
	w.see("told in another language")
	w.check(w.app.RevokeFeed(context.Background(), w.system(), historySlug, f.ID))
	w.see("revoked")
	w.setClock("2025-10-02T09:00:00Z")
	w.see("an hour later")
}

func TestFeedsWhenTheClockIsSetBack(t *testing.T) {
	sweep(t)
	alongside(t)
	w := watch(t)
	f := w.open("set", "Ann", agenda.FeedSettings{Meetings: true})
	minutes := 10
	w.see("opened")
	w.set(f, agenda.FeedSettings{Meetings: true, Alarm: &minutes})
	w.see("reminder")
	w.pass(-time.Hour)
	w.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00")()
	w.publishAll()
	w.see("moved")
	w.move("TALK1", "A", "2026-03-28T17:00", "2026-03-28T18:00")()
	w.publishAll()
	w.see("moved again")
	w.check(w.app.RevokeFeed(context.Background(), w.system(), historySlug, f.ID))
	w.see("revoked")
}

// Only feeds that have something to forget may change when what is cancelled is forgotten.
func TestFeedsInTheCourseOfTheEvent(t *testing.T) {
	sweep(t)
	alongside(t)
	w := watch(t)
	w.step("cancelled", w.cancel("TALK3", true))
	refresh := func(at string) {
		t.Helper()
		w.setClock(at)
		if changed := w.see(at); len(changed) != len(w.feeds) {
			t.Errorf("%s: only %v ask for another visit", at, changed)
		}
	}
	quiet := func(at string) {
		t.Helper()
		w.setClock(at)
		if changed := w.see(at); len(changed) > 0 {
			t.Errorf("%s: %v changed", at, changed)
		}
	}
	quiet("2026-03-26T22:59:59.9Z")
	refresh("2026-03-26T23:00:00.1Z")
	w.setClock("2026-03-26T23:00:00.5Z")
	w.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00")()
	w.publishAll()
	w.see("published in the second in which the event begins")
	quiet("2026-03-28T12:00:00Z")
	refresh("2026-03-30T22:00:00Z")
	quiet("2026-04-04T23:59:59Z")
	w.setClock("2026-04-05T00:00:00Z")
	changed := w.see("forgotten")
	if want := []string{"event", "event de", "event fr", "event keep", "event vi", "event whole", "panel TALK3", "room A", "starred"}; !slices.Equal(changed, want) {
		t.Errorf("what was cancelled is forgotten by %v, want %v", changed, want)
	}
	w.step("restored", w.cancel("TALK3", false))
	w.step("cancelled again", w.cancel("TALK3", true))
}

// What is planned in the draft is not to be seen in a feed, nor in how soon it asks to be fetched again.
func TestTheDraftsDatesAreNotTold(t *testing.T) {
	alongside(t)
	w := watch(t)
	w.setClock("2026-03-20T08:00:00Z")
	w.editEvent(func(e *agenda.Event) { e.StartDate = "2026-03-20" })
	if changed := w.see("the draft begins today"); len(changed) > 0 {
		t.Errorf("%v changed", changed)
	}
}

func TestFeedsAtAnotherAddress(t *testing.T) {
	alongside(t)
	w := watch(t)
	w.restart(base)
	if changed := w.see("started again"); len(changed) > 0 {
		t.Errorf("a new start changed %v", changed)
	}
	w.step("moved", w.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00"))
	w.pass(time.Hour)
	w.restart("https://other.example")
	if changed := w.see("another address"); len(changed) != len(w.feeds) {
		t.Errorf("only %v changed", changed)
	}
	w.setClock("2026-05-01T08:00:00Z")
	w.see("long after")
	w.restart("https://third.example")
	w.see("another address, long after")
}

func TestAnEventThatIsDeletedAndImported(t *testing.T) {
	sweep(t)
	alongside(t)
	w := watch(t)
	ctx := context.Background()
	w.step("moved", w.move("TALK1", "A", "2026-03-28T16:00", "2026-03-28T17:00"))
	bundle, err := w.app.ExportEvent(ctx, w.system(), historySlug)
	w.check(err)
	again := func(slug string) {
		w.check(w.app.DeleteEvent(ctx, w.system(), historySlug, app.Match{Any: true}))
		for name, path := range w.feeds {
			if a := w.get(path); strings.HasPrefix(path, "/feeds/") && (a.Status != 200 || strings.Contains(a.Body, "VEVENT")) {
				t.Errorf("%s of an event that is gone: %d %s", name, a.Status, a.Body)
			}
		}
		w.pass(time.Hour)
		_, err := w.app.ImportEvent(ctx, w.system(), bundle, slug)
		w.check(err)
	}
	again(historySlug)
	w.see("back")
	w.editMeeting(func(m *agenda.Meeting) { m.Topic = agenda.Text{"en": "other"} })
	w.see("a meeting")
	again("elsewhere")
	for _, path := range []string{"/elsewhere/agenda.ics", w.feeds["personal"]} {
		if a := w.must(200, w.get(path)); strings.Contains(strings.ReplaceAll(a.Body, "\r\n ", ""), "/history/") {
			t.Errorf("it leads to where it was before: %s", a.Body)
		}
	}
}

func TestBusyTellsNothingElse(t *testing.T) {
	alongside(t)
	w := watch(t)
	quiet := func(name string, changed []string) {
		t.Helper()
		if slices.Contains(changed, "busy") {
			t.Errorf("%s: changed a feed that tells only when somebody is busy", name)
		}
	}
	quiet("topic", w.draft("topic", func() { w.editMeeting(func(m *agenda.Meeting) { m.Topic = agenda.Text{"en": canary} }) }))
	quiet("title", w.step("title", w.edit("TALK1", func(p *agenda.Panel) { p.Title = agenda.Text{"en": canary} })))
	body := w.get(w.feeds["busy"]).Body
	if strings.Contains(body, canary) || strings.Contains(body, "Bob") || strings.Contains(body, "/speakers/") || strings.Contains(body, "\nLOCATION") || strings.Count(body, "SUMMARY:Busy\r\n") != 2 {
		t.Error(body)
	}
	w.step("cancelled", w.cancel("TALK1", true))
	w.draft("called off", func() { w.editMeeting(func(m *agenda.Meeting) { m.Status = agenda.MeetingCancelled }) })
	if body := w.get(w.feeds["busy"]).Body; strings.Contains(body, "VEVENT") {
		t.Errorf("it tells when somebody would have been busy: %s", body)
	}
}
