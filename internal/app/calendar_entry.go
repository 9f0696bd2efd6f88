package app

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plenary/internal/agenda"
	"plenary/internal/ical"
)

// take adds an entry to the Event, or changes the Panel that it became before. It gives the Panel if there is anything
// new about it.
func (i *calendarIntake) take(e ical.Entry, uid string) (*agenda.Panel, error) {
	old, known := i.panels[uid]
	if oneSpace(e.Summary) == "" {
		i.warn(e.Line, "An entry has no title (SUMMARY): it was left out.")
		i.report.Skipped++
		return nil, nil
	}
	if first, last := wholeDays(e); e.AllDay && !known && first <= i.event.StartDate && last >= i.event.EndDate {
		i.warn(e.Line, "%s covers all days of the event: it was left out.", named(e))
		i.report.Skipped++
		return nil, nil
	}
	p := old
	if !known {
		p = agenda.Panel{UID: uid, Format: agenda.FormatTalk}
	}
	if err := i.fill(&p, e, known); err != nil {
		return nil, err
	}
	p.Clean()
	if known && samePanel(p, old) {
		i.report.Unchanged++
		return nil, nil
	}
	var err error
	if known {
		i.report.Updated++
		p, err = i.a.replacePanel(i.tx, i.actor, i.event, old, p, slotOf(p))
	} else {
		i.report.Added++
		p, err = i.a.insertPanel(i.tx, i.actor, i.event, p, slotOf(p))
	}
	return &p, err
}

// slotOf gives the Panel's Slot as a request, to the very instant.
func slotOf(p agenda.Panel) *SlotRequest {
	if p.Slot == nil {
		return nil
	}
	return &SlotRequest{RoomID: p.Slot.RoomID, Start: p.Slot.Start.At.UTC().Format(time.RFC3339), End: p.Slot.End.At.UTC().Format(time.RFC3339)}
}

// samePanel says whether two states of a Panel are the same in all that an entry can change.
func samePanel(p, q agenda.Panel) bool {
	sameSlot := p.Slot == nil && q.Slot == nil || p.Slot != nil && q.Slot != nil && p.Slot.Equal(*q.Slot)
	return sameSlot && p.Title.Equal(q.Title) && p.Abstract.Equal(q.Abstract) && p.TrackID == q.TrackID && p.AllRooms == q.AllRooms &&
		p.Cancelled == q.Cancelled && slices.Equal(p.Speakers, q.Speakers)
}

// fill gives the Panel all that the entry says.
func (i *calendarIntake) fill(p *agenda.Panel, e ical.Entry, known bool) (err error) {
	p.Title = i.with(p.Title, i.fit(e, "title", agenda.CleanLine(e.Summary), agenda.MaxName))
	if about := i.abstract(p.Abstract[i.language], e); about != "" {
		p.Abstract = i.with(p.Abstract, about)
	}
	switch e.Status {
	case "":
		if p.Cancelled {
			i.warn(e.Line, "%s does not say whether it takes place (STATUS): its panel stays cancelled.", named(e))
		}
	case "CANCELLED":
		p.Cancelled = true
	default:
		p.Cancelled = false
	}
	if len(e.Categories) > 0 {
		if p.TrackID, err = i.track(e); err != nil {
			return err
		}
	}
	if err := i.schedule(p, e); err != nil {
		return err
	}
	return i.speakers(p, e, known)
}

// with gives a Text that says s in the calendar's language, and in others what it said before.
func (i *calendarIntake) with(t agenda.Text, s string) agenda.Text {
	t = maps.Clone(t)
	if t == nil {
		t = agenda.Text{}
	}
	t[i.language] = s
	return t
}

// fit cuts what is longer than the domain takes, and says so.
func (i *calendarIntake) fit(e ical.Entry, what, s string, limit int) string {
	if utf8.RuneCountInString(s) > limit {
		i.warn(e.Line, "The %s of %s is longer than %d characters: it was cut.", what, named(e), limit)
	}
	return cut(s, limit)
}

// abstract gives what an entry tells of its Panel, with its address on the web at the end unless that is in it; before
// is what the Panel has, which stays where the entry says nothing.
func (i *calendarIntake) abstract(before string, e ical.Entry) string {
	about := agenda.CleanLine(e.Description)
	if about == "" {
		about = before
	}
	link := ""
	if u, err := url.Parse(e.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(e.URL) <= agenda.MaxURL &&
		!strings.Contains(about, e.URL) {
		link = "\n\n" + e.URL
	}
	return agenda.CleanLine(i.fit(e, "description", about, agenda.MaxProse-utf8.RuneCountInString(link)) + link)
}

// schedule gives the Panel the time and the Room of the entry.
func (i *calendarIntake) schedule(p *agenda.Panel, e ical.Entry) error {
	if why := unusable(e); why != "" {
		if p.Slot == nil {
			i.warn(e.Line, "%s %s: the panel is not scheduled.", named(e), why)
		} else {
			i.warn(e.Line, "%s %s: the panel keeps the time that it has.", named(e), why)
		}
		return nil
	}
	zone := i.event.Location()
	slot := agenda.Slot{Start: agenda.MomentOf(zone, e.Start), End: agenda.MomentOf(zone, e.End)}
	if day := slot.Day(); day < i.event.StartDate || day > i.event.EndDate {
		i.warn(e.Line, "%s is on %s, which is no day of the event.", named(e), day)
	}
	if p.Slot != nil {
		slot.RoomID = p.Slot.RoomID
	}
	if oneSpace(e.Location) != "" {
		room, err := i.room(e)
		if err != nil {
			return err
		}
		p.AllRooms = p.AllRooms && room == slot.RoomID
		slot.RoomID = room
	}
	if slot.RoomID == "" && !p.AllRooms {
		if p.AllRooms = true; !i.placeless {
			i.warn(e.Line, "%s names no place (LOCATION): it spans all rooms.", named(e))
		}
	}
	p.Slot = &slot
	return nil
}

// unusable says why an entry can't be scheduled as it is.
func unusable(e ical.Entry) string {
	switch length := e.End.Sub(e.Start); {
	case e.Start.IsZero():
		return "does not say when it is"
	case e.AllDay:
		return "lasts all day"
	case length == 0:
		return "has no length"
	case length < 0:
		return "ends before it begins"
	case length > agenda.MaxPanelMinutes*time.Minute:
		return "is longer than " + strconv.Itoa(agenda.MaxPanelMinutes/60) + " hours"
	case e.Start.Year() < 1971 || e.Start.Year() > 8999:
		return "is in the year " + strconv.Itoa(e.Start.Year()) + ", which can't be planned"
	}
	return ""
}

// maxCalendarSpeakers is how many people of one entry are taken, which is what one Panel holds.
const maxCalendarSpeakers = 500

// speakers adds the people of the entry to the Panel. Who has a part in it keeps that, and nobody is removed.
func (i *calendarIntake) speakers(p *agenda.Panel, e ical.Entry, known bool) error {
	part, told := map[agenda.ID]bool{}, map[agenda.ID]bool{}
	for _, s := range p.AllSpeakers() {
		part[s.PersonID] = true
	}
	p.Speakers = slices.Clone(p.Speakers)
	for _, attendee := range e.Attendees {
		if len(p.Speakers) >= maxCalendarSpeakers {
			i.warn(e.Line, "%s names more than %d people: the others were left out.", named(e), maxCalendarSpeakers)
			break
		}
		person, err := i.person(e, attendee.Name)
		if err != nil {
			return err
		}
		told[person] = true
		if part[person] {
			continue
		}
		part[person] = true
		role := agenda.Presenter
		if attendee.Role == "CHAIR" {
			role = agenda.Chair
		}
		p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: person, Role: role, Status: agenda.Confirmed})
	}
	if !known || len(told) == 0 {
		return nil
	}
	var others []string
	for _, s := range p.Speakers {
		if (s.Role == agenda.Presenter || s.Role == agenda.Chair) && s.Comes() && !told[s.PersonID] {
			others = append(others, i.people.called[s.PersonID])
		}
	}
	if len(others) > 0 {
		i.warn(e.Line, "%s does not name %s any more, or never did: an import removes nobody.", named(e), strings.Join(others, ", "))
	}
	return nil
}

// maxUID is the longest UID, in octets (RFC 7986, 5.3).
const maxUID = 255

// identities gives the UID of the Panel that each entry becomes: the entry's own, as long as it is usable and no other
// entry, Meeting or Event has it. Otherwise one is derived from it, or from the title where there is none, so that
// another import finds the same.
func (i *calendarIntake) identities(entries []ical.Entry) ([]string, error) {
	own := make([]string, len(entries))
	for n, e := range entries {
		if e.RecurrenceID == "" && len(e.UID) <= maxUID && !strings.ContainsFunc(e.UID, func(r rune) bool { return !unicode.IsPrint(r) }) {
			own[n] = e.UID
		} else if e.RecurrenceID == "" {
			i.warn(e.Line, "The UID of %s is not at most %d printable octets: it got another.", named(e), maxUID)
		}
	}
	elsewhere, err := i.tx.UIDsElsewhere(i.event.ID, slices.Compact(slices.Sorted(slices.Values(own))))
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, uid := range elsewhere {
		taken[uid] = true
	}
	seen, turns := map[string]bool{}, map[[3]string]int{}
	for n, e := range entries {
		key := [3]string{e.UID, e.RecurrenceID}
		if e.UID == "" {
			key[2] = oneSpace(e.Summary)
		}
		another := derived(string(i.event.ID), key[0], key[1], key[2], strconv.Itoa(turns[key]+1))
		_, known := i.panels[own[n]]
		_, renamed := i.panels[another] // by an import before, when the UID was not free
		if uid := own[n]; uid != "" && !seen[uid] && (known || !renamed && !taken[uid]) {
			seen[uid] = true
			continue
		} else if taken[uid] && !renamed {
			i.warn(e.Line, "The UID of %s belongs to a meeting or to another event: it got another.", named(e))
		}
		turns[key]++
		own[n] = another
	}
	return own, nil
}

// derived gives a UID that is always the same for the same parts, and tells nothing about them.
func derived(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16]) + "@plenary"
}
