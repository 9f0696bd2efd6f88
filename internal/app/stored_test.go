package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// Nothing that the database has opens anything: who stole a copy of it has no login, feed, token, link or code.
func TestHoleV34StoredValuesDoNotAuthenticate(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		f := h.forum(t)
		h.member(t, "anh", agenda.Owner)
		h.totp(t, h.signIn(t, "anh"))
		h.factor(t, "anh")
		if _, _, err := h.CreateToken(ctx, operator, slug, agenda.Token{Name: "Bot", Scopes: agenda.ReadVerbs}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.OpenFeed(ctx, operator, slug, agenda.Feed{PersonID: f.people[0].ID, FeedSettings: agenda.FeedSettings{Name: "Phone"}}, app.Once{}); err != nil {
			t.Fatal(err)
		}
		must[string](t)(h.MakeReset(ctx, operator, email("anh")))
		must[app.Invitation](t)(h.InviteMember(ctx, operator, slug, email("new"), []agenda.MemberRole{agenda.Viewer}, base, "en"))
		values := h.values(t)
		if len(values) < 100 {
			t.Fatalf("only %d values are stored", len(values))
		}
		for _, v := range values {
			if _, err := h.Recognize(ctx, v, here); agenda.CodeOf(err) != agenda.Unauthenticated {
				t.Errorf("login %q: %v", v, err)
			}
			if _, err := h.Authenticate(ctx, v, ""); agenda.CodeOf(err) != agenda.Unauthenticated {
				t.Errorf("token %q: %v", v, err)
			}
			if _, err := h.FetchFeed(ctx, v, ""); agenda.CodeOf(err) != agenda.NotFound {
				t.Errorf("feed %q: %v", v, err)
			}
			for _, purpose := range []agenda.LinkPurpose{agenda.ForInvite, agenda.ForReset, agenda.ForSetup} {
				if _, _, err := h.AccountLink(ctx, v, purpose, here); agenda.CodeOf(err) != agenda.NotFound {
					t.Errorf("link %q: %v", v, err)
				}
			}
			if _, err := h.SignInFactor(ctx, v, "", "", here); agenda.CodeOf(err) != agenda.Unauthenticated {
				t.Errorf("ceremony %q: %v", v, err)
			}
		}
		// A code can be tried five times in a quarter of an hour.
		for _, v := range values {
			h.pass(4 * time.Minute)
			_, err := h.SignInFactor(ctx, h.factor(t, "anh"), v, "", here)
			wantCode(t, err, agenda.Unauthenticated)
			h.pass(15 * time.Minute)
		}
	})
}

// values gives every text that is stored, and the texts in those that are JSON, but for those of some tables.
func (h house) values(t *testing.T, but ...string) (values []string) {
	t.Helper()
	var archive bytes.Buffer
	if err := h.store.Backup(context.Background(), &archive, nil); err != nil {
		t.Fatal(err)
	}
	var take func(v any)
	take = func(v any) {
		switch v := v.(type) {
		case string:
			values = append(values, v)
			var inner any
			if json.Unmarshal([]byte(v), &inner) == nil {
				take(inner)
			}
		case []any:
			for _, x := range v {
				take(x)
			}
		case map[string]any:
			for _, x := range v {
				take(x)
			}
		}
	}
	in := json.NewDecoder(must[*gzip.Reader](t)(gzip.NewReader(&archive)))
	var head struct {
		Tables []struct {
			Name string
			Rows int
		}
	}
	if err := in.Decode(&head); err != nil {
		t.Fatal(err)
	}
	for _, table := range head.Tables {
		for range table.Rows {
			var line any
			if err := in.Decode(&line); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(but, table.Name) {
				take(line)
			}
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
