package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/store"
)

// causeOf gives all that an error says.
func causeOf(err error) string {
	var e *agenda.Error
	if errors.As(err, &e) && e.Err != nil {
		return strings.TrimRight(e.Message, ".") + " (" + e.Err.Error() + ")"
	}
	return err.Error()
}

// mendDatabase is what to do about one that is damaged.
const mendDatabase = "Stop the server, copy the file away, and put the newest backup in its place with `plenary restore`."

func (d *doctor) checkDatabase(ctx context.Context, thorough bool) {
	if !strings.Contains(d.config.Database, "://") {
		d.checkPlace()
	}
	s, err := store.Look(ctx, d.config.Database, nil)
	if errors.Is(err, fs.ErrNotExist) {
		d.wrong("database", "If this is the first start, `plenary serve` makes it; else see whether its disk is there, and what PLENARY_DATABASE says.", "%v", err)
		return
	}
	if err != nil {
		d.wrong("database", "See what PLENARY_DATABASE says, and docs/operations.md.", "%v", err)
		return
	}
	defer s.Close()
	if s.Dialect() == "postgres" {
		if !d.checkServer(ctx, s) {
			return
		}
	} else if !d.checkFile(ctx, s, thorough) {
		return
	}
	if d.checkSchema(ctx, s) {
		d.checkSigns(ctx, s)
	}
}

// Below so many bytes there is too little room.
const (
	littleRoom = 512 << 20
	noRoom     = 64 << 20
)

// checkPlace looks at the file, its folder and its disk from outside.
func (d *doctor) checkPlace() {
	p, err := store.PlaceOf(d.config.Database)
	if p.Network != "" {
		d.wrong("database.disk", "", "%s", p.Network)
	} else if p.Free >= 0 {
		const do = "Make room: when there is none, nothing can be changed."
		switch need := max(littleRoom, 2*p.Size); {
		case p.Free < noRoom:
			d.wrong("database.disk", do, "%s are free", mebibytes(p.Free))
		case p.Free < need:
			d.warning("database.disk", do, "%s are free, for a database of %s", mebibytes(p.Free), mebibytes(p.Size))
		default:
			d.ok("database.disk", "%s are free", mebibytes(p.Free))
		}
	}
	if err != nil {
		return // the next check says so
	}
	switch {
	case p.Mode.Perm()&0o077 != 0:
		d.warning("database.rights", "chmod 600 "+p.Path, "others on this machine can read %s (%s)", p.Path, p.Mode.Perm())
	case p.Folder.Perm()&0o002 != 0:
		d.warning("database.rights", "chmod o-w "+filepath.Dir(p.Path), "everybody on this machine can put files into %s", filepath.Dir(p.Path))
	default:
		d.ok("database.rights", "nobody else can read it")
	}
	d.checkLog(p)
}

// muchLog is how large SQLite's log gets only when something keeps it from being moved into the file.
const muchLog = 256 << 20

func (d *doctor) checkLog(p store.Place) {
	if p.Log > muchLog {
		d.warning("database.log", "See whether a program has had the database open for long, such as a copy or a shell.", "the write-ahead log has %s", mebibytes(p.Log))
		return
	}
	d.ok("database.log", "the write-ahead log has %s", mebibytes(p.Log))
}

// checkFile reads the whole file. It says whether it can be relied upon.
func (d *doctor) checkFile(ctx context.Context, s *store.Store, thorough bool) bool {
	faults, err := s.Check(ctx, thorough)
	if err != nil {
		d.wrong("database", mendDatabase, "%v", err)
		return false
	}
	if len(faults) > 0 {
		d.wrong("database", mendDatabase, "%s is damaged: %s", d.config.Database, strings.Join(faults, "; "))
		return false
	}
	d.ok("database", "%s is whole, %s", d.config.Database, mebibytes(s.Stats().Size))
	return true
}

// oldestServer is the first PostgreSQL whose owner of a database may make the extension that is needed.
const oldestServer = 130000

// checkServer looks at PostgreSQL. It says whether it answers.
func (d *doctor) checkServer(ctx context.Context, s *store.Store) bool {
	v, err := s.Server(ctx)
	if err != nil {
		d.wrong("database", "See the log of PostgreSQL.", "%s", causeOf(err))
		return false
	}
	if v.Number < oldestServer {
		d.warning("database", "Move to one of the versions that PostgreSQL cares for.", "PostgreSQL %s is older than 13", v.Version)
	} else {
		d.ok("database", "PostgreSQL %s answers, %s", v.Version, mebibytes(v.Size))
	}
	d.checkSafety(v)
	if v.Encoding != "UTF8" {
		d.wrong("database.encoding", "Make the database anew with ENCODING 'UTF8', and restore a backup into it.", "the database has the encoding %s", v.Encoding)
	}
	if !v.Encrypted && !v.Local {
		d.warning("database.connection", "End the URL in ?sslmode=verify-full.", "the connection to PostgreSQL is on another machine, and not encrypted")
	}
	if v.Connections*10 > v.MostAtOnce*8 {
		d.warning("database.connections", "Raise max_connections, or have fewer programs: each process of Plenary has up to 20.", "%d of %d connections are taken", v.Connections, v.MostAtOnce)
	} else {
		d.ok("database.connections", "%d of %d connections are taken", v.Connections, v.MostAtOnce)
	}
	if err := s.Hears(ctx); err != nil {
		d.wrong("database.notify", "Give the URL of PostgreSQL itself, or of a pooler by session.", "%s", causeOf(err))
	} else {
		d.ok("database.notify", "what one process notifies of, another hears")
	}
	return true
}

// checkSafety looks at what makes PostgreSQL lose what it has acknowledged.
func (d *doctor) checkSafety(v store.Server) {
	switch {
	case v.Standby:
		d.wrong("database.durability", "Give the URL of the primary, or of all servers with ?target_session_attrs=read-write.", "this server follows another, and takes no changes")
	case v.Fsync != "on" || v.FullPages != "on":
		d.wrong("database.durability", "Set fsync and full_page_writes to on, in postgresql.conf.", "a power cut destroys the database: fsync is %s, full_page_writes %s", v.Fsync, v.FullPages)
	case v.Commit == "off":
		d.wrong("database.durability", "Set synchronous_commit to on.", "a power cut loses what was acknowledged: synchronous_commit is off")
	case v.Standbys != "":
		d.ok("database.durability", "commits wait for the disk and for standbys (%s, synchronous_commit %s)", v.Standbys, v.Commit)
	default:
		d.ok("database.durability", "commits wait for the disk (synchronous_commit %s); no standby is waited for", v.Commit)
	}
	if !v.Gist {
		d.warning("database.extension", "Install PostgreSQL's contrib modules; `plenary serve` makes the extension when it makes its tables.", "the extension btree_gist is not there")
		return
	}
	d.ok("database.extension", "btree_gist is there")
}

// checkSchema says whether the database is of this program.
func (d *doctor) checkSchema(ctx context.Context, s *store.Store) bool {
	database, program, err := s.Version(ctx)
	switch {
	case err != nil:
		d.wrong("database.schema", mendDatabase, "%v", err)
	case database > program:
		d.wrong("database.schema", "Run the newer program, or restore a backup from before.", "the database is of a newer Plenary: its schema is %d, and this program knows %d", database, program)
	case database == 0:
		d.warning("database.schema", "`plenary serve` makes them.", "the database has no tables yet")
	case database < program:
		d.warning("database.schema", "Make a backup with the program from before, then start this one: it brings the schema up to date.", "the database is of an older Plenary: its schema is %d, and this program's %d", database, program)
	default:
		d.ok("database.schema", "schema %d, as this program's", database)
		return true
	}
	return false
}

// What is waited for so long is not as it should be.
const (
	outboxAge = 10 * time.Minute
	skewSmall = 2 * time.Second
	skewLarge = time.Minute
)

// checkSigns looks at what is in the database.
func (d *doctor) checkSigns(ctx context.Context, s *store.Store) {
	g, err := s.Signs(ctx, d.now())
	if err != nil {
		d.wrong("outbox", "See the log of the database.", "%s", causeOf(err))
		return
	}
	d.checkOutbox(g.Outbox)
	switch {
	case g.Setup:
		d.warning("accounts", "Follow the link that the start printed: until then, whoever has it becomes administrator.", "there is no account yet, and the link for the first one works")
	case g.Accounts == 0:
		d.warning("accounts", "Start `plenary serve` and follow the link that it prints, or use `plenary account create EMAIL --admin`.", "there is no account yet")
	default:
		d.ok("accounts", "%s", count(int(g.Accounts), "account"))
	}
	d.checkSkew(ctx, s, g.Newest)
}

func (d *doctor) checkOutbox(outbox []store.Outbox) {
	due, dead, oldest := 0, 0, time.Time{}
	for _, o := range outbox {
		due, dead = due+o.Due, dead+o.Dead
		if !o.Oldest.IsZero() && (oldest.IsZero() || o.Oldest.Before(oldest)) {
			oldest = o.Oldest
		}
	}
	if age := d.now().Sub(oldest); due > 0 && age > outboxAge {
		d.warning("outbox", "See whether `plenary serve` runs, whether a mail server is set, and what the log says.", "%s, the oldest for %s", wait(due, "job"), ago(age))
	} else {
		d.ok("outbox", "%s", wait(due, "job"))
	}
	if dead > 0 {
		d.warning("outbox.given_up", "An administrator sees why at /console/jobs, and has them tried again or puts them away.", "letters and deliveries that were given up: %d", dead)
		return
	}
	d.ok("outbox.given_up", "nothing was given up")
}

// checkSkew compares our clock with the database's, and with the newest of what is in it.
func (d *doctor) checkSkew(ctx context.Context, s *store.Store, newest time.Time) {
	const do = "Let NTP keep the clocks of all machines."
	theirs, err := s.Clock(ctx)
	if err != nil {
		d.wrong("database.clock", "See the log of the database.", "%s", causeOf(err))
		return
	}
	skew := theirs.Sub(d.now()).Abs()
	if s.Dialect() == "sqlite" {
		skew = 0 // it is this machine's
	}
	switch ahead := newest.Sub(d.now()); {
	case skew > skewLarge:
		d.wrong("database.clock", do, "the clocks of this machine and of the database's differ by %s", ago(skew))
	case ahead > skewLarge:
		d.wrong("database.clock", "See which clock was wrong; "+do, "the newest activity is of %s, which is in the future", newest.Format(time.RFC3339))
	case skew > skewSmall:
		d.warning("database.clock", do, "the clocks of this machine and of the database's differ by %s", skew.Round(time.Millisecond))
	default:
		d.ok("database.clock", "nothing in the database is of the future")
	}
}

// backupAge is how old the newest backup may be.
const backupAge = 26 * time.Hour

// checkBackups looks for the newest backup in a folder.
func (d *doctor) checkBackups(folder string) {
	const do = "See why `plenary backup` was not run, or did not end."
	entries, err := os.ReadDir(folder)
	if err != nil {
		d.wrong("backups", "Name the folder with the files that `plenary backup` writes.", "%v", err)
		return
	}
	name, newest := "", time.Time{}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && info.ModTime().After(newest) && isBackup(filepath.Join(folder, e.Name())) {
			name, newest = e.Name(), info.ModTime()
		}
	}
	age := d.now().Sub(newest)
	switch {
	case name == "":
		d.wrong("backups", do, "there is no backup in %s", folder)
	case age > backupAge:
		d.warning("backups", do, "the newest backup, %s, is %s old", name, ago(age))
	default:
		d.ok("backups", "the newest backup, %s, is %s old", name, ago(age))
	}
}

// isBackup says whether a file begins as a backup does.
func isBackup(path string) bool {
	f, err := os.Open(path) // #nosec G304 -- of the folder that the operator names
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = store.ReadArchived(f)
	return err == nil
}
