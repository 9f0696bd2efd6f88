package fetch

import (
	"net/netip"
	"testing"
)

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"1.1.1.1": true, "8.8.8.8": true, "93.184.216.34": true, "9.255.255.255": true, "11.0.0.0": true,
		"100.63.255.255": true, "100.128.0.0": true, "172.15.255.255": true, "172.32.0.0": true, "192.0.1.0": true,
		"192.167.255.255": true, "192.169.0.0": true, "198.17.255.255": true, "198.20.0.0": true, "223.255.255.255": true,
		"2606:4700::1111": true, "2001:200::1": true, "2a00:1450:4001:800::200e": true, "3ffe::1": true,
		"64:ff9b::8.8.8.8": true, "::ffff:8.8.8.8": true,

		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "10.255.255.255": false, "100.64.0.1": false,
		"100.127.255.255": false, "127.0.0.1": false, "127.255.255.254": false, "169.254.169.254": false,
		"172.16.0.1": false, "172.31.255.255": false, "192.0.0.8": false, "192.0.2.1": false, "192.88.99.1": false,
		"192.168.0.1": false, "198.18.0.1": false, "198.19.255.255": false, "198.51.100.7": false, "203.0.113.9": false,
		"224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false,

		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "febf::1": false, "fec0::1": false,
		"fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "ff0e::1": false, "100::1": false,
		"2001:db8::1": false, "3fff::1": false, "5f00::1": false, "4000::1": false,
		"2001::1": false, "2001:0:7f00:1::": false, "2001:2::1": false, "2001:20::1": false, // Teredo, benchmarks, ORCHID
		"2002:7f00:1::": false, "2002:a00:1::1": false, "2002:808:808::1": false, // 6to4
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false, // mapped
		"::127.0.0.1": false, "::ffff:0:127.0.0.1": false, // compatible, translated
		"64:ff9b::127.0.0.1": false, "64:ff9b::10.0.0.1": false, "64:ff9b::169.254.169.254": false, // NAT64
		"64:ff9b:1::8.8.8.8": false, "64:ff9b::1:0:0": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %t", address, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestControl(t *testing.T) {
	o := Options{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}}
	for _, c := range []struct {
		network, address string
		ok               bool
	}{
		{"tcp4", "8.8.8.8:443", true}, {"tcp6", "[2606:4700::1111]:8080", true},
		{"tcp4", "10.1.2.3:80", true}, {"tcp6", "[::ffff:10.1.2.3]:80", true}, {"tcp6", "[fd12::1]:80", true},
		{"tcp4", "10.2.0.1:80", false}, {"tcp6", "[::ffff:10.2.0.1]:80", false}, {"tcp6", "[fe80::1%eth0]:80", false},
		{"udp4", "8.8.8.8:53", false}, {"unix", "/run/docker.sock", false}, {"tcp4", "example.org:80", false}, {"tcp4", "", false},
	} {
		if err := o.control(c.network, c.address, nil); (err == nil) != c.ok {
			t.Errorf("%s %s: %v", c.network, c.address, err)
		}
	}
}
