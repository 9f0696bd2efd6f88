package exchange

import (
	"bytes"

	"plenary/internal/agenda"
)

// ChangesDocument is changes.json: what each Release changed, newest first.
type ChangesDocument struct {
	Event    ChangesEvent     `json:"event" doc:"The event that was published"`
	Releases []ChangesRelease `json:"releases" doc:"Its releases, newest first"`
}

// ChangesEvent says which Event changed.
type ChangesEvent struct {
	Slug string `json:"slug" doc:"The event's name in URLs" example:"vidw-2025"`
	URL  string `json:"url" format:"uri" doc:"The public agenda"`
}

// ChangesRelease is one Release and what it changed.
type ChangesRelease struct {
	Number    int           `json:"number" doc:"Counts the event's releases from 1, without gaps"`
	Published string        `json:"published_at" format:"date-time" doc:"When it was published, with the event's offset from UTC"`
	Note      Localized     `json:"note,omitempty" doc:"Why it was published, by language"`
	URL       string        `json:"url" format:"uri" doc:"The agenda of this release"`
	Changes   []PanelChange `json:"changes" doc:"What is different from the release before; empty for the first release"`
}

// PanelChange is what happened to one Panel between two Releases.
type PanelChange struct {
	Kind   agenda.ChangeKind  `json:"kind" enum:"added,removed,cancelled,restored,moved,edited" doc:"What happened; of several kinds that apply, the first of these"`
	Panel  agenda.ID          `json:"panel" doc:"The panel's id"`
	Code   string             `json:"code" doc:"The panel's short code"`
	Title  Localized          `json:"title,omitempty" doc:"The panel's title, by language"`
	Fields []PanelFieldChange `json:"fields" doc:"Which of the panel's fields differ; none when it was added or removed"`
	Words  Localized          `json:"words,omitempty" doc:"The change in a sentence, by language"`
}

// PanelFieldChange is one field of a Panel before and after.
type PanelFieldChange struct {
	Field string `json:"field" doc:"The field's name"`
	Old   any    `json:"old" doc:"What it was: a text by language, a time, a string, a number, true or false, or a list"`
	New   any    `json:"new" doc:"What it is, in the same form"`
}

// Changes says what each of the Releases of one Event changed. They are given in ascending order and
// without gaps; base is the URL of the installation, without a slash at the end. The slug is that of
// the newest Release.
func Changes(base string, releases []agenda.Release) ChangesDocument {
	doc := ChangesDocument{Releases: make([]ChangesRelease, 0, len(releases))}
	for i := len(releases) - 1; i >= 0; i-- {
		r := releases[i]
		if i == len(releases)-1 {
			doc.Event = ChangesEvent{Slug: r.Snapshot.Event.Slug, URL: agenda.Site{Base: base, Slug: r.Snapshot.Event.Slug}.Page()}
		}
		o := ChangesRelease{Number: r.Number, Published: published(r), Note: byLanguage(r.Note),
			URL: agenda.Site{Base: base, Slug: doc.Event.Slug}.Release(r.Number), Changes: []PanelChange{}}
		if i > 0 {
			o.Changes = listed(agenda.Diff(&releases[i-1].Snapshot, &r.Snapshot), panelChange)
		}
		doc.Releases = append(doc.Releases, o)
	}
	return doc
}

func panelChange(c agenda.Change) PanelChange {
	return PanelChange{Kind: c.Kind, Panel: c.PanelID, Code: c.Code, Title: byLanguage(c.Title),
		Words: byLanguage(c.Words),
		Fields: listed(c.Fields, func(f agenda.FieldChange) PanelFieldChange {
			return PanelFieldChange{Field: f.Field, Old: f.Old, New: f.New}
		})}
}

// ChangesJSON gives [Changes] as bytes that are the same for the same Releases.
func ChangesJSON(base string, releases []agenda.Release) ([]byte, error) {
	var b bytes.Buffer
	if err := encodeJSON(&b, Changes(base, releases), ""); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
