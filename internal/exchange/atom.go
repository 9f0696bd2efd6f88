package exchange

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// maxAtomChanges is how many changes an entry tells at most: readers fetch the feed whole, each time.
const maxAtomChanges = 200

// atomFeed is a feed as RFC 4287, 4.1.1 has it, with what we write of it.
type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Updated   string      `xml:"updated"`
	Author    string      `xml:"author>name"`
	Links     []atomLink  `xml:"link"`
	Generator string      `xml:"generator"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Links     []atomLink `xml:"link"`
	Content   atomText   `xml:"content"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// ChangesAtom gives what each of the Releases of an Event changed as a feed (RFC 4287), newest first, in the language
// or in the best that there is for its readers. The first one tells what it published. Only the newest Releases are told of, [agenda.WholeSteps].
// Without any, the feed is not found. Its address is changes.atom, beside changes.json.
func ChangesAtom(baseURL string, h agenda.History, language string) ([]byte, error) {
	newest := h.Newest()
	if newest == nil {
		return nil, agenda.Errorf(agenda.NotFound, "Nothing has been published yet.")
	}
	event := h.Event
	w := changeTeller{Reader: agenda.NewReader(event.Language(), language), site: agenda.Site{Base: baseURL, Slug: event.Slug}}
	w.own, w.tag = atomWords.pick(w.Reader)
	name := cmp.Or(w.String(event.Name), event.Slug)
	self := w.site.ChangesFeed()
	if language != "" {
		self += "?lang=" + url.QueryEscape(language)
	}
	feed := atomFeed{Lang: w.tag, ID: urn(event.ID), Title: fmt.Sprintf(w.own.title, name), Updated: utc(newest.Published), Author: name,
		Generator: "Plenary", Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", w.site.Page()}}}
	for _, step := range h.Steps[max(0, len(h.Steps)-agenda.WholeSteps):] {
		feed.Entries = append(feed.Entries, w.entry(step))
	}
	slices.Reverse(feed.Entries)
	b, err := xml.MarshalIndent(feed, "", " ")
	return append([]byte(xml.Header), append(b, '\n')...), err
}

// changeTeller tells of Releases in one language.
type changeTeller struct {
	*agenda.Reader
	site agenda.Site
	own  atomWording
	tag  string // of the language that own is in
}

func (w changeTeller) entry(s agenda.Step) atomEntry {
	at := utc(s.Published)
	return atomEntry{ID: urn(s.ID), Title: w.title(s.Number, s.Changes), Published: at, Updated: at, Content: atomText{"html", w.content(s)},
		Links: []atomLink{{"alternate", "text/html", w.site.Page()}, {"related", "application/json", w.site.Release(s.Number)}}}
}

// title counts the changes: "Release 3: 2 moved, 1 added".
func (w changeTeller) title(number int, changes []agenda.Change) string {
	count := map[agenda.ChangeKind]int{}
	for _, c := range changes {
		count[c.Kind]++
	}
	var parts []string
	for _, kind := range agenda.ChangeKinds {
		switch n := count[kind]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+w.own.kinds[kind][0])
		default:
			parts = append(parts, fmt.Sprint(n, " ", w.own.kinds[kind][1]))
		}
	}
	return fmt.Sprintf(w.own.release, number) + cmp.Or(strings.Join(parts, ", "), w.own.nothing)
}

// content gives the note of the Release, and a list of its changes with links to what they are about.
func (w changeTeller) content(s agenda.Step) string {
	var b strings.Builder
	changes := s.Changes
	if note := w.String(s.Note); note != "" {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(note), "\n", "<br>") + "</p>")
	}
	if len(changes) > 0 {
		b.WriteString("<ul>")
	}
	for i, c := range changes {
		if i == maxAtomChanges {
			b.WriteString("<li>" + fmt.Sprintf(w.own.more, len(changes)-i) + "</li>")
			break
		}
		words := html.EscapeString(w.String(c.Words))
		if c.Kind != agenda.ChangeRemoved {
			words = `<a href="` + html.EscapeString(w.site.Panel(c.Code)) + `">` + words + "</a>"
		}
		b.WriteString("<li>" + words + "</li>")
	}
	if len(changes) > 0 {
		b.WriteString("</ul>")
	}
	return b.String()
}

// urn gives an identity that stays when the Event moves to another address (RFC 9562, 4).
func urn(id agenda.ID) string { return "urn:uuid:" + string(id) }

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// atomWording is what the feed says of its own in one of the program's languages. Changes bring their own words.
type atomWording struct {
	title, release, nothing, more string
	kinds                         map[agenda.ChangeKind][2]string // one, several
}

type atomWordings map[string]atomWording

// pick gives the words that a Reader reads best, and their language.
func (all atomWordings) pick(r *agenda.Reader) (atomWording, string) {
	tags := agenda.Text{}
	for tag := range all {
		tags[tag] = tag
	}
	_, tag := r.Pick(tags)
	return all[tag], tag
}

var atomWords = atomWordings{
	"en": {"%s: changes", "Release %d: ", "no panel changed", "and %d more", map[agenda.ChangeKind][2]string{
		agenda.ChangeAdded: {"added", "added"}, agenda.ChangeRemoved: {"removed", "removed"}, agenda.ChangeCancelled: {"cancelled", "cancelled"},
		agenda.ChangeRestored: {"restored", "restored"}, agenda.ChangeMoved: {"moved", "moved"}, agenda.ChangeEdited: {"changed", "changed"}}},
	"fr": {"%s\u00a0: modifications", "Version %d\u00a0: ", "aucun changement", "et %d de plus", map[agenda.ChangeKind][2]string{
		agenda.ChangeAdded: {"ajout", "ajouts"}, agenda.ChangeRemoved: {"retrait", "retraits"}, agenda.ChangeCancelled: {"annulation", "annulations"},
		agenda.ChangeRestored: {"rétablissement", "rétablissements"}, agenda.ChangeMoved: {"déplacement", "déplacements"},
		agenda.ChangeEdited: {"modification", "modifications"}}},
	"vi": {"%s: các thay đổi", "Bản công bố số %d: ", "không có thay đổi", "và %d thay đổi khác", map[agenda.ChangeKind][2]string{
		agenda.ChangeAdded: {"bổ sung", "bổ sung"}, agenda.ChangeRemoved: {"rút khỏi chương trình", "rút khỏi chương trình"},
		agenda.ChangeCancelled: {"hủy", "hủy"}, agenda.ChangeRestored: {"khôi phục", "khôi phục"},
		agenda.ChangeMoved: {"đổi giờ hoặc phòng", "đổi giờ hoặc phòng"}, agenda.ChangeEdited: {"thay đổi", "thay đổi"}}},
}
