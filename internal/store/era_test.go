package store

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"plenary/internal/agenda"
	"plenary/internal/pgtest"
)

// hold takes all connections for writing while fn is called, and hands each of them to those that are given.
func (s *Store) hold(t *testing.T, fn func(), each ...func(*sql.Conn)) {
	t.Helper()
	pool, err := s.writer.DB()
	if err != nil {
		t.Fatal(err)
	}
	for range postgresWriters {
		conn, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, do := range each {
			do(conn)
		}
	}
	fn()
}

// A program that goes on while another one brings the schema up to date answers all that it is asked.
func TestAMigrationByAnotherProgramIsNotNoticed(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	s, other := fresh(t, url), open(t, url)
	e := plainEvent(1)
	write(t, s, func(tx *Tx) error { return tx.InsertEvent(e) })
	reads := func() {
		t.Helper()
		var all sync.WaitGroup
		for range 3 * postgresReaders {
			all.Go(func() {
				if err := s.Read(t.Context(), func(tx *Tx) error { _, err := tx.EventBySlug(e.Slug); return err }); err != nil {
					t.Errorf("a read: %v", err)
				}
			})
		}
		for range 2 * postgresWriters {
			all.Go(func() {
				if err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.Event(e.ID); return err }); err != nil {
					t.Errorf("a write: %v", err)
				}
			})
		}
		all.Wait()
	}
	reads() // all connections know the statements
	if err := other.writer.Exec("ALTER TABLE events ADD COLUMN later TEXT").Error; err != nil {
		t.Fatal(err)
	}
	reads()
}

// A connection whose server became a standby is not used any more, and who met it first does not notice.
func TestAConnectionToAStandbyIsGivenUp(t *testing.T) {
	t.Parallel()
	s := fresh(t, pgtest.URL(t))
	s.hold(t, func() {}, func(c *sql.Conn) {
		if _, err := c.ExecContext(t.Context(), "SET default_transaction_read_only = on"); err != nil {
			t.Fatal(err)
		}
	})
	write(t, s, func(tx *Tx) error { return tx.InsertEvent(plainEvent(1)) })
	// What may not write where it is asked to read is a mistake of ours, and is not tried again.
	tries := 0
	err := s.Read(t.Context(), func(tx *Tx) error { tries++; return tx.InsertEvent(plainEvent(2)) })
	if err == nil || tries != 1 {
		t.Errorf("writing in a read: %v, after %d tries", err, tries)
	}
}

// While there is no connection to be had, a transaction ends within the time that is set for it, as agenda.Unavailable; and so does a
// commit that is not answered.
func TestWhoWaitsInVainIsToldSo(t *testing.T) {
	t.Parallel()
	s := fresh(t, pgtest.URL(t))
	s.beginPatience, s.statementPatience, s.commitPatience = 200*time.Millisecond, 200*time.Millisecond, 200*time.Millisecond
	s.writer.Exec("CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'")
	s.writer.Exec("CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON rooms DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()")
	write(t, s, func(tx *Tx) error { return tx.InsertEvent(plainEvent(1)) })
	err := s.Write(t.Context(), func(tx *Tx) error {
		return tx.InsertRoom(agenda.Room{ID: "r", EventID: plainEvent(1).ID, Kind: agenda.RoomHall, Revision: 1})
	})
	if agenda.CodeOf(err) != agenda.Unavailable {
		t.Errorf("a commit that takes a minute: %v", err)
	}
	for name, wait := range map[string]func(*Tx) error{
		"a statement": func(tx *Tx) error { return tx.db.Exec("SELECT pg_sleep(60)").Error },
		"a question":  func(tx *Tx) error { var s string; return tx.db.Raw("SELECT pg_sleep(60)::text").Scan(&s).Error },
	} {
		err := s.Read(t.Context(), func(tx *Tx) error { return fault("wait", wait(tx), wording{}) })
		if agenda.CodeOf(err) != agenda.Unavailable {
			t.Errorf("%s that takes a minute: %v", name, err)
		}
	}
	s.hold(t, func() {
		if err := s.Write(t.Context(), func(*Tx) error { return nil }); agenda.CodeOf(err) != agenda.Unavailable {
			t.Errorf("a transaction without a connection: %v", err)
		}
	})
	write(t, s, func(tx *Tx) error { return tx.InsertEvent(plainEvent(2)) })
}
