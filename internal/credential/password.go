package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"plenary/internal/agenda"
)

// Params are the cost of a hash by argon2id (RFC 9106).
type Params struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// OWASP is the least that OWASP's Password Storage Cheat Sheet asks for with one thread: about 20 ms and 19 MiB.
var OWASP = Params{Memory: 19 << 10, Passes: 2, Threads: 1}

// Sizes in bytes of what is random in a hash, and of the hash (RFC 9106, section 3.1).
const (
	saltSize = 16
	keySize  = 32
)

// maxHashes is how many hashes are computed at once, over the whole of a Passwords: with OWASP's cost they take 152 MiB.
const maxHashes = 8

// patience is how long a hash waits for one of those places.
const patience = 2 * time.Second

// Passwords hashes and verifies passwords, a few at a time.
type Passwords struct {
	params   Params
	slots    chan struct{}
	patience time.Duration
	hashes   atomic.Int64
}

// NewPasswords gives a Passwords that hashes at the cost given: OWASP's in a program, less in tests that are not about it.
func NewPasswords(params Params) *Passwords {
	return &Passwords{params: params, slots: make(chan struct{}, maxHashes), patience: patience}
}

// Hashes is how many hashes were computed so far.
func (p *Passwords) Hashes() int64 { return p.hashes.Load() }

// Hash gives the form in which a password is kept, a PHC string with a salt of its own. Whether the password is a good one is
// [CheckPassword]'s to say.
//
// The error is Unavailable when too many hashes are under way.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	h := phc{params: p.params, salt: make([]byte, saltSize)}
	_, _ = rand.Read(h.salt) // never fails: the program ends first
	var err error
	if h.key, err = p.derive(ctx, h.params, h.salt, password, keySize); err != nil {
		return "", err
	}
	return h.String(), nil
}

// Verify tells whether a password is the one that was hashed, and if it is, whether it should be hashed again because the cost
// has changed since.
//
// An empty hash is that of an account that does not exist or has no password: it fits no password, and finding that out costs
// as much as for any other. So who asks can't measure whether there is such an account, if the caller always asks. The same
// holds for a password that is longer than any that we take.
//
// The error is Unavailable when too many hashes are under way, and Internal when the hash is none of ours.
func (p *Passwords) Verify(ctx context.Context, hash, password string) (ok, outdated bool, err error) {
	stored := phc{params: p.params, salt: make([]byte, saltSize), key: make([]byte, keySize)}
	possible := hash != "" && len(password) <= utf8.UTFMax*MaxPassword
	if possible {
		if stored, err = parsePHC(hash); err != nil {
			return false, false, err
		}
	} else {
		password = ""
	}
	key, err := p.derive(ctx, stored.params, stored.salt, password, uint32(len(stored.key))) // #nosec G115 -- parsing bounds it
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(key, stored.key) == 1 && possible
	return ok, ok && (stored.params != p.params || len(stored.salt) != saltSize || len(stored.key) != keySize), nil
}

// derive computes a hash when there is a place for it.
func (p *Passwords) derive(ctx context.Context, params Params, salt []byte, password string, size uint32) ([]byte, error) {
	if err := p.enter(ctx); err != nil {
		return nil, err
	}
	defer func() { <-p.slots }()
	p.hashes.Add(1)
	return argon2.IDKey(fold(password), salt, params.Passes, params.Memory, params.Threads, size), nil
}

// enter waits for a place.
func (p *Passwords) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return agenda.Errorf(agenda.Unavailable, "The password was not waited for: %w", err)
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(p.patience)
	defer timer.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return agenda.Errorf(agenda.Unavailable, "The password was not waited for: %w", ctx.Err())
	case <-timer.C:
		return agenda.Errorf(agenda.Unavailable, "Too many people sign in at this moment. Try again in a few seconds.")
	}
}

// fold gives the bytes of a password that are hashed: all of them, as they were typed, but composed (Unicode's NFC, as RFC
// 8265, section 4.2, has it). One keyboard types "ế" as one character and another as three, and people have both.
func fold(password string) []byte { return norm.NFC.Bytes([]byte(password)) }
