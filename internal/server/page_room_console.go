package server

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// routeRoomConsole adds the pages of rooms.
func (s *Server) routeRoomConsole() {
	s.console(agenda.ReadDraft, "/rooms", s.roomsPage)
	s.console(agenda.ReadDraft, "/tables", s.tablesPage)
	s.console(agenda.EditEvent, "/rooms/new", s.newRoomPage)
	s.console(agenda.EditEvent, "/rooms/new", s.addRoom, http.MethodPost)
	s.console(agenda.EditEvent, "/rooms/order", s.orderRooms, http.MethodPost)
	s.console(agenda.EditEvent, "/rooms/:room", s.roomFormPage)
	s.console(agenda.EditEvent, "/rooms/:room", s.saveRoom, http.MethodPost)
	s.console(agenda.EditEvent, "/rooms/:room/delete", s.roomDeletePage)
	s.console(agenda.EditEvent, "/rooms/:room/delete", s.dropRoom, http.MethodPost)
}

var roomNotices = map[string]string{"made": "room_made", "saved": "form_saved", "deleted": "room_deleted"}

func (s *Server) roomsPage(c echo.Context, v *eventConsole) error {
	if err := v.notify(c, roomNotices); err != nil {
		return err
	}
	rooms, next, err := s.app.Rooms(c.Request().Context(), v.actor, v.Event.Slug, listAsked(c))
	if err != nil {
		return err
	}
	p, err := v.list("rooms", "room_none", "room_new", next)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		item, err := v.roomItem(r)
		if err != nil {
			return err
		}
		p.Items = append(p.Items, item)
	}
	p.ordered("rooms")
	return p.answer(c)
}

func (v *eventConsole) roomItem(r agenda.Room) (listItem, error) {
	item := v.item(r.Name, "rooms/"+string(r.ID))
	kind, err := v.Say("room_kind_" + string(r.Kind))
	if err != nil {
		return item, err
	}
	item.ID, item.Facts, item.Missing = string(r.ID), []string{kind}, v.missing(r.Name, r.Description)
	if r.Capacity > 0 {
		holds, err := v.Count("room_holds", r.Capacity)
		if err != nil {
			return item, err
		}
		item.Facts = append(item.Facts, holds)
	}
	return item, nil
}

// roomForm is the form of a Room.
func (v *eventConsole) roomForm(r agenda.Room, rooms []agenda.Room) (*formPage, error) {
	p, err := v.form("rooms", "room", string(r.ID), r.Name, r.Revision)
	if err != nil {
		return nil, err
	}
	kinds, err := choicesOf(v.words, "room_kind_", agenda.RoomKinds)
	if err != nil {
		return nil, err
	}
	p.text("name", "room_name", textField, r.Name, agenda.MaxName).Required = true
	p.text("description", "room_description", essayField, r.Description, agenda.MaxProse)
	p.choose("kind", "room_kind", string(r.Kind), kinds)
	p.number("capacity", "room_capacity", r.Capacity, 1_000_000)
	p.number("position", "form_position", r.Position, 1_000_000)
	turnaround := p.number("turnaround_minutes", "room_turnaround", 0, agenda.MaxBuffer)
	if r.Turnaround != nil {
		turnaround.Value = strconv.Itoa(*r.Turnaround) // 0 is not what the event says
	}
	p.check("parallel", "room_parallel", r.Parallel)
	p.walkFields(r, rooms)
	return p, nil
}

// walkFields adds a field for the way to each of the other Rooms.
func (p *formPage) walkFields(r agenda.Room, rooms []agenda.Room) {
	rooms = slices.DeleteFunc(slices.Clone(rooms), func(other agenda.Room) bool { return other.ID == r.ID })
	if len(rooms) == 0 {
		return
	}
	f := p.field("walks", "room_walks", groupField)
	for _, other := range rooms {
		minutes := ""
		if at := slices.IndexFunc(r.Walks, func(w agenda.Walk) bool { return w.To == other.ID }); at >= 0 {
			minutes = strconv.Itoa(r.Walks[at].Minutes)
		}
		name := p.reader.pick(p.Event.Language(), other.Name)
		f.Parts = append(f.Parts, &formField{words: p.words, Name: "walks." + string(other.ID), Label: name.Text, LabelLang: name.Lang, Kind: numberField, Value: minutes})
	}
}

// walksSent gives the ways that were typed, in the order of the Rooms.
func walksSent(c echo.Context, f *agenda.Faults, had []agenda.Walk, rooms []agenda.Room) []agenda.Walk {
	walks := slices.DeleteFunc(slices.Clone(had), func(w agenda.Walk) bool { // those that the form does not show stay
		return slices.ContainsFunc(rooms, func(r agenda.Room) bool { return r.ID == w.To })
	})
	for _, other := range rooms {
		name := "walks." + string(other.ID)
		if strings.TrimSpace(sent(c, name)) == "" {
			continue
		}
		walks = append(walks, agenda.Walk{To: other.ID, Minutes: numberSent(c, f, name)})
	}
	return walks
}

// orderRooms moves a Room in the list.
func (s *Server) orderRooms(c echo.Context, v *eventConsole) error {
	id, places := moveSent(c)
	if err := s.app.OrderRoom(c.Request().Context(), v.actor, v.Event.Slug, id, places); err != nil {
		return err
	}
	return s.leadTo(c, v, "rooms", "saved")
}

// roomSent gives a Room with what was typed.
func roomSent(c echo.Context, r agenda.Room, rooms []agenda.Room) (agenda.Room, error) {
	var f agenda.Faults
	form := c.Request().PostForm
	r.Name, r.Description, r.Kind = textSent(form, "name"), textSent(form, "description"), agenda.RoomKind(sent(c, "kind"))
	r.Capacity, r.Position = numberSent(c, &f, "capacity"), numberSent(c, &f, "position")
	r.Turnaround = nil
	if minutes := numberSent(c, &f, "turnaround_minutes"); strings.TrimSpace(sent(c, "turnaround_minutes")) != "" {
		r.Turnaround = &minutes
	}
	r.Parallel, r.Walks = sent(c, "parallel") != "", walksSent(c, &f, r.Walks, rooms)
	return r, f.Err("room")
}

// rooms gives the Rooms of the Event by position, as many as the console lists.
func (s *Server) rooms(c echo.Context, v *eventConsole) ([]agenda.Room, error) {
	rooms, _, err := s.app.Rooms(c.Request().Context(), v.actor, v.Event.Slug, app.Page{Limit: consoleListSize})
	return rooms, err
}

func (s *Server) newRoomPage(c echo.Context, v *eventConsole) error {
	rooms, err := s.rooms(c, v)
	if err != nil {
		return err
	}
	p, err := v.roomForm(agenda.Room{Kind: agenda.RoomHall}, rooms)
	if err != nil {
		return err
	}
	return p.answer(c, s, nil)
}

func (s *Server) addRoom(c echo.Context, v *eventConsole) error {
	rooms, err := s.rooms(c, v)
	if err != nil {
		return err
	}
	room, err := roomSent(c, agenda.Room{}, rooms)
	if err == nil {
		_, _, err = s.app.CreateRoom(c.Request().Context(), v.actor, v.Event.Slug, room, onceSent(c))
	}
	if err == nil {
		return s.leadTo(c, v, "rooms", "made")
	}
	p, rest := v.roomForm(room, rooms)
	if rest != nil {
		return rest
	}
	return p.answer(c, s, err)
}

func (s *Server) roomFormPage(c echo.Context, v *eventConsole) error {
	room, err := s.app.Room(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("room")))
	if err != nil {
		return err
	}
	rooms, err := s.rooms(c, v)
	if err != nil {
		return err
	}
	p, err := v.roomForm(room, rooms)
	if err != nil {
		return err
	}
	return p.answer(c, s, v.notify(c, roomNotices))
}

func (s *Server) saveRoom(c echo.Context, v *eventConsole) error {
	ctx, id := c.Request().Context(), agenda.ID(c.Param("room"))
	now, err := s.app.Room(ctx, v.actor, v.Event.Slug, id)
	if err != nil {
		return err
	}
	rooms, err := s.rooms(c, v)
	if err != nil {
		return err
	}
	room, err := roomSent(c, now, rooms)
	if err == nil {
		_, err = s.app.EditRoom(ctx, v.actor, v.Event.Slug, matchSent(c), room)
	}
	if err == nil {
		return s.leadTo(c, v, "rooms", "saved")
	}
	form := func(r agenda.Room) (*formPage, error) { return v.roomForm(r, rooms) }
	return refuseEdit(c, s, room, now, form, err)
}

func (s *Server) roomDeletePage(c echo.Context, v *eventConsole) error {
	return s.askDeleteRoom(c, v, nil)
}

// askDeleteRoom asks whether to delete a Room, and says why it could not be.
func (s *Server) askDeleteRoom(c echo.Context, v *eventConsole, cause error) error {
	room, err := s.app.Room(c.Request().Context(), v.actor, v.Event.Slug, agenda.ID(c.Param("room")))
	if err != nil {
		return err
	}
	return s.askDelete(c, v, "rooms/"+string(room.ID), "room_delete", room.Name, room.Revision, cause)
}

func (s *Server) dropRoom(c echo.Context, v *eventConsole) error {
	err := s.app.DeleteRoom(c.Request().Context(), v.actor, v.Event.Slug, matchSent(c), agenda.ID(c.Param("room")))
	if err != nil {
		return s.askDeleteRoom(c, v, err)
	}
	return s.leadTo(c, v, "rooms", "deleted")
}
