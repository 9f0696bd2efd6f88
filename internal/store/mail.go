package store

import (
	"database/sql/driver"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"plenary/internal/agenda"
)

type mailRow struct {
	ID        string      `gorm:"column:id;primaryKey"`
	EventID   string      `gorm:"column:event_id"`
	PersonID  string      `gorm:"column:person_id"`
	Kind      string      `gorm:"column:kind"`
	Status    string      `gorm:"column:status"`
	About     string      `gorm:"column:about"`
	Meetings  bool        `gorm:"column:meetings"`
	To        string      `gorm:"column:address"`
	Name      string      `gorm:"column:name"`
	Language  string      `gorm:"column:language"`
	Subject   string      `gorm:"column:subject"`
	Body      partsColumn `gorm:"column:body"`
	Note      string      `gorm:"column:note"`
	Method    string      `gorm:"column:method"`
	Calendar  []byte      `gorm:"column:calendar"`
	Essential bool        `gorm:"column:essential"`
	Due       int64       `gorm:"column:due_at"`
	Sent      *int64      `gorm:"column:sent_at"`
	Opened    *int64      `gorm:"column:opened_at"`
	Answered  *int64      `gorm:"column:answered_at"`
	Answer    string      `gorm:"column:answer"`
	Fault     string      `gorm:"column:fault"`
	Revision  int         `gorm:"column:revision"`
	Created   int64       `gorm:"column:created_at"`
	Updated   int64       `gorm:"column:updated_at"`
}

func (mailRow) TableName() string { return "mails" }

func (r mailRow) mail() agenda.Mail {
	return agenda.Mail{ID: agenda.ID(r.ID), EventID: agenda.ID(r.EventID), PersonID: agenda.ID(r.PersonID), Kind: agenda.MailKind(r.Kind),
		Status: agenda.MailStatus(r.Status), About: agenda.ID(r.About), Meetings: r.Meetings, To: r.To, Name: r.Name, Language: r.Language, Subject: r.Subject,
		Body: r.Body, Note: r.Note, Method: r.Method, Calendar: r.Calendar, Essential: r.Essential, Due: instant(r.Due),
		Sent: instantOrNil(r.Sent), Opened: instantOrNil(r.Opened), Answered: instantOrNil(r.Answered), Answer: r.Answer, Fault: r.Fault,
		Revision: r.Revision, Created: instant(r.Created), Updated: instant(r.Updated)}
}

func rowOfMail(m agenda.Mail) *mailRow {
	return &mailRow{ID: string(m.ID), EventID: string(m.EventID), PersonID: string(m.PersonID), Kind: string(m.Kind), Status: string(m.Status),
		About: string(m.About), Meetings: m.Meetings, To: m.To, Name: m.Name, Language: m.Language, Subject: m.Subject, Body: m.Body, Note: m.Note, Method: m.Method,
		Calendar: m.Calendar, Essential: m.Essential, Due: millis(m.Due), Sent: millisOrNull(m.Sent), Opened: millisOrNull(m.Opened),
		Answered: millisOrNull(m.Answered), Answer: m.Answer, Fault: m.Fault, Revision: m.Revision, Created: millis(m.Created), Updated: millis(m.Updated)}
}

// mailUpdates are the columns that an update writes.
var mailUpdates = []string{"status", "meetings", "address", "name", "language", "subject", "body", "note", "method", "calendar", "due_at", "sent_at",
	"opened_at", "answered_at", "answer", "fault", "revision", "updated_at"}

var mailWording = wording{noun: "mail", refers: "The mail is to a person who is not at this event."}

// MailFilter narrows a list of mails. The zero value is all of them, newest first.
type MailFilter struct {
	Status agenda.MailStatus
	Kind   agenda.MailKind
	Person agenda.ID
	About  agenda.ID
	Others bool // only those that tell of no meeting
}

// of gives the mails of q that it leaves.
func (f MailFilter) of(q *gorm.DB) *gorm.DB {
	for _, by := range []struct{ column, value string }{{"status", string(f.Status)}, {"kind", string(f.Kind)}, {"person_id", string(f.Person)}, {"about", string(f.About)}} {
		if by.value != "" {
			q = q.Where(clause.Eq{Column: clause.Column{Name: by.column}, Value: by.value})
		}
	}
	if f.Others {
		q = q.Where("NOT meetings")
	}
	return q
}

var mailsByCreation = order[mailRow]{name: "mails", keys: []key[mailRow]{
	{expr: "created_at", desc: true, num: func(r mailRow) int64 { return r.Created }},
	{expr: "id", desc: true, text: func(r mailRow) string { return r.ID }},
}}

// Mail gives a mail of the event.
func (tx *Tx) Mail(event, id agenda.ID) (agenda.Mail, error) {
	return one(tx.of(event).Where("id = ?", id), "mail", mailRow.mail)
}

// MailByID gives a mail, whichever event it is of: for who knows no more than its identity, such as a job.
func (tx *Tx) MailByID(id agenda.ID) (agenda.Mail, error) {
	return one(tx.db.Where("id = ?", id), "mail", mailRow.mail)
}

// Mails lists mails of the event.
func (tx *Tx) Mails(event agenda.ID, f MailFilter, page Page) ([]agenda.Mail, string, error) {
	scope := fmt.Sprintf("%s %s %s %s %s %t", event, f.Status, f.Kind, f.Person, f.About, f.Others)
	rows, next, err := paged(f.of(tx.of(event)), mailsByCreation, scope, page)
	return convert(rows, mailRow.mail), next, err
}

// MailCounts says how many of the mails that the filter leaves have which status, whatever status it asks for.
func (tx *Tx) MailCounts(event agenda.ID, f MailFilter) (map[agenda.MailStatus]int, error) {
	var rows []struct {
		Status string
		N      int
	}
	f.Status = ""
	err := f.of(tx.of(event).Model(&mailRow{})).Select("status, COUNT(*) AS n").Group("status").Order("status").Scan(&rows).Error
	counts := map[agenda.MailStatus]int{}
	for _, r := range rows {
		counts[agenda.MailStatus(r.Status)] = r.N
	}
	return counts, fault("count mails", err, wording{})
}

// AllMails gives the mails of the event that the filter leaves, oldest first.
func (tx *Tx) AllMails(event agenda.ID, f MailFilter) ([]agenda.Mail, error) {
	rows, err := all[mailRow](f.of(tx.of(event)), "created_at, id")
	return convert(rows, mailRow.mail), err
}

// MailsTo gives the mails to a person at the event, oldest first.
func (tx *Tx) MailsTo(event, person agenda.ID) ([]agenda.Mail, error) {
	return tx.AllMails(event, MailFilter{Person: person})
}

// CalendarParts gives of the letters about releases to these people that went, or wait to go, the calendar part and whom it is to,
// by person, oldest first, and nothing else.
func (tx *Tx) CalendarParts(event agenda.ID, people []agenda.ID) ([]agenda.Mail, error) {
	rows, err := among[mailRow](func() *gorm.DB {
		return tx.of(event).Where("kind = ? AND method <> '' AND status IN ?", agenda.MailChanges, []agenda.MailStatus{agenda.MailSent, agenda.MailQueued}).
			Select("id, person_id, calendar, '[]' AS body, created_at")
	}, "person_id", people, "created_at", "id")
	return convert(rows, mailRow.mail), err
}

// DeleteMailsTo removes the mails to a person at the event, with what would send them.
func (tx *Tx) DeleteMailsTo(event, person agenda.ID) error {
	theirs := tx.of(event).Model(&mailRow{}).Select("id").Where("person_id = ?", person)
	if err := tx.of(event).Where("kind = ? AND about IN (?)", agenda.MailJob, theirs).Delete(&jobRow{}).Error; err != nil {
		return fault("drop jobs", err, wording{})
	}
	return fault("delete mails", tx.of(event).Where("person_id = ?", person).Delete(&mailRow{}).Error, wording{noun: "mail"})
}

// InsertMail adds a mail.
func (tx *Tx) InsertMail(m agenda.Mail) error {
	return insert(tx, []*mailRow{rowOfMail(m)}, mailWording)
}

// UpdateMail writes what can change of a mail, from the revision before m.Revision.
func (tx *Tx) UpdateMail(m agenda.Mail) error {
	v := version{tx: tx, noun: "mail", event: m.EventID, id: m.ID, revision: m.Revision - 1,
		current: func() (any, error) { return tx.Mail(m.EventID, m.ID) }}
	return v.update(mailUpdates, rowOfMail(m), mailWording)
}

// partsColumn is what a mail says as JSON; "[]" is nil.
type partsColumn []agenda.MailPart

type partObject struct {
	Heading string   `json:"heading,omitempty"`
	Lines   []string `json:"lines,omitempty"`
	URL     string   `json:"url,omitempty"`
}

// Value gives the JSON.
func (p partsColumn) Value() (driver.Value, error) {
	objects := make([]partObject, len(p))
	for i, part := range p {
		objects[i] = partObject(part)
	}
	return string(encodeJSON(objects)), nil
}

// Scan reads the JSON.
func (p *partsColumn) Scan(value any) error {
	*p = nil
	var objects []partObject
	if err := scanJSON(value, "[]", &objects); err != nil {
		return err
	}
	for _, o := range objects {
		*p = append(*p, agenda.MailPart(o))
	}
	return nil
}
