package store

import (
	"slices"
	"sync"

	"plenary/internal/agenda"
)

// drafts keep those of a few events in memory.
type drafts struct {
	mu     sync.Mutex
	kept   map[agenda.ID]keptDraft
	recent []agenda.ID // the most recently used last
}

type keptDraft struct {
	at turn
	*Draft
}

// keptPanels is how many panels the drafts that are kept have at most, but for the last one that was asked for.
const keptPanels = 10_000

func (k *drafts) get(event agenda.ID) (keptDraft, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	d, ok := k.kept[event]
	return d, ok
}

func (k *drafts) put(event agenda.ID, d keptDraft) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil {
		k.kept = map[agenda.ID]keptDraft{}
	}
	k.kept[event] = d
	k.recent = append(slices.DeleteFunc(k.recent, func(id agenda.ID) bool { return id == event }), event)
	panels := 0
	for _, d := range k.kept {
		panels += len(d.Panels) + 50
	}
	for panels > keptPanels && len(k.recent) > 1 {
		panels -= len(k.kept[k.recent[0]].Panels) + 50
		delete(k.kept, k.recent[0])
		k.recent = k.recent[1:]
	}
}

func (k *drafts) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept, k.recent = nil, nil
}

// ForgetDrafts leaves nothing of drafts and of releases in memory: what was erased should not stay there.
func (s *Store) ForgetDrafts() {
	s.drafts.forget()
	s.bases.forget()
}
