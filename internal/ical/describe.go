package ical

import (
	"cmp"
	"strings"
	"time"

	"plenary/internal/agenda"
)

// describe gives the plain text of a Panel's entry. Links are in it as text, because many clients show nothing else
// of an entry (RFC 5545, 3.8.1.5).
func (f *feed) describe(p *agenda.Panel, stream, link string) string {
	var reason string
	if p.Cancelled {
		reason = f.reader.String(p.CancelNote)
	}
	var speakers []string
	for _, s := range p.Speakers {
		speakers = append(speakers, f.labelled(roleNames[s.Role], f.introduce(s.PersonID)))
	}
	var spoken []string
	for _, tag := range p.Interpretation {
		spoken = append(spoken, languageName(f.reader, tag))
	}
	var held string
	if p.Language != "" {
		held = languageName(f.reader, p.Language)
	}
	return paragraphs(
		reason,
		lines(speakers...),
		f.programme(p),
		f.reader.String(p.Abstract),
		lines(f.labelled(labelLanguage, held), f.labelled(labelInterpretation, strings.Join(spoken, ", "))),
		lines(f.labelled(labelStream, stream), f.labelled(labelPage, link)),
	)
}

// programme lists the Interventions of a Panel, each with its time where that is known.
func (f *feed) programme(p *agenda.Panel) string {
	if len(p.Interventions) == 0 {
		return ""
	}
	list := []string{f.reader.String(labelProgramme) + strings.TrimRight(f.colon, " ")}
	starts := interventionStarts(p)
	for i, v := range p.Interventions {
		var names []string
		for _, s := range v.Speakers {
			names = append(names, f.introduce(s.PersonID))
		}
		clock := "•"
		if !starts[i].IsZero() {
			clock = starts[i].In(f.loc).Format("15:04")
		}
		list = append(list, clock+" "+join(" — ", f.reader.String(v.Title), join("; ", names...)))
	}
	return lines(list...)
}

// interventionStarts gives when each Intervention begins, zero where an open one before it leaves that unknown.
func interventionStarts(p *agenda.Panel) []time.Time {
	starts := make([]time.Time, len(p.Interventions))
	next := p.Slot.Start.At
	for i, v := range p.Interventions {
		if v.Offset != nil {
			next = p.Slot.Start.At.Add(time.Duration(*v.Offset) * time.Minute)
		}
		starts[i] = next
		if v.Minutes == 0 || next.IsZero() {
			next = time.Time{}
		} else {
			next = next.Add(time.Duration(v.Minutes) * time.Minute)
		}
	}
	return starts
}

// introduce gives a Person of the Snapshot as a programme names them: honorific and name, function, organization. Most
// people are in several entries of a feed.
func (f *feed) introduce(id agenda.ID) string {
	introduced, known := f.introduced[id]
	if !known {
		p := cmp.Or(f.people[id], &agenda.Person{})
		introduced = join(", ", join(" ", f.reader.String(p.Honorific), p.Name), f.reader.String(p.JobTitle),
			f.reader.String(p.Organization))
		f.introduced[id] = introduced
	}
	return introduced
}

// labelled gives "Label: text", or nothing when there is no text.
func (f *feed) labelled(label agenda.Text, text string) string {
	text = oneLine(text)
	if text == "" || len(label) == 0 {
		return text
	}
	return f.reader.String(label) + f.colon + text
}

// lines joins what is not empty with line breaks.
func lines(parts ...string) string {
	for i, p := range parts {
		parts[i] = clean(p)
	}
	return joinTexts("\n", parts)
}

// paragraphs joins what is not empty with an empty line between. Texts of any length come here, and are cleaned when
// they are written.
func paragraphs(parts ...string) string {
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return joinTexts("\n\n", parts)
}

func joinTexts(separator string, parts []string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, separator)
}
