package ical

import "plenary/internal/agenda"

// tellsWhole says whether the feed has the entry of the Event itself. While nothing was published, there is none; and who
// may see no more than when somebody is busy has no use for it.
func (f *feed) tellsWhole() bool {
	return f.o.Whole && !f.o.BusyOnly && !f.o.Stamps.Of(agenda.EventUID(&f.s.Event)).Modified.IsZero()
}

// wholeEntry gives the entry of the Event itself: its days, of which DTEND is the one after the last (RFC 5545, 3.6.1).
// They are days wherever one is, and take nobody's time.
func (f *feed) wholeEntry(stamp agenda.Stamp) *entry {
	event := &f.s.Event
	e := f.revised(agenda.EventUID(event), stamp)
	day := func(d agenda.Date) string { return wallMarks.Replace(string(d)) }
	date := map[string][]string{"VALUE": {"DATE"}}
	e.with("DTSTART", day(event.StartDate), date)
	e.with("DTEND", day(event.EndDate.AddDays(1)), date)
	e.add("SUMMARY", f.reader.String(event.Name))
	e.add("STATUS", "CONFIRMED")
	e.add("TRANSP", "TRANSPARENT")
	e.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
	f.addPlace(e, "")
	link := webLink(f.links.Event)
	e.add("DESCRIPTION", paragraphs(f.reader.String(event.Description), f.labelled(labelPage, link)))
	e.add("URL", link)
	e.add("CLASS", "PUBLIC")
	return e
}
