// Package agenda is the domain of Plenary: the nouns of a conference or forum, the rules that hold
// between them and the errors that break them. It does no I/O, reads no clock and knows neither
// databases nor HTTP; what it needs (the time, new identities) is handed to it.
//
// An [Event] is one edition of a conference. It has [Room]s, [Track]s and [Panel]s; a Panel that has
// a [Slot] is scheduled. People take part as [Speaker]s of Panels and meet in [Meeting]s. What two
// commitments do to each other is a [Conflict]. The public sees [Release]s, the organizers work on
// the draft, and the difference of two Releases is a list of [Change]s.
//
// Time is planned by the wall clock of the Event's IANA zone: see [Moment].
package agenda

// ID identifies a thing for ever: a UUIDv7 in its canonical text form. The empty ID means "none".
type ID string
