package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// process is the running postgres.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended and been waited for
}

// startProcess starts the command so that it ends when this process does. The kernel ties the parent's death to the
// thread that started the child, so that thread is kept until the child has ended.
func startProcess(cmd *exec.Cmd) (*process, error) {
	endWithParent(cmd)
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how a server ended that we end ourselves says nothing; its log does
		}
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// stop asks for an immediate shutdown, which drops the connections and writes nothing more.
func (p *process) stop(timeout time.Duration) error {
	_ = p.cmd.Process.Signal(immediateShutdown)
	select {
	case <-p.done:
		return nil
	case <-time.After(timeout):
	}
	_ = p.cmd.Process.Signal(os.Kill)
	<-p.done
	return fmt.Errorf("postgres did not stop within %s and was killed", timeout)
}
