//go:build !linux

package store

// refuseNetwork does not know the file systems of this operating system.
func refuseNetwork(string) error { return nil }

// freeBytes is not known here.
func freeBytes(string) int64 { return -1 }
