package server

import (
	"maps"
	"net/url"
	"strconv"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// AtEvent is the input of whatever is about one Event.
type AtEvent struct {
	Caller
	Event string `path:"event" doc:"The event's slug." example:"vidw-2025"`
}

// Listing is the input of whatever gives a list.
type Listing struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items to give at most."`
	Cursor string `query:"cursor" maxLength:"2000" doc:"Where to go on: the value of next in the answer before."`
}

func (l Listing) page() app.Page { return app.Page{Limit: l.Limit, After: l.Cursor} }

// listBody is a part of a list.
type listBody[T any] struct {
	Items []T    `json:"items" doc:"The items."`
	Next  string `json:"next,omitempty" doc:"Where the list goes on: send it as cursor. It is left out at the end of the list."`
}

// listed is an answer with a part of a list.
type listed[T any] struct {
	Link string `header:"Link" doc:"The address at which the list goes on, with rel=next (RFC 8288). It is left out at the end of the list."`
	Body listBody[T]
}

// list answers with a part of a list.
func list[T, U any](c Caller, items []U, next string, body func(U) T) *listed[T] {
	out := &listed[T]{Body: listBody[T]{Items: bodies(items, body), Next: next}}
	if next != "" {
		query := maps.Clone(c.call.query)
		if query == nil {
			query = url.Values{}
		}
		query.Set("cursor", next)
		out.Link = "<" + c.call.path + "?" + query.Encode() + `>; rel="next"`
	}
	return out
}

// bodies turns a list of nouns into a list that is never null.
func bodies[T, U any](items []U, body func(U) T) []T {
	out := make([]T, 0, len(items))
	for _, item := range items {
		out = append(out, body(item))
	}
	return out
}

// textBody is a Text in the API.
type textBody map[string]string

// textOf gives a Text of a body.
func textOf(t textBody) agenda.Text { return agenda.Text(t) }

// filled gives a list that is never null.
func filled[T ~string](list []T) []string { return bodies(list, func(s T) string { return string(s) }) }

// slotBody is where and when.
type slotBody struct {
	Room  string `json:"room,omitempty" maxLength:"100" doc:"Id of the room. It can be left out for what spans all rooms, and for what has no room yet."`
	Start string `json:"start" maxLength:"40" doc:"When it begins. Answers have RFC 3339 with the offset of the event's time zone; a request may also give the local time without an offset, or UTC with Z." example:"2025-10-27T14:00:00+07:00"`
	End   string `json:"end" maxLength:"40" doc:"When it is over. A slot does not include its end: the next one may begin then." example:"2025-10-27T15:30:00+07:00"`
}

func newSlotBody(s *agenda.Slot) *slotBody {
	if s == nil {
		return nil
	}
	return &slotBody{Room: string(s.RoomID), Start: momentText(s.Start), End: momentText(s.End)}
}

func (b *slotBody) request() *app.SlotRequest {
	if b == nil {
		return nil
	}
	return &app.SlotRequest{RoomID: agenda.ID(b.Room), Start: b.Start, End: b.End}
}

// momentText gives a Moment as RFC 3339 with the offset of the Event's zone, which is the difference
// between what the clock shows and UTC.
func momentText(m agenda.Moment) string {
	wall, err := time.Parse(agenda.WallLayout, string(m.Wall))
	if err != nil {
		return m.At.UTC().Format(time.RFC3339)
	}
	return m.At.In(time.FixedZone("", int(wall.Sub(m.At)/time.Second))).Format(time.RFC3339)
}

// flag reads a filter that is true, false or not given.
func flag(s string) *bool {
	if v, err := strconv.ParseBool(s); err == nil {
		return &v
	}
	return nil
}

// day reads a filter that is a date or not given.
func day(s string) (agenda.Date, error) {
	if s == "" {
		return "", nil
	}
	d, err := agenda.ParseDate(s)
	if err != nil {
		p := problemOf(err)
		p.Detail = "The parameter day can't be taken as it is."
		p.Errors = []ProblemFault{{Parameter: "day", Detail: err.Error()}}
		return "", p
	}
	return d, nil
}
