package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/credential"
	"plenary/internal/source"
)

// told holds the newest entry of the log against what was done: who did it, from where, and what was before and after.
func (h house) told(t *testing.T, verb string, who agenda.Actor, before, after string) {
	t.Helper()
	list, _, err := h.AllActivities(context.Background(), operator, app.ActivityFilter{}, app.Page{Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	a, outcome := list[0], agenda.Done
	if strings.HasSuffix(verb, "refuse") || strings.HasSuffix(verb, "unknown") || strings.HasPrefix(verb, "access.") {
		outcome = agenda.Refused
	}
	want := []string{verb, string(who.Kind), string(who.ID), who.Name, who.Address, before, after, string(outcome)}
	got := []string{a.Verb, string(a.ActorKind), string(a.ActorID), a.ActorName, a.Address, fieldWords(a.Before), fieldWords(a.After), string(a.Outcome)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", verb, diff)
	}
	h.pass(time.Second)
}

// in gives the instant after that time, as JSON.
func (h house) in(d time.Duration) string {
	return `"` + time.UnixMilli(h.clock.Load()).UTC().Add(d).Format("2006-01-02T15:04:05.000Z") + `"`
}

// watchAccounts does everything that can be done to an Account, and to how one signs in.
func (h house) watchAccounts(t *testing.T) {
	ctx, stranger, far := context.Background(), here.Anonymous(), app.From{Address: "2001:db8::7"}
	must[string](t)(h.OpenSetup(ctx))
	h.told(t, "account.setup_link", agenda.System("serve"), "", "expires="+h.in(agenda.SetupLife)+` mailed=false purpose="setup"`)
	_, err := h.SetUp(ctx, "wrong", agenda.Account{Email: email("first"), Name: "First"}, password, far)
	wantCode(t, err, agenda.NotFound)
	h.told(t, "account.refuse", far.Anonymous(), "", `code="not_found"`)
	account := h.account(t, "anh")
	h.told(t, "account.create", operator, "", `admin=false email="anh@example.org" email_verified=true name="anh" password=true recovery_codes=0 second_factor=false`)
	h.admin(t, "admin")
	_, err = h.SignIn(ctx, email("anh"), another, "", here)
	wantCode(t, err, agenda.Unauthenticated)
	h.told(t, "account.refuse", stranger, "", `code="unauthenticated"`)
	secret := h.signIn(t, "anh")
	who := h.who(t, secret)
	h.told(t, "account.sign_in", who.Actor, "", `method="password"`)
	must[agenda.Account](t)(h.SetName(ctx, who, "Ánh", "vi"))
	h.told(t, "account.edit", who.Actor, `language=null name="anh"`, `language="vi" name="Ánh"`)
	who = h.who(t, secret)
	h.watchFactors(t, secret)
	h.signIn(t, "admin")
	other := must[app.Entry](t)(h.SignIn(ctx, email("admin"), password, "", far))
	admin := h.who(t, h.signIn(t, "admin"))
	wantCode(t, h.SignOut(ctx, h.who(t, other.Secret)), "")
	h.told(t, "account.sign_out", admin.Actor, `logins=["2001:db8::7"]`, "")
	wantCode(t, h.RevokeOtherLogins(ctx, admin), "")
	h.told(t, "account.sign_out", admin.Actor, `logins=["192.0.2.1"]`, "")
	must[agenda.Account](t)(h.SetAccount(ctx, admin.Actor, app.Match{Any: true}, account.ID, true, false))
	h.told(t, "account.set", admin.Actor, "admin=false", "admin=true")
	at := h.in(0)
	must[agenda.Account](t)(h.SetAccount(ctx, admin.Actor, app.Match{Any: true}, account.ID, true, true))
	h.told(t, "account.set", admin.Actor, "disabled=null", "disabled="+at)
	must[agenda.Account](t)(h.SetAccount(ctx, operator, app.Match{Any: true}, account.ID, false, false))
	wantCode(t, h.AskReset(ctx, email("admin"), base, here), "")
	h.told(t, "account.ask_reset", stranger, "", fmt.Sprintf(`account="%s" email="admin@example.org" expires=%s mailed=true purpose="reset"`, admin.Account.ID, h.in(agenda.ResetLife)))
	link := must[string](t)(h.MakeReset(ctx, admin.Actor, email("admin")))
	h.told(t, "account.reset_link", admin.Actor, "", fmt.Sprintf(`account="%s" email="admin@example.org" expires=%s mailed=false purpose="reset"`, admin.Account.ID, h.in(agenda.ResetLife)))
	wantCode(t, h.Reset(ctx, link, another, here), "")
	h.told(t, "account.password", admin.Actor, "", "")
	_, _, err = h.Accounts(ctx, who.Actor, app.Page{})
	wantCode(t, err, agenda.Forbidden)
	h.told(t, "access.refused", who.Actor, "", `right="manage_account"`)
}

// watchFactors does all that somebody who is signed in can do to how they sign in.
func (h house) watchFactors(t *testing.T, secret string) {
	ctx, stranger, who := context.Background(), here.Anonymous(), h.who(t, secret)
	key, recovery := h.totp(t, secret)
	h.told(t, "account.totp", who.Actor, "recovery_codes=0 second_factor=false", fmt.Sprintf("recovery_codes=%d second_factor=true", len(recovery)))
	begun := h.factor(t, "anh")
	_, err := h.SignInFactor(ctx, begun, "000000x", "", here)
	wantCode(t, err, agenda.Unauthenticated)
	h.told(t, "account.refuse", stranger, "", `code="unauthenticated"`)
	must[string](t)(h.SignInFactor(ctx, begun, recovery[0], "", here))
	h.told(t, "account.sign_in", who.Actor, "", `method="password_recovery"`)
	_, err = h.Confirm(ctx, who, another, "")
	wantCode(t, err, agenda.Invalid)
	h.told(t, "account.refuse", who.Actor, "", `code="invalid"`)
	h.pass(time.Minute)
	secret = must[string](t)(h.Confirm(ctx, who, password, h.code(t, key)))
	h.told(t, "account.confirm", who.Actor, "", `method="password"`)
	wantCode(t, h.RemoveTOTP(ctx, h.who(t, secret)), "")
	h.told(t, "account.totp", who.Actor, fmt.Sprintf("recovery_codes=%d second_factor=true", len(recovery)-1), "recovery_codes=0 second_factor=false")
	d, made := h.device(t, h.who(t, secret))
	h.told(t, "account.passkey", who.Actor, "", `passkey="My phone"`)
	must[string](t)(h.enter(t, d))
	h.told(t, "account.sign_in", who.Actor, "", `method="passkey"`)
	options, ceremony, err := h.BeginConfirmByPasskey(ctx, h.who(t, secret))
	wantCode(t, err, "")
	secret = must[string](t)(h.ConfirmByPasskey(ctx, h.who(t, secret), ceremony, d.answer(t, options)))
	h.told(t, "account.confirm", who.Actor, "", `method="passkey"`)
	_, err = h.FinishPasskeyLogin(ctx, ceremony, nil, "", here)
	wantCode(t, err, agenda.Unauthenticated)
	h.told(t, "account.refuse", stranger, "", `code="unauthenticated"`)
	wantCode(t, h.RemovePasskey(ctx, h.who(t, secret), made.ID), "")
	h.told(t, "account.passkey", who.Actor, `passkey="My phone"`, "")
	secret = must[string](t)(app.EnterAs(h.App, ctx, who.Account.ID, true, alice(nil), "", here)) // which ends all others
	list, _, err := h.AllActivities(ctx, operator, app.ActivityFilter{Verb: "account.link"}, app.Page{})
	if err != nil || len(list) != 1 || fieldWords(list[0].After) != `issuer="https://id.example.org" subject="alice"` || list[0].Address != here.Address {
		t.Errorf("of the identity the log says %+v, %v", list, err)
	}
	wantCode(t, h.RemoveIdentities(ctx, h.who(t, secret)), "")
	h.told(t, "account.unlink", who.Actor, `issuer="https://id.example.org" subject="alice"`, "")
	h.pass(agenda.ProofLife)
	wantCode(t, h.RemoveTOTP(ctx, h.who(t, secret)), agenda.Forbidden)
	h.told(t, "access.unproved", who.Actor, "", "")
	secret = must[string](t)(h.Confirm(ctx, h.who(t, secret), password, ""))
	must[string](t)(h.ChangePassword(ctx, h.who(t, secret), another, here))
	list, _, err = h.AllActivities(ctx, operator, app.ActivityFilter{Verb: "account.password"}, app.Page{})
	if err != nil || len(list) != 1 || list[0].ActorID != who.Account.ID || list[0].Before != nil || list[0].After != nil {
		t.Errorf("of the password the log says %+v, %v", list, err)
	}
	h.pass(time.Second)
}

// watchMembers does everything that can be done to who may do what at an Event.
func (h house) watchMembers(t *testing.T) {
	ctx := context.Background()
	h.forum(t)
	owner := h.member(t, "owner", agenda.Owner)
	h.account(t, "viewer")
	invite := func(name string) app.Invitation {
		return must[app.Invitation](t)(h.InviteMember(ctx, owner, slug, email(name), []agenda.MemberRole{agenda.Viewer}, base, "en"))
	}
	m := invite("viewer").Member
	h.told(t, "member.add", owner, "", fmt.Sprintf(`account="%s" roles=["viewer"]`, m.AccountID))
	must[agenda.Member](t)(h.SetRoles(ctx, owner, slug, app.Match{Any: true}, m.AccountID, []agenda.MemberRole{agenda.Editor}))
	h.told(t, "member.set", owner, `roles=["viewer"]`, `roles=["editor"]`)
	wantCode(t, h.RemoveMember(ctx, owner, slug, app.Match{Any: true}, m.AccountID), "")
	h.told(t, "member.remove", owner, fmt.Sprintf(`account="%s" roles=["editor"]`, m.AccountID), "")
	done := invite("new")
	fields := `email="new@example.org" expires=` + h.in(agenda.InviteLife) + ` mailed=true purpose="invite" roles=["viewer"]`
	h.told(t, "member.invite", owner, "", fields)
	wantCode(t, h.CancelInvitation(ctx, owner, slug, done.Link.ID), "")
	h.told(t, "member.uninvite", owner, fields, "")
}

// watchPersonal does everything that can be done with a personal link, and to photos and materials.
func (h house) watchPersonal(t *testing.T) {
	ctx, any := context.Background(), app.Match{Any: true}
	who := operator
	who.Address = "192.0.2.7"
	people := must[[]agenda.Person](t)(firstOf(h.People(ctx, operator, slug, app.PersonFilter{}, app.Page{})))
	p := people[0]
	p.Email = "one@example.org"
	must[agenda.Person](t)(h.EditPerson(ctx, who, slug, any, p))
	h.told(t, "person.edit", who, `email=null`, `email="one@example.org"`)
	wantCode(t, h.VouchAddress(ctx, who, slug, p.ID, p.Email), "")
	h.told(t, "person.vouch", who, "vouched_address=null", `vouched_address="one@example.org"`)
	made := must[app.NewLink](t)(h.MakePersonalLink(ctx, who, slug, app.LinkRequest{PersonID: p.ID}, app.Once{}))
	ends := made.Link.Expires.Format("2006-01-02T15:04:05.000Z")
	fields := func(mailed bool) string {
		return fmt.Sprintf(`expires="%s" mailed=%t person="%s"`, ends, mailed, p.ID)
	}
	h.told(t, "link.make", who, "", fields(false))
	must[agenda.PersonalLink](t)(h.SendPersonalLink(ctx, who, slug, app.LinkRequest{PersonID: p.ID}, "en", base))
	h.told(t, "link.send", who, "", fields(true))
	_, err := h.OpenPersonalLink(ctx, "wrong", "", "192.0.2.9")
	wantCode(t, err, agenda.NotFound)
	h.told(t, "link.refuse", agenda.Actor{Kind: agenda.Anonymous, Address: "192.0.2.9"}, "", `code="not_found"`)
	visit := must[app.NewVisit](t)(h.OpenPersonalLink(ctx, made.Secret, "", "192.0.2.9")).Secret
	me := must[agenda.Actor](t)(h.Visitor(ctx, visit, "192.0.2.9"))
	h.told(t, "link.open", me, "", "expires="+h.in(agenda.VisitLife))
	_, _, err = h.MakeDeskCode(ctx, who, slug, p.ID)
	wantCode(t, err, "")
	h.told(t, "code.make", who, "", "expires="+h.in(agenda.CodeLife))
	wantCode(t, h.SendCode(ctx, visit, "en", me.Address), "")
	h.told(t, "code.send", me, "", "expires="+h.in(agenda.CodeLife))
	wantCode(t, h.ConfirmVisit(ctx, visit, "1", me.Address), agenda.Invalid)
	h.told(t, "link.refuse", me, "", `code="invalid"`)
	var code string
	for code == "" {
		code = h.letter(t).Code
		if len(code) != 6 {
			code = ""
		}
	}
	wantCode(t, h.ConfirmVisit(ctx, visit, code, me.Address), "")
	h.told(t, "link.confirm", me, "confirmed=false", "confirmed=true")
	me = must[agenda.Actor](t)(h.Visitor(ctx, visit, me.Address))
	h.watchOwn(t, me, visit, p)
	h.watchLetters(t, who, me, p)
	wantCode(t, h.EndVisit(ctx, visit, me.Address), "")
	list, _, err := h.AllActivities(ctx, operator, app.ActivityFilter{Verb: "link.leave"}, app.Page{})
	if err != nil || len(list) != 1 || len(list[0].Before) != 1 || list[0].ActorID != me.ID || list[0].Address != me.Address {
		t.Errorf("of the end of a visit the log says %+v, %v", list, err)
	}
	h.pass(time.Second)
	at := h.in(0)
	wantCode(t, h.RevokePersonalLink(ctx, who, slug, p.ID, made.Link.ID), "")
	h.told(t, "link.revoke", who, "revoked=null", "revoked="+at)
}

// watchOwn does what a Person can do on their page.
func (h house) watchOwn(t *testing.T, me agenda.Actor, visit string, p agenda.Person) {
	ctx := context.Background()
	panel := must[[]agenda.Panel](t)(func() ([]agenda.Panel, error) {
		_, list, _, err := h.Panels(ctx, operator, slug, app.PanelFilter{Person: p.ID}, app.Page{})
		return list, err
	}())[0]
	part := func(status string) string {
		return fmt.Sprintf(`speakers=[{"person":"%s","role":"speaker","status":"%s"}]`, p.ID, status)
	}
	wantCode(t, h.AnswerInvitation(ctx, me, panel.ID, agenda.Declined), "")
	h.told(t, "speaker.decline", me, part("confirmed"), part("declined"))
	wantCode(t, h.AnswerInvitation(ctx, me, panel.ID, agenda.Confirmed), "")
	h.told(t, "speaker.confirm", me, part("declined"), part("confirmed"))
	wantCode(t, h.Undo(ctx, me), "")
	h.told(t, "speaker.undo", me, part("confirmed"), part("declined"))
	wantCode(t, h.AnswerInvitation(ctx, me, panel.ID, agenda.Confirmed), "")
	wantCode(t, h.ChooseOwnZone(ctx, me, "Europe/Paris"), "")
	h.told(t, "person.zone", me, `page_zone=""`, `page_zone="Europe/Paris"`)
	must[app.Publication](t)(h.Publish(ctx, operator, slug, nil, nil, app.Once{}))
	wantCode(t, h.SeeChanges(ctx, me, 1), "")
	h.told(t, "person.seen", me, "seen_release=0", "seen_release=1")
	people := must[[]agenda.Person](t)(firstOf(h.People(ctx, operator, slug, app.PersonFilter{}, app.Page{})))
	m := must[app.MeetingResult](t)(h.CreateMeeting(ctx, operator, slug, meetingOf(p.ID, people[1].ID), nil, app.Once{})).Meeting
	h.pass(time.Second)
	wantCode(t, h.AnswerMeeting(ctx, me, m.ID, agenda.Accepted), "")
	sides := func(answer string) string {
		return fmt.Sprintf(`sides=[{"delegates":[{"answer":"%s","person":"%s","role":"principal"}]},{"delegates":[{"answer":"needs-action","person":"%s","role":"principal"}]}]`, answer, p.ID, people[1].ID)
	}
	h.told(t, "meeting.answer", me, sides("needs-action"), sides("accepted"))
	wantCode(t, h.EditOwnProfile(ctx, me, app.Match{Any: true}, app.OwnProfile{JobTitle: agenda.Text{"en": "Minister"}}), "")
	h.told(t, "person.edit", me, "job_title=null", `job_title={"en":"Minister"}`)
	wantCode(t, h.ChangeOwnAddress(ctx, me, visit, "two@example.org"), "")
	h.told(t, "person.vouch", me, `vouched_address="one@example.org"`, `vouched_address="two@example.org"`)
	secret := must[string](t)(h.OpenOwnFeed(ctx, me, "en"))
	list := must[[]agenda.Activity](t)(firstOf(h.Activities(ctx, operator, slug, app.ActivityFilter{Verb: "feed.open"}, app.Page{Limit: 1})))
	h.told(t, "feed.open", me, "", fieldWords(list[0].After))
	if strings.Contains(fieldWords(list[0].After), secret) || list[0].After["person"] != `"`+string(p.ID)+`"` {
		t.Errorf("of the feed the log says %v", list[0].After)
	}
}

// watchRest does what is left: photos, materials, tokens that open nothing, and Events that come from files.
func (h house) watchRest(t *testing.T) {
	ctx, any, who := context.Background(), app.Match{Any: true}, operator
	who.Address = "192.0.2.7"
	p := must[[]agenda.Person](t)(firstOf(h.People(ctx, operator, slug, app.PersonFilter{}, app.Page{})))[0]
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	p = must[agenda.Person](t)(h.SetPhoto(ctx, who, slug, any, p.ID, picture.Bytes()))
	h.told(t, "person.photo", who, "photo=null", `photo="`+p.Photo+`"`)
	wantCode(t, h.DeletePhoto(ctx, who, slug, any, p.ID), "")
	h.told(t, "person.photo", who, `photo="`+p.Photo+`"`, "photo=null")
	_, panels, _, err := h.Panels(ctx, operator, slug, app.PanelFilter{}, app.Page{})
	wantCode(t, err, "")
	at := h.in(0)
	r := must[app.PanelResult](t)(h.AddMaterial(ctx, who, slug, any, panels[0].ID, app.NewMaterial{Title: "Notes", Name: "notes.txt", Data: []byte("Notes.")}))
	m := r.Panel.Materials[0]
	fields := fmt.Sprintf(`materials=[{"created":%s,"file":"%s","file_name":"notes.txt","id":"%s","size":6,"title":"Notes","type":"%s"}]`, at, m.File, m.ID, m.MediaType)
	h.told(t, "panel.material", who, "materials=null", fields)
	wantCode(t, h.DeleteMaterial(ctx, who, slug, any, panels[0].ID, m.ID), "")
	h.told(t, "panel.material", who, fields, "materials=null")
	_, err = h.Authenticate(ctx, "plenary_nonsense", "192.0.2.9")
	wantCode(t, err, agenda.Unauthenticated)
	h.told(t, "token.unknown", agenda.Actor{Kind: agenda.Anonymous, Address: "192.0.2.9"}, "", "")
	file := []byte("title,date,start,end,room\nImported,2026-03-29,11:00,12:00,Hall 1\n")
	_, err = h.ImportFile(ctx, who, file, source.CSV, nil, app.ImportOptions{Slug: slug, Source: "table"})
	wantCode(t, err, "")
	h.told(t, "event.import", who, "", `format="csv" panels_added=1 panels_changed=0 people_added=0 rooms_added=0 source="table" tracks_added=0`)
	must[app.CopiedEvent](t)(h.CopyEvent(ctx, who, slug, app.EventCopy{Slug: "again", StartDate: "2027-03-26"}))
	h.told(t, "event.copy", who, "", "")
	h.watchWebhooks(t, who)
	groups := h.as(func(o *app.Options) {
		o.Groups = []app.GroupRole{{Group: "it"}, {Group: "owners", Event: slug, Role: agenda.Owner}}
	})
	must[string](t)(app.EnterAs(groups.App, ctx, "", false, alice(func(i *credential.Identity) { i.Groups = []string{"it", "owners"} }), "", here))
	for verb, want := range map[string]string{"account.set": "admin=true", "member.set": `roles=["owner"]`} {
		list, _, err := h.AllActivities(ctx, operator, app.ActivityFilter{Verb: verb}, app.Page{Limit: 1})
		if err != nil || fieldWords(list[0].After) != want || list[0].ActorName != "single sign-on" {
			t.Errorf("of %s the log says %+v, %v", verb, list, err)
		}
	}
	wantCode(t, h.DeleteEvent(ctx, who, slug, any), "")
}
