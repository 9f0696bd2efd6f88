package store

import (
	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type speakerRow struct {
	PanelID  string `gorm:"column:panel_id;primaryKey"`
	Position int    `gorm:"column:position;primaryKey"`
	EventID  string `gorm:"column:event_id"`
	PersonID string `gorm:"column:person_id"`
	Role     string `gorm:"column:role"`
	Status   string `gorm:"column:status"`
}

func (speakerRow) TableName() string { return "panel_speakers" }

func (r speakerRow) speaker() agenda.Speaker {
	return agenda.Speaker{PersonID: agenda.ID(r.PersonID), Role: agenda.Role(r.Role), Status: agenda.SpeakerStatus(r.Status)}
}

type interventionRow struct {
	ID       string     `gorm:"column:id;primaryKey"`
	EventID  string     `gorm:"column:event_id"`
	PanelID  string     `gorm:"column:panel_id"`
	Position int        `gorm:"column:position"`
	Title    textColumn `gorm:"column:title"`
	Abstract textColumn `gorm:"column:abstract"`
	Offset   *int       `gorm:"column:offset_minutes"`
	Minutes  int        `gorm:"column:minutes"`
}

func (interventionRow) TableName() string { return "interventions" }

func (r interventionRow) intervention() agenda.Intervention {
	return agenda.Intervention{ID: agenda.ID(r.ID), Title: agenda.Text(r.Title), Abstract: agenda.Text(r.Abstract),
		Offset: r.Offset, Minutes: r.Minutes}
}

type interventionSpeakerRow struct {
	InterventionID string `gorm:"column:intervention_id;primaryKey"`
	Position       int    `gorm:"column:position;primaryKey"`
	EventID        string `gorm:"column:event_id"`
	PanelID        string `gorm:"column:panel_id"`
	PersonID       string `gorm:"column:person_id"`
	Role           string `gorm:"column:role"`
	Status         string `gorm:"column:status"`
}

func (interventionSpeakerRow) TableName() string { return "intervention_speakers" }

func (r interventionSpeakerRow) speaker() agenda.Speaker {
	return agenda.Speaker{PersonID: agenda.ID(r.PersonID), Role: agenda.Role(r.Role), Status: agenda.SpeakerStatus(r.Status)}
}

// withParts gives the panels with their speakers, interventions and materials. Parts makes a query for those of the panels, and
// perhaps of others: one statement per table, however many panels there are.
func (tx *Tx) withParts(rows []panelRow, parts func() *gorm.DB) ([]agenda.Panel, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	speakers, err := all[speakerRow](parts(), "panel_id, position")
	if err != nil {
		return nil, err
	}
	interventions, err := all[interventionRow](parts(), "panel_id, position")
	if err != nil {
		return nil, err
	}
	var contributors []interventionSpeakerRow
	if len(interventions) > 0 {
		if contributors, err = all[interventionSpeakerRow](parts(), "intervention_id, position"); err != nil {
			return nil, err
		}
	}
	materials, err := tx.materials(parts())
	if err != nil {
		return nil, err
	}
	in := map[string][]agenda.Speaker{}
	for _, r := range contributors {
		in[r.InterventionID] = append(in[r.InterventionID], r.speaker())
	}
	panels := convert(rows, panelRow.panel)
	at := make(map[string]*agenda.Panel, len(panels))
	for i := range panels {
		at[rows[i].ID] = &panels[i]
	}
	for _, r := range speakers {
		if p := at[r.PanelID]; p != nil {
			p.Speakers = append(p.Speakers, r.speaker())
		}
	}
	for _, r := range interventions {
		if p := at[r.PanelID]; p != nil {
			v := r.intervention()
			v.Speakers = in[r.ID]
			p.Interventions = append(p.Interventions, v)
		}
	}
	for id, list := range materials {
		if p := at[id]; p != nil {
			p.Materials = list
		}
	}
	return panels, nil
}

// insertParts adds the panels' speakers and interventions.
func (tx *Tx) insertParts(w wording, panels ...agenda.Panel) error {
	var speakers []*speakerRow
	var interventions []*interventionRow
	var contributors []*interventionSpeakerRow
	for _, p := range panels {
		event, panel := string(p.EventID), string(p.ID)
		for i, s := range p.Speakers {
			speakers = append(speakers, &speakerRow{PanelID: panel, Position: i, EventID: event,
				PersonID: string(s.PersonID), Role: string(s.Role), Status: string(s.Status)})
		}
		for i, v := range p.Interventions {
			interventions = append(interventions, &interventionRow{ID: string(v.ID), EventID: event, PanelID: panel,
				Position: i, Title: textColumn(v.Title), Abstract: textColumn(v.Abstract), Offset: v.Offset, Minutes: v.Minutes})
			for j, s := range v.Speakers {
				contributors = append(contributors, &interventionSpeakerRow{InterventionID: string(v.ID), Position: j,
					EventID: event, PanelID: panel, PersonID: string(s.PersonID), Role: string(s.Role), Status: string(s.Status)})
			}
		}
	}
	if err := insert(tx, speakers, w); err != nil {
		return err
	}
	if err := insert(tx, interventions, w); err != nil {
		return err
	}
	return insert(tx, contributors, w)
}

// deleteParts removes the panel's speakers and interventions.
func (tx *Tx) deleteParts(p agenda.Panel) error {
	for _, from := range []row{&speakerRow{}, &interventionRow{}} { // intervention_speakers follow
		if err := tx.of(p.EventID).Where("panel_id = ?", p.ID).Delete(from).Error; err != nil {
			return fault("delete from "+from.TableName(), err, panelWording(p))
		}
	}
	return nil
}
