package mail

import (
	"slices"
	"strconv"
	"time"

	"plenary/internal/agenda"
)

// Near is something that begins soon, and of which somebody is reminded.
type Near struct {
	Title  agenda.Text // empty: a Meeting without a topic
	Hidden bool        // a Meeting of which the Person may not know what it is about: it has no Title
	Slot   agenda.Slot
	Room   agenda.Text
}

// Reminder words a letter that reminds somebody of what begins soon, one thing at least. Zone is the Person's own, "" for none.
func Reminder(lang string, e agenda.Event, zone string, near []Near) (subject string, body []agenda.MailPart, err error) {
	w, err := wordsFor(lang)
	if err != nil {
		return "", nil, err
	}
	reader, clock := agenda.NewReader(e.Language(), w.lang), e.Location()
	own, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == clock.String() {
		own = nil
	}
	t := changing{words: w, own: own}
	for _, n := range near {
		title := reader.String(n.Title)
		switch {
		case n.Hidden:
			title = w.said["mail_meeting_title_busy"]
		case title == "":
			title = w.said["mail_reminder_meeting"]
		}
		part := agenda.MailPart{Heading: title}
		add := func(key, what string) {
			if what != "" {
				part.Lines = append(part.Lines, w.say("mail_changes_"+key, "what", what))
			}
		}
		add("when", w.span(&n.Slot, clock))
		if own != nil {
			t.addOwn(add, t.ownSpan(&n.Slot, clock))
		}
		add("room", reader.String(n.Room))
		body = append(body, part)
	}
	subject = w.say("mail_reminder_subject", "title", body[0].Heading, "when", w.span(&near[0].Slot, clock))
	if len(near) > 1 {
		subject = w.say("mail_reminder_subject_several", "n", strconv.Itoa(len(near)), "event", reader.String(e.Name))
	}
	body = slices.Insert(body, 0, agenda.MailPart{Lines: []string{w.say("mail_reminder_intro", "event", reader.String(e.Name))}})
	return subject, append(body, agenda.MailPart{Lines: []string{w.say("mail_changes_zone", "zone", zoneName(clock, near[0].Slot.Start.At))}}), nil
}

// Again words a letter to who has not answered one: it says the same, and that an answer is awaited.
func Again(lang, subject string, body []agenda.MailPart) (string, []agenda.MailPart, error) {
	w, err := wordsFor(lang)
	if err != nil {
		return "", nil, err
	}
	first := agenda.MailPart{Lines: []string{w.said["mail_again_intro"]}}
	return w.say("mail_again_subject", "subject", subject), append([]agenda.MailPart{first}, body...), nil
}
