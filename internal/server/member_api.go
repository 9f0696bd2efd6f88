package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
)

// memberBody is a Member in the API.
type memberBody struct {
	Account  string    `json:"account" readOnly:"true" doc:"Id of the account."`
	Email    string    `json:"email" readOnly:"true" doc:"The account's e-mail address."`
	Name     string    `json:"name" readOnly:"true" doc:"What the account is called."`
	Roles    []string  `json:"roles" minItems:"1" maxItems:"5" nullable:"false" enum:"owner,editor,viewer,protocol,check_in" doc:"What the member is. Owners decide who else may do what, editors make the agenda, viewers read the draft, protocol sees and arranges meetings, check_in sees who takes part."`
	Revision int       `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created  time.Time `json:"created" readOnly:"true" doc:"Since when, UTC."`
	Updated  time.Time `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

func newMemberBody(m agenda.Member) memberBody {
	return memberBody{Account: string(m.AccountID), Email: m.Email, Name: m.Name, Roles: bodies(m.Roles, func(r agenda.MemberRole) string { return string(r) }),
		Revision: m.Revision, Created: m.Created.UTC(), Updated: m.Updated.UTC()}
}

// rolesOf gives the roles of a body.
func rolesOf(names []string) []agenda.MemberRole {
	var roles []agenda.MemberRole
	for _, name := range names {
		roles = append(roles, agenda.MemberRole(name))
	}
	return roles
}

// invitationBody is an invitation in the API.
type invitationBody struct {
	ID       string      `json:"id,omitempty" readOnly:"true" doc:"Identifies the invitation; left out when the address has an account, which is a member at once."`
	Email    string      `json:"email" format:"idn-email" maxLength:"254" doc:"Whom to ask." example:"lan.anh@example.org"`
	Roles    []string    `json:"roles" minItems:"1" maxItems:"5" nullable:"false" enum:"owner,editor,viewer,protocol,check_in" doc:"What they are to be."`
	Language string      `json:"language,omitempty" maxLength:"35" doc:"Language of the letter, a BCP 47 tag; left out, English." example:"vi"`
	Mailed   bool        `json:"mailed" readOnly:"true" doc:"Whether a letter was sent. If not, whoever asked has to hand the link over."`
	URL      string      `json:"url,omitempty" readOnly:"true" doc:"The link, when it was not mailed. It is told once."`
	Expires  *time.Time  `json:"expires,omitempty" readOnly:"true" doc:"Until when the link works, UTC."`
	Member   *memberBody `json:"member,omitempty" readOnly:"true" doc:"The member, when the address has an account already."`
}

func (s *Server) newInvitationBody(l agenda.AccountLink) invitationBody {
	return invitationBody{ID: string(l.ID), Email: l.Email, Roles: bodies(l.Roles, func(r agenda.MemberRole) string { return string(r) }),
		Language: l.Language, Mailed: l.Mailed, Expires: instant(&l.Expires)}
}

// MemberPath is the input of whatever is about one Member.
type MemberPath struct {
	AtEvent
	Account string `path:"account" doc:"The account's id."`
}

func (s *Server) routeMemberAPI() {
	const tag, all, one = "Members", "/events/{event}/members", "/events/{event}/members/{account}"
	register(s, operation{ID: "listMembers", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ManageAccess),
		Summary: "List the members and the invitations of an event", Description: "All of them, oldest first."}, s.listMembers)
	register(s, operation{ID: "getMember", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ManageAccess), Revised: true,
		Summary: "Get a member"}, s.getMember)
	register(s, operation{ID: "inviteMember", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.ManageAccess), Creates: true, Unrevised: true,
		Summary: "Make somebody a member", Description: "The account of that address is one at once. Where there is none, the address gets a link with which to make one, " +
			"and has no right before that. The link works for a week and once; a newer invitation of the same address ends it. Idempotency-Key is not read."}, s.inviteMember)
	register(s, operation{ID: "setMember", Method: http.MethodPut, Path: one, Tag: tag, Access: May(agenda.ManageAccess), Matches: true, Revised: true, Taken: true,
		Summary: "Give a member other roles", Description: "The tokens that the member made are revoked. An event that has an owner keeps one (409)."}, s.setMember)
	register(s, operation{ID: "removeMember", Method: http.MethodDelete, Path: one, Tag: tag, Access: May(agenda.ManageAccess), Matches: true, Taken: true,
		Summary: "Take a member out of an event", Description: "The tokens that the member made are revoked. An event that has an owner keeps one (409)."}, s.removeMember)
	register(s, operation{ID: "cancelInvitation", Method: http.MethodDelete, Path: "/events/{event}/invitations/{invitation}", Tag: tag, Access: May(agenda.ManageAccess),
		Summary: "Take an invitation back", Description: "Its link does nothing from then on."}, s.cancelInvitation)
}

type membersBody struct {
	Members     []memberBody     `json:"members" doc:"The members."`
	Invitations []invitationBody `json:"invitations" doc:"Who is asked and has not answered."`
}

type membersAnswer struct{ Body membersBody }

func (s *Server) listMembers(ctx context.Context, in *struct{ AtEvent }) (*membersAnswer, error) {
	members, invited, err := s.app.Members(ctx, in.Actor, in.Event)
	if err != nil {
		return nil, err
	}
	return &membersAnswer{membersBody{bodies(members, newMemberBody), bodies(invited, s.newInvitationBody)}}, nil
}

func (s *Server) getMember(ctx context.Context, in *struct {
	MemberPath
	Conditional
}) (*single[memberBody], error) {
	m, err := s.app.Member(ctx, in.Actor, in.Event, agenda.ID(in.Account))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, m.Revision, newMemberBody(m)), nil
}

func (s *Server) inviteMember(ctx context.Context, in *struct {
	AtEvent
	Body invitationBody
}) (*made[invitationBody], error) {
	done, err := s.app.InviteMember(ctx, in.Actor, in.Event, in.Body.Email, rolesOf(in.Body.Roles), s.base, in.Body.Language)
	if err != nil {
		return nil, err
	}
	if done.Member != nil {
		member := newMemberBody(*done.Member)
		return create(s, "/events/"+in.Event+"/members/"+member.Account, 0, false,
			invitationBody{Email: member.Email, Roles: member.Roles, Member: &member}), nil
	}
	body := s.newInvitationBody(done.Link)
	if done.Secret != "" {
		body.URL = s.base + "/invitation#" + done.Secret
	}
	return create(s, "/events/"+in.Event+"/invitations/"+body.ID, 0, false, body), nil
}

func (s *Server) setMember(ctx context.Context, in *struct {
	MemberPath
	Matching
	Body memberBody
}) (*single[memberBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	m, err := s.app.SetRoles(ctx, in.Actor, in.Event, match, agenda.ID(in.Account), rolesOf(in.Body.Roles))
	if err != nil {
		return nil, err
	}
	return changed(m.Revision, newMemberBody(m)), nil
}

func (s *Server) removeMember(ctx context.Context, in *struct {
	MemberPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.RemoveMember(ctx, in.Actor, in.Event, match, agenda.ID(in.Account))
}

func (s *Server) cancelInvitation(ctx context.Context, in *struct {
	AtEvent
	Invitation string `path:"invitation" doc:"The invitation's id."`
}) (*done, error) {
	return nil, s.app.CancelInvitation(ctx, in.Actor, in.Event, agenda.ID(in.Invitation))
}
