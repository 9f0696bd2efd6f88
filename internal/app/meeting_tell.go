package app

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// tellMeeting tells those whom it concerns what became of a Meeting. It is called once for every change, whoever makes it:
// when one is made, edited, deleted, requested, proposed, accepted, declined, withdrawn, held, cancelled or expires, when a
// delegate answers for themselves, and for each whose time moves with the Event's zone. It is called in the transaction of
// the change, after the Meeting, its times and what it holds are stored: what it writes commits with them, and its error
// takes them back. It must not wait for anything, and may be called again when the database asks for the transaction again.
//
// Before is nil for one that is new. One that is deleted is told as cancelled, before it goes. The Actor is who did it, and
// the program itself for one that expires.
//
// Who was told something compares with what is to be said now: what says nothing new is not said, and a letter that has not
// gone makes way for the next one, or for none.
func (a *App) tellMeeting(tx *store.Tx, actor agenda.Actor, e agenda.Event, before *agenda.Meeting, after agenda.Meeting) error {
	known, err := tx.MeetingInvitations(e.ID, after.ID)
	if err != nil {
		return err
	}
	t := &telling{App: a, tx: tx, actor: actor, event: e, before: before, after: after, rows: map[agenda.ID]agenda.MeetingInvitation{}}
	for _, row := range known {
		t.rows[row.PersonID] = row
	}
	if err := t.plan(); err != nil || len(t.letters) == 0 {
		return err
	}
	return t.write()
}

// telling is what becomes of the letters about a Meeting.
type telling struct {
	*App
	tx      *store.Tx
	actor   agenda.Actor
	event   agenda.Event
	before  *agenda.Meeting
	after   agenda.Meeting
	rows    map[agenda.ID]agenda.MeetingInvitation
	letters []tellingLetter
	anew    bool // whoever is asked of is told even what they were told
	// elsewhere says that what was told went to another address: see [App.tellAnew].
	elsewhere bool
	// sequence is the least that the entry must have now: who was told to take it away must be told later to have it.
	sequence int
}

// tellingLetter is one that is to be written.
type tellingLetter struct {
	row   agenda.MeetingInvitation
	state agenda.InvitationState // what the Person knows
	next  agenda.InvitationState // what they are told
}

// plan decides who is told what, and takes back letters that have not gone and say something else.
func (t *telling) plan() error {
	people := slices.Sorted(maps.Keys(t.rows))
	for _, m := range t.sides() {
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				people = append(people, d.PersonID)
			}
		}
	}
	slices.Sort(people)
	for _, id := range slices.Compact(people) {
		if err := t.planFor(id); err != nil {
			return err
		}
	}
	return nil
}

// sides gives the Meeting as it is, and as it was.
func (t *telling) sides() []agenda.Meeting {
	if t.before == nil {
		return []agenda.Meeting{t.after}
	}
	return []agenda.Meeting{t.after, *t.before}
}

func (t *telling) planFor(id agenda.ID) error {
	row := t.rows[id]
	if wanted := t.wants(id, row.Last()); !t.anew && (wanted == row.Last() || wanted.Kind == "" && row.MailID == "") {
		return nil
	}
	row.EventID, row.MeetingID, row.PersonID, row.UID = t.event.ID, t.after.ID, id, t.after.UID
	if row.MailID != "" {
		gone, err := t.takeBack(t.tx, t.event, row.MailID)
		if err != nil {
			return err
		}
		if gone {
			row.Told = row.Next
		}
	}
	row.MailID, row.Next = "", agenda.InvitationState{}
	if t.elsewhere {
		row.Told = row.Told.Elsewhere()
	}
	next := t.wants(id, row.Told)
	if next == row.Told || next.Kind == "" {
		return t.tx.PutMeetingInvitation(row) // what has changed since they were told has changed back
	}
	switch next.Method {
	case agenda.MethodRequest:
		t.sequence = max(t.sequence, row.Told.Sequence)
		if row.Told.Method == agenda.MethodCancel {
			t.sequence = max(t.sequence, row.Told.Sequence+1)
		}
	case agenda.MethodCancel:
		if row.Told.InCalendar() {
			t.sequence = max(t.sequence, row.Told.Sequence+1)
		}
	}
	t.letters = append(t.letters, tellingLetter{row, row.Told, next})
	return nil
}

// takeBack keeps a letter from going, and says whether it has gone, or may just be going.
func (a *App) takeBack(tx *store.Tx, e agenda.Event, id agenda.ID) (gone bool, err error) {
	m, err := tx.Mail(e.ID, id)
	if err != nil {
		return false, ignoreMissing(err)
	}
	switch m.Status {
	case agenda.MailSent:
		return true, nil
	case agenda.MailDiscarded, agenda.MailFailed:
		return false, nil
	case agenda.MailQueued:
		idle, err := a.idleMail(tx, m)
		if err != nil || !idle {
			return true, err
		}
	}
	m.Status, m.Fault = agenda.MailDiscarded, agenda.FaultReplaced
	_, err = a.changeMail(tx, m)
	return false, err
}

func ignoreMissing(err error) error {
	if agenda.CodeOf(err) == agenda.NotFound {
		return nil
	}
	return err
}

// wants gives what a Person who knows that much should be told: the same when it is nothing new, and nothing when there is
// nothing that they should know.
func (t *telling) wants(id agenda.ID, state agenda.InvitationState) agenda.InvitationState {
	m := &t.after
	if m.Agreed() && m.Expects(id) {
		return t.wantsInvitation(id, state)
	}
	if state.Invited() {
		if t.over() {
			return state
		}
		kind := agenda.MeetingCalledOff
		switch {
		case m.Agreed() && !m.Includes(id):
			kind = agenda.MeetingRemoved
		case m.Agreed():
			kind = agenda.MeetingLeft
		}
		return agenda.InvitationState{Kind: kind, Method: agenda.MethodCancel, Sequence: state.Sequence}
	}
	return t.wantsWord(id, state)
}

func (t *telling) wantsInvitation(id agenda.ID, state agenda.InvitationState) agenda.InvitationState {
	if t.over() {
		return state
	}
	next := agenda.InvitationState{Kind: agenda.MeetingInvited, Method: agenda.MethodRequest, Sequence: state.Sequence,
		Shown: agenda.MeetingShows(&t.event, &t.after, id), Place: agenda.MeetingPlace(&t.event, &t.after)}
	switch {
	case !state.Invited():
		return next
	case state.Shown == next.Shown:
		return state
	case state.Place == next.Place:
		next.Kind = agenda.MeetingChanged
	default:
		next.Kind = agenda.MeetingMoved
	}
	return next
}

// over says whether the Meeting has ended, as it is and as it was: nobody needs to be told of it.
func (t *telling) over() bool {
	for _, m := range t.sides() {
		if m.Slot != nil && m.Slot.End.At.After(t.now()) {
			return false
		}
	}
	return true
}

// wantsWord gives what a principal is told of a Meeting that is not agreed on. Nobody is told what they did themselves.
func (t *telling) wantsWord(id agenda.ID, state agenda.InvitationState) agenda.InvitationState {
	none := agenda.InvitationState{Method: state.Method, Sequence: state.Sequence}
	side := slices.IndexFunc(t.after.Sides[:], func(d agenda.Delegation) bool { return d.Principal() == id })
	if side < 0 {
		return keepQuiet(state, none)
	}
	kind := t.word(side)
	if kind == "" || t.actor.Kind == agenda.LinkHolder && t.actor.PersonID == id {
		return keepQuiet(state, none)
	}
	next := none
	next.Kind, next.Shown = kind, t.wordShows(side)
	if state.Kind == next.Kind && state.Shown == next.Shown {
		return state
	}
	return next
}

// keepQuiet gives what somebody knows whom there is nothing to tell: a letter that asked them is of no use any more.
func keepQuiet(state, none agenda.InvitationState) agenda.InvitationState {
	if state.Kind == agenda.MeetingAsked || state.Kind == agenda.MeetingOffered {
		return none
	}
	return state
}

// word says what the principal of a side is told: that it is their turn, or that there is nothing to wait for.
func (t *telling) word(side int) agenda.MeetingLetter {
	if t.after.Open() {
		switch {
		case t.after.Turn != side:
			return ""
		case t.after.Status == agenda.MeetingProposed:
			return agenda.MeetingOffered
		}
		return agenda.MeetingAsked
	}
	principal := t.after.Sides[side].Principal()
	switch {
	case t.before == nil || !t.before.Open():
		return ""
	case t.after.Status == agenda.MeetingDeclined && t.after.AnswerOf(principal) != agenda.DeclinedIt:
		return agenda.MeetingRefused
	case t.after.Status == agenda.MeetingExpired && t.before.Turn != side:
		return agenda.MeetingLapsed
	case t.after.Status == agenda.MeetingCancelled:
		return agenda.MeetingWithdrawn
	}
	return ""
}

// wordShows gives a hash of what such a letter says.
func (t *telling) wordShows(side int) string {
	shown := fmt.Sprintln(side, t.after.Status, agenda.MeetingShows(&t.event, &t.after, t.after.Sides[side].Principal()))
	for _, offered := range t.after.Times {
		shown += fmt.Sprintln(offered.Start.At.Unix(), offered.End.At.Unix())
	}
	return hashSecret(shown)[:32]
}

// write writes the letters, with the revision that the entry has now, or gets.
func (t *telling) write() error {
	if t.after.Slot != nil { // who moves many Meetings may settle them later
		if err := t.settleMeetings(t.tx, t.event, []agenda.Meeting{t.after}); err != nil {
			return err
		}
	}
	stamps, err := t.tx.StampsOf(t.event.ID, t.after.UID)
	if err != nil {
		return err
	}
	if stamps, _, err = t.raise(t.tx, t.event.ID, stamps, t.sequence); err != nil {
		return err
	}
	w, err := t.writer(stamps)
	if err != nil {
		return err
	}
	for _, l := range t.letters {
		if err := w.letter(l); err != nil {
			return err
		}
	}
	return nil
}

// raise gives an entry the revision that it must have at least, and says whether it had an earlier one.
func (a *App) raise(tx *store.Tx, event agenda.ID, stamps []agenda.Stamp, least int) (_ []agenda.Stamp, raised bool, err error) {
	now := a.moment()
	for _, s := range stamps {
		now = latestOf(now, s.Modified)
	}
	for i := range stamps {
		if s := &stamps[i]; s.Sequence < least {
			s.Sequence, raised = least, true
			s.Modified = afterSecond(s.Modified, now)
		}
	}
	if !raised {
		return stamps, false, nil
	}
	return stamps, true, tx.PutStamps(event, stamps)
}

// meetingDelay is how long a letter about a Meeting waits, for what is changed again at once.
const meetingDelay = time.Minute

// known gives the Meeting as the Person knows it, to be told that it does not take place: it may have lost them, or its time.
func (t *telling) known(id agenda.ID) agenda.Meeting {
	m := t.after
	if t.before == nil || m.Includes(id) && m.Slot != nil {
		return m
	}
	was := *t.before
	was.Slot = cmp.Or(was.Slot, m.Slot)
	return was
}
