// Package reserve sets, before other packages are initialized, what must be set then: how much memory is in use before Go collects
// any, and that no books are kept on who takes it. It imports nothing but the runtime, so that what needs more than that comes later.
package reserve

import "runtime"

// Room counts as in use, and takes no memory, since nothing is ever written there but the zeros that Go writes in one start of twenty.
// Without it a small installation, which has a few megabytes in use, would look through them after every two thousand answers, and
// spend a third of its time so.
var Room = make([]byte, 32<<20)

// Start is like Room, for the time of a start, in which what is made is mostly kept. It is nil later.
var Start = make([]byte, 32<<20)

// KeepBooks lets Go remember who takes memory from now on, a record for each place in the program, for who can ask for a profile.
func KeepBooks() { runtime.MemProfileRate = 512 << 10 }

func init() { runtime.MemProfileRate = 0 }
