package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// chance makes random changes to a history.
type chance struct {
	*watcher
	*rand.Rand
	feed agenda.Feed // whose settings change
}

// TestFeedsOverRandomHistories looks for what nobody thought of. The seeds are fixed: who looks for more changes them.
func TestFeedsOverRandomHistories(t *testing.T) {
	alongside(t)
	const first, histories, changes = 1, 4, 30
	for seed := uint64(first); seed < first+histories; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := watch(t)
			c := &chance{watcher: w, Rand: rand.New(rand.NewPCG(seed, 9)), feed: w.open("set", "Bob", agenda.FeedSettings{Meetings: true})}
			w.see("opened")
			for i := range changes {
				c.passSome(seed%2 == 0)
				w.see(fmt.Sprintf("%d: %s", i, c.change()))
				if t.Failed() {
					return
				}
			}
		})
	}
}

// passSome lets time go by: parts of a second in some histories, up to weeks in others.
func (c *chance) passSome(quickly bool) {
	switch {
	case quickly:
		c.pass(time.Duration(1+c.IntN(3)) * 300 * time.Millisecond)
	case c.IntN(8) == 0:
		c.pass(time.Duration(c.IntN(60*24)) * time.Hour)
	default:
		c.pass(time.Duration(2+c.IntN(5000)) * time.Second)
	}
}

// change makes one change and says which.
func (c *chance) change() string {
	changes := []struct {
		name string
		make func()
	}{
		{"title", func() { c.panelOf(func(p *agenda.Panel) { p.Title = c.text() }) }},
		{"abstract", func() { c.panelOf(func(p *agenda.Panel) { p.Abstract = c.text() }) }},
		{"slot", func() { c.panelOf(func(p *agenda.Panel) { p.Slot = c.slot("2026-03-28") }) }},
		{"unscheduled", func() { c.panelOf(func(p *agenda.Panel) { p.Slot = nil }) }},
		{"cancelled or restored", func() { c.panelOf(func(p *agenda.Panel) { p.Cancelled = !p.Cancelled }) }},
		{"speakers", func() { c.panelOf(func(p *agenda.Panel) { p.Speakers = c.speakers() }) }},
		{"interventions", func() {
			c.panelOf(func(p *agenda.Panel) {
				p.Interventions = []agenda.Intervention{{Title: c.text(), Minutes: 10, Speakers: c.speakers()}}
			})
		}},
		{"track", func() {
			c.panelOf(func(p *agenda.Panel) { p.TrackID = []agenda.ID{"", c.track.ID}[c.IntN(2)] })
		}},
		{"room", func() {
			c.editRoom(c.one("A", "B"), func(r *agenda.Room) { r.Name, r.Position = c.text(), c.IntN(3) })
		}},
		{"person", func() {
			c.editPerson(c.one("Ann", "Bob", "Cy"), func(p *agenda.Person) { p.Name, p.Honorific = "P"+c.word(), c.text() })
		}},
		{"topic", func() { c.editMeeting(func(m *agenda.Meeting) { m.Topic = c.text() }) }},
		{"status of the meeting", func() {
			c.editMeeting(func(m *agenda.Meeting) {
				if m.Status = agenda.MeetingStatuses[c.IntN(len(agenda.MeetingStatuses))]; m.Status == agenda.MeetingProposed {
					m.Status = agenda.MeetingRequested // nobody proposed a time
				}
			})
		}},
		{"slot of the meeting", func() { c.editMeeting(func(m *agenda.Meeting) { m.Slot = c.slot("2026-03-27") }) }},
		{"delegates", func() { c.editMeeting(func(m *agenda.Meeting) { m.Sides = c.sides() }) }},
		{"event", func() {
			c.editEvent(func(e *agenda.Event) {
				e.Name, e.Venue.Name, e.Venue.Address, e.Description = c.title(), c.text(), c.text(), c.text()
			})
		}},
		{"zone", func() {
			c.editEvent(func(e *agenda.Event) { e.Zone = c.one("Europe/Paris", "Asia/Ho_Chi_Minh", "UTC", "Africa/Casablanca") })
		}},
		{"languages", func() {
			c.editEvent(func(e *agenda.Event) {
				e.Languages = strings.Fields(c.one("en fr", "fr en", "fr", "en", "de en fr", "en fr de"))
			})
		}},
		{"dates", func() {
			c.editEvent(func(e *agenda.Event) { e.EndDate = agenda.Date(c.one("2026-03-30", "2026-04-02")) })
		}},
		{"settings", func() { c.set(c.feed, c.settings()) }},
		{"another start", func() { c.restart(c.one(base, "https://other.example")) }},
	}
	// Publishing is what is looked for.
	if n := c.IntN(len(changes) * 3 / 2); n < len(changes) {
		changes[n].make()
		return changes[n].name
	}
	c.publishAll()
	return "published"
}

func (c *chance) one(of ...string) string { return of[c.IntN(len(of))] }

func (c *chance) word() string { return fmt.Sprint("w", c.IntN(3)) }

func (c *chance) text() agenda.Text {
	text := agenda.Text{"en": c.word()}
	if c.IntN(2) == 0 {
		text["fr"] = c.word()
	}
	return text
}

func (c *chance) title() agenda.Text {
	return agenda.Text{"en": "Forum " + c.word(), "fr": "Forum " + c.word()}
}

// panelOf changes one of the panels.
func (c *chance) panelOf(change func(*agenda.Panel)) {
	id := c.panels[c.one("TALK1", "TALK2", "TALK3", "TALK4")].ID
	now, err := c.app.Panel(context.Background(), c.system(), historySlug, id)
	c.check(err)
	p := now.Panel
	change(&p)
	_, err = c.app.EditPanel(context.Background(), c.system(), historySlug, app.Match{Any: true}, p, requestOf(p.Slot))
	c.check(err)
}

func (c *chance) slot(day string) *agenda.Slot {
	if c.IntN(4) == 0 {
		return nil
	}
	hour := 9 + c.IntN(8)
	at := func(minute int) agenda.Moment {
		return agenda.Moment{Wall: agenda.Wall(fmt.Sprintf("%sT%02d:%02d:00", day, hour, minute))}
	}
	return &agenda.Slot{RoomID: c.rooms[c.one("A", "B")].ID, Start: at(c.IntN(20)), End: at(30 + c.IntN(20))}
}

func (c *chance) speakers() (speakers []agenda.Speaker) {
	names := []string{"Ann", "Bob", "Cy"}
	for _, i := range c.Perm(3)[:c.IntN(3)] {
		status := []agenda.SpeakerStatus{agenda.Confirmed, agenda.Declined, agenda.Invited}[c.IntN(3)]
		speakers = append(speakers, agenda.Speaker{PersonID: c.people[names[i]].ID, Role: agenda.Panelist, Status: status})
	}
	return speakers
}

func (c *chance) sides() (sides [2]agenda.Delegation) {
	names := []string{"Ann", "Bob", "Cy"}
	order := c.Perm(3)
	answer := func() agenda.Answer { return agenda.Answers[c.IntN(len(agenda.Answers))] }
	for i := range sides {
		sides[i].Delegates = []agenda.Delegate{{PersonID: c.people[names[order[i]]].ID, Role: agenda.Principal, Answer: answer()}}
	}
	if c.IntN(2) == 0 {
		sides[1].Name = c.text()
		sides[1].Delegates = append(sides[1].Delegates, agenda.Delegate{PersonID: c.people[names[order[2]]].ID, Role: agenda.DelegateMember, Answer: answer()})
	}
	return sides
}

func (c *chance) settings() agenda.FeedSettings {
	set := agenda.FeedSettings{Meetings: c.IntN(2) == 0, Whole: c.IntN(2) == 0, Language: c.one("", "en", "fr", "de"), Name: c.word(),
		Detail: slices.Clone(agenda.FeedDetails)[c.IntN(2)], Cancelled: agenda.CancelledItemsChoices[c.IntN(3)]}
	if minutes := c.IntN(3); minutes > 0 {
		set.Alarm = &minutes
	}
	return set
}
