package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"plenary/internal/pgtest"
)

// TestEndingUnderLoadDropsNothing asks the program to end (SIGTERM) while 40 ask it things. What it has begun it answers: whatever was
// written was acknowledged, and whatever was acknowledged is there. Who comes too late is turned away, and can come again elsewhere.
func TestEndingUnderLoadDropsNothing(t *testing.T) {
	t.Parallel()
	database := filepath.Join(pgtest.Folder(t), "plenary.db")
	r, o := servedForum(t, database)
	var clients sync.WaitGroup
	var mu sync.Mutex
	var kept []string
	var late, read atomic.Int64
	for i := range 40 {
		clients.Go(func() {
			c := &http.Client{Transport: &http.Transport{DisableKeepAlives: i%2 == 0}, Timeout: 30 * time.Second}
			defer c.CloseIdleConnections()
			for n := 0; ; n++ {
				name := fmt.Sprintf("Room %d of %d", n, i)
				method, path, body := http.MethodPost, "/api/v1/events/forum/rooms", `{"name":{"en":"`+name+`"},"kind":"hall"}`
				if n%3 == 0 {
					method, path, body = http.MethodGet, "/forum/agenda.json", ""
				}
				status, whole, err := askOnce(c, o, method, path, body)
				if turnedAway(err) {
					late.Add(1)
					return
				}
				if err != nil || status/100 != 2 || !whole {
					t.Errorf("%s %s: %d, whole: %t, %v", method, path, status, whole, err)
					return
				}
				if method == http.MethodGet {
					read.Add(1)
					continue
				}
				mu.Lock()
				kept = append(kept, name)
				mu.Unlock()
			}
		})
	}
	time.Sleep(150*time.Millisecond + rand.N(150*time.Millisecond))
	begun := time.Now()
	r.end()
	took := time.Since(begun)
	clients.Wait()
	mustHaveRooms(t, database, kept)
	t.Logf("%d writes and %d reads were answered, %d came too late; it ended within %s", len(kept), read.Load(), late.Load(), took.Round(time.Millisecond))
	if took > graceful {
		t.Errorf("it ended after %s", took)
	}
}

// askOnce asks, and says whether the whole of an answer came, when one began.
func askOnce(c *http.Client, o organizer, method, path, body string) (status int, whole bool, err error) {
	req, err := http.NewRequest(method, o.base+path, strings.NewReader(body))
	if err != nil {
		return 0, false, err
	}
	req.Header.Set("Authorization", "Bearer "+o.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, false, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err == nil, nil
}

// turnedAway says whether the request came to a program that takes no more. It is then not done, or the test finds what nobody
// acknowledged.
func turnedAway(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) ||
		err != nil && strings.Contains(err.Error(), "server closed idle connection")
}

// writerRounds is how often each writer of [TestFiftyWritersOverHTTP] writes.
var writerRounds = flag.Int("writer-rounds", 2, "how often each of fifty writers adds one over HTTP")

// TestFiftyWritersOverHTTP lets fifty read a Room, add one to its capacity and write it, while sixteen read. Each write that names the
// revision that it is based on is done, or told that somebody was faster; nothing else happens, and nothing is lost.
func TestFiftyWritersOverHTTP(t *testing.T) {
	t.Parallel()
	unraced(t)
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(pgtest.Folder(t), "plenary.db") },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, o := servedForum(t, database(t))
			rooms := make([]string, 10)
			for i := range rooms {
				var made revised
				text := o.must(http.StatusCreated, http.MethodPost, "/api/v1/events/forum/rooms", fmt.Sprintf(`{"name":{"en":"Room %d"},"kind":"hall","capacity":0}`, i))
				if err := json.Unmarshal([]byte(text), &made); err != nil {
					t.Fatal(err)
				}
				rooms[i] = made.ID
			}
			var readers, writers sync.WaitGroup
			var over atomic.Bool
			var faster atomic.Int64
			for range 16 {
				readers.Go(func() {
					for !over.Load() && !t.Failed() {
						o.try("/forum/agenda.json", http.StatusOK)
						o.try("/api/v1/events/forum/rooms", http.StatusOK)
					}
				})
			}
			for i := range 50 {
				writers.Go(func() {
					for range *writerRounds {
						faster.Add(o.addOne("/api/v1/events/forum/rooms/" + rooms[i%len(rooms)]))
					}
				})
			}
			writers.Wait()
			over.Store(true)
			readers.Wait()
			for _, id := range rooms {
				var room struct{ Capacity int }
				if err := json.Unmarshal([]byte(o.must(http.StatusOK, http.MethodGet, "/api/v1/events/forum/rooms/"+id, "")), &room); err != nil || room.Capacity != 5**writerRounds {
					t.Errorf("a room has a capacity of %d, want %d, %v", room.Capacity, 5**writerRounds, err)
				}
			}
			t.Logf("%d writes, %d times somebody else was faster", 50**writerRounds, faster.Load())
			r.end()
		})
	}
}

// try asks for something, which must be answered so.
func (o organizer) try(path string, want int) {
	if status, _, err := askOnce(http.DefaultClient, o, http.MethodGet, path, ""); err != nil || status != want {
		o.Errorf("%s: %d, %v", path, status, err)
	}
}

// addOne adds one to the capacity of a Room, and says how often somebody else was faster.
func (o organizer) addOne(path string) (faster int64) {
	for !o.Failed() {
		_, header, text := o.ask(http.MethodGet, path, "")
		room := map[string]any{}
		if err := json.Unmarshal([]byte(text), &room); err != nil {
			o.Errorf("%v: %s", err, text)
			return faster
		}
		n, _ := room["capacity"].(float64)
		room["capacity"] = n + 1
		body, _ := json.Marshal(room)
		status, _, answer := o.ask(http.MethodPut, path, string(body), "If-Match: "+header.Get("ETag"))
		switch status {
		case http.StatusOK:
			return faster
		case http.StatusPreconditionFailed:
			faster++
		default:
			o.Errorf("PUT %s: %d %s", path, status, answer)
		}
	}
	return faster
}
