package db

import (
	"io/fs"
	"testing"
)

func TestMigrationsAreEmbedded(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		files, err := Migrations(dialect)
		if err != nil {
			t.Fatal(err)
		}
		found, err := fs.Glob(files, "[0-9][0-9][0-9][0-9]_*.sql")
		if err != nil || len(found) == 0 {
			t.Errorf("%s: %v, %v", dialect, found, err)
		}
	}
	for _, dialect := range []string{"mysql", "../schema"} {
		if files, err := Migrations(dialect); err == nil {
			t.Errorf("%q gives %v", dialect, files)
		}
	}
}

func TestDemoIsEmbedded(t *testing.T) {
	found, err := fs.ReadDir(Demo(), ".")
	if err != nil || len(found) == 0 {
		t.Error(found, err)
	}
}
