package app_test

import (
	"context"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// A Token gives nobody more than its scopes: not to Tokens, and not to people either, who would have it for ever.
func TestHoleV20TokensMakeNobodyMore(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		owner := h.member(t, "owner", agenda.Owner)
		h.account(t, "thief")
		_, secret, err := h.CreateToken(ctx, owner, slug, agenda.Token{Name: "members", Scopes: []agenda.Verb{agenda.ManageAccess, agenda.SeeEvent}}, app.Once{})
		wantCode(t, err, "")
		bot := must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		for _, role := range agenda.MemberRoles {
			_, err := h.InviteMember(ctx, bot, slug, email("thief"), []agenda.MemberRole{role}, base, "en")
			wantCode(t, err, agenda.Forbidden)
			_, err = h.SetRoles(ctx, bot, slug, app.Match{Any: true}, owner.ID, []agenda.MemberRole{role, agenda.Protocol})
			wantCode(t, err, agenda.Forbidden)
		}
		_, secret, err = h.CreateToken(ctx, owner, slug, agenda.Token{Name: "desk", Scopes: append([]agenda.Verb{agenda.ManageAccess}, agenda.Viewer.Verbs()...)}, app.Once{})
		wantCode(t, err, "")
		bot = must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		must[app.Invitation](t)(h.InviteMember(ctx, bot, slug, email("thief"), []agenda.MemberRole{agenda.Viewer}, base, "en"))
		_, err = h.SetRoles(ctx, bot, slug, app.Match{Any: true}, h.who(t, h.signIn(t, "thief")).Account.ID, []agenda.MemberRole{agenda.Owner})
		wantCode(t, err, agenda.Forbidden)
	})
}

// A Token has no right that who made it lost meanwhile, even where it was made while that was taken away.
func TestTokensHaveTheRightsOfWhoMadeThem(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.forum(t)
		h.member(t, "owner", agenda.Owner)
		late := h.member(t, "late", agenda.Owner, agenda.Editor) // as they were when their request began
		must[agenda.Member](t)(h.SetRoles(ctx, operator, slug, app.Match{Any: true}, late.ID, []agenda.MemberRole{agenda.Viewer}))
		_, secret, err := h.CreateToken(ctx, late, slug, agenda.Token{Name: "late", Scopes: []agenda.Verb{agenda.EditEvent, agenda.ReadDraft}}, app.Once{})
		wantCode(t, err, "")
		bot := must[agenda.Actor](t)(h.Authenticate(ctx, secret, ""))
		event := bot.Grants[0].EventID
		if agenda.May(bot, agenda.EditEvent, event) || !agenda.May(bot, agenda.ReadDraft, event) {
			t.Errorf("the token may %v", bot.Grants)
		}
		must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Match{Any: true}, late.ID, false, true))
		_, secret, err = h.CreateToken(ctx, late, slug, agenda.Token{Name: "later", Scopes: []agenda.Verb{agenda.ReadDraft}}, app.Once{})
		wantCode(t, err, "")
		_, err = h.Authenticate(ctx, secret, "")
		wantCode(t, err, agenda.Unauthenticated)
	})
}
