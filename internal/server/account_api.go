package server

import (
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
)

// accountBody is an Account in the API.
type accountBody struct {
	ID       string    `json:"id" readOnly:"true" doc:"Identifies the account for ever."`
	Email    string    `json:"email" readOnly:"true" doc:"What one signs in with."`
	Verified bool      `json:"email_verified" readOnly:"true" doc:"Whether it is known to be theirs."`
	Name     string    `json:"name" readOnly:"true" doc:"What the account is called."`
	Admin    bool      `json:"admin" doc:"Whether it may create events and manage accounts."`
	Disabled bool      `json:"disabled" doc:"Whether it can't sign in. Disabling it signs it out everywhere and revokes the tokens that it made."`
	Factor   bool      `json:"second_factor" readOnly:"true" doc:"Whether its password needs a second factor."`
	Revision int       `json:"revision" readOnly:"true" doc:"Counts the changes. It is the ETag."`
	Created  time.Time `json:"created" readOnly:"true" doc:"When it was made, UTC."`
	Updated  time.Time `json:"updated" readOnly:"true" doc:"When it was changed last, UTC."`
}

func newAccountBody(a agenda.Account) accountBody {
	return accountBody{ID: string(a.ID), Email: a.Email, Verified: a.EmailVerified, Name: a.Name, Admin: a.Admin, Disabled: a.Disabled != nil,
		Factor: a.TOTP != "", Revision: a.Revision, Created: a.Created.UTC(), Updated: a.Updated.UTC()}
}

func (s *Server) routeAccountAPI() {
	const tag = "Accounts"
	register(s, operation{ID: "listAccounts", Method: http.MethodGet, Path: "/accounts", Tag: tag, Access: May(agenda.ManageAccount),
		Summary: "List the accounts", Description: "Oldest first."}, s.listAccounts)
	register(s, operation{ID: "getAccount", Method: http.MethodGet, Path: "/accounts/{account}", Tag: tag, Access: May(agenda.ManageAccount), Revised: true,
		Summary: "Get an account"}, s.getAccount)
	register(s, operation{ID: "setAccount", Method: http.MethodPut, Path: "/accounts/{account}", Tag: tag, Access: May(agenda.ManageAccount), Matches: true, Revised: true, Taken: true,
		Summary: "Disable an account, or make it an administrator", Description: "The last administrator stays one (409)."}, s.setAccount)
}

func (s *Server) listAccounts(ctx context.Context, in *struct {
	Caller
	Listing
}) (*listed[accountBody], error) {
	accounts, next, err := s.app.Accounts(ctx, in.Actor, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, accounts, next, newAccountBody), nil
}

func (s *Server) getAccount(ctx context.Context, in *struct {
	Caller
	Conditional
	Account string `path:"account" doc:"The account's id."`
}) (*single[accountBody], error) {
	a, err := s.app.Account(ctx, in.Actor, agenda.ID(in.Account))
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, a.Revision, newAccountBody(a)), nil
}

func (s *Server) setAccount(ctx context.Context, in *struct {
	Caller
	Matching
	Account string `path:"account" doc:"The account's id."`
	Body    accountBody
}) (*single[accountBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	a, err := s.app.SetAccount(ctx, in.Actor, match, agenda.ID(in.Account), in.Body.Admin, in.Body.Disabled)
	if err != nil {
		return nil, err
	}
	return changed(a.Revision, newAccountBody(a)), nil
}
