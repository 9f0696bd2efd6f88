package store

import "plenary/internal/agenda"

// trail says from which draft another was made in this program, and what was changed on the way. A draft that was read whole
// begins one. It says nothing of turns: a transaction that is rolled back leaves a draft that no other one comes from.
type trail struct {
	before *trail
	items  []draftItem
	length int
}

// longestTrail is how many steps are remembered. Who had the draft longer ago than that looks at all of it.
const longestTrail = 256

// after gives the trail of a draft that was made from one with this trail.
func (t *trail) after(items []draftItem) *trail {
	if t.length == longestTrail {
		return &trail{}
	}
	return &trail{before: t, items: items, length: t.length + 1}
}

// DraftMark tells a draft from others, without what is in it. The zero one is that of none.
type DraftMark struct{ of *trail }

// Mark gives the mark of the draft.
func (d *Draft) Mark() DraftMark { return DraftMark{d.trail} }

// Since gives what may be otherwise in this draft than in an earlier one of the same event; known is false when that can't be told,
// and anything may be. Whatever is not told of is the same.
func (d *Draft) Since(earlier DraftMark) (changed map[agenda.SerialKind]map[agenda.ID]bool, known bool) {
	if earlier.of == nil {
		return nil, false
	}
	changed = map[agenda.SerialKind]map[agenda.ID]bool{}
	for t := d.trail; t != nil; t = t.before {
		if t == earlier.of {
			return changed, true
		}
		for _, item := range t.items {
			if changed[item.Kind] == nil {
				changed[item.Kind] = map[agenda.ID]bool{}
			}
			changed[item.Kind][item.ID] = true
		}
	}
	return nil, false
}
