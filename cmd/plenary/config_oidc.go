package main

import (
	"fmt"
	"slices"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
)

// singleSignOn is what the environment says of a provider of identities.
type singleSignOn struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	GroupsClaim  string
	Roles        string
}

// set takes a setting over, if it is one of these.
func (o *singleSignOn) set(name, value string) {
	switch name {
	case "PLENARY_OIDC_ISSUER":
		o.Issuer = value
	case "PLENARY_OIDC_CLIENT_ID":
		o.ClientID = value
	case "PLENARY_OIDC_CLIENT_SECRET":
		o.ClientSecret = value
	case "PLENARY_OIDC_GROUPS_CLAIM":
		o.GroupsClaim = value
	case "PLENARY_OIDC_ROLES":
		o.Roles = value
	}
}

func (o singleSignOn) check() error {
	if o.Issuer == "" && o != (singleSignOn{}) {
		return fmt.Errorf("PLENARY_OIDC_ISSUER is needed for the other settings of the single sign-on")
	}
	if o.Roles != "" && o.GroupsClaim == "" {
		return fmt.Errorf("PLENARY_OIDC_GROUPS_CLAIM is needed for PLENARY_OIDC_ROLES: it says where the groups are")
	}
	_, err := o.groups()
	return err
}

// groups reads what the groups of the provider are here: "staff=admin,team=vidw-2025:owner".
func (o singleSignOn) groups() ([]app.GroupRole, error) {
	var groups []app.GroupRole
	for _, rule := range strings.Split(o.Roles, ",") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		at := strings.LastIndex(rule, "=") // the names of groups may have one
		group, what := strings.TrimSpace(rule[:max(at, 0)]), strings.TrimSpace(rule[at+1:])
		event, role, named := strings.Cut(what, ":")
		switch {
		case group == "":
		case what == "admin":
			groups = append(groups, app.GroupRole{Group: group})
			continue
		case named && event != "" && slices.Contains(agenda.MemberRoles, agenda.MemberRole(role)):
			groups = append(groups, app.GroupRole{Group: group, Event: event, Role: agenda.MemberRole(role)})
			continue
		}
		return nil, fmt.Errorf("PLENARY_OIDC_ROLES: %q must be a group and what it is, such as staff=admin or team=vidw-2025:owner; the roles are owner, editor, viewer, protocol, check_in", rule)
	}
	return groups, nil
}

// provider gives the provider of identities for a server at that address, nil when there is none.
func (o singleSignOn) provider(base string) (*credential.Provider, error) {
	if o.Issuer == "" {
		return nil, nil
	}
	return credential.NewProvider(credential.ProviderConfig{Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret,
		RedirectURL: base + "/sign-in/callback", GroupsClaim: o.GroupsClaim})
}
