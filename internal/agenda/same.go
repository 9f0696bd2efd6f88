package agenda

import "slices"

// Same says whether both Panels are equal in every field. It is for leaving out work on what is as it was.
func (p *Panel) Same(q *Panel) bool {
	return p == q || p.ID == q.ID && p.Revision == q.Revision && p.Updated.Equal(q.Updated) && p.Created.Equal(q.Created) &&
		p.EventID == q.EventID && p.UID == q.UID && p.Code == q.Code && p.Serial == q.Serial && p.Number == q.Number &&
		p.Format == q.Format && p.TrackID == q.TrackID && p.AllRooms == q.AllRooms && p.Language == q.Language &&
		p.StreamURL == q.StreamURL && p.Audience == q.Audience && p.Cancelled == q.Cancelled && p.ReplacedBy == q.ReplacedBy &&
		p.Notes == q.Notes && sameSlot(p.Slot, q.Slot) && slices.Equal(p.Interpretation, q.Interpretation) &&
		slices.Equal(p.Speakers, q.Speakers) && p.Title.Equal(q.Title) && p.Abstract.Equal(q.Abstract) && p.CancelNote.Equal(q.CancelNote) &&
		slices.EqualFunc(p.Interventions, q.Interventions, sameIntervention) && slices.EqualFunc(p.Materials, q.Materials, sameMaterial)
}

func sameSlot(s, t *Slot) bool {
	if s == nil || t == nil {
		return s == t
	}
	return s == t || s.RoomID == t.RoomID && sameMoment(s.Start, t.Start) && sameMoment(s.End, t.End)
}

func sameMoment(m, n Moment) bool { return m.Wall == n.Wall && m.Fold == n.Fold && m.At.Equal(n.At) }

func sameIntervention(v, w Intervention) bool {
	return v.ID == w.ID && v.Minutes == w.Minutes && sameNumber(v.Offset, w.Offset) && v.Title.Equal(w.Title) &&
		v.Abstract.Equal(w.Abstract) && slices.Equal(v.Speakers, w.Speakers)
}

func sameMaterial(m, n Material) bool {
	return m.ID == n.ID && m.File == n.File && m.Title == n.Title && m.FileName == n.FileName && m.MediaType == n.MediaType &&
		m.Size == n.Size && m.Public == n.Public && m.Created.Equal(n.Created)
}

func sameNumber(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// Share makes what is the same in both Snapshots be there once in memory.
func (s *Snapshot) Share(with *Snapshot) {
	if with == nil {
		return
	}
	share(s.Panels, with.Panels, func(i int, p *Panel) { s.Panels[i] = p })
	share(Pointers(s.Removed), Pointers(with.Removed), func(i int, p *Panel) { s.Removed[i] = *p })
	if s.at != nil {
		s.Index()
	}
}

// share tells which Panels are the same in two lists: the place in the first one, and the Panel of the other.
func share(panels, with []*Panel, tell func(int, *Panel)) {
	was := make(map[ID]*Panel, len(with))
	for _, p := range with {
		was[p.ID] = p
	}
	for i, q := range panels {
		if p := was[q.ID]; p != nil && p.Same(q) {
			tell(i, p)
		}
	}
}

// Same says whether both Rooms are equal in every field.
func (r *Room) Same(s *Room) bool {
	return r.ID == s.ID && r.Revision == s.Revision && r.Updated.Equal(s.Updated) && r.Created.Equal(s.Created) && r.EventID == s.EventID &&
		r.Serial == s.Serial && r.Kind == s.Kind && r.Capacity == s.Capacity && r.Position == s.Position && r.Parallel == s.Parallel &&
		slices.Equal(r.Walks, s.Walks) && sameNumber(r.Turnaround, s.Turnaround) && r.Name.Equal(s.Name) && r.Description.Equal(s.Description)
}

// Same says whether both Tracks are equal in every field.
func (t *Track) Same(u *Track) bool {
	return t.ID == u.ID && t.Revision == u.Revision && t.Updated.Equal(u.Updated) && t.Created.Equal(u.Created) && t.EventID == u.EventID &&
		t.Serial == u.Serial && t.Color == u.Color && t.Position == u.Position && t.Name.Equal(u.Name) && t.Description.Equal(u.Description)
}

// Same says whether both Persons are equal in every field.
func (p *Person) Same(q *Person) bool {
	return p.ID == q.ID && p.Revision == q.Revision && p.Updated.Equal(q.Updated) && p.Created.Equal(q.Created) && p.Erased.Equal(q.Erased) &&
		p.Serial == q.Serial && p.Name == q.Name && p.Country == q.Country && p.PhotoURL == q.PhotoURL && p.Photo == q.Photo &&
		p.Email == q.Email && p.Notes == q.Notes && p.Buffer == q.Buffer && slices.Equal(p.Languages, q.Languages) &&
		slices.Equal(p.Interprets, q.Interprets) && p.Honorific.Equal(q.Honorific) && p.JobTitle.Equal(q.JobTitle) &&
		p.Organization.Equal(q.Organization) && p.Bio.Equal(q.Bio)
}

// Same says whether both Events are equal in every field.
func (e *Event) Same(f *Event) bool {
	return e.ID == f.ID && e.Revision == f.Revision && e.Updated.Equal(f.Updated) && e.Created.Equal(f.Created) && e.Slug == f.Slug &&
		e.Zone == f.Zone && e.StartDate == f.StartDate && e.EndDate == f.EndDate && e.Website == f.Website && e.Accent == f.Accent &&
		e.BufferMinutes == f.BufferMinutes && e.Frame == f.Frame && slices.Equal(e.Languages, f.Languages) && e.Name.Equal(f.Name) &&
		e.Description.Equal(f.Description) && e.Venue.same(f.Venue)
}

func (v Venue) same(w Venue) bool {
	if v.Place == nil || w.Place == nil {
		if v.Place != w.Place {
			return false
		}
	} else if *v.Place != *w.Place {
		return false
	}
	return v.Country == w.Country && v.Name.Equal(w.Name) && v.Address.Equal(w.Address)
}
