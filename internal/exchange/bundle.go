package exchange

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"plenary/internal/agenda"
)

// What the first fields of Plenary's own format say, and how much of it is read at most.
const (
	BundleFormat  = "plenary-event"
	BundleVersion = 1
	MaxBundle     = 64 << 20 // bytes
)

// Bundle is a whole event as it moves between installations: everything but the tokens, the log, and the files that were
// uploaded, which a backup has.
type Bundle struct {
	Draft          agenda.Draft
	Availabilities []agenda.Availability
	Meetings       []agenda.Meeting
	MeetingSteps   []agenda.MeetingStep
	MeetingRules   agenda.MeetingRules // never updated: the organizers decided nothing
	LetterRule     agenda.LetterRule   // revision 0: the organizers decided nothing
	StandIns       []agenda.StandIn
	Releases       []agenda.Release
	Stamps         []agenda.Stamp // the revisions of calendar entries
	Feeds          []agenda.Feed  // with the hashes of their secrets, so that subscriptions survive the move
	Sources        []agenda.Source
}

// EncodeBundle writes the Bundle as indented JSON. Equal Bundles give equal bytes: lists that have
// no order of their own are sorted by identity, Releases by number. What DecodeBundle refuses is
// written all the same, since a backup with a fault is better than none.
func EncodeBundle(w io.Writer, b Bundle) error {
	d, p := b.Draft, pen{zone: b.Draft.Event.Location()}
	o := bundleObject{Format: BundleFormat, Version: BundleVersion, Event: eventOf(d.Event),
		Rooms:          sorted(each(d.Rooms, roomOf), func(o roomObject) agenda.ID { return o.ID }),
		Tracks:         sorted(each(d.Tracks, trackOf), func(o trackObject) agenda.ID { return o.ID }),
		People:         sorted(each(d.People, personOf), func(o personObject) agenda.ID { return o.ID }),
		Panels:         sorted(each(d.Panels, p.panel), func(o panelObject) agenda.ID { return o.ID }),
		Availabilities: sorted(each(b.Availabilities, p.availability), func(o availabilityObject) agenda.ID { return o.ID }),
		Meetings:       sorted(each(b.Meetings, p.meeting), func(o meetingObject) agenda.ID { return o.ID }),
		MeetingSteps:   sorted(each(b.MeetingSteps, meetingStepOf), func(o meetingStepObject) agenda.ID { return o.ID }),
		MeetingRules:   meetingRulesOf(b.MeetingRules),
		LetterRule:     letterRuleOf(b.LetterRule),
		StandIns:       sorted(each(b.StandIns, standInOf), func(o standInObject) agenda.ID { return o.ID }),
		Stamps:         sorted(each(b.Stamps, stampOf), func(o stampObject) string { return o.UID + " " + string(o.Variant) }),
		Feeds:          sorted(each(b.Feeds, feedOf), func(o feedObject) agenda.ID { return o.ID }),
		Sources:        sorted(each(b.Sources, sourceOf), func(o sourceObject) string { return o.Name }),
		Releases:       sorted(each(b.Releases, releaseOf), func(o releaseObject) int { return o.Number }),
	}
	if err := encodeJSON(w, o, "  "); err != nil {
		return fmt.Errorf("exchange: write event: %w", err)
	}
	return nil
}

// DecodeBundle reads what [EncodeBundle] writes, from anybody. Whatever is wrong with it is said at
// once, as an Invalid error whose faults point into the file: first what has the wrong shape, and
// when the shape is right all that makes no sense.
func DecodeBundle(r io.Reader) (Bundle, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBundle+1))
	if err != nil {
		return Bundle{}, fmt.Errorf("exchange: read event: %w", err)
	}
	var faults agenda.Faults
	if len(data) > MaxBundle {
		faults.Add("", "is larger than %d MiB", MaxBundle>>20)
		return Bundle{}, faults.Err("event file")
	}
	var o bundleObject
	faults = bind(data, &o)
	switch {
	case o.Format != BundleFormat && wellFormed(faults):
		// What else there is to say about a file of another kind would only distract.
		faults = agenda.Faults{{Pointer: "/format", Message: fmt.Sprintf("is not %q: this is not an event of Plenary", BundleFormat)}}
	case o.Version != BundleVersion && wellFormed(faults):
		faults = agenda.Faults{{Pointer: "/version", Message: fmt.Sprintf("is not %d, the version that this program reads", BundleVersion)}}
	}
	if len(faults) > 0 {
		return Bundle{}, faults.Err("event file")
	}
	in := intake{faults: &faults, event: o.Event.ID, zone: zoneOf(o.Event.Zone)}
	b := in.bundle(o)
	check(&faults, b, o)
	if len(faults) > maxFaults {
		faults = append(faults[:maxFaults:maxFaults], agenda.Fault{Message: "and more"})
	}
	if err := faults.Err("event file"); err != nil {
		return Bundle{}, err
	}
	return b, nil
}

// wellFormed says whether the file is JSON at all.
func wellFormed(faults agenda.Faults) bool {
	return !slices.ContainsFunc(faults, func(f agenda.Fault) bool { return f.Pointer == "" })
}

func (in intake) bundle(o bundleObject) Bundle {
	return Bundle{
		Draft: agenda.Draft{Event: o.Event.noun(), Rooms: all(in, o.Rooms, roomObject.noun),
			Tracks: all(in, o.Tracks, trackObject.noun), People: each(o.People, personObject.noun),
			Panels: eachAt("/panels", o.Panels, in.panel)},
		Availabilities: eachAt("/availabilities", o.Availabilities, in.availability),
		Meetings:       eachAt("/meetings", o.Meetings, in.meeting),
		MeetingSteps:   eachAt("/meeting_steps", o.MeetingSteps, in.meetingStep),
		MeetingRules:   o.MeetingRules.noun(),
		LetterRule:     o.LetterRule.noun(),
		StandIns:       all(in, o.StandIns, standInObject.noun),
		Stamps:         each(o.Stamps, stampObject.noun),
		Feeds:          eachAt("/feeds", o.Feeds, in.feed),
		Sources:        each(o.Sources, sourceObject.noun),
		Releases:       eachAt("/releases", o.Releases, in.release),
	}
}

func sorted[T any, K cmp.Ordered](list []T, key func(T) K) []T {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return list
}
