package store

import (
	"context"
	"database/sql"
	"os"
)

// Stats are what operators see of an open database.
type Stats struct {
	Writer, Reader sql.DBStats
	Retries        uint64 // transactions that were run again because PostgreSQL asked for it
	Size, Log      int64  // bytes of SQLite's file and of its write-ahead log; 0: there is none
}

// Stats gives what can be known without asking the database.
func (s *Store) Stats() Stats {
	st := Stats{Retries: s.again.Load()}
	if pool, err := s.writer.DB(); err == nil {
		st.Writer = pool.Stats()
	}
	if pool, err := s.reader.DB(); err == nil {
		st.Reader = pool.Stats()
	}
	if s.dialect == sqliteDialect {
		st.Size, st.Log = sizeOf(s.where), sizeOf(s.where+"-wal")
	}
	return st
}

// sizeOf gives a file's size in bytes, and 0 for one that is not there.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// Schema gives the number of the newest migration in the database, 0 for an empty one.
func (s *Store) Schema(ctx context.Context) (int64, error) {
	return s.schema(s.reader.WithContext(ctx))
}
