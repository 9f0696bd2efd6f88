package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeMemberConsole adds the pages of who does what at an Event.
func (s *Server) routeMemberConsole() {
	s.console(agenda.ManageAccess, "/members", s.membersPage)
	s.console(agenda.ManageAccess, "/members", s.changeInvitation, http.MethodPost)
	s.console(agenda.ManageAccess, "/members/new", s.inviteFormPage)
	s.console(agenda.ManageAccess, "/members/new", s.addMember, http.MethodPost)
	s.console(agenda.ManageAccess, "/members/:account", s.memberFormPage)
	s.console(agenda.ManageAccess, "/members/:account", s.saveMember, http.MethodPost)
	s.console(agenda.ManageAccess, "/members/:account/remove", s.memberRemovePage)
	s.console(agenda.ManageAccess, "/members/:account/remove", s.dropMember, http.MethodPost)
}

var memberNotices = map[string]string{"added": "members_added", "mailed": "members_mailed", "saved": "form_saved", "removed": "members_removed", "revoked": "members_uninvited"}

// roleNames gives roles in words.
func (w *words) roleNames(roles []agenda.MemberRole) (string, error) {
	var names []string
	for _, role := range roles {
		name, err := w.Say("member_" + string(role))
		if err != nil {
			return "", err
		}
		names = append(names, name)
	}
	return strings.Join(names, ", "), nil
}

func (s *Server) membersPage(c echo.Context, v *eventConsole) error {
	p, err := v.rows(c, "console_members", "members_lead", memberNotices)
	if err != nil {
		return err
	}
	members, invited, err := s.app.Members(c.Request().Context(), v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	if err := p.link("members_invite", "members/new"); err != nil {
		return err
	}
	if err := p.addMembers(members, invited); err != nil {
		return err
	}
	return p.answer(c, http.StatusOK)
}

func (p *rowsPage) addMembers(members []agenda.Member, invited []agenda.AccountLink) error {
	var here, asked []accessRow
	for _, m := range members {
		row, err := p.memberRow(m)
		if err != nil {
			return err
		}
		here = append(here, row)
	}
	for _, l := range invited {
		row, err := p.invitationRow(l)
		if err != nil {
			return err
		}
		asked = append(asked, row)
	}
	if err := p.section("members", "members_here", "members_none", here); err != nil || len(asked) == 0 {
		return err
	}
	return p.section("invited", "members_invited", "", asked)
}

// memberRow shows a Member, and what their roles let them do.
func (v *eventConsole) memberRow(m agenda.Member) (row accessRow, err error) {
	row.Title.Text = m.Name
	if m.Email != "" && m.Email != m.Name {
		row.Facts = append(row.Facts, m.Email)
	}
	if m.AccountID == v.actor.ID {
		row.Badge, err = v.Say("members_you")
	}
	for _, role := range m.Roles {
		v.say(&row.Facts, &err, "role_does_"+string(role))
	}
	v.leads(&row.Links, &err, "members_change", "members/"+string(m.AccountID))
	v.leads(&row.Links, &err, "members_remove", "members/"+string(m.AccountID)+"/remove")
	return row, err
}

func (v *eventConsole) invitationRow(l agenda.AccountLink) (row accessRow, err error) {
	row.Title.Text = l.Email
	roles, err := v.roleNames(l.Roles)
	row.Facts = append(row.Facts, roles)
	v.sayAt(&row.Facts, &err, "members_invited_at", &l.Created)
	v.sayAt(&row.Facts, &err, "access_expires", &l.Expires)
	if !l.Mailed {
		v.say(&row.Facts, &err, "members_not_mailed")
	}
	v.button(&row.Sends, &err, "members_again", "members", "again", l.ID)
	v.button(&row.Sends, &err, "members_uninvite", "members", "revoke", l.ID)
	return row, err
}

// changeInvitation takes an invitation back, or invites once more: the link before ends then.
func (s *Server) changeInvitation(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(typed(c, "id"))
	if sent(c, "do") != "again" {
		if err := s.app.CancelInvitation(ctx, v.actor, v.Event.Slug, id); err != nil {
			return err
		}
		return s.leadTo(c, v, "members", "revoked")
	}
	_, invited, err := s.app.Members(ctx, v.actor, v.Event.Slug)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(invited, func(l agenda.AccountLink) bool { return l.ID == id })
	if at < 0 {
		return agenda.Errorf(agenda.NotFound, "There is no such invitation.")
	}
	again := invited[at]
	done, err := s.app.InviteMember(ctx, v.actor, v.Event.Slug, again.Email, again.Roles, s.base, again.Language)
	if err != nil {
		return err
	}
	return s.invited(c, v, done)
}

// invited leads back, or shows the link where nothing was mailed.
func (s *Server) invited(c echo.Context, v *eventConsole, done app.Invitation) error {
	switch {
	case done.Member != nil:
		return s.leadTo(c, v, "members", "added")
	case done.Secret == "":
		return s.leadTo(c, v, "members", "mailed")
	}
	p, err := s.once(v, "members_link", "members_link_lead", "members", "console_members")
	if err != nil {
		return err
	}
	secret := onceSecret{words: v.words, ID: "link", Whose: done.Link.Email, Value: s.base + "/invitation#" + done.Secret}
	if secret.Label, err = v.Say("access_link"); err != nil {
		return err
	}
	var facts []string
	if v.sayAt(&facts, &err, "access_expires", &done.Link.Expires); err != nil {
		return err
	}
	secret.Until = strings.Join(facts, " ")
	p.Secrets = []onceSecret{secret}
	return p.answer(c)
}

// roleChoices offers the roles, with what each may do.
func (v *eventConsole) roleChoices(chosen []agenda.MemberRole) ([]choice, error) {
	choices, err := choicesOf(v.words, "role_does_", agenda.MemberRoles)
	for i := range choices {
		choices[i].Chosen = slices.Contains(chosen, agenda.MemberRole(choices[i].Value))
	}
	return choices, err
}

// rolesSent gives the roles that were ticked.
func rolesSent(c echo.Context) []agenda.MemberRole { return rolesOf(c.Request().PostForm["roles"]) }

func (s *Server) inviteForm(v *eventConsole, email string, roles []agenda.MemberRole, language string) (*formPage, error) {
	kind := "members_invite"
	p, err := v.ask(kind, "members/new", "members", "console_members")
	if err != nil {
		return nil, err
	}
	if !s.app.HasMail() {
		if p.Lead, err = v.Say("members_invite_no_mail"); err != nil {
			return nil, err
		}
	}
	p.refusals = map[agenda.Code]string{agenda.Taken: "members_taken"}
	p.line("email", "members_email", emailField, email).Required = true
	f := p.field("roles", "members_roles", checksField)
	if f.Choices, err = v.roleChoices(roles); err != nil {
		return nil, err
	}
	var tongues []choice
	for _, tag := range programLanguages {
		tongues = append(tongues, choice{Value: tag, Label: v.reader.languageName(tag)})
	}
	p.choose("language", "members_language", language, tongues)
	return p, nil
}

func (s *Server) inviteFormPage(c echo.Context, v *eventConsole) error {
	if err := v.fresh(); err != nil {
		return err
	}
	language := v.Event.Language()
	if !slices.Contains(programLanguages, language) {
		language = v.lang
	}
	p, err := s.inviteForm(v, "", []agenda.MemberRole{agenda.Viewer}, language)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addMember(c echo.Context, v *eventConsole) error {
	email, roles, language := typed(c, "email"), rolesSent(c), typed(c, "language")
	done, err := s.app.InviteMember(c.Request().Context(), v.actor, v.Event.Slug, email, roles, s.base, language)
	if err == nil {
		return s.invited(c, v, done)
	}
	p, rest := s.inviteForm(v, email, roles, language)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}

func (v *eventConsole) memberForm(m agenda.Member) (*formPage, error) {
	p, err := v.ask("members_set", "members/"+string(m.AccountID), "members", "console_members")
	if err != nil {
		return nil, err
	}
	p.Revision, p.refusals = m.Revision, map[agenda.Code]string{agenda.Taken: "members_only_owner"}
	p.about("members_who", m.Name+" · "+m.Email)
	f := p.field("roles", "members_roles", checksField)
	f.Choices, err = v.roleChoices(m.Roles)
	return p, err
}

func (s *Server) memberFormPage(c echo.Context, v *eventConsole) error {
	m, err := s.app.Member(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("account")))
	if err == nil {
		err = v.fresh()
	}
	if err != nil {
		return err
	}
	p, err := v.memberForm(m)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

// saveMember gives other roles. Who would lose this page by it is asked whether they mean it.
func (s *Server) saveMember(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("account"))
	now, err := s.app.Member(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	next := now
	next.Roles = rolesSent(c)
	p, err := v.memberForm(next)
	if err != nil {
		return err
	}
	if id == v.actor.ID && len(next.Roles) > 0 && !slices.Contains(next.Roles, agenda.Owner) && slices.Contains(now.Roles, agenda.Owner) && sent(c, "sure") == "" {
		return p.askSure(c, "members_own_rights")
	}
	if _, err = s.app.SetRoles(ctx, v.actor, v.Event.Slug, matchSent(c), id, next.Roles); err == nil {
		return s.afterMember(c, v, id, "saved")
	}
	theirs, rest := v.memberForm(now)
	if rest != nil {
		return rest
	}
	return p.against(theirs).answer(c, s, err)
}

// afterMember leads back to the list, and who may not see it any more to their events.
func (s *Server) afterMember(c echo.Context, v *eventConsole, account agenda.ID, done string) error {
	if account == v.actor.ID {
		if _, err := s.app.Member(c.Request().Context(), v.actor, v.Event.Slug, account); err != nil {
			return s.lead(c, "console")
		}
		who, err := s.actor(c)
		if err != nil || !agenda.May(who, agenda.ManageAccess, v.Event.ID) {
			return s.lead(c, "console")
		}
	}
	return s.leadTo(c, v, "members", done)
}

func (s *Server) memberRemovePage(c echo.Context, v *eventConsole) error {
	return s.askRemoveMember(c, v, nil)
}

func (s *Server) askRemoveMember(c echo.Context, v *eventConsole, cause error) error {
	m, err := s.app.Member(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("account")))
	if err != nil {
		return err
	}
	kind := "members_drop"
	if m.AccountID == v.actor.ID {
		kind = "members_leave"
	}
	p, err := v.ask(kind, "members/"+string(m.AccountID)+"/remove", "members", "console_members")
	if err != nil {
		return err
	}
	p.Danger, p.Revision, p.refusals = true, m.Revision, map[agenda.Code]string{agenda.Taken: "members_only_owner"}
	p.about("members_who", m.Name+" · "+m.Email)
	return p.answer(c, s, cause)
}

func (s *Server) dropMember(c echo.Context, v *eventConsole) error {
	id := agenda.ID(c.Param("account"))
	if err := s.app.RemoveMember(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), id); err != nil {
		return s.askRemoveMember(c, v, err)
	}
	return s.afterMember(c, v, id, "removed")
}
