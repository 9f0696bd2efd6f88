package server

import (
	lru "container/list"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"plenary/internal/exchange"
)

// body is an answer as it goes over the wire, with its compressed forms and the validators of all of them.
type body struct {
	media    string // Content-Type
	language string // Content-Language; "": not one
	file     string // name of a calendar as a file
	security string // Content-Security-Policy; "": that of all answers
	modified time.Time
	etag     string                         // of the plain form
	size     int                            // of the plain form, in bytes
	plain    atomic.Pointer[representation] // nil: let go, see [body.letGo], or not joined yet
	document exchange.Document              // of which the plain form is joined; nil: it was made as one
	asked    atomic.Bool                    // somebody took the plain form
	unpacks  sync.Mutex                     // held by who makes the plain form again
	packs    bool                           // it is worth compressing, and allowed
	packed   [codings]packing
	used     atomic.Bool // since the cache looked last
	dropped  atomic.Bool // by the cache: nobody else should hold it
	grown    func(int)   // hears of bytes that came with a form, or went; nil: nobody counts
}

// representation is one form of a body. Its entity tag is strong: equal tags are equal bytes.
type representation struct {
	coding coding
	bytes  []byte
	etag   string
}

// leastPacked is from how many bytes on compression saves a packet.
const leastPacked = 1400

func newBody(media string, modified time.Time, plain []byte) *body {
	plain = exactly(plain)
	sum := sha256.Sum256(plain)
	b := &body{media: media, modified: modified.UTC().Truncate(time.Second), etag: `"` + hex.EncodeToString(sum[:12]) + `"`, size: len(plain)}
	b.plain.Store(&representation{uncoded, plain, b.etag})
	return b
}

// exactly gives the bytes in no more memory than they need: what they grew by while they were made would be kept as long.
func exactly(b []byte) []byte {
	if cap(b) <= len(b)+len(b)/16 {
		return b
	}
	return slices.Clip(slices.Clone(b))
}

// newPackedBody makes a body that is compressed for who takes it so, once each way.
func newPackedBody(media string, modified time.Time, plain []byte) *body {
	b := newBody(media, modified, plain)
	b.packs = len(plain) >= leastPacked
	return b
}

// newDocumentBody is [newPackedBody] of what is in pieces, which are joined for who takes the plain form.
func newDocumentBody(media string, modified time.Time, d exchange.Document) *body {
	return &body{media: media, modified: modified.UTC().Truncate(time.Second), etag: `"` + d.Tag() + `"`, size: d.Size(), packs: d.Size() >= leastPacked, document: d}
}

// What the caches keep at most. That of the parts is small: who asks for more parts than anybody looks at pushes out other
// parts, and nothing that everybody reads.
const (
	maxBodyBytes = 64 << 20
	maxPartBytes = 8 << 20
)

// bodyKey names a body: the place where it stands, such as a page in a language, and the state that this is made from, such as a
// Release. The same key is the same body for ever.
type bodyKey struct{ place, state string }

// keyOf joins the parts of a place by what no part contains.
func keyOf(state string, place ...string) bodyKey { return bodyKey{strings.Join(place, "\x00"), state} }

// bodyCache keeps bodies that never change. Nothing is ever invalidated: a body is forgotten when another state of its place is
// asked for, or when it was not asked for in a long time.
type bodyCache struct {
	mu      sync.Mutex
	entries map[string]*lru.Element // by place
	recent  *lru.List               // of *bodyEntry, the most recently used first
	bytes   int
	max     int
	tally   cacheTally
	// forgotten hears of bodies that are kept no longer; nil: nobody does. It must not ask the cache for anything.
	forgotten func(*body)
}

type bodyEntry struct {
	key  bodyKey
	once sync.Once
	body *body
	err  error
	size int
}

func newBodyCache(max int) *bodyCache {
	return &bodyCache{entries: map[string]*lru.Element{}, recent: lru.New(), max: max}
}

// has says whether that body is there, or is being built.
func (c *bodyCache) has(key bodyKey) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[key.place]
	return ok && element.Value.(*bodyEntry).key == key
}

// errUnbuilt is what those get who waited for a build that panicked.
var errUnbuilt = errors.New("the answer could not be built")

// get gives the body of that key and builds it if it is not there. However many ask at the same
// time, it is built once. A build that failed is tried again by whoever asks next.
func (c *bodyCache) get(key bodyKey, build func() (*body, error)) (*body, error) {
	e := c.entry(key)
	e.once.Do(func() {
		e.err = errUnbuilt
		defer func() { c.settle(e) }()
		e.body, e.err = build()
	})
	return e.body, e.err
}

func (c *bodyCache) entry(key bodyKey) *bodyEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[key.place]; ok {
		e := element.Value.(*bodyEntry)
		if e.key == key {
			c.recent.MoveToFront(element)
			c.tally.hits++
			return e
		}
		c.forget(e) // who waits for it still gets it
	}
	e := &bodyEntry{key: key}
	c.tally.misses++
	c.entries[key.place] = c.recent.PushFront(e)
	return e
}

// holds says whether that entry is still the one of its place.
func (c *bodyCache) holds(e *bodyEntry) bool {
	element, ok := c.entries[e.key.place]
	return ok && element.Value == any(e)
}

// entryCost is about what an entry takes besides its bytes.
const entryCost = 512

// settle counts what was built and forgets what no longer fits. What is being built has no size yet
// and stays.
func (c *bodyCache) settle(e *bodyEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.holds(e) {
		if e.body != nil {
			e.body.dropped.Store(true)
		}
		return
	}
	if e.err != nil {
		c.forget(e)
		return
	}
	e.body.grown = func(n int) { c.grow(e, n) }
	e.size = e.body.size + len(e.key.place) + len(e.key.state) + entryCost
	c.bytes += e.size
	c.shrink()
}

// grow counts bytes that came to a body later.
func (c *bodyCache) grow(e *bodyEntry, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.holds(e) {
		return
	}
	e.size += n
	c.bytes += n
	c.shrink()
}

// shrink forgets until the rest fits. What the front handed out since the cache looked last was used, though nobody asked
// here for it: it is passed over once.
func (c *bodyCache) shrink() {
	for oldest := c.recent.Back(); oldest != nil && c.bytes > c.max; {
		entry, before := oldest.Value.(*bodyEntry), oldest.Prev()
		switch {
		case entry.size == 0: // is being built
		case entry.body.used.Swap(false) && entry.size <= c.max:
			c.recent.MoveToFront(oldest)
			if before == nil {
				before = c.recent.Back()
			}
		default:
			c.tally.evictions++
			c.forget(entry)
		}
		oldest = before
	}
}

// forget drops an entry that it holds. A body that is still being built gets to those who wait for it, and stays nowhere.
func (c *bodyCache) forget(e *bodyEntry) {
	c.bytes -= e.size
	c.recent.Remove(c.entries[e.key.place])
	delete(c.entries, e.key.place)
	if e.size == 0 {
		return
	}
	e.body.dropped.Store(true)
	if c.forgotten != nil {
		c.forgotten(e.body)
	}
}
