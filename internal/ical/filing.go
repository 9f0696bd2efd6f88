package ical

import (
	"slices"
	"sync"

	"plenary/internal/agenda"
)

// filing has the Panels of each scope but those of single Panels. It is made when several are asked for: a Release changes a few
// scopes, and most of them nobody asks for before the next one.
type filing struct {
	mu     sync.Mutex
	found  map[agenda.FeedScope][]*agenda.Panel                   // one by one
	scopes map[agenda.FeedScopeKind]map[agenda.ID][]*agenda.Panel // all; nil: not filed
}

// fewScopes are so many that looking through all Panels for each is less work than filing them.
const fewScopes = 8

func (p *Press) files() map[agenda.FeedScopeKind]map[agenda.ID][]*agenda.Panel {
	f := p.filed
	f.mu.Lock()
	defer f.mu.Unlock()
	return p.fileAll()
}

// fileAll is for who holds the lock.
func (p *Press) fileAll() map[agenda.FeedScopeKind]map[agenda.ID][]*agenda.Panel {
	f := p.filed
	if f.scopes != nil {
		return f.scopes
	}
	f.scopes, f.found = map[agenda.FeedScopeKind]map[agenda.ID][]*agenda.Panel{agenda.FeedOfTrack: {}, agenda.FeedOfRoom: {}, agenda.FeedOfSpeaker: {}}, nil
	for _, panel := range p.panels {
		eachScope(panel, p.halls, func(kind agenda.FeedScopeKind, id agenda.ID) {
			of := f.scopes[kind]
			if list := of[id]; len(list) == 0 || list[len(list)-1] != panel {
				of[id] = append(list, panel)
			}
		})
	}
	return f.scopes
}

// filedUnder gives the Panels of a Track, a Room or a Speaker.
func (p *Press) filedUnder(scope agenda.FeedScope) []*agenda.Panel {
	f := p.filed
	f.mu.Lock()
	defer f.mu.Unlock()
	if panels, ok := f.found[scope]; ok {
		return panels
	}
	if f.scopes != nil || len(f.found) == fewScopes {
		return p.fileAll()[scope.Kind][scope.ID]
	}
	panels := p.those(scope)
	if f.found == nil {
		f.found = map[agenda.FeedScope][]*agenda.Panel{}
	}
	f.found[scope] = panels
	return panels
}

// isIn says whether [eachScope] tells that scope of the Panel.
func (p *Press) isIn(panel *agenda.Panel, scope agenda.FeedScope) bool {
	speaks := func(s agenda.Speaker) bool { return s.PersonID == scope.ID }
	switch {
	case scope.ID == "":
		return false
	case scope.Kind == agenda.FeedOfTrack:
		return panel.TrackID == scope.ID
	case scope.Kind == agenda.FeedOfRoom:
		return panel.Slot.RoomID == scope.ID || panel.AllRooms && slices.Contains(p.halls, scope.ID)
	}
	return slices.ContainsFunc(panel.Speakers, speaks) ||
		slices.ContainsFunc(panel.Interventions, func(v agenda.Intervention) bool { return slices.ContainsFunc(v.Speakers, speaks) })
}

// Tells says whether a Panel of the Snapshot is in the scope, which is none of FeedOfStars.
func (p *Press) Tells(scope agenda.FeedScope, panel *agenda.Panel) bool {
	switch {
	case panel.Slot == nil:
		return false
	case scope.Kind == agenda.FeedOfEvent:
		return true
	case scope.Kind == agenda.FeedOfPanel:
		return panel.ID == scope.ID
	}
	return p.isIn(panel, scope)
}

// of gives the Panels of a scope, but for one of FeedOfStars.
func (p *Press) of(scope agenda.FeedScope) []*agenda.Panel {
	switch scope.Kind {
	case agenda.FeedOfEvent:
		return p.panels
	case agenda.FeedOfPanel:
		return p.those(scope)
	}
	return p.filedUnder(scope)
}

func (p *Press) those(scope agenda.FeedScope) (panels []*agenda.Panel) {
	for _, panel := range p.panels {
		if p.Tells(scope, panel) {
			panels = append(panels, panel)
		}
	}
	return panels
}
