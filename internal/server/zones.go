package server

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed zones.txt
var zoneTable string

// zone is a time zone that is suggested, and the country that its place is in, "" for none.
type zone struct{ name, country string }

// zones lists the time zones that people choose from.
var zones = sync.OnceValue(func() []zone {
	var list []zone
	for line := range strings.Lines(zoneTable) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			z := zone{name: words[0]}
			if len(words) > 1 {
				z.country = words[1]
			}
			list = append(list, z)
		}
	}
	return list
})

// zoneList suggests the zones, by name and by country in the reader's words.
func (r reader) zoneList(id string) formList {
	list := formList{ID: id}
	for _, z := range zones() {
		c := choice{Value: z.name}
		if z.country != "" {
			c.Label = r.countryName(z.country)
		}
		list.Known = append(list.Known, c)
	}
	return list
}
