//go:build linux

// Command failover is a drill: two replicas of Plenary behind HAProxy, on PostgreSQL that Patroni keeps on two nodes with
// synchronous replication, all on the loopback of one machine, without containers. It kills what can be killed, under a load of
// writers and readers, and says what that cost:
//
//	apt-get install etcd-server haproxy patroni postgresql
//	go run ./ops/failover
//
// Everything lies in a new folder below /tmp and is gone afterwards, and the exit status is 1 when something acknowledged was
// lost or took longer than it may. What is drilled is ops/scale/haproxy.cfg and the program of the working tree.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// drill is the machines, as far as one machine can be them.
type drill struct {
	dir, program, proxy string
	writers, readers    int
	pace, after         time.Duration
	changes             int
	only                string

	started  []*process
	cluster  *cluster
	replicas []*replica
	base     string // of the proxy
	token    string
	rounds   int
}

func main() {
	d := &drill{}
	keep := flag.Bool("keep", false, "keep the folder with all logs")
	flag.StringVar(&d.program, "program", "", "the plenary to drill; without, it is built")
	flag.StringVar(&d.proxy, "proxy", "ops/scale/haproxy.cfg", "the configuration of HAProxy")
	flag.IntVar(&d.writers, "writers", 20, "how many write at once")
	flag.IntVar(&d.readers, "readers", 4, "how many read at once")
	flag.DurationVar(&d.pace, "pace", 10*time.Millisecond, "how long each waits after each answer")
	flag.DurationVar(&d.after, "after", 5*time.Second, "how long the load goes on before and after what happens")
	flag.IntVar(&d.changes, "changes", 300, "how many changes are made at one replica and waited for at the other")
	flag.StringVar(&d.only, "only", "", "play the scenarios with this in their names only")
	flag.Parse()
	ok, err := d.play(*keep)
	if err != nil {
		fmt.Fprintln(os.Stderr, "failover:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// play plays all scenarios, prints the table, and says whether all was as it must be.
func (d *drill) play(keep bool) (ok bool, err error) {
	for _, name := range []string{"etcd", "haproxy", "patroni", "psql"} {
		if _, err := exec.LookPath(name); err != nil {
			return false, fmt.Errorf("%w: apt-get install etcd-server haproxy patroni postgresql", err)
		}
	}
	if d.proxy, err = filepath.Abs(d.proxy); err != nil {
		return false, err
	}
	if d.dir, err = os.MkdirTemp("/tmp", "plenary-failover-"); err != nil { // short, for the socket of PostgreSQL
		return false, err
	}
	defer func() {
		d.close()
		if !keep {
			err = errors.Join(err, os.RemoveAll(d.dir))
		} else {
			fmt.Println("the logs are in", d.dir)
		}
	}()
	if err := errors.Join(d.own(d.dir), d.build()); err != nil {
		return false, err
	}
	if d.cluster, err = d.raise(); err != nil {
		return false, err
	}
	if err := d.open(); err != nil {
		return false, err
	}
	return d.all()
}

// own gives what lies at the path to the user whom PostgreSQL is run by.
func (d *drill) own(path string) error {
	if os.Getuid() != 0 {
		return nil
	}
	return exec.Command("chown", "postgres", path).Run() // #nosec G204 -- the path is that of a folder of the drill
}

// close ends all that was started.
func (d *drill) close() {
	if d.cluster != nil {
		d.cluster.lower()
	}
	for _, p := range d.started {
		p.kill()
	}
}

// all plays one scenario after another.
func (d *drill) all() (ok bool, err error) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "scenario\tacknowledged\tlost\ttwice\tlongest without success\tbar\tinstead of success\tslowest answer\tpublic reads\tinstead of 200 and 304\tlongest without")
	ok = true
	for _, s := range scenarios {
		if !strings.Contains(s.name, d.only) {
			continue
		}
		fmt.Fprintln(os.Stderr, "playing:", s.name)
		fine, err := d.scene(w, s)
		if err != nil {
			return false, fmt.Errorf("%s: %w", s.name, err)
		}
		ok = ok && fine
	}
	if err := w.Flush(); err != nil {
		return false, err
	}
	fmt.Print(table.String())
	fine, err := d.spread()
	return ok && fine, err
}
