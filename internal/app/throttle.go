package app

import (
	"context"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// throttled is what is tried, so often and no more in [throttleWindow]. Nothing is locked: who waits gets in, and who has
// another way in (a passkey, a provider of identities) has it all the time.
type throttled struct {
	key  string // what is tried; it is kept as a hash
	most int
}

const throttleWindow = 15 * time.Minute

// The limits, per window.
const (
	triesPerAccount = 10
	triesPerAddress = 100
	triesPerFactor  = 5
	lettersPerEmail = 3
)

// try notes an attempt before it is made, so that many at once count as many; the error is TooMany. What was tried and
// worked is forgotten by [App.succeed].
func (a *App) try(ctx context.Context, what ...throttled) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		now := a.moment()
		for _, w := range what {
			key := hashSecret(w.key)
			if err := tx.LockAccount(agenda.ID(key)); err != nil { // PostgreSQL would let several count at once
				return err
			}
			n, first, err := tx.Attempts(key, now.Add(-throttleWindow))
			if err != nil {
				return err
			}
			if n >= w.most {
				e := agenda.Errorf(agenda.TooMany, "This was tried too often. Wait a while, then try again.")
				e.Wait = first.Add(throttleWindow).Sub(now)
				return e
			}
		}
		for _, w := range what {
			if err := tx.InsertAttempt(a.newID(), hashSecret(w.key), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// succeed forgets what was tried.
func succeed(tx *store.Tx, what ...throttled) error {
	for _, w := range what {
		if err := tx.ForgetAttempts(hashSecret(w.key)); err != nil {
			return err
		}
	}
	return nil
}
