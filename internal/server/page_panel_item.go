package server

import (
	"plenary/internal/agenda"
)

// addPanels adds Panels to the list: grouped by days, when they are sorted by time.
func (p *listPage) addPanels(found panelsFound, panels []agenda.Panel, asked panelAsked, things panelThings) error {
	grouped := asked.filter().Sort == "" || asked.order == panelOrders[0]
	day := agenda.Date("?")
	for _, panel := range panels {
		item, err := p.panelItem(panel, found.conflicts[panel.ID], asked, things)
		if err != nil {
			return err
		}
		if !grouped {
			p.Items = append(p.Items, item)
			continue
		}
		on := agenda.Date("")
		if panel.Slot != nil {
			on = panel.Slot.Day()
		}
		if on != day {
			title, err := p.groupTitle(on)
			if err != nil {
				return err
			}
			p.Groups, day = append(p.Groups, listGroup{Title: title}), on
		}
		item.Deep = true
		g := &p.Groups[len(p.Groups)-1]
		g.Items = append(g.Items, item)
	}
	return nil
}

func (p *listPage) groupTitle(day agenda.Date) (string, error) {
	if day == "" {
		return p.Say("panels_unscheduled")
	}
	return p.day("date_long", day)
}

// panelItem is a Panel in the list; its link keeps what was asked for, so that one can go from one to the next.
func (v *eventConsole) panelItem(p agenda.Panel, conflicts int, asked panelAsked, things panelThings) (listItem, error) {
	item := v.item(p.Title, "panels/"+string(p.ID))
	if item.URL != "" {
		item.URL = v.Here + "panels/" + string(p.ID) + v.asking(asked.values())
	}
	item.Off, item.Color, item.Missing = p.Cancelled, things.track[p.TrackID].Color, v.missing(panelTexts(p)...)
	fact := func(s string) {
		if s != "" {
			item.Facts = append(item.Facts, s)
		}
	}
	if p.Slot != nil {
		fact(p.Slot.Start.Wall.Clock() + "–" + p.Slot.End.Wall.Clock())
		fact(v.reader.pick(v.Event.Language(), things.room[p.Slot.RoomID].Name).Text)
	}
	if p.AllRooms {
		all, err := v.Say("panels_in_all_rooms")
		if err != nil {
			return item, err
		}
		fact(all)
	}
	fact(v.formatName(p.Format))
	fact(v.reader.pick(v.Event.Language(), things.track[p.TrackID].Name).Text)
	if n := len(p.Speakers); n > 0 {
		speakers, err := v.Count("panels_speakers", n)
		if err != nil {
			return item, err
		}
		fact(speakers)
	}
	fact(p.Code)
	return item, v.warn(&item, p, conflicts)
}

// warn says what is wrong with the Panel.
func (v *eventConsole) warn(item *listItem, p agenda.Panel, conflicts int) error {
	if p.Cancelled {
		said, err := v.Say("panels_is_cancelled")
		if err != nil {
			return err
		}
		item.Warn = append(item.Warn, said)
	}
	if conflicts > 0 {
		said, err := v.Count("panels_conflicts", conflicts)
		if err != nil {
			return err
		}
		item.Warn = append(item.Warn, said)
	}
	return nil
}
