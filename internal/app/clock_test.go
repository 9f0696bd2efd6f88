package app_test

import (
	"context"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
)

// jumps are what a clock does when it was wrong, or becomes so: from the evening before a leap day, by an hour and by a day.
var jumps = []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, 7 * 24 * time.Hour, -8 * 24 * time.Hour}

func (w world) leapDay() {
	w.clock.Store(time.Date(2028, 2, 28, 23, 30, 0, 0, time.UTC).UnixMilli())
}

// However the clock jumps, a Release comes after the one before, and whoever asks whether there is something newer is told so.
func TestReleasesFollowEachOtherWhateverTheClock(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.leapDay()
		f := w.forum(t)
		w.publish(t)
		last := must[*agenda.Release](t)(w.Published(ctx, slug))
		stamp := w.stamp(t, f.panels[0])
		for i, jump := range jumps {
			w.pass(jump)
			f.panels[0] = w.panelNow(t, f.panels[0].ID)
			f.panels[0].Title = agenda.Text{"en": "Talk after " + jump.String()}
			w.edit(t, slug, f.panels[0], func(*agenda.Panel) {})
			r := must[app.Publication](t)(w.Publish(ctx, operator, slug, nil, nil, app.Once{})).Release
			if r.Number != i+2 || !r.Published.Truncate(time.Second).After(last.Published.Truncate(time.Second)) {
				t.Errorf("after %s: release %d of %s follows %d of %s", jump, r.Number, r.Published, last.Number, last.Published)
			}
			if now := w.stamp(t, f.panels[0]); !now.Modified.After(stamp.Modified) || now.Sequence < stamp.Sequence {
				t.Errorf("after %s: %+v follows %+v", jump, now, stamp)
			} else {
				stamp = now
			}
			if newest := must[*agenda.Release](t)(w.Published(ctx, slug)); newest.Number != r.Number {
				t.Errorf("after %s: the latest release is %d", jump, newest.Number)
			}
			last = &r
		}
	})
}

// panelNow gives a Panel as it is.
func (w world) panelNow(t *testing.T, id agenda.ID) agenda.Panel {
	t.Helper()
	for _, p := range w.draft(t, slug).Panels {
		if p.ID == id {
			return p
		}
	}
	t.Fatal("there is no such panel")
	return agenda.Panel{}
}

// Whoever mistyped while the clock was ahead waits no longer for it, and what they proved then is no proof for a day.
func TestSigningInOutlivesAWrongClock(t *testing.T) {
	inHouse(t, nil, func(t *testing.T, h house) {
		ctx := context.Background()
		h.leapDay()
		h.account(t, "anh")
		for _, jump := range jumps {
			secret := h.signIn(t, "anh")
			for range 10 {
				_, err := h.SignIn(ctx, email("anh"), another, "", here)
				wantCode(t, err, agenda.Unauthenticated)
			}
			_, err := h.SignIn(ctx, email("anh"), password, "", here)
			wantCode(t, err, agenda.TooMany)
			h.pass(jump)
			h.signIn(t, "anh")
			if jump < 0 {
				if who := h.who(t, secret); who.Login.Proved(time.UnixMilli(h.clock.Load())) {
					t.Errorf("after %s: what was proved before counts", jump)
				}
			}
		}
	})
}

// What was to be done is done, though it was put off, claimed or tried by a clock that was ahead.
func TestJobsOutliveAWrongClock(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.leapDay()
		kinds := []agenda.JobKind{agenda.MailJob}
		for _, ahead := range []time.Duration{2 * time.Hour, 24 * time.Hour} {
			w.pass(ahead)
			now := w.Moment()
			add := func(about agenda.ID, created, due time.Time) {
				t.Helper()
				err := w.store.Write(ctx, func(tx *store.Tx) error {
					return tx.AddJob(agenda.Job{ID: about + agenda.ID(ahead.String()), Kind: agenda.MailJob, About: about, Due: due, Created: created})
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			add("claimed", now.Add(-ahead), now.Add(-ahead))
			if got := must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 1)); len(got) != 1 || got[0].About != "claimed" {
				t.Fatalf("claimed %+v", got)
			}
			add("made", now, now)
			add("made for later", now, now.Add(30*time.Minute))
			w.pass(-ahead)
			add("as it should be", w.Moment(), w.Moment().Add(48*time.Hour))
			if n := must[int](t)(w.RightJobs(ctx)); n != 3 {
				t.Errorf("%s ahead: %d jobs were righted", ahead, n)
			}
			got := map[agenda.ID]bool{}
			for _, j := range must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 10)) {
				got[j.About] = true
				if err := w.EndJob(ctx, j); err != nil {
					t.Error(err)
				}
			}
			if len(got) != 2 || !got["claimed"] || !got["made"] {
				t.Errorf("%s ahead: can be begun: %v", ahead, got)
			}
			if n := must[int](t)(w.RightJobs(ctx)); n != 0 {
				t.Errorf("%s ahead: %d jobs are never right", ahead, n)
			}
			w.pass(30 * time.Minute)
			later := must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 10))
			if len(later) != 1 || later[0].About != "made for later" {
				t.Errorf("%s ahead: half an hour later: %+v", ahead, later)
			}
			for _, j := range later {
				j.Due = w.Moment().Add(ahead + agenda.MaxRetryAfter) // as it failed, by that clock
				if err := w.store.Write(ctx, func(tx *store.Tx) error { _, err := tx.PutOffJob(j); return err }); err != nil {
					t.Error(err)
				}
			}
			if n := must[int](t)(w.RightJobs(ctx)); n != 1 {
				t.Errorf("%s ahead: of what failed, %d were righted", ahead, n)
			}
			for _, j := range must[[]agenda.Job](t)(w.ClaimJobs(ctx, kinds, 10)) {
				if err := w.EndJob(ctx, j); err != nil {
					t.Error(err)
				}
			}
		}
	})
}
