package mail

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// Changed is what a letter about Releases tells one Person of: from one Snapshot to another.
type Changed struct {
	Old     *agenda.Snapshot // what they knew; nil: nothing
	Next    *agenda.Snapshot
	Changes []agenda.Change // of both, of everybody: see [agenda.Diff]
	Touches []agenda.Touch  // of that Person, one at least
	Zone    string          // in which times are told beside the Event's; "": in none
}

// Language gives the language in which letters are written to who understands these, the best known first: English, French or
// Vietnamese. It is the first of them that there is, else the first of the others.
func Language(understood ...string) string {
	for _, tag := range understood {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if slices.Contains(languages, base) {
			return base
		}
	}
	return languages[0]
}

// Changes words a letter of what changed for a Person, as old → new.
func Changes(lang string, c Changed) (subject string, body []agenda.MailPart, err error) {
	w, err := wordsFor(lang)
	if err != nil {
		return "", nil, err
	}
	t := changing{words: w, Changed: c, zone: c.Next.Event.Location(), was: c.Next.Event.Location()}
	t.reader = agenda.NewReader(c.Next.Event.Language(), w.lang)
	if c.Old != nil {
		t.was = c.Old.Event.Location()
	}
	if t.own, err = time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == t.zone.String() {
		t.own = nil
	}
	body = append(body, agenda.MailPart{Lines: []string{t.say("mail_changes_intro", "event", t.event())}})
	for _, touch := range c.Touches {
		body = append(body, t.part(touch))
	}
	outro := []string{t.say("mail_changes_zone", "zone", zoneName(t.zone, t.firstStart()))}
	if c.Old == nil {
		body[0].Lines[0] = t.say("mail_changes_intro_first", "event", t.event())
	}
	return t.subject(), append(body, agenda.MailPart{Lines: append(outro, t.said["mail_changes_outro"])}), nil
}

// changing is a letter of changes in the making.
type changing struct {
	words
	Changed
	reader    *agenda.Reader
	zone, was *time.Location // of the Event now and before
	own       *time.Location // of the Person; nil: none
}

func (t changing) event() string { return t.reader.String(t.Next.Event.Name) }

func (t changing) firstStart() time.Time {
	for _, touch := range t.Touches {
		for _, s := range []*agenda.Snapshot{t.Next, t.Old} {
			if p, ok := s.PanelOf(touch.Panel); ok {
				return p.Slot.Start.At
			}
		}
	}
	return time.Time{}
}

// subject names the Panel, or says how many changes there are.
func (t changing) subject() string {
	if len(t.Touches) == 1 {
		return t.head(t.Touches[0])
	}
	key := "mail_changes_subject"
	if !slices.ContainsFunc(t.Touches, func(x agenda.Touch) bool { return x.Kind != agenda.TouchJoins }) {
		key = "mail_changes_subject_joins"
	}
	return t.say(key, "n", strconv.Itoa(len(t.Touches)), "event", t.event())
}

func (t changing) head(touch agenda.Touch) string {
	title := touch.Title
	if p, ok := t.Next.PanelOf(touch.Panel); ok {
		title = p.Title
	}
	return t.say("mail_changes_"+t.kind(touch), "title", t.reader.String(title))
}

// kind tells a Panel that takes place at another time from one that changes its Room alone.
func (t changing) kind(touch agenda.Touch) string {
	if touch.Kind == agenda.TouchMoved {
		p, _ := t.Old.PanelOf(touch.Panel)
		q, _ := t.Next.PanelOf(touch.Panel)
		if sameTime(p.Slot, q.Slot) {
			return "moved_room"
		}
	}
	return string(touch.Kind)
}

func sameTime(a, b *agenda.Slot) bool {
	return a != nil && b != nil && a.Start.At.Equal(b.Start.At) && a.End.At.Equal(b.End.At)
}

// part tells of one Panel.
func (t changing) part(touch agenda.Touch) agenda.MailPart {
	part := agenda.MailPart{Heading: t.head(touch)}
	p, was := t.Old.PanelOf(touch.Panel)
	q, is := t.Next.PanelOf(touch.Panel)
	add := func(key, what string) {
		if what != "" {
			part.Lines = append(part.Lines, t.say("mail_changes_"+key, "what", what))
		}
	}
	switch {
	case touch.Kind == agenda.TouchJoins:
		t.stands(add, t.Next, q, t.zone)
		add("your_role", t.roles(q, touch.Person.ID))
		if q.Cancelled {
			t.cancelled(add, q)
		}
	case touch.Kind == agenda.TouchLeaves, !is:
		t.stands(add, t.Old, p, t.was)
	case !was:
		t.stands(add, t.Next, q, t.zone)
	default:
		t.differs(add, p, q, touch)
	}
	return part
}

// stands tells when and where a Panel is, or was.
func (t changing) stands(add func(key, what string), s *agenda.Snapshot, p agenda.Panel, zone *time.Location) {
	add("when", t.span(p.Slot, zone))
	if t.own != nil {
		t.addOwn(add, t.ownSpan(p.Slot, zone))
	}
	add("room", t.place(s, p))
}

func (t changing) addOwn(add func(key, what string), said string) {
	add("own", t.say("mail_changes_own_clock", "place", zonePlace(t.own), "what", said))
}

// differs tells what is other than it was.
func (t changing) differs(add func(key, what string), p, q agenda.Panel, touch agenda.Touch) {
	if touch.Kind == agenda.TouchCancelled {
		t.stands(add, t.Next, q, t.zone)
		t.cancelled(add, q)
		return
	}
	if sameTime(p.Slot, q.Slot) && t.was.String() == t.zone.String() {
		if touch.Kind != agenda.TouchEdited && touch.Kind != agenda.TouchRole {
			add("when", t.span(q.Slot, t.zone))
		}
	} else {
		add("when", t.span(p.Slot, t.was)+" → "+t.span(q.Slot, t.zone))
		if t.own != nil {
			t.addOwn(add, t.ownSpan(p.Slot, t.was)+" → "+t.ownSpan(q.Slot, t.zone))
		}
	}
	if old, new := p.Slot.End.At.Sub(p.Slot.Start.At), q.Slot.End.At.Sub(q.Slot.Start.At); old != new {
		add("duration", t.minutes(old)+" → "+t.minutes(new))
	}
	add("room", t.arrow(t.place(t.Old, p), t.place(t.Next, q)))
	add("title", t.arrow(t.reader.String(p.Title), t.reader.String(q.Title)))
	add("your_role", t.arrow(t.roles(p, touch.Person.ID), t.roles(q, touch.Person.ID)))
	add("also", t.others(touch.Panel))
}

// cancelled tells why, and what takes place instead.
func (t changing) cancelled(add func(key, what string), p agenda.Panel) {
	add("reason", t.reader.String(p.CancelNote))
	if r, ok := t.Next.PanelOf(p.ReplacedBy); ok {
		add("instead", t.reader.String(r.Title)+" ("+t.span(r.Slot, t.zone)+comma(t.place(t.Next, r))+")")
	}
}

// arrow gives old → new, "" where they are the same.
func (t changing) arrow(old, new string) string {
	if old == new {
		return ""
	}
	for _, s := range []*string{&old, &new} {
		if *s == "" {
			*s = t.said["mail_changes_none"]
		}
	}
	return old + " → " + new
}

// toldApart are the fields of a Change that have lines of their own, or are about other people.
var toldApart = []string{"title", "start", "end", "room", "all_rooms", "room_name", "cancelled", "cancel_note", "replaced_by", "speakers", "number", "code"}

// others names what else was edited of a Panel.
func (t changing) others(panel agenda.ID) string {
	var names []string
	for _, c := range t.Changed.Changes {
		if c.PanelID != panel {
			continue
		}
		for _, f := range c.Fields {
			if !slices.Contains(toldApart, f.Field) {
				names = append(names, t.said["mail_changes_field_"+f.Field])
			}
		}
	}
	return strings.Join(names, ", ")
}

func (t changing) place(s *agenda.Snapshot, p agenda.Panel) string {
	name := ""
	if i := slices.IndexFunc(s.Rooms, func(r agenda.Room) bool { return r.ID == p.Slot.RoomID }); i >= 0 {
		name = t.reader.String(s.Rooms[i].Name)
	}
	if p.AllRooms {
		return strings.TrimPrefix(name+comma(t.said["mail_changes_all_rooms"]), ", ")
	}
	return name
}

func (t changing) roles(p agenda.Panel, person agenda.ID) string {
	var names []string
	for _, s := range p.Parts(person) {
		if name := t.said["role_"+string(s.Role)]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func (t changing) minutes(d time.Duration) string {
	return t.say("mail_changes_minutes", "n", strconv.Itoa(int(d.Minutes())))
}

// ownSpan tells a Slot by the Person's own clock: with the day where it is another there.
func (t changing) ownSpan(s *agenda.Slot, zone *time.Location) string {
	said := t.span(s, t.own)
	date := t.date(s.Start.At.In(t.own))
	if date == t.date(s.Start.At.In(zone)) {
		return strings.TrimPrefix(said, date+", ")
	}
	return said
}

// span tells a Slot by the clock of a zone: "Monday 27 October 2025, 14:00–15:30".
func (w words) span(s *agenda.Slot, zone *time.Location) string {
	from, to := s.Start.At.In(zone), s.End.At.In(zone)
	said := w.date(from) + ", " + from.Format("15:04")
	if last := w.date(to); last != w.date(from) && to.Sub(from) >= 24*time.Hour {
		return said + " – " + last + ", " + to.Format("15:04")
	}
	return said + "–" + to.Format("15:04")
}

// zoneName gives a zone as letters name it: "Asia/Ho_Chi_Minh, UTC+07:00".
func zoneName(zone *time.Location, at time.Time) string {
	if zone == time.UTC {
		return "UTC"
	}
	return zone.String() + ", UTC" + at.In(zone).Format("-07:00")
}

// zonePlace gives the place that a zone is called after: "Ho Chi Minh".
func zonePlace(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

func comma(s string) string {
	if s == "" {
		return ""
	}
	return ", " + s
}
