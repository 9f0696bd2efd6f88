package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// The minister is ill: the deputy, who is of the delegation in one meeting and in a panel during the other, takes both.
func TestADeputyStandsIn(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		deputy, other := f.people[0].ID, f.people[1].ID
		minister := w.person(t, agenda.Person{Name: "Minister"})
		against := w.person(t, agenda.Person{Name: "Somebody else"})
		first := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(minister, other, deputy), f.at(1, "2026-03-28T08:00", "2026-03-28T08:30"), app.Once{})).Meeting
		second := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(against, minister), f.at(1, "2026-03-28T10:15", "2026-03-28T10:45"), app.Once{})).Meeting
		kept := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(minister, deputy), f.at(1, "2026-03-29T10:15", "2026-03-29T10:45"), app.Once{})).Meeting
		held := bilateral(minister, other)
		held.Status = agenda.MeetingHeld
		must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, held, f.at(1, "2026-03-29T11:15", "2026-03-29T11:45"), app.Once{}))
		wish := app.Deputizing{Old: minister, New: deputy, Note: "ill"}

		tried := must[app.Deputized](t)(w.TryReplaceDelegate(ctx, operator, slug, wish))
		if now := must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, first.ID)); now.Meeting.Revision != 1 || now.Meeting.Sides[0].Principal() != minister {
			t.Fatalf("a trial changed %+v", now.Meeting)
		}
		done := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, wish))
		for _, d := range []app.Deputized{tried, done} {
			if len(d.Meetings) != 2 || d.Meetings[0].Meeting.ID != first.ID || d.Meetings[1].Meeting.ID != second.ID || len(d.Kept) != 1 || d.Kept[0].ID != kept.ID {
				t.Fatalf("%+v", d)
			}
			if c := d.Meetings[1].Conflicts; len(c) < 2 || c[0].Kind != agenda.PersonBusy && c[1].Kind != agenda.PersonBusy {
				t.Errorf("the conflict of the deputy: %+v", c)
			}
		}
		if diff := cmp.Diff([]agenda.Delegate{{PersonID: deputy, Role: agenda.Principal, Answer: agenda.NeedsAction}}, done.Meetings[0].Meeting.Sides[0].Delegates); diff != "" {
			t.Error(diff)
		}
		told := must[[]agenda.MeetingStep](t)(w.MeetingHistory(ctx, operator, slug, first.ID))
		if last := told[len(told)-1]; last.Deed != agenda.DeedReplace || last.Party != agenda.PartyOrganizers || last.Note != "" {
			t.Errorf("the history says %+v", last)
		}
		steps := must[[]agenda.StandIn](t)(w.StandIns(ctx, operator, slug, first.ID))
		if len(steps) != 1 || steps[0].OldID != minister || steps[0].NewID != deputy || steps[0].Was != agenda.DelegateMember || steps[0].Note != "ill" || steps[0].By != "test" {
			t.Errorf("%+v", steps)
		}

		// The deputy has a meeting of their own, which stays theirs when the minister is back.
		own := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(deputy, against), f.at(0, "2026-03-30T10:15", "2026-03-30T10:45"), app.Once{})).Meeting
		back := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: deputy, New: minister, Returning: true}))
		if len(back.Meetings) != 2 || len(back.Meetings[1].Conflicts) != 0 && back.Meetings[1].Conflicts[0].Kind == agenda.PersonBusy {
			t.Errorf("%+v", back)
		}
		want := []agenda.Delegate{{PersonID: minister, Role: agenda.Principal, Answer: agenda.NeedsAction}, {PersonID: deputy, Role: agenda.DelegateMember, Answer: agenda.NeedsAction}}
		if diff := cmp.Diff(want, back.Meetings[0].Meeting.Sides[0].Delegates); diff != "" {
			t.Error(diff)
		}
		if now := must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, own.ID)); now.Meeting.Revision != 1 {
			t.Errorf("the deputy's own meeting: %+v", now.Meeting)
		}
		if again := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: deputy, New: minister, Returning: true})); len(again.Meetings) != 0 {
			t.Errorf("back a second time: %+v", again)
		}
	})
}

func TestADeputyInOneMeeting(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		one, two := f.people[0].ID, f.people[1].ID
		third := w.person(t, agenda.Person{Name: "Third"})
		m := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(one, two), f.at(0, "2026-03-29T10:00", "2026-03-29T10:30"), app.Once{})).Meeting
		for what, try := range map[string]struct {
			d    app.Deputizing
			code agenda.Code
		}{
			"a stale revision":    {app.Deputizing{Old: one, New: third, Meeting: m.ID, Match: app.Revision(9)}, agenda.Stale},
			"who is not in it":    {app.Deputizing{Old: third, New: one, Meeting: m.ID, Match: app.Revision(1)}, agenda.NotFound},
			"the other side":      {app.Deputizing{Old: one, New: two, Meeting: m.ID, Match: app.Revision(1)}, agenda.Invalid},
			"themselves":          {app.Deputizing{Old: one, New: one, Meeting: m.ID, Match: app.Revision(1)}, agenda.Invalid},
			"nobody":              {app.Deputizing{Old: one, Meeting: m.ID, Match: app.Revision(1)}, agenda.Invalid},
			"who is not there":    {app.Deputizing{Old: one, New: "x", Meeting: m.ID, Match: app.Revision(1)}, agenda.Invalid},
			"for nobody":          {app.Deputizing{Old: "x", New: one}, agenda.NotFound},
			"no time":             {app.Deputizing{Old: one, New: third, From: "noon"}, agenda.Invalid},
			"a meeting elsewhere": {app.Deputizing{Old: one, New: third, Meeting: "x", Match: app.Revision(1)}, agenda.NotFound},
		} {
			if _, err := w.ReplaceDelegate(ctx, operator, slug, try.d); agenda.CodeOf(err) != try.code {
				t.Errorf("%s: %v", what, err)
			}
		}
		done := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: one, New: third, Meeting: m.ID, Match: app.Revision(1)}))
		if now := done.Meetings[0].Meeting; now.Revision != 2 || now.Sides[0].Principal() != third || now.Includes(one) {
			t.Errorf("%+v", now)
		}
		if r := must[app.Slots](t)(w.FindSlots(ctx, operator, slug, app.SlotWish{Wanted: agenda.Wanted{People: []agenda.ID{one}, Minutes: 30}, At: "2026-03-29T10:00"})); r.At == nil {
			t.Errorf("the one who is out of it is not free: %+v", r.Reasons)
		}
		w.pass(365 * 24 * time.Hour)
		if late := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: third, New: one})); len(late.Meetings) != 0 {
			t.Errorf("what is over was changed: %+v", late)
		}
	})
}

// A deputy who has agreed on something else at that time stands in all the same: that meeting is not firm any more.
func TestADeputyWhoIsTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, p := context.Background(), w.pair(t)
		deputy, against := w.person(t, agenda.Person{Name: "Deputy"}), w.person(t, agenda.Person{Name: "Somebody else"})
		mine := p.ask("2026-03-28T12:00")
		first := must[app.MeetingResult](t)(w.accept(w.ask(t, mine), app.MeetingAnswer{})).Meeting
		mine.From, mine.To = deputy, against
		must[app.MeetingResult](t)(w.accept(w.ask(t, mine), app.MeetingAnswer{}))
		done := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: p.people[0].ID, New: deputy, Meeting: first.ID, Match: app.Match{Any: true}}))
		if m := done.Meetings[0]; !first.Firm || m.Meeting.Firm || len(m.Conflicts) == 0 {
			t.Errorf("%+v", m)
		}
	})
}

// A side keeps its principal: who is one does not take a lower place of their own delegation. Of all meetings, these stay as they are.
func TestThePrincipalStandsInForNobodyBelow(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), context.Background()
		member, other := f.people[0].ID, f.people[1].ID
		minister, against := w.person(t, agenda.Person{Name: "Minister"}), w.person(t, agenda.Person{Name: "Somebody else"})
		kept := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(minister, other, member), f.at(1, "2026-03-28T08:00", "2026-03-28T08:30"), app.Once{})).Meeting
		done := must[app.MeetingResult](t)(w.CreateMeeting(ctx, operator, slug, bilateral(member, against), f.at(1, "2026-03-29T08:00", "2026-03-29T08:30"), app.Once{})).Meeting
		_, err := w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: member, New: minister, Meeting: kept.ID, Match: app.Revision(1)})
		wantCode(t, err, agenda.Invalid)
		all := must[app.Deputized](t)(w.ReplaceDelegate(ctx, operator, slug, app.Deputizing{Old: member, New: minister}))
		if len(all.Meetings) != 1 || all.Meetings[0].Meeting.ID != done.ID || len(all.Kept) != 1 || all.Kept[0].ID != kept.ID {
			t.Errorf("%+v", all)
		}
		if now := must[app.MeetingResult](t)(w.Meeting(ctx, operator, slug, kept.ID)).Meeting; now.Check() != nil || now.Sides[0].Principal() != minister || !now.Includes(member) {
			t.Errorf("%+v", now)
		}
	})
}
