package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// ToldBoard says who was told of what concerns them, and what they answered.
type ToldBoard struct {
	Event    agenda.Event
	Release  int // that it is about; 0: whatever each was told last
	Releases []int
	Rows     []ToldRow // by name
	Meetings []ToldMeeting
}

// ToldRow is how far it is with telling one Person.
type ToldRow struct {
	Person agenda.Person
	State  agenda.ToldState
	Mail   agenda.Mail // without what it says; the zero value: there is none
	Told   agenda.Told // of what it tells
	Note   string      // what they said besides their answer
}

// ToldMeeting is what one delegate answered to a Meeting.
type ToldMeeting struct {
	Meeting agenda.Meeting
	Person  agenda.Person
	Answer  agenda.Answer
	Said    agenda.MeetingStep // what they said with it last; the zero value: they have not answered themselves
}

// ToldBoard gives the board of one Release, or with number 0 of what each Person was told last. Only who may see Meetings is given
// what was answered to them, of those that they may see.
func (a *App) ToldBoard(ctx context.Context, actor agenda.Actor, slug string, number int) (b ToldBoard, err error) {
	err = a.view(ctx, actor, agenda.ReadContacts, slug, func(tx *store.Tx, e agenda.Event) error {
		if b, err = a.toldBoard(tx, e, number); err != nil {
			return err
		}
		return b.addMeetings(tx, actor)
	})
	return b, err
}

// ToldFilter narrows the board.
type ToldFilter struct {
	Release int              // as of [App.ToldBoard]
	State   agenda.ToldState // or [agenda.ToldUnanswered]; "": any
}

// ToldRows gives a part of the rows of the board, and the cursor of the next one.
func (a *App) ToldRows(ctx context.Context, actor agenda.Actor, slug string, f ToldFilter, page Page) (rows []ToldRow, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadContacts, slug, func(tx *store.Tx, e agenda.Event) error {
		b, err := a.toldBoard(tx, e, f.Release)
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(b.Rows, func(r ToldRow) bool { return !r.State.Fits(f.State) })
		rows, next, err = store.PageOf(rows, "who was told", string(e.ID), page,
			func(r ToldRow) string { return r.Person.Name }, func(r ToldRow) string { return string(r.Person.ID) })
		return err
	})
	return rows, next, err
}

func (a *App) toldBoard(tx *store.Tx, e agenda.Event, number int) (ToldBoard, error) {
	b := ToldBoard{Event: e, Release: number}
	latest, err := latestNumber(tx, e.ID)
	if err != nil {
		return b, err
	}
	for n := latest; n >= 1; n-- {
		b.Releases = append(b.Releases, n)
	}
	if number < 0 || number > latest {
		return b, agenda.Errorf(agenda.NotFound, "There is no release of that number.")
	}
	heads, err := tx.ChangeMailHeads(e.ID, "")
	if err != nil {
		return b, err
	}
	mails := map[agenda.ID]agenda.Mail{}
	for _, m := range heads {
		mails[m.ID] = m
	}
	rows, err := toldRows(tx, e, mails, number)
	if err != nil {
		return b, err
	}
	if number > 0 {
		if err := a.addUntold(tx, e, number, rows); err != nil {
			return b, err
		}
	}
	return b, b.addRows(tx, rows)
}

// toldRows gives for each Person the last letter that counts: of those about the Release, or of all. A letter that did not go
// counts where no other is.
func toldRows(tx *store.Tx, e agenda.Event, mails map[agenda.ID]agenda.Mail, number int) (map[agenda.ID]ToldRow, error) {
	told, err := tx.Told(e.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(told, func(x, y agenda.Told) int { return mails[x.MailID].Created.Compare(mails[y.MailID].Created) })
	rows := map[agenda.ID]ToldRow{}
	for _, t := range told {
		m, known := mails[t.MailID]
		if !known || number > 0 && (t.Since >= number || t.Release < number) {
			continue
		}
		state := m.ToldState()
		if had, is := rows[t.PersonID]; is && state == agenda.NotTold && had.State != agenda.NotTold {
			continue
		}
		rows[t.PersonID] = ToldRow{State: state, Mail: m, Told: t}
	}
	return rows, nil
}

// addUntold adds who was touched by a Release and got no letter about it.
func (a *App) addUntold(tx *store.Tx, e agenda.Event, number int, rows map[agenda.ID]ToldRow) error {
	next, err := a.release(tx, store.Release{EventID: e.ID, Number: number})
	if err != nil {
		return err
	}
	var old *agenda.Snapshot
	if number > 1 {
		r, err := a.release(tx, store.Release{EventID: e.ID, Number: number - 1})
		if err != nil {
			return err
		}
		old = &r.Snapshot
	}
	for _, t := range agenda.Touched(old, &next.Snapshot, agenda.Diff(old, &next.Snapshot)) {
		if _, is := rows[t.Person.ID]; !is {
			rows[t.Person.ID] = ToldRow{State: agenda.NotTold}
		}
	}
	return nil
}

// addRows adds the rows with the names and notes that belong to them.
func (b *ToldBoard) addRows(tx *store.Tx, rows map[agenda.ID]ToldRow) error {
	notes, err := tx.AnswerNotes(b.Event.ID)
	if err != nil {
		return err
	}
	people, err := tx.AllPeople(b.Event.ID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if row, is := rows[p.ID]; is && p.Erased.IsZero() {
			row.Person, row.Note = p, notes[row.Mail.ID]
			b.Rows = append(b.Rows, row)
		}
	}
	slices.SortFunc(b.Rows, func(x, y ToldRow) int {
		return cmp.Or(strings.Compare(x.Person.Name, y.Person.Name), cmp.Compare(x.Person.ID, y.Person.ID))
	})
	return nil
}

// addMeetings adds what was answered to Meetings that stand and have a time, to who may see them.
func (b *ToldBoard) addMeetings(tx *store.Tx, actor agenda.Actor) error {
	if !agenda.May(actor, agenda.ReadMeetings, b.Event.ID) {
		return nil
	}
	meetings, err := tx.AllMeetings(b.Event.ID)
	if err != nil {
		return err
	}
	people, err := tx.AllPeople(b.Event.ID)
	if err != nil {
		return err
	}
	history, err := tx.AllMeetingSteps(b.Event.ID)
	if err != nil {
		return err
	}
	steps := map[agenda.ID][]agenda.MeetingStep{}
	for _, s := range history {
		steps[s.MeetingID] = append(steps[s.MeetingID], s)
	}
	for _, m := range meetings {
		if !m.Stands() || m.Slot == nil || !agenda.SeesMeeting(actor, m) {
			continue
		}
		said := agenda.LastAnswers(steps[m.ID])
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				if i := slices.IndexFunc(people, func(p agenda.Person) bool { return p.ID == d.PersonID }); i >= 0 {
					b.Meetings = append(b.Meetings, ToldMeeting{m, people[i], d.Answer, said[d.PersonID]})
				}
			}
		}
	}
	slices.SortStableFunc(b.Meetings, func(x, y ToldMeeting) int { return x.Meeting.Slot.Start.At.Compare(y.Meeting.Slot.Start.At) })
	return nil
}

// SaidToMail gives what the reader of a Mail said besides their answer to it: to a Meeting, their last one. "" is nothing.
func (a *App) SaidToMail(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (note string, err error) {
	err = a.view(ctx, actor, agenda.ReadContacts, slug, func(tx *store.Tx, e agenda.Event) error {
		m, err := seenMail(tx, actor, e, id)
		switch {
		case err != nil || m.Answer == "":
			return err
		case m.Kind == agenda.MailMeeting && m.Answer != agenda.AnswerSeen && m.Answer != agenda.AnswerCannot:
			note, err = noteToMeeting(tx, m)
		default:
			note, err = tx.AnswerNote(e.ID, m.ID)
		}
		return err
	})
	return note, err
}
