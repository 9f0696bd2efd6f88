package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// WantLetters says that the reader of a letter wants none of its topic any more, or wants them again. What waits of it does not go.
func (a *App) WantLetters(ctx context.Context, secret, address string, want bool) error {
	return a.changeLetter(ctx, secret, address, func(tx *store.Tx, e agenda.Event, m agenda.Mail, actor agenda.Actor) error {
		topic := m.Topic()
		if topic == "" {
			return agenda.Errorf(agenda.Taken, "Letters of this kind go to everybody whom they concern.")
		}
		return a.wantLetters(tx, actor, e, m.PersonID, topic, want)
	})
}

// WantOwnLetters is [App.WantLetters] of who has a personal link.
func (a *App) WantOwnLetters(ctx context.Context, actor agenda.Actor, topic agenda.LetterTopic, want bool) error {
	return a.changeOwn(ctx, actor, func(tx *store.Tx, e agenda.Event, p agenda.Person) error {
		if !slices.Contains(agenda.LetterTopics, topic) {
			return agenda.Errorf(agenda.Invalid, "There are no letters of that kind.")
		}
		return a.wantLetters(tx, actor, e, p.ID, topic, want)
	})
}

func (a *App) wantLetters(tx *store.Tx, actor agenda.Actor, e agenda.Event, person agenda.ID, topic agenda.LetterTopic, want bool) error {
	topics, err := tx.UnsubscribedBy(e.ID, person)
	if err != nil || slices.Contains(topics, topic) != want {
		return err // it is as they want it
	}
	verb, summary, was := "person.unsubscribe", "wants no more letters of a kind", quoted("wanted")
	is := quoted("unwanted")
	if want {
		verb, summary, was, is = "person.subscribe", "wants letters of a kind again", is, was
		err = tx.Resubscribe(e.ID, person, topic)
	} else if err = tx.Unsubscribe(e.ID, person, topic, a.moment()); err == nil {
		err = a.dropUnwanted(tx, e, person, topic)
	}
	if err != nil {
		return err
	}
	return a.note(tx, actor, e.ID, verb, person, summary, changed(e, agenda.Fields{string(topic): was}, agenda.Fields{string(topic): is}))
}

// dropUnwanted takes back the letters of a topic that have not gone.
func (a *App) dropUnwanted(tx *store.Tx, e agenda.Event, person agenda.ID, topic agenda.LetterTopic) error {
	mails, err := tx.MailsTo(e.ID, person)
	if err != nil {
		return err
	}
	for _, m := range mails {
		if !m.Goes() || m.Topic() != topic {
			continue
		}
		if err := a.dropMail(tx, m, agenda.FaultUnwanted); err != nil {
			return err
		}
	}
	return nil
}

// VisitByLetter begins a Visit for the reader of a letter, as a personal link that was mailed does: the letter is one, for which a
// row is made when it is first used, and which organizers can revoke. Who revokes a personal link of somebody also ends the letters
// that were made before.
func (a *App) VisitByLetter(ctx context.Context, secret, visiting, address string) (v NewVisit, err error) {
	id, err := a.letterOf(ctx, secret)
	if err != nil {
		return v, err
	}
	opens, first := a.newLink(), a.opened.once(a.now())
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		e, m, actor, err := a.letterAt(tx, id, address)
		if err != nil {
			return err
		}
		hash := hashSecret("letter " + secret)
		l, err := tx.PersonalLinkByHash(hash)
		if agenda.CodeOf(err) == agenda.NotFound {
			l = agenda.PersonalLink{ID: a.newID(), EventID: e.ID, PersonID: m.PersonID, Hash: hash, CodeHash: opens.Link.CodeHash,
				Created: a.moment(), Expires: agenda.LinkEnds(e, m.Created), Mailed: true}
			if err = tx.InsertPersonalLink(l); err == nil {
				err = a.note(tx, actor, e.ID, "link.make", l.ID, "opened their page from a letter", changed(e, nil, l))
			}
		}
		if err != nil {
			return err
		}
		v, err = a.beginVisit(tx, l, visiting, address, first)
		return err
	})
	return v, a.refusePersonal(ctx, "letter "+string(id), address, err)
}
