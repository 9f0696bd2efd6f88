package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/media"
)

// materialBody is a Material in the API.
type materialBody struct {
	ID       string    `json:"id" doc:"Identifies the material for ever."`
	Title    string    `json:"title" doc:"Its title, in one language." example:"Trustworthy AI, slides"`
	File     string    `json:"file" doc:"Name of the file: organizers get it at /events/{event}/files/{file} here, and the public at /{event}/files/{file} from the next release on."`
	FileName string    `json:"file_name" doc:"What the file is called when it is saved." example:"slides.pdf"`
	Type     string    `json:"type" doc:"Media type of the file, by what is in it." example:"application/pdf"`
	Size     int       `json:"size" doc:"Bytes of the file." example:"1048576"`
	Public   bool      `json:"public" doc:"It goes into the next release."`
	Created  time.Time `json:"created" doc:"When it was uploaded, UTC."`
}

func newMaterialBody(m agenda.Material) materialBody {
	return materialBody{ID: string(m.ID), Title: m.Title, File: m.File, FileName: m.FileName, Type: m.MediaType, Size: m.Size, Public: m.Public,
		Created: m.Created.UTC()}
}

func (s *Server) routeFileAPI() {
	const tag, photo, materials = "Files", "/events/{event}/people/{person}/photo", "/events/{event}/panels/{panel}/materials"
	register(s, operation{ID: "setPhoto", Method: http.MethodPut, Path: photo, Tag: tag, Access: May(agenda.EditEvent), File: true, MaxFile: media.MaxPhoto, Matches: true, Revised: true,
		Summary: "Upload a person's photo", Description: "The body is a JPEG, PNG or WebP of at most 5 MiB and 25 million pixels. It is drawn anew, upright and with edges of at most " +
			"1024 pixels: nothing else of the file is kept, such as where it was taken. It is published with the next release."}, s.setPhoto)
	register(s, operation{ID: "deletePhoto", Method: http.MethodDelete, Path: photo, Tag: tag, Access: May(agenda.EditEvent), Matches: true,
		Summary: "Take away the photo that was uploaded", Description: "The public sees it until the next release."}, s.deletePhoto)
	register(s, operation{ID: "listMaterials", Method: http.MethodGet, Path: materials, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "List a panel's materials", Description: "Oldest first."}, s.listMaterials)
	register(s, operation{ID: "addMaterial", Method: http.MethodPost, Path: materials, Tag: tag, Access: May(agenda.EditEvent), File: true, MaxFile: media.MaxMaterial, Matches: true, Taken: true, Revised: true,
		Summary: "Upload a material of a panel", Description: "The body is a PDF, PPTX, DOCX, ODP, ODT, JPEG, PNG, WebP or plain text in UTF-8, of at most 25 MiB: what it is is told by its content. " +
			"A panel has at most 20. The answer is the panel; send its ETag as If-Match with the next one."}, s.addMaterial)
	register(s, operation{ID: "deleteMaterial", Method: http.MethodDelete, Path: materials + "/{material}", Tag: tag, Access: May(agenda.EditEvent), Matches: true,
		Summary: "Take away a material of a panel", Description: "If-Match has the revision of the panel. The public sees the material until the next release."}, s.deleteMaterial)
	register(s, operation{ID: "getFile", Method: http.MethodGet, Path: "/events/{event}/files/{file}", Tag: tag, Access: May(agenda.ReadDraft), Answers: []string{mediaFile}, Tagged: true,
		Summary: "Get a photo or a material", Description: "Of the draft, or of any release. It has the media type that its content has."}, s.getFile)
}

func (s *Server) setPhoto(ctx context.Context, in *struct {
	PersonPath
	Matching
}) (*single[personBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	p, err := s.app.SetPhoto(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), in.call.body)
	return s.personChanged(in.Event, p, err)
}

func (s *Server) deletePhoto(ctx context.Context, in *struct {
	PersonPath
	Matching
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.personRefused(in.Event, s.app.DeletePhoto(ctx, in.Actor, in.Event, match, agenda.ID(in.ID)))
}

func (s *Server) listMaterials(ctx context.Context, in *struct{ PanelPath }) (*listed[materialBody], error) {
	r, err := s.app.Panel(ctx, in.Actor, in.Event, agenda.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return list(in.Caller, r.Panel.Materials, "", newMaterialBody), nil
}

func (s *Server) addMaterial(ctx context.Context, in *struct {
	PanelPath
	Matching
	Name   string `query:"name" maxLength:"1000" doc:"What the file is called; its extension is made to fit its content." example:"slides.pdf"`
	Title  string `query:"title" maxLength:"300" doc:"A title for people; left out, what the file is called." example:"Trustworthy AI, slides"`
	Public bool   `query:"public" default:"true" doc:"It goes into the next release."`
}) (*single[panelBody], error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return panelChanged(s.app.AddMaterial(ctx, in.Actor, in.Event, match, agenda.ID(in.ID),
		app.NewMaterial{Title: in.Title, Name: in.Name, Public: in.Public, Data: in.call.body}))
}

func (s *Server) deleteMaterial(ctx context.Context, in *struct {
	PanelPath
	Matching
	Material string `path:"material" doc:"The material's id."`
}) (*done, error) {
	match, err := in.match()
	if err != nil {
		return nil, err
	}
	return nil, s.app.DeleteMaterial(ctx, in.Actor, in.Event, match, agenda.ID(in.ID), agenda.ID(in.Material))
}

func (s *Server) getFile(ctx context.Context, in *struct {
	AtEvent
	Conditional
	File string `path:"file" doc:"The file's name."`
}) (*huma.StreamResponse, error) {
	f, err := s.app.DraftFile(ctx, in.Actor, in.Event, in.File)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		c := humaecho.Unwrap(ctx)
		if err := sendFile(c, f); err != nil {
			s.writeError(err, c)
		}
	}}, nil
}
