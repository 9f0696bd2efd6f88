package store

import (
	"cmp"
	"database/sql"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"plenary/db"
)

var update = flag.Bool("update", false, "rewrite db/schema from the migrated databases")

// dumps says for each database how to ask for its schema: one text per line, in a fixed order.
var dumps = map[string][]string{
	sqliteDialect: {`SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
		AND tbl_name <> 'goose_db_version' ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`},
	postgresDialect: {
		`SELECT 'TABLE ' || c.relname || E' (\n' || string_agg('    ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
			|| CASE WHEN a.attcollation <> 0 AND l.collname <> 'default' THEN ' COLLATE "' || l.collname || '"' ELSE '' END
			|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
			|| COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''), E',\n' ORDER BY a.attnum) || E'\n);'
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'goose_db_version'
		GROUP BY c.relname ORDER BY c.relname COLLATE "C"`,
		`SELECT 'CONSTRAINT ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ';' FROM pg_constraint
		WHERE connamespace = 'public'::regnamespace AND contype <> 't' AND conrelid::regclass::text <> 'goose_db_version'
		ORDER BY (conrelid::regclass::text) COLLATE "C", conname COLLATE "C"`,
		`SELECT pg_get_indexdef(indexrelid) || ';' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE c.relnamespace = 'public'::regnamespace AND i.indrelid::regclass::text <> 'goose_db_version'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
		ORDER BY c.relname COLLATE "C"`,
		`SELECT pg_get_functiondef(oid) || ';' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
			AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY proname COLLATE "C"`,
		`SELECT pg_get_triggerdef(oid) || ';' FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname COLLATE "C"`,
	},
}

func TestSchemaIsTheOneInTheFile(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		var parts []string
		for _, query := range dumps[s.Dialect()] {
			var some []string
			if err := s.reader.Raw(query).Scan(&some).Error; err != nil {
				t.Fatal(err)
			}
			parts = append(parts, some...)
		}
		got := "-- What the migrations in db/migrations/" + s.Dialect() + " come to. Written by the tests of internal/store (-update); do\n" +
			"-- not edit, and do not run.\n\n" + strings.Join(parts, "\n\n") + "\n"
		file := filepath.Join("..", "..", "db", "schema", s.Dialect()+".sql")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		same(t, file+" (go test ./internal/store -run Schema -update rewrites it)", got, string(want))
	})
}

// field is a column as both databases should have it.
type field struct {
	Name string
	Kind columnKind
	Null bool
}

func fields(t *testing.T, s *Store) map[string][]field {
	t.Helper()
	query := `SELECT m.name, c.name, c."notnull" = 0 FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version' ORDER BY m.name, c.cid`
	if s.Dialect() == postgresDialect {
		query = `SELECT table_name, column_name, is_nullable = 'YES' FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'goose_db_version' ORDER BY table_name, ordinal_position`
	}
	rows := must[*sql.Rows](t)(s.reader.Raw(query).Rows())
	defer func() { _ = rows.Close() }()
	found := map[string][]field{}
	for rows.Next() {
		var table string
		var f field
		if err := rows.Scan(&table, &f.Name, &f.Null); err != nil {
			t.Fatal(err)
		}
		found[table] = append(found[table], f)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for table, list := range found {
		for i, c := range must[[]column](t)(columnsOf(s.reader, table)) {
			list[i].Kind = c.kind
		}
	}
	return found
}

func TestBothSchemasAreAlike(t *testing.T) {
	found := map[string]map[string][]field{}
	both(t, func(t *testing.T, s *Store) {
		found[s.Dialect()] = fields(t, s)
		var names, keys []string
		for name := range found[s.Dialect()] {
			names = append(names, name)
		}
		for _, table := range tables {
			keys = append(keys, table.name)
		}
		slices.Sort(names)
		slices.Sort(keys)
		same(t, "tables that a backup has", keys, names)
	})
	if len(found) == 2 {
		same(t, "PostgreSQL's schema beside SQLite's", found[postgresDialect], found[sqliteDialect])
	}
	names := map[string][]string{}
	for dialect := range urls() {
		files := must[fs.FS](t)(db.Migrations(dialect))
		names[dialect] = must[[]string](t)(fs.Glob(files, "*"))
	}
	same(t, "PostgreSQL's migrations beside SQLite's", names[postgresDialect], names[sqliteDialect])
	for i, name := range names[sqliteDialect] {
		if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(name, want) || !strings.HasSuffix(name, ".sql") {
			t.Errorf("%s is not %sname.sql", name, want)
		}
	}
}

// PostgreSQL compares texts as a language does unless it is told otherwise, in ways that change with the system's library: an index
// that was built by another order finds nothing, and lets in twice what must be there once.
func TestKeysAreComparedByteByByte(t *testing.T) {
	s := open(t, migrated.URL(t))
	var loose []string
	err := s.reader.Raw(`SELECT DISTINCT c.relname || '.' || a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) JOIN pg_collation l ON l.oid = a.attcollation
		WHERE c.relnamespace = 'public'::regnamespace AND l.collname <> 'C' ORDER BY 1`).Scan(&loose).Error
	if err != nil || len(loose) > 0 {
		t.Errorf("%v: %v", loose, err)
	}
}

// The keys that an archive is sorted by are the primary keys, or it would not be the same twice.
func TestTablesAreSortedByTheirKeys(t *testing.T) {
	s := fresh(t, filepath.Join(t.TempDir(), "plenary.db"))
	for _, table := range tables {
		var keys []struct {
			Name string
			Pk   int
		}
		if err := s.reader.Raw("SELECT name, pk FROM pragma_table_info(?) WHERE pk > 0", table.name).Scan(&keys).Error; err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(keys, func(a, b struct {
			Name string
			Pk   int
		}) int {
			return cmp.Compare(a.Pk, b.Pk)
		})
		var names []string
		for _, k := range keys {
			names = append(names, k.Name)
		}
		same(t, table.name, table.key, strings.Join(names, ", "))
	}
}
