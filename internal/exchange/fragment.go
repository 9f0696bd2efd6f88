package exchange

import (
	"bytes"
	"slices"
	"sync"

	"plenary/internal/agenda"
)

// fragments remember how the objects of a document were written: what is the same in the next one of its kind is not written
// anew. One document differs from the next by a Panel or two, and has thousands. The documents are the same as without.
type fragments struct {
	mu     sync.Mutex
	of     agenda.Snapshot // of which the last document was
	head   agendaHead
	people fragmentList[agenda.Person]
	panels fragmentList[agenda.Panel]
	room   bytes.Buffer // for pieces that are being written
}

// fragment is where an object was written.
type fragment[T any] struct {
	id         agenda.ID
	of         *T
	in         *Piece
	start, end int
}

func (f *fragment[T]) bytes() []byte { return f.in.Bytes[f.start:f.end] }

// fragmentList has the objects of a list in its order, which is mostly that of the next one.
type fragmentList[T any] struct {
	list   []fragment[T]
	pieces []stretch
	next   int               // the one after the last that was found
	missed int               // how many were not where they were looked for
	byID   map[agenda.ID]int // made when that were many
}

// stretch are objects of a list that are a piece: it begins with the first of them and ends with the last.
type stretch struct {
	piece    *Piece
	from, to int
}

// ahead is how many fragments are looked at before one is looked for among all, and fewMissed for how many of these all are looked
// through: a document that differs by a panel or two has a few.
const (
	ahead     = 4
	fewMissed = 16
)

// find gives the place of the object of that identity; -1 when it was not there.
func (l *fragmentList[T]) find(id agenda.ID) int {
	for i := l.next; i < len(l.list) && i < l.next+ahead; i++ {
		if l.list[i].id == id {
			l.next = i + 1
			return i
		}
	}
	if l.missed++; l.missed <= fewMissed {
		i := slices.IndexFunc(l.list, func(f fragment[T]) bool { return f.id == id })
		if i >= 0 {
			l.next = i + 1
		}
		return i
	}
	if l.byID == nil {
		l.byID = make(map[agenda.ID]int, len(l.list))
		for i := range l.list {
			l.byID[l.list[i].id] = i
		}
	}
	i, known := l.byID[id]
	if !known {
		return -1
	}
	l.next = i + 1
	return i
}

// objects gives them in their order.
func (l *fragmentList[T]) objects() []*T {
	objects := make([]*T, len(l.list))
	for i := range l.list {
		objects[i] = l.list[i].of
	}
	return objects
}

// beginning gives the piece that begins with the object at a place.
func (l *fragmentList[T]) beginning(at int) (s stretch, is bool) {
	i, is := slices.BinarySearchFunc(l.pieces, at, func(s stretch, at int) int { return s.from - at })
	if !is {
		return s, false
	}
	return l.pieces[i], true
}

// context says on what, besides itself, the way in which an object is written depends.
type context struct {
	document, base, slug, zone, language, fallback string
	event                                          agenda.ID
}

// maxContexts is of how many kinds of documents fragments are kept.
const maxContexts = 12

// memory has fragments by context, the most recently used last.
var memory struct {
	mu    sync.Mutex
	kept  map[context]*fragments
	order []context
}

// Forget leaves nothing in memory of what was written: somebody was erased.
func Forget() {
	memory.mu.Lock()
	defer memory.mu.Unlock()
	memory.kept, memory.order = nil, nil
}

func fragmentsFor(c context) *fragments {
	memory.mu.Lock()
	defer memory.mu.Unlock()
	if memory.kept == nil {
		memory.kept = map[context]*fragments{}
	}
	f := memory.kept[c]
	if f == nil {
		f = &fragments{}
		memory.kept[c] = f
	}
	memory.order = append(slices.DeleteFunc(memory.order, func(d context) bool { return d == c }), c)
	if len(memory.order) > maxContexts {
		delete(memory.kept, memory.order[0])
		memory.order = memory.order[1:]
	}
	return f
}

// listWriter writes a list of objects in JSON, each as before if it is the same.
type listWriter[T any] struct {
	items  []*T
	before fragmentList[T]
	same   func(was, is *T) bool
	id     func(*T) agenda.ID
	object func(*T) any

	now   fragmentList[T]
	piece *bytes.Buffer // that is being written
	from  int           // the object with which it begins
}

// write gives the pieces of the list. The first object has no comma before it, wherever it was before.
func (w *listWriter[T]) write() (Document, error) {
	var d Document
	w.now.list = make([]fragment[T], 0, len(w.items))
	for i := 0; i < len(w.items); {
		id := w.id(w.items[i])
		known := w.before.find(id)
		if w.piece.Len() == 0 && known >= 0 {
			if s, is := w.before.beginning(known); is && w.has(s) {
				i += s.to - s.from
				d = append(d, s.piece)
				continue
			}
		}
		if err := w.add(w.items[i], id, known); err != nil {
			return nil, err
		}
		i++
		if i == len(w.items) || endsPiece(w.piece.Len(), string(id)) {
			d = append(d, w.end())
		}
	}
	return d, nil
}

// has takes a piece as it was, if what is to be written next is all that is in it, and would end where it does.
func (w *listWriter[T]) has(s stretch) bool {
	at := len(w.now.list)
	n := s.to - s.from
	if at+n > len(w.items) || (at == 0) != (s.from == 0) || s.to == len(w.before.list) && at+n < len(w.items) {
		return false
	}
	for i := range n {
		f, item := &w.before.list[s.from+i], w.items[at+i]
		if f.id != w.id(item) || f.of != item && !w.same(f.of, item) {
			return false
		}
	}
	w.now.list = append(w.now.list, w.before.list[s.from:s.to]...)
	for i := range n {
		w.now.list[at+i].of = w.items[at+i] // or the Snapshot of which it was would be kept for it
	}
	w.now.pieces = append(w.now.pieces, stretch{s.piece, at, at + n})
	w.before.next, w.from = s.to, at+n
	return true
}

// add writes one object; known is its place before, or -1.
func (w *listWriter[T]) add(item *T, id agenda.ID, known int) error {
	if len(w.now.list) > 0 {
		w.piece.WriteByte(',')
	}
	f := fragment[T]{id: id, of: item, start: w.piece.Len()}
	if known >= 0 && (w.before.list[known].of == item || w.same(w.before.list[known].of, item)) {
		w.piece.Write(w.before.list[known].bytes())
	} else {
		if err := encodeJSON(w.piece, w.object(item), ""); err != nil {
			return err
		}
		w.piece.Truncate(w.piece.Len() - 1) // the line break
	}
	f.end = w.piece.Len()
	w.now.list = append(w.now.list, f)
	return nil
}

// end ends a piece.
func (w *listWriter[T]) end() *Piece {
	p := newPiece(bytes.Clone(w.piece.Bytes()))
	w.piece.Reset()
	for i := w.from; i < len(w.now.list); i++ {
		w.now.list[i].in = p
	}
	w.now.pieces = append(w.now.pieces, stretch{p, w.from, len(w.now.list)})
	w.from = len(w.now.list)
	return p
}

func idOfPanel(p *agenda.Panel) agenda.ID   { return p.ID }
func idOfPerson(p *agenda.Person) agenda.ID { return p.ID }

// write writes a document of a Snapshot, whose last two lists, of people and of panels, are written by fragments, and what follows
// them. What comes before a list ends with its bracket. It is for who holds the lock.
func (f *fragments) write(s *agenda.Snapshot, head []byte, people []*agenda.Person, between string, panels []*agenda.Panel, tail []byte,
	person func(*agenda.Person) any, panel func(*agenda.Panel) any) (Document, error) {
	f.room.Reset()
	same := (*agenda.Panel).Same
	if changed, known := s.Since(&f.of); known {
		same = func(_, is *agenda.Panel) bool { return !changed[is.ID] }
	}
	first := listWriter[agenda.Person]{items: people, before: f.people, same: (*agenda.Person).Same, id: idOfPerson, object: person, piece: &f.room}
	d := cut(head)
	pieces, err := first.write()
	if err != nil {
		return nil, err
	}
	d = append(append(d, pieces...), newPiece([]byte(between)))
	second := listWriter[agenda.Panel]{items: panels, before: f.panels, same: same, id: idOfPanel, object: panel, piece: &f.room}
	if pieces, err = second.write(); err != nil {
		return nil, err
	}
	f.of, f.people, f.panels = *s, first.now, second.now
	return append(append(d, pieces...), newPiece(tail)), nil
}
