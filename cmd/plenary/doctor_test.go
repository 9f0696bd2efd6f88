package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"

	"plenary/internal/pgtest"
	"plenary/internal/store"
)

// migrated is a database with the schema and nothing else.
var migrated = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	s, err := store.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
})

// examined is what the doctor says, by check.
type examined struct {
	status int
	text   string // all that it wrote
	Grade  grade
	found  map[string]finding
}

// doctorOf runs the doctor with these settings.
func doctorOf(t *testing.T, env []string, args ...string) examined {
	t.Helper()
	var out, complaints bytes.Buffer
	e := examined{found: map[string]finding{}}
	e.status = run(t.Context(), world{Args: append([]string{"doctor", "--json"}, args...), Environ: env, Out: &out, Err: &complaints})
	var said struct {
		Grade    grade
		Findings []finding
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	e.Grade, e.text = said.Grade, out.String()+complaints.String()
	for _, f := range said.Findings {
		if _, twice := e.found[f.Check]; twice || f.Says == "" || strings.ContainsAny(f.Says, "\n\r") || f.Grade != gradeOK && f.Do == "" {
			t.Errorf("%s is found twice, says nothing or not what to do: %+v", f.Check, f)
		}
		e.found[f.Check] = f
	}
	if (e.status == exitFailed) != (e.Grade == gradeWrong) {
		t.Errorf("%s, and status %d", e.Grade, e.status)
	}
	return e
}

// wants fails the test unless the check has that grade and says these words.
func (e examined) wants(t *testing.T, check string, g grade, words string) {
	t.Helper()
	if f := e.found[check]; f.Grade != g || !strings.Contains(f.Says+" "+f.Do, words) {
		t.Errorf("%s: %+v, want %s and %q", check, f, g, words)
	}
}

// grades gives those of all checks that are not as they should be.
func (e examined) grades() map[string]grade {
	all := map[string]grade{}
	for name, f := range e.found {
		if f.Grade != gradeOK {
			all[name] = f.Grade
		}
	}
	return all
}

// execute changes a database behind the program's back.
func execute(t *testing.T, url string, statements ...string) {
	t.Helper()
	driver := "sqlite"
	if strings.Contains(url, "://") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(s, err)
		}
	}
}

// onBoth runs the test with the URL of a migrated database of each kind.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, migrated.File(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, migrated.URL(t)) })
}

// An installation that is as it should be, with all that there can be: every check says ok.
func TestTheDoctorFindsNothing(t *testing.T) {
	t.Parallel()
	box, post := openPostbox(t)
	var issuer *httptest.Server
	issuer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"issuer":%[1]q,"authorization_endpoint":"%[1]s/a","token_endpoint":"%[1]s/t","jwks_uri":"%[1]s/k","response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}`, issuer.URL)
	}))
	t.Cleanup(issuer.Close)
	maildir, backups := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(maildir, "new"), 0o700); err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, url string) {
		succeed(t, []string{"PLENARY_DATABASE=" + url}, "account", "create", "a@example.org", "--admin")
		succeed(t, []string{"PLENARY_DATABASE=" + url}, "backup", "-o", filepath.Join(backups, filepath.Base(t.Name())))
		env := []string{"PLENARY_DATABASE=" + url, "PLENARY_BASE_URL=https://agenda.example.org", "PLENARY_TRUSTED_PROXIES=127.0.0.1", "PLENARY_OPS_ADDR=127.0.0.1:0",
			"PLENARY_SMTP_URL=" + post, "PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_MAIL_ANSWERS=meet@forum.example",
			"PLENARY_MAIL_INBOX=" + maildir, "PLENARY_OIDC_ISSUER=" + issuer.URL, "PLENARY_OIDC_CLIENT_ID=plenary", "PLENARY_OIDC_CLIENT_SECRET=hunter2"}
		e := doctorOf(t, env, "--backups", backups, "--thorough")
		want := strings.Fields("accounts address answers backups clock database database.clock database.schema mail operators outbox outbox.given_up proxies settings single_sign_on time_zones")
		odd := map[string]grade{}
		if strings.Contains(url, "://") {
			want = append(want, strings.Fields("database.connections database.durability database.extension database.notify")...)
			odd["database.durability"] = gradeWrong // the cluster of tests does not wait for its disk
		} else {
			want = append(want, strings.Fields("database.disk database.log database.rights")...)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(e.found))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(odd, e.grades()); diff != "" {
			t.Error(diff, e.text)
		}
		if strings.Contains(e.text, "hunter2") {
			t.Errorf("it tells a password: %s", e.text)
		}
		if _, err := os.Stat(filepath.Join(maildir, "cur")); err == nil {
			t.Error("it made a folder in the Maildir")
		}
	})
	t.Cleanup(func() {
		if len(box) > 0 {
			t.Error("it sent a letter")
		}
	})
}

// A database that is not as it should be is told of in a sentence, and left as it is.
func TestTheDoctorOnIllDatabases(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, url string) {
		env := []string{"PLENARY_DATABASE=" + url}
		ancient := time.Now().Add(-time.Hour).UnixMilli()
		execute(t, url, fmt.Sprintf(`INSERT INTO jobs (id, kind, about, due_at, tries, lease, lease_until, fault, created_at) VALUES ('j', 'mail', 'x', %d, 0, '', 0, '', 1)`, ancient),
			`INSERT INTO jobs (id, kind, about, due_at, tries, lease, lease_until, dead_at, fault, created_at) VALUES ('d', 'mail', 'x', 1, 12, '', 0, 5, 'no', 1)`)
		e := doctorOf(t, env)
		e.wants(t, "outbox", gradeWarning, "1 job waits, the oldest for 60 minutes")
		e.wants(t, "outbox.given_up", gradeWarning, "/console/jobs")
		e.wants(t, "accounts", gradeWarning, "no account yet")
		e.wants(t, "mail", gradeWarning, "PLENARY_SMTP_URL")
		future := time.Now().Add(time.Hour).UnixMilli()
		execute(t, url, fmt.Sprintf(`INSERT INTO account_links (id, purpose, hash, email, roles, language, mailed, made_by, created_at, expires_at) VALUES ('l', 'setup', 'h', '', '', '', false, '', 1, %d)`, future),
			fmt.Sprintf(`INSERT INTO activities (id, at, actor_kind, actor_id, actor_name, verb, subject_id, summary) VALUES ('x', %d, 'system', '', '', 'x', '', '')`, future))
		e = doctorOf(t, env)
		e.wants(t, "accounts", gradeWarning, "the link for the first one works")
		e.wants(t, "database.clock", gradeWrong, "in the future")
		execute(t, url, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, true)")
		e = doctorOf(t, env)
		e.wants(t, "database.schema", gradeWrong, "of a newer Plenary: its schema is 999")
		if _, looked := e.found["outbox"]; looked || e.status != exitFailed {
			t.Errorf("status %d, and it looks into what it does not know: %s", e.status, e.text)
		}
		execute(t, url, "DELETE FROM goose_db_version WHERE version_id > 20")
		doctorOf(t, env).wants(t, "database.schema", gradeWarning, "of an older Plenary: its schema is 20")
		execute(t, url, "DROP TABLE goose_db_version")
		doctorOf(t, env).wants(t, "database.schema", gradeWarning, "no tables yet")
	})
}

// Of a file that is broken, missing, open to others or somewhere else, too.
func TestTheDoctorOnFiles(t *testing.T) {
	t.Parallel()
	path := migrated.File(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"PLENARY_DATABASE=" + path}
	for what, content := range map[string][]byte{
		"a header":       append(bytes.Repeat([]byte{0xff}, 100), whole[100:]...),
		"half":           whole[:len(whole)/2/4096*4096],
		"a page":         slices.Concat(whole[:20*4096], bytes.Repeat([]byte{0x55}, 4096), whole[21*4096:]),
		"something else": []byte(strings.Repeat("<html>", 1000)),
		"a byte":         []byte("x"),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		e := doctorOf(t, env)
		e.wants(t, "database", gradeWrong, "damaged")
		e.wants(t, "database", gradeWrong, "plenary restore")
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, content) || e.status != exitFailed {
			t.Errorf("%s: status %d, or the file was changed: %v", what, e.status, err)
		}
	}
	if err := errors.Join(os.WriteFile(path, whole, 0o600), os.Chmod(path, 0o644)); err != nil { // #nosec G302 -- that is what is found
		t.Fatal(err)
	}
	doctorOf(t, env).wants(t, "database.rights", gradeWarning, "chmod 600 "+path)
	nowhere := filepath.Join(t.TempDir(), "x.db")
	e := doctorOf(t, []string{"PLENARY_DATABASE=" + nowhere})
	e.wants(t, "database", gradeWrong, "there is no database at "+nowhere)
	if _, err := os.Stat(nowhere); err == nil || e.found["database.disk"].Grade == "" { // how much room there is, is the machine's affair
		t.Errorf("it made a database, or does not say of the disk: %s", e.text)
	}
	doctorOf(t, []string{"PLENARY_DATABASE=" + filepath.Join(nowhere, "none", "x.db")}).wants(t, "database", gradeWrong, "does not exist")
	e = doctorOf(t, []string{"PLENARY_DATABASE=postgres://plenary:hunter2@127.0.0.1:1/x?connect_timeout=1"})
	e.wants(t, "database", gradeWrong, "does not answer")
	if strings.Contains(e.text, "hunter2") {
		t.Error(e.text)
	}
}

// What surrounds the database is looked at as well, and a fault in one thing keeps nothing else from being looked at.
func TestTheDoctorOnSurroundings(t *testing.T) {
	t.Parallel()
	database, old := "PLENARY_DATABASE="+migrated.File(t), t.TempDir()
	stale := write(t, old, "not-a-backup.txt", "hello")
	e := doctorOf(t, []string{database, "PLENARY_ADDR=0.0.0.0:80", "PLENARY_BASE_URL=http://agenda.example.org", "PLENARY_RATE_LIMIT=off", "PLENARY_OPS_ADDR=ops.invalid:9090",
		"PLENARY_SMTP_URL=smtp://jane:hunter2@127.0.0.1:1", "PLENARY_MAIL_FROM=agenda@forum.example", "PLENARY_MAIL_ANSWERS=meet@forum.example",
		"PLENARY_MAIL_INBOX=" + filepath.Join(old, "none"), "PLENARY_OIDC_ISSUER=http://127.0.0.1:1", "PLENARY_OIDC_CLIENT_ID=x"}, "--backups", old)
	for check, g := range map[string]grade{"address": gradeWarning, "settings.limits": gradeWarning, "operators": gradeWrong, "mail": gradeWrong, "answers": gradeWrong,
		"single_sign_on": gradeWrong, "backups": gradeWrong, "database": gradeOK, "database.schema": gradeOK} {
		e.wants(t, check, g, "")
	}
	if strings.Contains(e.text, "hunter2") {
		t.Errorf("it tells a password: %s", e.text)
	}
	doctorOf(t, []string{database, "PLENARY_BASE_URL=https://agenda.example.org"}).wants(t, "proxies", gradeWarning, "PLENARY_TRUSTED_PROXIES")
	backup := filepath.Join(old, "monday.plenary")
	succeed(t, []string{database}, "backup", "-o", backup)
	if err := errors.Join(os.Chtimes(backup, time.Now(), time.Now().Add(-72*time.Hour)), os.Chtimes(stale, time.Now(), time.Now())); err != nil {
		t.Fatal(err)
	}
	doctorOf(t, []string{database}, "--backups", old).wants(t, "backups", gradeWarning, "monday.plenary, is 3 days old")
	e = doctorOf(t, []string{"PLENARY_SMTP_URL=smtp://jane:hunter2@mail.example", database})
	e.wants(t, "settings", gradeWrong, "PLENARY_MAIL_FROM is missing")
	e.wants(t, "clock", gradeOK, "")
	status, out, stderr := program(t, []string{"PLENARY_DATABSE=x"}, "", "doctor")
	if status != exitFailed || !strings.HasPrefix(out, "ok       clock") || !strings.Contains(out, "wrong    settings") || !strings.Contains(stderr, "something is wrong") {
		t.Errorf("status %d\n%s%s", status, out, stderr)
	}
	if status, _, stderr := program(t, nil, "", "doctor", "now"); status != exitUsage {
		t.Errorf("status %d: %s", status, stderr)
	}
}

// A clock that stands in another time, and a check that breaks.
func TestTheDoctorOnClocks(t *testing.T) {
	for at, want := range map[string]grade{"1970-01-01": gradeWrong, "2025-12-31": gradeWrong, "2099-01-01": gradeWrong, time.Now().Format(time.DateOnly): gradeOK} {
		now, err := time.Parse(time.DateOnly, at)
		if err != nil {
			t.Fatal(err)
		}
		d := &doctor{now: func() time.Time { return now.Add(24*time.Hour - 1) }}
		if d.checkClock(t.Context()); d.worst() != want {
			t.Errorf("%s: %+v", at, d.findings)
		}
	}
	d := &doctor{now: time.Now}
	d.check(t.Context(), "x", time.Second, func(context.Context) { panic("oh") })
	if len(d.findings) != 1 || d.findings[0].Grade != gradeWrong || !strings.Contains(d.findings[0].Says, "oh") {
		t.Errorf("%+v", d.findings)
	}
	folder := t.TempDir()
	write(t, folder, "tzdata.zi", "# version 2019c\nR x\n")
	if got := zonesVersion(folder); got != "2019c" {
		t.Errorf("the version is %q", got)
	}
}
