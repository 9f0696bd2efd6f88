package exchange

import (
	"slices"

	"plenary/internal/agenda"
)

// source notes what is wrong with a Source. What came from it may be gone: that is no fault.
func (c *checker) source(pointer string, s agenda.Source) {
	if s.Name == "" {
		c.faults.Add(pointer+"/name", "is needed")
	}
	c.unique(pointer+"/name", "source name", s.Name)
	agenda.CheckString(c.faults, pointer+"/name", s.Name, agenda.MaxName)
	agenda.CheckString(c.faults, pointer+"/format", s.Format, agenda.MaxName)
	agenda.CheckString(c.faults, pointer+"/mapping", s.Mapping, agenda.MaxMapping)
	if s.Language != "" {
		c.faults.Merge(pointer+"/language", agenda.CheckLanguage(s.Language))
	}
	seen := map[[2]string]bool{}
	for i, o := range s.Origins {
		where := at(pointer+"/origins", i)
		if !slices.Contains(agenda.OriginKinds, o.Kind) {
			c.faults.Add(where+"/kind", "is no kind of thing that is imported")
		}
		if o.Key == "" {
			c.faults.Add(where+"/key", "is needed")
		}
		agenda.CheckString(c.faults, where+"/key", o.Key, agenda.MaxURL)
		if !idPattern.MatchString(string(o.ID)) {
			c.faults.Add(where+"/id", "is not a UUID in lower case, such as 019a1f6e-5d2a-7c31-8e4f-0123456789ab")
		}
		if key := [2]string{string(o.Kind), o.Key}; seen[key] {
			c.faults.Add(where+"/key", "is in the list a second time")
		} else {
			seen[key] = true
		}
		for name, hash := range o.Said {
			agenda.CheckString(c.faults, where+"/said", name, agenda.MaxName)
			agenda.CheckString(c.faults, where+"/said", hash, agenda.MaxName)
		}
	}
}
