package server

import (
	"context"
	"net/http"
	"slices"
	"time"

	"plenary/internal/agenda"
)

// conflictBody is a Conflict in the API.
type conflictBody struct {
	Key       string     `json:"key" doc:"Names the conflict, and stays the same until one of its items is changed so that they no longer clash. A release acknowledges it by this."`
	Kind      string     `json:"kind" enum:"room_taken,person_busy,person_unavailable,room_unavailable,outside_event,walk_too_short,room_too_small,no_moderator,no_room,buffer_too_short,turnaround_short,interpreter_rest,interpreter_none,day_full" doc:"Which rule is broken; day_full is told of times that are to be accepted alone."`
	Severity  string     `json:"severity" enum:"error,warning" doc:"An error stops a release unless it is acknowledged."`
	Persons   []string   `json:"persons" doc:"Ids of the people concerned."`
	Rooms     []string   `json:"rooms" doc:"Ids of the rooms concerned; of walk_too_short, from and to."`
	Items     []itemBody `json:"items" doc:"What clashes: one or two; of interpreter_rest up to three."`
	Start     string     `json:"start,omitempty" format:"date-time" doc:"When they begin to clash, with the event's offset."`
	End       string     `json:"end,omitempty" format:"date-time" doc:"When they no longer clash."`
	Minutes   int        `json:"minutes,omitempty" doc:"Missing minutes of what is too short, missing seats for room_too_small, minutes that are too many for interpreter_rest."`
	Languages []string   `json:"languages,omitempty" doc:"The two of interpreter_none, as BCP 47 tags."`
	Message   string     `json:"message" doc:"An English sentence: who, what and when, and what to do."`
}

// itemBody names what takes somebody's time.
type itemBody struct {
	Kind  string   `json:"kind" enum:"panel,meeting,elsewhere" doc:"A panel, a meeting, or something elsewhere that is not yours to see (at another event, or a meeting), of which only the time is told."`
	ID    string   `json:"id,omitempty" doc:"Its id; left out for something elsewhere."`
	Code  string   `json:"code,omitempty" doc:"The panel's code."`
	Title textBody `json:"title,omitempty" doc:"Its title, by language, if it may be told."`
}

func conflictBodies(zone *time.Location, list []agenda.Conflict) []conflictBody {
	return bodies(list, func(c agenda.Conflict) conflictBody { return newConflictBody(zone, c) })
}

func newConflictBody(zone *time.Location, c agenda.Conflict) conflictBody {
	b := conflictBody{Key: c.Key, Kind: string(c.Kind), Severity: string(c.Severity), Persons: filled(c.Persons),
		Rooms: filled(c.Rooms), Minutes: c.Minutes, Languages: c.Languages, Message: c.Message}
	if !c.Start.IsZero() {
		b.Start, b.End = c.Start.In(zone).Format(time.RFC3339), c.End.In(zone).Format(time.RFC3339)
	}
	b.Items = bodies(c.Items, newItemBody)
	return b
}

func newItemBody(i agenda.ItemRef) itemBody {
	item := itemBody{Kind: string(i.Kind), ID: string(i.ID), Code: i.Code, Title: textBody(i.Title)}
	if i.Kind == agenda.ElsewhereIs {
		item.ID = ""
	}
	return item
}

func (s *Server) routeConflictAPI() {
	register(s, operation{ID: "listConflicts", Method: http.MethodGet, Path: "/events/{event}/conflicts", Tag: "Schedule",
		Access: May(agenda.ReadDraft), Summary: "List the conflicts of the draft",
		Description: "All of them up to 50,000, meetings included: errors first, then by time. The list is computed when it is asked for, and not in parts."},
		s.listConflicts)
}

// conflictsBody is all conflicts that were asked for.
type conflictsBody struct {
	Items []conflictBody `json:"items" doc:"The conflicts."`
}

type conflictsAnswer struct{ Body conflictsBody }

func (s *Server) listConflicts(ctx context.Context, in *struct {
	AtEvent
	Severity string `query:"severity" enum:"error,warning" doc:"Only those of this severity."`
	Kind     string `query:"kind" enum:"room_taken,person_busy,person_unavailable,room_unavailable,outside_event,walk_too_short,room_too_small,no_moderator,no_room,buffer_too_short,turnaround_short,interpreter_rest,interpreter_none" doc:"Only those of this kind."`
	Person   string `query:"person" maxLength:"100" doc:"Only those that concern the person of this id."`
	Panel    string `query:"panel" maxLength:"100" doc:"Only those of the panel of this id."`
}) (*conflictsAnswer, error) {
	event, conflicts, err := s.app.Conflicts(ctx, in.Actor, in.Event)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(conflicts, func(c agenda.Conflict) bool {
		return in.Severity != "" && string(c.Severity) != in.Severity ||
			in.Kind != "" && string(c.Kind) != in.Kind ||
			in.Person != "" && !slices.Contains(c.Persons, agenda.ID(in.Person)) ||
			in.Panel != "" && !slices.ContainsFunc(c.Items, func(i agenda.ItemRef) bool {
				return i.Kind == agenda.PanelItem && string(i.ID) == in.Panel
			})
	})
	return &conflictsAnswer{conflictsBody{conflictBodies(event.Location(), kept)}}, nil
}
