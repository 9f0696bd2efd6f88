package app

import (
	"cmp"
	"context"
	"net/netip"
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
		for _, w := range what {
			if _, err := a.attempt(tx, w.key, w.most, throttleWindow); err != nil {
				return err
			}
		}
		return nil
	})
}

// attempt counts one of what may be tried so often in a time; beyond that it is TooMany. The ID is for forgetting it
// again, when it was no failure.
func (a *App) attempt(tx *store.Tx, key string, most int, window time.Duration) (agenda.ID, error) {
	key = hashSecret(key)
	if err := tx.LockAttempts(key); err != nil { // PostgreSQL would let several count at once
		return "", err
	}
	now := a.moment()
	n, first, err := tx.Attempts(key, now.Add(-window), now.Add(window)) // what was tried while the clock was ahead must not count until then
	if err != nil {
		return "", err
	}
	if n >= most {
		e := agenda.Errorf(agenda.TooMany, "This was tried too often. Wait a while, then try again.")
		e.Wait = first.Add(window).Sub(now)
		return "", e
	}
	id := a.newID()
	return id, tx.InsertAttempt(id, key, now)
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

// Network gives what of an address one client can not choose at will, for counting what comes from there: of IPv6 the network
// of one customer, a /64 (RFC 6177). It is "" for what is no address.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}

// neighbourhood is [Network], and the address itself where that is none.
func neighbourhood(address string) string { return cmp.Or(Network(address), address) }
