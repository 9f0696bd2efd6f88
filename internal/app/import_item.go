package app

import (
	"regexp"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// takeItems takes the entries of the file.
func (i *importing) takeItems() error {
	i.checkSpans()
	known := i.recognize()
	total := int64(len(i.programme.Items))
	for n, item := range i.programme.Items {
		if i.options.Progress != nil {
			i.options.Progress(int64(n), total)
		}
		if err := i.takeItem(item, known[item.Key]); err != nil {
			return err
		}
		i.done.Talks += len(item.Talks)
	}
	i.done.Items = len(i.programme.Items)
	i.warnOffsets()
	return nil
}

// checkSpans looks at the entries that are said to span all rooms: one that has others beside it does not. What takes all
// Rooms takes them from everything.
func (i *importing) checkSpans() {
	type span struct{ start, end int64 }
	var others []span
	first, count := 0, 0
	for _, item := range i.programme.Items {
		if start, ok := i.quietMoment(item.Start); ok && !item.AllRooms && item.Room != "" {
			end, _ := i.quietMoment(item.End)
			others = append(others, span{start.At.Unix(), end.At.Unix()})
		}
	}
	for n := range i.programme.Items {
		item := &i.programme.Items[n]
		start, starts := i.quietMoment(item.Start)
		end, ends := i.quietMoment(item.End)
		if !item.AllRooms || !starts || !ends || !slices.ContainsFunc(others, func(s span) bool { return s.start < end.At.Unix() && start.At.Unix() < s.end }) {
			continue
		}
		item.AllRooms = false
		if count++; count == 1 {
			first = item.Line
		}
	}
	switch {
	case count == 1:
		i.warn(first, source.NoPlace, "An entry is said to span all rooms, but others take place meanwhile: it takes the room that it names.")
	case count > 1:
		i.warn(first, source.NoPlace, "%d entries are said to span all rooms, but others take place meanwhile: they take the rooms that they name.", count)
	}
}

// takeItem adds an entry to the Event, or changes the Panel that it became before.
func (i *importing) takeItem(item source.Item, known knownPanel) error {
	old, there := i.panels[known.id]
	p := old
	if !there {
		i.origins.forget(agenda.PanelOrigin, item.Key)
		known.was = i.origins.at(agenda.PanelOrigin, item.Key)
		p = agenda.Panel{ID: i.identity(item.GUID), EventID: i.event.ID, Format: agenda.FormatTalk}
		i.claimSerial(agenda.PanelSerial, p.ID, item.Serial)
		i.claimUID(&p, item)
	}
	s := i.origins.see(agenda.PanelOrigin, item.Key, p.ID, known.was)
	i.fill(&p, item, s, there)
	i.claimCode(&p, item, there)
	p.Clean()
	if err := p.Check(); err != nil {
		return recordError(item.Line, "entry", p.Title, err)
	}
	switch {
	case !there:
		p.Revision, p.Created, p.Updated = 1, i.a.moment(), i.a.moment()
		i.inserted = append(i.inserted, p)
	case !samePanel(old, p):
		p.Revision, p.Updated = old.Revision+1, i.a.moment()
		i.updated = append(i.updated, p)
	default:
		i.done.Unchanged++
	}
	return nil
}

// claimUID gives a new Panel the UID of its entry in the calendars of the source, if that is free.
func (i *importing) claimUID(p *agenda.Panel, item source.Item) {
	p.UID = string(i.a.newID()) + "@plenary"
	if item.UID == "" {
		return
	}
	if i.uids[item.UID] {
		i.warn(item.Line, source.DuplicateID, "The UID of %s is that of something else: it got another.", named(textOf(item.Title)))
		return
	}
	p.UID, i.uids[item.UID] = item.UID, true
}

var codePattern = regexp.MustCompile(`^[A-Z0-9]{3,12}$`)

// claimCode gives a Panel without a code the one that it has in the source, or one that is free.
func (i *importing) claimCode(p *agenda.Panel, item source.Item, there bool) {
	if there {
		return
	}
	for p.Code = item.Code; !codePattern.MatchString(p.Code) || i.codes[p.Code]; {
		p.Code = i.a.code()
	}
	i.codes[p.Code] = true
}

// fill gives the Panel what is new of what the entry says.
func (i *importing) fill(p *agenda.Panel, item source.Item, s *saying, there bool) {
	p.Title = s.text("title", p.Title, i.tagged(i.fit(item.Line, "title", unbroken(item.Title), agenda.MaxName)))
	p.Abstract = s.text("abstract", p.Abstract, i.tagged(i.fit(item.Line, "abstract of "+named(textOf(item.Title)), item.Abstract, agenda.MaxProse)))
	if s.news("format", item.Format) && item.Format != "" {
		p.Format = item.Format
	}
	if s.news("language", item.Language) && (item.Language != "" || s.before != nil) && (item.Language == "" || agenda.CheckLanguage(item.Language) == nil) {
		p.Language = item.Language
	}
	if s.news("interpretation", item.Interpretation) && (len(item.Interpretation) > 0 || s.before != nil) {
		p.Interpretation = item.Interpretation
	}
	if s.news("stream_url", item.StreamURL) && (webAddress(item.StreamURL) || item.StreamURL == "" && s.before != nil) {
		p.StreamURL = item.StreamURL
	}
	if s.news("track", item.Track) && (item.Track != "" || s.before != nil) {
		p.TrackID = i.tracks.byKey[item.Track]
	}
	i.fillStanding(p, item, s)
	i.fillSlot(p, item, s)
	p.Speakers = i.cast(p.Speakers, item, s)
	i.fillTalks(p, item, s, there)
}

// fillStanding cancels or restores the Panel. What was cancelled because its source had it no longer takes place again when
// it is back: see [importing.cancelMissing].
func (i *importing) fillStanding(p *agenda.Panel, item source.Item, s *saying) {
	news := s.news("cancelled", item.Standing && item.Cancelled)
	switch {
	case news && (item.Standing || s.wasGone):
		p.Cancelled = item.Standing && item.Cancelled
	case p.Cancelled && !(item.Standing && item.Cancelled):
		i.warn(item.Line, source.StaysCancelled, "%s was cancelled here, and the file does not say otherwise: it stays cancelled.", named(textOf(item.Title)))
	}
}

// fillSlot gives the Panel the time and the Room of the entry: each of them as far as it is news. A source that brings a
// scheduled Panel for the first time and tells neither leaves them.
func (i *importing) fillSlot(p *agenda.Panel, item source.Item, s *saying) {
	starts, ends := s.news("start", i.told(item.Start)), s.news("end", i.told(item.End)) // all are asked about, whatever the answer
	places, spans := s.news("room", item.Room), s.news("all_rooms", item.AllRooms)
	times := starts || ends
	if p.Slot != nil && s.before == nil {
		times = !item.Start.IsZero()
		places = item.Room != "" || item.AllRooms
	}
	room := i.rooms.byKey[item.Room]
	if p.Slot != nil && !places {
		room = p.Slot.RoomID
	}
	switch {
	case times:
		p.Slot = i.slot(item, room)
	case places && p.Slot != nil:
		slot := *p.Slot
		slot.RoomID = room
		p.Slot = &slot
	}
	if places || spans && s.before != nil {
		p.AllRooms = item.AllRooms
	}
	title := named(textOf(item.Title))
	if p.Slot != nil && p.Slot.RoomID == "" && !p.AllRooms && places && !i.toldAlready(source.NoPlace, item.Line, title) {
		i.warn(item.Line, source.NoPlace, "%s names no place: it has no room yet.", title)
	}
}

// maxCast is how many people of one entry are taken, which is what one Panel holds.
const maxCast = 500

// cast gives the Speakers of an entry, if that is news. Who has the part already keeps what is known of their coming, and
// whom organizers added stays.
func (i *importing) cast(before []agenda.Speaker, item source.Item, s *saying) []agenda.Speaker {
	for _, said := range item.Speakers {
		s.news(castField(i.people.byKey[said.Person]), said.Role)
	}
	if !s.news("speakers", item.Speakers) {
		return before
	}
	var list []agenda.Speaker
	named := map[agenda.ID]bool{}
	for _, said := range item.Speakers {
		id := i.people.byKey[said.Person]
		if id == "" || len(list) == maxCast {
			continue
		}
		named[id] = true
		part := agenda.Speaker{PersonID: id, Role: said.Role, Status: agenda.Confirmed}
		if said.Status != "" {
			part.Status = said.Status
		}
		same := func(t agenda.Speaker) bool { return t.PersonID == id && t.Role == said.Role }
		if k := slices.IndexFunc(before, same); k >= 0 && said.Status == "" {
			part.Status = before[k].Status
		}
		if !slices.ContainsFunc(list, same) {
			list = append(list, part)
		}
	}
	for _, part := range before {
		if _, theirs := s.before[castField(part.PersonID)]; !named[part.PersonID] && !theirs && len(list) < maxCast {
			list = append(list, part)
		}
	}
	return list
}

// castField is the field of a Person's part in an entry: it tells whom the source takes out from whom organizers added.
func castField(id agenda.ID) string { return "speaker " + string(id) }

// samePanel says whether two states of a Panel are the same in all that a file can change.
func samePanel(p, q agenda.Panel) bool {
	sameSlot := p.Slot == nil && q.Slot == nil || p.Slot != nil && q.Slot != nil && p.Slot.Equal(*q.Slot)
	return sameSlot && p.Title.Equal(q.Title) && p.Abstract.Equal(q.Abstract) && p.TrackID == q.TrackID && p.AllRooms == q.AllRooms &&
		p.Format == q.Format && p.Language == q.Language && p.StreamURL == q.StreamURL && slices.Equal(p.Interpretation, q.Interpretation) && p.Cancelled == q.Cancelled &&
		slices.Equal(p.Speakers, q.Speakers) && slices.EqualFunc(p.Interventions, q.Interventions, sameIntervention)
}
