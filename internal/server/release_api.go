package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
)

// ReleaseBody is a Release in the API, without what is in it.
type ReleaseBody struct {
	Number    int       `json:"number" doc:"Counts the event's releases from 1, without gaps." example:"3"`
	ID        string    `json:"id" doc:"Identifies the release for ever."`
	Published time.Time `json:"published_at" doc:"When it was published, UTC."`
	By        string    `json:"by" doc:"Who published it: the name of the token."`
	Note      textBody  `json:"note,omitempty" doc:"Why, for the public, by language."`
}

// publicationBody is what is to be published.
type publicationBody struct {
	Note        textBody `json:"note,omitempty" doc:"Why, for the public, by language." example:"{\"en\": \"Two panels swapped.\"}"`
	Acknowledge []string `json:"acknowledge,omitempty" maxItems:"10000" maxLength:"1000" pattern:"^[!-~]+$" doc:"Keys of the conflicts of severity error that are to stay."`
	Letters     string   `json:"letters" required:"false" default:"rule" enum:"rule,send,hold,nobody" doc:"What becomes of the letters to those whom it concerns: as the event's rule has it, all go by themselves, all wait to be read, or none are made. Who has a letter that has not gone yet is told in any case."`
}

// publishedBody is what was published.
type publishedBody struct {
	ReleaseBody
	Changes   []changeBody   `json:"changes" doc:"What is different from the release before."`
	Conflicts []conflictBody `json:"conflicts" doc:"What it was published with. A repeated request is not told."`
	Letters   LetterCounts   `json:"letters,omitzero" doc:"What becomes of the letters to those whom it concerns; left out when it concerns nobody. A repeated request is not told."`
}

// releaseAgendaBody is a Release with what is in it.
type releaseAgendaBody struct {
	ReleaseBody
	Agenda exchange.AgendaDocument `json:"agenda" doc:"What the public sees of it, as in agenda.json."`
}

// changeBody is what became of one Panel.
type changeBody struct {
	Kind   string            `json:"kind" enum:"added,removed,cancelled,restored,moved,edited" doc:"What happened."`
	Panel  string            `json:"panel" doc:"Id of the panel."`
	Code   string            `json:"code" doc:"The panel's code."`
	Title  textBody          `json:"title,omitempty" doc:"The panel's title, by language."`
	Fields []fieldChangeBody `json:"fields" doc:"Which of its fields differ; none when it was added or removed."`
	Words  textBody          `json:"words,omitempty" doc:"The change in a sentence: in English, French and Vietnamese."`
}

// fieldChangeBody is one field before and after.
type fieldChangeBody struct {
	Field string `json:"field" doc:"The field's name."`
	Old   any    `json:"old" doc:"What it was."`
	New   any    `json:"new" doc:"What it is."`
}

func newReleaseBody(r agenda.Release) ReleaseBody {
	return ReleaseBody{r.Number, string(r.ID), r.Published.UTC(), r.By, textBody(r.Note)}
}

func newChangeBody(c agenda.Change) changeBody {
	return changeBody{string(c.Kind), string(c.PanelID), c.Code, textBody(c.Title),
		bodies(c.Fields, func(f agenda.FieldChange) fieldChangeBody { return fieldChangeBody{f.Field, f.Old, f.New} }),
		textBody(c.Words)}
}

// ReleasePath is the input of whatever is about one Release.
type ReleasePath struct {
	AtEvent
	Number string `path:"number" doc:"The release's number; for a comparison also draft, what would be published now." example:"3"`
}

func (s *Server) routeReleaseAPI() {
	const tag, all, one = "Releases", "/events/{event}/releases", "/events/{event}/releases/{number}"
	register(s, operation{ID: "listReleases", Method: http.MethodGet, Path: all, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "List releases", Description: "Newest first."}, s.listReleases)
	register(s, operation{ID: "publish", Method: http.MethodPost, Path: all, Tag: tag, Access: May(agenda.PublishEvent), Creates: true,
		Summary: "Publish the draft", Description: "Makes the draft the next release, which the public sees from then on. " +
			"Conflicts of severity error are refused with 409, and listed in current, unless each is acknowledged by its key."},
		s.publish)
	register(s, operation{ID: "getRelease", Method: http.MethodGet, Path: one, Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Get a release with its agenda", Description: "A release changes only when somebody is erased from it; its ETag is its number until then.", Revised: true}, s.getRelease)
	register(s, operation{ID: "diffReleases", Method: http.MethodGet, Path: one + "/diff", Tag: tag, Access: May(agenda.ReadDraft),
		Summary: "Compare two releases", Description: "What changes from one release to another, or to the draft."}, s.diffReleases)
}

func (s *Server) listReleases(ctx context.Context, in *struct {
	AtEvent
	Listing
}) (*listed[ReleaseBody], error) {
	releases, next, err := s.app.Releases(ctx, in.Actor, in.Event, in.page())
	if err != nil {
		return nil, err
	}
	return list(in.Caller, releases, next, newReleaseBody), nil
}

func (s *Server) publish(ctx context.Context, in *struct {
	AtEvent
	Creating
	Body publicationBody
}) (*made[publishedBody], error) {
	done, err := s.app.PublishSeen(ctx, in.Actor, in.Event,
		app.Publishing{Note: textOf(in.Body.Note), Acknowledged: in.Body.Acknowledge, Tell: tellingOf(in.Body.Letters)}, in.once(in.Caller))
	if err != nil {
		return nil, inTheWay(done.Event, err)
	}
	number := done.Release.Number
	if done.Replayed {
		if done.Changes, err = s.app.Diff(ctx, in.Actor, in.Event, number-1, number); err != nil {
			return nil, err
		}
	}
	body := publishedBody{newReleaseBody(done.Release), bodies(done.Changes, newChangeBody),
		conflictBodies(done.Event.Location(), done.Conflicts), LetterCounts(done.Letters)}
	return create(s, "/events/"+in.Event+"/releases/"+strconv.Itoa(number), number, done.Replayed, body), nil
}

// inTheWay gives the error with the conflicts that it carries as the API shows them.
func inTheWay(event agenda.Event, err error) error {
	var e *agenda.Error
	if !errors.As(err, &e) {
		return err
	}
	if conflicts, ok := e.Current.([]agenda.Conflict); ok {
		told := *e
		told.Current = conflictBodies(event.Location(), conflicts)
		return &told
	}
	return err
}

func (s *Server) getRelease(ctx context.Context, in *struct {
	ReleasePath
	Conditional
}) (*single[releaseAgendaBody], error) {
	number, err := releaseNumber(in.Number)
	if err != nil {
		return nil, err
	}
	r, err := s.app.ReleaseByNumber(ctx, in.Actor, in.Event, number)
	if err != nil {
		return nil, err
	}
	return show(in.Conditional, releaseTag(r), releaseAgendaBody{newReleaseBody(*r), exchange.Agenda(*r, exchange.AgendaOptions{BaseURL: s.base})}), nil
}

// releaseTag is the ETag of a Release: its number, as long as nobody was erased from it.
func releaseTag(r *agenda.Release) int { return r.Number + r.Erasures*1_000_000 }

// diffBody is the difference of two Releases.
type diffBody struct {
	From    int          `json:"from" doc:"Number of the older release; 0 is the empty agenda."`
	To      int          `json:"to" doc:"Number of the newer release; 0 is the draft."`
	Changes []changeBody `json:"changes" doc:"What is different, by time."`
}

type diffAnswer struct{ Body diffBody }

func (s *Server) diffReleases(ctx context.Context, in *struct {
	ReleasePath
	From string `query:"from" pattern:"^[0-9]{1,9}$" doc:"Number of the release to compare with; 0 is the empty agenda. Left out, it is the one before, and for the draft the latest." example:"2"`
}) (*diffAnswer, error) {
	to := 0
	var err error
	if in.Number != "draft" {
		if to, err = releaseNumber(in.Number); err != nil {
			return nil, err
		}
	}
	from, err := s.diffFrom(ctx, in.AtEvent, in.From, to)
	if err != nil {
		return nil, err
	}
	changes, err := s.app.Diff(ctx, in.Actor, in.Event, from, to)
	if err != nil {
		return nil, err
	}
	return &diffAnswer{diffBody{from, to, bodies(changes, newChangeBody)}}, nil
}

// diffFrom says what to compare with: what was asked for, or the Release before.
func (s *Server) diffFrom(ctx context.Context, in AtEvent, asked string, to int) (int, error) {
	if asked != "" {
		return strconv.Atoi(asked)
	}
	if to > 0 {
		return to - 1, nil
	}
	latest, _, err := s.app.Releases(ctx, in.Actor, in.Event, app.Page{Limit: 1})
	if err != nil || len(latest) == 0 {
		return 0, err
	}
	return latest[0].Number, nil
}

func releaseNumber(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != s {
		return 0, agenda.Errorf(agenda.NotFound, "There is no such release.")
	}
	return int(n), nil
}
