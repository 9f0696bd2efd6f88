package app

import (
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// errMoved says that an invitation names an address that is not the Person's any more.
var errMoved error = agenda.Errorf(agenda.Taken, "The letter invites another address than the person has now.")

// misdirected says why a letter may not go to where it is addressed: that is not its reader's address of now, or nobody vouches
// for it. Who edits the Event may change addresses, and would else read what Meetings are about.
func misdirected(tx *store.Tx, m agenda.Mail) (why string, err error) {
	p, err := tx.Person(m.EventID, m.PersonID)
	if err != nil {
		return "", err
	}
	if p.Email == "" {
		return agenda.FaultAddress, nil
	}
	if m.Meetings {
		if vouched, err := tx.VouchedAddress(m.EventID, m.PersonID); err != nil || vouched != p.Email {
			return agenda.FaultUnvouched, err
		}
	}
	if m.To != p.Email {
		return agenda.FaultMoved, nil
	}
	return "", nil
}

// addressed gives a Mail as it is let go: to the address that its reader has now, and with the calendar part of now. An invitation
// to a Meeting stays as it is: see [App.tellAnew].
func (a *App) addressed(tx *store.Tx, m agenda.Mail) (agenda.Mail, error) {
	p, err := tx.Person(m.EventID, m.PersonID)
	if err != nil || m.Kind == agenda.MailMeeting && len(m.Calendar) > 0 {
		return m, err
	}
	anew := m.To != p.Email
	if m.Kind == agenda.MailChanges && !anew {
		anew, err = a.cameNear(tx, m)
	}
	if m.To = p.Email; m.Kind == agenda.MailChanges && anew && err == nil {
		m.Method, m.Calendar, err = a.panelsAnew(tx, m, p)
	}
	return m, err
}

// cameNear says whether a Panel of the reader begins soon that did not when the letter was written.
func (a *App) cameNear(tx *store.Tx, m agenda.Mail) (near bool, err error) {
	head, err := tx.LatestReleaseHead(m.EventID)
	if err != nil {
		return false, ignoreMissing(err)
	}
	r, err := a.release(tx, head)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(r.Snapshot.Panels, func(p *agenda.Panel) bool {
		return p.Slot != nil && !p.Slot.Start.At.Before(m.Created.Add(soon)) && p.Slot.Start.At.Before(a.now().Add(soon)) && len(p.Parts(m.PersonID)) > 0
	}), nil
}

// panelsAnew gives the calendar part of a letter about Releases, and its method, as it is now: it names the address that it is to,
// and a Panel may begin soon that did not when the letter was written.
func (a *App) panelsAnew(tx *store.Tx, m agenda.Mail, p agenda.Person) (method string, calendar []byte, err error) {
	told, err := tx.ToldBy(m.EventID, m.ID)
	if err != nil {
		return "", nil, ignoreMissing(err)
	}
	e, err := tx.Event(m.EventID)
	if err != nil {
		return "", nil, err
	}
	number, err := latestNumber(tx, e.ID) // as the feed is
	if err != nil {
		return "", nil, err
	}
	plan := a.newPlan(tx, e, nil, number)
	if plan.next, err = plan.snapshot(number); err != nil {
		return "", nil, err
	}
	l := plannedLetter{person: p, since: told.Since}
	if l.old, err = plan.snapshot(l.since); err != nil {
		return "", nil, err
	}
	l.touches = plan.touches(l.since, l.old)[p.ID]
	post, err := a.newPanelPost(tx, e, plan.next, []plannedLetter{l})
	if err != nil {
		return "", nil, err
	}
	return post.calendar(l)
}

// stranded are the faults of a Mail that waits for an address, or for somebody who vouches for one.
var stranded = []string{agenda.FaultAddress, agenda.FaultMoved, agenda.FaultUnvouched}

// tellAnew lets letters about Meetings go that wait because nobody vouched for their reader's address: somebody does now. Where it
// is another one than before, what the Person knows went elsewhere, and they are invited anew.
func (a *App) tellAnew(tx *store.Tx, e agenda.Event, p agenda.Person, elsewhere bool) error {
	rows, err := tx.MeetingInvitationsOf(e.ID, p.ID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		waits := false
		if row.MailID != "" {
			m, err := tx.Mail(e.ID, row.MailID)
			if err != nil && agenda.CodeOf(err) != agenda.NotFound {
				return err
			}
			waits = err == nil && m.Goes() && (m.To != p.Email || slices.Contains(stranded, m.Fault))
			if waits && row.Next.Kind.Method() != agenda.MethodRequest && (elsewhere || m.To == p.Email || row.Next.Kind.Method() == "") {
				if err := a.sendOn(tx, row, m, p, elsewhere); err != nil {
					return err
				}
				continue
			}
		}
		if !waits && (!elsewhere || row.MailID != "") {
			continue
		}
		if err := a.tellOneAnew(tx, e, row, elsewhere); err != nil {
			return err
		}
	}
	return nil
}

// tellReturned is [App.tellAnew] for who has an address again that somebody vouched for.
func (a *App) tellReturned(tx *store.Tx, e agenda.Event, old, p agenda.Person) error {
	if p.Email == "" || p.Email == old.Email {
		return nil
	}
	vouched, err := tx.VouchedAddress(e.ID, p.ID)
	if err != nil || vouched != p.Email {
		return err
	}
	return a.tellAnew(tx, e, p, false)
}

// sendOn sends a letter on that invites nobody. What it takes back was sent elsewhere, and is in no calendar of this address.
func (a *App) sendOn(tx *store.Tx, row agenda.MeetingInvitation, m agenda.Mail, p agenda.Person, elsewhere bool) error {
	idle, err := a.idleMail(tx, m)
	if err != nil || m.Status == agenda.MailQueued && !idle {
		return err
	}
	rule, err := tx.LetterRule(m.EventID)
	if err != nil {
		return err
	}
	if m.To = p.Email; elsewhere {
		m.Method, m.Calendar = "", nil
	}
	if m.Status, m.Fault, m.Due = agenda.MailQueued, "", a.moment().Add(meetingDelay); rule.HoldMeetings {
		m.Status = agenda.MailDraft
	}
	if m, err = a.changeMail(tx, m); err != nil {
		return err
	}
	row.Address = p.Email
	if err := tx.PutMeetingInvitation(row); err != nil {
		return err
	}
	return a.queueMail(tx, m)
}

// tellOneAnew takes back what waits and tells one Person of a Meeting as it is, as far as they do not know it.
func (a *App) tellOneAnew(tx *store.Tx, e agenda.Event, row agenda.MeetingInvitation, elsewhere bool) error {
	m, err := tx.Meeting(e.ID, row.MeetingID)
	if err != nil {
		return ignoreMissing(err)
	}
	t := &telling{App: a, tx: tx, event: e, after: m, rows: map[agenda.ID]agenda.MeetingInvitation{row.PersonID: row}, anew: true, elsewhere: elsewhere}
	if err := t.planFor(row.PersonID); err != nil || len(t.letters) == 0 {
		return err
	}
	return t.write()
}
