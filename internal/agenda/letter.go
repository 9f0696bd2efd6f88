package agenda

import "time"

// LetterKind says what a [Letter] is about.
type LetterKind string

// The kinds of letters.
const (
	LetterReset    LetterKind = "reset"         // reset the password by a link
	LetterInvite   LetterKind = "invite"        // asked to be a member of an event, by a link
	LetterCode     LetterKind = "code"          // a six-digit code
	LetterPersonal LetterKind = "personal_link" // a person's own page
	LetterNotice   LetterKind = "notice"        // something about the account's security changed: Detail says what
)

// Letter is what is to be said to somebody by mail. How it is said is for whoever sends it.
type Letter struct {
	Kind     LetterKind
	To       string // one address, such as jane@example.org
	Name     string // of whom it is to; may be empty
	Language string // BCP 47; "" is English
	URL      string
	Code     string
	Event    Text      // its name
	Expires  time.Time // when URL or Code stop working; zero: not told
	Zone     string    // IANA, for telling Expires; "" is UTC
	Detail   string
}
