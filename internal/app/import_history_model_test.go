package app_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// model does to what is wanted what an import of the file has to do.
func (h *history) model() {
	for key, i := range h.file {
		said, known := h.said[key]
		p, here := h.want[i.Code]
		if !here {
			said, known = source.Item{}, false
			delete(h.lost, key)
			maps.DeleteFunc(h.out, func(talk string, _ bool) bool { return strings.HasPrefix(talk, key) })
		}
		p.Title, p.Abstract = theirs(p.Title, said.Title, i.Title), theirs(p.Abstract, said.Abstract, i.Abstract)
		h.modelSlot(&p, said, i, known)
		if said.Track != i.Track {
			p.Track = i.Track
		}
		if said.StreamURL != i.StreamURL {
			p.Stream = i.StreamURL
		}
		switch {
		case h.lost[key]: // leaving it out said that it is cancelled
			p.Cancelled = p.Cancelled && i.Standing && i.Cancelled
		case i.Standing && i.Cancelled != (known && said.Cancelled):
			p.Cancelled = i.Cancelled
		}
		delete(h.lost, key)
		delete(h.gone, key)
		if !cmp.Equal(said.Speakers, i.Speakers) {
			p.Speakers = modelCast(p.Speakers, said.Speakers, i.Speakers)
		}
		p.Talks = h.modelTalks(p.Talks, said.Talks, i.Talks)
		h.want[i.Code] = p
	}
	for key, i := range h.said {
		p, here := h.want[i.Code]
		if _, present := h.file[key]; present || !here || h.gone[key] {
			continue
		}
		if h.gone[key] = true; !p.Cancelled {
			p.Cancelled, h.lost[key] = true, true
			h.want[i.Code] = p
		}
	}
	maps.Copy(h.said, h.file)
}

// theirs gives a text with what the source says otherwise than before.
func theirs(t agenda.Text, said, now source.Text) agenda.Text {
	t = maps.Clone(t)
	for tag, language := range map[string]string{"": "en", "fr": "fr"} {
		switch {
		case said[tag] == now[tag]:
		case now[tag] == "":
			delete(t, language)
		default:
			if t == nil {
				t = agenda.Text{}
			}
			t[language] = now[tag]
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

func (h *history) modelSlot(p *shown, said, i source.Item, known bool) {
	newRoom := said.Room != i.Room || !known
	if said.Start != i.Start || said.End != i.End {
		room := p.Room
		if p.When == "" || newRoom {
			room = i.Room
		}
		if p.When, p.Room = "", ""; !i.Start.IsZero() {
			p.When, p.Room = when(i.Start.At.Format("15:04"), i.End.At.Format("15:04")), room
		}
	} else if newRoom && p.When != "" {
		p.Room = i.Room
	}
}

func modelCast(have []string, said, now []source.Speaker) []string {
	var list []string
	people := map[string]bool{}
	for _, s := range said {
		people[s.Person] = true
	}
	for _, s := range now {
		people[s.Person] = true
		list = append(list, string(s.Role)+" "+s.Person)
	}
	for _, s := range have {
		if _, name, _ := strings.Cut(s, " "); !people[name] {
			list = append(list, s)
		}
	}
	return list
}

// modelTalks knows talks by their titles, which begin with the key; organizers call theirs otherwise.
func (h *history) modelTalks(have []string, said, now []source.Item) []string {
	keys := func(items []source.Item) (keys []string) {
		for _, t := range items {
			keys = append(keys, t.Key)
		}
		return keys
	}
	titles := map[string]string{} // of what there is, by key
	var own []string
	for _, title := range have {
		if key, _, _ := strings.Cut(strings.TrimSuffix(title, " edited"), " again"); strings.HasPrefix(key, "id ") {
			titles[key] = title
		} else {
			own = append(own, title)
		}
	}
	before := map[string]string{}
	for _, t := range said {
		before[t.Key] = t.Title[""]
		h.out[t.Key] = titles[t.Key] == ""
	}
	var list []string
	for _, t := range now {
		last := before[t.Key]
		title, here := titles[t.Key]
		switch {
		case h.out[t.Key] && !here:
			continue
		case last != t.Title[""]:
			title = t.Title[""]
		}
		titles[t.Key] = title
		list = append(list, title)
	}
	if !slices.Equal(keys(said), keys(now)) {
		return append(list, own...)
	}
	list = nil
	for _, title := range have {
		if key, _, _ := strings.Cut(strings.TrimSuffix(title, " edited"), " again"); titles[key] != "" {
			title = titles[key]
		}
		list = append(list, title)
	}
	return list
}

// organize does one thing that organizers do, to the Event and to what is wanted.
func (h *history) organize(slug string) {
	ctx := context.Background()
	d := h.w.draft(h.T, slug)
	p := d.Panels[h.r.IntN(len(d.Panels))]
	edit := func() {
		var slot *app.SlotRequest
		if p.Slot != nil {
			slot = &app.SlotRequest{RoomID: p.Slot.RoomID, Start: string(p.Slot.Start.Wall), End: string(p.Slot.End.Wall)}
		}
		must[app.PanelResult](h.T)(h.w.EditPanel(ctx, operator, slug, app.Match{Any: true}, p, slot))
	}
	switch h.r.IntN(9) {
	case 0:
		p.Title[h.pick("en", "fr")] = fmt.Sprint("Ours ", h.r.IntN(1000))
		edit()
	case 1:
		p.Abstract = agenda.Text{h.pick("en", "fr"): fmt.Sprint("Ours ", h.r.IntN(1000))}
		edit()
	case 2:
		p.Slot = nil
		edit()
	case 3:
		p.Slot = &agenda.Slot{Start: agenda.Moment{Wall: "2026-05-12T17:00"}, End: agenda.Moment{Wall: "2026-05-12T18:00"}}
		for _, r := range d.Rooms {
			p.Slot.RoomID = r.ID
		}
		edit()
	case 4:
		must[app.PanelResult](h.T)(h.w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, p.ID, !p.Cancelled, nil))
	case 5:
		if len(d.People) > 0 {
			person := d.People[h.r.IntN(len(d.People))].ID
			p.Speakers = slices.DeleteFunc(p.Speakers, func(s agenda.Speaker) bool { return s.PersonID == person })
			p.Speakers = append(p.Speakers, agenda.Speaker{PersonID: person, Role: agenda.Moderator, Status: agenda.Invited})
		}
		edit()
	case 6:
		if len(p.Interventions) > 0 {
			n := h.r.IntN(len(p.Interventions))
			if p.Interventions[n].Title["en"] += " edited"; h.r.IntN(2) == 0 {
				p.Interventions = slices.Delete(p.Interventions, n, n+1)
			}
		}
		slices.Reverse(p.Interventions)
		edit()
	case 7:
		p.Interventions = append([]agenda.Intervention{{Title: agenda.Text{"en": fmt.Sprint("Ours ", h.r.IntN(1000))}}}, p.Interventions...)
		p.TrackID, p.StreamURL = "", "https://ours.example/"
		edit()
	case 8:
		if err := h.w.DeletePanel(ctx, operator, slug, app.Match{Any: true}, p.ID); err != nil {
			h.Fatal(err)
		}
	}
	h.want = shownIn(h.w.draft(h.T, slug))
}
