package app_test

import (
	"context"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// What replaces a cancelled panel is a panel of the same event, and no way leads from it back.
func TestAPanelIsReplacedByAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ctx := context.Background()
		f := w.forum(t)
		edit := func(i int, by agenda.ID) (app.PanelResult, error) {
			now := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, f.panels[i].ID)).Panel
			now.ReplacedBy = by
			return w.EditPanel(ctx, operator, slug, app.Match{Any: true}, now, f.at(i, "2026-03-28T10:00", "2026-03-28T11:00"))
		}
		refused := func(_ app.PanelResult, err error) {
			t.Helper()
			e := wantCode(t, err, agenda.Invalid)
			if len(e.Faults) != 1 || e.Faults[0].Pointer != "/replaced_by" {
				t.Errorf("%v", e.Faults)
			}
		}
		first, second := f.panels[0].ID, f.panels[1].ID
		refused(edit(0, first))
		refused(edit(0, "none"))
		if r := must[app.PanelResult](t)(edit(0, second)); r.Panel.ReplacedBy != second {
			t.Errorf("%+v", r.Panel)
		}
		refused(edit(1, first))
		third := must[app.PanelResult](t)(w.CreatePanel(ctx, operator, slug, agenda.Panel{Title: agenda.Text{"en": "Third"}, Format: agenda.FormatTalk, ReplacedBy: first}, nil, app.Once{})).Panel
		refused(edit(1, third.ID))

		must[app.PanelResult](t)(w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, first, true, nil))
		published := must[app.Publication](t)(w.Publish(ctx, operator, slug, nil, nil, app.Once{})).Release
		if p, _ := published.Snapshot.Panel(string(first)); p.ReplacedBy != second {
			t.Errorf("the release says %q", p.ReplacedBy)
		}
		if p := must[app.PanelResult](t)(w.CancelPanel(ctx, operator, slug, app.Match{Any: true}, first, false, nil)).Panel; p.ReplacedBy != "" {
			t.Error("it takes place after all, and is replaced")
		}

		must[app.PanelResult](t)(edit(0, second))
		before := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, first)).Panel
		if err := w.DeletePanel(ctx, operator, slug, app.Match{Any: true}, second); err != nil {
			t.Fatal(err)
		}
		if p := must[app.PanelResult](t)(w.Panel(ctx, operator, slug, first)).Panel; p.ReplacedBy != "" || p.Revision != before.Revision+1 {
			t.Errorf("after the replacement is deleted: %q, revision %d after %d", p.ReplacedBy, p.Revision, before.Revision)
		}
	})
}
