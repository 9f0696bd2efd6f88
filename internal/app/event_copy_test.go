package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// lastYear makes the forum one that has everything that a copy can take along.
func (w world) lastYear(t *testing.T) forum {
	t.Helper()
	ctx, any := context.Background(), app.Match{Any: true}
	f := w.forum(t)
	f.rooms[1].Walks = []agenda.Walk{{To: f.rooms[0].ID, Minutes: 12}}
	must[agenda.Room](t)(w.EditRoom(ctx, operator, slug, any, f.rooms[1]))
	track, _, err := w.CreateTrack(ctx, operator, slug, agenda.Track{Name: agenda.Text{"en": "AI"}, Color: "#005bbb"}, app.Once{})
	wantCode(t, err, "")
	night := agenda.Panel{Title: agenda.Text{"en": "Night"}, Format: agenda.FormatPanel, TrackID: track.ID, StreamURL: "https://a.example/", Speakers: []agenda.Speaker{
		{PersonID: f.people[0].ID, Role: agenda.Moderator, Status: agenda.Confirmed}, {PersonID: f.people[1].ID, Role: agenda.Panelist, Status: agenda.Declined}},
		Interventions: []agenda.Intervention{{Title: agenda.Text{"en": "Words"}, Speakers: []agenda.Speaker{{PersonID: f.people[0].ID, Role: agenda.Presenter, Status: agenda.Invited}}}}}
	// 02:30 on the Monday after the clocks have changed; next year the Sunday on which they do.
	r, err := w.CreatePanel(ctx, operator, slug, night, f.at(1, "2026-03-30T02:30", "2026-03-30T04:00"), app.Once{})
	wantCode(t, err, "")
	must[app.PanelResult](t)(w.AddMaterial(ctx, operator, slug, any, r.Panel.ID, app.NewMaterial{Title: "Notes", Name: "notes.txt", Data: []byte("Notes."), Public: true}))
	off, err := w.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": "Off"}, Format: agenda.FormatTalk}, nil, app.Once{})
	wantCode(t, err, "")
	must[app.PanelResult](t)(w.CancelPanel(ctx, operator, slug, any, off.Panel.ID, true, nil))
	for _, resource := range []agenda.Resource{{Kind: agenda.RoomResource, ID: f.rooms[0].ID}, {Kind: agenda.PersonResource, ID: f.people[0].ID}} {
		_, _, _, err = w.CreateAvailability(ctx, operator, slug, agenda.Availability{Resource: resource}, "2026-03-28T08:00", "2026-03-30T02:30", app.Once{})
		wantCode(t, err, "")
	}
	return f
}

func slots(panels []agenda.Panel) map[string]string {
	all := map[string]string{}
	for _, p := range panels {
		all[p.Title["en"]] = "-"
		if p.Slot != nil {
			all[p.Title["en"]] = string(p.Slot.Start.Wall) + " " + p.Slot.Start.At.Format("15:04Z")
		}
	}
	return all
}

// A copy keeps its hours by the wall clock, invites anew who came, and leaves behind what was about that year.
func TestCopyOfLastYear(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.lastYear(t)
		before := encode(t, must[exchange.Bundle](t)(w.ExportEvent(ctx, operator, slug)))
		plan := app.EventCopy{Slug: "forum-2027", Name: agenda.Text{"en": "Forum 2027"}, StartDate: "2027-03-26", Take: app.CopyParts}
		counts := map[app.CopyPart]int{app.CopyRooms: 2, app.CopyTracks: 1, app.CopyPeople: 2, app.CopyPanels: 3, app.CopyMaterials: 1, app.CopyAvailabilities: 2}
		tried := must[app.CopiedEvent](t)(w.TryCopyEvent(ctx, operator, slug, plan))
		_, err := w.Event(ctx, operator, "forum-2027")
		wantCode(t, err, agenda.NotFound)
		done := must[app.CopiedEvent](t)(w.CopyEvent(ctx, operator, slug, plan))
		if diff := cmp.Diff(counts, done.Counts); diff != "" || !cmp.Equal(counts, tried.Counts) {
			t.Errorf("taken along, when tried %v: (-want +got)\n%s", tried.Counts, diff)
		}
		if e := done.Event; e.EndDate != "2027-03-28" || e.Zone != "Europe/Paris" || e.Revision != 1 || e.Name["en"] != "Forum 2027" {
			t.Errorf("the event is %+v", e)
		}
		if len(done.Unscheduled) != 1 || done.Unscheduled[0].Panel.Title["en"] != "Night" || agenda.CodeOf(done.Unscheduled[0].Fault) != agenda.Invalid {
			t.Errorf("unscheduled: %+v", done.Unscheduled)
		}
		b := must[exchange.Bundle](t)(w.ExportEvent(ctx, operator, "forum-2027"))
		if diff := cmp.Diff(map[string]string{"Talk 1": "2027-03-26T10:00:00 09:00Z", "Talk 2": "2027-03-26T10:00:00 09:00Z", "Night": "-"}, slots(b.Draft.Panels)); diff != "" {
			t.Error(diff)
		}
		rooms := b.Draft.Rooms
		if rooms[1].Walks[0] != (agenda.Walk{To: rooms[0].ID, Minutes: 12}) || rooms[0].ID == f.rooms[0].ID || len(rooms[0].Walks) != 0 {
			t.Errorf("rooms are %+v", rooms)
		}
		for _, window := range b.Availabilities {
			// At half past two there is no such hour: the window ends at the one beside it.
			if window.Start.Wall != "2027-03-26T08:00:00" || window.End.At.Sub(time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC)).Abs() > 30*time.Minute {
				t.Errorf("the window is %+v", window)
			}
		}
		night := must[app.PanelResult](t)(w.Panel(ctx, operator, "forum-2027", done.Unscheduled[0].Panel.ID)).Panel
		if len(night.Speakers) != 1 || night.Speakers[0].Status != agenda.Invited || night.Speakers[0].PersonID != f.people[0].ID || len(night.Interventions[0].Speakers) != 1 ||
			night.StreamURL != "" || night.TrackID != b.Draft.Tracks[0].ID || night.Materials[0].FileName != "notes.txt" {
			t.Errorf("the panel is %+v", night)
		}
		if after := encode(t, must[exchange.Bundle](t)(w.ExportEvent(ctx, operator, slug))); after != before {
			t.Error("the event that was copied is another one now")
		}
		_, err = w.CopyEvent(ctx, operator, slug, plan)
		wantCode(t, err, agenda.Taken)
		// The file outlives the event that it came with.
		wantCode(t, w.DeleteEvent(ctx, operator, slug, app.Match{Any: true}), "")
		file := must[app.FileContent](t)(w.DraftFile(ctx, operator, "forum-2027", night.Materials[0].File))
		if part, err := file.Part(0); string(part) != "Notes." {
			t.Error(string(part), err)
		}
	})
}

// Fewer days, another zone, and less that is taken along.
func TestCopyOfFewerDays(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.lastYear(t)
		plan := app.EventCopy{Slug: "short", Zone: "Asia/Ho_Chi_Minh", StartDate: "2026-10-24", EndDate: "2026-10-25", Take: []app.CopyPart{app.CopyPanels, app.CopyAvailabilities}}
		done := must[app.CopiedEvent](t)(w.CopyEvent(ctx, operator, slug, plan))
		if diff := cmp.Diff(map[app.CopyPart]int{app.CopyPanels: 3}, done.Counts); diff != "" {
			t.Error(diff)
		}
		if u := done.Unscheduled; len(u) != 1 || u[0].Fault != nil || u[0].Was.Day() != "2026-03-30" {
			t.Errorf("unscheduled: %+v", u)
		}
		b := must[exchange.Bundle](t)(w.ExportEvent(ctx, operator, "short"))
		if diff := cmp.Diff(map[string]string{"Talk 1": "2026-10-24T10:00:00 03:00Z", "Talk 2": "2026-10-24T10:00:00 03:00Z", "Night": "-"}, slots(b.Draft.Panels)); diff != "" {
			t.Error(diff)
		}
		for _, p := range b.Draft.Panels {
			if len(p.Speakers) != 0 || p.TrackID != "" || len(p.Materials) != 0 || p.Slot != nil && p.Slot.RoomID != "" {
				t.Errorf("the panel has what stayed behind: %+v", p)
			}
		}
		for _, plan := range []app.EventCopy{{Slug: "x", StartDate: "2026-02-30"}, {Slug: "Not A Slug", StartDate: "2026-02-03"}, {Slug: "x", StartDate: "2026-02-03", EndDate: "2026-02-01"},
			{Slug: "x", StartDate: "2026-02-03", Take: []app.CopyPart{"meetings"}}, {Slug: "x", StartDate: "2026-02-03", Zone: "Mars/Olympus"}} {
			_, err := w.CopyEvent(ctx, operator, slug, plan)
			wantCode(t, err, agenda.Invalid)
		}
	})
}

// Nobody gets more in a copy than they have in the event that it is made of.
func TestCopyGivesNoRights(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.lastYear(t)
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		with := func(role agenda.MemberRole, verbs ...agenda.Verb) agenda.Actor {
			return agenda.Actor{Kind: agenda.TokenHolder, ID: "t", Grants: []agenda.Grant{{Verbs: verbs}, {EventID: e.ID, Verbs: role.Verbs()}}}
		}
		for _, c := range []struct {
			name  string
			actor agenda.Actor
			take  []app.CopyPart
			code  agenda.Code
		}{
			{"an editor who makes no events", with(agenda.Editor), nil, agenda.Forbidden},
			{"who makes events and knows nothing of this one", agenda.Actor{Kind: agenda.TokenHolder, Grants: []agenda.Grant{{Verbs: []agenda.Verb{agenda.CreateEvents}}}}, nil, agenda.NotFound},
			{"a viewer", with(agenda.Viewer, agenda.CreateEvents), []app.CopyPart{app.CopyRooms, app.CopyPanels}, ""},
			{"a viewer, with people", with(agenda.Viewer, agenda.CreateEvents), []app.CopyPart{app.CopyPeople}, agenda.Forbidden},
			{"an editor, with people", with(agenda.Editor, agenda.CreateEvents), []app.CopyPart{app.CopyPeople}, ""},
			{"an editor, with members", with(agenda.Editor, agenda.CreateEvents), []app.CopyPart{app.CopyMembers}, agenda.Forbidden},
			{"an owner, with members", with(agenda.Owner, agenda.CreateEvents), []app.CopyPart{app.CopyMembers}, ""},
			{"nobody", agenda.Actor{}, nil, agenda.Unauthenticated},
		} {
			_, err := w.TryCopyEvent(ctx, c.actor, slug, app.EventCopy{Slug: "other", StartDate: "2027-03-26", Take: c.take})
			if agenda.CodeOf(err) != c.code {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}
