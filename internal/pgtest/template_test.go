package pgtest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestCopiesOfATemplateAreApart(t *testing.T) {
	prepared := 0
	template := NewTemplate(func(ctx context.Context, url string) error {
		prepared++
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "CREATE TABLE rooms AS SELECT 1 AS id")
		return errors.Join(err, conn.Close(ctx))
	})
	one, two := connect(t, template.URL(t)), connect(t, template.URL(t))
	if _, err := one.Exec(context.Background(), "INSERT INTO rooms VALUES (2)"); err != nil {
		t.Fatal(err)
	}
	const rooms = "SELECT count(*) FROM rooms"
	got := []int{query[int](t, one, rooms), query[int](t, two, rooms), prepared}
	if diff := cmp.Diff([]int{2, 1, 1}, got); diff != "" {
		t.Errorf("rows in the two copies, and how often the template was prepared (-want +got):\n%s", diff)
	}
}

func TestCopiesOfAFileAreApart(t *testing.T) {
	prepared := 0
	template := NewTemplate(func(_ context.Context, path string) error {
		prepared++
		return os.WriteFile(path, []byte("prepared"), 0o600)
	})
	one, two := template.File(t), template.File(t)
	if err := os.WriteFile(one, []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if body, err := os.ReadFile(two); err != nil || !bytes.Equal(body, []byte("prepared")) || prepared != 1 {
		t.Errorf("the other copy is %q (%v), prepared %d times", body, err, prepared)
	}
}

// A template that lacks what is in its log would make tests of something else.
func TestATemplateThatIsNotClosedIsRefused(t *testing.T) {
	template := NewTemplate(func(_ context.Context, path string) error {
		return errors.Join(os.WriteFile(path, []byte("half"), 0o600), os.WriteFile(path+"-wal", []byte("the other half"), 0o600))
	})
	if _, err := template.file(); err == nil || !strings.Contains(err.Error(), "has a log") {
		t.Error(err)
	}
}

// A server of others is left without our templates.
func TestTemplatesAreDropped(t *testing.T) {
	admin := admin(t)
	template := NewTemplate(func(context.Context, string) error { return nil })
	name, err := template.postgres()
	if err != nil {
		t.Fatal(err)
	}
	if err := dropAll(admin, []string{name}); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(context.Background(), admin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if n := query[int](t, conn, "SELECT count(*) FROM pg_database WHERE datname = '"+name+"'"); n != 0 {
		t.Errorf("%s is still there", name)
	}
}
