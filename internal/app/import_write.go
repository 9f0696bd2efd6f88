package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// cancelMissing cancels the Panels that the files before had and this one has not. That is what the source says of them by
// leaving them out; of those that organizers had cancelled it keeps what it said.
func (i *importing) cancelMissing() error {
	for _, origin := range i.origins.unseen(agenda.PanelOrigin) {
		p, there := i.panels[origin.ID]
		if !there || origin.Gone || i.claimed[origin.ID] {
			continue
		}
		origin.Gone = true
		if p.Cancelled {
			continue
		}
		(&saying{origin: origin}).news("cancelled", true)
		p.Cancelled, p.Revision, p.Updated = true, p.Revision+1, i.a.moment()
		i.updated = append(i.updated, p)
	}
	return nil
}

// write writes the Panels, and whose time they take.
func (i *importing) write() error {
	if err := i.checkHolds(); err != nil {
		return err
	}
	if err := i.tx.InsertPanels(i.inserted); err != nil {
		return err
	}
	for _, p := range i.updated {
		if err := i.tx.UpdatePanel(p); err != nil {
			return err
		}
		verb := "panel.edit"
		if p.Cancelled && !i.panels[p.ID].Cancelled {
			verb = "panel.cancel"
		}
		if err := i.a.note(i.tx, i.actor, i.event.ID, verb, p.ID, fmt.Sprintf("imported a change of the panel %q", english(p.Title)),
			changed(i.event, i.panels[p.ID], p)); err != nil {
			return err
		}
	}
	if i.newRooms && len(i.before.Panels) > 0 {
		if err := refreshAllRooms(i.tx, i.event); err != nil {
			return err
		}
	}
	if err := holdPanels(i.tx, i.event, slices.Concat(i.inserted, i.updated)...); err != nil {
		return err
	}
	if i.edited {
		if err := i.a.settleAllMeetings(i.tx, i.event); err != nil {
			return err
		}
	}
	for _, p := range i.changedPeople {
		if err := i.a.tellReturned(i.tx, i.event, p[0], p[1]); err != nil {
			return err
		}
	}
	return i.keepSerials()
}

// maxSpans is how many rooms all Panels that span all rooms may take together: that many rows of the database.
const maxSpans = 100_000

// checkHolds refuses a file that is small and takes more than can be kept: each entry that spans all rooms takes each.
func (i *importing) checkHolds() error {
	panels := slices.Concat(i.inserted, i.updated)
	if i.newRooms { // they are spanned by what was here as well
		panels = append(panels, i.before.Panels...)
	}
	spans := 0
	for _, p := range panels {
		if p.AllRooms && p.Slot != nil && !p.Cancelled {
			spans++
		}
	}
	if rooms := len(i.before.Rooms) + len(i.done.Rooms); spans*rooms > maxSpans {
		return agenda.Errorf(agenda.Invalid, "There would be %d entries that span all of %d rooms: that is more than can be planned.", spans, rooms)
	}
	return nil
}

// keep remembers what the source said.
func (i *importing) keep() error {
	s := agenda.Source{Name: i.options.Source, Format: string(i.programme.Format), Language: i.language, Imported: i.a.moment(), Origins: i.origins.all()}
	if m := i.programme.Mapping; m != nil {
		body, err := json.Marshal(m)
		if err != nil {
			return err
		}
		if len(body) <= agenda.MaxMapping { // headers can be as long as the file
			s.Mapping = string(body)
		}
	}
	return i.tx.PutSource(i.event.ID, s)
}

// report says what changed, and leaves an Activity if there is anything.
func (i *importing) report() error {
	i.done.Event = i.event
	after, err := draftOf(i.tx, i.event)
	if err != nil {
		return err
	}
	old, now := agenda.NewSnapshot(i.before, nil), agenda.NewSnapshot(after, nil)
	i.done.Changes = append(agenda.Diff(&old, &now), i.unscheduled()...)
	if i.done.Conflicts, err = i.a.allConflicts(i.tx, i.actor, i.event); err != nil {
		return err
	}
	r := i.done
	if !r.Created && !i.edited && len(r.Changes)+len(r.Rooms)+len(r.Tracks)+len(r.People)+len(i.updated) == 0 {
		return nil
	}
	return i.a.note(i.tx, i.actor, i.event.ID, "event.import", i.event.ID, fmt.Sprintf("imported %s (%s) into the event %q (panels added: %d, changed: %d)",
		i.options.Source, i.programme.Format, english(i.event.Name), len(i.inserted), len(i.updated)),
		changed(i.event, nil, agenda.Fields{"source": quoted(i.options.Source), "format": quoted(string(i.programme.Format)),
			"panels_added": strconv.Itoa(len(i.inserted)), "panels_changed": strconv.Itoa(len(i.updated)),
			"people_added": strconv.Itoa(len(r.People)), "rooms_added": strconv.Itoa(len(r.Rooms)), "tracks_added": strconv.Itoa(len(r.Tracks))}))
}

// unscheduled gives the changes of Panels that have no time, neither before nor now: the public sees none of them, so
// that they are in no difference of what it sees.
func (i *importing) unscheduled() []agenda.Change {
	var list []agenda.Change
	add := func(kind agenda.ChangeKind, p agenda.Panel) {
		words := agenda.Text{}
		for tag, format := range unscheduledWords[kind] {
			words[tag] = fmt.Sprintf(format, agenda.NewReader(i.event.Language(), tag).String(p.Title))
		}
		list = append(list, agenda.Change{Kind: kind, PanelID: p.ID, Code: p.Code, Title: p.Title, Words: words})
	}
	for _, p := range i.inserted {
		if p.Slot == nil {
			add(agenda.ChangeAdded, p)
		}
	}
	for _, p := range i.updated {
		before := i.panels[p.ID]
		switch {
		case p.Slot != nil || before.Slot != nil:
		case p.Cancelled && !before.Cancelled:
			add(agenda.ChangeCancelled, p)
		case !p.Cancelled && before.Cancelled:
			add(agenda.ChangeRestored, p)
		default:
			add(agenda.ChangeEdited, p)
		}
	}
	return list
}

// unscheduledWords say what became of a Panel that has no time, in the program's own languages.
var unscheduledWords = map[agenda.ChangeKind]map[string]string{
	agenda.ChangeAdded:     {"en": "Added, without a time: %s", "fr": "Ajouté, sans horaire : %s", "vi": "Thêm, chưa có giờ: %s"},
	agenda.ChangeCancelled: {"en": "Cancelled, without a time: %s", "fr": "Annulé, sans horaire : %s", "vi": "Hủy, chưa có giờ: %s"},
	agenda.ChangeRestored:  {"en": "Takes place after all, without a time: %s", "fr": "Rétabli, sans horaire : %s", "vi": "Khôi phục, chưa có giờ: %s"},
	agenda.ChangeEdited:    {"en": "Edited, without a time: %s", "fr": "Modifié, sans horaire : %s", "vi": "Sửa, chưa có giờ: %s"},
}

// mappingOf gives the mapping that a Source was imported with last; nil for none.
func mappingOf(s agenda.Source) (*source.Mapping, error) {
	if s.Mapping == "" {
		return nil, nil
	}
	var m source.Mapping
	if err := json.Unmarshal([]byte(s.Mapping), &m); err != nil {
		return nil, agenda.Errorf(agenda.Internal, "The mapping of the source can't be read: %w", err)
	}
	return &m, nil
}
