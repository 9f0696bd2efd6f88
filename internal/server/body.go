package server

import (
	lru "container/list"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// body is an answer as it goes over the wire, with its compressed forms and the validators of all of them.
type body struct {
	media    string // Content-Type
	language string // Content-Language; "": not one
	file     string // name of a calendar as a file
	security string // Content-Security-Policy; "": that of all answers
	modified time.Time
	plain    representation
	packs    bool // it is worth compressing, and allowed
	packed   [codings]packing
	used     atomic.Bool // since the cache looked last
	grown    func(int)   // hears of bytes that came with a compressed form; nil: nobody counts
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
	sum := sha256.Sum256(plain)
	tag := hex.EncodeToString(sum[:12])
	return &body{media: media, modified: modified.UTC().Truncate(time.Second), plain: representation{uncoded, plain, `"` + tag + `"`}}
}

// newPackedBody makes a body that is compressed for who takes it so, once each way.
func newPackedBody(media string, modified time.Time, plain []byte) *body {
	b := newBody(media, modified, plain)
	b.packs = len(plain) >= leastPacked
	return b
}

// What the caches keep at most. That of the parts is small: who asks for more parts than anybody looks at pushes out other
// parts, and nothing that everybody reads.
const (
	maxBodyBytes = 64 << 20
	maxPartBytes = 8 << 20
)

// bodyCache keeps bodies that never change: their keys name a Release, and so nothing is ever
// invalidated, only forgotten when it was not asked for in a long time.
type bodyCache struct {
	mu      sync.Mutex
	entries map[string]*lru.Element
	recent  *lru.List // of *bodyEntry, the most recently used first
	bytes   int
	max     int
	tally   cacheTally
	// forgotten hears of bodies that are kept no longer; nil: nobody does. It must not ask the cache for anything.
	forgotten func(*body)
}

type bodyEntry struct {
	key  string
	once sync.Once
	body *body
	err  error
	size int
}

func newBodyCache(max int) *bodyCache {
	return &bodyCache{entries: map[string]*lru.Element{}, recent: lru.New(), max: max}
}

// has says whether that body is there, or is being built.
func (c *bodyCache) has(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.entries[key]
	return ok
}

// errUnbuilt is what those get who waited for a build that panicked.
var errUnbuilt = errors.New("the answer could not be built")

// get gives the body of that key and builds it if it is not there. However many ask at the same
// time, it is built once. A build that failed is tried again by whoever asks next.
func (c *bodyCache) get(key string, build func() (*body, error)) (*body, error) {
	e := c.entry(key)
	e.once.Do(func() {
		e.err = errUnbuilt
		defer func() { c.settle(e) }()
		e.body, e.err = build()
	})
	return e.body, e.err
}

func (c *bodyCache) entry(key string) *bodyEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[key]; ok {
		c.recent.MoveToFront(element)
		c.tally.hits++
		return element.Value.(*bodyEntry)
	}
	e := &bodyEntry{key: key}
	c.tally.misses++
	c.entries[key] = c.recent.PushFront(e)
	return e
}

// entryCost is about what an entry takes besides its bytes.
const entryCost = 512

// settle counts what was built and forgets what no longer fits. What is being built has no size yet
// and stays.
func (c *bodyCache) settle(e *bodyEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.err != nil {
		c.forget(e.key)
		return
	}
	e.body.grown = func(n int) { c.grow(e, n) }
	e.size = len(e.body.plain.bytes) + len(e.key) + entryCost
	c.bytes += e.size
	c.shrink()
}

// grow counts bytes that came to a body later.
func (c *bodyCache) grow(e *bodyEntry, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[e.key]; !ok || element.Value != any(e) {
		return // forgotten meanwhile
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
			c.forget(entry.key)
		}
		oldest = before
	}
}

func (c *bodyCache) forget(key string) {
	if element, ok := c.entries[key]; ok {
		entry := c.recent.Remove(element).(*bodyEntry)
		c.bytes -= entry.size
		delete(c.entries, key)
		if entry.body != nil && c.forgotten != nil {
			c.forgotten(entry.body)
		}
	}
}
