package server

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// net/http sends an answer that is longer than its buffer in two writes: the headers with the beginning of the body, then the rest. A
// corked connection keeps the first of them, when it is told that another one follows, and sends both at once.

// httpBuffer is how much net/http gathers before it writes: what is longer takes two writes. With another number nothing breaks: a
// write that is kept alone goes out before anything is read.
const httpBuffer = 4096

// corks are where the first part of an answer waits.
var corks = sync.Pool{New: func() any { return new([httpBuffer]byte) }}

// Cork makes the connections of a listener send long answers in one write each, when the [http.Server] has [ConnContext].
func Cork(l net.Listener) net.Listener { return corkedListener{l} }

type corkedListener struct{ net.Listener }

func (l corkedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &corked{Conn: conn}, nil
}

// corked is a connection that can keep one write until the next one. It is safe for concurrent use, as far as connections are: net/http
// reads while it writes.
type corked struct {
	net.Conn
	next atomic.Bool // the next write is to be kept
	full atomic.Bool // one is kept
	mu   sync.Mutex  // of all that follows
	kept []byte
	room *[httpBuffer]byte
	pair [2][]byte
	both net.Buffers
}

func (c *corked) Write(p []byte) (int, error) {
	if !c.full.Load() && !c.next.Load() {
		return c.Conn.Write(p)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next.Swap(false) && c.kept == nil && len(p) <= httpBuffer {
		c.room = corks.Get().(*[httpBuffer]byte)
		c.kept = append(c.room[:0], p...) // what is given belongs to the caller
		c.full.Store(true)
		return len(p), nil
	}
	if c.kept == nil {
		return c.Conn.Write(p)
	}
	first := len(c.kept)
	c.pair = [2][]byte{c.kept, p}
	c.both = c.pair[:]
	sent, err := c.both.WriteTo(c.Conn)
	c.pair = [2][]byte{}
	c.release()
	return max(0, int(sent)-first), err
}

// release gives the place back in which something was kept.
func (c *corked) release() {
	corks.Put(c.room)
	c.kept, c.room = nil, nil
	c.full.Store(false)
}

// flush sends what is kept, if anything is.
func (c *corked) flush() error {
	c.next.Store(false)
	if !c.full.Load() {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		return nil
	}
	_, err := c.Conn.Write(c.kept)
	c.release()
	return err
}

// Read sends what is kept first: who waits for the rest of an answer asks for nothing.
func (c *corked) Read(p []byte) (int, error) {
	if c.full.Load() {
		if err := c.flush(); err != nil {
			return 0, err
		}
	}
	return c.Conn.Read(p)
}

// Close sends what is kept first.
func (c *corked) Close() error {
	_ = c.flush() // whoever hung up misses nothing
	return c.Conn.Close()
}

// CloseWrite is for net/http, which tells the other side that nothing follows before it reads what that still sends.
func (c *corked) CloseWrite() error {
	_ = c.flush()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// corkKey is where a request has its connection.
type corkKey struct{}

// ConnContext lets requests find their connection, for [http.Server].
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	if cork, ok := c.(*corked); ok {
		return context.WithValue(ctx, corkKey{}, cork)
	}
	return ctx
}

// hold says that an answer follows whose body has so many bytes, in one piece.
func hold(r *http.Request, n int) {
	if n < httpBuffer { // it may fit into one write, which would be kept and followed by none
		return
	}
	if cork, ok := r.Context().Value(corkKey{}).(*corked); ok {
		cork.next.Store(true)
	}
}
