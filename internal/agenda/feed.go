package agenda

import (
	"slices"
	"strings"
	"time"
)

// FeedScopeKind says by what a calendar feed chooses its entries.
type FeedScopeKind string

// The kinds of scope. All but the first name a thing by its ID; the last two are of personal feeds.
const (
	FeedOfEvent   FeedScopeKind = "event"
	FeedOfPanel   FeedScopeKind = "panel"
	FeedOfTrack   FeedScopeKind = "track"
	FeedOfRoom    FeedScopeKind = "room" // with the Panels that span all halls, if the Room is one
	FeedOfSpeaker FeedScopeKind = "speaker"
	FeedOfStars   FeedScopeKind = "stars" // the Panels that somebody chose
)

// FeedScope is what a feed holds of the agenda. What its ID names need not be there: the feed is
// empty then.
type FeedScope struct {
	Kind FeedScopeKind
	ID   ID // of what the Kind says; "" for the Event
}

// String gives the scope as it is stored: "room:" and the ID.
func (s FeedScope) String() string {
	if s.Kind == FeedOfEvent {
		return string(s.Kind)
	}
	return string(s.Kind) + ":" + string(s.ID)
}

// ParseFeedScope reads what String gives.
func ParseFeedScope(s string) (FeedScope, bool) {
	kind, id, named := strings.Cut(s, ":")
	scope := FeedScope{Kind: FeedScopeKind(kind), ID: ID(id)}
	return scope, named != (scope.Kind == FeedOfEvent)
}

// CancelledItems says what becomes of cancelled entries in a feed.
type CancelledItems string

// What can become of them, for seven days after their end.
const (
	PrefixCancelled CancelledItems = "prefix" // they say so in STATUS and before the title: every client shows it
	KeepCancelled   CancelledItems = "keep"   // they say so in STATUS: clients strike them through, hide or ignore it
	HideCancelled   CancelledItems = "hide"   // they leave at once
)

// CancelledItemsChoices lists the choices, the default first.
var CancelledItemsChoices = []CancelledItems{PrefixCancelled, KeepCancelled, HideCancelled}

// FeedDetail says how much a personal feed tells of its entries.
type FeedDetail string

// The details.
const (
	FullDetail FeedDetail = "full"
	BusyOnly   FeedDetail = "busy" // when, and that one is busy
)

// FeedDetails lists the details, the default first.
var FeedDetails = []FeedDetail{FullDetail, BusyOnly}

// FeedKind says whose a feed with a secret is.
type FeedKind string

// The kinds of feed that have a secret. All other feeds are public and are not stored.
const (
	PersonalFeed FeedKind = "personal" // the Panels and Meetings of one Person
	StarredFeed  FeedKind = "starred"  // the Panels that an attendee without an account chose
)

// FeedSettings are what its owner can set of a feed with a secret.
type FeedSettings struct {
	Name     string // "Phone of the minister's office"
	Language string // "": the Event's first
	Alarm    *int   // minutes before the start at which to remind; nil: never
	Detail   FeedDetail
	Meetings bool // a PersonalFeed has the Person's Meetings
	// WithoutMailed leaves those out to which the Person was invited by mail: their calendar has them from there.
	WithoutMailed bool
	Whole         bool // it has the Event itself, as an entry of whole days that occupies nobody
	Cancelled     CancelledItems
	Panels        []ID // of a StarredFeed, sorted
}

// MaxAlarm is the earliest reminder, in minutes before the start: a week.
const MaxAlarm = 7 * 24 * 60

// MaxStars is how many Panels one StarredFeed may have.
const MaxStars = 1000

// Feed is a calendar subscription whose address is a secret. Only the hash of the secret is kept.
type Feed struct {
	ID       ID
	EventID  ID
	Kind     FeedKind
	PersonID ID     // of a PersonalFeed; "" once the Person left
	Hash     string // SHA-256 of the secret, hexadecimal
	KeyHash  string // of a StarredFeed: the same of the key that may change it
	Turn     int    // how often its address was rotated
	FeedSettings
	Revision  int
	Changed   time.Time // when the settings changed in a way that its entries show; whole seconds, zero: never
	Content   string    // hash of the body that was last made
	Modified  time.Time // when that hash last changed; whole seconds, zero before the first fetch
	LastFetch *time.Time
	FetchedBy string // User-Agent of the last fetch
	Revoked   *time.Time
	Created   time.Time
}

// Scope gives what the Feed holds of the agenda.
func (f Feed) Scope() FeedScope {
	if f.Kind == StarredFeed {
		return FeedScope{Kind: FeedOfStars, ID: f.ID}
	}
	return FeedScope{Kind: FeedOfSpeaker, ID: f.PersonID}
}

// Clean tidies what was typed and fills in the defaults.
func (s *FeedSettings) Clean() {
	s.Name = CleanLine(s.Name)
	if s.Detail == "" {
		s.Detail = FullDetail
	}
	if s.Cancelled == "" {
		s.Cancelled = PrefixCancelled
	}
	s.Panels = slices.Clone(s.Panels)
	slices.Sort(s.Panels)
	s.Panels = slices.Compact(s.Panels)
}

// Tells says whether entries look the same under other settings: whether only the choice of entries
// differs, or what the owner calls the feed.
func (s FeedSettings) Tells(o FeedSettings) bool {
	sameAlarm := s.Alarm == nil && o.Alarm == nil || s.Alarm != nil && o.Alarm != nil && *s.Alarm == *o.Alarm
	return sameAlarm && s.Language == o.Language && s.Detail == o.Detail && s.Cancelled == o.Cancelled
}

// Check says everything that is wrong with the Feed at once.
func (f Feed) Check() error {
	var faults Faults
	CheckString(&faults, "/name", f.Name, MaxName)
	if f.Language != "" {
		faults.Merge("/language", CheckLanguage(f.Language))
	}
	if f.Alarm != nil {
		checkRange(&faults, "/alarm", *f.Alarm, 0, MaxAlarm)
	}
	checkOneOf(&faults, "/detail", f.Detail, FeedDetails)
	checkOneOf(&faults, "/cancelled", f.Cancelled, CancelledItemsChoices)
	switch {
	case f.Kind == PersonalFeed && f.PersonID == "" && f.Revoked == nil:
		faults.Add("/person", "is needed")
	case f.Kind == PersonalFeed && len(f.Panels) > 0:
		faults.Add("/panels", "are chosen for starred feeds only")
	case len(f.Panels) > MaxStars:
		faults.Add("/panels", "has %d panels, at most %d fit", len(f.Panels), MaxStars)
	}
	return faults.Err("feed")
}
