package server

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// addState says how the Meeting stands and who may know of it.
func (s *briefSheet) addState(m app.BriefMeeting) (err error) {
	if s.Status, err = s.Say("meetings_status_" + string(m.Status)); err != nil {
		return err
	}
	s.Mark, err = s.Say("brief_mark_" + string(m.Visibility))
	return err
}

// addTime says when it is, by the Event's clock and by those of who reads.
func (s *briefSheet) addTime(v *briefView, m app.BriefMeeting) (err error) {
	if s.Zone, err = v.Say("zone", "zone", v.event.Zone, "offset", offsetsOf(v.event)); err != nil {
		return err
	}
	if m.Slot == nil {
		s.Day, err = v.Say("meetings_no_time")
		return err
	}
	if s.Day, err = v.day("date_long", m.Slot.Day()); err != nil {
		return err
	}
	s.Hours = m.Slot.Start.Wall.Clock() + "–" + clockAfter(*m.Slot)
	zones := m.Zones
	if len(zones) == 0 && v.event.Zone != "UTC" {
		zones = []string{"UTC"}
	}
	for _, name := range zones {
		zone, err := agenda.LoadZone(name)
		if err != nil {
			continue // of a newer program
		}
		local, err := v.elsewhere(zone, *m.Slot)
		if err != nil {
			return err
		}
		s.Clocks = append(s.Clocks, local)
	}
	return nil
}

// elsewhere says a time by another clock, and whether that shows another day.
func (w *words) elsewhere(zone *time.Location, slot agenda.Slot) (string, error) {
	from, to := agenda.MomentOf(zone, slot.Start.At), agenda.MomentOf(zone, slot.End.At)
	said, err := w.Say("me_mine", "place", zonePlace(zone.String()), "from", from.Wall.Clock(), "to", to.Wall.Clock())
	if err != nil || from.Wall.Date() == slot.Day() {
		return said, err
	}
	key := "me_day_after"
	if from.Wall.Date() < slot.Day() {
		key = "me_day_before"
	}
	shift, err := w.Say(key)
	return said + " (" + shift + ")", err
}

// addPlace says where it is and how to get there.
func (s *briefSheet) addPlace(v *briefView, m app.BriefMeeting) {
	in := func(t agenda.Text) said { return v.reader.pick(v.event.Language(), t) }
	if m.Slot != nil {
		room := v.rooms[m.Slot.RoomID]
		s.Room, s.RoomHint = in(room.Name), in(room.Description)
	}
	venue := v.event.Venue
	s.Venue, s.Address = in(venue.Name), in(venue.Address)
	degrees := func(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }
	switch {
	case venue.Place != nil:
		north, east := degrees(venue.Place.Latitude), degrees(venue.Place.Longitude)
		s.Map = "https://www.openstreetmap.org/?mlat=" + north + "&mlon=" + east + "#map=17/" + north + "/" + east
	case s.Address.Text != "":
		s.Map = "https://www.openstreetmap.org/search?query=" + url.QueryEscape(strings.Join(strings.Fields(s.Address.Text), " "))
	}
}

// addSides adds the two parties, their principals first.
func (s *briefSheet) addSides(v *briefView, m app.BriefMeeting) (err error) {
	for i, side := range m.Sides {
		shown := briefSide{words: v.words, Name: v.reader.pick(v.event.Language(), side.Name)}
		if shown.Called, err = v.Say("meetings_side_" + strconv.Itoa(i)); err != nil {
			return err
		}
		delegates := slices.Clone(side.Delegates)
		slices.SortStableFunc(delegates, func(a, b agenda.Delegate) int {
			return cmp.Compare(slices.Index(agenda.DelegateRoles, a.Role), slices.Index(agenda.DelegateRoles, b.Role))
		})
		for _, d := range delegates {
			person, err := v.delegate(d, m.Said[d.PersonID])
			if err != nil {
				return err
			}
			shown.People = append(shown.People, person)
		}
		s.Sides = append(s.Sides, shown)
	}
	return nil
}

func (v *briefView) delegate(d agenda.Delegate, last agenda.MeetingStep) (shown briefPerson, err error) {
	in := func(t agenda.Text) said { return v.reader.pick(v.event.Language(), t) }
	p := v.people[d.PersonID]
	shown.Name, shown.Honorific, shown.JobTitle, shown.Organization = p.Name, in(p.Honorific), in(p.JobTitle), in(p.Organization)
	shown.Head, shown.Off = d.Role == agenda.Principal, d.Answer == agenda.DeclinedIt || d.Answer == agenda.Delegated
	if p.Country != "" {
		shown.Country = v.reader.countryName(p.Country)
	}
	if p.Photo != "" && (v.protocol || v.photos[p.Photo]) {
		shown.Photo = v.Root + "api/v1/events/" + v.event.Slug + "/files/" + p.Photo
	}
	if shown.Role, err = v.Say("meetings_role_" + string(d.Role)); err != nil {
		return shown, err
	}
	if shown.Answer, err = v.Say("meetings_answer_" + string(d.Answer)); err != nil {
		return shown, err
	}
	if shown.Said, err = v.besides(last); err != nil {
		return shown, err
	}
	var spoken []string
	for _, tag := range p.Languages {
		spoken = append(spoken, v.reader.languageName(tag))
	}
	if len(spoken) > 0 && (v.protocol || d.Role == agenda.DelegateInterpreter) { // what somebody speaks is for organizers to know
		shown.Languages, err = v.Say("brief_speaks", "names", strings.Join(spoken, v.said["list"]))
	}
	return shown, err
}

// addConflicts says what it collides with, to who arranges it.
func (s *briefSheet) addConflicts(v *briefView, m app.BriefMeeting) error {
	for _, c := range m.Conflicts {
		sentence, err := v.teller.sentence(c)
		if err != nil {
			return err
		}
		s.Conflicts = append(s.Conflicts, sentence)
	}
	return nil
}

// addChanges says what was done last, newest first; what was done since the time that the reader names is marked.
func (s *briefSheet) addChanges(v *briefView, m app.BriefMeeting, since time.Time) (err error) {
	fresh := 0
	for _, c := range m.Changes {
		shown, err := v.change(c)
		if err != nil {
			return err
		}
		if shown.New = !since.IsZero() && c.At.After(since); shown.New {
			fresh++
		}
		s.Changes = append(s.Changes, shown)
	}
	if since.IsZero() {
		return nil
	}
	key := "brief_since_none"
	if fresh > 0 {
		key = "brief_since"
	}
	s.Since, err = v.dated(key, agenda.MomentOf(v.event.Location(), since))
	return err
}

// deedKey gives the key of what was done in the words of the meeting's history, which names nobody either.
func deedKey(verb string) string {
	deed := strings.TrimPrefix(verb, "meeting.")
	switch deed {
	case "create":
		deed = string(agenda.DeedArrange)
	case "letter":
		deed = string(agenda.DeedAnswer)
	}
	return "meet_deed_" + deed
}

func (v *briefView) change(c app.MeetingChange) (shown briefChange, err error) {
	shown = briefChange{words: v.words}
	if shown.When, err = v.dated("brief_at", agenda.MomentOf(v.event.Location(), c.At)); err != nil {
		return shown, err
	}
	if shown.What, err = v.Say(deedKey(c.Verb)); err != nil {
		shown.What, err = v.Say(verbKey(c.Verb))
	}
	if err != nil { // of a newer program
		shown.What = c.Verb
	}
	facts := &shown.Facts
	err = nil
	if c.Was != nil || c.Is != nil {
		was, is := v.slot(c.Was, &err), v.slot(c.Is, &err)
		v.say(facts, &err, "brief_changed_slot", "was", was, "is", is)
	}
	if c.Status != "" && err == nil {
		status, unsaid := v.Say("meetings_status_" + string(c.Status))
		if err = unsaid; err == nil {
			v.say(facts, &err, "brief_changed_status", "is", status)
		}
	}
	for _, of := range []struct {
		key    string
		people []agenda.ID
	}{{"brief_joined", c.Joined}, {"brief_left", c.Left}} {
		for _, id := range of.people {
			if name := v.people[id].Name; name != "" {
				v.say(facts, &err, of.key, "name", name)
			}
		}
	}
	for _, field := range c.Fields {
		if key := "brief_field_" + field; v.said[key] != "" {
			v.say(facts, &err, key)
		}
	}
	return shown, err
}

// slot says a time and a place in short.
func (v *briefView) slot(s *agenda.Slot, err *error) string {
	if s == nil {
		return v.said["meetings_no_time"]
	}
	day, unsaid := v.day("date_short", s.Day())
	if unsaid != nil {
		*err = unsaid
	}
	said := day + ", " + s.Start.Wall.Clock() + "–" + clockAfter(*s)
	if room := v.reader.pick(v.event.Language(), v.rooms[s.RoomID].Name).Text; room != "" {
		said += ", " + room
	}
	return said
}

// say adds a fact, unless something went wrong already.
func (v *briefView) say(facts *[]string, err *error, key string, pairs ...any) {
	if *err != nil {
		return
	}
	said, unsaid := v.Say(key, pairs...)
	if *err = unsaid; unsaid == nil {
		*facts = append(*facts, said)
	}
}
