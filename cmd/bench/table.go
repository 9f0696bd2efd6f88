package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// writeMarkdown prints the report as a part of docs/performance.md.
func writeMarkdown(out io.Writer, r *report) error {
	var w strings.Builder
	r.head(&w)
	for _, s := range r.Sizes {
		s.reads(&w)
	}
	r.growth(&w)
	if i := r.Import; i != nil {
		fmt.Fprintf(&w, "\nImport of a schedule.json of %s entries (%s MB) into an empty database, with the start of the program: %.1f s (p50 of %d), %s MB of memory at most.\n",
			whole(float64(i.Entries)), megabytes(int64(i.Bytes)), i.Took.P50/1000, i.Took.Count, megabytes(i.Highest))
	}
	for i, line := range r.Missing {
		if i == 0 {
			fmt.Fprint(&w, "\nNot measured:\n\n")
		}
		fmt.Fprintf(&w, "- %s\n", line)
	}
	_, err := io.WriteString(out, w.String())
	return err
}

// programs are the names of what takes part, in the order in which they are told.
var programs = [][2]string{{"go", "Go"}, {"nginx", "nginx"}, {"wrk", "wrk"}, {"pocketbase", "PocketBase"}, {"radicale", "Radicale"}}

func (r *report) head(w *strings.Builder) {
	m := r.Machine
	fmt.Fprintf(w, "%s, commit %s. %s, %d cores, %s, %s, kernel %s, databases on %s", r.Date, r.Commit, m.CPU, m.Cores, gib(m.Memory), m.System, m.Kernel, m.Disk)
	for _, p := range programs {
		if version := m.Programs[p[0]]; version != "" {
			fmt.Fprintf(w, ", %s %s", p[1], version)
		}
	}
	pinned := "servers on one core, what asks them on another"
	if !m.Pinned {
		pinned = "nothing was pinned to a core"
	}
	fmt.Fprintf(w, ". Loopback, HTTP/1.1 without TLS; %s.", pinned)
	if r.Turns > 0 {
		fmt.Fprintf(w, " Medians of %d rounds, in which every answer of every server has a turn of %s s; something else ran during %d of %d turns.",
			r.Rounds, strconv.FormatFloat(r.Seconds, 'g', 3, 64), r.Disturbed, r.Turns)
	}
	fmt.Fprintln(w)
}

// reads prints one row for each answer of each server.
func (s *sizeReport) reads(w *strings.Builder) {
	if len(s.Reads) == 0 {
		return
	}
	fmt.Fprintf(w, "\n### %s panels\n\n", whole(float64(s.Panels)))
	table(w, "answer", "server", "bytes", "answers/s", "p50 ms", "p99 ms", "CPU µs", "to nginx", "CPU to nginx", "Plenary is", "by CPU")
	before := ""
	for _, r := range s.Reads {
		words := r.Words
		if words == before {
			words = ""
		}
		before = r.Words
		cells := []string{words, r.Server, whole(float64(r.Bytes)), digits(r.Rate), digits(r.P50), digits(r.P99), digits(r.Cost),
			times(r.ToNginx, ""), times(r.CostToNginx, ""), times(r.Plenary, " ×"), times(r.PlenaryCost, " ×")}
		if r.Server == plenaryName {
			cells[9], cells[10] = "", ""
		}
		if r.Server == nginxName {
			cells[7], cells[8] = "", ""
		}
		row(w, cells...)
	}
}

// growth prints how what is not read grows with the event.
func (r *report) growth(w *strings.Builder) {
	lines := []struct {
		words string
		value func(*sizeReport) string
	}{
		{"p50 / p99 ms (CPU ms): a panel moved (PUT of its slot)", func(s *sizeReport) string { return both(s.Move) }},
		{fmt.Sprintf("p50 / p99 / longest ms: a panel moved by each of %d at a time", crowd), func(s *sizeReport) string { return longest(s.Crowd) }},
		{"p50 / p99 ms (CPU ms): a move published (POST of a release)", func(s *sizeReport) string { return both(s.Publish) }},
		{"visible to a reader who asks without a pause: after publishing was asked for", func(s *sizeReport) string { return both(s.VisibleAfterPublish) }},
		{"and after the move was, which was then published", func(s *sizeReport) string { return both(s.VisibleAfterEdit) }},
		{"from start to the first answer", func(s *sizeReport) string { return both(s.Start) }},
		{"resident memory at rest (its own) / highest MB: after reads", func(s *sizeReport) string { return s.AfterReads.String() }},
		{"and after edits", func(s *sizeReport) string { return s.AfterEdits.String() }},
		{"yardsticks: the same agenda.json is compressed by Go's compress/gzip", func(s *sizeReport) string { return both(s.Compressed) }},
		{"and net/http, bare, goes from start to the first answer, with nothing to read", func(s *sizeReport) string { return both(s.BareStart) }},
	}
	heads := []string{"panels"}
	for _, s := range r.Sizes {
		heads = append(heads, whole(float64(s.Panels)))
	}
	begun := false
	for _, line := range lines {
		cells, any := []string{line.words}, false
		for _, s := range r.Sizes {
			value := line.value(s)
			cells, any = append(cells, value), any || value != ""
		}
		if !any {
			continue
		}
		if !begun {
			fmt.Fprintln(w)
			table(w, heads...)
			begun = true
		}
		row(w, cells...)
	}
}

// table begins one: words to the left, all other columns are numbers.
func table(w *strings.Builder, heads ...string) {
	row(w, heads...)
	w.WriteString("|")
	for _, h := range heads {
		if h == "answer" || h == "server" || h == "panels" {
			w.WriteString("---|")
		} else {
			w.WriteString("--:|")
		}
	}
	w.WriteString("\n")
}

func row(w *strings.Builder, cells ...string) {
	w.WriteString("|")
	for _, c := range cells {
		fmt.Fprintf(w, " %s |", c)
	}
	w.WriteString("\n")
}

// both prints p50 and p99, and what it cost.
func both(s *spread) string {
	if s == nil {
		return ""
	}
	if s.Cost == 0 {
		return digits(s.P50) + " / " + digits(s.P99)
	}
	return digits(s.P50) + " / " + digits(s.P99) + " (" + digits(s.Cost) + ")"
}

// longest prints p50, p99 and what took longest.
func longest(s *spread) string {
	if s == nil {
		return ""
	}
	return digits(s.P50) + " / " + digits(s.P99) + " / " + digits(s.Most)
}

func (m memory) String() string {
	if m.Highest == 0 {
		return ""
	}
	return megabytes(m.Resident) + " (" + megabytes(m.Own) + ") / " + megabytes(m.Highest)
}

// megabytes prints bytes in units of 1,000,000.
func megabytes(n int64) string { return strconv.FormatFloat(float64(n)/1e6, 'f', 0, 64) }

// times prints a ratio, or nothing when there is none.
func times(ratio float64, unit string) string {
	if ratio == 0 {
		return ""
	}
	return digits(ratio) + unit
}

// digits prints a number with as many digits as it is known to: three, or all that are before the point.
func digits(x float64) string {
	switch {
	case x >= 100:
		return whole(x)
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case x < 0.1:
		return strconv.FormatFloat(x, 'g', 2, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// whole prints a number without a fraction, its thousands apart.
func whole(x float64) string {
	text := strconv.FormatFloat(x, 'f', 0, 64)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
