package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"
)

// The bare program is net/http with a map of answers that are ready, and with as few headers as caches need: what a program in Go that
// uses it cannot be faster than by much. It is a process of its own, as the others are.
const (
	bareName    = "net/http, bare"
	bareCommand = "bare"
)

// bareFile is a [file] as it is handed to the process.
type bareFile struct {
	Path, Media, Encoding string
	Body                  []byte
}

// startBare starts it on the same bytes that nginx has.
func (b *bench) startBare(panels int, files []file) (*server, error) {
	var list []bareFile
	for _, f := range files {
		list = append(list, bareFile{f.path, f.mediaType, f.encoding, f.body})
	}
	content, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	kept, err := b.keep(fmt.Sprintf("bare-%d.json", panels), content)
	if err != nil {
		return nil, err
	}
	return b.startSelf(bareName, bareCommand, files[0].path, manyConns, kept)
}

// serveBare is the process: its arguments are where to listen, and the file with the answers.
func serveBare(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: bench %s ADDRESS FILE", bareCommand)
	}
	content, err := os.ReadFile(args[1]) // #nosec G703 -- the bench names it
	if err != nil {
		return err
	}
	var files []bareFile
	if err := json.Unmarshal(content, &files); err != nil {
		return err
	}
	return serveUntil(ctx, args[0], bareHandler(files))
}

// serveUntil answers at an address until ctx is done, with the time limits that any server has.
func serveUntil(ctx context.Context, address string, h http.Handler) error {
	s := &http.Server{Addr: address, Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func bareHandler(files []bareFile) http.Handler {
	type ready struct {
		tag, media, encoding, length []string
		body                         []byte
	}
	answers := map[string]ready{}
	for _, f := range files {
		sum := sha256.Sum256(f.Body)
		a := ready{tag: []string{`"` + hex.EncodeToString(sum[:12]) + `"`}, media: []string{f.Media}, length: []string{strconv.Itoa(len(f.Body))}, body: f.Body}
		if f.Encoding != "" {
			a.encoding = []string{f.Encoding}
		}
		answers[f.Path] = a
	}
	cache, vary := []string{"public, max-age=60"}, []string{"Accept-Encoding"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := answers[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h["Etag"], h["Cache-Control"], h["Vary"] = a.tag, cache, vary
		if r.Header.Get("If-None-Match") == a.tag[0] {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h["Content-Type"], h["Content-Length"] = a.media, a.length
		if a.encoding != nil {
			h["Content-Encoding"] = a.encoding
		}
		_, _ = w.Write(a.body) // who hung up misses nothing
	})
}
