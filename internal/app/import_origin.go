package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

type originName struct {
	kind agenda.OriginKind
	key  string
}

// longestKey is the longest key that is kept as it is, in octets: a key of the database must not be longer than a third
// of a page.
const longestKey = 200

// nameOf gives a key of a source as it is kept.
func nameOf(kind agenda.OriginKind, key string) originName {
	if kept := printable(key); kept != key || len(key) > longestKey {
		sum := sha256.Sum256([]byte(key))
		key = cut(kept, longestKey/8) + " " + hex.EncodeToString(sum[:16])
	}
	return originName{kind, key}
}

type thing struct {
	kind agenda.OriginKind
	id   agenda.ID
}

// origins are those of one Source while a newer file of it is read.
type origins struct {
	known map[originName]*agenda.Origin // of the files before
	names map[thing]originName          // of the same
	seen  map[originName]*agenda.Origin // of this file
	order []originName
}

func newOrigins(list []agenda.Origin) *origins {
	o := &origins{known: make(map[originName]*agenda.Origin, len(list)), names: make(map[thing]originName, len(list)), seen: map[originName]*agenda.Origin{}}
	for n := range list {
		name := originName{list[n].Kind, list[n].Key} // as nameOf gave it
		o.known[name], o.names[thing{list[n].Kind, list[n].ID}] = &list[n], name
	}
	return o
}

// forget makes what the Source says of a thing be said for the first time: it is made anew, maybe under the identity that
// it had.
func (o *origins) forget(kind agenda.OriginKind, key string) { delete(o.known, o.at(kind, key)) }

// at gives the name under which the thing of that key is known, which is another one for somebody who was erased, and for what
// was called after them.
func (o *origins) at(kind agenda.OriginKind, key string) originName {
	name := nameOf(kind, key)
	if erased := (originName{kind, agenda.ErasedKey(name.key)}); o.known[name] == nil && o.known[erased] != nil {
		return erased
	}
	return name
}

// erased says whether the thing of that key is somebody who was erased.
func (o *origins) erased(kind agenda.OriginKind, key string) bool {
	return o.at(kind, key) != nameOf(kind, key)
}

// seeErased notes that the file has somebody who was erased, and nothing of what it says of them.
func (o *origins) seeErased(kind agenda.OriginKind, key string, id agenda.ID) {
	name := originName{kind, agenda.ErasedKey(nameOf(kind, key).key)}
	if known := o.known[name]; known != nil {
		id = known.ID // also when they are not there any more
	}
	if o.seen[name] == nil {
		o.order = append(o.order, name)
	}
	o.seen[name] = &agenda.Origin{Kind: kind, Key: name.key, ID: id}
}

// find gives what the thing of that key became before; "" for one that is new.
func (o *origins) find(kind agenda.OriginKind, key string) agenda.ID {
	if origin := o.known[o.at(kind, key)]; origin != nil {
		return origin.ID
	}
	return ""
}

// seeSame is [origins.see] of a thing that was not known under another key.
func (o *origins) seeSame(kind agenda.OriginKind, key string, id agenda.ID) *saying {
	return o.see(kind, key, id, o.at(kind, key))
}

// see notes that the file has a thing, which is that one here, and gives what the Source says of it to compare with what
// it said. A thing that was known under another key is known under this one from now on.
func (o *origins) see(kind agenda.OriginKind, key string, id agenda.ID, was originName) *saying {
	name := o.at(kind, key)
	s := &saying{origin: &agenda.Origin{Kind: kind, Key: name.key, ID: id, Said: map[string]string{}}}
	if known := o.known[was]; known != nil && known.ID == id {
		s.before, s.wasGone = known.Said, known.Gone
		if was != name {
			delete(o.known, was)
		}
	}
	if o.seen[name] == nil {
		o.order = append(o.order, name)
	}
	o.seen[name] = s.origin
	return s
}

// unseen gives what the files before had and this one has not, by kind and key.
func (o *origins) unseen(kind agenda.OriginKind) []*agenda.Origin {
	var list []*agenda.Origin
	for name, origin := range o.known {
		if name.kind == kind && o.seen[name] == nil {
			list = append(list, origin)
		}
	}
	slices.SortFunc(list, func(a, b *agenda.Origin) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// all gives the origins to keep: what was not seen stays known, for the file after this one.
func (o *origins) all() []agenda.Origin {
	var list []agenda.Origin
	for _, name := range o.order {
		list = append(list, *o.seen[name])
	}
	for _, kind := range agenda.OriginKinds {
		for _, origin := range o.unseen(kind) {
			list = append(list, *origin)
		}
	}
	return list
}

// saying is what a Source says of one thing, beside what it said of it last.
type saying struct {
	origin  *agenda.Origin
	before  map[string]string // nil: it is said for the first time
	wasGone bool
}

// news notes what the Source says of a field, and says whether that is something else than it said last.
func (s *saying) news(field string, value any) bool {
	hash := hashOf(value)
	s.origin.Said[field] = hash
	return s.before == nil || s.before[field] != hash
}

// text gives a Text with what is news of what the Source says of it, by language: what it says otherwise in one is no
// reason to undo what organizers made of another. A language that it no longer has is taken back.
func (s *saying) text(field string, t, said agenda.Text) agenda.Text {
	merged := agenda.Text{}
	for tag, own := range t {
		if _, before := s.before[field+" "+tag]; !before || said[tag] != "" {
			merged[tag] = own
		}
	}
	for tag, theirs := range said {
		if s.news(field+" "+tag, theirs) {
			merged[tag] = theirs
		}
	}
	if len(merged) == 0 {
		return nil
	}
	return merged.Clean()
}

func hashOf(value any) string {
	body, err := json.Marshal(value)
	if err != nil {
		body = []byte(err.Error()) // nothing that is asked about can't be written
	}
	sum := fnv.New64a()
	_, _ = sum.Write(body) // never fails
	return hex.EncodeToString(sum.Sum(nil))
}
