package agenda

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
)

// Person is a human who takes part in an Event, with or without a login.
type Person struct {
	ID           ID
	Serial       int    // in the Event: see [Serials]
	Name         string // as it is written in a programme, "Nguyễn Mạnh Hùng"
	Honorific    Text   // "H.E.", "S.E.", "Ngài"
	JobTitle     Text
	Organization Text
	Country      string // ISO 3166-1 alpha-2
	Bio          Text
	PhotoURL     string   // somewhere else
	Photo        string   // name of the File that was uploaded, which is shown in place of PhotoURL
	Email        string   // never public
	Notes        string   // for organizers, never public
	Languages    []string // that the person speaks
	Interprets   []Pair   // between which the person interprets at the Event; none: they are no interpreter
	Buffer       Buffer   // that the person needs around what they do at the Event
	Revision     int
	Created      time.Time
	Updated      time.Time
	// Erased is when all that was known of them was erased; what is left is their parts. Zero: not.
	Erased time.Time
}

// Buffer is the minutes that a Person needs for themselves before and after each thing that they do: for their security, or a
// long way. Between two of them both are needed.
type Buffer struct{ Before, After int }

// Between gives the minutes that are needed from one thing to the next.
func (b Buffer) Between() int { return b.Before + b.After }

// Public gives the Person without what only organizers may see.
func (p Person) Public() Person {
	p.Email, p.Notes, p.Languages, p.Erased = "", "", nil, time.Time{}
	p.Interprets, p.Buffer = nil, Buffer{}
	return p
}

// Portrait gives the address of the Person's photo, "" for none.
func (p Person) Portrait(site Site) string {
	if p.Photo != "" {
		return site.File(p.Photo)
	}
	return p.PhotoURL
}

// Clean tidies what was typed.
func (p *Person) Clean() {
	p.Name, p.Notes, p.Email = CleanLine(p.Name), CleanLine(p.Notes), strings.TrimSpace(p.Email)
	p.Honorific, p.JobTitle = p.Honorific.Clean(), p.JobTitle.Clean()
	p.Organization, p.Bio = p.Organization.Clean(), p.Bio.Clean()
}

// Check says everything that is wrong with the Person at once.
func (p Person) Check() error {
	var f Faults
	if p.Name == "" {
		f.Add("/name", "is needed")
	}
	CheckString(&f, "/name", p.Name, MaxName)
	p.Honorific.Check(&f, "/honorific", MaxName, false)
	p.JobTitle.Check(&f, "/job_title", MaxName, false)
	p.Organization.Check(&f, "/organization", MaxName, false)
	p.Bio.Check(&f, "/bio", MaxProse, false)
	CheckString(&f, "/notes", p.Notes, MaxProse)
	checkCountry(&f, "/country", p.Country)
	checkURL(&f, "/photo_url", p.PhotoURL)
	checkEmail(&f, "/email", p.Email)
	checkLanguages(&f, "/languages", p.Languages)
	checkPairs(&f, "/interprets", p.Interprets)
	checkRange(&f, "/buffer_before", p.Buffer.Before, 0, MaxBuffer)
	checkRange(&f, "/buffer_after", p.Buffer.After, 0, MaxBuffer)
	return f.Err("person")
}

func checkEmail(f *Faults, pointer, s string) {
	if s != "" && !IsEmail(s) {
		f.Add(pointer, "%q is not an e-mail address", clip(s))
	}
}

// IsEmail says whether s is an address to which mail can be sent (RFC 5321 and 6531), and nothing besides. What stands behind the @ is a
// name of letters, digits and hyphens in words divided by dots, as names of machines are, or an address in brackets.
func IsEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s || len(s) > 254 {
		return false
	}
	domain := s[strings.LastIndexByte(s, '@')+1:]
	return strings.HasPrefix(domain, "[") || !strings.ContainsFunc(domain, func(c rune) bool {
		return c != '.' && c != '-' && !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.IsDigit(c)
	})
}
