// Command bench measures the real program, from outside, beside nginx serving the very same bytes and beside a handler as one
// writes it first, and prints a table for docs/performance.md:
//
//	go run ./cmd/bench
//
// Servers run on one core and what asks them on another, unless -pinned=false lets all of them use all. What is not on the machine is
// said in the table and not measured. It needs Linux, whose /proc it reads.
//
// Copyright (C) 2026 the Plenary contributors.
// SPDX-License-Identifier: AGPL-3.0-or-later
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	ctx, cancel := context.WithCancelCause(ctx)
	go endWithGo(ctx, cancel)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// wish is what the flags say.
type wish struct {
	sizes    []int         // panels of the events
	rounds   int           // in which every answer of every server has its turn
	slot     time.Duration // how long one turn is
	cases    []string
	with     []string // competitors
	format   string
	dir      string
	edits    int           // panels that are moved
	entries  int           // of the file that is imported
	pinned   bool          // servers have one core, and what asks them another
	patience time.Duration // how long to wait before a turn for the machine to be quiet; 0: neither wait nor repeat
}

// The formats of what is printed.
const (
	asMarkdown = "markdown"
	asJSON     = "json"
)

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case naiveCommand:
			return serveNaive(ctx, args[1:])
		case bareCommand:
			return serveBare(ctx, args[1:])
		}
	}
	w, err := readWish(args, progress)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, w, progress)
	if err != nil {
		return err
	}
	measured := b.measure()
	if ctx.Err() != nil {
		measured = context.Cause(ctx) // what failed for this reason says nothing
	}
	if err := errors.Join(measured, b.close()); err != nil {
		return err
	}
	if w.format == asJSON {
		return writeJSON(out, b.report)
	}
	return writeMarkdown(out, b.report)
}

func readWish(args []string, usage io.Writer) (wish, error) {
	w := wish{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(usage)
	sizes := f.String("sizes", "40,400,4000", "how many panels the events have, by commas")
	f.IntVar(&w.rounds, "rounds", 7, "how often each answer of each server has its turn")
	seconds := f.Float64("seconds", 2, "how long a turn is")
	cases := f.String("cases", strings.Join(allCases(), ","), "what is measured, by commas")
	with := f.String("with", "", "what people would take instead, measured beside: pocketbase, radicale, by commas")
	f.StringVar(&w.format, "o", asMarkdown, "markdown or json")
	f.StringVar(&w.dir, "dir", os.TempDir(), "folder for databases, which are removed again: its disk is what writes wait for")
	f.IntVar(&w.edits, "edits", 200, "how many panels are moved; a quarter as many are published, and as many again while somebody reads")
	f.IntVar(&w.entries, "import", 10_000, "entries of the file that is imported")
	f.BoolVar(&w.pinned, "pinned", true, "servers have one core, and what asks them another, as ratios between servers need; with -pinned=false all use all cores, as they do where nobody measures")
	f.DurationVar(&w.patience, "patience", 4*time.Second, "how long to wait before a turn until nothing else runs; a turn that something else disturbed is repeated. 0 does neither")
	if err := f.Parse(args); err != nil {
		return w, err
	}
	w.slot = time.Duration(*seconds * float64(time.Second))
	w.cases, w.with = listOf(*cases), listOf(*with)
	for _, text := range listOf(*sizes) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 20_000 {
			return w, fmt.Errorf("-sizes has %q, but an event has 1 to 20000 panels", text)
		}
		w.sizes = append(w.sizes, n)
	}
	return w, w.check(f.Args())
}

func (w *wish) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is no flag; see -help", rest[0])
	case w.rounds < 1 || w.edits < 4 || w.entries < 1:
		return errors.New("-rounds and -import are at least 1, and -edits at least 4")
	case w.slot < 10*time.Millisecond || w.slot > time.Minute:
		return errors.New("-seconds is between 0.01 and 60")
	case w.format != asMarkdown && w.format != asJSON:
		return fmt.Errorf("-o is %q, but must be %s or %s", w.format, asMarkdown, asJSON)
	}
	for _, c := range w.cases {
		if !slices.Contains(allCases(), c) {
			return fmt.Errorf("-cases has %q, but knows %s", c, strings.Join(allCases(), ", "))
		}
	}
	for _, c := range w.with {
		if c != "pocketbase" && c != "radicale" {
			return fmt.Errorf("-with has %q, but knows pocketbase and radicale", c)
		}
	}
	return nil
}

// wants says whether the case is to be measured.
func (w *wish) wants(name string) bool { return slices.Contains(w.cases, name) }

// listOf gives what a list by commas has.
func listOf(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// endWithGo ends the bench with the go command that started it: when that is ended, it tells nobody.
func endWithGo(ctx context.Context, cancel context.CancelCauseFunc) {
	parent := os.Getppid()
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent))
	if err != nil || strings.TrimSpace(string(name)) != "go" {
		return
	}
	for ctx.Err() == nil {
		time.Sleep(300 * time.Millisecond)
		if os.Getppid() != parent {
			cancel(errors.New("the go command that started this is gone"))
		}
	}
}
