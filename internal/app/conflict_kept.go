package app

import (
	"reflect"
	"slices"
	"sync"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// keptAudit is what was found when the draft of an Event was audited last. Only what is otherwise since then is put into it; where
// what the rules know besides items is otherwise, it is made anew.
type keptAudit struct {
	mu     sync.Mutex
	mark   store.DraftMark // of the draft that was audited
	panels int             // in it
	of     surroundings
	busy   items // what other Events hold
	board  *agenda.Board
	audit  *agenda.Audit // nil: nothing was found that could be kept
}

// surroundings are what an Event is audited with besides its draft, and besides what other Events hold.
type surroundings struct {
	event    agenda.Event
	windows  []agenda.Availability
	meetings items
}

// items are those of a Board that are no Panels.
type items map[itemName]agenda.Item

type itemName struct {
	kind agenda.ItemKind
	id   agenda.ID
}

func (i items) add(item agenda.Item) { i[itemName{item.Kind, item.ID}] = item }

// since gives what is otherwise than before, and what is no more.
func (i items) since(before items) (put []agenda.Item, gone []agenda.ItemRef) {
	for name, item := range i {
		if was, there := before[name]; !there || !reflect.DeepEqual(was, item) {
			put = append(put, item)
		}
	}
	for name := range before {
		if _, stays := i[name]; !stays {
			gone = append(gone, agenda.ItemRef{Kind: name.kind, ID: name.id})
		}
	}
	return put, gone
}

// audited is what an audit found and was made from.
type audited struct {
	conflicts []agenda.Conflict // up to [agenda.MaxConflicts]
	windows   []agenda.Availability
	private   []agenda.Hold // by Meetings
}

func (a *App) allConflicts(tx *store.Tx, actor agenda.Actor, e agenda.Event) ([]agenda.Conflict, error) {
	found, err := a.audit(tx, actor, e)
	return found.conflicts, err
}

// audit finds what is wrong with the draft of an Event.
func (a *App) audit(tx *store.Tx, actor agenda.Actor, e agenda.Event) (found audited, err error) {
	now := surroundings{event: e, meetings: items{}}
	draft, err := tx.Draft(e.ID)
	if err != nil {
		return found, err
	}
	if found.windows, err = tx.AllAvailabilities(e.ID); err != nil {
		return found, err
	}
	now.windows = found.windows
	meetings, err := tx.AllMeetings(e.ID)
	if err != nil {
		return found, err
	}
	for _, m := range meetings {
		now.meetings.add(shown(actor, m))
		found.private = append(found.private, m.Holds()...)
	}
	k, kept := a.audits.get(e.ID)
	if !kept || !k.mu.TryLock() {
		k = &keptAudit{}
		k.mu.Lock()
	}
	defer k.mu.Unlock()
	if found.conflicts, err = k.conflicts(tx, draft, now); err == nil {
		a.audits.put(e.ID, k)
	}
	return found, err
}

// conflicts gives those of the draft as it is now, and keeps what was found.
func (k *keptAudit) conflicts(tx *store.Tx, draft *store.Draft, now surroundings) (list []agenda.Conflict, err error) {
	audit := k.audit
	k.audit = nil // until it is known that it was brought up to date
	if audit != nil && (!k.stands(draft, now) || !audit.Change(k.changes(draft, now))) {
		audit = nil
	}
	if audit == nil {
		k.board, k.busy = newBoard(now.event, draft, now.windows, now.meetings), nil
	}
	busy, err := elsewhereOf(tx, k.board, now.event, draft)
	if err != nil {
		return nil, err
	}
	put, gone := busy.since(k.busy)
	if audit == nil {
		for _, item := range put {
			k.board.Put(item)
		}
		audit, list = agenda.NewAudit(k.board)
	} else if audit.Change(put, gone) {
		list = audit.Conflicts()
	} else {
		audit, list = nil, k.board.ConflictsUpTo(agenda.MaxConflicts)
	}
	k.mark, k.panels = draft.Mark(), len(draft.Panels)
	k.of, k.busy, k.audit = now, busy, audit
	return list, nil
}

// stands says whether what the rules know besides items is as it was.
func (k *keptAudit) stands(draft *store.Draft, now surroundings) bool {
	changed, known := draft.Since(k.mark)
	return known && len(changed[agenda.RoomSerial])+len(changed[agenda.PersonSerial]) == 0 && now.event.Same(&k.of.event) &&
		slices.EqualFunc(now.windows, k.of.windows, func(a, b agenda.Availability) bool {
			return a.Resource == b.Resource && a.Start.At.Equal(b.Start.At) && a.End.At.Equal(b.End.At)
		})
}

// changes gives what is to be put on the Board and taken from it, of the Panels and of the Meetings.
func (k *keptAudit) changes(draft *store.Draft, now surroundings) (put []agenda.Item, gone []agenda.ItemRef) {
	put, gone = now.meetings.since(k.of.meetings)
	changed, _ := draft.Since(k.mark)
	halls := k.board.Halls()
	for id := range changed[agenda.PanelSerial] {
		if p, there := draft.Panel(id); there {
			put = append(put, p.Item(halls))
		} else {
			gone = append(gone, agenda.ItemRef{Kind: agenda.PanelItem, ID: id})
		}
	}
	return put, gone
}

// newBoard gives a Board with all that an Event holds.
func newBoard(e agenda.Event, draft *store.Draft, windows []agenda.Availability, meetings items) *agenda.Board {
	board := agenda.NewBoard(e, draft.Rooms, draft.People, windows)
	halls := board.Halls()
	for i := range draft.Panels {
		board.Put(draft.Panels[i].Item(halls))
	}
	for _, item := range meetings {
		board.Put(item)
	}
	return board
}

// elsewhereOf gives what other Events hold of the time of those whose time the Board has: as far as it can matter to it, and of it
// only the time is told.
func elsewhereOf(tx *store.Tx, board *agenda.Board, e agenda.Event, draft *store.Draft) (items, error) {
	people, from, to := board.Held()
	if len(people) == 0 {
		return nil, nil
	}
	busy, err := tx.BusyElsewhere(e.ID, people)
	if err != nil || len(busy) == 0 {
		return nil, err
	}
	reach := reachOf(e, draft.Rooms, draft.People)
	occupants, err := tx.ItemsNear(busy, from.Add(-reach), to.Add(reach))
	if err != nil {
		return nil, err
	}
	found := items{}
	for _, o := range occupants {
		if o.EventID != e.ID {
			found.add(elsewhere(o))
		}
	}
	return found, nil
}
