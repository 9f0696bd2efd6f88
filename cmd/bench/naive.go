package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite"
)

// The naive program is what one writes first with the same libraries: tables, GORM's Preload and encoding/json for each request, with
// Echo's Gzip in front. It is a process of its own, as the others are.
const (
	naiveName    = "naive (Echo, GORM, encoding/json)"
	naiveCommand = "naive"
)

// startNaive starts it on what an agenda.json says.
func (b *bench) startNaive(panels int, agenda []byte) (*server, error) {
	file, err := b.keep(fmt.Sprintf("naive-%d/agenda.json", panels), agenda)
	if err != nil {
		return nil, err
	}
	return b.startSelf(naiveName, naiveCommand, agendaPath, fewConns, file, filepath.Join(filepath.Dir(file), "naive.db"))
}

// startSelf starts this program with another command and where to listen, and waits until it answers at a path.
func (b *bench) startSelf(name, command, path string, conns int, args ...string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	c, err := b.start(command, nil, append([]string{self, command, address}, args...)...)
	if err != nil {
		return nil, err
	}
	took, err := b.ready(c, begun, "http://"+address+path)
	if err != nil {
		return nil, err
	}
	return &server{name: name, child: c, pids: []int{c.pid()}, base: "http://" + address, conns: conns, ready: took}, nil
}

// serveNaive is the process: its arguments are where to listen, the agenda.json and the database.
func serveNaive(ctx context.Context, args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: bench %s ADDRESS FILE DATABASE", naiveCommand)
	}
	db, err := openNaive(args[2])
	if err != nil {
		return err
	}
	if err := fillNaive(db, args[1]); err != nil {
		return err
	}
	return serveUntil(ctx, args[0], naiveHandler(db))
}

func openNaive(path string) (*gorm.DB, error) {
	source := "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)"
	return gorm.Open(sqlite.New(sqlite.Config{DriverName: "sqlite", DSN: source}), &gorm.Config{Logger: logger.Discard})
}

func naiveHandler(db *gorm.DB) http.Handler {
	e := echo.New()
	e.Use(middleware.Gzip())
	e.GET(agendaPath, func(c echo.Context) error {
		d, err := naiveAgenda(db.WithContext(c.Request().Context()))
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, d)
	})
	return e
}
