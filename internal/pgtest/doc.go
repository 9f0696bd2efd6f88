// Package pgtest gives tests a throw-away PostgreSQL, and a folder for what else they throw away.
//
// A package that needs one calls Main from its TestMain and URL from its tests:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
//	func TestOnPostgres(t *testing.T) { open(t, pgtest.URL(t)) }
//
// The first URL starts a server of the test process's own, in a temporary directory, reachable through a Unix
// socket in it only. It ends with the test process, whatever ends that. Where PostgreSQL's server programs are not
// installed the test is skipped, and says so.
//
// Three environment variables change this:
//
//   - PLENARY_TEST_POSTGRES is the URL of a server to use instead of starting one; its user must be allowed to create
//     databases.
//   - PLENARY_TEST_REQUIRE_POSTGRES=1 turns the skip into a failure, so that a build machine that lost its PostgreSQL
//     is noticed.
//   - PLENARY_TEST_POSTGRES_BIN is the directory of initdb and postgres, to test against one version of several.
//
// Folder is for databases that are files. A Template is a database of either kind that is prepared once and copied for each test.
//
// Only tests import this package.
package pgtest
