package app

import (
	lru "container/list"
	"sync"

	"plenary/internal/agenda"
)

// keeper keeps what was made and never changes, so that nothing is ever invalidated. What it holds is bounded by its weight, and for
// each Event by number, since what is new makes most of what is old unwanted: what was asked for least recently goes first. It is
// safe for concurrent use.
type keeper[K comparable, V any] struct {
	mu     sync.Mutex
	kept   map[K]*lru.Element
	recent *lru.List // of keptThing, the most recently used first
	weight int
	most   int // weight
	weigh  func(V) int
	event  func(K, V) agenda.ID
	ofEach int // how many of one Event
}

type keptThing[K comparable, V any] struct {
	key    K
	value  V
	weight int
}

func (k *keeper[K, V]) get(key K) (v V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	element, ok := k.kept[key]
	if !ok {
		return v, false
	}
	k.recent.MoveToFront(element)
	return element.Value.(keptThing[K, V]).value, true
}

// put keeps it, also when it weighs more than all that is kept may.
func (k *keeper[K, V]) put(key K, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil {
		k.kept, k.recent = map[K]*lru.Element{}, lru.New()
	}
	if element, ok := k.kept[key]; ok {
		k.drop(element)
	}
	weight := k.weigh(v)
	k.kept[key] = k.recent.PushFront(keptThing[K, V]{key, v, weight})
	k.thin(k.event(key, v))
	for k.weight += weight; k.weight > k.most && k.recent.Len() > 1; {
		k.drop(k.recent.Back())
	}
}

// thin drops what is too many of one Event.
func (k *keeper[K, V]) thin(event agenda.ID) {
	n := 0
	for at := k.recent.Front(); at != nil; {
		next := at.Next()
		if thing := at.Value.(keptThing[K, V]); k.event(thing.key, thing.value) == event {
			if n++; n > k.ofEach {
				k.drop(at)
			}
		}
		at = next
	}
}

func (k *keeper[K, V]) drop(element *lru.Element) {
	thing := k.recent.Remove(element).(keptThing[K, V])
	k.weight -= thing.weight
	delete(k.kept, thing.key)
}

// forget drops all that is kept: what was erased should not stay in memory.
func (k *keeper[K, V]) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept, k.recent, k.weight = nil, nil, 0
}
