package agenda

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestActivitiesAreSeenByRight(t *testing.T) {
	who := func(verbs ...Verb) Actor {
		return Actor{Kind: TokenHolder, Grants: []Grant{{EventID: "e", Verbs: append(verbs, ReadActivity)}}}
	}
	entry := func(verb string) Activity {
		return Activity{EventID: "e", Verb: verb, Summary: "Sentence.", Before: Fields{"name": "1", "email": "2", "notes": "3"}, After: Fields{"name": "4"}}
	}
	bare, contacts := who(), who(ReadPeople, ReadContacts)
	for _, c := range []struct {
		name    string
		actor   Actor
		verb    string
		summary string
		fields  int // before
	}{
		{"an owner sees people whole", who(Owner.Verbs()...), "person.edit", "Sentence.", 3},
		{"contacts need their right", who(ReadPeople), "person.edit", "Sentence.", 1},
		{"with it they are seen", contacts, "person.edit", "Sentence.", 3},
		{"people need theirs", bare, "person.edit", "person.edit", 0},
		{"an owner sees no meeting", who(Owner.Verbs()...), "meeting.edit", "Sentence.", 0},
		{"nor a personal feed", who(Owner.Verbs()...), "feed.open", "Sentence.", 0},
		{"protocol does", who(Protocol.Verbs()...), "meeting.edit", "Sentence.", 3},
		{"and of feeds too", who(Protocol.Verbs()...), "feed.open", "Sentence.", 3},
		{"the draft needs its right", bare, "panel.move", "panel.move", 0},
		{"with it it is seen", who(ReadDraft), "panel.move", "Sentence.", 3},
		{"windows of people are of the draft", bare, "availability.edit", "availability.edit", 0},
		{"refusals are what the log is for", bare, "access.refused", "Sentence.", 3},
		{"tokens have no secrets here", bare, "token.create", "Sentence.", 3},
		{"members are for who manages them", who(ReadDraft), "member.edit", "Sentence.", 0},
		{"who sees them", who(ManageAccess), "member.edit", "Sentence.", 3},
		{"accounts are for others still", who(EventVerbs...), "account.set", "Sentence.", 0},
		{"for who manages them", Actor{Kind: AccountHolder, Grants: []Grant{{Verbs: []Verb{ManageAccount}}}}, "account.set", "Sentence.", 3},
		{"personal links are of people", bare, "link.make", "link.make", 0},
		{"whom one may see", contacts, "link.make", "Sentence.", 3},
		{"answers are of the draft", bare, "speaker.confirm", "speaker.confirm", 0},
		{"another event's right is none", Actor{Kind: TokenHolder, Grants: []Grant{{EventID: "other", Verbs: Verbs}}}, "panel.move", "panel.move", 0},
	} {
		got := SeenActivity(c.actor, entry(c.verb))
		if got.Summary != c.summary || len(got.Before) != c.fields || (c.fields == 0) != (got.After == nil) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	for _, c := range []struct {
		name  string
		actor Actor
		verb  string
		want  [3]string
	}{
		{"who answered a meeting is for who sees meetings", who(Owner.Verbs()...), "meeting.answer", [3]string{}},
		{"they see it", who(Protocol.Verbs()...), "meeting.answer", [3]string{"l", "Lan Anh", "192.0.2.1"}},
		{"what else was done with a link is seen", who(ReadPeople), "speaker.confirm", [3]string{"l", "Lan Anh", "192.0.2.1"}},
		{"without the name, where people are not", bare, "speaker.confirm", [3]string{"l", "", "192.0.2.1"}},
	} {
		a := entry(c.verb)
		a.ActorKind, a.ActorID, a.ActorName, a.Address = LinkHolder, "l", "Lan Anh", "192.0.2.1"
		if got := SeenActivity(c.actor, a); [3]string{string(got.ActorID), got.ActorName, got.Address} != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	whole := entry("person.edit")
	SeenActivity(who(ReadPeople), whole)
	if diff := cmp.Diff(entry("person.edit"), whole); diff != "" {
		t.Errorf("the entry itself changed: %s", diff)
	}
}

func TestTraces(t *testing.T) {
	var traces Traces
	for _, name := range []string{"An", "Lan Anh", "Nguyễn", "Lan Anh", "", "O'Neil \"Q\""} {
		traces.AddName(name)
	}
	traces.AddAddress("lan@example.org")
	if diff := cmp.Diff(Traces{"Lan Anh", "Nguyễn", `O'Neil "Q"`, "lan@example.org"}, traces); diff != "" {
		t.Fatal(diff)
	}
	for text, want := range map[string]bool{
		"added Lan Anh": true, `"Lan Anh"`: true, "Lan Anhs": false, "xLan Anh": false, "An Lan": false, "Lan Anh2": false,
		"ễNguyễn và Nguyễn.": true, "Nguyễnễ": false, "mail to lan@example.org": true, "": false,
	} {
		if traces.In(text) != want {
			t.Errorf("In(%q) is %t", text, !want)
		}
	}
	if !traces.InFields(Fields{"title": `{"en":"with O'Neil \"Q\""}`}) || traces.InFields(Fields{"title": `"Lan"`}) {
		t.Error("quoted names are not found in JSON, or too many are")
	}
	if got := traces.Cover("Lan Anh, Lan Anh and Lan Anhs", "Lan Anh x"); got != "Lan Anh x, Lan Anh x and Lan Anhs" {
		t.Errorf("covered: %q", got)
	}
}

func TestASnapshotForgets(t *testing.T) {
	part := func(id ID) []Speaker {
		return []Speaker{{PersonID: id, Role: Presenter, Status: Confirmed}, {PersonID: "other", Role: Chair}}
	}
	before := func() Snapshot {
		p := Panel{ID: "p", Title: Text{"en": "With Lan Anh", "vi": "Gặp Lan Anh"}, Speakers: part("x"),
			Interventions: []Intervention{{ID: "i", Abstract: Text{"en": "Lan Anh speaks"}, Speakers: part("x")}},
			Materials:     []Material{{ID: "m", Title: "Slides of Lan Anh", FileName: "Lan Anh.pdf"}}}
		return Snapshot{Event: Event{Description: Text{"en": "By Lan Anh"}}, Rooms: []Room{{Name: Text{"en": "Lan Anh hall"}}, {Name: Text{"en": "Hall"}}},
			Tracks: []Track{{Description: Text{"en": "Lan Anh's"}}}, People: []Person{{ID: "x", Serial: 7, Name: "Lan Anh", Bio: Text{"en": "b"}}, {ID: "other", Name: "Lan"}}, Panels: []*Panel{&p}, Removed: []Panel{p}}
	}
	old := before()
	by := Person{ID: "y", Name: "Erased person", Email: "not@public.example"}
	now, different := old.Erase("x", by, Traces{"Lan Anh"})
	p := Panel{ID: "p", Title: Text{"en": "With Erased person", "vi": "Gặp Erased person"}, Speakers: part("y"),
		Interventions: []Intervention{{ID: "i", Abstract: Text{"en": "Erased person speaks"}, Speakers: part("y")}},
		Materials:     []Material{{ID: "m", Title: "Slides of Erased person", FileName: "Erased person.pdf"}}}
	want := Snapshot{Event: Event{Description: Text{"en": "By Erased person"}}, Rooms: []Room{{Name: Text{"en": "Erased person hall"}}, {Name: Text{"en": "Hall"}}},
		Tracks: []Track{{Description: Text{"en": "Erased person's"}}}, People: []Person{{ID: "y", Serial: 7, Name: "Erased person"}, {ID: "other", Name: "Lan"}}, Panels: []*Panel{&p}, Removed: []Panel{p}}
	if diff := cmp.Diff(want, now, unindexed); diff != "" || !different {
		t.Errorf("erased (-want +got, %t):\n%s", different, diff)
	}
	if diff := cmp.Diff(before(), old, unindexed); diff != "" {
		t.Errorf("the snapshot itself changed:\n%s", diff)
	}
	if _, different := before().Erase("nobody", by, Traces{"Minh Anh"}); different {
		t.Error("nobody was erased and something is different")
	}
	if name := (Person{Name: "x"}).Erase([]string{"de", "fr", "vi"}, p.Updated).Name; name != "Personne effacée" {
		t.Errorf("in French it is %q", name)
	}
}
