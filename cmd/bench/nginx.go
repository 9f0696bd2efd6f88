package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const nginxName = "nginx"

// file is an answer of Plenary's as nginx serves it.
type file struct {
	path      string // in addresses
	mediaType string
	encoding  string
	body      []byte
}

// serveNginx starts nginx, with one worker, on files with the same bytes: as Debian configures it, without a log, with connections that
// are kept, and with files that are kept open.
func (b *bench) serveNginx(panels int, files []file) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("nginx-%d", panels)
	dir := filepath.Join(b.dir, name)
	var locations strings.Builder
	for _, f := range files {
		if _, err := b.keep(name+f.path, f.body); err != nil {
			return nil, err
		}
		fmt.Fprintf(&locations, "    location = %s { types {} default_type %q;", f.path, f.mediaType)
		if f.encoding != "" {
			fmt.Fprintf(&locations, " add_header Content-Encoding %s;", f.encoding)
		}
		fmt.Fprintln(&locations, " }")
	}
	config, err := b.keep(name+"/nginx.conf", fmt.Appendf(nil, nginxConfig, asRoot(), dir, dir, dir, dir, dir, dir, address, dir, locations.String()))
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	c, err := b.start(nginxName, nil, b.tools.nginx, "-p", dir, "-c", config, "-e", filepath.Join(dir, "error.log"))
	if err != nil {
		return nil, err
	}
	if _, err := b.ready(c, begun, "http://"+address+files[0].path); err != nil {
		return nil, err
	}
	workers, err := childrenOf(c.pid())
	if err != nil {
		return nil, err
	}
	return &server{name: nginxName, child: c, pids: append(workers, c.pid()), base: "http://" + address, conns: manyConns}, nil
}

// asRoot keeps root's worker root, which can read the folder; other users' workers are theirs.
func asRoot() string {
	if os.Geteuid() != 0 {
		return ""
	}
	return "user root;"
}

const nginxConfig = `daemon off;
%s
worker_processes 1;
pid %s/pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  client_body_temp_path %s/body;
  proxy_temp_path %s/proxy;
  fastcgi_temp_path %s/fastcgi;
  uwsgi_temp_path %s/uwsgi;
  scgi_temp_path %s/scgi;
  access_log off;
  sendfile on;
  tcp_nopush on;
  etag on;
  keepalive_timeout 600;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=600s;
  open_file_cache_valid 600s;
  server {
    listen %s backlog=511;
    root %s;
%s  }
}
`
