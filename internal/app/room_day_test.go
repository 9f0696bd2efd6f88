package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// TestRoomDay shows who is told what of what takes rooms and tables: names, that something does, or nothing.
func TestRoomDay(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx, any := context.Background(), app.Match{Any: true}
		f := w.forum(t) // two talks at ten, in two halls
		table, _, err := w.CreateRoom(ctx, operator, slug, agenda.Room{Name: agenda.Text{"en": "Table"}, Kind: agenda.RoomTable, Position: 9}, app.Once{})
		wantCode(t, err, "")
		meet := func(room agenda.ID, status agenda.MeetingStatus, start, end string) {
			t.Helper()
			side := func(i int) agenda.Delegation {
				return agenda.Delegation{Delegates: []agenda.Delegate{{PersonID: f.people[i].ID, Role: agenda.Principal, Answer: agenda.NeedsAction}}}
			}
			_, err := w.CreateMeeting(ctx, operator, slug, agenda.Meeting{Topic: agenda.Text{"en": "Secret"}, Status: status, Visibility: agenda.VisibleToParticipants,
				Quorum: agenda.QuorumPrincipals, Sides: [2]agenda.Delegation{side(0), side(1)}}, &app.SlotRequest{RoomID: room, Start: start, End: end}, app.Once{})
			wantCode(t, err, "")
		}
		meet(table.ID, agenda.MeetingAccepted, "2026-03-28T07:30", "2026-03-28T08:15")
		meet(f.rooms[0].ID, agenda.MeetingAccepted, "2026-03-28T14:00", "2026-03-28T14:30")
		meet(f.rooms[0].ID, agenda.MeetingRequested, "2026-03-28T14:30", "2026-03-28T15:00")
		meet(table.ID, agenda.MeetingCancelled, "2026-03-28T16:00", "2026-03-28T16:30")
		_, _, _, err = w.CreateAvailability(ctx, operator, slug, agenda.Availability{Resource: agenda.Resource{Kind: agenda.RoomResource, ID: table.ID}}, "2026-03-28T07:00", "2026-03-28T19:00", app.Once{})
		wantCode(t, err, "")
		must[app.PanelResult](t)(w.CancelPanel(ctx, operator, slug, any, f.panels[1].ID, true, nil))
		e := must[agenda.Event](t)(w.Event(ctx, operator, slug))
		zone := e.Location()
		name := map[agenda.ID]string{f.rooms[0].ID: "hall", f.rooms[1].ID: "annex", table.ID: "table"}
		seen := func(d app.RoomDay) (lines []string) {
			for _, k := range d.Taken {
				what := "busy"
				if k.Panel != nil {
					what = k.Panel.Title["en"]
				} else if k.Meeting != nil {
					what = k.Meeting.Topic["en"]
				}
				lines = append(lines, fmt.Sprint(name[k.Room], k.Start.In(zone).Format(" 15:04–"), k.End.In(zone).Format("15:04 "), what))
			}
			return lines
		}
		with := func(role agenda.MemberRole) agenda.Actor {
			return agenda.Actor{Kind: agenda.TokenHolder, ID: "t", Grants: []agenda.Grant{{EventID: e.ID, Verbs: role.Verbs()}}}
		}
		talk := "hall 10:00–11:00 Talk 1"
		for role, want := range map[agenda.MemberRole][]string{
			agenda.Protocol: {"table 07:30–08:15 Secret", talk, "hall 14:00–14:30 Secret", "hall 14:30–15:00 Secret"},
			agenda.Editor:   {talk, "hall 14:00–15:00 busy"},
			agenda.Viewer:   {talk},
		} {
			d := must[app.RoomDay](t)(w.RoomDay(ctx, with(role), slug, "2026-03-28"))
			if diff := cmp.Diff(want, seen(d)); diff != "" {
				t.Errorf("%s is told (-want +got):\n%s", role, diff)
			}
			if tables := len(d.Rooms) == 3; tables != (role == agenda.Protocol) || len(d.Days) != 3 {
				t.Errorf("%s sees %d rooms and the days %v", role, len(d.Rooms), d.Days)
			}
		}
		d := must[app.RoomDay](t)(w.RoomDay(ctx, operator, slug, ""))
		if d.Day != e.StartDate || d.From.In(zone).Format("15:04") != "07:30" || d.Until.In(zone).Format("15:04") != "20:00" {
			t.Errorf("%s, %s to %s", d.Day, d.From.In(zone), d.Until.In(zone))
		}
		if len(d.Shut) != 1 || d.Shut[0].Start.In(zone).Format("15:04") != "19:00" {
			t.Errorf("closed: %+v", d.Shut)
		}
		w.clock.Store(time.Date(2026, 3, 29, 12, 0, 0, 0, zone).UnixMilli())
		if d := must[app.RoomDay](t)(w.RoomDay(ctx, operator, slug, "")); d.Day != "2026-03-29" || len(d.Taken) != 0 {
			t.Errorf("today is %s, with %v", d.Day, seen(d))
		}
		_, err = w.RoomDay(ctx, operator, slug, "2026-04-28")
		wantCode(t, err, agenda.NotFound)
		_, err = w.RoomDay(ctx, with(agenda.CheckIn), slug, "")
		wantCode(t, err, agenda.Forbidden)
	})
}
