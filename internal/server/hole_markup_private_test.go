package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// privacy is who sees the pages that are for one browser alone: an account that has one of everything, one with a second
// factor, somebody who is invited, and a person with a personal link.
type privacy struct{ login, step, visit, confirmed, invitation string }

// keepPrivacy plants the accounts of a field.
func (f *field) keepPrivacy(names string) {
	f.t.Helper()
	ctx := context.Background()
	must := func(err error) {
		f.t.Helper()
		if err != nil {
			f.t.Fatal(err)
		}
	}
	name := strings.TrimSpace(strings.ReplaceAll(names, "\u202e", ""))
	signIn := func(factor bool) app.Entry {
		email := string(f.newID()) + "@example.org"
		made, err := f.app.CreateAccount(ctx, f.system(), agenda.Account{Email: email, Name: name}, phrase)
		must(err)
		_, err = f.app.InviteMember(ctx, f.system(), f.slug, email, agenda.MemberRoles, base, "")
		must(err)
		must(f.store.Write(ctx, func(tx *store.Tx) error {
			if factor {
				made.TOTP = "JBSWY3DPEHPK3PXP"
			}
			key := agenda.Passkey{ID: email, AccountID: made.ID, Name: name, Data: []byte("{}"), Created: f.now()}
			made.Revision++
			return errors.Join(tx.UpdateAccount(made), tx.InsertPasskey(key))
		}))
		entry, err := f.app.SignIn(ctx, email, phrase, "", app.From{Address: "192.0.2.1", Agent: names})
		must(err)
		return entry
	}
	f.private.login = loginCookie + "=" + signIn(false).Secret
	f.private.step = stepCookie + "=" + signIn(true).SecondFactor
	mute := app.New(f.store, app.Options{Now: f.now, NewID: f.newID, Secret: f.newSecret, Code: f.newCode, Passwords: fastPasswords, CodeRounds: 1}) // tells the link here
	invited, err := mute.InviteMember(ctx, f.system(), f.slug, string(f.newID())+"@example.org", agenda.MemberRoles, base, "")
	must(err)
	f.private.invitation = invited.Secret
	f.private.visit = f.newVisit(f.slug, agenda.ID(f.person), nil)
	f.private.confirmed = f.newVisit(f.slug, agenda.ID(f.person), nil)
	code, _, err := f.app.MakeDeskCode(f.t.Context(), f.system(), f.slug, agenda.ID(f.person))
	if err == nil {
		err = f.app.ConfirmVisit(f.t.Context(), strings.TrimPrefix(f.private.confirmed, visitCookie+"="), code, "192.0.2.1")
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// look gives a page of the field as a browser gets it, and, of those for one browser alone, as the one that it is for.
func (f *field) look(kind, page, lang string) *dom {
	f.t.Helper()
	headers := []header{browser, {"Accept-Language", lang}, {"Sec-Fetch-Site", "same-origin"}}
	switch kind {
	case "me_ask", "me_meeting", "meeting_brief of a participant":
		headers = append(headers, header{"Cookie", f.private.confirmed})
	case "me":
		headers = append(headers, header{"Cookie", f.private.visit})
	case "signin_factor":
		headers = append(headers, header{"Cookie", f.private.step})
	case "signin", "home":
	default:
		headers = append(headers, header{"Cookie", f.private.login})
	}
	form := url.Values{}
	switch kind {
	case "signin tried":
		form.Set("email", page[strings.Index(page, "=")+1:])
		form.Set("password", "wrong")
		page = "/sign-in"
	case "console_once":
		form.Set("do", "code")
		form.Set("id", f.person)
	case "signin_link followed":
		form.Set("link", f.private.invitation)
	}
	if len(form) == 0 {
		return parseDOM(f.get(page, headers...).Body)
	}
	return parseDOM(f.ask("", http.MethodPost, page, form.Encode(), append(headers, header{"Content-Type", "application/x-www-form-urlencoded"})...).Body)
}

// privatePages are the pages for one browser alone, by template. That of "signin_away" shows nothing but the address of
// the provider, which is the operator's.
func privatePages(names string) map[string]string {
	next := "?next=" + url.QueryEscape("/"+url.PathEscape(names))
	return map[string]string{"me": "/me", "console": "/console", "signin": "/sign-in" + next, "signin tried": "/sign-in?email=" + names,
		"signin_factor": "/sign-in/factor" + next, "signin_link": "/invitation", "signin_link followed": "/invitation", "account": "/account",
		"account_confirm": "/account/confirm" + next, "account_password": "/account/password", "account_factor": "/account/factor"}
}

// accessPages are those of the console about who may do what, who did it, and numbers. Of the log it is what was done to panels:
// looking at pages leaves entries of its own.
func (f *field) accessPages() map[string]string {
	at := "/console/events/" + f.slug
	return map[string]string{"console_rows": at + "/members", "console_rows of tokens": at + "/tokens", "console_rows of links": at + "/links?who=all", "console_rows of a person": at + "/links/" + f.person,
		"console_rows of the desk": at + "/desk", "console_rows of feeds": at + "/feeds", "console_rows of webhooks": at + "/webhooks", "console_rows of a webhook": at + "/webhooks/" + f.webhook, "console_form of a webhook": at + "/webhooks/" + f.webhook + "/edit", "console_rows of data": at + "/people/" + f.person + "/data", "console_form of data": at + "/people/" + f.person + "/erase", "console_form of deputies": at + "/people/" + f.person + "/deputy",
		"console_form of members": at + "/members/new", "console_form of tokens": at + "/tokens/new", "console_form of feeds": at + "/feeds/new", "console_form of links": at + "/links/new",
		"console_activity": at + "/activity?verb=panel", "console_activity of people": at + "/activity?verb=person.create", "console_statistics": at + "/statistics", "console_once": at + "/desk"}
}
