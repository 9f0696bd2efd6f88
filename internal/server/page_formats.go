package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"html/template"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// formatsView are the addresses of the agenda in the formats of the field, as the links of a page have them.
type formatsView struct{ ChangesFeed, Schedule, ScheduleJSON string }

// appsView is how to have the agenda in the apps of conferences.
type appsView struct {
	Giggity  string // opens the agenda in that app
	Schedule string // the address to copy into others
	Entry    string // for Giggity's menu
}

// addAgendaPage fills the page of the agenda, as it is asked for. Machines are told of the whole latest Release only, so that
// nothing that has changed is found by those who search.
func (v *eventView) addAgendaPage(r *agenda.Release, a asked) error {
	if err := v.addNarrowed(newFinder(a, r)); err != nil {
		return err
	}
	if err := v.addFind(a, v.Shown, len(v.document.Panels)); err != nil {
		return err
	}
	if err := v.addShape(a.View); err != nil {
		return err
	}
	var err error
	if v.Paper, err = newPaper(v.document.Event.URL); err != nil {
		return err
	}
	if err := v.addFormats(); err != nil || v.Old || a.narrows() {
		return err
	}
	return v.addEventLD(r)
}

// addShape brings the days into the shape of a view.
func (v *eventView) addShape(view string) error {
	if view == viewRooms {
		return v.addRooms()
	}
	for i := range v.Days {
		if view == viewGrid && len(v.Days[i].Panels) > 0 {
			if err := v.addGrid(&v.Days[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// addFormats adds what leads from the page of the agenda to its other formats.
func (v *eventView) addFormats() (err error) {
	here := agenda.Site{Base: strings.TrimSuffix(v.Root, "/"), Slug: v.event.Slug}
	schedule := v.languageQuery(v.reader.content)
	v.Formats = formatsView{ChangesFeed: here.ChangesFeed() + v.languageQuery(v.feedLanguage()), Schedule: here.Schedule() + schedule,
		ScheduleJSON: here.ScheduleJSON() + schedule}
	v.Changes.URL = v.Formats.ChangesFeed
	v.Changes.Title, err = v.Say("changes_of", "name", v.Name.Text)
	return err
}

// addApps adds how to have the agenda in the apps of conferences.
func (v *eventView) addApps() {
	schedule := v.site.Schedule() + v.languageQuery(v.reader.content)
	v.Apps = &appsView{Giggity: exchange.GiggityLink(schedule), Schedule: schedule, Entry: v.site.GiggityEntry()}
}

// languageQuery gives the query of an address for what is read there in that language: none where it is the Event's
// first, which is read there anyway, and was not chosen by hand.
func (v *eventView) languageQuery(language string) string {
	if v.Query == "" && language == v.event.Language() {
		return ""
	}
	return "?lang=" + language
}

// addEventLD adds what the page of the agenda says of the Event to machines.
func (v *eventView) addEventLD(r *agenda.Release) error {
	return v.addLD(exchange.EventLD(*r, exchange.PublicOptions{BaseURL: v.site.Base, Language: v.reader.content}))
}

// addPanelLD adds what the page of a Panel says of it to machines.
func (v *eventView) addPanelLD(r *agenda.Release, idOrCode string) error {
	p, ok := r.Snapshot.Panel(idOrCode)
	if !ok {
		return agenda.Errorf(agenda.NotFound, "The agenda has no such panel.")
	}
	return v.addLD(exchange.PanelLD(*r, p, exchange.PublicOptions{BaseURL: v.site.Base, Language: v.reader.content}))
}

func (v *eventView) addLD(ld []byte, err error) error {
	if err == nil {
		v.LD, err = dataBlock(ld)
	}
	return err
}

// errUnsafeData is what no text of an Event may cause: whoever writes JSON-LD escapes them all.
var errUnsafeData = errors.New("JSON-LD is not fit to stand in a script element")

// dataBlock lets JSON into a script element as it is. Templates take such an element for a program and trust what is
// marked as one, so that nothing may be in it that could end the element or be more than data.
func dataBlock(b []byte) (template.JS, error) {
	if !json.Valid(b) || bytes.ContainsAny(b, "<>&\u2028\u2029") {
		return "", errUnsafeData
	}
	return template.JS(b), nil // #nosec G203 -- valid JSON without what could end the script, see above
}
