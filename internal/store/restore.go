package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"plenary/internal/agenda"
)

// parameters is how many values one statement may have; SQLite takes 32,766.
const parameters = 10_000

// statementBytes is how many bytes of texts and files one statement has, once there are that many.
const statementBytes = 4 << 20

// Restore replaces all that the database holds by what the archive has, which [Store.Backup] wrote from either kind of
// database. It reads the whole archive first, and changes nothing unless all of it is as it was written and of the
// database's own schema; that error is agenda.Invalid. All rows are replaced in one transaction, so that it may be done
// under a running server: others see the old state or the new one. What they keep in memory of the old one is theirs to
// drop. Progress, unless it is nil, hears how many rows are done.
func (s *Store) Restore(ctx context.Context, r io.ReadSeeker, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	begin, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	in := &archiveReader{columns: map[string][]column{}}
	err = s.Read(ctx, func(tx *Tx) error {
		if in.schema, err = s.schema(tx.db); err != nil {
			return err
		}
		for _, t := range tables {
			if in.columns[t.name], err = columnsOf(tx.db, t.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("restore %s: %w", s.where, err)
	}
	if err := in.read(ctx, r, func(string, []any) error { return nil }); err != nil {
		return err
	}
	return s.Write(ctx, func(tx *Tx) error {
		if _, err := r.Seek(begin, io.SeekStart); err != nil {
			return fmt.Errorf("read the backup: %w", err)
		}
		if err := tx.clear(); err != nil {
			return fmt.Errorf("restore %s: %w", s.where, err)
		}
		to := &restorer{tx: tx, columns: in.columns, progress: progress, total: in.total}
		if err := in.read(ctx, r, to.add); err != nil {
			return err
		}
		if err := to.flush(); err != nil {
			return err
		}
		return tx.TellPublic()
	})
}

// clear removes every row of every table. On PostgreSQL others wait with their changes from now on: a row that they add
// meanwhile would stay.
func (tx *Tx) clear() error {
	if tx.dialect == postgresDialect {
		names := make([]string, len(tables))
		for i, t := range tables {
			names[i] = t.name
		}
		if err := tx.db.Exec("LOCK TABLE " + strings.Join(names, ", ") + " IN EXCLUSIVE MODE").Error; err != nil {
			return fault("lock", err, wording{})
		}
	}
	// What refers to participants, rooms and tracks goes first, then the events with all that they own, releases too,
	// which go in no other way. Then the rest, what refers to others before what it refers to.
	order := append(slices.Clone(usersOfResources), "events")
	for i := len(tables) - 1; i > 0; i-- {
		order = append(order, tables[i].name)
	}
	return tx.unguarded("activities", "activities_remain", func() error {
		for _, name := range order {
			if err := tx.db.Exec("DELETE FROM " + name).Error; err != nil {
				return fault("empty "+name, err, wording{})
			}
		}
		return nil
	})
}

// unguarded runs fn while the trigger of the table does not fire in this transaction. No other one sees it away.
func (tx *Tx) unguarded(table, trigger string, fn func() error) error {
	away, back := "ALTER TABLE "+table+" DISABLE TRIGGER "+trigger, "ALTER TABLE "+table+" ENABLE TRIGGER "+trigger
	if tx.dialect != postgresDialect {
		away = "DROP TRIGGER " + trigger
		if err := tx.db.Raw("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", trigger).Scan(&back).Error; err != nil {
			return fault("read "+trigger, err, wording{})
		}
	}
	if err := tx.db.Exec(away).Error; err != nil {
		return fault("put away "+trigger, err, wording{})
	}
	if err := fn(); err != nil {
		return err
	}
	return fault("put back "+trigger, tx.db.Exec(back).Error, wording{})
}

// restorer inserts rows, many at a time.
type restorer struct {
	tx          *Tx
	columns     map[string][]column
	table       string // of the rows that wait
	waiting     [][]any
	bytes       int // of them
	progress    func(done, total int64)
	done, total int64
}

func (r *restorer) add(table string, values []any) error {
	if table != r.table || (len(r.waiting)+1)*len(values) > parameters || r.bytes > statementBytes {
		if err := r.flush(); err != nil {
			return err
		}
		r.table = table
	}
	r.waiting = append(r.waiting, values)
	for _, v := range values {
		switch v := v.(type) {
		case string:
			r.bytes += len(v)
		case []byte:
			r.bytes += len(v)
		}
	}
	return nil
}

func (r *restorer) flush() error {
	if len(r.waiting) == 0 {
		return nil
	}
	one := "(?" + strings.Repeat(", ?", len(r.waiting[0])-1) + ")"
	statement := "INSERT INTO " + r.table + " (" + strings.Join(convert(r.columns[r.table], columnName), ", ") +
		") VALUES " + one + strings.Repeat(", "+one, len(r.waiting)-1)
	var args []any
	for _, values := range r.waiting {
		args = append(args, values...)
	}
	err := fault("restore "+r.table, r.tx.db.Exec(statement, args...).Error, wording{})
	if code := agenda.CodeOf(err); code == agenda.Invalid || code == agenda.Taken {
		return badArchive("Its table %s breaks a rule of the database: %w", r.table, err)
	}
	if err != nil {
		return err
	}
	r.done += int64(len(r.waiting))
	r.waiting, r.bytes = r.waiting[:0], 0
	r.progress(r.done, r.total)
	return nil
}

// archiveReader reads an archive, as often as it must.
type archiveReader struct {
	schema  int64 // of the database
	columns map[string][]column
	total   int64 // rows, once it was read
	lines   *bufio.Reader
	sum     hash.Hash // of the lines so far
}

// read gives each row to add, and says what is wrong with the archive; errors of add it passes on.
func (a *archiveReader) read(ctx context.Context, from io.Reader, add func(table string, values []any) error) error {
	return a.open(ctx, from, func(h archiveHeader) error { return h.fits(a.schema, a.columns) }, func(t archiveTable, line []byte) error {
		values, err := decodeRow(line, a.columns[t.Name])
		if err != nil {
			return badArchive("Its table %s is damaged: %w", t.Name, err)
		}
		return add(t.Name, values)
	})
}

// open reads the whole archive. It gives the header to begin and each line to row, whose errors it passes on, and says what else is
// wrong.
func (a *archiveReader) open(ctx context.Context, from io.Reader, begin func(archiveHeader) error, row func(archiveTable, []byte) error) error {
	zip, err := gzip.NewReader(from)
	if err != nil {
		return badArchive("It is not a backup of Plenary, or it is damaged: %w", err)
	}
	a.lines, a.sum, a.total = bufio.NewReaderSize(zip, 1<<16), sha256.New(), 0
	line, err := a.line()
	if err != nil {
		return err
	}
	var header archiveHeader
	if err := decodeLine(line, &header); err != nil {
		return badArchive("It is not a backup of Plenary: %w", err)
	}
	if err := begin(header); err != nil {
		return err
	}
	for _, t := range header.Tables {
		if err := a.table(ctx, t, row); err != nil {
			return err
		}
	}
	want := trailerOf(a.sum)
	if line, err = a.line(); err != nil {
		return err
	}
	var trailer archiveTrailer
	if err := decodeLine(line, &trailer); err != nil || trailer != want {
		return badArchive("It was changed after it was made, or is damaged: its checksum is wrong.")
	}
	if _, err := a.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return badArchive("Something follows its end.")
	}
	return nil
}

func (a *archiveReader) table(ctx context.Context, t archiveTable, row func(archiveTable, []byte) error) error {
	for range t.Rows {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read the backup: %w", err)
		}
		line, err := a.line()
		if err != nil {
			return err
		}
		if err := row(t, line); err != nil {
			return err
		}
		a.total++
	}
	return nil
}

// line gives the next line, without its end, and adds it to the checksum.
func (a *archiveReader) line() ([]byte, error) {
	var line []byte
	for {
		part, err := a.lines.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, badArchive("It is damaged or not complete: %w", err)
		}
		if len(line) > largestLine {
			return nil, badArchive("It is damaged: a line is longer than any can be.")
		}
	}
	_, _ = a.sum.Write(line) // never fails
	return bytes.TrimSuffix(line, []byte("\n")), nil
}
