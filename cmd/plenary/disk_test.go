package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"plenary/internal/pgtest"
)

// smallDisk gives a folder on a disk of so many MiB, and what takes the room that is left on it and gives it back. Only root may make one.
func smallDisk(t *testing.T, size int) (folder string, fill, clear func()) {
	t.Helper()
	folder = t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm,mode=0700", size), "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("a small disk can't be made: this takes root and mount: %v\n%s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", folder).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	filler := filepath.Join(folder, "filler")
	fill = func() {
		t.Helper()
		f, err := os.OpenFile(filler, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for page := make([]byte, 4096); ; {
			if _, err := f.Write(page); err != nil {
				return // full
			}
		}
	}
	return folder, fill, func() {
		t.Helper()
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
}

// organizer asks the API of a running program, and reads its pages.
type organizer struct {
	*testing.T
	base, token string
}

func (o organizer) ask(method, path, body string, headers ...string) (status int, header http.Header, text string) {
	o.Helper()
	req, err := http.NewRequest(method, o.base+path, strings.NewReader(body))
	if err != nil {
		o.Fatal(err)
	}
	if strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+o.token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		o.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(answer)
}

// must is ask of what must be answered so.
func (o organizer) must(want int, method, path, body string, headers ...string) string {
	o.Helper()
	status, _, text := o.ask(method, path, body, headers...)
	if status != want {
		o.Fatalf("%s %s: %d, want %d\n%s", method, path, status, want, text)
	}
	return text
}

// servedForum starts the program on a new database with an Event, "forum", that is published. More are settings.
func servedForum(t *testing.T, database string, more ...string) (*replica, organizer) {
	t.Helper()
	env := append([]string{"HOME=" + t.TempDir(), "PLENARY_ADDR=" + freeAddress(t), "PLENARY_DATABASE=" + database, "PLENARY_RATE_LIMIT=off"}, more...)
	o := organizer{T: t, token: strings.TrimSpace(succeed(t, env, "token", "create", "--name", "test"))}
	r := newReplica(t, env...)
	o.base = r.base
	r.start()
	r.ready()
	o.must(http.StatusCreated, http.MethodPost, "/api/v1/events", `{"slug":"forum","name":{"en":"Forum"},"zone":"UTC","start_date":"2099-06-01","end_date":"2099-06-02","languages":["en"]}`)
	o.must(http.StatusCreated, http.MethodPost, "/api/v1/events/forum/releases", `{}`)
	return r, o
}

// room makes a Room with a long description, and gives its name when it was acknowledged.
func (o organizer) room(n int) (status int, name, answer string) {
	o.Helper()
	name = fmt.Sprint("Room ", n)
	body, _ := json.Marshal(map[string]any{"name": map[string]string{"en": name}, "kind": "hall", "description": map[string]string{"en": strings.Repeat("w", 3000)}})
	status, _, answer = o.ask(http.MethodPost, "/api/v1/events/forum/rooms", string(body))
	return status, name, answer
}

// TestADiskThatIsFull fills the disk under the running program. What would change something is told so, with 507; reading goes on, and
// the program says that it is so; once there is room it goes on by itself, and has all that it acknowledged.
func TestADiskThatIsFull(t *testing.T) {
	t.Parallel()
	folder, fill, clear := smallDisk(t, 16)
	database := filepath.Join(folder, "plenary.db")
	r, o := servedForum(t, database)
	if said := o.must(http.StatusOK, http.MethodGet, "/readyz", ""); said != "ready\n" {
		t.Errorf("before: %q", said)
	}
	fill()
	var kept []string
	refused := 0
	for n := 0; refused < 3; n++ {
		status, name, answer := o.room(n)
		switch {
		case status == http.StatusCreated:
			kept = append(kept, name)
		case status == http.StatusInsufficientStorage && strings.Contains(answer, `"code":"full"`) && strings.Contains(answer, `"status":507`):
			refused++
		default:
			t.Fatalf("room %d: %d %s", n, status, answer)
		}
		if n > 5000 {
			t.Fatal("the disk does not become full")
		}
	}
	t.Logf("%d rooms were taken by a disk that was full already but for its log", len(kept))
	for _, path := range []string{"/forum/", "/forum/agenda.json", "/forum/agenda.ics", "/api/v1/events/forum/rooms", "/api/v1/events/forum", "/healthz"} {
		o.must(http.StatusOK, http.MethodGet, path, "")
	}
	if said := o.must(http.StatusOK, http.MethodGet, "/readyz", ""); !strings.HasPrefix(said, "read-only: ") {
		t.Errorf("while it is full: %q", said)
	}
	if page := o.must(http.StatusInsufficientStorage, http.MethodPost, "/sign-in", "email=a%40example.org&password=x", "Content-Type: application/x-www-form-urlencoded", "Accept: text/html", "Origin: "+o.base); !strings.Contains(page, "There is no room left") {
		t.Errorf("the page: %s", page)
	}
	succeed(t, r.env[1:], "backup", "-o", filepath.Join(t.TempDir(), "all.backup"))

	clear()
	if said := o.must(http.StatusOK, http.MethodGet, "/readyz", ""); said != "ready\n" {
		t.Errorf("when there is room again: %q", said)
	}
	status, name, answer := o.room(9999)
	if status != http.StatusCreated {
		t.Fatalf("when there is room again: %d %s", status, answer)
	}
	kept = append(kept, name)
	r.kill()
	r.start()
	r.ready()
	mustHaveRooms(t, database, kept)
	r.end()
}

// TestADatabaseServerThatIsFull fills the disk of the database on a PostgreSQL server under the running program.
func TestADatabaseServerThatIsFull(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	if os.Getenv("PLENARY_TEST_POSTGRES") != "" {
		t.Skip("SKIPPED: the server is not ours to fill")
	}
	folder, fill, clear := smallDisk(t, 40)
	moveDatabase(t, database, folder)
	r, o := servedForum(t, database)
	fill()
	kept, refused := 0, 0
	for n := 0; refused < 3; n++ {
		status, _, answer := o.room(n)
		switch {
		case status == http.StatusCreated:
			kept++
		case status == http.StatusInsufficientStorage && strings.Contains(answer, `"code":"full"`):
			refused++
		default:
			t.Fatalf("room %d: %d %s", n, status, answer)
		}
		if n > 5000 {
			t.Fatal("the disk does not become full")
		}
	}
	o.must(http.StatusOK, http.MethodGet, "/forum/agenda.json", "")
	o.must(http.StatusOK, http.MethodGet, "/api/v1/events/forum/rooms", "")
	if said := o.must(http.StatusOK, http.MethodGet, "/readyz", ""); !strings.HasPrefix(said, "read-only: ") {
		t.Errorf("while it is full: %q", said)
	}
	clear()
	if said := o.must(http.StatusOK, http.MethodGet, "/readyz", ""); said != "ready\n" {
		t.Errorf("when there is room again: %q", said)
	}
	if status, _, answer := o.room(9999); status != http.StatusCreated {
		t.Fatalf("when there is room again: %d %s", status, answer)
	}
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow("SELECT COUNT(*) FROM rooms").Scan(&n); err != nil || n != kept+1 {
		t.Errorf("%d rooms are there, %d were acknowledged, %v", n, kept+1, err)
	}
	r.end()
}

// moveDatabase moves an empty database of the tests' server to a folder.
func moveDatabase(t *testing.T, database, folder string) {
	t.Helper()
	at, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(at.Path, "/")
	at.Path = "/postgres"
	db, err := sql.Open("pgx", at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var data string
	if err := db.QueryRow("SHOW data_directory").Scan(&data); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	// The server runs as somebody else, who has to come there.
	for _, line := range [][]string{{"chmod", "a+x", filepath.Dir(folder)}, {"chown", fmt.Sprint(info.Sys().(*syscall.Stat_t).Uid), folder}} {
		if out, err := exec.Command(line[0], line[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", line, err, out)
		}
	}
	small := strings.Replace(name, "plenary_test_", "small_", 1)
	t.Cleanup(func() { // before the disk goes
		db, err := sql.Open("pgx", at.String())
		if err != nil {
			t.Error(err)
			return
		}
		defer db.Close()
		for _, statement := range []string{"DROP DATABASE " + name + " WITH (FORCE)", "DROP TABLESPACE " + small} {
			if _, err := db.Exec(statement); err != nil {
				t.Error(err)
			}
		}
	})
	for _, statement := range []string{"CREATE TABLESPACE " + small + " LOCATION '" + folder + "'", "ALTER DATABASE " + name + " SET TABLESPACE " + small} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// mustHaveRooms looks whether the file is in order and has rooms of exactly these names.
func mustHaveRooms(t *testing.T, database string, names []string) {
	t.Helper()
	db, err := sql.Open("sqlite", database+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&found); err != nil || found != "ok" {
		t.Errorf("the file: %s, %v", found, err)
	}
	for _, name := range names {
		var n int
		if err := db.QueryRow("SELECT COUNT(*) FROM rooms WHERE name = ?", `{"en":"`+name+`"}`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%s, which was acknowledged, is there %d times, %v", name, n, err)
		}
	}
	var n int
	if err := db.QueryRow("SELECT COUNT(*) FROM rooms").Scan(&n); err != nil || n != len(names) {
		t.Errorf("%d rooms are there, %d were acknowledged, %v", n, len(names), err)
	}
}
