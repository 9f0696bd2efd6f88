package app

import (
	"context"
	"strconv"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// MeetingRules gives the Event's rules for the Meetings that people ask for.
func (a *App) MeetingRules(ctx context.Context, actor agenda.Actor, slug string) (r agenda.MeetingRules, err error) {
	err = a.view(ctx, actor, agenda.ReadMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		r, err = tx.MeetingRules(e.ID)
		return err
	})
	return r, err
}

// SetMeetingRules replaces the Event's rules for Meetings. What was asked for and agreed on before stays as it is.
func (a *App) SetMeetingRules(ctx context.Context, actor agenda.Actor, slug string, match Match, r agenda.MeetingRules) (set agenda.MeetingRules, err error) {
	err = a.changeAs(ctx, actor, agenda.EditMeetings, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.MeetingRules(e.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		next := r
		next.Revision, next.Updated = old.Revision+1, a.moment()
		if err := next.Check(); err != nil {
			return err
		}
		if err := tx.PutMeetingRules(e.ID, next); err != nil {
			return err
		}
		set = next
		return a.note(tx, actor, e.ID, "meeting.rules", e.ID, "changed the rules for meetings", changed(e, rulesFields(old), rulesFields(next)))
	})
	if err != nil {
		return agenda.MeetingRules{}, err
	}
	return set, nil
}

func rulesFields(r agenda.MeetingRules) agenda.Fields {
	return agenda.Fields{"closed": strconv.FormatBool(r.Closed), "answer_hours": strconv.Itoa(r.Hours), "open_requests": strconv.Itoa(r.Open),
		"accepted_per_day": strconv.Itoa(r.PerDay), "halls": strconv.FormatBool(r.Halls)}
}
