package store

import (
	"time"

	"plenary/internal/agenda"
)

// Elsewhere says at how many other events the person takes part.
func (tx *Tx) Elsewhere(event, person agenda.ID) (int, error) {
	var n int64
	err := tx.db.Model(&participantRow{}).Where("person_id = ? AND event_id <> ?", person, event).Count(&n).Error
	return int(n), fault("read participants", err, wording{})
}

// ForgetPerson removes what the event keeps of a person besides their parts: availabilities, personal links with their visits
// and codes, letters to them, the address that was vouched for, what they wrote of their meetings, what their feeds are called and by
// what they are fetched, why others stood in for them, what sources said of them, and by which requests they and their links were
// made. Their feeds end.
func (tx *Tx) ForgetPerson(event, person agenda.ID, at time.Time) error {
	w := wording{noun: "person"}
	if err := tx.of(event).Where("person_id = ?", person).Delete(&availabilityRow{}).Error; err != nil {
		return fault("delete availabilities", err, w)
	}
	if err := tx.forgetStandIns(event, person); err != nil {
		return err
	}
	if err := tx.forgetLinks(event, person); err != nil {
		return err
	}
	if err := tx.forgetSteps(event, person); err != nil {
		return err
	}
	if err := tx.DeleteMailsTo(event, person); err != nil {
		return err
	}
	if err := tx.ForgetLetters(event, person); err != nil {
		return err
	}
	feeds := tx.of(event).Model(&feedRow{}).Where("person_id = ?", person)
	if err := feeds.Updates(map[string]any{"name": "", "fetched_by": ""}).Error; err != nil {
		return fault("change feeds", err, w)
	}
	if err := tx.LeaveFeeds(event, person, at); err != nil {
		return err
	}
	if err := tx.db.Where("noun_id = ?", person).Delete(&keyRow{}).Error; err != nil {
		return fault("forget requests", err, w)
	}
	rows, err := all[originRow](tx.of(event).Where("kind = ? AND item_id = ?", agenda.PersonOrigin, person), "source, source_key")
	if err != nil {
		return err
	}
	for _, r := range rows {
		o := r.origin().Erase()
		done := tx.of(event).Model(&originRow{}).Where("source = ? AND kind = ? AND source_key = ?", r.Source, r.Kind, r.Key).
			Updates(map[string]any{"source_key": o.Key, "said": saidColumn(o.Said)})
		if done.Error != nil {
			return fault("change origins", done.Error, w)
		}
	}
	return nil
}

// forgetLinks removes all that a person without an account comes in by.
func (tx *Tx) forgetLinks(event, person agenda.ID) error {
	w := wording{noun: "personal link"}
	links := tx.of(event).Model(&personalLinkRow{}).Select("id").Where("person_id = ?", person)
	if err := tx.db.Where("noun_id IN (?)", links).Delete(&keyRow{}).Error; err != nil {
		return fault("forget requests", err, w)
	}
	for _, row := range []any{&personalLinkRow{}, &deskCodeRow{}, &vouchedRow{}, &personalPageRow{}, &invitationRow{}} { // visits go with their links
		if err := tx.of(event).Where("person_id = ?", person).Delete(row).Error; err != nil {
			return fault("delete personal links", err, w)
		}
	}
	return nil
}

// ReplacePerson puts another person, who is added, in the place of one at the event, who leaves it and stays at others.
func (tx *Tx) ReplacePerson(event, person agenda.ID, by agenda.Person) error {
	if err := tx.InsertPerson(event, by); err != nil {
		return err
	}
	tx.touchAll(event)
	w := wording{noun: "person"}
	for _, table := range []string{"panel_speakers", "intervention_speakers", "delegates"} {
		err := tx.of(event).Table(table).Where("person_id = ?", person).Update("person_id", string(by.ID)).Error
		if err != nil {
			return fault("change "+table, err, w)
		}
	}
	for _, in := range []struct{ table, column, kind string }{
		{"occupancies", "resource_id", "resource_kind"}, {"origins", "item_id", "kind"}, {"serials", "item_id", "kind"},
	} {
		err := tx.of(event).Table(in.table).Where(in.kind+" = 'person' AND "+in.column+" = ?", person).Update(in.column, string(by.ID)).Error
		if err != nil {
			return fault("change "+in.table, err, w)
		}
	}
	for _, column := range []string{"old_person_id", "new_person_id"} {
		err := tx.of(event).Model(&standInRow{}).Where(column+" = ?", person).Update(column, string(by.ID)).Error
		if err != nil {
			return fault("change stand-ins", err, w)
		}
	}
	return fault("delete participant", tx.of(event).Where("person_id = ?", person).Delete(&participantRow{}).Error, w)
}
