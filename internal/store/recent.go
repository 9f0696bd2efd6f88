package store

import (
	"slices"
	"sync"

	"plenary/internal/agenda"
)

// weighty says what it weighs, and how much all that are kept may weigh.
type weighty interface{ weight() (own, most int) }

// recent keeps something of a few events in memory, in bounds by its weight; but for the last one that was put, which stays whatever
// it weighs. It is safe for concurrent use.
type recent[T weighty] struct {
	mu    sync.Mutex
	kept  map[agenda.ID]T
	order []agenda.ID // the most recently put last
}

func (r *recent[T]) get(event agenda.ID) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.kept[event]
	return v, ok
}

func (r *recent[T]) put(event agenda.ID, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[agenda.ID]T{}
	}
	r.kept[event] = v
	r.order = append(slices.DeleteFunc(r.order, func(id agenda.ID) bool { return id == event }), event)
	all := 0
	for _, v := range r.kept {
		own, _ := v.weight()
		all += own
	}
	for _, most := v.weight(); all > most && len(r.order) > 1; {
		own, _ := r.kept[r.order[0]].weight()
		all -= own
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
}

func (r *recent[T]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept, r.order = nil, nil
}
