package agenda

import (
	"slices"
	"time"
)

// MeetingParty is who did something to a Meeting, as those who see it are told.
type MeetingParty string

// The parties.
const (
	PartyAsking     MeetingParty = "asking" // the side that asks
	PartyAsked      MeetingParty = "asked"
	PartyOrganizers MeetingParty = "organizers"
	PartyProgram    MeetingParty = "program" // by itself
)

// MeetingParties lists them.
var MeetingParties = []MeetingParty{PartyAsking, PartyAsked, PartyOrganizers, PartyProgram}

// PartyOf gives the party that a side is.
func PartyOf(side int) MeetingParty { return MeetingParties[side] }

// MeetingDeed is what was done to a Meeting.
type MeetingDeed string

// The deeds.
const (
	DeedArrange  MeetingDeed = "arrange" // organizers made it
	DeedRequest  MeetingDeed = "request"
	DeedEdit     MeetingDeed = "edit"
	DeedPropose  MeetingDeed = "propose"
	DeedAccept   MeetingDeed = "accept"
	DeedDecline  MeetingDeed = "decline"
	DeedWithdraw MeetingDeed = "withdraw"
	DeedExpire   MeetingDeed = "expire"
	DeedHold     MeetingDeed = "hold"
	DeedCancel   MeetingDeed = "cancel"
	DeedAnswer   MeetingDeed = "answer"  // a delegate answered for themselves
	DeedReplace  MeetingDeed = "replace" // organizers let somebody stand in for another
	DeedCounter  MeetingDeed = "counter" // a delegate answered for themselves that another time would do
)

// MeetingDeeds lists them.
var MeetingDeeds = []MeetingDeed{DeedArrange, DeedRequest, DeedEdit, DeedPropose, DeedAccept, DeedDecline, DeedWithdraw, DeedExpire,
	DeedHold, DeedCancel, DeedAnswer, DeedReplace, DeedCounter}

// MeetingStep is an entry of a Meeting's history: those who may see the Meeting read it. Who of the organizers did something
// is in the log of activity alone.
type MeetingStep struct {
	ID        ID
	EventID   ID
	MeetingID ID
	At        time.Time
	Party     MeetingParty
	PersonID  ID // who came with a personal link; "" for others, and for who was erased
	Deed      MeetingDeed
	Note      string
}

// Answers says whether a delegate answered for themselves. What they wrote with it is for the organizers.
func (s MeetingStep) Answers() bool { return s.Deed == DeedAnswer || s.Deed == DeedCounter }

// LastAnswers gives of a Meeting's history, oldest first, what each delegate answered last for themselves.
func LastAnswers(steps []MeetingStep) map[ID]MeetingStep {
	last := map[ID]MeetingStep{}
	for _, s := range steps {
		if s.Answers() && s.PersonID != "" {
			last[s.PersonID] = s
		}
	}
	return last
}

// Check says everything that is wrong with the MeetingStep at once.
func (s MeetingStep) Check() error {
	var f Faults
	checkOneOf(&f, "/party", s.Party, MeetingParties)
	checkOneOf(&f, "/deed", s.Deed, MeetingDeeds)
	CheckString(&f, "/note", s.Note, MaxProse)
	return f.Err("history")
}

// deedOf gives what organizers did to a Meeting when they edited it.
func deedOf(was, is MeetingStatus) MeetingDeed {
	if was == is {
		return DeedEdit
	}
	switch is {
	case MeetingAccepted:
		return DeedAccept
	case MeetingDeclined:
		return DeedDecline
	case MeetingExpired:
		return DeedExpire
	case MeetingHeld:
		return DeedHold
	case MeetingCancelled:
		return DeedCancel
	}
	return DeedEdit
}

// Replaced gives the Meeting as organizers edited it freely, with what they can't edit as it was, and what that was. Its
// status may be any, as long as it makes sense: what nobody proposed a time for, or waits for nothing, is not open.
func (m Meeting) Replaced(next Meeting) (Meeting, MeetingDeed, error) {
	next.Times, next.Turn, next.Expires, next.Firm = m.Times, m.Turn, m.Expires, m.Firm
	if !next.Open() {
		next.Expires = time.Time{}
	}
	next.Firm = next.Firm && next.Slot != nil && (next.Status == MeetingAccepted || next.Status == MeetingHeld)
	if m.Slot != nil && next.Slot != nil && !(m.Slot.Start.At.Equal(next.Slot.Start.At) && m.Slot.End.At.Equal(next.Slot.End.At)) {
		next.Sides = next.askedAnew(m)
	}
	var f Faults
	switch {
	case next.Status == m.Status:
	case next.Status == MeetingProposed && len(next.Times) == 0:
		f.Add("/status", "is proposed, but no times were proposed")
	}
	return next, deedOf(m.Status, next.Status), f.Err("meeting")
}

// askedAnew gives the sides of a Meeting that was moved: who had said yes, or perhaps, said so of another time (RFC 5546, 3.2.2.1).
// Who had declined stays away until they say otherwise, and what organizers answer for somebody with the move is of the new time.
func (m Meeting) askedAnew(was Meeting) [2]Delegation {
	sides := m.Sides
	for i, side := range sides {
		sides[i].Delegates = slices.Clone(side.Delegates)
		for j, d := range side.Delegates {
			if (d.Answer == Accepted || d.Answer == Tentative) && d.Answer == was.AnswerOf(d.PersonID) {
				sides[i].Delegates[j].Answer = NeedsAction
			}
		}
	}
	return sides
}
