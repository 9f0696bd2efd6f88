package ical

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/internal/agenda"
)

// Reply is what a calendar program answers to an invitation (RFC 5546, 3.2.3 and 3.2.7). Anybody can have written it.
type Reply struct {
	Method   string        // upper-case: REPLY, COUNTER, or what else it says
	UID      string        // of the entry
	Attendee string        // the address of who answers, in small letters
	Answer   agenda.Answer // "": none that we know
	Sequence int           // of what is answered; 0 when it does not say
	Stamp    time.Time     // when the answer was made, DTSTAMP; zero when it does not say
	Comment  string        // what the attendee added
	// Start and End are the time that a COUNTER proposes; zero when it can't be told.
	Start, End time.Time
}

// MaxReply is how large an answer may be, in octets.
const MaxReply = 256 << 10

// Limits of what is kept of an answer.
const (
	maxReplyLines   = 5_000
	maxReplyComment = 1_000 // characters
)

// partstats are the answers by the words of iCalendar (RFC 5545, 3.2.12).
var partstats = map[string]agenda.Answer{"NEEDS-ACTION": agenda.NeedsAction, "ACCEPTED": agenda.Accepted, "DECLINED": agenda.DeclinedIt,
	"TENTATIVE": agenda.Tentative, "DELEGATED": agenda.Delegated}

// ReadReply reads an answer to an invitation. It must have one VEVENT with one UID and one ATTENDEE; what else it says of the
// entry is not looked at, but for the time that a COUNTER proposes. Errors are [agenda.Error]s with the code Invalid.
func ReadReply(data []byte) (Reply, error) {
	if len(data) > MaxReply {
		return Reply{}, agenda.Errorf(agenda.Invalid, "The answer is larger than %d KiB, which is more than is read.", MaxReply>>10)
	}
	u, err := newUnfolder(bytes.NewReader(data))
	if err != nil {
		return Reply{}, err
	}
	var d replying
	for lines := 0; ; lines++ {
		line, number, err := u.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Reply{}, err
		}
		if lines == maxReplyLines {
			return Reply{}, agenda.Errorf(agenda.Invalid, "The answer has more than %d lines, which is more than is read.", maxReplyLines)
		}
		c, err := readContent(strings.ToValidUTF8(string(line), "\uFFFD"), number)
		if err != nil {
			continue // a line that makes no sense says nothing
		}
		if err := d.take(c); err != nil {
			return Reply{}, err
		}
	}
	return d.finish(data)
}

// replying is an answer that is being read.
type replying struct {
	Reply
	open      []string // components that have begun, outermost first
	calendars int
	events    int
	attendees []string
	sequenced bool
}

func (d *replying) take(c content) error {
	name := strings.ToUpper(strings.TrimSpace(c.value))
	switch {
	case c.name == "BEGIN":
		if len(d.open) >= maxDepth {
			return agenda.Errorf(agenda.Invalid, "On line %d components are nested more than %d deep, which no calendar needs.", c.line, maxDepth)
		}
		d.open = append(d.open, name)
		if slices.Equal(d.open, []string{"VCALENDAR"}) {
			d.calendars++
		}
		if slices.Equal(d.open, []string{"VCALENDAR", "VEVENT"}) {
			d.events++
		}
	case c.name == "END":
		if at := slices.Index(d.open, name); at >= 0 {
			d.open = d.open[:at]
		}
	case slices.Equal(d.open, []string{"VCALENDAR"}) && c.name == "METHOD" && d.Method == "":
		d.Method = name
	case slices.Equal(d.open, []string{"VCALENDAR", "VEVENT"}):
		d.event(c)
	}
	return nil
}

// event reads a property of the entry. Of those that may occur once, the first holds.
func (d *replying) event(c content) {
	switch c.name {
	case "UID":
		if d.UID == "" {
			d.UID = readText(c.value)
		}
	case "ATTENDEE":
		d.attendees = append(d.attendees, addressOf(c.value))
		if d.Attendee == "" {
			d.Attendee, d.Answer = addressOf(c.value), partstats[strings.ToUpper(strings.TrimSpace(c.param("PARTSTAT")))]
		}
	case "SEQUENCE":
		if n, err := strconv.ParseInt(strings.TrimSpace(c.value), 10, 32); err == nil && n >= 0 && !d.sequenced {
			d.Sequence, d.sequenced = int(n), true
		}
	case "DTSTAMP":
		if wall, kind := readTime(strings.ToUpper(strings.TrimSpace(c.value))); kind == instantTime && d.Stamp.IsZero() {
			d.Stamp = wall
		}
	case "COMMENT":
		if d.Comment == "" {
			d.Comment = shorten(readText(c.value), maxReplyComment)
		}
	}
}

// addressOf gives the address of mail in a calendar address, in small letters, "" for others.
func addressOf(value string) string {
	scheme, address, found := strings.Cut(strings.TrimSpace(value), ":")
	if !found || !strings.EqualFold(scheme, "mailto") {
		return ""
	}
	address, _, _ = strings.Cut(address, "?")
	if !utf8.ValidString(address) || len(address) > 320 || !strings.Contains(address, "@") || strings.ContainsAny(address, " \t<>,;\"") {
		return ""
	}
	return strings.ToLower(address)
}

func (d *replying) finish(data []byte) (Reply, error) {
	r := d.Reply
	switch {
	case d.calendars != 1 || r.Method == "":
		return r, agenda.Errorf(agenda.Invalid, "This is no answer to an invitation: it is not one calendar with a METHOD.")
	case d.events != 1 || r.UID == "":
		return r, agenda.Errorf(agenda.Invalid, "The answer is to no entry, or to more than one.")
	case len(d.attendees) != 1 || r.Attendee == "":
		return r, agenda.Errorf(agenda.Invalid, "The answer is of nobody with an address, or of more than one.")
	}
	if r.Method == agenda.MethodCounter {
		if proposed, err := Read(bytes.NewReader(data), ReadOptions{}); err == nil && len(proposed.Entries) == 1 {
			r.Start, r.End = proposed.Entries[0].Start, proposed.Entries[0].End
		}
	}
	return r, nil
}
