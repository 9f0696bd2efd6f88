package exchange

import (
	"cmp"
	"strconv"
	"time"

	"plenary/internal/agenda"
)

func (p pen) meeting(n agenda.Meeting) meetingObject {
	o := meetingObject{ID: n.ID, UID: n.UID, Topic: n.Topic, Status: n.Status, Visibility: n.Visibility,
		Slot: p.slot(n.Slot), Sides: each(n.Sides[:], delegationOf), Notes: n.Notes,
		Times: each(n.Times, func(t agenda.MeetingTime) meetingTimeObject {
			return meetingTimeObject{Side: t.Side, Start: p.moment(t.Start), End: p.moment(t.End)}
		}),
		Turn: n.Turn, Expires: instant(n.Expires), Firm: n.Firm, history: historyOf(n.Revision, n.Created, n.Updated)}
	if n.Quorum != agenda.QuorumPrincipals {
		o.Quorum = n.Quorum
	}
	return o
}

func meetingStepOf(s agenda.MeetingStep) meetingStepObject {
	return meetingStepObject{ID: s.ID, Meeting: s.MeetingID, At: instant(s.At), Party: s.Party, Person: s.PersonID, Deed: s.Deed, Note: s.Note}
}

// meetingRulesOf gives nothing for an Event whose organizers decided nothing.
func meetingRulesOf(r agenda.MeetingRules) *meetingRulesObject {
	if r.Updated.IsZero() {
		return nil
	}
	return &meetingRulesObject{Closed: r.Closed, Hours: r.Hours, Open: r.Open, PerDay: r.PerDay, Halls: r.Halls, Revision: r.Revision,
		Updated: instant(r.Updated)}
}

// letterRuleOf gives nothing for an Event whose organizers decided nothing.
func letterRuleOf(r agenda.LetterRule) *letterRuleObject {
	if r.Revision == 0 {
		return nil
	}
	return &letterRuleObject{Mode: r.Mode, Delay: r.Delay, Small: r.Small, Leads: r.Leads, HoldMeetings: r.HoldMeetings, Revision: r.Revision}
}

func (o *letterRuleObject) noun() agenda.LetterRule {
	if o == nil {
		return agenda.LetterRule{}
	}
	return agenda.LetterRule{Mode: o.Mode, Delay: o.Delay, Small: o.Small, Leads: o.Leads, HoldMeetings: o.HoldMeetings, Revision: o.Revision}
}

func (in intake) meeting(pointer string, o meetingObject) agenda.Meeting {
	m := agenda.Meeting{ID: o.ID, EventID: in.event, UID: o.UID, Topic: filled(o.Topic), Status: o.Status,
		Visibility: o.Visibility, Slot: in.slot(pointer+"/slot", o.Slot), Notes: o.Notes,
		Turn: o.Turn, Expires: time.Time(o.Expires), Quorum: cmp.Or(o.Quorum, agenda.QuorumPrincipals), Firm: o.Firm,
		Revision: o.Revision, Created: time.Time(o.Created), Updated: time.Time(o.Updated)}
	for i, t := range o.Times {
		at := at(pointer+"/times", i)
		start, startOK := in.moment(at+"/start", t.Start)
		end, endOK := in.moment(at+"/end", t.End)
		if startOK && endOK {
			m.Times = append(m.Times, agenda.MeetingTime{Side: t.Side, Start: start, End: end})
		}
	}
	if len(o.Sides) != len(m.Sides) {
		in.faults.Add(pointer+"/sides", "has %d sides, but a meeting has two", len(o.Sides))
	}
	for i := range min(len(o.Sides), len(m.Sides)) {
		m.Sides[i] = agenda.Delegation{Name: filled(o.Sides[i].Name), Languages: each(o.Sides[i].Languages, same), Delegates: each(o.Sides[i].Delegates, delegateObject.noun)}
	}
	return m
}

func (in intake) meetingStep(_ string, o meetingStepObject) agenda.MeetingStep {
	return agenda.MeetingStep{ID: o.ID, EventID: in.event, MeetingID: o.Meeting, At: time.Time(o.At), Party: o.Party, PersonID: o.Person,
		Deed: o.Deed, Note: o.Note}
}

func (o *meetingRulesObject) noun() agenda.MeetingRules {
	if o == nil {
		return agenda.MeetingRules{}
	}
	return agenda.MeetingRules{Closed: o.Closed, Hours: o.Hours, Open: o.Open, PerDay: o.PerDay, Halls: o.Halls, Revision: o.Revision,
		Updated: time.Time(o.Updated)}
}

func (c *checker) meeting(pointer string, m agenda.Meeting) {
	c.identity(pointer, "meeting", m.ID)
	c.meetings[m.ID] = true
	c.uid(pointer, m.UID)
	c.faults.Merge(pointer, m.Check())
	c.revision(pointer, m.Revision)
	if m.Slot != nil {
		c.refer(pointer+"/slot/room", "room", m.Slot.RoomID, c.rooms)
	}
	for i, side := range m.Sides {
		for j, d := range side.Delegates {
			c.refer(at(at(pointer+"/sides", i)+"/delegates", j)+"/person", "person", d.PersonID, c.people)
		}
	}
}

// meetingLife says what is wrong with what was done to Meetings, and with the rules for them and for letters.
func (c *checker) meetingLife(b Bundle) {
	for i, s := range b.MeetingSteps {
		pointer := "/meeting_steps/" + strconv.Itoa(i)
		c.identity(pointer, "meeting step", s.ID)
		c.faults.Merge(pointer, s.Check())
		c.refer(pointer+"/meeting", "meeting", s.MeetingID, c.meetings)
	}
	if !b.MeetingRules.Updated.IsZero() {
		c.faults.Merge("/meeting_rules", b.MeetingRules.Check())
		c.revision("/meeting_rules", b.MeetingRules.Revision)
	}
	if b.LetterRule.Revision != 0 {
		c.faults.Merge("/letter_rule", b.LetterRule.Check())
		c.revision("/letter_rule", b.LetterRule.Revision)
	}
}
