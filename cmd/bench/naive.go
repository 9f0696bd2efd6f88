package main

import (
	"context"
	"errors"
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
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := b.keep(fmt.Sprintf("naive-%d/agenda.json", panels), agenda)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	c, err := b.start(naiveCommand, nil, self, naiveCommand, address, file, filepath.Join(filepath.Dir(file), "naive.db"))
	if err != nil {
		return nil, err
	}
	if _, err := b.ready(c, begun, "http://"+address+agendaPath); err != nil {
		return nil, err
	}
	return &server{name: naiveName, child: c, pids: []int{c.pid()}, base: "http://" + address, conns: fewConns}, nil
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
	s := &http.Server{Addr: args[0], Handler: naiveHandler(db), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
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
