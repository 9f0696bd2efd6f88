package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is what was found.
type report struct {
	Date      string        `json:"date"`
	Commit    string        `json:"commit"`
	Machine   machine       `json:"machine"`
	Rounds    int           `json:"rounds"`
	Seconds   float64       `json:"seconds"` // of a turn
	Edits     int           `json:"edits"`
	Missing   []string      `json:"missing,omitempty"` // what was not measured, and why
	Turns     int           `json:"turns"`
	Disturbed int           `json:"disturbed"` // turns during which something else ran, each time
	Sizes     []*sizeReport `json:"sizes"`
	Import    *importReport `json:"import,omitempty"`
}

type machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory string `json:"memory"`
	System string `json:"system"`
	Kernel string `json:"kernel"`
	Disk   string `json:"disk"` // the file system of the databases
	Pinned bool   `json:"pinned"`
	// Programs are the versions of what takes part, by name.
	Programs map[string]string `json:"programs"`
}

// sizeReport is what was found with an event of so many panels.
type sizeReport struct {
	Panels              int       `json:"panels"`
	Reads               []readRow `json:"reads,omitempty"`
	Move                *spread   `json:"move,omitempty"`
	Crowd               *spread   `json:"crowd,omitempty"`
	Publish             *spread   `json:"publish,omitempty"`
	VisibleAfterPublish *spread   `json:"visible_after_publish,omitempty"`
	VisibleAfterEdit    *spread   `json:"visible_after_edit,omitempty"`
	Start               *spread   `json:"start,omitempty"`
	AfterReads          memory    `json:"memory_after_reads"`
	AfterEdits          memory    `json:"memory_after_edits"`
	Compressed          *spread   `json:"yardstick_compressed,omitempty"` // agenda.json, plain, by Go's compress/gzip
	BareStart           *spread   `json:"yardstick_start,omitempty"`      // of net/http with nothing to read
}

type importReport struct {
	Entries int     `json:"entries"`
	Bytes   int     `json:"bytes"`
	Took    *spread `json:"took"`
	Highest int64   `json:"highest_bytes"` // of memory
}

// spread is how durations are spread, in milliseconds, and the CPU time of the server in the mean.
type spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P99   float64 `json:"p99_ms"`
	Most  float64 `json:"longest_ms"`
	Cost  float64 `json:"cpu_ms,omitempty"`
}

// readRow is one answer of one server: medians of the rounds.
type readRow struct {
	Case   string  `json:"case"`
	Words  string  `json:"words"`
	Server string  `json:"server"`
	Bytes  int     `json:"bytes"` // of the body
	Rate   float64 `json:"requests_per_second"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Cost   float64 `json:"cpu_us_per_request"`
	// ToNginx and CostToNginx are medians of each round's ratio to nginx's same answer: above 1, it is more often answered than nginx
	// does, and costs less. 0: there is no nginx.
	ToNginx     float64 `json:"ratio_to_nginx,omitempty"`
	CostToNginx float64 `json:"cpu_ratio_to_nginx,omitempty"`
	// Plenary is how many times as often Plenary answers, and PlenaryCost how many of its answers this one costs.
	Plenary     float64 `json:"plenary_is_times"`
	PlenaryCost float64 `json:"plenary_cpu_is_times"`
}

// readRows gives the rows of all targets, those of one case together.
func readRows(targets []*target) []readRow {
	var rows []readRow
	for _, r := range readings {
		at := func(server string) []sample {
			for _, t := range targets {
				if t.reading.name == r.name && t.server.name == server {
					return t.samples
				}
			}
			return nil
		}
		for _, t := range targets {
			if t.reading.name == r.name {
				rows = append(rows, rowOf(t, at(nginxName), at(plenaryName)))
			}
		}
	}
	return rows
}

func rowOf(t *target, nginx, plenary []sample) readRow {
	rate, cost := func(s sample) float64 { return s.rate }, func(s sample) float64 { return float64(s.cost) }
	return readRow{Case: t.reading.name, Words: t.reading.words, Server: t.server.name, Bytes: len(t.body),
		Rate: medianOf(t.samples, rate), Cost: medianOf(t.samples, cost) / float64(time.Microsecond),
		P50:     medianOf(t.samples, func(s sample) float64 { return ms(s.p50) }),
		P99:     medianOf(t.samples, func(s sample) float64 { return ms(s.p99) }),
		ToNginx: ratioOf(t.samples, nginx, rate), CostToNginx: ratioOf(nginx, t.samples, cost),
		Plenary: ratioOf(plenary, t.samples, rate), PlenaryCost: ratioOf(t.samples, plenary, cost)}
}

// ratioOf is the median of the ratios of each round, 0 when there are none.
func ratioOf(above, below []sample, value func(sample) float64) float64 {
	var ratios []float64
	for i := range min(len(above), len(below)) {
		if value(below[i]) > 0 {
			ratios = append(ratios, value(above[i])/value(below[i]))
		}
	}
	return median(ratios)
}

func medianOf(samples []sample, value func(sample) float64) float64 {
	var list []float64
	for _, s := range samples {
		list = append(list, value(s))
	}
	return median(list)
}

// median gives the middle of a list, of two their mean, of none 0.
func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	if n == 0 {
		return 0
	}
	return (list[n/2] + list[(n-1)/2]) / 2
}

// spreadOf gives the nearest ranks of durations, of none nil.
func spreadOf(list []time.Duration) *spread {
	if len(list) == 0 {
		return nil
	}
	list = slices.Sorted(slices.Values(list))
	rank := func(percent int) float64 { return ms(list[(len(list)*percent+99)/100-1]) }
	return &spread{Count: len(list), P50: rank(50), P99: rank(99), Most: rank(100)}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// missing notes once what is not measured.
func (r *report) missing(what string) {
	if !slices.Contains(r.Missing, what) {
		r.Missing = append(r.Missing, what)
	}
}

func newReport(ctx context.Context, b *bench) *report {
	return &report{Date: time.Now().Format(time.DateOnly), Commit: commit(ctx), Machine: thisMachine(ctx, b), Rounds: b.wish.rounds,
		Seconds: b.wish.slot.Seconds(), Edits: b.wish.edits}
}

// commit names what is measured, "+" when the tree has something else besides.
func commit(ctx context.Context) string {
	hash, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	state, err := exec.CommandContext(ctx, "git", "status", "--porcelain").Output()
	if name := strings.TrimSpace(string(hash)); err != nil || len(state) > 0 {
		return name + "+"
	}
	return strings.TrimSpace(string(hash))
}

func thisMachine(ctx context.Context, b *bench) machine {
	m := machine{Cores: runtime.NumCPU(), Pinned: b.tools.taskset != "", Programs: map[string]string{"go": strings.TrimPrefix(runtime.Version(), "go")},
		CPU: valueIn("/proc/cpuinfo", "model name"), Memory: valueIn("/proc/meminfo", "MemTotal"), System: strings.Trim(valueIn("/etc/os-release", "PRETTY_NAME"), `"`)}
	if kernel, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = strings.TrimSpace(string(kernel))
	}
	m.Disk = fileSystemOf(b.dir)
	for name, command := range map[string][]string{"nginx": {b.tools.nginx, "-v"}, "wrk": {b.tools.wrk, "-v"}} {
		if command[0] != "" {
			out, _ := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput() // #nosec G204 -- programs that were found; wrk fails when it says its version
			m.Programs[name] = versionIn(string(out))
		}
	}
	return m
}

// versionIn gives the first word of a text that has digits on both sides of a point.
func versionIn(text string) string {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '/' || r == '\n' }) {
		if first, second, ok := strings.Cut(word, "."); ok && first != "" && second != "" && strings.Trim(first, "0123456789") == "" {
			return word
		}
	}
	return "unknown"
}

// valueIn gives the value of a name in a file of lines with names and values.
func valueIn(path, name string) string {
	text, err := os.ReadFile(path) // #nosec G304 -- names of our own
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if at := strings.IndexAny(line, ":="); at > 0 && strings.TrimSpace(line[:at]) == name {
			return strings.TrimSpace(line[at+1:])
		}
	}
	return "unknown"
}

// fileSystemOf gives the type of the file system of a folder, by the longest mount point above it.
func fileSystemOf(dir string) string {
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return "unknown"
	}
	longest, kind := "", "unknown"
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || len(fields[1]) < len(longest) {
			continue
		}
		if point := strings.TrimSuffix(fields[1], "/"); point == "" || dir == point || strings.HasPrefix(dir, point+"/") {
			longest, kind = fields[1], fields[2]
		}
	}
	return kind
}

func writeJSON(out io.Writer, r *report) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// gib gives a size in words.
func gib(kilobytes string) string {
	var n int64
	if _, err := fmt.Sscan(kilobytes, &n); err != nil {
		return kilobytes
	}
	return fmt.Sprintf("%.0f GiB", float64(n)/(1<<20))
}
