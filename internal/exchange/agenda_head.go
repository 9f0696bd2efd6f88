package exchange

import (
	"bytes"
	"slices"

	"plenary/internal/agenda"
)

// agendaHead remembers how the panels of days were written, which are thousands of identities: of most days they are the same in the
// next document.
type agendaHead struct {
	days []writtenDay
	size int
}

type writtenDay struct {
	panels []agenda.ID
	text   []byte
}

// of gives the document up to the bracket of its people, which has none yet, nor panels. The panels of its days are written into their
// place.
func (h *agendaHead) of(doc AgendaDocument) ([]byte, error) {
	days := doc.Days
	doc.Days = make([]AgendaDay, len(days))
	for i, day := range days {
		doc.Days[i] = AgendaDay{Date: day.Date, Panels: []agenda.ID{}}
	}
	var b bytes.Buffer
	if err := encodeJSON(&b, doc, ""); err != nil {
		return nil, err
	}
	none := []byte(`"panels":[]`) // no text has this: its quotes are escaped
	parts := bytes.SplitAfter(b.Bytes(), none)
	last := len(days) + 1
	if len(parts) != last+1 || string(parts[last]) != "}\n" || !bytes.HasSuffix(parts[len(days)], append([]byte(`"people":[],`), none...)) {
		return nil, agenda.Errorf(agenda.Internal, "The agenda can't be written: it has other lists than it should.")
	}
	head := make([]byte, 0, h.size)
	h.days = append(h.days, make([]writtenDay, max(0, len(days)-len(h.days)))...)[:len(days)]
	for i, day := range days {
		if err := h.days[i].write(day.Panels); err != nil {
			return nil, err
		}
		head = append(append(head, parts[i][:len(parts[i])-1]...), h.days[i].text...)
	}
	head = append(head, parts[len(days)][:len(parts[len(days)])-len(`],"panels":[]`)]...)
	h.size = cap(head)
	return head, nil
}

// write writes the panels of the day, and the bracket after them, unless they are those that were written last.
func (d *writtenDay) write(panels []agenda.ID) error {
	if d.text != nil && slices.Equal(d.panels, panels) {
		return nil
	}
	b := bytes.NewBuffer(make([]byte, 0, len(d.text)+64))
	for i, id := range panels {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeID(b, id); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	d.panels, d.text = panels, b.Bytes()
	return nil
}

// writeID writes an identity, which has mostly nothing to escape.
func writeID(b *bytes.Buffer, id agenda.ID) error {
	for i := range len(id) {
		if c := id[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			err := encodeJSON(b, id, "")
			b.Truncate(max(0, b.Len()-1)) // the line break
			return err
		}
	}
	b.WriteByte('"')
	b.WriteString(string(id))
	b.WriteByte('"')
	return nil
}
