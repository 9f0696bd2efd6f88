package agenda

import "time"

// ResourceKind says whose time is meant.
type ResourceKind string

// The kinds of resource.
const (
	PersonResource ResourceKind = "person"
	RoomResource   ResourceKind = "room"
)

// ResourceKinds lists the kinds.
var ResourceKinds = []ResourceKind{PersonResource, RoomResource}

// Resource is a Person or a Room: somebody or something that can be in one place at a time.
type Resource struct {
	Kind ResourceKind
	ID   ID
}

// Availability is a window in which a Person or a Room of the Event can be used, the half-open
// interval [Start, End). One who has none in an Event is always available; one who has some is
// available within their union only.
type Availability struct {
	ID       ID
	EventID  ID
	Resource Resource
	Start    Moment
	End      Moment
	Note     string
	Revision int
	Created  time.Time
	Updated  time.Time
}

// Check says everything that is wrong with the Availability at once.
func (a Availability) Check() error {
	var f Faults
	checkOneOf(&f, "/resource", a.Resource.Kind, ResourceKinds)
	if !a.End.At.After(a.Start.At) {
		f.Add("/end", "is not after the start")
	}
	CheckString(&f, "/note", a.Note, MaxProse)
	return f.Err("availability")
}
