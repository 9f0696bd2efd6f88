package app_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// A newer table is read as the one before it, also when it has lost a column or got one.
func TestImportRemembersColumns(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		take := func(m *source.Mapping, lines ...string) app.Imported {
			t.Helper()
			return must[app.Imported](t)(w.ImportFile(context.Background(), operator, []byte(strings.Join(lines, "\n")+"\n"), source.CSV, m,
				app.ImportOptions{Slug: "forum", Zone: "Asia/Tokyo"}))
		}
		given := &source.Mapping{Columns: map[string]source.Column{"what": source.ColumnTitle, "start": source.ColumnStart, "end": source.ColumnEnd, "where": source.ColumnRoom}}
		take(given, "what,start,end,where,speaker", "Talk,2026-05-12 09:00,2026-05-12 10:00,Hall,Ann")
		r := take(nil, "what,start,end,speaker,moderator,title", "Talk,2026-05-12 09:00,2026-05-12 10:00,Ann,Bob,Other")
		want := map[string]source.Column{"what": source.ColumnTitle, "start": source.ColumnStart, "end": source.ColumnEnd, "moderator": source.ColumnModerator}
		if diff := cmp.Diff(want, maps.Clone(r.Mapping.Columns)); diff != "" {
			t.Error(diff)
		}
		// Headers without end are not remembered: they could not be exported.
		take(nil, "title,start,end,"+strings.Repeat("x", agenda.MaxMapping), "More,2026-05-12 11:00,2026-05-12 12:00,y")
		b, err := w.ExportEvent(context.Background(), operator, "forum")
		if err != nil || len(b.Sources) != 1 || b.Sources[0].Mapping != "" {
			t.Errorf("%v: the sources are %+v", err, b.Sources)
		}
	})
}
