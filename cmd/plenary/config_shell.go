package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// readShell reads the settings of what stands between the network and the program.
func (c *config) readShell(name, value string) (err error) {
	switch name {
	case "PLENARY_OPS_ADDR":
		c.Ops = value
		return checkOps(value)
	case "PLENARY_TRUSTED_PROXIES":
		c.TrustedProxies, err = readEach(name, value, readNetwork)
	case "PLENARY_EMBED_ORIGINS":
		c.EmbedOrigins, err = readEach(name, value, readOrigin)
	case "PLENARY_RATE_LIMIT":
		if value != "on" && value != "off" {
			return fmt.Errorf("PLENARY_RATE_LIMIT is %q, but must be on or off", value)
		}
		c.LimitRates = value == "on"
	}
	return err
}

// readEach reads a list that is separated by commas.
func readEach[T any](name, value string, read func(string) (T, error)) (list []T, err error) {
	for one := range strings.SplitSeq(value, ",") {
		item, err := read(strings.TrimSpace(one))
		if err != nil {
			return nil, fmt.Errorf("%s names %q, %w", name, strings.TrimSpace(one), err)
		}
		list = append(list, item)
	}
	return list, nil
}

// readNetwork reads an address or a network. One that holds all addresses would believe everybody.
func readNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return netip.Prefix{}, errors.New("which is no address such as 10.0.0.7 and no network such as 10.0.0.0/24 or fd00:1::/64")
		}
		address = address.Unmap()
		network = netip.PrefixFrom(address, address.BitLen())
	}
	if network.Bits() == 0 {
		return netip.Prefix{}, errors.New("which is everybody: name the addresses of your proxies")
	}
	return network.Masked(), nil
}

// readOrigin reads the origin of a site (RFC 6454), or "*" for all.
func readOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	if text == "*" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Scheme+"://"+u.Host == text && isHost(u) {
		return text, nil
	}
	return "", errors.New("which is no origin such as https://www.example.org, in ASCII and without a path, and not * for all")
}

// isHost says whether an address has a host of the characters that names and addresses are of, and a port or none.
func isHost(u *url.URL) bool {
	strange := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-.:[]", r)
	}
	return u.Hostname() != "" && !strings.ContainsFunc(u.Host, strange) && !strings.HasSuffix(u.Host, ":")
}
