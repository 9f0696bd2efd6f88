package store

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"
)

// reportEvery is after how many rows progress is told of.
const reportEvery = 1000

// Backup writes all that the database holds to w, as it is at one moment, while others go on reading and writing. What
// it writes can be restored into either kind of database. Progress, unless it is nil, hears how many rows are done.
// The error is the database's or that of w; what was written until then is useless.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	err := s.readOnce(ctx, func(tx *Tx) error { // what is written is not taken back
		schema, err := s.schema(tx.db)
		if err != nil {
			return err
		}
		zip := gzip.NewWriter(w)
		out := &archiveWriter{tx: tx, to: zip, sum: sha256.New(), progress: progress}
		if err := out.write(schema); err != nil {
			return err
		}
		return zip.Close()
	})
	if err != nil {
		return fmt.Errorf("back up %s: %w", s.where, err)
	}
	return nil
}

// Verified is what [Verify] found in an archive.
type Verified struct {
	Schema int64 // of the database that it was made of
	Rows   int64
}

// Verify reads a whole archive, which [Store.Backup] wrote, and says what is wrong with it: agenda.Invalid. It takes those of
// other schemas too, and no database.
func Verify(ctx context.Context, r io.Reader) (Verified, error) {
	var found Verified
	in := &archiveReader{}
	begin := func(h archiveHeader) error {
		if h.Format != archiveFormat || h.Version < 1 || h.Version > archiveVersion || len(h.Tables) == 0 {
			return badArchive("It is not a backup of Plenary, or one of a newer Plenary.")
		}
		found.Schema = h.Schema
		return nil
	}
	err := in.open(ctx, r, begin, func(t archiveTable, line []byte) error {
		var cells []json.RawMessage
		if err := json.Unmarshal(line, &cells); err != nil || len(cells) != len(t.Columns) {
			return badArchive("Its table %s is damaged.", t.Name)
		}
		return nil
	})
	found.Rows = in.total
	return found, err
}

// archiveWriter writes one archive.
type archiveWriter struct {
	tx          *Tx
	to          io.Writer
	sum         hash.Hash // of the lines so far
	progress    func(done, total int64)
	done, total int64 // rows
}

func (a *archiveWriter) write(schema int64) error {
	header := archiveHeader{Format: archiveFormat, Version: archiveVersion, Schema: schema}
	columns := make([][]column, len(tables))
	for i, t := range tables {
		var err error
		if columns[i], err = columnsOf(a.tx.db, t.name); err != nil {
			return err
		}
		var n int64
		if err := a.tx.db.Table(t.name).Count(&n).Error; err != nil {
			return err
		}
		a.total += n
		header.Tables = append(header.Tables, archiveTable{Name: t.name, Columns: convert(columns[i], columnName), Rows: n})
	}
	if err := a.line(header); err != nil {
		return err
	}
	for i, t := range tables {
		if err := a.table(t, columns[i]); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	a.progress(a.done, a.total)
	return a.line(trailerOf(a.sum))
}

func (a *archiveWriter) table(t table, columns []column) (err error) {
	rows, err := a.tx.db.Table(t.name).Order(t.key).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		cells := make([]any, len(columns))
		for i, c := range columns {
			if cells[i], err = c.encodeCell(values[i]); err != nil {
				return err
			}
		}
		if err := a.line(cells); err != nil {
			return err
		}
		if a.done++; a.done%reportEvery == 0 {
			a.progress(a.done, a.total)
		}
	}
	return rows.Err()
}

func (a *archiveWriter) line(value any) error {
	line := append(encodeJSON(value), '\n')
	_, _ = a.sum.Write(line) // never fails
	_, err := a.to.Write(line)
	return err
}
