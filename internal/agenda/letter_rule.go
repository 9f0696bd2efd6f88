package agenda

import (
	"slices"
	"time"
)

// LetterMode says which letters about a Release go by themselves.
type LetterMode string

// The modes.
const (
	LettersRead  LetterMode = "read"  // none: an organizer reads each and lets it go
	LettersSmall LetterMode = "small" // those that tell of small changes alone: see [SmallChange]
	LettersAll   LetterMode = "all"   // all
	LettersNone  LetterMode = "none"  // none are made
)

// LetterModes lists them.
var LetterModes = []LetterMode{LettersRead, LettersSmall, LettersAll, LettersNone}

// LetterRule says how an Event tells people what concerns them.
type LetterRule struct {
	Mode  LetterMode
	Delay int   // minutes from a publication until letters go that go by themselves
	Small int   // minutes by which a Panel may move for the change to be small
	Leads []int // minutes before something begins at which people are reminded, the longest first; none: never
	// HoldMeetings lets letters about Meetings wait until an organizer lets them go; else they go by themselves.
	HoldMeetings bool
	Revision     int
}

// ReminderLeads are the lead times that can be chosen, in minutes.
var ReminderLeads = []int{7 * 24 * 60, 48 * 60, 24 * 60, 3 * 60, 60, 15}

// The most that a LetterRule may say, in minutes.
const (
	MaxLetterDelay = 7 * 24 * 60
	MaxSmallMove   = 24 * 60
)

// FirstLetterRule is the rule of an Event for which nobody has set one: every letter is read before it goes, and nobody is
// reminded.
func FirstLetterRule() LetterRule {
	return LetterRule{Mode: LettersRead, Delay: 10, Small: 15, Revision: 1}
}

// Check says everything that is wrong with the rule at once.
func (r LetterRule) Check() error {
	var f Faults
	checkOneOf(&f, "/mode", r.Mode, LetterModes)
	if r.Delay < 0 || r.Delay > MaxLetterDelay {
		f.Add("/delay", "must be between 0 and %d minutes", MaxLetterDelay)
	}
	if r.Small < 0 || r.Small > MaxSmallMove {
		f.Add("/small", "must be between 0 and %d minutes", MaxSmallMove)
	}
	for i, lead := range r.Leads {
		if !slices.Contains(ReminderLeads, lead) {
			f.Add(index("/leads", i), "is none of the lead times that can be chosen")
		}
	}
	return f.Err("letter rule")
}

// Telling is what one publication does with letters in place of the rule.
type Telling string

// The tellings.
const (
	TellByRule Telling = ""
	TellSend   Telling = "send"   // all go by themselves
	TellHold   Telling = "hold"   // all wait to be read
	TellNobody Telling = "nobody" // none are made
)

// Tellings lists them.
var Tellings = []Telling{TellByRule, TellSend, TellHold, TellNobody}

// Plan says what becomes of a letter that tells of small changes alone, or not: whether one is made, and whether it goes by
// itself.
func (r LetterRule) Plan(t Telling, small bool) (made, goes bool) {
	mode := r.Mode
	switch t {
	case TellSend:
		mode = LettersAll
	case TellHold:
		mode = LettersRead
	case TellNobody:
		mode = LettersNone
	}
	return mode != LettersNone, mode == LettersAll || mode == LettersSmall && small
}

// SmallChange says whether what touches a Person changes little: they are in the same Panels, none of which is cancelled, takes
// place after all, or begins or ends more than these minutes earlier or later. Another room, title or role is little.
func SmallChange(old, next *Snapshot, touches []Touch, minutes int) bool {
	most := time.Duration(minutes) * time.Minute
	return !slices.ContainsFunc(touches, func(t Touch) bool {
		switch t.Kind {
		case TouchRole, TouchEdited:
			return false
		case TouchMoved:
			p, was := old.PanelOf(t.Panel)
			q, is := next.PanelOf(t.Panel)
			return !was || !is || q.Slot.Start.At.Sub(p.Slot.Start.At).Abs() > most || q.Slot.End.At.Sub(p.Slot.End.At).Abs() > most
		}
		return true
	})
}

// PanelOf gives the Panel of that identity that the Snapshot has; nil has none.
func (s *Snapshot) PanelOf(id ID) (Panel, bool) {
	if p := s.panelOf(id); p != nil && p.Slot != nil {
		return *p, true
	}
	return Panel{}, false
}

// EssentialTouch says whether somebody must be told of it though they want no letters that are not essential: of all but what is
// edited of a Panel that stays where and when it is.
func EssentialTouch(t Touch) bool { return t.Kind != TouchEdited }

// LetterTopic is what letters are about that a Person can do without.
type LetterTopic string

// The topics.
const (
	TopicEdits     LetterTopic = "edits"     // what was edited of Panels that stay where and when they are
	TopicReminders LetterTopic = "reminders" // of what is near
)

// LetterTopics lists them.
var LetterTopics = []LetterTopic{TopicEdits, TopicReminders}

// Topic gives what the Mail is about for who may not want it; "" when it goes in any case.
func (m Mail) Topic() LetterTopic {
	switch {
	case m.Essential:
		return ""
	case m.Kind == MailChanges:
		return TopicEdits
	}
	return TopicReminders
}

// The answers to a letter that tells of changes.
const (
	AnswerSeen   = "seen"
	AnswerCannot = "cannot"
)

// LetterAnswers lists them.
var LetterAnswers = []string{AnswerSeen, AnswerCannot}

// Told is of what a letter tells: what changed for a Person from one Release to another.
type Told struct {
	MailID   ID
	EventID  ID
	PersonID ID
	Since    int // number of the Release that they knew; 0: none
	Release  int
}

// Covers says whether all that the other letter tells is in this one.
func (t Told) Covers(other Told) bool { return t.Since <= other.Since && other.Release <= t.Release }

// KnownSince gives the number of the Release that somebody knows, of letters that have gone, one at least, or may have, and of
// others that are taken back: what only these would have told is to be told again.
func KnownSince(gone, taken []Told) (since int) {
	for _, g := range gone {
		since = max(since, g.Release)
	}
	for _, t := range taken {
		if !slices.ContainsFunc(gone, func(g Told) bool { return g.Covers(t) }) {
			since = min(since, t.Since)
		}
	}
	return since
}

// Reminder is that a Person is reminded of something that begins, once for each time that it begins at.
type Reminder struct {
	EventID  ID
	PersonID ID
	ItemID   ID // a Panel or a Meeting
	Starts   time.Time
	Lead     int // minutes before
	MailID   ID  // "": nobody could be written to
}

// ReminderPatience is how late a reminder still goes at most, while whoever makes them was away.
const ReminderPatience = time.Hour

// RemindAt says whether it is time to remind of what begins then, and not too late for it.
func RemindAt(starts time.Time, lead int, now time.Time) bool {
	at := starts.Add(-time.Duration(lead) * time.Minute)
	patience := min(ReminderPatience, time.Duration(lead)*time.Minute/2)
	return !now.Before(at) && now.Before(at.Add(patience))
}
