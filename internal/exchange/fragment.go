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
	people map[agenda.ID]fragment[agenda.Person]
	panels map[agenda.ID]fragment[agenda.Panel]
}

// fragment is an object as it was written. The bytes are in the document that had it last, which is kept anyway.
type fragment[T any] struct {
	of    *T
	bytes []byte
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

// written adds a list of objects in JSON, each as before if it is the same.
func written[T any](b *bytes.Buffer, list []*T, before map[agenda.ID]fragment[T], same func(*T, *T) bool, id func(*T) agenda.ID,
	object func(*T) any) ([]int, error) {
	ends := make([]int, len(list))
	b.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if f, known := before[id(item)]; known && (f.of == item || same(f.of, item)) {
			b.Write(f.bytes)
		} else {
			if err := encodeJSON(b, object(item), ""); err != nil {
				return nil, err
			}
			b.Truncate(b.Len() - 1) // the line break
		}
		ends[i] = b.Len()
	}
	b.WriteByte(']')
	return ends, nil
}

// keep remembers how a list was written: in body, from start on.
func keep[T any](list []*T, body []byte, start int, ends []int, id func(*T) agenda.ID) map[agenda.ID]fragment[T] {
	made := make(map[agenda.ID]fragment[T], len(list))
	at := start + 1 // after the bracket
	for i, item := range list {
		made[id(item)] = fragment[T]{item, body[at:ends[i]:ends[i]]}
		at = ends[i] + 1 // after the comma
	}
	return made
}

func idOfPanel(p *agenda.Panel) agenda.ID   { return p.ID }
func idOfPerson(p *agenda.Person) agenda.ID { return p.ID }

// write writes a document whose last two lists, of people and of panels, are written by fragments, and what follows them. Size is
// about how long it gets.
func (f *fragments) write(head []byte, people []*agenda.Person, between string, panels []*agenda.Panel, tail []byte,
	person func(*agenda.Person) any, panel func(*agenda.Panel) any) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := bytes.NewBuffer(make([]byte, 0, f.size()+len(head)+len(tail)+4096))
	b.Write(head)
	peopleAt := b.Len()
	peopleEnds, err := written(b, people, f.people, (*agenda.Person).Same, idOfPerson, person)
	if err != nil {
		return nil, err
	}
	b.WriteString(between)
	panelsAt := b.Len()
	panelEnds, err := written(b, panels, f.panels, (*agenda.Panel).Same, idOfPanel, panel)
	if err != nil {
		return nil, err
	}
	b.Write(tail)
	body := b.Bytes()
	f.people, f.panels = keep(people, body, peopleAt, peopleEnds, idOfPerson), keep(panels, body, panelsAt, panelEnds, idOfPanel)
	return body, nil
}

// size is how many bytes the fragments have.
func (f *fragments) size() int {
	n := 0
	for _, p := range f.people {
		n += len(p.bytes) + 1
	}
	for _, p := range f.panels {
		n += len(p.bytes) + 1
	}
	return n
}
