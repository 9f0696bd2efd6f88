package app

import (
	"maps"

	"plenary/internal/agenda"
	"plenary/internal/source"
)

// knownPanel is the Panel that an entry is, and what its source called it before.
type knownPanel struct {
	id  agenda.ID
	was originName
}

// recognize finds which entries are Panels that are here, by Key. A Panel is one entry: who has its key comes first, then
// who took its place, then who has its identity.
func (i *importing) recognize() map[string]knownPanel {
	list := map[string]knownPanel{}
	claim := func(item source.Item, id agenda.ID, was originName) {
		if _, there := i.panels[id]; there && !i.claimed[id] {
			i.claimed[id], list[item.Key] = true, knownPanel{id, was}
		}
	}
	present := map[originName]bool{}
	for _, item := range i.programme.Items {
		name := i.origins.at(agenda.PanelOrigin, item.Key)
		present[name] = true
		claim(item, i.origins.find(agenda.PanelOrigin, item.Key), name)
	}
	renamed := i.renamed(present)
	for _, item := range i.programme.Items {
		if was, ok := renamed[item.Key]; ok {
			claim(item, i.origins.known[was].ID, was)
		}
	}
	uids := map[string]agenda.ID{}
	for id, p := range i.panels {
		uids[p.UID] = id
	}
	adopt := func(item source.Item, id agenda.ID) {
		if _, known := list[item.Key]; known || id == "" {
			return
		}
		was, ok := i.origins.names[thing{agenda.PanelOrigin, id}]
		if !ok || present[was] {
			was = i.origins.at(agenda.PanelOrigin, item.Key)
		}
		claim(item, id, was)
	}
	for _, item := range i.programme.Items {
		adopt(item, agenda.ID(item.GUID))
	}
	for _, item := range i.programme.Items {
		if item.UID != "" {
			adopt(item, uids[item.UID])
		}
	}
	return list
}

// renamed finds for entries that are new, and have no identity in their source, what they were called before: the entry
// that is gone and was at the same time in the same Room there.
func (i *importing) renamed(present map[originName]bool) map[string]originName {
	type place struct{ start, room string }
	in := map[place][]originName{}
	for _, origin := range i.origins.unseen(agenda.PanelOrigin) {
		name := originName{origin.Kind, origin.Key}
		at := place{origin.Said["start"], origin.Said["room"]}
		if _, there := i.panels[origin.ID]; there && !present[name] && !origin.Gone && at.start != "" {
			in[at] = append(in[at], name)
		}
	}
	was := map[string]originName{}
	for _, item := range i.programme.Items {
		if !item.Derived || item.Start.IsZero() || i.origins.find(agenda.PanelOrigin, item.Key) != "" {
			continue
		}
		at := place{hashOf(i.told(item.Start)), hashOf(item.Room)}
		if names := in[at]; len(names) > 0 {
			was[item.Key], in[at] = names[0], names[1:]
		}
	}
	return was
}

// thingOf is a Room, a Track or a Person of a file, as far as it is known again.
type thingOf struct{ key, guid string }

// recognize ties keys to what they meant before, and then to what has the identity that the source tells. That comes
// before all names: who and what is known is nobody else's namesake.
func (n *names) recognize(o *origins, kind agenda.OriginKind, here map[agenda.ID]bool, list []thingOf) {
	claim := func(key string, id agenda.ID) {
		if n.byKey[key] == "" && here[id] && !n.claimed[id] {
			n.claim(key, id)
		}
	}
	for _, t := range list {
		claim(t.key, o.find(kind, t.key))
	}
	for _, t := range list {
		claim(t.key, agenda.ID(t.guid))
	}
}

// called gives a thing of the Event of that name that no key of the source means.
func (n *names) called(t source.Text) agenda.ID {
	for _, tag := range sortedKeys(t) {
		name := oneSpace(t[tag])
		for len(n.byName[name]) > 0 {
			id := n.byName[name][0]
			if !n.claimed[id] {
				return id
			}
			n.byName[name] = n.byName[name][1:] // nobody gives a claim back
		}
	}
	return ""
}

// here gives the keys of what is there.
func here[T any](things map[agenda.ID]T) map[agenda.ID]bool {
	list := make(map[agenda.ID]bool, len(things))
	for id := range maps.Keys(things) {
		list[id] = true
	}
	return list
}
