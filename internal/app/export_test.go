package app

import (
	"context"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// EnterAs is what follows when a provider has vouched for somebody.
var EnterAs = (*App).enterAs

// Anonymous is who asks from there.
func (f From) Anonymous() agenda.Actor { return f.stranger() }

// Compose keeps a Mail as the change does that it tells of, and Reword one that composers change. Neither asks who does.
func (a *App) Compose(ctx context.Context, m agenda.Mail) (made agenda.Mail, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		made, err = a.addMail(tx, m)
		return err
	})
	return made, err
}

// Reword changes a queued Mail and lets it go anew, and says whether it was not under way.
func (a *App) Reword(ctx context.Context, m agenda.Mail) (idle bool, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if idle, err = a.idleMail(tx, m); err != nil {
			return err
		}
		if m, err = a.changeMail(tx, m); err != nil {
			return err
		}
		return a.queueMail(tx, m)
	})
	return idle, err
}
