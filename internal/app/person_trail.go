package app

import (
	"encoding/json"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// trail is by what the log and the Releases are known to tell of a Person.
type trail struct {
	person agenda.ID
	own    map[agenda.ID]bool // the Person and what is theirs alone: availabilities, links and feeds, those that are gone too
	traces agenda.Traces      // names and addresses, those that they had before too
}

// trailOf finds the trail of a Person, as far as the log and the Releases tell.
func trailOf(tx *store.Tx, e agenda.Event, p agenda.Person, releases []agenda.Release) (trail, error) {
	t := trail{person: p.ID, own: map[agenda.ID]bool{p.ID: true}}
	t.add(p)
	for _, r := range releases {
		if was, ok := r.Snapshot.Person(p.ID); ok {
			t.add(was)
		}
	}
	links, err := tx.PersonalLinksOf(e.ID, p.ID)
	if err != nil {
		return t, err
	}
	for _, l := range links {
		t.own[l.ID] = true
	}
	mails, err := tx.MailsTo(e.ID, p.ID)
	if err != nil {
		return t, err
	}
	for _, m := range mails { // their reader answers by the link in them
		t.own[m.ID] = true
		t.traces.AddAddress(m.To)
	}
	vouched, err := tx.VouchedAddress(e.ID, p.ID)
	if err != nil {
		return t, err
	}
	t.traces.AddAddress(vouched)
	err = tx.EachActivity(e.ID, func(entry agenda.Activity) error {
		for _, f := range []agenda.Fields{entry.Before, entry.After} {
			if t.theirs(entry.Verb, f) {
				t.own[entry.Subject] = true
			}
			if entry.Subject == p.ID {
				t.add(agenda.Person{Name: stringIn(f["name"]), Email: stringIn(f["email"]), PhotoURL: stringIn(f["photo_url"])})
				t.traces.AddAddress(stringIn(f["vouched_address"]))
			}
		}
		return nil
	})
	return t, err
}

func (t *trail) add(p agenda.Person) {
	t.traces.AddName(p.Name)
	t.traces.AddAddress(p.Email)
	t.traces.AddAddress(p.PhotoURL)
}

// theirs says whether the fields are those of something that is the Person's alone.
func (t *trail) theirs(verb string, f agenda.Fields) bool {
	noun, _, _ := strings.Cut(verb, ".")
	switch noun {
	case "availability":
		return strings.Contains(f["resource"], quoted(string(t.person)))
	case "link":
		return f["person"] == quoted(string(t.person))
	case "feed":
		return f["person"] == quoted(string(t.person)) || t.own[agenda.ID(stringIn(f["replaces"]))]
	}
	return false
}

// on says whether an entry of the log tells something of the Person.
func (t *trail) on(entry agenda.Activity) bool {
	return t.own[entry.Subject] || t.traces.In(entry.Summary) || t.traces.InFields(entry.Before) || t.traces.InFields(entry.After) || t.did(entry)
}

// did says whether the Person did it, with a personal link.
func (t *trail) did(entry agenda.Activity) bool {
	return entry.ActorKind == agenda.LinkHolder && (t.own[entry.ActorID] || t.traces.In(entry.ActorName))
}

// stringIn gives the string that a JSON value is, or "".
func stringIn(value string) string {
	var s string
	if json.Unmarshal([]byte(value), &s) != nil {
		return ""
	}
	return s
}

// ofMeetings says whether an entry is for those only who may see Meetings.
func ofMeetings(entry agenda.Activity) bool {
	return strings.HasPrefix(entry.Verb, "meeting.") || strings.HasPrefix(entry.Verb, "feed.")
}
