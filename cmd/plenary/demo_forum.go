package main

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"time"

	"plenary/db"
	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/exchange"
	"plenary/internal/store"
)

// demoDay is when the forum is prepared: a few days before it begins, for nobody is told of what has gone by, or asked to meet then.
var demoDay = time.Date(2025, time.October, 22, 2, 0, 0, 0, time.UTC)

// earlyApp makes an App that lives before the forum.
func earlyApp(s *store.Store, log *slog.Logger) *app.App {
	o := appOptions(config{}, log, nil)
	o.Now = func() time.Time { return demoDay }
	return app.New(s, o)
}

// loadDemo takes the forum in and publishes it. There is no mail server: the letters that tell those who take part wait to be read.
func loadDemo(ctx context.Context, a *app.App) error {
	forum, err := fs.ReadFile(db.Demo(), demoSlug+".json")
	if err != nil {
		return err
	}
	bundle, err := exchange.DecodeBundle(bytes.NewReader(forum))
	if err != nil {
		return err
	}
	if _, err := a.ImportEvent(ctx, operator, bundle, ""); err != nil {
		return err
	}
	if _, err := a.PublishSeen(ctx, operator, demoSlug, app.Publishing{Tell: agenda.TellHold}, app.Once{}); err != nil {
		return err
	}
	return demoMeeting(ctx, a)
}

// demoMeeting has one side ask the other for a meeting, as organizers do on their behalf, and the other accept.
func demoMeeting(ctx context.Context, a *app.App) error {
	list, _, err := a.People(ctx, operator, demoSlug, app.PersonFilter{}, app.Page{})
	if err != nil {
		return err
	}
	named := map[string]agenda.ID{}
	for _, p := range list {
		named[p.Name] = p.ID
	}
	asked, err := a.RequestMeeting(ctx, operator, demoSlug, app.MeetingRequest{
		From: named["Julien Guerrier"], To: named["Bùi Thế Duy"], Minutes: 20,
		Topic: agenda.Text{"en": "The digital partnership after the forum", "fr": "Le partenariat numérique après le forum", "vi": "Quan hệ đối tác số sau diễn đàn"},
		Times: []app.TimeRequest{{Start: "2025-10-27T14:15"}, {Start: "2025-10-27T17:15"}},
		Note:  "Illustrative: nobody is known to have asked for this.",
	}, app.Once{})
	if err != nil {
		return err
	}
	_, err = a.AcceptTime(ctx, operator, demoSlug, app.Match{Any: true}, asked.Meeting.ID, app.MeetingAnswer{Time: 0})
	return err
}
