package exchange

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
)

// goldenLines compares bytes with a file, line by line.
func goldenLines(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// threeReleases move, edit, remove and cancel.
func threeReleases() []agenda.Release {
	first, second, third := fieldDraft(), fieldDraft(), fieldDraft()
	second.Panels[1].Title = agenda.Text{"en": "Law & <order>", "fr": "La loi"}
	second.Panels[1].Slot = second.Panels[2].Slot
	third.Panels = third.Panels[:3]
	third.Panels[0].Cancelled = true
	one := forumRelease(1, first, nil)
	two := forumRelease(2, second, &one.Snapshot)
	three := forumRelease(3, third, &two.Snapshot)
	three.Snapshot.Event.Slug, two.Note = "renamed", nil
	return []agenda.Release{one, two, three}
}

// stepsOf gives what Releases changed, in ascending order and without gaps. The first one is only what the next one is compared with, unless
// it is the Event's first.
func stepsOf(releases []agenda.Release) (h agenda.History) {
	for i, r := range releases {
		h.Event = r.Snapshot.Event
		var before *agenda.Snapshot
		if i > 0 {
			before = &releases[i-1].Snapshot
		} else if r.Number != 1 {
			continue
		}
		step := agenda.Step{Release: r, Changes: agenda.Diff(before, &r.Snapshot)}
		step.Snapshot = agenda.Snapshot{}
		h.Steps = append(h.Steps, step)
	}
	return h
}

func changesAtom(t *testing.T, releases []agenda.Release, language string) []byte {
	t.Helper()
	b, err := ChangesAtom("https://plenary.example", stepsOf(releases), language)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestChangesAtom(t *testing.T) {
	releases := threeReleases()
	for language, file := range map[string]string{"": "changes.atom", "en": "changes_en.atom", "vi": "changes_vi.atom", "tlh": "changes_tlh.atom"} {
		got := changesAtom(t, releases, language)
		checkAtom(t, got)
		goldenLines(t, file, got)
		if strings.Contains(strings.ToLower(string(got)), strings.ToLower(canary)) {
			t.Errorf("tells a secret:\n%s", got)
		}
	}
	if _, err := ChangesAtom("https://plenary.example", agenda.History{}, "en"); agenda.CodeOf(err) != agenda.NotFound {
		t.Errorf("without releases: %v", err)
	}
}

// An entry says the same however many Releases there are, so that readers don't show it anew.
func TestChangesAtomIsStable(t *testing.T) {
	releases := threeReleases()
	releases[2].Snapshot.Event.Slug = "forum"
	whole, part := readAtom(t, changesAtom(t, releases, "fr")), readAtom(t, changesAtom(t, releases[1:], "fr"))
	if len(whole.Entries) != 3 || len(part.Entries) != 1 || whole.Entries[0].Content != part.Entries[0].Content || whole.Entries[0].ID != part.Entries[0].ID {
		t.Errorf("%d entries of three releases, %d of two that are not the first:\n%v\n%v", len(whole.Entries), len(part.Entries), whole, part)
	}
	early := readAtom(t, changesAtom(t, releases[:2], "fr"))
	if diff := cmp.Diff(whole.Entries[1:], early.Entries); diff != "" {
		t.Errorf("(-three releases +two):\n%s", diff)
	}
}

func TestChangesAtomIsLimited(t *testing.T) {
	var releases []agenda.Release
	var before *agenda.Snapshot
	for i := range 40 {
		d := fieldDraft()
		d.Panels = nil
		for n := range 210 * (i % 2) {
			p := fieldDraft().Panels[1]
			p.ID, p.UID, p.Code = uuid(1000+n), fmt.Sprint(n), fmt.Sprintf("C%d", n)
			d.Panels = append(d.Panels, p)
		}
		r := forumRelease(i+1, d, before)
		before = &r.Snapshot
		releases = append(releases, r)
	}
	feed := readAtom(t, changesAtom(t, releases, "en"))
	if len(feed.Entries) != 30 || feed.Entries[0].Title != "Release 40: 210 added" || feed.Entries[1].Title != "Release 39: 210 removed" {
		t.Fatalf("%d entries, %q, %q", len(feed.Entries), feed.Entries[0].Title, feed.Entries[1].Title)
	}
	content := feed.Entries[0].Content.Text
	if n := strings.Count(content, "<li>"); n != 201 || !strings.Contains(content, "<li>and 10 more</li>") {
		t.Errorf("%d items: %s", n, content[len(content)-100:])
	}
	still := readAtom(t, changesAtom(t, []agenda.Release{forumRelease(1, agenda.Draft{Event: fieldDraft().Event}, nil)}, "en"))
	if got := still.Entries[0].Title; got != "Release 1: no panel changed" || strings.Contains(still.Entries[0].Content.Text, "<ul>") {
		t.Errorf("without changes: %q, %q", got, still.Entries[0].Content.Text)
	}
}

// Whatever Releases there are, the feed is one by RFC 4287.
func TestChangesAtomOfAnything(t *testing.T) {
	for seed := range uint64(200) {
		if releases := newDice(seed).bundle().Releases; len(stepsOf(releases).Steps) > 0 {
			checkAtom(t, changesAtom(t, releases, pick(newDice(seed), []string{"", "en", "fr", "vi", "pt-BR"})))
		}
	}
}

// The feed as a reader has it.
type readFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	IDs     []string    `xml:"http://www.w3.org/2005/Atom id"`
	Titles  []string    `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string    `xml:"http://www.w3.org/2005/Atom updated"`
	Authors []string    `xml:"http://www.w3.org/2005/Atom author>name"`
	Links   []atomLink  `xml:"http://www.w3.org/2005/Atom link"`
	Entries []atomEntry `xml:"http://www.w3.org/2005/Atom entry"`
}

func readAtom(t *testing.T, b []byte) readFeed {
	t.Helper()
	var feed readFeed
	dec := xml.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(&feed); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	if _, err := dec.Token(); err != io.EOF && err != nil {
		t.Fatalf("after the feed: %v", err)
	}
	return feed
}

// checkAtom holds a feed to what RFC 4287 requires: 4.1.1 of the feed, 4.1.2 of entries, 4.2.6 of identities, 3.3 of dates.
func checkAtom(t *testing.T, b []byte) {
	t.Helper()
	feed := readAtom(t, b)
	if len(feed.IDs) != 1 || len(feed.Titles) != 1 || len(feed.Updated) != 1 || len(feed.Authors) != 1 || feed.Titles[0] == "" || feed.Authors[0] == "" || feed.Lang == "" {
		t.Fatalf("required elements of the feed: %+v", feed)
	}
	checkAtomLinks(t, feed.Links, "self", "alternate")
	seen := map[string]bool{}
	check := func(id, updated string) {
		if u, err := url.Parse(id); err != nil || !u.IsAbs() || seen[id] || id != strings.ToLower(id) {
			t.Errorf("identity %q", id)
		}
		if _, err := time.Parse(time.RFC3339, updated); err != nil {
			t.Errorf("date %q", updated)
		}
		seen[id] = true
	}
	check(feed.IDs[0], feed.Updated[0])
	for _, e := range feed.Entries {
		check(e.ID, e.Updated)
		checkAtomLinks(t, e.Links, "alternate", "related")
		if e.Title == "" || e.Published != e.Updated || e.Content.Type != "html" {
			t.Errorf("entry %+v", e)
		}
		checkMarkup(t, e.Content.Text)
	}
	if len(feed.Entries) > 0 && feed.Updated[0] != feed.Entries[0].Updated {
		t.Errorf("the feed was updated %s, its newest entry %s", feed.Updated[0], feed.Entries[0].Updated)
	}
}

func checkAtomLinks(t *testing.T, links []atomLink, rels ...string) {
	t.Helper()
	if len(links) != len(rels) {
		t.Fatalf("links %v", links)
	}
	for i, l := range links {
		if u, err := url.Parse(l.Href); l.Rel != rels[i] || err != nil || !u.IsAbs() || !strings.Contains(l.Type, "/") {
			t.Errorf("link %+v", l)
		}
	}
}

// checkMarkup reads HTML as strictly as XML: each element that is opened is closed, and nothing of a text became one.
func checkMarkup(t *testing.T, content string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader("<div>" + strings.ReplaceAll(content, "<br>", "<br/>") + "</div>"))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, content)
		}
		if e, ok := token.(xml.StartElement); ok && !strings.Contains(" div p br ul li a ", " "+e.Name.Local+" ") {
			t.Fatalf("<%s> in %s", e.Name.Local, content)
		}
	}
}
