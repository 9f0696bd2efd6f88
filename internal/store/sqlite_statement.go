package store

import (
	lru "container/list"
	"context"
	"database/sql/driver"
	"strings"
)

// keptStatements is how many statements a connection of SQLite keeps ready, and keptLength how long they are at most, in bytes:
// what lists many values is hardly asked a second time with as many.
const (
	keptStatements = 100
	keptLength     = 3000
)

// readyConnector opens connections that keep their statements ready. To read the text of a statement and to find a way to
// answer it takes SQLite longer than the answer does, if that is one row.
type readyConnector struct{ driver.Connector }

// wholeConn is what a connection of the driver can do: see [driver.Conn] for each.
type wholeConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// wholeRows is what rows of the driver can do.
type wholeRows interface {
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// wholeStmt is what a statement of the driver can do.
type wholeStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func (c readyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := conn.(wholeConn)
	if !ok { // another version of the driver: it works as well without
		return conn, nil
	}
	return &readyConn{wholeConn: whole, kept: map[string]*lru.Element{}, recent: lru.New()}, nil
}

// readyConn is a connection that keeps its statements ready. As any connection, it does one thing at a time.
type readyConn struct {
	wholeConn
	kept   map[string]*lru.Element
	recent *lru.List // of *readyStatement, the most recently used first
}

type readyStatement struct {
	text string
	stmt wholeStmt
	busy bool // its rows are being read
}

// Unwrap gives the driver's own connection.
func (c *readyConn) Unwrap() driver.Conn { return c.wholeConn }

// Close forgets the statements, and closes the connection.
func (c *readyConn) Close() error {
	for c.recent.Len() > 0 {
		c.forget(c.recent.Back())
	}
	return c.wholeConn.Close()
}

// ExecContext does what the statement says.
func (c *readyConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.ready(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.wholeConn.ExecContext(ctx, text, args)
	}
	return s.stmt.ExecContext(ctx, args)
}

// QueryContext gives the rows that the statement asks for.
func (c *readyConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.ready(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.wholeConn.QueryContext(ctx, text, args)
	}
	rows, err := s.stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	whole, ok := rows.(wholeRows)
	if !ok {
		return rows, nil
	}
	s.busy = true
	return &readyRows{whole, s}, nil
}

// ready gives the statement of that text; nil for one that is not kept, or whose rows are still being read.
func (c *readyConn) ready(ctx context.Context, text string) (*readyStatement, error) {
	if element, ok := c.kept[text]; ok {
		s := element.Value.(*readyStatement)
		if s.busy {
			return nil, nil
		}
		c.recent.MoveToFront(element)
		return s, nil
	}
	if len(text) > keptLength || !keepable(text) {
		return nil, nil
	}
	prepared, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	whole, ok := prepared.(wholeStmt)
	if !ok {
		return nil, prepared.Close()
	}
	s := &readyStatement{text: text, stmt: whole}
	c.kept[text] = c.recent.PushFront(s)
	for oldest := c.recent.Back(); oldest != nil && c.recent.Len() > keptStatements; {
		before := oldest.Prev()
		if !oldest.Value.(*readyStatement).busy {
			c.forget(oldest)
		}
		oldest = before
	}
	return s, nil
}

// keepable says whether the text is one statement about rows: what changes the schema or the connection is done once.
func keepable(text string) bool {
	verb, _, _ := strings.Cut(strings.TrimLeft(text, " \t\n"), " ")
	switch strings.ToUpper(verb) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return !strings.Contains(text, ";")
	}
	return false
}

func (c *readyConn) forget(element *lru.Element) {
	s := c.recent.Remove(element).(*readyStatement)
	delete(c.kept, s.text)
	_ = s.stmt.Close() // it gives back memory, and has nothing to say
}

// readyRows are rows whose statement is ready again when they are closed.
type readyRows struct {
	wholeRows
	of *readyStatement
}

// Close ends the reading.
func (r *readyRows) Close() error {
	err := r.wholeRows.Close()
	r.of.busy = false
	return err
}
