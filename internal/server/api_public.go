package server

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"plenary/internal/exchange"
)

// publicPath is an address that anybody may read, as the document describes it. Its route is elsewhere.
type publicPath struct {
	id, path, route string // the route as Echo spells it
	summary, words  string
	media           string
	body            reflect.Type // nil: no JSON
	access          Access
	query           []string // names in publicParameters
}

const calendarWords = "A calendar to subscribe to (RFC 5545). Its entries keep their identity from release to release, so that calendars follow what moves."

func publicPaths() []publicPath {
	agenda, changes := reflect.TypeFor[exchange.AgendaDocument](), reflect.TypeFor[exchange.ChangesDocument]()
	narrow := []string{"lang", "day", "room", "track"}
	calendar := func(id, path, route, summary string) publicPath {
		return publicPath{id: id, path: path, route: route, summary: summary, words: calendarWords, media: "text/calendar",
			access: Public, query: []string{"lang", "cancelled", "whole_event"}}
	}
	personal := calendar("readPersonalFeed", "/feeds/{secret}.ics", "/feeds/:file", "Subscribe to a personal calendar")
	personal.words = "A person's panels and meetings, or what an attendee chose. Whoever knows the address may read it. Once it is revoked it answers " +
		"with an empty calendar for 30 days, so that calendars delete what they had, and with 410 from then on."
	personal.access, personal.query = BySecret, nil
	panel := calendar("readPanelFeed", "/{event}/panels/{panel}.ics", "/:event/panels/:panel", "Subscribe to a panel")
	panel.query = append(panel.query, "download")
	paths := []publicPath{
		{id: "readAgenda", path: "/{event}/agenda.json", route: "/:event/agenda.json", summary: "Read the agenda", media: "application/json",
			words: "The latest release, whole or narrowed. It has a strong ETag and may be read from any origin.", body: agenda, access: Public, query: narrow},
		{id: "readReleaseAgenda", path: "/{event}/releases/{number}/agenda.json", route: "/:event/releases/:number/agenda.json",
			summary: "Read the agenda of one release", media: "application/json", words: "A release changes only when a person is erased from it.", body: agenda, access: Public, query: narrow},
		{id: "readChanges", path: "/{event}/changes.json", route: "/:event/changes.json", summary: "Read what each release changed",
			media: "application/json", words: "Newest first.", body: changes, access: Public},
		{id: "readChangesFeed", path: "/{event}/changes.atom", route: "/:event/changes.atom", summary: "Subscribe to what changes", media: "application/atom+xml",
			words: "An entry for each release, newest first (RFC 4287).", access: Public, query: []string{"lang"}},
		{id: "readFile", path: "/{event}/files/{file}", route: "/:event/files/:file", summary: "Read a photo or a material", media: mediaFile,
			words: "As long as the latest release refers to it. It has the media type that its content has, and all but photos come as files to save.", access: Public},
		calendar("readAgendaFeed", "/{event}/agenda.ics", "/:event/agenda.ics", "Subscribe to the agenda"),
		calendar("readTrackFeed", "/{event}/tracks/{track}.ics", "/:event/tracks/:track", "Subscribe to a track"),
		calendar("readRoomFeed", "/{event}/rooms/{room}.ics", "/:event/rooms/:room", "Subscribe to a room"),
		panel,
		calendar("readSpeakerFeed", "/{event}/speakers/{person}.ics", "/:event/speakers/:person", "Subscribe to a speaker"),
		personal,
	}
	for _, f := range exchange.PublicFormats {
		media, _, _ := strings.Cut(f.Media, ";")
		p := publicPath{id: "read" + inCamels(f.Name), path: "/{event}/" + f.Path, route: "/:event/" + f.Path, summary: f.Summary, words: f.Words, media: media,
			access: Public, query: []string{"lang"}}
		if paths = append(paths, p); f.Current {
			continue
		}
		p.id, p.path, p.route = "readRelease"+inCamels(f.Name), "/{event}/releases/{number}/"+f.Path, "/:event/releases/:number/"+f.Path
		p.summary, p.words = p.summary+", of one release", "A release never changes."
		paths = append(paths, p)
	}
	return paths
}

// inCamels gives "schedule.xml" as "ScheduleXml".
func inCamels(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '-' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// publicParameters describe the parameters of public addresses.
var publicParameters = map[string]string{
	"event": "The event's slug.", "number": "The release's number.", "secret": "The secret that was told when the feed was opened.",
	"lang": "Give texts in this language, a BCP 47 tag, or in the best that there is for its readers.", "day": "Only what begins on this day of the event's clock.",
	"cancelled":   "What becomes of a cancelled entry until seven days after its end: prefix (left out, that) says it in its status and before its title, keep in its status only, hide leaves it out at once.",
	"whole_event": "true adds the event itself, as an entry of whole days that occupies nobody.", "download": "Whatever its value: give the calendar as a file to save.",
	"room": "Id of a room.", "track": "Id of a track.", "panel": "Id or code of a panel.", "person": "Id of a speaker.",
	"file": "Name of the file, as the agenda says it.",
}

// describePublic adds the public addresses to the document.
func (s *Server) describePublic(document *huma.OpenAPI, registry huma.Registry) {
	problem := &huma.Schema{Ref: "#/components/schemas/Problem"}
	page := &huma.Schema{Type: huma.TypeString, Description: "A page that says the same, for who asks for HTML."}
	for _, p := range publicPaths() {
		op := &huma.Operation{OperationID: p.id, Method: http.MethodGet, Path: p.path, Tags: []string{"Public"}, Summary: p.summary,
			Description: p.words, Extensions: map[string]any{"x-access": string(p.access)}, Metadata: map[string]any{"route": p.route},
			Responses: map[string]*huma.Response{
				"200": {Description: "OK", Headers: publicHeaders(), Content: map[string]*huma.MediaType{p.media: {Schema: publicSchema(registry, p)}}},
				"304": {Description: "Not Modified: If-None-Match has its ETag."},
			}}
		statuses := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusRequestURITooLong, http.StatusTooManyRequests,
			http.StatusInternalServerError, http.StatusServiceUnavailable}
		if p.access == BySecret {
			statuses = append(statuses, http.StatusGone)
		}
		for _, status := range statuses {
			op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status),
				Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}, "text/html": {Schema: page}}}
		}
		for _, name := range pathNames(p.path) {
			op.Parameters = append(op.Parameters, publicParameter(name, "path", true))
		}
		for _, name := range p.query {
			op.Parameters = append(op.Parameters, publicParameter(name, "query", false))
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: "If-None-Match", In: "header",
			Description: "An ETag that is known already.", Schema: &huma.Schema{Type: huma.TypeString}})
		document.AddOperation(op)
	}
}

func publicSchema(registry huma.Registry, p publicPath) *huma.Schema {
	if p.body == nil && p.media == "application/json" {
		return &huma.Schema{Description: "As those who defined the format have it."}
	}
	if p.body == nil {
		return &huma.Schema{Type: huma.TypeString}
	}
	return registry.Schema(p.body, true, "")
}

func publicHeaders() map[string]*huma.Param {
	return map[string]*huma.Param{"ETag": {Description: "Changes when the content does.", Schema: &huma.Schema{Type: huma.TypeString}}}
}

func publicParameter(name, in string, required bool) *huma.Param {
	schema := &huma.Schema{Type: huma.TypeString}
	switch name {
	case "day":
		schema.Format = "date"
	case "cancelled":
		schema.Enum = []any{"prefix", "keep", "hide"}
	}
	return &huma.Param{Name: name, In: in, Required: required, Description: publicParameters[name], Schema: schema}
}

// pathNames gives the parameters of a path in their order.
func pathNames(path string) []string {
	var names []string
	for _, part := range strings.Split(path, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		names = append(names, name)
	}
	return names
}
