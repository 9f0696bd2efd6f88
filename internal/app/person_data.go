package app

import (
	"context"
	"slices"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// PersonData gives everything that is known of a Person at the Event, to hand it over. That it was leaves an Activity.
func (a *App) PersonData(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (d exchange.PersonData, err error) {
	err = a.changeAs(ctx, actor, agenda.ManageData, slug, func(tx *store.Tx, e agenda.Event) error {
		if d, err = personData(tx, actor, e, id); err != nil {
			return err
		}
		return a.note(tx, actor, e.ID, "person.export", id, "exported what is known of a person")
	})
	return d, err
}

// PersonSummary gives the same to be looked at and not handed over, so that it leaves no Activity: callers show how much there is.
func (a *App) PersonSummary(ctx context.Context, actor agenda.Actor, slug string, id agenda.ID) (d exchange.PersonData, err error) {
	err = a.view(ctx, actor, agenda.ManageData, slug, func(tx *store.Tx, e agenda.Event) error {
		d, err = personData(tx, actor, e, id)
		return err
	})
	return d, err
}

func personData(tx *store.Tx, actor agenda.Actor, e agenda.Event, id agenda.ID) (d exchange.PersonData, err error) {
	d = exchange.PersonData{Event: e, WithoutMeetings: !agenda.May(actor, agenda.ReadMeetings, e.ID)}
	if d.Person, err = tx.Person(e.ID, id); err != nil {
		return d, err
	}
	return d, addPersonData(tx, e, &d)
}

func addPersonData(tx *store.Tx, e agenda.Event, d *exchange.PersonData) (err error) {
	id := d.Person.ID
	if d.Elsewhere, err = tx.Elsewhere(e.ID, id); err != nil {
		return err
	}
	panels, err := tx.AllPanels(e.ID)
	if err != nil {
		return err
	}
	for _, p := range panels {
		if slices.ContainsFunc(everySpeaker(p), func(s agenda.Speaker) bool { return s.PersonID == id }) {
			d.Panels = append(d.Panels, p)
		}
	}
	if d.Availabilities, err = tx.AvailabilitiesOf(e.ID, []agenda.Resource{{Kind: agenda.PersonResource, ID: id}}); err != nil {
		return err
	}
	if err := addPersonLinks(tx, e, d); err != nil {
		return err
	}
	sources, err := allSources(tx, e)
	if err != nil {
		return err
	}
	for _, s := range sources {
		s.Origins = slices.DeleteFunc(s.Origins, func(o agenda.Origin) bool { return o.Kind != agenda.PersonOrigin || o.ID != id })
		d.Sources = append(d.Sources, s)
	}
	if err := addPersonMails(tx, e, d); err != nil {
		return err
	}
	if !d.WithoutMeetings {
		if err := addPersonMeetings(tx, e, d); err != nil {
			return err
		}
	}
	if d.Releases, err = releasesOf(tx, e.ID); err != nil {
		return err
	}
	t, err := trailOf(tx, e, d.Person, d.Releases)
	if err != nil {
		return err
	}
	return tx.EachActivity(e.ID, func(entry agenda.Activity) error {
		if t.on(entry) && !(d.WithoutMeetings && ofMeetings(entry)) {
			d.Activities = append(d.Activities, entry)
		}
		return nil
	})
}

// addPersonMails adds the letters to the Person, what they said to them, and of what they want none.
func addPersonMails(tx *store.Tx, e agenda.Event, d *exchange.PersonData) error {
	mails, err := tx.MailsTo(e.ID, d.Person.ID)
	if err != nil {
		return err
	}
	d.Mails = slices.DeleteFunc(mails, func(m agenda.Mail) bool { return m.Meetings && d.WithoutMeetings })
	if d.Said, err = tx.AnswerNotes(e.ID); err != nil {
		return err
	}
	d.Unwanted, err = tx.UnsubscribedBy(e.ID, d.Person.ID)
	return err
}

// addPersonMeetings adds the Meetings of the Person, what they did to these, who stood in for whom, and their feeds.
func addPersonMeetings(tx *store.Tx, e agenda.Event, d *exchange.PersonData) (err error) {
	id := d.Person.ID
	steps, err := tx.AllMeetingSteps(e.ID)
	if err != nil {
		return err
	}
	d.Steps = slices.DeleteFunc(steps, func(s agenda.MeetingStep) bool { return s.PersonID != id })
	if d.StandIns, err = tx.StandInsOf(e.ID, id); err != nil {
		return err
	}
	if d.Meetings, err = tx.MeetingsOf(e.ID, id); err != nil {
		return err
	}
	feeds, err := tx.AllFeeds(e.ID)
	if err != nil {
		return err
	}
	d.Feeds = slices.DeleteFunc(feeds, func(f agenda.Feed) bool { return f.PersonID != id })
	return nil
}

// addPersonLinks adds how the Person comes in without an Account.
func addPersonLinks(tx *store.Tx, e agenda.Event, d *exchange.PersonData) (err error) {
	if d.VouchedAddress, err = tx.VouchedAddress(e.ID, d.Person.ID); err != nil {
		return err
	}
	if d.Settings, _, err = tx.PersonalSettings(e.ID, d.Person.ID); err != nil {
		return err
	}
	if d.Links, err = tx.PersonalLinksOf(e.ID, d.Person.ID); err != nil {
		return err
	}
	for _, l := range d.Links {
		visits, err := tx.Visits(l.ID)
		if err != nil {
			return err
		}
		d.Visits = append(d.Visits, visits...)
	}
	return nil
}

// everySpeaker gives the Speakers of a Panel and of its Interventions.
func everySpeaker(p agenda.Panel) []agenda.Speaker {
	list := slices.Clone(p.Speakers)
	for _, v := range p.Interventions {
		list = append(list, v.Speakers...)
	}
	return list
}
