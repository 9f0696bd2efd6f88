//go:build linux

package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is PostgreSQL on two nodes, of which Patroni makes one the primary and the other its synchronous standby.
type cluster struct {
	d        *drill
	etcd     int
	password string
	nodes    []*node
}

// node is one PostgreSQL and the agent that looks after it.
type node struct {
	name           string
	rest, postgres int // ports
	dir            string
	agent          *process
}

// settings are what Patroni is told of the node, in YAML, of which JSON is a part. The times are shorter than its own (30, 10,
// 10): a primary that is gone is missed after ttl seconds, so that half a minute is enough for all of it. retry_timeout is how
// long etcd may be away.
func (c *cluster) settings(n *node, bin string) map[string]any {
	rest, server := fmt.Sprintf("127.0.0.1:%d", n.rest), fmt.Sprintf("127.0.0.1:%d", n.postgres)
	type object = map[string]any
	return object{
		"scope": "plenary", "name": n.name,
		"restapi":  object{"listen": rest, "connect_address": rest},
		"etcd3":    object{"hosts": []string{fmt.Sprintf("127.0.0.1:%d", c.etcd)}},
		"watchdog": object{"mode": "off"},
		"bootstrap": object{
			"dcs": object{"ttl": 20, "loop_wait": 5, "retry_timeout": 5, "maximum_lag_on_failover": 1 << 20, "synchronous_mode": true,
				"postgresql": object{"use_pg_rewind": true, "parameters": object{"max_connections": 100, "wal_log_hints": "on", "shared_buffers": "64MB"}}},
			"initdb": []any{object{"encoding": "UTF8"}, object{"locale": "C.UTF-8"}, "data-checksums"},
		},
		"postgresql": object{
			"listen": server, "connect_address": server, "data_dir": n.dir, "bin_dir": bin, "pgpass": n.dir + ".pgpass",
			"parameters": object{"unix_socket_directories": c.d.dir},
			"authentication": object{"superuser": object{"username": "postgres", "password": c.password},
				"replication": object{"username": "standby", "password": c.password}},
			"pg_hba": []string{"host all all 127.0.0.1/32 scram-sha-256", "host replication standby 127.0.0.1/32 scram-sha-256"},
		},
	}
}

// raise starts etcd and the nodes, and makes the database that Plenary is given.
func (d *drill) raise() (*cluster, error) {
	ports, err := freePorts(6)
	if err != nil {
		return nil, err
	}
	c := &cluster{d: d, etcd: ports[0], password: rand.Text()}
	client, peer := fmt.Sprintf("http://127.0.0.1:%d", ports[0]), fmt.Sprintf("http://127.0.0.1:%d", ports[1])
	argv := append(asUser(), "etcd", "--name", "etcd", "--data-dir", filepath.Join(d.dir, "etcd"), "--listen-client-urls", client,
		"--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "etcd="+peer)
	if _, err := d.start("etcd", nil, argv...); err != nil {
		return nil, err
	}
	if err := await("etcd", 20*time.Second, func() (bool, error) { return answers(client + "/health") }); err != nil {
		return nil, err
	}
	for i, name := range []string{"one", "two"} {
		n := &node{name: name, rest: ports[2+2*i], postgres: ports[3+2*i], dir: filepath.Join(d.dir, name)}
		c.nodes = append(c.nodes, n)
		if err := c.configure(n); err != nil {
			return nil, err
		}
		if err := c.startAgent(n); err != nil {
			return nil, err
		}
	}
	if err := c.whole(90 * time.Second); err != nil {
		return nil, err
	}
	leader, err := c.leader()
	if err != nil {
		return nil, err
	}
	if err := c.ask(leader, "postgres", "CREATE ROLE plenary LOGIN PASSWORD '"+c.password+"';\nCREATE DATABASE plenary OWNER plenary;\n"); err != nil {
		return nil, err
	}
	// Who asks a standby that has not heard of the database takes that for the answer.
	for _, n := range c.nodes {
		if err := await("the database on both nodes", 20*time.Second, func() (bool, error) {
			err := c.ask(n, "plenary", "SELECT 1")
			return err == nil, err
		}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// ask hands SQL to a node.
func (c *cluster) ask(n *node, database, sql string) error {
	_, err := c.d.run([]string{"PGPASSWORD=" + c.password}, sql, "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", strconv.Itoa(n.postgres),
		"-U", "postgres", "-d", database)
	return err
}

func (c *cluster) configure(n *node) error {
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		return fmt.Errorf("there is no PostgreSQL below /usr/lib/postgresql: install Debian's postgresql")
	}
	text, err := json.MarshalIndent(c.settings(n, bins[len(bins)-1]), "", "  ")
	if err != nil {
		return err
	}
	path := n.dir + ".yml"
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return err
	}
	return c.d.own(path)
}

func (c *cluster) startAgent(n *node) (err error) {
	n.agent, err = c.d.start("patroni-"+n.name, nil, append(asUser(), "patroni", n.dir+".yml")...)
	return err
}

// url is the database, wherever it is: the driver asks both and takes the one that can be written to.
func (c *cluster) url() string {
	return fmt.Sprintf("postgres://plenary:%s@127.0.0.1:%d,127.0.0.1:%d/plenary?sslmode=disable&target_session_attrs=read-write",
		c.password, c.nodes[0].postgres, c.nodes[1].postgres)
}

// member is a node as Patroni tells of it.
type member struct{ Name, Role, State string }

func (c *cluster) members() ([]member, error) {
	var last error
	for _, n := range c.nodes {
		resp, err := quick.Get(fmt.Sprintf("http://127.0.0.1:%d/cluster", n.rest))
		if err != nil {
			last = err
			continue
		}
		var said struct{ Members []member }
		err = json.NewDecoder(resp.Body).Decode(&said)
		_ = resp.Body.Close() // what was read is read
		if err == nil {
			return said.Members, nil
		}
		last = err
	}
	return nil, last
}

// with gives the node in a role: "leader" or "sync_standby".
func (c *cluster) with(role string) (*node, error) {
	members, err := c.members()
	for _, m := range members {
		if m.Role != role || m.State != "running" && m.State != "streaming" {
			continue
		}
		for _, n := range c.nodes {
			if n.name == m.Name {
				return n, nil
			}
		}
	}
	return nil, fmt.Errorf("there is no %s among %v: %w", role, members, err)
}

func (c *cluster) leader() (*node, error) { return c.with("leader") }

// whole waits until there are a primary and a synchronous standby.
func (c *cluster) whole(patience time.Duration) error {
	return await("a primary with a synchronous standby", patience, func() (bool, error) {
		_, err := c.leader()
		if err == nil {
			_, err = c.with("sync_standby")
		}
		return err == nil, err
	})
}

// switchover makes the standby the primary, as for maintenance.
func (c *cluster) switchover() error {
	from, err := c.leader()
	if err != nil {
		return err
	}
	to, err := c.with("sync_standby")
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"leader": %q, "candidate": %q}`, from.name, to.name)
	patient := &http.Client{Timeout: time.Minute}
	resp, err := patient.Post(fmt.Sprintf("http://127.0.0.1:%d/switchover", from.rest), "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("switchover: %s: %s", resp.Status, said)
	}
	return nil
}

// crash kills a node, agent and server at once, as when its machine goes. One that is gone already stays so.
func (c *cluster) crash(n *node) error {
	n.agent.kill()
	pid, err := n.postmaster()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	signalTree(pid, syscall.SIGKILL)
	return nil
}

// freeze stops a node, agent and server at once: its machine takes connections, and nobody answers.
func (c *cluster) freeze(n *node) error {
	pid, err := n.postmaster()
	if err != nil {
		return err
	}
	signalTree(n.agent.cmd.Process.Pid, syscall.SIGSTOP)
	signalTree(pid, syscall.SIGSTOP)
	return nil
}

// postmaster gives the process of the node's PostgreSQL; the error is fs.ErrNotExist when there is none. The number that a server which was
// killed left behind may be another program's by now.
func (n *node) postmaster() (pid int, err error) {
	text, err := os.ReadFile(filepath.Join(n.dir, "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	if pid, err = strconv.Atoi(first); err != nil {
		return 0, err
	}
	if command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err != nil || !strings.Contains(string(command), n.dir) {
		return 0, fs.ErrNotExist
	}
	return pid, nil
}

// lower ends all servers.
func (c *cluster) lower() {
	for _, n := range c.nodes {
		if n.agent != nil {
			_ = c.crash(n)
		}
	}
}
