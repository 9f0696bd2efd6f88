package agenda

import (
	"fmt"
	"testing"
)

func TestAuthorize(t *testing.T) {
	token := func(event ID, scope Scope) Actor { return Token{ID: "t", EventID: event, Scope: scope}.Actor() }
	none, no, hidden := Unauthenticated, Forbidden, NotFound
	const ok = Code("")
	tests := []struct {
		who   string
		actor Actor
		at    map[ID][4]Code // by event: read draft, read meetings, edit event, create events
	}{
		{"nobody", Actor{}, map[ID][4]Code{"own": {none, none, none, none}, "": {none, none, none, none}}},
		{"anonymous", Actor{Kind: Anonymous}, map[ID][4]Code{"own": {none, none, none, none}, "": {none, none, none, none}}},
		{"anonymous with grants", Actor{Kind: Anonymous, Grants: []Grant{{Scope: ScopeWrite}}},
			map[ID][4]Code{"own": {none, none, none, none}, "": {none, none, none, none}}},
		{"token without grants", Actor{Kind: TokenHolder}, map[ID][4]Code{"own": {hidden, hidden, hidden, no}, "": {no, no, no, no}}},
		{"token of an unknown scope", token("own", "everything"),
			map[ID][4]Code{"own": {no, no, no, no}, "other": {hidden, hidden, hidden, no}, "": {no, no, no, no}}},
		{"token that reads its event", token("own", ScopeRead),
			map[ID][4]Code{"own": {ok, ok, no, no}, "other": {hidden, hidden, hidden, no}, "": {no, no, no, no}}},
		{"token that writes its event", token("own", ScopeWrite),
			map[ID][4]Code{"own": {ok, ok, ok, no}, "other": {hidden, hidden, hidden, no}, "": {no, no, no, no}}},
		{"token that reads all events", token("", ScopeRead),
			map[ID][4]Code{"own": {ok, ok, no, no}, "other": {ok, ok, no, no}, "": {ok, ok, no, no}}},
		{"token that writes all events", token("", ScopeWrite),
			map[ID][4]Code{"own": {ok, ok, ok, ok}, "other": {ok, ok, ok, ok}, "": {ok, ok, ok, ok}}},
		{"token that reads all and writes one", Actor{Kind: TokenHolder, Grants: []Grant{{"", ScopeRead}, {"own", ScopeWrite}}},
			map[ID][4]Code{"own": {ok, ok, ok, no}, "other": {ok, ok, no, no}, "": {ok, ok, no, no}}},
		{"operator", System("import"), map[ID][4]Code{"own": {ok, ok, ok, ok}, "other": {ok, ok, ok, ok}, "": {ok, ok, ok, ok}}},
	}
	for _, tt := range tests {
		for event, want := range tt.at {
			for i, verb := range []Verb{ReadDraft, ReadMeetings, EditEvent, CreateEvents} {
				t.Run(fmt.Sprintf("%s/%s at %q", tt.who, verb, event), func(t *testing.T) {
					err := Authorize(tt.actor, verb, event)
					if CodeOf(err) != want[i] {
						t.Errorf("%q: %v, want %q", CodeOf(err), err, want[i])
					}
				})
			}
			if got := Sees(tt.actor, event); got != (want[0] == ok) {
				t.Errorf("%s sees %q: %v", tt.who, event, got)
			}
		}
	}
}

func TestEachVerbNeedsAScope(t *testing.T) {
	for _, verb := range []Verb{ReadDraft, ReadMeetings, EditEvent, CreateEvents} {
		if needs[verb] == "" {
			t.Errorf("%s needs nothing", verb)
		}
	}
}
