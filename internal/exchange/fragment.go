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
	people fragmentList[agenda.Person]
	panels fragmentList[agenda.Panel]
}

// fragment is where an object was written.
type fragment[T any] struct {
	id         agenda.ID
	of         *T
	start, end int
}

// fragmentList has the objects of a list in its order, which is mostly that of the next one.
type fragmentList[T any] struct {
	body []byte // the document that had them last, which is kept anyway
	list []fragment[T]
	next int               // the one after the last that was found
	byID map[agenda.ID]int // made when one is not where it is looked for
}

// ahead is how many fragments are looked at before one is looked for among all.
const ahead = 4

// find gives how the object of that identity was written; nil when it was not there.
func (l *fragmentList[T]) find(id agenda.ID) *fragment[T] {
	for i := l.next; i < len(l.list) && i < l.next+ahead; i++ {
		if l.list[i].id == id {
			l.next = i + 1
			return &l.list[i]
		}
	}
	if l.byID == nil {
		l.byID = make(map[agenda.ID]int, len(l.list))
		for i := range l.list {
			l.byID[l.list[i].id] = i
		}
	}
	i, known := l.byID[id]
	if !known {
		return nil
	}
	l.next = i + 1
	return &l.list[i]
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

// written adds a list of objects in JSON, each as before if it is the same. It gives where each was written.
func written[T any](b *bytes.Buffer, list []*T, before fragmentList[T], same func(was, is *T) bool, id func(*T) agenda.ID,
	object func(*T) any) (fragmentList[T], error) {
	made := make([]fragment[T], len(list))
	b.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		made[i] = fragment[T]{id: id(item), of: item, start: b.Len()}
		if f := before.find(made[i].id); f != nil && (f.of == item || same(f.of, item)) {
			b.Write(before.body[f.start:f.end])
		} else {
			if err := encodeJSON(b, object(item), ""); err != nil {
				return before, err
			}
			b.Truncate(b.Len() - 1) // the line break
		}
		made[i].end = b.Len()
	}
	b.WriteByte(']')
	return fragmentList[T]{list: made}, nil
}

func idOfPanel(p *agenda.Panel) agenda.ID   { return p.ID }
func idOfPerson(p *agenda.Person) agenda.ID { return p.ID }

// write writes a document of a Snapshot, whose last two lists, of people and of panels, are written by fragments, and what follows them.
func (f *fragments) write(s *agenda.Snapshot, head []byte, people []*agenda.Person, between string, panels []*agenda.Panel, tail []byte,
	person func(*agenda.Person) any, panel func(*agenda.Panel) any) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	same := (*agenda.Panel).Same
	if changed, known := s.Since(&f.of); known {
		same = func(_, is *agenda.Panel) bool { return !changed[is.ID] }
	}
	room := max(len(f.panels.body), len(head)+len(tail)) + 4<<10
	b := bytes.NewBuffer(make([]byte, 0, room))
	b.Write(head)
	newPeople, err := written(b, people, f.people, (*agenda.Person).Same, idOfPerson, person)
	if err != nil {
		return nil, err
	}
	b.WriteString(between)
	newPanels, err := written(b, panels, f.panels, same, idOfPanel, panel)
	if err != nil {
		return nil, err
	}
	b.Write(tail)
	body := b.Bytes()
	if b.Cap() > room { // it grew, to up to twice its length
		body = bytes.Clone(body)
	}
	newPeople.body, newPanels.body = body, body
	f.of, f.people, f.panels = *s, newPeople, newPanels
	return body, nil
}
