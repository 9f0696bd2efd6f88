package exchange

import (
	"cmp"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// people gives a row for each Person, by name, with what they are counted on for.
func (c *clerk) people() sheet {
	s := sheet{name: "People", columns: []column{{"id", 12}, {"name", 30}, {"honorific", 10}, {"job_title", 30}, {"organization", 30},
		{"country", 8}, {"email", 30}, {"languages", 12}, {"bio", 40}, {"photo_url", 30}, {"panels", 20}, {"roles", 20}, {"meetings", 9}}}
	codes, roles, meetings := map[agenda.ID][]string{}, map[agenda.ID]map[agenda.Role]bool{}, map[agenda.ID]int{}
	for _, p := range c.inOrder() {
		for _, speaker := range p.AllSpeakers() {
			id := speaker.PersonID
			if !speaker.Comes() {
				continue
			}
			if !slices.Contains(codes[id], p.Code) {
				codes[id] = append(codes[id], p.Code)
			}
			if roles[id] == nil {
				roles[id] = map[agenda.Role]bool{}
			}
			roles[id][speaker.Role] = true
		}
	}
	for _, m := range c.Meetings {
		for _, side := range m.Sides {
			for _, d := range side.Delegates {
				if m.Stands() {
					meetings[d.PersonID]++
				}
			}
		}
	}
	for _, p := range slices.SortedFunc(slices.Values(c.Draft.People), func(a, b agenda.Person) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	}) {
		var parts []string
		for _, role := range agenda.Roles {
			if roles[p.ID][role] {
				parts = append(parts, string(role))
			}
		}
		var met any = meetings[p.ID]
		if c.WithoutMeetings {
			met = nil
		}
		s.rows = append(s.rows, []any{string(p.ID), p.Name, c.String(p.Honorific), c.String(p.JobTitle), c.String(p.Organization), p.Country, p.Email,
			strings.Join(p.Languages, "; "), c.String(p.Bio), p.Portrait(c.site), strings.Join(codes[p.ID], "; "), strings.Join(parts, "; "), met})
	}
	return s
}

// meetings gives a row for each Meeting, by start; those without a time come last.
func (c *clerk) meetings() sheet {
	s := sheet{name: "Meetings", columns: []column{{"id", 12}, {"status", 12}, {"topic", 40}, {"day", 11}, {"start", 8}, {"end", 8}, {"minutes", 8},
		{"zone", 18}, {"room", 20}, {"side_1", 30}, {"delegates_1", 40}, {"side_2", 30}, {"delegates_2", 40}, {"visibility", 12}}}
	for _, m := range slices.SortedFunc(slices.Values(c.Meetings), byStart) {
		row := []any{string(m.ID), string(m.Status), c.String(m.Topic)}
		room := ""
		if m.Slot == nil {
			row = append(row, "", "", "", nil)
		} else {
			row, room = append(row, c.when(m.Slot)...), c.rooms[m.Slot.RoomID]
		}
		row = append(row, c.Draft.Event.Zone, room)
		for _, side := range m.Sides {
			row = append(row, c.String(side.Name), c.delegates(side))
		}
		s.rows = append(s.rows, append(row, string(m.Visibility)))
	}
	return s
}

func byStart(a, b agenda.Meeting) int {
	switch {
	case a.Slot != nil && b.Slot != nil:
		return cmp.Or(a.Slot.Start.At.Compare(b.Slot.Start.At), cmp.Compare(a.ID, b.ID))
	case a.Slot != nil:
		return -1
	case b.Slot != nil:
		return 1
	}
	return cmp.Compare(a.ID, b.ID)
}

// delegates gives the cell of a side: "Lan Anh (principal); Zoé (interpreter)".
func (c *clerk) delegates(side agenda.Delegation) string {
	var names []string
	for _, d := range side.Delegates {
		if name := c.names[d.PersonID]; name != "" {
			names = append(names, name+" ("+strings.ReplaceAll(string(d.Role), "_", " ")+")")
		}
	}
	return strings.Join(names, "; ")
}
