package agenda

import "time"

// PersonalSettings are what a Person has set on their own page at an Event, and how far they have looked.
type PersonalSettings struct {
	Zone string // IANA time zone in which times are shown beside the Event's; "": in none
	Seen int    // number of the Release up to which they know what changed
	Undo Undo
}

// UndoLife is how long what a Person did on their page can be taken back.
const UndoLife = 10 * time.Minute

// MaxOwnWindows is how many windows of availability a Person can have who adds them on their page.
const MaxOwnWindows = 60

// UndoKind says what is taken back.
type UndoKind string

// The kinds.
const (
	UndoAnswer        UndoKind = "answer"         // to an invitation
	UndoMeetingAnswer UndoKind = "meeting_answer" // to a Meeting
	UndoAdded         UndoKind = "added"          // an Availability
	UndoEdited        UndoKind = "edited"
	UndoRemoved       UndoKind = "removed"
)

// Undo is how to take back what a Person did last. It works while what it is about is as they left it.
type Undo struct {
	Kind     UndoKind // "": nothing can be taken back
	ID       ID       // of the Panel, the Meeting or the Availability
	Revision int      // that it has since
	Until    time.Time
	Statuses []SpeakerStatus // before, of each Speaker of the Panel in order
	Answer   Answer          // before
	Start    Wall            // before
	End      Wall
	Note     string
}

// Works says whether there is something to take back at that time.
func (u Undo) Works(now time.Time) bool { return u.Kind != "" && u.Until.After(now) }

// WithStatuses gives the Panel with the statuses of its Speakers, in the order of [Panel.Everybody].
func (p Panel) WithStatuses(statuses []SpeakerStatus) Panel {
	set := func(speakers []Speaker) []Speaker {
		list := append([]Speaker(nil), speakers...)
		for i := range list {
			if len(statuses) > 0 {
				list[i].Status, statuses = statuses[0], statuses[1:]
			}
		}
		return list
	}
	p.Speakers = set(p.Speakers)
	p.Interventions = append([]Intervention(nil), p.Interventions...)
	for i := range p.Interventions {
		p.Interventions[i].Speakers = set(p.Interventions[i].Speakers)
	}
	return p
}

// ChangesFor gives those of the Changes from one Release to another that are about Panels in which the Person takes part, in
// either. Old is nil where there was none.
func ChangesFor(old, next *Snapshot, person ID) []PersonalChange {
	var list []PersonalChange
	for _, c := range Diff(old, next) {
		was, is := takesPart(old, c.PanelID, person), takesPart(next, c.PanelID, person)
		switch {
		case is && !was && c.Kind != ChangeCancelled:
			list = append(list, PersonalChange{Change: c, Joined: true})
		case was && !is && c.Kind != ChangeRemoved:
			list = append(list, PersonalChange{Change: c, Left: true})
		case was || is:
			list = append(list, PersonalChange{Change: c})
		}
	}
	return list
}

// PersonalChange is a Change to a Panel in which a Person takes part.
type PersonalChange struct {
	Change
	Joined bool // they take part since
	Left   bool // they no longer do
}

func takesPart(s *Snapshot, panel, person ID) bool {
	if s == nil {
		return false
	}
	p, ok := s.Panel(string(panel))
	if !ok {
		return false
	}
	return len(p.Parts(person)) > 0
}
