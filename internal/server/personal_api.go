package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// personalLinkBody is a PersonalLink in the API.
type personalLinkBody struct {
	ID       string     `json:"id" readOnly:"true" doc:"Identifies the link for ever."`
	Person   string     `json:"person" readOnly:"true" doc:"Id of the person whose page it opens."`
	URL      string     `json:"url,omitempty" readOnly:"true" doc:"The link. It is told once, when it is made, and to nobody when it is mailed."`
	Code     string     `json:"code,omitempty" readOnly:"true" doc:"What can be typed on the page instead, where a link can't be followed. Told once."`
	Expires  *time.Time `json:"expires,omitempty" doc:"When it ceases to open anything; left out, thirty days after the event." example:"2099-12-31T23:59:59Z"`
	Vouched  string     `json:"vouched_address,omitempty" writeOnly:"true" maxLength:"254" example:"hung@example.org" doc:"The person's address as it is now, by which whoever makes the link vouches that it is the person's own, so that codes may be mailed there. It needs the right edit_meetings."`
	Mailed   bool       `json:"mailed" readOnly:"true" doc:"It was mailed to the person, and shown to nobody else."`
	LastUsed *time.Time `json:"last_used,omitempty" readOnly:"true" doc:"When it was used last, to a few minutes, UTC."`
	Revoked  *time.Time `json:"revoked,omitempty" readOnly:"true" doc:"When it was revoked, UTC."`
	Created  time.Time  `json:"created" readOnly:"true" doc:"When it was made, UTC."`
}

func newPersonalLinkBody(l agenda.PersonalLink) personalLinkBody {
	return personalLinkBody{ID: string(l.ID), Person: string(l.PersonID), Expires: instant(&l.Expires), Mailed: l.Mailed,
		LastUsed: instant(l.LastUsed), Revoked: instant(l.Revoked), Created: l.Created.UTC()}
}

// sendLinkBody says how a personal link is to be mailed.
type sendLinkBody struct {
	Language string     `json:"language,omitempty" maxLength:"35" doc:"Language of the letter, as a BCP 47 tag; left out, the event's first." example:"fr"`
	Expires  *time.Time `json:"expires,omitempty" doc:"When it ceases to open anything; left out, thirty days after the event." example:"2099-12-31T23:59:59Z"`
	Vouched  string     `json:"vouched_address,omitempty" writeOnly:"true" maxLength:"254" example:"hung@example.org" doc:"As when a link is made."`
}

// deskCodeBody is a code that the protocol desk tells a person.
type deskCodeBody struct {
	Code    string    `json:"code" doc:"What the person types on their page. It is told once, and takes the place of one before." example:"ABCDE-FGHJK"`
	Expires time.Time `json:"expires" doc:"Until when, UTC."`
}

// vouchBody is an address that somebody vouches for.
type vouchBody struct {
	Address string `json:"vouched_address" minLength:"1" maxLength:"254" doc:"The person's address as it is now." example:"hung@example.org"`
}

// answered is an answer with a body and nothing else.
type answered[T any] struct{ Body T }

// PersonalLinkPath is the input of whatever is about one personal link.
type PersonalLinkPath struct {
	PersonPath
	Link string `path:"link" doc:"The link's id."`
}

func (s *Server) routePersonalAPI() {
	const tag, one = "Links", "/events/{event}/people/{person}"
	register(s, operation{ID: "listPersonalLinks", Method: http.MethodGet, Path: one + "/links", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "List the personal links of a person", Description: "Oldest first, without what opens them."}, s.listPersonalLinks)
	register(s, operation{ID: "makePersonalLink", Method: http.MethodPost, Path: one + "/links", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Make a personal link", Description: "It opens the page of one person at one event, any number of times, and nothing else. " +
			"Meetings are shown there only after a code was typed that the person alone gets. " + onceWords, Creates: true, Unrevised: true}, s.makePersonalLink)
	register(s, operation{ID: "sendPersonalLink", Method: http.MethodPost, Path: one + "/links/send", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Mail a personal link", Description: "Makes a link and mails it to the person's address; what opens it is told to nobody else. Where mail is not configured, or no address is known, it is refused with 409.",
		Taken: true}, s.sendPersonalLink)
	register(s, operation{ID: "revokePersonalLink", Method: http.MethodDelete, Path: one + "/links/{link}", Tag: tag, Access: May(agenda.EditEvent),
		Summary: "Revoke a personal link", Description: "It opens nothing from then on, and who came with it is out. A link has no revision, so no If-Match is needed."}, s.revokePersonalLink)
	register(s, operation{ID: "makeDeskCode", Method: http.MethodPost, Path: one + "/code", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Make a code for a person", Description: "For the protocol desk, which tells it to the person face to face: typed on their page within ten minutes, it shows their meetings. It works once."}, s.makeDeskCode)
	register(s, operation{ID: "vouchAddress", Method: http.MethodPost, Path: one + "/vouch", Tag: tag, Access: May(agenda.EditMeetings),
		Summary: "Vouch for a person's address", Description: "Codes are mailed only to an address that somebody who arranges meetings vouches for, or the person. When anybody else changes it, it has to be vouched for anew."}, s.vouchAddress)
}

func (s *Server) listPersonalLinks(ctx context.Context, in *struct {
	PersonPath
	Listing
}) (*listed[personalLinkBody], error) {
	links, next, err := s.app.PersonalLinks(ctx, in.Actor, in.Event, agenda.ID(in.ID), in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, links, next, newPersonalLinkBody), nil
}

func (s *Server) makePersonalLink(ctx context.Context, in *struct {
	PersonPath
	Creating
	Body personalLinkBody
}) (*made[personalLinkBody], error) {
	n, err := s.app.MakePersonalLink(ctx, in.Actor, in.Event,
		app.LinkRequest{PersonID: agenda.ID(in.ID), Expires: in.Body.Expires, Vouched: in.Body.Vouched}, in.once(in.Caller))
	if err != nil {
		return nil, err
	}
	body := newPersonalLinkBody(n.Link)
	body.URL, body.Code = s.personalURL()+"#"+n.Secret, agenda.SpelledCode(n.Code)
	return create(s, "/events/"+in.Event+"/people/"+in.ID+"/links/"+string(n.Link.ID), 0, false, body), nil
}

func (s *Server) sendPersonalLink(ctx context.Context, in *struct {
	PersonPath
	Body sendLinkBody
}) (*answered[personalLinkBody], error) {
	if in.Body.Language != "" {
		if err := agenda.CheckLanguage(in.Body.Language); err != nil {
			var f agenda.Faults
			f.Merge("/language", err)
			return nil, f.Err("letter")
		}
	}
	l, err := s.app.SendPersonalLink(ctx, in.Actor, in.Event,
		app.LinkRequest{PersonID: agenda.ID(in.ID), Expires: in.Body.Expires, Vouched: in.Body.Vouched}, in.Body.Language, s.personalURL())
	if err != nil {
		return nil, err
	}
	return &answered[personalLinkBody]{newPersonalLinkBody(l)}, nil
}

func (s *Server) revokePersonalLink(ctx context.Context, in *struct{ PersonalLinkPath }) (*done, error) {
	return nil, s.app.RevokePersonalLink(ctx, in.Actor, in.Event, agenda.ID(in.ID), agenda.ID(in.Link))
}

func (s *Server) makeDeskCode(ctx context.Context, in *struct{ PersonPath }) (*answered[deskCodeBody], error) {
	code, expires, err := s.app.MakeDeskCode(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &answered[deskCodeBody]{deskCodeBody{agenda.SpelledCode(code), expires.UTC()}}, nil
}

func (s *Server) vouchAddress(ctx context.Context, in *struct {
	PersonPath
	Body vouchBody
}) (*answered[vouchBody], error) {
	if err := s.app.VouchAddress(ctx, in.Actor, in.Event, agenda.ID(in.ID), in.Body.Address); err != nil {
		return nil, err
	}
	return &answered[vouchBody]{in.Body}, nil
}

// personalURL is the address of the page that personal links open.
func (s *Server) personalURL() string { return s.base + "/me" }
