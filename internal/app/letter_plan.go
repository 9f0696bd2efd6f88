package app

import (
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// plannedLetter is a letter to somebody whom a Release touches.
type plannedLetter struct {
	person  agenda.Person
	since   int              // number of the Release that they know
	old     *agenda.Snapshot // that one; nil: none
	changes []agenda.Change  // since
	touches []agenda.Touch   // likewise; none: it all comes to nothing
	waiting []agenda.Mail    // earlier letters that have not gone, in the place of which it comes
	small   bool
	note    string    // of the last of those that wait and have one
	goes    time.Time // not before; zero: when somebody lets it go
}

// letterPlan is what a Release does with letters.
type letterPlan struct {
	app     *App
	tx      *store.Tx
	event   agenda.Event
	next    *agenda.Snapshot
	number  int // of the Release
	rule    agenda.LetterRule
	told    map[agenda.ID][]agenda.Told // by Person
	heads   map[agenda.ID]agenda.Mail   // by identity
	olds    map[int]*agenda.Snapshot    // by number
	diffs   map[int][]agenda.Change     // from the Release of that number
	touched map[int]map[agenda.ID][]agenda.Touch
	letters []plannedLetter
	people  map[agenda.ID]bool // to whom letters are planned; nil: anybody
	// take takes an earlier letter out of what goes, and says whether that was possible: it may be going right now.
	take func(agenda.Mail) (bool, error)
}

// news is a Release that is to be told of.
type news struct {
	number       int
	before, next *agenda.Snapshot // nil: there is none before
	changes      []agenda.Change  // from one to the other
	touches      []agenda.Touch   // likewise
}

// newsOf compares a Release with the one before.
func newsOf(number int, before, next *agenda.Snapshot) news {
	beside := agenda.Compare(before, next)
	changes := beside.Changes(nil)
	return news{number, before, next, changes, beside.Touches(changes)}
}

// planLetters says who is to be told of what when a Snapshot takes the place of the one before it: those whom it touches, of all
// that changed since they were last told.
func (a *App) planLetters(tx *store.Tx, e agenda.Event, n news, take func(agenda.Mail) (bool, error)) (*letterPlan, error) {
	p := a.newPlan(tx, e, n.next, n.number)
	p.take, p.olds[n.number-1], p.people = take, n.before, map[agenda.ID]bool{}
	p.know(n.number-1, n.changes, n.touches)
	if len(n.touches) == 0 {
		return p, nil
	}
	var ids []agenda.ID
	for _, t := range n.touches {
		ids = append(ids, t.Person.ID)
		p.people[t.Person.ID] = true
	}
	if err := p.load(ids); err != nil {
		return nil, err
	}
	people, err := tx.PeopleByID(e.ID, ids) // those who still take part
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		if !person.Erased.IsZero() {
			continue
		}
		if err := p.add(person); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (a *App) newPlan(tx *store.Tx, e agenda.Event, next *agenda.Snapshot, number int) *letterPlan {
	return &letterPlan{app: a, tx: tx, event: e, next: next, number: number, told: map[agenda.ID][]agenda.Told{}, heads: map[agenda.ID]agenda.Mail{},
		olds: map[int]*agenda.Snapshot{}, diffs: map[int][]agenda.Change{}, touched: map[int]map[agenda.ID][]agenda.Touch{}}
}

func (p *letterPlan) load(people []agenda.ID) (err error) {
	if p.rule, err = p.tx.LetterRule(p.event.ID); err != nil {
		return err
	}
	told, err := p.tx.ToldToAll(p.event.ID, people)
	if err != nil {
		return err
	}
	for _, t := range told {
		p.told[t.PersonID] = append(p.told[t.PersonID], t)
	}
	heads, err := p.tx.ChangeMailHeadsTo(p.event.ID, people)
	for _, m := range heads {
		p.heads[m.ID] = m
	}
	return err
}

// add plans the letter to a Person.
func (p *letterPlan) add(person agenda.Person) (err error) {
	l := plannedLetter{person: person, since: p.number - 1}
	if err := p.addTold(&l); err != nil {
		return err
	}
	if l.old, err = p.snapshot(l.since); err != nil {
		return err
	}
	l.touches, l.changes = p.touches(l.since, l.old)[person.ID], p.diffs[l.since]
	l.small = len(l.touches) > 0 && agenda.SmallChange(l.old, p.next, l.touches, p.rule.Small)
	p.letters = append(p.letters, l)
	return nil
}

// addTold says what the Person knows, and which letters to them have not gone and are taken back.
func (p *letterPlan) addTold(l *plannedLetter) error {
	var gone, taken []agenda.Told
	for _, t := range p.told[l.person.ID] {
		if t.Release >= p.number {
			continue
		}
		l.since = min(l.since, t.Since) // where nothing that was said went, they know what they knew before the first
		m := p.heads[t.MailID]
		if m.Sent != nil {
			gone = append(gone, t)
		} else if m.Goes() {
			idle, err := p.take(m)
			if err != nil {
				return err
			}
			if idle {
				l.waiting, taken = append(l.waiting, m), append(taken, t)
			} else {
				gone = append(gone, t)
			}
		}
	}
	if len(gone) > 0 {
		l.since = agenda.KnownSince(gone, taken)
	}
	return nil
}

// snapshot gives that of the Release with that number, nil for 0.
func (p *letterPlan) snapshot(number int) (*agenda.Snapshot, error) {
	if s, known := p.olds[number]; known || number == 0 {
		return s, nil
	}
	r, err := p.app.release(p.tx, store.Release{EventID: p.event.ID, Number: number})
	if err != nil {
		return nil, err
	}
	p.olds[number] = &r.Snapshot
	return &r.Snapshot, nil
}

// touches gives what touches whom since a Release, of those to whom letters are planned.
func (p *letterPlan) touches(since int, old *agenda.Snapshot) map[agenda.ID][]agenda.Touch {
	if p.touched[since] == nil {
		c := agenda.Compare(old, p.next)
		changes := c.Changes(p.people)
		p.know(since, changes, c.Touches(changes))
	}
	return p.touched[since]
}

// know keeps what changed since a Release, and whom that touches.
func (p *letterPlan) know(since int, changes []agenda.Change, touches []agenda.Touch) {
	by := map[agenda.ID][]agenda.Touch{}
	for _, t := range touches {
		by[t.Person.ID] = append(by[t.Person.ID], t)
	}
	p.diffs[since], p.touched[since] = changes, by
}

// fate says whether the letter is made, and whether it goes by itself. In place of one that waits to be read comes one that
// waits too, unless all are to go; and who was written to and has not got it yet is told even when nobody else is, or would be
// told what is no longer so.
func (l plannedLetter) fate(rule agenda.LetterRule, t agenda.Telling) (made, goes bool) {
	made, goes = rule.Plan(t, l.small)
	queued := len(l.waiting) > 0 && !slices.ContainsFunc(l.waiting, func(m agenda.Mail) bool { return m.Status != agenda.MailQueued })
	switch {
	case !made:
		made, goes = len(l.waiting) > 0, queued
	case len(l.waiting) > 0 && !queued && t != agenda.TellSend:
		goes = false
	}
	return made && len(l.touches) > 0, goes
}

// essential says whether the letter goes also to who wants none that is not.
func (l plannedLetter) essential() bool { return slices.ContainsFunc(l.touches, agenda.EssentialTouch) }

// LetterCount says what becomes of the letters about a Release.
type LetterCount struct {
	Waiting   int // for an organizer to read them
	Going     int // by themselves
	Addresses int // of those that wait: for want of an address
	Replaced  int // earlier letters that had not gone
	Nothing   int // people for whom it all came to nothing, or who want no letter about it
	Untold    int // people to whom none is made
}

// count says what becomes of the letters.
func (p *letterPlan) count(t agenda.Telling, unwanted map[agenda.ID][]agenda.LetterTopic) (n LetterCount) {
	for _, l := range p.letters {
		made, goes := l.fate(p.rule, t)
		n.Replaced += len(l.waiting)
		switch {
		case len(l.touches) == 0, made && l.unwanted(unwanted):
			n.Nothing++
		case !made:
			n.Untold++
		case l.person.Email == "":
			n.Waiting++
			n.Addresses++
		case goes:
			n.Going++
		default:
			n.Waiting++
		}
	}
	return n
}

// unwanted says whether the Person does not want the letter.
func (l plannedLetter) unwanted(topics map[agenda.ID][]agenda.LetterTopic) bool {
	return !l.essential() && slices.Contains(topics[l.person.ID], agenda.TopicEdits)
}

// proposeLetters says what publishing would do with letters.
func (a *App) proposeLetters(tx *store.Tx, e agenda.Event, p *Proposal) (err error) {
	n := news{number: 1, next: &p.Next, changes: p.Changes, touches: p.Touched}
	if p.Before != nil {
		n.before, n.number = &p.Before.Snapshot, p.Before.Number+1
	}
	if p.Rule, err = tx.LetterRule(e.ID); err != nil {
		return err
	}
	plan, err := a.planLetters(tx, e, n, func(agenda.Mail) (bool, error) { return true, nil })
	if err != nil {
		return err
	}
	unwanted, err := tx.Unsubscribed(e.ID)
	p.Letters = map[agenda.Telling]LetterCount{}
	for _, t := range agenda.Tellings {
		p.Letters[t] = plan.count(t, unwanted)
	}
	return err
}
