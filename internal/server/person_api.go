package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// personBody is a Person in the API.
type personBody struct {
	ID           string    `json:"id" readOnly:"true" doc:"Identifies the person for ever."`
	Name         string    `json:"name" minLength:"1" maxLength:"300" doc:"The name as it is written in a programme." example:"Nguyễn Mạnh Hùng"`
	Honorific    textBody  `json:"honorific,omitempty" doc:"What goes before the name, by language." example:"{\"en\": \"H.E.\"}"`
	JobTitle     textBody  `json:"job_title,omitempty" doc:"What the person is, by language." example:"{\"en\": \"Minister of Science and Technology\"}"`
	Organization textBody  `json:"organization,omitempty" doc:"Whom the person stands for, by language."`
	Country      string    `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1 alpha-2 code." example:"VN"`
	Bio          textBody  `json:"bio,omitempty" doc:"Who the person is, by language."`
	PhotoURL     string    `json:"photo_url,omitempty" maxLength:"2000" doc:"A portrait." example:"https://example.org/hung.jpg"`
	Email        string    `json:"email,omitempty" maxLength:"254" doc:"For organizers, never public." example:"hung@example.org"`
	Notes        string    `json:"notes,omitempty" maxLength:"20000" doc:"For organizers, never public."`
	Languages    []string  `json:"languages" required:"false" maxItems:"40" doc:"Languages that the person speaks, as BCP 47 tags. Never public." example:"[\"vi\", \"en\"]"`
	Revision     int       `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created      time.Time `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated      time.Time `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

func newPersonBody(p agenda.Person) personBody {
	return personBody{ID: string(p.ID), Name: p.Name, Honorific: textBody(p.Honorific), JobTitle: textBody(p.JobTitle),
		Organization: textBody(p.Organization), Country: p.Country, Bio: textBody(p.Bio), PhotoURL: p.PhotoURL, Email: p.Email,
		Notes: p.Notes, Languages: filled(p.Languages), Revision: p.Revision, Created: p.Created.UTC(), Updated: p.Updated.UTC()}
}

func (b personBody) person(id agenda.ID) agenda.Person {
	return agenda.Person{ID: id, Name: b.Name, Honorific: textOf(b.Honorific), JobTitle: textOf(b.JobTitle),
		Organization: textOf(b.Organization), Country: b.Country, Bio: textOf(b.Bio), PhotoURL: b.PhotoURL, Email: b.Email,
		Notes: b.Notes, Languages: b.Languages}
}

// PersonPath is the input of whatever is about one Person.
type PersonPath struct {
	AtEvent
	ID string `path:"person" doc:"The person's id."`
}

func (s *Server) routePersonAPI() {
	const tag, all, one = "People", "/events/{event}/people", "/events/{event}/people/{person}"
	register(s, operation{ID: "listPeople", Method: http.MethodGet, Path: all, Tag: tag, Access: ByToken,
		Summary: "List people", Description: "By name."}, s.listPeople)
	register(s, operation{ID: "createPerson", Method: http.MethodPost, Path: all, Tag: tag, Access: ByWriter,
		Summary: "Create a person", Creates: true}, s.createPerson)
	register(s, operation{ID: "getPerson", Method: http.MethodGet, Path: one, Tag: tag, Access: ByToken,
		Summary: "Get a person", Revised: true}, s.getPerson)
	register(s, operation{ID: "replacePerson", Method: http.MethodPut, Path: one, Tag: tag, Access: ByWriter,
		Summary: "Replace a person", Description: replaceWords, Matches: true, Taken: true, Revised: true}, s.replacePerson)
	register(s, operation{ID: "deletePerson", Method: http.MethodDelete, Path: one, Tag: tag, Access: ByWriter,
		Summary: "Delete a person", Description: "Takes the person out of the event. Who still has a part in a panel or a meeting is refused with 409.", Matches: true, Taken: true}, s.deletePerson)
}

func (s *Server) listPeople(ctx context.Context, in *struct {
	AtEvent
	Listing
	Query   string `query:"q" maxLength:"200" doc:"Words to look for in name, organization, job title and address."`
	Country string `query:"country" maxLength:"2" doc:"ISO 3166-1 alpha-2 code." example:"VN"`
}) (*listed[personBody], error) {
	people, next, err := s.app.People(ctx, in.Actor, in.Event, app.PersonFilter{Query: in.Query, Country: in.Country}, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, people, next, newPersonBody), nil
}

func (s *Server) createPerson(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body personBody
}) (*made[personBody], error) {
	p, replayed, err := s.app.CreatePerson(ctx, in.Actor, in.Event, in.Body.person(""), in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	return create(s, "/events/"+in.Event+"/people/"+string(p.ID), p.Revision, replayed, newPersonBody(p)), nil
}

func (s *Server) getPerson(ctx context.Context, in *struct {
	PersonPath
	Conditional
}) (*single[personBody], error) {
	p, err := s.app.Person(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, p.Revision, newPersonBody(p)), nil
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
	p, err := s.app.EditPerson(ctx, in.Actor, in.Event, match, in.Body.person(agenda.ID(in.ID)))
	if err != nil {
		return nil, err
	}
	return changed(p.Revision, newPersonBody(p)), nil
}

func (s *Server) deletePerson(ctx context.Context, in *struct {
	PersonPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeletePerson(ctx, in.Actor, in.Event, match, agenda.ID(in.ID))
}
