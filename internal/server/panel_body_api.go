package server

import (
	"errors"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// panelBody is a Panel in the API.
type panelBody struct {
	ID             string             `json:"id" readOnly:"true" doc:"Identifies the panel for ever."`
	UID            string             `json:"uid" readOnly:"true" doc:"Identifies its entry in every calendar (RFC 5545, 3.8.4.7)."`
	Code           string             `json:"code" required:"false" maxLength:"12" doc:"Short and unique in the event, for people and URLs: 3 to 12 capital letters and digits. When it is left out, one is made." example:"K7Q2ZD"`
	Number         int                `json:"number,omitempty" minimum:"0" maximum:"100000" doc:"The number of a numbered panel." example:"1"`
	Label          textBody           `json:"label,omitempty" readOnly:"true" doc:"How a numbered panel is called, by language: Panel 1."`
	Format         string             `json:"format" enum:"panel,keynote,talk,roundtable,workshop,ceremony,social,break" doc:"The kind of panel. A break is one too."`
	Title          textBody           `json:"title" doc:"The panel's title, by language." example:"{\"en\": \"Trustworthy AI\", \"fr\": \"Une IA de confiance\"}"`
	Abstract       textBody           `json:"abstract,omitempty" doc:"What the panel is about, by language. Markdown (CommonMark) without HTML."`
	Track          string             `json:"track,omitempty" maxLength:"100" doc:"Id of its track."`
	Slot           *slotBody          `json:"slot,omitempty" doc:"Where and when; left out when the panel is unscheduled."`
	AllRooms       bool               `json:"all_rooms" required:"false" doc:"It spans every hall, as a plenary or a lunch does."`
	Language       string             `json:"language,omitempty" maxLength:"35" doc:"Language that is spoken, a BCP 47 tag." example:"en"`
	Interpretation []string           `json:"interpretation" required:"false" maxItems:"40" doc:"Languages that it is interpreted into, as BCP 47 tags." example:"[\"fr\", \"vi\"]"`
	StreamURL      string             `json:"stream_url,omitempty" maxLength:"2000" doc:"Where to watch it." example:"https://example.org/live"`
	Audience       int                `json:"audience,omitempty" minimum:"0" maximum:"1000000" doc:"People expected, for organizers." example:"120"`
	Cancelled      bool               `json:"cancelled" required:"false" doc:"It does not take place."`
	CancelNote     textBody           `json:"cancel_note,omitempty" doc:"Why it does not take place, for the public, by language."`
	ReplacedBy     string             `json:"replaced_by,omitempty" maxLength:"100" doc:"Id of the panel of the event that takes place instead. The public is told of it while this one is cancelled and both are published."`
	Notes          string             `json:"notes,omitempty" maxLength:"20000" doc:"For organizers, never public."`
	Speakers       []speakerBody      `json:"speakers" required:"false" maxItems:"500" doc:"Who takes part, in order."`
	Interventions  []interventionBody `json:"interventions" required:"false" maxItems:"500" doc:"Its contributions, in order."`
	Materials      []materialBody     `json:"materials" readOnly:"true" doc:"Its slides, papers and the like, oldest first. They have operations of their own, which change the panel's revision."`
	Revision       int                `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created        time.Time          `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated        time.Time          `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
	Conflicts      []conflictBody     `json:"conflicts,omitzero" readOnly:"true" doc:"What it collides with now. Lists leave it out."`
}

// speakerBody is a Person's part in a Panel.
type speakerBody struct {
	Person string `json:"person" maxLength:"100" doc:"Id of the person."`
	Role   string `json:"role" enum:"moderator,panelist,speaker,chair,host,rapporteur,interpreter" doc:"What the person does."`
	Status string `json:"status" required:"false" default:"invited" enum:"invited,confirmed,declined,cancelled" doc:"How sure it is that the person comes. The public sees confirmed ones only."`
}

// interventionBody is a contribution inside a Panel.
type interventionBody struct {
	ID       string        `json:"id" required:"false" maxLength:"100" pattern:"^[0-9A-Za-z-]*$" doc:"Identifies the contribution for ever. Left out, or unknown to the panel, it is a new one."`
	Title    textBody      `json:"title" doc:"Its title, by language." example:"{\"en\": \"Opening remarks\"}"`
	Abstract textBody      `json:"abstract,omitempty" doc:"What it is about, by language. Markdown (CommonMark) without HTML."`
	Offset   *int          `json:"offset,omitempty" minimum:"0" maximum:"2160" doc:"Minutes after the panel's start; left out, it follows the one before." example:"15"`
	Minutes  int           `json:"minutes,omitempty" minimum:"0" maximum:"2160" doc:"How long it takes, when planned." example:"10"`
	Speakers []speakerBody `json:"speakers" required:"false" maxItems:"500" doc:"Who takes part, in order."`
}

func newPanelBody(p agenda.Panel) panelBody {
	return panelBody{ID: string(p.ID), UID: p.UID, Code: p.Code, Number: p.Number, Label: textBody(p.Label()), Format: string(p.Format),
		Title: textBody(p.Title), Abstract: textBody(p.Abstract), Track: string(p.TrackID), Slot: newSlotBody(p.Slot),
		AllRooms: p.AllRooms, Language: p.Language, Interpretation: filled(p.Interpretation), StreamURL: p.StreamURL,
		Audience: p.Audience, Cancelled: p.Cancelled, CancelNote: textBody(p.CancelNote), ReplacedBy: string(p.ReplacedBy), Notes: p.Notes,
		Speakers: bodies(p.Speakers, newSpeakerBody), Interventions: bodies(p.Interventions, newInterventionBody),
		Materials: bodies(p.Materials, newMaterialBody),
		Revision:  p.Revision, Created: p.Created.UTC(), Updated: p.Updated.UTC()}
}

// panelResult is a Panel with its conflicts.
func panelResult(r app.PanelResult) panelBody {
	b := newPanelBody(r.Panel)
	b.Conflicts = conflictBodies(r.Event.Location(), r.Conflicts)
	return b
}

func newSpeakerBody(s agenda.Speaker) speakerBody {
	return speakerBody{string(s.PersonID), string(s.Role), string(s.Status)}
}

func newInterventionBody(v agenda.Intervention) interventionBody {
	return interventionBody{ID: string(v.ID), Title: textBody(v.Title), Abstract: textBody(v.Abstract), Offset: v.Offset,
		Minutes: v.Minutes, Speakers: bodies(v.Speakers, newSpeakerBody)}
}

func (b panelBody) panel(id agenda.ID) agenda.Panel {
	p := agenda.Panel{ID: id, Code: b.Code, Number: b.Number, Format: agenda.Format(b.Format), Title: textOf(b.Title),
		Abstract: textOf(b.Abstract), TrackID: agenda.ID(b.Track), AllRooms: b.AllRooms, Language: b.Language,
		Interpretation: b.Interpretation, StreamURL: b.StreamURL, Audience: b.Audience, Cancelled: b.Cancelled,
		CancelNote: textOf(b.CancelNote), ReplacedBy: agenda.ID(b.ReplacedBy), Notes: b.Notes, Speakers: speakersOf(b.Speakers)}
	for _, v := range b.Interventions {
		p.Interventions = append(p.Interventions, agenda.Intervention{ID: agenda.ID(v.ID), Title: textOf(v.Title),
			Abstract: textOf(v.Abstract), Offset: v.Offset, Minutes: v.Minutes, Speakers: speakersOf(v.Speakers)})
	}
	return p
}

func speakersOf(list []speakerBody) []agenda.Speaker {
	var speakers []agenda.Speaker
	for _, s := range list {
		speakers = append(speakers, agenda.Speaker{PersonID: agenda.ID(s.Person), Role: agenda.Role(s.Role), Status: agenda.SpeakerStatus(s.Status)})
	}
	return speakers
}

// repoint gives the error with its pointers below one place moved to another: a body that holds a
// part of a noun has other names for the same things.
func repoint(err error, from, to string) error {
	var e *agenda.Error
	if !errors.As(err, &e) || len(e.Faults) == 0 {
		return err
	}
	moved := *e
	moved.Faults = slices.Clone(e.Faults)
	for i, f := range moved.Faults {
		if rest, ok := strings.CutPrefix(f.Pointer, from); ok {
			moved.Faults[i].Pointer = to + rest
		}
	}
	return &moved
}
