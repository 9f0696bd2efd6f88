package ical

import (
	"slices"
	"testing"

	"plenary/internal/agenda"
)

// What is looked for scope by scope is what is filed.
func TestScopesAreThoseThatAreFiled(t *testing.T) {
	s := published(t, forum(t))
	all := NewPress(s, Links{}, "en")
	scopes := append(all.Scopes(), agenda.FeedScope{Kind: agenda.FeedOfTrack}, agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: "nobody"})
	shown := 0
	for i, scope := range scopes {
		if scope.Kind == agenda.FeedOfEvent {
			continue
		}
		few := NewPress(s, Links{}, "en")
		got, want := few.of(scope), all.files()[scope.Kind][scope.ID]
		if !slices.Equal(got, want) {
			t.Errorf("%d %s: %d panels, want %d", i, scope, len(got), len(want))
		}
		if few.filed.scopes != nil {
			t.Errorf("%s: all were filed", scope)
		}
		shown += len(got)
	}
	many := NewPress(s, Links{}, "en")
	for i := range fewScopes + 1 {
		many.of(agenda.FeedScope{Kind: agenda.FeedOfSpeaker, ID: agenda.ID(rune('a' + i))})
	}
	if many.filed.scopes == nil || shown < 5 {
		t.Errorf("many are not filed; %d panels in all", shown)
	}
}
