package exchange

import (
	"encoding/json"
	"time"

	"plenary/internal/agenda"
)

// The objects of Plenary's own format. Each has the fields of the noun it is named after, but for
// the EventID, which is the same everywhere in a file. Empty fields are left out.

type bundleObject struct {
	Format         string               `json:"format"`
	Version        int                  `json:"version"`
	Event          eventObject          `json:"event"`
	Rooms          []roomObject         `json:"rooms,omitempty"`
	Tracks         []trackObject        `json:"tracks,omitempty"`
	People         []personObject       `json:"people,omitempty"`
	Panels         []panelObject        `json:"panels,omitempty"`
	Availabilities []availabilityObject `json:"availabilities,omitempty"`
	Meetings       []meetingObject      `json:"meetings,omitempty"`
	MeetingSteps   []meetingStepObject  `json:"meeting_steps,omitempty"`
	MeetingRules   *meetingRulesObject  `json:"meeting_rules,omitempty"`
	LetterRule     *letterRuleObject    `json:"letter_rule,omitempty"`
	StandIns       []standInObject      `json:"stand_ins,omitempty"`
	Stamps         []stampObject        `json:"stamps,omitempty"`
	Feeds          []feedObject         `json:"feeds,omitempty"`
	Sources        []sourceObject       `json:"sources,omitempty"`
	Releases       []releaseObject      `json:"releases,omitempty"`
}

type snapshotObject struct {
	Event   eventObject    `json:"event"`
	Rooms   []roomObject   `json:"rooms,omitempty"`
	Tracks  []trackObject  `json:"tracks,omitempty"`
	People  []personObject `json:"people,omitempty"`
	Panels  []panelObject  `json:"panels,omitempty"`
	Removed []panelObject  `json:"removed,omitempty"`
}

type releaseObject struct {
	ID        agenda.ID      `json:"id"`
	Number    int            `json:"number"`
	Published instant        `json:"published_at,omitzero"`
	By        string         `json:"by,omitempty"`
	Note      agenda.Text    `json:"note,omitempty"`
	Snapshot  snapshotObject `json:"snapshot"`
	Erasures  int            `json:"erasures,omitempty"`
	Erased    instant        `json:"erased_at,omitzero"`
}

type history struct {
	Revision int     `json:"revision,omitempty"`
	Created  instant `json:"created,omitzero"`
	Updated  instant `json:"updated,omitzero"`
}

type eventObject struct {
	ID            agenda.ID   `json:"id"`
	Slug          string      `json:"slug"`
	Name          agenda.Text `json:"name,omitempty"`
	Description   agenda.Text `json:"description,omitempty"`
	Zone          string      `json:"zone"`
	StartDate     agenda.Date `json:"start_date"`
	EndDate       agenda.Date `json:"end_date"`
	Languages     []string    `json:"languages,omitempty"`
	Venue         venueObject `json:"venue,omitzero"`
	Website       string      `json:"website,omitempty"`
	Accent        string      `json:"accent,omitempty"`
	BufferMinutes int         `json:"buffer_minutes,omitempty"`
	Frame         frameObject `json:"meeting_frame,omitzero"`
	history
}

// frameObject is what organizers say of the times of Meetings: never in a Release.
type frameObject struct {
	From        string `json:"from,omitempty"`
	Until       string `json:"until,omitempty"`
	Turnaround  int    `json:"turnaround_minutes,omitempty"`
	WorkMinutes int    `json:"work_minutes,omitempty"`
	RestMinutes int    `json:"rest_minutes,omitempty"`
}

type venueObject struct {
	Name      agenda.Text `json:"name,omitempty"`
	Address   agenda.Text `json:"address,omitempty"`
	Country   string      `json:"country,omitempty"`
	Latitude  *float64    `json:"latitude,omitempty"`
	Longitude *float64    `json:"longitude,omitempty"`
}

// IsZero says whether there is nothing to write.
func (v venueObject) IsZero() bool {
	return len(v.Name) == 0 && len(v.Address) == 0 && v.Country == "" && v.Latitude == nil && v.Longitude == nil
}

type roomObject struct {
	ID          agenda.ID       `json:"id"`
	Serial      int             `json:"serial,omitempty"`
	Name        agenda.Text     `json:"name,omitempty"`
	Description agenda.Text     `json:"description,omitempty"`
	Kind        agenda.RoomKind `json:"kind"`
	Capacity    int             `json:"capacity,omitempty"`
	Position    int             `json:"position,omitempty"`
	Parallel    bool            `json:"parallel,omitempty"`
	Walks       []walkObject    `json:"walks,omitempty"`
	Turnaround  *int            `json:"turnaround_minutes,omitempty"`
	history
}

type walkObject struct {
	To      agenda.ID `json:"to"`
	Minutes int       `json:"minutes"`
}

type trackObject struct {
	ID          agenda.ID   `json:"id"`
	Serial      int         `json:"serial,omitempty"`
	Name        agenda.Text `json:"name,omitempty"`
	Description agenda.Text `json:"description,omitempty"`
	Color       string      `json:"color,omitempty"`
	Position    int         `json:"position,omitempty"`
	history
}

type personObject struct {
	ID           agenda.ID   `json:"id"`
	Serial       int         `json:"serial,omitempty"`
	Name         string      `json:"name"`
	Honorific    agenda.Text `json:"honorific,omitempty"`
	JobTitle     agenda.Text `json:"job_title,omitempty"`
	Organization agenda.Text `json:"organization,omitempty"`
	Country      string      `json:"country,omitempty"`
	Bio          agenda.Text `json:"bio,omitempty"`
	PhotoURL     string      `json:"photo_url,omitempty"`
	Photo        string      `json:"photo,omitempty"`
	Email        string      `json:"email,omitempty"`
	Notes        string      `json:"notes,omitempty"`
	Languages    []string    `json:"languages,omitempty"`
	Interprets   []string    `json:"interprets,omitempty"`
	Before       int         `json:"buffer_before,omitempty"`
	After        int         `json:"buffer_after,omitempty"`
	Erased       instant     `json:"erased_at,omitzero"`
	history
}

type panelObject struct {
	ID             agenda.ID            `json:"id"`
	Serial         int                  `json:"serial,omitempty"`
	UID            string               `json:"uid"`
	Code           string               `json:"code"`
	Number         int                  `json:"number,omitempty"`
	Format         agenda.Format        `json:"format"`
	Title          agenda.Text          `json:"title,omitempty"`
	Abstract       agenda.Text          `json:"abstract,omitempty"`
	Track          agenda.ID            `json:"track,omitempty"`
	Slot           *slotObject          `json:"slot,omitempty"`
	AllRooms       bool                 `json:"all_rooms,omitempty"`
	Language       string               `json:"language,omitempty"`
	Interpretation []string             `json:"interpretation,omitempty"`
	StreamURL      string               `json:"stream_url,omitempty"`
	Audience       int                  `json:"audience,omitempty"`
	Cancelled      bool                 `json:"cancelled,omitempty"`
	CancelNote     agenda.Text          `json:"cancel_note,omitempty"`
	ReplacedBy     agenda.ID            `json:"replaced_by,omitempty"`
	Notes          string               `json:"notes,omitempty"`
	Speakers       []speakerObject      `json:"speakers,omitempty"`
	Interventions  []interventionObject `json:"interventions,omitempty"`
	Materials      []materialObject     `json:"materials,omitempty"`
	history
}

// materialObject names a file, which is not in the document: a Bundle has none (see [Bundle]).
type materialObject struct {
	ID        agenda.ID `json:"id"`
	File      string    `json:"file"`
	Title     string    `json:"title,omitempty"`
	FileName  string    `json:"file_name,omitempty"`
	MediaType string    `json:"type,omitempty"`
	Size      int       `json:"size,omitempty"`
	Public    bool      `json:"public,omitempty"`
	Created   instant   `json:"created,omitzero"`
}

type slotObject struct {
	Room  agenda.ID `json:"room,omitempty"`
	Start string    `json:"start"`
	End   string    `json:"end"`
}

type speakerObject struct {
	Person agenda.ID            `json:"person"`
	Role   agenda.Role          `json:"role"`
	Status agenda.SpeakerStatus `json:"status"`
}

type interventionObject struct {
	ID       agenda.ID       `json:"id"`
	Title    agenda.Text     `json:"title,omitempty"`
	Abstract agenda.Text     `json:"abstract,omitempty"`
	Offset   *int            `json:"offset,omitempty"`
	Minutes  int             `json:"minutes,omitempty"`
	Speakers []speakerObject `json:"speakers,omitempty"`
}

type availabilityObject struct {
	ID       agenda.ID      `json:"id"`
	Resource resourceObject `json:"resource"`
	Start    string         `json:"start"`
	End      string         `json:"end"`
	Note     string         `json:"note,omitempty"`
	history
}

type resourceObject struct {
	Kind agenda.ResourceKind `json:"kind"`
	ID   agenda.ID           `json:"id"`
}

type meetingObject struct {
	ID         agenda.ID            `json:"id"`
	UID        string               `json:"uid"`
	Topic      agenda.Text          `json:"topic,omitempty"`
	Status     agenda.MeetingStatus `json:"status"`
	Visibility agenda.Visibility    `json:"visibility"`
	Slot       *slotObject          `json:"slot,omitempty"`
	Sides      []delegationObject   `json:"sides"`
	Notes      string               `json:"notes,omitempty"`
	Times      []meetingTimeObject  `json:"times,omitempty"`
	Turn       int                  `json:"turn,omitempty"`
	Expires    instant              `json:"expires,omitzero"`
	Quorum     agenda.Quorum        `json:"quorum,omitempty"` // none: the principals
	Firm       bool                 `json:"firm,omitempty"`
	history
}

type meetingTimeObject struct {
	Side  int    `json:"side"`
	Start string `json:"start"`
	End   string `json:"end"`
}

type meetingStepObject struct {
	ID      agenda.ID           `json:"id"`
	Meeting agenda.ID           `json:"meeting"`
	At      instant             `json:"at"`
	Party   agenda.MeetingParty `json:"party"`
	Person  agenda.ID           `json:"person,omitempty"`
	Deed    agenda.MeetingDeed  `json:"deed"`
	Note    string              `json:"note,omitempty"`
}

type meetingRulesObject struct {
	Closed   bool    `json:"closed,omitempty"`
	Hours    int     `json:"answer_hours"`
	Open     int     `json:"open_requests,omitempty"`
	PerDay   int     `json:"accepted_per_day,omitempty"`
	Halls    bool    `json:"halls,omitempty"`
	Revision int     `json:"revision"`
	Updated  instant `json:"updated"`
}

type letterRuleObject struct {
	Mode         agenda.LetterMode `json:"mode"`
	Delay        int               `json:"delay"`
	Small        int               `json:"small"`
	Leads        []int             `json:"leads,omitempty"`
	HoldMeetings bool              `json:"hold_meetings,omitempty"`
	Revision     int               `json:"revision"`
}

type delegationObject struct {
	Name      agenda.Text      `json:"name,omitempty"`
	Languages []string         `json:"languages,omitempty"`
	Delegates []delegateObject `json:"delegates,omitempty"`
}

type delegateObject struct {
	Person agenda.ID           `json:"person"`
	Role   agenda.DelegateRole `json:"role"`
	Answer agenda.Answer       `json:"answer"`
}

type standInObject struct {
	ID      agenda.ID           `json:"id"`
	Meeting agenda.ID           `json:"meeting"`
	Old     agenda.ID           `json:"old"`
	New     agenda.ID           `json:"new"`
	Role    agenda.DelegateRole `json:"role"`
	Was     agenda.DelegateRole `json:"was,omitempty"`
	Note    string              `json:"note,omitempty"`
	By      string              `json:"by,omitempty"`
	Created instant             `json:"created,omitzero"`
}

type feedObject struct {
	ID        agenda.ID             `json:"id"`
	Kind      agenda.FeedKind       `json:"kind"`
	Person    agenda.ID             `json:"person,omitempty"`
	Name      string                `json:"name,omitempty"`
	Hash      string                `json:"hash"`
	KeyHash   string                `json:"key_hash,omitempty"`
	Turn      int                   `json:"turn,omitempty"`
	Language  string                `json:"language,omitempty"`
	Alarm     *int                  `json:"alarm,omitempty"`
	Detail    agenda.FeedDetail     `json:"detail"`
	Meetings  bool                  `json:"meetings,omitempty"`
	Unmailed  bool                  `json:"without_mailed,omitempty"`
	Whole     bool                  `json:"whole_event,omitempty"`
	Cancelled agenda.CancelledItems `json:"cancelled"`
	Panels    []string              `json:"panels,omitempty"`
	Revision  int                   `json:"revision"`
	Changed   instant               `json:"changed,omitzero"`
	Content   string                `json:"content,omitempty"`
	Modified  instant               `json:"modified,omitzero"`
	LastFetch *instant              `json:"last_fetch,omitempty"`
	FetchedBy string                `json:"fetched_by,omitempty"`
	Revoked   *instant              `json:"revoked,omitempty"`
	Created   instant               `json:"created,omitzero"`
}

type stampObject struct {
	UID       string         `json:"uid"`
	Variant   agenda.Variant `json:"variant"`
	Sequence  int            `json:"sequence"`
	Created   instant        `json:"created,omitzero"`
	Modified  instant        `json:"modified,omitzero"`
	Cancelled *instant       `json:"cancelled,omitempty"`
	Content   string         `json:"content,omitempty"`
	Place     string         `json:"place,omitempty"`
}

type sourceObject struct {
	Name     string         `json:"name"`
	Format   string         `json:"format"`
	Language string         `json:"language,omitempty"`
	Mapping  string         `json:"mapping,omitempty"`
	Imported instant        `json:"imported,omitzero"`
	Origins  []originObject `json:"origins,omitempty"`
}

type originObject struct {
	Kind agenda.OriginKind `json:"kind"`
	Key  string            `json:"key"`
	ID   agenda.ID         `json:"id"`
	Said map[string]string `json:"said,omitempty"`
	Gone bool              `json:"gone,omitempty"`
}

// instant is a point in time that happened: RFC 3339 in UTC with milliseconds, and more digits only
// where the time has them.
type instant time.Time

const instantLayout = "2006-01-02T15:04:05.000Z07:00"

// IsZero says whether there is no time to write.
func (t instant) IsZero() bool { return time.Time(t).IsZero() }

// MarshalJSON writes the time.
func (t instant) MarshalJSON() ([]byte, error) {
	at, layout := time.Time(t).UTC(), instantLayout
	if at.Nanosecond()%int(time.Millisecond) != 0 {
		layout = time.RFC3339Nano
	}
	return json.Marshal(at.Format(layout))
}

// UnmarshalText reads the time.
func (t *instant) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.RFC3339, string(text))
	at = at.UTC()
	// Years that need more or fewer than four digits could not be written again.
	if err != nil || at.Year() < 1970 || at.Year() > 9998 {
		return agenda.Errorf(agenda.Invalid, "is not a time such as 2025-10-20T03:00:00.000Z")
	}
	*t = instant(at)
	return nil
}

func instantPointer(at *time.Time) *instant {
	if at == nil {
		return nil
	}
	t := instant(*at)
	return &t
}

func timePointer(at *instant) *time.Time {
	if at == nil {
		return nil
	}
	t := time.Time(*at)
	return &t
}

func historyOf(revision int, created, updated time.Time) history {
	return history{Revision: revision, Created: instant(created), Updated: instant(updated)}
}
