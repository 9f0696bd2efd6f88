package app

import (
	"context"
	"fmt"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// PersonLinks is a Person with the state of their personal links.
type PersonLinks struct {
	Person    agenda.Person
	Speaks    bool                  // has a part in a Panel that they have not declined and that was not cancelled
	Links     []agenda.PersonalLink // oldest first, without what opens them
	Confirmed bool                  // somebody who came by one of them has typed the code, and may still be there
}

// Works gives those links that open something now.
func (p PersonLinks) Works(a *App) []agenda.PersonalLink {
	return slices.DeleteFunc(slices.Clone(p.Links), func(l agenda.PersonalLink) bool { return !l.Works(a.now()) })
}

// PersonalLinksByPerson gives every Person of the Event with their personal links, by name.
func (a *App) PersonalLinksByPerson(ctx context.Context, actor agenda.Actor, slug string) (list []PersonLinks, err error) {
	err = a.view(ctx, actor, agenda.EditEvent, slug, func(tx *store.Tx, e agenda.Event) error {
		list, err = a.linksByPerson(tx, e)
		return err
	})
	return list, err
}

func (a *App) linksByPerson(tx *store.Tx, e agenda.Event) ([]PersonLinks, error) {
	people, err := tx.AllPeople(e.ID)
	if err != nil {
		return nil, err
	}
	links, err := tx.AllPersonalLinks(e.ID)
	if err != nil {
		return nil, err
	}
	confirmed, err := tx.ConfirmedLinks(e.ID, a.now())
	if err != nil {
		return nil, err
	}
	panels, err := tx.AllPanels(e.ID)
	if err != nil {
		return nil, err
	}
	at, list := map[agenda.ID]int{}, make([]PersonLinks, len(people))
	for i, p := range people {
		at[p.ID], list[i].Person = i, p
	}
	for _, l := range links {
		if i, here := at[l.PersonID]; here {
			list[i].Links, list[i].Confirmed = append(list[i].Links, l), list[i].Confirmed || l.Revoked == nil && confirmed[l.ID]
		}
	}
	for _, p := range panels {
		for _, s := range p.Everybody() {
			if i, here := at[s.PersonID]; here && !p.Cancelled && s.Status != agenda.Declined && s.Status != agenda.CancelledByThem {
				list[i].Speaks = true
			}
		}
	}
	return list, nil
}

// MaxLinksAtOnce is how many personal links are made at once: each has a code that takes long to hash.
const MaxLinksAtOnce = 50

// PersonLink is a new personal link and whose it is.
type PersonLink struct {
	Person agenda.Person
	NewLink
}

// MakeMissingLinks makes a personal link for each Speaker who has none that works, [MaxLinksAtOnce] at most; left is for how
// many more there is none. What opens them is told now and never again.
func (a *App) MakeMissingLinks(ctx context.Context, actor agenda.Actor, slug string) (made []PersonLink, left int, err error) {
	some, err := a.lackingLinks(ctx, actor, slug)
	if err != nil {
		return nil, 0, err
	}
	opens := make([]NewLink, min(len(some), MaxLinksAtOnce))
	for i := range opens {
		opens[i] = a.newLink()
	}
	err = a.change(ctx, actor, slug, func(tx *store.Tx, e agenda.Event) error {
		list, err := a.linksByPerson(tx, e)
		if err != nil {
			return err
		}
		people := lacking(a, list)
		made, left = nil, max(0, len(people)-len(opens))
		for i, p := range people[:min(len(people), len(opens))] {
			n, err := a.insertLink(tx, actor, e, p, LinkRequest{PersonID: p.ID}, opens[i], false)
			if err != nil {
				return err
			}
			if err := a.note(tx, actor, e.ID, "link.make", n.Link.ID, fmt.Sprintf("made a personal link of %s", p.Name), changed(e, nil, n.Link)); err != nil {
				return err
			}
			made = append(made, PersonLink{p, n})
		}
		return nil
	})
	return made, left, err
}

func (a *App) lackingLinks(ctx context.Context, actor agenda.Actor, slug string) ([]agenda.Person, error) {
	list, err := a.PersonalLinksByPerson(ctx, actor, slug)
	return lacking(a, list), err
}

// lacking gives the Speakers who have no personal link that works.
func lacking(a *App, list []PersonLinks) []agenda.Person {
	var people []agenda.Person
	for _, p := range list {
		if p.Speaks && len(p.Works(a)) == 0 {
			people = append(people, p.Person)
		}
	}
	return people
}
