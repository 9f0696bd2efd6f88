package store

import (
	"strings"
	"testing"
)

func TestNetworkFileSystemsAreRefused(t *testing.T) {
	// The numbers of statfs(2), as linux/magic.h has them.
	for name, kind := range map[string]uint32{"NFS": 0x6969, "CIFS": 0xff534d42, "SMB": 0xfe534d42, "FUSE": 0x65735546} {
		err := refuseKind("/srv/plenary", kind)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "/srv/plenary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, kind := range map[string]uint32{"ext4": 0xef53, "xfs": 0x58465342, "btrfs": 0x9123683e, "tmpfs": 0x01021994, "overlay": 0x794c7630} {
		if err := refuseKind("/srv/plenary", kind); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := refuseNetwork(t.TempDir()); err != nil {
		t.Error(err)
	}
}
