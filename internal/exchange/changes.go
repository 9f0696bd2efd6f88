package exchange

import (
	"bytes"
	"slices"

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
	LeftOut   int           `json:"changes_left_out,omitempty" doc:"How many changes there are that are not listed, since all together are too many: then changes is empty"`
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

// Changes says what each of the Releases of an Event changed; base is the URL of the installation, without a slash at the end.
func Changes(base string, h agenda.History) ChangesDocument {
	doc := ChangesDocument{Releases: make([]ChangesRelease, 0, len(h.Steps))}
	site := agenda.Site{Base: base, Slug: h.Event.Slug}
	if len(h.Steps) > 0 {
		doc.Event = ChangesEvent{Slug: site.Slug, URL: site.Page()}
	}
	for _, step := range slices.Backward(h.Steps) {
		o := ChangesRelease{Number: step.Number, Published: published(h.Event, step.Published), Note: byLanguage(step.Note),
			URL: site.Release(step.Number), Changes: []PanelChange{}}
		if step.Number > 1 {
			o.Changes, o.LeftOut = listed(step.Changes, panelChange), step.LeftOut
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

// ChangesJSON gives [Changes] as bytes that are the same for the same History.
func ChangesJSON(base string, h agenda.History) ([]byte, error) {
	var b bytes.Buffer
	if err := encodeJSON(&b, Changes(base, h), ""); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
