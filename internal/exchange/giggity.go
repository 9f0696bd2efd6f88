package exchange

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plenary/internal/agenda"
)

// giggityEntry is what the menu of Giggity, an app for Android, has of an event: an element of "schedules" of the
// schema at https://ggt.gaa.st/schema.
type giggityEntry struct {
	ID       string          `json:"id"`
	Version  int             `json:"version"`
	URL      string          `json:"url"`
	Title    string          `json:"title"`
	Start    agenda.Date     `json:"start"`
	End      agenda.Date     `json:"end"`
	Zone     string          `json:"timezone"`
	Metadata giggityMetadata `json:"metadata"`
}

type giggityMetadata struct {
	Links []giggityLink `json:"links"`
	Rooms []giggityRoom `json:"rooms,omitempty"`
}

type giggityLink struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

type giggityRoom struct {
	Name     string     `json:"name"` // a regular expression that matches the whole name
	ShowName string     `json:"show_name,omitempty"`
	Place    [2]float64 `json:"latlon"`
}

// giggityVersions are the least and the most that the schema takes.
const giggityLeast, giggityMost = 2008010100, 2029123199

// GiggityEntry gives the entry of an Event for the menu of Giggity, as its project takes it. Its schedule is the Event's
// schedule.xml, whose title it has in the same language; where the venue is known, all rooms are there.
func GiggityEntry(r agenda.Release, o PublicOptions) ([]byte, error) {
	e := r.Snapshot.Event
	reader := agenda.NewReader(e.Language(), o.Language)
	site := agenda.Site{Base: o.BaseURL, Slug: e.Slug}
	schedule := site.Schedule()
	if o.Language != e.Language() && slices.Contains(e.Languages, o.Language) {
		schedule += "?lang=" + url.QueryEscape(o.Language)
	}
	entry := giggityEntry{ID: giggityID(e), Version: giggityVersion(r), URL: schedule, Title: cmp.Or(strings.Join(strings.Fields(reader.String(e.Name)), " "), e.Slug),
		Start: e.StartDate, End: e.EndDate, Zone: e.Zone, Metadata: giggityMetadata{Links: []giggityLink{{site.Page(), "Agenda"}}}}
	if e.Website != "" {
		entry.Metadata.Links = append(entry.Metadata.Links, giggityLink{e.Website, "Website"})
	}
	if p := e.Venue.Place; p != nil {
		entry.Metadata.Links = append(entry.Metadata.Links, giggityLink{"geo:" + degrees(p.Latitude) + "," + degrees(p.Longitude), "Map"})
		entry.Metadata.Rooms = []giggityRoom{{".*", reader.String(e.Venue.Name), [2]float64{p.Latitude, p.Longitude}}}
	}
	var b bytes.Buffer
	err := encodeJSON(&b, entry, "\t")
	return b.Bytes(), err
}

// giggityID gives the slug, or what is left of one that is too long or too short, with something of the Event's
// identity: four to 32 of a-z, 0-9, - and _.
func giggityID(e agenda.Event) string {
	if len(e.Slug) >= 4 && len(e.Slug) <= 32 {
		return e.Slug
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(e.ID)) // never fails
	return fmt.Sprintf("%s-%08x", e.Slug[:min(len(e.Slug), 23)], h.Sum32())
}

// giggityVersion gives the day of a Release and the last two digits of its number, 2026112503: the next Release has a
// greater version, unless it is published the same day and begins another hundred.
func giggityVersion(r agenda.Release) int {
	day, _ := strconv.Atoi(r.Published.In(r.Snapshot.Event.Location()).Format("20060102"))
	return min(max(day*100+r.Number%100, giggityLeast), giggityMost)
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// GiggityLink gives an address that opens a schedule in Giggity where it is installed, and its website elsewhere. The app
// reads what is behind the # as a form, and so does not mistake an & of the schedule's address for its own.
func GiggityLink(scheduleURL string) string {
	return "https://ggt.gaa.st/#url=" + url.QueryEscape(scheduleURL)
}
