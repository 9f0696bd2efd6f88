package app

import (
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/mail"
	"plenary/internal/store"
)

// halt is why a letter that is due does not go.
type halt struct {
	status agenda.MailStatus // that it gets; queued: it goes later
	why    string            // its fault; "" with "": it goes
}

// follows is how long a letter waits for one that it goes on from, until it is looked again.
const follows = time.Minute

// stillGoes says whether a letter still goes to the address that its reader has now, says what is so, and is wanted.
func (a *App) stillGoes(tx *store.Tx, e agenda.Event, m agenda.Mail) (halt, error) {
	replaced, behind, err := among(tx, m)
	if err != nil || replaced {
		return halt{agenda.MailDiscarded, agenda.FaultReplaced}, err
	}
	why, err := a.unwelcome(tx, e, m)
	if err != nil || why != "" {
		return halt{agenda.MailDiscarded, why}, err
	}
	why, err = misdirected(tx, m)
	if err != nil || why != "" {
		return halt{agenda.MailDraft, why}, err
	}
	if behind {
		return halt{status: agenda.MailQueued}, nil
	}
	return halt{}, nil
}

// unwelcome says why a letter is of no use to its reader any more.
func (a *App) unwelcome(tx *store.Tx, e agenda.Event, m agenda.Mail) (why string, err error) {
	topic := m.Topic()
	if topic == "" {
		return "", nil
	}
	topics, err := tx.UnsubscribedBy(e.ID, m.PersonID)
	if err != nil {
		return "", err
	}
	if slices.Contains(topics, topic) {
		return agenda.FaultUnwanted, nil
	}
	if topic != agenda.TopicReminders {
		return "", nil
	}
	return a.stillNear(tx, e, m)
}

// among says how a letter stands among the others to its reader: whether a newer one replaces it, because it says what this one says
// and more, and whether it is behind an older one that it goes on from, and which is still on its way. Either happens when a letter
// was just going while the newer one was written, and failed. What is read last is how it is.
func among(tx *store.Tx, m agenda.Mail) (replaced, behind bool, err error) {
	switch {
	case m.Kind == agenda.MailChanges:
		return amongChanges(tx, m)
	case m.Kind != agenda.MailMeeting || m.Topic() == agenda.TopicReminders:
		return false, false, nil
	}
	// Each letter about a Meeting says all of it, as it then was.
	all, err := tx.AllMails(m.EventID, store.MailFilter{Person: m.PersonID, Kind: m.Kind, About: m.About})
	if err != nil {
		return false, false, err
	}
	later := all[slices.IndexFunc(all, func(other agenda.Mail) bool { return other.ID == m.ID })+1:]
	return slices.ContainsFunc(later, func(other agenda.Mail) bool {
		return other.Topic() != agenda.TopicReminders && other.Status != agenda.MailDiscarded
	}), false, nil
}

// overtaken says whether a newer letter replaces this one, or has gone: what is read last is how it is. Of what a letter about a
// Release says, the newer one may say a part only; then it is told by writing again.
func overtaken(tx *store.Tx, m agenda.Mail) (bool, error) {
	replaced, _, err := among(tx, m)
	if err != nil || replaced || m.Kind != agenda.MailChanges {
		return replaced, err
	}
	newer, err := newerLetter(tx, m)
	return newer != nil, err
}

// amongChanges is [among] of letters about Releases: one that only goes on from another does not replace it.
func amongChanges(tx *store.Tx, m agenda.Mail) (replaced, behind bool, err error) {
	told, err := tx.ToldTo(m.EventID, m.PersonID)
	at := slices.IndexFunc(told, func(t agenda.Told) bool { return t.MailID == m.ID })
	if err != nil || at < 0 {
		return false, false, err
	}
	heads, err := tx.ChangeMailHeads(m.EventID, m.PersonID)
	for _, other := range heads {
		of := slices.IndexFunc(told, func(t agenda.Told) bool { return t.MailID == other.ID })
		if of < 0 {
			continue
		}
		replaced = replaced || other.Created.After(m.Created) && told[of].Covers(told[at]) && other.Status != agenda.MailDiscarded
		behind = behind || other.Created.Before(m.Created) && told[of].Release <= told[at].Since && other.Status == agenda.MailQueued
	}
	return replaced, behind, err
}

// stillNear says whether one of the things of which a letter reminds is still so, and has not begun.
func (a *App) stillNear(tx *store.Tx, e agenda.Event, m agenda.Mail) (why string, err error) {
	of, err := tx.RemindersIn(e.ID, m.ID)
	if err != nil || len(of) == 0 {
		return "", err
	}
	good := false
	is := func(n near) {
		good = good || n.person == m.PersonID && n.Slot.Start.At.After(a.now()) && !tellsMore(e, m, n) && slices.ContainsFunc(of, func(r agenda.Reminder) bool {
			return r.ItemID == n.item && r.Starts.Equal(n.Slot.Start.At.Truncate(time.Millisecond))
		})
	}
	if err := a.nearPanels(tx, e, is); err != nil {
		return "", err
	}
	if err := a.nearMeetings(tx, e, is); err != nil || good {
		return "", err
	}
	return agenda.FaultLate, nil
}

// tellsMore says whether a letter that reminds of a Meeting says what it is about, which its reader may not know by now.
func tellsMore(e agenda.Event, m agenda.Mail, n near) bool {
	if !n.Hidden {
		return false
	}
	subject, _, err := mail.Reminder(m.Language, e, "", []mail.Near{n.Near})
	return err != nil || subject != m.Subject
}
