package main

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1}, 5}, {[]float64{7, 1, 100}, 7}, {[]float64{4, 1, 3, 2}, 2.5}} {
		kept := slices.Clone(c.list)
		if got := median(c.list); got != c.want || !slices.Equal(kept, c.list) {
			t.Errorf("the median of %v is %v, want %v; the list is %v now", kept, got, c.want, c.list)
		}
	}
}

// A ratio is that of two turns in the same round: when the machine is half as fast for a while, it is so for both.
func TestRatioIsOfEachRound(t *testing.T) {
	ours := []sample{{rate: 100}, {rate: 50}, {rate: 90}}
	theirs := []sample{{rate: 200}, {rate: 100}, {rate: 100}}
	rate := func(s sample) float64 { return s.rate }
	if got := ratioOf(ours, theirs, rate); got != 0.5 {
		t.Errorf("the ratio is %v, want 0.5", got)
	}
	if got := ratioOf(ours, nil, rate); got != 0 {
		t.Errorf("without the other, the ratio is %v", got)
	}
	if got := ratioOf(ours, []sample{{}, {rate: 25}, {}}, rate); got != 2 {
		t.Errorf("a turn that found nothing counts: the ratio is %v, want 2", got)
	}
}

func TestSpread(t *testing.T) {
	var list []time.Duration
	for i := 100; i > 0; i-- {
		list = append(list, time.Duration(i)*time.Millisecond)
	}
	if diff := cmp.Diff(&spread{Count: 100, P50: 50, P99: 99, Most: 100}, spreadOf(list)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&spread{Count: 1, P50: 7, P99: 7, Most: 7}, spreadOf([]time.Duration{7 * time.Millisecond})); diff != "" {
		t.Error(diff)
	}
	if got := spreadOf(nil); got != nil {
		t.Errorf("nothing has the spread %v", got)
	}
}

// In each round every target has its turn, and no two rounds that follow begin alike.
func TestTurns(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 22} {
		first := -1
		for round := range 7 {
			order := turns(n, round)
			if n > 3 && order[0] == first {
				t.Errorf("%d targets: round %d begins as the one before", n, round)
			}
			first = order[0]
			if slices.Sort(order); order[0] != 0 || order[n-1] != n-1 || len(slices.Compact(order)) != n {
				t.Errorf("%d targets: round %d has %v", n, round, order)
			}
		}
	}
}

func TestRows(t *testing.T) {
	of := func(name string, rate float64, cost time.Duration) *target {
		return &target{reading: readings[1], server: &server{name: name}, body: []byte("four"),
			samples: []sample{{rate: rate, cost: cost, p50: time.Millisecond, p99: 2 * time.Millisecond}}}
	}
	got := readRows([]*target{of(plenaryName, 900, 12*time.Microsecond), of(nginxName, 1000, 10*time.Microsecond), of(naiveName, 9, 1200*time.Microsecond)})
	want := []readRow{
		{Case: "json", Words: "agenda.json", Server: plenaryName, Bytes: 4, Rate: 900, P50: 1, P99: 2, Cost: 12, ToNginx: 0.9, CostToNginx: 10. / 12, Plenary: 1, PlenaryCost: 1},
		{Case: "json", Words: "agenda.json", Server: nginxName, Bytes: 4, Rate: 1000, P50: 1, P99: 2, Cost: 10, ToNginx: 1, CostToNginx: 1, Plenary: 0.9, PlenaryCost: 10. / 12},
		{Case: "json", Words: "agenda.json", Server: naiveName, Bytes: 4, Rate: 9, P50: 1, P99: 2, Cost: 1200, ToNginx: 0.009, CostToNginx: 10. / 1200, Plenary: 100, PlenaryCost: 100},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdown(t *testing.T) {
	r := &report{Date: "2026-11-26", Commit: "af10a540c888", Rounds: 7, Seconds: 2, Turns: 140, Disturbed: 3,
		Machine: machine{CPU: "AMD EPYC", Cores: 2, Memory: "25165824 kB", System: "Debian 12", Kernel: "6.18", Disk: "ext4", Pinned: true,
			Programs: map[string]string{"go": "1.26.8", "nginx": "1.22.1"}},
		Sizes: []*sizeReport{{Panels: 40}, {Panels: 4000, Move: &spread{Count: 9, P50: 1.234, P99: 12.34, Cost: 1.1}, Compressed: &spread{Count: 15, P50: 70, P99: 81}, AfterReads: memory{39_600_000, 41_000_000, 20_400_000},
			Reads: []readRow{{Words: "agenda.json", Server: plenaryName, Bytes: 1234567, Rate: 24_061, P50: 0.7, P99: 2.9, Cost: 41.5, ToNginx: 1.06, CostToNginx: 1.03, Plenary: 1, PlenaryCost: 1},
				{Words: "agenda.json", Server: naiveName, Bytes: 1234567, Rate: 30.7, P50: 73, P99: 446, Cost: 32600, ToNginx: 0.0013, CostToNginx: 0.00132, Plenary: 784, PlenaryCost: 785}}}},
		Import:  &importReport{Entries: 10_000, Bytes: 12_400_000, Took: &spread{Count: 3, P50: 4321}, Highest: 310_000_000},
		Missing: []string{"wrk is not on this machine"}}
	want := `2026-11-26, commit af10a540c888. AMD EPYC, 2 cores, 24 GiB, Debian 12, kernel 6.18, databases on ext4, Go 1.26.8, nginx 1.22.1. Loopback, HTTP/1.1 without TLS; servers on one core, what asks them on another. Medians of 7 rounds, in which every answer of every server has a turn of 2 s; something else ran during 3 of 140 turns.

### 4,000 panels

| answer | server | bytes | answers/s | p50 ms | p99 ms | CPU µs | to nginx | CPU to nginx | Plenary is | by CPU |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
| agenda.json | Plenary | 1,234,567 | 24,061 | 0.70 | 2.90 | 41.5 | 1.06 | 1.03 |  |  |
|  | naive (Echo, GORM, encoding/json) | 1,234,567 | 30.7 | 73.0 | 446 | 32,600 | 0.0013 | 0.0013 | 784 × | 785 × |

| panels | 40 | 4,000 |
|---|--:|--:|
| p50 / p99 ms (CPU ms): a panel moved (PUT of its slot) |  | 1.23 / 12.3 (1.10) |
| resident memory at rest (its own) / highest MB: after reads |  | 40 (20) / 41 |
| yardsticks: the same agenda.json is compressed by Go's compress/gzip |  | 70.0 / 81.0 |

Import of a schedule.json of 10,000 entries (12 MB) into an empty database, with the start of the program: 4.3 s (p50 of 3), 310 MB of memory at most.

Not measured:

- wrk is not on this machine
`
	var got strings.Builder
	if err := writeMarkdown(&got, r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
	if err := writeJSON(&got, r); err != nil {
		t.Error(err)
	}
}

func TestWishes(t *testing.T) {
	w, err := readWish([]string{"-sizes", "40, 400", "-seconds", "0.5", "-cases", "304,json", "-with", "radicale"}, io.Discard)
	if err != nil || !slices.Equal(w.sizes, []int{40, 400}) || w.slot != 500*time.Millisecond || !w.wants("304") || w.wants("move") {
		t.Errorf("%+v, %v", w, err)
	}
	for _, args := range [][]string{{"-sizes", "many"}, {"-sizes", "0"}, {"-rounds", "0"}, {"-seconds", "0"}, {"-cases", "jsonx"}, {"-with", "indico"}, {"-o", "xml"}, {"-edits", "3"}, {"now"}, {"-pinned=perhaps"}} {
		if _, err := readWish(args, io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
