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

// Silent says whether somebody was written to and has not answered.
func (s ToldState) Silent() bool { return s == ToldSilent || s == ToldOpened }
