package store

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"plenary/internal/agenda"
)

// filledAt are the rows that a database has at a version, as the program of then wrote them: three of each. An address is
// upper case in one, and in letters that fold in another. ?n is the number of the row.
var filledAt = map[int64][]string{
	5: {
		`INSERT INTO people (id, name, name_key, honorific, job_title, organization, country, bio, photo_url, email, notes, languages, search, revision, created_at, updated_at)
			VALUES ('person?n', 'Name ?n', 'name ?n', '{}', '{}', '{}', '', '{}', '', 'ADDRESS?n@x.example', '', '', 'name ?n address?n@x.example works?n here', 1, 0, 0)`,
		`INSERT INTO people (id, name, name_key, honorific, job_title, organization, country, bio, photo_url, email, notes, languages, search, revision, created_at, updated_at)
			VALUES ('other?n', 'Other ?n', 'other ?n', '{}', '{}', '{}', '', '{}', '', 'áddress?n@x.example', '', '', 'other ?n address?n@x.example works?n here', 1, 0, 0)`,
		`INSERT INTO participants (event_id, person_id) VALUES ('e', 'person?n'), ('e', 'other?n')`,
		`INSERT INTO feeds (id, event_id, person_id, name, hash, language, fetched_by, created_at) VALUES ('feed?n', 'e', 'person?n', '', 'hash of feed?n', '', '', 0)`,
		`INSERT INTO tokens (id, name, event_id, scope, prefix, hash, created_at) VALUES ('token?n', '', 'e', 'read', 'plenary_?n', 'hash of token?n', 0)`,
		`INSERT INTO panels (id, event_id, uid, code, number, format, title, abstract, all_rooms, language, interpretation, stream_url, audience, cancelled, cancel_note, notes, search, revision, created_at, updated_at)
			VALUES ('panel?n', 'e', 'uid of panel?n', 'CODE?n', 0, 'talk', '{}', '{}', FALSE, '', '[]', '', 0, FALSE, '{}', '', '', 1, 0, 0)`,
		`INSERT INTO meetings (id, event_id, uid, topic, status, visibility, asking_name, asked_name, notes, revision, created_at, updated_at)
			VALUES ('meeting?n', 'e', 'uid of meeting?n', '{}', 'accepted', 'protocol', '{}', '{}', '', 1, 0, 0)`,
	},
	6: {`UPDATE feeds SET key_hash = 'hash of key?n' WHERE id = 'feed?n'`, `INSERT INTO closed_feeds (hash, closed_at) VALUES ('hash of closed?n', 0)`},
	7: {`INSERT INTO serials (event_id, kind, item_id, serial) VALUES ('e', 'panel', 'panel?n', 1?n)`},
	8: {
		`INSERT INTO accounts (id, email, email_verified, name, language, admin, password, totp, totp_step, recovery, revision, created_at, updated_at)
			VALUES ('account?n', 'a?n@x.example', TRUE, '', '', FALSE, 'hash of password?n', 'totp?n', 0, '["recovery?n"]', 1, 0, 0)`,
		`INSERT INTO logins (id, account_id, hash, method, address, agent, created_at, seen_at, expires_at, confirmed_at) VALUES ('login?n', 'account?n', 'hash of login?n', '', '', '', 0, 0, 0, 0)`,
		`INSERT INTO account_links (id, purpose, hash, account_id, email, roles, language, mailed, made_by, created_at, expires_at) VALUES ('link?n', 'reset', 'hash of link?n', 'account?n', '', '[]', '', TRUE, '', 0, 0)`,
		`INSERT INTO ceremonies (hash, kind, data, expires_at) VALUES ('hash of ceremony?n', '', '', 0)`,
	},
	10: {
		`INSERT INTO personal_links (id, event_id, person_id, hash, code_hash, created_at, expires_at, made_by, mailed) VALUES ('personal?n', 'e', 'person?n', 'hash of personal?n', 'hash of code?n', 0, 0, '', FALSE)`,
		`INSERT INTO personal_visits (hash, link_id, created_at, expires_at, code_hash, code_expires_at, code_tries) VALUES ('hash of visit?n', 'personal?n', 0, 0, 'hash of visit''s code?n', 0, 0)`,
		`INSERT INTO desk_codes (event_id, person_id, hash, expires_at, tries, made_by) VALUES ('e', 'person?n', 'hash of desk?n', 0, 0, '')`,
	},
}

// secretColumn matches what opens something, or tells one thing from all others.
var secretColumn = regexp.MustCompile(`^(id|uid|serial|code|password|totp|recovery|prefix|(.*_)?(hash|secret|token))$`)

// forgetPlans closes the connections that nobody uses: what one has prepared fails once where a column's type has changed.
func forgetPlans(t *testing.T, s *Store) {
	t.Helper()
	pool, err := s.reader.DB()
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxIdleConns(0)
	pool.SetMaxIdleConns(2)
}

// TestHoleV25SecretsStayDistinct: a migration of pretalx 0.7.1 gave every row the same secret. After each of ours, every
// secret of a database that was filled before is there, and is no other's.
func TestHoleV25SecretsStayDistinct(t *testing.T) {
	for dialect, url := range urls() {
		t.Run(dialect, func(t *testing.T) {
			s := open(t, url(t))
			provider, err := s.provider()
			if err != nil {
				t.Fatal(err)
			}
			held := map[string][]string{}
			for v := int64(5); v <= int64(migrations(t, s)); v++ {
				if _, err := provider.UpTo(t.Context(), v); err != nil {
					t.Fatal(err)
				}
				forgetPlans(t, s)
				now := secrets(t, s)
				for column, before := range held {
					same(t, fmt.Sprintf("%s after migration %d", column, v), now[column], before)
				}
				write(t, s, func(tx *Tx) error { return fillAt(tx, v) })
				held = secrets(t, s)
			}
			if len(held) < 30 {
				t.Errorf("only %d columns of secrets were looked at: %v", len(held), held)
			}
			var found []string
			if err := s.reader.Raw("SELECT search FROM people ORDER BY id").Scan(&found).Error; err != nil {
				t.Fatal(err)
			}
			same(t, "what people are found by", found, []string{"other 1", "other 2", "other 3", "name 1 works1 here", "name 2 works2 here", "name 3 works3 here"})
		})
	}
}

// fillAt adds the rows of a version.
func fillAt(tx *Tx, version int64) error {
	if version == 5 {
		if err := insertOldEvent(tx, agenda.Event{ID: "e", Slug: "forum", Name: agenda.Text{"en": "Forum"}, Zone: "UTC", StartDate: "2026-05-12", EndDate: "2026-05-12",
			Languages: []string{"en"}, Revision: 1, Created: at(0), Updated: at(0)}); err != nil {
			return err
		}
	}
	for _, statement := range filledAt[version] {
		for n := range 3 {
			if err := tx.db.Exec(strings.ReplaceAll(statement, "?n", fmt.Sprint(n+1))).Error; err != nil {
				return errors.Join(fmt.Errorf("%.60s", statement), err)
			}
		}
	}
	return nil
}

// secrets gives what is in each column of secrets of tables that have rows, and fails the test where two are alike.
func secrets(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	query := "SELECT m.name AS tab, c.name AS col FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'"
	if s.dialect == postgresDialect {
		query = "SELECT table_name AS tab, column_name AS col FROM information_schema.columns WHERE table_schema = current_schema()"
	}
	var columns []struct{ Tab, Col string }
	if err := s.reader.Raw(query).Scan(&columns).Error; err != nil {
		t.Fatal(err)
	}
	held := map[string][]string{}
	for _, c := range columns {
		if !secretColumn.MatchString(c.Col) || strings.HasPrefix(c.Tab, "goose") || strings.HasPrefix(c.Tab, "sqlite") {
			continue
		}
		var values []string
		if err := s.reader.Raw(fmt.Sprintf("SELECT CAST(%s AS TEXT) FROM %s WHERE %[1]s IS NOT NULL ORDER BY 1", c.Col, c.Tab)).Scan(&values).Error; err != nil {
			t.Fatal(err)
		}
		for i := range values {
			if i > 0 && values[i] == values[i-1] {
				t.Errorf("%s.%s is %q more than once", c.Tab, c.Col, values[i])
			}
		}
		if len(values) > 0 {
			held[c.Tab+"."+c.Col] = values
		}
	}
	return held
}
