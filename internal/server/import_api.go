package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/fetch"
	"plenary/internal/source"
)

// importBody is what an import did, or would do.
type importBody struct {
	DryRun    bool              `json:"dry_run" doc:"Nothing was kept."`
	Event     string            `json:"event" doc:"The event's slug."`
	Created   bool              `json:"created" doc:"The event was not there, and was made from what the file says of it."`
	Source    string            `json:"source" doc:"Where the file is from: another one of the same source changes what this one brought."`
	Again     bool              `json:"again" doc:"Something came from this source before."`
	Format    string            `json:"format" doc:"The file's format."`
	Columns   map[string]string `json:"columns,omitempty" doc:"What was read from each column of a table, by its header."`
	Headers   []string          `json:"headers,omitempty" doc:"The headers of a table, in order. Those that are not in columns were not read."`
	Items     int               `json:"items" doc:"Entries in the file."`
	Talks     int               `json:"talks" doc:"Talks inside of entries."`
	Unchanged int               `json:"unchanged" doc:"Entries that say what they said before."`
	Changes   []changeBody      `json:"changes" doc:"What is different in the draft, by time."`
	Rooms     []string          `json:"rooms" doc:"Names of rooms that are new."`
	Tracks    []string          `json:"tracks" doc:"Names of tracks that are new."`
	People    []string          `json:"people" doc:"Names of people who are new."`
	Findings  []findingBody     `json:"findings" doc:"What was not taken as it stands, and what was done instead, by line."`
	Conflicts []conflictBody    `json:"conflicts" doc:"The conflicts of the whole draft, with the import: all of them up to 50,000."`
}

// findingBody is something that was not taken as it stands.
type findingBody struct {
	Line int    `json:"line,omitempty" doc:"Line of the file, or row of the sheet; left out for the file as a whole."`
	Rule string `json:"rule" doc:"What is odd, for programs." example:"end_before_start"`
	Text string `json:"text" doc:"A sentence."`
}

// importAsked are the parameters of an import.
type importAsked struct {
	AtEvent
	DryRun   bool   `query:"dry_run" doc:"Say what would be done, and do nothing."`
	Format   string `query:"format" enum:"schedule.xml,schedule.json,sessionize-all,sessionize-gridsmart,pretalx,csv,xlsx,ics" doc:"Format of the file; left out, it is told by what is in it."`
	Source   string `query:"source" maxLength:"300" doc:"A name for where the file is from, to know its things again; left out, that of its format." example:"workshops"`
	Zone     string `query:"zone" maxLength:"100" doc:"IANA time zone of times that name none, and of the event if it is new." example:"Asia/Ho_Chi_Minh"`
	Language string `query:"language" maxLength:"35" doc:"BCP 47 tag of texts that name none; left out, that of the file before it, or the event's first language." example:"vi"`
	Columns  string `query:"columns" maxLength:"10000" doc:"Which column of a table is what, as a JSON object by header; left out, as the source had it, or as the headers suggest; empty, as they suggest in any case." example:"{\"Chủ tọa\": \"chair\"}"`
	URL      string `query:"url" maxLength:"2000" doc:"Address of the file, in place of a body. It must be public." example:"https://pretalx.example.org/conf/schedule/export/schedule.json"`
}

func (s *Server) routeImportAPI() {
	register(s, operation{ID: "importFile", Method: http.MethodPost, Path: "/events/{event}/import", Tag: "Exchange", Access: May(agenda.EditEvent), File: true, Fetches: true,
		Summary: "Take the file of another program into the draft",
		Description: "The body is the file: schedule.xml, schedule.json, Sessionize's All or GridSmart, objects of pretalx's API, CSV, XLSX or a calendar. " +
			"An event that is not there is made from what the file says of it, with a token for all events. Ask with dry_run first. Things are known again by the identities that they have in the " +
			"file: a newer version changes what it says otherwise than before, and cancels what it no longer has. All of it is taken, or nothing. The page /console/import does this in a browser."}, s.importFile)
}

func (s *Server) importFile(ctx context.Context, in *importAsked) (*struct{ Body importBody }, error) {
	mapping, err := columnsAsked(in.Columns)
	if err != nil {
		return nil, err
	}
	data, err := in.file(ctx)
	if err != nil {
		return nil, err
	}
	done, err := s.app.ImportFile(ctx, in.Actor, data, source.Format(in.Format), mapping, app.ImportOptions{Slug: in.Event, Source: in.Source,
		Zone: in.Zone, Language: in.Language, DryRun: in.DryRun})
	if err != nil {
		return nil, err
	}
	body := importBody{DryRun: in.DryRun, Event: done.Event.Slug, Created: done.Created, Source: done.Source, Again: done.Again, Format: string(done.Format),
		Items: done.Items, Talks: done.Talks, Unchanged: done.Unchanged, Changes: bodies(done.Changes, newChangeBody), Rooms: filled(done.Rooms),
		Tracks: filled(done.Tracks), People: filled(done.People), Conflicts: conflictBodies(done.Event.Location(), done.Conflicts),
		Findings: bodies(done.Findings, func(f source.Finding) findingBody { return findingBody{f.Line, string(f.Rule), f.Text} })}
	if done.Mapping != nil {
		body.Columns, body.Headers = map[string]string{}, done.Mapping.Headers
		for header, column := range done.Mapping.Columns {
			body.Columns[header] = string(column)
		}
	}
	return &struct{ Body importBody }{body}, nil
}

// file gives what is imported: the body, or what is at the address.
func (in *importAsked) file(ctx context.Context) ([]byte, error) {
	body := in.call.body
	switch {
	case in.URL != "" && len(body) > 0:
		return nil, badParameter("url", "stands in place of a body: send one of them")
	case in.URL != "":
		data, _, err := fetch.Fetch(ctx, fetch.Options{Max: source.MaxFile, Timeout: fileTime / 2}, in.URL)
		return data, err
	case len(body) == 0:
		return nil, badRequest("The request needs a file as its body, or its address as url.")
	}
	return body, nil
}

// columnsAsked reads a mapping.
func columnsAsked(s string) (*source.Mapping, error) {
	if s == "" {
		return nil, nil
	}
	m := &source.Mapping{}
	d := json.NewDecoder(strings.NewReader(s))
	if err := d.Decode(&m.Columns); err != nil || d.More() || m.Columns == nil {
		return nil, badParameter("columns", "must be a JSON object of column names by header")
	}
	return m, nil
}
