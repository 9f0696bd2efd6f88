package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// Tables gives what the tables for organizers are made of: the draft with the addresses of people, and the Meetings if
// the Actor may see them.
func (a *App) Tables(ctx context.Context, actor agenda.Actor, slug, base string) (t exchange.Tables, err error) {
	err = a.view(ctx, actor, agenda.ReadContacts, slug, func(tx *store.Tx, e agenda.Event) error {
		t = exchange.Tables{BaseURL: base}
		if t.Draft, err = draftOf(tx, e); err != nil {
			return err
		}
		if t.WithoutMeetings = !agenda.May(actor, agenda.ReadMeetings, e.ID); t.WithoutMeetings {
			return agenda.Authorize(actor, agenda.ReadDraft, e.ID)
		}
		t.Meetings, err = tx.AllMeetings(e.ID)
		return err
	})
	return t, err
}
