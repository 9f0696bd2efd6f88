package app_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// mine are what a Person said of when they are available, and what organizers are told of it.
func (w world) mine(t *testing.T, actor agenda.Actor) (windows []agenda.Availability, said string) {
	t.Helper()
	page := must[app.PersonalPage](t)(w.PersonalPage(t.Context(), actor))
	for _, x := range page.Windows {
		said += string(x.Start.Wall.Date())[8:] + " " + x.Start.Wall.Clock() + "-" + x.End.Wall.Clock() + " "
	}
	return page.Windows, strings.TrimSpace(said)
}

func TestAPersonSaysWhenTheyAreAvailable(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		_, visit := w.visit(t, operator, f.people[0].ID, "")
		me := w.visitor(t, visit)
		for _, bad := range []app.OwnWindow{{"2026-03-27", "09:00", "10:00"}, {"2026-03-28", "9:00", "10:00"}, {"2026-03-28", "10:00", "10:00"}, {"2026-03-28", "11:00", "10:00"},
			{"2026-03-28", "24:00", "24:00"}, {"2026-03-28", "09:60", "10:00"}, {"2026-03-28", "", ""}, {"2026-03-29", "02:30", "10:00"} /* the clocks change */, {"", "09:00", "10:00"}} {
			wantCode(t, w.AddOwnWindow(ctx, me, bad), agenda.Invalid)
		}
		wantCode(t, w.AddOwnWindow(ctx, me, app.OwnWindow{Day: "2026-03-28", From: "12:00", To: "24:00"}), "")
		wantCode(t, w.AddOwnWindow(ctx, me, app.OwnWindow{Day: "2026-03-28", From: "12:00", To: "24:00"}), agenda.Taken)
		report := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, f.panels[0].ID))
		if len(report.Conflicts) != 1 || report.Conflicts[0].Kind != agenda.PersonUnavailable {
			t.Errorf("organizers are told of %v", report.Conflicts)
		}
		windows, said := w.mine(t, me)
		if said != "28 12:00-00:00" {
			t.Error(said)
		}
		undo := func(want string) {
			t.Helper()
			wantCode(t, w.Undo(ctx, me), "")
			if _, said := w.mine(t, me); said != want {
				t.Errorf("%q is what is left, want %q", said, want)
			}
			wantCode(t, w.Undo(ctx, me), agenda.Taken)
		}
		wantCode(t, w.EditOwnWindow(ctx, me, app.Revision(9), windows[0].ID, app.OwnWindow{Day: "2026-03-28", From: "09:00", To: "18:00"}), agenda.Stale)
		wantCode(t, w.EditOwnWindow(ctx, me, app.Revision(1), windows[0].ID, app.OwnWindow{Day: "2026-03-29", From: "09:00", To: "18:00"}), "")
		undo("28 12:00-00:00")
		wantCode(t, w.RemoveOwnWindow(ctx, me, app.Revision(3), windows[0].ID), "")
		undo("28 12:00-00:00")
		wantCode(t, w.AddOwnWindow(ctx, me, app.OwnWindow{Day: "2026-03-30", From: "09:00", To: "10:00"}), "")
		undo("28 12:00-00:00")
		windows, _ = w.mine(t, me)
		wantCode(t, w.RemoveOwnWindow(ctx, me, app.Match{Any: true}, windows[0].ID), "")
		w.pass(agenda.UndoLife)
		wantCode(t, w.Undo(ctx, me), agenda.Taken)

		// What is somebody else's is not there.
		_, theirs, _, err := w.CreateAvailability(ctx, operator, slug, agenda.Availability{Resource: agenda.Resource{Kind: agenda.PersonResource, ID: f.people[1].ID}}, "2026-03-28T09:00", "2026-03-28T10:00", app.Once{})
		wantCode(t, err, "")
		_, room, _, err := w.CreateAvailability(ctx, operator, slug, agenda.Availability{Resource: agenda.Resource{Kind: agenda.RoomResource, ID: f.rooms[0].ID}}, "2026-03-28T09:00", "2026-03-28T10:00", app.Once{})
		wantCode(t, err, "")
		for _, id := range []agenda.ID{theirs.ID, room.ID, "none"} {
			wantCode(t, w.RemoveOwnWindow(ctx, me, app.Match{Any: true}, id), agenda.NotFound)
			wantCode(t, w.EditOwnWindow(ctx, me, app.Match{Any: true}, id, app.OwnWindow{Day: "2026-03-28", From: "09:00", To: "18:00"}), agenda.NotFound)
		}
		for i := range agenda.MaxOwnWindows {
			at := time.Date(2026, 3, 28, 0, i, 0, 0, time.UTC).Format("15:04")
			wantCode(t, w.AddOwnWindow(ctx, me, app.OwnWindow{Day: "2026-03-28", From: at, To: "23:00"}), "")
		}
		wantCode(t, w.AddOwnWindow(ctx, me, app.OwnWindow{Day: "2026-03-30", From: "09:00", To: "10:00"}), agenda.Taken)
	})
}

func TestAnAnswerIsTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		p := f.panels[0]
		p.Speakers[0].Status = agenda.Invited
		p = must[app.PanelResult](t)(w.EditPanel(ctx, operator, slug, app.Match{Any: true}, p, f.at(0, "2026-03-28T10:00", "2026-03-28T11:00"))).Panel
		_, visit := w.visit(t, operator, f.people[0].ID, "")
		me := w.visitor(t, visit)
		status := func() agenda.SpeakerStatus {
			return must[app.PanelResult](t)(w.Panel(ctx, operator, slug, p.ID)).Panel.Speakers[0].Status
		}
		wantCode(t, w.AnswerInvitation(ctx, me, p.ID, agenda.Declined), "")
		wantCode(t, w.Undo(ctx, me), "")
		if status() != agenda.Invited {
			t.Errorf("they are %s again", status())
		}
		wantCode(t, w.AnswerInvitation(ctx, me, p.ID, agenda.Declined), "")
		now := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, p.ID)).Panel
		now.Title = agenda.Text{"en": "Changed meanwhile"}
		must[app.PanelResult](t)(w.EditPanel(ctx, operator, slug, app.Match{Any: true}, now, f.at(0, "2026-03-28T10:00", "2026-03-28T11:00")))
		wantCode(t, w.Undo(ctx, me), agenda.Taken)
		if status() != agenda.Declined {
			t.Errorf("they are %s", status())
		}
	})
}

func TestAPersonChoosesTheirPhotoAndZone(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx := w.forum(t), t.Context()
		_, visit := w.visit(t, operator, f.people[0].ID, "")
		me := w.visitor(t, visit)
		wantCode(t, w.ChooseOwnZone(ctx, me, "Mars/Olympus"), agenda.Invalid)
		wantCode(t, w.ChooseOwnZone(ctx, me, "America/New_York"), "")
		if page := must[app.PersonalPage](t)(w.PersonalPage(ctx, me)); page.Settings.Zone != "America/New_York" {
			t.Errorf("%+v", page.Settings)
		}
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
			t.Fatal(err)
		}
		_, err := w.OwnPhoto(ctx, me)
		wantCode(t, err, agenda.NotFound)
		wantCode(t, w.DeleteOwnPhoto(ctx, me, app.Match{Any: true}), agenda.NotFound)
		wantCode(t, w.SetOwnPhoto(ctx, me, app.Revision(9), picture.Bytes()), agenda.Stale)
		wantCode(t, w.SetOwnPhoto(ctx, me, app.Revision(1), []byte("<svg>")), agenda.Invalid)
		wantCode(t, w.SetOwnPhoto(ctx, me, app.Revision(1), picture.Bytes()), "")
		photo := must[app.FileContent](t)(w.OwnPhoto(ctx, me))
		if content, err := photo.Part(0); err != nil || photo.Width != 300 || len(content) != photo.Size {
			t.Errorf("%+v, %v", photo.File, err)
		}
		if p := must[agenda.Person](t)(w.Person(ctx, operator, slug, f.people[0].ID)); p.Photo != photo.Name || p.Revision != 2 {
			t.Errorf("%+v", p)
		}
		wantCode(t, w.DeleteOwnPhoto(ctx, me, app.Revision(2)), "")
		for range 20 {
			_ = w.SetOwnPhoto(ctx, me, app.Match{Any: true}, []byte("<svg>"))
		}
		wantCode(t, w.SetOwnPhoto(ctx, me, app.Match{Any: true}, picture.Bytes()), agenda.TooMany)
	})
}

func TestWhatChangedForAPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, ctx, n := w.forum(t), t.Context(), 0
		publish := func() {
			t.Helper()
			n++
			must[app.Publication](t)(w.Publish(ctx, operator, slug, nil, nil, app.Once{}))
		}
		publish()
		_, visit := w.visit(t, operator, f.people[0].ID, "")
		me := w.visitor(t, visit)
		news := func(want string) {
			t.Helper()
			got := ""
			for _, c := range must[app.PersonalPage](t)(w.PersonalPage(ctx, me)).News {
				got += string(c.Kind) + " " + c.Title["en"]
				if c.Joined {
					got += " joined"
				}
				if c.Left {
					got += " left"
				}
				got += ";"
			}
			if got != want {
				t.Errorf("the news is %q, want %q", got, want)
			}
		}
		news("") // what was there when they came for the first time
		move := func(i int, p agenda.Panel, hour string) {
			t.Helper()
			must[app.PanelResult](t)(w.EditPanel(ctx, operator, slug, app.Match{Any: true}, p, f.at(i, "2026-03-28T"+hour+":00", "2026-03-28T"+hour+":30")))
		}
		move(0, f.panels[0], "14")
		move(1, f.panels[1], "15") // nothing of theirs
		news("")                   // it is not published
		publish()
		news("moved Talk 1;")
		w.visit(t, operator, f.people[0].ID, "")
		news("moved Talk 1;") // to come again is not to have seen it
		wantCode(t, w.SeeChanges(ctx, me, 3), agenda.Invalid)
		wantCode(t, w.SeeChanges(ctx, me, 2), "")
		news("")
		joined := f.panels[1]
		joined.Speakers = append(joined.Speakers, agenda.Speaker{PersonID: f.people[0].ID, Role: agenda.Moderator, Status: agenda.Confirmed})
		move(1, joined, "15")
		_, err := w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, f.panels[0].ID, true, agenda.Text{"en": "Ill"})
		wantCode(t, err, "")
		publish()
		news("cancelled Talk 1;edited Talk 2 joined;")
		move(1, f.panels[1], "15")
		publish()
		news("cancelled Talk 1;")
		wantCode(t, w.SeeChanges(ctx, me, 3), "")
		news("edited Talk 2 left;")
	})
}
