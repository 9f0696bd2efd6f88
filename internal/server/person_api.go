package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// personBody is a Person in the API.
type personBody struct {
	ID           string     `json:"id" readOnly:"true" doc:"Identifies the person for ever."`
	Name         string     `json:"name" minLength:"1" maxLength:"300" doc:"The name as it is written in a programme." example:"Nguyễn Mạnh Hùng"`
	Honorific    textBody   `json:"honorific,omitempty" doc:"What goes before the name, by language." example:"{\"en\": \"H.E.\"}"`
	JobTitle     textBody   `json:"job_title,omitempty" doc:"What the person is, by language." example:"{\"en\": \"Minister of Science and Technology\"}"`
	Organization textBody   `json:"organization,omitempty" doc:"Whom the person stands for, by language."`
	Country      string     `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1 alpha-2 code." example:"VN"`
	Bio          textBody   `json:"bio,omitempty" doc:"Who the person is, by language. Markdown (CommonMark) without HTML."`
	PhotoURL     string     `json:"photo_url,omitempty" maxLength:"2000" doc:"A portrait. That of a photo that was uploaded is an address here, under which the public finds it from the next release on; replacing the person with another address, or none, takes the photo away." example:"https://example.org/hung.jpg"`
	Photo        string     `json:"photo,omitempty" readOnly:"true" doc:"Name of the photo that was uploaded: organizers get it at /events/{event}/files/{file}."`
	Email        string     `json:"email,omitempty" maxLength:"254" doc:"For organizers, never public." example:"hung@example.org"`
	Notes        string     `json:"notes,omitempty" maxLength:"20000" doc:"For organizers, never public."`
	Languages    []string   `json:"languages" required:"false" maxItems:"40" doc:"Languages that the person speaks, as BCP 47 tags. Never public." example:"[\"vi\", \"en\"]"`
	Interprets   []string   `json:"interprets" required:"false" maxItems:"100" doc:"Pairs of languages between which the person interprets at this event, in both directions. Their availabilities are their shifts. Never public." example:"[\"fr/vi\"]"`
	Before       int        `json:"buffer_before,omitempty" minimum:"0" maximum:"720" doc:"Minutes that the person needs before each panel or meeting at this event, for security or a long way. Never public." example:"10"`
	After        int        `json:"buffer_after,omitempty" minimum:"0" maximum:"720" doc:"Minutes that the person needs after each; between two, both are needed. Never public." example:"5"`
	Revision     int        `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created      time.Time  `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated      time.Time  `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
	Erased       *time.Time `json:"erased,omitempty" readOnly:"true" doc:"When all that was known of the person was erased, UTC. What is left are their parts."`
}

// newPersonBody gives a Person as an Event's organizers see them. An uploaded photo has its address below that of the Event.
func (s *Server) newPersonBody(slug string) func(agenda.Person) personBody {
	return func(p agenda.Person) personBody { return personBodyAt(s.site(slug), p) }
}

func personBodyAt(site agenda.Site, p agenda.Person) personBody {
	body := personBody{ID: string(p.ID), Name: p.Name, Honorific: textBody(p.Honorific), JobTitle: textBody(p.JobTitle),
		Organization: textBody(p.Organization), Country: p.Country, Bio: textBody(p.Bio), PhotoURL: p.Portrait(site), Photo: p.Photo, Email: p.Email,
		Notes: p.Notes, Languages: filled(p.Languages), Interprets: filled(agenda.PairNames(p.Interprets)),
		Before: p.Buffer.Before, After: p.Buffer.After, Revision: p.Revision, Created: p.Created.UTC(), Updated: p.Updated.UTC()}
	if !p.Erased.IsZero() {
		at := p.Erased.UTC()
		body.Erased = &at
	}
	return body
}

// person reads the body. An address of this Event's files names a photo.
func (b personBody) person(site agenda.Site, id agenda.ID) agenda.Person {
	p := agenda.Person{ID: id, Name: b.Name, Honorific: textOf(b.Honorific), JobTitle: textOf(b.JobTitle),
		Organization: textOf(b.Organization), Country: b.Country, Bio: textOf(b.Bio), PhotoURL: b.PhotoURL, Email: b.Email,
		Notes: b.Notes, Languages: b.Languages, Interprets: agenda.PairsOf(b.Interprets), Buffer: agenda.Buffer{Before: b.Before, After: b.After}}
	if photo, ours := strings.CutPrefix(b.PhotoURL, site.File("")); ours {
		p.Photo, p.PhotoURL = photo, ""
	}
	return p
}

// PersonPath is the input of whatever is about one Person.
type PersonPath struct {
	AtEvent
	ID string `path:"person" doc:"The person's id."`
}

func (s *Server) routePersonAPI() {
	const tag, all, one = "People", "/events/{event}/people", "/events/{event}/people/{person}"
	register(s, operation{ID: "listPeople", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadPeople),
		Summary: "List people", Description: "By name."}, s.listPeople)
	register(s, operation{ID: "createPerson", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Create a person", Creates: true}, s.createPerson)
	register(s, operation{ID: "getPerson", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadPeople),
		Summary: "Get a person", Revised: true}, s.getPerson)
	register(s, operation{ID: "replacePerson", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Replace a person", Description: replaceWords, Matches: true, Taken: true, Revised: true, Gone: true}, s.replacePerson)
	register(s, operation{ID: "deletePerson", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Delete a person", Description: "Takes the person out of the event. Who still has a part in a panel or a meeting is refused with 409.", Matches: true, Taken: true}, s.deletePerson)
}

func (s *Server) listPeople(ctx context.Context, in *struct {
	AtEvent
	Listing
	Query   string `query:"q" maxLength:"200" doc:"Words to look for in name, organization and job title, and of who may see it, address."`
	Country string `query:"country" maxLength:"2" doc:"ISO 3166-1 alpha-2 code." example:"VN"`
}) (*listed[personBody], error) {
	people, next, err := s.app.People(ctx, in.Actor, in.Event, app.PersonFilter{Query: in.Query, Country: in.Country}, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, people, next, s.newPersonBody(in.Event)), nil
}

func (s *Server) createPerson(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body personBody
}) (*made[personBody], error) {
	p, replayed, err := s.app.CreatePerson(ctx, in.Actor, in.Event, in.Body.person(s.site(in.Event), ""), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/people/"+string(p.ID), p.Revision, replayed, s.newPersonBody(in.Event)(p)), nil
}

func (s *Server) getPerson(ctx context.Context, in *struct {
	PersonPath
	Conditional
}) (*single[personBody], error) {
	p, err := s.app.Person(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, p.Revision, s.newPersonBody(in.Event)(p)), nil
}

func (s *Server) replacePerson(ctx context.Context, in *struct {
	PersonPath
	Matching
	Body personBody
}) (*single[personBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	p, err := s.app.EditPerson(ctx, in.Actor, in.Event, match, in.Body.person(s.site(in.Event), agenda.ID(in.ID)))
	return s.personChanged(in.Event, p, err)
}

func (s *Server) deletePerson(ctx context.Context, in *struct {
	PersonPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.personRefused(in.Event, s.app.DeletePerson(ctx, in.Actor, in.Event, match, agenda.ID(in.ID)))
}

// site says where the public reads the Event of that slug.
func (s *Server) site(slug string) agenda.Site { return agenda.Site{Base: s.base, Slug: slug} }

// personChanged answers a write of a Person.
func (s *Server) personChanged(slug string, p agenda.Person, err error) (*single[personBody], error) {
	if err != nil {
		return nil, s.personRefused(slug, err)
	}
	return changed(p.Revision, s.newPersonBody(slug)(p)), nil
}

// personRefused gives the error with the present Person as the Event's organizers see them.
func (s *Server) personRefused(slug string, err error) error {
	var e *agenda.Error
	if !errors.As(err, &e) {
		return err
	}
	p, ok := e.Current.(agenda.Person)
	if !ok {
		return err
	}
	told := *e
	told.Current = s.newPersonBody(slug)(p)
	return &told
}
