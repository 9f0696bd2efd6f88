package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/store"
	"plenary/internal/telemetry"
)

const demoSlug = "vidw-2025"

// demoSite is where to find what in the running demo; --json prints it as it is.
type demoSite struct {
	Base     string     `json:"base"`
	Event    string     `json:"event"`
	Agenda   string     `json:"agenda"`
	Page     string     `json:"page"`
	APIDocs  string     `json:"api_docs"`
	Token    string     `json:"token"`
	SignIn   string     `json:"sign_in"`
	Email    string     `json:"email"`
	Password string     `json:"password"`
	Personal string     `json:"personal_page"`
	Feeds    []demoFeed `json:"feeds"`

	Try    string      `json:"try_meetings,omitempty"` // the event at which meetings are tried
	Guests []demoGuest `json:"guests,omitempty"`       // who meets there
}

type demoFeed struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

func demoCommand(w world) *cobra.Command {
	var addr, data string
	var asJSON, forumAlone bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show a real forum, published, with everything to try",
		Long: `Demo serves the Vietnam International Digital Week 2025 with the EU–Vietnam Digital
Partnership Forum, in English, French and Vietnamese: its agenda as a page and as JSON, its
calendars, and the API with a token for trying writes. What is not public of the forum (exact
hours, rooms) is illustrative. Since the forum is over, there is an event of invented people
besides it, two days ahead, to ask for meetings and answer.

The database is a fresh one and is gone afterwards, unless --data names a folder to keep it in.`,
		Example: `  plenary demo
  plenary demo --addr localhost:8080 # passkeys belong to names, not to numbers
  plenary demo --addr 127.0.0.1:9000 --data ./demo
  plenary demo --json | jq -r .agenda`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo(cmd.Context(), w, demoWish{addr, data, asJSON, forumAlone})
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "where to listen; port 0 takes a free one")
	cmd.Flags().StringVar(&data, "data", "", "folder to keep the database in")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print where everything is as one JSON object")
	cmd.Flags().BoolVar(&forumAlone, "forum-alone", false, "leave out the event to try meetings at")
	return cmd
}

// demoWish is what the flags say.
type demoWish struct {
	addr, data         string
	asJSON, forumAlone bool
}

func demo(ctx context.Context, w world, wish demoWish) (err error) {
	addr, data := wish.addr, wish.data
	c := config{Addr: addr, LogFormat: "text", LimitRates: true, LogLevel: 4 /* warn: the demo's own words are for its user */}
	if err := c.check(); err != nil {
		return usageError{fmt.Errorf("--addr is %q, but must be a host and a port, such as 127.0.0.1:8080", addr)}
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("can't listen: %w; choose another address with --addr, such as --addr 127.0.0.1:0", err)
	}
	defer listener.Close()
	if data == "" {
		if data, err = os.MkdirTemp("", "plenary-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	} else if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	log := newLogger(w.Err, c)
	s, err := store.Open(ctx, filepath.Join(data, "plenary.db"), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if _, err := s.Migrate(ctx); err != nil {
		return err
	}
	in := &installation{config: c, log: log, store: s, app: newApp(s, log, nil), meter: telemetry.NewMeter()}
	base := baseURL(c, listener.Addr())
	site, err := prepareDemo(ctx, in.app, earlyApp(s, log), base)
	if err != nil {
		return err
	}
	if !wish.forumAlone {
		if err := site.addTry(ctx, in.app, time.Now()); err != nil {
			return err
		}
	}
	answers, err := handler(ctx, in, base)
	if err != nil {
		return err
	}
	if err := site.print(w.Out, wish.asJSON); err != nil {
		return err
	}
	defer in.work(ctx, nil)()
	defer answers.Follow(context.WithoutCancel(ctx))()
	return serve(ctx, log, listener, answers)
}

// prepareDemo loads and publishes the forum before it begins, unless it is there already, and makes what visitors need.
func prepareDemo(ctx context.Context, a, early *app.App, base string) (demoSite, error) {
	at := agenda.Site{Base: base, Slug: demoSlug}
	site := demoSite{Base: base, Event: demoSlug, Agenda: at.Agenda(), Page: at.Page(), APIDocs: base + "/api/docs"}
	if _, err := a.Event(ctx, operator, demoSlug); agenda.CodeOf(err) == agenda.NotFound {
		if err := loadDemo(ctx, early); err != nil {
			return site, err
		}
	} else if err != nil {
		return site, err
	}
	var err error
	if _, site.Token, err = a.CreateToken(ctx, operator, "", agenda.Token{Name: "demo", Scopes: agenda.Verbs}, app.Once{}); err != nil {
		return site, err
	}
	if err := site.addAccount(ctx, a); err != nil {
		return site, err
	}
	release, err := a.Published(ctx, demoSlug)
	if err != nil {
		return site, err
	}
	if err := site.addPersonalPage(ctx, a, &release.Snapshot); err != nil {
		return site, err
	}
	return site, site.addFeeds(ctx, a, &release.Snapshot)
}

// addAccount makes somebody who may do everything at the forum, or gives them another password.
func (d *demoSite) addAccount(ctx context.Context, a *app.App) error {
	d.SignIn, d.Email, d.Password = d.Base+"/sign-in", "demo@plenary.example", app.RandomSecret()
	_, err := a.CreateAccount(ctx, operator, agenda.Account{Email: d.Email, Name: "Demo", Admin: true}, d.Password)
	if agenda.CodeOf(err) == agenda.Taken {
		secret, err := a.MakeReset(ctx, operator, d.Email)
		if err != nil {
			return err
		}
		return a.Reset(ctx, secret, d.Password, app.From{})
	}
	if err != nil {
		return err
	}
	_, err = a.InviteMember(ctx, operator, demoSlug, d.Email, agenda.MemberRoles, d.Base, "")
	return err
}

// addPersonalPage makes a link to the page that a speaker has without an account.
func (d *demoSite) addPersonalPage(ctx context.Context, a *app.App, s *agenda.Snapshot) error {
	for _, p := range slices.Backward(s.People) {
		made, err := a.MakePersonalLink(ctx, operator, d.Event, app.LinkRequest{PersonID: p.ID}, app.Once{})
		if agenda.CodeOf(err) == agenda.NotFound {
			continue // they have left the draft
		}
		d.Personal = d.Base + "/me#" + made.Secret
		return err
	}
	return nil
}

// addFeeds lists the public calendars and opens a personal one for each speaker: with their meetings.
func (d *demoSite) addFeeds(ctx context.Context, a *app.App, s *agenda.Snapshot) error {
	en := agenda.NewReader("en", "en")
	at := agenda.Site{Base: d.Base, Slug: d.Event}
	add := func(kind, name, url string) { d.Feeds = append(d.Feeds, demoFeed{kind, name, url}) }
	add("event", en.String(s.Event.Name), at.Calendar())
	for _, p := range s.Panels {
		add("panel", en.String(p.Title), at.PanelCalendar(p.ID))
	}
	for _, t := range s.Tracks {
		add("track", en.String(t.Name), at.TrackCalendar(t.ID))
	}
	for _, r := range s.Rooms {
		add("room", en.String(r.Name), at.RoomCalendar(r.ID))
	}
	for _, p := range s.People {
		add("speaker", p.Name, at.SpeakerCalendar(p.ID))
	}
	for _, p := range s.People {
		_, secret, err := a.OpenFeed(ctx, operator, d.Event, agenda.Feed{PersonID: p.ID, FeedSettings: agenda.FeedSettings{Name: "Demo", Meetings: true}}, app.Once{})
		if agenda.CodeOf(err) == agenda.NotFound {
			continue // they have left the draft
		}
		if err != nil {
			return err
		}
		add("personal", p.Name, d.Base+"/feeds/"+secret+".ics")
	}
	return nil
}

func (d *demoSite) print(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(d) // #nosec G117 -- the password of the demonstration is there to be shown
	}
	fmt.Fprintf(out, `Plenary shows the Vietnam International Digital Week 2025.

  The agenda         %s
  The same as JSON   %s
  Subscribe to it    %ssubscribe
  Choose from it     %sstarred
  The API explained  %s
  A token for it     %s
  Sign in            %s
    as %s with the password %s
  A speaker's page   %s

Calendars to subscribe to (without .ics, a page that says how):

`, d.Page, d.Agenda, d.Page, d.Page, d.APIDocs, d.Token, d.SignIn, d.Email, d.Password, d.Personal)
	for _, f := range d.Feeds {
		if f.Kind == "event" || f.Kind == "personal" {
			fmt.Fprintf(out, "  %s\n    %s\n", f.Name, f.URL)
		}
	}
	fmt.Fprint(out, "  and one for each panel, track, room and speaker: see --json\n\n")
	if d.Try != "" {
		fmt.Fprintf(out, "Ask for meetings and answer, at an event of invented people two days ahead:\n\n  Its agenda         %s\n", d.Try)
		for _, g := range d.Guests {
			fmt.Fprintf(out, "  %-18s %s\n    and the code     %s\n", g.Name, g.Personal, g.Code)
		}
		fmt.Fprintf(out, "\n  A code works once, for ten minutes. Signed in, you make others at\n  %s/console/events/%s/desk\n\n", d.Base, trySlug)
	}
	_, err := fmt.Fprintf(out, `Try a write:

  curl -s -H "Authorization: Bearer %s" \
       -H 'Content-Type: application/json' \
       -d '{"name": {"en": "Garden", "vi": "Khu vườn"}, "capacity": 80}' \
       %s/api/v1/events/%s/rooms

Press Ctrl-C to end it.
`, d.Token, d.Base, d.Event)
	return err
}
