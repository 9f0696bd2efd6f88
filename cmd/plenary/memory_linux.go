package main

import "golang.org/x/sys/unix"

// untouch has the system take back the pages of memory that holds zeros. It holds zeros as before.
func untouch(zeros []byte) {
	_ = unix.Madvise(zeros, unix.MADV_DONTNEED) // else it takes the memory, and that is all
}
