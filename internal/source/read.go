package source

import (
	"bytes"
	"io"
	"strings"
)

// Options say how to read what a file leaves open.
type Options struct {
	// Mapping says which columns of a table are what; nil: as the headers suggest.
	Mapping *Mapping
	// Remembered says that the Mapping is that of an older table: columns that it does not know are read as their headers
	// suggest, and those that are gone are no fault.
	Remembered bool
}

// readers are those of the formats that become a Programme.
var readers = map[Format]func([]byte, Options) (Programme, error){
	SessionizeAll:  readSessionizeAll,
	SessionizeGrid: readSessionizeGrid,
	CSV:            readCSV,
	XLSX:           readXLSX,
	Pretalx:        readPretalx,
}

// Read reads a file of the format. What is wrong with a record is a Finding; a file that is wrong as a whole is an Invalid
// [agenda.Error] with the line.
func Read(data []byte, f Format, o Options) (Programme, error) {
	if len(data) > MaxFile {
		return Programme{}, fail(0, "The file is larger than %d MiB.", MaxFile>>20)
	}
	read, known := readers[f]
	if !known {
		return Programme{}, fail(0, "Files of the format %q are not read here.", string(f))
	}
	return read(data, o)
}

// Sniff tells the format of a file by what it begins with, or in JSON by its members. The error says what can be read.
func Sniff(data []byte) (Format, error) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte(oldWorkbook)):
		return XLSX, nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return CSV, nil // in UTF-16, which spreadsheets call Unicode text
	}
	begin := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	const calendar = "BEGIN:VCALENDAR"
	switch {
	case len(begin) == 0:
		return "", fail(0, "The file is empty.")
	case begin[0] == '<':
		return ScheduleXML, nil
	case len(begin) >= len(calendar) && strings.EqualFold(string(begin[:len(calendar)]), calendar):
		return ICS, nil
	case begin[0] == '{' || begin[0] == '[':
		return sniffJSON(data)
	case bytes.IndexByte(begin[:min(len(begin), 4096)], 0) < 0 && bytes.IndexByte(begin, '\n') > 0:
		return CSV, nil
	}
	return "", unknownFormat()
}

func unknownFormat() error {
	var names []string
	for _, f := range Formats {
		names = append(names, string(f))
	}
	return fail(0, "The file is in no format that can be read: %s.", strings.Join(names, ", "))
}

// sniffJSON tells the formats that are JSON by the members of the document, or of its first element.
func sniffJSON(data []byte) (Format, error) {
	w, err := newWalker(data)
	if err != nil {
		return "", err
	}
	list, members := w.next() == '[', map[string]bool{}
	look := func() error {
		return w.object(func(key string) error {
			members[key] = true
			return w.skip()
		})
	}
	if list {
		err = w.list(func() error {
			if len(members) > 0 {
				return io.EOF // one element is enough
			}
			return look()
		})
	} else {
		err = look()
	}
	if err != nil && err != io.EOF {
		return "", err
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if !members[n] {
				return false
			}
		}
		return true
	}
	switch {
	case !list && has("format", "version", "event"):
		return Plenary, nil
	case !list && has("schedule") && !has("event") && !has("submissions") && !has("talks"):
		return ScheduleJSON, nil
	case list && (has("rooms") && (has("timeSlots") || has("date")) || has("sessions") && (has("groupId") || has("groupName"))):
		return SessionizeGrid, nil
	case !list && has("sessions", "speakers") && (has("categories") || has("questions") || has("rooms")):
		return SessionizeAll, nil
	case has("results"), has("talks"), has("submissions"), has("code"), has("slots"), has("event", "schedule"), has("submission"):
		return Pretalx, nil
	}
	return "", unknownFormat()
}
