package store

import (
	"context"
	"strings"
)

// Tell tells words, which have no commas in them, to the programs that listen on the same PostgreSQL, this one included. Nothing waits for the
// standby, and nothing is told again to who did not listen: there must be another way to learn of it, later. On SQLite nobody
// listens, and it does nothing.
func (s *Store) Tell(ctx context.Context, words ...string) error {
	if s.dialect != postgresDialect || s.closed.Load() {
		return nil
	}
	// In a transaction of its own, after what it tells of: commits that tell something wait for each other in PostgreSQL, with the
	// synchronous standby in it, and every change of every event would wait in that line.
	told := s.writer.WithContext(ctx).Exec(`SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, word)
		FROM unnest(string_to_array(?, ',')) AS word`, channel, strings.Join(words, ","))
	return fault("tell others", told.Error, wording{})
}
