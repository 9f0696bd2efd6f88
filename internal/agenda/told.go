package agenda

// ToldState says how far it is with telling somebody.
type ToldState string

// The states.
const (
	NotTold       ToldState = "not_told"   // no letter was made
	ToldWaiting   ToldState = "waiting"    // it waits to be read, or until it is due
	ToldNoAddress ToldState = "no_address" // it can't go
	ToldFailed    ToldState = "failed"     // it was given up
	ToldSilent    ToldState = "silent"     // it went, and nothing is known since
	ToldOpened    ToldState = "opened"     // its link was followed, by them or by a program
	ToldSeen      ToldState = "seen"       // they say that they have seen it
	ToldCannot    ToldState = "cannot"     // they say that they can't
)

// ToldStates lists them.
var ToldStates = []ToldState{NotTold, ToldWaiting, ToldNoAddress, ToldFailed, ToldSilent, ToldOpened, ToldSeen, ToldCannot}

// ToldState says how far it is with the Mail.
func (m Mail) ToldState() ToldState {
	switch {
	case m.Answer == AnswerCannot:
		return ToldCannot
	case m.Answer != "":
		return ToldSeen
	case m.Opened != nil:
		return ToldOpened
	case m.Sent != nil:
		return ToldSilent
	case m.Status == MailFailed:
		return ToldFailed
	case m.Status == MailDiscarded:
		return NotTold
	case m.To == "":
		return ToldNoAddress
	}
	return ToldWaiting
}

// ToldUnanswered asks for all who were written to and have not answered.
const ToldUnanswered ToldState = "unanswered"

// Fits says whether the state is the one that is asked for, or is of those who have not answered; any fits "".
func (s ToldState) Fits(asked ToldState) bool {
	return asked == "" || asked == s || asked == ToldUnanswered && s.Silent()
}

// Silent says whether somebody was written to and has not answered.
func (s ToldState) Silent() bool { return s == ToldSilent || s == ToldOpened }
