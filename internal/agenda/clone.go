package agenda

import (
	"maps"
	"slices"
)

// Unshare copies what the Draft, whose lists are its own, may have in common with others, so that all of it can be changed.
func (d *Draft) Unshare() {
	for i := range d.Rooms {
		r := &d.Rooms[i]
		r.Name, r.Description, r.Walks, r.Turnaround = maps.Clone(r.Name), maps.Clone(r.Description), slices.Clone(r.Walks), cloned(r.Turnaround)
	}
	for i := range d.Tracks {
		t := &d.Tracks[i]
		t.Name, t.Description = maps.Clone(t.Name), maps.Clone(t.Description)
	}
	for i := range d.People {
		p := &d.People[i]
		p.Honorific, p.JobTitle, p.Organization, p.Bio = maps.Clone(p.Honorific), maps.Clone(p.JobTitle), maps.Clone(p.Organization), maps.Clone(p.Bio)
		p.Languages, p.Interprets = slices.Clone(p.Languages), slices.Clone(p.Interprets)
	}
	for i := range d.Panels {
		d.Panels[i] = d.Panels[i].clone()
	}
}

func (p Panel) clone() Panel {
	p.Title, p.Abstract, p.CancelNote = maps.Clone(p.Title), maps.Clone(p.Abstract), maps.Clone(p.CancelNote)
	p.Slot, p.Interpretation, p.Speakers, p.Materials = cloned(p.Slot), slices.Clone(p.Interpretation), slices.Clone(p.Speakers), slices.Clone(p.Materials)
	p.Interventions = slices.Clone(p.Interventions)
	for i := range p.Interventions {
		v := &p.Interventions[i]
		v.Title, v.Abstract, v.Offset, v.Speakers = maps.Clone(v.Title), maps.Clone(v.Abstract), cloned(v.Offset), slices.Clone(v.Speakers)
	}
	return p
}

// copied gives Panels that can be changed, but for what is in them, as those of a Snapshot can't.
func copied(panels []*Panel) []*Panel {
	panels = slices.Clone(panels)
	for i, p := range panels {
		panels[i] = cloned(p)
	}
	return panels
}

func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	other := *p
	return &other
}
