package main

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// ministerIsLate moves the minister's panels by two hours and arranges anew what they collide with, in three ways. It gives the
// panels that have moved.
func (f *forumDay) ministerIsLate() []int {
	f.move(4, dayAt{hall: 3, minutes: 270})
	f.move(0, dayAt{hall: 3, minutes: 180})
	f.join(1, stepsIn) // early, where there is time now
	how := map[string]int{}
	for round := 0; ; round++ {
		var open struct {
			Items []struct {
				Message string                      `json:"message"`
				Items   []struct{ Kind, ID string } `json:"items"`
			} `json:"items"`
		}
		f.do(http.MethodGet, "/forum/conflicts?severity=error", 0, nil, &open)
		if len(open.Items) == 0 {
			break
		}
		n := slices.IndexFunc(open.Items[0].Items, func(i struct{ Kind, ID string }) bool { return i.Kind == "meeting" })
		if n < 0 || round > 40 {
			f.Fatalf("nothing can be done about it: %+v", open.Items[0])
		}
		how[f.rearrange(how, open.Items[0].Items[n].ID)]++
	}
	f.Logf("meetings that were arranged anew: %v", how)
	if len(how) < 3 {
		f.Errorf("not all ways were gone: the script is poor")
	}
	return []int{0, 4}
}

// What is done about a meeting.
const standsIn, wasMoved, anew = "a deputy stands in", "moved", "cancelled and agreed on anew"

// rearrange does something about a meeting that can't be as it is, and says what.
func (f *forumDay) rearrange(done map[string]int, id string) string {
	var m, again dayMeeting
	f.do(http.MethodGet, "/forum/meetings/"+id, 0, nil, &m)
	var found struct {
		Items []struct {
			Slot daySlot `json:"slot"`
		} `json:"items"`
	}
	f.do(http.MethodGet, "/forum/meetings/slots?"+url.Values{"meeting": {id}, "from": {f.day}, "to": {f.day}, "kind": {"table"}}.Encode(), 0, nil, &found)
	if deputy := f.deputyFor(m); deputy != "" && done[standsIn] == 0 {
		f.do(http.MethodPost, "/forum/meetings/"+id+"/delegates/"+f.people[minister]+"/replacement", m.Revision, map[string]string{"person": deputy}, &again)
		return standsIn
	}
	if len(found.Items) > 0 && done[wasMoved] <= done[anew] {
		m.Times, m.Slot = nil, &found.Items[0].Slot
		f.do(http.MethodPut, "/forum/meetings/"+id, m.Revision, m, &again)
		return wasMoved
	}
	f.do(http.MethodPost, "/forum/meetings/"+id+"/cancel", m.Revision, map[string]string{"note": "Bộ trưởng đến muộn hai giờ"}, &again)
	if len(found.Items) == 0 {
		return "cancelled"
	}
	offer := found.Items[len(found.Items)-1].Slot
	f.do(http.MethodPost, "/forum/meetings/requests", 0, map[string]any{"sides": m.Sides, "topic": m.Topic, "visibility": m.Visibility, "quorum": m.Quorum,
		"times": []daySlot{{Start: offer.Start, End: offer.End}}}, &again)
	f.do(http.MethodPost, "/forum/meetings/"+again.ID+"/accept", again.Revision, map[string]int{"time": 0}, &again)
	return anew
}

// deputyFor gives somebody who is free to stand in for the minister, "" for nobody.
func (f *forumDay) deputyFor(m dayMeeting) string {
	taken := f.commitments()
	part := map[string]bool{}
	for _, side := range m.Sides {
		for _, d := range side.Delegates {
			part[d.Person] = true
		}
	}
	if !part[f.people[minister]] {
		return ""
	}
	for _, id := range slices.Sorted(maps.Keys(f.names)) {
		n := f.number[id]
		if part[id] || n < firstDeputy || n >= friend {
			continue
		}
		if !slices.ContainsFunc(taken["person "+id], func(c commitment) bool { return c.overlaps(m.Slot.span(f)) }) {
			return id
		}
	}
	return ""
}
