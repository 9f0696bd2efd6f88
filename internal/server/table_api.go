package server

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/agenda"
	"plenary/internal/exchange"
)

// fileAnswer is a file to save.
type fileAnswer struct {
	Media       string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *Server) routeTableAPI() {
	register(s, operation{ID: "getTable", Method: http.MethodGet, Path: "/events/{event}/tables/{table}", Tag: "Exchange", Access: May(agenda.ReadContacts), Answers: tableMedia(),
		Summary: "Get a table of the draft", Description: "Panels, people or meetings as CSV, or all three as a workbook, which has no meetings for those who may not see them. It has personal data. " +
			"Cells that a spreadsheet would take for a formula begin with an apostrophe in CSV."}, s.getTable)
}

// tableMedia gives the media types of tables.
func tableMedia() []string {
	var list []string
	for _, f := range exchange.TableFormats {
		if !slices.Contains(list, f.Media) {
			list = append(list, f.Media)
		}
	}
	return list
}

func (s *Server) getTable(ctx context.Context, in *struct {
	AtEvent
	Table string `path:"table" doc:"The file: panels.csv, people.csv, meetings.csv or agenda.xlsx." example:"panels.csv"`
}) (*fileAnswer, error) {
	n := slices.IndexFunc(exchange.TableFormats, func(f exchange.TableFormat) bool { return f.File == in.Table })
	tables, err := s.app.Tables(ctx, in.Actor, in.Event, s.base)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, agenda.Errorf(agenda.NotFound, "There is no such table: there are panels.csv, people.csv, meetings.csv and agenda.xlsx.")
	}
	f := exchange.TableFormats[n]
	if f.Meetings && tables.WithoutMeetings {
		return nil, s.app.Witness(ctx, in.Actor, agenda.Authorize(in.Actor, agenda.ReadMeetings, tables.Draft.Event.ID))
	}
	var file bytes.Buffer
	if err := f.Write(&file, tables); err != nil {
		return nil, err
	}
	return &fileAnswer{f.Media, `attachment; filename="` + in.Event + "-" + f.File + `"`, file.Bytes()}, nil
}

// answerSchema describes a file that is an answer: one of JSON is an object, whose fields its own description tells of.
func answerSchema(media string) *huma.Schema {
	if media == "application/json" {
		return &huma.Schema{Type: huma.TypeObject, Description: "A file.", AdditionalProperties: true}
	}
	return fileSchema()
}

// fileSchema describes a file.
func fileSchema() *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "A file."}
}
