package store

import (
	"gorm.io/gorm"

	"plenary/internal/agenda"
)

type personRow struct {
	ID           string     `gorm:"column:id;primaryKey"`
	Name         string     `gorm:"column:name"`
	NameKey      string     `gorm:"column:name_key"`
	Honorific    textColumn `gorm:"column:honorific"`
	JobTitle     textColumn `gorm:"column:job_title"`
	Organization textColumn `gorm:"column:organization"`
	Country      string     `gorm:"column:country"`
	Bio          textColumn `gorm:"column:bio"`
	PhotoURL     string     `gorm:"column:photo_url"`
	Photo        *string    `gorm:"column:photo"`
	Email        string     `gorm:"column:email"`
	Notes        string     `gorm:"column:notes"`
	Languages    listColumn `gorm:"column:languages"`
	Search       string     `gorm:"column:search"`
	Revision     int        `gorm:"column:revision"`
	Created      int64      `gorm:"column:created_at"`
	Updated      int64      `gorm:"column:updated_at"`
	Erased       *int64     `gorm:"column:erased_at"`
	// What a person is at the event that was asked about; of the table of participants.
	Before     int        `gorm:"column:buffer_before;->"`
	After      int        `gorm:"column:buffer_after;->"`
	Interprets listColumn `gorm:"column:interprets;->"`
}

func (personRow) TableName() string { return "people" }

type participantRow struct {
	EventID  string             `gorm:"column:event_id;primaryKey"`
	PersonID string             `gorm:"column:person_id;primaryKey"`
	Part     participantColumns `gorm:"embedded"`
}

// participantColumns are what a person is at one event.
type participantColumns struct {
	Before     int        `gorm:"column:buffer_before"`
	After      int        `gorm:"column:buffer_after"`
	Interprets listColumn `gorm:"column:interprets"`
}

// participantUpdates are the columns that an update writes.
var participantUpdates = []string{"buffer_before", "buffer_after", "interprets"}

func participantOf(p agenda.Person) participantColumns {
	return participantColumns{Before: p.Buffer.Before, After: p.Buffer.After, Interprets: agenda.PairNames(p.Interprets)}
}

func (participantRow) TableName() string { return "participants" }

// personUpdates are the columns that an update writes.
var personUpdates = []string{"name", "name_key", "honorific", "job_title", "organization", "country", "bio", "photo_url",
	"photo", "email", "notes", "languages", "search", "revision", "updated_at", "erased_at"}

var personWording = wording{noun: "person", refers: "There is no such event or person.",
	taken: map[string]string{"participants_pkey": "This person takes part in the event already."}}

func rowOfPerson(p agenda.Person) *personRow {
	return &personRow{ID: string(p.ID), Name: p.Name, NameKey: Fold(p.Name), Honorific: textColumn(p.Honorific),
		JobTitle: textColumn(p.JobTitle), Organization: textColumn(p.Organization), Country: p.Country,
		Bio: textColumn(p.Bio), PhotoURL: p.PhotoURL, Photo: idOrNull(agenda.ID(p.Photo)), Email: p.Email, Notes: p.Notes, Languages: p.Languages,
		Search:   searchable([]agenda.Text{p.Organization, p.JobTitle}, p.Name),
		Revision: p.Revision, Created: millis(p.Created), Updated: millis(p.Updated), Erased: zeroIsNull(p.Erased)}
}

func (r personRow) person() agenda.Person {
	return agenda.Person{ID: agenda.ID(r.ID), Name: r.Name, Honorific: agenda.Text(r.Honorific),
		JobTitle: agenda.Text(r.JobTitle), Organization: agenda.Text(r.Organization), Country: r.Country,
		Bio: agenda.Text(r.Bio), PhotoURL: r.PhotoURL, Photo: string(idOf(r.Photo)), Email: r.Email, Notes: r.Notes, Languages: r.Languages,
		Interprets: agenda.PairsOf(r.Interprets), Buffer: agenda.Buffer{Before: r.Before, After: r.After},
		Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated), Erased: instantOrZero(r.Erased)}
}

// PersonFilter narrows a list of people. The zero value is all of them.
type PersonFilter struct {
	Query    string // words that are all in name, organization or job title, whatever their case and marks
	Contacts bool   // words may be in the address too: for who may see it, as others would learn it by guessing
	Country  string // ISO 3166-1 alpha-2
}

var peopleByName = order[personRow]{name: "people", keys: []key[personRow]{
	{expr: "name_key", text: func(r personRow) string { return r.NameKey }},
	{expr: "id", text: func(r personRow) string { return r.ID }},
}}

// participants are the people of an event, with what they are there.
func (tx *Tx) participants(event agenda.ID) *gorm.DB {
	return tx.db.Model(&personRow{}).Select("people.*, participants.buffer_before, participants.buffer_after, participants.interprets").
		Joins("JOIN participants ON participants.person_id = people.id AND participants.event_id = ?", event)
}

// Person gives a participant of the event.
func (tx *Tx) Person(event, id agenda.ID) (agenda.Person, error) {
	return one(tx.participants(event).Where("id = ?", id), "person", personRow.person)
}

// People lists the event's participants by name without regard to case and marks, then ID.
func (tx *Tx) People(event agenda.ID, f PersonFilter, page Page) (people []agenda.Person, next string, err error) {
	condition := "search LIKE ? ESCAPE '!'"
	if f.Contacts {
		condition = "(" + condition + " OR lower(email) LIKE ? ESCAPE '!')"
	}
	q := searching(tx.participants(event), f.Query, condition)
	if f.Country != "" {
		q = q.Where("country = ?", f.Country)
	}
	rows, next, err := paged(q, peopleByName, string(event), page)
	return convert(rows, personRow.person), next, err
}

// AllPeople gives the event's participants by name without regard to case and marks, then ID.
func (tx *Tx) AllPeople(event agenda.ID) ([]agenda.Person, error) {
	rows, err := all[personRow](tx.participants(event), peopleByName.by())
	return convert(rows, personRow.person), err
}

// PeopleByID gives those of the event's participants that have one of these IDs, by ID. Others are left out.
func (tx *Tx) PeopleByID(event agenda.ID, ids []agenda.ID) ([]agenda.Person, error) {
	rows, err := among[personRow](func() *gorm.DB { return tx.participants(event) }, "id", ids)
	return convert(rows, personRow.person), err
}

// Interpreters gives the event's participants who interpret, by ID.
func (tx *Tx) Interpreters(event agenda.ID) ([]agenda.Person, error) {
	rows, err := all[personRow](tx.participants(event).Where("participants.interprets <> '[]'"), "id")
	return convert(rows, personRow.person), err
}

// InsertPerson adds a person who takes part in the event.
func (tx *Tx) InsertPerson(event agenda.ID, p agenda.Person) error {
	if err := insert(tx, []*personRow{rowOfPerson(p)}, personWording); err != nil {
		return err
	}
	return tx.AddParticipantAs(event, p)
}

// InsertPeople adds many people who take part in the event, in fewer statements.
func (tx *Tx) InsertPeople(event agenda.ID, people []agenda.Person) error {
	for _, p := range people {
		tx.touch(event, agenda.PersonSerial, p.ID)
	}
	if err := insert(tx, convert(people, rowOfPerson), personWording); err != nil {
		return err
	}
	return insert(tx, convert(people, func(p agenda.Person) *participantRow {
		return &participantRow{string(event), string(p.ID), participantOf(p)}
	}), personWording)
}

// AddParticipant lets somebody who is known from another event take part in this one. The error is agenda.Taken when
// they do already.
func (tx *Tx) AddParticipant(event, person agenda.ID) error {
	return tx.AddParticipantAs(event, agenda.Person{ID: person})
}

// AddParticipantAs is [Tx.AddParticipant] with what they are at the event: their buffer, and what they interpret.
func (tx *Tx) AddParticipantAs(event agenda.ID, p agenda.Person) error {
	tx.touch(event, agenda.PersonSerial, p.ID)
	return insert(tx, []*participantRow{{string(event), string(p.ID), participantOf(p)}}, personWording)
}

// UpdatePerson writes a participant of the event, whose revision is the stored one plus one. They change for all
// events that they take part in, but for what they are at this one.
func (tx *Tx) UpdatePerson(event agenda.ID, p agenda.Person) error {
	if _, err := tx.Person(event, p.ID); err != nil {
		return err
	}
	if err := tx.personVersion(event, p.ID, p.Revision-1).update(personUpdates, rowOfPerson(p), personWording); err != nil {
		return err
	}
	var events []agenda.ID
	if err := tx.db.Model(&participantRow{}).Where("person_id = ?", p.ID).Order("event_id").Pluck("event_id", &events).Error; err != nil {
		return fault("read participants", err, personWording)
	}
	for _, e := range events {
		tx.touch(e, agenda.PersonSerial, p.ID)
	}
	part := participantOf(p)
	return touched(tx.of(event).Model(&participantRow{}).Where("person_id = ?", p.ID).Select(participantUpdates).Updates(&participantRow{Part: part}),
		"person")
}

// DeletePerson removes a participant of the event with their availabilities there, and the person when no other event
// has them. Their feeds must have been ended (see [Tx.LeaveFeeds]). The error is agenda.Taken, and names one, while they
// have a part in a panel or a meeting.
func (tx *Tx) DeletePerson(event, id agenda.ID, revision int) error {
	now, err := tx.Person(event, id)
	if err != nil {
		return err
	}
	if now.Revision != revision {
		return stale("person", now)
	}
	used := version{tx: tx, noun: "person", event: event}
	err = used.refuseUsed(`id IN (SELECT panel_id FROM panel_speakers WHERE event_id = ? AND person_id = ?
		UNION SELECT panel_id FROM intervention_speakers WHERE event_id = ? AND person_id = ?)`, "", event, id, event, id)
	if err == nil {
		err = used.refuseUsed("", "id IN (SELECT meeting_id FROM delegates WHERE event_id = ? AND person_id = ?)",
			event, id)
	}
	if err != nil {
		return err
	}
	tx.touch(event, agenda.PersonSerial, id)
	w := wording{noun: "person", used: "The person is still used."}
	if err := tx.of(event).Where("person_id = ?", id).Delete(&participantRow{}).Error; err != nil {
		return fault("delete participant", err, w)
	}
	if err := tx.forgetResource(event, agenda.Resource{Kind: agenda.PersonResource, ID: id}); err != nil {
		return err
	}
	var elsewhere int64
	if err := tx.db.Model(&participantRow{}).Where("person_id = ?", id).Count(&elsewhere).Error; err != nil {
		return fault("read participants", err, w)
	}
	if elsewhere > 0 {
		return nil
	}
	if err := tx.personVersion(event, id, revision).delete(&personRow{}, w); err != nil {
		return err
	}
	return tx.SweepFiles()
}

// personVersion has no event: the table of people knows none.
func (tx *Tx) personVersion(event, id agenda.ID, revision int) version {
	return version{tx: tx, noun: "person", id: id, revision: revision,
		current: func() (any, error) { return tx.Person(event, id) }}
}
