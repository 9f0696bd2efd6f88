package exchange

import (
	"bytes"
	"encoding/json"
	"io"

	jsonv2 "github.com/go-json-experiment/json"

	"plenary/internal/agenda"
)

// snapshotVersion rises when a stored Snapshot could be misread by the program before.
const snapshotVersion = 1

type snapshotRow struct {
	Version int `json:"version"`
	snapshotObject
}

// EncodeSnapshot gives the Snapshot as the row of its Release keeps it: compact JSON, the same bytes
// for the same Snapshot. It writes only what is not in the one of the same Event that it wrote before. The Snapshot must not be
// changed any more.
func EncodeSnapshot(s agenda.Snapshot) (Document, error) {
	if len(s.People) == 0 || len(s.Panels) == 0 {
		whole, err := EncodeSnapshotAnew(s)
		if err != nil {
			return nil, err
		}
		return cut(whole), nil
	}
	rest := s
	rest.People, rest.Panels, rest.Removed = nil, nil, nil
	head, err := EncodeSnapshotAnew(rest)
	if err != nil {
		return nil, err
	}
	p := pen{zone: s.Event.Location(), recorded: true}
	tail := []byte("]}")
	if len(s.Removed) > 0 {
		var b bytes.Buffer
		b.WriteString(`],"removed":`)
		if err := encodeJSON(&b, each(s.Removed, p.panel), ""); err != nil {
			return nil, err
		}
		tail = append(bytes.TrimSuffix(b.Bytes(), []byte("\n")), '}')
	}
	f := fragmentsFor(context{document: "snapshot", zone: s.Event.Zone, event: s.Event.ID})
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.write(&s, append(bytes.TrimSuffix(head, []byte("}")), `,"people":[`...), agenda.Pointers(s.People), `],"panels":[`, s.Panels, tail,
		func(person *agenda.Person) any { return personOf(*person) }, func(panel *agenda.Panel) any { return p.panel(*panel) })
}

// EncodeSnapshotAnew is [EncodeSnapshot] without a memory: for what is not the newest Release.
func EncodeSnapshotAnew(s agenda.Snapshot) ([]byte, error) {
	var b bytes.Buffer
	if err := encodeJSON(&b, snapshotRow{snapshotVersion, snapshotOf(s)}, ""); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// DecodeSnapshot is the inverse of [EncodeSnapshot]. The bytes are the program's own, so that
// whatever is wrong with them is Internal.
func DecodeSnapshot(b []byte) (agenda.Snapshot, error) {
	var row snapshotRow
	// As many as there may be, at most: lists of thousands that grow are copied again and again.
	row.People = make([]personObject, 0, bytes.Count(b, []byte(`,"name":"`)))
	row.Panels = make([]panelObject, 0, bytes.Count(b, []byte(`"slot":{`)))
	if err := jsonv2.Unmarshal(b, &row, jsonv2.RejectUnknownMembers(true)); err != nil {
		return agenda.Snapshot{}, agenda.Errorf(agenda.Internal, "This release can't be read: %w", err)
	}
	if row.Version != snapshotVersion {
		return agenda.Snapshot{}, agenda.Errorf(agenda.Internal,
			"This release has version %d, but this program reads version %d.", row.Version, snapshotVersion)
	}
	var faults agenda.Faults
	if zoneOf(row.Event.Zone) == nil {
		faults.Add("/event/zone", "%q is not a zone that this program knows", row.Event.Zone)
	}
	for i, p := range row.Panels {
		if p.Slot == nil {
			faults.Add(at("/panels", i)+"/slot", "is needed: unscheduled panels are not published")
		}
	}
	s := intake{faults: &faults}.snapshot("", row.snapshotObject)
	s.Index()
	if len(faults) > 0 {
		return agenda.Snapshot{}, agenda.Errorf(agenda.Internal, "This release can't be read: %w", faults.Err("snapshot"))
	}
	return s, nil
}

// encodeJSON writes v with a line break at the end, and with <, > and & as they are.
func encodeJSON(w io.Writer, v any, indent string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	return enc.Encode(v)
}
