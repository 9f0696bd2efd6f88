package main

import (
	"cmp"
	"encoding/json"
	"os"

	"gorm.io/gorm"
)

// The naive program's tables are the objects of agenda.json, so that it has the same to say. Position is the place of a thing in its
// list.

type naiveText map[string]string

type naiveDocument struct {
	Event   naiveEvent    `json:"event"`
	Release naiveRelease  `json:"release"`
	Days    []naiveDay    `json:"days"`
	Rooms   []naiveRoom   `json:"rooms"`
	Tracks  []naiveTrack  `json:"tracks"`
	People  []naivePerson `json:"people"`
	Panels  []naivePanel  `json:"panels"`
}

type naiveEvent struct {
	ID          string     `json:"id" gorm:"primaryKey"`
	Slug        string     `json:"slug"`
	Name        naiveText  `json:"name,omitempty" gorm:"serializer:json"`
	Description naiveText  `json:"description,omitempty" gorm:"serializer:json"`
	Zone        string     `json:"zone"`
	StartDate   string     `json:"start_date"`
	EndDate     string     `json:"end_date"`
	Languages   []string   `json:"languages" gorm:"serializer:json"`
	Venue       naiveVenue `json:"venue,omitzero" gorm:"serializer:json"`
	URL         string     `json:"url"`
}

type naiveVenue struct {
	Name    naiveText `json:"name,omitempty"`
	Country string    `json:"country,omitempty"`
}

type naiveRelease struct {
	Number    int    `json:"number" gorm:"primaryKey"`
	Published string `json:"published_at"`
}

type naiveDay struct {
	Date   string   `json:"date"`
	Panels []string `json:"panels"`
}

type naiveRoom struct {
	ID       string    `json:"id" gorm:"primaryKey"`
	Name     naiveText `json:"name,omitempty" gorm:"serializer:json"`
	Kind     string    `json:"kind"`
	Capacity int       `json:"capacity,omitempty"`
	Position int       `json:"-"`
}

type naiveTrack struct {
	ID       string    `json:"id" gorm:"primaryKey"`
	Name     naiveText `json:"name,omitempty" gorm:"serializer:json"`
	Color    string    `json:"color,omitempty"`
	Position int       `json:"-"`
}

type naivePerson struct {
	ID           string    `json:"id" gorm:"primaryKey"`
	Name         string    `json:"name"`
	JobTitle     naiveText `json:"job_title,omitempty" gorm:"serializer:json"`
	Organization naiveText `json:"organization,omitempty" gorm:"serializer:json"`
	Country      string    `json:"country,omitempty"`
	Position     int       `json:"-"`
}

type naivePanel struct {
	ID             string         `json:"id" gorm:"primaryKey"`
	Code           string         `json:"code"`
	UID            string         `json:"uid"`
	URL            string         `json:"url"`
	ICS            string         `json:"ics"`
	Format         string         `json:"format"`
	Title          naiveText      `json:"title,omitempty" gorm:"serializer:json"`
	Abstract       naiveText      `json:"abstract,omitempty" gorm:"serializer:json"`
	Track          string         `json:"track,omitempty"`
	Room           string         `json:"room,omitempty"`
	Day            string         `json:"day"`
	Start          string         `json:"start"`
	End            string         `json:"end"`
	Minutes        int            `json:"minutes"`
	Language       string         `json:"language,omitempty"`
	Interpretation []string       `json:"interpretation" gorm:"-"` // the event that is made has none of these three
	Speakers       []naiveSpeaker `json:"speakers" gorm:"foreignKey:PanelID"`
	Interventions  []string       `json:"interventions" gorm:"-"`
	Materials      []string       `json:"materials" gorm:"-"`
	Position       int            `json:"-" gorm:"index"`
}

type naiveSpeaker struct {
	ID       uint   `json:"-" gorm:"primaryKey"`
	PanelID  string `json:"-" gorm:"index"`
	Person   string `json:"person"`
	Role     string `json:"role"`
	Position int    `json:"-"`
}

// fillNaive makes the tables and puts an agenda.json into them.
func fillNaive(db *gorm.DB, path string) error {
	data, err := os.ReadFile(path) // #nosec G304 G703 -- a file of the bench's own
	if err != nil {
		return err
	}
	var d naiveDocument
	if err := json.Unmarshal(data, &d); err != nil {
		return err
	}
	for i := range d.Rooms {
		d.Rooms[i].Position = i
	}
	for i := range d.Tracks {
		d.Tracks[i].Position = i
	}
	for i := range d.People {
		d.People[i].Position = i
	}
	for i := range d.Panels {
		d.Panels[i].Position = i
		for k := range d.Panels[i].Speakers {
			d.Panels[i].Speakers[k].Position = k
		}
	}
	tables := []any{&naiveEvent{}, &naiveRelease{}, &naiveRoom{}, &naiveTrack{}, &naivePerson{}, &naivePanel{}, &naiveSpeaker{}}
	if err := db.AutoMigrate(tables...); err != nil {
		return err
	}
	return db.Transaction(func(tx *gorm.DB) error {
		return cmp.Or(tx.Create(&d.Event).Error, tx.Create(&d.Release).Error, tx.CreateInBatches(d.Rooms, 100).Error,
			tx.CreateInBatches(d.Tracks, 100).Error, tx.CreateInBatches(d.People, 100).Error, tx.CreateInBatches(d.Panels, 100).Error)
	})
}

// naiveAgenda reads everything, with GORM's Preload.
func naiveAgenda(db *gorm.DB) (naiveDocument, error) {
	d := naiveDocument{Days: []naiveDay{}}
	inOrder := func(tx *gorm.DB) *gorm.DB { return tx.Order("position") }
	err := cmp.Or(db.First(&d.Event).Error, db.Order("number DESC").First(&d.Release).Error, db.Order("position").Find(&d.Rooms).Error,
		db.Order("position").Find(&d.Tracks).Error, db.Order("position").Find(&d.People).Error,
		db.Preload("Speakers", inOrder).Order("position").Find(&d.Panels).Error)
	for i := range d.Panels {
		p := &d.Panels[i]
		p.Interpretation, p.Interventions, p.Materials = []string{}, []string{}, []string{}
		if last := len(d.Days) - 1; last >= 0 && d.Days[last].Date == p.Day {
			d.Days[last].Panels = append(d.Days[last].Panels, p.ID)
		} else {
			d.Days = append(d.Days, naiveDay{p.Day, []string{p.ID}})
		}
	}
	return d, err
}
