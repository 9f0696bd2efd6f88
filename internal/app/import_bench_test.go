package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/app"
	"plenary/internal/source"
)

// congress is a file of so many entries in 50 rooms, each with two of as many people.
func congress(n int) source.Programme {
	p := source.Programme{Format: source.ScheduleXML, Name: in("Congress"), Zone: "Europe/Berlin", Start: "2026-05-01", End: "2026-05-30"}
	for i := range 50 {
		p.Rooms = append(p.Rooms, source.Room{Key: fmt.Sprint(i), Name: in(fmt.Sprint("Room ", i))})
	}
	for i := range n {
		p.People = append(p.People, source.Person{Key: fmt.Sprint(i), Name: fmt.Sprint("Speaker ", i), Serial: i + 1})
		start := time.Date(2026, 5, 1+i/50/20%30, 8, i/50%20*30, 0, 0, time.UTC)
		p.Items = append(p.Items, source.Item{Line: i, Key: fmt.Sprint(i), Serial: i + 1, Title: in(fmt.Sprint("Talk ", i)), Abstract: in(fmt.Sprintf("%01000d", i)),
			Room: fmt.Sprint(i % 50), Start: source.Clock(start), End: source.Clock(start.Add(30 * time.Minute)),
			Speakers: []source.Speaker{{Person: fmt.Sprint(i), Role: agenda.Presenter}, {Person: fmt.Sprint((i + n/2) % n), Role: agenda.Presenter}}})
	}
	return p
}

// BenchmarkImport takes 10,000 entries into an empty installation, the same again, and again with one entry changed.
func BenchmarkImport(b *testing.B) {
	const entries = 10_000
	b.Run("new", func(b *testing.B) {
		p := congress(entries)
		for b.Loop() {
			b.StopTimer()
			w := open(b, filepath.Join(b.TempDir(), "plenary.db"))
			b.StartTimer()
			take(b, w, p)
		}
	})
	w := open(b, filepath.Join(b.TempDir(), "plenary.db"))
	p := congress(entries)
	take(b, w, p)
	b.Run("same", func(b *testing.B) {
		for b.Loop() {
			take(b, w, p)
		}
	})
	b.Run("changed", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			p.Items[7].Title = in(fmt.Sprint("Talk of version ", i))
			if done := take(b, w, p); len(done.Changes) != 1 {
				b.Fatalf("%d changes", len(done.Changes))
			}
		}
	})
}

func take(b *testing.B, w world, p source.Programme) app.Imported {
	done, err := w.Import(context.Background(), operator, p, app.ImportOptions{Slug: "congress"})
	if err != nil {
		b.Fatal(err)
	}
	return done
}
