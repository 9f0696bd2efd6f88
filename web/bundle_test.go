package web

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"testing/fstest"
)

// gzipped gives how many bytes go over the wire.
func gzipped(t *testing.T, content []byte) int {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// budgets are what pages may load, in bytes compressed by gzip: a phone in a crowded hall has to wait for each of them.
var budgets = []struct {
	what  string
	files []string
	most  int
}{
	{"styles of the agenda", []string{"plenary.css", "agenda.css"}, 6 << 10},
	{"what a reader's own device adds to them", []string{"reader.css"}, 2 << 10},
	{"script of the agenda", []string{"agenda.js"}, 8 << 10},
	{"script that draws codes, when one is wanted", []string{"agenda_code.js"}, 3 << 10},
	{"worker that keeps copies", []string{"sw.js"}, 2 << 10},
	{"script of the account", []string{"account.js"}, 3 << 10},
	{"script of the timetable", []string{"console_timetable.js"}, 30 << 10},
	{"script of imports", []string{"console_import.js"}, 5 << 10},
}

func TestBundleBudgets(t *testing.T) {
	assets, err := Assets()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range budgets {
		sum := 0
		for _, name := range b.files {
			if assets[name] == nil {
				t.Fatalf("there is no %s", name)
			}
			sum += gzipped(t, assets[name])
		}
		if sum > b.most {
			t.Errorf("%s: %d bytes, at most %d", b.what, sum, b.most)
		}
		t.Logf("%s: %d of %d bytes", b.what, sum, b.most)
	}
}

// A source that can't be bundled is an error that says where, and nothing is taken from outside.
func TestBundlesAreClosed(t *testing.T) {
	sources := fstest.MapFS{
		"good.ts":       {Data: []byte(`import { twice } from "./deep/twice"; console.log(twice(21) satisfies number);`)},
		"deep/twice.ts": {Data: []byte(`export const twice = (n: number): number => n * 2;`)},
		"bad.ts":        {Data: []byte("const a = 1;\nconst = 2;")},
		"package.ts":    {Data: []byte(`import lodash from "lodash"; lodash();`)},
		"outside.ts":    {Data: []byte(`import "../embed.go";`)},
		"disk.ts":       {Data: []byte(`import "/etc/passwd";`)},
		"missing.ts":    {Data: []byte(`import "./none";`)},
	}
	made, err := bundle(sources, "good.ts")
	if err != nil || !bytes.Contains(made, []byte("console.log")) || bytes.Contains(made, []byte("import")) {
		t.Errorf("%s, %v", made, err)
	}
	for name, want := range map[string]string{"bad.ts": "bad.ts:2:6", "package.ts": "only relative paths", "outside.ts": "there is no such file",
		"disk.ts": "only relative paths", "missing.ts": "there is no such file"} {
		if made, err := bundle(sources, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %s, %v", name, made, err)
		}
	}
}
