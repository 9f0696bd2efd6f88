package server

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// congress is a harness with a published event of so many panels in rooms without a gap, each with two speakers.
func congress(tb testing.TB, n int) (h *harness, panels []agenda.Panel) {
	tb.Helper()
	h = newHarness(tb)
	ctx := context.Background()
	rooms := min(max(4, n/20), 50)
	p := source.Programme{Format: source.ScheduleXML, Name: source.Text{"en": "Congress"}, Zone: "Asia/Ho_Chi_Minh", Start: "2026-05-01", End: "2026-05-30"}
	for i := range rooms {
		p.Rooms = append(p.Rooms, source.Room{Key: fmt.Sprint(i), Name: source.Text{"en": fmt.Sprint("Room ", i)}})
	}
	for i := range 3 * rooms {
		p.People = append(p.People, source.Person{Key: fmt.Sprint(i), Name: fmt.Sprint("Nguyễn Văn ", i), Serial: i + 1})
	}
	for i := range n {
		room, nth := i%rooms, i/rooms
		start := time.Date(2026, 5, 1+nth/10, 8+nth%10, 0, 0, 0, time.UTC)
		speaker := func(k int) source.Speaker {
			return source.Speaker{Person: fmt.Sprint((2*room + k + 5*nth) % (3 * rooms)), Role: agenda.Presenter}
		}
		p.Items = append(p.Items, source.Item{Line: i, Key: fmt.Sprint(i), Serial: i + 1, Title: source.Text{"en": fmt.Sprint("Talk ", i, " on what the law asks of those who build")},
			Abstract: source.Text{"en": fmt.Sprintf("%0250d", i)}, Room: fmt.Sprint(room), Start: source.Clock(start), End: source.Clock(start.Add(45 * time.Minute)),
			Speakers: []source.Speaker{speaker(0), speaker(1)}})
	}
	_, err := h.app.Import(ctx, h.system(), p, app.ImportOptions{Slug: "congress"})
	if err == nil {
		err = h.app.RenewCalendars(ctx, base)
	}
	if err == nil {
		_, err = h.app.Publish(ctx, h.system(), "congress", nil, nil, app.Once{})
	}
	if err == nil {
		_, panels, _, err = h.app.Panels(ctx, h.system(), "congress", app.PanelFilter{}, app.Page{Limit: 100})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return h, panels
}

// move puts a panel five minutes later, or back.
func (h *harness) moveOf(p agenda.Panel, turn int) answer {
	start := p.Slot.Start.At
	if turn%2 == 0 {
		start = start.Add(5 * time.Minute)
	}
	return h.ask(h.all, http.MethodPut, "/api/v1/events/congress/panels/"+string(p.ID)+"/slot",
		map[string]any{"room": p.Slot.RoomID, "start": start.Format(time.RFC3339), "end": p.Slot.End.At.Format(time.RFC3339)}, header{"If-Match", "*"})
}

var sizes = []int{40, 400, 4000, 5000}

// BenchmarkMove moves one panel of the draft.
func BenchmarkMove(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h, panels := congress(b, n)
			for i := 0; b.Loop(); i++ {
				if a := h.moveOf(panels[i/2%len(panels)], i); a.Status != http.StatusOK {
					b.Fatal(a.Body)
				}
			}
		})
	}
}

// BenchmarkPublish publishes after one panel was moved, and reads the agenda as it then is.
func BenchmarkPublish(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h, panels := congress(b, n)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				h.moveOf(panels[i/2%len(panels)], i)
				b.StartTimer()
				if a := h.ask(h.all, http.MethodPost, "/api/v1/events/congress/releases", map[string]any{}); a.Status != http.StatusCreated {
					b.Fatal(a.Body)
				}
				if a := h.ask("", http.MethodGet, "/congress/agenda.json", nil, header{"Accept-Encoding", "gzip"}); a.Status != http.StatusOK {
					b.Fatal(a.Body)
				}
			}
		})
	}
}
