package app

import (
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// fillTalks gives the Panel the talks of the entry as its Interventions. Where these are the same as before, their order is
// the organizers' affair; otherwise what organizers added comes after them. What organizers took out stays out.
func (i *importing) fillTalks(p *agenda.Panel, item source.Item, s *saying, there bool) {
	var order []string
	for _, t := range item.Talks {
		order = append(order, t.Key)
	}
	reordered := s.news("talks", order)
	if len(item.Talks) == 0 && (!there || !reordered) {
		return
	}
	before := map[agenda.ID]agenda.Intervention{}
	for _, v := range p.Interventions {
		before[v.ID] = v
	}
	var list []agenda.Intervention
	filled := map[agenda.ID]agenda.Intervention{}
	for _, t := range item.Talks {
		id := i.origins.find(agenda.InterventionOrigin, t.Key)
		v, here := before[id]
		out := !here && there && i.takenOut(t.Key)
		switch {
		case out:
			v.ID = id
		case !here:
			v.ID = i.identity(t.GUID)
			i.origins.forget(agenda.InterventionOrigin, t.Key)
		}
		if i.fillTalk(&v, item, t); !out {
			list, filled[v.ID] = append(list, v), v
		}
	}
	var rest []agenda.Intervention
	for _, v := range p.Interventions {
		w, named := filled[v.ID]
		name, theirs := i.origins.names[thing{agenda.InterventionOrigin, v.ID}]
		switch {
		case named && !reordered:
			rest = append(rest, w)
			delete(filled, v.ID)
		case !named && !theirs:
			rest = append(rest, v)
		case !named && i.origins.known[name] != nil:
			i.origins.known[name].Gone = true
		}
	}
	if reordered {
		p.Interventions = append(list, rest...)
		return
	}
	list = slices.DeleteFunc(list, func(v agenda.Intervention) bool { return filled[v.ID].ID == "" })
	p.Interventions = append(rest, list...)
}

// takenOut says whether organizers took out a talk of the source: it is in no Panel, and no file was without it.
func (i *importing) takenOut(key string) bool {
	origin := i.origins.known[i.origins.at(agenda.InterventionOrigin, key)]
	return origin != nil && !origin.Gone && !i.talks[origin.ID]
}

func (i *importing) fillTalk(v *agenda.Intervention, item, t source.Item) {
	s := i.origins.seeSame(agenda.InterventionOrigin, t.Key, v.ID)
	v.Title = s.text("title", v.Title, i.tagged(i.fit(t.Line, "title", unbroken(t.Title), agenda.MaxName)))
	v.Abstract = s.text("abstract", v.Abstract, i.tagged(i.fit(t.Line, "abstract of "+named(textOf(t.Title)), t.Abstract, agenda.MaxProse)))
	v.Speakers = i.cast(v.Speakers, t, s)
	offset, minutes := i.talkTime(item, t)
	if s.news("offset", offset) {
		v.Offset = offset
	}
	if s.news("minutes", minutes) {
		v.Minutes = minutes
	}
}

// talkTime gives when a talk begins, in minutes after its entry does, and how long it takes; nil and 0 where that is not
// known. It is the same wherever organizers moved the Panel.
func (i *importing) talkTime(item, t source.Item) (*int, int) {
	start, begins := i.quietMoment(t.Start)
	end, ends := i.quietMoment(t.End)
	minutes := 0
	if begins && ends && end.At.After(start.At) {
		minutes = int(end.At.Sub(start.At) / time.Minute)
	}
	if minutes > agenda.MaxPanelMinutes {
		minutes = 0
	}
	whole, known := i.quietMoment(item.Start)
	if !begins || !known {
		return nil, minutes
	}
	offset := int(start.At.Sub(whole.At) / time.Minute)
	if offset < 0 || offset > agenda.MaxPanelMinutes {
		return nil, minutes
	}
	return &offset, minutes
}

func sameIntervention(v, w agenda.Intervention) bool {
	sameOffset := (v.Offset == nil) == (w.Offset == nil) && (v.Offset == nil || *v.Offset == *w.Offset)
	return v.ID == w.ID && sameOffset && v.Minutes == w.Minutes && v.Title.Equal(w.Title) && v.Abstract.Equal(w.Abstract) && slices.Equal(v.Speakers, w.Speakers)
}
