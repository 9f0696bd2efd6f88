//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"plenary/db"
)

// The events: what readers read, and where writers write.
const readersEvent, writersEvent = "forum", "desk"

// replica is one process of Plenary.
type replica struct {
	name    string
	port    int
	process *process
}

func (r *replica) base() string { return fmt.Sprintf("http://127.0.0.1:%d", r.port) }

// settings are what the programs are told, but for where they listen.
func (d *drill) settings() []string {
	return []string{"PLENARY_DATABASE=" + d.cluster.url(), "PLENARY_BASE_URL=" + d.base, "PLENARY_TRUSTED_PROXIES=127.0.0.1", "PLENARY_RATE_LIMIT=off"}
}

// serve starts a replica and waits until it is ready.
func (d *drill) serve(r *replica) (err error) {
	r.process, err = d.start("plenary-"+r.name, append(d.settings(), fmt.Sprintf("PLENARY_ADDR=127.0.0.1:%d", r.port)), d.program, "serve")
	if err != nil {
		return err
	}
	return await("replica "+r.name, 30*time.Second, func() (bool, error) { return answers(r.base() + "/readyz") })
}

// open makes what is read and written, starts the replicas, both at once on a database without a schema, and the proxy.
func (d *drill) open() error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	d.base = fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	failed := make(chan error)
	for i, name := range []string{"a", "b"} {
		r := &replica{name: name, port: ports[1+i]}
		d.replicas = append(d.replicas, r)
	}
	for _, r := range d.replicas {
		go func() { failed <- d.serve(r) }()
	}
	for range d.replicas {
		if err := <-failed; err != nil {
			return err
		}
	}
	if err := d.fill(); err != nil {
		return err
	}
	env := []string{fmt.Sprintf("PLENARY_BIND=127.0.0.1:%d", ports[0]), fmt.Sprintf("PLENARY_REPLICA_A=127.0.0.1:%d", ports[1]),
		fmt.Sprintf("PLENARY_REPLICA_B=127.0.0.1:%d", ports[2])}
	if _, err := d.start("haproxy", env, "haproxy", "-f", d.proxy); err != nil {
		return err
	}
	return await("the proxy", 10*time.Second, func() (bool, error) { return answers(d.base + "/readyz") })
}

func (d *drill) fill() error {
	demo, err := fs.ReadFile(db.Demo(), "vidw-2025.json")
	if err != nil {
		return err
	}
	for _, c := range []struct {
		stdin string
		args  []string
	}{
		{string(demo), []string{"import", "-", "--event", readersEvent}},
		{"", []string{"publish", readersEvent}},
		{"title,start,end\nOpening,2026-12-01 09:00,2026-12-01 10:00\n", []string{"import", "-", "--event", writersEvent, "--zone", "UTC"}},
		{"", []string{"token", "create", "--name", "drill"}},
	} {
		said, err := d.run(d.settings(), c.stdin, append([]string{d.program}, c.args...)...)
		if err != nil {
			return err
		}
		d.token, _, _ = strings.Cut(said, "\n") // what the last one says
	}
	return nil
}

// build builds the program, unless there is one.
func (d *drill) build() error {
	if d.program != "" {
		return nil
	}
	d.program = filepath.Join(d.dir, "plenary")
	cmd := exec.Command("go", "build", "-o", d.program, "./cmd/plenary") // #nosec G204 -- the path is in the folder of the drill
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// names gives the names of all people of the writers' event, as one replica lists them.
func (d *drill) names() (map[string]int, error) {
	names, cursor := map[string]int{}, ""
	c := &http.Client{Timeout: 30 * time.Second}
	for {
		r, err := http.NewRequest(http.MethodGet, d.base+"/api/v1/events/"+writersEvent+"/people?limit=200&cursor="+url.QueryEscape(cursor), nil)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+d.token)
		resp, err := c.Do(r)
		if err != nil {
			return nil, err
		}
		var page struct {
			Items []struct{ Name string }
			Next  string `json:"next"`
		}
		var body bytes.Buffer
		_, err = body.ReadFrom(resp.Body)
		_ = resp.Body.Close() // what was read is read
		if err == nil {
			err = json.Unmarshal(body.Bytes(), &page)
		}
		if err != nil || resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s: %w", r.URL, resp.Status, err)
		}
		for _, p := range page.Items {
			names[p.Name]++
		}
		if cursor = page.Next; cursor == "" {
			return names, nil
		}
	}
}

// missing says how many of what was acknowledged are not there, and how many are there twice.
func (d *drill) missing(acked []string) (lost, twice int, err error) {
	names, err := d.names()
	if err != nil {
		return 0, 0, err
	}
	for _, name := range acked {
		switch names[name] {
		case 0:
			lost++
		case 1:
		default:
			twice++
		}
	}
	return lost, twice, nil
}

// quantile gives the time that a part of all stay below.
func quantile(times []time.Duration, part float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[min(len(times)-1, int(part*float64(len(times))))]
}
