package server

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// slotsBody is what was found for people who want to meet.
type slotsBody struct {
	Minutes      int          `json:"minutes" doc:"How long they meet."`
	Interpreting []string     `json:"interpreting" doc:"Pairs of languages between which somebody has to interpret." example:"[\"fr/vi\"]"`
	Items        []offerBody  `json:"items" doc:"Times at which all of them can meet, the earliest first."`
	At           *offerBody   `json:"at,omitempty" doc:"At the time that was asked about, if that is possible."`
	Reasons      []reasonBody `json:"reasons" doc:"Why the time that was asked about is not possible."`
}

// offerBody is a time at which people can meet.
type offerBody struct {
	Slot         slotBody      `json:"slot" doc:"When, and the room that fits best: tables first, the smallest that is large enough."`
	RoomName     textBody      `json:"room_name,omitempty" doc:"The room's name, by language."`
	Interpreters []namedPerson `json:"interpreters" doc:"Who interprets besides those who meet: who has least to do comes first."`
}

// namedPerson names a Person.
type namedPerson struct {
	ID   string `json:"id" doc:"The person's id."`
	Name string `json:"name" doc:"The person's name."`
}

// reasonBody is why a time is not possible.
type reasonBody struct {
	Kind      string    `json:"kind" enum:"past,day_full,person_busy,person_unavailable,buffer_too_short,walk_too_short,interpreter_rest,room_taken,room_unavailable,turnaround_short,room_too_small,outside_event,outside_hours,no_room_free,no_interpreter,busy" doc:"What stands in the way; most are called as the conflict that there would be."`
	Person    string    `json:"person,omitempty" doc:"Id of the person whom it is about."`
	Room      string    `json:"room,omitempty" doc:"Id of the room which it is about."`
	Item      *itemBody `json:"item,omitempty" doc:"What the person does then, or is in the room."`
	Start     string    `json:"start,omitempty" format:"date-time" doc:"When that begins, with the event's offset."`
	End       string    `json:"end,omitempty" format:"date-time" doc:"When it is over."`
	Minutes   int       `json:"minutes,omitempty" doc:"Missing minutes; of interpreter_rest those that are too many; of room_too_small missing seats, of no_room_free those that are needed, of day_full the meetings that are allowed."`
	Languages []string  `json:"languages,omitempty" doc:"The two of no_interpreter."`
	Message   string    `json:"message" doc:"An English sentence."`
}

func newOfferBody(s app.Slots, o agenda.Offer) offerBody {
	b := offerBody{Slot: *newSlotBody(&o.Slot), Interpreters: bodies(o.Interpreters, func(id agenda.ID) namedPerson {
		return namedPerson{string(id), s.Names[id]}
	})}
	if room, ok := s.Rooms[o.Slot.RoomID]; ok {
		b.RoomName = textBody(room.Name)
	}
	return b
}

func newReasonBody(zone *time.Location, r agenda.Reason) reasonBody {
	b := reasonBody{Kind: string(r.Kind), Person: string(r.Person), Room: string(r.Room), Minutes: r.Minutes, Languages: r.Languages, Message: r.Message}
	if !r.Start.IsZero() {
		b.Start, b.End = r.Start.In(zone).Format(time.RFC3339), r.End.In(zone).Format(time.RFC3339)
	}
	if r.Item != nil {
		item := newItemBody(*r.Item)
		b.Item = &item
	}
	return b
}

func (s *Server) routeMeetingFindAPI() {
	register(s, operation{ID: "findSlots", Method: http.MethodGet, Path: "/events/{event}/meetings/slots", Tag: "Meetings", Access: May(agenda.ReadMeetings),
		Summary: "Find when people can meet",
		Description: "By all that they, the rooms and the interpreters hold: panels, meetings and what is elsewhere, with their availabilities, ways, buffers, turnarounds and breaks, " +
			"in the hours in which the event has meetings, later than now, on days on which the principals may have one more. With at, says why that time is not possible."}, s.findSlots)
}

// slotsAsked is what is looked for.
type slotsAsked struct {
	AtEvent
	People    []string `query:"person" maxItems:"200" doc:"Ids of the people who meet, separated by commas; the first two count as principals. Leave them out with a meeting, to which they are added." example:"[\"0199f0a0-0000-7000-8000-000000000011\"]"`
	Meeting   string   `query:"meeting" maxLength:"100" doc:"Id of a meeting for which a time is looked for: whom its quorum needs must be free, its own time counts as free, and an interpreter is found where its two sides need one. While it waits for an answer, in the rooms that are taken when one is accepted."`
	Interpret []string `query:"interpret" maxItems:"100" doc:"Pairs of languages between which somebody has to interpret, such as fr/vi, separated by commas."`
	Minutes   int      `query:"minutes" minimum:"0" maximum:"1440" doc:"How long they meet; left out, 30 minutes, or as long as the meeting is or was asked for." example:"30"`
	Step      int      `query:"step" minimum:"0" maximum:"1440" doc:"Minutes from one beginning that is tried to the next; left out, 15." example:"15"`
	From      string   `query:"from" maxLength:"40" doc:"Not before: a local time, or a day." example:"2025-10-27"`
	To        string   `query:"to" maxLength:"40" doc:"Over by then: a local time, or a day, which is included." example:"2025-10-28"`
	At        string   `query:"at" maxLength:"40" doc:"A local time of which is told whether it is possible, and if not, why." example:"2025-10-27T10:00"`
	Room      string   `query:"room" maxLength:"100" doc:"Id of the room; left out, the one that fits best."`
	Kind      string   `query:"kind" enum:"hall,table" doc:"Only rooms of this kind." example:"table"`
	Seats     int      `query:"seats" minimum:"0" maximum:"1000000" doc:"Seats that the room needs; left out, one for each who comes."`
	PerDay    int      `query:"per_day" minimum:"0" maximum:"1000" doc:"How many times of each day are told, spread over it, of which none overlaps another; left out, all." example:"8"`
	Limit     int      `query:"limit" minimum:"0" maximum:"1000" doc:"How many times are told in all, the earliest; left out, 1000." example:"20"`
}

func (in *slotsAsked) wish() app.SlotWish {
	minutes := in.Minutes
	if in.Meeting == "" {
		minutes = cmp.Or(minutes, 30)
	}
	return app.SlotWish{Meeting: agenda.ID(in.Meeting), Start: in.From, End: in.To, At: in.At, Wanted: agenda.Wanted{Minutes: minutes, Step: in.Step,
		Room: agenda.ID(in.Room), Kind: agenda.RoomKind(in.Kind), Seats: in.Seats, PerDay: in.PerDay, Most: in.Limit, Pairs: agenda.PairsOf(in.Interpret), People: idsOf(in.People)}}
}

func (s *Server) findSlots(ctx context.Context, in *slotsAsked) (*answered[slotsBody], error) {
	found, err := s.app.FindSlots(ctx, in.Actor, in.Event, in.wish())
	if err != nil {
		return nil, err
	}
	body := slotsBody{Minutes: found.Wanted.Minutes, Interpreting: filled(agenda.PairNames(found.Wanted.Pairs)),
		Items:   bodies(found.Offers, func(o agenda.Offer) offerBody { return newOfferBody(found, o) }),
		Reasons: bodies(found.Reasons, func(r agenda.Reason) reasonBody { return newReasonBody(found.Event.Location(), r) })}
	if found.At != nil {
		at := newOfferBody(found, *found.At)
		body.At = &at
	}
	return &answered[slotsBody]{body}, nil
}

func idsOf(list []string) []agenda.ID {
	var ids []agenda.ID
	for _, id := range list {
		ids = append(ids, agenda.ID(id))
	}
	return ids
}
