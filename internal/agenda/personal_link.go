package agenda

import (
	"strings"
	"time"
)

// PersonalLink is how a Person without an Account comes to their own page at one Event. It is in a letter, and the
// programs that look through letters follow links and even send forms: it can be used any number of times, and what is
// sensitive asks for a code besides. Only hashes are kept of its secret and of its code, which is typed where the link
// can't be followed.
type PersonalLink struct {
	ID       ID
	EventID  ID
	PersonID ID
	Hash     string // SHA-256 of the secret, hexadecimal
	CodeHash string // of the code, slow to compute, since it is short
	Created  time.Time
	Expires  time.Time
	LastUsed *time.Time
	Revoked  *time.Time
	MadeBy   ID   // Account that made it, "" for others
	Mailed   bool // it was sent to the Person, and shown to nobody else
}

// LinkLife is how long after the end of its Event a PersonalLink works, unless its maker says otherwise.
const LinkLife = 30 * 24 * time.Hour

// MaxLinkLife is the latest that it can be told to end, after it was made.
const MaxLinkLife = 5 * 366 * 24 * time.Hour

// Check says everything that is wrong with the PersonalLink at once.
func (l PersonalLink) Check() error {
	var f Faults
	switch {
	case !l.Expires.After(l.Created):
		f.Add("/expires", "is in the past")
	case l.Expires.Sub(l.Created) > MaxLinkLife:
		f.Add("/expires", "is more than five years ahead")
	}
	return f.Err("personal link")
}

// Works says whether the PersonalLink opens anything at that time.
func (l PersonalLink) Works(now time.Time) bool { return l.Revoked == nil && l.Expires.After(now) }

// LinkEnds says when a PersonalLink made now ends by itself: [LinkLife] after the Event, and not before a day has gone by.
func LinkEnds(e Event, now time.Time) time.Time {
	last, err := ParseMoment(e.Location(), string(e.EndDate)+"T12:00:00")
	ends := now.Add(LinkLife)
	if err == nil {
		ends = last.At.Add(LinkLife + 12*time.Hour)
	}
	if least := now.Add(24 * time.Hour); ends.Before(least) {
		ends = least
	}
	return ends.UTC().Truncate(time.Millisecond)
}

// VisitLife is how long a Visit lasts.
const VisitLife = 12 * time.Hour

// Visit is a browser in which a PersonalLink was opened. Only the hash of its secret is kept.
type Visit struct {
	Hash      string // SHA-256 of the secret, hexadecimal
	LinkID    ID
	Created   time.Time
	Expires   time.Time
	Confirmed *time.Time // when the code was typed that only the Person can have
	// Code is the one that was mailed for this Visit and not typed yet.
	Code VisitCode
}

// CodeLife is how long a code that confirms a Visit can be typed, and MaxCodeTries how often another one may be.
const (
	CodeLife     = 10 * time.Minute
	MaxCodeTries = 5
)

// VisitCode is a code that confirms a Visit, as it is kept.
type VisitCode struct {
	Hash    string // "": there is none
	Expires time.Time
	Tries   int
}

// DeskCode is a code for a Person that the protocol desk tells them face to face. It confirms one Visit, whichever.
type DeskCode struct {
	EventID  ID
	PersonID ID
	VisitCode
	MadeBy ID // Account that made it, "" for others
}

// Works says whether the Visit opens anything at that time, if its PersonalLink does.
func (v Visit) Works(now time.Time) bool { return v.Expires.After(now) }

// Actor gives who comes with a Visit through the PersonalLink. The link grants nothing: see [Actor].
func (l PersonalLink) Actor(v Visit, p Person) Actor {
	return Actor{Kind: LinkHolder, ID: l.ID, Name: p.Name, EventID: l.EventID, PersonID: l.PersonID, Confirmed: v.Confirmed != nil}
}

// CodeAlphabet are the characters of codes that people type: none looks like another.
const CodeAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// LongCode is how many characters of [CodeAlphabet] the code of a PersonalLink has, and that of the protocol desk: 50 bits.
const LongCode = 10

// TypedCode gives a code as it was typed in the form in which it is kept: without spaces and dashes, in capitals.
func TypedCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == ' ' || r == '\u00a0' || r == '\t' || r == '\u2013':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// SpelledCode gives a long code as people read it: "ABCDE-FGHJK".
func SpelledCode(code string) string {
	if len(code) != LongCode {
		return code
	}
	return code[:LongCode/2] + "-" + code[LongCode/2:]
}

// MaskedAddress gives an e-mail address so that its owner knows it and others can't write to it: "h…@example.org".
func MaskedAddress(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return ""
	}
	for _, first := range address { // a whole character
		return string(first) + "…" + address[at:]
	}
	return ""
}

// OwnAnswers are what a Person may answer to an invitation to be a Speaker.
var OwnAnswers = []SpeakerStatus{Confirmed, Declined}

// Answer gives the Panel with the Person's answer in all their parts, and whether it had been another. Parts that were
// cancelled stay so: a Person who was told not to come can't come after all.
func (p Panel) Answer(person ID, answer SpeakerStatus) (answered Panel, changed bool) {
	set := func(speakers []Speaker) []Speaker {
		list := append([]Speaker(nil), speakers...)
		for i := range list {
			s := &list[i]
			if s.PersonID == person && s.Status != CancelledByThem && s.Status != answer {
				s.Status, changed = answer, true
			}
		}
		return list
	}
	p.Speakers = set(p.Speakers)
	p.Interventions = append([]Intervention(nil), p.Interventions...)
	for i := range p.Interventions {
		p.Interventions[i].Speakers = set(p.Interventions[i].Speakers)
	}
	return p, changed
}

// Parts gives all parts that the Person has in the Panel and in its Interventions.
func (p Panel) Parts(person ID) []Speaker {
	var parts []Speaker
	for _, s := range p.Everybody() {
		if s.PersonID == person {
			parts = append(parts, s)
		}
	}
	return parts
}

// Everybody gives the Speakers of the Panel and of its Interventions, in order.
func (p Panel) Everybody() []Speaker {
	all := append([]Speaker(nil), p.Speakers...)
	for _, v := range p.Interventions {
		all = append(all, v.Speakers...)
	}
	return all
}

// Answered gives the Meeting with the delegate's answer, and whether it had been another.
func (m Meeting) Answered(person ID, answer Answer) (answered Meeting, changed bool) {
	for i := range m.Sides {
		list := append([]Delegate(nil), m.Sides[i].Delegates...)
		for j := range list {
			if list[j].PersonID == person && list[j].Answer != answer {
				list[j].Answer, changed = answer, true
			}
		}
		m.Sides[i].Delegates = list
	}
	return m, changed
}

// AnsweredSince gives whose answer is another one than it was.
func (m Meeting) AnsweredSince(old Meeting) (people []ID) {
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if was := old.AnswerOf(d.PersonID); was != "" && was != d.Answer {
				people = append(people, d.PersonID)
			}
		}
	}
	return people
}

// AnswerOf gives what the Person answered, "" when they do not take part.
func (m Meeting) AnswerOf(person ID) Answer {
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			if d.PersonID == person {
				return d.Answer
			}
		}
	}
	return ""
}
