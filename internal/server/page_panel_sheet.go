package server

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// panelSheet is a Panel as its form has it: what was typed stays as it is, also where it can't be read.
type panelSheet struct {
	agenda.Panel
	room, day, start, end, minutes string
	speakers                       []partSheet
	talks                          []talkSheet
	faults                         agenda.Faults // of what can't be read
}

// partSheet is a Speaker, by name.
type partSheet struct{ person, role, status string }

// talkSheet is an Intervention; its Speakers are one in a line, by name.
type talkSheet struct {
	agenda.Intervention
	offset, minutes, speakers string
}

// sheetOf makes the sheet of a Panel.
func sheetOf(p agenda.Panel, people *roll) panelSheet {
	s := panelSheet{Panel: p}
	if p.Slot != nil {
		s.room, s.day, s.start, s.end = string(p.Slot.RoomID), string(p.Slot.Day()), p.Slot.Start.Wall.Clock(), clockAfter(*p.Slot)
	}
	for _, part := range p.Speakers {
		s.speakers = append(s.speakers, partSheet{people.label(part.PersonID), string(part.Role), string(part.Status)})
	}
	for _, v := range p.Interventions {
		talk := talkSheet{Intervention: v}
		if v.Offset != nil {
			talk.offset = strconv.Itoa(*v.Offset)
		}
		if v.Minutes > 0 {
			talk.minutes = strconv.Itoa(v.Minutes)
		}
		var names []string
		for _, part := range v.Speakers {
			names = append(names, people.label(part.PersonID))
		}
		talk.speakers = strings.Join(names, "\n")
		s.talks = append(s.talks, talk)
	}
	return s
}

// clockAfter says when a Slot ends, with the days that have passed since it began: "01:00 +1".
func clockAfter(s agenda.Slot) string {
	end, days := s.End.Wall.Clock(), 0
	for d := s.Day(); d < s.End.Wall.Date() && days < 9; d = d.AddDays(1) {
		days++
	}
	if days > 0 {
		end += " +" + strconv.Itoa(days)
	}
	return end
}

// panelSent gives the sheet that was sent, of what is to be written over a Panel.
func panelSent(c echo.Context, old agenda.Panel) panelSheet {
	s := panelSheet{Panel: old}
	form := c.Request().PostForm
	s.Title, s.Abstract = textSent(form, "title"), textSent(form, "abstract")
	s.Code, s.Format, s.TrackID = strings.ToUpper(strings.TrimSpace(typed(c, "code"))), agenda.Format(sent(c, "format")), agenda.ID(sent(c, "track"))
	if old.Cancelled {
		s.CancelNote, s.ReplacedBy = textSent(form, "cancel_note"), agenda.ID(sent(c, "replaced_by"))
	}
	s.Language, s.StreamURL, s.Notes = sent(c, "language"), strings.TrimSpace(typed(c, "stream_url")), typed(c, "notes")
	s.Number, s.Audience = numberSent(c, &s.faults, "number"), numberSent(c, &s.faults, "audience")
	s.Interpretation, s.AllRooms = slices.Clone(form["interpretation"]), sent(c, "all_rooms") != ""
	s.room, s.day, s.start, s.end, s.minutes = sent(c, "slot.room"), sent(c, "slot.day"), clockTyped(sent(c, "slot.start")), clockTyped(sent(c, "slot.end")), strings.TrimSpace(sent(c, "slot.minutes"))
	for _, at := range rowsSent(c, "speakers") {
		if part := (partSheet{typed(c, at+"person"), sent(c, at+"role"), sent(c, at+"status")}); strings.TrimSpace(part.person) != "" {
			s.speakers = append(s.speakers, part)
		}
	}
	for _, at := range rowsSent(c, "interventions") {
		talk := talkSheet{offset: strings.TrimSpace(sent(c, at+"offset")), minutes: strings.TrimSpace(sent(c, at+"minutes")), speakers: typed(c, at+"speakers")}
		talk.ID, talk.Title, talk.Abstract = agenda.ID(sent(c, at+"id")), textSent(form, at+"title"), textSent(form, at+"abstract")
		if len(talk.Title.Clean())+len(talk.Abstract.Clean()) > 0 || strings.TrimSpace(talk.offset+talk.minutes+talk.speakers) != "" {
			s.talks = append(s.talks, talk)
		}
	}
	return s
}

var clockPattern = regexp.MustCompile(`^([0-9]{1,2})(?:[:.hH]?([0-9]{2})?)?\s*(\+[1-9])?$`)

// clockTyped gives a time as people type it ("9", "930", "9h30", "9:30", "1:00 +1") as clocks show it; what is none stays.
func clockTyped(s string) string {
	s = strings.TrimSpace(s)
	m := clockPattern.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if m[3] != "" {
		m[3] = " " + m[3]
	}
	return fmt.Sprintf("%02d:%02d", hour, minute) + m[3]
}

// request gives the Slot that is asked for, nil for none.
func (s *panelSheet) request() *app.SlotRequest {
	if s.day == "" && s.start == "" && s.end == "" {
		return nil
	}
	if s.day == "" {
		s.faults.Add("/slot/day", "is needed")
	}
	if s.start == "" {
		s.faults.Add("/slot/start", "is needed")
	}
	if s.end == "" && s.minutes == "" {
		s.faults.Add("/slot/end", "is needed")
	}
	if s.end == "" && s.minutes != "" {
		s.endAfter()
	}
	end, days, _ := strings.Cut(s.end, " +")
	on := agenda.Date(s.day)
	if n, err := strconv.Atoi(days); err == nil {
		on = on.AddDays(n)
	} else if end != "" && end <= "08:00" && s.start >= "18:00" {
		on = on.AddDays(1) // into the night
	}
	start, finish := s.day+"T"+s.start, string(on)+"T"+end
	if old := s.Slot; old != nil { // a time that the clock shows twice keeps the one that it was
		if string(old.Start.Wall) == start+":00" {
			start = momentText(old.Start)
		}
		if string(old.End.Wall) == finish+":00" {
			finish = momentText(old.End)
		}
	}
	return &app.SlotRequest{RoomID: agenda.ID(s.room), Start: start, End: finish}
}

// endAfter finds the end by the length, and takes the length out of the sheet.
func (s *panelSheet) endAfter() {
	n, err := strconv.Atoi(s.minutes)
	if err != nil || n < 1 || n > agenda.MaxPanelMinutes {
		s.faults.Add("/slot/minutes", "is not a whole number")
		return
	}
	start, err := time.Parse("2006-01-02T15:04", "2000-01-01T"+s.start)
	if err != nil {
		return // told of the start
	}
	at := start.Add(time.Duration(n) * time.Minute)
	s.end, s.minutes = at.Format("15:04"), ""
	if days := at.YearDay() - start.YearDay(); days > 0 {
		s.end += " +" + strconv.Itoa(days)
	}
}

// panel gives the Panel of the sheet and the Slot that is asked for, or all that can't be read.
func (s *panelSheet) panel(people *roll) (agenda.Panel, *app.SlotRequest, error) {
	p := s.Panel
	request := s.request()
	p.Speakers = nil
	had := map[agenda.ID]agenda.SpeakerStatus{}
	for i, part := range s.speakers {
		id, fault := people.find(part.person)
		if fault != "" {
			s.faults.Add("/speakers/"+strconv.Itoa(i)+"/person", "%s", fault)
		}
		p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: id, Role: agenda.Role(part.role), Status: agenda.SpeakerStatus(part.status)})
		had[id] = agenda.SpeakerStatus(part.status)
	}
	old := map[agenda.ID]agenda.Intervention{}
	for _, v := range s.Interventions {
		old[v.ID] = v
	}
	p.Interventions = nil
	for i, talk := range s.talks {
		p.Interventions = append(p.Interventions, talk.intervention(&s.faults, "/interventions/"+strconv.Itoa(i), people, old[talk.ID], had))
	}
	return p, request, s.faults.Err("panel")
}

// intervention gives the Intervention of the sheet. Who had a part in it keeps role and status; others have the status that they
// have in the Panel.
func (t talkSheet) intervention(f *agenda.Faults, pointer string, people *roll, old agenda.Intervention, status map[agenda.ID]agenda.SpeakerStatus) agenda.Intervention {
	v := t.Intervention
	v.Offset, v.Minutes, v.Speakers = nil, 0, nil
	number := func(field, typed string) int {
		n, err := strconv.Atoi(typed)
		if typed != "" && err != nil {
			f.Add(pointer+"/"+field, "is not a whole number")
		}
		return n
	}
	v.Minutes = number("minutes", t.minutes)
	if n := number("offset", t.offset); t.offset != "" {
		v.Offset = &n
	}
	for name := range strings.SplitSeq(t.speakers, "\n") {
		if strings.TrimSpace(name) == "" {
			continue
		}
		id, fault := people.find(name)
		if fault != "" {
			f.Add(pointer+"/speakers", "%s", fault)
			continue
		}
		part := agenda.Speaker{PersonID: id, Role: agenda.Presenter, Status: agenda.Invited}
		if known, ok := status[id]; ok {
			part.Status = known
		}
		for _, was := range old.Speakers {
			if was.PersonID == id && !slices.Contains(v.Speakers, was) {
				part = was
				break
			}
		}
		v.Speakers = append(v.Speakers, part)
	}
	return v
}
