package exchange

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// PersonData is everything that is known of a Person at an Event.
type PersonData struct {
	Event          agenda.Event
	Person         agenda.Person
	Panels         []agenda.Panel // in which they have a part
	Availabilities []agenda.Availability
	Meetings       []agenda.Meeting
	Feeds          []agenda.Feed
	Links          []agenda.PersonalLink
	Visits         []agenda.Visit       // through these
	Mails          []agenda.Mail        // to them
	Said           map[agenda.ID]string // besides the answers to letters, by Mail; those to others are passed over
	Unwanted       []agenda.LetterTopic // of which they want no letters
	Steps          []agenda.MeetingStep // what they did to Meetings, and wrote with it
	StandIns       []agenda.StandIn     // in which they are the one or the other
	VouchedAddress string
	Settings       agenda.PersonalSettings // of their page
	Sources        []agenda.Source         // with the Origins of the Person alone
	Activities     []agenda.Activity
	Releases       []agenda.Release // in which they appear
	Elsewhere      int              // other Events in which they take part
	// WithoutMeetings: who asks may not see Meetings, so that neither these nor feeds nor the log of them are here.
	WithoutMeetings bool
}

// PersonDataFormat is what the first field of the document says.
const PersonDataFormat = "plenary-person"

type personDataObject struct {
	Format         string               `json:"format"`
	Version        int                  `json:"version"`
	Made           instant              `json:"made_at"`
	LeftOut        []string             `json:"left_out"`
	Event          personEventObject    `json:"event"`
	Person         personObject         `json:"person"`
	OtherEvents    int                  `json:"other_events"`
	Parts          []personPartObject   `json:"parts"`
	Availabilities []availabilityObject `json:"availabilities"`
	Meetings       []meetingObject      `json:"meetings"`
	Feeds          []personFeedObject   `json:"feeds"`
	Links          []personLinkObject   `json:"links"`
	Mails          []personMailObject   `json:"mails"`
	Unwanted       []agenda.LetterTopic `json:"unwanted_letters"`
	Steps          []personStepObject   `json:"meeting_history"`
	StandIns       []personStandIn      `json:"stand_ins"`
	Vouched        string               `json:"vouched_address,omitempty"`
	Page           personPageObject     `json:"personal_page"`
	Photos         []string             `json:"photos"` // names of files, in the draft and in releases
	Sources        []personSourceObject `json:"sources"`
	Releases       []personInRelease    `json:"releases"`
	Activities     []ActivityObject     `json:"activities"`
}

// personPageObject is what the person has set on their own page.
type personPageObject struct {
	Zone string `json:"zone,omitempty"`
	Seen int    `json:"seen_release"`
}

type personEventObject struct {
	ID   agenda.ID   `json:"id"`
	Slug string      `json:"slug"`
	Name agenda.Text `json:"name"`
}

type personPartObject struct {
	Panel        agenda.ID            `json:"panel"`
	Code         string               `json:"code"`
	Title        agenda.Text          `json:"title,omitempty"`
	Slot         *slotObject          `json:"slot,omitempty"`
	Intervention agenda.ID            `json:"intervention,omitempty"`
	Role         agenda.Role          `json:"role"`
	Status       agenda.SpeakerStatus `json:"status"`
}

// personFeedObject is a feed without what could open it.
type personFeedObject struct {
	ID        agenda.ID         `json:"id"`
	Name      string            `json:"name,omitempty"`
	Language  string            `json:"language,omitempty"`
	Detail    agenda.FeedDetail `json:"detail"`
	Meetings  bool              `json:"meetings"`
	Created   instant           `json:"created,omitzero"`
	LastFetch *instant          `json:"last_fetch,omitempty"`
	FetchedBy string            `json:"fetched_by,omitempty"`
	Revoked   *instant          `json:"revoked,omitempty"`
}

// personLinkObject is a personal link without what could open it.
type personLinkObject struct {
	ID       agenda.ID           `json:"id"`
	Mailed   bool                `json:"mailed"`
	Created  instant             `json:"created,omitzero"`
	Expires  instant             `json:"expires"`
	LastUsed *instant            `json:"last_used,omitempty"`
	Revoked  *instant            `json:"revoked,omitempty"`
	Visits   []personVisitObject `json:"visits"` // that have not ended
}

type personVisitObject struct {
	Created   instant  `json:"created,omitzero"`
	Expires   instant  `json:"expires"`
	Confirmed *instant `json:"confirmed,omitempty"`
}

type personSourceObject struct {
	Name   string   `json:"name"`
	Key    string   `json:"key"`
	Fields []string `json:"fields,omitempty"` // of which a hash is kept
}

// personMailObject is a letter to the person, without the link in it that could open its page.
type personMailObject struct {
	ID       agenda.ID         `json:"id"`
	Kind     agenda.MailKind   `json:"kind"`
	Status   agenda.MailStatus `json:"status"`
	To       string            `json:"to,omitempty"`
	Name     string            `json:"name"`
	Language string            `json:"language"`
	Subject  string            `json:"subject"`
	Body     []personMailPart  `json:"body"`
	Note     string            `json:"note,omitempty"`
	Calendar string            `json:"calendar,omitempty"`
	Created  instant           `json:"created"`
	Sent     *instant          `json:"sent,omitempty"`
	Opened   *instant          `json:"opened,omitempty"`
	Answered *instant          `json:"answered,omitempty"`
	Answer   string            `json:"answer,omitempty"`
	Said     string            `json:"answer_note,omitempty"` // by the person, besides the answer
	Fault    string            `json:"fault,omitempty"`
}

// personStepObject is something that the person did to a meeting.
type personStepObject struct {
	Meeting agenda.ID          `json:"meeting"`
	At      instant            `json:"at"`
	Deed    agenda.MeetingDeed `json:"deed"`
	Note    string             `json:"note,omitempty"`
}

// personStandIn is that somebody takes part in a meeting in the place of the person, or the person of somebody: of whom, it is not
// said.
type personStandIn struct {
	Meeting  agenda.ID           `json:"meeting"`
	Replaced bool                `json:"replaced"` // it is the person who is out of the meeting
	Role     agenda.DelegateRole `json:"role"`
	Was      agenda.DelegateRole `json:"role_before,omitempty"`
	Note     string              `json:"note,omitempty"`
	Created  instant             `json:"created"`
}

type personMailPart struct {
	Heading string   `json:"heading,omitempty"`
	Lines   []string `json:"lines,omitempty"`
	URL     string   `json:"url,omitempty"`
}

type personInRelease struct {
	Number    int          `json:"number"`
	Published instant      `json:"published_at"`
	Person    personObject `json:"person"`
}

// ActivityObject is an Activity in Plenary's own format.
type ActivityObject struct {
	ID      agenda.ID                  `json:"id"`
	At      string                     `json:"at"`
	Event   agenda.ID                  `json:"event,omitempty"`
	Actor   ActivityActor              `json:"actor"`
	Address string                     `json:"address,omitempty"`
	Verb    string                     `json:"verb"`
	Outcome agenda.Outcome             `json:"outcome"`
	Subject agenda.ID                  `json:"subject,omitempty"`
	Summary string                     `json:"summary"`
	Before  map[string]json.RawMessage `json:"before,omitempty"`
	After   map[string]json.RawMessage `json:"after,omitempty"`
}

// ActivityActor is who did something.
type ActivityActor struct {
	Kind agenda.ActorKind `json:"kind"`
	ID   agenda.ID        `json:"id,omitempty"`
	Name string           `json:"name"`
}

// ActivityOf gives an Activity in Plenary's own format.
func ActivityOf(a agenda.Activity) ActivityObject {
	return ActivityObject{ID: a.ID, At: a.At.UTC().Format(instantLayout), Event: a.EventID,
		Actor: ActivityActor{a.ActorKind, a.ActorID, a.ActorName}, Address: a.Address, Verb: a.Verb, Outcome: a.Outcome,
		Subject: a.Subject, Summary: a.Summary, Before: rawFields(a.Before), After: rawFields(a.After)}
}

// EncodePersonData writes all that is known of a Person as JSON. What was left out it says.
func EncodePersonData(w io.Writer, d PersonData, made time.Time) error {
	p := pen{zone: d.Event.Location()}
	o := personDataObject{Format: PersonDataFormat, Version: 1, Made: instant(made), LeftOut: []string{},
		Event: personEventObject{d.Event.ID, d.Event.Slug, d.Event.Name}, Person: personOf(d.Person), OtherEvents: d.Elsewhere,
		Parts: []personPartObject{}, Availabilities: list(d.Availabilities, p.availability), Meetings: list(d.Meetings, p.meeting),
		Feeds: list(d.Feeds, personFeedOf), Activities: list(d.Activities, ActivityOf), Sources: []personSourceObject{},
		Releases: []personInRelease{}, Vouched: d.VouchedAddress, Photos: d.photos(), Page: personPageObject{d.Settings.Zone, d.Settings.Seen},
		Links: list(d.Links, d.link), Mails: list(d.Mails, d.mail), Unwanted: append([]agenda.LetterTopic{}, d.Unwanted...),
		Steps: list(d.Steps, personStepOf), StandIns: list(d.StandIns, d.standIn)}
	if d.WithoutMeetings {
		o.LeftOut = append(o.LeftOut, "Meetings, letters about them and personal feeds: whoever made this document may not see them. Somebody who may can make it whole.")
	}
	for _, panel := range d.Panels {
		o.Parts = append(o.Parts, p.parts(panel, d.Person.ID)...)
	}
	for _, s := range d.Sources {
		for _, origin := range s.Origins {
			said := personSourceObject{Name: s.Name, Key: origin.Key}
			for field := range origin.Said {
				said.Fields = append(said.Fields, field)
			}
			slices.Sort(said.Fields)
			o.Sources = append(o.Sources, said)
		}
	}
	for _, r := range d.Releases {
		if person, ok := r.Snapshot.Person(d.Person.ID); ok {
			o.Releases = append(o.Releases, personInRelease{r.Number, instant(r.Published), personOf(person)})
		}
	}
	return encodeJSON(w, o, "  ")
}

// list turns every item of a list, which is never null.
func list[A, B any](items []A, turn func(A) B) []B { return append([]B{}, each(items, turn)...) }

func personFeedOf(f agenda.Feed) personFeedObject {
	return personFeedObject{ID: f.ID, Name: f.Name, Language: f.Language, Detail: f.Detail, Meetings: f.Meetings,
		Created: instant(f.Created), LastFetch: instantPointer(f.LastFetch), FetchedBy: f.FetchedBy, Revoked: instantPointer(f.Revoked)}
}

func (d PersonData) mail(m agenda.Mail) personMailObject {
	return personMailObject{ID: m.ID, Kind: m.Kind, Status: m.Status, To: m.To, Name: m.Name, Language: m.Language, Subject: m.Subject,
		Body: list(m.Body, func(p agenda.MailPart) personMailPart { return personMailPart(p) }), Note: m.Note, Calendar: string(m.Calendar),
		Created: instant(m.Created), Sent: instantPointer(m.Sent), Opened: instantPointer(m.Opened), Answered: instantPointer(m.Answered),
		Answer: m.Answer, Said: d.Said[m.ID], Fault: m.Fault}
}

func personStepOf(s agenda.MeetingStep) personStepObject {
	return personStepObject{Meeting: s.MeetingID, At: instant(s.At), Deed: s.Deed, Note: s.Note}
}

func (d PersonData) standIn(s agenda.StandIn) personStandIn {
	o := personStandIn{Meeting: s.MeetingID, Replaced: s.OldID == d.Person.ID, Role: s.Role, Note: s.Note, Created: instant(s.Created)}
	if !o.Replaced {
		o.Was = s.Was
	}
	return o
}

func (d PersonData) link(l agenda.PersonalLink) personLinkObject {
	o := personLinkObject{ID: l.ID, Mailed: l.Mailed, Created: instant(l.Created), Expires: instant(l.Expires), LastUsed: instantPointer(l.LastUsed),
		Revoked: instantPointer(l.Revoked), Visits: []personVisitObject{}}
	for _, v := range d.Visits {
		if v.LinkID == l.ID {
			o.Visits = append(o.Visits, personVisitObject{instant(v.Created), instant(v.Expires), instantPointer(v.Confirmed)})
		}
	}
	return o
}

// photos gives the names of the files that show the person, each once.
func (d PersonData) photos() []string {
	names := []string{}
	add := func(p agenda.Person) {
		if p.Photo != "" && !slices.Contains(names, p.Photo) {
			names = append(names, p.Photo)
		}
	}
	add(d.Person)
	for _, r := range d.Releases {
		if p, ok := r.Snapshot.Person(d.Person.ID); ok {
			add(p)
		}
	}
	return names
}

// parts gives what the person has to do in a panel.
func (p pen) parts(panel agenda.Panel, person agenda.ID) []personPartObject {
	var parts []personPartObject
	add := func(speakers []agenda.Speaker, intervention agenda.ID) {
		for _, s := range speakers {
			if s.PersonID == person {
				parts = append(parts, personPartObject{panel.ID, panel.Code, panel.Title, p.slot(panel.Slot), intervention, s.Role, s.Status})
			}
		}
	}
	add(panel.Speakers, "")
	for _, v := range panel.Interventions {
		add(v.Speakers, v.ID)
	}
	return parts
}

// ActivityCSV writes entries of the log as a table, with what [PanelsCSV] says of CSV. Each gives one entry after the
// other to its argument.
func ActivityCSV(w io.Writer, each func(func(agenda.Activity) error) error) error {
	out, err := newCSV(w, "at", "event", "verb", "outcome", "subject", "summary", "actor_kind", "actor_id", "actor", "address", "before", "after", "id")
	if err != nil {
		return err
	}
	err = each(func(a agenda.Activity) error {
		return out.row(a.At.UTC().Format(instantLayout), string(a.EventID), a.Verb, string(a.Outcome), string(a.Subject), a.Summary,
			string(a.ActorKind), string(a.ActorID), a.ActorName, a.Address, fieldsText(a.Before), fieldsText(a.After), string(a.ID))
	})
	if err != nil {
		return err
	}
	return out.flush()
}

// fieldsText gives fields as one text.
func fieldsText(f agenda.Fields) string {
	if len(f) == 0 {
		return ""
	}
	text, err := textOf(rawFields(f))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(text)
}
