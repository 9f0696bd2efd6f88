package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"plenary/internal/agenda"
)

// Answer is what the other side said to what was posted to it.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // the first Options.Max bytes
}

// errPlain is why a connection is not made without TLS.
var errPlain = errors.New("it is asked without TLS and not of one's own network")

// Check says why nothing can be posted to an address, as far as the address alone tells: what its name leads to is judged
// when a connection is made. The error is Invalid.
func (o Options) Check(address string) error {
	_, err := o.target(address)
	return err
}

// target reads an address that something is to be posted to: of https, or of http where one's own network is allowed.
func (o Options) target(address string) (*url.URL, error) {
	u, err := parse(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" && len(o.Allow) == 0 {
		return nil, invalid("%s can't be told: the address has to begin with https://.", quoted(u.Redacted()))
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	addr, isAddress := netip.ParseAddr(name)
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || isAddress == nil && !o.mayAsk(addr) {
		return nil, o.explain(context.Background(), u, errPrivate)
	}
	return u, nil
}

// Post sends a body to an address and gives what is answered, whatever it is. It goes nowhere but there: redirects are not
// followed. The error is Invalid where the address can't be posted to, and Unavailable where there is no answer; neither says
// what there is behind a name.
func Post(ctx context.Context, o Options, address string, header http.Header, body []byte) (Answer, error) {
	if o.Max <= 0 {
		o.Max = DefaultMax
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	u, err := o.target(address)
	if err != nil {
		return Answer{}, err
	}
	o.own = u.Scheme == "http"
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return Answer{}, invalid("%s can't be told.", quoted(u.Host))
	}
	request.Header = header.Clone()
	request.Header.Set("User-Agent", "Plenary")
	client := o.client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, o.explain(ctx, u, err)
	}
	defer response.Body.Close()
	// What was answered is known by its status. Whoever breaks off in the middle of the rest has answered all the same.
	said, _ := io.ReadAll(io.LimitReader(response.Body, o.Max))
	return Answer{response.StatusCode, response.Header, said}, nil
}

// mayAsk says whether a connection may be made to the address.
func (o Options) mayAsk(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, prefix := range o.Allow {
		if prefix.Contains(addr) {
			return true
		}
	}
	return public(addr) && !o.own
}

// isPlain says whether the address would be asked if it were by TLS.
func (o Options) isPlain(addr netip.Addr) bool { return o.own && public(addr) }

func plainRefused(u *url.URL) error {
	return agenda.Errorf(agenda.Invalid, "%s is not in this network, so that it has to begin with https://.", quoted(u.Host))
}
