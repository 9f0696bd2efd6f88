// Package app is what people do with Plenary: one method per intention, one transaction each. Every
// method takes the Actor who asks, decides whether they may, and leaves an Activity when something
// changed. Errors are [agenda.Error]s.
package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/credential"
	"plenary/internal/store"
)

// Page asks for a part of a list: up to Limit items after the opaque cursor.
type Page = store.Page

// The filters of the lists.
type (
	PersonFilter       = store.PersonFilter
	PanelFilter        = store.PanelFilter
	MeetingFilter      = store.MeetingFilter
	AvailabilityFilter = store.AvailabilityFilter
)

// Options are what the App is given of the world.
type Options struct {
	Now    func() time.Time // the only clock
	NewID  func() agenda.ID // UUIDv7
	Secret func() string    // 256 bits of randomness in URL-safe characters
	Code   func() string    // a short code for people to say aloud
	Log    *slog.Logger
	// Passwords, Passkeys and Provider are how people sign in. Without the first, passwords cost what OWASP asks for;
	// without the others there are none.
	Passwords *credential.Passwords
	Passkeys  *credential.Passkeys
	Provider  *credential.Provider
	// CodeRounds are how often a typed code is hashed, which is what guessing one costs who has the database; 0: 200,000.
	// Another number makes all codes worthless that were told before.
	CodeRounds int
	// Groups say what a group at the Provider may do here.
	Groups []GroupRole
	// From is the address that letters are from, and Answers the one whose mailbox [App.TakeAnswer] is given: invitations are
	// answered there, with "+" and a token before the @. "": there is none.
	From, Answers string
	// Post sends a letter; nil: mail is not configured.
	Post func(context.Context, agenda.Letter) error
	// Address says why a Webhook can't have an address; nil: any will do.
	Address func(string) error
	// Build names this very program, down to the last bit; "": it is not known, and each start takes it for another one.
	Build string
	// Pulse is how often a watched Event is looked at for what other programs did; 0: every three seconds.
	Pulse time.Duration
	// PublicPulse is how often it is looked at what the public sees, for what nobody told of; 0: twice a second.
	PublicPulse time.Duration
}

// App is the program without its surfaces. It is safe for concurrent use.
type App struct {
	store       *store.Store
	now         func() time.Time
	newID       func() agenda.ID
	secret      func() string
	code        func() string
	log         *slog.Logger
	post        func(context.Context, agenda.Letter) error
	from        string
	answers     string
	address     func(string) error
	passwords   *credential.Passwords
	rounds      int
	passkeys    *credential.Passkeys
	provider    *credential.Provider
	groups      []GroupRole
	build       string
	base        string // the address that it is served at; "": not by this program
	releases    keeper[string, *agenda.Release]
	presses     keeper[*agenda.Snapshot, keptPress]
	steps       keeper[string, keptStep]
	stamps      keeper[stampsKey, keptRevisions]
	encoded     sync.Pool // of *[]byte: snapshots on their way to the database
	audits      keeper[agenda.ID, *keptAudit]
	drafted     keeper[agenda.ID, drafted]
	refusals    seldom // of what Actors may not do
	unknown     seldom // of tokens that open nothing
	turned      seldom // of sign-ins, links and codes that open nothing
	opened      seldom // of personal links that are opened again
	watches     watches
	teller      teller
	publicPulse time.Duration
	work        chan struct{} // rings when there may be Jobs
	keysMu      sync.Mutex
	keys        map[string]string // that links are signed with, by purpose
}

// New makes an App on the Store. NewID must be given; the rest has defaults.
func New(s *store.Store, o Options) *App {
	a := &App{store: s, now: o.Now, newID: o.NewID, secret: o.Secret, code: o.Code, log: o.Log, post: o.Post, from: o.From, answers: o.Answers, address: o.Address,
		passwords: o.Passwords, passkeys: o.Passkeys, provider: o.Provider, groups: o.Groups,
		build: o.Build, rounds: cmp.Or(o.CodeRounds, codeRounds), work: make(chan struct{}, 1), keys: map[string]string{}}
	a.keepWithinBounds()
	a.refusals.most, a.unknown.most, a.turned.most, a.opened.most = maxRefusals, maxUnknown, maxTurned, maxOpened
	a.publicPulse = o.PublicPulse
	a.watches.pulse = cmp.Or(o.Pulse, pulse)
	if a.now == nil {
		a.now = time.Now
	}
	if a.secret == nil {
		a.secret = RandomSecret
	}
	if a.code == nil {
		a.code = RandomCode
	}
	if a.passwords == nil {
		a.passwords = credential.NewPasswords(credential.OWASP)
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// RandomSecret gives 256 bits from the operating system in 43 URL-safe characters.
func RandomSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program first
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// RandomCode gives six characters without those that look or sound alike.
func RandomCode() string {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	var b [6]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b[:])
}

// hashSecret is how secrets are kept. They are random and long, so no salt or stretching is needed.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Ready says whether the database answers, is of this program's schema, and takes what is written. The error is agenda.Full where
// there is no room for that, which is no reason to ask elsewhere: reading goes on. Else it is agenda.Unavailable.
func (a *App) Ready(ctx context.Context) error {
	database, program, err := a.store.Version(ctx)
	if err != nil {
		return agenda.Errorf(agenda.Unavailable, "The database does not answer: %w", err)
	}
	if database != program {
		return agenda.Errorf(agenda.Unavailable, "The database is at schema %d, this program needs %d.", database, program)
	}
	if err := a.store.Damage(); err != nil {
		return err
	}
	return a.store.Writable(ctx)
}

// InspectDatabase reads the whole database and says whether it is damaged, as far as the program can know.
func (a *App) InspectDatabase(ctx context.Context) (found int, err error) {
	return 0, a.store.Inspect(ctx)
}

// Match is what the caller knows of a thing that they change: its revision, as If-Match says it
// (RFC 9110, 13.1.1).
type Match struct {
	Any       bool
	Revisions []int
}

// Revision is a Match of exactly that revision.
func Revision(n int) Match { return Match{Revisions: []int{n}} }

// check refuses a Match that is not of the current revision.
func (m Match) check(revision int, current any) error {
	if m.Any {
		return nil
	}
	for _, r := range m.Revisions {
		if r == revision {
			return nil
		}
	}
	e := agenda.Errorf(agenda.Stale, "Somebody changed it meanwhile: it is at revision %d now.", revision)
	e.Current = current
	return e
}

// Once makes a creation safe to repeat: the same key with the same fingerprint (a hash of the
// request) creates nothing a second time. The zero value asks for nothing of the kind.
type Once struct {
	Key         string
	Fingerprint string
}

// once runs create, unless this Actor did so with this key before; then it gives what was made.
func (a *App) once(tx *store.Tx, actor agenda.Actor, o Once, create func() (agenda.ID, error)) (agenda.ID, bool, error) {
	if o.Key == "" {
		id, err := create()
		return id, false, err
	}
	who := string(actor.Kind) + ":" + string(actor.ID)
	fingerprint, made, found, err := tx.Replay(who, o.Key)
	if err != nil {
		return "", false, err
	}
	if found {
		if fingerprint != o.Fingerprint {
			return "", false, agenda.Errorf(agenda.Taken, "This Idempotency-Key was used for a different request.")
		}
		return made, true, nil
	}
	id, err := create()
	if err != nil {
		return "", false, err
	}
	return id, false, tx.Remember(who, o.Key, o.Fingerprint, id, a.now())
}

// view reads at the Event of that slug, if the Actor may.
func (a *App) view(ctx context.Context, actor agenda.Actor, verb agenda.Verb, slug string, fn func(*store.Tx, agenda.Event) error) error {
	return a.read(ctx, actor, func(tx *store.Tx) error {
		event, err := authorized(tx, actor, verb, slug)
		if err != nil {
			return err
		}
		return fn(tx, event)
	})
}

// change writes in the draft of the Event of that slug, if the Actor may edit it.
func (a *App) change(ctx context.Context, actor agenda.Actor, slug string, fn func(*store.Tx, agenda.Event) error) error {
	return a.changeAs(ctx, actor, agenda.EditEvent, slug, fn)
}

// changeAs writes at the Event of that slug, if the Actor may do the verb there. One change of an Event happens at a time.
func (a *App) changeAs(ctx context.Context, actor agenda.Actor, verb agenda.Verb, slug string, fn func(*store.Tx, agenda.Event) error) error {
	return a.write(ctx, actor, func(tx *store.Tx) error {
		event, err := locked(tx, actor, verb, slug)
		if err != nil {
			return err
		}
		return fn(tx, event)
	})
}

// locked gives the Event of that slug, if the Actor may do the verb there, for this transaction alone to change.
func locked(tx *store.Tx, actor agenda.Actor, verb agenda.Verb, slug string) (agenda.Event, error) {
	event, err := authorized(tx, actor, verb, slug)
	if err != nil || tx.Alone() {
		return event, err
	}
	return lockedEvent(tx, event.ID) // what was read before the lock was held may have changed
}

// authorized gives the Event of that slug, if the Actor may do the verb there.
func authorized(tx *store.Tx, actor agenda.Actor, verb agenda.Verb, slug string) (agenda.Event, error) {
	if actor.Kind == agenda.Anonymous || actor.Kind == "" || verb.OfInstallation() && !agenda.May(actor, verb, "") {
		return agenda.Event{}, agenda.Authorize(actor, verb, "") // before it could be seen whether there is such an event
	}
	event, err := tx.EventBySlug(slug)
	if err != nil {
		return agenda.Event{}, err
	}
	return event, agenda.Authorize(actor, verb, event.ID)
}

// moment is now, in the precision of the database.
func (a *App) moment() time.Time { return a.now().UTC().Truncate(time.Millisecond) }

// Moment is now, as the database has it.
func (a *App) Moment() time.Time { return a.moment() }

// english gives a Text's English for logs and summaries, or what else there is.
func english(t agenda.Text) string { return agenda.NewReader("en", "en").String(t) }
