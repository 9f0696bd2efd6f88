package agenda

import (
	"fmt"
	"slices"
	"testing"
)

// rights is the table of who may do what at an Event of their own: a column for each role, in the order of MemberRoles
// (owner, editor, viewer, protocol, check-in).
var rights = map[Verb][5]bool{
	SeeEvent:      {true, true, true, true, true},
	ReadPeople:    {true, true, true, true, true},
	ReadContacts:  {true, true, false, true, false},
	ReadDraft:     {true, true, true, true, false},
	ReadMeetings:  {false, false, false, true, false},
	ReadActivity:  {true, true, false, false, false},
	EditEvent:     {true, true, false, false, false},
	PublishEvent:  {true, true, false, false, false},
	EditMeetings:  {false, false, false, true, false},
	ManageAccess:  {true, false, false, false, false},
	ManageData:    {true, false, false, false, false},
	CreateEvents:  {false, false, false, false, false},
	ManageAccount: {false, false, false, false, false},
}

// member is an Account with those roles at the Event "own".
func member(roles ...MemberRole) Actor {
	a := Actor{Kind: AccountHolder, ID: "a"}
	for _, r := range roles {
		a.Grants = append(a.Grants, Grant{EventID: "own", Verbs: r.Verbs()})
	}
	return a
}

func TestEachRoleMayDoWhatTheTableSays(t *testing.T) {
	if len(rights) != len(Verbs) || len(MemberRoles) != 5 {
		t.Fatalf("the table has %d verbs of %d and 5 roles of %d", len(rights), len(Verbs), len(MemberRoles))
	}
	for verb, row := range rights {
		for i, role := range MemberRoles {
			want := Forbidden // they know of the Event
			if row[i] {
				want = ""
			}
			if err := Authorize(member(role), verb, "own"); CodeOf(err) != want {
				t.Errorf("%s, %s: %v, want %q", role, verb, err, want)
			}
			want = NotFound
			if verb.OfInstallation() {
				want = Forbidden
			}
			if err := Authorize(member(role), verb, "other"); CodeOf(err) != want {
				t.Errorf("%s, %s elsewhere: %v, want %q", role, verb, err, want)
			}
		}
		all := member(MemberRoles...)
		if got := May(all, verb, "own"); got != slices.Contains(row[:], true) {
			t.Errorf("with all roles, %s: %t", verb, got)
		}
	}
	if MemberRole("king").Verbs() != nil {
		t.Error("an unknown role may something")
	}
}

func TestAuthorizeOtherActors(t *testing.T) {
	token := func(event ID, scopes ...Verb) Actor { return Token{ID: "t", EventID: event, Scopes: scopes}.Actor() }
	all := []Grant{{Verbs: Verbs}}
	for name, tt := range map[string]struct {
		actor           Actor
		own, other, top Code // of EditEvent at "own", at "other", and of CreateEvents
	}{
		"nobody":                    {Actor{Grants: all}, Unauthenticated, Unauthenticated, Unauthenticated},
		"anonymous, with grants":    {Actor{Kind: Anonymous, Grants: all}, Unauthenticated, Unauthenticated, Unauthenticated},
		"an account of no event":    {Actor{Kind: AccountHolder, ID: "a"}, NotFound, NotFound, Forbidden},
		"an administrator":          {Actor{Kind: AccountHolder, Grants: []Grant{{Verbs: []Verb{CreateEvents, ManageAccount}}}}, NotFound, NotFound, ""},
		"a personal link":           {Actor{Kind: LinkHolder, EventID: "own", PersonID: "p", Confirmed: true}, NotFound, NotFound, Forbidden},
		"a token that edits":        {token("own", SeeEvent, EditEvent), "", NotFound, Forbidden},
		"a token that reads":        {token("own", ReadVerbs...), Forbidden, NotFound, Forbidden},
		"a token that only creates": {token("", CreateEvents), NotFound, NotFound, ""},
		"one event can't be enough": {token("own", Verbs...), "", NotFound, Forbidden},
		"a token that edits all":    {token("", EventVerbs...), "", "", Forbidden},
		"an unknown scope":          {token("own", "everything"), NotFound, NotFound, Forbidden},
		"the operator":              {System("x"), "", "", ""},
	} {
		for what, check := range map[string]struct {
			err  error
			want Code
		}{
			"at its own": {Authorize(tt.actor, EditEvent, "own"), tt.own}, "at the other": {Authorize(tt.actor, EditEvent, "other"), tt.other},
			"at all": {Authorize(tt.actor, CreateEvents, "own"), tt.top},
		} {
			if CodeOf(check.err) != check.want {
				t.Errorf("%s %s: %v, want %q", name, what, check.err, check.want)
			}
		}
	}
}

// TestWhoSeesAMeeting goes through every verb that could help, every role, every part in it and both visibilities.
func TestWhoSeesAMeeting(t *testing.T) {
	meeting := func(v Visibility) Meeting {
		return Meeting{EventID: "own", Visibility: v, Sides: [2]Delegation{
			{Delegates: []Delegate{{"minister", Principal, Accepted}, {"aide", DelegateMember, Accepted}, {"voice", DelegateInterpreter, Accepted}}},
			{Delegates: []Delegate{{"envoy", Principal, Accepted}, {"scribe", NoteTaker, Accepted}}}}}
	}
	see := func(who string, actor Actor, v Visibility, want bool) {
		if got := SeesMeeting(actor, meeting(v)); got != want {
			t.Errorf("%s, %s: %t, want %t", who, v, got, want)
		}
	}
	for _, v := range Visibilities {
		for _, role := range MemberRoles {
			see(string(role), member(role), v, role == Protocol)
		}
		for _, verb := range Verbs {
			see("token of "+string(verb), Token{EventID: "own", Scopes: []Verb{verb}}.Actor(), v, verb == ReadMeetings)
			see("token elsewhere of "+string(verb), Token{EventID: "other", Scopes: []Verb{verb}}.Actor(), v, false)
		}
		see("nobody", Actor{}, v, false)
		see("anonymous with all grants", Actor{Kind: Anonymous, Grants: []Grant{{Verbs: Verbs}}}, v, false)
		see("the operator", System("x"), v, true)
		for _, part := range []ID{"minister", "aide", "voice", "envoy", "scribe", "stranger", ""} {
			principal := part == "minister" || part == "envoy"
			want := principal || v == VisibleToParticipants && part != "stranger" && part != ""
			link := Actor{Kind: LinkHolder, EventID: "own", PersonID: part, Confirmed: true}
			see(fmt.Sprintf("the link of %q", part), link, v, want)
			link.Confirmed = false
			see(fmt.Sprintf("the link of %q before the code", part), link, v, false)
			link.Confirmed, link.EventID = true, "other"
			see(fmt.Sprintf("the link of %q at another event", part), link, v, false)
			link.Kind, link.EventID = AccountHolder, "own"
			see(fmt.Sprintf("an account called %q", part), link, v, false)
		}
	}
}

func TestReadScopes(t *testing.T) {
	clean := func(everywhere bool, names ...string) []Verb {
		token := Token{Scopes: ReadScopes(names, everywhere)}
		token.Clean()
		return token.Scopes
	}
	for _, tt := range []struct {
		got, want []Verb
	}{
		{clean(false, "read"), ReadVerbs}, {clean(false, "write"), EventVerbs}, {clean(true, "write"), Verbs}, {clean(true, "write", "read"), Verbs},
		{clean(false, "edit_event"), []Verb{SeeEvent, EditEvent}}, {clean(false), nil}, {clean(false, "publish_event", "see_event", "publish_event"), []Verb{SeeEvent, PublishEvent}},
		{clean(false, "king"), []Verb{"king", SeeEvent}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%v, want %v", tt.got, tt.want)
		}
	}
	if err := (Token{Name: "x", EventID: "e", Scopes: []Verb{"king", CreateEvents}}).Check(); CodeOf(err) != Invalid || len(err.(*Error).Faults) != 2 {
		t.Errorf("%v", err)
	}
}
