package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// ActivityFilter narrows the log.
type ActivityFilter = store.ActivityFilter

// change is what a noun was and is; nil for one that is new, or gone.
type change struct {
	event         agenda.Event // whose clock its times are read by
	before, after any
}

// changed says to [App.note] what a noun of the Event was and is.
func changed(e agenda.Event, before, after any) change { return change{e, before, after} }

// revoked says to [App.note] that a credential works no more, which it may not have done before.
func revoked(before *time.Time, now time.Time) change {
	was := "null"
	if before != nil {
		was, now = instantWords(*before), *before
	}
	return changed(agenda.Event{}, agenda.Fields{"revoked": was},
		agenda.Fields{"revoked": instantWords(now)})
}

// note leaves an Activity, with the fields that differ where something changed that has fields. Secrets and their hashes
// are none of them.
func (a *App) note(tx *store.Tx, actor agenda.Actor, event agenda.ID, verb string, subject agenda.ID, summary string, changes ...change) error {
	entry := a.entry(actor, event, verb, summary)
	entry.Subject = subject
	for _, c := range changes {
		was, became, err := exchange.FieldsThatDiffer(c.event, c.before, c.after)
		if err != nil {
			return err
		}
		entry.Before, entry.After = entry.Before.With(was), entry.After.With(became)
	}
	if event != "" {
		tx.AfterCommit(func() { a.stir(event) })
	}
	return tx.InsertActivity(entry)
}

// instantWords gives an instant as JSON, as Plenary's own format has it.
func instantWords(at time.Time) string {
	return quoted(at.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// quoted gives a text as JSON.
func quoted(s string) string {
	body, err := json.Marshal(s)
	if err != nil {
		return "null" // a string can always be written
	}
	return string(body)
}

// entry is an Activity of the Actor now.
func (a *App) entry(actor agenda.Actor, event agenda.ID, verb, summary string) agenda.Activity {
	return agenda.Activity{ID: a.newID(), EventID: event, At: a.now().UTC(), ActorKind: actor.Kind, ActorID: actor.ID,
		ActorName: actor.Name, Address: actor.Address, Verb: verb, Summary: summary, Outcome: agenda.Done}
}

// Activities lists who did what at the Event, newest first, as far as the Actor may see it.
func (a *App) Activities(ctx context.Context, actor agenda.Actor, slug string, f ActivityFilter, page Page) (list []agenda.Activity, next string, err error) {
	err = a.view(ctx, actor, agenda.ReadActivity, slug, func(tx *store.Tx, e agenda.Event) error {
		f.EventID, f.Unlinked = e.ID, f.ActorID != "" && !agenda.May(actor, agenda.ReadMeetings, e.ID)
		list, next, err = tx.Activities(f, page)
		return err
	})
	return seenActivities(actor, list), next, err
}

// AllActivities lists what was done at no Event in particular, and at those Events whose log the Actor may read.
func (a *App) AllActivities(ctx context.Context, actor agenda.Actor, f ActivityFilter, page Page) (list []agenda.Activity, next string, err error) {
	err = a.read(ctx, actor, func(tx *store.Tx) error {
		if err := agenda.Authorize(actor, agenda.ManageAccount, ""); err != nil {
			return err
		}
		f.EventID, f.Outside, f.All = "", true, agenda.May(actor, agenda.ReadActivity, "")
		f.Events, f.Unlinked = nil, f.ActorID != "" && !agenda.May(actor, agenda.ReadMeetings, "")
		for _, g := range actor.Grants {
			if g.EventID != "" && slices.Contains(g.Verbs, agenda.ReadActivity) {
				f.Events = append(f.Events, g.EventID)
			}
		}
		list, next, err = tx.Activities(f, page)
		return err
	})
	return seenActivities(actor, list), next, err
}

func seenActivities(actor agenda.Actor, list []agenda.Activity) []agenda.Activity {
	for i := range list {
		list[i] = agenda.SeenActivity(actor, list[i])
	}
	return list
}

// EachActivity hands fn the newest entries of the log as the Actor may see them, newest first: most at most, 0 for all.
// Slug is of the Event, "" for all that [App.AllActivities] has. It does not hold the database up meanwhile.
func (a *App) EachActivity(ctx context.Context, actor agenda.Actor, slug string, f ActivityFilter, most int, fn func(agenda.Activity) error) error {
	done := 0
	for page := (Page{Limit: 200}); ; {
		var list []agenda.Activity
		var err error
		if slug == "" {
			list, page.After, err = a.AllActivities(ctx, actor, f, page)
		} else {
			list, page.After, err = a.Activities(ctx, actor, slug, f, page)
		}
		if err != nil {
			return err
		}
		for _, entry := range list {
			if err := fn(entry); err != nil {
				return err
			}
			if done++; done == most {
				return nil
			}
		}
		if page.After == "" {
			return nil
		}
	}
}
