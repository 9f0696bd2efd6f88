package exchange

import (
	"cmp"
	"hash/fnv"
	"slices"

	"plenary/internal/agenda"
)

// serials are the positive 31-bit integers by which other programs know the things of one Release: see
// [agenda.Serials]. Each kind counts for itself.
type serials struct {
	panels, rooms, tracks, people map[agenda.ID]int
}

// serialsOf gives the serials that the things of a Snapshot have. Releases from before there were any have none: theirs
// follow from the identities, so that they are the same in the next of these Releases.
func serialsOf(s *agenda.Snapshot) serials {
	return serials{
		panels: numbered(s.Panels, func(p *agenda.Panel) (agenda.ID, int) { return p.ID, p.Serial }),
		rooms:  numbered(s.Rooms, func(r agenda.Room) (agenda.ID, int) { return r.ID, r.Serial }),
		tracks: numbered(s.Tracks, func(t agenda.Track) (agenda.ID, int) { return t.ID, t.Serial }),
		people: numbered(s.People, func(p agenda.Person) (agenda.ID, int) { return p.ID, p.Serial }),
	}
}

// numbered gives each thing the number that it has, and one made from its identity where it has none or another thing
// has it too. Whatever the order of the list, the numbers are the same.
func numbered[T any](list []T, of func(T) (agenda.ID, int)) map[agenda.ID]int {
	type thing struct {
		id     agenda.ID
		serial int
	}
	things := make([]thing, 0, len(list))
	for _, item := range list {
		id, serial := of(item)
		things = append(things, thing{id, serial})
	}
	slices.SortFunc(things, func(a, b thing) int { return cmp.Compare(a.id, b.id) })
	numbers, used := make(map[agenda.ID]int, len(list)), make(map[int]bool, len(list))
	for _, t := range things {
		if t.serial > 0 && t.serial <= agenda.MaxSerial && !used[t.serial] {
			numbers[t.id], used[t.serial] = t.serial, true
		}
	}
	for _, t := range things {
		if numbers[t.id] == 0 {
			numbers[t.id] = number(string(t.id), used)
		}
	}
	return numbers
}

// number makes a number of a name, the next free one where it is used, and marks it as used.
func number(name string, used map[int]bool) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	n := int(h.Sum32() & agenda.MaxSerial)
	for n == 0 || used[n] {
		n = (n + 1) & agenda.MaxSerial
	}
	used[n] = true
	return n
}
