package store

import (
	"fmt"
	"syscall"
)

// networks are the file systems on which SQLite's write-ahead log and its locks do not work, by the number that
// statfs(2) gives them.
var networks = map[uint32]string{
	0x00006969: "NFS",
	0x0000517b: "SMB",
	0xfe534d42: "SMB",
	0xff534d42: "CIFS",
	0x65735546: "FUSE",
}

// refuseNetwork says when the folder lies on a file system that SQLite is not safe on.
func refuseNetwork(folder string) error {
	var found syscall.Statfs_t
	if err := syscall.Statfs(folder, &found); err != nil {
		return fmt.Errorf("the file system of %s: %w", folder, err)
	}
	// The type of the field differs between architectures; the number has 32 bits on all of them.
	return refuseKind(folder, uint32(found.Type)) // #nosec G115 -- see above
}

func refuseKind(folder string, kind uint32) error {
	name, bad := networks[kind]
	if !bad {
		return nil
	}
	return fmt.Errorf("the database can't be in %s: that is a %s file system, on which SQLite loses data. "+
		"Put it on a disk of this machine, or use PostgreSQL", folder, name)
}

// freeBytes gives how much may still be written to the file system of the folder; -1: that is not known.
func freeBytes(folder string) int64 {
	var found syscall.Statfs_t
	if err := syscall.Statfs(folder, &found); err != nil {
		return -1
	}
	return int64(found.Bavail) * int64(found.Bsize) // #nosec G115 -- no disk has 2^63 bytes; the fields differ between architectures
}
