package fetch

import "net/netip"

// nat64 is where translators put the addresses of version 4 (RFC 6052, 2.1): hosts that have version 6 only reach
// everybody else through it, so that what counts is the address inside.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// global is all that is given out of version 6. What is outside is loopback, unique local, link-local, multicast, or not
// an address of anybody.
var global = netip.MustParsePrefix("2000::/3")

// special are addresses that are nobody's, or somebody's in one network only (IANA's special-purpose registries,
// RFC 6890).
var special = prefixes(
	"0.0.0.0/8",       // this network
	"10.0.0.0/8",      // private (RFC 1918)
	"100.64.0.0/10",   // between providers and their customers (RFC 6598)
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local, and what clouds tell their machines
	"172.16.0.0/12",   // private (RFC 1918)
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation (RFC 5737)
	"192.88.99.0/24",  // relays of 6to4 (RFC 7526)
	"192.168.0.0/16",  // private (RFC 1918)
	"198.18.0.0/15",   // benchmarks (RFC 2544)
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, and broadcast
	"2001::/23",       // protocol assignments: Teredo, which holds addresses of version 4, benchmarks, ORCHID
	"2001:db8::/32",   // documentation (RFC 3849)
	"2002::/16",       // 6to4, which holds addresses of version 4
	"3fff::/20",       // documentation (RFC 9637)
)

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, s := range list {
		all[i] = netip.MustParsePrefix(s)
	}
	return all
}

// public says whether an address is one of the Internet, which anybody may ask.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	if !a.IsValid() || a.Is6() && !global.Contains(a) {
		return false
	}
	for _, prefix := range special {
		if prefix.Contains(a) {
			return false
		}
	}
	return true
}
