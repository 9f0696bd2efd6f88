package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Source is where a part of an Event comes from: a file of another program, in all its versions.
type Source struct {
	Name     string // unique in the Event, such as "schedule" or "workshops"
	Format   string // of the file that was imported last
	Language string // BCP 47, of the texts whose language the file does not tell
	Mapping  string // which column of a table is what, as JSON; empty for other files
	Imported time.Time
	Origins  []Origin
}

// MaxMapping is the longest Mapping that is kept, in characters.
const MaxMapping = 200_000

// OriginKind is what an [Origin] is about.
type OriginKind string

// The kinds of Origin.
const (
	PanelOrigin        OriginKind = "panel"
	InterventionOrigin OriginKind = "intervention"
	RoomOrigin         OriginKind = "room"
	TrackOrigin        OriginKind = "track"
	PersonOrigin       OriginKind = "person"
)

// OriginKinds lists the kinds.
var OriginKinds = []OriginKind{PanelOrigin, InterventionOrigin, RoomOrigin, TrackOrigin, PersonOrigin}

// Origin is what a thing of an Event is in a Source: what makes another version of the file change it, instead of adding
// it again.
type Origin struct {
	Kind OriginKind
	Key  string // what the Source knows it by; unique for its kind
	ID   ID
	// Said has the hash of each field that the Source said last. What it still says of a field is no reason to undo what
	// organizers made of it since.
	Said map[string]string
	// Gone says that the newest file no longer has it.
	Gone bool
}

// erasedMark begins the keys of Origins of people who were erased.
const erasedMark = "erased:"

// ErasedKey gives what is kept of the key by which a Source knows somebody who was erased: enough to know it again, so
// that the next file does not bring them back, and nothing to read.
func ErasedKey(key string) string {
	if strings.HasPrefix(key, erasedMark) {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return erasedMark + hex.EncodeToString(sum[:])
}

// Erase gives what is left of the Origin of somebody who was erased.
func (o Origin) Erase() Origin {
	o.Key, o.Said = ErasedKey(o.Key), nil
	return o
}
