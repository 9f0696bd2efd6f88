package app

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// LetterRule gives how the Event tells people what concerns them.
func (a *App) LetterRule(ctx context.Context, actor agenda.Actor, slug string) (rule agenda.LetterRule, err error) {
	err = a.view(ctx, actor, agenda.ReadDraft, slug, func(tx *store.Tx, e agenda.Event) error {
		rule, err = tx.LetterRule(e.ID)
		return err
	})
	return rule, err
}

// SetLetterRule says how the Event tells people from now on. Letters that are made already stay as they are.
func (a *App) SetLetterRule(ctx context.Context, actor agenda.Actor, slug string, match Match, rule agenda.LetterRule) (set agenda.LetterRule, err error) {
	err = a.changeAs(ctx, actor, agenda.PublishEvent, slug, func(tx *store.Tx, e agenda.Event) error {
		old, err := tx.LetterRule(e.ID)
		if err != nil {
			return err
		}
		if err := match.check(old.Revision, old); err != nil {
			return err
		}
		next := rule
		next.Leads = slices.Compact(slices.SortedFunc(slices.Values(rule.Leads), func(a, b int) int { return b - a }))
		next.Revision = old.Revision + 1
		if err := next.Check(); err != nil {
			return err
		}
		if err := tx.PutLetterRule(e.ID, next); err != nil {
			return err
		}
		set = next
		return a.note(tx, actor, e.ID, "event.letters", e.ID, "changed how people are told", changed(e, ruleFields(old), ruleFields(next)))
	})
	if err != nil {
		return agenda.LetterRule{}, err
	}
	return set, nil
}

// ruleFields are the fields of a LetterRule that the log has.
func ruleFields(r agenda.LetterRule) agenda.Fields {
	leads := make([]string, len(r.Leads))
	for i, lead := range r.Leads {
		leads[i] = strconv.Itoa(lead)
	}
	return agenda.Fields{"letters": quoted(string(r.Mode)), "letter_delay": strconv.Itoa(r.Delay), "small_change": strconv.Itoa(r.Small),
		"reminders": "[" + strings.Join(leads, ",") + "]", "hold_meetings": strconv.FormatBool(r.HoldMeetings)}
}
