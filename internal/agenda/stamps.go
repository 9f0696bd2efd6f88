package agenda

import (
	"maps"
	"slices"
)

// Stamps are the Stamps of one Variant, by UID. They do not change. The zero value has none.
type Stamps struct {
	all   map[string]Stamp
	newer map[string]Stamp // instead of those in all: there are thousands, of which a Release changes a few
}

// mostNewer is how many changed ones are kept beside the others.
const mostNewer = 256

// NewStamps gives those Stamps. The map must not be changed any more.
func NewStamps(byUID map[string]Stamp) Stamps { return Stamps{all: byUID} }

// Of gives the Stamp of an entry; the zero Stamp for none.
func (s Stamps) Of(uid string) Stamp {
	if stamp, ok := s.newer[uid]; ok {
		return stamp
	}
	return s.all[uid]
}

// Len is about how many there are.
func (s Stamps) Len() int { return len(s.all) + len(s.newer) }

// List gives all of them, in no order.
func (s Stamps) List() []Stamp {
	list := slices.Collect(maps.Values(s.newer))
	for uid, stamp := range s.all {
		if _, changed := s.newer[uid]; !changed {
			list = append(list, stamp)
		}
	}
	return list
}

// With gives the Stamps as they are when these changed.
func (s Stamps) With(changed map[string]Stamp) Stamps {
	if len(changed) == 0 {
		return s
	}
	newer := maps.Clone(s.newer)
	if newer == nil {
		newer = map[string]Stamp{}
	}
	maps.Copy(newer, changed)
	if len(newer) <= mostNewer {
		return Stamps{s.all, newer}
	}
	all := make(map[string]Stamp, s.Len())
	maps.Copy(all, s.all)
	maps.Copy(all, newer)
	return Stamps{all: all}
}
